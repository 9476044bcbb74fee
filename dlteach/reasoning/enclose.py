"""Suprema, infima and where they are taken, enclosed by branch and bound in ball arithmetic.

On each piece a box is thrown away when its upper bound (mean value form, Moore 1966) lies below a value that is taken,
or when the slope or the bend has one sign on it, so that its ends decide. A box on which f'' < 0 holds the only
critical point there, which interval Newton narrows. The tails beyond the last box are bounded by `tails`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import pairwise

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Balls, precision
from dlteach.notation.tree import Call, Constant, Expr, Extremum, Negative, Power, Sum, Symbol, substitute
from dlteach.reasoning.jets import ONE, Jet, Jets
from dlteach.reasoning.pieces import Piece, Span, may_jump, pieces
from dlteach.reasoning.recorded import recorded
from dlteach.reasoning.tails import NoTail, ceiling, germ, limit, spread
from dlteach.reasoning.worker import clock

BITS = 96
STARTS = (4, 8, 16, 32, 64, 256, 4096, 10**6)  # where a tail may begin
TOLERANCE = arb("1e-18")
FLAT, SMALLEST = arb("1e-12"), arb("1e-26")  # how small a box may become, beside its place and at all
NEAR_ENOUGH = arb("1e-9")  # how well a tail into a finite end is followed: the boxes beside it must not get too small
MOST_BOXES = 20_000
PLUS, MINUS = arb.pos_inf(), arb.neg_inf()


class OutOfBudget(NotEvaluable):
    """Too many boxes, or too little time."""


@dataclass(frozen=True)
class Place:
    """A box of the variable in which the extreme value may be taken; `end` marks a tail, to the right or left of it.

    `expr` is what counts there. `at` is the place itself where it is a joint or an end of the span; a tail that runs
    into it has an `end` as well. `concave` says that the box lies in one with a single critical point, its maximum.
    """

    box: arb
    value: arb
    end: int = 0
    expr: Expr | None = None
    at: Expr | None = None
    concave: bool = False
    left_out: bool = False  # an end that does not belong to the span


@dataclass(frozen=True)
class Extreme:
    """A ball that contains the extreme value, the places, and how many boxes it took."""

    value: arb
    places: tuple[Place, ...]
    boxes: int


@dataclass(frozen=True)
class _Runner:
    """An expression as functions of a ball and of a jet, and the jets that were worked out."""

    expr: Expr
    value: Callable[[arb], arb]
    jet: Callable[[Jet], Jet]
    seen: dict[tuple[float, float], Jet] = field(default_factory=dict)


@dataclass
class _Search:
    """The state of one branch and bound for a maximum."""

    variable: str
    env: Mapping[str, arb]
    definitions: Definitions
    deadline: float
    best: arb = field(default_factory=lambda: MINUS)
    boxes: int = 0
    found: list[Place] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.balls, self.jets = Balls(self.definitions), Jets(self.definitions)
        self.by_tree: dict[Expr, _Runner] = {}
        self.recordings: dict[int, tuple[_Runner, bool, Expr]] = {}

    def value(self, expr: Expr, at: arb) -> arb:
        runner, negative = self.runner(expr)
        return -runner.value(at) if negative else runner.value(at)

    def shared_jet(self, expr: Expr, low: arb, high: arb) -> Jet:
        """The jet on a box of the bisection, which u and -u have in common."""
        key = (float(low), float(high))
        if not (low == key[0] and high == key[1]):  # floats tell these two boxes from all others only if exact
            return self.jet(expr, low.union(high))
        runner, negative = self.runner(expr)
        if key not in runner.seen:
            runner.seen[key] = self.jet(runner.expr, low.union(high) if key[0] != key[1] else low)
        return -runner.seen[key] if negative else runner.seen[key]

    def jet(self, expr: Expr, box: arb) -> Jet:
        self.boxes += 1
        if self.boxes > MOST_BOXES or (self.boxes % 16 == 0 and clock() > self.deadline):
            raise OutOfBudget("the budget for boxes ran out")
        runner, negative = self.runner(expr)
        jet = runner.jet(Jet(box, ONE))
        return -jet if negative else jet

    def runner(self, expr: Expr) -> tuple[_Runner, bool]:
        """How to evaluate `expr`, recorded once; for -u it is that of u, and a flag."""
        known = self.recordings.get(id(expr))
        if known is None:
            negative = isinstance(expr, Negative)
            inner = expr.of if isinstance(expr, Negative) else expr
            runner = self.by_tree.get(inner)
            if runner is None:
                by_value = recorded(self.balls, inner, self.variable, self.env)
                by_jet = recorded(self.jets, inner, self.variable, {n: Jet(v) for n, v in self.env.items()})
                runner = self.by_tree.setdefault(inner, _Runner(inner, by_value, by_jet))
            known = self.recordings.setdefault(id(expr), (runner, negative, expr))
        return known[0], known[1]

    def lift(self, value: arb) -> None:
        """A value that is taken, or approached at a joint."""
        if value.is_finite():
            lower = value.lower()
            if not lower <= self.best:
                self.best = lower

    def point(self, place: Place) -> None:
        """A joint, an end of the span, or an infinite limit."""
        if not place.value.is_finite() and not place.end:
            raise NotEvaluable("it is not real at an end of the interval")
        self.lift(place.value)
        self.found.append(place)


def supremum(
    expr: Expr,
    variable: str,
    span: Span,
    env: Mapping[str, arb],
    definitions: Definitions,
    deadline: float,
    tolerance: arb = TOLERANCE,
) -> Extreme:
    """The supremum over a span, and where it is taken or approached; raises NotEvaluable where that cannot be done."""
    with precision(BITS):
        search = _Search(variable, env, definitions, deadline)
        waiting: list[Piece] = []
        for part in _outer(expr):
            found, joints = pieces(part, variable, span, env, definitions)
            waiting += found
            for place in (*joints, *_own_ends(span)):
                _at_joint(search, part, place)
        heap: list[tuple[float, int, Expr, arb, arb, bool, bool]] = []
        for piece in waiting:
            _seed(search, piece, span, heap, tolerance)
        _branch_and_bound(search, heap, tolerance)
        places = tuple(p for p in search.found if not p.value < search.best)
        if not places:
            raise NotEvaluable("no value was found")
        highest = max((p.value.upper() for p in places), key=float)
        top = PLUS if any(p.value == PLUS for p in places) else search.best.union(highest)
        return Extreme(top, places, search.boxes)


def _own_ends(span: Span) -> Iterator[Expr]:
    """The ends that belong to a span: a joint may lie there, with a value of its own."""
    if span.lower is not None and not span.open_below:
        yield span.lower
    if span.upper is not None and not span.open_above:
        yield span.upper


def _at_joint(search: _Search, part: Expr, place: Expr) -> None:
    """The value at a joint or an end itself, which need not be that of the pieces beside it."""
    at = search.value(place, arb(0))
    try:
        value = search.value(part, at)
    except NotEvaluable:
        if may_jump(part, search.variable, search.definitions):
            raise
        return  # the pieces beside it have this value, too
    if value.is_finite():
        search.point(Place(at, value, expr=part, at=place))


def infimum(
    expr: Expr,
    variable: str,
    span: Span,
    env: Mapping[str, arb],
    definitions: Definitions,
    deadline: float,
    tolerance: arb = TOLERANCE,
) -> Extreme:
    """The infimum over a span, and where it is taken or approached."""
    found = supremum(Negative(expr), variable, span, env, definitions, deadline, tolerance)
    places = tuple(replace(p, value=-p.value) for p in found.places)
    return Extreme(-found.value, places, found.boxes)


def extreme(node: Extremum, span: Span, env: Mapping[str, arb], definitions: Definitions, deadline: float) -> Extreme:
    """What an `Extremum` of the notation asks about."""
    find = supremum if node.kind in ("sup", "argmax") else infimum
    return find(node.of, node.variable.name, span, env, definitions, deadline)


def _outer(expr: Expr) -> Iterator[Expr]:
    """sup |u| is the larger of sup u and sup -u, sup max(u, v) that of sup u and sup v."""
    match expr:
        case Call("abs", (u,), 0):
            yield from _outer(u)
            yield from _outer(Negative(u))
        case Call("max", args, 0):
            for arg in args:
                yield from _outer(arg)
        case Sum(terms):
            yield from _of_sum(terms)
        case Negative(Sum(terms)):
            yield from _of_sum(tuple(Negative(term) for term in terms))
        case Negative(Negative(u)):
            yield from _outer(u)
        case Negative(Call("min", args, 0)):
            for arg in args:
                yield from _outer(Negative(arg))
        case _:
            yield expr


def _of_sum(terms: tuple[Expr, ...]) -> Iterator[Expr]:
    """A sum in which |u| or max(u, v) is a term: that of each of its values is never larger."""
    for i, term in enumerate(terms):
        values = list(_outer(term)) if isinstance(term, Call | Negative) else [term]
        if len(values) > 1:
            for value in values:
                yield from _of_sum((*terms[:i], value, *terms[i + 1 :]))
            return
    yield Sum(terms)


Heap = list[tuple[float, int, Expr, arb, arb, bool, bool]]


def _seed(search: _Search, piece: Piece, span: Span, heap: Heap, tolerance: arb) -> None:
    """Put a piece's bounded part on the heap and deal with its tails and ends."""
    ends: list[arb] = []
    for side, bound in ((-1, piece.lower), (1, piece.upper)):
        if bound is not None:
            at = search.value(bound, arb(0))
            if not at.is_finite():
                raise NotEvaluable("an end of the interval is not real")
            value = search.value(piece.expr, at)
            if value.is_finite():
                ends.append(at)
                below, above = side < 0 and bound is span.lower, side > 0 and bound is span.upper
                left_out = (below and span.open_below) or (above and span.open_above)
                search.point(Place(at, value, expr=piece.expr, at=bound, left_out=left_out))
            else:
                ends.append(_beside(search, piece.expr, bound, at, -side))
            continue
        other = piece.upper if side < 0 else piece.lower
        reach = 0.0 if other is None else side * float(search.value(other, arb(0)).mid())
        ends.append(_tail(search, piece.expr, side, reach, tolerance))
    low, high = ends
    if low.overlaps(high):
        return
    parts = 8
    cuts = [
        _exact(low, -1),
        *(((low * (parts - i) + high * i) / parts).mid() for i in range(1, parts)),
        _exact(high, 1),
    ]
    for i, (a, b) in enumerate(pairwise(cuts)):
        first = i == 0 and piece.lower is None
        last = i == parts - 1 and piece.upper is None
        heappush(heap, (-float("inf"), len(heap), piece.expr, a, b, first, last))


def _exact(value: arb, side: int) -> arb:
    """An end without a radius, on the outer side."""
    return value if value.is_exact() else (value.lower() if side < 0 else value.upper()).mid()


def _beside(search: _Search, expr: Expr, bound: Expr, at: arb, way: int) -> arb:
    """Beside an end where the value is not real: x = end ± e^-t, and the tail in t is bounded."""
    shift: Expr = Power(Constant("e"), Negative(Symbol(search.variable)))
    moved = shift if at.is_zero() else Sum((bound, shift))
    if way < 0:
        moved = Negative(shift) if at.is_zero() else Sum((bound, Negative(shift)))
    start = _tail(search, substitute(expr, {search.variable: moved}), 1, 0.0, NEAR_ENOUGH)
    place = search.found[-1] if search.found and search.found[-1].end else None
    if place is not None:
        search.found[-1] = replace(place, box=at, expr=None, at=bound, end=way)
    return at + way * (-start).exp()


def _tail(search: _Search, expr: Expr, side: int, reach: float, tolerance: arb) -> arb:
    """Where the tail on this side begins; it is bounded, and noted where it may hold the extreme value."""
    last: tuple[int, arb] | None = None
    problem: NotEvaluable = NotEvaluable("the tail could not be bounded")
    for start in STARTS:
        if start <= reach:
            continue
        try:
            found = germ(expr, search.variable, side, start, search.env, search.definitions)
            end = limit(found)
        except NoTail as reason:
            problem = reason
            continue
        if isinstance(end, arb) and not end.is_finite():
            try:
                top = PLUS if end == PLUS else ceiling(found)
            except NoTail as reason:
                problem = reason
                continue
            search.lift(search.value(expr, arb(side * start)))
            if end == PLUS or not top < search.best:
                search.found.append(Place(arb(side * start), top, side, expr))
            return arb(side * start)
        try:
            values = spread(found)
        except NoTail as reason:
            problem = reason
            continue
        search.lift(search.value(expr, arb(side * start)))
        search.lift(arb(end))
        last = (start, values)
        if values < search.best or values.rad() < tolerance:
            break
    if last is None:
        raise problem
    start, values = last
    search.found.append(Place(arb(side * start), values, side, expr))
    return arb(side * start)


def _branch_and_bound(search: _Search, heap: Heap, tolerance: arb) -> None:
    count = len(heap)
    while heap:
        above, _, expr, low, high, first, last = heappop(heap)
        if -above < float(search.best) - 1e-3 * abs(float(search.best)) and above != -float("inf"):
            continue
        box = low.union(high)
        middle = ((low + high) / 2).mid()
        try:
            here = search.value(expr, middle)
            jet = search.shared_jet(expr, low, high)
        except OutOfBudget:
            raise
        except NotEvaluable:
            here, jet = arb.nan(), Jet(arb.nan(), arb.nan(), arb.nan())
        search.lift(here)
        upper = jet.value.upper() if jet.value.is_finite() else PLUS
        if jet.slope.is_finite():
            mean = (here + jet.slope * (box - middle)).upper()
            upper = mean if mean < upper else upper
            if upper < search.best:
                continue
            if not jet.slope.contains(0) or jet.bend > 0:
                _ends(search, expr, low, high, first, last)
                continue
            if jet.bend < 0:
                _newton(search, expr, low, high, first, last, jet)
                continue
            if jet.bend.is_finite():
                top = _taylor(search, expr, box, middle, jet.bend)
                upper = top if top < upper else upper
                if upper < search.best:
                    continue
        elif upper < search.best:
            continue
        width = high - low
        if width < FLAT * abs(middle) or width < SMALLEST or upper - search.best < tolerance:
            search.found.append(Place(box, here.union(upper) if upper.is_finite() else arb.nan(), expr=expr))
            if not upper.is_finite():
                raise NotEvaluable("it could not be bounded everywhere")
            continue
        for a, b, left, right in ((low, middle, first, False), (middle, high, False, last)):
            count += 1
            heappush(heap, (-float(upper), count, expr, a, b, left, right))


def _taylor(search: _Search, expr: Expr, box: arb, middle: arb, bend: arb) -> arb:
    """An upper bound by Taylor's theorem of second order, which is sharper than the mean value form on small boxes."""
    at = search.shared_jet(expr, middle, middle)
    gap = box - middle
    square = arb(0).union((gap * gap).upper())
    return (at.value + at.slope * gap + bend * square / 2).upper()


def _ends(search: _Search, expr: Expr, low: arb, high: arb, first: bool, last: bool) -> None:
    """The larger value is at an end; where a tail begins there, that end belongs to the tail as well."""
    for at, outermost in ((low, first), (high, last)):
        if outermost:
            search.lift(search.value(expr, at))


def _newton(search: _Search, expr: Expr, low: arb, high: arb, first: bool, last: bool, jet: Jet) -> None:
    """The one maximum of a box on which f'' < 0."""
    box = low.union(high)
    for _ in range(60):
        middle = box.mid()
        at = search.jet(expr, middle)
        step = middle - at.slope / jet.bend
        if not step.overlaps(box):
            _ends(search, expr, low, high, first, last)
            return
        narrower = step.intersection(box)
        if not narrower.rad() < box.rad() * 0.9:
            break
        box = narrower
        if box.rad() < arb("1e-24") * (1 + abs(middle)):
            break
        jet = search.jet(expr, box)
        if not jet.bend < 0:
            break
    middle = box.mid()
    at = search.jet(expr, middle)
    gap = box - middle
    top = at.value + at.slope * gap + jet.bend * gap * gap / 2
    search.lift(at.value)
    search.found.append(Place(box, at.value.union(top), expr=expr, concave=True))
    _ends(search, expr, low, high, first, last)

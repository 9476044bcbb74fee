"""Suprema, infima and where they are taken, enclosed in ball arithmetic.

The supremum of an expression over a span is that of its values at the points where it is real. The span is cut into
runs and pieces (`runs`, `pieces`); their bounded parts are searched box by box (`boxes`), and what lies beyond the last
box, towards infinity or an end without a value, is bounded by its growth (`tails`). A value at the end of a piece
counts only where the piece is continuous there, or where the expression itself is evaluated at that point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil, log

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Balls, NotReal, precision
from dlteach.notation.tree import (
    Call,
    Constant,
    Expr,
    Extremum,
    Negative,
    Power,
    Quotient,
    Sum,
    Symbol,
    number,
    substitute,
    symbols,
)
from dlteach.reasoning.algebra.pieces import Piece, Span, inside, pieces
from dlteach.reasoning.enclosing.boxes import MOST_BOXES, PLUS, OutOfBudget, Place, Search
from dlteach.reasoning.enclosing.coefficients import Signs
from dlteach.reasoning.enclosing.germs import as_ball
from dlteach.reasoning.enclosing.limits import limit_at
from dlteach.reasoning.enclosing.runs import (
    Run,
    Setting,
    Single,
    continuous_at,
    hidden,
    may_leap,
    repeats,
    runs,
    settled_at,
)
from dlteach.reasoning.enclosing.tails import tails

__all__ = ["BITS", "PLUS", "Extreme", "OutOfBudget", "Place", "extreme", "infimum", "supremum"]

BITS = 96
STARTS = (4, 8, 16, 32, 64, 256, 4096, 10**6)  # where a tail may begin
TOLERANCE = arb("1e-18")
NEAR_ENOUGH = arb("1e-9")  # how well a tail into a finite end is followed: the boxes beside it must not get too small
MOST_STEPS_IN = 600  # the largest t in end ± e^-t


@dataclass(frozen=True)
class Extreme:
    """A ball that contains the extreme value, the places, and how many boxes it took."""

    value: arb
    places: tuple[Place, ...]
    boxes: int


def supremum(
    expr: Expr,
    variable: str,
    span: Span,
    env: Mapping[str, arb],
    definitions: Definitions,
    deadline: float,
    tolerance: arb = TOLERANCE,
    most: int = MOST_BOXES,
) -> Extreme:
    """The supremum over a span, and where it is taken or approached; after `most` boxes it gives up.

    Raises NotReal where there is shown to be no value, and NotEvaluable where it cannot be told.
    """
    with precision(BITS):
        setting = Setting(variable, env, definitions)
        search = Search(variable, env, definitions, deadline, tolerance, most)
        found, singles = runs(expr, span, setting)
        dead = [single.at for single in singles if not _at_single(search, single, setting)]
        try:
            for run in found:
                leaps, whole = may_leap(run.expr, setting), hidden(run.expr, setting)
                for part in _outer(run.expr):
                    _on_run(search, Run(part, run.span), setting, dead, leaps, whole)
            if not any(place.value == PLUS for place in search.found):
                search.run()
        except NotReal as reason:  # of a part somewhere, not of the supremum
            raise NotEvaluable(str(reason)) from reason
        found_extreme = _result(search, singles)
        if repeats(expr, span, setting):  # no place is the only one
            again = tuple(replace(place, left_out=True) for place in found_extreme.places)
            return replace(found_extreme, places=again)
        return found_extreme


def _result(search: Search, singles: list[Single]) -> Extreme:
    """The best value, and the places where it may be taken; what is taken at a point hides what is approached there."""
    places = [place for place in search.found if not place.value < search.best]
    taken = {place.at for place in places if place.at is not None and not place.end and not place.left_out}
    kept = tuple(place for place in places if not (place.left_out and place.at in taken))
    if not kept:
        if not search.found and singles:
            raise NotReal("it has no value on the interval")
        raise NotEvaluable("no value was found")
    if any(place.value == PLUS for place in kept):
        return Extreme(PLUS, kept, search.boxes)
    highest = max((place.value.upper() for place in kept), key=float)
    top = search.best.union(highest)
    if not top.is_finite():
        raise NotEvaluable("it could not be bounded everywhere")
    return Extreme(top, kept, search.boxes)


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
    """sup |u| is the larger of sup u and sup -u, sup max(u, v) that of sup u and sup v.

    Each part is searched on the whole run, so that both are seen to be real there.
    """
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


# ---- points --------------------------------------------------------------------------------------


def _at_single(search: Search, single: Single, setting: Setting) -> bool:
    """Note the value at a single point; False where there is shown to be none."""
    place = {**setting.env, setting.variable: setting.value(single.at)}
    signs = Signs(setting.env, (), setting.definitions, search.deadline)
    try:
        value = Balls(setting.definitions)(settled_at(single.expr, single.at, setting, signs), place)
    except NotReal:
        return False
    except NotEvaluable:
        value = arb.nan()
    if value.is_finite():
        search.note(Place(place[setting.variable], value, expr=single.expr, at=single.at))
    elif may_leap(single.expr, setting):
        raise NotEvaluable("the value at an end or a joint is not known")
    return True


# ---- runs and pieces -----------------------------------------------------------------------------


def _on_run(search: Search, run: Run, setting: Setting, dead: list[Expr], leaps: bool, whole: bool) -> None:
    """Put the pieces of a run on the heap; where a piece could hide a part without a value, the run stays whole."""
    found, joints = [Piece(run.expr, run.span.lower, run.span.upper)], list[Expr]()
    if not whole:
        found, joints = pieces(run.expr, setting.variable, run.span, setting.env, setting.definitions)
    for joint in joints if leaps else ():
        _at_single(search, Single(run.expr, joint), setting)
    for piece in found:
        if setting.variable not in symbols(piece.expr):
            _constant(search, piece, setting)
            continue
        ends = []
        for side, bound in ((-1, piece.lower), (1, piece.upper)):
            if bound is None:
                other = piece.upper if side < 0 else piece.lower
                reach = 0.0 if other is None else side * float(setting.value(other).mid())
                ends.append(_tail(search, piece.expr, side, reach, search.tolerance))
            else:
                outer = run.span.lower if side < 0 else run.span.upper
                own = bound == outer and (run.span.open_below if side < 0 else run.span.open_above)
                approached = own or leaps or bound in dead
                ends.append(_end(search, piece, bound, -side, approached, setting))
        search.push(piece.expr, *ends)


def _constant(search: Search, piece: Piece, setting: Setting) -> None:
    """A piece with one value."""
    low, high = (None if end is None else setting.value(end) for end in (piece.lower, piece.upper))
    value = search.value(piece.expr, arb(0))
    if not value.is_finite():
        raise NotEvaluable("a constant that is not known")
    at = number(inside(low, high))
    box = setting.value(at)
    for end in (low, high):
        box = box if end is None else box.union(end)
    search.note(Place(box, value, expr=piece.expr, at=at))


def _end(search: Search, piece: Piece, bound: Expr, way: int, approached: bool, setting: Setting) -> arb:
    """Where the boxes begin beside an end of a piece: at it, or where its tail is left."""
    at = setting.value(bound)
    value = search.value(piece.expr, at)
    if not value.is_finite():
        return _beside(search, piece, bound, at, way, setting)
    if approached:
        search.unowned.append(at)
    if continuous_at(piece.expr, bound, setting):
        search.note(Place(at, value, expr=piece.expr, at=bound, left_out=approached))
    if search.jet(piece.expr, at).slope.is_finite():
        return at
    try:
        return _beside(search, piece, bound, at, way, setting)
    except OutOfBudget:
        raise
    except NotEvaluable:
        return at


def _beside(search: Search, piece: Piece, bound: Expr, at: arb, way: int, setting: Setting) -> arb:
    """Beside an end without a value: x = end ± e^-t or end ± 1/t, and the tail in t is bounded."""
    other = piece.upper if way > 0 else piece.lower
    room = 1.0 if other is None else abs(float((setting.value(other) - at).mid()))
    t = Symbol(setting.variable)
    shapes: tuple[tuple[Expr, float, bool], ...] = (
        (Quotient(number(1), t), 1 / room if room else MOST_STEPS_IN, True),
        (Power(Constant("e"), Negative(t)), max(0.0, -log(room)) if room else MOST_STEPS_IN, False),
        (Power(Constant("e"), Negative(t)), max(0.0, -log(room)) if room else MOST_STEPS_IN, True),
    )
    problem = NotEvaluable("an end without a value could not be bounded")
    for shift, reach, fine in shapes:
        if reach >= MOST_STEPS_IN:
            continue
        signed = shift if way > 0 else Negative(shift)
        moved = substitute(piece.expr, {t.name: signed if at.is_zero() else Sum((bound, signed))})
        found = _followed(search, moved, 1, ceil(reach), NEAR_ENOUGH, fine)
        if found is None:
            continue
        start, place = found
        if place is not None:
            search.found.append(replace(place, box=at, expr=None, at=bound, end=way))
        return at + way * ((-start).exp() if isinstance(shift, Power) else 1 / start)
    if _rises(search, piece, bound, way, setting):
        search.found.append(Place(at, PLUS, way, None, bound))
        return at
    raise problem


def _rises(search: Search, piece: Piece, bound: Expr, way: int, setting: Setting) -> bool:
    """Whether it tends to oo beside an end."""
    signs = Signs(setting.env, (), setting.definitions, search.deadline)
    try:
        side = "+" if way > 0 else "-"
        return limit_at(piece.expr, setting.variable, bound, side, signs, setting.definitions).infinite > 0
    except NotEvaluable:
        return False


def _tail(search: Search, expr: Expr, side: int, reach: float, tolerance: arb) -> arb:
    """Where the tail on this side begins; it is bounded, and noted where it may hold the extreme value."""
    found = _followed(search, expr, side, reach, tolerance, False)
    if found is None or (found[1] is not None and not _settled(search, found[1], tolerance)):
        found = _followed(search, expr, side, reach, tolerance, True) or found
    if found is None:
        raise NotEvaluable("the tail could not be bounded")
    start, place = found
    if place is not None:
        search.found.append(place)
    return start


def _settled(search: Search, place: Place, tolerance: arb) -> bool:
    """Whether a tail is known to lie below the best value, or nearly so; or to be without a bound."""
    return bool(place.value == PLUS or place.value.upper() - search.best < tolerance)


def _followed(
    search: Search, expr: Expr, side: int, reach: float, tolerance: arb, fine: bool
) -> tuple[arb, Place | None] | None:
    """(start, place) of a tail; no place where it lies below the best value, None where it cannot be followed."""
    last: tuple[arb, Place] | None = None
    for start in [start for start in STARTS if start > reach] or [ceil(2 * reach), ceil(64 * reach)]:
        search.check()
        at = arb(side * start)
        for end, top in tails(expr, search.variable, side, start, search.env, search.definitions, fine):
            search.lift(search.value(expr, at))
            if isinstance(end, arb) and not end.is_finite():
                return at, None if top < search.best else Place(at, top, side, expr)
            search.lift(as_ball(end))
            place = Place(at, as_ball(end).union(top), side, expr)
            if last is None or top < last[1].value.upper():
                last = at, place
            if top < search.best:
                return at, None
            if _settled(search, place, tolerance):
                return last
    return last

"""Branch and bound for a maximum over the boxes of one variable: mean value form, bends, interval Newton.

A box is thrown away when its upper bound (mean value form, Moore 1966) lies below a value that is taken, or when the
slope or the bend has one sign on it, so that its ends decide. A box on which f'' < 0 holds the only critical point
there, which interval Newton narrows. Nothing is concluded from a box on which the jet has no finite value: a finite one
shows that the expression is real on the whole box.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Boxes
from dlteach.notation.tree import Call, Expr, Negative, Piecewise, symbols, walk
from dlteach.reasoning.algebra.pieces import BRANCHING, inlined
from dlteach.reasoning.enclosing.compiled import recorded
from dlteach.reasoning.enclosing.jets import NO_JET, ONE, Jet, Jets
from dlteach.reasoning.worker.process import clock

FLAT, SMALLEST = arb("1e-12"), arb("1e-26")  # how small a box may become, beside its place and at all
MOST_BOXES = 20_000
PARTS = 8
PLUS, MINUS = arb.pos_inf(), arb.neg_inf()
Heap = list[tuple[float, int, Expr, arb, arb]]


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
    left_out: bool = False  # a value that is approached there, but not known to be taken, or to be taken there only


@dataclass(frozen=True)
class _Runner:
    """An expression as functions of a ball and of a jet, and the jets that were worked out."""

    expr: Expr
    value: Callable[[arb], arb]
    jet: Callable[[Jet], Jet]
    kinked: bool  # whether two boxes may fall from a common end on both sides of it
    seen: dict[tuple[float, float], Jet] = field(default_factory=dict)


@dataclass
class Search:
    """The state of one branch and bound for a maximum."""

    variable: str
    env: Mapping[str, arb]
    definitions: Definitions
    deadline: float
    tolerance: arb
    most: int = MOST_BOXES
    best: arb = field(default_factory=lambda: MINUS)
    boxes: int = 0
    found: list[Place] = field(default_factory=list)
    unowned: list[arb] = field(default_factory=list)  # ends at which the value beside them need not be taken
    heap: Heap = field(default_factory=list)

    def __post_init__(self) -> None:
        self.balls, self.jets = Boxes(self.definitions), Jets(self.definitions)
        self.by_tree: dict[Expr, _Runner] = {}
        self.recordings: dict[int, tuple[_Runner, bool, Expr]] = {}

    def value(self, expr: Expr, at: arb) -> arb:
        """The ball of the value at a place; not finite where that is not real, or not known."""
        runner, negative = self.runner(expr)
        try:
            return -runner.value(at) if negative else runner.value(at)
        except OutOfBudget:
            raise
        except NotEvaluable:
            return arb.nan()

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
        """The jet on any box; without a value where the expression may not be real on all of it."""
        self.boxes += 1
        self.check()
        runner, negative = self.runner(expr)
        try:
            jet = runner.jet(Jet(box, ONE))
        except NotEvaluable:
            return NO_JET
        if not jet.value.is_finite():
            return NO_JET
        return -jet if negative else jet

    def check(self) -> None:
        """Raises OutOfBudget once the budget is spent."""
        if self.boxes > self.most or (self.boxes % 16 == 0 and clock() > self.deadline):
            raise OutOfBudget("the budget for boxes ran out")

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
                runner = _Runner(inner, by_value, by_jet, _kinked(inner, self.variable, self.definitions))
                self.by_tree[inner] = runner
            known = self.recordings.setdefault(id(expr), (runner, negative, expr))
        return known[0], known[1]

    def lift(self, value: arb) -> None:
        """A value that is taken, or approached."""
        if value.is_finite():
            lower = value.lower()
            if not lower <= self.best:
                self.best = lower

    def note(self, place: Place) -> None:
        """A place with a value that is taken or approached there."""
        self.lift(place.value)
        self.found.append(place)

    def keep(self, box: arb, value: arb, expr: Expr, concave: bool = False) -> None:
        """A box that may hold the maximum."""
        left_out = any(end.overlaps(box) for end in self.unowned)
        self.found.append(Place(box, value, expr=expr, concave=concave, left_out=left_out))

    # ---- boxes ----------------------------------------------------------------------------------

    def push(self, expr: Expr, low: arb, high: arb) -> None:
        """The boxes that cover everything between two ends, a little beyond where these are not exact."""
        if high < low:
            raise NotEvaluable("an end lies beyond the other")
        outer_low, outer_high = exact(low, -1), exact(high, 1)
        cuts = [outer_low, outer_high]
        if not low.overlaps(high):
            cuts[1:1] = [((low * (PARTS - i) + high * i) / PARTS).mid() for i in range(1, PARTS)]
        for a, b in pairwise(cuts):
            heappush(self.heap, (-float("inf"), len(self.heap), expr, a, b))

    def run(self) -> None:
        """Until no box is left that may hold a larger value."""
        count = len(self.heap)
        while self.heap:
            above, _, expr, low, high = heappop(self.heap)
            best = float(self.best)
            if -above < best - 1e-3 * abs(best) and above != -float("inf"):
                continue
            middle = ((low + high) / 2).mid()
            here, upper = self.bounded(expr, low, high, middle)
            if upper is None:
                continue
            width = high - low
            if width < FLAT * abs(middle) or width < SMALLEST or upper - self.best < self.tolerance:
                if not (upper.is_finite() and here.is_finite()):
                    raise NotEvaluable("it could not be bounded everywhere")
                self.keep(low.union(high), here.union(upper), expr)
                continue
            for a, b in ((low, middle), (middle, high)):
                count += 1
                heappush(self.heap, (-float(upper), count, expr, a, b))

    def bounded(self, expr: Expr, low: arb, high: arb, middle: arb) -> tuple[arb, arb | None]:
        """The value in the middle of a box, and an upper bound on it; None where the box is done with."""
        box = low.union(high)
        here = self.value(expr, middle)
        jet = self.shared_jet(expr, low, high)
        self.lift(here)
        if not jet.value.is_finite():
            return here, PLUS
        upper = jet.value.upper()
        if jet.slope.is_finite():
            mean = (here + jet.slope * (box - middle)).upper()
            upper = mean if mean < upper else upper
            if upper < self.best:
                return here, None
            if not jet.slope.contains(0) or (jet.bend.is_finite() and jet.bend > 0):
                self.ends(expr, low, high)
                return here, None
            if jet.bend.is_finite():
                if jet.bend < 0:
                    self.newton(expr, low, high, jet)
                    return here, None
                top = self.taylor(expr, box, middle, jet.bend)
                upper = top if top < upper else upper
        return here, None if upper < self.best else upper

    def taylor(self, expr: Expr, box: arb, middle: arb, bend: arb) -> arb:
        """An upper bound by Taylor's theorem of second order, sharper than the mean value form on small boxes."""
        at = self.shared_jet(expr, middle, middle)
        gap = box - middle
        square = arb(0).union((gap * gap).upper())
        return (at.value + at.slope * gap + bend * square / 2).upper()

    def ends(self, expr: Expr, low: arb, high: arb) -> None:
        """The larger value is at an end.

        Where the slope is continuous, a common end of two boxes holds no maximum if the slope has a sign on both; the
        ends of a piece have been seen to. At a kink that end may be the maximum.
        """
        runner, _ = self.runner(expr)
        if runner.kinked:
            for at in (low, high):
                value = self.value(expr, at)
                if not value.is_finite():
                    raise NotEvaluable("it could not be bounded at a kink")
                noted = any(place.at is not None and place.expr is expr and place.box == at for place in self.found)
                if not value < self.best and not noted:
                    self.lift(value)
                    self.keep(at, value, expr)

    def newton(self, expr: Expr, low: arb, high: arb, jet: Jet) -> None:
        """The one maximum of a box on which f'' < 0; without a critical point inside, the ends decide."""
        box = low.union(high)
        for _ in range(60):
            middle = box.mid()
            at = self.jet(expr, middle)
            step = middle - at.slope / jet.bend
            if not step.is_finite():
                break
            if not step.overlaps(box):
                return
            narrower = step.intersection(box)
            if not narrower.rad() < box.rad() * 0.9:
                break
            box = narrower
            if box.rad() < arb("1e-24") * (1 + abs(middle)):
                break
            jet = self.jet(expr, box)
            if not jet.bend < 0:
                break
        middle = box.mid()
        at = self.jet(expr, middle)
        gap = box - middle
        top = at.value + at.slope * gap + arb(0).union(jet.bend) * gap * gap / 2
        if not top.is_finite():
            raise NotEvaluable("a maximum could not be enclosed")
        self.lift(at.value)
        self.keep(box, at.value.union(top), expr, True)


def _kinked(expr: Expr, variable: str, definitions: Definitions) -> bool:
    return any(
        variable in symbols(node)
        for node in walk(inlined(expr, definitions))
        if isinstance(node, Piecewise) or (isinstance(node, Call) and node.name in BRANCHING)
    )


def exact(value: arb, side: int) -> arb:
    """An end without a radius, on the outer side."""
    return value if value.is_exact() else (value.lower() if side < 0 else value.upper()).mid()

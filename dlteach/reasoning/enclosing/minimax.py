"""Best constants: the inf over c of a sup over x, and where it is taken.

F(c) = sup_x g(x, c) is bounded from above by an enclosure at one c, and from below, for a whole box of c, by the
largest g at a few fixed x: those at which g peaks for constants near the best one. A constant whose lower bound is
above the upper bound elsewhere cannot be the best. Only finite jets bound anything: they show that g is real there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Boxes, NotReal, precision
from dlteach.notation.floats import Floats
from dlteach.notation.tree import Call, Expr, Extremum, Negative
from dlteach.reasoning.algebra.pieces import span_of
from dlteach.reasoning.enclosing.branch_and_bound import BITS, Extreme, infimum, supremum
from dlteach.reasoning.enclosing.compiled import recorded
from dlteach.reasoning.enclosing.jets import Jet, Jets
from dlteach.reasoning.worker.process import clock

ROUNDS = 20
MOST_PEAKS = 16
GRID, REACH = 400, 12.0  # where peaks are looked for; a rigorous enclosure follows, so nothing rests on it
GOLDEN = 0.6180339887498949
MOST_BOXES = 4_000
COARSE = arb("1e-12")


@dataclass(frozen=True)
class Best:
    """Balls that contain the best value and the best constant."""

    value: arb
    place: arb


def minimax(node: Extremum, env: Mapping[str, arb], definitions: Definitions, deadline: float) -> Best:
    """The outer extremum over a bounded interval of an inner one of the other kind; raises NotEvaluable."""
    inner = node.of
    assert isinstance(inner, Extremum)
    lowest = node.kind in ("inf", "argmin")
    if node.domain is None or inner.kind != ("sup" if lowest else "inf"):
        raise NotEvaluable("a best constant is asked for as inf(sup(…), c in [a, b])")
    with precision(BITS):
        span = span_of(node.domain)
        balls = Boxes(definitions)
        if span.lower is None or span.upper is None:
            raise NotEvaluable("a best constant needs a bounded interval")
        low, high = balls(span.lower, env), balls(span.upper, env)
        if low > high or (span.lower == span.upper and (span.open_below or span.open_above)):
            raise NotReal("the interval is empty")
        if not low < high:
            raise NotEvaluable("the ends of the interval cannot be told apart")
        problem = _Problem(inner, node.variable.name, env, definitions, deadline, lowest)
        best = problem.solve(low, high)
        ends = ((low, span.open_below), (high, span.open_above))
        if node.kind.startswith("arg") and any(left_out and end.overlaps(best.place) for end, left_out in ends):
            raise NotEvaluable("the best constant may be an end that is left out")
        return best


@dataclass
class _Problem:
    inner: Extremum
    name: str
    env: Mapping[str, arb]
    definitions: Definitions
    deadline: float
    lowest: bool

    def worst(self, c: arb) -> Extreme:
        """F(c), as a supremum."""
        known = {**self.env, self.name: c}
        find = supremum if self.lowest else infimum
        found = find(
            self.inner.of, self.inner.variable.name, span_of(self.inner.domain), known, self.definitions, self.deadline,
            COARSE,
        )  # fmt: skip
        return found if self.lowest else replace(found, value=-found.value)

    def solve(self, low: arb, high: arb) -> Best:
        """An exchange algorithm (Remez 1934) in floating point, then everything else is excluded."""
        a, b = float(low.mid()), float(high.mid())
        c, peaks = (a + b) / 2, list[float]()
        for _ in range(ROUNDS):
            peaks = [*peaks, *self.peaks(c)][-MOST_PEAKS:]
            before, c = c, self.balanced(peaks, a, b) if peaks else c
            if abs(c - before) <= 1e-15 * (1 + abs(c)):
                break
        if not peaks:
            raise NotEvaluable("no place was found where it is large")
        best = arb(c)
        if not (best > low and best < high):
            best = ((low + high) / 2).mid()
        found = self.worst(best)
        if not found.value.is_finite():
            raise NotEvaluable("the best value is not known to be finite")
        places = [arb(x) for x in peaks] + [place.box.mid() for place in found.places if not place.end]
        return self.excluded(low, high, best, found.value.upper(), places[-MOST_PEAKS:])

    def peaks(self, c: float) -> list[float]:
        """Where g(·, c) is largest nearby, in floating point, the high ones."""
        balls = Boxes(self.definitions)
        span = span_of(self.inner.domain)
        low = -REACH if span.lower is None else float(balls(span.lower, self.env).mid())
        high = REACH if span.upper is None else float(balls(span.upper, self.env).mid())
        run = self.floats(self.inner.variable.name, {self.name: c})
        step = (high - low) / GRID
        values = [run(low + i * step) for i in range(GRID + 1)]
        top = max((value for value in values if value == value), default=float("nan"))
        found = []
        for i, value in enumerate(values):
            beside = values[max(0, i - 1) : i + 2]
            if value == max(beside) and value >= top - 0.3 * abs(top):
                found.append(_golden(lambda x: -run(x), low + max(0, i - 1) * step, low + min(GRID, i + 1) * step))
        return found

    def balanced(self, peaks: list[float], a: float, b: float) -> float:
        """The constant for which the largest g at the peaks is least."""
        runs = [self.floats(self.name, {self.inner.variable.name: x}) for x in peaks]
        return _golden(lambda c: max(run(c) for run in runs), a, b)

    def floats(self, variable: str, fixed: Mapping[str, float]) -> Callable[[float], float]:
        """g as a function of one of its two variables, as a largest of `parts`."""
        known = {name: float(value.mid()) for name, value in self.env.items()} | dict(fixed)
        runs = [recorded(Floats(self.definitions), part, variable, known) for part in self.parts()]
        return lambda x: max(run(x) for run in runs)

    def excluded(self, low: arb, high: arb, best: arb, upper: arb, peaks: list[arb]) -> Best:
        """The hull of all constants that the fixed points do not exclude, and the least value there."""
        points, peaks = [], [x for x in peaks if self.inside(x)]
        for part in self.parts():
            for x in peaks:
                known = {**self.env, self.inner.variable.name: x}
                fixed = {name: Jet(value) for name, value in known.items()}
                points.append(
                    (
                        recorded(Boxes(self.definitions), part, self.name, known),
                        recorded(Jets(self.definitions), part, self.name, fixed),
                    )
                )
        waiting, hull, least, boxes = [(low, high)], best, upper, 0
        while waiting:
            a, b = waiting.pop()
            boxes += 1
            if boxes > MOST_BOXES or clock() > self.deadline:
                raise NotEvaluable("the budget for boxes ran out")
            box, middle = a.union(b), ((a + b) / 2).mid()
            below = arb.neg_inf()
            for by_value, by_jet in points:
                jet = by_jet(Jet(box, arb(1)))
                bound = (by_value(middle) + jet.slope * (box - middle)).lower()
                below = bound if jet.value.is_finite() and bound.is_finite() and bound > below else below
            if below > upper:
                continue
            if (b - a) < arb("1e-14") * (1 + abs(middle)):
                if not below.is_finite():
                    raise NotEvaluable("it could not be bounded for every constant")
                hull = hull.union(box)
                least = below if below < least else least
                continue
            waiting += [(a, middle), (middle, b)]
        value = least.union(upper)
        return Best(value if self.lowest else -value, hull)

    def inside(self, x: arb) -> bool:
        """Whether a place belongs to the inner span."""
        span, balls = span_of(self.inner.domain), Boxes(self.definitions)
        above = span.lower is None or bool(x > balls(span.lower, self.env))
        return above and (span.upper is None or bool(x < balls(span.upper, self.env)))

    def parts(self) -> list[Expr]:
        """Expressions whose largest is g: u and -u for |u|."""
        of = self.inner.of
        if isinstance(of, Call) and of.name == "abs" and self.lowest:
            return [of.args[0], Negative(of.args[0])]
        return [of if self.lowest else Negative(of)]


def _golden(f: Callable[[float], float], a: float, b: float) -> float:
    """Where f, with one minimum between a and b, is least (Kiefer 1953)."""
    left, right = b - GOLDEN * (b - a), a + GOLDEN * (b - a)
    at_left, at_right = f(left), f(right)
    for _ in range(75):
        if at_left <= at_right:
            b, right, at_right = right, left, at_left
            left = b - GOLDEN * (b - a)
            at_left = f(left)
        else:
            a, left, at_left = left, right, at_right
            right = a + GOLDEN * (b - a)
            at_right = f(right)
    return (a + b) / 2

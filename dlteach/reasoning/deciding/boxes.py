"""f > 0 on a box in several variables, by balls on smaller and smaller boxes; f >= 0 where it is 0 at corners.

A box is done when f > 0 on it, by its value or by the mean value form (Moore 1966), or when a condition fails on all
of it. Where a slope has one sign, f is least on a face: the box becomes that face, whether or not the conditions hold
there. What is left of it in the end is a corner, at which f may be 0 exactly. Every box that is done has a finite
enclosure, so f is continuous there.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from flint import arb

from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import Balls, ball, truth
from dlteach.notation.tree import ZERO, Call, Expr, Piecewise, Sum, links, literal, number, substitute, symbols, walk
from dlteach.reasoning.algebra.pieces import BRANCHING
from dlteach.reasoning.deciding.goals import Goal, line_of
from dlteach.reasoning.deciding.prover import Prover
from dlteach.reasoning.enclosing.branch_and_bound import infimum

JOINTED = (*BRANCHING, "floor", "ceil")
MOST_BOXES = 3_000
SMALLEST = Fraction(1, 2**14)  # of a side, against the whole
Box = Mapping[str, tuple[Fraction, Fraction]]


def box_of(goal: Goal) -> Box | None:
    """The closed box in which the conditions put all variables; None where it is not bounded by numbers.

    None, too, where f may have a joint or a jump: there its slope does not tell its values.
    """
    if any(isinstance(node, Piecewise) or (isinstance(node, Call) and node.name in JOINTED) for node in walk(goal.f)):
        return None
    found: dict[str, tuple[Fraction, Fraction]] = {}
    for name in sorted(goal.names):
        plain = tuple(c for c in goal.conditions if symbols(c) == {name})
        span = line_of(plain, name)
        low, high = (None if end is None else literal(end) for end in (span.lower, span.upper))
        if low is None or high is None or not low < high:
            return None
        found[name] = (low, high)
    return found


class Boxes:
    """One goal on its box."""

    def __init__(self, goal: Goal, prover: Prover) -> None:
        self.goal, self.prover = goal, prover
        self.balls = Balls(prover.definitions)
        self.fails: dict[str, Fraction] = {}  # a point at which f < 0 was seen
        self.slopes: dict[str, Expr] = {name: prover.slope(goal.f, name) for name in sorted(goal.names)}

    def shown(self, whole: Box) -> bool:
        """Whether f > 0 on the box (f >= 0 where that is asked), as far as the conditions hold."""
        waiting: list[Box] = [whole]
        for _ in range(MOST_BOXES):
            if not waiting:
                return True
            self.prover.check()
            box = waiting.pop()
            rest = self.step(box)
            if rest is None:
                return False
            for part in rest:
                if any(0 < b - a < SMALLEST * (whole[name][1] - whole[name][0]) for name, (a, b) in part.items()):
                    return False
            waiting += rest
        return False

    def step(self, box: Box) -> list[Box] | None:
        """What is left to be shown of a box; None where it fails."""
        env = {name: ball(a).union(ball(b)) for name, (a, b) in box.items()}
        whole = all(a < b for a, b in box.values())  # else a face: it stands for points beside it, whatever holds on it
        if whole and any(truth(sign, *self.sides(a, b, env)) is False for a, sign, b in links(self.goal.conditions)):
            return []
        value = self.value(self.goal.f, env)
        if value > 0:
            return []
        if all(a == b for a, b in box.values()):
            self.fails = {name: a for name, (a, _) in box.items()} if value < 0 else {}
            return [] if self.is_zero(box) else None
        slopes = {name: self.value(slope, env) for name, slope in self.slopes.items() if box[name][0] < box[name][1]}
        face = {**box}
        for name, slope in slopes.items():
            a, b = box[name]
            face[name] = (a, a) if slope >= 0 else (b, b) if slope <= 0 else (a, b)
        if face != box:
            return [face]
        middle = {name: (a + b) / 2 for name, (a, b) in box.items()}
        here = self.value(self.goal.f, {name: ball(at) for name, at in middle.items()})
        if here < 0 and self.counts(middle):
            self.fails = middle
            return None
        for name, slope in slopes.items():
            here += slope * (env[name] - ball(middle[name]))
        if here > 0:
            return []
        widest = max(slopes, key=lambda name: float(box[name][1] - box[name][0]))
        a, b = box[widest]
        return [{**box, widest: (a, middle[widest])}, {**box, widest: (middle[widest], b)}]

    def value(self, expr: Expr, env: Mapping[str, arb]) -> arb:
        try:
            value = self.balls(expr, env)
        except NotEvaluable:
            return arb.nan()
        return value if value.is_finite() else arb.nan()

    def sides(self, a: Expr, b: Expr, env: Mapping[str, arb]) -> tuple[arb, arb]:
        return self.value(a, env), self.value(b, env)

    def counts(self, point: Mapping[str, Fraction]) -> bool:
        """Whether a point meets the conditions."""
        env = {name: ball(at) for name, at in point.items()}
        return all(truth(sign, *self.sides(a, b, env)) is True for a, sign, b in links(self.goal.conditions))

    def is_zero(self, corner: Box) -> bool:
        """Whether f is 0 at a corner, and may be."""
        at = {name: number(a) for name, (a, _) in corner.items()}
        return not self.goal.strict and self.prover.zero(substitute(self.goal.f, at))


def least_sum(goal: Goal, prover: Prover) -> arb | None:
    """The sum of the infima of the parts of a sum, each of one variable; None for any other f."""
    if not isinstance(goal.f, Sum) or any(len(symbols(term)) > 1 for term in goal.f.terms):
        return None
    low = arb(0)
    for names in sorted({symbols(term) for term in goal.f.terms}, key=sorted):
        part = Sum((ZERO, *(term for term in goal.f.terms if symbols(term) == names)))
        try:
            if not names:
                low += Balls(prover.definitions)(part, {})
                continue
            (name,) = names
            own = tuple(condition for condition in goal.conditions if symbols(condition) == names)
            low += infimum(part, name, line_of(own, name), {}, prover.definitions, prover.deadline).value
        except NotEvaluable:
            return None
    return low

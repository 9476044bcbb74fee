"""Where an expression of several variables looks least along a line, seen at a few points; nothing rests on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import combinations
from random import Random

from flint import arb

from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import Balls, ball, truth
from dlteach.notation.tree import (
    ONE,
    ZERO,
    Condition,
    Expr,
    Negative,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    call,
    links,
    number,
    symbols,
)
from dlteach.reasoning.algebra.pieces import Span
from dlteach.reasoning.deciding.goals import Goal, line_of
from dlteach.reasoning.deciding.prover import Prover
from dlteach.reasoning.deciding.solved import solved

SAMPLES = 24  # points at which a goal is looked at before it is tried
GRID = 12  # places along a line that a candidate is compared with
SEED = 20161


LARGEST = 1e300  # beyond it no float is near


class Places:
    """Points that meet conditions, and places along lines."""

    def __init__(self, prover: Prover) -> None:
        self.prover = prover

    def samples(self, goal: Goal, count: int) -> Iterator[dict[str, arb]]:
        """Points without special values that meet the conditions, the same ones each time."""
        dice = Random(SEED)
        names = sorted(goal.names.union(*map(symbols, goal.conditions)))
        balls = Balls(self.prover.definitions)
        for _ in range(30 * count):
            point: dict[str, arb] = {}
            for name in names:
                point[name] = ball(self.drawn(dice, line_of(goal.conditions, name), balls, point))
            if self.meets(goal.conditions, balls, point):
                yield point
                count -= 1
                if not count:
                    return

    def drawn(self, dice: Random, span: Span, balls: Balls, point: Mapping[str, arb]) -> Fraction:
        """A random number between the ends of a span, as far as these are known."""
        low, high = (_known(balls, end, point) for end in (span.lower, span.upper))
        if low is not None and high is not None:
            return Fraction(low + (high - low) * dice.random()).limit_denominator(10_000)
        size = dice.expovariate(0.7) if low is not None or high is not None else dice.gauss(0, 2)
        start = low if low is not None else high if high is not None else 0.0
        return Fraction(start - size if low is None and high is not None else start + size).limit_denominator(10_000)

    def meets(self, conditions: Sequence[Condition], balls: Balls, point: Mapping[str, arb]) -> bool:
        """Whether a point meets the conditions for certain."""
        try:
            return all(truth(sign, balls(a, point), balls(b, point)) for a, sign, b in links(conditions))
        except NotEvaluable:
            return False

    def fails_somewhere(self, goal: Goal) -> bool:
        """Whether f < 0 is seen at a point."""
        balls = Balls(self.prover.definitions)
        for point in self.samples(goal, SAMPLES):
            try:
                if balls(goal.f, point) < 0:
                    return True
            except NotEvaluable:
                continue
        return False

    def lowest(self, goal: Goal, name: str) -> list[Expr]:
        """Places free of `name` at which f looks least along it."""
        others = sorted(goal.names - {name})
        span = line_of(goal.conditions, name)
        shapes: list[Expr] = [end for end in (span.lower, span.upper) if end is not None]
        for other in others:
            w = Symbol(other)
            shapes += [w, Negative(w), Power(w, number(2)), call("sqrt", w), Quotient(ONE, w), Sum((ONE, Negative(w)))]
        for a, b in combinations(map(Symbol, others), 2):
            shapes += [Sum((a, b)), Quotient(Sum((a, b)), number(2)), Product((a, b)), call("sqrt", Product((a, b)))]
        shapes += [ZERO, ONE, Negative(ONE)]
        with suppress(NotEvaluable):
            shapes += solved(self.prover.slope(goal.f, name), name)
        balls = Balls(self.prover.definitions)
        span = line_of(goal.conditions, name)
        kept = list(dict.fromkeys(shapes))
        for point in self.samples(goal, 4):
            grid = self.grid(goal, name, point)
            if len(grid) < 3:
                continue
            inner = [shape for shape in kept if _inside(balls, shape, name, span, point)]
            values = {shape: self.value(balls, goal.f, name, shape, point) for shape in inner}
            least = min([*grid, *values.values()])
            kept = [shape for shape, value in values.items() if value <= least + 1e-9 * (1 + abs(least))]
        return kept[:3]

    def grid(self, goal: Goal, name: str, point: dict[str, arb]) -> list[float]:
        """Values of f along a line through a point, where the conditions on the variable hold."""
        balls = Balls(self.prover.definitions)
        fixed = {other: value for other, value in point.items() if other != name}
        span = line_of(goal.conditions, name)
        try:
            low, high = (None if end is None else float(balls(end, fixed).mid()) for end in (span.lower, span.upper))
        except NotEvaluable:
            return []
        a = low if low is not None else (high if high is not None else 0.0) - 6.0
        b = high if high is not None else a + 12.0
        found = []
        for i in range(1, GRID):
            value = self.value(balls, goal.f, name, number(Fraction(a + (b - a) * i / GRID)), fixed)
            if value < float("inf"):
                found.append(value)
        return found

    def value(self, balls: Balls, f: Expr, name: str, place: Expr, point: dict[str, arb]) -> float:
        """f at a place of a line, infinite where that cannot be had."""
        fixed = {other: value for other, value in point.items() if other != name}
        try:
            value = balls(f, {**fixed, name: balls(place, fixed)})
        except NotEvaluable:
            return float("inf")
        return float(value.mid()) if value.is_finite() else float("inf")


def _known(balls: Balls, end: Expr | None, point: Mapping[str, arb]) -> float | None:
    """The value of an end of a span at a point, as far as it has one."""
    if end is None or not symbols(end) <= set(point):
        return None
    try:
        value = balls(end, point)
    except NotEvaluable:
        return None
    return float(value.mid()) if abs(value) < LARGEST else None


def _inside(balls: Balls, place: Expr, name: str, span: Span, point: Mapping[str, arb]) -> bool:
    """Whether a place seems to lie in a span."""
    fixed = {other: value for other, value in point.items() if other != name}
    at, low, high = (_known(balls, expr, fixed) for expr in (place, span.lower, span.upper))
    return at is not None and (low is None or low - 1e-9 <= at) and (high is None or at <= high + 1e-9)

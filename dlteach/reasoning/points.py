"""Where to look for a counterexample: simple points first, then the joints of a piecewise, then random ones."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, pairwise, product

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Balls, ball, truth
from dlteach.notation.tree import (
    ZERO,
    Branch,
    Call,
    Condition,
    Expr,
    IsInteger,
    Piecewise,
    Relation,
    Symbol,
    literal,
    number,
    substitute,
    symbols,
)
from dlteach.reasoning.normal import links

NICE = tuple(Fraction(n, d) for n, d in ((0, 1), (1, 1), (-1, 1), (1, 2), (2, 1), (-2, 1), (3, 1), (-1, 2), (-3, 1)))
SEED = 20161
Point = Mapping[str, Fraction]


def points(
    exprs: Sequence[Expr], names: Iterable[str], conditions: Sequence[Condition], definitions: Definitions, count: int
) -> Iterator[Point]:
    """At most `count` points that meet the conditions, the same ones each time.

    A symbol that is tied to one of `names` by a condition has a value, too; conditions on others say nothing here.
    """
    tied, conditions = _tied(set(names), conditions)
    order = sorted(tied)
    if not order:
        yield {}
        return
    whole = {condition.symbol.name for condition in conditions if isinstance(condition, IsInteger)}
    meets = _Conditions(conditions, definitions)
    candidates = _candidates(exprs, order, whole, meets.bounds(), definitions)
    yield from islice((point for point in islice(candidates, 40 * count) if meets(point)), count)


def _tied(names: set[str], conditions: Sequence[Condition]) -> tuple[set[str], list[Condition]]:
    """The names with those that conditions tie to them, and these conditions."""
    relevant: list[Condition] = []
    waiting = list(conditions)
    while found := [condition for condition in waiting if symbols(condition) & names]:
        names = names.union(*map(symbols, found))
        relevant += found
        waiting = [condition for condition in waiting if condition not in found]
    return names, relevant


def _candidates(
    exprs: Sequence[Expr],
    order: Sequence[str],
    whole: set[str],
    bounds: Mapping[str, tuple[Fraction, Fraction]],
    definitions: Definitions,
) -> Iterator[Point]:
    first = order[0]
    if len(order) == 1:
        for value in NICE:
            yield {first: value}
        for joint in sorted(joints(exprs, first, definitions), key=abs):
            if first not in whole:
                for shift in (Fraction(0), Fraction(1, 1000), Fraction(-1, 1000)):
                    yield {first: joint + shift}
    else:
        sizes = {2: 5, 3: 3}.get(len(order), 2)
        for values in product(NICE[:sizes], repeat=len(order)) if len(order) <= 6 else ():
            yield dict(zip(order, values, strict=True))
    dice = random.Random(SEED)
    scales = (1, 3, 10, 1, 3, 30, 10_000)
    for turn in range(10**6):
        yield {name: _drawn(dice, name in whole, bounds.get(name), scales[turn % len(scales)]) for name in order}


def _drawn(dice: random.Random, whole: bool, bounds: tuple[Fraction, Fraction] | None, scale: int) -> Fraction:
    if whole:
        return Fraction(dice.randint(-scale, 2 * scale))
    if bounds:
        return bounds[0] + (bounds[1] - bounds[0]) * Fraction(dice.randint(0, 1000), 1000)
    return Fraction(dice.randint(-1000 * scale, 1000 * scale), 1000)


class _Conditions:
    """Whether a point meets all conditions; those that cannot be decided are taken as not met."""

    def __init__(self, conditions: Sequence[Condition], definitions: Definitions) -> None:
        self.conditions = conditions
        self.links = list(links(conditions))
        self.back = Balls(definitions)

    def __call__(self, point: Point) -> bool:
        env = {name: ball(value) for name, value in point.items()}
        whole = [c.symbol.name for c in self.conditions if isinstance(c, IsInteger)]
        try:
            return all(point[name].denominator == 1 for name in whole if name in point) and all(
                truth(sign, self.back(left, env), self.back(right, env)) for left, sign, right in self.links
            )
        except NotEvaluable:
            return False

    def bounds(self) -> dict[str, tuple[Fraction, Fraction]]:
        """The interval of each symbol that is bounded by numbers on both sides; half lines are cut."""
        low: dict[str, Fraction] = {}
        high: dict[str, Fraction] = {}
        for left, sign, right in self.links:
            for symbol, bound, below in ((left, right, "<" in sign), (right, left, ">" in sign)):
                value = literal(bound)
                if isinstance(symbol, Symbol) and value is not None and sign not in ("=", "!="):
                    side = high if below else low
                    side[symbol.name] = value
        found = {}
        for name in low.keys() | high.keys():
            start = low.get(name, high.get(name, Fraction(0)) - 5)
            end = high.get(name, start + 5)
            found[name] = (start, end)
        return found


def joints(exprs: Iterable[Expr], variable: str, definitions: Definitions) -> set[Fraction]:
    """Where the pieces of the expressions may meet, as far as these places are rational."""
    found: set[Fraction] = set()
    for left, right in boundaries(exprs, definitions):
        try:
            at = [_at(left, right, variable, t) for t in (0, 1, 2)]
        except ValueError:
            if variable in symbols(left) | symbols(right):
                found.add(Fraction(0))
            continue
        slope = at[1] - at[0]
        if slope and at[2] - at[1] == slope:
            found.add(-at[0] / slope)
        elif slope or at[2] != at[1]:
            found.add(Fraction(0))
    return found


def _at(left: Expr, right: Expr, variable: str, t: int) -> Fraction:
    values = [literal(substitute(side, {variable: number(t)})) for side in (left, right)]
    if values[0] is None or values[1] is None:
        raise ValueError("not a number")
    return values[0] - values[1]


def boundaries(
    exprs: Iterable[Expr], definitions: Definitions, depth: int = 0, seen: dict[Expr, int] | None = None
) -> Iterator[tuple[Expr, Expr]]:
    """Pairs of expressions whose difference changes sign where a new piece begins.

    Definitions are opened six deep; `seen` says how deep an expression was met, so that each is looked at once.
    """
    seen = {} if seen is None else seen
    for expr in exprs:
        if seen.get(expr, depth + 1) <= depth:
            continue
        seen[expr] = depth
        match expr:
            case Call("max" | "min", args):
                flat = [value for arg in args for value in _pieces(arg)]
                yield from ((a, b) for i, a in enumerate(flat) for b in flat[i + 1 :])
            case Call("abs" | "sign", (arg,)):
                yield from ((value, ZERO) for value in _pieces(arg))
            case Piecewise(branches):
                for branch in branches:
                    yield from _condition_boundaries(branch)
            case Call(name, args) if name in definitions and depth < 6:
                definition = definitions[name]
                body = definition.applied(args)
                yield from boundaries([body], definitions, depth + 1, seen)
        yield from boundaries(expr.children(), definitions, depth, seen)


def _condition_boundaries(branch: Branch) -> Iterator[tuple[Expr, Expr]]:
    if isinstance(branch.condition, Relation):
        sides = branch.condition.sides
        for left, right in pairwise(sides):
            yield from ((a, b) for a in _pieces(left) for b in _pieces(right))


def _pieces(expr: Expr) -> list[Expr]:
    """The values between which an expression switches."""
    match expr:
        case Call("max" | "min", args):
            return [value for arg in args for value in _pieces(arg)]
        case Piecewise(branches):
            return [value for branch in branches for value in _pieces(branch.value)]
    return [expr]

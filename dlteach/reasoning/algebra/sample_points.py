"""Where to look for a counterexample: simple points first, then joints and edges, all scales, and random ones.

All points are rational, so an irrational place is only come near to, from both sides.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import count, islice, pairwise, product
from math import ceil, floor

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Balls, ball, truth
from dlteach.notation.tree import (
    BigSum,
    Condition,
    Expr,
    IsInteger,
    Link,
    Symbol,
    links,
    literal,
    number,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.crossings import Boundary, affine_crossing, boundaries, crossings, edges, middle
from dlteach.reasoning.worker.process import clock

NICE = tuple(Fraction(n, d) for n, d in ((0, 1), (1, 1), (-1, 1), (1, 2), (2, 1), (-2, 1), (3, 1), (-1, 2), (-3, 1)))
WHOLE = (Fraction(1), Fraction(0), Fraction(2), Fraction(-1))
NEAR, NEARER = 3, 9  # how near to a place a point is, in digits
EXACT = 10**12  # a denominator beyond this stands for an irrational place
FAR = (Fraction(1, 2), Fraction(1), Fraction(2), *(Fraction(10**k) for k in (1, 2, 4, 6)))
SCALES = (1, 3, 10, 1, 3, 30, 10_000)
DECADES = (-3, 5)  # the distances from a place that are drawn, as powers of ten
ORDINARY = 16  # random points before the extreme ones
TRIES = 40  # candidates for each point that is wanted
SEED = 20161
Point = Mapping[str, Fraction]
Bounds = Mapping[str, tuple[Fraction | None, Fraction | None]]


def points(
    exprs: Sequence[Expr],
    names: Iterable[str],
    conditions: Sequence[Condition],
    definitions: Definitions,
    wanted: int,
    until: float = float("inf"),
) -> Iterator[Point]:
    """At most `wanted` points that meet the conditions, the same ones each time; no more after `until`.

    A symbol that is tied to one of `names` by a condition has a value, too; conditions on others say nothing here.
    A symbol at the end of a sum is an integer.
    """
    tied, conditions = _tied(set(names), conditions)
    order = sorted(tied)
    if not order:
        yield {}
        return
    meets = _Conditions(conditions, definitions, _counters(exprs) & tied)
    found = _Candidates(exprs, order, meets, definitions).all()
    seen: set[tuple[Fraction, ...]] = set()
    for point in islice(found, TRIES * wanted):
        if clock() > until:
            return
        key = tuple(point[name] for name in order)
        if key not in seen and meets(point):
            seen.add(key)
            yield point
            if len(seen) == wanted:
                return


def _tied(names: set[str], conditions: Sequence[Condition]) -> tuple[set[str], list[Condition]]:
    """The names with those that conditions tie to them, and these conditions."""
    relevant: list[Condition] = []
    waiting = list(conditions)
    while found := [condition for condition in waiting if symbols(condition) & names]:
        names = names.union(*map(symbols, found))
        relevant += found
        waiting = [condition for condition in waiting if condition not in found]
    return names, relevant


def _counters(exprs: Iterable[Expr]) -> frozenset[str]:
    """The symbols in the ends of sums."""
    sums = [node for expr in exprs for node in walk(expr) if isinstance(node, BigSum)]
    return frozenset().union(*(symbols(node.lower) | symbols(node.upper) for node in sums))


class _Conditions:
    """Whether a point meets all conditions; those that cannot be decided are taken as not met."""

    def __init__(self, conditions: Sequence[Condition], definitions: Definitions, counters: frozenset[str]) -> None:
        self.conditions = conditions
        self.whole = counters | {c.symbol.name for c in conditions if isinstance(c, IsInteger)}
        self.links = list(links(conditions))
        self.back = Balls(definitions)

    def __call__(self, point: Point) -> bool:
        if any(point[name].denominator != 1 for name in self.whole if name in point):
            return False
        if not self.links:
            return True
        env = {name: ball(value) for name, value in point.items()}
        try:
            return all(self.holds(link, point, env) for link in self.links)
        except NotEvaluable:
            return False

    def holds(self, link: Link, point: Point, env: Mapping[str, arb]) -> bool:
        """Whether a relation is seen to hold; an equation between rationals, exactly."""
        left, sign, right = link
        if sign == "=":
            exact = {name: number(value) for name, value in point.items()}
            a, b = (literal(substitute(side, exact)) for side in (left, right))
            if a is not None and b is not None:
                return a == b
        return bool(truth(sign, self.back(left, env), self.back(right, env)))

    def bounds(self) -> Bounds:
        """The least and the largest value of each symbol that is bounded by constants."""
        low: dict[str, Fraction] = {}
        high: dict[str, Fraction] = {}
        for left, sign, right in self.links:
            for symbol, bound, below in ((left, right, "<" in sign), (right, left, ">" in sign)):
                if (
                    isinstance(symbol, Symbol)
                    and sign not in ("=", "!=")
                    and (value := self.constant(bound)) is not None
                ):
                    name = symbol.name
                    if below:
                        high[name] = min(value, high.get(name, value))
                    else:
                        low[name] = max(value, low.get(name, value))
        return {name: (low.get(name), high.get(name)) for name in low.keys() | high.keys()}

    def constant(self, bound: Expr) -> Fraction | None:
        """The value of a bound without symbols, or a rational beside it."""
        value = literal(bound)
        if value is not None or symbols(bound):
            return value
        try:
            inside = self.back(bound, {})
        except NotEvaluable:
            return None
        return middle(inside) if inside.is_finite() else None


class _Candidates:
    """Points that may meet the conditions, the simplest first."""

    def __init__(
        self, exprs: Sequence[Expr], order: Sequence[str], meets: _Conditions, definitions: Definitions
    ) -> None:
        self.exprs, self.order, self.meets, self.definitions = exprs, order, meets, definitions
        self.dice = random.Random(SEED)

    def all(self) -> Iterator[Point]:
        """Without end."""
        yield from self.simple()
        if len(self.order) == 1:
            (name,) = self.order
            joints = self.joints(name)
            yield from ({name: value} for value in self.around(name, joints))
            drawn = self.drawn(self.meets.bounds(), joints)
            yield from islice(drawn, ORDINARY)
            yield from ({name: value} for value in self.beyond(name, joints))
            yield from drawn
        bounds = self.meets.bounds()
        mixed = self.drawn(bounds, [Fraction(0)])
        if not self.boundaries:
            yield from mixed
        while True:
            base = dict(next(mixed))
            yield base
            yield from self.on_a_boundary(base)

    def simple(self) -> Iterator[Point]:
        """Small numbers."""
        values = [WHOLE if name in self.meets.whole else NICE for name in self.order]
        if len(self.order) > 1:
            most = {2: 5, 3: 3}.get(len(self.order), 2)
            values = [some[:most] for some in values] if len(self.order) <= 6 else []
        for point in product(*values) if values else ():
            yield dict(zip(self.order, point, strict=True))

    @cached_property
    def boundaries(self) -> list[Boundary]:
        """All that may be a joint or an edge."""
        found = [*boundaries(self.exprs, self.definitions), *edges(self.exprs, self.meets.conditions, self.definitions)]
        return [pair for pair in dict.fromkeys(found) if symbols(pair[0]) | symbols(pair[1])]

    # ---- one symbol ---------------------------------------------------------------------------

    def joints(self, name: str) -> list[Fraction]:
        """Joints, edges and ends, or rationals very near to them, from left to right."""
        found: set[Fraction] = set()
        for boundary in self.boundaries:
            if symbols(boundary[0]) | symbols(boundary[1]) == {name}:
                found.update(crossings(boundary, name, self.definitions))
        found.update(end for end in self.meets.bounds().get(name, ()) if end is not None)
        return sorted(found)

    def around(self, name: str, joints: Sequence[Fraction]) -> Iterator[Fraction]:
        """On the joints, beside them and between them."""
        for joint in sorted(joints, key=abs):
            yield from self.beside(name, joint, NEAR)
        for a, b in pairwise(joints):
            yield simplest(a, b)

    def beyond(self, name: str, joints: Sequence[Fraction]) -> Iterator[Fraction]:
        """Far from all joints, and very near to them."""
        ends = (joints[0], joints[-1]) if joints else (Fraction(0), Fraction(0))
        for far in FAR:
            yield from (round(ends[1]) + far, round(ends[0]) - far)
        for joint in sorted(joints, key=abs):
            yield from self.beside(name, joint, NEARER)

    def beside(self, name: str, place: Fraction, digits: int) -> tuple[Fraction, ...]:
        """A place, where it is rational, and a point on each side of it."""
        if name in self.meets.whole:
            return Fraction(floor(place)), Fraction(floor(place) + 1), Fraction(floor(place) - 1)
        step = Fraction(1, 10**digits)
        if place.denominator < EXACT:
            return place, place + step, place - step
        below = Fraction(floor(place / step)) * step
        return below, below + step

    # ---- several symbols ----------------------------------------------------------------------

    def on_a_boundary(self, base: Point) -> Iterator[Point]:
        """A point of binary fractions, exact in balls, moved along an axis to the boundaries, and beside them."""
        base = {name: Fraction(round(64 * value), 64) for name, value in base.items()}
        for boundary in self.boundaries:
            inside = sorted((symbols(boundary[0]) | symbols(boundary[1])) & base.keys())
            if not inside:
                continue
            name = inside[self.dice.randrange(len(inside))]
            others = {other: number(value) for other, value in base.items() if other != name}
            fixed = (substitute(boundary[0], others), substitute(boundary[1], others))
            at = affine_crossing(fixed, name)
            if at is not None:
                yield from ({**base, name: value} for value in self.beside(name, at, NEAR))

    def drawn(self, bounds: Bounds, places: Sequence[Fraction]) -> Iterator[Point]:
        """Random points: on a grid, at all distances from the places, and close to each other."""
        for turn in count():
            scale = SCALES[turn % len(SCALES)]
            yield {
                name: self.draw(name, bounds.get(name, (None, None)), scale, turn % 3 == 2, places)
                for name in self.order
            }

    def draw(
        self,
        name: str,
        bounds: tuple[Fraction | None, Fraction | None],
        scale: int,
        from_places: bool,
        places: Sequence[Fraction],
    ) -> Fraction:
        """A value of one symbol."""
        dice, (low, high) = self.dice, bounds
        if name in self.meets.whole:
            least = -scale if low is None else -(-low.numerator // low.denominator)
            most = least + 3 * scale if high is None else high.numerator // high.denominator
            return Fraction(dice.randint(min(least, most), most))
        if from_places or ((low is None) != (high is None) and dice.randrange(2)):
            place = places[dice.randrange(len(places))] if places and from_places else low if low is not None else high
            distance = Fraction(round(1000 * 10 ** dice.uniform(*DECADES)), 1000)
            way = dice.choice((-1, 1)) if from_places else 1 if low is not None else -1
            return (place or Fraction(0)) + way * distance
        start = low if low is not None else high - 5 if high is not None else Fraction(-scale)
        end = high if high is not None else low + 5 if low is not None else Fraction(scale)
        return start + (end - start) * Fraction(dice.randint(0, 1000 * min(scale, 10)), 1000 * min(scale, 10))


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction strictly between two others that has the smallest denominator."""
    whole = floor(low)
    if whole + 1 < high:
        return Fraction(min((whole + 1, ceil(high) - 1), key=abs))
    if low == whole:
        return whole + Fraction(1, floor(1 / (high - whole)) + 1)
    return whole + 1 / simplest(1 / (high - whole), 1 / (low - whole))

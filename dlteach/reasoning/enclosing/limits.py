"""Limits, exactly, by expansions; and the finding that there is none: the sides differ, or two sequences do.

A limit is a constant, or ±oo. It exists where the expression is real far out (beside the point, on each side asked),
and all that oscillates fades. Where a wave sin(u), cos(u) or a step floor(u) of something that grows stands in the way,
u is followed along sequences on which the wave stands still; two with different limits show that there is none. The
whole numbers fall into finitely many such sequences where u is a rational multiple of pi*n.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Balls, NoLimit, NotReal
from dlteach.notation.show import show
from dlteach.notation.tree import Constant, Expr, Negative, Product, Sum, Symbol
from dlteach.reasoning.algebra.simplify import simplified
from dlteach.reasoning.enclosing.coefficients import Coefficient, Signs, Undetermined, atom, inverted, rational
from dlteach.reasoning.enclosing.expansions import Expansion
from dlteach.reasoning.enclosing.orders import CONSTANT, log
from dlteach.reasoning.enclosing.series import WAVES, Series
from dlteach.reasoning.worker.process import clock

COUNTS = (3, 6, 12)  # terms of the expansions
PHASES = (Fraction(0), Fraction(1, 2), Fraction(1), Fraction(3, 2), Fraction(1, 4))  # of pi
STEPS = (Fraction(0), Fraction(1, 2))
OO = Constant("oo")
PI = atom(Constant("pi"))
MINUS_OO = Negative(OO)
SIDES = {"-": "left", "+": "right"}


@dataclass(frozen=True)
class Found:
    """The limit: a constant, or the sign of infinity."""

    value: Coefficient
    infinite: int = 0

    def expr(self) -> Expr:
        """As a tree."""
        return self.value.expr() if not self.infinite else OO if self.infinite > 0 else MINUS_OO


@dataclass(frozen=True)
class Way:
    """How the variable moves: to ±oo (`at` None) or to a place from one side; `whole` over the integers only."""

    variable: str
    at: Expr | None
    side: int
    whole: bool = False

    def words(self) -> str:
        """In a learner's words."""
        if self.at is None:
            return "far out"
        return f"to the {'right' if self.side > 0 else 'left'} of {show(self.at)}"


def limit_along(of: Expr, way: Way, signs: Signs, definitions: Definitions) -> Found:
    """The limit; raises NoLimit where there is shown to be none, Undetermined where a sign decides, or NotEvaluable."""
    problem = NotEvaluable("its growth is not known")
    for count in COUNTS:
        try:
            return _found(Series(definitions, signs, count, way.whole), of, way)
        except NotReal as reason:
            raise NoLimit(f"{way.words()} it has no value: {reason}") from reason
        except Undetermined:
            raise
        except NotEvaluable as reason:
            problem = reason
        if clock() > signs.deadline:
            break
    common = _on_sequences(of, way, signs, definitions)
    if common is None:
        raise problem
    return common


def limit_at(
    of: Expr, variable: str, point: Expr, side: str, signs: Signs, definitions: Definitions, whole: bool = False
) -> Found:
    """The limit of the notation: from both sides where no side is asked for."""
    infinite = 1 if point == OO else -1 if point == MINUS_OO else 0
    if infinite:
        return limit_along(of, Way(variable, None, infinite, whole), signs, definitions)
    if side:
        return limit_along(of, Way(variable, point, 1 if side == "+" else -1), signs, definitions)
    found: list[Found] = []
    missing: list[NotReal] = []
    for way in (Way(variable, point, -1), Way(variable, point, 1)):
        try:
            found.append(limit_along(of, way, signs, definitions))
        except NoLimit as reason:
            if _oscillates(reason):
                raise
            missing.append(reason)
    if len(missing) == 2:
        raise missing[0]
    if missing:
        raise NotEvaluable(f"{missing[0]}: a limit from one side may be meant")
    left, right = found
    if not _same(left, right, signs):
        raise NoLimit(f"from the left it tends to {show(left.expr())}, from the right to {show(right.expr())}")
    return left


class Oscillates(NoLimit):
    """Two sequences have different limits."""


def _oscillates(reason: NotReal) -> bool:
    return isinstance(reason, Oscillates)


def _same(a: Found, b: Found, signs: Signs) -> bool:
    if a.infinite or b.infinite:
        return a.infinite == b.infinite
    return signs(a.value - b.value) == 0


def _start(series: Series, way: Way) -> Expansion:
    """The variable in t -> oo."""
    if way.at is None:
        return Expansion(((log(0), rational(way.side)),))
    step = Expansion(((log(0).inverse, rational(way.side)),))
    return series.plus(series.known(atom(way.at)), step)


def _found(series: Series, of: Expr, way: Way) -> Found:
    value = series(of, {way.variable: _start(series, way)})
    if not value.terms:
        if value.error is not None and series.compare(value.error, CONSTANT) >= 0:
            raise NotEvaluable("it may oscillate, or its growth is not known well enough")
        return Found(rational(0))
    order, c = value.terms[0]
    size = series.compare(order, CONSTANT)
    if size > 0:
        return Found(rational(0), series.sign(value))
    return Found(c if size == 0 else rational(0))


# ---- oscillation ---------------------------------------------------------------------------------


@dataclass
class _Sequence:
    """Along u = phase + (a whole multiple of the period), u being the first wave or step that grows."""

    series: Series
    phase: Fraction
    whole: bool
    base: Expansion | None = None
    kind: str = ""

    def __call__(self, name: str, u: Expansion) -> Expansion | None:
        """What the function is on the sequence."""
        if not self.series.grows(u):
            return None
        kind = "wave" if name in WAVES else "step"
        if self.base is None:
            self.base, self.kind = u, kind
            if self.whole and self.phase not in self.phases():
                raise NotEvaluable("a sequence that the whole numbers may not meet")
        if kind != self.kind:
            raise NotEvaluable("waves and steps together")
        times = self.multiple(u)
        rest = self.series.minus(u, self.series.times(self.series.known(rational(times)), self.base))
        if self.series.grows(rest):
            raise NotEvaluable("waves of several kinds")
        _, c, fades = self.series.split(rest)
        self.series.must_fade(rest)
        if kind == "wave":
            angle = rational(self.phase * times) * PI + c
            return self.series.wave(name, angle, fades)
        if fades.terms or fades.error or c.terms or times != 1:
            raise NotEvaluable("steps of several kinds")
        shift = self.phase if name == "floor" or not self.phase else self.phase - 1
        return self.series.minus(u, self.series.known(rational(shift)))

    def multiple(self, u: Expansion) -> int:
        """m with u like m*base, for a whole m."""
        assert self.base is not None
        ratio = self.series.times(u, self.series.inverse(self.base))
        order, c = self.series.lead(ratio)
        value = c.rational
        if order != CONSTANT or value is None or value.denominator != 1:
            raise NotEvaluable("waves of several kinds")
        return int(value)

    def phases(self) -> frozenset[Fraction]:
        """The phases that u = pi*r*n (r*n for a step) has for whole n, each of them again and again."""
        assert self.base is not None
        c = self.base.terms[0][1]
        slope = (c * inverted(PI)).rational if self.kind == "wave" else c.rational
        if self.base.error is not None or len(self.base.terms) != 1 or self.base.terms[0][0] != log(0) or slope is None:
            return frozenset()
        period = 2 if self.kind == "wave" else 1
        return frozenset((slope * n) % period for n in range(2 * slope.denominator))

    def words(self, way: Way) -> str:
        """`x = 2*pi*k + pi/2` where the argument of the wave is a multiple of x; else what that argument is."""
        assert self.base is not None
        unit = PI if self.kind == "wave" else rational(1)
        name, divisor = f"the {way.variable} at which the {self.kind}'s argument", rational(1)
        terms = self.base.terms
        if way.at is None and len(terms) == 1 and self.base.error is None and terms[0][0] == log(0):
            name, divisor = way.variable, inverted(terms[0][1] * rational(way.side))
        step = unit * rational(2 if self.kind == "wave" else 1) * divisor
        start = unit * rational(self.phase) * divisor
        multiple = Symbol("k") if step.rational == 1 else Product((step.expr(), Symbol("k")))
        values = simplified(Sum((multiple, start.expr())) if self.phase else multiple)
        return f"{name} {'=' if name == way.variable else 'is'} {show(values)}"


def _on_sequences(of: Expr, way: Way, signs: Signs, definitions: Definitions) -> Found | None:
    """The common limit of the sequences that make up the whole numbers; raises Oscillates where two limits differ."""
    before: tuple[Found, str] | None = None
    for phases in (PHASES, STEPS):
        waiting, covered, needed = list(phases), set[Fraction](), frozenset[Fraction]()
        for phase in waiting:
            series = Series(definitions, signs, COUNTS[0], way.whole)
            sequence = _Sequence(series, phase, way.whole)
            series.phase = sequence
            try:
                found: Found | None = _found(series, of, way)
            except Undetermined:
                raise
            except NotEvaluable:
                found = None
            if sequence.base is None:
                break
            if way.whole:
                needed = sequence.phases()
                waiting += [other for other in sorted(needed) if other not in waiting]
            if found is None or (way.whole and phase not in needed):
                continue
            covered.add(phase)
            words = sequence.words(way)
            if before is not None and not _same(before[0], found, signs):
                one, two = show(before[0].expr()), show(found.expr())
                raise Oscillates(f"it has no limit: along {before[1]} it tends to {one}, along {words} to {two}")
            before = found, words
        if needed and needed <= covered and before is not None:
            return before[0]
    return None


def as_ball(found: Found, signs: Signs) -> arb:
    """The limit as a ball, infinite ones included."""
    if found.infinite:
        return arb.pos_inf() if found.infinite > 0 else arb.neg_inf()
    return Balls(signs.definitions)(found.value.expr(), signs.env)

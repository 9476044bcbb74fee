"""Sums of logarithms and of angles that come to zero: by what their exponential, or their sine and cosine, is.

A sum of logarithms is 0 where its exponential is 1. A sum of angles whose cosine is 1 is a multiple of 2*pi: it is 0
where it is a number near 0, or where it is continuous on an interval and near 0 at one of its points.
"""

from __future__ import annotations

from math import lcm

from flint import arb

from dlteach.notation.backend import NotEvaluable
from dlteach.reasoning.algebra.angles import Angles
from dlteach.reasoning.algebra.kernels import Assumption, NeedSign, Quotient, Vacuous
from dlteach.reasoning.algebra.polynomials import KERNELS, Poly, fraction, normed

MOST_MULTIPLES = 24
ALL = (1 << KERNELS) - 1
ANGLES = ("asin", "atan")


class Identities(Angles):
    """Kernels with relations between logarithms and between angles."""

    def vanishes(self, value: Quotient) -> bool:
        """Whether a value is seen to be 0 at every point of the case at which it is real."""
        if self.is_null(value.over):
            return True
        over, _ = self.lowest(value)
        kinds = {self.kernels[i].kind for i, degree in enumerate(over.degrees()) if degree > 0}
        try:
            return ("ln" in kinds and self.by_exponential(over)) or (
                not kinds.isdisjoint(ANGLES) and self.by_turning(over)
            )
        except (NotEvaluable, Vacuous):
            return False

    def multiple(self, poly: Poly, *kinds: str) -> int | None:
        """What makes the coefficients of these kernels integers; None where they are not rational."""
        common = 1
        for i, degree in enumerate(poly.degrees()):
            if degree > 0 and self.kernels[i].kind in kinds:
                slope = poly.derivative(i)
                if not slope.is_constant():
                    return None
                common = lcm(common, fraction(slope.leading_coefficient()).denominator)
        return common if common <= MOST_MULTIPLES else None

    def by_exponential(self, poly: Poly) -> bool:
        """Whether e^(n*poly) = 1."""
        n = self.multiple(poly, "ln")
        return n is not None and (self.exp(self.whole(poly * n)) - self.number(1)).over.is_zero()

    def by_turning(self, poly: Poly) -> bool:
        """Whether n*poly is a multiple of 2*pi, and that multiple 0."""
        n = self.multiple(poly, *ANGLES)
        if n is None or not self.is_full_turn(turned := poly * n):
            return False
        if (ball := self.constant_ball(turned)) is not None:
            return bool(abs(ball) < 6)
        symbols = {j for i, degree in enumerate(poly.degrees()) if degree > 0 for j in self.behind(i)}
        return all(self.kernels[j].kind == "symbol" for j in symbols) and self.stays_zero(turned, symbols)

    def is_full_turn(self, poly: Poly) -> bool:
        c, s = self.angle(self.whole(poly))
        return bool(s.over.is_zero() and (c - self.number(1)).over.is_zero())

    def behind(self, i: int) -> set[int]:
        """The symbols that a kernel depends on."""
        return {j for j in {i} | self.used(self.kernels[i]) if self.kernels[j].kind in ("symbol", "parity", "floor")}

    def stays_zero(self, poly: Poly, symbols: set[int]) -> bool:
        """Whether a multiple of 2*pi is 0 on the whole box that the bounds of the symbols leave.

        On that box, not only in the case, all must be real: then it is continuous, and one point tells.
        """
        before = self.assumed
        bounds = {key: a for key, a in before.items() if self.is_bound(a, symbols)}
        try:
            if not self.is_certain(bounds, ALL):
                self.assumed = before
                self.cut_where_needed()
                return False
            self.assumed = bounds
            if not self.is_full_turn(poly):
                return False
            places = {i: self.inside(i) for i in symbols}
            self.at = {i: place for i, place in places.items() if place is not None}
            ball = self.constant_ball(poly) if len(self.at) == len(symbols) else None
            return ball is not None and bool(abs(ball) < 6)
        except NeedSign as need:
            if str(need.factor) in before:
                return False
            raise
        finally:
            self.at, self.assumed = {}, before

    def inside(self, i: int) -> arb | None:
        """A number between the bounds of a symbol."""
        low, high = self.span(i)
        if low.is_finite() and high.is_finite():
            place = (low + high) / 2
        else:
            place = low + 1 if low.is_finite() else high - 1 if high.is_finite() else arb(0)
        place = place.mid()
        return place if low < place < high else None

    def is_bound(self, assumption: Assumption, symbols: set[int]) -> bool:
        """Whether an assumption bounds one of the symbols from one side; x != 0 would leave two intervals."""
        line = self.linear(assumption.poly)
        return line is not None and line[0] in symbols and not {1, -1} <= assumption.signs

    def cut_where_needed(self) -> None:
        """Ask for the sign of a linear factor of what is needed, where it is not known."""
        for need in tuple(self.needs):
            if need.poly is None:
                return
            for factor, _ in self.factored(self.whole(need.poly))[1]:
                if self.linear(factor) and len(self.known_sign(factor)) > 1:
                    raise NeedSign(normed(factor)[0])

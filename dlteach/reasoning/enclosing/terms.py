"""Terms c*X^a*ln(X)^b*e^E(X) of a scale of growth: their order, and arithmetic of their coefficients.

A coefficient is exact (fmpq) or a ball in which it stays. The factor (2*pi)^(-1/2) of the normal density, pi and powers
of e are kept apart from it, so that they cancel exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

from flint import arb, fmpq

from dlteach.notation.backend import NotEvaluable

Coefficient = Any  # fmpq where it is exact, else arb
Growth = tuple[tuple[Fraction, Coefficient], ...]  # E: (power, coefficient), the highest power first; 0 for e^c


class NoScale(NotEvaluable):
    """This scale cannot follow the expression."""


@dataclass(frozen=True)
class Term:
    """c*(2*pi)^(-gauss/2)*X^power*ln(X)^logs*e^growth; the factor of the normal density is kept apart, to cancel."""

    coefficient: Coefficient
    power: Fraction = Fraction(0)
    logs: Fraction = Fraction(0)
    growth: Growth = ()
    gauss: int = 0

    @property
    def whole(self) -> Coefficient:
        """The coefficient with its constant factors."""
        value = self.coefficient
        if self.gauss:
            value = ball(value) * (2 * arb.pi()) ** (arb(-self.gauss) / 2)
        for power, c in self.growth[-1:]:
            value = ball(value) * ball(c).exp() if power == 0 else value
        return value

    @property
    def moving(self) -> Growth:
        """The growth without a constant."""
        return tuple((power, c) for power, c in self.growth if power)

    @property
    def constant(self) -> bool:
        """Whether it does not move, but for its coefficient."""
        return not self.moving and not self.power and not self.logs


PI = Term(fmpq(1, 2), gauss=-2)  # (2*pi)/2
Value = tuple[Term, ...]  # the larger one first; no two have the same exact growth


def ball(value: Coefficient) -> arb:
    """A coefficient as a ball."""
    return value if isinstance(value, arb) else arb(value)


def real(value: Fraction) -> arb:
    return arb(fmpq(value.numerator, value.denominator))


def sign_of(value: Coefficient) -> int:
    if value > 0:
        return 1
    if value < 0:
        return -1
    if isinstance(value, fmpq) or value.is_zero():
        return 0
    raise NoScale("the sign of a coefficient is not known")


def plus(a: Growth, b: Growth, factor: int = 1) -> Growth:
    """a + factor*b."""
    found: dict[Fraction, Coefficient] = dict(a)
    for power, c in b:
        found[power] = found[power] + factor * c if power in found else factor * c
    return tuple((p, c) for p, c in sorted(found.items(), reverse=True) if not (isinstance(c, fmpq) and c == 0))


def order(a: Term, b: Term) -> int:
    """1 where a grows faster than b, 0 where they grow alike."""
    for _, c in plus(a.moving, b.moving, -1):
        if sign := sign_of(c):
            return sign
    return (a.power > b.power) - (a.power < b.power) or (a.logs > b.logs) - (a.logs < b.logs)


def added(a: Coefficient, b: Coefficient) -> Coefficient:
    return a + b if isinstance(a, fmpq) and isinstance(b, fmpq) else ball(a) + ball(b)


def multiplied(a: Coefficient, b: Coefficient) -> Coefficient:
    return a * b if isinstance(a, fmpq) and isinstance(b, fmpq) else ball(a) * ball(b)


def divided(a: Coefficient, b: Coefficient) -> Coefficient:
    return a / b if isinstance(a, fmpq) and isinstance(b, fmpq) else ball(a) / ball(b)


def raised_to(c: Coefficient, p: Fraction) -> Coefficient:
    if p.denominator == 1:
        return c ** int(p)
    if isinstance(c, fmpq) and p.denominator == 2 and isqrt(int(c.p)) ** 2 == c.p and isqrt(int(c.q)) ** 2 == c.q:
        return fmpq(isqrt(int(c.p)), isqrt(int(c.q))) ** p.numerator
    return ball(c) ** real(p)


def below(value: arb) -> fmpq:
    """A simple rational below a positive ball."""
    lower = value.lower()
    bits = 2**20
    scaled = (lower * bits).floor()
    found = fmpq(int(scaled.unique_fmpz()), bits) if scaled.is_integer() else fmpq(0)
    if not found > 0:
        raise NoScale("it does not grow yet")
    return found


GROWN = {  # what grows, written with exponentials that fade: for u > 0 and for u < 0
    "tanh": ("(1 - e^(-2*u))/(1 + e^(-2*u))", "(e^(2*u) - 1)/(1 + e^(2*u))"),
    "coth": ("(1 + e^(-2*u))/(1 - e^(-2*u))", "(e^(2*u) + 1)/(e^(2*u) - 1)"),
    "sigmoid": ("1/(1 + e^-u)", "e^u/(1 + e^u)"),
    "sinh": ("e^u*(1 - e^(-2*u))/2", "e^-u*(e^(2*u) - 1)/2"),
    "cosh": ("e^u*(1 + e^(-2*u))/2", "e^-u*(e^(2*u) + 1)/2"),
    "sech": ("2*e^-u/(1 + e^(-2*u))", "2*e^u/(1 + e^(2*u))"),
    "csch": ("2*e^-u/(1 - e^(-2*u))", "2*e^u/(e^(2*u) - 1)"),
    "asinh": ("ln(u + sqrt(u^2 + 1))", "-ln(sqrt(u^2 + 1) - u)"),
}

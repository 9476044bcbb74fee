"""Functions far out: a main term with a rigorous bound on the rest, for every x >= X > 0, and their arithmetic.

A germ says |u(x) - e^E(x) * N(x)/D(x)| <= e^E(x) * C * x^k * e^(-a*x) for all x >= X, with polynomials E, N, D, E
without a constant, D without a zero on x >= X, and a >= 0 (de Bruijn 1958 on asymptotic calculus). A germ exists only
for a function that is real at every x >= X.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import ball

Coefficient = Any  # fmpq where it is exact, else arb
Poly = tuple[Coefficient, ...]  # from the constant upwards, without leading zeros
ONE: Poly = (fmpq(1),)
MOST_TERMS = 40


class NoTail(NotEvaluable):
    """This calculus cannot follow the expression to infinity."""


@dataclass(frozen=True)
class Bound:
    """C * x^k * e^(-a*x) with a >= 0: a bound of a rest."""

    factor: arb
    power: int | Fraction
    rate: arb


NOTHING = Bound(arb(0), 0, arb(1))


def bound(factor: arb, power: int | Fraction = 0, rate: arb | int = 0) -> Bound:
    """A bound with exact numbers, rounded to the safe side; raises NoTail where they are not known."""
    factor, rate = arb(factor).upper(), arb(rate).lower()
    if not factor.is_finite() or not rate >= 0:
        raise NoTail("the size of a rest is not known")
    return Bound(factor, power, rate)


@dataclass(frozen=True)
class Germ:
    """e^growth * (over/under + rest) for x >= start."""

    start: arb
    growth: Poly
    over: Poly
    under: Poly
    rest: Bound

    def __neg__(self) -> Germ:
        return replace(self, over=scaled(self.over, fmpq(-1)))

    def __add__(self, other: Germ) -> Germ:
        """e^F*s joins e^E*b as a rest where E - F >= c*x for x >= X: |e^F*s| <= e^E * |s| * e^(-c*x)."""
        if vanishes(self):
            return other
        if vanishes(other):
            return self
        gap = minus(self.growth, other.growth)
        if gap:
            big, small = (self, other) if sign_of(gap[-1]) > 0 else (other, self)
            faded = product_of(size(small), bound(arb(1), 0, linear_bound(absolute(gap), self.start)))
            return replace(big, rest=sum_of(big.rest, faded, self.start))
        if self.under == other.under:
            over, under = plus(self.over, other.over), self.under
        else:
            over = plus(times(self.over, other.under), times(other.over, self.under))
            under = times(self.under, other.under)
        return _germ(self.start, self.growth, over, under, sum_of(self.rest, other.rest, self.start))

    def __sub__(self, other: Germ) -> Germ:
        return self + -other

    def __mul__(self, other: Germ) -> Germ:
        """(m + r)(n + s) = m*n + m*s + (n + s)*r."""
        rest = sum_of(product_of(main(self), other.rest), product_of(size(other), self.rest), self.start)
        over, under = times(self.over, other.over), times(self.under, other.under)
        return _germ(self.start, plus(self.growth, other.growth), over, under, rest)

    def __truediv__(self, other: Germ) -> Germ:
        return self * inverse(other)

    @property
    def degree(self) -> int:
        """m where the main term is like x^m, apart from e^growth."""
        return len(self.over) - len(self.under)

    @property
    def lead(self) -> Coefficient:
        """c where the main term is like c*x^degree, apart from e^growth."""
        return self.over[-1] / self.under[-1]


def _germ(start: arb, growth: Poly, over: Poly, under: Poly, rest: Bound) -> Germ:
    """A germ without common factors x above and below."""
    shift = 0
    while over and shift < len(over) and shift < len(under) and over[shift] == 0 and under[shift] == 0:
        shift += 1
    return Germ(start, growth, over[shift:], under[shift:], rest) if over else Germ(start, growth, (), ONE, rest)


# ---- polynomials with exact or enclosed coefficients ---------------------------------------------


def sign_of(value: Coefficient) -> int:
    """1 or -1; raises NoTail where a ball contains 0 or is not finite."""
    if value > 0:
        return 1
    if value < 0:
        return -1
    raise NoTail("the sign of a coefficient is not known")


def trimmed(poly: list[Coefficient]) -> Poly:
    """Without leading zeros; raises NoTail where a coefficient is not finite, or there are too many."""
    while poly and poly[-1] == 0:
        poly.pop()
    if len(poly) > MOST_TERMS:
        raise NoTail("the degree is too high")
    if any(isinstance(c, arb) and not c.is_finite() for c in poly):
        raise NoTail("a coefficient that is not real, or not known")
    return tuple(poly)


def plus(a: Poly, b: Poly) -> Poly:
    """a + b."""
    if len(a) < len(b):
        a, b = b, a
    return trimmed([x + b[i] if i < len(b) else x for i, x in enumerate(a)])


def scaled(a: Poly, factor: Coefficient) -> Poly:
    """a times a number that is not 0."""
    return tuple(x * factor for x in a)


def minus(a: Poly, b: Poly) -> Poly:
    """a - b."""
    return plus(a, scaled(b, fmpq(-1)))


def times(a: Poly, b: Poly) -> Poly:
    """a * b."""
    if not a or not b:
        return ()
    out: list[Coefficient] = [fmpq(0)] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            out[i + j] = out[i + j] + x * y
    return trimmed(out)


def absolute(poly: Poly) -> Poly:
    """±poly, with a positive leading coefficient."""
    return poly if sign_of(poly[-1]) > 0 else scaled(poly, fmpq(-1))


def as_ball(value: Coefficient) -> arb:
    """A coefficient as a ball."""
    return value if isinstance(value, arb) else arb(value)


def ratio_below(poly: Poly, start: arb) -> arb:
    """A positive lower bound of poly(x) / (c*x^n), c*x^n its leading term, for x >= start; raises NoTail.

    The ratio is 1 + sum of (c_i/c)*x^(i-n), and each of its negative terms is largest in size at start.
    """
    lead, n = as_ball(poly[-1]), len(poly) - 1
    ratio = arb(1)
    for i, coefficient in enumerate(poly[:-1]):
        part = as_ball(coefficient) / lead
        if not part >= 0:
            ratio -= abs(part) * start ** (i - n)
    if not ratio > 0:
        raise NoTail("the leading term does not dominate yet")
    return ratio.lower()


def ratio_above(poly: Poly, start: arb) -> arb:
    """An upper bound of |poly(x) / (c*x^n)| for x >= start: the sum of |c_i/c|*start^(i-n)."""
    lead, n = as_ball(poly[-1]), len(poly) - 1
    return sum((abs(as_ball(c) / lead) * start ** (i - n) for i, c in enumerate(poly)), arb(0)).upper()


def linear_bound(poly: Poly, start: arb) -> arb:
    """a with poly(x) >= a*x for x >= start: c*ratio*x^n with x^n >= start^(n-1)*x, n >= 1."""
    n = len(poly) - 1
    if n < 1:
        raise NoTail("an exponent that does not grow")
    return (as_ball(poly[-1]) * ratio_below(poly, start) * start ** (n - 1)).lower()


# ---- bounds --------------------------------------------------------------------------------------


def real(value: int | Fraction) -> arb:
    """A rational as a ball."""
    return ball(value)


def raised(base: arb, exponent: int | Fraction) -> arb:
    """base^exponent for a positive base."""
    return base**exponent if isinstance(exponent, int) else base ** real(exponent)


def sum_of(a: Bound, b: Bound, start: arb) -> Bound:
    """A bound of the sum: with the larger power k and the smaller rate r, x^(l-k)*e^(-(s-r)*x) falls from start on."""
    if a.factor.is_zero():
        return b
    if b.factor.is_zero():
        return a
    power = max(a.power, b.power)
    rate = a.rate if a.rate <= b.rate else b.rate
    factor = arb(0)
    for part in (a, b):
        factor += part.factor * raised(start, part.power - power) * (-(part.rate - rate) * start).exp()
    return bound(factor, power, rate)


def product_of(a: Bound, b: Bound) -> Bound:
    """A bound of the product."""
    return bound(a.factor * b.factor, a.power + b.power, a.rate + b.rate)


def times_constant(a: Bound, factor: arb | int) -> Bound:
    """A bound of a number times it."""
    return bound(a.factor * factor, a.power, a.rate)


def main(germ: Germ) -> Bound:
    """A bound of over/under: (the sum of |n_i|*X^(i-n))/(|c|*(below of under)) * x^degree, for x >= X."""
    if not germ.over:
        return NOTHING
    n = len(germ.over) - 1
    above = sum((abs(as_ball(c)) * germ.start ** (i - n) for i, c in enumerate(germ.over)), arb(0))
    below = abs(as_ball(germ.under[-1])) * ratio_below(absolute(germ.under), germ.start)
    return bound(above / below, germ.degree)


def least(germ: Germ) -> arb:
    """b > 0 with |over/under + rest| >= b*x^degree for x >= start; raises NoTail where the rest may be as large.

    |N/D| >= |lead| * (below of N)/(above of D) * x^degree, and |rest|/x^degree is at most its largest.
    """
    if not germ.over:
        raise NoTail("nothing is known of its size")
    below = ratio_below(absolute(germ.over), germ.start) / ratio_above(germ.under, germ.start)
    relative = replace(germ.rest, power=germ.rest.power - germ.degree)
    found = abs(as_ball(germ.lead)) * below - largest(relative, germ.start)
    if not found > 0:
        raise NoTail("the rest may be as large as the main term")
    return found.lower()


def size(germ: Germ) -> Bound:
    """A bound of over/under + rest."""
    return sum_of(main(germ), germ.rest, germ.start)


def largest(of: Bound, start: arb) -> arb:
    """The supremum of a bound on x >= start; raises NoTail where it does not fall from there on.

    x^k*e^(-a*x) falls where k <= a*x; with a >= 0 it does so from start on if it does at start.
    """
    if of.factor.is_zero():
        return arb(0)
    if not of.rate * start >= real(of.power):
        raise NoTail("the rest does not fall yet")
    return (of.factor * raised(start, of.power) * (-of.rate * start).exp()).upper()


def fades(of: Bound, power: int | Fraction = 0) -> bool:
    """Whether a bound is small against x^power far out."""
    return bool(of.factor.is_zero() or of.rate > 0 or of.power < power)


def vanishes(germ: Germ) -> bool:
    """Whether it is 0."""
    return not germ.over and bool(germ.rest.factor.is_zero())


def inverse(germ: Germ) -> Germ:
    """1/u: 1/(m + r) = 1/m - (1/m)*q/(1 + q) with q = r/m, where |q| < 1/2 on the whole tail."""
    if not germ.over:
        raise NoTail("a divisor whose main term is not known")
    flipped = Germ(germ.start, scaled(germ.growth, fmpq(-1)), germ.under, germ.over, NOTHING)
    ratio = product_of(main(flipped), germ.rest)
    worst = largest(ratio, germ.start)
    if not worst < arb(1) / 2:
        raise NoTail("a divisor that may vanish")
    return replace(flipped, rest=times_constant(product_of(main(flipped), ratio), 1 / (1 - worst)))


def fading(germ: Germ) -> bool:
    """Whether it is a known main term that decays exponentially."""
    return bool(germ.growth) and bool(germ.over) and sign_of(germ.growth[-1]) < 0


def absorbed(germ: Germ) -> Germ:
    """With decay in the growth part moved into the rest, as e^-G <= e^(-a*x) where G >= a*x; growth proper stays."""
    if not germ.growth or sign_of(germ.growth[-1]) > 0:
        return germ
    decay = bound(arb(1), 0, linear_bound(absolute(germ.growth), germ.start))
    return Germ(germ.start, (), (), ONE, product_of(size(germ), decay))


def relative(germ: Germ) -> tuple[Coefficient, int, Germ]:
    """(c, m, d) with u = e^growth * c*x^m * (1 + d), where d has no growth and its main term goes to 0.

    The leading coefficient of N - c*x^m*D is exactly 0, whatever ball c is known by.
    """
    if not germ.over:
        raise NoTail("nothing is known of its size")
    c, m = germ.lead, germ.degree
    up, down = ((fmpq(0),) * max(0, -m)), ((fmpq(0),) * max(0, m))
    under = scaled((*down, *germ.under), c)
    over = trimmed([a - b for a, b in zip((*up, *germ.over), under, strict=True)][:-1])
    rest = bound(germ.rest.factor / abs(as_ball(c)), germ.rest.power - m, germ.rest.rate)
    return c, m, _germ(germ.start, (), over, under, rest)

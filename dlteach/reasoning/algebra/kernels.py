"""Quotients of polynomials with rational coefficients (FLINT) over kernels.

A kernel is a generator with a meaning: a symbol, pi, e^(r*m) and f^(1/q) with a unit r or 1/q of its own, ln|f|, sin
and cos of a multiple of an angle, (-1)^n, erf(u), and any other function of which only equal arguments are known to
give equal values. Letters: f, g are polynomials, m is a monomial or a primitive quotient, u any quotient, q the degree
of a root.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Any

from flint import arb, fmpq

from dlteach.reasoning.algebra.polynomials import (
    CONTEXT,
    GENERATORS,
    KERNELS,
    ONE,
    ZERO,
    Poly,
    TooBig,
    by_powers,
    factors,
    fraction,
    plain,
    sign_of,
)

MOST_TERMS = 3_000
MOST_FACTORED = 200  # terms of a polynomial that is still factored

ANY = frozenset({-1, 0, 1})
NONZERO = frozenset({-1, 1})
AT_LEAST_ZERO = frozenset({0, 1})
POSITIVE = frozenset({1})


class Vacuous(Exception):
    """Under the present assumptions something is not real, so there is nothing to show."""


class NeedSign(Exception):
    """The sign of this irreducible polynomial, whose leading coefficient is 1, must be known to go on.

    `weakly`: it is enough to know whether it is at least 0 or below.
    """

    def __init__(self, factor: Poly, weakly: bool = False) -> None:
        super().__init__(factor)
        self.factor, self.weakly = factor, weakly


class Again(Exception):
    """A unit was refined: all that was written in the old one is to be made anew."""


@dataclass(frozen=True)
class Kernel:
    """What a generator stands for: a kind, its argument's key, and the argument."""

    kind: str
    key: str
    argument: Any = None  # a quotient, several of them, or the polynomial of a root or a logarithm


@dataclass(frozen=True)
class Assumption:
    """The signs that a polynomial, scaled to leading coefficient 1, may have."""

    poly: Poly
    signs: frozenset[int]


@dataclass(frozen=True)
class Need:
    """What must hold for a value to be real: `poly` has one of `signs`. None: no rule says what must hold.

    `before` are the kernels that were met when the need arose: a bit for each.
    """

    poly: Poly | None
    signs: frozenset[int]
    before: int


@dataclass
class Quotient:
    """over/under, reduced only where a key or a sign is wanted."""

    field: Kernels
    over: Poly
    under: Poly

    def __neg__(self) -> Quotient:
        return Quotient(self.field, -self.over, self.under)

    def __add__(self, other: Quotient) -> Quotient:
        if self.under == other.under:
            return self.field.checked(self.over + other.over, self.under)
        over = self.field.times(self.over, other.under) + self.field.times(other.over, self.under)
        return self.field.checked(over, self.field.times(self.under, other.under))

    def __sub__(self, other: Quotient) -> Quotient:
        return self + -other

    def __mul__(self, other: Quotient) -> Quotient:
        return self.field.checked(self.field.times(self.over, other.over), self.field.times(self.under, other.under))

    def __truediv__(self, other: Quotient) -> Quotient:
        if other.over.is_zero():
            raise Vacuous
        self.field.need(other.over, NONZERO)
        return self.field.checked(self.field.times(self.over, other.under), self.field.times(self.under, other.over))


class Kernels:
    """The kernels of one proof, and arithmetic over them."""

    def __init__(self, units: dict[tuple[str, str], Fraction]) -> None:
        self.kernels: list[Kernel] = []
        self.index: dict[tuple[str, str], int] = {}
        self.units = units
        self.algebraic: list[int] = []  # the kernels of which a power is something simpler
        self.met = 0  # the kernels that this evaluation has met: a bit for each
        self.needs: list[Need] = []  # in the order in which they arose
        self.at: dict[int, arb] = {}  # the values of symbols at which balls are wanted

    # ---- kernels ------------------------------------------------------------------------------

    def kernel(self, kind: str, key: str, argument: Any = None) -> int:
        """The number of the generator for a kernel."""
        place = (kind, key)
        if place not in self.index:
            if len(self.kernels) == KERNELS:
                raise TooBig("the expression has too many different functions in it")
            self.index[place] = len(self.kernels)
            if kind in ("root", "sin", "parity"):
                self.algebraic.append(len(self.kernels))
            self.kernels.append(Kernel(kind, key, argument))
        self.met |= 1 << self.index[place]
        return self.index[place]

    def generator(self, kind: str, key: str, argument: Any = None) -> Quotient:
        """A kernel as a value."""
        return self.whole(GENERATORS[self.kernel(kind, key, argument)])

    def opaque(self, name: str, args: Iterable[Quotient], primes: int = 0) -> Quotient:
        """A function of which nothing is known but that equal arguments give equal values."""
        args = tuple(args)
        return self.generator(f"{name}{chr(39) * primes}", ",".join(self.key(arg) for arg in args), args)

    def whole(self, poly: Poly) -> Quotient:
        """A polynomial as a value."""
        return Quotient(self, poly, ONE)

    def number(self, value: Fraction | int) -> Quotient:
        """An exact rational."""
        value = Fraction(value)
        return self.whole(CONTEXT.constant(fmpq(value.numerator, value.denominator)))

    def unit(self, kind: str, key: str, multiple: Fraction, first: Fraction) -> int:
        """How many units a multiple is; refines the unit, `first` until then, where it must, and starts again."""
        unit = self.units.setdefault((kind, key), first)
        n = multiple / unit
        if n.denominator != 1:
            finer = Fraction(gcd(unit.numerator * multiple.denominator, multiple.numerator * unit.denominator), 1)
            self.units[kind, key] = finer / (unit.denominator * multiple.denominator)
            raise Again
        return int(n)

    def degree(self, root: Kernel) -> int:
        """The q of a kernel f^(1/q)."""
        return self.units["root", root.key].denominator

    def single(self, value: Quotient, *kinds: str) -> Kernel | None:
        """The kernel, if a value is just one of these kinds."""
        i = self.only_generator(value.over) if value.under.is_one() else None
        return self.kernels[i] if i is not None and self.kernels[i].kind in kinds else None

    def only_generator(self, poly: Poly) -> int | None:
        """The number of the generator that a polynomial is, if it is one."""
        if len(poly) != 1:
            return None
        return next((i for i in range(len(self.kernels)) if poly == GENERATORS[i]), None)

    def mask(self, poly: Poly) -> int:
        """The kernels in a polynomial, a bit for each."""
        return sum(1 << i for i, degree in enumerate(poly.degrees()) if degree > 0)

    def used(self, kernel: Kernel) -> set[int]:
        """The generators that a kernel's argument contains, however deep."""
        found: set[int] = set()
        for poly in _polys(kernel.argument):
            for i, degree in enumerate(poly.degrees()):
                if degree > 0 and i not in found:
                    found |= {i} | self.used(self.kernels[i])
        return found

    # ---- what must hold for all this to be real ------------------------------------------------

    def need(self, poly: Poly | None, signs: frozenset[int]) -> None:
        """Note that a value is real only where a polynomial has one of these signs."""
        if poly is None or not (poly.is_constant() and sign_of(poly.leading_coefficient()) in signs):
            self.needs.append(Need(poly, signs, self.met))

    def need_sign(self, value: Quotient, signs: frozenset[int]) -> None:
        """The same of a quotient whose denominator is not zero."""
        over, under = self.lowest(value)
        self.need(over * under, signs)

    # ---- arithmetic ---------------------------------------------------------------------------

    def times(self, a: Poly, b: Poly) -> Poly:
        """A product, unless it would be too large."""
        if len(a) * len(b) > 60 * MOST_TERMS:
            raise TooBig("the normal form is too large")
        return a * b

    def checked(self, over: Poly, under: Poly) -> Quotient:
        """A quotient in which sqrt(f)^2 is f again; what stands below is kept non-zero."""
        over, under = self.reduced(over), self.reduced(under)
        if len(over) + len(under) > MOST_TERMS:
            raise TooBig("the normal form is too large")
        if under.is_zero():
            raise Vacuous
        return Quotient(self, over, under)

    def reduced(self, poly: Poly) -> Poly:
        """With (f^(1/q))^q = f, sin^2 = 1 - cos^2 and ((-1)^n)^2 = 1 applied until none of them occurs."""
        if not self.algebraic:
            return poly
        degrees = poly.degrees()
        for i in self.algebraic:
            if degrees[i] < 2:
                continue
            kernel = self.kernels[i]
            q, power = 2, ONE
            if kernel.kind == "root":
                q, power = self.degree(kernel), kernel.argument
            elif kernel.kind == "sin":
                power = ONE - GENERATORS[self.kernel("cos", kernel.key, kernel.argument)] ** 2
            if degrees[i] >= q:
                parts = (
                    self.times(part * GENERATORS[i] ** (n % q), power ** (n // q)) for n, part in by_powers(poly, i)
                )
                return self.reduced(sum(parts, ZERO))
        return poly

    def lowest(self, value: Quotient) -> tuple[Poly, Poly]:
        """over and under without common factor, roots out of the denominator, leading coefficient of `under` 1."""
        over, under = value.over, value.under
        if not under.is_constant():
            for i in self.algebraic:
                least = min(int(exponents[i]) for exponents, _ in under.terms())
                if least and self.kernels[i].kind == "root":
                    rest = GENERATORS[i] ** (self.degree(self.kernels[i]) - least)
                    over, under = self.reduced(over * rest), self.reduced(under * rest)
            over, under = self.rationalised(over, under)
            common = over.gcd(under)
            over, under = over / common, under / common
        lead = under.leading_coefficient()
        return over / lead, under / lead

    def rationalised(self, over: Poly, under: Poly) -> tuple[Poly, Poly]:
        """With square roots of numbers taken out of a denominator that is a number."""
        for i in self.algebraic:
            kernel = self.kernels[i]
            if kernel.kind != "root" or not kernel.argument.is_constant() or under.degrees()[i] != 1 or len(under) > 8:
                continue
            if self.degree(kernel) == 2:
                conjugate = under - 2 * under.derivative(i) * GENERATORS[i]
                ball = self.constant_ball(conjugate)
                if ball is not None and not ball.contains(0):
                    over, under = self.reduced(self.times(over, conjugate)), self.reduced(under * conjugate)
        return over, under

    def key(self, value: Quotient) -> str:
        """A text that is the same for the same value."""
        over, under = self.lowest(value)
        return f"({over})/({under})"

    def rational(self, value: Quotient) -> Fraction | None:
        """The value of a constant; None for anything else."""
        over, under = self.lowest(value)
        if not over.is_constant() or not under.is_constant():
            return None
        return fraction(over.leading_coefficient()) if not over.is_zero() else Fraction(0)

    def factored(self, value: Quotient) -> tuple[Fraction, list[tuple[Poly, int]]]:
        """A constant and the irreducible factors, with leading coefficient 1, and exponents, negative below the bar."""
        over, under = self.lowest(value)
        if over.is_zero():
            return Fraction(0), []
        if len(over) + len(under) > MOST_FACTORED:
            raise TooBig("the normal form is too large to factor")
        above, below = factors(over), [] if under.is_constant() else factors(under)
        lead = fraction(over.leading_coefficient() / under.leading_coefficient())
        return lead, above + [(f, -n) for f, n in below]

    def parts(self, value: Quotient) -> Iterator[tuple[Fraction, Quotient]]:
        """A value as a sum of rational multiples of monomials, and of monomials over a common denominator."""
        over, under = self.lowest(value)
        if under.is_constant():
            wholes, rest = over, ZERO
        else:
            wholes, rest = divmod(over, under)
        for poly, below in ((wholes, ONE), (rest, under)):
            for exponents, coefficient in poly.terms():
                yield fraction(coefficient), Quotient(self, CONTEXT.from_dict({plain(exponents): 1}), below)

    def with_value(self, poly: Poly, i: int, value: Quotient) -> Quotient:
        """A polynomial with a value put in for a generator."""
        total = self.number(0)
        for n, part in by_powers(poly, i):
            power = Quotient(self, value.over**n, value.under**n)
            total = total + self.checked(self.times(part, power.over), power.under)
        return total

    # ---- constants ----------------------------------------------------------------------------

    def constant_ball(self, poly: Poly) -> arb | None:
        """The ball of a polynomial in constants; None where it contains anything else."""
        total = arb(0)
        for exponents, coefficient in poly.terms():
            term = arb(coefficient)
            for i, n in enumerate(exponents[: len(self.kernels)]):
                if n:
                    value = self.kernel_ball(i)
                    if value is None:
                        return None
                    term *= value ** int(n)
            total += term
        return total

    def ball_of(self, value: Quotient) -> arb | None:
        """The ball of a constant value; None for anything else."""
        over = self.constant_ball(value.over)
        under = None if over is None else self.constant_ball(value.under)
        return None if over is None or under is None else over / under

    def kernel_ball(self, i: int) -> arb | None:
        """The ball of a constant kernel."""
        kernel = self.kernels[i]
        if kernel.kind == "pi":
            return arb.pi()
        if kernel.kind == "symbol":
            return self.at.get(i)
        if kernel.kind in ("root", "ln"):
            inside = self.constant_ball(kernel.argument)
            if inside is None:
                return None
            return inside.root(self.degree(kernel)) if kernel.kind == "root" else abs(inside).log()
        if kernel.kind not in _METHODS or (inside := self.ball_of(kernel.argument)) is None:
            return None
        if kernel.kind in ("exp", "sin", "cos"):
            unit = self.units["exp" if kernel.kind == "exp" else "angle", kernel.key]
            inside = inside * unit.numerator / unit.denominator
        ball: arb = getattr(inside, _METHODS[kernel.kind])()
        return ball


_METHODS = {name: name for name in ("exp", "erf", "sin", "cos", "lambertw")} | {"atan": "atan", "asin": "asin"}


def _polys(argument: Any) -> Iterator[Poly]:
    if isinstance(argument, Quotient):
        yield from (argument.over, argument.under)
    elif isinstance(argument, tuple):
        for item in argument:
            yield from _polys(item)
    elif argument is not None:
        yield argument

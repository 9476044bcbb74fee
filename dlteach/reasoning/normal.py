"""A normal form that proves: quotients of polynomials over kernels, piece by piece.

An expression becomes N/D, polynomials with rational coefficients (FLINT) in *kernels*: symbols, pi, e^m,
ln|f|, sqrt(f), erf(u), sin(m), cos(m) and opaque functions. tanh, sigmoid, Phi, softplus and their kin are
written in e^u, erf and ln first. Two expressions are equal where the numerator of their difference reduces to
zero: that is a proof, and nothing is claimed when it does not.

Where a step depends on the sign of a factor f (|f|, max, a piecewise, sqrt(f^2)), the work stops with
`NeedSign(f)`, and `vanishes` starts again once for each sign that is possible: so a piecewise is proved on
each of its pieces and at their joints. A case in which something is not real is vacuous.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor, gcd
from typing import Any

from flint import Ordering, arb, fmpq, fmpq_mpoly_ctx, fmpz

from dlteach.notation.backend import Backend, Definitions, NotEvaluable
from dlteach.notation.names import Builtin
from dlteach.notation.tree import Call, Condition, Expr, InInterval, Negative, Piecewise, Relation, Sum

Poly = Any  # flint.fmpq_mpoly
KERNELS = 40
CONTEXT = fmpq_mpoly_ctx.get([f"k{i}" for i in range(KERNELS)], Ordering.lex)
GENERATORS = CONTEXT.gens()
ONE, ZERO = CONTEXT.constant(1), CONTEXT.constant(0)
MOST_TERMS = 3_000
MOST_CASES = 400


class TooBig(NotEvaluable):
    """The normal form would be too large, or is not made for this expression."""


class Vacuous(Exception):
    """Under the present assumptions a side is not real, so there is nothing to show."""


class NeedSign(Exception):
    """The sign of this irreducible polynomial must be known to go on."""

    def __init__(self, factor: Poly) -> None:
        super().__init__(factor)
        self.factor = factor


class _Again(Exception):
    """A unit of an exponential or an angle was refined: start again with the finer one."""


@dataclass(frozen=True)
class Kernel:
    """What a generator stands for: a kind and its argument's key (a name, a polynomial's text, …)."""

    kind: str
    key: str
    argument: Any = None


@dataclass(frozen=True)
class Assumption:
    """The signs that a polynomial, scaled to leading coefficient 1, may have."""

    poly: Poly
    signs: frozenset[int]


@dataclass
class Quotient:
    """over/under, reduced only where a key or a sign is wanted."""

    field: Field
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
        if self.field.is_zero(other.over):
            raise Vacuous
        return self.field.checked(self.field.times(self.over, other.under), self.field.times(self.under, other.over))


class Field(Backend[Quotient]):
    """The back end that computes normal forms under assumptions on signs."""

    column = ""

    def __init__(self, definitions: Definitions) -> None:
        super().__init__(definitions)
        self.kernels: list[Kernel] = []
        self.index: dict[tuple[str, str], int] = {}
        self.units: dict[tuple[str, str], Fraction] = {}
        self.assumed: dict[str, Assumption] = {}  # by the text of the irreducible polynomial
        self.values: dict[str, Quotient] = {}  # symbols that a case fixes

    # ---- kernels ------------------------------------------------------------------------------

    def kernel(self, kind: str, key: str, argument: Any = None) -> int:
        """The number of the generator for a kernel."""
        place = (kind, key)
        if place not in self.index:
            if len(self.kernels) == KERNELS:
                raise TooBig("the expression has too many different functions in it")
            self.index[place] = len(self.kernels)
            self.kernels.append(Kernel(kind, key, argument))
        return self.index[place]

    def generator(self, kind: str, key: str, argument: Any = None) -> Quotient:
        """A kernel as a value."""
        return Quotient(self, GENERATORS[self.kernel(kind, key, argument)], ONE)

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
        """With sqrt(f)^2 = f and sin^2 = 1 - cos^2 applied until neither occurs."""
        for i, kernel in enumerate(self.kernels):
            if kernel.kind not in ("sqrt", "sin") or poly.degrees()[i] < 2:
                continue
            square = kernel.argument if kernel.kind == "sqrt" else ONE - GENERATORS[self.kernel("cos", kernel.key)] ** 2
            by_power: dict[int, dict[tuple[int, ...], Any]] = {}
            for exponents, coefficient in poly.terms():
                rest = (*exponents[:i], exponents[i] % 2, *exponents[i + 1 :])
                by_power.setdefault(exponents[i] // 2, {})[tuple(map(int, rest))] = coefficient
            poly = ZERO
            for half, terms in by_power.items():
                poly += self.times(CONTEXT.from_dict(terms), square**half)
            return self.reduced(poly)
        return poly

    def lowest(self, value: Quotient) -> tuple[Poly, Poly]:
        """over and under without common factor, roots out of the denominator, leading coefficient of `under` 1."""
        over, under = value.over, value.under
        for i, kernel in enumerate(self.kernels):
            if kernel.kind == "sqrt" and all(exponents[i] == 1 for exponents, _ in under.terms()):
                over, under = self.reduced(over * GENERATORS[i]), self.reduced(under * GENERATORS[i])
        if not under.is_constant():
            common = over.gcd(under)
            over, under = over / common, under / common
        lead = under.leading_coefficient()
        return over / lead, under / lead

    def key(self, value: Quotient) -> str:
        """A text that is the same for the same value."""
        over, under = self.lowest(value)
        return f"({over})/({under})"

    def is_zero(self, poly: Poly) -> bool:
        """Whether a polynomial vanishes identically."""
        return bool(poly.is_zero())

    # ---- the back end's primitives ------------------------------------------------------------

    def number(self, value: Fraction | int) -> Quotient:
        value = Fraction(value)
        return Quotient(self, CONTEXT.constant(fmpq(value.numerator, value.denominator)), ONE)

    def constant(self, name: str) -> Quotient:
        if name == "oo":
            raise TooBig("infinity has no normal form")
        return self.exp(self.number(1)) if name == "e" else self.generator("pi", "")

    def symbol(self, name: str) -> Quotient:
        return self.values.get(name) or self.generator("symbol", name)

    def divide(self, over: Quotient, under: Quotient) -> Quotient:
        return over / under

    def power(self, base: Quotient, exponent: Quotient) -> Quotient:
        value = self.rational(exponent)
        if self.is_zero(base.over) and (value is None or value.denominator > 1):
            sign = self.sign(exponent)
            return self.number(0) if sign > 0 else self.number(1) if sign == 0 else self.number(1) / base
        if value is None:
            # a negative base has real powers too, at integers: nothing is known of them but equality
            return self.exp(exponent * self.ln(base)) if self.sign(base) > 0 else self.opaque("power", [base, exponent])
        if value.denominator == 1:
            return self.whole_power(base, int(value))
        if value.denominator == 2:
            return self.whole_power(self.sqrt(base), value.numerator)
        if self.sign(base) < 0:  # asked, so that a base of 0 becomes a case of its own
            raise Vacuous
        return self.exp(exponent * self.ln(base))

    def whole_power(self, base: Quotient, n: int) -> Quotient:
        """`base^n` by repeated multiplication, so that every size is checked on the way."""
        if n < 0:
            return self.number(1) / self.whole_power(base, -n)
        if (n > 64 and len(base.over) + len(base.under) > 2) or n > 2_000:
            raise TooBig("the power is too high")
        result = self.number(1)
        while n:
            if n & 1:
                result = result * base
            base, n = (base * base if n > 1 else base), n >> 1
        return result

    def rational(self, value: Quotient) -> Fraction | None:
        """The value of a constant; None for anything else."""
        over, under = self.lowest(value)
        if not over.is_constant() or not under.is_constant():
            return None
        ratio = over.leading_coefficient() if not over.is_zero() else fmpq(0)
        return Fraction(int(ratio.p), int(ratio.q))

    def builtin(self, row: Builtin, how: str, args: list[Quotient]) -> Quotient:
        if rewrite := REWRITTEN.get(row.name):
            value: Quotient = rewrite(self, args[0])
            return value
        if row.name in ("max", "min"):
            result = args[0]
            for other in args[1:]:
                first_wins = self.sign(result - other) * (1 if row.name == "max" else -1) >= 0
                result = result if first_wins else other
            return result
        if row.name in ODD:
            return self.odd(row.name, args[0])
        if row.name == "lambertw":
            return self.generator("lambertw", self.key(args[0]), args[0])
        return self.opaque(row.name, args)

    def opaque(self, name: str, args: Iterable[Quotient], primes: int = 0) -> Quotient:
        """A function of which nothing is known but that equal arguments give equal values."""
        return self.generator(f"{name}{chr(39) * primes}", ",".join(self.key(arg) for arg in args))

    def unknown(self, expr: Call, args: list[Quotient]) -> Quotient:
        return self.opaque(f"{expr.name}()", args)

    def other(self, expr: Expr, env: Mapping[str, Quotient]) -> Quotient:
        if isinstance(expr, Call) and expr.name not in self.definitions:
            return self.opaque(f"{expr.name}()", [self(arg, env) for arg in expr.args], expr.primes)
        raise TooBig("the normal form knows no limits, integrals or sums")

    def odd(self, name: str, value: Quotient) -> Quotient:
        """An odd function of which nothing else is known."""
        over, _ = self.lowest(value)
        if over.is_zero():
            return self.number(0)
        if over.leading_coefficient() < 0:
            return -self.generator(name, self.key(-value), -value)
        return self.generator(name, self.key(value), value)

    # ---- exponentials, logarithms, roots, angles ----------------------------------------------

    def parts(self, value: Quotient) -> list[tuple[Fraction, Quotient]]:
        """A value as a sum of rational multiples of monomials (or of one primitive quotient)."""
        over, under = self.lowest(value)
        found = []
        if under.is_constant():
            for exponents, coefficient in over.terms():
                monomial = CONTEXT.from_dict({tuple(map(int, exponents)): 1})
                found.append((Fraction(int(coefficient.p), int(coefficient.q)), Quotient(self, monomial, ONE)))
            return found
        for exponents, coefficient in over.terms():
            term = Quotient(self, CONTEXT.from_dict({tuple(map(int, exponents)): 1}), under)
            found.append((Fraction(int(coefficient.p), int(coefficient.q)), term))
        return found

    def unit(self, kind: str, key: str, multiple: Fraction) -> int:
        """How many units a multiple of an argument is; refines the unit and starts again where it must."""
        unit = self.units.setdefault((kind, key), abs(multiple))
        n = multiple / unit
        if n.denominator != 1:
            finer = Fraction(gcd(unit.numerator * multiple.denominator, multiple.numerator * unit.denominator), 1)
            self.units[kind, key] = finer / (unit.denominator * multiple.denominator)
            raise _Again
        return int(n)

    def exp(self, value: Quotient) -> Quotient:
        """e^value, a product over the terms of the exponent."""
        result = self.number(1)
        for multiple, part in self.parts(value):
            logarithm = self.single(part, "ln")
            if logarithm is not None and multiple.denominator == 1:
                factor = self.absolute_factor(self.kernels[logarithm].argument)
                result = result * self.whole_power(Quotient(self, factor, ONE), int(multiple))
                continue
            if logarithm is not None and self.kernels[logarithm].argument.is_constant():
                whole = floor(multiple)  # 2^(7/4) = 2*2^(3/4), so that powers of a number have one form
                base = Quotient(self, self.kernels[logarithm].argument, ONE)
                result, multiple = result * self.whole_power(base, whole), multiple - whole
            lambert = self.single(part, "lambertw")
            if lambert is not None and multiple.denominator == 1:  # e^W(u) = u/W(u)
                inside: Quotient = self.kernels[lambert].argument
                result = result * self.whole_power(inside / part, int(multiple))
                continue
            key = self.key(part)
            n = self.unit("exp", key, multiple)
            if abs(n) > 100_000:
                raise TooBig("the exponents have no common measure")
            monomial = GENERATORS[self.kernel("exp", key, part)] ** abs(n)
            result = result * (Quotient(self, monomial, ONE) if n > 0 else Quotient(self, ONE, monomial))
        return result

    def single(self, value: Quotient, kind: str) -> int | None:
        """The kernel's number, if a value is just one kernel of this kind."""
        if value.under.is_one():
            for i, kernel in enumerate(self.kernels):
                if kernel.kind == kind and value.over == GENERATORS[i]:
                    return i
        return None

    def factored(self, value: Quotient) -> tuple[Fraction, list[tuple[Poly, int]]]:
        """A constant and the irreducible factors with their exponents, negative below the bar."""
        over, under = self.lowest(value)
        if over.is_zero():
            return Fraction(0), []
        if len(over) + len(under) > 200:
            raise TooBig("the normal form is too large to factor")
        constant, factors = over.factor()
        below, more = under.factor()
        pairs = [(f, int(n)) for f, n in factors] + [(f, -int(n)) for f, n in more]
        ratio = constant / below
        return Fraction(int(ratio.p), int(ratio.q)), pairs

    def ln(self, value: Quotient) -> Quotient:
        """ln(value) as a sum over the factors; where the value is not positive there is nothing to show."""
        constant, factors = self.factored(value)
        if constant == 0 or (not factors and constant < 0):
            raise Vacuous
        result = self.number(0)
        for prime, n in primes(abs(constant)):
            result = result + self.generator("ln", str(prime), CONTEXT.constant(prime)) * self.number(n)
        if len(factors) == 1 and factors[0][1] % 2:
            self.assume_positive(factors[0][0], constant > 0)
        for factor, n in factors:
            result = result + self.ln_of_factor(factor) * self.number(n)
        return result

    def assume_positive(self, factor: Poly, positive: bool) -> None:
        """Go on only where a factor has the sign that makes a side real."""
        monic, flip = normed(factor)
        needed = frozenset({1 if positive != flip else -1})
        if not self.known_sign(monic) & needed:
            raise Vacuous
        self.assumed[str(monic)] = Assumption(monic, needed)

    def ln_of_factor(self, factor: Poly) -> Quotient:
        """ln|factor|; that of e^m is m."""
        i = self.only_generator(factor)
        if i is not None and self.kernels[i].kind == "exp":
            kernel = self.kernels[i]
            exponent: Quotient = kernel.argument * self.number(self.units["exp", kernel.key])
            return exponent
        if i is not None and self.kernels[i].kind == "sqrt":
            return self.ln(Quotient(self, self.kernels[i].argument, ONE)) / self.number(2)
        return self.generator("ln", str(factor), factor)

    def only_generator(self, poly: Poly) -> int | None:
        """The number of the generator that a polynomial is, if it is one."""
        return next((i for i in range(len(self.kernels)) if poly == GENERATORS[i]), None)

    def sqrt(self, value: Quotient) -> Quotient:
        """sqrt(value): squares come out as absolute values, positive factors get a root of their own."""
        constant, factors = self.factored(value)
        if constant == 0:
            return self.number(0)
        result = self.number(1)
        for prime, n in primes(abs(constant)):
            result = result * self.whole_power(self.number(prime), n // 2)
            if n % 2:
                result = result * self.root(CONTEXT.constant(prime))
        rest = CONTEXT.constant(1 if constant > 0 else -1)
        for factor, n in factors:
            i = self.only_generator(factor)
            if i is not None and self.kernels[i].kind == "exp":
                kernel = self.kernels[i]
                half = self.number(self.units["exp", kernel.key] * n / 2)
                result = result * self.exp(kernel.argument * half)
                continue
            if n // 2:
                outside = Quotient(self, factor if n // 2 % 2 == 0 else self.absolute_factor(factor), ONE)
                result = result * self.whole_power(outside, n // 2)
            if n % 2:
                known = self.known_sign(factor)
                if known == frozenset({1}):
                    result = result * self.root(factor)
                elif known == frozenset({-1}):
                    result, rest = result * self.root(-factor), -rest
                else:
                    rest = rest * factor
        if rest.is_constant():
            if rest.leading_coefficient() < 0:
                for factor, n in factors:  # sqrt(-x^2) is real after all where x is 0
                    if n > 1 and 0 in (known := self.known_sign(factor)) and len(known) > 1:
                        raise NeedSign(normed(factor)[0])
                raise Vacuous
            return result
        return result * self.root(rest)

    def root(self, inside: Poly) -> Quotient:
        """The kernel sqrt(inside) of a square-free polynomial."""
        return self.generator("sqrt", str(inside), inside)

    def angle(self, value: Quotient, start: tuple[Quotient, Quotient] | None = None) -> tuple[Quotient, Quotient]:
        """(cos, sin) of a value, by the addition theorems over its terms."""
        c, s = start or (self.number(1), self.number(0))
        for multiple, part in self.parts(value):
            key = self.key(part)
            if key == self.key(self.constant("pi")):
                turn = _QUARTERS.get(multiple % 2)
                if turn is None:
                    raise TooBig("an angle that is no multiple of pi/2")
                a, b = self.number(turn[0]), self.number(turn[1])
            else:
                n = self.unit("angle", key, multiple)
                if abs(n) > 24:
                    raise TooBig("the angles have no common measure")
                a, b = self.number(1), self.number(0)
                one = self.generator("cos", key), self.generator("sin", key)
                for _ in range(abs(n)):
                    a, b = a * one[0] - b * one[1], a * one[1] + b * one[0]
                b = b if n > 0 else -b
            c, s = c * a - s * b, c * b + s * a
        return c, s

    # ---- signs --------------------------------------------------------------------------------

    def sign(self, value: Quotient) -> int:
        """-1, 0 or 1; raises NeedSign where the assumptions do not tell."""
        constant, factors = self.factored(value)
        sign = _sign_of(constant)
        unknown = None
        for factor, n in factors if sign else []:
            known = self.known_sign(factor)
            if known == frozenset({0}):
                if n < 0:
                    raise Vacuous
                return 0
            if len(known) == 1:
                sign *= next(iter(known)) if n % 2 else 1
            else:
                unknown = factor
        if unknown is not None:
            raise NeedSign(normed(unknown)[0])
        return sign

    def absolute(self, value: Quotient) -> Quotient:
        """|value|."""
        return value if self.sign(value) >= 0 else -value

    def absolute_factor(self, factor: Poly) -> Poly:
        """|factor| as a polynomial."""
        known = self.known_sign(factor)
        if known <= {0, 1}:
            return factor
        if known <= {0, -1}:
            return -factor
        raise NeedSign(normed(factor)[0])

    def known_sign(self, poly: Poly) -> frozenset[int]:
        """The signs that a polynomial may have, from the assumptions and from its terms."""
        monic, flip = normed(poly)
        known = self.assumed_signs(monic)
        for deduce in (
            self.sign_by_terms,
            self.sign_by_exponent,
            self.sign_by_bounds,
            self.sign_by_range,
            self.sign_by_pairs,
            self.sign_by_logarithm,
        ):
            if len(known) > 1:
                known &= deduce(monic)
        return frozenset(-s for s in known) if flip else known

    def assumed_signs(self, monic: Poly) -> frozenset[int]:
        """What the present case assumes of a polynomial."""
        found = self.assumed.get(str(monic))
        return found.signs if found else ANY

    def sign_by_exponent(self, poly: Poly) -> frozenset[int]:
        """e^a - e^b has the sign of a - b."""
        if len(poly) != 2:
            return ANY
        (first, c), (second, d) = poly.terms()
        if c + d != 0:
            return ANY
        difference = self.number(0)
        for i, (m, n) in enumerate(zip(first, second, strict=True)):
            if m != n:
                kernel = self.kernels[i]
                if kernel.kind != "exp":
                    return ANY
                difference = difference + kernel.argument * self.number(
                    self.units["exp", kernel.key] * (int(m) - int(n))
                )
        return frozenset({self.sign(difference) * (1 if c > 0 else -1)})

    def sign_by_terms(self, poly: Poly) -> frozenset[int]:
        """A sum of terms that all have one sign has it; constants are decided by a ball."""
        if (ball := self.constant_ball(poly)) is not None:
            return frozenset({1}) if ball > 0 else frozenset({-1}) if ball < 0 else ANY
        total: frozenset[int] = frozenset({0})
        for exponents, coefficient in poly.terms():
            sign: frozenset[int] = frozenset({1 if coefficient > 0 else -1})
            for i, n in enumerate(exponents):
                if n:
                    own = self.kernel_sign(i)
                    own = own if int(n) % 2 else frozenset(s * s for s in own)
                    sign = frozenset(a * b for a in sign for b in own)
            if (1 in sign and -1 in total) or (-1 in sign and 1 in total):
                return ANY  # terms of both signs: only their sizes would tell
            total = frozenset(_sign_of(a + b) for a in total for b in sign)
        return total

    def kernel_sign(self, i: int) -> frozenset[int]:
        """The signs that a kernel may have."""
        kernel = self.kernels[i]
        if kernel.kind in ("exp", "pi"):
            return frozenset({1})
        if kernel.kind == "sqrt":
            return (
                frozenset({1})
                if kernel.argument.is_constant() or self.known_sign(kernel.argument) == {1}
                else frozenset({0, 1})
            )
        if kernel.kind == "ln" and not kernel.argument.is_constant():
            positive = self.assumed_or_by_terms(kernel.argument) == {1}
            return (
                self.sign_by_terms(kernel.argument - ONE) & self.sign_by_bounds(kernel.argument - ONE)
                if positive
                else ANY
            )
        if kernel.kind in ODD and kernel.argument is not None:
            over, under = self.lowest(kernel.argument)
            if under.is_constant() and over != GENERATORS[i] and len(over) < 20:
                return self.sign_by_terms(over)
        return self.assumed_signs(GENERATORS[i])

    def sign_by_bounds(self, poly: Poly) -> frozenset[int]:
        """x - c compared with what is assumed of x - d, for constants c and d."""
        here = self.linear(poly)
        if here is None:
            return ANY
        allowed = ANY
        for assumption in self.assumed.values():
            there = self.linear(assumption.poly)
            if there is None or there[0] != here[0]:
                continue
            gap = self.constant_ball(there[1] - here[1])  # (x - c) - (x - d)
            signs = frozenset(s * there[2] for s in assumption.signs)
            if gap is None:
                continue
            if (gap > 0 and signs <= {0, 1}) or (gap >= 0 and signs <= {1}):
                allowed &= {1}
            if (gap < 0 and signs <= {0, -1}) or (gap <= 0 and signs <= {-1}):
                allowed &= {-1}
            if gap == 0:
                allowed &= signs
        return frozenset(s * here[2] for s in allowed)

    def sign_by_range(self, poly: Poly) -> frozenset[int]:
        """c*k + d for a kernel k whose values are bounded, from the two ends of its range."""
        for i, kernel in enumerate(self.kernels):
            if kernel.kind not in RANGES or poly.degrees()[i] != 1:
                continue
            slope = poly.derivative(i)
            balls = [self.constant_ball(poly - slope * GENERATORS[i] + slope * end) for end in (-ONE, ONE)]
            ends = [ball for ball in balls if ball is not None]
            if len(ends) < 2 or self.constant_ball(slope) is None:
                return ANY
            found = {0} if any(end.contains(0) for end in ends) and not RANGES[kernel.kind] else set[int]()
            found |= {1 if end > 0 else -1 for end in ends if not end.contains(0)}
            exact = all(end > 0 or end < 0 or end.is_zero() for end in ends)
            return frozenset(found) if exact and len(found - {0}) == 1 else ANY
        return ANY

    def sign_by_pairs(self, poly: Poly) -> frozenset[int]:
        """a*p + b*q with a, b > 0, where p and q are assumed to have one sign, has that sign too."""
        sides = []
        for assumption in self.assumed.values():
            if assumption.signs <= {0, 1} or assumption.signs <= {0, -1}:
                side = 1 if 1 in assumption.signs else -1
                sides.append((assumption.poly * side, 0 in assumption.signs))
        wanted = frozenset({0, 1, -1})
        for way in (1, -1):
            for i, (p, p_zero) in enumerate(sides):
                for q, q_zero in sides[i + 1 :]:
                    if _is_positive_combination(poly * way, p, q):
                        wanted &= {way, 0} if p_zero and q_zero else {way}
        return wanted

    def sign_by_logarithm(self, poly: Poly) -> frozenset[int]:
        """c*ln(f) + g has the sign of c*(f - e^(-g/c)), for a constant c and f > 0."""
        for i, kernel in enumerate(self.kernels):
            if kernel.kind != "ln" or poly.degrees()[i] != 1:
                continue
            slope = poly.derivative(i)
            rest = poly - slope * GENERATORS[i]
            if not slope.is_constant() or rest.is_zero() or self.assumed_or_by_terms(kernel.argument) != {1}:
                continue
            c = slope.leading_coefficient()
            bound = self.exp(Quotient(self, -rest / c, ONE))
            over, under = self.lowest(Quotient(self, kernel.argument, ONE) - bound)
            signs = self.sign_by_terms(over) if self.sign_by_terms(under) == {1} else ANY
            return frozenset(s if c > 0 else -s for s in signs)
        return ANY

    def assumed_or_by_terms(self, poly: Poly) -> frozenset[int]:
        """The signs that a polynomial may have, by what is cheap to see."""
        monic, flip = normed(poly)
        known = self.assumed_signs(monic) & self.sign_by_terms(monic)
        return frozenset(-s for s in known) if flip else known

    def consistent(self) -> bool:
        """Whether no assumption contradicts what its own terms, or two others, say."""
        for key, assumption in list(self.assumed.items()):
            if len(assumption.poly) < 2:
                continue
            del self.assumed[key]
            known = assumption.signs & self.sign_by_terms(assumption.poly) & self.sign_by_pairs(assumption.poly)
            self.assumed[key] = assumption
            if not known:
                return False
        return True

    def linear(self, poly: Poly) -> tuple[int, Poly, int] | None:
        """(i, c, s) where poly is a multiple, of sign s, of x_i - c, with c free of symbols."""
        symbols = [i for i, k in enumerate(self.kernels) if k.kind == "symbol" and poly.degrees()[i]]
        if len(symbols) != 1 or poly.degrees()[symbols[0]] != 1:
            return None
        slope = poly.derivative(symbols[0])
        if not slope.is_constant():
            return None
        rest = GENERATORS[symbols[0]] - poly / slope.leading_coefficient()
        side = 1 if slope.leading_coefficient() > 0 else -1
        return (symbols[0], rest, side) if self.constant_ball(rest) is not None else None

    def constant_ball(self, poly: Poly) -> arb | None:
        """The ball of a polynomial in constants; None where it contains anything else."""
        total = arb(0)
        for exponents, coefficient in poly.terms():
            term = arb(fmpq(coefficient.p, coefficient.q))
            for i, n in enumerate(exponents):
                if n:
                    value = self.kernel_ball(i)
                    if value is None:
                        return None
                    term *= value ** int(n)
            total += term
        return total

    def kernel_ball(self, i: int) -> arb | None:
        """The ball of a constant kernel."""
        kernel = self.kernels[i]
        if kernel.kind == "pi":
            return arb.pi()
        if kernel.kind in ("sqrt", "ln"):
            inside = self.constant_ball(kernel.argument)
            return None if inside is None else inside.sqrt() if kernel.kind == "sqrt" else abs(inside).log()
        if kernel.kind in ("exp", "erf") and kernel.argument is not None:
            over = self.constant_ball(kernel.argument.over)
            under = self.constant_ball(kernel.argument.under)
            if over is None or under is None:
                return None
            if kernel.kind == "erf":
                return (over / under).erf()
            unit = self.units["exp", kernel.key]
            return (over / under * unit.numerator / unit.denominator).exp()
        return None

    # ---- piecewise ----------------------------------------------------------------------------

    def piecewise(self, expr: Piecewise, env: Mapping[str, Quotient]) -> Quotient:
        for branch in expr.branches:
            if branch.condition is None or self.holds(branch.condition, env):
                return self(branch.value, env)
        raise Vacuous

    def holds(self, relation: Relation, env: Mapping[str, Quotient]) -> bool:
        """Whether a chain is true under the assumptions."""
        sides = [self(side, env) for side in relation.sides]
        for sign, a, b in zip(relation.signs, sides, sides[1:], strict=False):
            if self.sign(a - b) not in ALLOWED[sign]:
                return False
        return True


ANY = frozenset({-1, 0, 1})
ALLOWED: Mapping[str, frozenset[int]] = {
    "=": frozenset({0}),
    "!=": frozenset({-1, 1}),
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    ">": frozenset({1}),
    ">=": frozenset({0, 1}),
}
ODD = ("erf", "atan", "asin")
RANGES = {"erf": True, "sin": False, "cos": False}  # kernels between -1 and 1; whether the ends are never taken
_QUARTERS = {Fraction(0): (1, 0), Fraction(1, 2): (0, 1), Fraction(1): (-1, 0), Fraction(3, 2): (0, -1)}


def _sign_of(value: Fraction | int) -> int:
    return (value > 0) - (value < 0)


def primes(value: Fraction) -> list[tuple[int, int]]:
    """The prime factors of a positive rational with their exponents."""
    if max(value.numerator, value.denominator).bit_length() > 200:
        raise TooBig("the number is too large to factor")
    above = [(int(p), int(n)) for p, n in fmpz(value.numerator).factor()]
    below = [(int(p), -int(n)) for p, n in fmpz(value.denominator).factor()]
    return above + below


def _is_positive_combination(poly: Poly, p: Poly, q: Poly) -> bool:
    """Whether poly = a*p + b*q with positive numbers a and b."""
    rows = {tuple(map(int, e)) for part in (poly, p, q) for e, _ in part.terms()}
    table = [{tuple(map(int, e)): c for e, c in part.terms()} for part in (p, q, poly)]
    rows_of = [tuple(part.get(row, 0) for part in table) for row in sorted(rows)]
    for i, (p1, q1, r1) in enumerate(rows_of):
        for p2, q2, r2 in rows_of[i + 1 :]:
            det = p1 * q2 - p2 * q1
            if det != 0:
                a, b = (r1 * q2 - r2 * q1) / det, (p1 * r2 - p2 * r1) / det
                return bool(a > 0 and b > 0) and all(a * x + b * y == r for x, y, r in rows_of)
    return False


def normed(poly: Poly) -> tuple[Poly, bool]:
    """A polynomial scaled to leading coefficient 1, and whether that turned its sign."""
    lead = poly.leading_coefficient()
    return poly / lead, bool(lead < 0)


def _hyperbolic(field: Field, u: Quotient) -> tuple[Quotient, Quotient]:
    """(cosh, sinh) doubled."""
    up, down = field.exp(u), field.exp(-u)
    return up + down, up - down


def _tanh(field: Field, u: Quotient) -> Quotient:
    square = field.exp(u + u)
    return (square - field.number(1)) / (square + field.number(1))


def _normal_cdf(field: Field, u: Quotient) -> Quotient:
    half = field.number(Fraction(1, 2))
    return half + half * field.odd("erf", u / field.sqrt(field.number(2)))


def _density(field: Field, u: Quotient) -> Quotient:
    two = field.number(2)
    return field.exp(-(u * u) / two) / field.sqrt(two * field.constant("pi"))


def _sign(field: Field, u: Quotient) -> Quotient:
    return field.number(field.sign(u))


REWRITTEN: Mapping[str, Callable[[Field, Quotient], Quotient]] = {
    "exp": lambda f, u: f.exp(u),
    "ln": lambda f, u: f.ln(u),
    "log": lambda f, u: f.ln(u),
    "log2": lambda f, u: f.ln(u) / f.ln(f.number(2)),
    "log10": lambda f, u: f.ln(u) / f.ln(f.number(10)),
    "sqrt": lambda f, u: f.sqrt(u),
    "cbrt": lambda f, u: _sign(f, u) * f.exp(f.ln(f.absolute(u)) / f.number(3)) if f.sign(u) else f.number(0),
    "abs": lambda f, u: f.absolute(u),
    "sign": _sign,
    "erfc": lambda f, u: f.number(1) - f.odd("erf", u),
    "sinh": lambda f, u: _hyperbolic(f, u)[1] / f.number(2),
    "cosh": lambda f, u: _hyperbolic(f, u)[0] / f.number(2),
    "tanh": _tanh,
    "coth": lambda f, u: f.number(1) / _tanh(f, u),
    "sech": lambda f, u: f.number(2) / _hyperbolic(f, u)[0],
    "csch": lambda f, u: f.number(2) / _hyperbolic(f, u)[1],
    "asinh": lambda f, u: f.ln(u + f.sqrt(u * u + f.number(1))),
    "acosh": lambda f, u: f.ln(u + f.sqrt(u * u - f.number(1))),
    "atanh": lambda f, u: f.ln((f.number(1) + u) / (f.number(1) - u)) / f.number(2),
    "sin": lambda f, u: f.angle(u)[1],
    "cos": lambda f, u: f.angle(u)[0],
    "tan": lambda f, u: f.angle(u)[1] / f.angle(u)[0],
    "cot": lambda f, u: f.angle(u)[0] / f.angle(u)[1],
    "sec": lambda f, u: f.number(1) / f.angle(u)[0],
    "csc": lambda f, u: f.number(1) / f.angle(u)[1],
    "Phi": _normal_cdf,
    "phi": _density,
    "sigmoid": lambda f, u: f.number(1) / (f.number(1) + f.exp(-u)),
}


# ---- the door ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """The assumptions of one case: signs of polynomials, and symbols that a joint fixes."""

    assumed: Mapping[str, Assumption]
    values: Mapping[str, Quotient]


def vanishes(
    difference: Expr, conditions: Iterable[Condition], definitions: Definitions, joints: bool = True
) -> int | None:
    """Whether `difference` is zero for all real values under the conditions: the number of cases shown, or None.

    With `joints` off, points where the sign of something changes are left out: two derivatives are compared
    off the kinks. None means only that this method cannot tell.
    """
    field = Field(definitions)
    shown = 0
    for value in _cases(field, difference, conditions, lambda value: value, joints):
        if value is TROUBLE or (value is not None and not field.is_zero(value.over)):
            return None
        shown += 1
    return shown


def signs(difference: Expr, conditions: Iterable[Condition], definitions: Definitions) -> frozenset[int] | None:
    """The signs that `difference` takes, as far as they follow from its form; None where that is too hard."""
    field = Field(definitions)
    found: set[int] = set()
    for sign in _cases(field, difference, conditions, field.sign, True):
        if sign is TROUBLE:
            return None
        found |= set() if sign is None else {sign}
    return frozenset(found)


TROUBLE = object()


def _cases(
    field: Field, expr: Expr, conditions: Iterable[Condition], ask: Callable[[Quotient], Any], joints: bool
) -> Iterator[Any]:
    """What `ask` says of the value of `expr` in each case; None for a vacuous case, TROUBLE where it cannot be done."""
    shown = 0
    try:
        waiting = [_start(field, conditions)]
        while waiting:
            case = waiting.pop()
            try:
                yield _evaluated(field, expr, case, ask)
                shown += 1
            except NeedSign as need:
                waiting.extend(_split(field, case, need.factor, joints))
            if shown + len(waiting) > MOST_CASES:
                yield TROUBLE
    except NotEvaluable:
        yield TROUBLE


def _evaluated(field: Field, expr: Expr, case: Case, ask: Callable[[Quotient], Any]) -> Any:
    """What `ask` says of the value under the assumptions of a case; None where it is vacuous."""
    for _ in range(30):
        field.assumed, field.values = dict(case.assumed), dict(case.values)
        if not field.consistent():
            return None
        try:
            return ask(field(expr, {}))
        except _Again:
            continue
        except Vacuous:
            return None
    raise TooBig("the exponents have no common measure")


def _split(field: Field, case: Case, factor: Poly, joints: bool) -> list[Case]:
    """The case once for each sign that `factor` may have."""
    field.assumed, field.values = dict(case.assumed), dict(case.values)
    cases = []
    for sign in field.known_sign(factor):
        if sign == 0 and not joints:
            continue
        assumed = {**case.assumed, str(factor): Assumption(factor, frozenset({sign}))}
        values = dict(case.values)
        if sign == 0 and (solved := _solved(field, factor)) is not None:
            name, value = solved
            values[name] = value
        cases.append(Case(assumed, values))
    return cases


def _solved(field: Field, poly: Poly) -> tuple[str, Quotient] | None:
    """A symbol and its value where `poly` is zero: one that occurs linearly with a constant coefficient."""
    for i, kernel in enumerate(field.kernels):
        if kernel.kind != "symbol" or poly.degrees()[i] != 1 or kernel.key in field.values:
            continue
        slope = poly.derivative(i)
        others = [k for j, k in enumerate(field.kernels) if k.kind != "symbol" and poly.degrees()[j]]
        if slope.is_constant() and not any(i in _used(field, k) for k in others):
            return kernel.key, Quotient(field, slope * GENERATORS[i] - poly, slope)
    return None


def _used(field: Field, kernel: Kernel) -> set[int]:
    """The generators that a kernel's argument contains, however deep."""
    argument = kernel.argument
    polys = (
        [argument.over, argument.under]
        if isinstance(argument, Quotient)
        else [argument]
        if argument is not None
        else []
    )
    found: set[int] = set()
    for poly in polys:
        for i, degree in enumerate(poly.degrees()):
            if degree:
                found |= {i} | _used(field, field.kernels[i])
    return found


def _start(field: Field, conditions: Iterable[Condition]) -> Case:
    """What the conditions say, as far as they are signs of irreducible polynomials."""
    assumed: dict[str, Assumption] = {}
    for left, sign, right in links(conditions):
        try:
            found = _evaluated(field, Sum((left, Negative(right))), Case(assumed, {}), field.factored)
        except (NeedSign, NotEvaluable):
            continue  # a condition that has no normal form, such as x < oo, tells nothing
        constant, factors = found or (Fraction(0), [])
        if len(factors) == 1 and factors[0][1] == 1:
            monic, flip = normed(factors[0][0])
            side = 1 if (constant > 0) != flip else -1
            allowed = frozenset(s * side for s in ALLOWED[sign])
            before = assumed.get(str(monic), Assumption(monic, ANY))
            assumed[str(monic)] = Assumption(monic, before.signs & allowed)
    return Case(assumed, {})


def links(conditions: Iterable[Condition]) -> Iterator[tuple[Expr, str, Expr]]:
    """Every single relation that the conditions contain."""
    for condition in conditions:
        if isinstance(condition, Relation):
            yield from zip(condition.sides, condition.signs, condition.sides[1:], strict=False)
        elif isinstance(condition, InInterval):
            interval = condition.interval
            yield interval.lower, "<" if interval.open_below else "<=", condition.symbol
            yield condition.symbol, "<" if interval.open_above else "<=", interval.upper

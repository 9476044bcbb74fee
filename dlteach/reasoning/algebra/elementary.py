"""Powers, exponentials, logarithms and roots over kernels, by the laws that hold for real numbers.

Letters: u is the argument, f, g and h are polynomials, f irreducible.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor, prod

from dlteach.reasoning.algebra.assumptions import Assuming
from dlteach.reasoning.algebra.kernels import ANY, AT_LEAST_ZERO, POSITIVE, Kernel, NeedSign, Quotient, Vacuous
from dlteach.reasoning.algebra.polynomials import (
    CONTEXT,
    GENERATORS,
    ONE,
    Poly,
    TooBig,
    fraction,
    normed,
    primes,
    sign_of,
)

MOST_UNITS = 100_000


class Elementary(Assuming):
    """Kernels with the elementary functions."""

    def __init__(self, units: dict[tuple[str, str], Fraction], integers: frozenset[str]) -> None:
        super().__init__(units)
        self.integers = integers  # the symbols that stand for integers

    # ---- powers -------------------------------------------------------------------------------

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

    def broken_power(self, base: Quotient, exponent: Fraction) -> Quotient:
        """`base^exponent` for an exponent that is no integer: a base below 0 has none."""
        if exponent.denominator == 2:
            return self.whole_power(self.sqrt(base), exponent.numerator)
        sign = self.sign(base)  # asked, so that a base of 0 becomes a case of its own
        if sign < 0 or (sign == 0 and exponent < 0):
            raise Vacuous
        return self.exp(self.number(exponent) * self.ln(base)) if sign else self.number(0)

    def parity(self, value: Quotient) -> Quotient:
        """(-1)^value, which is real at integers only."""
        whole = self.is_whole(value)
        if not whole:
            self.need(None, ANY)
            return self.generator("parity", self.key(value), value)
        result = self.number(1)
        for multiple, part in self.parts(value):
            if int(multiple) % 2 and part.over.is_constant():
                result = -result
            elif int(multiple) % 2:
                result = result * self.generator("parity", self.key(part), part)
        return result

    def is_whole(self, value: Quotient) -> bool:
        """Whether a value is seen to be an integer at every point."""
        over, under = self.lowest(value)
        kernels = (self.kernels[i] for i, degree in enumerate(over.degrees()) if degree > 0)
        return (
            under.is_constant()
            and all(coefficient.q == 1 for coefficient in over.coeffs())
            and all(k.kind == "floor" or (k.kind == "symbol" and k.key in self.integers) for k in kernels)
        )

    def floor(self, value: Quotient) -> Quotient:
        """floor(value), with its integer terms taken out."""
        wholes, rest = self.number(0), self.number(0)
        for multiple, part in self.parts(value):
            term = part * self.number(multiple)
            if self.is_whole(part) and multiple.denominator == 1:
                wholes = wholes + term
            elif part.over.is_constant() and part.under.is_constant():
                wholes, rest = wholes + self.number(floor(multiple)), rest + self.number(multiple - floor(multiple))
            else:
                rest = rest + term
        ball = self.ball_of(rest)
        least = None if ball is None else ball.floor().unique_fmpz()
        if least is not None:
            return wholes + self.number(int(least))
        return wholes + self.opaque("floor", [rest])

    # ---- exponentials, logarithms, roots ------------------------------------------------------

    def exp(self, value: Quotient) -> Quotient:
        """e^value, a product over the terms of the exponent."""
        result = self.number(1)
        for multiple, part in self.parts(value):
            if (logarithm := self.single(part, "ln")) is not None:
                factor = self.absolute_factor(logarithm.argument)
                result = result * self.power_of(factor, multiple)
                continue
            if (lambert := self.single(part, "lambertw")) is not None and multiple.denominator == 1:
                inside: Quotient = lambert.argument
                if self.sign(inside) != 0:  # e^W(u) = u/W(u)
                    ratio = Quotient(self, inside.over, self.times(inside.under, part.over))
                    result = result * self.whole_power(ratio, int(multiple))
                continue
            key = self.key(part)
            n = self.unit("exp", key, multiple, abs(multiple))
            if abs(n) > MOST_UNITS:
                raise TooBig("the exponents have no common measure")
            monomial = GENERATORS[self.kernel("exp", key, part)] ** abs(n)
            result = result * (self.whole(monomial) if n > 0 else Quotient(self, ONE, monomial))
        return result

    def power_of(self, factor: Poly, exponent: Fraction) -> Quotient:
        """factor^exponent of a factor that is at least 0, and above 0 where the exponent is negative."""
        below = floor(exponent)
        result = self.whole_power(self.whole(factor), below)
        return result * self.root(factor, exponent - below) if exponent != below else result

    def root(self, inside: Poly, exponent: Fraction) -> Quotient:
        """inside^exponent for an exponent between 0 and 1, by the kernel inside^(1/q)."""
        if exponent == Fraction(1, 2) and (denested := self.denested(inside)) is not None:
            return denested
        key = str(inside)
        n = self.unit("root", key, exponent, Fraction(1, exponent.denominator))
        return self.whole_power(self.generator("root", key, inside), n)

    def denested(self, inside: Poly) -> Quotient | None:
        """sqrt(f + g) = sqrt((f + d)/2) +- sqrt((f - d)/2) for f >= 0, g a multiple of a root, d = sqrt(f^2 - g^2)."""
        i = next((i for i in self.algebraic if inside.degrees()[i] == 1 and self.kernels[i].kind == "root"), None)
        if i is None or len(inside) > 6:
            return None
        rise = inside.derivative(i)
        f, g = inside - rise * GENERATORS[i], rise * GENERATORS[i]
        side = self.side(rise)
        rest = self.reduced(f * f - g * g)
        if not side or f.is_zero() or rest.is_zero() or not self.possible(f) <= {0, 1}:
            return None
        constant, factors = self.factored(self.whole(rest))
        if side < 0 < constant and not factors:  # sqrt(f - g)*sqrt(f + g) is a number
            return self.sqrt(self.number(constant)) / self.sqrt(self.whole(f - g))
        if constant < 0 or any(n % 2 for _, n in (*factors, *primes(constant))):
            return None
        d, half = self.absolute(self.sqrt(self.whole(rest))), self.number(Fraction(1, 2))
        low = self.sqrt((self.whole(f) - d) * half)
        return self.sqrt((self.whole(f) + d) * half) + (low if side > 0 else -low)

    def ln(self, value: Quotient) -> Quotient:
        """ln(value); where the value is not positive there is nothing to show."""
        constant, factors = self.factored(value)
        if constant == 0 or (not factors and constant < 0):
            raise Vacuous
        self.need_sign(value, POSITIVE)
        if len(factors) == 1 and factors[0][1] % 2:
            self.assume(factors[0][0] * sign_of(constant), POSITIVE)
        elif 1 not in self.possible_of(value):
            raise Vacuous
        return self.ln_of_product(constant, factors)

    def ln_of_product(self, constant: Fraction, factors: list[tuple[Poly, int]]) -> Quotient:
        """ln|value| as a sum over the factors of a value that is not 0."""
        result = self.number(0)
        for prime, n in primes(abs(constant)):
            result = result + self.generator("ln", str(prime), CONTEXT.constant(prime)) * self.number(n)
        for factor, n in factors:
            result = result + self.ln_of_factor(factor) * self.number(n)
        return result

    def ln_of_factor(self, factor: Poly) -> Quotient:
        """ln|factor|; that of e^m is m."""
        i = self.only_generator(factor)
        kernel = self.kernels[i] if i is not None else Kernel("", "")
        match kernel.kind:
            case "exp":
                exponent: Quotient = kernel.argument * self.number(self.units["exp", kernel.key])
                return exponent
            case "root":
                return self.ln_of_product(*self.factored(self.whole(kernel.argument))) / self.number(
                    self.degree(kernel)
                )
            case "parity":
                return self.number(0)
            case "lambertw":  # W = ln|u| - ln|W|
                return self.ln_of_product(*self.factored(kernel.argument)) - self.whole(GENERATORS[i])
        if (norm := self.norm(factor)) is not None:
            return norm
        return self.generator("ln", str(factor), factor)

    def norm(self, factor: Poly) -> Quotient | None:
        """ln|f - g*sqrt(h)| by ln|f + g*sqrt(h)|, where their product is a number."""
        for i in self.algebraic:
            kernel = self.kernels[i]
            if kernel.kind == "root" and factor.degrees()[i] == 1 and self.degree(kernel) == 2 and len(factor) <= 8:
                rise = factor.derivative(i)
                rest = factor - rise * GENERATORS[i]
                if rest.is_zero() or rest.leading_coefficient() * rise.leading_coefficient() > 0:
                    return None
                product = self.reduced(rest * rest - rise * rise * kernel.argument)
                if not product.is_constant() or product.is_zero():
                    return None
                constant, factors = self.factored(self.whole(rest - rise * GENERATORS[i]))
                ratio = fraction(product.leading_coefficient()) / constant
                return self.ln_of_product(ratio, [(f, -n) for f, n in factors])
        return None

    def need_at_least_zero(self, value: Quotient) -> None:
        """Note that something is real only where value >= 0, and go on only there."""
        self.need_sign(value, AT_LEAST_ZERO)
        signs = self.possible_of(value)
        if 1 not in signs and (0 not in signs or self.sign(value) < 0):
            raise Vacuous
        constant, factors = self.factored(value)
        if len(factors) == 1 and factors[0][1] == 1:
            self.assume(factors[0][0] * sign_of(constant), AT_LEAST_ZERO)

    def sqrt(self, value: Quotient) -> Quotient:
        """sqrt(value): squares come out as absolute values, positive factors get a root of their own."""
        for i, kernel in enumerate(self.kernels):
            sine = self.index.get(("sin", kernel.key), -1) if kernel.kind == "cos" else -1
            if sine >= 0 and value.over.degrees()[i] > 1:
                rest, remainder = divmod(value.over, ONE - GENERATORS[i] ** 2)
                if remainder.is_zero():
                    return self.root_beside_sine(self.whole(GENERATORS[sine]), Quotient(self, rest, value.under))
        constant, factors = self.factored(value)
        if constant == 0:
            return self.number(0)
        self.need_sign(value, AT_LEAST_ZERO)
        result = self.number(1)
        for prime, n in primes(abs(constant)):
            result = result * self.power_of(CONTEXT.constant(prime), Fraction(n, 2))
        rest = CONTEXT.constant(1 if constant > 0 else -1)
        unknown: list[tuple[Poly, int]] = []
        for factor, n in factors:
            own = self.only_generator(factor)
            kind = "" if own is None else self.kernels[own].kind
            if own is not None and kind == "exp":
                half = self.number(self.units["exp", self.kernels[own].key] * n / 2)
                result = result * self.exp(self.kernels[own].argument * half)
            elif own is not None and kind == "root":
                exponent = Fraction(n, 2 * self.degree(self.kernels[own]))
                result = result * self.power_of(self.kernels[own].argument, exponent)
            elif n % 2 == 0:
                result = result * self.whole_power(self.whole(self.absolute_even(factor, n // 2)), n // 2)
            elif (known := self.known_sign(factor)) == {0} and n > 0:
                return self.number(0)
            elif known == POSITIVE:
                result = result * self.power_of(factor, Fraction(n, 2))
            elif known == {-1}:
                result, rest = result * self.power_of(-factor, Fraction(n, 2)), -rest
            else:
                unknown.append((factor, n))
        even = [factor for factor, n in factors if n > 0 and n % 2 == 0]
        if len(unknown) == 1 and not any(0 in self.known_sign(factor) for factor in even):
            (factor, n) = unknown[0]
            self.assume(factor * rest, AT_LEAST_ZERO if n > 0 else POSITIVE)
        return result * self.root_of_rest(rest, unknown, factors)

    def root_beside_sine(self, sine: Quotient, rest: Quotient) -> Quotient:
        """sqrt(sin^2*rest) = |sin|*sqrt(rest), and 0 where the sine is, whatever the rest."""
        try:
            return self.absolute(sine) * self.sqrt(rest)
        except Vacuous:
            if self.sign(sine) == 0:
                return self.number(0)
            raise

    def absolute_even(self, factor: Poly, n: int) -> Poly:
        """A polynomial with the n-th power of |factor|."""
        return factor if n % 2 == 0 else self.absolute_factor(factor)

    def side(self, factor: Poly) -> int:
        """1 for f >= 0, -1 for f <= 0, 0 where neither is known."""
        known = self.known_sign(factor)
        return 1 if known <= {0, 1} else -1 if known <= {0, -1} else 0

    def root_of_rest(self, sign: Poly, unknown: list[tuple[Poly, int]], factors: list[tuple[Poly, int]]) -> Quotient:
        """sqrt of a product, at least 0, of factors whose signs are not known; all exponents are odd."""
        if not unknown:
            if sign.leading_coefficient() < 0:
                for factor, n in factors:  # sqrt(-x^2) is real after all where x is 0
                    known = self.known_sign(factor) if n > 1 else POSITIVE
                    if known == {0}:
                        return self.number(0)
                    if 0 in known:
                        raise NeedSign(normed(factor)[0])
                raise Vacuous
            return self.number(1)
        result, rest = self.number(1), sign
        sides = [self.side(factor) for factor, _ in unknown]
        if all(sides):
            if prod(sides) * sign.leading_coefficient() < 0:  # real only where it is 0
                raise NeedSign(normed(unknown[0][0])[0])
            for side, (factor, n) in zip(sides, unknown, strict=True):
                result = result * self.power_of(factor * side, Fraction(n, 2))
            return result
        halves = {n // 2 for _, n in unknown}
        for factor, n in unknown:
            rest = rest * factor
            if len(halves) > 1:
                result = result * self.whole_power(self.whole(self.absolute_even(factor, n // 2)), n // 2)
        if len(halves) == 1:  # the product of all is its own absolute value
            result = self.whole_power(self.whole(rest), halves.pop())
        return result * self.root(rest, Fraction(1, 2))

    def lambertw(self, value: Quotient) -> Quotient:
        """The principal branch, real from -1/e on: W(v*e^v) = v for v >= -1."""
        if value.over.is_zero():
            return self.number(0)
        self.need_at_least_zero(value + self.exp(self.number(-1)))
        for inverse in self.inverses(value):
            if (value - inverse * self.exp(inverse)).over.is_zero() and self.sign(inverse + self.number(1)) >= 0:
                return inverse
        return self.generator("lambertw", self.key(value), value)

    def inverses(self, value: Quotient) -> list[Quotient]:
        """Exponents and logarithms in a value."""
        over, under = self.lowest(value)
        found, exponent = [], self.number(0)
        for i, (n, m) in enumerate(zip(over.degrees(), under.degrees(), strict=True)):
            kernel = self.kernels[i] if n > 0 or m > 0 else Kernel("", "")
            if kernel.kind == "exp":
                unit = self.units["exp", kernel.key] * (max(int(n), 0) - max(int(m), 0))
                exponent = exponent + kernel.argument * self.number(unit)
            elif kernel.kind == "ln":
                found += [self.whole(GENERATORS[i]) * self.number(k) for k in (1, -1, 2, -2)]
        return found if exponent.over.is_zero() else [*found, exponent]

    def odd(self, name: str, value: Quotient) -> Quotient:
        """An odd function of which nothing else is known."""
        over, _ = self.lowest(value)
        if over.is_zero():
            return self.number(0)
        if over.leading_coefficient() < 0:
            return -self.generator(name, self.key(-value), -value)
        return self.generator(name, self.key(value), value)

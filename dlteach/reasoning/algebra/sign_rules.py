"""The signs that a polynomial over kernels may have, from what is assumed and from its form.

Every rule holds at each point where all kernels of the polynomial have a value and the assumptions hold; it returns
the signs that are left, ANY where it cannot tell. Letters: f, g and h are polynomials, p and q assumed ones, k is a
kernel, c and d are constants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product

from flint import arb, fmpq, fmpq_poly

from dlteach.notation.backend import NotEvaluable
from dlteach.reasoning.algebra.kernels import (
    ANY,
    AT_LEAST_ZERO,
    NONZERO,
    POSITIVE,
    Assumption,
    Kernel,
    Kernels,
    NeedSign,
    Quotient,
    Vacuous,
)
from dlteach.reasoning.algebra.polynomials import (
    CONTEXT,
    GENERATORS,
    ONE,
    Poly,
    coefficients,
    is_positive_combination,
    normed,
    sign_of,
)

ODD = ("erf", "atan", "asin")  # odd functions with the sign of their argument
MOST_ROOTS = 12  # the degree up to which roots are isolated
# The kernels whose values lie between two constants; whether the ends are never taken.
RANGES = {"erf": (1, 0, True), "sin": (1, 0, False), "cos": (1, 0, False), "atan": (0, 1, True), "asin": (0, 1, False)}


class SignRules(Kernels):
    """Kernels with assumptions on signs."""

    def __init__(self, units: dict[tuple[str, str], Fraction]) -> None:
        super().__init__(units)
        self.assumed: dict[str, Assumption] = {}  # by the text of the polynomial
        self.values: dict[str, Quotient] = {}  # symbols that a case fixes

    def exp(self, value: Quotient) -> Quotient:
        """e^value."""
        raise NotImplementedError

    # ---- questions ----------------------------------------------------------------------------

    def sign(self, value: Quotient) -> int:
        """-1, 0 or 1; raises NeedSign where the assumptions do not tell."""
        signs, unknown = self.outlook(value)
        if len(signs) != 1:
            raise NeedSign(unknown)
        return next(iter(signs))

    def at_least_zero(self, value: Quotient) -> bool:
        """Whether value >= 0, or else value <= 0; where it is 0, either. Raises NeedSign where that is not told."""
        signs, unknown = self.outlook(value)
        if signs <= {0, 1} or signs <= {0, -1}:
            return -1 not in signs
        raise NeedSign(unknown, weakly=True)

    def outlook(self, value: Quotient) -> tuple[frozenset[int], Poly]:
        """The signs that a value may have, and a factor, scaled to leading coefficient 1, that leaves it open."""
        constant, factors = self.factored(value)
        signs = frozenset({sign_of(constant)})
        zero, turning = ONE, None
        for factor, n in factors if constant else []:
            known = self.known_sign(factor)
            known = known - {0} if n < 0 else known
            if not known:
                raise Vacuous
            if n % 2 and {1, -1} <= known:
                turning = factor
            elif 0 in known and len(known) > 1:
                zero = factor
            signs = frozenset(s * (k if n % 2 else k * k) for s in signs for k in known)
        return signs, normed(zero if turning is None else turning)[0]

    def possible(self, poly: Poly) -> frozenset[int]:
        """The signs that any polynomial may have, by its factors."""
        if len(signs := self.sign_by_terms(poly)) == 1:
            return signs
        try:
            constant, factors = self.factored(self.whole(poly))
            signs = frozenset({sign_of(constant)})
            for factor, n in factors:
                known = self.known_sign(factor)
                signs = frozenset(s * (k if n % 2 else k * k) for s in signs for k in known)
        except (NeedSign, NotEvaluable, Vacuous):
            return ANY
        return signs

    def possible_of(self, value: Quotient) -> frozenset[int]:
        """The same of a quotient."""
        over, under = self.lowest(value)
        above, below = self.possible(over), self.possible(under) & NONZERO
        return frozenset(a * b for a in above for b in below)

    # ---- rules --------------------------------------------------------------------------------

    def known_sign(self, poly: Poly) -> frozenset[int]:
        """The signs that an irreducible polynomial may have, from the assumptions and from its terms."""
        monic, flip = normed(poly)
        known = self.assumed_signs(monic)
        for deduce in self.rules(len(poly)):
            if len(known) > 1:
                known &= deduce(monic)
        return frozenset(-s for s in known) if flip else known

    def rules(self, terms: int) -> Iterator[Callable[[Poly], frozenset[int]]]:
        """The rules that may tell something of a polynomial with so many terms, the cheapest first."""
        yield self.sign_by_terms
        if self.assumed:
            yield self.sign_by_bounds
        if terms > 1:
            yield from (self.sign_by_exponent, self.sign_by_range, self.sign_by_logarithm, self.sign_by_roots)
            yield from (self.sign_by_conjugate, self.sign_by_discriminant)
        if len(self.assumed) > 1:
            yield from (self.sign_by_pairs, self.sign_by_chain, self.sign_by_vertices)

    def assumed_signs(self, monic: Poly) -> frozenset[int]:
        """What the present case assumes of a polynomial."""
        found = self.assumed.get(str(monic))
        return found.signs if found else ANY

    def sign_by_terms(self, poly: Poly) -> frozenset[int]:
        """A sum of terms that all have one sign has it; constants are decided by a ball."""
        if (ball := self.constant_ball(poly)) is not None:
            return POSITIVE if ball > 0 else frozenset({-1}) if ball < 0 else ANY
        total: frozenset[int] = frozenset({0})
        for exponents, coefficient in poly.terms():
            sign: frozenset[int] = frozenset({1 if coefficient > 0 else -1})
            for i, n in enumerate(exponents[: len(self.kernels)]):
                if n:
                    own = self.kernel_sign(i)
                    own = own if int(n) % 2 else frozenset(s * s for s in own)
                    sign = frozenset(a * b for a in sign for b in own)
            if (1 in sign and -1 in total) or (-1 in sign and 1 in total):
                return ANY  # terms of both signs: only their sizes would tell
            total = frozenset(sign_of(a + b) for a in total for b in sign)
        return total

    def kernel_sign(self, i: int) -> frozenset[int]:
        """The signs that a kernel may have."""
        kernel = self.kernels[i]
        own = self.assumed_signs(GENERATORS[i])
        if kernel.kind in ("exp", "pi"):
            return POSITIVE
        if kernel.kind == "root":
            positive = kernel.argument.is_constant() or self.possible(kernel.argument) == POSITIVE
            return POSITIVE if positive else own & AT_LEAST_ZERO
        if kernel.kind == "parity":
            return own & NONZERO
        if kernel.kind == "ln":
            positive = kernel.argument.is_constant() or self.assumed_or_by_terms(kernel.argument) == POSITIVE
            above_one = kernel.argument - ONE
            return own & self.sign_by_terms(above_one) & self.sign_by_bounds(above_one) if positive else own
        if kernel.kind in ODD or kernel.kind == "lambertw":
            over, under = self.lowest(kernel.argument)
            if under.is_constant() and len(over) < 20:
                return own & self.sign_by_terms(over)
        if kernel.kind in ("sin", "cos") and len(own) > 1:
            return own & self.sign_by_arc(kernel)
        return own

    def sign_by_arc(self, kernel: Kernel) -> frozenset[int]:
        """cos(u) > 0 for |u| < pi/2, sin(u) > 0 for 0 < u < pi, with 0 at the ends."""
        over, under = self.lowest(kernel.argument)
        if not under.is_constant():
            return ANY
        unit = self.units["angle", kernel.key]
        angle = over * fmpq(unit.numerator, unit.denominator)
        half_turn = GENERATORS[self.kernel("pi", "")] / 2
        if kernel.kind == "sin":
            angle = angle - half_turn
        below, above = self.by_bounds(half_turn - angle), self.by_bounds(half_turn + angle)
        if below <= {0, 1} and above <= {0, 1}:
            return POSITIVE | ((below | above) & {0})
        return ANY

    def by_bounds(self, poly: Poly) -> frozenset[int]:
        """The signs that any polynomial may have, by terms and by bounds."""
        if poly.is_zero():
            return frozenset({0})
        monic, flip = normed(poly)
        known = self.sign_by_terms(monic) & self.sign_by_bounds(monic) & self.assumed_signs(monic)
        return frozenset(-s for s in known) if flip else known

    def sign_by_exponent(self, poly: Poly) -> frozenset[int]:
        """e^a - e^b has the sign of a - b."""
        if len(poly) != 2:
            return ANY
        (first, c), (second, d) = poly.terms()
        if c + d != 0:
            return ANY
        difference = self.number(0)
        for i, (m, n) in enumerate(zip(first, second, strict=True)):
            if not m and not n:
                continue
            kernel = self.kernels[i]
            if kernel.kind != "exp":
                return ANY  # a factor that both terms share may have any sign
            if m != n:
                unit = self.units["exp", kernel.key]
                difference = difference + kernel.argument * self.number(unit * (int(m) - int(n)))
        return frozenset({self.sign(difference) * (1 if c > 0 else -1)})

    def sign_by_bounds(self, poly: Poly) -> frozenset[int]:
        """x - c compared with what is assumed of x - d, for constants c and d."""
        here = self.linear(poly)
        if here is None:
            return ANY
        allowed = ANY
        for gap, signs in self.gaps(here[0], here[1]):
            if (gap > 0 and signs <= {0, 1}) or (gap >= 0 and signs <= {1}):
                allowed &= {1}
            if (gap < 0 and signs <= {0, -1}) or (gap <= 0 and signs <= {-1}):
                allowed &= {-1}
            if gap == 0:
                allowed &= signs
        return frozenset(s * here[2] for s in allowed)

    def gaps(self, i: int, c: Poly) -> Iterator[tuple[arb, frozenset[int]]]:
        """d - c and the signs of x - d, for each assumption on x - d with a constant d."""
        for assumption in self.assumed.values():
            there = self.linear(assumption.poly)
            gap = self.constant_ball(there[1] - c) if there is not None and there[0] == i else None
            if there is not None and gap is not None:
                yield gap, frozenset(s * there[2] for s in assumption.signs)

    def linear(self, poly: Poly) -> tuple[int, Poly, int] | None:
        """(i, c, s) where poly is a multiple, of sign s, of x_i - c, with c free of symbols."""
        degrees = poly.degrees()
        symbols = [i for i, k in enumerate(self.kernels) if degrees[i] > 0 and k.kind == "symbol"]
        if len(symbols) != 1 or degrees[symbols[0]] != 1:
            return None
        slope = poly.derivative(symbols[0])
        if not slope.is_constant():
            return None
        rest = GENERATORS[symbols[0]] - poly / slope.leading_coefficient()
        side = 1 if slope.leading_coefficient() > 0 else -1
        return (symbols[0], rest, side) if self.constant_ball(rest) is not None else None

    def sign_by_range(self, poly: Poly) -> frozenset[int]:
        """c*k + d for a kernel k whose values are bounded, from the two ends of its range."""
        for i, kernel in enumerate(self.kernels):
            if kernel.kind not in RANGES or poly.degrees()[i] != 1:
                continue
            one, half_pi, is_open = RANGES[kernel.kind]
            slope = poly.derivative(i)
            rest, reach = poly - slope * GENERATORS[i], slope * one
            if half_pi:
                reach = reach + slope * GENERATORS[self.kernel("pi", "")] / 2
            ends = [arb(0) if end.is_zero() else self.constant_ball(end) for end in (rest - reach, rest + reach)]
            if not all(end is not None and (end > 0 or end < 0 or end.is_zero()) for end in ends):
                return ANY
            found = {sign_of(end) for end in ends}
            return frozenset(found - {0} if is_open else found) if len(found - {0}) == 1 else ANY
        return ANY

    def sign_by_pairs(self, poly: Poly) -> frozenset[int]:
        """a*p + b*q with a, b > 0, where p and q are assumed to have one sign, has that sign too."""
        sides = []
        for assumption in self.assumed.values():
            if assumption.signs <= {0, 1} or assumption.signs <= {0, -1}:
                side = 1 if 1 in assumption.signs else -1
                sides.append((assumption.poly * side, 0 in assumption.signs))
        wanted = ANY
        for way in (1, -1):
            for i, (p, p_zero) in enumerate(sides):
                for q, q_zero in sides[i + 1 :]:
                    if is_positive_combination(poly * way, p, q):
                        wanted &= {way, 0} if p_zero and q_zero else {way}
        return wanted

    def sign_by_chain(self, poly: Poly) -> frozenset[int]:
        """f = a*p + g with a > 0, where p >= 0 is assumed and takes a term of f away, and g >= 0 follows by pairs."""
        if len(poly) > 4 or len(self.assumed) > 12:
            return ANY
        for assumption in self.assumed.values():
            side = 1 if assumption.signs <= {0, 1} else -1 if assumption.signs <= {0, -1} else 0
            coefficients = {tuple(e): c for e, c in assumption.poly.terms()} if side else {}
            for way in (1, -1):
                for exponents, c in poly.terms():
                    a = way * side * c / coefficients[tuple(exponents)] if tuple(exponents) in coefficients else 0
                    if a > 0:
                        rest = poly * way - assumption.poly * side * a
                        if not rest.is_zero() and self.sign_by_pairs(rest) <= {0, 1}:
                            strict = 0 not in assumption.signs or 0 not in self.sign_by_pairs(rest)
                            return frozenset({way} if strict else {way, 0})
        return ANY

    def sign_by_logarithm(self, poly: Poly) -> frozenset[int]:
        """c*ln(f) + g has the sign of c*(f - e^(-g/c)), for a constant c and f > 0."""
        for i, kernel in enumerate(self.kernels):
            if kernel.kind != "ln" or poly.degrees()[i] != 1:
                continue
            slope = poly.derivative(i)
            rest = poly - slope * GENERATORS[i]
            positive = kernel.argument.is_constant() or self.assumed_or_by_terms(kernel.argument) == POSITIVE
            if not slope.is_constant() or rest.is_zero() or not positive:
                continue
            c = slope.leading_coefficient()
            bound = self.exp(self.whole(-rest / c))
            over, under = self.lowest(self.whole(kernel.argument) - bound)
            signs = self.by_bounds(over) if self.sign_by_terms(under) == POSITIVE else ANY
            return frozenset(s if c > 0 else -s for s in signs)
        return ANY

    def sign_by_roots(self, poly: Poly) -> frozenset[int]:
        """A polynomial in one kernel has one sign where the kernel's span holds no root of it."""
        inside = [i for i, degree in enumerate(poly.degrees()) if degree > 0]
        if len(inside) != 1 or not 1 < poly.degrees()[inside[0]] <= MOST_ROOTS:
            return ANY
        i = inside[0]
        whole = fmpq_poly(coefficients(poly, i)).numer()  # a positive multiple
        lower, upper = self.span(i)
        roots = [root.real for root, _ in whole.complex_roots() if root.imag.contains(0)]
        inner = [root for root in roots if not (root < lower or root > upper)]
        ends = [self.at_end(i, root, roots, poly) for root in inner]
        if None in ends:
            return ANY
        at = lower + 1 if lower.is_finite() else upper - 1 if upper.is_finite() else arb(0)
        at = (lower + upper) / 2 if lower.is_finite() and upper.is_finite() else at
        value = whole(at.mid())
        return frozenset({sign_of(value), *(0 for end in ends if end)}) if value > 0 or value < 0 else ANY

    def at_end(self, i: int, root: arb, roots: list[arb], poly: Poly) -> bool | None:
        """For a root that is an end of what is assumed of a symbol: whether the end is taken; None for others."""
        found = set()
        for assumption in self.assumed.values() if self.kernels[i].kind == "symbol" else ():
            line = self.linear(assumption.poly)
            ball = None if line is None or line[0] != i else self.constant_ball(line[1])
            if line is None or ball is None or {1, -1} <= assumption.signs:
                continue
            if not ball.overlaps(root) or sum(ball.overlaps(other) for other in roots) > 1:
                continue
            if self.with_value(poly, i, self.whole(line[1])).over.is_zero():
                found.add(0 in assumption.signs)
        return None if not found else False not in found

    def sign_by_vertices(self, poly: Poly) -> frozenset[int]:
        """f of degree at most 1 in each of some symbols with open bounds: an average of its values at the vertices."""
        inside = [i for i, degree in enumerate(poly.degrees()) if degree > 0]
        if not 1 < len(inside) <= 4 or any(poly.degrees()[i] > 1 for i in inside):
            return ANY
        bounds = [self.open_bounds(i) for i in inside]
        found: set[int] = set()
        for vertex in product(*bounds) if all(bounds) else ():
            value = self.whole(poly)
            for i, end in zip(inside, vertex, strict=True):
                value = self.with_value(value.over, i, self.whole(end))
            ball = self.constant_ball(value.over)
            if ball is None or not (ball > 0 or ball < 0 or value.over.is_zero()):
                return ANY
            found.add(sign_of(ball))
        return frozenset(found - {0}) if len(found - {0}) == 1 else ANY

    def open_bounds(self, i: int) -> tuple[Poly, ...]:
        """The two constants between which a symbol lies strictly; nothing where there are no such."""
        low: list[Poly] = []
        high: list[Poly] = []
        for assumption in self.assumed.values() if self.kernels[i].kind == "symbol" else ():
            line = self.linear(assumption.poly)
            if line is not None and line[0] == i and len(assumption.signs) == 1 and 0 not in assumption.signs:
                (low if line[2] in assumption.signs else high).append(line[1])
        return (low[0], high[0]) if low and high else ()

    def span(self, i: int) -> tuple[arb, arb]:
        """Two numbers between which a kernel lies."""
        lower, upper = arb.neg_inf(), arb.pos_inf()
        if self.kernels[i].kind == "symbol":
            for c, signs in self.gaps(i, CONTEXT.constant(0)):
                if signs <= {0, 1} and not c < lower:
                    lower = c
                if signs <= {0, -1} and not c > upper:
                    upper = c
        elif self.kernels[i].kind in ("exp", "root"):
            lower = arb(0)
        elif self.kernels[i].kind in RANGES:
            one, half_pi, _ = RANGES[self.kernels[i].kind]
            upper = arb(one) + half_pi * arb.pi() / 2
            lower = -upper
        return lower, upper

    def sign_by_conjugate(self, poly: Poly) -> frozenset[int]:
        """f + g*sqrt(h), of opposite signs, has the sign of f*(f^2 - g^2*h)."""
        for i in self.algebraic:
            kernel = self.kernels[i]
            if kernel.kind != "root" or poly.degrees()[i] != 1 or self.degree(kernel) != 2:
                continue
            g = poly.derivative(i)
            f = poly - g * GENERATORS[i]
            if len(f) > 8 or len(g) > 8 or f.is_zero():
                return ANY
            norm = self.possible(self.reduced(f * f - g * g * kernel.argument))
            root = self.kernel_sign(i)
            found = set()
            for a in self.possible(f):
                for b in {s * r for s in self.possible(g) for r in root}:
                    found |= {sign_of(a + b)} if a * b >= 0 else {a * n for n in norm}
            return frozenset(found)
        return ANY

    def sign_by_discriminant(self, poly: Poly) -> frozenset[int]:
        """a*k^2 + b*k + c has the sign of a where 4*a*c > b^2."""
        for i, degree in enumerate(poly.degrees()):
            if degree == 2 and len(poly) <= 12:
                a = poly.derivative(i).derivative(i) / 2
                b = poly.derivative(i) - 2 * a * GENERATORS[i]
                c = poly - a * GENERATORS[i] ** 2 - b * GENERATORS[i]
                if not (self.mask(a) or self.mask(b) or self.mask(c)):
                    return ANY
                positive = self.possible(4 * a * c - b * b)
                if positive == POSITIVE:
                    return self.possible(a) & NONZERO
                signs = self.possible(a)
                if positive <= {0, 1} and len(signs) == 1 and signs <= NONZERO:
                    return signs | {0}
        return ANY

    def assumed_or_by_terms(self, poly: Poly) -> frozenset[int]:
        """The signs that a polynomial may have, by what is cheap to see."""
        monic, flip = normed(poly)
        known = self.assumed_signs(monic) & self.sign_by_terms(monic)
        return frozenset(-s for s in known) if flip else known

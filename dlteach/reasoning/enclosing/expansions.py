"""Sums of orders of growth with exact coefficients, c_1*M_1 + c_2*M_2 + … + O(M), and their arithmetic for t -> oo.

What is divided by, rooted or logged must have a first term that is shown not to be 0, and the sign that is asked for.
(Gruntz 1996; van der Hoeven 2006 on transseries.)
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from math import factorial

from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import NotReal
from dlteach.notation.tree import Constant, call, symbols
from dlteach.reasoning.enclosing.coefficients import Coefficient, Signs, Undetermined, atom, inverted, raised, rational
from dlteach.reasoning.enclosing.orders import CONSTANT, Order, compared, exponential

ZERO, ONE = rational(0), rational(1)


@dataclass(frozen=True)
class Expansion:
    """Terms in falling order; `error` None: nothing is left out. A coefficient with parameters may be 0."""

    terms: tuple[tuple[Order, Coefficient], ...]
    error: Order | None = None


class Expansions:
    """The arithmetic of expansions of at most `count` terms."""

    def __init__(self, signs: Signs, count: int) -> None:
        self.signs, self.count = signs, count
        self.compared: dict[tuple[Order, Order], int] = {}

    # ---- sums, products, powers -----------------------------------------------------------------

    def compare(self, a: Order, b: Order) -> int:
        """1 where a grows faster than b, 0 where a = b."""
        if a == b:
            return 0
        if (a, b) not in self.compared:
            self.compared[a, b] = compared(a, b, self.signs)
        return self.compared[a, b]

    def gathered(self, terms: list[tuple[Order, Coefficient]], error: Order | None) -> Expansion:
        """Like terms added, in order, as many as are kept and as the error leaves."""
        sums: dict[Order, Coefficient] = {}
        for order, c in terms:
            sums[order] = sums[order] + c if order in sums else c
        ordered = sorted(sums, key=cmp_to_key(self.compare), reverse=True)
        kept: list[tuple[Order, Coefficient]] = []
        for i, order in enumerate(ordered):
            if error is not None and self.compare(order, error) <= 0:
                break
            c = sums[order]
            for other in ordered[i + 1 :]:  # orders may be the same without looking so
                if self.compare(order, other) != 0:
                    break
                c, sums[other] = c + sums[other], ZERO
            if self.is_zero(c):
                continue
            if len(kept) == self.count:
                error = order
                break
            kept.append((order, c))
        return Expansion(tuple(kept), error)

    def is_zero(self, c: Coefficient) -> bool:
        """Whether a coefficient is 0; one with parameters is kept where that is not known."""
        try:
            return self.signs(c) == 0
        except Undetermined as problem:
            if symbols(problem.expr):
                return False
            raise

    def larger(self, *errors: Order | None) -> Order | None:
        """The largest of some errors."""
        found: Order | None = None
        for error in errors:
            if error is not None and (found is None or self.compare(error, found) > 0):
                found = error
        return found

    def known(self, c: Coefficient) -> Expansion:
        """A constant."""
        return self.gathered([(CONSTANT, c)], None)

    def plus(self, a: Expansion, b: Expansion) -> Expansion:
        """a + b."""
        return self.gathered([*a.terms, *b.terms], self.larger(a.error, b.error))

    def negative(self, a: Expansion) -> Expansion:
        """-a."""
        return Expansion(tuple((order, -c) for order, c in a.terms), a.error)

    def minus(self, a: Expansion, b: Expansion) -> Expansion:
        """a - b."""
        return self.plus(a, self.negative(b))

    def times(self, a: Expansion, b: Expansion) -> Expansion:
        """a * b; the error of one is multiplied by the size of the other."""
        errors = [one.error.times(size) for one, two in ((a, b), (b, a)) if one.error for size in sizes(two)]
        products = [(m.times(n), c * d) for m, c in a.terms for n, d in b.terms]
        return self.gathered(products, self.larger(*errors))

    def lead(self, a: Expansion) -> tuple[Order, Coefficient]:
        """The first term, which is not 0; raises NotEvaluable where it is not known."""
        if not a.terms:
            raise NotEvaluable("the size of a part is not known" if a.error else "a part is 0")
        self.signs(a.terms[0][1])
        return a.terms[0]

    def sign(self, a: Expansion) -> int:
        """The sign far out."""
        return self.signs(self.lead(a)[1]) if a.terms or a.error else 0

    def beside(self, a: Expansion) -> Expansion:
        """d with a = c*M*(1 + d), for the first term c*M."""
        order, c = self.lead(a)
        head = Expansion(((order.inverse, inverted(c)),))
        return self.times(Expansion(a.terms[1:], a.error), head)

    def composed(self, coefficients: list[Coefficient], d: Expansion) -> Expansion:
        """The sum of a_k*d^k, with an error like d^(k+1) after the last, for d -> 0."""
        if not d.terms and d.error is None:
            return self.known(coefficients[0])
        result, step = self.known(coefficients[0]), self.known(ONE)
        for c in coefficients[1:]:
            step = self.times(step, d)
            if c.terms:
                result = self.plus(result, self.times(self.known(c), step))
        (size, *_) = sizes(d)
        rest = size
        for _ in coefficients[1:]:
            rest = rest.times(size)
        return self.plus(result, Expansion((), rest))

    def power_of(self, a: Expansion, r: Coefficient) -> Expansion:
        """a^r for a constant r, by the binomial series."""
        p = r.rational
        whole = p is not None and p.denominator == 1
        if not a.terms and a.error is None:
            if (p is not None and p > 0) or (p is None and self.signs(r) > 0):
                return a
            if p == 0:
                return self.known(ONE)
            raise NotReal("0 to a negative power")
        if p == 0:
            return self.known(ONE)
        if p == 1:
            return a
        order, c = self.lead(a)
        if not whole and self.signs(c) < 0:
            if p is None:
                raise NotEvaluable("a negative base whose exponent may be no integer")
            raise NotReal("a root of something negative")
        d = self.beside(a)
        binomials, factor = [ONE], ONE
        for k in range(self.count):
            factor = factor * (r - rational(k)) * rational(Fraction(1, k + 1))
            binomials.append(factor)
        head = Expansion(((order.power(r), raised(c, r)),))
        if whole and p is not None and 0 < p <= self.count and not d.error:
            result = head
            grown = self.plus(self.known(ONE), d)
            for _ in range(int(p)):
                result = self.times(result, grown)
            return result
        return self.times(head, self.composed(binomials, d))

    def inverse(self, a: Expansion) -> Expansion:
        """1/a."""
        if not a.terms and a.error is None:
            raise NotReal("a division by 0")
        return self.power_of(a, rational(-1))

    # ---- exponentials and logarithms ------------------------------------------------------------

    def split(self, a: Expansion) -> tuple[list[tuple[Order, Coefficient]], Coefficient, Expansion]:
        """What grows, the constant, and what fades with the error."""
        grows, constant, fades = [], ZERO, []
        for order, c in a.terms:
            size = self.compare(order, CONSTANT)
            if size > 0:
                grows.append((order, c))
            elif size == 0:
                constant = constant + c
            else:
                fades.append((order, c))
        return grows, constant, Expansion(tuple(fades), a.error)

    def exp(self, a: Expansion) -> Expansion:
        """e^a: what grows becomes an order, what fades a power series."""
        grows, constant, rest = self.split(a)
        head = exponential(grows)
        if a.error is not None and (size := self.compare(a.error, CONSTANT)) >= 0:
            if size > 0:
                raise NotEvaluable("an exponential of something that is not known well enough")
            return Expansion((), head)
        c = constant.rational
        factor = ONE if c == 0 else atom(Constant("e")) if c == 1 else atom(call("exp", constant.expr()))
        series = self.composed([rational(Fraction(1, factorial(k))) for k in range(self.count + 1)], rest)
        return self.times(Expansion(((head, factor),)), series)

    def ln(self, a: Expansion) -> Expansion:
        """ln(c*M*(1 + d)) = ln(c) + ln(M) + ln(1 + d)."""
        if not a.terms and a.error is None:
            raise NotReal("the logarithm of 0")
        order, c = self.lead(a)
        if self.signs(c) < 0:
            raise NotReal("the logarithm of something negative")
        series = self.composed(
            [ZERO, *(rational(Fraction(-((-1) ** k), k)) for k in range(1, self.count + 1))], self.beside(a)
        )
        constant = ZERO if c.rational == 1 else atom(call("ln", c.expr()))
        return self.plus(self.gathered([*order.logarithm(), (CONSTANT, constant)], None), series)


def sizes(a: Expansion) -> list[Order]:
    """The orders that bound it: that of the first term, else the error."""
    if a.terms:
        return [a.terms[0][0]]
    return [a.error] if a.error is not None else []

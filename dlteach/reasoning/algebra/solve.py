"""Where an expression in one variable may change its sign: all such places in an interval, exactly, or none at all.

g is the expression, w what stands inside an invertible function, y the value that this function must take. Zeros are
written as expressions: those of polynomials up to degree 3 and with rational roots, and what inverse functions make of
a*f(w) + b. Nothing is claimed of what cannot be solved: that raises NotEvaluable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from flint import fmpq, fmpq_poly

from dlteach.notation.backend import NotEvaluable, formula
from dlteach.notation.tree import (
    ONE,
    ZERO,
    Call,
    Constant,
    Expr,
    Negative,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    call,
    exchanged,
    literal,
    number,
    substitute,
    symbols,
)
from dlteach.reasoning.algebra.coefficients import coefficients, complex_roots, cubic_roots
from dlteach.reasoning.algebra.constants import added, divided, neat, opposite
from dlteach.reasoning.algebra.facts import relations
from dlteach.reasoning.algebra.places import HOLDS, Places, strictly_between
from dlteach.reasoning.algebra.simplify import simplified
from dlteach.reasoning.algebra.singular import positive

MOST_TURNS = 40  # of a sine or a tangent
TWO, PI = number(2), Constant("pi")
NO_PLACE = "a joint that cannot be solved for"

# f(w) = y is w = the first formula in y where the second says so, and nowhere else; functions with f(w) = 0 at w = 0
INVERSE: Mapping[str, tuple[str, str]] = {
    "exp": ("ln(y)", "y > 0"),
    "ln": ("e^y", ""),
    "log": ("e^y", ""),
    "log2": ("2^y", ""),
    "log10": ("10^y", ""),
    "sqrt": ("y^2", "y >= 0"),
    "cbrt": ("y^3", ""),
    "sinh": ("asinh(y)", ""),
    "asinh": ("sinh(y)", ""),
    "tanh": ("atanh(y)", "-1 < y < 1"),
    "atanh": ("tanh(y)", ""),
    "atan": ("tan(y)", "-pi/2 < y < pi/2"),
    "asin": ("sin(y)", "-pi/2 <= y <= pi/2"),
    "acos": ("cos(y)", "0 <= y <= pi"),
    "acosh": ("cosh(y)", "y >= 0"),
    "lambertw": ("y*e^y", "y >= -1"),
    "sigmoid": ("ln(y/(1 - y))", "0 < y < 1"),
}
ODD = ("erf", "cbrt", "sinh", "asinh", "tanh", "atanh", "atan", "asin")


class Line(Places):
    """The line of a variable, and where expressions in it change their sign."""

    # ---- zeros --------------------------------------------------------------------------------

    def zeros(self, g: Expr, lower: Expr | None, upper: Expr | None) -> list[Expr]:
        """Places of which every one strictly inside is there at which g may change its sign, or is 0."""
        if self.variable not in symbols(g):
            return []
        match g:
            case Negative(of):
                return self.zeros(of, lower, upper)
            case Product(parts):
                if any(literal(part) == 0 for part in parts):
                    raise NotEvaluable("two sides that are the same")
                return [place for part in parts for place in self.zeros(part, lower, upper)]
            case Quotient(over, under):
                return self.zeros(over, lower, upper) + self.zeros(under, lower, upper)
            case Power(base, exponent) if self.variable not in symbols(exponent):
                return self.zeros(base, lower, upper)
            case Call("abs" | "sqrt" | "sign", (w,), 0):
                return self.zeros(w, lower, upper)
        if positive(g):
            return []
        row = coefficients(g, self.variable)
        if row is not None:
            return self.of_polynomial(row)
        for way in (self.of_common_factor, self.of_kernel, self.of_root, self.of_two_exponentials):
            try:
                found = way(g, lower, upper)
            except NotEvaluable:
                continue
            if found is not None:
                return found
        return self.by_form(g, lower, upper)

    def by_form(self, g: Expr, lower: Expr | None, upper: Expr | None) -> list[Expr]:
        """By the normal form: g has one sign inside, or one on either side of 0."""
        if self.one_signed(g, lower, upper):
            return []
        if self.inside(ZERO, lower, upper) and all(
            self.one_signed(g, *ends) for ends in ((lower, ZERO), (ZERO, upper))
        ):
            return [ZERO]
        raise NotEvaluable(NO_PLACE)

    def one_signed(self, g: Expr, lower: Expr | None, upper: Expr | None) -> bool:
        """Whether g is never 0 between two ends, by its form."""
        known = {self.variable}.union(*map(symbols, self.conditions))
        if any(name in self.env or name not in known for name in symbols(g)):
            return False
        conditions = (*self.conditions, *strictly_between(self.variable, lower, upper))
        found = self.signs_of(g, conditions)
        return found is not None and len(found) == 1 and 0 not in found

    # ---- polynomials --------------------------------------------------------------------------

    def of_polynomial(self, row: Sequence[Expr]) -> list[Expr]:
        """The real roots, as expressions."""
        numbers = [literal(c) for c in row]
        if None not in numbers and any(numbers):
            return list(_rational_roots([c for c in numbers if c is not None], self))
        while self.sign(row[-1]) == 0:
            row = row[:-1]
            if not row:
                raise NotEvaluable("two sides that are the same")
        if len(row) == 1:
            return []
        if len(row) == 2:
            return [simplified(Negative(Quotient(row[0], row[1])))]
        if len(row) == 3:
            return self.of_quadratic(row)
        raise NotEvaluable(NO_PLACE)

    def of_quadratic(self, row: Sequence[Expr]) -> list[Expr]:
        c, b, a = row
        half = divided(b, TWO)
        inside = neat(Sum((Power(half, TWO), Negative(Product((a, c))))))
        sign = self.sign(inside)
        if sign < 0:
            return []
        if sign == 0:
            return [divided(opposite(half), a)]
        if (unit := literal(a)) is not None:
            half, inside, a = divided(half, a), divided(inside, number(unit * unit)), ONE
        root = call("sqrt", inside)
        return [divided(added((opposite(half), part)), a) for part in (Negative(root), root)]

    # ---- other expressions --------------------------------------------------------------------

    def of_common_factor(self, g: Expr, lower: Expr | None, upper: Expr | None) -> list[Expr] | None:
        """u*p + u*q = u*(p + q)."""
        if not isinstance(g, Sum):
            return None
        rows = [_factors(term) for term in g.terms]
        for factor in rows[0]:
            if self.variable in symbols(factor) and all(factor in row for row in rows):
                rest = Sum(tuple(_without(row, factor) for row in rows))
                return self.zeros(factor, lower, upper) + self.zeros(simplified(rest), lower, upper)
        return None

    def of_kernel(self, g: Expr, lower: Expr | None, upper: Expr | None) -> list[Expr] | None:
        """a*f(w) + b = 0, where the variable stands in f(w) alone."""
        kernels = list(dict.fromkeys(_kernels(g, self.variable)))
        if len(kernels) != 1:
            return None
        kernel = kernels[0]
        if isinstance(kernel, Call) and kernel.name in self.back.definitions and not kernel.primes:
            body = self.back.definitions[kernel.name].applied(kernel.args)
            return self.zeros(simplified(exchanged(g, kernel, body)), lower, upper)
        line = coefficients(exchanged(g, kernel, Symbol("k_")), "k_")
        if line is None or self.variable in frozenset().union(*map(symbols, line)):
            return None
        found = [] if not isinstance(kernel, Quotient) else self.zeros(kernel.under, lower, upper)
        for y in Line("k_", self.env, self.back.definitions, self.conditions).of_polynomial(line):
            for w, target in self.inverted(kernel, y, lower, upper):
                found += self.zeros(simplified(Sum((w, Negative(target)))), lower, upper)
        return found

    def inverted(self, kernel: Expr, y: Expr, lower: Expr | None, upper: Expr | None) -> Iterator[tuple[Expr, Expr]]:
        """Pairs (w, target): the kernel is y just where w is one of the targets."""
        match kernel:
            case Call("sin" | "cos" | "tan" as name, (w,), 0):
                yield from ((w, target) for target in self.of_angle(name, w, y, lower, upper))
            case Call("abs", (w,), 0):
                if self.sign(y) >= 0:
                    yield w, y
                    yield w, Negative(y)
            case Call("cosh", (w,), 0):
                if self.sign(Sum((y, Negative(ONE)))) >= 0:
                    yield w, call("acosh", y)
                    yield w, Negative(call("acosh", y))
            case Call(name, (w,), 0) if name in ODD and self.sign(y) == 0:
                yield w, ZERO
            case Call(name, (w,), 0) if name in INVERSE:
                text, where = INVERSE[name]
                if self.holds(where, y):
                    yield w, simplified(substitute(formula(text), {"y": y}))
            case Power(base, w) if self.variable not in symbols(base) and self.sign(base) > 0:
                if base != Constant("e") and self.sign(Sum((base, Negative(ONE)))) == 0:
                    return
                if self.sign(y) > 0:
                    natural = simplified(call("ln", y)) if y != ONE else ZERO
                    yield w, natural if base == Constant("e") else simplified(Quotient(natural, call("ln", base)))
            case Quotient(over, under):
                yield over, Product((y, under))
            case Power(w, exponent) if (n := literal(exponent)) is not None and n:
                yield from ((w, target) for target in self.of_power(n, y))
            case _:
                raise NotEvaluable(NO_PLACE)

    def of_power(self, n: Fraction, y: Expr) -> Iterator[Expr]:
        """w^n = y, and the pole of a negative n."""
        sign = self.sign(y)
        if sign == 0 or n < 0:
            yield ZERO
        if sign == 0:
            return
        root = Power(y if sign > 0 else Negative(y), number(1 / n))
        whole = n.denominator == 1
        if sign > 0:
            yield root
        if whole and n % 2 == (0 if sign > 0 else 1):
            yield Negative(root)

    def of_angle(self, name: str, w: Expr, y: Expr, lower: Expr | None, upper: Expr | None) -> Iterator[Expr]:
        """The solutions of sin(w) = y and its kin with w between its values at the ends; poles of the tangent too."""
        row = coefficients(w, self.variable)
        if row is None or len(row) != 2 or lower is None or upper is None:
            raise NotEvaluable("infinitely many joints, or not at equal distances")
        if name != "tan" and (self.sign(Sum((y, ONE))) < 0 or self.sign(Sum((y, Negative(ONE)))) > 0):
            return
        if y == ZERO:  # multiples of pi, the poles of the tangent among them
            starts: tuple[Expr, ...] = (ZERO, Quotient(PI, TWO)) if name == "tan" else (ZERO,)
            starts = (Quotient(PI, TWO),) if name == "cos" else starts
        elif name == "sin":
            starts = (call("asin", y), Sum((PI, Negative(call("asin", y)))))
        elif name == "cos":
            starts = (call("acos", y), Negative(call("acos", y)))
        else:
            starts = (call("atan", y), Quotient(PI, TWO))
        turn = 1 if name == "tan" or y == ZERO else 2
        period = PI if turn == 1 else Product((TWO, PI))
        ends = [self.value(substitute(w, {self.variable: end})) / self.value(period) for end in (lower, upper)]
        if float(abs(ends[1] - ends[0])) > MOST_TURNS:
            raise NotEvaluable("too many joints")
        low, high = min(float(end) for end in ends), max(float(end) for end in ends)
        for start in starts:
            shift = float(self.value(start) / self.value(period))
            for k in range(int(low - shift) - 2, int(high - shift) + 3):
                yield _turned(start, turn * k)

    def of_root(self, g: Expr, lower: Expr | None, upper: Expr | None) -> list[Expr] | None:
        """p + q*sqrt(u) = 0 only where p^2 = q^2*u."""
        roots = [k for k in dict.fromkeys(_kernels(g, self.variable)) if isinstance(k, Call) and k.name == "sqrt"]
        if len(roots) != 1 or roots[0].primes:
            return None
        row = coefficients(exchanged(g, roots[0], Symbol("k_")), "k_")
        if row is None or len(row) != 2:
            return None
        p, q = row
        squared = Sum((Power(p, TWO), Negative(Product((Power(q, TWO), roots[0].args[0])))))
        return self.zeros(simplified(squared), lower, upper)

    def of_two_exponentials(self, g: Expr, lower: Expr | None, upper: Expr | None) -> list[Expr] | None:
        """a*e^u + b*e^v = 0 where e^(u - v) = -b/a."""
        if not isinstance(g, Sum) or len(g.terms) != 2:
            return None
        one, two = (_exponential(term, self.variable) for term in g.terms)
        if one is None or two is None or not all(self.variable in symbols(exponent) for exponent in (one[1], two[1])):
            return None
        (a, u), (b, v) = one, two
        quotient = Power(Constant("e"), simplified(Sum((u, Negative(v)))))
        return self.zeros(simplified(Sum((Product((a, quotient)), b))), lower, upper)

    def holds(self, where: str, y: Expr) -> bool:
        """Whether a chain of the table holds for y; raises NotEvaluable where that cannot be shown."""
        if not where:
            return True
        relation = _relation(where, y)
        return all(
            HOLDS[sign](self.order(a, b))
            for a, sign, b in zip(relation.sides, relation.signs, relation.sides[1:], strict=False)
        )


def _turned(start: Expr, k: int) -> Expr:
    """start + k*pi."""
    known = {ZERO: Fraction(0), Quotient(PI, TWO): Fraction(1, 2)}.get(start)
    if known is None:
        return simplified(Sum((start, Product((number(k), PI)))))
    return simplified(Product((number(known + k), PI)))


def _relation(text: str, y: Expr) -> Relation:
    (found,) = relations(text)
    return substitute(found, {"y": y})


def _rational_roots(row: Sequence[Fraction], line: Line) -> Iterator[Expr]:
    """The real roots of a polynomial with rational coefficients, from the constant upwards."""
    poly = fmpq_poly([fmpq(c.numerator, c.denominator) for c in row])
    for factor, _ in poly.factor()[1]:
        found = [Fraction(int(c.p), int(c.q)) for c in factor.coeffs()]
        if len(found) == 2:
            yield number(-found[0] / found[1])
        elif len(found) == 3:
            yield from line.of_quadratic([number(c) for c in found])
        elif len(found) == 4:
            yield from cubic_roots(found)
        elif any(root.imag.is_zero() for root, _ in complex_roots(found)):
            raise NotEvaluable(NO_PLACE)


def _kernels(expr: Expr, variable: str) -> Iterator[Expr]:
    """The outermost parts with the variable that are no sums, products and quotients by constants."""
    if variable not in symbols(expr):
        return
    match expr:
        case Sum() | Product() | Negative():
            for child in expr.children():
                yield from _kernels(child, variable)
        case Quotient(over, under) if variable not in symbols(under):
            yield from _kernels(over, variable)
        case _:
            yield expr


def _factors(term: Expr) -> list[Expr]:
    match term:
        case Negative(of):
            return [Negative(ONE), *_factors(of)]
        case Product(factors):
            return [inner for factor in factors for inner in _factors(factor)]
        case Quotient(over, under):
            return [*_factors(over), Quotient(ONE, under)]
    return [term]


def _without(row: list[Expr], factor: Expr) -> Expr:
    at = row.index(factor)
    rest = row[:at] + row[at + 1 :]
    return Product(tuple(rest)) if len(rest) > 1 else rest[0] if rest else ONE


def _exponential(term: Expr, variable: str) -> tuple[Expr, Expr] | None:
    """(a, u) with term = a*e^u."""
    a, u = list[Expr](), list[Expr]()
    for factor in _factors(term):
        match factor:
            case Power(Constant("e"), exponent) | Call("exp", (exponent,), 0):
                u.append(exponent)
            case _ if variable in symbols(factor):
                return None
            case _:
                a.append(factor)
    one = Product(tuple(a)) if len(a) > 1 else a[0] if a else ONE
    return one, Sum(tuple(u)) if len(u) > 1 else u[0] if u else ZERO

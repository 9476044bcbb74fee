"""One-sided expansions at a point: f(c + s*t^k) = a_v*t^v + … + O(t^m) for t -> 0+, with exact coefficients.

s is the side, 1 or -1; k > 1 is taken where roots would leave fractional powers of t. Functions that are smooth at the
value they are asked at give their Taylor polynomial (their derivatives come from the rules); quotients, roots and
powers go by their leading terms, whose signs are shown. Everything else raises NotEvaluable; a side on which the
expression is not real raises NotThere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import factorial

from dlteach.course.functions import Functions
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import ball, precision
from dlteach.notation.names import BUILTINS
from dlteach.notation.show import show
from dlteach.notation.tree import (
    ONE,
    ZERO,
    Call,
    Constant,
    Expr,
    Negative,
    Piecewise,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    call,
    literal,
    number,
    substitute,
    symbols,
)
from dlteach.reasoning.algebra.constants import added, divided, multiplied, neat
from dlteach.reasoning.algebra.facts import FACTS, Growth, relations
from dlteach.reasoning.algebra.pieces import rational
from dlteach.reasoning.algebra.places import HOLDS
from dlteach.reasoning.algebra.simplify import power, simplified
from dlteach.reasoning.algebra.solve import Line
from dlteach.reasoning.deriving.derive import Walker

EXACT = 10**6  # the order of a rest that is not there
TERMS = (3, 6, 12)  # of a Taylor polynomial
ROOTS = (1, 2, 3, 6)  # k
BITS, SIMPLE = 256, 1000  # the denominator of a number that is looked for


class NotThere(NotEvaluable):
    """The expression is not real on this side."""


class _Fractional(NotEvaluable):
    """A power of t that is no integer: another k is wanted."""


@dataclass(frozen=True)
class Series:
    """The sum of `terms[i]*t^i`, and a rest of the order t^`error`."""

    terms: Mapping[int, Expr]
    error: int = EXACT


def one_sided(f: Expr, variable: str, place: Expr, side: int, functions: Functions) -> tuple[Expr, Expr | None]:
    """The limit of f from a side, and its slope there; None for a slope that is infinite.

    Raises NotThere where f is not real on this side, or has no finite limit, and NotEvaluable where it cannot be told.
    """
    problem: NotEvaluable = NotEvaluable("its expansion is not known")
    for k in ROOTS:
        for terms in TERMS:
            try:
                return _slope(_Expander(variable, place, side, k, terms, functions), f)
            except _Fractional as reason:
                problem = reason
                break
            except NotThere:
                raise
            except NotEvaluable as reason:
                problem = reason
        else:
            break
    raise problem


def _slope(work: _Expander, f: Expr) -> tuple[Expr, Expr | None]:
    found = work(f, {})
    rows = {i: c for i, c in sorted(found.terms.items()) if i > 0 or work.line.sign(c)}
    if any(i < 0 for i in rows):
        raise NotThere("it is not bounded on this side")
    if found.error <= 0:
        raise NotEvaluable("its limit is not known")
    start = rows.get(0, ZERO)
    if any(0 < i < work.k and work.line.sign(c) for i, c in rows.items()):
        return start, None
    if found.error <= work.k:
        raise NotEvaluable("its slope is not known")
    rise = rows.get(work.k, ZERO)
    return start, rise if work.side > 0 else multiplied(number(-1), rise)


@lru_cache(maxsize=256)
def _derivative(name: str, order: int, functions: Functions) -> Expr:
    """The derivative of a built-in function, in u."""
    if order == 0:
        return call(name, Symbol("u"))
    before = _derivative(name, order - 1, functions)
    return Walker(functions, "u", False, lambda lemma: True).worked_out(before)


class _Expander:
    """Expansions of expressions in the variable at a place, on one side."""

    def __init__(self, variable: str, place: Expr, side: int, k: int, terms: int, functions: Functions) -> None:
        self.variable, self.place, self.side, self.k, self.most = variable, place, side, k, terms
        self.functions, self.definitions = functions, functions.definitions
        self.line = Line(variable, {}, self.definitions)

    def __call__(self, expr: Expr, env: Mapping[str, Series]) -> Series:
        if not (symbols(expr) & (env.keys() | {self.variable})):
            return Series({0: neat(expr)})
        match expr:
            case Symbol(name):
                return env[name] if name in env else Series({0: self.place, self.k: number(self.side)})
            case Negative(of):
                return self.scaled(self(of, env), number(-1))
            case Sum(terms):
                return self.total(self(term, env) for term in terms)
            case Product(factors):
                found = self(factors[0], env)
                for factor in factors[1:]:
                    found = self.times(found, self(factor, env))
                return found
            case Quotient(over, under):
                return self.times(self(over, env), self.power(self(under, env), Fraction(-1)))
            case Power(base, exponent):
                return self.of_power(base, exponent, env)
            case Piecewise():
                return self.chosen(expr, env)
            case Call(name, args, 0):
                return self.call(name, args, env)
        raise NotEvaluable(f"`{show(expr)}` is not expanded")

    # ---- arithmetic ---------------------------------------------------------------------------

    def total(self, parts: Iterable[Series]) -> Series:
        rows: dict[int, list[Expr]] = {}
        error = EXACT
        for part in parts:
            error = min(error, part.error)
            for i, c in part.terms.items():
                rows.setdefault(i, []).append(c)
        return Series({i: added(row) for i, row in rows.items() if i < error}, error)

    def scaled(self, a: Series, factor: Expr) -> Series:
        return Series({i: multiplied(factor, c) for i, c in a.terms.items()}, a.error)

    def times(self, a: Series, b: Series) -> Series:
        low = [min(s.terms, default=s.error) for s in (a, b)]
        error = min(low[0] + b.error, low[1] + a.error, EXACT)
        rows: dict[int, list[Expr]] = {}
        for i, one in a.terms.items():
            for j, two in b.terms.items():
                if i + j < error and one != ZERO and two != ZERO:
                    rows.setdefault(i + j, []).append(multiplied(one, two))
        return Series({i: added(row) for i, row in rows.items()}, error)

    def leading(self, a: Series) -> tuple[int, Expr] | None:
        """The first term that is shown not to be 0; None for 0 itself."""
        for i in sorted(a.terms):
            if self.line.sign(a.terms[i]):
                return i, a.terms[i]
        if a.error == EXACT:
            return None
        raise NotEvaluable("more terms are wanted")

    def sign(self, a: Series) -> int:
        """The sign beside the place."""
        first = self.leading(a)
        return 0 if first is None else self.line.sign(first[1])

    def power(self, a: Series, n: Fraction) -> Series:
        """a^n by the leading term and the binomial series."""
        first = self.leading(a)
        if first is None:
            if n > 0:
                return a
            raise NotThere("it is divided by 0")
        v, lead = first
        if n.denominator > 1 and self.line.sign(lead) < 0:
            raise NotThere("a root of what is negative on this side")
        if (v * n).denominator > 1:
            raise _Fractional("a fractional power")
        rest = Series(
            {i - v: divided(c, lead) for i, c in a.terms.items() if i > v},
            a.error - v if a.error < EXACT else EXACT,
        )
        outer = (
            number(1 / lead_value) if n == -1 and (lead_value := literal(lead)) else self.folded(power(lead, number(n)))
        )
        coefficients = [number(_binomial(n, j)) for j in range(self.most)]
        found = self.composed(coefficients, rest)
        shift = int(v * n)
        moved = {i + shift: multiplied(outer, c) for i, c in found.terms.items()}
        return Series(moved, found.error + shift if found.error < EXACT else EXACT)

    def composed(self, coefficients: list[Expr], w: Series) -> Series:
        """The sum of c_j*w^j for a w that tends to 0, of which the first coefficients are given."""
        if min(w.terms, default=w.error) <= 0:
            raise NotEvaluable("it does not tend to 0")
        if not w.terms and w.error == EXACT:
            return Series({0: coefficients[0]})
        cap = self.most * self.k
        found, power = Series({0: coefficients[0]}), Series({0: ONE})
        for c in coefficients[1:]:
            power = self.times(power, w)
            power = Series(
                {i: p for i, p in power.terms.items() if i < cap},
                min(power.error, cap if len(power.terms) else power.error),
            )
            found = self.total((found, self.scaled(power, c)))
        low = min(w.terms, default=w.error)
        error = min(found.error, cap, low * len(coefficients))
        return Series({i: c for i, c in found.terms.items() if i < error}, error)

    # ---- powers and functions -----------------------------------------------------------------

    def of_power(self, base: Expr, exponent: Expr, env: Mapping[str, Series]) -> Series:
        n = literal(exponent)
        if n is not None:
            a = self(base, env)
            if n.denominator == 1 and 0 <= n <= 12:
                found = Series({0: ONE})
                for _ in range(int(n)):
                    found = self.times(found, a)
                return found
            return self.power(a, n)
        if base == Constant("e"):
            return self.function("exp", self(exponent, env))
        log = self.function("ln", self(base, env))
        return self.function("exp", self.times(self(exponent, env), log))

    def call(self, name: str, args: tuple[Expr, ...], env: Mapping[str, Series]) -> Series:
        if name not in BUILTINS:
            if name not in self.definitions:
                raise NotEvaluable(f"`{name}` is not expanded")
            definition = self.definitions[name]
            inner = definition.environment([self(arg, env) for arg in args], lambda default: Series({0: default}))
            return self(definition.body, inner)
        found = [self(arg, env) for arg in args]
        if name in ("max", "min"):
            best = found[0]
            for other in found[1:]:
                gap = self.sign(self.total((other, self.scaled(best, number(-1)))))
                best = other if gap * (1 if name == "max" else -1) > 0 else best
            return best
        return self.function(name, found[0])

    def function(self, name: str, u: Series) -> Series:
        """A built-in function of one argument."""
        match name:
            case "abs":
                return u if self.sign(u) >= 0 else self.scaled(u, number(-1))
            case "sign":
                return Series({0: number(self.sign(u))})
            case "sqrt":
                return self.power(u, Fraction(1, 2))
            case "cbrt":
                side = number(self.sign(u) or 1)
                return self.scaled(self.power(self.scaled(u, side), Fraction(1, 3)), side)
            case "floor" | "ceil":
                return self.step(name, u)
            case "acot" if min(u.terms, default=0) >= 0 and not self.line.sign(u.terms.get(0, ZERO)):
                half = Quotient(Constant("pi"), number(2 * self.sign(u)))
                return self.total((Series({0: half}), self.scaled(self.function("atan", u), number(-1))))
        low = min((i for i in u.terms if i < 0 and self.line.sign(u.terms[i])), default=0)
        row = FACTS[name]
        if low < 0 or u.error <= 0:
            return self.far(name, u, low)
        start = self.folded(u.terms.get(0, ZERO))
        for relation in relations(row.real):
            self.check(relation, u)
        if not all(self.holds(substitute(relation, {"u": start})) for relation in relations(row.smooth)):
            raise NotEvaluable(f"`{name}` is not smooth there")
        slopes = [substitute(_derivative(name, j, self.functions), {"u": start}) for j in range(self.most)]
        coefficients = [divided(self.folded(c), number(factorial(j))) for j, c in enumerate(map(simplified, slopes))]
        return self.composed(coefficients, Series({i: c for i, c in u.terms.items() if i > 0}, u.error))

    def folded(self, expr: Expr) -> Expr:
        """A constant as a rational number, where it is shown to be a simple one."""
        if symbols(expr) or literal(expr) is not None:
            return neat(expr)
        with precision(BITS):
            value = self.line.value(expr)
            guess = rational(value).limit_denominator(SIMPLE)
            if not value.overlaps(ball(guess)):
                return expr
        try:
            return number(guess) if self.line.order(expr, number(guess)) == 0 else expr
        except NotEvaluable:
            return expr

    def far(self, name: str, u: Series, low: int) -> Series:
        """Where the argument is not bounded, or not known: e^-oo fades faster than any power, sin stays bounded."""
        if name == "exp" and low < 0 and low < u.error and self.line.sign(u.terms[low]) < 0:
            return Series({}, self.most * self.k)
        if FACTS[name].growth is Growth.BOUNDED and FACTS[name].total:
            return Series({}, 0)
        raise NotEvaluable(f"`{name}` of something that is not bounded")

    def step(self, name: str, u: Series) -> Series:
        start = literal(u.terms.get(0, ZERO))
        if start is None or u.error <= 0 or min(u.terms, default=0) < 0:
            raise NotEvaluable("a step that cannot be told")
        rest = self.sign(Series({i: c for i, c in u.terms.items() if i}, u.error)) if start.denominator == 1 else 0
        whole = start.__floor__() if name == "floor" else start.__ceil__()
        return Series({0: number(whole + (min(rest, 0) if name == "floor" else max(rest, 0)))})

    def chosen(self, expr: Piecewise, env: Mapping[str, Series]) -> Series:
        """The branch that counts beside the place."""
        for branch in expr.branches:
            if branch.condition is None or self.beside(branch.condition, env):
                return self(branch.value, env)
        raise NotThere("no branch counts on this side")

    def beside(self, relation: Relation, env: Mapping[str, Series]) -> bool:
        sides = [self(side, env) for side in relation.sides]
        gaps = [self.total((a, self.scaled(b, number(-1)))) for a, b in pairwise(sides)]
        return all(HOLDS[sign](self.sign(gap)) for sign, gap in zip(relation.signs, gaps, strict=True))

    def check(self, relation: Relation, u: Series) -> None:
        """Raises NotThere where a function is not real on this side."""
        if not self.beside(relation, {"u": u}):
            raise NotThere("it is not real on this side")

    def holds(self, relation: Relation) -> bool:
        """Whether a relation between constants holds."""
        return all(
            HOLDS[sign](self.line.order(a, b))
            for a, sign, b in zip(relation.sides, relation.signs, relation.sides[1:], strict=False)
        )


def _binomial(n: Fraction, j: int) -> Fraction:
    found = Fraction(1)
    for i in range(j):
        found = found * (n - i) / (i + 1)
    return found

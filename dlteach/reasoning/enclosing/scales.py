"""The sign of an expression on a whole tail or beside an end, from sums over a scale of growth.

A value is a sum of terms c(X)*X^a*ln(X)^b*e^E(X) for all X >= T, where E is a polynomial in (fractional) powers of X
and the coefficient c(X), which may vary, stays inside a ball. The variable itself is p + X, p - X, or, beside p,
p + 1/X and p - 1/X. Terms that a larger one dominates can be swallowed by its coefficient: the supremum of their
quotient is known. So a sum whose first coefficient keeps away from 0 has its sign on the whole tail, also where it
fades to 0 or grows like a logarithm (Hardy 1910, Orders of Infinity). Functions of what settles are expanded by
Taylor's theorem with its rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cmp_to_key
from math import factorial
from typing import Any

from flint import arb, fmpq

from dlteach.notation.backend import Backend, Definitions, formula
from dlteach.notation.balls import Balls
from dlteach.notation.names import Builtin
from dlteach.notation.tree import Call, Constant, Expr, Piecewise, Power, Relation, Symbol, call, literal, number
from dlteach.reasoning.enclosing.taylor import coefficients
from dlteach.reasoning.enclosing.terms import (
    GROWN,
    PI,
    Coefficient,
    Growth,
    NoScale,
    Term,
    Value,
    added,
    ball,
    below,
    divided,
    multiplied,
    order,
    plus,
    raised_to,
    real,
    sign_of,
)

STARTS = (4, 8, 16, 32, 64, 256, 4096, 10**6, 10**9, 10**13, 10**20)
ORDER = 5  # of the expansions
MOST_TERMS = 24
BALLS = Balls({})
LIMITED = {"sin": 1, "cos": 1}


class Scales(Backend[Value]):
    """Values are sums of terms for all X >= start."""

    column = "arb"

    def __init__(self, definitions: Definitions, start: int) -> None:
        super().__init__(definitions)
        self.start = arb(start)
        self.log = self.start.log()

    # ---- terms ----------------------------------------------------------------------------------

    def largest(self, term: Term) -> arb:
        """The supremum over X >= T of X^a*ln(X)^b*e^E; raises NoScale where it does not fall from T on."""
        a, b = real(term.power), real(term.logs)
        rise = a + (b / self.log if term.logs > 0 else 0)
        fall, top = arb(0), arb(0)
        if term.moving:
            (power, lead), *rest = term.moving
            rate = -ball(lead)
            for p, c in rest:
                if not c <= 0:
                    rate -= abs(ball(c)) * self.start ** real(p - power)
            if not rate > 0:
                raise NoScale("the leading term does not dominate yet")
            top = -rate.lower() * self.start ** real(power)
            fall = -top * real(power)
        if not rise <= fall:
            raise NoScale("it does not fall yet")
        return (self.start**a * self.log**b * top.exp()).upper()

    def swallowed(self, value: Value) -> Term:
        """The first term, with all others in its coefficient."""
        first, rest = self.first(value)
        whole = ball(first.whole)
        for term in rest:
            whole += ball(term.whole) * arb(0).union(self.largest(self.ratio(term, first)))
        return replace(first, coefficient=whole, gauss=0, growth=first.moving)

    def first(self, value: Value) -> tuple[Term, list[Term]]:
        """The first term, with those that grow like it in its coefficient, and the others."""
        first, *rest = value
        alike = [term for term in rest if order(term, first) == 0]  # constants of several kinds
        if not alike:
            return first, rest
        whole = sum((ball(term.whole) for term in alike), ball(first.whole))
        first = replace(first, coefficient=whole, gauss=0, growth=first.moving)
        return first, [term for term in rest if order(term, first) < 0]

    def ratio(self, a: Term, b: Term) -> Term:
        """a/b without coefficients."""
        return Term(fmpq(1), a.power - b.power, a.logs - b.logs, plus(a.growth, b.growth, -1), a.gauss - b.gauss)

    def gathered(self, terms: list[Term]) -> Value:
        """Like terms added, in order; too many are swallowed by the largest of the last."""
        found: dict[tuple[Any, ...], Term] = {}
        for term in terms:
            if isinstance(term.coefficient, fmpq) and term.coefficient == 0:
                continue
            exact = all(isinstance(c, fmpq) for _, c in term.growth)
            growth = tuple((p, str(c)) for p, c in term.growth) if exact else id(term)
            key = (growth, term.power, term.logs, term.gauss)
            if key in found:
                term = replace(term, coefficient=added(found[key].coefficient, term.coefficient))
            found[key] = term
        kept = [t for t in found.values() if not (isinstance(t.coefficient, fmpq) and t.coefficient == 0)]
        kept.sort(key=cmp_to_key(order), reverse=True)
        if len(kept) > MOST_TERMS:
            kept[MOST_TERMS - 1 :] = [self.swallowed(tuple(kept[MOST_TERMS - 1 :]))]
        return tuple(kept)

    def sign(self, value: Value) -> int:
        """The sign on the whole tail."""
        return sign_of(self.swallowed(value).coefficient) if value else 0

    def times(self, a: Value, b: Value) -> Value:
        """A product."""
        return self.gathered(
            [
                Term(
                    multiplied(s.coefficient, t.coefficient),
                    s.power + t.power,
                    s.logs + t.logs,
                    plus(s.growth, t.growth),
                    s.gauss + t.gauss,
                )
                for s in a
                for t in b
            ]
        )

    def plus(self, a: Value, b: Value) -> Value:
        """A sum."""
        return self.gathered([*a, *b])

    def negative(self, a: Value) -> Value:
        """-a."""
        return tuple(replace(t, coefficient=-t.coefficient) for t in a)

    def known(self, value: Coefficient) -> Value:
        """A constant."""
        return self.gathered([Term(value)])

    # ---- the back end ---------------------------------------------------------------------------

    def __call__(self, expr: Expr, env: Mapping[str, Value]) -> Value:
        handler = OWN.get(type(expr).__name__)
        return handler(self, expr, env) if handler else super().__call__(expr, env)

    def number(self, value: Fraction) -> Value:
        return self.known(fmpq(value.numerator, value.denominator))

    def constant(self, name: str) -> Value:
        if name == "oo":
            raise NoScale("infinity is no number")
        if name == "e":
            return (Term(fmpq(1), growth=((Fraction(0), fmpq(1)),)),)
        return (PI,)

    def divide(self, over: Value, under: Value) -> Value:
        return self.times(over, self.raised(under, Fraction(-1)))

    def fixed(self, value: Value) -> Coefficient | None:
        """The value of what does not move; None where it does."""
        if not value:
            return fmpq(0)
        return value[0].whole if len(value) == 1 and value[0].constant else None

    def power(self, base: Value, exponent: Value) -> Value:
        n = self.fixed(exponent)
        if isinstance(n, fmpq):
            p = Fraction(int(n.p), int(n.q))
            if p.denominator == 1 and 0 <= p <= 12:
                result = self.known(fmpq(1))
                for _ in range(int(p)):
                    result = self.times(result, base)
                return result
            return self.raised(base, p)
        if not self.sign(base) > 0:
            raise NoScale("a power of what is not positive")
        return self.exp(self.times(exponent, self.ln(base)))

    def raised(self, value: Value, p: Fraction) -> Value:
        """value^p: c^p*t^p*(1 + d)^p."""
        if not value:
            raise NoScale("a power of zero")
        first, gap = self.split(value)
        whole = p.denominator == 1
        if not whole and not first.coefficient > 0:
            raise NoScale("a root of what may be negative")
        c, gauss = raised_to(first.coefficient, p), first.gauss * p
        constant = [c for power, c in first.growth if not power]
        if not whole and (not isinstance(c, fmpq) or gauss.denominator > 1 or constant):
            c, gauss = raised_to(first.whole, p), Fraction(0)
        kept = first.growth if whole else first.moving
        grown = tuple((q, k * fmpq(p.numerator, p.denominator)) for q, k in kept)
        head = (Term(c, first.power * p, first.logs * p, grown, int(gauss)),)
        return self.times(head, self.near(Power(Symbol("u"), number(p)), self.known(fmpq(1)), gap))

    def split(self, value: Value) -> tuple[Term, Value]:
        """The first term t, and d with value = t*(1 + d)."""
        first, rest = self.first(value)
        if not (first.coefficient > 0 or first.coefficient < 0):
            raise NoScale("the main term may vanish")
        return first, tuple(
            replace(self.ratio(term, first), coefficient=divided(term.coefficient, first.coefficient)) for term in rest
        )

    def near(self, expr: Expr, settled: Value, gap: Value) -> Value:
        """f(c + d), for f given in u, by Taylor's theorem; d fades."""
        c = settled[0].whole if settled else fmpq(0)
        for term in settled[1:]:
            c = ball(c) + ball(term.whole)
        if not gap:
            return self.known(self.exactly(expr, c))
        size = sum((ball(t.whole) * arb(0).union(self.largest(t)) for t in gap), arb(0))
        here = coefficients(expr, "u", ball(c), ORDER - 1, {})
        last = coefficients(expr, "u", ball(c) + size.union(arb(0)), ORDER, {})[ORDER]
        result, step = self.known(self.exactly(expr, c)), self.known(fmpq(1))
        for k in range(1, ORDER + 1):
            step = self.times(step, gap)
            factor = last if k == ORDER else _or(_exactly(expr, c, k), here[k])
            result = self.plus(result, self.times(self.known(factor), step))
        return result

    def exactly(self, expr: Expr, c: Coefficient) -> Coefficient:
        """f(c), exact where that is plain to see."""
        value = BALLS(expr, {"u": ball(c)})
        if not value.is_finite():
            raise NoScale("it is not real there")
        if isinstance(c, fmpq) and value.is_exact():
            middle = value.fmpq()
            return middle
        return value

    def exp(self, u: Value) -> Value:
        """e^u: growth, a power of X for each logarithm, a constant, and a series in what fades."""
        one = Term(fmpq(1))
        large = [t for t in u if order(t, one) > 0]
        settled = [t for t in u if order(t, one) == 0 and not isinstance(t.whole, fmpq)]
        gap = tuple(t for t in u if order(t, one) < 0)
        if any(t.moving or (t.logs and (t.power or t.logs != 1)) for t in large):
            return self.vanishing(u)
        exact = [t.coefficient for t in u if t.constant and isinstance(t.whole, fmpq)]
        growth: Growth = ((Fraction(0), exact[0]),) if exact else ()
        power = Fraction(0)
        for t in large:
            if t.logs:
                if not isinstance(t.whole, fmpq):
                    raise NoScale("a power that is not rational")
                power += Fraction(int(t.coefficient.p), int(t.coefficient.q))
            else:
                growth = plus(growth, ((t.power, t.whole),))
        head = (Term(fmpq(1), power, Fraction(0), growth),)
        c = self.gathered(settled)
        return self.times(head, self.near(call("exp", Symbol("u")), c, gap))

    def vanishing(self, u: Value) -> Value:
        """e^u where -u grows faster than a polynomial: between 0 and e^(-r*X)."""
        first = self.swallowed(u)
        if not first.coefficient < 0:
            raise NoScale("an exponential of an exponential")
        slowest = self.largest(self.ratio(Term(fmpq(1), Fraction(1)), first))
        rate = below(abs(first.coefficient) / slowest)
        return (Term(arb(0).union(arb(1)), Fraction(0), Fraction(0), ((Fraction(1), -rate),)),)

    def ln(self, u: Value) -> Value:
        """ln(c*t*(1 + d)) = ln(c) + ln(t) + ln(1 + d)."""
        if not u:
            raise NoScale("the logarithm of zero")
        first, gap = self.split(u)
        if not first.coefficient > 0 or first.logs:
            raise NoScale("a logarithm that this scale does not hold")
        terms = [Term(c, p) for p, c in first.growth]
        terms.append(Term(fmpq(first.power.numerator, first.power.denominator), Fraction(0), Fraction(1)))
        if not (isinstance(first.whole, fmpq) and first.whole == 1):
            terms.append(Term(ball(first.whole).log()))
        return self.gathered([*terms, *self.near(call("ln", Symbol("u")), self.known(fmpq(1)), gap)])

    def builtin(self, row: Builtin, how: str, args: list[Value]) -> Value:
        u = args[0]
        if row.name in ("max", "min"):
            best = u
            for other in args[1:]:
                gap = self.sign(self.plus(other, self.negative(best)))
                best = other if gap * (1 if row.name == "max" else -1) > 0 else best
            return best
        if row.name in ("abs", "sign"):
            sign = self.sign(u)
            return self.known(fmpq(sign)) if row.name == "sign" else u if sign >= 0 else self.negative(u)
        if row.name in ("exp", "ln", "log"):
            return self.exp(u) if row.name == "exp" else self.ln(u)
        if row.name == "sqrt":
            return self.raised(u, Fraction(1, 2)) if u else ()
        one = Term(fmpq(1))
        if not u or order(u[0], one) <= 0:
            if row.name in ("floor", "ceil"):
                raise NoScale("it jumps")
            settled = tuple(t for t in u if order(t, one) == 0)
            return self.near(call(row.name, Symbol("u")), settled, tuple(t for t in u if order(t, one) < 0))
        if row.name in LIMITED:
            return self.known(arb(0, 1))
        if row.name == "atan":
            return self.arctangent(u)
        if row.name in ("erf", "erfc"):
            return self.error(u, row.name)
        if row.name in GROWN:
            sign = self.sign(u)
            return self(formula(GROWN[row.name][sign < 0]), {"u": u})
        raise NoScale(f"the growth of {row.name} is not known")

    def call(self, name: str, args: list[Value], expr: Any) -> Value:
        grows = bool(args[0]) and order(args[0][0], Term(fmpq(1))) > 0
        if grows and name == "Phi":
            return self.error(args[0], name)
        if name == "phi":
            half = self.times(self.times(args[0], args[0]), self.known(fmpq(-1, 2)))
            return self.times(self.exp(half), (Term(fmpq(1), gauss=1),))
        if grows and name in GROWN:
            return self(formula(GROWN[name][self.sign(args[0]) < 0]), {"u": args[0]})
        return super().call(name, args, expr)

    def arctangent(self, u: Value) -> Value:
        """atan(u) = pi/2 - 1/u + 1/(3u^3) - …, for u > 1: the rest is at most the first term left out."""
        sign = self.sign(u)
        v = u if sign > 0 else self.negative(u)
        inverse = self.raised(v, Fraction(-1))
        if not self.sign(self.plus(v, self.known(fmpq(-1)))) > 0:
            raise NoScale("it has not grown yet")
        result: Value = (replace(PI, coefficient=fmpq(1, 4)),)
        square, step = self.times(inverse, inverse), inverse
        for k in range(ORDER):
            c = fmpq(-((-1) ** k), 2 * k + 1)
            result = self.plus(result, self.times(self.known(c if k < ORDER - 1 else arb(0).union(arb(c))), step))
            step = self.times(step, square)
        return result if sign > 0 else self.negative(result)

    def error(self, u: Value, name: str) -> Value:
        """erf, erfc and Phi by 1 - Phi(w) = e^(-w^2/2)/(w*sqrt(2*pi))*(1 - 1/w^2 + 3/w^4 - …), for w > 0.

        The rest is at most the first term left out.
        """
        sign = self.sign(u)
        v = u if sign > 0 else self.negative(u)
        square = self.times(v, v)
        if name != "Phi":  # w = v*sqrt(2)
            square, v = self.times(square, self.known(fmpq(2))), self.times(v, self.known(arb(2).sqrt()))
        step, series, inverse = self.known(fmpq(1)), self.known(fmpq(0)), self.raised(square, Fraction(-1))
        for k in range(ORDER):
            c = fmpq((-1) ** k * factorial(2 * k), factorial(k) * 2**k)
            series = self.plus(series, self.times(self.known(c if k < ORDER - 1 else arb(0).union(arb(c))), step))
            step = self.times(step, inverse)
        faded = self.times(self.exp(self.times(square, self.known(fmpq(-1, 2)))), series)
        faded = self.times(self.divide(faded, v), (Term(fmpq(1), gauss=1),))
        below, rise = {"erfc": (fmpq(2), -2), "erf": (fmpq(-1), 2), "Phi": (fmpq(0), 1)}[
            name
        ]  # at -oo, and the step up
        falls = sign * rise < 0  # towards 0 for erfc on the right, for Phi on the left
        start = below if sign < 0 else below + rise
        step = self.times(self.known(fmpq(abs(rise))), faded)
        return self.plus(self.known(start), step if falls else self.negative(step))

    def piecewise(self, expr: Piecewise, env: Mapping[str, Value]) -> Value:
        for branch in expr.branches:
            if branch.condition is None or self.holds(branch.condition, env):
                return self(branch.value, env)
        raise NoScale("it is not real there")

    def holds(self, relation: Relation, env: Mapping[str, Value]) -> bool:
        """Whether a chain is true on the whole tail."""
        sides = [self(side, env) for side in relation.sides]
        wanted = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1), "=": (0,), "!=": (-1, 1)}
        return all(
            self.sign(self.plus(a, self.negative(b))) in wanted[sign]
            for sign, a, b in zip(relation.signs, sides, sides[1:], strict=False)
        )


def _or(first: Coefficient | None, second: Coefficient) -> Coefficient:
    return second if first is None else first


def _exactly(expr: Expr, c: Coefficient, k: int) -> Coefficient | None:
    """The Taylor coefficients of u^p and ln(u) at 1 and of e^u at 0, which are rational."""
    match expr:
        case Power(_, exponent) if c == 1 and (p := literal(exponent)) is not None:
            binomial = Fraction(1)
            for j in range(k):
                binomial = binomial * (p - j) / (j + 1)
            return fmpq(binomial.numerator, binomial.denominator)
        case Call("ln") if c == 1:
            return fmpq(-((-1) ** k), k)
        case Call("exp") if c == 0:
            return fmpq(1, factorial(k))
    return None


def _negated(scales: Scales, expr: Any, env: Mapping[str, Value]) -> Value:
    return scales.negative(scales(expr.of, env))


def _summed(scales: Scales, expr: Any, env: Mapping[str, Value]) -> Value:
    return scales.gathered([term for part in expr.terms for term in scales(part, env)])


def _product(scales: Scales, expr: Any, env: Mapping[str, Value]) -> Value:
    result = scales(expr.factors[0], env)
    for factor in expr.factors[1:]:
        result = scales.times(result, scales(factor, env))
    return result


def _power(scales: Scales, expr: Any, env: Mapping[str, Value]) -> Value:
    if expr.base == Constant("e"):
        return scales.exp(scales(expr.exponent, env))
    return scales.power(scales(expr.base, env), scales(expr.exponent, env))


OWN: Mapping[str, Any] = {"Negative": _negated, "Sum": _summed, "Product": _product, "Power": _power}


def tail_sign(expr: Expr, variable: str, side: int, start: int, definitions: Definitions, origin: Fraction) -> int:
    """The sign of `expr` for all side*(x - origin) >= start. Raises NotEvaluable."""
    scales = Scales(definitions, start)
    place = scales.gathered([Term(_exact(origin)), Term(fmpq(side), Fraction(1))])
    return scales.sign(scales(expr, {variable: place}))


def sign_beside(expr: Expr, variable: str, side: int, start: int, definitions: Definitions, point: Fraction) -> int:
    """The sign of `expr` for all 0 < side*(x - point) <= 1/start. Raises NotEvaluable."""
    scales = Scales(definitions, start)
    place = scales.gathered([Term(_exact(point)), Term(fmpq(side), Fraction(-1))])
    return scales.sign(scales(expr, {variable: place}))


def _exact(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)

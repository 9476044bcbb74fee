"""Taylor coefficients in balls: f^(k)/k! of a function on a whole box, up to any order.

`coefficients(f, x, box, n)` encloses f(c), f'(c), …, f^(n)(c)/n! for every c in the box. So a coefficient that has one
sign on a box, with all before it zero at a point of the box, tells the sign of f there (Taylor's theorem).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction

from flint import arb, arb_series, ctx

from dlteach.notation.backend import Backend, Definitions, NotEvaluable, formula
from dlteach.notation.balls import Balls, ball, truth
from dlteach.notation.names import Builtin
from dlteach.notation.tree import Expr, Piecewise, Relation

BALLS = Balls({})
METHODS = ("exp", "log", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "erf", "erfc", "lambertw")
FORMULAS = {
    "sinh": "(e^u - e^-u)/2",
    "cosh": "(e^u + e^-u)/2",
    "tanh": "1 - 2/(e^(2*u) + 1)",
    "coth": "1 + 2/(e^(2*u) - 1)",
    "cot": "cos(u)/sin(u)",
    "asinh": "ln(u + sqrt(u^2 + 1))",
    "acosh": "ln(u + sqrt(u - 1)*sqrt(u + 1))",
    "atanh": "(ln(1 + u) - ln(1 - u))/2",
}


@contextmanager
def _terms(count: int) -> Iterator[None]:
    before = ctx.cap
    ctx.cap = count
    try:
        yield
    finally:
        ctx.cap = before


def coefficients(expr: Expr, variable: str, box: arb, order: int, definitions: Definitions) -> list[arb]:
    """Balls of f^(k)/k! on a box for k = 0, …, order; raises NotEvaluable where one is not finite."""
    with _terms(order + 1):
        series = _Series(definitions)(expr, {variable: arb_series([box, 1])})
        found = [series[k] for k in range(order + 1)]
    if not all(value.is_finite() for value in found):
        raise NotEvaluable("it has no Taylor series on a box")
    return found


class _Series(Backend[arb_series]):
    """Values are `flint.arb_series`; the variable's own is box + t."""

    column = "arb"

    def number(self, value: Fraction) -> arb_series:
        return arb_series([ball(value)])

    def constant(self, name: str) -> arb_series:
        return arb_series([BALLS.constant(name)])

    def divide(self, over: arb_series, under: arb_series) -> arb_series:
        if under[0].contains(0) or not under[0].is_finite():
            raise NotEvaluable("a divisor that may be zero")
        return over / under

    def power(self, base: arb_series, exponent: arb_series) -> arb_series:
        if all(exponent[k].is_zero() for k in range(1, exponent.length())):
            n = exponent[0]
            if n.is_exact() and n.is_integer() and 0 <= n <= 1000:
                return self.whole(base, int(n.unique_fmpz()))
            if n.is_exact() and n.is_integer() and -1000 <= n < 0:
                return self.divide(arb_series([1]), self.whole(base, -int(n.unique_fmpz())))
        if not base[0] > 0:
            raise NotEvaluable("a power of what may be negative")
        return (exponent * base.log()).exp()

    def whole(self, base: arb_series, n: int) -> arb_series:
        """`base^n`."""
        result = arb_series([1])
        while n:
            if n & 1:
                result = result * base
            base, n = (base * base if n > 1 else base), n >> 1
        return result

    def builtin(self, row: Builtin, how: str, args: list[arb_series]) -> arb_series:
        if row.name in ("max", "min"):
            best = args[0]
            for other in args[1:]:
                larger = self.sign(other - best) > 0
                best = other if larger == (row.name == "max") else best
            return best
        if row.name in ("abs", "sign"):
            sign = self.sign(args[0])
            return arb_series([sign]) if row.name == "sign" else args[0] if sign > 0 else -args[0]
        if row.name in FORMULAS:
            return self(formula(FORMULAS[row.name]), {"u": args[0]})
        if how in METHODS:
            method: Callable[[], arb_series] = getattr(args[0], how)
            return method()
        raise NotEvaluable(f"{row.name} has no Taylor series here")

    def sign(self, value: arb_series) -> int:
        """The sign on the whole box, which is not 0."""
        if value[0] > 0:
            return 1
        if value[0] < 0:
            return -1
        raise NotEvaluable("a sign that is not the same on the whole box")

    def piecewise(self, expr: Piecewise, env: Mapping[str, arb_series]) -> arb_series:
        for branch in expr.branches:
            if branch.condition is None or self.holds(branch.condition, env):
                return self(branch.value, env)
        raise NotEvaluable("it is not real there")

    def holds(self, relation: Relation, env: Mapping[str, arb_series]) -> bool:
        """Whether a chain is true on the whole box."""
        sides = [self(side, env)[0] for side in relation.sides]
        links = [truth(sign, a, b) for sign, a, b in zip(relation.signs, sides, sides[1:], strict=False)]
        if False in links:
            return False
        if None in links:
            raise NotEvaluable("a branch that is not the same on the whole box")
        return True

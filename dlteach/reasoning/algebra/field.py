"""The back end of the normal form: the notation's functions, powers, pieces and conditions as values over kernels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from dlteach.notation.backend import Backend, Definitions
from dlteach.notation.names import Builtin
from dlteach.notation.tree import Call, Expr, Piecewise, Relation
from dlteach.reasoning.algebra.identities import Identities
from dlteach.reasoning.algebra.kernels import ANY, NONZERO, Quotient, Vacuous
from dlteach.reasoning.algebra.polynomials import TooBig

ALLOWED: Mapping[str, frozenset[int]] = {
    "=": frozenset({0}),
    "!=": NONZERO,
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    ">": frozenset({1}),
    ">=": frozenset({0, 1}),
}


class Field(Identities, Backend[Quotient]):
    """Computes normal forms under assumptions on signs."""

    column = ""

    def __init__(
        self, definitions: Definitions, units: dict[tuple[str, str], Fraction], integers: frozenset[str]
    ) -> None:
        Identities.__init__(self, units, integers)
        Backend.__init__(self, definitions)

    def constant(self, name: str) -> Quotient:
        if name == "oo":
            raise TooBig("infinity has no normal form")
        return self.exp(self.number(1)) if name == "e" else self.pi()

    def symbol(self, name: str) -> Quotient:
        return self.values.get(name) or self.generator("symbol", name)

    def power(self, base: Quotient, exponent: Quotient) -> Quotient:
        value = self.rational(exponent)
        if value is not None and value.denominator == 1:
            return self.whole_power(base, int(value))
        if value is not None:
            return self.broken_power(base, value)
        sign = self.sign(base)
        if sign == 0:
            sign = self.sign(exponent)
            if sign < 0:
                raise Vacuous
            return self.number(0 if sign else 1)
        if sign > 0:
            return self.exp(exponent * self.ln(base))
        return self.parity(exponent) * self.exp(exponent * self.ln(-base))

    def builtin(self, row: Builtin, how: str, args: list[Quotient]) -> Quotient:
        if rewrite := REWRITTEN.get(row.name):
            value: Quotient = rewrite(self, args[0])
            return value
        if row.name in ("max", "min"):
            result = args[0]
            for other in args[1:]:
                first, second = (result, other) if row.name == "max" else (other, result)
                result = result if self.at_least_zero(first - second) else other
            return result
        self.need(None, ANY)
        return self.opaque(row.name, args)

    def unknown(self, expr: Call, args: list[Quotient]) -> Quotient:
        self.need(None, ANY)
        return self.opaque(f"{expr.name}()", args)

    def other(self, expr: Expr, env: Mapping[str, Quotient]) -> Quotient:
        if isinstance(expr, Call) and expr.name not in self.definitions:
            self.need(None, ANY)
            return self.opaque(f"{expr.name}()", [self(arg, env) for arg in expr.args], expr.primes)
        raise TooBig("the normal form knows no limits, integrals or sums")

    def piecewise(self, expr: Piecewise, env: Mapping[str, Quotient]) -> Quotient:
        for branch in expr.branches:
            if branch.condition is None or self.holds(branch.condition, env):
                return self(branch.value, env)
        raise Vacuous

    def holds(self, relation: Relation, env: Mapping[str, Quotient]) -> bool:
        """Whether a chain is true under the assumptions."""
        sides = [self(side, env) for side in relation.sides]
        return all(self.compares(sign, a - b) for sign, a, b in zip(relation.signs, sides, sides[1:], strict=False))

    def compares(self, sign: str, gap: Quotient) -> bool:
        """Whether `gap sign 0`."""
        signs, _ = self.outlook(gap)
        if signs <= ALLOWED[sign]:
            return True
        return bool(signs & ALLOWED[sign]) and self.sign(gap) in ALLOWED[sign]


def _sum(field: Field, u: Quotient) -> Quotient:
    return field.exp(u) + field.exp(-u)


def _difference(field: Field, u: Quotient) -> Quotient:
    return field.exp(u) - field.exp(-u)


def _tanh(field: Field, u: Quotient) -> Quotient:
    square = field.exp(u + u)
    return (square - field.number(1)) / (square + field.number(1))


def _normal_cdf(field: Field, u: Quotient) -> Quotient:
    half = field.number(Fraction(1, 2))
    return half + half * field.odd("erf", u / field.sqrt(field.number(2)))


def _density(field: Field, u: Quotient) -> Quotient:
    two = field.number(2)
    return field.exp(-(u * u) / two) / field.sqrt(two * field.pi())


def _cbrt(field: Field, u: Quotient) -> Quotient:
    if not (sign := field.sign(u)):
        return field.number(0)
    return field.number(sign) * field.exp(field.ln(field.absolute(u)) / field.number(3))


def _acosh(field: Field, u: Quotient) -> Quotient:
    field.need_at_least_zero(u - field.number(1))
    return field.ln(u + field.sqrt(u * u - field.number(1)))


def _atanh(field: Field, u: Quotient) -> Quotient:
    return field.ln((field.number(1) + u) / (field.number(1) - u)) / field.number(2)


def _acos(field: Field, u: Quotient) -> Quotient:
    return field.pi() / field.number(2) - field.asin(u)


REWRITTEN: Mapping[str, Callable[[Field, Quotient], Quotient]] = {
    "exp": lambda f, u: f.exp(u),
    "ln": lambda f, u: f.ln(u),
    "log": lambda f, u: f.ln(u),
    "log2": lambda f, u: f.ln(u) / f.ln(f.number(2)),
    "log10": lambda f, u: f.ln(u) / f.ln(f.number(10)),
    "sqrt": lambda f, u: f.sqrt(u),
    "cbrt": _cbrt,
    "abs": lambda f, u: f.absolute(u),
    "sign": lambda f, u: f.number(f.sign(u)),
    "floor": lambda f, u: f.floor(u),
    "ceil": lambda f, u: -f.floor(-u),
    "lambertw": lambda f, u: f.lambertw(u),
    "erf": lambda f, u: f.odd("erf", u),
    "erfc": lambda f, u: f.number(1) - f.odd("erf", u),
    "sinh": lambda f, u: _difference(f, u) / f.number(2),
    "cosh": lambda f, u: _sum(f, u) / f.number(2),
    "tanh": _tanh,
    "coth": lambda f, u: f.number(1) / _tanh(f, u),
    "sech": lambda f, u: f.number(2) / _sum(f, u),
    "csch": lambda f, u: f.number(2) / _difference(f, u),
    "asinh": lambda f, u: f.ln(u + f.sqrt(u * u + f.number(1))),
    "acosh": _acosh,
    "atanh": _atanh,
    "asech": lambda f, u: _acosh(f, f.number(1) / u),
    "acsch": lambda f, u: REWRITTEN["asinh"](f, f.number(1) / u),
    "acoth": lambda f, u: _atanh(f, f.number(1) / u),
    "sin": lambda f, u: f.angle(u)[1],
    "cos": lambda f, u: f.angle(u)[0],
    "tan": lambda f, u: f.angle(u)[1] / f.angle(u)[0],
    "cot": lambda f, u: f.angle(u)[0] / f.angle(u)[1],
    "sec": lambda f, u: f.number(1) / f.angle(u)[0],
    "csc": lambda f, u: f.number(1) / f.angle(u)[1],
    "asin": lambda f, u: f.asin(u),
    "acos": _acos,
    "atan": lambda f, u: f.atan(u),
    "acot": lambda f, u: f.acot(u),
    "asec": lambda f, u: _acos(f, f.number(1) / u),
    "acsc": lambda f, u: f.asin(f.number(1) / u),
    "Phi": _normal_cdf,
    "phi": _density,
    "sigmoid": lambda f, u: f.number(1) / (f.number(1) + f.exp(-u)),
}

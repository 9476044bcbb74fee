"""To SymPy and back.

Text never reaches SymPy: what goes in is built node by node from our tree, and what comes out is read
back node by node. All symbols are real; conditions may make them positive, negative or integer.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy as sp

from dlteach.notation.backend import Backend, Definitions, NotEvaluable
from dlteach.notation.names import Builtin
from dlteach.notation.tree import (
    INFINITY,
    BigSum,
    Branch,
    Call,
    Condition,
    Constant,
    Derivative,
    Expr,
    InInterval,
    Integral,
    IsInteger,
    Limit,
    Moment,
    Negative,
    Piecewise,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    is_noise,
    literal,
    number,
    symbols,
)

RELATIONS: Mapping[str, Any] = {"=": sp.Eq, "!=": sp.Ne, "<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge}
SIGNS = {relation: sign for sign, relation in RELATIONS.items()}
FROM_SYMPY = {
    "log": "ln",
    "Abs": "abs",
    "ceiling": "ceil",
    "Max": "max",
    "Min": "min",
    "LambertW": "lambertw",
}


def assumptions(conditions: tuple[Condition, ...]) -> dict[str, dict[str, bool]]:
    """What the conditions say of each symbol, in SymPy's words."""
    known: dict[str, dict[str, bool]] = {}
    for condition in conditions:
        match condition:
            case IsInteger(Symbol(name)):
                known.setdefault(name, {})["integer"] = True
            case InInterval(Symbol(name), interval):
                _bound(known, name, literal(interval.lower), ">" if interval.open_below else ">=")
                _bound(known, name, literal(interval.upper), "<" if interval.open_above else "<=")
            case Relation():
                for left, sign, right in condition.links():
                    flipped = sign.translate(str.maketrans("<>", "><"))
                    for symbol, way, bound in ((left, sign, right), (right, flipped, left)):
                        if isinstance(symbol, Symbol):
                            _bound(known, symbol.name, literal(bound), way)
    return known


def _bound(known: dict[str, dict[str, bool]], name: str, bound: Fraction | None, sign: str) -> None:
    if bound is None:
        return
    facts = known.setdefault(name, {})
    if (sign == ">" and bound >= 0) or (sign == ">=" and bound > 0):
        facts["positive"] = True
    elif (sign == "<" and bound <= 0) or (sign == "<=" and bound < 0):
        facts["negative"] = True
    elif sign == ">=" and bound == 0 and "positive" not in facts:
        facts["nonnegative"] = True


class Symbolic(Backend[Any]):
    """Values are SymPy expressions."""

    column = "sympy"

    def __init__(self, definitions: Definitions, conditions: tuple[Condition, ...] = ()) -> None:
        super().__init__(definitions)
        self.known = assumptions(conditions)

    def number(self, value: Fraction) -> Any:
        return sp.Rational(value.numerator, value.denominator)

    def constant(self, name: str) -> Any:
        return {"pi": sp.pi, "e": sp.E, "oo": sp.oo}[name]

    def symbol(self, name: str) -> Any:
        return sp.Symbol(name, **{"real": True, **self.known.get(name, {})})

    def power(self, base: Any, exponent: Any) -> Any:
        return sp.Pow(base, exponent)

    def builtin(self, row: Builtin, how: str, args: list[Any]) -> Any:
        if how in ("Max", "Min"):
            result = args[0]
            for other in args[1:]:  # SymPy's own Max differentiates to Heaviside; |a - b| stays in our notation
                gap = sp.Abs(result - other)
                result = (result + other + (gap if how == "Max" else -gap)) / 2
            return result
        return getattr(sp, how)(*args)

    def unknown(self, expr: Call, args: list[Any]) -> Any:
        return sp.Function(expr.name)(*args)

    def piecewise(self, expr: Piecewise, env: Mapping[str, Any]) -> Any:
        rows = []
        for branch in expr.branches:
            condition = True if branch.condition is None else self.relation(branch.condition, env)
            rows.append((self(branch.value, env), condition))
        return sp.Piecewise(*rows)

    def relation(self, relation: Relation, env: Mapping[str, Any]) -> Any:
        """A chain as a conjunction."""
        sides = [self(side, env) for side in relation.sides]
        return sp.And(*(RELATIONS[s](a, b) for a, s, b in relation.links_of(sides)))

    def other(self, expr: Expr, env: Mapping[str, Any]) -> Any:
        match expr:
            case Call(name, args) if name not in self.definitions:
                inner = sp.Dummy("u")
                slots = [inner, *(self(arg, env) for arg in args[1:])]
                return sp.Subs(sp.Derivative(sp.Function(name)(*slots), inner, expr.primes), inner, self(args[0], env))
            case Derivative(of, variable, order):
                return sp.Derivative(self(of, env), env.get(variable.name, self.symbol(variable.name)), order)
            case Limit(of, variable, point, side):
                bound = sp.Symbol(variable.name, real=True)
                inside = self(of, {**env, variable.name: bound})
                return sp.Limit(inside, bound, self(point, env), side or "+-")
            case Integral(of, variable, lower, upper):
                bound = sp.Symbol(variable.name, real=True)
                inside = self(of, {**env, variable.name: bound})
                return sp.Integral(inside, (bound, self(lower, env), self(upper, env)))
            case BigSum(of, variable, lower, upper):
                bound = sp.Symbol(variable.name, integer=True)
                inside = self(of, {**env, variable.name: bound})
                return sp.Sum(inside, (bound, self(lower, env), self(upper, env)))
            case Moment("E", of):
                return self.expectation(of, env)
            case Moment("Var", of):
                mean = self.expectation(of, env)
                return self.expectation(Power(of, number(2)), env) - mean**2
        return super().other(expr, env)

    def expectation(self, of: Expr, env: Mapping[str, Any]) -> Any:
        """E[of] as an integral against the standard normal density of each z in it."""
        noise = {name: sp.Symbol(name, real=True) for name in sorted(symbols(of)) if is_noise(name)}
        result = self(of, {**env, **noise})
        for z in noise.values():
            result = sp.Integral(result * sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi), (z, -sp.oo, sp.oo))
        return result


def from_sympy(value: Any) -> Expr:
    """Our tree of a SymPy expression, equal to it off the joints of a piecewise.

    Raises NotEvaluable for what our notation does not have.
    """
    if isinstance(value, sp.Rational):
        return number(Fraction(int(value.p), int(value.q)))
    if value in (sp.pi, sp.E):
        return Constant("pi" if value == sp.pi else "e")
    if value in (sp.oo, -sp.oo):
        return INFINITY if value == sp.oo else Negative(INFINITY)
    if isinstance(value, sp.Symbol):
        return Symbol(value.name)
    if isinstance(value, sp.Add):
        return Sum(tuple(from_sympy(arg) for arg in value.args))
    if isinstance(value, sp.Mul):
        return _product(value)
    if isinstance(value, sp.exp):
        return Power(Constant("e"), from_sympy(value.args[0]))
    if isinstance(value, sp.Pow):
        base, exponent = value.args
        if exponent == sp.Rational(1, 2):
            return Call("sqrt", (from_sympy(base),))
        return Power(from_sympy(base), from_sympy(exponent))
    if isinstance(value, sp.Piecewise):
        return Piecewise(tuple(_branch(branch, condition) for branch, condition in value.args))
    if isinstance(value, sp.Function):
        name = type(value).__name__
        return Call(FROM_SYMPY.get(name, name), tuple(from_sympy(arg) for arg in value.args))
    raise NotEvaluable(f"SymPy's {type(value).__name__} has no counterpart in the notation")


def _product(value: Any) -> Expr:
    over, under = value.as_numer_denom() if any(a.is_Rational and a.q != 1 for a in value.args) else (value, sp.S.One)
    if under != 1:
        return Quotient(from_sympy(over), from_sympy(under))
    sign, factors = 1, []
    for factor in value.args:
        if factor == -1:
            sign = -sign
        else:
            factors.append(from_sympy(factor))
    inside = factors[0] if len(factors) == 1 else Product(tuple(factors))
    return inside if sign > 0 else Negative(inside)


def _branch(value: Any, condition: Any) -> Branch:
    if condition == sp.true:
        return Branch(from_sympy(value), None)
    return Branch(from_sympy(value), Relation((_positive_where(condition), number(0)), (">",)))


def _positive_where(condition: Any) -> Expr:
    """An expression that is positive where a condition holds; at the joints themselves it may be 0."""
    if isinstance(condition, sp.And | sp.Or):
        name = "min" if isinstance(condition, sp.And) else "max"
        return Call(name, tuple(_positive_where(part) for part in condition.args))
    left, right = (from_sympy(side) for side in condition.args)
    match SIGNS.get(type(condition)):
        case ">" | ">=":
            return Sum((left, Negative(right)))
        case "<" | "<=":
            return Sum((right, Negative(left)))
        case "!=":
            return Call("abs", (Sum((left, Negative(right))),))
        case "=":
            return Negative(Call("abs", (Sum((left, Negative(right))),)))
    raise NotEvaluable(f"the condition {condition} has no counterpart in the notation")

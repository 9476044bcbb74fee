"""Difference quotients in mpmath, which share no code with the reasoner's derivatives."""

from collections.abc import Mapping
from fractions import Fraction

import mpmath

from dlteach.course.functions import Functions
from dlteach.notation.tree import (
    Call,
    Constant,
    Expr,
    Negative,
    Number,
    Piecewise,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)

DIGITS = 120
STEPS = ("1e-40", "1e-45")
HOLDS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
PLAIN = ("exp", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "erf", "floor", "ceil")


class NoValue(Exception):
    """The expression is not real there."""


def quotient(f: Expr, at: Fraction, functions: Functions) -> mpmath.mpf | str | None:
    """The derivative of f in x at a point; None where there is none, "slow" where the quotients do not tell."""
    with mpmath.workdps(DIGITS):
        x = mpmath.mpf(at.numerator) / at.denominator
        slopes = []
        try:
            here = value(f, {"x": x}, functions)
            for step in STEPS:
                for h in (mpmath.mpf(step), -mpmath.mpf(step)):
                    slopes.append((value(f, {"x": x + h}, functions) - here) / h)
        except NoValue:
            return None
        first = slopes[0]
        if all(abs(slope - first) < 1e-9 * (1 + abs(first)) for slope in slopes):
            return first
        slow = abs(slopes[2] - slopes[3]) < 0.7 * abs(slopes[0] - slopes[1]) or max(map(abs, slopes)) < 1e-5
        return "slow" if slow else None


def value(expr: Expr, env: Mapping[str, mpmath.mpf], functions: Functions) -> mpmath.mpf:
    """The value of an expression without calculus in it."""
    match expr:
        case Number(number):
            return mpmath.mpf(number.numerator) / number.denominator
        case Constant(name):
            return mpmath.pi() if name == "pi" else mpmath.e()
        case Symbol(name):
            return env[name]
        case Negative(of):
            return -value(of, env, functions)
        case Sum(terms):
            return mpmath.fsum(value(term, env, functions) for term in terms)
        case Product(factors):
            return mpmath.fprod(value(factor, env, functions) for factor in factors)
        case Quotient(over, under):
            a, b = value(over, env, functions), value(under, env, functions)
            if b == 0:
                raise NoValue
            return a / b
        case Power(base, exponent):
            return _power(value(base, env, functions), value(exponent, env, functions))
        case Piecewise(branches):
            for branch in branches:
                if branch.condition is None:
                    return value(branch.value, env, functions)
                sides = [value(side, env, functions) for side in branch.condition.sides]
                signs = branch.condition.signs
                if all(HOLDS[sign](a, b) for a, sign, b in zip(sides, signs, sides[1:], strict=False)):
                    return value(branch.value, env, functions)
            raise NoValue
        case Call(name, args, 0):
            return _call(name, [value(arg, env, functions) for arg in args], functions)
    raise TypeError(expr)


def _power(base: mpmath.mpf, exponent: mpmath.mpf) -> mpmath.mpf:
    if exponent == int(exponent):
        if base == 0 and exponent < 0:
            raise NoValue
        return base ** int(exponent)
    if base < 0 or (base == 0 and exponent <= 0):
        raise NoValue
    return base**exponent


def _call(name: str, args: list[mpmath.mpf], functions: Functions) -> mpmath.mpf:
    u = args[0]
    if name in ("max", "min"):
        return max(args) if name == "max" else min(args)
    if name in ("ln", "sqrt", "asin"):
        real = {"ln": u > 0, "sqrt": u >= 0, "asin": abs(u) <= 1}[name]
        if not real:
            raise NoValue
        return getattr(mpmath, "log" if name == "ln" else name)(u)
    if name in PLAIN:
        return getattr(mpmath, name)(u)
    if name == "abs":
        return abs(u)
    if name == "sign":
        return mpmath.sign(u)
    if name == "cbrt":
        return mpmath.sign(u) * mpmath.cbrt(abs(u))
    if name == "sigmoid":
        return 1 / (1 + mpmath.exp(-u))
    definition = functions.definitions[name]
    return value(
        definition.body, definition.environment(args, lambda default: value(default, {}, functions)), functions
    )

"""Plain floating point, for plots and sliders: quick, without NumPy, nan where a value is not real."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from dlteach.notation.backend import Backend, Definitions
from dlteach.notation.names import Builtin
from dlteach.notation.tree import Expr, Piecewise, Relation

HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def evaluate(expr: Expr, env: Mapping[str, float], definitions: Definitions) -> float:
    """The value of `expr` as a float; nan where it is not real; raises NotEvaluable."""
    return Floats(definitions)(expr, env)


class Floats(Backend[float]):
    """Values are floats; overflow is infinite, what is undefined is nan."""

    column = "python"

    def number(self, value: Fraction) -> float:
        return _guarded(float, value)

    def constant(self, name: str) -> float:
        return {"pi": math.pi, "e": math.e, "oo": math.inf}[name]

    def divide(self, over: float, under: float) -> float:
        return over / under if under else math.nan

    def power(self, base: float, exponent: float) -> float:
        if base == 0:
            return 1.0 if exponent == 0 else 0.0 if exponent > 0 else math.nan
        return _guarded(math.pow, base, exponent)

    def builtin(self, row: Builtin, how: str, args: list[float]) -> float:
        return _guarded(_OWN.get(how) or getattr(math, how), *args)

    def piecewise(self, expr: Piecewise, env: Mapping[str, float]) -> float:
        for branch in expr.branches:
            if branch.condition is None or self.holds(branch.condition, env):
                return self(branch.value, env)
        return math.nan

    def holds(self, relation: Relation, env: Mapping[str, float]) -> bool:
        """Whether a chain of relations is true."""
        sides = [self(side, env) for side in relation.sides]
        return all(HOLDS[sign](a, b) for a, sign, b in relation.links_of(sides))


def _guarded(function: Callable[..., float], *args: float | Fraction) -> float:
    try:
        return float(function(*args))
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan


def _sigmoid(x: float) -> float:
    """1/(1 + e^-x) without overflow for large negative x."""
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))


def _lambertw(x: float) -> float:
    """The principal branch of w*e^w = x, by Halley's iteration (Corless et al. 1996, eq. 5.9)."""
    if x < -1 / math.e:
        return math.nan
    w = math.log1p(x) if x > -0.3 else -1 + math.sqrt(max(0.0, 2 * (math.e * x + 1)))
    for _ in range(50):
        error = w * math.exp(w) - x
        slope = math.exp(w) * (w + 1)
        if error == 0 or slope == 0:
            break
        step = error / (slope - (w + 2) * error / (2 * w + 2))
        w -= step
        if abs(step) <= 1e-16 * (1 + abs(w)):
            break
    return w


_OWN: Mapping[str, Callable[..., float]] = {
    "sign": lambda x: math.nan if math.isnan(x) else float((x > 0) - (x < 0)),
    "min": lambda *xs: math.nan if any(map(math.isnan, xs)) else min(xs),
    "max": lambda *xs: math.nan if any(map(math.isnan, xs)) else max(xs),
    "cbrt": lambda x: math.copysign(abs(x) ** (1 / 3), x),
    "sigmoid": _sigmoid,
    "Phi": lambda x: math.erfc(-x / math.sqrt(2)) / 2,
    "phi": lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi),
    "lambertw": _lambertw,
}

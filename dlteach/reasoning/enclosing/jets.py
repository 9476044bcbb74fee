"""Balls with their first two derivatives in one variable: what branch and bound reads off a whole interval at once.

A jet is (f, f', f'') on a box, each a ball. Where a box straddles a kink of |u|, max or min, the first derivative is
the hull of both sides (Clarke 1983), so that the mean value form still holds, and the second is unknown (nan).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import cast

from flint import arb, ctx

from dlteach.course.functions import Functions
from dlteach.notation.backend import Backend, Definitions, NotEvaluable, formula
from dlteach.notation.balls import MOST_EXPONENT, NAN, OWN, Boxes, ball, truth
from dlteach.notation.names import BUILTINS, Builtin
from dlteach.notation.tree import Call, Expr, Piecewise, Relation
from dlteach.reasoning.algebra.facts import FACTS, relations
from dlteach.reasoning.deriving.derive import derive
from dlteach.reasoning.deriving.rules import OUTER
from dlteach.reasoning.enclosing.compiled import recorded

ZERO, ONE = arb(0), arb(1)
BALLS = Boxes({})
SLOPES = {  # f' and f'' of the rows that are functions of the course as well
    "sigmoid": ("sigmoid(u)*(1 - sigmoid(u))", "sigmoid(u)*(1 - sigmoid(u))*(1 - 2*sigmoid(u))"),
    "Phi": ("phi(u)", "-u*phi(u)"),
    "phi": ("-u*phi(u)", "(u^2 - 1)*phi(u)"),
}
STEPS = ("sign", "floor", "ceil")  # constant between their jumps
RISING = ("sigmoid", "Phi", "cbrt", "asinh")  # rows with a formula, tighter on a wide box from its two ends


class Jet:
    """The balls of a function and of its first two derivatives on a box."""

    __slots__ = ("bend", "slope", "value")

    def __init__(self, value: arb, slope: arb = ZERO, bend: arb = ZERO) -> None:
        self.value, self.slope, self.bend = value, slope, bend

    def __neg__(self) -> Jet:
        return Jet(-self.value, -self.slope, -self.bend)

    def __add__(self, other: Jet) -> Jet:
        return Jet(self.value + other.value, self.slope + other.slope, self.bend + other.bend)

    def __sub__(self, other: Jet) -> Jet:
        return Jet(self.value - other.value, self.slope - other.slope, self.bend - other.bend)

    def __mul__(self, other: Jet) -> Jet:
        u, v = self.value, other.value
        if self.slope is ZERO:
            return Jet(u * v, u * other.slope, u * other.bend)
        if other.slope is ZERO:
            return Jet(u * v, self.slope * v, self.bend * v)
        cross = self.slope * other.slope
        return Jet(u * v, self.slope * v + u * other.slope, self.bend * v + u * other.bend + cross + cross)

    def __truediv__(self, other: Jet) -> Jet:
        v = other.value
        if not v.is_finite() or v.contains(0):
            return NO_JET
        value = self.value / v
        if other.slope is ZERO:
            return Jet(value, self.slope / v, self.bend / v)
        slope = (self.slope - value * other.slope) / v
        return Jet(value, slope, (self.bend - 2 * slope * other.slope - value * other.bend) / v)

    def through(self, value: arb, first: arb, second: arb) -> Jet:
        """f(u), given f, f' and f'' on the box of u (chain rule)."""
        if self.slope is ZERO:
            return Jet(value)
        return Jet(value, first * self.slope, second * self.slope * self.slope + first * self.bend)


NO_JET = Jet(NAN, NAN, NAN)


class Jets(Backend[Jet]):
    """Values are jets; the variable's own is (box, 1, 0).

    A finite value says that the expression is real on the whole box, a finite slope that it is continuous there and
    changes at most so fast, a finite bend that its slope is continuous and does so.
    """

    column = "arb"

    def number(self, value: Fraction) -> Jet:
        return Jet(ball(value))

    def constant(self, name: str) -> Jet:
        return Jet(BALLS.constant(name))

    def power(self, base: Jet, exponent: Jet) -> Jet:
        if not (base.value.is_finite() and exponent.value.is_finite()):
            return NO_JET
        if exponent.slope is ZERO:
            n, u = exponent.value, base.value
            if n.is_exact() and n == 2:
                return base * base
            if n.is_exact() and n.is_integer() and 2 < n < MOST_EXPONENT:
                lower = u ** int((n - 2).unique_fmpz())
                return base.through(lower * u * u, n * lower * u, n * (n - 1) * lower)
            return base.through(BALLS.power(u, n), n * BALLS.power(u, n - 1), n * (n - 1) * BALLS.power(u, n - 2))
        if not base.value > 0:
            return NO_JET
        if base.slope is ZERO:
            factor = base.value.log()
            whole = (exponent.value * factor).exp()
            return exponent.through(whole, factor * whole, factor * factor * whole)
        u = base.value
        inner = exponent * base.through(u.log(), 1 / u, -1 / (u * u))
        whole = inner.value.exp()
        return inner.through(whole, whole, whole)

    def call(self, name: str, args: list[Jet], expr: Call) -> Jet:
        row = BUILTINS.get(name)
        return self.builtin(row, "", args) if row is not None else super().call(name, args, expr)

    def builtin(self, row: Builtin, how: str, args: list[Jet]) -> Jet:
        if not all(arg.value.is_finite() for arg in args):
            return NO_JET
        if row.name in ("max", "min"):
            result = args[0]
            for other in args[1:]:
                result = _larger(result, other) if row.name == "max" else -_larger(-result, -other)
            return result
        u = args[0]
        if row.name == "abs":
            return u if u.value >= 0 else -u if u.value <= 0 else _folded(u)
        if not _off_the_jumps(row.name, u.value):
            return Jet(_value(row, u.value), NAN, NAN)
        if row.name in STEPS:
            return Jet(_value(row, u.value))
        first, second = _derivatives(row.name, ctx.prec)
        value = _value(row, u.value)
        return u.through(value, first(u.value), second(u.value)) if u.slope is not ZERO else Jet(value)

    def piecewise(self, expr: Piecewise, env: Mapping[str, Jet]) -> Jet:
        hull: arb | None = None
        for branch in expr.branches:
            sides = [] if branch.condition is None else [self(side, env).value for side in branch.condition.sides]
            if not all(side.is_finite() for side in sides):
                return NO_JET
            holds = True if branch.condition is None else _holds(branch.condition, sides)
            if holds is False:
                continue
            here = self(branch.value, env)
            if holds and hull is None:
                return here
            hull = here.value if hull is None else hull.union(here.value)
            if holds:
                return Jet(hull, NAN, NAN)
        return NO_JET


def _holds(relation: Relation, sides: list[arb]) -> bool | None:
    """Whether a chain is true on the whole box; None where it is not the same everywhere."""
    links = [truth(sign, a, b) for sign, a, b in zip(relation.signs, sides, sides[1:], strict=False)]
    return False if False in links else None if None in links else True


def _off_the_jumps(name: str, u: arb) -> bool:
    """Whether a function is continuous on a box, by its row of facts."""
    conditions = relations(FACTS[name].continuous)
    return all(
        truth(sign, BALLS(a, {"u": u}), BALLS(b, {"u": u})) is True
        for relation in conditions
        for a, sign, b in zip(relation.sides, relation.signs, relation.sides[1:], strict=False)
    )


def _value(row: Builtin, u: arb) -> arb:
    """f(u) in balls; from the two ends where f rises and its formula would widen a wide box."""
    if row.name in RISING and u.rad() > 0.05:
        return _applied(row, u.lower()).union(_applied(row, u.upper()))
    return _applied(row, u)


def _applied(row: Builtin, u: arb) -> arb:
    by_formula = row.arb.startswith("=") and row.name not in OWN
    return _at(row.arb, ctx.prec)(u) if by_formula else BALLS.builtin(row, row.arb, [u])


def _folded(u: Jet) -> Jet:
    """|u| where u changes sign."""
    return Jet(abs(u.value), u.slope.union(-u.slope), NAN)


def _larger(a: Jet, b: Jet) -> Jet:
    """max(a, b); where the boxes overlap, the hull of both slopes."""
    if a.value >= b.value:
        return a
    if b.value >= a.value:
        return b
    return Jet(a.value.max(b.value), a.slope.union(b.slope), NAN)


Outer = Callable[[arb], arb]


@cache
def _derivatives(name: str, bits: int) -> tuple[Outer, Outer]:
    """f' and f'' of a built-in function, in balls of so many bits, from the table of rules."""
    if name == "exp":
        return _exp, _exp
    if name in SLOPES:
        first, second = SLOPES[name]
        return _at(first, bits), _at(second, bits)
    if name in OUTER:
        slope = formula(OUTER[name].slope)
        bend = derive(slope, "u", cast(Functions, {})).result
        return recorded(BALLS, slope, "u", {}), recorded(BALLS, bend, "u", {})
    raise NotEvaluable(f"there is no rule for the derivative of {name}")


def _exp(u: arb) -> arb:
    return u.exp()


@cache
def _at(text: str, bits: int) -> Outer:
    """A formula in u as a function of a ball; its constants are kept with so many bits."""
    return recorded(BALLS, formula(text), "u", {})


def jet_at(expr: Expr, variable: str, box: arb, env: Mapping[str, arb], definitions: Definitions) -> Jet:
    """The jet of `expr` on a box of its variable; other symbols have the balls of `env`."""
    whole = {name: Jet(value) for name, value in env.items()}
    whole[variable] = Jet(box, ONE)
    return Jets(definitions)(expr, whole)

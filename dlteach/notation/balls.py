"""Arb's ball arithmetic: every value comes with a rigorous radius.

A ball of nan means "not real, or nothing known"; `Unsure` is raised where the balls are too wide to tell
which branch of a piecewise counts. Both say nothing about the expression: only finite balls count as evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction

from flint import arb, ctx, fmpq

from dlteach.notation.backend import Backend, Definitions, NotEvaluable
from dlteach.notation.names import Builtin
from dlteach.notation.tree import Expr, Piecewise, Relation

NAN = arb.nan()


class Unsure(NotEvaluable):
    """The balls overlap where a decision is needed."""


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Work with `bits` binary digits inside the block."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def ball(value: Fraction | int) -> arb:
    """The tightest ball around a rational at the present precision."""
    value = Fraction(value)
    return arb(fmpq(value.numerator, value.denominator))


def evaluate(expr: Expr, env: Mapping[str, Fraction | arb], definitions: Definitions) -> arb:
    """The ball of `expr`; raises NotEvaluable (Unsure where a branch cannot be chosen)."""
    values = {name: value if isinstance(value, arb) else ball(value) for name, value in env.items()}
    return Balls(definitions)(expr, values)


def truth(sign: str, a: arb, b: arb) -> bool | None:
    """Whether `a sign b`; None where the balls do not tell."""
    if not (a.is_finite() or abs(a) > 0) or not (b.is_finite() or abs(b) > 0):
        return None
    if sign in ("=", "!="):
        same = True if a.is_exact() and b.is_exact() and a == b else False if not a.overlaps(b) else None
        return same if sign == "=" or same is None else not same
    if sign in (">", ">="):
        a, b, sign = b, a, "<" if sign == ">" else "<="
    if bool(a < b if sign == "<" else a <= b):
        return True
    return False if bool(a >= b if sign == "<" else a > b) else None


class Balls(Backend[arb]):
    """Values are `flint.arb`."""

    column = "arb"

    def number(self, value: Fraction) -> arb:
        return ball(value)

    def constant(self, name: str) -> arb:
        return {"pi": arb.pi, "e": arb.const_e, "oo": arb.pos_inf}[name]()

    def divide(self, over: arb, under: arb) -> arb:
        return NAN if under.is_zero() else over / under

    def power(self, base: arb, exponent: arb) -> arb:
        if exponent.is_exact() and exponent.is_integer():
            n = int(exponent.unique_fmpz())
            return NAN if n < 0 and base.is_zero() else base**n
        if base.is_zero():
            return arb(0) if exponent > 0 else NAN
        return base**exponent if base >= 0 else NAN

    def builtin(self, row: Builtin, how: str, args: list[arb]) -> arb:
        if how == "abs":
            return abs(args[0])
        if how in ("min", "max"):
            result = args[0]
            for other in args[1:]:
                result = getattr(result, how)(other)
            return result
        if how == "sgn" and not args[0].is_finite():
            return NAN
        return getattr(args[0], how)()

    def piecewise(self, expr: Piecewise, env: Mapping[str, arb]) -> arb:
        for branch in expr.branches:
            if branch.condition is None:
                return self(branch.value, env)
            holds = self.holds(branch.condition, env)
            if holds is None:
                raise Unsure("the balls are too wide to tell which branch counts")
            if holds:
                return self(branch.value, env)
        return NAN

    def holds(self, relation: Relation, env: Mapping[str, arb]) -> bool | None:
        """Whether a chain is true; None where the balls do not tell."""
        sides = [self(side, env) for side in relation.sides]
        links = [truth(sign, a, b) for sign, a, b in zip(relation.signs, sides, sides[1:], strict=False)]
        return False if False in links else None if None in links else True

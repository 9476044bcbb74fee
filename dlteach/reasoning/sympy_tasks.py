"""What the worker does with SymPy: differentiate, and try to prove that an expression is zero."""

from __future__ import annotations

import sympy as sp

from dlteach.notation.backend import Definitions
from dlteach.notation.symbolic import Symbolic, from_sympy
from dlteach.notation.tree import Condition, Expr


def differentiate(expr: Expr, variable: str, definitions: Definitions) -> Expr:
    """SymPy's own derivative of `expr`, as our tree."""
    back = Symbolic(definitions)
    return from_sympy(sp.diff(back(expr, {}), back.symbol(variable)))


def is_zero(expr: Expr, conditions: tuple[Condition, ...], definitions: Definitions) -> bool:
    """Whether SymPy can show that `expr` vanishes: limits, integrals and sums are worked out, then simplified."""
    value = Symbolic(definitions, conditions)(expr, {})
    value = sp.piecewise_fold(value.doit()) if value.has(sp.Piecewise) else value.doit()
    return bool(sp.simplify(value) == 0 or sp.simplify(value.rewrite(sp.exp)) == 0)


def worked_out(expr: Expr, conditions: tuple[Condition, ...], definitions: Definitions) -> Expr:
    """`expr` with its limits, integrals and sums carried out, as our tree."""
    return from_sympy(sp.simplify(Symbolic(definitions, conditions)(expr, {}).doit()))


def same_infinity(
    left: Expr, right: Expr, conditions: tuple[Condition, ...], definitions: Definitions
) -> bool | str | None:
    """True where both sides are the same infinity; what the left is where it is not; None where SymPy cannot say."""
    back = Symbolic(definitions, conditions)
    sides = [back(side, {}).doit() for side in (left, right)]
    if all(side in (sp.oo, -sp.oo) for side in sides):
        return True if sides[0] == sides[1] else str(sides[0])
    if any(side.is_finite and side.is_number and not side.has(sp.Limit, sp.Integral, sp.Sum) for side in sides):
        return " against ".join(map(str, sides))
    return None

"""The real roots of an expression in one variable, exact and all of them."""

from __future__ import annotations

from dlteach.notation.backend import NotEvaluable
from dlteach.notation.tree import Expr, literal, symbols
from dlteach.reasoning.algebra.solve import Line


def roots(expr: Expr, variable: str) -> tuple[Expr, ...] | None:
    """Every real root, as an expression free of the variable; None where they are not known, or not so many.

    There may be more of them than there are roots: places where the expression changes its sign without being 0.
    """
    if variable not in symbols(expr):
        return () if literal(expr) else None
    try:
        return tuple(dict.fromkeys(Line(variable, {}, {}, seconds=0).zeros(expr, None, None)))
    except NotEvaluable:
        return None

"""What must hold for an expression in x to be real, and for it to have derivatives."""

from __future__ import annotations

from collections.abc import Iterator

from dlteach.notation.backend import NotEvaluable
from dlteach.notation.tree import (
    ONE,
    ZERO,
    Call,
    Expr,
    Negative,
    Power,
    Quotient,
    Relation,
    Symbol,
    call,
    literal,
    symbols,
    walk,
)
from dlteach.reasoning.pieces import affine
from dlteach.reasoning.tidy import tidied


def obstacles(expr: Expr, order: int, variable: str = "x") -> Iterator[Relation]:
    """What must hold for an expression to be real and, for an order above 0, to have derivatives."""
    for node in walk(expr):
        if variable not in symbols(node):
            continue
        match node:
            case Quotient(_, under) if variable in symbols(under):
                yield Relation((under, ZERO), ("!=",))
            case Power(base, exponent) if variable in symbols(base):
                n = literal(exponent)
                if n is None or n.denominator != 1:
                    yield Relation((base, ZERO), (">" if order or n is None or n < 0 else ">=",))
                elif n < 0:
                    yield Relation((base, ZERO), ("!=",))
            case Call(name, (u, *_), 0) if variable in symbols(u) and name in NEEDS:
                yield from (_needs(name, u, order))


def _needs(name: str, u: Expr, order: int) -> Iterator[Relation]:
    kind = NEEDS[name]
    if kind == "positive" or (kind == "root" and order):
        yield Relation((u, ZERO), (">",))
    elif kind == "root":
        yield Relation((u, ZERO), (">=",))
    elif kind == "nonzero" or (kind == "corner" and order):
        yield Relation((u, ZERO), ("!=",))
    elif kind in ("sin", "cos"):
        yield Relation((call(kind, u), ZERO), ("!=",))
    elif kind == "unit":
        sign = "<" if order else "<="
        yield Relation((Negative(ONE), u, ONE), (sign, sign))
    elif kind == "above one":
        yield Relation((u, ONE), (">" if order else ">=",))
    elif kind == "step":
        raise NotEvaluable(f"`{name}` has infinitely many joints")


NEEDS = {
    "ln": "positive",
    "log": "positive",
    "log2": "positive",
    "log10": "positive",
    "sqrt": "root",
    "cbrt": "corner",
    "tan": "cos",
    "sec": "cos",
    "cot": "sin",
    "csc": "sin",
    "coth": "nonzero",
    "csch": "nonzero",
    "asin": "unit",
    "acos": "unit",
    "atanh": "unit",
    "acosh": "above one",
    "floor": "step",
    "ceil": "step",
}


def domain(expr: Expr, variable: str) -> list[Relation]:
    """Where an expression is real, as far as that is a half line: `variable > c` and its kin."""
    found = []
    try:
        needed = list(obstacles(expr, 0, variable))
    except NotEvaluable:
        return []
    for relation in needed:
        line = affine(relation.sides[0], variable)
        if relation.signs not in ((">",), (">=",)) or line is None:
            continue
        slope, constant = literal(line[0]), literal(line[1])
        if slope and constant is not None:
            sign = relation.signs[0] if slope > 0 else relation.signs[0].replace(">", "<")
            bound = tidied(Negative(Quotient(line[1], line[0])))
            found.append(Relation((Symbol(variable), bound), (sign,)))
    return found

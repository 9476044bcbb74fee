"""An equation solved for a symbol that occurs in it once: each operation around it is undone in turn."""

from __future__ import annotations

from dlteach.notation.tree import (
    ONE,
    ZERO,
    Call,
    Constant,
    Expr,
    Negative,
    Power,
    Product,
    Quotient,
    Sum,
    call,
    literal,
    number,
    rebuilt,
    symbols,
)
from dlteach.reasoning.algebra.roots import roots
from dlteach.reasoning.algebra.simplify import simplified

INVERSE = {
    "exp": "ln",
    "ln": "exp",
    "log": "exp",
    "tanh": "atanh",
    "atanh": "tanh",
    "sinh": "asinh",
    "asinh": "sinh",
    "atan": "tan",
}


def solved(expr: Expr, name: str) -> list[Expr]:
    """Values of a symbol at which an expression may be 0, free of it: guesses, to be shown afterwards."""
    known = roots(expr, name)
    if known is not None:
        return list(known)
    found = _undone(neat(expr), ZERO, name)
    return [neat(value) for value in found if name not in symbols(value)]


def _undone(expr: Expr, value: Expr, name: str) -> list[Expr]:
    """Where expr = value."""
    match expr:
        case Negative(of):
            return _undone(of, Negative(value), name)
        case Sum(terms):
            moving = [term for term in terms if name in symbols(term)]
            if len(moving) != 1:
                return []
            negated = tuple(Negative(term) for term in terms if term is not moving[0])
            return _undone(moving[0], Sum((value, *negated)), name)
        case Product(factors):
            moving = [factor for factor in factors if name in symbols(factor)]
            if value == ZERO:
                return [place for factor in moving for place in _undone(factor, ZERO, name)]
            if len(moving) != 1:
                return []
            rest = tuple(factor for factor in factors if factor is not moving[0])
            return _undone(moving[0], Quotient(value, rest[0] if len(rest) == 1 else Product(rest)), name)
        case Quotient(over, under):
            if name not in symbols(under):
                return _undone(over, Product((value, under)), name)
            if value == ZERO:
                return _undone(over, ZERO, name)
            return _undone(under, Quotient(over, value), name) if name not in symbols(over) else []
        case Power(Constant("e"), exponent):
            return _undone(exponent, call("ln", value), name)
        case Power(base, exponent) if name not in symbols(exponent):
            n = literal(exponent)
            inverse = number(1 / n) if n else Quotient(ONE, exponent)
            root = call("sqrt", value) if n == 2 else Power(value, inverse)
            both: list[Expr] = [root, Negative(root)] if n is not None and n % 2 == 0 else [root]
            return [place for one in both for place in _undone(base, one, name)]
        case Power(base, exponent) if name not in symbols(base):
            return _undone(exponent, Quotient(call("ln", value), call("ln", base)), name)
        case Call("cos" | "sin" as name_of, (u,), 0) if value == ZERO:
            return _undone(u, Quotient(Constant("pi"), number(2)) if name_of == "cos" else ZERO, name)
        case Call("sqrt", (u,), 0):
            return _undone(u, Product((value, value)), name)
        case Call("sigmoid", (u,), 0):
            return _undone(u, call("ln", Quotient(value, Sum((ONE, Negative(value))))), name)
        case Call(function, (u,), 0) if function in INVERSE:
            return _undone(u, call(INVERSE[function], value), name)
    return [value] if not expr.children() and symbols(expr) == {name} else []


def neat(expr: Expr) -> Expr:
    """With what is made of numbers alone worked out, opposite terms left out, and what `simplified` does.

    It has a value wherever the expression has one.
    """
    value = literal(expr)
    if value is not None:
        return number(value)
    plain = simplified(rebuilt(expr, neat))
    return _without_opposites(plain.terms) if isinstance(plain, Sum) else plain


def _without_opposites(terms: tuple[Expr, ...]) -> Expr:
    """A sum without terms that cancel."""
    kept: list[Expr] = []
    for term in terms:
        opposite = term.of if isinstance(term, Negative) else Negative(term)
        if opposite in kept:
            kept.remove(opposite)
        else:
            kept.append(term)
    return Sum(tuple(kept)) if len(kept) > 1 else kept[0] if kept else ZERO

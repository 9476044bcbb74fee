"""Polynomials in one variable whose coefficients are expressions, and the roots of cubics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import lcm

from flint import acb, fmpz_poly

from dlteach.notation.tree import (
    ONE,
    ZERO,
    Constant,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    call,
    number,
    symbols,
)
from dlteach.reasoning.algebra.constants import added, divided, multiplied, neat, opposite
from dlteach.reasoning.algebra.simplify import simplified

MOST_DEGREE = 24
TWO, PI = number(2), Constant("pi")


def affine(expr: Expr, variable: str) -> tuple[Expr, Expr] | None:
    """(a, b) with expr = a*variable + b, both free of it; None where it has not that form."""
    row = coefficients(expr, variable, 1)
    if row is None:
        return None
    return (row[1] if len(row) > 1 else ZERO), row[0]


def coefficients(expr: Expr, variable: str, most: int = MOST_DEGREE) -> list[Expr] | None:
    """The coefficients of a polynomial in the variable, from the constant upwards; None where it is none."""
    if variable not in symbols(expr):
        return [neat(expr)]
    match expr:
        case Symbol():
            return [ZERO, ONE] if most else None
        case Negative(of):
            row = coefficients(of, variable, most)
            return None if row is None else [opposite(c) for c in row]
        case Sum(terms):
            rows = [coefficients(term, variable, most) for term in terms]
            known = [row for row in rows if row is not None]
            if len(known) < len(rows):
                return None
            columns = [[row[i] for row in known if i < len(row)] for i in range(max(map(len, known)))]
            return [added(column) for column in columns]
        case Product(factors):
            whole: list[Expr] | None = [ONE]
            for factor in factors:
                row = coefficients(factor, variable, most)
                whole = None if whole is None or row is None else _times(whole, row, most)
            return whole
        case Quotient(over, under) if variable not in symbols(under):
            row = coefficients(over, variable, most)
            return None if row is None else [divided(c, under) for c in row]
        case Power(base, Number(n)) if n.denominator == 1 and 0 < n <= most:
            row = coefficients(base, variable, most)
            whole = [ONE]
            for _ in range(int(n)):
                whole = None if whole is None or row is None else _times(whole, row, most)
            return whole
    return None


def _times(a: Sequence[Expr], b: Sequence[Expr], most: int) -> list[Expr] | None:
    if len(a) + len(b) - 2 > most:
        return None
    found: list[list[Expr]] = [[] for _ in range(len(a) + len(b) - 1)]
    for i, one in enumerate(a):
        for j, two in enumerate(b):
            if one != ZERO and two != ZERO:
                found[i + j].append(multiplied(one, two))
    return [added(part) for part in found]


def complex_roots(row: Sequence[Fraction]) -> list[tuple[acb, int]]:
    common = lcm(*(c.denominator for c in row))
    return list(fmpz_poly([int(c * common) for c in row]).complex_roots())


def cubic_roots(row: Sequence[Fraction]) -> Iterator[Expr]:
    """Cardano's roots of an irreducible cubic: one by cube roots, or three by cosines."""
    d, c, b, a = row
    p, q = (3 * a * c - b * b) / (3 * a * a), (2 * b**3 - 9 * a * b * c + 27 * a * a * d) / (27 * a**3)
    shift = number(-b / (3 * a))
    inside = q * q / 4 + p**3 / 27
    if inside > 0:
        root = call("sqrt", number(inside))
        parts = [call("cbrt", Sum((number(-q / 2), part))) for part in (root, Negative(root))]
        yield simplified(Sum((*parts, shift)))
        return
    size = Product((TWO, call("sqrt", number(-p / 3))))
    angle = call("acos", Product((number(3 * q / (2 * p)), call("sqrt", number(-3 / p)))))
    for k in range(3):
        turn = Sum((Quotient(angle, number(3)), Negative(Quotient(Product((number(2 * k), PI)), number(3)))))
        yield simplified(Sum((Product((size, call("cos", turn))), shift)))

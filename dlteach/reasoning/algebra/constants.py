"""Arithmetic of constants: numbers are worked out, everything else is written down."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dlteach.notation.tree import ONE, ZERO, Expr, Negative, literal, number
from dlteach.reasoning.algebra.simplify import product, quotient, simplified, total


def neat(expr: Expr) -> Expr:
    """A constant, as a number where it is seen to be one."""
    value = literal(expr)
    return number(value) if value is not None else simplified(expr)


def added(terms: Sequence[Expr]) -> Expr:
    """A sum; those terms that are numbers are added."""
    values = [literal(term) for term in terms]
    exact = sum((value for value in values if value is not None), Fraction(0))
    rest = [term for term, value in zip(terms, values, strict=True) if value is None]
    if not rest:
        return number(exact)
    whole = (*rest, number(exact)) if exact else tuple(rest)
    return total(whole) if len(whole) > 1 else whole[0]


def opposite(a: Expr) -> Expr:
    """-a."""
    value = literal(a)
    return number(-value) if value is not None else a.of if isinstance(a, Negative) else Negative(a)


def multiplied(a: Expr, b: Expr) -> Expr:
    """A product."""
    if a in (ZERO, ONE) or b in (ZERO, ONE):
        return ZERO if ZERO in (a, b) else b if a == ONE else a
    one, two = literal(a), literal(b)
    return number(one * two) if one is not None and two is not None else product((a, b))


def divided(a: Expr, b: Expr) -> Expr:
    """A quotient, by what is not 0."""
    one, two = literal(a), literal(b)
    return number(one / two) if one is not None and two else quotient(a, b)

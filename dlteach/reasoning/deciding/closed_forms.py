"""Closed forms that lie in a small box: guesses for a place, to be shown exactly afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Balls
from dlteach.notation.tree import (
    BINDERS,
    Call,
    Constant,
    Expr,
    Moment,
    Negative,
    Power,
    Product,
    Sum,
    call,
    number,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.pieces import rational
from dlteach.reasoning.algebra.simplify import simplified

MOST_HINTS = 8


def closed_forms(box: arb, hints: Iterable[Expr], definitions: Definitions) -> Iterator[Expr]:
    """Closed forms inside a box: hints of the statement, rationals, roots, logarithms, powers of e, multiples of pi."""
    middle = box.mid()
    shapes: list[Expr] = [simple(middle)]
    for hint in hints:
        shapes += [hint, Negative(hint)]
        for one in (number(1), number(-1)):
            shapes += [Sum((hint, one)), Sum((Negative(hint), one))]
    root = call("sqrt", simple(middle * middle))
    shapes += [root, Negative(root)]
    if abs(middle) < 20:
        shapes.append(call("ln", simple(middle.exp())))
        shapes += [call("ln", surd) for surd in _surds(middle.exp())]
    if abs(middle) > arb("1e-6"):
        power = Power(Constant("e"), simple(abs(middle).log()))
        shapes += [power, Negative(power)]
    shapes += _surds(middle)
    shapes.append(Product((simple(middle / arb.pi()), Constant("pi"))))
    balls = Balls(definitions)
    seen: set[Expr] = set()
    for shape in map(simplified, shapes):
        if shape in seen:
            continue
        seen.add(shape)
        try:
            value = balls(shape, {})
        except NotEvaluable:
            continue
        if value.is_finite() and value.overlaps(box):
            yield shape


def _surds(value: arb) -> list[Expr]:
    """p ± sqrt(q) near a value, for small p."""
    found: list[Expr] = []
    for twice in range(-12, 13):
        p = Fraction(twice, 2)
        gap = value - arb(p.numerator) / p.denominator
        root = call("sqrt", simple(gap * gap))
        found.append(Sum((number(p), root if gap > 0 else Negative(root))))
    return found


def simple(value: arb) -> Expr:
    """The simplest rational near a value."""
    return number(rational(value).limit_denominator(1000))


def constants_in(exprs: Iterable[Expr]) -> tuple[Expr, ...]:
    """The constant expressions of a statement that are more than a number."""
    found: dict[Expr, None] = {}
    for expr in exprs:
        for node in walk(expr):
            if not symbols(node) and isinstance(node, Call | Power | Sum | Product | Negative) and _sober(node):
                found.setdefault(node, None)
    return tuple(found)[:MOST_HINTS]


def _sober(expr: Expr) -> bool:
    return not any(isinstance(node, (*BINDERS, Moment)) for node in walk(expr))

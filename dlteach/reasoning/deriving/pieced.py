"""Derivatives of functions whose joints can be solved for: a formula between them, and at each what can be shown.

At a joint c the derivative exists where f is continuous and the slopes from both sides exist and agree, by its
definition; they are those of the formulas where these are smooth at c, and come from expansions otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from dlteach.notation.backend import NotEvaluable
from dlteach.notation.tree import (
    ONE,
    Branch,
    Expr,
    Negative,
    Piecewise,
    Quotient,
    Relation,
    Sum,
    Symbol,
    literal,
    number,
    substitute,
    symbols,
)
from dlteach.reasoning.algebra.pieces import LINE, NOWHERE, cut
from dlteach.reasoning.algebra.places import HOLDS
from dlteach.reasoning.algebra.simplify import simplified
from dlteach.reasoning.algebra.singular import Kind, needs
from dlteach.reasoning.algebra.solve import Line
from dlteach.reasoning.deriving.expansions import NotThere, one_sided
from dlteach.reasoning.deriving.formulas import Formulas
from dlteach.values import frozen, replace

Condition = Relation | None  # that values or slopes agree, for parameters of which nothing is known; None: they do


@frozen
class Stretch:
    """An interval on which the derivative has one formula; None for no value. An end that counts has its flag set."""

    lower: Expr | None
    upper: Expr | None
    f: Expr
    slope: Expr | None
    from_lower: bool = False
    to_upper: bool = False


def by_pieces(f: Expr, work: Formulas) -> Expr | None:
    """The derivative of f; None where its joints cannot be found."""
    line = Line(work.variable, {}, work.definitions)
    try:
        whole = cut(f, work.variable, LINE, {}, work.definitions)
        if any(work.chosen(piece.expr) is not None for piece in whole.pieces):
            return None
        stretches: list[Stretch] = []
        values: list[Expr] = []
        for i, piece in enumerate(whole.pieces):
            inner = _stretches(piece.expr, piece.lower, piece.upper, work, line)
            stretches += inner
            values += [substitute(s.f, {work.variable: s.upper}) for s in inner[:-1] if s.upper is not None]
            if i < len(whole.joints):
                values.append(whole.joints[i].value)
    except NotEvaluable:
        return None
    points: list[Expr | None] = []
    found: Expr | None
    for (left, right), value in zip(pairwise(stretches), values, strict=True):
        given, value = _unwrapped(value)
        try:
            found = _at_joint(left, right, value, work, line)
        except NotEvaluable:
            found = work.unknown(f)
        for condition in given:
            found = None if found is None else Piecewise((Branch(found, condition),))
        points.append(found)
    fixed = [need for need in needs(f, work.definitions) if work.variable not in symbols(need)]
    return _guarded(_assembled(stretches, points, work, line), fixed, f, work)


def _unwrapped(value: Expr) -> tuple[list[Relation], Expr]:
    """{v if c} as the condition and v."""
    given: list[Relation] = []
    while isinstance(value, Piecewise) and len(value.branches) == 1 and value.branches[0].condition is not None:
        given.append(value.branches[0].condition)
        value = value.branches[0].value
    return given, value


def _guarded(formula: Expr, fixed: Sequence[Relation | Expr], f: Expr, work: Formulas) -> Expr:
    """What f asks of its parameters, a branch that does not count included."""
    moving = [need for need in needs(f, work.definitions, work.variable) if need not in fixed]
    return work.guarded(formula, f, shown=moving) if fixed else formula


def _stretches(expr: Expr, lower: Expr | None, upper: Expr | None, work: Formulas, line: Line) -> list[Stretch]:
    """A piece, cut where it may lose its value or its derivative."""
    ties = work.ties(expr)
    if any(tie.kind is not Kind.END for tie in ties):
        raise NotEvaluable("a joint that was not found")
    wanted = [need for need in needs(expr, work.definitions, work.variable) if isinstance(need, Relation)]
    wanted = [need for need in wanted if work.moving(need)]
    pairs = [(tie.left, tie.right) for tie in ties]
    pairs += [pair for need in wanted for pair in pairwise(need.sides)]
    places = [place for a, b in pairs for place in line.zeros(Sum((a, Negative(b))), lower, upper)]
    ends = [lower, *line.sorted(places, lower, upper), upper]
    found = []
    for a, b in pairwise(ends):
        at = _between(a, b)
        if any(line.order(*(substitute(side, {work.variable: at}) for side in pair)) == 0 for pair in pairs):
            raise NotEvaluable("two sides that are the same on a stretch")
        real = expr != NOWHERE and all(_holds(need, work.variable, at, line) for need in wanted)
        slope = work.guarded(work.formula(expr), expr, shown=wanted) if real else None
        found.append(Stretch(a, b, expr if real else NOWHERE, slope))
    return found


def _between(lower: Expr | None, upper: Expr | None) -> Expr:
    if lower is not None and upper is not None:
        return Quotient(Sum((lower, upper)), number(2))
    if lower is not None:
        return Sum((lower, ONE))
    return number(0) if upper is None else Sum((upper, Negative(ONE)))


def _holds(relation: Relation, variable: str, at: Expr, line: Line) -> bool:
    """Whether a relation holds at a place; raises NotEvaluable where that cannot be shown."""
    sides = [substitute(side, {variable: at}) for side in relation.sides]
    return all(HOLDS[sign](line.order(a, b)) for a, sign, b in zip(sides, relation.signs, sides[1:], strict=False))


def _at_joint(left: Stretch, right: Stretch, value: Expr, work: Formulas, line: Line) -> Expr | None:
    """The derivative at a joint; None where there is none. Raises NotEvaluable where that cannot be told."""
    place = left.upper
    assert place is not None
    if NOWHERE in (left.f, right.f, value) or not _has_value(value, work, line):
        return None
    try:
        (low, fall), (high, rise) = (_side(s, place, side, work, line) for s, side in ((left, -1), (right, 1)))
    except NotThere:
        return None
    if fall is None or rise is None:
        return None
    conditions = [_same(low, value, line), _same(high, value, line), _same(fall, rise, line)]
    if False in conditions:
        return None
    found = simplified(rise)
    for condition in conditions:
        if isinstance(condition, Relation):
            found = Piecewise((Branch(found, condition),))
    return found


def _has_value(value: Expr, work: Formulas, line: Line) -> bool:
    """Whether what f is at a joint has a value, but for what is asked of parameters."""
    for need in needs(value, work.definitions):
        if isinstance(need, Relation) and not symbols(need) and not _holds(need, "", value, line):
            return False
        if not isinstance(need, Relation):
            raise NotEvaluable("a value that is not known")
    return True


def _side(stretch: Stretch, place: Expr, side: int, work: Formulas, line: Line) -> tuple[Expr, Expr | None]:
    """The limit and the slope of f from one side."""
    at = {work.variable: place}
    f = stretch.f
    try:
        smooth = all(line.order(substitute(t.left, at), substitute(t.right, at)) for t in work.ties(f)) and all(
            isinstance(need, Relation) and (not work.moving(need) or _holds(need, work.variable, place, line))
            for need in needs(f, work.definitions, work.variable)
        )
    except NotEvaluable:
        smooth = False
    if smooth:
        return substitute(f, at), substitute(work.formula(f), at)
    return one_sided(f, work.variable, place, side, work.functions)


def _same(a: Expr, b: Expr, line: Line) -> bool | Relation:
    """Whether two constants are equal; a condition where parameters decide."""
    a, b = simplified(a), simplified(b)
    if a == b:
        return True
    try:
        return line.order(a, b) == 0
    except NotEvaluable:
        if not symbols(a) | symbols(b):
            raise
        return Relation((a, b), ("=",))


def _assembled(stretches: Sequence[Stretch], points: Sequence[Expr | None], work: Formulas, line: Line) -> Expr:
    """One expression; what is the same on both sides of a joint, and there, is written once."""
    rows: list[Stretch] = [stretches[0]]
    single: list[Branch] = []
    for after, value in zip(stretches[1:], points, strict=True):
        before = rows[-1]
        fits = [value is not None and _continues(s, value, after.lower, work, line) for s in (before, after)]
        if all(fits) and before.slope == after.slope:
            rows[-1] = replace(before, upper=after.upper)
            continue
        if fits[0]:
            rows[-1] = replace(before, to_upper=True)
        elif value is not None and not fits[1]:
            assert after.lower is not None
            single.append(Branch(value, Relation((Symbol(work.variable), after.lower), ("=",))))
        rows.append(replace(after, from_lower=fits[1] and not fits[0]))
    if len(rows) == 1 and not single:
        return NOWHERE if rows[0].slope is None else rows[0].slope
    if len(rows) == 2 and rows[0].slope is not None and rows[0].slope == rows[1].slope:
        assert rows[1].lower is not None
        apart = Relation((Symbol(work.variable), rows[1].lower), ("!=",))
        if not single:
            return Piecewise((Branch(rows[0].slope, apart),))
        return Piecewise((*single, Branch(rows[0].slope, None)))
    branches = [*single, *(Branch(row.slope, _within(row, work.variable)) for row in rows if row.slope is not None)]
    return Piecewise(tuple(branches)) if branches else NOWHERE


def _continues(stretch: Stretch, value: Expr, place: Expr | None, work: Formulas, line: Line) -> bool:
    """Whether a formula has a value at a joint, and reads there as the derivative does."""
    if stretch.slope is None or place is None or isinstance(stretch.slope, Piecewise):
        return False
    there = simplified(substitute(stretch.slope, {work.variable: place}))
    if there != value and (literal(there) is None or literal(there) != literal(value)):
        return False
    wanted = [need for need in needs(stretch.slope, work.definitions) if work.moving(need)]
    try:
        return all(isinstance(need, Relation) and _holds(need, work.variable, place, line) for need in wanted)
    except NotEvaluable:
        return False


def _within(row: Stretch, variable: str) -> Relation:
    x = Symbol(variable)
    below, above = "<=" if row.from_lower else "<", "<=" if row.to_upper else "<"
    if row.lower is None:
        assert row.upper is not None
        return Relation((x, row.upper), (above,))
    if row.upper is None:
        return Relation((x, row.lower), (">=" if row.from_lower else ">",))
    return Relation((row.lower, x, row.upper), (below, above))

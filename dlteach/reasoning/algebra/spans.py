"""Intervals of the line, and what conditions say of a variable as one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dlteach.notation.backend import NotEvaluable
from dlteach.notation.tree import INFINITY, Condition, Expr, Interval, Negative, Relation, Symbol, links, symbols
from dlteach.reasoning.algebra.solve import Line


@dataclass(frozen=True)
class Span:
    """An interval of the line; None is an infinite end."""

    lower: Expr | None = None
    upper: Expr | None = None
    open_below: bool = False
    open_above: bool = False


LINE = Span()


def span_of(interval: Interval | None) -> Span:
    """The span of an interval of the notation; None is the whole line."""
    if interval is None:
        return LINE
    lower = None if _infinite(interval.lower) else interval.lower
    upper = None if _infinite(interval.upper) else interval.upper
    return Span(lower, upper, interval.open_below, interval.open_above)


def _infinite(expr: Expr) -> bool:
    inner = expr.of if isinstance(expr, Negative) else expr
    return inner == INFINITY


def span_in(conditions: Iterable[Condition], variable: str) -> tuple[Span, tuple[Condition, ...]]:
    """What conditions say of a variable alone, as a span, and the conditions that remain."""
    span, rest = LINE, []
    for condition in conditions:
        bounds = []
        for left, sign, right in links([condition]):
            if left == Symbol(variable) and sign in ("<", "<=", ">", ">=") and variable not in symbols(right):
                bounds.append((sign, right))
            elif right == Symbol(variable) and sign in ("<", "<=", ">", ">=") and variable not in symbols(left):
                bounds.append((sign.translate(str.maketrans("<>", "><")), left))
            else:
                bounds.append(("", left))
        if any(not sign for sign, _ in bounds) or not bounds:
            rest.append(condition)
            continue
        for sign, bound in bounds:
            if _infinite(bound):
                continue
            side = 1 if sign in ("<", "<=") else -1
            before, is_open = (span.upper, span.open_above) if side > 0 else (span.lower, span.open_below)
            tighter = _tighter(before, bound, side, sign in ("<", ">") and not is_open)
            if tighter is None:
                ends = (Symbol(variable), bound)
                rest.append(Relation(ends, (sign,)))
            elif tighter and side > 0:
                span = Span(span.lower, bound, span.open_below, sign == "<")
            elif tighter:
                span = Span(bound, span.upper, sign == ">", span.open_above)
    return span, tuple(rest)


def _tighter(before: Expr | None, bound: Expr, side: int, strict: bool) -> bool | None:
    """Whether a bound leaves less of the line than the one before it; None where that cannot be told."""
    if before is None:
        return True
    try:
        order = side * Line("", {}, {}).order(bound, before)
    except NotEvaluable:
        return None
    return order < 0 or (order == 0 and strict)

"""Inequalities of one integer: number by number where it is small, and as of a real number beyond.

Between two integers an inequality may fail (2^x >= x + 1 does below 1), and far out it seldom does.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from dlteach.notation.backend import NotEvaluable
from dlteach.notation.tree import Expr, IsInteger, Negative, Sum, literal, number
from dlteach.reasoning.algebra.pieces import Span, span_in
from dlteach.reasoning.deciding.charts import sign_at
from dlteach.reasoning.deciding.closed_forms import constants_in
from dlteach.reasoning.deciding.inequalities import STRICT, below
from dlteach.reasoning.deciding.proofs import How, Proof, Question
from dlteach.reasoning.deciding.prover import Prover
from dlteach.reasoning.enclosing.branch_and_bound import OutOfBudget

STEPS = (3, 12, 40)  # how many integers are looked at one by one


def by_integers(question: Question) -> Proof | None:
    """An inequality whose only variable is an integer."""
    if question.sign in ("=", "!=") or len(question.names) != 1 or question.heavy:
        return None
    (name,) = question.names
    if not any(isinstance(c, IsInteger) and c.symbol.name == name for c in question.conditions):
        return None
    f = question.difference if question.sign[0] == "<" else Sum((question.right, Negative(question.left)))
    prover = Prover(question.functions, question.deadline, (), constants_in((question.left, question.right)))
    span, _ = span_in(question.conditions, name)
    strict = question.sign in STRICT
    first, last = _whole(span.lower, span.open_below, 1), _whole(span.upper, span.open_above, -1)
    if (first is None) != (span.lower is None) or (last is None) != (span.upper is None):
        return None
    for steps in STEPS:
        low = first if first is not None else -steps
        high = last if last is not None else max(low, 0) + steps
        low = low if first is not None or last is None else min(high, 0) - steps
        if high - low > 4 * max(STEPS):
            return None
        if all(_holds_at(f, name, n, strict, prover) for n in range(low, high + 1)) and all(
            _holds_beyond(f, name, part, strict, prover)
            for part, wanted in (
                (Span(number(high), None, True, False), last is None),
                (Span(None, number(low), False, True), first is None),
            )
            if wanted
        ):
            return Proof(How.CASES, f"for {name} from {low} to {high} one by one, and for all numbers beyond")
    return None


def _whole(end: Expr | None, is_open: bool, side: int) -> int | None:
    """The first integer from an end on; None where the end is infinite, or not a number."""
    value = None if end is None else literal(end)
    if value is None:
        return None
    n = ceil(value) if side > 0 else floor(value)
    return n + side if is_open and Fraction(n) == value else n


def _holds_at(f: Expr, name: str, n: int, strict: bool, prover: Prover) -> bool:
    prover.check()
    try:
        return sign_at(f, name, number(n), prover) <= (-1 if strict else 0)
    except NotEvaluable:
        return False


def _holds_beyond(f: Expr, name: str, span: Span, strict: bool, prover: Prover) -> bool:
    try:
        return below(f, name, span, strict, prover) is not None
    except OutOfBudget:
        raise
    except NotEvaluable:
        return False

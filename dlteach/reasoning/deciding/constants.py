"""What can be told of constants: comparisons, exactly where balls overlap, and the branches that they choose."""

from __future__ import annotations

from collections.abc import Callable

from flint import arb

from dlteach.course.ledger import Outcome
from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Balls, precision
from dlteach.notation.tree import (
    BINDERS,
    ONE,
    ZERO,
    Branch,
    Call,
    Condition,
    Expr,
    Negative,
    Piecewise,
    Power,
    Relation,
    Statement,
    Sum,
    literal,
    number,
    rebuilt,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.relations import HOLDS, contradictory, plainly
from dlteach.reasoning.deciding.verdicts import Verdict, decimal

Ask = Callable[[Statement], Verdict]
BITS = 128
MORE_BITS = 512  # to tell constants apart
DIGITS = (15, 40, 150)  # that may show a difference
NOTHING_THERE = Verdict(Outcome.PROVED, "no point", "the conditions exclude each other")


class Constants:
    """Questions under some conditions on the parameters; what has been asked once is remembered."""

    def __init__(self, conditions: tuple[Condition, ...], ask: Ask, definitions: Definitions) -> None:
        self.conditions, self.definitions = conditions, definitions
        self.judged: dict[Statement, Verdict] = {}
        self._ask = ask

    def ask(self, relation: Relation, *more: Condition) -> Verdict:
        """The verdict on a relation; where its conditions exclude each other there is nothing to show."""
        statement = Statement(relation, (*self.conditions, *more))
        if statement not in self.judged:
            empty = bool(statement.conditions) and contradictory(statement.conditions)
            self.judged[statement] = NOTHING_THERE if empty else self._ask(statement)
        return self.judged[statement]

    def told(self, relation: Relation) -> bool | None:
        """Whether a relation between constants holds; None where that cannot be told."""
        if (plain := plainly(relation)) is not None:
            return plain
        found: list[bool | None] = []
        for a, sign, b in relation.links():
            gap = self.value(Sum((a, Negative(b))), MORE_BITS)
            if gap is not None and not gap.contains(0):
                found.append(HOLDS[sign](1 if gap > 0 else -1))
            elif self.ask(Relation((a, b), ("=",))).holds:
                found.append(HOLDS[sign](0))
            else:
                verdict = self.ask(Relation((a, b), (sign,)))
                found.append(True if verdict.holds else False if verdict.outcome is Outcome.REFUTED else None)
        return False if False in found else None if None in found else True

    def compared(self, relation: Relation) -> Verdict:
        """The verdict on a relation of two sides, by far-reaching balls where both are plain constants."""
        if symbols(relation) or any(isinstance(node, BINDERS) for node in walk(relation)):
            return self.ask(relation)
        holds = self.told(relation)
        if holds is None:
            return self.ask(relation)
        if holds:
            return Verdict(Outcome.PROVED, "arithmetic", "the constants compare so")
        a, b = (self.value(side, MORE_BITS) for side in relation.sides)
        shown = ("", "") if a is None or b is None else apart(a, b)
        return Verdict(Outcome.REFUTED, "arithmetic", " against ".join(shown), {}, shown)

    def settled(self, expr: Expr) -> Expr:
        """Without the branches that are not taken, and 0^v for a constant v; each condition must have a value."""
        expr = rebuilt(expr, self.settled)
        if isinstance(expr, Power) and literal(expr.base) == 0 and not symbols(expr.exponent):
            if self.told(Relation((expr.exponent, ZERO), (">",))):
                return ZERO
            return ONE if self.told(Relation((expr.exponent, ZERO), ("=",))) else expr
        if isinstance(expr, Call) and expr.name in ("sign", "floor", "ceil") and not symbols(expr):
            return self.stepped(expr)
        if not isinstance(expr, Piecewise):
            return expr
        left: list[Branch] = []
        for branch in expr.branches:
            constant = branch.condition is None or not symbols(branch.condition)
            holds = None if not constant else True if branch.condition is None else self.told(branch.condition)
            if holds:
                return branch.value if not left else Piecewise((*left, Branch(branch.value, None)))
            if holds is None:
                left.append(branch)
        return Piecewise(tuple(left)) if left else expr

    def value(self, expr: Expr, bits: int = BITS) -> arb | None:
        """The ball of a constant; None where it is not one, or not real."""
        with precision(bits):
            try:
                value = Balls(self.definitions)(expr, {})
            except (NotEvaluable, OverflowError):
                return None
        return value if value.is_finite() else None

    def stepped(self, expr: Call) -> Expr:
        """sign, floor or ceil of a constant, also of one that lies on the step."""
        (u,) = expr.args
        value = self.value(u, MORE_BITS)
        if value is None or value.rad() > 1:
            return expr
        step = 0 if expr.name == "sign" else round(float(value.mid())) if abs(value) < 2**50 else None
        if step is not None and value.contains(step) and self.told(Relation((u, number(step)), ("=",))):
            return number(step)
        exact = self.value(expr, MORE_BITS)
        return number(int(exact.unique_fmpz())) if exact is not None and exact.is_exact() else expr

    def before(self, a: Expr | None, b: Expr | None) -> bool:
        """Whether a < b for sure; None is the infinite end on that side."""
        if a is None or b is None:
            return True
        low, high = self.value(a), self.value(b)
        return low is not None and high is not None and bool(low < high)


def apart(a: arb, b: arb) -> tuple[str, str]:
    """Two values with as many digits as it takes to see that they differ."""
    shown = ("", "")
    for digits in DIGITS:
        shown = decimal(a, digits), decimal(b, digits)
        if shown[0] != shown[1]:
            break
    return shown

"""`lim(…) = v` and `lim(…) < v`: the limit is worked out exactly, by cases where a sign decides, and compared."""

from __future__ import annotations

from dataclasses import replace

from dlteach.course.ledger import Outcome
from dlteach.notation.balls import NoLimit
from dlteach.notation.show import show
from dlteach.notation.tree import (
    ZERO,
    CannotSubstitute,
    Condition,
    Expr,
    IsInteger,
    Limit,
    Negative,
    Relation,
    Statement,
    Sum,
    Symbol,
    substitute,
    symbols,
)
from dlteach.reasoning.algebra.relations import HOLDS
from dlteach.reasoning.deciding.equations import by_normal_form, contradictory
from dlteach.reasoning.deciding.proofs import How, Proof, Question
from dlteach.reasoning.deciding.verdicts import Verdict
from dlteach.reasoning.enclosing.coefficients import Signs, Undetermined, atom
from dlteach.reasoning.enclosing.limits import MINUS_OO, OO, limit_at

DEEPEST = 3  # cases within cases


def by_limit(question: Question) -> Proof | Verdict | None:
    """The limit on one side, and what the other side says it is."""
    for node, value in ((question.left, question.right), (question.right, question.left)):
        if isinstance(node, Limit):
            shown = _shown(replace(question, left=node, right=value), DEEPEST)
            if isinstance(shown, Verdict):
                return shown
            if shown is not None and (found := [limit for limit in shown if limit is not None]):
                how = How.GROWTH if node.point in (OO, MINUS_OO) else How.SERIES
                alone = len(found) == 1
                says = f"the limit is {show(found[0])}" if alone else f"the limit is this in each of {len(found)} cases"
                return Proof(how, says, exists=len(found) == len(shown))
    return None


def by_value_of_limit(question: Question) -> Proof | Verdict | None:
    """An inequality between constants, with the limits worked out exactly."""
    if question.names:
        return None
    signs = Signs({}, (), question.definitions, question.deadline)
    sides, limits = [question.left, question.right], list[str]()
    for i, side in enumerate(sides):
        if isinstance(side, Limit):
            found = limit_at(side.of, side.variable.name, side.point, side.side, signs, question.definitions)
            if found.infinite:
                return None
            sides[i] = found.expr()
            limits.append(show(sides[i]))
    if not limits:
        return None
    says = f"the limit is {' against '.join(limits)}"
    if HOLDS[question.sign](signs(atom(Sum((sides[0], Negative(sides[1])))))):
        return Proof(How.SERIES, says, exists=True)
    return Verdict(Outcome.REFUTED, How.SERIES, says, {}, (show(sides[0]), show(sides[1])))


def _shown(question: Question, depth: int) -> list[Expr | None] | Verdict | None:
    """The limits in all cases, None for one without a limit; a refutation, or None, where one is not what is said."""
    node = question.left
    assert isinstance(node, Limit)
    whole = any(isinstance(c, IsInteger) and c.symbol == node.variable for c in question.conditions)
    signs = Signs({}, question.conditions, question.definitions, question.deadline)
    try:
        found = limit_at(node.of, node.variable.name, node.point, node.side, signs, question.definitions, whole)
    except NoLimit:
        return [None]
    except Undetermined as problem:
        if not depth or not symbols(problem.expr) or node.variable.name in symbols(problem.expr):
            raise
        return _by_cases(question, problem.expr, depth)
    if found.infinite:
        return [found.expr()] if question.right == found.expr() else None
    same = by_normal_form(question.about(found.expr(), question.right))
    return [found.expr()] if isinstance(same, Proof) and same.exists else None


def _by_cases(question: Question, decisive: Expr, depth: int) -> list[Expr | None] | Verdict | None:
    """What is shown where an expression is negative, 0 and positive."""
    limits: list[Expr | None] = []
    for sign in "<=>":
        case: Condition = Relation((decisive, ZERO), (sign,))
        if contradictory((*question.conditions, case), question.definitions, question.seconds):
            continue
        part = replace(question, conditions=(*question.conditions, case))
        place = _solved(decisive) if sign == "=" else None
        if place is not None:
            part = _at(question, *place)
        shown = _shown(part, depth - 1)
        if shown is None and place is not None:
            there = question.ask(Statement(part.relation, part.conditions))
            if there.outcome is Outcome.REFUTED and there.values:
                at = f"at {place[0]} = {show(place[1])}: {there.evidence}"
                return replace(there, evidence=at, witness={place[0]: show(place[1]), **there.witness})
        if shown is None or isinstance(shown, Verdict):
            return shown
        limits += shown
    return limits


def _solved(decisive: Expr) -> tuple[str, Expr] | None:
    """What a symbol must be for an expression to be 0, where that is plain."""
    match decisive:
        case Symbol(name):
            return name, ZERO
        case Sum((Symbol(name), Negative(other))) if name not in symbols(other):
            return name, other
    return None


def _at(question: Question, name: str, value: Expr) -> Question:
    """The question with a value for a symbol."""
    at = {name: value}
    try:
        left, right = (substitute(side, at) for side in (question.left, question.right))
        conditions = tuple(substitute(c, at) for c in question.conditions)
    except CannotSubstitute:
        return replace(question, conditions=(*question.conditions, Relation((Symbol(name), value), ("=",))))
    return replace(question, left=left, right=right, conditions=conditions)

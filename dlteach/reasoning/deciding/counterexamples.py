"""Points at which a method sees an inequality fail: taken only where conditions are met and both sides say so."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from dlteach.course.ledger import Outcome
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import Balls, precision, truth
from dlteach.notation.show import show
from dlteach.notation.tree import Expr, IsInteger, links, literal, number
from dlteach.reasoning.deciding.proofs import Question
from dlteach.reasoning.deciding.search import BITS, PointSearch
from dlteach.reasoning.deciding.verdicts import Verdict, decimal, placed

PLAIN = (1, 10, 1000, 10**6, 10**12)  # denominators of plainer places nearby, which may do as well


class Fails(NotEvaluable):
    """An inequality seems to fail at one of these places; at `meeting` both sides are shown to be the same."""

    def __init__(self, words: str, *places: Fraction, meeting: Expr | None = None) -> None:
        super().__init__(words)
        self.places, self.meeting = places, meeting


def counterexample(question: Question, variable: str, fails: Fails) -> Verdict | None:
    """The refutation at the first place that meets the conditions and is one."""
    search = PointSearch(question)
    for exact in fails.places:
        for place in dict.fromkeys((*map(exact.limit_denominator, PLAIN), exact)):
            if _meets(question, variable, number(place)) and (found := search.at({variable: place})) is not None:
                return found
    at = fails.meeting
    if at is None or question.sign not in ("<", ">", "!=") or question.beside or not _meets(question, variable, at):
        return None
    with precision(BITS):
        balls = Balls(question.definitions)
        try:
            env = {variable: balls(at, {})}
            sides = [balls(side, env) for side in (question.left, question.right)]
        except NotEvaluable:
            return None
    if not all(side.is_finite() for side in sides):
        return None
    witness, value = {variable: show(at)}, decimal(sides[1])
    return Verdict(
        Outcome.REFUTED, "counterexample", f"{placed(witness)} both sides are {value}", witness, (value, value)
    )


def refutation(question: Question, point: Mapping[str, Fraction]) -> Verdict | None:
    """The refutation at a point of several variables, if it meets the conditions and is one."""
    if not _meet(question, {name: number(value) for name, value in point.items()}):
        return None
    return PointSearch(question).at(point)


def _meets(question: Question, variable: str, place: Expr) -> bool:
    return _meet(question, {variable: place})


def _meet(question: Question, point: Mapping[str, Expr]) -> bool:
    """Whether a point meets the conditions for certain."""
    balls = Balls(question.definitions)
    for condition in question.conditions:
        if isinstance(condition, IsInteger) and condition.symbol.name in point:
            value = literal(point[condition.symbol.name])
            if value is None or value.denominator > 1:
                return False
    try:
        with precision(BITS):
            env = {name: balls(place, {}) for name, place in point.items()}
            return all(truth(sign, balls(a, env), balls(b, env)) for a, sign, b in links(question.conditions))
    except NotEvaluable:
        return False

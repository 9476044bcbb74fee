"""Where an answer has no value though the question has one.

An answer is right when it agrees with the question wherever that has a value, and has one there too. What it lacks is
looked for at the points where `equal` saw only one side, and where a necessary obligation of the answer fails that the
question does not have; each such place is shown by evaluation in balls on both sides.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction

from flint import arb

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import NAN, Balls, NotReal, ball, precision
from dlteach.notation.patience import Overrun, within
from dlteach.notation.reader import read
from dlteach.notation.show import show
from dlteach.notation.tree import (
    Condition,
    Expr,
    IsInteger,
    Negative,
    Relation,
    Statement,
    Sum,
    literal,
    number,
    substitute,
    symbols,
)
from dlteach.reasoning.algebra.domains import REAL, Obligation, obligations
from dlteach.reasoning.algebra.relations import plainly
from dlteach.reasoning.algebra.roots import roots
from dlteach.reasoning.algebra.sample_points import Point
from dlteach.reasoning.deciding.judge import equal, judge
from dlteach.reasoning.deciding.verdicts import Gap, Lack, Verdict, named
from dlteach.reasoning.deriving.exact import exactly
from dlteach.reasoning.deriving.steps import CannotDerive
from dlteach.reasoning.enclosing.evaluate import Evaluator
from dlteach.reasoning.worker.process import clock

BITS = 128
SECONDS = 0.3
NEAR = (Fraction(1, 10**3), Fraction(1, 10**6), Fraction(1, 10**9))  # how far a point's neighbours are


def lacking(
    answer: Expr,
    question: Expr,
    conditions: Sequence[Condition],
    functions: Functions,
    gaps: Iterable[Gap] = (),
    seconds: float = SECONDS,
) -> Lack | None:
    """What an answer is found to lack of a question's domain: more than isolated points, if that is so; else None.

    `gaps` are points that are known already at which only one of two sides has a value.
    """
    if answer == question or not symbols(answer):
        return None
    found: Lack | None = None
    with suppress(Overrun), within(seconds + SECONDS):
        for lack in _lacks(answer, question, conditions, functions, gaps, seconds):
            found = lack
    return found


def _lacks(
    answer: Expr, question: Expr, conditions: Sequence[Condition], functions: Functions, gaps: Iterable[Gap],
    seconds: float,
) -> Iterator[Lack]:  # fmt: skip
    """The first isolated point, and the first place that is more than that."""
    try:
        sides = _Sides(exactly(answer, functions), exactly(question, functions), conditions, functions, seconds)
    except (CannotDerive, NotEvaluable):
        return
    isolated = False
    for point in sides.candidates(gaps):
        if (why := sides.lack(point)) is None:
            continue
        here = Lack(named(point), why, not any(sides.lack(near) is not None for near in sides.near(point)))
        if not here.isolated or not isolated:
            yield here
        if not here.isolated:
            return
        isolated = True


def compared(
    left: Expr, right: Expr, conditions: Sequence[Condition], functions: Functions
) -> tuple[Verdict, Mapping[str, Lack]]:
    """Whether two expressions are equal; where they are, what each side lacks of the other's domain."""
    verdict = equal(left, right, conditions, functions)
    lacks = {}
    if verdict.outcome is Outcome.PROVED:
        for side, one, other in (("left", left, right), ("right", right, left)):
            if lack := lacking(one, other, conditions, functions, verdict.gaps):
                lacks[side] = lack
    return verdict, lacks


class _Sides:
    """An answer and a question, without derivatives, to be looked at point by point."""

    def __init__(
        self, answer: Expr, question: Expr, conditions: Sequence[Condition], functions: Functions, seconds: float
    ) -> None:
        self.answer, self.question, self.conditions = answer, question, tuple(conditions)
        self.functions, self.definitions = functions, functions.definitions
        self.deadline = clock() + seconds
        self.back = Evaluator(self.definitions, self.deadline)
        self.names = symbols(answer) | symbols(question)
        self.owed = self.necessary(answer)
        self.whole = {condition.symbol.name for condition in conditions if isinstance(condition, IsInteger)}

    def necessary(self, expr: Expr) -> tuple[Obligation, ...]:
        """What must hold wherever an expression has a value."""
        owed = obligations(expr, REAL, self.definitions, conditions=self.conditions)
        return tuple(one for one in owed if one.necessary and one.relation is not None)

    def lack(self, point: Point) -> str | None:
        """Why the answer has no value at a point that meets the conditions and where the question has one."""
        with precision(BITS):
            env = {name: ball(value) for name, value in point.items()}
            try:
                if self.back(self.answer, env).is_finite():
                    return None
                why = self.broken(point)
            except NotReal as reason:
                why = str(reason)
            except (NotEvaluable, OverflowError):
                why = self.broken(point)
            try:
                value: arb = self.back(self.question, env) if why else NAN
            except (NotEvaluable, OverflowError):
                return None
            return why if value.is_finite() and self.allowed(point) else None

    def broken(self, point: Point) -> str | None:
        """Why the answer has no value at a point, where one of its obligations plainly fails there."""
        values = {name: number(value) for name, value in point.items()}
        for owed in self.owed:
            if owed.relation is not None and not owed.given and plainly(substitute(owed.relation, values)) is False:
                return f"`{show(owed.part)}` has no value there"
        return None

    def allowed(self, point: Point) -> bool:
        """Whether a point is shown to meet the conditions."""
        values = {name: number(value) for name, value in point.items()}
        met = (substitute(condition, values) for condition in self.conditions)
        try:
            return all(isinstance(c, Relation) and Balls(self.definitions).holds(c, {}) is True for c in met)
        except NotEvaluable:
            return False

    def near(self, point: Point) -> Iterator[Point]:
        """Neighbours in directions that lie on no curve worth the name; of an integer, the next ones."""
        chance = random.Random(len(point))
        for step in NEAR:
            for sign in (1, -1):
                yield {
                    name: value + sign * (1 if name in self.whole else step * Fraction(chance.randint(500, 1000), 1000))
                    for name, value in sorted(point.items())
                }

    def candidates(self, gaps: Iterable[Gap]) -> Iterator[Point]:
        """Points where the answer may lack a value."""
        for gap in gaps:
            if (point := _point(gap.point)) is not None:
                yield point
        have = self.necessary(self.question)
        same = {(owed.relation, owed.given) for owed in have}
        known = tuple(owed.relation for owed in have if not owed.given and owed.relation is not None)
        for owed in self.owed:
            if owed.relation is None or (owed.relation, owed.given) in same:
                continue
            edges, all_of_them = self.edges(owed.relation)
            yield from edges
            if all_of_them:
                continue
            if (left := self.deadline - clock()) <= 0:
                return
            verdict = judge(Statement(owed.relation, (*self.conditions, *known, *owed.given)), self.functions, left)
            if verdict.outcome is Outcome.REFUTED and (point := _point(verdict.witness)) is not None:
                yield {**dict.fromkeys(self.names, Fraction(1)), **point}

    def edges(self, relation: Relation) -> tuple[list[Point], bool]:
        """Points on, below and above the places where an obligation changes from kept to broken; whether these are all.

        All symbols but one are 1, so that these are all of them where there is one symbol only.
        """
        found: list[Point] = []
        complete = len(self.names) == 1
        for name in sorted(self.names):
            others = dict.fromkeys(self.names - {name}, Fraction(1))
            for left, _, right in substitute(relation, {n: number(v) for n, v in others.items()}).links():
                places = roots(Sum((left, Negative(right))), name)
                values = [literal(place) for place in places or ()]
                complete = complete and places is not None and None not in values
                found += [{**others, name: v + step} for v in values if v is not None for step in (0, -1, 1)]
        return found, complete


def _point(texts: Mapping[str, str]) -> Point | None:
    """A point from the texts of its values; None where one is no rational."""
    values = {name: literal(read(text)) for name, text in texts.items()}
    return {name: value for name, value in values.items() if value is not None} if None not in values.values() else None

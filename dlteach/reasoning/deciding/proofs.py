"""What passes between the judge and its methods: a frozen question, and a proof that says what it rests on.

A statement is decided on the points where its conditions hold and both sides have a value. So a proof of one is taken
only with evidence that there is such a point: `exists`, shown by the method itself, or a point that the search for a
counterexample has evaluated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.backend import Definitions
from dlteach.notation.tree import BINDERS, Condition, Expr, Moment, Negative, Relation, Statement, Sum, symbols, walk
from dlteach.reasoning.deciding.verdicts import Verdict
from dlteach.reasoning.worker.process import clock


class How(StrEnum):
    """The methods by their names, as a verdict shows them."""

    SAME = "working it out"
    ARITHMETIC = "arithmetic"
    BALLS = "ball arithmetic"
    NORMAL_FORM = "normal form"
    SIGNS = "signs"
    ENCLOSURE = "enclosure"
    TOUCHING = "touching points"
    EXTREMUM = "exact extremum"
    GROWTH = "growth rates"
    SERIES = "power series"
    INDUCTION = "induction"
    GAUSSIAN = "Gaussian integrals"
    SYMMETRY = "symmetry"
    STEIN = "Stein's identity"
    FUNDAMENTAL = "fundamental theorem"
    CASES = "cases"
    CONVEXITY = "convexity"
    SLOPE_BOUND = "a bound of the slope"
    SLOPES = "signs of slopes"
    SQUARES = "sum of squares"
    SYMPY = "SymPy"


@dataclass(frozen=True)
class Question:
    """One relation on trial: `left sign right` under conditions; derivatives in it are worked out already."""

    left: Expr
    sign: str
    right: Expr
    conditions: tuple[Condition, ...]
    functions: Functions
    deadline: float  # in the time of the worker's clock
    judge: Callable[[Statement, Functions, float], Verdict]
    beside: tuple[Expr, ...] = ()  # the other sides of a chain, which must have values, too

    @cached_property
    def definitions(self) -> Definitions:
        """The course's functions."""
        return self.functions.definitions

    @cached_property
    def relation(self) -> Relation:
        """The relation itself."""
        return Relation((self.left, self.right), (self.sign,))

    @cached_property
    def difference(self) -> Expr:
        """left - right."""
        return Sum((self.left, Negative(self.right)))

    @cached_property
    def names(self) -> frozenset[str]:
        """The free symbols of both sides."""
        return symbols(self.left) | symbols(self.right)

    @cached_property
    def heavy(self) -> bool:
        """Whether a value costs an integral, a limit, a sum or a supremum."""
        return any(isinstance(node, (*BINDERS, Moment)) for node in walk(self.relation))

    @property
    def seconds(self) -> float:
        """The time that is left."""
        return self.deadline - clock()

    def ask(self, statement: Statement) -> Verdict:
        """The verdict on a part of this question, within its time."""
        return self.judge(statement, self.functions, max(0.05, self.seconds))

    def about(self, left: Expr, right: Expr, sign: str = "=", *more: Condition) -> Question:
        """The same kind of question about two other sides, perhaps under more conditions."""
        return replace(self, left=left, right=right, sign=sign, conditions=(*self.conditions, *more))


@dataclass(frozen=True)
class Proof:
    """That a question's relation holds wherever its conditions do and both sides have a value.

    `exists` says that the method has shown both sides to have a value at every point that meets the conditions; else
    the judge wants a point at which it sees them.
    """

    how: How
    evidence: str
    outcome: Outcome = Outcome.PROVED
    exists: bool = False

    @property
    def verdict(self) -> Verdict:
        """The verdict, once the proof is accepted."""
        return Verdict(self.outcome, self.how, self.evidence)


Method = Callable[[Question], "Proof | Verdict | None"]
"""Tries to settle a question: a Proof that it holds, a Verdict that it is refuted or invalid (shown, not guessed), or
None where it is not a case for this method; raises NotEvaluable or Overrun, with the reason, where it has tried."""

"""What exact reasoning about expressions rests on: zeros and signs by normal form, slopes, and where they exist."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from dlteach.course.functions import Functions
from dlteach.errors import DlteachError
from dlteach.notation.backend import Definitions, NotEvaluable, reachable
from dlteach.notation.tree import Condition, Expr, Negative, Sum, links
from dlteach.reasoning.algebra.answers import Shown, Signs
from dlteach.reasoning.algebra.domains import Need, obligations
from dlteach.reasoning.algebra.normal import ALLOWED
from dlteach.reasoning.deriving.derive import Walker
from dlteach.reasoning.enclosing.branch_and_bound import OutOfBudget
from dlteach.reasoning.worker.process import WORKER, Overrun, clock

SECONDS = 1.0  # for one question to the normal form
NOT_ZERO, NOT_NEGATIVE, POSITIVE, NEGATIVE, NOT_POSITIVE = (
    ALLOWED["!="],
    ALLOWED[">="],
    ALLOWED[">"],
    ALLOWED["<"],
    ALLOWED["<="],
)


@dataclass(frozen=True)
class Prover:
    """Exact reasoning under conditions, within a time."""

    functions: Functions
    deadline: float
    conditions: tuple[Condition, ...] = ()
    hints: tuple[Expr, ...] = ()  # constants of the statement: candidates for places
    most: float = SECONDS  # for one question
    memo: dict[tuple[Expr | Condition, ...], frozenset[int] | None] = field(default_factory=dict, compare=False)

    @property
    def definitions(self) -> Definitions:
        """The course's functions."""
        return self.functions.definitions

    @property
    def seconds(self) -> float:
        """The time for one question."""
        return min(self.most, self.deadline - clock())

    def check(self) -> None:
        """Raises OutOfBudget once the time is up."""
        if clock() > self.deadline:
            raise OutOfBudget("the time ran out")

    def under(self, *more: Condition) -> Prover:
        """The same under more conditions."""
        return replace(self, conditions=(*self.conditions, *more))

    def zero(self, expr: Expr) -> bool:
        """Whether an expression has a value wherever the conditions hold, and that is 0."""
        self.check()
        needed = reachable(expr, self.definitions)
        try:
            shown: Shown | None = WORKER.ask(
                "algebra.normal:vanishes", expr, self.conditions, needed, seconds=self.seconds
            )
        except Overrun:
            return False
        return shown is not None and shown.cases > 0 and shown.certain

    def signs(self, expr: Expr, *more: Condition) -> frozenset[int] | None:
        """The signs that an expression may have where it has a value, from its form; None where that is not known."""
        return self.found_signs(expr, *more) or None

    def has_signs(self, expr: Expr, allowed: frozenset[int], *more: Condition) -> bool:
        """Whether an expression has only such signs wherever the conditions hold and it has a value, if anywhere."""
        found = self.found_signs(expr, *more)
        return found is not None and found <= allowed

    def found_signs(self, expr: Expr, *more: Condition) -> frozenset[int] | None:
        """The signs in all cases, none where there is no value anywhere; None where they are not known."""
        key = (expr, *self.conditions, *more)
        if key not in self.memo:
            self.check()
            needed = reachable(expr, self.definitions)
            found: Signs | None = None
            with suppress(Overrun):
                found = WORKER.ask("algebra.normal:signs", expr, key[1:], needed, seconds=self.seconds)
            self.memo[key] = None if found is None else found.signs
        return self.memo[key]

    def slope(self, expr: Expr, variable: str) -> Expr:
        """The derivative, where it exists; raises NotEvaluable."""
        self.check()
        try:
            return Walker(self.functions, variable, False).worked_out(expr)
        except DlteachError as problem:
            raise NotEvaluable(str(problem)) from None

    def real(self, expr: Expr) -> bool:
        """Whether an expression has a value wherever the conditions hold, as far as signs show."""
        return self.discharged(expr, Need.REAL, "")

    def continuous(self, expr: Expr, variable: str = "") -> bool:
        """Whether it is continuous there, in one variable or in all together."""
        return self.discharged(expr, Need.CONTINUOUS, variable)

    def smooth(self, expr: Expr, variable: str = "", order: int = 1) -> bool:
        """Whether it has continuous derivatives up to an order there."""
        return self.discharged(expr, order, variable)

    def discharged(self, expr: Expr, need: int, variable: str) -> bool:
        """Whether the signs of its parts show all that a value, continuity or smoothness needs."""
        for owed in obligations(expr, need, self.definitions, variable, self.conditions):
            if owed.relation is None:
                return False
            for left, sign, right in links([owed.relation]):
                if not self.has_signs(Sum((left, Negative(right))), ALLOWED[sign], *owed.given):
                    return False
        return True


def all_of(found: frozenset[int] | None, allowed: Sequence[int] | frozenset[int]) -> bool:
    """Whether signs are known, and all among those."""
    return found is not None and found <= frozenset(allowed)

"""A learner's own derivation, line by line: does each line follow from the one before?

After a wrong line the rest is checked against it, so that one slip is reported once; a line that is equal to the last
good one again is back on the track. Equal means equal where both have a value, and that is not transitive: so each line
has to keep the first line's domain, and the last is compared with the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.reader import read, read_conditions, read_statement
from dlteach.notation.show import show
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import (
    BINDERS,
    Call,
    Condition,
    Derivative,
    Expr,
    Moment,
    Relation,
    walk,
)
from dlteach.reasoning.algebra.forms import form_fault, same_form
from dlteach.reasoning.deciding.judge import equal
from dlteach.reasoning.deciding.verdicts import Verdict
from dlteach.reasoning.explaining.diagnose import Diagnosis, diagnose
from dlteach.reasoning.explaining.lacking import lacking

A_LOOK = 0.1  # seconds: to refute a line, not to prove it


class Standing(StrEnum):
    """How a line stands to those before it."""

    START = "start"
    FOLLOWS = "follows"
    NARROWER = "narrower"  # equal, but without a value at places where the first line has one
    WRONG = "wrong"
    INVALID = "invalid"  # it cannot be read
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Line:
    """A line of a learner's derivation and what was found out; `number` counts the lines of the text from 1."""

    number: int
    text: str
    verdict: Standing
    expr: Expr | None = None
    found: Verdict | None = None
    mistakes: tuple[Diagnosis, ...] = ()
    problem: str = ""  # why it cannot be read, with a caret
    note: str = ""


@dataclass(frozen=True)
class Goal:
    """Whether the derivation arrives: None where nothing was to be reached."""

    says: str
    reached: bool | None = None


def check(text: str, functions: Functions, given: str = "", seconds: float = 2.0) -> Iterator[Line]:
    """The lines of a derivation with their verdicts, as they are reached; raises NotationError for `given`.

    A line is an expression, `= expression`, or a chain `a = b = c`; blank lines and those that begin with # are left
    out. Conditions may stand after `for` in the first line, and hold for all.
    """
    conditions: tuple[Condition, ...] = read_conditions(given, functions.names) if given.strip() else ()
    track = _Track(functions, seconds)
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        try:
            sides, more = sides_of(line, functions)
        except NotationError as problem:
            yield Line(number, line, Standing.INVALID, problem=str(problem))
            continue
        conditions = (*conditions, *more)
        for expr in sides:
            yield track.next(number, line if len(sides) == 1 else show(expr), expr, conditions)


class _Track:
    """Where a derivation stands: the line before, the first line, and what the next one has to keep to."""

    def __init__(self, functions: Functions, seconds: float) -> None:
        self.functions, self.seconds = functions, seconds
        self.first: tuple[int, Expr] | None = None  # of the lines that are checked against each other
        self.before: tuple[int, Expr] | None = None
        self.sound: tuple[tuple[int, Expr], tuple[int, Expr]] | None = None  # the line before a slip, and its first

    def next(self, number: int, text: str, expr: Expr, conditions: tuple[Condition, ...]) -> Line:
        """The next line with its verdict."""
        if self.before is None or self.first is None:
            found = Line(number, text, Standing.START, expr)
            self.first = (number, expr)
        else:
            found = self.followed(number, text, expr, conditions)
        self.before = (number, expr)
        return found

    def followed(self, number: int, text: str, expr: Expr, conditions: tuple[Condition, ...]) -> Line:
        assert self.before is not None and self.first is not None
        first, given = self.first, (conditions, self.functions, self.seconds)
        found = following(number, text, self.before[1], expr, *given, first=first[1])
        if found.verdict in (Standing.FOLLOWS, Standing.NARROWER) and first != self.before:
            whole = equal(first[1], expr, conditions, self.functions, A_LOOK)
            if whole.outcome is Outcome.REFUTED:
                note = f"it equals the line above where both have a value, but not line {first[0]}"
                found = Line(number, text, Standing.WRONG, expr, whole, note=note)
        if found.verdict is not Standing.WRONG:
            return found
        if self.sound is None:
            self.sound, self.first = (self.before, first), (number, expr)
            return found
        (last, kept), begun = self.sound
        again = following(number, text, kept, expr, *given, first=begun[1])
        if again.verdict is Standing.FOLLOWS:
            self.sound, self.first = None, begun
            note = f"not from the line above, but equal to line {last}: back on the track"
            return Line(number, text, Standing.FOLLOWS, expr, again.found, note=note)
        self.first = (number, expr)
        return found


def sides_of(line: str, functions: Functions) -> tuple[Sequence[Expr], tuple[Condition, ...]]:
    """The expressions of a line, and the conditions it states; raises NotationError."""
    start = len(line) - len(line.lstrip("=").lstrip())
    body = " " * start + line[start:]
    try:
        return (read(body, functions.names),), ()
    except NotationError as problem:
        try:
            statement = read_statement(body, functions.names)
        except NotationError as second:
            raise (problem if problem.at > second.at else second) from None
    if not isinstance(statement.body, Relation) or set(statement.body.signs) != {"="}:
        raise NotationError("a derivation is a chain of equations", line, 0, "write `= …` on each line")
    return statement.body.sides, statement.conditions


def following(
    number: int,
    text: str,
    before: Expr,
    after: Expr,
    conditions: tuple[Condition, ...],
    functions: Functions,
    seconds: float = 2.0,
    first: Expr | None = None,
) -> Line:
    """The line `after` as it follows from `before`, or does not; it is to have a value wherever `first` has one."""
    verdict = equal(before, after, conditions, functions, seconds)
    if verdict.outcome is Outcome.PROVED:
        lack = lacking(after, before if first is None else first, conditions, functions, verdict.gaps)
        if lack is not None and not lack.isolated:
            note = f"{lack.where} it has no value any more: {lack.why}"
            return Line(number, text, Standing.NARROWER, after, verdict, note=note)
        note = f"{lack.where} it has no value any more" if lack is not None else ""
        return Line(number, text, Standing.FOLLOWS, after, verdict, note=note)
    if verdict.outcome is not Outcome.REFUTED:
        return Line(number, text, Standing.UNDECIDED, after, verdict)
    return Line(number, text, Standing.WRONG, after, verdict, diagnose(before, after, functions, conditions))


# ---- the goal ------------------------------------------------------------------------------------


def goal_of(lines: Sequence[Line], functions: Functions, wanted: str = "", form: str = "") -> Goal:
    """Whether the last line is what was asked for: an expression in this very form, a form, or "worked out".

    Raises NotationError for a goal, and DlteachError for a form, that cannot be read.
    """
    good = all(line.verdict in (Standing.START, Standing.FOLLOWS) for line in lines)
    last = next((line.expr for line in reversed(lines) if line.expr is not None), None)
    first = next((line.expr for line in lines if line.expr is not None), None)
    if last is None or first is None:
        return Goal("there is no line to look at", False)
    if wanted:
        target = read(wanted, functions.names)
        if same_form(last, target):
            return _arrived(f"it ends in {show(target)}", good)
        if equal(last, target, (), functions).outcome is Outcome.PROVED:
            return Goal(f"it ends in something equal to {show(target)}, but not in that form", False)
        return Goal(f"it does not end in {show(target)}", False)
    if form:
        fault = form_fault(last, form, functions)
        return _arrived(fault or f"the last line is {form}", good, not fault)
    if unfinished(first) is not None:
        if (left := unfinished(last)) is not None:
            return Goal(f"there is still `{show(left)}` to work out", False)
        return _arrived("everything is worked out", good)
    return Goal("no goal was set")


def _arrived(says: str, good: bool, there: bool = True) -> Goal:
    """A goal that stands at the end; it counts only where every step follows."""
    return Goal(says if good or not there else f"{says}, but not every step follows", good and there)


def unfinished(expr: Expr) -> Expr | None:
    """The first part of a line that is still to be worked out: a derivative, a limit, an integral, …"""
    for node in walk(expr):
        if isinstance(node, (*BINDERS, Moment, Derivative)) or (isinstance(node, Call) and node.primes > 0):
            return node
    return None

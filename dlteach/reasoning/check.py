"""A learner's own derivation, line by line: does each line follow from the one before?

After a wrong line the rest is checked against it, so that one slip is reported once; a line that is equal to the last
good one again is back on the track.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
from dlteach.reasoning.diagnose import Diagnosis, diagnose_line
from dlteach.reasoning.forms import form_fault, same_form
from dlteach.reasoning.judge import equal
from dlteach.reasoning.verdicts import Verdict


@dataclass(frozen=True)
class Line:
    """A line of a learner's derivation and what was found out about it.

    `verdict` is "start", "follows", "wrong", "invalid" or "undecided"; `number` counts the lines of the text from 1.
    """

    number: int
    text: str
    verdict: str
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
    before: Expr | None = None
    last = 0
    sound: tuple[int, Expr] | None = None  # the last line before a slip
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        try:
            sides, more = sides_of(line, functions)
        except NotationError as problem:
            yield Line(number, line, "invalid", problem=str(problem))
            continue
        conditions = (*conditions, *more)
        for expr in sides:
            shown = line if len(sides) == 1 else show(expr)
            if before is None:
                yield Line(number, shown, "start", expr)
            else:
                found = following(number, shown, before, expr, conditions, functions, seconds)
                if found.verdict == "wrong" and sound is not None:
                    again = equal(sound[1], expr, conditions, functions, seconds)
                    if again.outcome is Outcome.PROVED:
                        note = f"not from the line above, but equal to line {sound[0]}: back on the track"
                        found, sound = Line(number, shown, "follows", expr, again, note=note), None
                elif found.verdict == "wrong":
                    sound = (last, before)
                yield found
            before, last = expr, number


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
) -> Line:
    """The line `after` as it follows from `before`, or does not."""
    verdict = equal(before, after, conditions, functions, seconds)
    if verdict.outcome is Outcome.PROVED:
        return Line(number, text, "follows", after, verdict)
    if verdict.outcome is not Outcome.REFUTED:
        return Line(number, text, "undecided", after, verdict)
    return Line(number, text, "wrong", after, verdict, diagnose_line(before, after, functions, conditions))


# ---- the goal ------------------------------------------------------------------------------------


def goal_of(lines: Sequence[Line], functions: Functions, wanted: str = "", form: str = "") -> Goal:
    """Whether the last line is what was asked for: an expression in this very form, a form, or "worked out".

    Raises NotationError for a goal, and DlteachError for a form, that cannot be read.
    """
    good = all(line.verdict in ("start", "follows") for line in lines)
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

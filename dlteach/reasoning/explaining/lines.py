"""The lines of a learner's derivation and what was found out about them; plain values, made in `check`.

They pass from the process that reasons to the one that shows them, so nothing heavy is imported here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dlteach.course.functions import Functions
from dlteach.notation.reader import read, read_conditions, read_statement
from dlteach.notation.show import show
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import BINDERS, Call, Condition, Derivative, Expr, Moment, Relation, walk
from dlteach.reasoning.deciding.verdicts import Verdict
from dlteach.values import frozen


class Standing(StrEnum):
    """How a line stands to those before it."""

    START = "start"
    FOLLOWS = "follows"
    NARROWER = "narrower"  # equal, but without a value at places where the first line has one
    WRONG = "wrong"
    INVALID = "invalid"  # it cannot be read
    UNDECIDED = "undecided"


@frozen
class Diagnosis:
    """A broken rule that explains an answer: what it is, and the step where it goes wrong."""

    id: str
    says: str
    before: str = ""  # what was to be differentiated
    wrong: str = ""  # what the broken rule makes of it
    right: str = ""  # what the rule makes of it


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


Numbered = tuple[int, Expr]


@dataclass(frozen=True)
class Track:
    """Where a derivation stands: the line before, the first line, and what the next one has to keep to."""

    first: Numbered | None = None  # of the lines that are checked against each other
    before: Numbered | None = None
    sound: tuple[Numbered, Numbered] | None = None  # the line before a slip, and its first


@dataclass(frozen=True)
class Typed:
    """A line as it was typed, with the conditions that hold by then; no expression where it cannot be read."""

    number: int
    text: str
    expr: Expr | None
    conditions: tuple[Condition, ...] = ()
    problem: str = ""


def typed(text: str, functions: Functions, given: str = "") -> Iterator[Typed]:
    """The lines of a derivation; raises NotationError for `given`.

    A line is an expression, `= expression`, or a chain `a = b = c`; blank lines and those that begin with # are left
    out. Conditions may stand after `for` in the first line, and hold for all.
    """
    conditions: tuple[Condition, ...] = read_conditions(given, functions.names) if given.strip() else ()
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        try:
            sides, more = sides_of(line, functions)
        except NotationError as problem:
            yield Typed(number, line, None, problem=str(problem))
            continue
        conditions = (*conditions, *more)
        for expr in sides:
            yield Typed(number, line if len(sides) == 1 else show(expr), expr, conditions)


def unreadable(line: Typed) -> Line:
    """The verdict on a line that cannot be read."""
    return Line(line.number, line.text, Standing.INVALID, problem=line.problem)


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


def unfinished(expr: Expr) -> Expr | None:
    """The first part of a line that is still to be worked out: a derivative, a limit, an integral, …"""
    for node in walk(expr):
        if isinstance(node, (*BINDERS, Moment, Derivative)) or (isinstance(node, Call) and node.primes > 0):
            return node
    return None

"""The lines of a derivation as they are practised: made by `derive`, or written by an author."""

from __future__ import annotations

from dlteach.course.entries import Lesson, WorkedDerivation
from dlteach.course.files import text_in
from dlteach.course.functions import Functions
from dlteach.course.lessons import Course
from dlteach.errors import DlteachError
from dlteach.notation.reader import read, read_conditions
from dlteach.notation.tree import Condition, Expr
from dlteach.reasoning.explaining.lines import Diagnosis, Line
from dlteach.reasoning.worker.asked import asked
from dlteach.values import frozen


@frozen
class Move:
    """A line, and what leads to it: the names of the rules, what they say, and what they are applied to."""

    expr: Expr
    rules: str
    says: str
    of: str = ""
    ways: tuple[tuple[Expr, str], ...] = ()  # lines between, each with the rule that leads to it


@frozen
class Plan:
    """A derivation to be practised: where it starts, and its lines; `variable` is empty for an author's lines."""

    name: str  # LESSON/ID or the expression: identity in the record
    title: str
    start: Expr
    moves: tuple[Move, ...]
    conditions: tuple[Condition, ...] = ()
    variable: str = ""


@frozen
class Place:
    """Where a learner stands in a derivation: the line, the lines that are left, and whether it is at its end."""

    here: Expr
    left: tuple[Move, ...]
    finished: bool = False


@frozen
class Looked:
    """What was found out about a learner's line: it does not follow (`line` says why), or it leads to `place`.

    Neither where it says what the line before said.
    """

    line: Line | None = None
    mistakes: tuple[Diagnosis, ...] = ()
    place: Place | None = None
    rules: str = ""


def plan_for(text: str, course: Course, language: str = "en") -> Plan:
    """The plan for a lesson's first derivation, LESSON/ID, a function's name or an expression; raises DlteachError."""
    lesson, slash, identity = text.partition("/")
    if lesson in course.folders:
        entry = course.lesson(lesson)
        chosen = entry.derivation(identity) if slash else next(iter(entry.chains), None)
        if chosen is not None:
            return plan_of(chosen, entry, course, language)
    plan: Plan = asked("study.moves:of_expression", text, course.functions)
    return plan


def rest_of(line: Expr, functions: Functions) -> tuple[Move, ...]:
    """The lines that are left from one with derivatives in it; none where there is no derivative, or no rule."""
    moves: tuple[Move, ...] = asked("study.moves:rest_of", line, functions)
    return moves


def plan_of(derivation: WorkedDerivation, lesson: Lesson, course: Course, language: str = "en") -> Plan:
    """The plan of a lesson's derivation; raises DlteachError where it is no chain of lines."""
    functions, name = course.functions.inside(lesson.name), f"{lesson.name}/{derivation.id}"
    if derivation not in lesson.chains:
        raise DlteachError(f"{name} is a lecture, not a chain of lines: read it with `dlteach derive {name}`")
    if derivation.of:
        plan: Plan = asked("study.moves:of_lesson", name, derivation.of, functions)
        return plan
    lines = [(read(line.is_, functions.names), text_in(line.because, language)) for line in derivation.lines]
    moves = tuple(Move(expr, "", because) for expr, because in lines[1:])
    conditions = read_conditions(derivation.given, functions.names) if derivation.given else ()
    title = text_in(derivation.title, language) or name
    return Plan(name, title, lines[0][0], moves, conditions)

"""The lines of a derivation as they are practised: made by `derive`, or written by an author."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dlteach.course.files import text_in
from dlteach.course.functions import Functions
from dlteach.course.lessons import Course, Lesson, WorkedDerivation
from dlteach.errors import DlteachError
from dlteach.notation.reader import read, read_conditions
from dlteach.notation.show import show
from dlteach.notation.tree import Condition, Derivative, Expr, symbols, walk
from dlteach.reasoning.algebra.forms import same_form
from dlteach.reasoning.deriving.derive import (
    CannotDerive,
    Derivation,
    Step,
    derive,
    finishing,
    grouped,
    rule_names,
    subject,
)
from dlteach.reasoning.explaining.diagnose import spelled_out
from dlteach.values import frozen, replace


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

    def after(self, line: Expr, functions: Functions) -> Plan:
        """The plan that goes on from a learner's own line; an author's lines stay what they are."""
        if not self.variable:
            return self
        return replace(self, start=line, moves=rest_of(line, functions))


def plan_for(text: str, course: Course, language: str = "en") -> Plan:
    """The plan for a lesson's first derivation, LESSON/ID, a function's name or an expression; raises DlteachError."""
    lesson, slash, identity = text.partition("/")
    if lesson in course.folders:
        entry = course.lesson(lesson)
        chosen = entry.derivation(identity) if slash else next(iter(entry.chains), None)
        if chosen is not None:
            return plan_of(chosen, entry, course, language)
    expr, variable = subject(text, course.functions)
    if not symbols(expr):
        raise DlteachError(f"there is nothing to derive in `{text}`: choose an expression with a variable")
    return _of_derivation(show(expr), derive(expr, variable, course.functions))


def rest_of(line: Expr, functions: Functions) -> tuple[Move, ...]:
    """The lines that are left from one with derivatives in it; none where there is no derivative, or no rule."""
    start = spelled_out(line, functions)
    variable = next((node.variable.name for node in walk(start) if isinstance(node, Derivative)), "")
    try:
        steps = finishing(start, variable, functions) if variable else ()
    except CannotDerive:
        return ()
    return _moves(start, ((taken[-1].line, taken) for taken in grouped(steps)))


def plan_of(derivation: WorkedDerivation, lesson: Lesson, course: Course, language: str = "en") -> Plan:
    """The plan of a lesson's derivation; raises DlteachError where it is no chain of lines."""
    functions, name = course.functions, f"{lesson.name}/{derivation.id}"
    if derivation not in lesson.chains:
        raise DlteachError(f"{name} is a lecture, not a chain of lines: read it with `dlteach derive {name}`")
    if derivation.of:
        expr, variable = subject(derivation.of, functions)
        return _of_derivation(name, derive(expr, variable, functions))
    lines = [(read(line.is_, functions.names), text_in(line.because, language)) for line in derivation.lines]
    moves = tuple(Move(expr, "", because) for expr, because in lines[1:])
    conditions = read_conditions(derivation.given, functions.names) if derivation.given else ()
    title = text_in(derivation.title, language) or name
    return Plan(name, title, lines[0][0], moves, conditions)


def _of_derivation(name: str, made: Derivation) -> Plan:
    title = f"the derivative of {show(made.expression)}"
    return Plan(name, title, made.whole, _moves(made.whole, made.lines()), (), made.variable)


def _moves(start: Expr, lines: Iterable[tuple[Expr, Sequence[Step]]]) -> tuple[Move, ...]:
    """The lines as they are practised; one that only tidies the line before takes its place."""
    found: list[Move] = []
    before = start
    for line, steps in lines:
        if not same_form(line, before):
            first = steps[0]
            of = show(first.before) if first.before != before else ""
            ways = tuple((step.line, step.rule.name) for step in steps[:-1])
            found.append(Move(line, rule_names(steps), first.rule.says, of, ways))
        elif found:
            found[-1] = replace(found[-1], expr=line)
        before = line
    return tuple(found)

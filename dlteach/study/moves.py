"""The lines of a derivation as `derive` makes them, and a learner's own line among them; it reasons in this process.

`plans` and `practice` ask it of the reasoner.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dlteach.course.functions import Functions
from dlteach.errors import DlteachError
from dlteach.notation.show import show
from dlteach.notation.tree import Derivative, Expr, symbols, walk
from dlteach.reasoning.algebra.forms import same_form
from dlteach.reasoning.deriving.derive import derive, finishing, subject
from dlteach.reasoning.deriving.steps import CannotDerive, Derivation, Step, drawable, grouped, rule_names
from dlteach.reasoning.explaining.check import following
from dlteach.reasoning.explaining.diagnose import diagnose, spelled_out
from dlteach.reasoning.explaining.lines import Diagnosis, Standing, unfinished
from dlteach.study.plans import Looked, Move, Place, Plan
from dlteach.values import replace

SECONDS = 1.3  # for the proof of a learner's line


def of_expression(text: str, functions: Functions) -> Plan:
    """The plan for a function's name or an expression; raises DlteachError."""
    expr, variable = subject(text, functions)
    if not symbols(expr):
        raise DlteachError(f"there is nothing to derive in `{text}`: choose an expression with a variable")
    return _of_derivation(show(expr), derive(expr, variable, functions))


def of_lesson(name: str, of: str, functions: Functions) -> Plan:
    """The plan of a lesson's derivation that the rules make."""
    expr, variable = subject(of, functions)
    return _of_derivation(name, derive(expr, variable, functions))


def _of_derivation(name: str, made: Derivation) -> Plan:
    drawable(made, "practise a shorter expression")
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


def rest_of(line: Expr, functions: Functions) -> tuple[Move, ...]:
    """The lines that are left from one with derivatives in it; none where there is no derivative, or no rule."""
    start = spelled_out(line, functions)
    variable = next((node.variable.name for node in walk(start) if isinstance(node, Derivative)), "")
    try:
        steps = finishing(start, variable, functions) if variable else ()
    except CannotDerive:
        return ()
    return _moves(start, ((taken[-1].line, taken) for taken in grouped(steps)))


def gone(place: Place, whole: Plan, sides: Sequence[Expr], functions: Functions) -> tuple[Place, str]:
    """Where one stands after going on to some lines, and the rules that lead to the last, where they can be told."""
    rules, here, left = "", place.here, place.left
    for side in sides:
        reached = max((i for i, move in enumerate(left) if same_form(move.expr, side)), default=-1)
        rules = ", ".join(dict.fromkeys(move.rules for move in left[: reached + 1] if move.rules))
        if reached < 0:
            ways = left[0].ways if left else ()
            rules = next((rule for line, rule in ways if same_form(line, side)), "")
        here, left = side, left[reached + 1 :]
        if reached < 0 and whole.variable:  # an author's lines stay what they are
            left = rest_of(side, functions)
    return Place(here, left, _finished(here, whole)), rules


def _finished(here: Expr, whole: Plan) -> bool:
    """Nothing is left to be worked out; an author's derivation ends in its last line."""
    return unfinished(here) is None if whole.variable else same_form(here, whole.moves[-1].expr)


def looked_at(place: Place, whole: Plan, side: Expr, functions: Functions) -> Looked:
    """A learner's line: whether it follows, and where one stands then; a line of the book needs no proof of its own."""
    if not any(same_form(side, move.expr) for move in place.left):
        line = following(0, show(side), place.here, side, whole.conditions, functions, SECONDS, whole.start)
        if line.verdict is Standing.WRONG:
            mistakes = line.mistakes or _since_the_start(place, whole, side, functions)
            return Looked(line, mistakes)
        if line.verdict is not Standing.FOLLOWS:
            return Looked(line)
    if same_form(side, place.here):
        return Looked()
    return Looked(None, (), *gone(place, whole, [side], functions))


def _since_the_start(place: Place, whole: Plan, side: Expr, functions: Functions) -> tuple[Diagnosis, ...]:
    """The slips that lead from the first line to this one, as if the lines between had not been read."""
    if place.here == whole.start or not whole.variable:
        return ()
    return diagnose(whole.start, side, functions)

"""Answers that are right, as a learner would type them: to be revealed, and to try the grader on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dlteach.course.files import text_in
from dlteach.course.functions import Functions
from dlteach.course.questions import Kind, Question
from dlteach.errors import TooLong
from dlteach.notation.reader import read
from dlteach.notation.show import show
from dlteach.reasoning.worker.asked import asked
from dlteach.study.grades import Grade
from dlteach.study.grading import formulas_in, grade
from dlteach.values import replace


def revealed(question: Question, functions: Functions) -> tuple[str, str]:
    """An answer and ` = ` its decimals, where it is a number written as a formula; asked of the reasoner.

    What takes too long to be worked out stands as its author wrote it.
    """
    try:
        found: tuple[str, str] = asked("study.answers:worked_out", question, functions)
    except TooLong:
        return question.answer or question.start, ""
    return found


def worked_out(question: Question, functions: Functions) -> tuple[str, str]:
    """What `revealed` asks for."""
    right = right_answer(question, functions)
    return right, _decimals(right, functions) if question.kind is Kind.NUMBER else ""


def right_answer(question: Question, functions: Functions) -> str:
    """An answer that is right, as a learner would type it; it reasons in this process."""
    return RIGHT[question.kind](question, functions)


def model_answer(question: Question, functions: Functions) -> str:
    """The answer as it is shown: with its derivatives worked out."""
    from dlteach.reasoning.algebra.simplify import simplified
    from dlteach.reasoning.deriving.derive import opened

    expr = read(question.answer, functions.names)
    worked = opened(expr, functions)
    return question.answer if worked == expr else show(simplified(worked))


def echoed(question: Question, functions: Functions) -> str:
    """A formula of the question's own text that would be taken as its answer though it looks different; or empty."""
    from dlteach.reasoning.algebra.forms import same_form

    wanted = read(model_answer(question, functions), functions.names)
    for formula in formulas_in(text_in(question.ask), functions):
        if not same_form(formula, wanted) and grade(question, show(formula), functions).grade is Grade.RIGHT:
            return show(formula)
    return ""


def _decimals(number: str, functions: Functions) -> str:
    """` = -0.158655`, six digits of a number that is written as a formula; empty where it is written in digits."""
    from dlteach.reasoning.deciding.judge import value_of

    value = value_of(read(number, functions.names), {}, functions, 6)
    return "" if number == value else f" = {value}"


def _right_option(question: Question, functions: Functions) -> str:
    return str(1 + next(i for i, choice in enumerate(question.choices) if choice.right))


def _right_order(question: Question, functions: Functions) -> str:
    """An order in which each step comes after those that it needs."""
    order: list[int] = []
    while len(order) < len(question.steps):
        fitting = (
            number
            for number, step in enumerate(question.steps, start=1)
            if number not in order and all(need in order for need in step.needs)
        )
        order.append(next(fitting))
    return " ".join(map(str, order))


def _right_verdict(question: Question, functions: Functions) -> str:
    return question.answer


def _last_line(question: Question, functions: Functions) -> str:
    return question.answer or model_answer(replace(question, answer=question.start), functions)


RIGHT: Mapping[Kind, Callable[[Question, Functions], str]] = {
    Kind.CHOICE: _right_option,
    Kind.NUMBER: model_answer,
    Kind.EXPRESSION: model_answer,
    Kind.TRUTH: _right_verdict,
    Kind.ORDER: _right_order,
    Kind.DERIVATION: _last_line,
}

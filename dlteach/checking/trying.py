"""A question or a row of the table on trial, by the grader and rules that learners meet; it reasons in this process.

`lint` asks it of the reasoner, a question or a row at a time.
"""

from __future__ import annotations

from collections.abc import Iterator

from dlteach.course.functions import Functions
from dlteach.course.questions import Kind, Question
from dlteach.errors import DlteachError
from dlteach.notation.reader import read_statement
from dlteach.reasoning.deciding.judge import judge
from dlteach.reasoning.deriving.cross_checks import checks
from dlteach.reasoning.deriving.derive import derive, lemma_holds
from dlteach.reasoning.deriving.steps import CannotDerive
from dlteach.study.answers import echoed, right_answer
from dlteach.study.grades import Grade
from dlteach.study.grading import grade

SECONDS = 2.5  # for a statement that is to be true


def row_faults(name: str, functions: Functions) -> list[str]:
    """What is in doubt about the derivative of a named function and its lemma."""
    row = functions[name]
    try:
        made = derive(row.applied(), row.definition.parameters[0], functions)
        failed = [check.says for check in checks(made, functions) if not check.holds]
    except (CannotDerive, RecursionError) as problem:
        return [f"{name} cannot be differentiated ({problem}): correct its definition"]
    found = [f"the derivative of {name} is in doubt ({failed[0]}): correct its definition"] if failed else []
    if row.lemma is not None and not lemma_holds(name, functions):
        found.append(f"the lemma `derivative` of {name} is not proved: correct it or leave it out")
    return found


def question_faults(question: Question, functions: Functions) -> list[str]:
    """The model answer is right, every mistake is wrong and named, and the question is not its own answer."""
    try:
        return list(_faults(question, functions))
    except DlteachError as problem:
        return [f"{str(problem).splitlines()[0]}: correct the question"]


def _faults(question: Question, functions: Functions) -> Iterator[str]:
    right = right_answer(question, functions)
    own = grade(question, right, functions)
    if own.grade is not Grade.RIGHT:
        reason = own.says.partition("\n")[0]
        yield f"the model answer `{right}` is graded {own.grade} ({reason}): correct it"
        return
    for mistake in question.mistakes:
        result = grade(question, mistake.answer, functions)
        if result.grade is not Grade.WRONG:
            yield f"the mistake `{mistake.answer}` is graded {result.grade}: correct it or leave it out"
        elif result.mistake != mistake.answer:
            yield f"the mistake `{mistake.answer}` is taken for another one: leave one of them out"
    if question.kind is Kind.TRUTH:
        verdict = judge(read_statement(question.states, functions.names), functions, SECONDS)
        if question.answer == "true" and not verdict.holds:
            yield f"the statement is {verdict.outcome}, not proved: correct it or its answer"
    if question.kind is Kind.EXPRESSION and (echo := echoed(question, functions)):
        yield f"its own formula `{echo}` is taken as the answer: add a `form`"

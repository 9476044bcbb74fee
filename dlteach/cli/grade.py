"""`dlteach grade LESSON/QUESTION ANSWER`: grade one answer, for scripts."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from dlteach.cli.desk import EXPRESSIONS, Desk, File, Json, Plain, batch, emit, texts
from dlteach.cli.exits import ExitCode
from dlteach.course.dialogue import Feedback, Mark
from dlteach.course.lessons import Course
from dlteach.course.variants import named_variant, variant_name
from dlteach.errors import DlteachError
from dlteach.screen.dialogue import shown
from dlteach.study.grades import Grade
from dlteach.study.grading import graded

app = typer.Typer(add_completion=False)

CODES = {
    Grade.RIGHT: ExitCode.YES,
    Grade.WRONG: ExitCode.NO,
    Grade.FORM: ExitCode.NO,
    Grade.INVALID: ExitCode.INVALID,
    Grade.UNDECIDED: ExitCode.UNDECIDED,
}
MARKS = {Grade.RIGHT: Mark.RIGHT, Grade.WRONG: Mark.WRONG, Grade.FORM: Mark.PARTLY}


@app.command(context_settings=EXPRESSIONS)
def grade(
    ctx: typer.Context,
    question: Annotated[str, typer.Argument(help="LESSON/QUESTION, or LESSON/QUESTION[a = 0.1].")] = "",
    answer: Annotated[str, typer.Argument(help="The answer as a learner would type it.")] = "",
    file: File = "",
    plain: Plain = False,
    json: Json = False,
) -> int:
    """Grade one answer; exit code 0 right, 1 wrong or in the wrong form, 2 unreadable, 3 undecided."""
    desk = Desk(ctx, plain)
    if file:
        shape = '["LESSON/QUESTION", "ANSWER"]'
        return batch(file, lambda request: _graded(*texts(request, 2, 2, shape)[:2], course=desk.course))
    if not question:
        raise DlteachError('a question and an answer are needed: dlteach grade gelu/derivative "Phi(x) + x*phi(x)"')
    document = _graded(question, answer, course=desk.course)
    result = Grade(document["verdict"])
    if json:
        emit(document)
        return CODES[result]
    if result in MARKS:
        desk.terminal.print(*shown(Feedback(MARKS[result], document["says"]), desk.terminal))
    else:
        desk.terminal.print(Text(f"? {result}", "verdict.open"), Text(document["says"]))
    return CODES[result]


def _graded(name: str, answer: str, *, course: Course) -> dict[str, Any]:
    lesson, slash, rest = name.partition("/")
    identity, _, chosen = rest.partition("[")
    if not slash:
        raise DlteachError(f"`{name}` names no question: write LESSON/QUESTION")
    functions = course.functions.inside(lesson)
    question = named_variant(course.lesson(lesson).question(identity), chosen.rstrip("]"), functions.names)
    result = graded(question, answer, functions)
    document: dict[str, Any] = {
        "verdict": result.grade.value,
        "says": result.says,
        "mistake": result.mistake,
        "counterexample": dict(result.counterexample),
        "values": list(result.values),
    }
    if question.variant:
        document["variant"] = variant_name(question)
    if result.grade is Grade.INVALID:
        document["error"] = result.says.split("\n")[0]
    return document

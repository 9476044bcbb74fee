"""`dlteach quiz [LESSON …]`: test yourself."""

from __future__ import annotations

import random
from typing import Annotated

import typer

from dlteach.cli import ExitCode
from dlteach.cli.desk import Desk, Plain
from dlteach.cli.names import complete_lesson
from dlteach.course.questions import Question
from dlteach.errors import DlteachError
from dlteach.screen.dialogue import run
from dlteach.study.quiz import Tally, chosen
from dlteach.study.quiz import quiz as ask

app = typer.Typer(add_completion=False)


@app.command()
def quiz(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Lessons, or LESSON/QUESTION; all when left out.", autocompletion=complete_lesson),
    ] = None,
    count: Annotated[
        int | None, typer.Option("--count", min=1, help="At most so many questions, drawn at random.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="The same draw and order again.")] = None,
    plain: Plain = False,
) -> int:
    """Answer questions; `?` gives a hint, `!` the answer, `:skip` the next one, `:quit` ends."""
    desk = Desk(ctx, plain)
    questions = [q for name in names or desk.course.folders for q in _questions(name, desk)]
    if not questions:
        raise DlteachError("there are no questions here: `dlteach lessons` lists the lessons")
    tally = Tally()
    drawn = chosen(questions, count or len(questions), random.randrange(10**6) if seed is None else seed)
    run(ask(drawn, desk.course.functions, tally), desk.terminal)
    return ExitCode.YES


def _questions(name: str, desk: Desk) -> list[Question]:
    lesson, slash, identity = name.partition("/")
    found = desk.course.lesson(lesson)
    return [found.question(identity)] if slash and identity else list(found.questions)

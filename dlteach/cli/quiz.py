"""`dlteach quiz [LESSON …]`: test yourself."""

from __future__ import annotations

import random
from typing import Annotated

import typer

from dlteach.cli.desk import Desk, NoRecord, Plain, Seed
from dlteach.cli.exits import ExitCode
from dlteach.cli.names import complete_lesson
from dlteach.screen.dialogue import run
from dlteach.study.quiz import chosen
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
    seed: Seed = None,
    no_record: NoRecord = False,
    plain: Plain = False,
) -> int:
    """Answer questions; `?` gives a hint, `!` the answer, `:skip` the next one, `:pad` a scratch pad, `:quit` ends."""
    desk = Desk(ctx, plain)
    questions = desk.questions(names or [])
    session = desk.session("quiz", no_record)
    dice = random.randrange(10**6) if seed is None else seed
    run(ask(chosen(questions, count or len(questions), dice), session, dice), desk.terminal)
    return ExitCode.YES

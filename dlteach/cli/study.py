"""`dlteach study [LESSON]`: a lesson part by part."""

from __future__ import annotations

from typing import Annotated

import typer

from dlteach.cli.desk import Desk, NoRecord, Plain, Seed
from dlteach.cli.exits import ExitCode
from dlteach.cli.names import complete_lesson
from dlteach.errors import DlteachError
from dlteach.screen.dialogue import run
from dlteach.study.guided import study as guided
from dlteach.study.whereabouts import next_lesson

app = typer.Typer(add_completion=False)


@app.command()
def study(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            help="The lesson; where you left, or the next one, when left out.", autocompletion=complete_lesson
        ),
    ] = "",
    seed: Seed = None,
    no_record: NoRecord = False,
    plain: Plain = False,
) -> int:
    """Go through a lesson: sections, predictions, questions and derivations; goes on where you left."""
    desk = Desk(ctx, plain)
    lesson = desk.course.lesson(name) if name else None
    record = desk.record(no_record)
    lesson = lesson or next_lesson(desk.course, record)
    if lesson is None:
        raise DlteachError(
            "you have studied every lesson: `dlteach review` keeps them, `dlteach study NAME` repeats one"
        )
    session = desk.session_with(record, "study")
    run(guided(lesson, desk.course, session, record.today.toordinal() if seed is None else seed), desk.terminal)
    return ExitCode.YES

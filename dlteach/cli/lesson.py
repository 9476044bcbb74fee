"""`dlteach lesson NAME`: read a lesson."""

from __future__ import annotations

from typing import Annotated

import typer

from dlteach.cli.desk import Desk, Plain
from dlteach.cli.exits import ExitCode
from dlteach.cli.names import complete_lesson
from dlteach.screen.lesson import lesson_page
from dlteach.screen.pager import page

app = typer.Typer(add_completion=False)


@app.command()
def lesson(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(help="The lesson's name, as `dlteach lessons` lists it.", autocompletion=complete_lesson)
    ],
    plain: Plain = False,
) -> int:
    """Read a lesson: typeset maths, plots, claims with their verdicts."""
    desk = Desk(ctx, plain)
    lesson = desk.course.lesson(name)
    page(lesson_page(lesson, desk.course, desk.terminal), desk.terminal)
    return ExitCode.YES

"""`dlteach practice NAME`: a derivation whose lines fade until you write it alone."""

from __future__ import annotations

from typing import Annotated

import typer

from dlteach.cli.desk import EXPRESSIONS, Desk, NoRecord, Plain
from dlteach.cli.exits import ExitCode
from dlteach.cli.names import complete_lesson
from dlteach.screen.dialogue import run
from dlteach.study.plans import plan_for
from dlteach.study.practice import practice as rounds

app = typer.Typer(add_completion=False)


@app.command(context_settings=EXPRESSIONS)
def practice(
    ctx: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            help="A lesson, LESSON/DERIVATION, a function or an expression.", autocompletion=complete_lesson
        ),
    ],
    no_record: NoRecord = False,
    plain: Plain = False,
) -> int:
    """Write a derivation line by line; `?` gives a hint, `:next` the next step, `:pad` a scratch pad, `:quit` ends."""
    desk = Desk(ctx, plain)
    plan = plan_for(what, desk.course)
    run(rounds(plan, desk.session("practice", no_record)), desk.terminal)
    return ExitCode.YES

"""`dlteach import FILE`: join another machine's record to this one's."""

from __future__ import annotations

from typing import Annotated

import typer

from dlteach.cli.desk import Desk, counting
from dlteach.cli.exits import ExitCode
from dlteach.cli.inputs import opened
from dlteach.study.exchange import read

app = typer.Typer(add_completion=False)


@app.command()
def import_(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FILE", help="An export, or - for standard input.")],
) -> int:
    """Take in the answers of an export; those that are here already stay as they are."""
    with opened(source) as stream:
        entries = read(stream, source)
    with counting("cards") as step:
        fresh = Desk(ctx).record().merge(entries, step)
    typer.echo(f"{fresh} of {len(entries)} entries are new")
    return ExitCode.YES

"""`dlteach import FILE`: join another machine's record to this one's."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dlteach.cli import ExitCode
from dlteach.cli.desk import Desk, counting
from dlteach.errors import DlteachError
from dlteach.study.exchange import read

app = typer.Typer(add_completion=False)


@app.command()
def import_(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FILE", help="An export, or - for standard input.")],
) -> int:
    """Take in the answers of an export; those that are here already stay as they are."""
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "not UTF-8"
        raise DlteachError(f"{source} cannot be read ({reason}): check the name of the file") from None
    entries = read(text.split("\n"), source)
    with counting("cards") as step:
        fresh = Desk(ctx).record().merge(entries, step)
    typer.echo(f"{fresh} of {len(entries)} entries are new")
    return ExitCode.YES

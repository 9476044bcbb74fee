"""`dlteach export progress FILE`: the record as JSON lines."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from dlteach.cli.desk import Desk
from dlteach.cli.exits import ExitCode
from dlteach.errors import DlteachError
from dlteach.study.exchange import written

app = typer.Typer(add_completion=False)

KINDS = ("progress",)


@app.command()
def export(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(help="What: progress.", autocompletion=lambda: list(KINDS))],
    target: Annotated[str, typer.Argument(metavar="FILE", help="Where to, or - for standard output.")],
) -> int:
    """Write what you have answered to a file, one answer a line, for `dlteach import` on another machine."""
    if kind not in KINDS:
        raise DlteachError(f"`{kind}` cannot be exported: there is {', '.join(KINDS)}")
    lines = written(Desk(ctx).record_to_read().entries())
    if target == "-":
        for line in lines:
            sys.stdout.write(line + "\n")
        return ExitCode.YES
    path = Path(target)
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    count = 0
    try:
        with draft.open("w", encoding="utf-8") as out:
            for line in lines:
                out.write(line + "\n")
                count += 1
        draft.replace(path)
    except OSError as problem:
        draft.unlink(missing_ok=True)
        raise DlteachError(f"{target} cannot be written ({problem.strerror}): choose another file") from None
    typer.echo(f"{count} entries are in {target}")
    return ExitCode.YES

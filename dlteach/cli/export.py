"""`dlteach export progress FILE`: the record as JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from dlteach.cli.desk import Desk
from dlteach.cli.exits import ExitCode
from dlteach.errors import DlteachError
from dlteach.study.exchange import written
from dlteach.system.outputs import replace_text
from dlteach.visible import on_one_line

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
    entries = Desk(ctx).record_to_read().entries()
    count = 0

    def lines() -> Iterator[str]:
        nonlocal count
        for line in written(entries):
            count += 1
            yield line + "\n"

    if target == "-":
        sys.stdout.writelines(lines())
        return ExitCode.YES
    try:
        replace_text(Path(target), lines(), private=not Path(target).exists())
    except OSError as problem:
        raise DlteachError(f"{target} cannot be written ({problem.strerror}): choose another file") from None
    sys.stdout.write(f"{count} entries are in {on_one_line(target)}\n")
    return ExitCode.YES

"""`dlteach lint [DIR]`: for authors, all faults of a pack at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from dlteach.checking.lint import faults
from dlteach.cli.desk import Desk, Json, Plain, emit
from dlteach.cli.exits import ExitCode
from dlteach.course.lessons import Course
from dlteach.errors import DlteachError

app = typer.Typer(add_completion=False)


@app.command()
def lint(
    ctx: typer.Context,
    folder: Annotated[str, typer.Argument(help="A pack's folder; the course itself when left out.")] = "",
    proofs: Annotated[bool, typer.Option("--proofs/--no-proofs", help="Prove the claims as well.")] = True,
    plain: Plain = False,
    json: Json = False,
) -> int:
    """Check every file, formula, claim, question and link of a pack; exit code 1 if there is a fault."""
    desk = Desk(ctx, plain)
    if folder and not (Path(folder) / "functions.toml").is_file():
        raise DlteachError(f"{folder} is no pack: a pack has a functions.toml")
    course = Course(Path(folder).resolve()) if folder else desk.course
    found = []
    for fault in faults(course, proofs):
        found.append(fault)
        if not json:
            sys.stdout.write(fault + "\n")
    if json:
        emit({"faults": found})
    elif not found:
        desk.terminal.print(
            Text() + Text("✓ no faults", "verdict.holds") + Text(f"  {len(course.folders)} lessons", "quiet")
        )
    return ExitCode.NO if found else ExitCode.YES

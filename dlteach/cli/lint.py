"""`dlteach lint [DIR]`: for authors, all faults of a pack at once."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.text import Text

from dlteach.checking.lint import faults
from dlteach.cli.desk import Desk, Json, Plain, emit
from dlteach.cli.exits import ExitCode
from dlteach.course.files import ContentError, read_toml
from dlteach.course.lessons import Course, open_course
from dlteach.errors import DlteachError

app = typer.Typer(add_completion=False)


def _course(folder: str) -> Course:
    """A pack beside the course; or by itself, if it has all that the course has: then it is a copy of that."""
    course = open_course(folder)
    if len(course.packs) == 1:
        return course
    own, pack = course.packs
    if not pack.folders and not (pack.root / "functions.toml").is_file():
        raise DlteachError(f"{folder} is no pack: a pack has chapters with lessons, or a functions.toml")
    try:
        whole = set(own.functions.rows) <= set(read_toml(pack.root / "functions.toml", pack.root).data)
    except ContentError:
        whole = set(own.folders) <= set(pack.folders)
    return Course(pack.root) if whole else course


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
    course = _course(folder) if folder else open_course(desk.content)
    found = []
    for fault in faults(course, proofs):
        found.append(fault)
        if not json:
            sys.stdout.write(fault + "\n")
    if json:
        emit({"faults": found})
    elif not found:
        count = sum(len(pack.folders) for pack in course.packs[1:] or course.packs)
        desk.terminal.print(Text() + Text("✓ no faults", "verdict.holds") + Text(f"  {count} lessons", "quiet"))
    return ExitCode.NO if found else ExitCode.YES

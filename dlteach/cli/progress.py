"""`dlteach progress`: what you know and what fades."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from dlteach.cli.desk import Desk, Json, Plain, counting, emit
from dlteach.cli.exits import ExitCode
from dlteach.screen.markdown import columns
from dlteach.study.progress import LessonProgress, Progress
from dlteach.study.progress import progress as made
from dlteach.values import fields

app = typer.Typer(add_completion=False)

HEADS = ("lesson", "read", "derived", "known", "fading", "new", "due", "this week")


@app.command()
def progress(
    ctx: typer.Context,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the schedule again from the log.")] = False,
    plain: Plain = False,
    json: Json = False,
) -> int:
    """Per lesson: read, derived, known, fading, due; and the rules that you keep breaking."""
    desk = Desk(ctx, plain)
    if rebuild:
        record = desk.record()
        with counting("cards") as step:
            cards = record.rebuild(step)
        if json:
            emit({"rebuilt": cards})
        else:
            desk.terminal.print(Text(f"The schedule of {cards} {'card' if cards == 1 else 'cards'} is made again."))
        return ExitCode.YES
    found = made(desk.course, desk.record_to_read())
    if json:
        emit(_document(found))
        return ExitCode.YES
    rows = [_row(lesson) for lesson in found.lessons]
    desk.terminal.print(columns(HEADS, rows, desk.terminal, ["left", *["right"] * 7]), Text(""))
    desk.terminal.print(Text(f"Due today: {found.due}. Within a week: {found.week}. Reviews so far: {found.reviews}."))
    if found.strange:
        desk.terminal.print(
            Text(f"{found.strange} questions of the record are not in this version; they are kept.", "quiet")
        )
    if found.slips:
        desk.terminal.print(Text(""), Text("Rules that keep being broken", "section"))
    for slip in found.slips:
        desk.terminal.print(Text(f"{slip.times:>4} × ", "label") + Text(slip.says) + Text(f"  {slip.last}", "quiet"))
    return ExitCode.YES


def _row(lesson: LessonProgress) -> list[str]:
    new = lesson.questions - lesson.known - lesson.fading
    return [
        lesson.name, f"{lesson.read}/{lesson.parts}", f"{lesson.derived}/{lesson.derivations}",
        f"{lesson.known}/{lesson.questions}", f"{lesson.fading}", f"{new}", f"{lesson.due}", f"{lesson.week}",
    ]  # fmt: skip


def _document(found: Progress) -> dict[str, Any]:
    return {
        "lessons": [fields(lesson) for lesson in found.lessons],
        "rules": [fields(slip) for slip in found.slips],
        "due": found.due,
        "week": found.week,
        "reviews": found.reviews,
        "unknown": found.strange,
    }

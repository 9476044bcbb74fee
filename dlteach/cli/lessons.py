"""`dlteach lessons`: the map of the course."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from dlteach.cli.desk import Desk, Json, Plain, emit
from dlteach.cli.exits import ExitCode
from dlteach.course.files import text_in
from dlteach.errors import DlteachError, did_you_mean
from dlteach.screen.markdown import columns
from dlteach.study.whereabouts import statuses

app = typer.Typer(add_completion=False)


@app.command()
def lessons(
    ctx: typer.Context,
    chapter: Annotated[str, typer.Option("--chapter", help="Only this chapter.")] = "",
    plain: Plain = False,
    json: Json = False,
) -> int:
    """List the lessons by chapter, with where you are."""
    desk = Desk(ctx, plain)
    status = statuses(desk.course, desk.record_to_read())
    chapters = {folder.parent.name for folder in desk.course.folders.values()}
    if chapter and chapter not in chapters:
        hint = did_you_mean(chapter, chapters, f"there are {', '.join(sorted(chapters))}")
        raise DlteachError(f"there is no chapter `{chapter}`: {hint}")
    found = [lesson for lesson in desk.course.lessons() if not chapter or lesson.chapter == chapter]
    if json:
        rows = [
            {
                "name": lesson.name,
                "chapter": lesson.chapter,
                "title": text_in(lesson.title),
                "summary": text_in(lesson.summary),
                "after": list(lesson.after),
                "minutes": lesson.minutes,
                "status": status[lesson.name],
            }
            for lesson in found
        ]
        emit({"lessons": rows})
        return ExitCode.YES
    for name in dict.fromkeys(lesson.chapter for lesson in found):
        desk.terminal.print(Text(name.replace("-", " ").capitalize(), "section"))
        rows_: list[list[Text | str]] = [
            [Text(lesson.name, "label"), text_in(lesson.summary), f"{lesson.minutes} min", status[lesson.name]]
            for lesson in found
            if lesson.chapter == name
        ]
        desk.terminal.print(
            columns(["lesson", "about", "time", ""], rows_, desk.terminal, ["left", "left", "right"]), Text("")
        )
    desk.terminal.print(Text() + Text("Read one with ", "quiet") + Text("dlteach lesson NAME", "code"))
    return ExitCode.YES

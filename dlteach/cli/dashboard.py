"""Bare `dlteach`: where you are, and what comes next."""

from __future__ import annotations

from contextlib import closing
from shlex import quote

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dlteach.cli.desk import Desk
from dlteach.cli.exits import ExitCode
from dlteach.course.files import text_in
from dlteach.screen.markdown import columns
from dlteach.study.whereabouts import Whereabouts, whereabouts


def show(ctx: typer.Context) -> int:
    """What is due, what was left, the lessons in reading order, and the commands to begin with."""
    desk = Desk(ctx)
    with closing(desk.record_to_read()) as record:
        here = whereabouts(desk.course, record)
    title = Text("dlteach", "title") + Text("  the mathematics of deep learning, and nothing of it on trust")
    desk.terminal.print(Text() + title, Text(""))
    rows: list[list[Text | str]] = []
    for lesson in desk.course.reading_order():
        upcoming = here.next is not None and lesson.name == here.next.name
        mark = "next" if upcoming else "studied" if lesson.name in here.studied else ""
        rows.append([Text(lesson.name, "label"), text_in(lesson.title), f"{lesson.minutes} min", Text(mark, "quiet")])
    desk.terminal.print(columns(["lesson", "", "time", ""], rows, desk.terminal, ["left", "left", "right"]), Text(""))
    advice = Table.grid(padding=(0, 2, 0, 0))
    for command, what in _advice(here):
        advice.add_row(Text(command, "code"), Text(what, "quiet"))
    desk.terminal.print(Padding(advice, (0, 0, 0, 2)))
    return ExitCode.YES


def _advice(here: Whereabouts) -> list[tuple[str, str]]:
    """The commands that suit the learner now, the most urgent first."""
    advice = []
    if here.due:
        noun = "question is" if here.due == 1 else "questions are"
        advice.append(("dlteach review", f"{here.due} {noun} due, about {here.minutes} min"))
    coming = f"study {here.next.name}" if here.next is not None else ""
    left = [name.partition(" ") for name in here.unfinished if name != coming]
    if here.next is not None:
        words = "go on where you left" if coming in here.unfinished else "the next lesson"
        advice.append((f"dlteach {coming}", f"{words}, about {here.minutes_left} min"))
    advice += [(f"dlteach {command} {quote(what)}", "go on where you left") for command, _, what in left[:3]]
    return [
        *advice,
        ("dlteach derive gelu", "a derivative, rule by rule, every step checked"),
        ("dlteach practice gelu", "write it yourself, line by line"),
        ("dlteach verify", "prove every claim of the course, here and now"),
        ("dlteach --help", "all commands"),
    ]

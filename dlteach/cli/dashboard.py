"""Bare `dlteach`: where you are, and what comes next."""

from __future__ import annotations

from rich.text import Text

from dlteach.cli import ExitCode
from dlteach.cli.desk import Desk
from dlteach.course.files import text_in
from dlteach.screen.markdown import columns
from dlteach.study.whereabouts import Whereabouts, whereabouts


def show(plain: bool) -> int:
    """What is due, what was left, the lessons in reading order, and the commands to begin with."""
    desk = Desk(plain=plain)
    here = whereabouts(desk.course, desk.record_to_read())
    title = Text("dlteach", "title") + Text("  the mathematics of deep learning, and nothing of it on trust")
    desk.terminal.print(Text() + title, Text(""))
    rows: list[list[Text | str]] = []
    for lesson in desk.course.reading_order():
        upcoming = here.next is not None and lesson.name == here.next.name
        mark = "next" if upcoming else "studied" if lesson.name in here.studied else ""
        rows.append([Text(lesson.name, "label"), text_in(lesson.title), f"{lesson.minutes} min", Text(mark, "quiet")])
    desk.terminal.print(columns(["lesson", "", "time", ""], rows, desk.terminal, ["left", "left", "right"]), Text(""))
    for command, what in _advice(here):
        desk.terminal.print(Text("  ") + Text(f"{command:<28}", "code") + Text(f" {what}", "quiet"))
    return ExitCode.YES


def _advice(here: Whereabouts) -> list[tuple[str, str]]:
    """The commands that suit the learner now, the most urgent first."""
    advice = []
    if here.due:
        noun = "question is" if here.due == 1 else "questions are"
        advice.append(("dlteach review", f"{here.due} {noun} due, about {here.minutes} min"))
    left = [name for name in here.unfinished if name != f"study {here.next.name if here.next else ''}"]
    if here.next is not None:
        words = "go on where you left" if f"study {here.next.name}" in here.unfinished else "the next lesson"
        advice.append((f"dlteach study {here.next.name}", f"{words}, about {here.minutes_left} min"))
    advice += [(f"dlteach {name}", "go on where you left") for name in left[:3]]
    return [
        *advice,
        ("dlteach derive gelu", "a derivative, rule by rule, every step checked"),
        ("dlteach practice gelu", "write it yourself, line by line"),
        ("dlteach verify", "prove every claim of the course, here and now"),
        ("dlteach --help", "all commands"),
    ]

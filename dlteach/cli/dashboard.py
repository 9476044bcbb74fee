"""Bare `dlteach`: where to begin."""

from __future__ import annotations

from rich.text import Text

from dlteach.cli import ExitCode
from dlteach.cli.desk import Desk
from dlteach.course.files import text_in
from dlteach.screen.markdown import columns


def show(plain: bool) -> int:
    """The lessons in reading order, and the commands to begin with."""
    desk = Desk(plain=plain)
    lessons = {lesson.name: lesson for lesson in desk.course.lessons()}
    desk.terminal.print(
        Text() + Text("dlteach", "title") + Text("  the mathematics of deep learning, and nothing of it on trust"),
        Text(""),
    )
    order: list[str] = []
    for name in lessons:
        _place(name, {n: lesson.after for n, lesson in lessons.items()}, order)
    rows: list[list[Text | str]] = [
        [Text(name, "label"), text_in(lessons[name].title), f"{lessons[name].minutes} min"] for name in order
    ]
    desk.terminal.print(columns(["lesson", "", "time"], rows, desk.terminal, ["left", "left", "right"]), Text(""))
    first = order[0] if order else "NAME"
    for command, what in (
        (f"dlteach lesson {first}", "read it"),
        (f"dlteach quiz {first}", "test yourself"),
        ("dlteach derive gelu", "a derivative, rule by rule, every step checked"),
        ("dlteach sim", "predict, run, compare"),
        ("dlteach verify", "prove every claim of the course, here and now"),
        ("dlteach --help", "all commands"),
    ):
        desk.terminal.print(Text("  ") + Text(f"{command:<24}", "code") + Text(f" {what}", "quiet"))
    return ExitCode.YES


def _place(name: str, after: dict[str, tuple[str, ...]], order: list[str], seen: tuple[str, ...] = ()) -> None:
    """Put a lesson behind its prerequisites."""
    if name in order or name not in after or name in seen:
        return
    for earlier in after[name]:
        _place(earlier, after, order, (*seen, name))
    order.append(name)

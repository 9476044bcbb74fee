"""Runs a dialogue: at a terminal with prompts, from a pipe line by line, or without any input at all."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress

from rich.console import RenderableType
from rich.text import Text

from dlteach.course.dialogue import Ask, Chart, Dialogue, Drawing, Feedback, Figures, Heading, Mark, Prose, Shown
from dlteach.screen.markdown import columns, markdown
from dlteach.screen.plot import plot
from dlteach.screen.terminal import Terminal

MARKS: Mapping[Mark, tuple[str, str]] = {
    Mark.RIGHT: ("✓ correct", "mark.right"),
    Mark.WRONG: ("✗ wrong", "mark.wrong"),
    Mark.PARTLY: ("◐ not quite", "mark.partly"),
    Mark.NOTE: ("▸", "mark.note"),
}


def run(dialogue: Dialogue, terminal: Terminal) -> None:
    """Show what the dialogue yields and send back what the learner types; raises KeyboardInterrupt at Ctrl-C."""
    answer: str | None = None
    try:
        event = next(dialogue)
        while True:
            if isinstance(event, Ask):
                answer = ask(event, terminal)
            else:
                terminal.print(*shown(event, terminal))
                answer = None
            event = dialogue.send(answer)
    except StopIteration:
        return


def ask(question: Ask, terminal: Terminal) -> str | None:
    """The learner's line; None at the end of input."""
    if question.text:
        terminal.print(*markdown(question.text, terminal))
    for number, option in enumerate(question.options, start=1):
        rows = markdown(option, terminal.narrower(5))
        for i, row in enumerate(rows):
            lead = Text(f"  {number}  " if i == 0 else "     ", "label")
            terminal.print(lead + row if isinstance(row, Text) else row)
    label = f"{question.label}> "
    terminal.console.file.flush()
    if not terminal.interactive:
        line = sys.stdin.readline()
        terminal.print(Text(label + line.rstrip("\n")))
        return line.rstrip("\n") if line else None
    help_line = "  ".join(f"{key} {what}" for key, what in question.commands.items())
    if help_line:
        terminal.print(Text(f"  {help_line}", "quiet"))
    with suppress(ImportError):
        import readline  # noqa: F401  (gives `input` history and editing)
    try:
        return input(label)
    except EOFError:
        terminal.print(Text(""))
        return None


def shown(event: Shown, terminal: Terminal) -> Iterable[RenderableType]:
    """The renderables of one thing to show."""
    match event:
        case Heading(text):
            return [Text(""), Text(text, "section")]
        case Prose(text):
            return [*markdown(text, terminal), Text("")]
        case Feedback(mark, text):
            return _feedback(mark, text, terminal)
        case Figures(title, heads, rows, note):
            table = columns(heads, rows, terminal, ["left"] + ["right"] * (len(heads) - 1))
            parts: list[RenderableType] = [Text(title, "label")] if title else []
            parts.append(table)
            return [*parts, *(markdown(note, terminal) if note else []), Text("")]
        case Chart():
            return [*plot(event, terminal), Text("")]
        case Drawing(title, lines):
            return [*([Text(title, "label")] if title else []), *(Text(line, "math") for line in lines), Text("")]
    raise TypeError(f"cannot show {type(event).__name__}")


def _feedback(mark: Mark, text: str, terminal: Terminal) -> Iterable[RenderableType]:
    """The mark, and the text beside it with a hanging indent (below it where there is little room)."""
    words, style = MARKS[mark]
    first = Text(words, style)
    beside = terminal.width > 50
    indent = first.cell_len + 2 if beside else 2
    rows = [row for row in markdown(text, terminal.narrower(indent)) if isinstance(row, Text)] if text else []
    lead = [Text() + first + Text("  ") + rows.pop(0)] if beside and rows else [first]
    return [*lead, *(Text(" " * indent) + row for row in rows)]

"""Runs a dialogue: at a terminal with prompts, from a pipe line by line, or without any input at all."""

from __future__ import annotations

import errno
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from rich.console import RenderableType
from rich.text import Text

from dlteach.course.dialogue import (
    Ask,
    Chart,
    Dialogue,
    Drawing,
    Equation,
    Feedback,
    Figures,
    Graph,
    Heading,
    Mark,
    Passage,
    Prose,
    Shown,
)
from dlteach.errors import DlteachError, TooLong
from dlteach.screen.derivations import equation_rows
from dlteach.screen.lesson import drawn, passage
from dlteach.screen.markdown import columns, markdown
from dlteach.screen.plot import plot
from dlteach.screen.terminal import Terminal

Line = Callable[[Ask], str | None]
LONGEST = 100_000  # characters of an answer

MARKS: Mapping[Mark, tuple[str, str]] = {
    Mark.RIGHT: ("✓ correct", "mark.right"),
    Mark.WRONG: ("✗ wrong", "mark.wrong"),
    Mark.PARTLY: ("◐ not quite", "mark.partly"),
    Mark.FOLLOWS: ("✓ follows", "mark.right"),
    Mark.NOTE: ("▸", "mark.note"),
}


def run(dialogue: Dialogue, terminal: Terminal) -> None:
    """Show what the dialogue yields and send back what the learner types; raises KeyboardInterrupt at Ctrl-C."""
    answer: str | None = None
    line = line_reader(terminal)
    try:
        event = next(dialogue)
        while True:
            if isinstance(event, Ask):
                answer = ask(event, terminal, line)
            else:
                terminal.print(*shown(event, terminal))
                answer = None
            event = dialogue.send(answer)
    except StopIteration:
        return


def ask(question: Ask, terminal: Terminal, line: Line) -> str | None:
    """Show the question and read the learner's answer; None at the end of input."""
    if question.text:
        terminal.print(*markdown(question.text, terminal))
    for number, option in enumerate(question.options if question.text else (), start=1):
        rows = markdown(option, terminal.narrower(5))
        for i, row in enumerate(rows):
            lead = Text(f"  {number}  " if i == 0 else "     ", "label")
            terminal.print(lead + row if isinstance(row, Text) else row)
    answer = line(question)
    return answer if answer is None else question.meant(answer)


def line_reader(terminal: Terminal) -> Line:
    """How answers are read here: at a terminal with a live preview, else line by line from standard input."""
    if not terminal.interactive or not terminal.console.encoding.lower().startswith("utf"):
        return partial(piped, terminal)
    from dlteach.screen.prompt import Prompter

    return Prompter(terminal)


def piped(terminal: Terminal, question: Ask) -> str | None:
    """A line of standard input behind its label; what comes from a pipe is shown, a person sees what is typed."""
    typed = sys.stdin.isatty()
    if typed:
        terminal.print(Text("  " + "  ".join(f"{key} {what}" for key, what in question.commands.items()), "quiet"))
        with _drawn(Text(f"{question.label}> "), terminal):
            line = _line()
    else:
        line = _line()
    if not typed:
        terminal.print(Text(f"{question.label}> {line.rstrip(chr(10))}"))
    return line.rstrip("\n") if line else None


def _line() -> str:
    """A line of standard input, empty at its end; raises DlteachError."""
    try:
        line = sys.stdin.readline(LONGEST + 1)
    except UnicodeError:  # an encoding in which not every byte can be replaced
        raise DlteachError("standard input is no text in the locale's encoding: give answers as UTF-8") from None
    except OSError as problem:
        if problem.errno in (errno.EBADF, errno.EIO):  # it was closed, or the terminal has gone
            return ""
        raise DlteachError(f"standard input cannot be read ({problem.strerror}): give answers, a line each") from None
    if len(line) > LONGEST:
        raise DlteachError(f"a line of standard input has more than {LONGEST:,} characters: give answers, a line each")
    return line


@contextmanager
def _drawn(label: Text, terminal: Terminal) -> Iterator[None]:
    """A label that stands there while a person types, and again when a session that Ctrl-Z suspended goes on."""

    def draw(*_: object) -> None:
        terminal.console.print(label, end="")

    draw()
    if not hasattr(signal, "SIGCONT"):
        yield
        return
    before = signal.signal(signal.SIGCONT, draw)
    try:
        yield
    finally:
        signal.signal(signal.SIGCONT, before)


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
        case Equation(sign, node, rule):
            return equation_rows(sign, node, rule, terminal)
        case Graph(block, functions):
            try:
                return [*plot(drawn(block, functions), terminal), Text("")]
            except TooLong as problem:
                return _feedback(Mark.NOTE, f"{problem}", terminal)
        case Passage(course, lesson, text):
            return [Text(""), *passage(text, lesson, course, terminal), Text("")]
    raise TypeError(f"cannot show {type(event).__name__}")


def _feedback(mark: Mark, text: str, terminal: Terminal) -> Iterable[RenderableType]:
    """The mark, and the text beside it with a hanging indent (below it where there is little room)."""
    words, style = MARKS[mark]
    first = Text(words, style)
    beside = terminal.width > 50
    indent = first.cell_len + 2 if beside else 2
    rows = [row for row in markdown(text, terminal.narrower(indent)) if isinstance(row, Text)] if text else []
    lead = [Text() + first + Text("  ") + rows.pop(0)] if beside and rows else [first]
    return [*lead, *(Text(" " * indent) + row if row.plain else row for row in rows)]

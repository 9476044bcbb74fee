"""The terminal as commands see it: a console, its width, and whether to keep to plain lines."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, TextIO

import rich.text
from rich.console import Console, RenderableType
from rich.text import Text
from rich.theme import Theme

from dlteach.system.streams import encodes_everything
from dlteach.visible import visible

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

WIDEST = 88  # columns of prose; a longer line tires the eye

STYLES = {
    "title": "bold",
    "section": "bold cyan",
    "math": "cyan",
    "code": "magenta",
    "quiet": "dim",
    "rule.name": "yellow",
    "link": "underline",
    "verdict.holds": "green",
    "verdict.shown": "blue",
    "verdict.fails": "red",
    "verdict.open": "yellow",
    "mark.right": "bold green",
    "mark.wrong": "bold red",
    "mark.partly": "bold yellow",
    "mark.note": "dim",
    "label": "bold",
}

# Rich drops five control characters from each text before it lays it out. All of them are shown instead, and here
# rather than when they are written, so that a table knows how wide they are.
vars(rich.text)["strip_control_codes"] = visible


@dataclass
class Terminal:
    """Where output goes. `plain` asks for no box drawing and for formulas on one line."""

    console: Console
    plain: bool = False
    widest: int = WIDEST
    remembers: bool = True  # what is typed, for the arrows of a later session

    @property
    def width(self) -> int:
        """The columns of prose."""
        return min(self.console.width, self.widest)

    def narrower(self, by: int) -> Terminal:
        """The same terminal with less room: what stands behind a bar."""
        return replace(self, widest=max(16, self.width - by))

    @property
    def flat(self) -> bool:
        """Whether formulas stay on one line: asked for, or too narrow for two dimensions."""
        return self.plain or self.console.width < 30

    @property
    def interactive(self) -> bool:
        """Whether a person sits at both ends."""
        return self.console.is_terminal and sys.stdin.isatty() and os.environ.get("TERM") != "dumb"

    def print(self, *parts: RenderableType) -> None:
        """Show renderables, one below the other; texts that follow each other go out together, which is quicker."""
        for texts, run in groupby(parts, lambda part: isinstance(part, Text)):
            if texts:
                self.console.print(Text("\n").join(part for part in run if isinstance(part, Text)))
            else:
                self.console.print(*run)


def open_terminal(plain: bool = False, stream: TextIO | None = None, width: int | None = None) -> Terminal:
    """The terminal on standard output, or on a stream given by a test."""
    stream = stream or sys.stdout
    plain = plain or not encodes_everything(stream) or os.environ.get("TERM") in ("dumb", "unknown")
    console = Console(
        file=stream,
        width=width or _columns(),
        theme=Theme(STYLES),
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
        legacy_windows=False,
    )
    return Terminal(console, plain)


@contextmanager
def bar(*columns: ProgressColumn) -> Iterator[Progress]:
    """A progress bar on standard error that goes away, and gives the cursor back whenever it is interrupted."""
    from rich.progress import Progress

    console = Console(file=sys.stderr, width=_columns())
    try:
        with Progress(*columns, console=console, transient=True) as made:
            yield made
    finally:
        console.show_cursor()  # Rich hides it before it is ready to be interrupted


def _columns() -> int | None:
    """`COLUMNS` if it is a sensible number; Rich finds out the rest."""
    columns = os.environ.get("COLUMNS", "")
    return max(20, int(columns)) if columns.isdecimal() and 0 < int(columns) < 10_000 else None

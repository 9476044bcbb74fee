"""The terminal as commands see it: a console, its width, and whether to keep to plain lines."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TextIO

from rich.console import Console, RenderableType
from rich.text import Text
from rich.theme import Theme

from dlteach.notation.signs import PLAIN

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
SPELLED = {
    **PLAIN, "×": "x", "√": "sqrt", "∂": "d", "∈": " in ", "…": "...", "“": '"', "”": '"', "½": "1/2", "✓": "[ok]",
    "✗": "[x]", "◐": "[~]", "•": "-", "▸": ">", "∼": "~", "§": "see", "∑": "sum", "∫": "int", "←": "<-",
}  # fmt: skip


@dataclass
class Terminal:
    """Where output goes. `plain` asks for no box drawing and for formulas on one line."""

    console: Console
    plain: bool = False
    widest: int = WIDEST

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
    spelled = _make_safe(stream)
    plain = plain or spelled or os.environ.get("TERM") in ("dumb", "unknown")
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


def _columns() -> int | None:
    """`COLUMNS` if it is a sensible number; Rich finds out the rest."""
    columns = os.environ.get("COLUMNS", "")
    return max(20, int(columns)) if columns.isdecimal() and 0 < int(columns) < 10_000 else None


def _make_safe(stream: TextIO) -> bool:
    """Where the locale cannot encode a symbol, spell it out rather than fail or drop it; returns whether it cannot."""
    encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "")
    if encoding == "utf8" or not isinstance(stream, io.TextIOWrapper):
        return False
    codecs.register_error("dlteach-spell", _spell)
    stream.reconfigure(errors="dlteach-spell")
    return True


def _spell(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    piece = problem.object[problem.start : problem.end]
    return "".join(map(_spelled, piece)), problem.end


def _spelled(char: str) -> str:
    return char if char.isascii() else SPELLED.get(char) or _by_name(char)


def _by_name(char: str) -> str:
    """ASCII for a character, from its Unicode name: Greek letters, small figures, Braille dots, lines."""
    if "\u2800" <= char <= "\u28ff":
        return " " if char == "\u2800" else "*"
    name = unicodedata.name(char, "")
    last = name.rpartition(" ")[2].lower()
    if name.startswith("GREEK"):
        return last.capitalize() if "CAPITAL" in name else last
    if unicodedata.combining(char):
        return {"ACCENT": "^", "MACRON": "_", "TILDE": "~"}.get(name.rpartition(" ")[2], "'")
    small = unicodedata.decomposition(char).rpartition(" ")[2]
    if small and len(small) == 4:
        return ("_" if "SUBSCRIPT" in name else "^" if "SUPERSCRIPT" in name else "") + _spelled(chr(int(small, 16)))
    if name.startswith("BOX DRAWINGS"):
        return "-" if "HORIZONTAL" in name and "VERTICAL" not in name else "|"
    return "|" if "BLOCK" in name else f"<{name.lower()}>"

"""The standard streams: the one way out for every byte that is printed, and what may go wrong on it.

What is written as text leaves with its control and bidirectional characters made visible, whoever wrote it. Rich finds
the door for its colours by itself (`rich_proxied_file`); prompt_toolkit is handed the terminal. A reader of a pipe who
has gone ends the command quietly; a full disk or a closed output is told in a line.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO, cast

from dlteach.errors import DlteachError
from dlteach.system.endings import BROKEN_PIPE, Ended
from dlteach.visible import visible

COLOURS = r"\x1b\[[0-9;]*m"
BARS = rf"{COLOURS}|\x1b\[\?25[lh]|\x1b\[[0-9]*[AK]|\r"  # a progress bar also hides the cursor and goes up and back


class OutputLost(DlteachError):
    """What a command printed could not be written."""


class Outlet:
    """A standard stream for text. Raises Ended and OutputLost where it is `vital`; elsewhere what fails is dropped."""

    def __init__(self, stream: TextIO, name: str, styling: str = COLOURS, vital: bool = True) -> None:
        self.stream, self.name, self.vital = stream, name, vital
        self.rich_proxied_file = Styled(self, styling)

    def write(self, text: str) -> int:
        """Write a text, made visible."""
        self.put(visible(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write texts, made visible."""
        for line in lines:
            self.write(line)

    def put(self, text: str) -> None:
        """Write what is fit to be seen."""
        self._guarded(lambda: self.stream.write(text))
        if not self.vital:
            self.flush()  # what fails fails now, and not when the interpreter ends

    def flush(self) -> None:
        """Send what is held back."""
        self._guarded(self.stream.flush)

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self.stream.isatty()

    def fileno(self) -> int:
        """The system's number for it."""
        return self.stream.fileno()

    def writable(self) -> bool:
        """That it can be written to."""
        return True

    @property
    def encoding(self) -> str:
        """How characters become bytes."""
        return getattr(self.stream, "encoding", None) or "utf-8"

    @property
    def errors(self) -> str:
        """What becomes of a character that has no bytes."""
        return getattr(self.stream, "errors", None) or "strict"

    @property
    def closed(self) -> bool:
        """Whether it has been closed."""
        return self.stream.closed

    def _guarded(self, act: Callable[[], object]) -> None:
        try:
            act()
        except (OSError, ValueError) as problem:
            if isinstance(problem, UnicodeError):
                raise
            self._give_up()
            if not self.vital:
                return
            if isinstance(problem, BrokenPipeError):
                raise Ended(BROKEN_PIPE) from None
            if not isinstance(problem, OSError) or problem.errno == errno.EBADF:
                raise OutputLost(f"{self.name} is closed: send it to a file or a terminal") from None
            reason = problem.strerror or str(problem)
            raise OutputLost(f"{self.name} cannot be written ({reason}): make room, or send it elsewhere") from None

    def _give_up(self) -> None:
        """What is still held back goes nowhere, so that nothing fails again when the interpreter empties it."""
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.stream.fileno())
            os.close(nowhere)


class Styled:
    """The door of an outlet for what Rich has laid out: its own styling passes, everything else is text."""

    def __init__(self, outlet: Outlet, styling: str) -> None:
        self.outlet, self.styling = outlet, styling

    def write(self, text: str) -> int:
        """Write a text, made visible but for its styling."""
        self.outlet.put(styled(text, self.styling))
        return len(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self.outlet, name)


def styled(text: str, styling: str = COLOURS) -> str:
    """The text made visible but for its styling."""
    if text.isprintable():
        return text
    if "\x1b" not in text and "\r" not in text:
        return visible(text)
    pieces = re.split(f"({styling})", text)
    pieces[::2] = map(visible, pieces[::2])
    return "".join(pieces)


def terminal_of(stream: TextIO) -> TextIO:
    """The terminal behind a stream, for a library that draws on it by itself and shows control characters."""
    return stream.stream if isinstance(stream, Outlet) else stream


def occupy() -> None:
    """Open what was closed at the start, so that no other file is taken for a standard stream.

    It is opened the wrong way round: what is then read or written fails as it does on what is closed.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY if number else os.O_WRONLY)  # the lowest free number is this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8", closefd=False))  # noqa: SIM115


@contextmanager
def shown() -> Iterator[None]:
    """While a command runs, standard output and error are outlets, and standard input is read whatever it holds."""
    before = sys.stdout, sys.stderr
    for stream in (sys.stdin, *before):
        _make_patient(stream)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    if not isinstance(sys.stdout, Outlet):
        sys.stdout = cast(TextIO, Outlet(_spelling(sys.stdout), "standard output"))
    if not isinstance(sys.stderr, Outlet):
        sys.stderr = cast(TextIO, Outlet(_spelling(sys.stderr), "standard error", BARS, vital=False))
    try:
        yield
    finally:
        with suppress(Ended, OutputLost):
            sys.stdout.flush()  # else the interpreter does it, and says what it ignores
        sys.stdout, sys.stderr = before


def encodes_everything(stream: TextIO) -> bool:
    """Whether a stream has bytes for every sign; one that has not spells them out."""
    encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "")
    return encoding == "utf8" or not isinstance(terminal_of(stream), io.TextIOWrapper)


def _spelling(stream: TextIO) -> TextIO:
    """The stream; where the locale cannot encode a sign, it is spelled out rather than dropped."""
    if isinstance(stream, io.TextIOWrapper) and not encodes_everything(stream):
        codecs.register_error("dlteach-spell", _spell)
        stream.reconfigure(errors="dlteach-spell")
    return stream


def _spell(problem: UnicodeError) -> tuple[str, int]:
    from dlteach.notation.spelling import spelled

    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    return spelled(problem.object[problem.start : problem.end]), problem.end


def _make_patient(stream: TextIO) -> None:
    """Wait where the other side is slow: whoever shares a pipe may have set it not to."""
    with suppress(OSError, ValueError, AttributeError):
        if not os.get_blocking(stream.fileno()):
            os.set_blocking(stream.fileno(), True)

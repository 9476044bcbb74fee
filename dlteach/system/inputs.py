"""What is read: a file that a person named or a pack holds, or standard input. The one way to open either.

A file may be anybody's: only regular files are opened (a pipe without a writer would block, a device may never end),
never more is held than the reader asked for, and whatever goes wrong is one line.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from dlteach.errors import DlteachError

LONGEST_LINE = 1_000_000  # characters; what is longer comes cut, so that its reader can say so
ENDLESS_LINE = 100_000_000  # characters after which a line is not waited for any more
LONGEST_NAME = 120  # characters of a name in a message
KINDS = (  # what is not opened, and how it is called
    (stat.S_ISDIR, "a folder, not a file"),
    (stat.S_ISFIFO, "a pipe, not a file"),
    (stat.S_ISCHR, "a device, not a file"),
    (stat.S_ISBLK, "a device, not a file"),
    (stat.S_ISSOCK, "a socket, not a file"),
)
# Without O_NONBLOCK a name that became a pipe after it was looked at would block; Windows wants O_BINARY.
FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_BINARY"))
HANDED_OVER = re.compile(r"/(?:dev|proc/self)/fd/(\d{1,4})")  # a descriptor that the shell opened, as for <(…)


class Unreadable(DlteachError):
    """A file that cannot be read, in a line; `reason` says why, for readers with words of their own."""

    def __init__(self, reason: str, name: str, advice: str = "check the name of the file") -> None:
        super().__init__(reason, name, advice)
        self.reason, self.name, self.advice = reason, name, advice

    def __str__(self) -> str:
        return f"{shortened(self.name)} cannot be read ({self.reason}): {self.advice}"


class Missing(Unreadable):
    """A file that is not there."""


class TooBig(Unreadable):
    """A file with more than its reader takes."""


@contextmanager
def opened(source: str | Path, errors: str = "strict") -> Iterator[TextIO]:
    """A regular file, or standard input for the text `-`, as UTF-8; raises Unreadable, also while it is read."""
    name = str(source)
    try:
        binary = _binary(source)
        stream = TextIOWrapper(binary, encoding="utf-8-sig", errors=errors)
        try:
            yield stream
        finally:
            stream.detach()
            if binary is not getattr(sys.stdin, "buffer", None):
                binary.close()
    except (FileNotFoundError, NotADirectoryError) as problem:
        raise Missing(str(problem.strerror).lower(), name) from None
    except OSError as problem:
        if problem.errno == errno.EBADF:
            raise Unreadable("standard input is closed", name, "name a file") from None
        raise Unreadable(str(problem.strerror or problem).lower(), name) from None
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8", name, "save it as UTF-8") from None


def lines(source: str | Path, longest: int = LONGEST_LINE, errors: str = "replace") -> Iterator[str]:
    """Line by line, bytes that are no text marked as such; one of more than `longest` characters comes cut behind them.

    Only reading is guarded, not what is done with a line; raises Unreadable.
    """
    with opened(source, errors) as stream:
        while line := stream.readline(longest + 1):
            yield line
            skipped = 0
            while len(line) > longest and not line.endswith("\n"):
                line = stream.readline(longest + 1)
                skipped += len(line)
                if skipped > ENDLESS_LINE:
                    raise TooBig("it has a line without an end", str(source), "end its lines")


def whole(source: str, most: int, what: str) -> str:
    """All of it, if that is no more than so many characters; raises DlteachError."""
    with opened(source) as stream:
        text = stream.read(most + 1)
    if len(text) > most:
        raise DlteachError(f"the {what} has more than {most:,} characters: take a part of it")
    return text


def text_of(path: Path, most: int) -> str:
    """The text of a file with no more than so many bytes; raises Missing, TooBig, Unreadable."""
    with opened(path) as stream:
        if os.fstat(stream.fileno()).st_size <= most:
            text = stream.read(most + 1)  # the size of what the system makes up, as in /proc, is 0
            if len(text) <= most:
                return text
    raise TooBig(f"more than {most:,} bytes", str(path), "make it shorter")


def shortened(name: str) -> str:
    """A name as a message shows it: the end of a very long one."""
    return name if len(name) <= LONGEST_NAME else "…" + name[1 - LONGEST_NAME :]


def _binary(source: str | Path) -> BinaryIO:
    """The bytes of a regular file, of standard input, or of a descriptor that was handed over."""
    if isinstance(source, str):  # only where a person names it: a pack has no say about this process's own streams
        if source in ("-", "/dev/stdin"):
            return _standard_input()
        if handed_over := HANDED_OVER.fullmatch(source):
            return os.fdopen(os.dup(int(handed_over[1])), "rb")
    try:
        _refuse_special(source, Path(source).stat())
        descriptor = os.open(source, FLAGS)
    except ValueError:
        raise Unreadable("its name holds a NUL character", str(source).replace("\0", "␀")) from None
    try:
        _refuse_special(source, os.fstat(descriptor))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise Unreadable("standard input is closed", "-", "name a file")
    buffer: BinaryIO | None = getattr(sys.stdin, "buffer", None)
    return buffer or BytesIO(sys.stdin.read().encode())  # what stands in for it may hold text only


def _refuse_special(source: str | Path, found: os.stat_result) -> None:
    """Raises Unreadable for what is no regular file."""
    if not stat.S_ISREG(found.st_mode):
        kind = next((words for test, words in KINDS if test(found.st_mode)), "not a file")
        raise Unreadable(kind, str(source))

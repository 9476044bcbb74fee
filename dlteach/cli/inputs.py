"""What a command reads: a file, or standard input where it is called `-`. The one place where that can fail."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from dlteach.errors import DlteachError


@contextmanager
def opened(source: str, errors: str = "strict") -> Iterator[TextIO]:
    """A file or standard input, to be read; raises DlteachError, also for what goes wrong while it is read."""
    try:
        if source == "-":
            if isinstance(sys.stdin, TextIOWrapper):
                sys.stdin.reconfigure(errors=errors)
            yield sys.stdin
        else:
            with Path(source).open(encoding="utf-8", errors=errors) as stream:
                yield stream
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "not UTF-8"
        raise DlteachError(f"{source} cannot be read ({reason}): check the name of the file") from None


def lines(source: str) -> Iterator[str]:
    """Line by line, bytes that are no text marked as such; only reading is guarded, not what is done with a line."""
    with opened(source, "replace") as stream:
        yield from stream


def whole(source: str, most: int, what: str) -> str:
    """All of it, if that is no more than so many characters; raises DlteachError."""
    with opened(source) as stream:
        text = stream.read(most + 1)
    if len(text) > most:
        raise DlteachError(f"the {what} has more than {most:,} characters: take a part of it")
    return text

"""How a command ends: its exit code and its last line on standard error."""

from __future__ import annotations

import os
import sys
from enum import IntEnum


class ExitCode(IntEnum):
    """What the shell is told."""

    YES = 0
    NO = 1
    INVALID = 2
    UNDECIDED = 3
    FAULT = 70
    INTERRUPTED = 130


def leave_quietly() -> None:
    """After the reader of a pipe has gone: nothing more can be said, and nothing is wrong."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(0)


def say(message: str, code: ExitCode) -> int:
    """A last line on standard error, without what a terminal would take for a command; returns the code."""
    sys.stdout.flush()
    text = "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in message)
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    return code

"""How a command ends: its exit code and its last line on standard error."""

from __future__ import annotations

import sys
from enum import IntEnum

from dlteach.system.endings import BROKEN_PIPE, FAULT, INTERRUPTED, REFUSED


class ExitCode(IntEnum):
    """What the shell is told."""

    YES = 0
    NO = 1
    INVALID = REFUSED
    UNDECIDED = 3
    FAULT = FAULT
    INTERRUPTED = INTERRUPTED
    UNREAD = BROKEN_PIPE  # the reader of a pipe has gone


def say(message: str, code: ExitCode) -> int:
    """A last line on standard error; returns the code."""
    sys.stdout.flush()
    sys.stderr.write(message + "\n")
    return code

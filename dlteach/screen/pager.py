"""Long pages go through the reader's pager at a terminal, and straight out everywhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import RenderableType

from dlteach.screen.terminal import Terminal
from dlteach.system.streams import styled


def page(parts: Iterable[RenderableType], terminal: Terminal) -> None:
    """Show a page; nothing is shown at all if making it fails half-way."""
    whole = list(parts)
    command = _pager() if terminal.interactive else None
    if command is None:
        terminal.print(*whole)
        return
    with terminal.console.capture() as captured:
        terminal.print(*whole)
    text = captured.get()
    if text.count("\n") < terminal.console.height or not _turned(command, styled(text)):
        terminal.console.file.write(text)


def _turned(command: list[str], text: str) -> bool:
    """Whether the pager could be started. Ctrl-C is the pager's while it runs; it ends when we are told to end."""
    import signal
    import subprocess

    sys.stdout.flush()
    out = sys.stdout
    before = signal.signal(signal.SIGINT, lambda *_: None)  # a handler, since what is ignored is so in the child too
    try:
        with (
            _modes_kept(),
            subprocess.Popen(command, stdin=subprocess.PIPE, text=True, encoding=out.encoding, errors=out.errors) as it,
        ):
            try:
                it.communicate(text)
            except BaseException:
                it.terminate()  # it leaves its screen; killed it could not
                raise
    except OSError:
        return False
    finally:
        signal.signal(signal.SIGINT, before)
    return True


@contextmanager
def _modes_kept() -> Iterator[None]:
    """The terminal as it was, also after a pager that was killed."""
    try:
        import termios
    except ImportError:  # Windows
        yield
        return
    modes = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        with suppress(termios.error):
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, modes)


def _pager() -> list[str] | None:
    """`$PAGER`, else `less -R`; None where there is neither or the reader wants none (`PAGER=cat`)."""
    import shlex
    import shutil

    chosen = os.environ.get("PAGER", "less -R")
    try:
        command = shlex.split(chosen)
    except ValueError:
        return None
    if not command or command[0] == "cat" or not shutil.which(command[0]):
        return None
    if Path(command[0]).name == "less" and len(command) == 1:
        command.append("-R")
    return command

"""Long pages go through the reader's pager at a terminal, and straight out everywhere else."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from rich.console import RenderableType

from dlteach.screen.terminal import Terminal


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
    if text.count("\n") < terminal.console.height:
        terminal.console.file.write(text)
        return
    import subprocess

    try:
        subprocess.run(command, input=text, text=True, encoding="utf-8", check=False)
    except (OSError, ValueError):
        terminal.console.file.write(text)


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

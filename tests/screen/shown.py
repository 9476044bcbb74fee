"""What a learner sees: plain text at a stated width."""

import io
from collections.abc import Iterable

from rich.console import RenderableType

from dlteach.screen.terminal import Terminal, open_terminal


def terminal(width: int, plain: bool = False) -> Terminal:
    """A terminal of that many columns which writes into a text."""
    return open_terminal(plain, io.StringIO(), width)


def shown(parts: Iterable[RenderableType], to: Terminal) -> str:
    """The rows as they stand there, without the blanks at their ends."""
    to.print(*parts)
    stream = to.console.file
    assert isinstance(stream, io.StringIO)
    return "\n".join(row.rstrip() for row in stream.getvalue().splitlines())

"""A formula in the voice that the screen asks for: two dimensions, or one line."""

from __future__ import annotations

from rich.text import Text

from dlteach.notation.latex import latex
from dlteach.notation.show import show
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Node
from dlteach.notation.typeset import display, inline
from dlteach.screen.terminal import WIDEST, Terminal


def formula(node: Node, terminal: Terminal, indent: int = 0) -> list[Text]:
    """The rows of a formula from our own tree."""
    if terminal.flat:
        return _flat_rows(show(node, pretty=True), terminal, indent)
    return latex_rows(latex(node), terminal, indent)


def latex_rows(source: str, terminal: Terminal, indent: int = 0) -> list[Text]:
    """The rows of LaTeX in two dimensions, broken where the terminal is too narrow; its line where it is `flat`."""
    if terminal.flat:
        return _flat_rows(one_line(source), terminal, indent)
    room = terminal.width - indent
    try:
        blocks = display(source, room)
    except NotationError:
        blocks = []
    if not blocks or max(block.width for block in blocks) > room:  # a fraction that cannot be broken: its line can
        return _broken(one_line(source), terminal, room, indent)
    return [Text((" " * indent + row).rstrip(), "math") for block in blocks for row in block.rows]


def _flat_rows(line: str, terminal: Terminal, indent: int) -> list[Text]:
    """A formula on one line, which a narrow terminal breaks."""
    room = terminal.width - indent
    if terminal.console.width >= WIDEST or len(line) <= room:
        return [Text(" " * indent + line, "math")]
    return _broken(line, terminal, room, indent)


def _broken(line: str, terminal: Terminal, room: int, indent: int) -> list[Text]:
    return [Text(" " * indent) + part for part in Text(line, "math").wrap(terminal.console, max(8, room))]


def one_line(source: str) -> str:
    """LaTeX on one line; what cannot be read is shown without its backslashes, never dropped."""
    try:
        return inline(source)
    except NotationError:
        return source.replace("\\", "").replace("{", "(").replace("}", ")")

"""What is being typed, typeset as it will be read; from our own tree, so that it keeps up with every key."""

from __future__ import annotations

from dlteach.notation.latex import latex
from dlteach.notation.names import Names
from dlteach.notation.reader import read, read_statement
from dlteach.notation.show import show
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Node
from dlteach.notation.typeset import display
from dlteach.values import frozen

TALLEST = 8  # rows
LONGEST = 500  # characters; more could not be drawn between two keys


@frozen
class Preview:
    """The rows of a formula, or why it cannot be read yet."""

    rows: tuple[str, ...] = ()
    problem: str = ""


def preview(text: str, names: Names, width: int, flat: bool = False) -> Preview:
    """The last line of what was typed, on one line if `flat`; a word or a command has no preview."""
    line = text.rpartition("\n")[2].strip().removeprefix("=").strip()
    if not line or len(line) > LONGEST or line.startswith((":", "?", "!")):
        return Preview()
    try:
        node = _read(line, names)
        blocks = [] if flat else display(latex(node), width)
    except NotationError as problem:
        return Preview((), problem.problem)
    rows = tuple(row.rstrip() for block in blocks for row in block.rows) or (show(node, pretty=True),)
    if len(rows) > TALLEST or max(map(len, rows)) > width:
        return Preview()
    return Preview(rows)


def _read(line: str, names: Names) -> Node:
    """An expression, or a relation such as `x = 1`."""
    try:
        return read(line, names)
    except NotationError as problem:
        if "=" not in line and "<" not in line and ">" not in line:
            raise
        try:
            return read_statement(line, names)
        except NotationError:
            raise problem from None

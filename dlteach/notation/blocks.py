"""Rectangles of text: what a formula on screen is made of.

Each has an axis (the row of the fraction bar) on which it lines up with its neighbours; fractions, roots, scripts
and big operators are combinations of rectangles, and nobody counts spaces. Widths are terminal cells.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from dlteach.values import frozen

TALL = {
    "(": "⎛⎜⎝", ")": "⎞⎟⎠", "[": "⎡⎢⎣", "]": "⎤⎥⎦", "|": "│││", "‖": "‖‖‖",
    "⌊": "⎢⎢⎣", "⌋": "⎥⎥⎦", "⌈": "⎡⎢⎢", "⌉": "⎤⎥⎥",
}  # fmt: skip


def cells(text: str) -> int:
    """How many terminal cells a text takes: none for combining marks, two for wide characters."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@frozen
class Block:
    """Equally wide rows of text; row `axis` lines up with its neighbours."""

    rows: tuple[str, ...]
    axis: int = 0

    @property
    def width(self) -> int:
        """In terminal cells."""
        return cells(self.rows[0])

    @property
    def depth(self) -> int:
        """Rows below the axis."""
        return len(self.rows) - 1 - self.axis

    def grown(self, up: int, down: int) -> Block:
        """With blank rows, so that `up` rows stand above the axis and `down` below."""
        if up == self.axis and down == self.depth:
            return self
        blank = " " * self.width
        rows = (blank,) * (up - self.axis) + self.rows + (blank,) * (down - self.depth)
        return Block(rows, max(up, self.axis))

    def beside(self, other: Block) -> Block:
        """Both in one line, axis by axis."""
        return abreast((self, other))

    def centred(self, width: int) -> Block:
        """Padded on both sides to `width` cells."""
        left = (width - self.width) // 2
        right = width - self.width - left
        return Block(tuple(" " * left + row + " " * right for row in self.rows), self.axis)

    def padded(self, width: int) -> Block:
        """Padded on the right to `width` cells."""
        return Block(tuple(row + " " * (width - self.width) for row in self.rows), self.axis)


def abreast(blocks: Sequence[Block]) -> Block:
    """Blocks from left to right in one line, axis by axis."""
    up, down = max(block.axis for block in blocks), max(block.depth for block in blocks)
    if not up and not down:
        return Block(("".join(block.rows[0] for block in blocks),))
    columns = [block.grown(up, down).rows for block in blocks]
    return Block(tuple(map("".join, zip(*columns, strict=True))), up)


def stacked(blocks: Sequence[Block], axis: int) -> Block:
    """Blocks on top of each other, centred; `axis` counts rows from the top of the stack."""
    width = max(block.width for block in blocks)
    return Block(tuple(row for block in blocks for row in block.centred(width).rows), axis)


def line(text: str) -> Block:
    """A block of one row."""
    return Block((text,))


def flush_right(block: Block, width: int) -> Block:
    """Padded on the left to `width` cells."""
    return Block(tuple(" " * (width - block.width) + row for row in block.rows), block.axis)


def with_scripts(base: Block, over: Block | None, under: Block | None) -> Block:
    """Scripts to the right of a base, above and below it."""
    parts = [part for part in (over, under) if part]
    width = max(part.width for part in parts)
    top = over.padded(width).rows if over else ()
    low = under.padded(width).rows if under else ()
    middle = (" " * width,) * len(base.rows)
    side = Block((*top, *middle, *low), len(top) + base.axis)
    if over and len(base.rows) > 1 and not under:
        side = Block((*top, *middle[1:]), len(top) - 1 + base.axis)
    return base.beside(side)


def tall(sign: str, beside: Block) -> Block:
    """A bracket as high as its neighbour."""
    height = len(beside.rows)
    if not sign:
        return Block(("",) * height, beside.axis)
    if height == 1 or sign not in TALL:
        return Block(tuple(sign if i == beside.axis else " " for i in range(height)), beside.axis)
    top, middle, bottom = list(TALL[sign])
    return Block((top, *[middle] * (height - 2), bottom), beside.axis)


def brace(beside: Block) -> Block:
    """The brace of cases, as high as its neighbour."""
    height = len(beside.rows)
    if height == 1:
        return line("{")
    if height == 2:
        return Block(("⎧", "⎩"), beside.axis)
    middle = height // 2
    return Block(
        tuple("⎧" if i == 0 else "⎩" if i == height - 1 else "⎨" if i == middle else "⎪" for i in range(height)),
        beside.axis,
    )

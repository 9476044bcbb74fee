"""Rows of mathematics: things side by side, with the space that their classes ask for."""

from __future__ import annotations

from collections.abc import Sequence

from dlteach.notation.blocks import Block, abreast, brace, cells, flush_right, line, tall
from dlteach.notation.signs import Kind
from dlteach.values import frozen

ORD, OP, BIN, REL, OPEN, CLOSE = Kind.ORD, Kind.OP, Kind.BIN, Kind.REL, Kind.OPEN, Kind.CLOSE
PUNCT, SPACE, BIG, FRAC = Kind.PUNCT, Kind.SPACE, Kind.BIG, Kind.FRAC
ALIGNED = ("aligned", "align", "split", "gathered")


@frozen
class Item:
    """One thing in a row: its class (for the space around it), its block, and its one-line form.

    `simple` says that the line needs no brackets as the part of a fraction or a script.
    """

    kind: Kind
    block: Block
    text: str
    simple: bool = True


def _gaps(items: Sequence[Item]) -> list[str]:
    """The space before each item, from the classes of the two that meet (TeXbook, ch. 18, in whole cells)."""
    gaps = []
    before: Item | None = None
    for i, item in enumerate(items):
        gap = ""
        if before is not None and SPACE not in (item.kind, before.kind):
            unary = before.kind == BIN and is_unary(items, i - 1)
            if REL in (item.kind, before.kind) or (item.kind == BIN and before.kind not in (BIN, OPEN, PUNCT)):
                gap = " "
            elif before.kind == BIN:
                gap = "" if unary else " "
            elif before.kind == PUNCT or before.kind == BIG:
                gap = " "
            elif before.kind == OP:
                gap = "" if item.kind in (OPEN, CLOSE) or item.text[:1] in "([|" else " "
            elif (item.kind == OP and before.kind in (ORD, FRAC, CLOSE)) or item.kind == BIG:
                gap = " "
        gaps.append("" if before is not None and before.text.endswith(" ") else gap)
        before = item
    return gaps


def is_unary(items: Sequence[Item], index: int) -> bool:
    """Whether the sign there stands before its operand, like the minus of −x."""
    before = items[index - 1].kind if index else BIN
    return before in (BIN, REL, OPEN, PUNCT) or (before == SPACE and index == 1)


def spaced_text(items: Sequence[Item]) -> str:
    """The row on one line; a fraction that would swallow its neighbour gets brackets."""
    gaps = [*_gaps(items), ""]
    text = ""
    for i, item in enumerate(items):
        joins = i + 1 < len(items) and not gaps[i + 1] and items[i + 1].kind in (ORD, OPEN, FRAC)
        text += gaps[i] + (f"({item.text})" if item.kind == FRAC and joins else item.text)
    return text


def spaced_block(items: Sequence[Item]) -> Block:
    """The row in two dimensions."""
    if not items:
        return line("")
    parts = zip(_gaps(items), items, strict=True)
    return abreast([block for gap, item in parts for block in ((line(gap), item.block) if gap else (item.block,))])


def arranged(name: str, table: Sequence[Sequence[Item]], flat: bool) -> Item:
    """The cells of an environment: a column of cases, a matrix, aligned lines; text apart by semicolons."""
    aligned = name in ALIGNED
    if name == "cases":
        text = "{" + "; ".join(" ".join(item.text for item in row) for row in table) + "}"
    elif aligned:
        text = "; ".join("".join(item.text for item in row) for row in table)
    else:
        text = "[" + "; ".join(" ".join(item.text for item in row) for row in table) + "]"
    if flat:
        return Item(ORD, line(text), text)
    widths = [
        max((row[i].block.width for row in table if i < len(row)), default=0) for i in range(max(map(len, table)))
    ]
    gap = 1 if aligned else 2
    airy = any(len(item.block.rows) > 1 for row in table for item in row) or (name == "cases" and len(table) == 2)
    lines: list[str] = []
    for number, row in enumerate(table):
        cells_ = [
            (
                item.block.padded(w)
                if (aligned and i % 2) or name == "cases"
                else flush_right(item.block, w)
                if aligned
                else item.block.centred(w)
            )
            for i, (item, w) in enumerate(zip(row, widths, strict=False))
        ]
        whole = cells_[0]
        for cell in cells_[1:]:
            whole = whole.beside(line(" " * gap)).beside(cell)
        if number and airy:
            lines.append("")
        lines.extend(whole.padded(sum(widths) + gap * (len(widths) - 1)).rows)
    width = max(map(cells, lines))
    block = Block(
        tuple(row + " " * (width - cells(row)) for row in lines),
        len(lines) // 2 if not aligned else (len(lines) - 1) // 2,
    )
    if name == "cases":
        return Item(ORD, brace(block).beside(line(" ")).beside(block), text)
    fences = {"pmatrix": "()", "bmatrix": "[]"}.get(name, "")
    if fences:
        block = tall(fences[0], block).beside(block).beside(tall(fences[1], block))
    return Item(ORD, block, text, False)

"""Markdown with dollar mathematics, from markdown-it's tokens to Rich's texts and tables.

Rich's own Markdown knows no mathematics and brings a syntax highlighter along; this renders the part of
CommonMark that lessons use. Fenced blocks with a known name are handed to `living`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from markdown_it.token import Token
from rich import box
from rich.cells import cell_len
from rich.columns import Columns
from rich.console import Group, JustifyMethod, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dlteach.course.prose import parsed
from dlteach.screen.formulas import latex_rows, one_line
from dlteach.screen.terminal import Terminal

HELD = "\u2800"  # a space inside a formula, at which a line may not break: Braille without a dot, printable and blank
LONGEST_HELD = 28
GAP = 3  # columns between those of a table

Living = Mapping[str, Callable[[str, str], Iterable[RenderableType]]]


def markdown(text: str, terminal: Terminal, living: Living | None = None) -> list[RenderableType]:
    """The renderables of a text, with a blank line between blocks."""
    return list(_Page(terminal, living or {}).blocks(parsed(text), 0))


class _Page:
    def __init__(self, terminal: Terminal, living: Living) -> None:
        self.terminal, self.living = terminal, living

    def blocks(self, tokens: Sequence[Token], indent: int, airy: bool = True) -> Iterator[RenderableType]:
        """The blocks of a token stream at one nesting level."""
        at, first = 0, True
        while at < len(tokens):
            end = _closing(tokens, at)
            inner = tokens[at + 1 : end]
            rendered = list(self.block(tokens[at], inner, indent))
            if rendered:
                if not first and airy:
                    yield Text("")
                first = False
                yield from rendered
            at = end + 1

    def block(self, token: Token, inner: Sequence[Token], indent: int) -> Iterator[RenderableType]:
        """One block."""
        match token.type:
            case "heading_open":
                yield from self.heading(token, inner)
            case "paragraph_open":
                yield from self.wrapped(self.inline(inner[0].children or []), indent)
            case "bullet_list_open" | "ordered_list_open":
                yield from self.items(token, inner, indent)
            case "blockquote_open":
                bar = "" if self.terminal.plain else "│ "
                for part in self.blocks(inner, indent + len(bar)):
                    if isinstance(part, Text):
                        part.plain = bar + part.plain.removeprefix(" " * len(bar)) if bar else part.plain
                    yield part
            case "math_block" | "math_block_label":
                yield from latex_rows(token.content, self.terminal, indent + 4)
            case "fence":
                yield from self.fence(token, indent)
            case "code_block":
                yield from (Text(" " * (indent + 4) + row, "code") for row in token.content.rstrip("\n").split("\n"))
            case "table_open":
                yield self.table(inner)
            case "hr":
                yield Text("─" * self.terminal.width if not self.terminal.plain else "-" * 20, "quiet")

    def heading(self, token: Token, inner: Sequence[Token]) -> Iterator[RenderableType]:
        level = int(token.tag[1])
        text = self.inline(inner[0].children or [])
        text.stylize("title" if level == 1 else "section")
        yield from self.wrapped(text, 0)
        if level == 1:
            length = min(text.cell_len, self.terminal.width)
            yield Text(("=" if self.terminal.plain else "━") * length, "quiet")

    def items(self, token: Token, inner: Sequence[Token], indent: int) -> Iterator[RenderableType]:
        number, at = int(token.attrs.get("start", 1)), 0
        while at < len(inner):
            end = _closing(inner, at)
            sign = f"{number}. " if token.type.startswith("ordered") else ("- " if self.terminal.plain else "• ")
            parts = list(self.blocks(inner[at + 1 : end], indent + len(sign), airy=False))
            for i, part in enumerate(parts):
                if i == 0 and isinstance(part, Text):
                    part = Text(" " * indent) + Text(sign, "quiet") + part[indent + len(sign) :]
                yield part
            number, at = number + 1, end + 1

    def fence(self, token: Token, indent: int) -> Iterator[RenderableType]:
        word, _, rest = token.info.strip().partition(" ")
        if word in self.living:
            yield from self.living[word](rest.strip(), token.content)
            return
        yield from (Text(" " * (indent + 4) + row, "code") for row in token.content.rstrip("\n").split("\n"))

    def table(self, inner: Sequence[Token]) -> RenderableType:
        rows: list[list[Text]] = []
        aligns: list[str] = []
        for i, token in enumerate(inner):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                rows[-1].append(self.inline(inner[i + 1].children or [], held=False))
                if token.type == "th_open":
                    aligns.append(str(token.attrs.get("style", "")).removeprefix("text-align:") or "left")
        return columns([cell.plain for cell in rows[0]], rows[1:], self.terminal, aligns)

    def wrapped(self, text: Text, indent: int) -> Iterator[Text]:
        """A text in lines, its held spaces set free afterwards."""
        for row in text.wrap(self.terminal.console, max(10, self.terminal.width - indent)):
            row.rstrip()
            row.plain = row.plain.replace(HELD, " ")
            yield Text(" " * indent) + row

    def inline(self, tokens: Sequence[Token], held: bool = True) -> Text:
        """The text of a paragraph."""
        text = Text()
        styles: list[str] = []
        link = ""
        for token in tokens:
            style = " ".join(styles)
            match token.type:
                case "text":
                    text.append(token.content, style)
                case "softbreak":
                    text.append(" ")
                case "hardbreak":
                    text.append("\n")
                case "code_inline":
                    text.append(_hold(token.content) if held else token.content, "code")
                case "math_inline" | "math_inline_double":
                    line = one_line(token.content)
                    text.append(_hold(line) if held else line, "math")
                case "em_open":
                    styles.append("italic")
                case "strong_open":
                    styles.append("bold")
                case "link_open":
                    link = str(token.attrs.get("href", ""))
                    styles.append("link")
                case "link_close":
                    styles.pop()
                    if link.startswith("http") and link not in text.plain:
                        text.append(f" ({link})", "quiet")
                case "em_close" | "strong_close":
                    styles.pop()
        return text


def _hold(line: str) -> str:
    return line.replace(" ", HELD) if len(line) <= LONGEST_HELD else line


def _closing(tokens: Sequence[Token], at: int) -> int:
    """Where the block that opens at `at` ends."""
    level = 0
    for index in range(at, len(tokens)):
        level += tokens[index].nesting
        if level == 0:
            return index
    return len(tokens) - 1


def columns(
    heads: Sequence[str], rows: Sequence[Sequence[Text | str]], terminal: Terminal, aligns: Sequence[str] = ()
) -> RenderableType:
    """A quiet table: a rule below the heads, no frame. Where its words would be broken, each row is a paragraph."""
    cells = [[cell if isinstance(cell, Text) else Text(cell) for cell in row] for row in rows]
    filled = list(zip([Text(head) for head in heads], *cells, strict=True))
    least = [max(map(_widest_word, column)) for column in filled]
    if sum(least) + GAP * (len(least) - 1) > terminal.width:
        return Group(*(part for row in cells for part in (row[0], _named(heads[1:], row[1:]))))
    table = Table(box=None if terminal.plain else box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    for i, head in enumerate(heads):
        align = aligns[i] if i < len(aligns) else "left"
        justify: JustifyMethod = "right" if align == "right" else "center" if align == "center" else "left"
        whole = all(cell.cell_len <= least[i] for cell in filled[i])  # no cell of this column has to be broken
        table.add_column(head, justify=justify, overflow="fold", no_wrap=whole)
    for row in cells:
        table.add_row(*row)
    return table


def _widest_word(cell: Text) -> int:
    return max(map(cell_len, cell.plain.split()), default=0)


def _named(heads: Sequence[str], cells: Sequence[Text]) -> RenderableType:
    """Cells with the heads of their columns: `read 5/11  known 0/12`."""
    said = [Text.assemble((head, "quiet"), " " if head else "", cell) for head, cell in zip(heads, cells, strict=True)]
    return Padding(Columns((part for part in said if part.plain.strip()), padding=(0, 2)), (0, 0, 0, 2))

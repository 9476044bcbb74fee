"""LaTeX mathematics laid out as text: in two dimensions, or on one line.

Covers what lessons need of LaTeX; anything else raises NotationError with its place, which `lint` reports.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from dlteach.notation.blocks import Block, cells, line, stacked, tall, with_scripts
from dlteach.notation.names import BUILTINS
from dlteach.notation.rows import Item, arranged, is_unary, spaced_block, spaced_text
from dlteach.notation.signs import COMMANDS, DOUBLE_STRUCK, FRACTIONS, LAYOUT, LOWERED, RAISED, SPACES, Kind
from dlteach.notation.tokens import NotationError
from dlteach.values import replace

ORD, OP, BIN, REL, OPEN, CLOSE = Kind.ORD, Kind.OP, Kind.BIN, Kind.REL, Kind.OPEN, Kind.CLOSE
PUNCT, SPACE, BIG, FRAC = Kind.PUNCT, Kind.SPACE, Kind.BIG, Kind.FRAC

CHARACTERS: Mapping[str, tuple[str, Kind]] = {  # what LaTeX draws for a character, and its class; others are letters
    "+": ("+", BIN), "*": ("∗", BIN), "-": ("−", BIN), "=": ("=", REL), "<": ("<", REL), ">": (">", REL),
    ":": (":", REL), ",": (",", PUNCT), ";": (";", PUNCT), "(": ("(", OPEN), "[": ("[", OPEN), ")": (")", CLOSE),
    "]": ("]", CLOSE), "!": ("!", CLOSE),
}  # fmt: skip
LIMITS = ("lim", "sup", "inf", "max", "min", "argmax", "argmin")
FUNCTIONS = frozenset(
    {row.latex[1:] for row in BUILTINS.values() if row.latex[0] == "\\"} - COMMANDS.keys()
    | {"det", "dim", "ker", "deg", "gcd", "arg", "Pr"}
)
BIG_SIGNS = {"sum": "∑", "prod": "∏", "int": "∫", "oint": "∮", "bigcup": "⋃", "bigcap": "⋂"}
ACCENTS = {"hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "widetilde": "\u0303",
           "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7"}  # fmt: skip
PLAIN_STYLES = ("mathbf", "boldsymbol", "bm", "mathit", "mathsf", "mathtt", "mathcal", "mathscr", "mathfrak")
SUPER = {**RAISED, "−": "⁻", "′": "′", "'": "′", "*": "*"}
SUB = {**LOWERED, "−": "₋"}
ENVIRONMENTS = ("cases", "matrix", "pmatrix", "bmatrix", "aligned", "align", "array", "gathered", "split")
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[\s]+|[0-9]+(?:\.[0-9]+)?|.", re.DOTALL)


class _Reader:
    def __init__(self, source: str, flat: bool) -> None:
        self.source = source
        self.flat = flat  # lay everything out on one line
        self.at = 0
        self.words = [(m.group(), m.start()) for m in TOKEN.finditer(self.source)]

    def error(self, problem: str, advice: str = "") -> NotationError:
        place = self.words[self.at - 1][1] if 0 < self.at <= len(self.words) else len(self.source)
        return NotationError(f"LaTeX: {problem}", self.source, place, advice)

    @property
    def word(self) -> str:
        return self.words[self.at][0] if self.at < len(self.words) else ""

    def take(self) -> str:
        word = self.word
        self.at += 1
        return word

    def skip_space(self) -> None:
        while self.word.isspace():
            self.at += 1

    def row(self, ends: tuple[str, ...]) -> list[Item]:
        """Items up to one of `ends`, which is not taken."""
        items: list[Item] = []
        while self.word not in ends:
            if not self.word:
                raise self.error(f"`{ends[0]}` is missing", "close what was opened")
            if self.word in ("^", "_", "'"):
                base = items.pop() if items and items[-1].kind != SPACE else _plain("", ORD)
                items.append(self.scripted(base))
            elif (item := self.item()) is not None:
                items.append(item)
        return items

    def group(self) -> list[Item]:
        """An argument: a braced row, or one item."""
        self.skip_space()
        if self.word == "{":
            self.take()
            row = self.row(("}",))
            self.take()
            return row
        item = self.item()
        if item is None:
            raise self.error("an argument is missing", "write it in braces")
        return [item]

    def split_digits(self) -> None:
        """`\\frac12` is one half: a number that follows is taken digit by digit."""
        self.skip_space()
        word, at = self.words[self.at] if self.at < len(self.words) else ("", 0)
        if word.isdigit() and len(word) > 1:
            self.words[self.at : self.at + 1] = [(digit, at + i) for i, digit in enumerate(word)]

    def raw_group(self) -> str:
        """The text of a braced argument, spaces kept."""
        self.skip_space()
        if self.take() != "{":
            raise self.error("`{` is missing", "write the argument in braces")
        out, level = "", 1
        while True:
            word = self.take()
            if not word:
                raise self.error("`}` is missing", "close what was opened")
            level += (word == "{") - (word == "}")
            if not level:
                return out
            out += {"\\_": "_", "\\ ": " ", "\\%": "%", "\\$": "$", "\\&": "&"}.get(word, word)

    def item(self) -> Item | None:
        word = self.take()
        if not word:
            raise self.error("the formula ends too early", "finish it")
        if word.isspace():
            return None
        if word == "{":
            row = self.row(("}",))
            self.take()
            return self.joined(row)
        if word.startswith("\\"):
            return self.command(word[1:])
        if word in ("}", "&"):
            raise self.error(f"`{word}` has no partner", "remove it")
        return _plain(*CHARACTERS.get(word, (word, ORD)))

    def command(self, name: str) -> Item | None:
        if sign := COMMANDS.get(name):
            return _plain(sign.letter, sign.kind)
        if name in SPACES:
            return Item(SPACE, line(SPACES[name]), SPACES[name])
        if name in LIMITS:
            return self.limits(_plain(name, OP))
        if name in BIG_SIGNS:
            return self.limits(_plain(BIG_SIGNS[name], BIG), beside=name.endswith("int"))
        if name in ACCENTS:
            return self.accent(ACCENTS[name])
        if name in PLAIN_STYLES:
            return self.joined(self.group())
        if name in LAYOUT:
            return None
        if handler := HANDLERS.get(name):
            return handler(self)
        if name not in FUNCTIONS:
            raise self.error(f"\\{name} is not known here", "use another command or words")
        return _plain(name, OP)

    def words_as_they_are(self) -> Item:
        return _plain(self.raw_group(), ORD)

    def bars(self) -> Item:
        return self.fence("|", self.joined(self.group()), "|")

    def cube_root(self) -> Item:
        return self.rooted("3")

    def operator(self) -> Item:
        name = self.raw_group()
        return self.limits(_plain(name, OP)) if name in LIMITS else _plain(name, OP)

    def double_struck(self) -> Item:
        return _plain("".join(DOUBLE_STRUCK.get(c, c) for c in self.raw_group()), ORD)

    # ---- combinations -------------------------------------------------------------------------

    def joined(self, items: list[Item]) -> Item:
        """A row of items as one."""
        if len(items) == 1:
            return items[0]
        text = spaced_text(items)
        simple = not any(item.kind in (BIN, REL, PUNCT, SPACE) or not item.simple for item in items)
        block = line(text) if self.flat else spaced_block(items)
        return Item(ORD, block, text, simple and len(items) <= 3)

    def fraction(self) -> Item:
        self.split_digits()
        over, under = self.joined(self.group()), self.joined(self.group())
        text = f"{_bracketed(over)}/{_bracketed(under, strict=True)}"
        if self.flat and text in FRACTIONS:
            return _plain(FRACTIONS[text], ORD)
        if self.flat:
            return Item(FRAC, line(text), text, False)
        width = max(over.block.width, under.block.width) + (
            2 if max(len(over.block.rows), len(under.block.rows)) > 1 else 0
        )
        bar = line("─" * width)
        return Item(FRAC, stacked((over.block, bar, under.block), len(over.block.rows)), text, False)

    def root(self) -> Item:
        index = ""
        if self.word == "[":
            self.take()
            index = spaced_text(self.row(("]",)))
            self.take()
        return self.rooted(index)

    def rooted(self, index: str) -> Item:
        inner = self.joined(self.group())
        sign = {"": "√", "3": "∛", "4": "∜"}.get(index, f"{index}√")
        short = cells(inner.text) == 1
        text = f"{sign}{inner.text}" if short else f"{sign}({inner.text})"
        if self.flat or short:
            return Item(ORD, line(text), text)
        last, blank = len(inner.block.rows) - 1, " " * cells(sign)
        rows = [f"{blank}┌{'─' * inner.block.width}"]
        rows += [f"{sign if i == last else blank}│{row}" for i, row in enumerate(inner.block.rows)]
        return Item(ORD, Block(tuple(rows), inner.block.axis + 1), text)

    def fenced(self) -> Item:
        left = self.delimiter()
        inner = self.joined(self.row(("\\right",)))
        self.take()
        return self.fence(left, inner, self.delimiter())

    def delimiter(self) -> str:
        self.skip_space()
        word = self.take()
        if word == ".":
            return ""
        if word.startswith("\\"):
            if word[1:] not in COMMANDS:
                raise self.error(f"{word} is not a delimiter", "use ( [ | or \\{")
            return COMMANDS[word[1:]].letter
        return word

    def fence(self, left: str, inner: Item, right: str) -> Item:
        text = f"{left}{inner.text}{right}"
        if self.flat:
            return Item(ORD, line(text), text)
        block = inner.block
        return Item(ORD, tall(left, block).beside(block).beside(tall(right, block)), text)

    def accent(self, mark: str) -> Item:
        inner = self.joined(self.group())
        text = inner.text[:1] + mark + inner.text[1:]
        return replace(inner, block=line(text), text=text) if len(inner.block.rows) == 1 else inner

    def overline(self) -> Item:
        inner = self.joined(self.group())
        if cells(inner.text) == 1:
            return replace(inner, block=line(inner.text + "\u0304"), text=inner.text + "\u0304")
        text = f"mean({inner.text})"
        if self.flat:
            return Item(ORD, line(text), text)
        return Item(ORD, Block(("▁" * inner.block.width, *inner.block.rows), inner.block.axis + 1), text)

    def underbrace(self) -> Item:
        inner = self.joined(self.group())
        self.skip_space()
        if self.word != "_":
            return inner
        self.take()
        below = self.joined(self.group())
        if self.flat:
            return inner
        brace = line("╰" + "─" * max(0, inner.block.width - 2) + "╯")
        return Item(ORD, stacked((inner.block, brace, below.block), inner.block.axis), inner.text, inner.simple)

    def scripts(self) -> tuple[Item | None, Item | None, str]:
        """What follows as superscript and subscript, and the primes."""
        over = under = None
        primes = ""
        while True:
            if self.word == "'":
                self.take()
                primes += "′"
            elif self.word in ("^", "_"):
                up = self.take() == "^"
                script = self.joined(self.group())
                if up:
                    over = script
                else:
                    under = script
            else:
                return over, under, primes

    def scripted(self, base: Item) -> Item:
        """A base with its scripts: Unicode's small letters where they exist, raised blocks elsewhere."""
        over, under, primes = self.scripts()
        text, block = base.text + primes, base.block.beside(line(primes)) if primes else base.block
        if not base.simple and not primes and cells(text) > 1:
            text = f"({text})"
            if len(block.rows) == 1:
                block = line(text)
        small_under = _small(under, SUB)
        small_over = _small(over, SUPER)
        text += small_under or (f"_{_script(under)}" if under else "")
        text += small_over or (f"^{_script(over)}" if over else "")
        if self.flat:
            return Item(base.kind, line(text), text, base.simple)
        if len(block.rows) == 1:
            block = block.beside(line(small_under)).beside(line(small_over))
            over, under = None if small_over else over, None if small_under else under
        if over or under:
            block = with_scripts(block, over.block if over else None, under.block if under else None)
        return Item(base.kind, block, text, base.simple)

    def limits(self, sign: Item, beside: bool = False) -> Item:
        """An operator with what stands above and below it."""
        self.skip_space()
        over, under, _ = self.scripts()
        text = sign.text
        if under:
            text += _small(under, SUB) or f"_{_script(under)}"
        if over:
            text += _small(over, SUPER) or f"^{_script(over)}"
        if self.flat or not (over or under):
            return Item(sign.kind, line(text) if self.flat else sign.block, text)
        if beside:
            return Item(
                sign.kind, with_scripts(sign.block, over.block if over else None, under.block if under else None), text
            )
        parts = ([over.block] if over else []) + [sign.block] + ([under.block] if under else [])
        return Item(sign.kind, stacked(parts, len(over.block.rows) if over else 0), text)

    def environment(self) -> Item:
        name = self.raw_group()
        if name == "array":
            self.raw_group()
        if name.rstrip("*") not in ENVIRONMENTS:
            raise self.error(f"the environment {name} is not known here", "use cases, pmatrix, bmatrix or aligned")
        table: list[list[Item]] = [[]]
        while True:
            cell = self.row(("&", "\\\\", "\\end"))
            end = self.take()
            table[-1].append(self.joined(cell) if cell else _plain("", ORD))
            if end == "\\\\":
                table.append([])
            elif end == "\\end":
                break
        if self.raw_group() != name:
            raise self.error(f"\\begin{{{name}}} is never ended", f"write \\end{{{name}}}")
        table = [row for row in table if any(item.text for item in row)]
        return arranged(name.rstrip("*"), table, self.flat)


HANDLERS: Mapping[str, Callable[[_Reader], Item]] = {
    "frac": _Reader.fraction,
    "dfrac": _Reader.fraction,
    "tfrac": _Reader.fraction,
    "sqrt": _Reader.root,
    "cbrt": _Reader.cube_root,
    "abs": _Reader.bars,
    "left": _Reader.fenced,
    "begin": _Reader.environment,
    "mathbb": _Reader.double_struck,
    "overline": _Reader.overline,
    "underbrace": _Reader.underbrace,
    "operatorname": _Reader.operator,
    "text": _Reader.words_as_they_are,
    "mathrm": _Reader.words_as_they_are,
    "textbf": _Reader.words_as_they_are,
}


def _plain(text: str, kind: Kind) -> Item:
    return Item(kind, line(text), text)


def _bracketed(item: Item, strict: bool = False) -> str:
    """The line of a fraction's part, in brackets where it would be read differently."""
    simple = item.simple and not (strict and len(item.text) > 3 and not item.text.endswith((")", "|")))
    return item.text if simple else f"({item.text})"


def _script(item: Item | None) -> str:
    if item is None:
        return ""
    return item.text if cells(item.text) == 1 else f"({item.text})"


def _small(item: Item | None, letters: Mapping[str, str]) -> str:
    """The script in Unicode's small letters, or "" where one is missing."""
    if item is None or len(item.block.rows) > 1:
        return ""
    text = item.text.replace(" ", "")
    return "".join(letters[c] for c in text) if text and all(c in letters for c in text) else ""


# ---- the doors ---------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _items(source: str, flat: bool) -> tuple[Item, ...]:
    reader = _Reader(source, flat)
    items = reader.row(("",))
    return tuple(items)


def inline(source: str) -> str:
    """LaTeX on one line: fractions with a slash, scripts raised where Unicode has them."""
    return spaced_text(_items(source.strip(), True))


def display(source: str, width: int = 10_000) -> list[Block]:
    """LaTeX in two dimensions, broken before relations and signs where it is wider than `width` cells."""
    items = _items(source.strip(), False)
    whole = spaced_block(items)
    if whole.width <= width:
        return [whole]
    lines: list[list[Item]] = [[]]
    signs = [i for i, item in enumerate(items) if item.kind in (REL, BIN)] + [len(items)]
    place = 0  # in `signs`
    for index, item in enumerate(items):
        while place < len(signs) - 1 and signs[place] <= index:
            place += 1
        ahead = signs[place]
        breakable = item.kind == REL or (item.kind == BIN and not is_unary(items, index))
        if (
            breakable
            and lines[-1]
            and spaced_block([*lines[-1], *items[index:ahead]]).width > width - 4 * (len(lines) > 1)
        ):
            lines.append([])
        lines[-1].append(item)
    blocks = [spaced_block(row) for row in lines]
    return [block if i == 0 else line("    ").beside(block) for i, block in enumerate(blocks)]

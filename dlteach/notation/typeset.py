"""LaTeX mathematics laid out as text: in two dimensions, or on one line.

A formula on screen is a rectangle with an axis (the row of the fraction bar); fractions, roots, scripts and
big operators are combinations of rectangles, and nobody counts spaces. Widths are terminal cells.

Covers what lessons need of LaTeX; anything else raises NotationError with its place, which `lint` reports.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

from dlteach.notation.names import GREEK_LETTER
from dlteach.notation.tokens import NotationError
from dlteach.values import replaced, value


def cells(text: str) -> int:
    """How many terminal cells a text takes: none for combining marks, two for wide characters."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@value
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


# ---- what LaTeX's commands are -----------------------------------------------------------------

ORD, OP, BIN, REL, OPEN, CLOSE = "ord", "op", "bin", "rel", "open", "close"
PUNCT, SPACE, BIG, FRAC = "punct", "space", "big", "frac"
VULGAR = {"1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/6": "⅙", "1/8": "⅛"}

SYMBOLS: dict[str, tuple[str, str]] = {
    **{name: (letter, ORD) for name, letter in GREEK_LETTER.items()},
    **{name: (sign, BIN) for name, sign in {
        "cdot": "·", "times": "×", "div": "÷", "pm": "±", "mp": "∓", "odot": "⊙", "otimes": "⊗", "oplus": "⊕",
        "circ": "∘", "ast": "∗", "star": "⋆", "cup": "∪", "cap": "∩", "setminus": "∖", "wedge": "∧", "vee": "∨",
    }.items()},
    **{name: (sign, REL) for name, sign in {
        "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡", "sim": "∼",
        "to": "→", "rightarrow": "→", "leftarrow": "←", "mapsto": "↦", "in": "∈", "notin": "∉", "propto": "∝",
        "Rightarrow": "⇒", "Leftrightarrow": "⇔", "iff": "⇔", "implies": "⇒", "ll": "≪", "gg": "≫", "subset": "⊂",
        "mid": "∣", "simeq": "≃", "cong": "≅", "longrightarrow": "⟶", "gets": "←", "lt": "<", "gt": ">",
    }.items()},
    **{name: (sign, ORD) for name, sign in {
        "infty": "∞", "partial": "∂", "nabla": "∇", "ldots": "…", "dots": "…", "cdots": "⋯", "vdots": "⋮",
        "ddots": "⋱", "forall": "∀", "exists": "∃", "ell": "ℓ", "varphi": "φ", "varepsilon": "ε", "vartheta": "ϑ",
        "hbar": "ℏ", "top": "⊤", "prime": "′", "emptyset": "∅", "bullet": "•", "checkmark": "✓", "Vert": "‖",
        "colon": ":", "degree": "°",
    }.items()},
    **{name: (sign, OPEN) for name, sign in {
        "langle": "⟨", "lfloor": "⌊", "lceil": "⌈", "lVert": "‖", "lvert": "|", "{": "{",
    }.items()},
    **{name: (sign, CLOSE) for name, sign in {
        "rangle": "⟩", "rfloor": "⌋", "rceil": "⌉", "rVert": "‖", "rvert": "|", "}": "}",
    }.items()},
    **{name: (sign, ORD) for name, sign in {"%": "%", "$": "$", "&": "&", "#": "#", "_": "_", "|": "‖"}.items()},
}  # fmt: skip
SPACES = {",": " ", ";": " ", ":": " ", " ": " ", "!": "", "quad": "  ", "qquad": "    ", "thinspace": " "}
FUNCTIONS = tuple(
    "sin cos tan sec csc cot sinh cosh tanh coth arcsin arccos arctan exp ln log det dim ker deg gcd arg Pr".split()  # noqa: SIM905
)
LIMITS = {"lim": "lim", "sup": "sup", "inf": "inf", "max": "max", "min": "min", "argmax": "argmax", "argmin": "argmin"}
BIG_SIGNS = {"sum": "∑", "prod": "∏", "int": "∫", "oint": "∮", "bigcup": "⋃", "bigcap": "⋂"}
ACCENTS = {"hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "widetilde": "\u0303",
           "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7"}  # fmt: skip
PLAIN_STYLES = ("mathbf", "boldsymbol", "bm", "mathit", "mathsf", "mathtt", "mathcal", "mathscr", "mathfrak")
DOUBLE_STRUCK = dict(zip("RNZQCEP1", "ℝℕℤℚℂ𝔼ℙ𝟙", strict=True))
IGNORED = (
    "displaystyle",
    "textstyle",
    "limits",
    "nolimits",
    "big",
    "Big",
    "bigl",
    "bigr",
    "Bigl",
    "Bigr",
    "left.",
    "nonumber",
)
SUPER = dict(zip("0123456789+-−=()nixkmabtTduvpL′'*", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱˣᵏᵐᵃᵇᵗᵀᵈᵘᵛᵖᴸ′′*", strict=True))
SUB = dict(zip("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
TALL = {
    "(": "⎛⎜⎝", ")": "⎞⎟⎠", "[": "⎡⎢⎣", "]": "⎤⎥⎦", "|": "│││", "‖": "‖‖‖",
    "⌊": "⎢⎢⎣", "⌋": "⎥⎥⎦", "⌈": "⎡⎢⎢", "⌉": "⎤⎥⎥",
}  # fmt: skip
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[\s]+|[0-9]+(?:\.[0-9]+)?|.", re.DOTALL)


# ---- reading -----------------------------------------------------------------------------------


@value
class Item:
    """One thing in a row: its class (for the space around it), its block, and its one-line form.

    `simple` says that the line needs no brackets as the part of a fraction or a script.
    """

    kind: str
    block: Block
    text: str
    simple: bool = True


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
        if word in "+*":
            return _plain({"*": "∗"}.get(word, word), BIN)
        if word == "-":
            return _plain("−", BIN)
        if word in "=<>":
            return _plain(word, REL)
        if word in ",;":
            return _plain(word, PUNCT)
        if word in "([":
            return _plain(word, OPEN)
        if word in ")]!":
            return _plain(word, CLOSE)
        if word == ":":
            return _plain(word, REL)
        if word in ("}", "&"):
            raise self.error(f"`{word}` has no partner", "remove it")
        return _plain(word, ORD)

    def command(self, name: str) -> Item | None:
        if name in SYMBOLS:
            return _plain(*SYMBOLS[name])
        if name in SPACES:
            return Item(SPACE, line(SPACES[name]), SPACES[name])
        if name in FUNCTIONS:
            return _plain(name, OP)
        if name in LIMITS:
            return self.limits(_plain(LIMITS[name], OP))
        if name in BIG_SIGNS:
            return self.limits(_plain(BIG_SIGNS[name], BIG), beside=name.endswith("int"))
        if name in ACCENTS:
            return self.accent(ACCENTS[name])
        if name in PLAIN_STYLES:
            return self.joined(self.group())
        if name in IGNORED:
            return None
        handler = COMMANDS.get(name)
        if handler is None:
            raise self.error(f"\\{name} is not known here", "use another command or words")
        return handler(self)

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
        text = _spaced_text(items)
        simple = not any(item.kind in (BIN, REL, PUNCT, SPACE) or not item.simple for item in items)
        block = line(text) if self.flat else _spaced_block(items)
        return Item(ORD, block, text, simple and len(items) <= 3)

    def fraction(self) -> Item:
        self.split_digits()
        over, under = self.joined(self.group()), self.joined(self.group())
        text = f"{_bracketed(over)}/{_bracketed(under, strict=True)}"
        if self.flat and text in VULGAR:
            return _plain(VULGAR[text], ORD)
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
            index = _spaced_text(self.row(("]",)))
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
            if word[1:] not in SYMBOLS:
                raise self.error(f"{word} is not a delimiter", "use ( [ | or \\{")
            return SYMBOLS[word[1:]][0]
        return word

    def fence(self, left: str, inner: Item, right: str) -> Item:
        text = f"{left}{inner.text}{right}"
        if self.flat:
            return Item(ORD, line(text), text)
        block = inner.block
        return Item(ORD, _tall(left, block).beside(block).beside(_tall(right, block)), text)

    def accent(self, mark: str) -> Item:
        inner = self.joined(self.group())
        text = inner.text[:1] + mark + inner.text[1:]
        return replaced(inner, block=line(text), text=text) if len(inner.block.rows) == 1 else inner

    def overline(self) -> Item:
        inner = self.joined(self.group())
        if cells(inner.text) == 1:
            return replaced(inner, block=line(inner.text + "\u0304"), text=inner.text + "\u0304")
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
            block = _with_scripts(block, over.block if over else None, under.block if under else None)
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
                sign.kind, _with_scripts(sign.block, over.block if over else None, under.block if under else None), text
            )
        parts = ([over.block] if over else []) + [sign.block] + ([under.block] if under else [])
        return Item(sign.kind, stacked(parts, len(over.block.rows) if over else 0), text)

    def environment(self) -> Item:
        name = self.raw_group()
        if name == "array":
            self.raw_group()
        if name.rstrip("*") not in (
            "cases",
            "matrix",
            "pmatrix",
            "bmatrix",
            "aligned",
            "align",
            "array",
            "gathered",
            "split",
        ):
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
        return self.table(name.rstrip("*"), table)

    def table(self, name: str, table: list[list[Item]]) -> Item:
        aligned = name in ("aligned", "align", "split", "gathered")
        if name == "cases":
            text = "{" + "; ".join(" ".join(item.text for item in row) for row in table) + "}"
        elif aligned:
            text = "; ".join("".join(item.text for item in row) for row in table)
        else:
            text = "[" + "; ".join(" ".join(item.text for item in row) for row in table) + "]"
        if self.flat:
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
                    else _flush_right(item.block, w)
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
            return Item(ORD, _brace(block).beside(line(" ")).beside(block), text)
        fences = {"pmatrix": "()", "bmatrix": "[]"}.get(name, "")
        if fences:
            block = _tall(fences[0], block).beside(block).beside(_tall(fences[1], block))
        return Item(ORD, block, text, False)


COMMANDS: dict[str, Callable[[_Reader], Item]] = {
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


def _plain(text: str, kind: str) -> Item:
    return Item(kind, line(text), text)


def _flush_right(block: Block, width: int) -> Block:
    return Block(tuple(" " * (width - block.width) + row for row in block.rows), block.axis)


def _bracketed(item: Item, strict: bool = False) -> str:
    """The line of a fraction's part, in brackets where it would be read differently."""
    simple = item.simple and not (strict and len(item.text) > 3 and not item.text.endswith((")", "|")))
    return item.text if simple else f"({item.text})"


def _script(item: Item | None) -> str:
    if item is None:
        return ""
    return item.text if cells(item.text) == 1 else f"({item.text})"


def _small(item: Item | None, letters: dict[str, str]) -> str:
    """The script in Unicode's small letters, or "" where one is missing."""
    if item is None or len(item.block.rows) > 1:
        return ""
    text = item.text.replace(" ", "")
    return "".join(letters[c] for c in text) if text and all(c in letters for c in text) else ""


def _with_scripts(base: Block, over: Block | None, under: Block | None) -> Block:
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


def _tall(sign: str, beside: Block) -> Block:
    """A bracket as high as its neighbour."""
    height = len(beside.rows)
    if not sign:
        return Block(("",) * height, beside.axis)
    if height == 1 or sign not in TALL:
        return Block(tuple(sign if i == beside.axis else " " for i in range(height)), beside.axis)
    top, middle, bottom = list(TALL[sign])
    return Block((top, *[middle] * (height - 2), bottom), beside.axis)


def _brace(beside: Block) -> Block:
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


def _gaps(items: Sequence[Item]) -> list[str]:
    """The space before each item, from the classes of the two that meet (TeXbook, ch. 18, in whole cells)."""
    gaps = []
    before: Item | None = None
    for i, item in enumerate(items):
        gap = ""
        if before is not None and SPACE not in (item.kind, before.kind):
            unary = before.kind == BIN and _is_unary(items, i - 1)
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


def _is_unary(items: Sequence[Item], index: int) -> bool:
    before = items[index - 1].kind if index else BIN
    return before in (BIN, REL, OPEN, PUNCT) or (before == SPACE and index == 1)


def _spaced_text(items: Sequence[Item]) -> str:
    gaps = [*_gaps(items), ""]
    text = ""
    for i, item in enumerate(items):
        joins = i + 1 < len(items) and not gaps[i + 1] and items[i + 1].kind in (ORD, OPEN, FRAC)
        text += gaps[i] + (f"({item.text})" if item.kind == FRAC and joins else item.text)
    return text


def _spaced_block(items: Sequence[Item]) -> Block:
    if not items:
        return line("")
    parts = zip(_gaps(items), items, strict=True)
    return abreast([block for gap, item in parts for block in ((line(gap), item.block) if gap else (item.block,))])


# ---- the doors ---------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _items(source: str, flat: bool) -> tuple[Item, ...]:
    reader = _Reader(source, flat)
    items = reader.row(("",))
    return tuple(items)


def inline(source: str) -> str:
    """LaTeX on one line: fractions with a slash, scripts raised where Unicode has them."""
    return _spaced_text(_items(source.strip(), True))


def display(source: str, width: int = 10_000) -> list[Block]:
    """LaTeX in two dimensions, broken before relations and signs where it is wider than `width` cells."""
    items = _items(source.strip(), False)
    whole = _spaced_block(items)
    if whole.width <= width:
        return [whole]
    lines: list[list[Item]] = [[]]
    for index, item in enumerate(items):
        ahead = next((i for i in range(index + 1, len(items)) if items[i].kind in (REL, BIN)), len(items))
        breakable = item.kind == REL or (item.kind == BIN and not _is_unary(items, index))
        if (
            breakable
            and lines[-1]
            and _spaced_block([*lines[-1], *items[index:ahead]]).width > width - 4 * (len(lines) > 1)
        ):
            lines.append([])
        lines[-1].append(item)
    blocks = [_spaced_block(row) for row in lines]
    return [block if i == 0 else line("    ").beside(block) for i, block in enumerate(blocks)]

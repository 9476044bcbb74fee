"""LaTeX as input: its commands become the tokens of the plain notation, or tokens of their own that `TexReader` reads.

So there is one grammar: `\\frac{1}{2}x\\left(1 + \\tanh(x)\\right)` and `1/2*x*(1 + tanh(x))` are one expression.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dlteach.notation.names import BUILTINS, CALCULUS
from dlteach.notation.signs import COMMANDS, GREEK_LETTER, LAYOUT, SPACES

COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
ARGUMENT = re.compile(r"\s*\{((?:[^{}\\]|\\.)*)\}")
SUBSCRIPT = re.compile(r"_(?:\{([A-Za-z0-9, ]+)\}|([A-Za-z0-9]))")

IGNORED = LAYOUT | SPACES.keys() | {"\n", "\t"}
FENCES: Mapping[str, str] = {
    "{": "(", "}": ")", "lbrace": "(", "rbrace": ")", "lbrack": "[", "rbrack": "]", "lvert": "|(", "rvert": ")|",
    "vert": "|", "lfloor": "floor(", "rfloor": ")floor", "lceil": "ceil(", "rceil": ")ceil", "\\": "\\\\",
}  # fmt: skip
OPERATORS: Mapping[str, str] = {
    **FENCES,
    **{c: row.plain for c, row in COMMANDS.items() if row.plain and not row.plain.isalpha()},
}
STRUCTURES = ("frac", "dfrac", "tfrac", "sqrt", "int", "sum")  # read by `TexReader`
NAMED: Mapping[str, str] = {command: row.plain for command, row in COMMANDS.items() if row.plain.isalpha()}
FUNCTIONS: Mapping[str, str] = {
    name: row.name
    for row in BUILTINS.values()
    for name in (row.name, *row.also, row.latex.lstrip("\\"))
    if name.isalpha()
}
UNDER = frozenset(CALCULUS) - {"int", "sum"}  # the words with a variable below them
TEXTS = ("operatorname", "mathrm", "text", "textrm", "mathit", "mathbf", "mathsf", "mathbb")
SETS = {"R": "R", "Z": "integers", "E": "E"}
WORDS = {"else": "otherwise", "where": "for"}


class BadCommand(Exception):
    """A command without a meaning here: the problem and the advice."""


def command(text: str, at: int) -> tuple[list[tuple[str, str]], int]:
    """The tokens, as (kind, text), that the command at a place stands for, and where it ends; raises BadCommand."""
    match = COMMAND.match(text, at)
    if match is None:
        raise BadCommand("a backslash without a command", "write a command such as \\frac")
    name, end = match.group()[1:], match.end()
    if name in IGNORED:
        return [], end
    if name in ("left", "right"):
        return _fence(text, end, name)
    if sign := OPERATORS.get(name):
        return [(sign, sign)], end
    if name in STRUCTURES:
        return [("\\" + name.lstrip("dt"), name)], end
    if name in ("begin", "end"):
        return _environment(text, end, name)
    if name in TEXTS:
        return _text(text, end, name)
    word = name if name in (*GREEK_LETTER, *UNDER) else FUNCTIONS.get(name) or NAMED.get(name)
    if not word:
        raise BadCommand(f"\\{name} has no meaning here", "write it in the plain notation: sqrt(x), Phi(x), a/b")
    return _subscripted(text, end, word)


def _subscripted(text: str, end: int, word: str) -> tuple[list[tuple[str, str]], int]:
    """A name with its subscript: `\\sigma_B`, `\\log_2`."""
    match = SUBSCRIPT.match(text, end)
    if match is None or word in UNDER:
        return [("name", word)], end
    inside = (match.group(1) or match.group(2)).replace(" ", "").replace(",", "_")
    joined = word + inside if word == "log" and inside in ("2", "10") else f"{word}_{inside}"
    return [("name", joined)], match.end()


def _fence(text: str, end: int, side: str) -> tuple[list[tuple[str, str]], int]:
    """`\\left(` is a bracket; `\\left|` is a bar that knows its side."""
    while end < len(text) and text[end].isspace():
        end += 1
    if end < len(text) and text[end] == "|":
        sign = "|(" if side == "left" else ")|"
        return [(sign, sign)], end + 1
    if end < len(text) and text[end] == ".":
        return [], end + 1
    return [], end


def _environment(text: str, end: int, word: str) -> tuple[list[tuple[str, str]], int]:
    match = ARGUMENT.match(text, end)
    if match is None or match.group(1) != "cases":
        raise BadCommand(f"\\{word} is read with cases only", "write \\begin{cases} … \\end{cases}")
    kind = "\\cases" if word == "begin" else "\\endcases"
    return [(kind, kind)], match.end()


def _text(text: str, end: int, kind: str) -> tuple[list[tuple[str, str]], int]:
    """The words of `\\operatorname{…}`, `\\text{…}`, `\\mathbb{…}`."""
    match = ARGUMENT.match(text, end)
    if match is None:
        raise BadCommand(f"\\{kind} needs braces", f"write \\{kind}{{name}}")
    inside = match.group(1).replace("\\_", "_").replace("\\", "").strip()
    if kind == "mathbb":
        return [("name", SETS.get(inside, inside))], match.end()
    if kind == "text":
        return [("name", WORDS.get(word, word)) for word in inside.split()], match.end()
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", inside):
        raise BadCommand(f"\\{kind} holds no name", f"write \\{kind}{{name}}")
    return _subscripted(text, match.end(), FUNCTIONS.get(inside, inside))

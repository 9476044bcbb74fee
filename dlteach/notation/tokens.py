"""From characters to tokens, each with its place in the text as it was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction

from dlteach.errors import DlteachError
from dlteach.notation.signs import FRACTIONS, GREEK, LOWERED, PLAIN, RAISED
from dlteach.values import frozen
from dlteach.visible import on_one_line

LONGEST_TEXT = 10_000
MOST_DIGITS = 400
SHOWN = 60  # characters of the source around a fault


class NotationError(DlteachError):
    """A formula could not be read; `at` is the offset where reading stopped.

    `problem` says what is wrong, `advice` what to do; `str()` lays both out with the source and a caret.
    """

    drawn = True

    def __init__(self, problem: str, source: str, at: int, advice: str = "") -> None:
        super().__init__(problem, source, at, advice)
        self.problem, self.source, self.at, self.advice = problem, source, at, advice

    def line(self) -> str:
        """The error in one line, without the source."""
        return f"{self.problem}, column {self.at + 1}" + (f": {self.advice}" if self.advice else "")

    def __str__(self) -> str:
        start = max(0, min(self.at - SHOWN // 2, len(self.source) - SHOWN))
        piece = self.source[start : start + SHOWN]
        before = "…" if start else ""
        after = "…" if start + SHOWN < len(self.source) else ""
        left = on_one_line(piece[: self.at - start])
        width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in left)
        row = f"{before}{on_one_line(piece)}{after}"
        return f"{on_one_line(self.line())}\n  {row}\n  {' ' * (len(before) + width)}^"


@frozen
class Token:
    """`kind` is "number", "name", "end", or the operator itself; `at` is where it starts in the source."""

    kind: str
    text: str
    at: int
    spaced: bool  # whether white space stands before it


# Everything is read by these tables, nothing by normalisation.
CHARACTERS = {
    **{char: f" {plain} " if plain.isalpha() else plain for char, plain in PLAIN.items() if not char.isascii()},
    **dict.fromkeys("\u00a0\u2009\u202f\u205f\u3000", " "),  # no-break, thin, narrow, mathematical, ideographic
}
SUPERSCRIPTS = {small: char for char, small in RAISED.items() if char != "="}
SUBSCRIPTS = {small: char for char, small in LOWERED.items() if char.isalnum()}
READY_MADE = {drawn: fraction for fraction, drawn in FRACTIONS.items()}
NUMBER = re.compile(r"(?:[0-9]+(?:\.(?!\.)[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
NAME = re.compile(r"[A-Za-z]+[0-9]*(?:_(?:\{[A-Za-z0-9]+\}|[A-Za-z0-9]+))*")
GREEK_NAME = re.compile(rf"[{''.join(GREEK)}](?:_(?:\{{[A-Za-z0-9]+\}}|[A-Za-z0-9]+))?")
OPERATORS = ("**", "<=", ">=", "!=", "~=", "+-", "->", "..", "==")
SINGLE = "+-*/^=<>()[]{}|,;'√∂"


def tokens(source: str) -> list[Token]:
    """Split `source` into tokens, the last of kind "end"; raise NotationError at a character that has no meaning."""
    if len(source) > LONGEST_TEXT:
        problem = f"the expression is too long, {len(source):,} characters where {LONGEST_TEXT:,} are allowed"
        raise NotationError(problem, source, LONGEST_TEXT, "shorten it")
    return list(_tokens(source))


def _tokens(source: str) -> Iterator[Token]:
    text, places = _spelled(source)
    at, spaced = 0, False
    while at < len(text):
        start = at
        char = text[at]
        if char.isspace():
            at, spaced = at + 1, True
            continue
        if char in "\ue000\ue001":  # a bracket that a superscript or a ready-made fraction brought along
            kind, word = ("(" if char == "\ue000" else ")"), char
        elif match := NUMBER.match(text, at):
            kind, word = "number", match.group()
            _check_size(word, source, places[at])
        elif match := NAME.match(text, at) or GREEK_NAME.match(text, at):
            kind, word = "name", match.group()
        elif text.startswith(OPERATORS, at):
            kind = word = next(sign for sign in OPERATORS if text.startswith(sign, at))
        elif char in SINGLE or (char in "_&" and "\\" in text):
            kind = word = char
        elif char == "\\":
            found, end = _command(text, at, source, places[at])
            for kind, word in found:
                yield Token(kind, word, places[start], spaced)
            at, spaced = end, spaced or not found
            continue
        else:
            raise _stranger(source, places[at])
        yield Token(
            {"**": "^", "==": "="}.get(kind, kind), _plain_name(word) if kind == "name" else word, places[start], spaced
        )
        at, spaced = at + len(word), False
    yield Token("end", "", len(source), spaced)


def _command(text: str, at: int, source: str, place: int) -> tuple[list[tuple[str, str]], int]:
    """The tokens of a LaTeX command; the table of commands is loaded when the first one is met."""
    from dlteach.notation.tex import BadCommand, command

    try:
        return command(text, at)
    except BadCommand as problem:
        raise NotationError(problem.args[0], source, place, problem.args[1]) from None


def _spelled(source: str) -> tuple[str, list[int]]:
    """The text with each special character spelled out, and for each of its characters the place in `source`."""
    out: list[str] = []
    places: list[int] = []

    def put(text: str, place: int) -> None:
        out.append(text)
        places.extend([place] * len(text))

    at = 0
    while at < len(source):
        char = source[at]
        run = at
        if char in SUPERSCRIPTS:
            while run < len(source) and source[run] in SUPERSCRIPTS:
                run += 1
            put("^\ue000", at)
            for place in range(at, run):
                put(SUPERSCRIPTS[source[place]], place)
            put("\ue001", run - 1)
        elif char in SUBSCRIPTS:
            while run < len(source) and source[run] in SUBSCRIPTS:
                run += 1
            put("_" + "".join(SUBSCRIPTS[c] for c in source[at:run]), at)
        elif char in READY_MADE:
            put(f"\ue000{READY_MADE[char]}\ue001", at)
        elif char in CHARACTERS:
            put(CHARACTERS[char], at)
        elif "\uff01" <= char <= "\uff5e":  # full-width forms of ASCII
            put(chr(ord(char) - 0xFEE0), at)
        elif "\U0001d400" <= char <= "\U0001d7ff":  # mathematical letters and digits
            put(unicodedata.normalize("NFKC", char), at)
        elif char in "\ue000\ue001":
            raise _stranger(source, at)
        else:
            put(char, at)
        at = max(run, at + 1)
    return "".join(out), places


def _plain_name(word: str) -> str:
    """The ASCII spelling of a name: σ_B is sigma_B, x_{12} is x_12."""
    return GREEK.get(word[0], word[0]) + word[1:].replace("{", "").replace("}", "")


def _check_size(word: str, source: str, at: int) -> None:
    mantissa, _, exponent = word.lower().partition("e")
    if len(mantissa) > MOST_DIGITS or len(exponent) > 5 or abs(int(exponent or 0)) > MOST_DIGITS:
        raise NotationError(f"the number has more than {MOST_DIGITS} digits", source, at, "use a smaller one")


def exact(word: str) -> Fraction:
    """The rational that a number's text denotes."""
    return Fraction(word.rstrip(".") if word.endswith(".") else word)


def _stranger(source: str, at: int) -> NotationError:
    char = source[at]
    name = unicodedata.name(char, f"character U+{ord(char):04X}").lower()
    if char.isalpha():
        latin = _twin(char)
        advice = f"type the Latin letter {latin}" if latin else "names use Latin and Greek letters"
        return NotationError(f"{char} is the {name}, a letter from another script", source, at, advice)
    shown = char if char.isprintable() else f"U+{ord(char):04X}"
    advice = {
        "_": "a name begins with a letter",
        "!": "factorials are not part of the notation",
        '"': "text has no place in a formula",
        "%": "write p/100",
        "@": "for a product write a*b",
        "&": "write conditions with commas",
        ":": "write conditions after `for`",
    }.get(char, "remove it")
    return NotationError(f"{shown} ({name}) has no meaning here", source, at, advice)


def _twin(char: str) -> str:
    """The Latin letter that a Cyrillic, Greek or other letter is easily taken for."""
    twins = dict(
        zip("аеорсухіјѕԁһԛԝАВЕКМНОРСТХІЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxijsdhqwABEKMHOPCTXISABEZHIKMNOPTYX", strict=True)
    )
    return twins.get(char, "")

"""Characters that a terminal obeys, that turn a line round, or that no eye sees; and what may be printed of them."""

import re
import unicodedata

CHARACTERS = {
    "a title": "\x1b]0;OWNED\x07",
    "a screen cleared": "\x1b[2J\x1b[1;1H",
    "colours": "\x1b[8;31m",
    "a link": "\x1b]8;;http://evil.example\x1b\\",
    "a clipboard": "\x1b]52;c;T1dORUQ=\x07",
    "a device string": "\x1bP$q\x1b\\",
    "an 8-bit control sequence": "\x9b2J",
    "8-bit strings": "\x9d0;OWNED\x9c\x90q\x9c",
    "a bell and steps back": "\x07\x08\x08",
    "a line overwritten": "\rOWNED",
    "form feed and vertical tab": "\x0c\x0b",
    "delete": "\x7f",
    "shift out": "\x0e\x0f",
    "a next line": "\x85",
    "line separators": "\u2028\u2029",
    "right to left override": "\u202edenwo\u202c",
    "an isolate": "\u2066\u2067\u2068\u2069",
    "marks of direction": "\u200e\u200f\u061c",
    "nothing to see": "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e",
    "tags": "\U000e0041\U000e007f",
    "annotations": "\ufff9\ufffa\ufffb",
    "a lone surrogate": "\udc9b",
}
EVERYTHING = "".join(CHARACTERS.values())
IN_A_NAME = EVERYTHING.translate({ord(c): "" for c in "/:"})[:60]  # of a file or a folder
SPACES = {char for char in map(chr, range(0x110000)) if unicodedata.category(char) == "Zs"}
SGR = re.compile(r"\x1b\[[0-9;]*m")


def raw(text: str) -> str:
    """The characters of a text that must not be printed, newlines and tabs apart."""
    return "".join(c for c in text if not (c.isprintable() or c in SPACES or c in "\n\t"))

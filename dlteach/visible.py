"""Characters that a terminal takes for commands, or that no eye sees, made visible: `␛`, `⟨U+202E⟩`.

What is printable is Python's `str.isprintable`, which stands on the tables of Unicode: control characters,
directions and joiners that are not seen, lone surrogates and characters that nobody has assigned are not. A newline,
a tab and the spaces of other widths pass.
"""

from __future__ import annotations

SPACES = "\t\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"


def visible(text: str) -> str:
    """The text as it can be shown anywhere; lines stay lines."""
    if text.isprintable():
        return text
    return "\n".join([line if line.isprintable() else "".join(map(_sign, line)) for line in text.split("\n")])


def on_one_line(text: str) -> str:
    """The text as it can be shown, its ends of lines as signs too."""
    return visible(text).replace("\n", "\u240a")


def escaped(document: str) -> str:
    """A JSON document in which such characters are written as JSON escapes, so that its values stay what they are."""
    if document.isprintable():
        return document
    return "\n".join([line if line.isprintable() else "".join(map(_escape, line)) for line in document.split("\n")])


def _sign(char: str) -> str:
    if char.isprintable() or char in SPACES:
        return char
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)  # Unicode has a picture of each
    return "\u2421" if code == 0x7F else f"⟨U+{code:04X}⟩"


def _escape(char: str) -> str:
    if char.isprintable() or char in SPACES:
        return char
    code = ord(char)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"

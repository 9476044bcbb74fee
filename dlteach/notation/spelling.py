"""Signs that a locale has no bytes for, spelled out in ASCII rather than dropped."""

from __future__ import annotations

import unicodedata

from dlteach.notation.signs import PLAIN

SPELLED = {
    **PLAIN, "×": "x", "√": "sqrt", "∂": "d", "∈": " in ", "…": "...", "“": '"', "”": '"', "½": "1/2", "✓": "[ok]",
    "✗": "[x]", "◐": "[~]", "•": "-", "▸": ">", "∼": "~", "§": "see", "∑": "sum", "∫": "int", "←": "<-",
    "⟨": "<", "⟩": ">", "␡": "^?",
}  # fmt: skip


def spelled(text: str) -> str:
    """ASCII for a text."""
    return "".join(map(_spelled, text))


def _spelled(char: str) -> str:
    return char if char.isascii() else SPELLED.get(char) or _by_name(char)


def _by_name(char: str) -> str:
    """ASCII for a character, from its Unicode name: Greek letters, small figures, Braille dots, lines."""
    if "\u2800" <= char <= "\u28ff":
        return " " if char == "\u2800" else "*"
    if "\u2400" <= char < "\u2420":  # the picture of a control character
        return "^" + chr(ord(char) - 0x2400 + 0x40)
    name = unicodedata.name(char, "")
    last = name.rpartition(" ")[2].lower()
    if name.startswith("GREEK"):
        return last.capitalize() if "CAPITAL" in name else last
    if unicodedata.combining(char):
        return {"ACCENT": "^", "MACRON": "_", "TILDE": "~"}.get(name.rpartition(" ")[2], "'")
    small = unicodedata.decomposition(char).rpartition(" ")[2]
    if small and len(small) == 4:
        return ("_" if "SUBSCRIPT" in name else "^" if "SUPERSCRIPT" in name else "") + _spelled(chr(int(small, 16)))
    if name.startswith("BOX DRAWINGS"):
        return "-" if "HORIZONTAL" in name and "VERTICAL" not in name else "|"
    return "|" if "BLOCK" in name else f"<{name.lower()}>"

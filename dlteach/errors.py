"""The one family of errors that a person can mend; `dlteach.cli` prints them in one place."""

from collections.abc import Iterable


class DlteachError(Exception):
    """What is wrong, where, and what to do, in one line."""

    drawn = False  # whether more lines follow that show the place; in others, an end of a line is somebody's text


class TooLong(DlteachError):
    """No answer came in time, or what was to give it has died: nothing is wrong with the input as far as is known."""


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Advice that names the known word `word` was most likely meant to be (swapped letters count as nearest)."""
    from difflib import get_close_matches  # only an error needs it

    close = get_close_matches(word.lower(), list(known), 5, 0.6)
    return (
        f"did you mean {min(close, key=lambda other: sorted(other) != sorted(word.lower()))}?" if close else otherwise
    )

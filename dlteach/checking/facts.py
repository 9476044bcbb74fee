"""What `dlteach doctor` finds: facts with a mark, what to do about those that are wrong, and nobody's name in any."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from dlteach.errors import DlteachError
from dlteach.values import frozen


class State(StrEnum):
    """Whether a fact is as it should be."""

    FINE = "fine"
    NOTE = "note"  # it works, and could be better or is good to know
    WRONG = "wrong"


@frozen
class Fact:
    """One thing that was looked at: what it is called, how it is, and what to do where it is not fine.

    `mend` puts it right where that is safe, and says in lines what it did; it raises DlteachError or OSError.
    """

    what: str
    says: str
    state: State = State.FINE
    advice: str = ""
    mend: Callable[[], Iterable[str]] | None = None


Look = Callable[[], Iterator[Fact]]


def looked(name: str, look: Look) -> list[Fact]:
    """The facts of a section; whatever goes wrong while it is looked at is a fact as well."""
    found: list[Fact] = []
    try:
        found.extend(look())
    except DlteachError as problem:
        found.append(Fact(name, str(problem), State.WRONG))
    except Exception as problem:  # the other sections are still to be seen, whatever is broken in this one
        said = " ".join(str(problem).split())
        found.append(
            Fact(name, f"could not be looked at: {type(problem).__name__}: {said}", State.WRONG, "report this page")
        )
    return found


def private(text: str) -> str:
    """A text that may be shown to strangers: the home folder is `~`, and the user's name in other paths is `USER`."""
    home = _home()
    if len(home) > 1:
        text = re.sub(rf"{re.escape(home)}(?=$|[/\\:;\s'\"`,.)])", "~", text)
    for name in _names(home):
        text = re.sub(rf"(?<=[/\\~]){re.escape(name)}(?![\w-])", "USER", text)
    return text


def _home() -> str:
    try:
        return str(Path.home())
    except (RuntimeError, KeyError):
        return ""


def _names(home: str) -> set[str]:
    """What the user may be called in paths; `root` is nobody's name."""
    known = {os.environ.get(key, "") for key in ("LOGNAME", "USER", "LNAME", "USERNAME")} | {Path(home).name}
    return {name for name in known if len(name) > 1 and name not in ("root", "home")}

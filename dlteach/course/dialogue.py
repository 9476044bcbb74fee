"""What passes between a room that teaches and the screen: things to show, and questions to ask.

An interactive command drives a generator of these values; it receives the learner's answer for each `Ask`
and nothing for what is `Shown`. The same generator runs at a terminal, from a pipe, and in a test.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from dlteach.values import frozen

if TYPE_CHECKING:
    from dlteach.course.functions import Functions
    from dlteach.course.lessons import Course, Lesson
    from dlteach.course.plots import PlotBlock
    from dlteach.notation.names import Names
    from dlteach.notation.tree import Node


class Mark(StrEnum):
    """How feedback begins."""

    RIGHT = "right"
    WRONG = "wrong"
    PARTLY = "partly"
    FOLLOWS = "follows"
    NOTE = "note"


@frozen
class Prose:
    """Markdown with dollar mathematics."""

    text: str


@frozen
class Heading:
    """The name of what comes next."""

    text: str


@frozen
class Feedback:
    """A sentence about an answer."""

    mark: Mark
    text: str


@frozen
class Figures:
    """A table of numbers and words."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@frozen
class Curve:
    """Points to be joined, under a name."""

    name: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]


@frozen
class Chart:
    """Curves over one pair of axes."""

    title: str
    curves: tuple[Curve, ...]


@frozen
class Drawing:
    """Lines of text that keep their shape."""

    title: str
    lines: tuple[str, ...]


@frozen
class Equation:
    """A line of a derivation: `= formula`, with the rule that leads to it."""

    sign: str
    node: Node
    rule: str = ""


@frozen
class Graph:
    """Expressions to be plotted."""

    block: PlotBlock
    functions: Functions


@frozen
class Passage:
    """A part of a lesson's prose, with its living blocks."""

    course: Course
    lesson: Lesson
    text: str


Shown = Prose | Heading | Feedback | Figures | Chart | Drawing | Equation | Graph | Passage


@frozen
class Ask:
    """A question: `options` are numbered, `label` stands before the learner's cursor.

    The answer that comes back is the line as typed; None means that there is no more input.
    """

    text: str
    options: tuple[str, ...] = ()
    label: str = "answer"
    commands: Mapping[str, str] = MappingProxyType({})  # what else may be typed, and what it does
    names: Names | None = None  # for a formula: the names by which it is shown while it is typed
    lines: bool = False  # whether several lines may be entered at once
    pick: bool = False  # whether the answer is one of the options

    def meant(self, answer: str) -> str:
        """The answer; or the command that it says in words, as `hint` says `?` and `quit` or `stop` say `:quit`."""
        if option_of(answer, self.options) is not None:
            return answer
        by_label = {what: command for command, what in self.commands.items()}
        by_name = {command.lstrip(":"): command for command in self.commands}
        return (by_label | by_name).get(_bare(answer), answer)


Dialogue = Generator[Shown | Ask, str | None, None]


def option_of(answer: str, options: Sequence[str]) -> int | None:
    """The option that an answer names: by number, by letter, or by its text."""
    word = _bare(answer)
    if word.isdecimal() and word.isascii() and len(word) < 4:
        index = int(word) - 1
    elif len(word) == 1 and "a" <= word <= "z":
        index = ord(word) - ord("a")
    else:
        index = next((i for i, option in enumerate(options) if _bare(option) == word), -1)
    return index if 0 <= index < len(options) else None


def _bare(text: str) -> str:
    return text.strip().rstrip(".)").casefold()

"""Playing a dialogue in a test: answers in, what was shown out."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from dlteach.course.dialogue import Ask, Equation, Feedback, Heading, Prose
from dlteach.course.functions import Functions
from dlteach.notation.show import show
from dlteach.study.asking import Session
from dlteach.study.opening import in_memory
from dlteach.study.record import Record
from dlteach.study.settings import Settings


class Clock:
    """A clock that a test sets; a millisecond goes by with every look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 10, 12, tzinfo=timezone(timedelta(hours=1)))

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def days(self, count: int) -> None:
        self.now += timedelta(days=count)


@dataclass
class Played:
    """What a dialogue showed and asked, and what it returned."""

    events: list[Any] = field(default_factory=list)
    result: Any = None

    @property
    def text(self) -> str:
        """Everything, one thing a line."""
        return "\n".join(map(_words, self.events))

    @property
    def asked(self) -> list[Ask]:
        return [event for event in self.events if isinstance(event, Ask)]


def play(dialogue: Generator[Any, str | None, Any], answers: Iterable[str] = ()) -> Played:
    """Send the answers one by one; then there is no more input."""
    played, waiting = Played(), iter(answers)
    try:
        event = next(dialogue)
        while True:
            played.events.append(event)
            event = dialogue.send(next(waiting, None) if isinstance(event, Ask) else None)
    except StopIteration as end:
        played.result = end.value
    return played


def session_of(functions: Functions, record: Record | None = None, source: str = "quiz") -> Session:
    ticks = iter(range(10**6))
    own = record if record is not None else in_memory(Clock(), Settings())
    return Session(functions, own, source, clock=lambda: float(15 * next(ticks)))


def _words(event: Any) -> str:
    match event:
        case Feedback(mark, text):
            return f"[{mark}] {text}"
        case Equation(sign, node, rule):
            return f"{sign} {show(node)} [{rule}]"
        case Heading(text) | Prose(text):
            return str(text)
        case Ask(text, _, label):
            return f"{text} {label}>"
    return type(event).__name__

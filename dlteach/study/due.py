"""A card of the schedule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dlteach.study.entries import sum_of
from dlteach.values import fields, frozen


@frozen
class Due:
    """What is known of a card: stability in days, difficulty 1 to 10, and the day on which it is due."""

    card: str
    stability: float
    difficulty: float
    first: date
    last: date
    due: date
    reviews: int
    lapses: int


def row_of_due(due: Due) -> tuple[Any, ...]:
    """The row of the schedule for a card, its check sum last."""
    row = tuple(str(fact) if isinstance(fact, date) else fact for fact in fields(due).values())
    return (*row, sum_of(row))


def due_of(row: Sequence[Any]) -> Due:
    """The card in a row of the schedule."""
    first, last, due = map(date.fromisoformat, row[3:6])
    return Due(row[0], row[1], row[2], first, last, due, row[6], row[7])


def is_as_written(row: Sequence[Any]) -> bool:
    """Whether a row of the schedule fits its check sum."""
    try:
        return bool(row[8] == sum_of(row[:8]))
    except TypeError:  # bytes
        return False

"""A card of the schedule."""

from __future__ import annotations

from datetime import date

from dlteach.values import frozen


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

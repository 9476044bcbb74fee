"""When a question is due again: FSRS on whole days, with a spread of our own that is the same on every machine.

A card's memory follows from its reviews alone (the day and the rating of each), so a schedule can be thrown away and
made again. Model: Free Spaced Repetition Scheduler, version 6 (Ye, Su and Cao 2022, "A Stochastic Shortest Path
Algorithm for Optimizing Spaced Repetition Scheduling"), as implemented by `fsrs`.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache

from fsrs import Card, Rating, Scheduler, State

from dlteach.course.questions import KINDS, Kind
from dlteach.study.due import Due


def rating_of(wrong: int, hints: int, revealed: bool, seconds: float, kind: Kind) -> Rating:
    """The rating that an answer earns: a slip or a hint makes it hard, two make it forgotten; time decides the rest."""
    if revealed or wrong + hints > 1:
        return Rating.Again
    if wrong + hints == 1 or seconds > 4 * KINDS[kind].seconds:
        return Rating.Hard
    return Rating.Easy if seconds < KINDS[kind].seconds / 4 else Rating.Good


def remembered(card: str, reviews: Sequence[tuple[date, int]], retention: float) -> Due | None:
    """The card after reviews (day, rating) in their order; None before the first."""
    scheduler = _scheduler(retention)
    state = Card(card_id=0, due=_noon(date.min))
    for day, rating in reviews:
        state, _ = scheduler.review_card(state, Rating(rating), _noon(day))
    if state.stability is None or state.difficulty is None:
        return None
    last = reviews[-1][0]
    days = _spread((state.due - _noon(last)).days, f"{card} {len(reviews)}")
    lapses = sum(rating == Rating.Again for _, rating in reviews[1:])
    return Due(
        card, state.stability, state.difficulty, reviews[0][0], last, last + timedelta(days=days), len(reviews), lapses
    )


def retrievability(stability: float, last: date, today: date) -> float:
    """The probability that a card is still known."""
    card = Card(card_id=0, state=State.Review, stability=stability, due=_noon(last), last_review=_noon(last))
    return float(_scheduler(0.9).get_card_retrievability(card, _noon(today)))


def _spread(days: int, seed: str) -> int:
    """An interval moved by up to 8 percent, so that what was learned together does not come back together."""
    width = round(0.08 * days) if days >= 7 else 1 if days >= 3 else 0
    return days + random.Random(seed).randint(-width, width)


@cache
def _scheduler(retention: float) -> Scheduler:
    return Scheduler(desired_retention=retention, learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def _noon(day: date) -> datetime:
    """A day as FSRS wants it: elapsed time is then a number of whole days, whatever the hour of the review."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

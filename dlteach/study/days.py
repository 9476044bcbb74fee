"""The days on which answers count, whatever the clock said when they were given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from dlteach.study.entries import Entry

ABROAD = timedelta(days=1)  # a day that may lie ahead of today: of a machine or a journey further east


def reviews(entries: Iterable[Entry], today: date | None = None) -> list[tuple[date, int]]:
    """The days and ratings that count: without what was undone, with the ratings that were changed.

    Given a day, what a clock dated after it does not count. An answer that was given when the clock stood before the
    latest review says so: it counts for that later day, unless that day is the one that has not come.
    """
    log = list(entries)
    undone = {entry.sitting for entry in log if entry.kind == "undo"}
    changed = {entry.sitting: entry.data["rating"] for entry in log if entry.kind == "rate"}
    limit = date.max if today is None else today + ABROAD
    found = []
    for entry in log:
        if entry.rating and entry.sitting not in undone:
            days = [day for text in (entry.day, entry.data.get("since", "")) if (day := _date(text)) and day <= limit]
            if days and _date(entry.day) in days:
                found.append((max(days), changed.get(entry.sitting, entry.rating)))
    return sorted(found, key=lambda review: review[0])


def _date(text: Any) -> date | None:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None

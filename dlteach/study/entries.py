"""A line of the log: what it may hold, how it is kept in a row, and how a row that was altered is found out.

A row carries a check sum over all its other columns. Rows that were written before there were check sums say
`unchecked` in its place; they count if they can be read. What a program of today reads out of `data` has a type;
what it does not know is kept as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from zlib import crc32

from dlteach.values import frozen

NOTHING: Mapping[str, Any] = MappingProxyType({})
UNCHECKED = "unchecked"
YEARS = range(1970, 2200)  # a date outside is no date of an answer, and its sums would overflow
APART = timedelta(days=2)  # at most, between a moment in UTC and the learner's day
HALF = "holds half a character (a lone surrogate)"
DEEPEST = 20  # of values inside one another in `data`


@frozen
class Entry:
    """A line of the log; `id`, `at` and `day` are given by the record when it is noted."""

    card: str
    kind: str
    sitting: str = ""
    verdict: str = ""
    rating: int = 0
    data: Mapping[str, Any] = NOTHING
    id: str = ""
    at: str = ""
    day: str = ""


FIELDS = {"id": str, "at": str, "day": str, "card": str, "sitting": str, "kind": str, "verdict": str, "rating": int}
COLUMNS = "card, kind, sitting, verdict, rating, data, id, at, day, sum"  # of a row, in the order used here
TYPES = (str, str, str, str, int, str, str, str, str, str)

Row = Sequence[Any]


class Unfit(ValueError):
    """This is no entry; `str()` says why, in words that follow a place and a colon."""


def row_of(entry: Entry) -> tuple[Any, ...]:
    """The columns of an entry, its check sum last; characters that no file can hold are replaced."""
    values: tuple[Any, ...] = (
        entry.card, entry.kind, entry.sitting, entry.verdict, int(entry.rating), _written(dict(entry.data)),
        entry.id, entry.at, entry.day,
    )  # fmt: skip
    values = tuple(encodable(value) if isinstance(value, str) else value for value in values)
    return (*values, sum_of(values))


def sum_of(values: Sequence[Any]) -> str:
    """The check sum of columns: CRC-32, which misses no change of up to three bits in rows of this size."""
    return f"{crc32(_written(values).encode('utf-8', 'surrogatepass')):08x}"


def entry_of(row: Row) -> Entry:
    """The entry in a row; raises Unfit where it was altered or cannot be read."""
    if tuple(map(type, row)) != TYPES:
        raise Unfit("a column is missing or of the wrong type")
    if row[9] != UNCHECKED and row[9] != sum_of(row[:9]):
        raise Unfit("it does not fit its check sum")
    card, kind, sitting, verdict, rating, data, identity, at, day, _ = row
    return checked(
        {
            "id": identity, "at": at, "day": day, "card": card, "sitting": sitting, "kind": kind, "verdict": verdict,
            "rating": rating,
        },
        read_json(data),
    )  # fmt: skip


def is_entry(row: Row) -> bool:
    """Whether a row is as it was written."""
    try:
        entry_of(row)
        return True
    except Unfit:
        return False


def parted(rows: Sequence[Row]) -> tuple[list[Entry], list[Row]]:
    """The entries of rows, and the rows that are none."""
    found: list[Entry] = []
    bad: list[Row] = []
    for row in rows:
        try:
            found.append(entry_of(row))
        except Unfit:
            bad.append(row)
    return found, bad


def checked(fields: Mapping[str, Any], data: Any) -> Entry:
    """The entry that has these fields and facts; raises Unfit for the first that is wrong."""
    for name, kind in FIELDS.items():
        if type(fields.get(name)) is not kind:
            raise Unfit(f"`{name}` is missing or of the wrong type")
        if kind is str and not _whole(fields[name]):
            raise Unfit(f"`{name}` {HALF}")
    if not fields["id"] or not fields["card"] or not 0 <= fields["rating"] <= 4:
        raise Unfit("an entry has an id, a card and a rating from 0 to 4")
    at = _moment(fields["at"], fields["day"])
    if type(data) is not dict:
        raise Unfit("`data` is missing or of the wrong type")
    for name, fact in data.items():
        fits = FACTS.get(name)
        if not _whole(name):
            raise Unfit(f"a name in `data` {HALF}")
        if not (fits(fact) if fits else _plain(fact)):
            raise Unfit(f"`{name[:60]}` in `data` is of the wrong type")
    if fields["kind"] == "rate" and "rating" not in data:
        raise Unfit("`rating` in `data` is missing")
    return Entry(data=data, **{**{name: fields[name] for name in FIELDS}, "at": at})


def read_json(text: str) -> Any:
    """What a JSON text says; raises Unfit where it is none, or says what no file should."""
    try:
        text.encode()
        return _READ(text)
    except UnicodeEncodeError:
        raise Unfit(f"`data` {HALF}") from None
    except (ValueError, RecursionError):
        raise Unfit("it is not JSON") from None


def _moment(at: str, day: str) -> str:
    """A moment in UTC as rows have it; raises Unfit, also where the learner's day is another one."""
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("no time zone")
        moment = moment.astimezone(UTC)
        learners = date.fromisoformat(day)
        apart = abs(learners - moment.date())
    except (ValueError, OverflowError) as problem:
        raise Unfit(f"the time cannot be read ({problem})") from None
    if moment.year not in YEARS or learners.year not in YEARS:
        raise Unfit(f"the time cannot be read (no year from {YEARS[0]} to {YEARS[-1]})")
    if apart > APART:
        raise Unfit(f"the time cannot be read (the day {day} is not that of {at})")
    return moment.isoformat(timespec="microseconds")


# ---- the facts of an entry --------------------------------------------------------------------------


def _text(fact: Any) -> bool:
    return type(fact) is str and _whole(fact)


def _texts(fact: Any) -> bool:
    return type(fact) is dict and all(_whole(key) and _text(value) for key, value in fact.items())


def _count(fact: Any) -> bool:
    return type(fact) is int and 0 <= fact <= 10_000


def _seconds(fact: Any) -> bool:
    return type(fact) in (int, float) and 0 <= fact <= 10**9


def _rating(fact: Any) -> bool:
    return type(fact) is int and 1 <= fact <= 4


def _day(fact: Any) -> bool:
    try:
        return type(fact) is str and date.fromisoformat(fact).year in YEARS
    except ValueError:
        return False


def _plain(fact: Any, depth: int = 0) -> bool:
    """Whether a fact of a later version can be kept and written again."""
    if type(fact) is dict:
        return depth < DEEPEST and all(_whole(key) and _plain(value, depth + 1) for key, value in fact.items())
    if type(fact) is list:
        return depth < DEEPEST and all(_plain(value, depth + 1) for value in fact)
    if type(fact) is str:
        return _whole(fact)
    return fact is None or type(fact) in (bool, int) or abs(fact) <= 1e308


def _whole(text: str) -> bool:
    """Whether a text has no halves of characters."""
    return text.isascii() or encodable(text) == text


FACTS: Mapping[str, Callable[[Any], bool]] = {
    "answer": _text, "line": _text, "mistake": _text, "pad": _text, "part": _text, "rules": _text, "source": _text,
    "variant": _text, "slips": _texts, "stage": _count, "seconds": _seconds, "rating": _rating, "since": _day,
}  # fmt: skip


def encodable(text: str) -> str:
    """The text with `?` for halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode() if any("\ud800" <= c <= "\udfff" for c in text) else text


def _no_number(name: str) -> Any:
    raise ValueError(name)


_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
_READ = json.JSONDecoder(parse_constant=_no_number).decode

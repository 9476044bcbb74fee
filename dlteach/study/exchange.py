"""A record as JSON lines, one entry a line, and back: what is there already is known by its id.

Every line is checked at the door, for what is in the log is read for ever after.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from dlteach.errors import DlteachError
from dlteach.study.entries import FIELDS, Entry, Unfit, checked, read_json
from dlteach.visible import escaped

LONGEST = 1_000_000  # characters of a line
HOPELESS = 10_000  # lines without an entry, after which nothing is expected any more
NO_EXPORT = "no line is an entry: write it with `dlteach export progress FILE`"

Refuse = Callable[[str], None]


def written(entries: Iterable[Entry]) -> Iterator[str]:
    """The entries as lines; the facts of an entry stand under `data`."""
    for entry in entries:
        facts = {**{key: getattr(entry, key) for key in FIELDS}, "data": dict(entry.data)}
        yield escaped(json.dumps(facts, ensure_ascii=False))


def raised(problem: str) -> None:
    """Refuse a line by refusing them all."""
    raise DlteachError(problem)


def read(lines: Iterable[str], source: str, refuse: Refuse = raised) -> Iterator[Entry]:
    """The entries of an export, one at a time; `refuse` is told of a line that is none, by its number.

    Raises DlteachError where so many lines hold none that this is no export.
    """
    found = False
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _entry(line)
                found = True
            except Unfit as problem:
                refuse(f"{source}:{number}: {problem}: export the record again")
        if number > HOPELESS and not found:
            raise DlteachError(f"{source}: {NO_EXPORT}")


def _entry(line: str) -> Entry:
    if len(line) > LONGEST:
        raise Unfit(f"this is no line of an export, it has more than {LONGEST:,} characters")
    try:
        row = read_json(line)
    except Unfit as problem:
        raise Unfit(f"this is no line of an export, {problem}") from None
    if not isinstance(row, dict):
        raise Unfit("this is no line of an export")
    data = row.get("data", {})
    if isinstance(data, dict):
        data = {**data, **{key: fact for key, fact in row.items() if key not in FIELDS and key != "data"}}  # later ones
    return checked(row, data)

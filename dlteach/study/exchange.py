"""A record as JSON lines, one entry a line, and back: what is there already is known by its id."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from dlteach.errors import DlteachError
from dlteach.study.record import Entry

FIELDS = {"id": str, "at": str, "day": str, "card": str, "sitting": str, "kind": str, "verdict": str, "rating": int}
LONGEST = 1_000_000  # characters of a line


def written(entries: Iterable[Entry]) -> Iterator[str]:
    """The entries as lines; the facts of an entry stand under `data`."""
    for entry in entries:
        yield json.dumps({**{key: getattr(entry, key) for key in FIELDS}, "data": dict(entry.data)}, ensure_ascii=False)


def read(lines: Iterable[str], source: str) -> list[Entry]:
    """The entries of an export; raises DlteachError with the line of the first that is none."""
    return [_entry(line, f"{source}:{number}") for number, line in enumerate(lines, start=1) if line.strip()]


def _entry(line: str, where: str) -> Entry:
    try:
        row: Any = json.loads(line) if len(line) <= LONGEST else None
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise DlteachError(f"{where}: this is no line of an export: write it with `dlteach export progress FILE`")
    for key, kind in FIELDS.items():
        if not isinstance(row.get(key), kind) or isinstance(row[key], bool):
            raise DlteachError(f"{where}: `{key}` is missing or of the wrong type: export the record again")
    try:
        date.fromisoformat(row["day"])
        at = datetime.fromisoformat(row["at"])
        if at.tzinfo is None:
            raise ValueError("no time zone")
        row["at"] = at.astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError) as problem:
        raise DlteachError(f"{where}: the time cannot be read ({problem}): export the record again") from None
    if not row["id"] or not row["card"] or not 0 <= row["rating"] <= 4:
        raise DlteachError(f"{where}: an entry has an id, a card and a rating from 0 to 4: export the record again")
    data = row.get("data", {})
    more = {key: fact for key, fact in row.items() if key not in FIELDS and key != "data"}  # of a later version
    if not isinstance(data, dict) or (row["kind"] == "rate" and data.get("rating") not in (1, 2, 3, 4)):
        raise DlteachError(f"{where}: `data` is of the wrong type: export the record again")
    return Entry(data={**data, **more}, **{key: row[key] for key in FIELDS})

"""A damaged record made whole: what can be read of it, and what the backups have beside that.

Identity makes joining safe: an entry is the same everywhere, and nothing ever leaves the log. The damaged file is
kept under another name; the new one takes its place in one step.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from dlteach.study.backups import check, identity, ours, reading, rows
from dlteach.study.carving import Carved, carve
from dlteach.study.entries import COLUMNS, UNCHECKED, Row
from dlteach.study.layouts import LAYOUTS, Trouble, Unreadable, connected, lay_out
from dlteach.system.outputs import make_private
from dlteach.values import frozen

SIDECARS = ("-wal", "-shm")


@frozen
class Salvage:
    """What is left of a record: its entries, what cannot be read, and where they come from."""

    rows: tuple[Row, ...]
    bad: tuple[str, ...]  # raw, as JSON
    total: int  # entries that there must have been
    read: int  # of them, from the file itself
    restored: int  # of them, from backups
    sources: tuple[str, ...]  # names of the backups
    record: str
    places: tuple[Row, ...]
    aside: tuple[Row, ...]

    def __str__(self) -> str:
        said = f"{self.read:,} of {self.total:,} entries could be read"
        if self.restored:
            source = "backups" if len(self.sources) > 1 else "backup"
            said += f", {self.restored:,} more came from the {source} {' and '.join(self.sources)}"
        if lost := self.total - self.read - self.restored:
            left = ": what is left of them is set aside" if self.bad else ""
            said += f", {lost:,} could not{left}"
        return said


def finish(path: Path, now: datetime) -> Path | None:
    """Put a file that was made whole in the place of the damaged one; returns under what name that is kept."""
    whole = whole_of(path)
    if not whole.is_file():
        return None
    kept = _free(path, now)
    for end in ("", *SIDECARS):
        with suppress(FileNotFoundError):
            beside = path.with_name(path.name + end)
            target = kept.with_name(kept.name + end)
            _linked(beside, target) if not end else beside.rename(target)
    whole.replace(path)
    return kept


def whole_of(path: Path) -> Path:
    """The file that is to take the place of a damaged one: complete as soon as it is there."""
    return path.with_suffix(".whole")


def make_whole(path: Path, found: Salvage, layouts: Sequence[str] = LAYOUTS) -> None:
    """Write what was salvaged to the file that takes the place of the damaged one; raises OSError, sqlite3.Error."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    draft.unlink(missing_ok=True)
    try:
        make_private(draft)
        with closing(connected(str(draft))) as db:
            db.execute("PRAGMA synchronous = FULL")
            fill(db, found, layouts)
        draft.replace(whole_of(path))
    finally:
        for end in ("", "-journal"):
            draft.with_name(draft.name + end).unlink(missing_ok=True)


def fill(db: sqlite3.Connection, found: Salvage, layouts: Sequence[str] = LAYOUTS) -> None:
    """Lay out an empty database and write what was salvaged."""
    lay_out(db, layouts)
    marks = ", ".join("?" * len(COLUMNS.split(",")))
    now = datetime.now().astimezone().isoformat()
    db.execute("BEGIN")
    db.executemany(f"INSERT OR IGNORE INTO log ({COLUMNS}) VALUES ({marks})", found.rows)
    db.executemany("INSERT OR IGNORE INTO place (key, at, data, sum) VALUES (?, ?, ?, ?)", found.places)
    aside = [*found.aside, *((now, "damaged", row) for row in found.bad)]
    db.executemany("INSERT INTO aside (at, why, row) VALUES (?, ?, ?)", aside)
    if found.record:
        db.execute("INSERT OR REPLACE INTO meta VALUES ('record', ?)", (found.record,))
    db.execute("COMMIT")


def salvage(path: Path, backups: Path) -> Salvage:
    """What can be read of a record, joined with what its backups have; nothing is written. Raises OSError."""
    carved = carve(path) if path.is_file() else Carved((), (), 0)
    own = {row[6]: row for row in sorted(carved.good, key=lambda row: row[9] != UNCHECKED)}
    record, places, aside = _beside(path)
    everything, sources = dict(own), []
    for file, good in _copies(backups):
        if not good and own and carved.last <= len(everything) and not carved.bad:
            continue  # nothing is missing that it could have
        theirs, held = _held_by(file, good)
        if record and theirs and record != theirs and not any(row[6] in everything for row in held):
            continue  # of another record
        missing = 0
        for row in held:
            mine = everything.get(row[6])
            if mine is None or (good and mine[9] == UNCHECKED and mine[:9] != row[:9]):
                everything[row[6]] = row
                missing += 1
        if missing:
            sources.append(file.stem)
        record = record or theirs
    read = sum(everything[name] == row for name, row in own.items())
    return Salvage(
        tuple(sorted(everything.values(), key=lambda row: (row[7], row[6]))),
        tuple(json.dumps(row, default=repr) for row in carved.bad), max(len(everything), carved.last),
        read, len(everything) - read, tuple(sources), record, places, aside,
    )  # fmt: skip


def _copies(folder: Path) -> list[tuple[Path, bool]]:
    """The backups and whether each is good: those first, the one with the most entries before the others."""
    found = []
    for file in ours(folder):
        try:
            found.append((check(file), file))
        except Unreadable:
            found.append((-1, file))
    return [(file, count >= 0) for count, file in sorted(found, key=lambda pair: -pair[0])]


def _held_by(file: Path, good: bool) -> tuple[str, Sequence[Row]]:
    """Which record a backup is of, and its entries: of one that is not good, those that can be read."""
    with suppress(*Trouble, OSError, Unreadable), reading(file) as db:
        record = identity(db)
        return record, list(rows(db)) if good else carve(file).good
    with suppress(OSError):
        return "", carve(file).good
    return "", ()


def _beside(path: Path) -> tuple[str, tuple[Row, ...], tuple[Row, ...]]:
    """What stands beside the log, as far as SQLite can read it: identity, places, and what was set aside before."""
    found: dict[str, tuple[Row, ...]] = {}
    record = ""
    with suppress(*Trouble, OSError, Unreadable), reading(path) as db:
        record = identity(db)
        for name, count in (("place", 4), ("aside", 3)):
            with suppress(*Trouble):
                every = db.execute(f"SELECT * FROM {name}").fetchall()
                found[name] = tuple(row for row in every if tuple(map(type, row)) == (str,) * count)
    return record, found.get("place", ()), found.get("aside", ())


def _free(path: Path, now: datetime) -> Path:
    """A name under which nothing is kept yet."""
    kept = path.with_name(f"record-{now:%Y-%m-%d-%H%M%S}.sqlite")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"record-{now:%Y-%m-%d-%H%M%S}-{number}.sqlite")
    return kept


def _linked(path: Path, target: Path) -> None:
    """Give a file a second name; where the system has no links, it is renamed."""
    try:
        target.hardlink_to(path)
    except OSError:
        path.rename(target)

"""How the record is: what `dlteach doctor` shows of it, and what can safely be put right."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dlteach.errors import DlteachError
from dlteach.study.backups import CHECKED_SINCE, backups_of, check, drafts, ours, rows
from dlteach.study.backups import told as told_of
from dlteach.study.entries import UNCHECKED, Unfit, entry_of
from dlteach.study.layouts import LAYOUTS, Newer, Trouble, Unreadable, check_layout, connected, is_damage, version_of
from dlteach.study.locks import in_use
from dlteach.study.opening import lock_of, mend_record, nothing_at, record_file
from dlteach.study.record import ABROAD
from dlteach.study.settings import Settings, study_day
from dlteach.system.homes import config_home
from dlteach.system.outputs import is_open_to_others, tighten
from dlteach.values import frozen


@frozen
class BackupHealth:
    """One daily copy: how many entries it has, and what is wrong with it (empty where it is good)."""

    name: str
    entries: int
    problem: str = ""


@frozen
class Health:
    """What there is to know of a record; counts are 0 and texts empty where there is nothing to say."""

    path: str
    problem: str = ""  # why it cannot be read as it stands; what is wrong, in one sentence
    exists: bool = False
    size: int = 0  # bytes, with what stands in the log that SQLite keeps beside it
    layout: int = 0
    newest_layout: int = 0  # that this version writes
    newer: bool = False  # whether a later version wrote it, for which it is kept as it is
    entries: int = 0  # all that could be read, the bad ones left out
    unchecked: int = 0  # of them: written before entries had a check sum
    bad: int = 0  # that do not fit their check sum or cannot be read; the next writing command sets them aside
    aside: int = 0  # that were set aside before
    future: int = 0  # cards that were answered on a day later than today
    busy: bool = False  # whether another session has it open
    backups: tuple[BackupHealth, ...] = ()  # the latest first
    open_to_others: tuple[str, ...] = ()  # files and folders that other users of the machine may read
    strays: tuple[str, ...] = ()  # left by sessions that were killed, safe to remove


def health(clock: Callable[[], datetime], settings: Settings) -> Health:
    """The state of the record; nothing is written, and whatever is wrong is said in the value."""
    path = record_file()
    facts: dict[str, Any] = {
        "newest_layout": len(LAYOUTS), "busy": in_use(lock_of(path)),
        "backups": tuple(_backup(file) for file in ours(backups_of(path))),
        "open_to_others": tuple(str(file) for file in _private(path) if is_open_to_others(file)),
        "strays": tuple(str(file) for file in strays(path)),
    }  # fmt: skip
    try:
        if nothing_at(path):
            return Health(str(path), **facts)
        facts |= {"exists": True, "size": sum(f.stat().st_size for f in _sidecars(path) if f.is_file())}
        return Health(str(path), **{**facts, **_looked_through(path, study_day(clock(), settings.day_ends))})
    except Newer as problem:
        return Health(str(path), **{**facts, "problem": str(problem), "newer": True})
    except (DlteachError, Unreadable, OSError) as problem:
        return Health(str(path), **{**facts, "problem": str(problem)})
    except Trouble as problem:
        said = "is damaged" if is_damage(problem) else f"cannot be read ({problem})"
        return Health(str(path), **{**facts, "problem": said})


def mended(clock: Callable[[], datetime], settings: Settings) -> tuple[str, ...]:
    """Put right what is safe: what is bad is set aside, files are made private, strays go; a line for each.

    Raises DlteachError where another session has the record open or the folder cannot be written.
    """
    told: list[str] = []
    path = record_file()
    if not health(clock, settings).newer and (not nothing_at(path) or ours(backups_of(path))):
        told += mend_record(clock, settings)
    told += [f"{file} is for you alone now" for file in _private(path) if tighten(file)]
    for file in strays(path):
        with suppress(OSError):
            file.unlink()
            told.append(f"{file} is removed")
    return tuple(told)


def strays(path: Path) -> list[Path]:
    """What sessions left that were killed, now or with an earlier version."""
    left = [*path.parent.glob(f"{path.name}.*.part*"), *path.parent.glob("record.suspect")]
    return [*left, *drafts(backups_of(path))]


def only_read(path: Path) -> sqlite3.Connection:
    """A record's database, to be looked at: without a session that has it open, nothing is written beside it."""
    wal = path.with_name(path.name + "-wal")
    how = "mode=ro" if wal.exists() else "mode=ro&immutable=1"
    return connected(f"{path.absolute().as_uri()}?{how}")


def _looked_through(path: Path, today: date) -> dict[str, Any]:
    """What the rows of a file say; raises sqlite3.Error and Unreadable for one that is damaged as a whole."""
    counts: Counter[str] = Counter()
    with closing(only_read(path)) as db:
        layout = version_of(db)
        check_layout(db)
        for row in rows(db):
            try:
                entry_of(row)
                counts["entries"] += 1
                counts["unchecked"] += row[9] == UNCHECKED
            except Unfit:
                counts["bad"] += 1
        if layout >= CHECKED_SINCE:
            counts["aside"] = db.execute("SELECT count(*) FROM aside").fetchone()[0]
        ahead = db.execute("SELECT count(*) FROM schedule WHERE last > ?", (str(today + ABROAD),))
        counts["future"] = ahead.fetchone()[0]
        sound = db.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
    return {**counts, "layout": layout, "problem": "" if sound and not counts["bad"] else "is damaged"}


def _backup(file: Path) -> BackupHealth:
    try:
        return BackupHealth(file.name, check(file))
    except Unreadable as problem:
        found = told_of(file)
        return BackupHealth(file.name, found.entries if found else 0, str(problem))


def _private(path: Path) -> list[Path]:
    """What is a learner's own, as far as it is there."""
    home = [path.parent, config_home() / "config.toml", path.with_name("history"), lock_of(path)]
    return list(dict.fromkeys([*home, *_sidecars(path), backups_of(path), *ours(backups_of(path))]))


def _sidecars(path: Path) -> list[Path]:
    return [path.with_name(path.name + end) for end in ("", "-wal", "-shm")]

"""Opening the record's file: layouts, daily backups, and setting aside what cannot be read.

All of it happens under a lock, so that two sessions that start together do it once. Trouble is told at the start,
before a learner has spent an hour on answers.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from dlteach.course.files import data_home
from dlteach.errors import DlteachError
from dlteach.study.record import LAYOUTS, Record, is_corrupt, suspicion
from dlteach.study.settings import Settings, study_day

APPLICATION = 0x646C7465  # "dlte", in the file's header
BUSY = 15_000  # milliseconds to wait for another session
BACKUPS = 7  # daily copies that are kept
ROOM = 1024**2  # bytes that must be free on the disk
SIDECARS = ("", "-wal", "-shm")

Tell = Callable[[str], None]


class Unreadable(Exception):
    """The file is damaged, of a newer version, or something else; `str()` says which."""


def record_file() -> Path:
    """Where the record is."""
    return data_home() / "record.sqlite"


def in_memory(clock: Callable[[], datetime], settings: Settings) -> Record:
    """A record that is forgotten at the end."""
    db = _connected(":memory:")
    _lay_out(db, LAYOUTS)
    return Record(db, clock, settings)


def open_to_read(clock: Callable[[], datetime], settings: Settings, tell: Tell) -> Record:
    """The record as far as it can be had; an empty one where there is none."""
    path = record_file()
    if not path.is_file():
        return in_memory(clock, settings)
    try:
        return open_record(clock, settings, tell, probe=False)
    except DlteachError as problem:
        with suppress(sqlite3.Error):
            db = _connected(f"file:{path}?mode=ro&immutable=1")
            _check(db, LAYOUTS)
            return Record(db, clock, settings)
        raise problem


def open_record(
    clock: Callable[[], datetime],
    settings: Settings,
    tell: Tell,
    layouts: Sequence[str] = LAYOUTS,
    probe: bool = True,
) -> Record:
    """The record, made if there is none; raises DlteachError where answers could not be kept.

    With `probe` it is written to at once, which shows that it can be, and backed up once a day. What was done on
    the way (a damaged file set aside, a backup put in its place) goes to `tell`, in a line each.
    """
    path = record_file()
    today = study_day(clock(), settings.day_ends).isoformat()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.with_suffix(".lock")):
            try:
                db = _opened(path, today, layouts, probe)
            except Unreadable as problem:
                tell(_set_aside(path, str(problem), clock()))
                db = _opened(path, today, layouts, probe)
        if probe and shutil.disk_usage(path.parent).free < ROOM:
            raise OSError(0, "the disk is full")
    except (OSError, sqlite3.Error) as problem:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        raise DlteachError(
            f"{path}: answers could not be kept there ({reason}): make room or make the folder writable, "
            "set DLTEACH_HOME to another one, or go on with --no-record"
        ) from None
    record = Record(db, clock, settings)
    record.refresh()
    return record


def _connected(path: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=BUSY / 1000, isolation_level=None, uri=path.startswith("file:"))
    db.execute(f"PRAGMA busy_timeout = {BUSY}")
    return db


def _opened(path: Path, today: str, layouts: Sequence[str], probe: bool) -> sqlite3.Connection:
    """The database in its newest layout; raises Unreadable."""
    existed = path.is_file() and path.stat().st_size > 0
    with ExitStack() as unless_opened:
        db = _connected(str(path))
        unless_opened.callback(db.close)
        try:
            _make_ready(db, path, today, layouts, probe, existed)
        except sqlite3.Error as problem:
            if is_corrupt(problem):
                raise Unreadable("is damaged") from None
            raise
        unless_opened.pop_all()
    return db


def _make_ready(
    db: sqlite3.Connection, path: Path, today: str, layouts: Sequence[str], probe: bool, existed: bool
) -> None:
    """Check, migrate, probe and back up; raises Unreadable."""
    if existed:
        _check(db, layouts)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    done = db.execute("PRAGMA user_version").fetchone()[0]
    if existed and done < len(layouts):
        _back_up(db, path, f"{today}-layout-{done}")
    _lay_out(db, layouts)
    if probe:
        db.execute("INSERT OR REPLACE INTO meta VALUES ('opened', ?)", (today,))
    fresh = probe and existed and not (path.parent / "backups" / f"{today}.sqlite").exists()
    if (fresh or suspicion(path).exists()) and db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise Unreadable("is damaged")
    suspicion(path).unlink(missing_ok=True)
    if fresh:
        _back_up(db, path, today)


def _check(db: sqlite3.Connection, layouts: Sequence[str]) -> None:
    """Whether this is a record of this version or an older one; raises Unreadable."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    owner = db.execute("PRAGMA application_id").fetchone()[0]
    tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and owner != APPLICATION:
        raise Unreadable("is no record of dlteach")
    if version > len(layouts):
        raise Unreadable(f"was written by a newer dlteach (layout {version}; this one reads {len(layouts)})")


def _lay_out(db: sqlite3.Connection, layouts: Sequence[str]) -> None:
    """Bring the file to the newest layout, one change a transaction."""
    done = db.execute("PRAGMA user_version").fetchone()[0]
    for version, change in enumerate(layouts[done:], start=done + 1):
        stamp = f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {version}"
        db.executescript(f"BEGIN IMMEDIATE; {change}; {stamp}; COMMIT;")


def _back_up(db: sqlite3.Connection, path: Path, name: str) -> None:
    """A copy among the backups, complete or not there at all; the oldest of too many go."""
    folder = path.parent / "backups"
    folder.mkdir(exist_ok=True)
    draft = folder / f"{name}.{os.getpid()}.part"
    with closing(sqlite3.connect(draft)) as copy:
        db.backup(copy)
    draft.replace(folder / f"{name}.sqlite")
    for old in sorted(folder.glob("*.sqlite"))[:-BACKUPS]:
        old.unlink()


def _set_aside(path: Path, what: str, now: datetime) -> str:
    """Rename a file that cannot be used, put the newest good backup in its place, and say so in a line."""
    kept = path.with_name(f"record-{now:%Y-%m-%d-%H%M%S}.sqlite")
    for end in SIDECARS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(kept.with_name(kept.name + end))
    advice = "update dlteach and rename it back" if "newer" in what else "`dlteach import` takes an export of it"
    for backup in sorted((path.parent / "backups").glob("*.sqlite"), reverse=True):
        if "newer" not in what and _is_good(backup):
            shutil.copyfile(backup, path)
            return f"{path} {what}: it is kept as {kept.name}, and the backup {backup.name} takes its place"
    return f"{path} {what}: it is kept as {kept.name}, and a new one is begun: {advice}"


def _is_good(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            _check(db, LAYOUTS)
            return bool(db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except (sqlite3.Error, Unreadable):
        return False


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time; where the system has no file locks, SQLite's own must do."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with path.open("a") as handle:
        deadline = time.monotonic() + BUSY / 1000
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
        yield

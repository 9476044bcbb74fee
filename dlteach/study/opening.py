"""Opening the record's file: locks, layouts, daily backups, and making whole what is damaged.

Trouble is told at the start, before a learner has spent an hour on answers. Whatever is done to the file as a whole
is done by one session at a time, and nothing takes its place while another session has it open.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from dlteach.errors import DlteachError
from dlteach.study.backups import back_up, backups_of, check_rows, ours
from dlteach.study.carving import carve_log
from dlteach.study.entries import YEARS, Row
from dlteach.study.layouts import (
    LAYOUTS,
    Newer,
    Trouble,
    Unreadable,
    check_layout,
    connected,
    is_damage,
    lay_out,
    version_of,
)
from dlteach.study.locks import InUse, Lock, in_use
from dlteach.study.record import Record
from dlteach.study.recovery import fill, finish, make_whole, salvage, whole_of
from dlteach.study.settings import Settings, study_day
from dlteach.system.homes import data_home
from dlteach.system.outputs import make_folder, make_private, tighten

ROOM = 1024**2  # bytes that must be free on the disk
OURS = ("backups", "cache", "verdicts", "history", "config.toml", "crash.log")  # beside the record, in its folder
MANY = 200  # files in a folder that can still be a learner's own

Tell = Callable[[str], None]
Clock = Callable[[], datetime]


def record_file() -> Path:
    """Where the record is."""
    return data_home() / "record.sqlite"


def lock_of(path: Path) -> Path:
    """The file on which the sessions of a record agree."""
    return path.resolve().with_suffix(".lock")


def in_memory(clock: Clock, settings: Settings, tell: Tell = lambda _: None) -> Record:
    """A record that is forgotten at the end."""
    db = connected(":memory:")
    lay_out(db)
    return Record(db, clock, settings, tell)


def open_to_read(clock: Clock, settings: Settings, tell: Tell) -> Record:
    """The record as far as it can be had; an empty one where there is none. Raises DlteachError."""
    path = record_file()
    with _told(path):
        if nothing_at(path) and not ours(backups_of(path)):
            return in_memory(clock, settings)
    try:
        return open_record(clock, settings, tell, probe=False)
    except CannotRead:
        raise
    except DlteachError as problem:
        with _told(path):
            return _only_read(path, clock, settings, tell, problem)


def open_record(
    clock: Clock, settings: Settings, tell: Tell, layouts: Sequence[str] = LAYOUTS, probe: bool = True
) -> Record:
    """The record, made if there is none; raises DlteachError where answers could not be kept.

    With `probe` it is written to at once, which shows that it can be, and backed up once a day. What was done on
    the way (a damaged file made whole, say) goes to `tell`, in a line each.
    """
    path = record_file()
    with _told(path):
        nothing_at(path)
        _check_clock(path, clock())
        keeper = Keeper(path, clock, settings, tell, layouts)
        record = Record(keeper.opened(probe), clock, settings, tell, keeper, str(path))
        with ExitStack() as unless_opened:
            unless_opened.callback(record.close)
            if probe and shutil.disk_usage(path.parent).free < ROOM:
                raise OSError(0, "the disk is full")
            record.refresh()
            _take_in(record, keeper.cut_off)
            tell_of_days_ahead(record)
            unless_opened.pop_all()
    return record


def mend_record(clock: Clock, settings: Settings) -> list[str]:
    """Look through all of the file and make it whole if it is damaged; returns what was done, in a line each."""
    told: list[str] = []
    with _told(record_file()):
        keeper = Keeper(record_file(), clock, settings, told.append, LAYOUTS)
        try:
            with closing(keeper.opened(True)) as db:
                check_rows(db)
        except (Unreadable, *Trouble):
            keeper.mend(lambda: None).close()
        finally:
            keeper.leave()
    return told


class CannotOpen(DlteachError):
    """The record cannot be written; it may be that it can be read."""


class Keeper:
    """Opens the file, and opens it again once it was made whole; holds the session's lock for as long as it lives."""

    def __init__(self, path: Path, clock: Clock, settings: Settings, tell: Tell, layouts: Sequence[str]) -> None:
        self.shown, self.path = path, path.resolve()
        self.clock, self.settings, self.tell, self.layouts = clock, settings, tell, layouts
        self.writes = True
        self.cut_off: tuple[Row, ...] = ()  # entries in the log that a killed session left
        self.lock = Lock(lock_of(path))

    def opened(self, probe: bool) -> sqlite3.Connection:
        """The database in its newest layout; a damaged one is made whole first.

        Raises OSError, sqlite3.Error, and DlteachError where another session has a damaged file open.
        """
        self.writes, self.cut_off = probe, () if in_use(self.lock.path) else carve_log(self.path)
        make_folder(self.path.parent)
        _tighten(self.shown.parent)
        with ExitStack() as unless_opened:
            unless_opened.callback(self.lock.leave)
            try:
                db = self._entered()
            except Unreadable as problem:
                db = self._replaced(str(problem), isinstance(problem, Newer))
            unless_opened.pop_all()
        return db

    def _entered(self) -> sqlite3.Connection:
        """Open the file as it is and take part; raises Unreadable."""
        with self.lock.turn():
            self.lock.join()
            if whole_of(self.path).exists():
                raise Unreadable("is damaged")
            return self._ready(self.writes, False)

    def mend(self, close: Callable[[], None]) -> sqlite3.Connection:
        """Close the file, make it whole and open it again; raises DlteachError where another session has it open."""
        with _told(self.shown):
            return self._replaced("is damaged", False, close)

    def leave(self) -> None:
        """The session is at its end."""
        self.lock.leave()

    def _replaced(self, what: str, newer: bool, close: Callable[[], None] | None = None) -> sqlite3.Connection:
        """Make the file whole, unless another session has done so, and open it; raises DlteachError.

        A session that has it open says how to close it; it stays open where another one has it open too.
        """
        if newer and not self.writes:
            raise CannotRead(f"{self.shown} {what}: update dlteach")
        busy = ""
        try:
            with self.lock.alone():
                if close is not None:
                    close()
                self._make_whole()
        except InUse:
            busy = f"{self.shown} {what}, and another session has it open: end that one first"
            if close is not None:
                raise CannotOpen(busy) from None
        self.lock.leave()  # until it is this one's turn: whoever makes the file whole waits for all to leave
        try:
            return self._entered()
        except Unreadable as problem:
            sorry = f"{self.shown} {problem}, and cannot be made whole: `dlteach doctor` says more"
            raise CannotOpen(busy or sorry) from None

    def _make_whole(self) -> None:
        """Look through all of the file, and replace one that is damaged."""
        now = self.clock()
        if kept := finish(self.path, now):
            self.tell(f"{self.shown} is damaged: it is kept as {kept.name}, and what could be read goes on")
        try:
            self._ready(False, True).close()
        except Unreadable as problem:
            self.tell(self._made_whole(str(problem), now))

    def _made_whole(self, what: str, now: datetime) -> str:
        """Put what can be read of the file, and of its backups, in its place; returns what to say of it."""
        there = self.path.is_file() and self.path.stat().st_size > 0
        found = salvage(self.path, backups_of(self.shown))
        make_whole(self.path, found, self.layouts)
        kept = finish(self.path, now)
        said = f"{self.shown} {what}"
        if there and kept:
            said += f": it is kept as {kept.name}"
        if "newer" in what:
            said += " (update dlteach and rename it back)"
        if not found.total:
            return f"{said}, and a new one is begun: `dlteach import` takes an export of it"
        return f"{said}; {found}"

    def _ready(self, probe: bool, thorough: bool) -> sqlite3.Connection:
        """Check, lay out, probe and back up; raises Unreadable or Newer."""
        today = study_day(self.clock(), self.settings.day_ends)
        folder = backups_of(self.shown)
        existed = self.path.is_file() and self.path.stat().st_size > 0
        if not existed and ours(folder) and not whole_of(self.path).exists():
            raise Unreadable("is empty" if self.path.is_file() else "is not there any more")
        make_private(self.path)
        with ExitStack() as unless_opened:
            db = connected(str(self.path))
            unless_opened.callback(db.close)
            try:
                if existed:
                    check_layout(db, self.layouts)
                self._lay_out(db, existed, today)
                if probe:
                    db.execute("INSERT OR REPLACE INTO meta VALUES ('opened', ?)", (today.isoformat(),))
                fresh = probe and existed and not _is_there(folder / f"{today}.sqlite")
                if thorough:
                    check_rows(db)
                if fresh:
                    self._sweep()
                    back_up(db, folder, f"{today}", today, self.layouts)  # all of the copy is looked through
            except Trouble as problem:
                if is_damage(problem):
                    raise Unreadable("is damaged") from None
                raise
            unless_opened.pop_all()
        return db

    def _lay_out(self, db: sqlite3.Connection, existed: bool, today: date) -> None:
        """The newest layout, after a backup of an older one."""
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        done = version_of(db)
        if existed and done < len(self.layouts):
            back_up(db, backups_of(self.shown), f"{today}-layout-{done}", today, self.layouts)
        lay_out(db, self.layouts)

    def _sweep(self) -> None:
        """What was left by a session that was killed while it made the file whole."""
        for left in self.path.parent.glob(f"{self.path.name}.*.part*"):
            left.unlink(missing_ok=True)


class CannotRead(DlteachError):
    """The record is none that this version reads."""


def nothing_at(path: Path) -> bool:
    """Whether there is no record yet; raises DlteachError where something else is in its place."""
    if path.is_file():
        return False
    if path.is_symlink() and not path.exists():
        raise CannotRead(
            f"{path} is a link to {path.readlink()}, which is not there: mount or restore that, or remove the link"
        )
    if path.exists():
        what = "a folder" if path.is_dir() else "no regular file"
        raise CannotRead(f"{path} is {what}, not a record: move it away, or set DLTEACH_HOME to another folder")
    return True


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the system refuses becomes a line with what can be done."""
    try:
        yield
    except (OSError, *Trouble) as problem:
        reason = str(problem)
        if isinstance(problem, OSError) and problem.strerror:
            where = "" if problem.filename in (None, str(path)) else f": {problem.filename}"
            reason = f"{problem.strerror}{where}"
        raise CannotOpen(
            f"{path}: answers could not be kept there ({reason}): make room or make the folder writable, "
            "set DLTEACH_HOME to another one, or go on with --no-record"
        ) from None


def _only_read(path: Path, clock: Clock, settings: Settings, tell: Tell, problem: DlteachError) -> Record:
    """A record that cannot be written or mended now, as it stands or as far as it can be read."""
    with suppress(*Trouble, Unreadable), ExitStack() as unless_opened:
        if not path.with_name(path.name + "-wal").exists():
            db = connected(f"{path.absolute().as_uri()}?mode=ro&immutable=1")
            unless_opened.callback(db.close)
            check_layout(db)
            if version_of(db) == len(LAYOUTS):
                check_rows(db)
                unless_opened.pop_all()
                return Record(db, clock, settings, tell, path=str(path))
    found = salvage(path, backups_of(path))
    if not found.rows and path.is_file() and path.stat().st_size:
        raise problem
    db = connected(":memory:")
    fill(db, found)
    record = Record(db, clock, settings, tell)
    record.refresh()
    if found.read < found.total:
        tell(f"{path} is damaged; {found}")
    return record


def _take_in(record: Record, rows: Sequence[Row]) -> None:
    """Add the entries that SQLite does not find, since the log in which they stood is damaged."""
    missing = record.missing(rows)
    if missing:
        record.merge(missing)
        record.tell(f"{record.path}: {len(missing):,} entries of a session that was cut off are back")


def _check_clock(path: Path, now: datetime) -> None:
    """Raises DlteachError for a year in which nothing can be kept."""
    if now.year - 1 not in YEARS or now.year + 1 not in YEARS:
        raise CannotRead(f"{path}: answers could not be kept: the clock says {now:%Y-%m-%d}: set it")


def tell_of_days_ahead(record: Record) -> None:
    """Say once a day that cards were answered after today: either clock may be the wrong one."""
    ahead = record.ahead()
    latest = record.latest_ahead()
    if not ahead or latest is None:
        return
    news = f"{len(ahead)} until {latest}, seen on {record.today}"
    if record.noticed(news):
        many = "1 card was" if len(ahead) == 1 else f"{len(ahead):,} cards were"
        record.tell(
            f"{many} answered after today, {record.today}, the last on {latest}: a clock was or is wrong; "
            "such an answer counts when its day comes"
        )


def _tighten(folder: Path) -> None:
    """What is ours is for its owner alone, and so is the folder where nothing else lies in it."""
    with suppress(OSError):
        entries = [entry.name for entry in islice(folder.iterdir(), MANY)]
        if all(name in OURS or name.startswith("record") for name in entries):
            tighten(folder)
        for name in ("history", "config.toml", "record.sqlite", "record.sqlite-wal", "record.sqlite-shm"):
            tighten(folder / name)


def _is_there(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0

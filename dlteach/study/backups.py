"""Daily copies of the record beside it, and which of them are good.

Only files with our names are ours: others in the folder are never read, counted or removed.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

from dlteach.study.entries import COLUMNS, UNCHECKED, Row, Unfit, entry_of
from dlteach.study.layouts import LAYOUTS, Trouble, Unreadable, check_layout, connected, version_of
from dlteach.system.outputs import make_folder, make_private, tighten
from dlteach.values import frozen

KEPT = 7  # daily copies
OURS = re.compile(r"(\d{4}-\d\d-\d\d)(-layout-\d+)?\.sqlite")
DRAFT = re.compile(r"\d{4}-\d\d-\d\d(-layout-\d+)?\.\d+\.part(-journal|-wal|-shm)?")
CHECKED_SINCE = 3  # the layout from which rows have a check sum


@frozen
class Backup:
    """A copy: which record it is of (empty where it does not say) and how many entries it has."""

    path: Path
    record: str
    entries: int


def backups_of(path: Path) -> Path:
    """The folder with the copies of a record."""
    return path.parent / "backups"


def ours(folder: Path) -> list[Path]:
    """The files with our names, the latest first."""
    with suppress(OSError):
        return sorted((file for file in folder.iterdir() if OURS.fullmatch(file.name)), reverse=True)
    return []


def drafts(folder: Path) -> list[Path]:
    """What copying left when it was killed."""
    with suppress(OSError):
        return sorted(file for file in folder.iterdir() if DRAFT.fullmatch(file.name))
    return []


def back_up(db: sqlite3.Connection, folder: Path, name: str, today: date, layouts: Sequence[str] = LAYOUTS) -> None:
    """A copy, complete or not there at all; too old ones go. Raises Unreadable where a row cannot be read."""
    make_folder(folder)
    if all(OURS.fullmatch(file.name) or DRAFT.fullmatch(file.name) for file in folder.iterdir()):
        tighten(folder)
    for left in drafts(folder):  # whoever made them is gone: it is this session's turn
        left.unlink(missing_ok=True)
    draft = folder / f"{name}.{os.getpid()}.part"
    try:
        make_private(draft)
        with closing(sqlite3.connect(draft)) as copy:
            db.backup(copy)
        check(draft, layouts)
        draft.replace(folder / f"{name}.sqlite")
    finally:
        draft.unlink(missing_ok=True)
    _thin_out(folder, folder / f"{name}.sqlite", today)


def check(path: Path, layouts: Sequence[str] = LAYOUTS) -> int:
    """How many entries a good copy has; raises Unreadable for one that is not good."""
    try:
        with reading(path) as db:
            check_layout(db, layouts)
            if not version_of(db):
                raise Unreadable("is empty")
            check_rows(db)
            return int(db.execute("SELECT count(*) FROM log").fetchone()[0])
    except (*Trouble, OSError):
        raise Unreadable("is damaged") from None


def check_rows(db: sqlite3.Connection) -> None:
    """Whether the file is sound and every row of the log is an entry; raises Unreadable."""
    if db.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise Unreadable("is damaged")
    for row in rows(db):
        try:
            entry_of(row)
        except Unfit:
            raise Unreadable("is damaged") from None


def rows(db: sqlite3.Connection) -> Iterator[Row]:
    """The rows of the log, of this layout or an older one, in the order in which they came."""
    columns = COLUMNS if version_of(db) >= CHECKED_SINCE else COLUMNS.replace("sum", f"'{UNCHECKED}'")
    yield from db.execute(f"SELECT {columns} FROM log ORDER BY seq")


def told(path: Path) -> Backup | None:
    """What a copy says of itself, without a look at its rows; None where it is no copy of a record."""
    try:
        with reading(path) as db:
            check_layout(db)
            record = identity(db)
            return Backup(path, record, int(db.execute("SELECT count(*) FROM log").fetchone()[0]))
    except (*Trouble, OSError, Unreadable):
        return None


def identity(db: sqlite3.Connection) -> str:
    """Which record this is; empty where it is older than identities, or cannot be read."""
    with suppress(*Trouble):
        found = db.execute("SELECT value FROM meta WHERE key = 'record'").fetchone()
        return str(found[0]) if found else ""
    return ""


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A file that nobody writes to, and beside which nothing is written."""
    if not path.is_file() or not path.stat().st_size:
        raise Unreadable("is empty" if path.is_file() else "is no file")
    with closing(connected(f"{path.absolute().as_uri()}?mode=ro&immutable=1")) as db:
        yield db


def _thin_out(folder: Path, made: Path, today: date) -> None:
    """Remove the oldest of too many: first what is empty, then what a clock dated ahead; never the fullest."""
    found = {file: told(file) for file in ours(folder)}
    own = found.pop(made, None)
    mine = own.record if own else ""
    others = [file for file, backup in found.items() if not (backup and _foreign(backup, mine))]
    fullest = max(others, key=lambda file: (_entries(found[file]), file.name), default=None)

    def rank(file: Path) -> tuple[bool, bool, str]:
        ahead = file.name[:10] > (today + timedelta(days=1)).isoformat()
        return file.stat().st_size > 0, not ahead, file.name

    surplus = max(0, len(others) + 1 - KEPT)
    for file in sorted((file for file in others if file != fullest), key=rank)[:surplus]:
        file.unlink(missing_ok=True)


def _entries(backup: Backup | None) -> int:
    return backup.entries if backup else 0


def _foreign(backup: Backup, mine: str) -> bool:
    return bool(backup.record and mine and backup.record != mine)

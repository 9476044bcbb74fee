"""Who may do what with the record's file, between processes: SQLite's own locks, on an empty file beside it.

They work on every system, and end with their process however that ends. A session *joins* for its life; one session
at a time has its *turn* to look at the file, change its layout and back it up; only one that is *alone* may put
another file in its place.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dlteach.system.outputs import make_private

LONG = 60_000  # milliseconds to wait for a turn: the first session of a day looks through all of the file
PATIENCE = 1_000  # milliseconds to wait for being alone: who has the file open may have it for hours


class InUse(Exception):
    """Another session has the record open."""


class Lock:
    """The lock of one session; raises OSError and sqlite3.Error where the folder cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._joined: sqlite3.Connection | None = None

    def join(self) -> None:
        """Take part, until `leave`; waits while another session is alone."""
        if self._joined is None:
            self._joined = self._taken("BEGIN", LONG)

    def leave(self) -> None:
        """Take part no longer."""
        if self._joined is not None:
            self._joined.close()
            self._joined = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One at a time; the others may have the record open meanwhile."""
        db = self._taken("BEGIN IMMEDIATE", LONG)
        try:
            yield
        finally:
            db.close()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other session has the record open; raises InUse where one has. This one takes part again afterwards."""
        self.leave()
        try:
            db = self._taken("BEGIN EXCLUSIVE", PATIENCE)
        except sqlite3.OperationalError as problem:
            self.join()
            if getattr(problem, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            raise InUse from None
        try:
            yield
        finally:
            db.close()
            self.join()

    def _taken(self, how: str, patience: int) -> sqlite3.Connection:
        try:
            return _held(self._connected(patience), how)
        except sqlite3.DatabaseError as problem:
            if getattr(problem, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                raise
        self.path.unlink(missing_ok=True)  # somebody wrote something into it
        return _held(self._connected(patience), how)

    def _connected(self, patience: int) -> sqlite3.Connection:
        make_private(self.path)
        return sqlite3.connect(self.path, timeout=patience / 1000, isolation_level=None)


def in_use(path: Path) -> bool:
    """Whether a session has the record of this lock open; nothing is written."""
    if not path.is_file():
        return False
    with suppress(sqlite3.Error):
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", timeout=0, isolation_level=None, uri=True)
        try:
            db.execute("BEGIN EXCLUSIVE")
            return False
        except sqlite3.OperationalError:
            return True
        finally:
            db.close()
    return False


def _held(db: sqlite3.Connection, how: str) -> sqlite3.Connection:
    """The connection, once it holds the lock; reading is what takes a shared one."""
    try:
        db.execute(how)
        db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        db.close()
        raise
    return db

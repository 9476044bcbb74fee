"""The layouts of the record's file, oldest first, and whether a file is as one of them says."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

APPLICATION = 0x646C7465  # "dlte", in the file's header
BUSY = 15_000  # milliseconds to wait for another session

LAYOUTS: tuple[str, ...] = (
    """
    CREATE TABLE log (
        seq INTEGER PRIMARY KEY,  -- the order of arrival in this file
        id TEXT NOT NULL UNIQUE,  -- identity, the same on every machine
        at TEXT NOT NULL,         -- UTC
        day TEXT NOT NULL,        -- the learner's day, which may end after midnight
        card TEXT NOT NULL,       -- LESSON/QUESTION, or practice:NAME, or read:LESSON
        sitting TEXT NOT NULL,    -- one presentation of a card
        kind TEXT NOT NULL,       -- answer, hint, reveal, skip, rate, undo, line, done, read
        verdict TEXT NOT NULL,    -- right, wrong, form, or empty
        rating INTEGER NOT NULL,  -- 1 to 4 where it is a review, else 0
        data TEXT NOT NULL        -- JSON: answer, variant, seconds, slips, …
    );
    CREATE INDEX log_card ON log (card, at);
    CREATE TRIGGER log_keeps BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
    CREATE TRIGGER log_stays BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
    CREATE TABLE schedule (
        card TEXT PRIMARY KEY,
        stability REAL NOT NULL,
        difficulty REAL NOT NULL,
        first TEXT NOT NULL,
        last TEXT NOT NULL,
        due TEXT NOT NULL,
        reviews INTEGER NOT NULL,
        lapses INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX schedule_due ON schedule (due);
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
    """
    CREATE TABLE place (key TEXT PRIMARY KEY, at TEXT NOT NULL, data TEXT NOT NULL) WITHOUT ROWID;
    """,
    # Made anew rather than altered: a row whose header is damaged then lacks its check sum, and is found out.
    """
    CREATE TEMP TABLE old_log AS SELECT * FROM log;
    CREATE TEMP TABLE old_place AS SELECT * FROM place;
    DROP TABLE log;
    DROP TABLE place;
    DROP TABLE schedule;
    CREATE TABLE log (
        seq INTEGER PRIMARY KEY,  -- the order of arrival in this file
        id TEXT NOT NULL UNIQUE,  -- identity, the same on every machine
        at TEXT NOT NULL,         -- UTC
        day TEXT NOT NULL,        -- the learner's day, which may end after midnight
        card TEXT NOT NULL,       -- LESSON/QUESTION, or practice:NAME, or read:LESSON
        sitting TEXT NOT NULL,    -- one presentation of a card
        kind TEXT NOT NULL,       -- answer, hint, reveal, skip, rate, undo, line, done, read
        verdict TEXT NOT NULL,    -- right, wrong, form, or empty
        rating INTEGER NOT NULL,  -- 1 to 4 where it is a review, else 0
        data TEXT NOT NULL,       -- JSON: answer, variant, seconds, slips, …
        sum TEXT NOT NULL         -- over the other columns but `seq`; `unchecked` where the row is older
    );
    CREATE INDEX log_card ON log (card, at);
    CREATE TRIGGER log_keeps BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
    CREATE TRIGGER log_stays BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
    CREATE TABLE schedule (
        card TEXT PRIMARY KEY,
        stability REAL NOT NULL,
        difficulty REAL NOT NULL,
        first TEXT NOT NULL,
        last TEXT NOT NULL,
        due TEXT NOT NULL,
        reviews INTEGER NOT NULL,
        lapses INTEGER NOT NULL,
        sum TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX schedule_due ON schedule (due);
    CREATE TABLE place (key TEXT PRIMARY KEY, at TEXT NOT NULL, data TEXT NOT NULL, sum TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE aside (at TEXT NOT NULL, why TEXT NOT NULL, row TEXT NOT NULL);  -- what could not be read
    INSERT INTO log SELECT *, 'unchecked' FROM old_log ORDER BY seq;
    INSERT INTO place SELECT *, 'unchecked' FROM old_place;
    DROP TABLE old_log;
    DROP TABLE old_place;
    DELETE FROM meta WHERE key = 'schedule';
    INSERT OR REPLACE INTO meta VALUES ('record', lower(hex(randomblob(16))));
    """,
)


# What SQLite raises. It names what is damaged in its messages, which Python cannot always decode.
Trouble = (sqlite3.Error, UnicodeDecodeError)


class Unreadable(Exception):
    """The file is damaged or something else; `str()` says which."""


class Newer(Unreadable):
    """The file was written by a later version."""


def connected(path: str) -> sqlite3.Connection:
    """A connection in which nothing begins or ends a transaction unasked."""
    db = sqlite3.connect(path, timeout=BUSY / 1000, isolation_level=None, uri=path.startswith("file:"))
    db.execute(f"PRAGMA busy_timeout = {BUSY}")
    return db


def version_of(db: sqlite3.Connection) -> int:
    """The layout that a file says it has."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def lay_out(db: sqlite3.Connection, layouts: Sequence[str] = LAYOUTS) -> None:
    """Bring the file to the newest layout, one change a transaction."""
    done = version_of(db)
    for version, change in enumerate(layouts[done:], start=done + 1):
        stamp = f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {version}"
        db.executescript(f"BEGIN IMMEDIATE; {change}; {stamp}; COMMIT;")


def check_layout(db: sqlite3.Connection, layouts: Sequence[str] = LAYOUTS) -> None:
    """Whether this is a record of this version or an older one; raises Unreadable or Newer."""
    version = version_of(db)
    owner = db.execute("PRAGMA application_id").fetchone()[0]
    found = _schema(db)
    if found and owner != APPLICATION:
        raise Unreadable("is no record of dlteach" if not found & _expected(layouts[:1]) else "is damaged")
    if version > len(layouts):
        raise Newer(f"was written by a newer dlteach (layout {version}; this one reads {len(layouts)})")
    if not version or not _expected(layouts[:version]) <= found:
        raise Unreadable("is damaged")


def _schema(db: sqlite3.Connection) -> set[str]:
    """The statements that made the tables, whatever else somebody has added."""
    return {sql for (sql,) in db.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")}


def _expected(layouts: Sequence[str]) -> set[str]:
    with closing(connected(":memory:")) as db:
        lay_out(db, layouts)
        return _schema(db)


def is_damage(problem: Exception) -> bool:
    """Whether a problem means that the file is damaged, rather than busy, full or not to be written."""
    if isinstance(problem, UnicodeDecodeError):
        return True
    code = getattr(problem, "sqlite_errorcode", None)
    if code is None:  # found by Python: a text that is not UTF-8
        return isinstance(problem, sqlite3.OperationalError) and "decode" in str(problem)
    return code == sqlite3.SQLITE_IOERR_SHORT_READ or code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

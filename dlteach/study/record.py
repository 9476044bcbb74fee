"""The learner's record: an append-only log of what was answered, and a schedule that follows from it.

One SQLite file. Every answer is committed before its feedback is shown. The log is never changed: undoing an answer
and changing a rating are entries of their own, and the schedule of a card is its log read from the start. Identity
is a random id, so that the logs of two machines can be joined; ids and keys that this version does not know are kept.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dlteach.errors import DlteachError
from dlteach.study.due import Due
from dlteach.study.settings import Settings, study_day
from dlteach.values import fields, frozen

SCHEDULER = "fsrs 6, spread 1"  # a schedule that was made by another one is made again

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
)

NOTHING: Mapping[str, Any] = MappingProxyType({})


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


COLUMNS = "card, kind, sitting, verdict, rating, data, id, at, day"


class Record:
    """An open record. `clock` gives the local time with its zone."""

    def __init__(self, db: sqlite3.Connection, clock: Callable[[], datetime], settings: Settings) -> None:
        self.db, self.clock, self.settings = db, clock, settings

    # ---- writing -------------------------------------------------------------------------------

    def note(self, entry: Entry) -> Entry:
        """Commit an entry, and what follows from it for the schedule; raises DlteachError where that is impossible."""
        now = self.clock()
        noted = Entry(
            entry.card, entry.kind, entry.sitting or new_id(), entry.verdict, entry.rating, entry.data,
            entry.id or new_id(), now.astimezone(UTC).isoformat(timespec="microseconds"),
            study_day(now, self.settings.day_ends).isoformat(),
        )  # fmt: skip
        with self.writing():
            self._insert(noted)
            if noted.rating or noted.kind in ("rate", "undo"):
                self._reschedule(noted.card)
        return noted

    def merge(self, entries: Sequence[Entry], progress: Callable[[int, int], None] = lambda *_: None) -> int:
        """Add the entries whose ids are not there yet, all or none; returns how many there were."""
        with self.writing():
            fresh = [entry for entry in entries if self._insert(entry)]
            cards = sorted({entry.card for entry in fresh})
            for number, card in enumerate(cards, start=1):
                self._reschedule(card)
                progress(number, len(cards))
        return len(fresh)

    def rebuild(self, progress: Callable[[int, int], None] = lambda *_: None) -> int:
        """Make the schedule again from the log; returns how many cards it has."""
        with self.writing():
            cards = [card for (card,) in self._rows("SELECT DISTINCT card FROM log ORDER BY card")]
            self.db.execute("DELETE FROM schedule")
            for number, card in enumerate(cards, start=1):
                self._reschedule(card)
                progress(number, len(cards))
            self.db.execute("INSERT OR REPLACE INTO meta VALUES ('schedule', ?)", (self._rule(),))
        return len(self.schedule())

    def put(self, key: str, data: Mapping[str, Any] | None) -> None:
        """Remember where something was left, or forget it."""
        with self.writing():
            if data is None:
                self.db.execute("DELETE FROM place WHERE key = ?", (key,))
            else:
                row = (key, self.clock().astimezone(UTC).isoformat(), json.dumps(data, ensure_ascii=False))
                self.db.execute("INSERT OR REPLACE INTO place VALUES (?, ?, ?)", row)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, which waits for other sessions; nothing of it remains if it fails."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
            yield
            self.db.execute("COMMIT")
        except sqlite3.Error as problem:
            self._suspect(problem)
            raise DlteachError(
                f"{self.path}: the answer could not be kept ({problem}): nothing before it is lost; "
                "free some space or check the folder"
            ) from None
        finally:
            if self.db.in_transaction:
                with suppress(sqlite3.Error):
                    self.db.execute("ROLLBACK")

    def _rows(self, query: str, *values: str) -> list[Any]:
        """What a query finds; raises DlteachError where the file turns out to be damaged."""
        try:
            return self.db.execute(query, values).fetchall()
        except sqlite3.Error as problem:
            self._suspect(problem)
            raise DlteachError(f"{self.path}: the record cannot be read ({problem}): try again") from None

    def _suspect(self, problem: sqlite3.Error) -> None:
        """A damaged file is marked, so that the next opening looks through all of it and sets it aside."""
        if is_corrupt(problem) and self.lasting:
            with suppress(OSError):
                suspicion(Path(self.path)).touch()
            raise DlteachError(f"{self.path}: the record is damaged: the same command again sets it aside") from None

    def _insert(self, entry: Entry) -> bool:
        found = self.db.execute(
            f"INSERT OR IGNORE INTO log ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.card, entry.kind, entry.sitting, entry.verdict, entry.rating,
                json.dumps(dict(entry.data), ensure_ascii=False, sort_keys=True), entry.id, entry.at, entry.day,
            ),
        )  # fmt: skip
        return found.rowcount > 0

    def _reschedule(self, card: str) -> None:
        """Read the card's log from the start."""
        from dlteach.study.schedule import remembered

        due = remembered(card, reviews(self.entries(card)), self.settings.retention)
        self.db.execute("DELETE FROM schedule WHERE card = ?", (card,))
        if due is not None:
            row = [str(fact) if isinstance(fact, date) else fact for fact in fields(due).values()]
            self.db.execute("INSERT INTO schedule VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def _rule(self) -> str:
        return f"{SCHEDULER}, retention {self.settings.retention:g}"

    def refresh(self, progress: Callable[[int, int], None] = lambda *_: None) -> None:
        """Make the schedule again where it was made by other rules."""
        if self._rows("SELECT value FROM meta WHERE key = 'schedule'") != [(self._rule(),)]:
            self.rebuild(progress)

    # ---- reading -------------------------------------------------------------------------------

    @property
    def path(self) -> str:
        """The file, for messages."""
        return str(self.db.execute("PRAGMA database_list").fetchone()[2] or "the record in memory")

    @property
    def lasting(self) -> bool:
        """Whether it is kept in a file."""
        return bool(self.db.execute("PRAGMA database_list").fetchone()[2])

    @property
    def today(self) -> date:
        """The learner's day."""
        return study_day(self.clock(), self.settings.day_ends)

    def entries(self, card: str = "") -> Iterator[Entry]:
        """The log in the order of time, of one card or whole."""
        if card:
            return map(_entry, self._rows(f"SELECT {COLUMNS} FROM log WHERE card = ? ORDER BY at, id", card))
        return map(_entry, self._rows(f"SELECT {COLUMNS} FROM log ORDER BY at, id"))

    def of_kinds(self, *kinds: str) -> list[Entry]:
        """The entries of some kinds, in the order of time."""
        marks = ", ".join("?" * len(kinds))
        rows = self._rows(f"SELECT {COLUMNS} FROM log WHERE kind IN ({marks}) ORDER BY at, id", *kinds)
        return [_entry(row) for row in rows]

    def slips(self, since: str) -> Iterator[tuple[str, dict[str, str]]]:
        """The broken rules of the wrong answers since a day: the card, and the rules with their sentences."""
        query = "SELECT card, data FROM log WHERE verdict = 'wrong' AND day >= ? AND data LIKE '%slips%' ORDER BY at"
        for card, data in self._rows(query, since):
            yield card, json.loads(data).get("slips", {})

    def due(self, by: date) -> list[Due]:
        """The cards that are due on a day or before it."""
        return [_due(row) for row in self._rows("SELECT * FROM schedule WHERE due <= ?", str(by))]

    def schedule(self) -> list[Due]:
        """Every card that was ever reviewed."""
        return [_due(row) for row in self._rows("SELECT * FROM schedule ORDER BY card")]

    def card(self, name: str) -> Due | None:
        """A card of the schedule."""
        return next(map(_due, self._rows("SELECT * FROM schedule WHERE card = ?", name)), None)

    def begun_on(self, day: date) -> int:
        """How many cards were reviewed for the first time on a day."""
        return int(self._rows("SELECT count(*) FROM schedule WHERE first = ?", str(day))[0][0])

    def place(self, key: str) -> dict[str, Any]:
        """Where something was left; empty where it was not begun."""
        rows = self._rows("SELECT data FROM place WHERE key = ?", key)
        return dict(json.loads(rows[0][0])) if rows else {}

    def places(self) -> list[str]:
        """What was left unfinished, the latest first."""
        return [key for (key,) in self._rows("SELECT key FROM place ORDER BY at DESC")]

    def open_sitting(self, card: str) -> list[Entry]:
        """The entries of today's unfinished presentation of a card."""
        rows = [e for e in self.entries(card) if e.day == str(self.today) and e.kind != "rate"]
        last = rows[-1].sitting if rows and rows[-1].kind in ("answer", "hint") and not rows[-1].rating else ""
        return [entry for entry in rows if last and entry.sitting == last]


def reviews(entries: Iterable[Entry]) -> list[tuple[date, int]]:
    """The days and ratings that count: without what was undone, with the ratings that were changed."""
    log = list(entries)
    undone = {entry.sitting for entry in log if entry.kind == "undo"}
    changed = {entry.sitting: entry.data["rating"] for entry in log if entry.kind == "rate"}
    return [
        (date.fromisoformat(entry.day), changed.get(entry.sitting, entry.rating))
        for entry in log
        if entry.rating and entry.sitting not in undone
    ]


def is_corrupt(problem: sqlite3.Error) -> bool:
    """Whether a problem means that the file is damaged, rather than busy or full."""
    return getattr(problem, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def suspicion(path: Path) -> Path:
    """The mark beside a record that a session found damaged."""
    return path.with_suffix(".suspect")


def new_id() -> str:
    """A random identity."""
    return uuid.uuid4().hex


def _entry(row: Sequence[Any]) -> Entry:
    card, kind, sitting, verdict, rating, data, identity, at, day = row
    return Entry(card, kind, sitting, verdict, rating, json.loads(data), identity, at, day)


def _due(row: Sequence[Any]) -> Due:
    first, last, due = map(date.fromisoformat, row[3:6])
    return Due(row[0], row[1], row[2], first, last, due, row[6], row[7])

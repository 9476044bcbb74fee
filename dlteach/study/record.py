"""The learner's record: an append-only log of what was answered, and a schedule that follows from it.

One SQLite file. Every answer is committed before its feedback is shown. The log is never changed: undoing an answer
and changing a rating are entries of their own, and the schedule of a card is its log read from the start. Identity
is a random id, so that the logs of two machines can be joined; ids and keys that this version does not know are kept.
What turns out to be damaged while it is read or written is mended on the spot, where that is possible.
"""

from __future__ import annotations

import os
import sqlite3
import uuid
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime
from typing import Any, Protocol, TypeVar

from dlteach.errors import DlteachError
from dlteach.study.days import ABROAD as ABROAD
from dlteach.study.days import reviews as reviews
from dlteach.study.due import Due, due_of, is_as_written, row_of_due
from dlteach.study.entries import COLUMNS, Row, Unfit, encodable, entry_of, is_entry, parted, row_of
from dlteach.study.entries import Entry as Entry
from dlteach.study.layouts import Trouble, Unreadable, is_damage
from dlteach.study.places import COLUMNS as PLACE
from dlteach.study.places import place_of, row_of_place
from dlteach.study.settings import Settings, study_day
from dlteach.values import replace

SCHEDULER = "fsrs 6, spread 1"  # a schedule that was made by another one is made again
WIDE = 64 * 1024  # KiB of pages to hold while many entries come in

Done = TypeVar("Done")
Progress = Callable[[int, int], None]


class Keeper(Protocol):
    """Who opened the file and can open it again."""

    def mend(self, close: Callable[[], None]) -> sqlite3.Connection:
        """Close the file, make it whole and open it; raises DlteachError where that cannot be, and then it is open."""

    def leave(self) -> None:
        """The session is at its end."""


class Record:
    """An open record. `clock` gives the local time with its zone; what happened on the way goes to `tell`.

    `keeper` is asked where the file at `path` turns out to be damaged; without one the record is only read.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        clock: Callable[[], datetime],
        settings: Settings,
        tell: Callable[[str], None] = lambda _: None,
        keeper: Keeper | None = None,
        path: str = "",
    ) -> None:
        self.db, self.clock, self.settings, self.tell, self.keeper = db, clock, settings, tell, keeper
        self._skipped: set[str] = set()
        self._ahead: tuple[date, dict[str, Due | None]] | None = None
        self._path = path
        self._closing = weakref.finalize(self, _close, db, keeper, os.getpid())

    def close(self) -> None:
        """Nothing can be read or written any more."""
        self._closing()

    # ---- writing -------------------------------------------------------------------------------

    def note(self, entry: Entry) -> Entry:
        """Commit an entry, and what follows from it for the schedule; raises DlteachError where that is impossible."""
        now = self.clock()
        noted = Entry(
            entry.card, entry.kind, entry.sitting or new_id(), entry.verdict, entry.rating, entry.data,
            entry.id or new_id(), now.astimezone(UTC).isoformat(timespec="microseconds"),
            study_day(now, self.settings.day_ends).isoformat(),
        )  # fmt: skip
        if noted.rating and (latest := self.latest_ahead()):
            noted = replace(noted, data={**noted.data, "since": latest.isoformat()})
        row = row_of(noted)
        try:
            entry_of(row)
        except Unfit as problem:  # the clock, most likely
            raise DlteachError(f"{self.path}: the answer could not be kept, {problem}: set the clock") from None

        def commit() -> None:
            with self.writing():
                self._insert(row)
                if noted.rating or noted.kind in ("rate", "undo"):
                    self._reschedule(noted.card)

        self._safely(commit)
        return noted

    def merge(
        self,
        entries: Iterable[Entry],
        progress: Progress = lambda *_: None,
        differs: Callable[[str], None] = lambda _: None,
    ) -> int:
        """Add the entries whose ids are not there yet, all or none; returns how many there were.

        `differs` is told the ids that are there already with something else in them. Entries are gathered beside the
        record first, so that other sessions do not wait for whoever sends them.
        """
        with closing(sqlite3.connect("", isolation_level=None)) as gathered:  # in a file that goes at the end
            gathered.execute(f"CREATE TABLE incoming ({COLUMNS})")
            gathered.execute("BEGIN")
            gathered.executemany(f"INSERT INTO incoming VALUES ({_marks(COLUMNS.split())})", map(row_of, entries))
            gathered.execute("COMMIT")
            others: list[str] = []
            fresh = self._safely(lambda: self._join(gathered, progress, others))
        for identity in dict.fromkeys(others):
            differs(identity)
        return fresh

    def _join(self, gathered: sqlite3.Connection, progress: Progress, others: list[str]) -> int:
        """Add rows that were gathered, and note the ids under which something else is there already."""
        others.clear()
        fresh, cards = 0, set()
        self.db.execute(f"PRAGMA cache_size = {-WIDE}")
        with self.writing():
            for row in gathered.execute(f"SELECT {COLUMNS} FROM incoming ORDER BY rowid"):
                if self._insert(row):
                    fresh += 1
                    cards.add(row[0])
                elif (there := self._row(row[6]))[:9] != row[:9]:
                    if parted([there])[1]:
                        raise Unreadable("is damaged")
                    others.append(row[6])
            for number, card in enumerate(sorted(cards), start=1):
                self._reschedule(card)
                progress(number, len(cards))
        return fresh

    def missing(self, rows: Sequence[Row]) -> list[Entry]:
        """The entries of rows that are not in the log."""
        there = {identity for row in rows for (identity,) in self._rows("SELECT id FROM log WHERE id = ?", row[6])}
        return [entry_of(row) for row in rows if row[6] not in there]

    def rebuild(self, progress: Progress = lambda *_: None) -> int:
        """Make the schedule again from the log; returns how many cards it has."""

        def again() -> None:
            with self.writing():
                cards = [card for (card,) in self.db.execute("SELECT DISTINCT card FROM log ORDER BY card").fetchall()]
                self.db.execute("DELETE FROM schedule")
                for number, card in enumerate(cards, start=1):
                    self._reschedule(card)
                    progress(number, len(cards))
                self.db.execute("INSERT OR REPLACE INTO meta VALUES ('schedule', ?)", (self._rule(),))

        self._safely(again)
        return len(self.schedule())

    def put(self, key: str, data: Mapping[str, Any] | None) -> None:
        """Remember where something was left, or forget it."""
        key = encodable(key)

        def commit() -> None:
            with self.writing():
                if data is None:
                    self.db.execute("DELETE FROM place WHERE key = ?", (key,))
                else:
                    row = row_of_place(key, self.clock().astimezone(UTC).isoformat(), data)
                    query = f"INSERT OR REPLACE INTO place ({PLACE}) VALUES ({_marks(row)})"
                    self.db.execute(query, row)

        self._safely(commit)

    @contextmanager
    def writing(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
        """One transaction, which waits for other sessions; nothing of it remains if it fails.

        Raises DlteachError, and Unreadable where the file is damaged.
        """
        try:
            self.db.execute(begin)
            yield
            self.db.execute("COMMIT")
        except Trouble as problem:
            if is_damage(problem):
                raise Unreadable("is damaged") from None
            raise DlteachError(
                f"{self.path}: the answer could not be kept ({problem}): nothing before it is lost; "
                "free some space or check the folder"
            ) from None
        finally:
            self._ahead = None
            if self.db.in_transaction:
                with suppress(*Trouble):
                    self.db.execute("ROLLBACK")

    def _insert(self, row: Row) -> bool:
        found = self.db.execute(f"INSERT OR IGNORE INTO log ({COLUMNS}) VALUES ({_marks(row)})", row)
        return found.rowcount > 0

    def _row(self, identity: str) -> Row:
        row: Row = self.db.execute(f"SELECT {COLUMNS} FROM log WHERE id = ?", (identity,)).fetchone()
        return row

    def _reschedule(self, card: str) -> None:
        """Read the card's log from the start; what cannot be read is left out, until it is looked at."""
        from dlteach.study.schedule import remembered

        rows = self.db.execute(f"SELECT {COLUMNS} FROM log WHERE card = ? ORDER BY at, id", (card,)).fetchall()
        due = remembered(card, reviews(parted(rows)[0]), self.settings.retention)
        self.db.execute("DELETE FROM schedule WHERE card = ?", (card,))
        if due is not None:
            row = row_of_due(due)
            self.db.execute(f"INSERT INTO schedule VALUES ({_marks(row)})", row)

    def _rule(self) -> str:
        return f"{SCHEDULER}, retention {self.settings.retention:g}"

    def refresh(self, progress: Progress = lambda *_: None) -> None:
        """Make the schedule again where it was made by other rules."""
        if self.is_outdated():
            self.rebuild(progress)

    def is_outdated(self) -> bool:
        """Whether the schedule was made by other rules, or not at all."""
        return self._rows("SELECT value FROM meta WHERE key = 'schedule'") != [(self._rule(),)]

    # ---- damage --------------------------------------------------------------------------------

    def _safely(self, work: Callable[[], Done]) -> Done:
        """Do it; where the file turns out to be damaged, mend that and do it again. Raises DlteachError."""
        try:
            return work()
        except Unreadable:
            self._mended()
        try:
            return work()
        except Unreadable:
            raise DlteachError(f"{self.path}: the record is damaged: `dlteach doctor` says more") from None

    def _mended(self) -> None:
        """Go on with the mended file; raises DlteachError where it cannot be mended now."""
        if self.keeper is None:
            raise DlteachError(f"{self.path}: the record is damaged: `dlteach doctor` says more")
        try:
            self.db = self.keeper.mend(self.close)
        except BaseException:
            if not self._closing.alive:
                self.keeper.leave()
            raise
        self._closing = weakref.finalize(self, _close, self.db, self.keeper, os.getpid())
        self._ahead = None

    def _rows(self, query: str, *values: str) -> list[Any]:
        """What a query finds; raises DlteachError where that is impossible."""

        def found() -> list[Any]:
            try:
                return self.db.execute(query, [encodable(value) for value in values]).fetchall()
            except Trouble as problem:
                raise self._unreadable(problem) from None

        return found() if self.db.in_transaction else self._safely(found)

    def _log(self, where: str, *values: str) -> list[Entry]:
        """Entries in the order of time; one that was altered is set aside, or told and left out where it cannot be."""
        query = f"SELECT {COLUMNS} FROM log {where} ORDER BY at, id"
        rows = self._rows(query, *values)
        found, bad = parted(rows)
        if bad and self.keeper is not None and not self.db.in_transaction:
            with suppress(DlteachError):  # what can be read is read anyway
                self._mended()
                found, bad = parted(self._rows(query, *values))
        news = {str(row) for row in bad} - self._skipped
        if news:
            self._skipped |= news
            self.tell(
                f"{self.path}: {len(news):,} of {len(rows):,} entries cannot be read and are left out for now; "
                "`dlteach doctor` says more"
            )
        return found

    # ---- reading -------------------------------------------------------------------------------

    @property
    def path(self) -> str:
        """The file, for messages."""
        return self._path or "the record in memory"

    @property
    def lasting(self) -> bool:
        """Whether it is kept in a file."""
        return bool(self._path)

    @property
    def today(self) -> date:
        """The learner's day."""
        return study_day(self.clock(), self.settings.day_ends)

    def entries(self, card: str = "") -> Iterator[Entry]:
        """The log in the order of time, of one card or whole."""
        return iter(self._log("WHERE card = ?", card)) if card else self._whole()

    def _whole(self) -> Iterator[Entry]:
        """All of the log, however long, without holding it; it is looked through first, and mended if need be."""
        query = f"SELECT {COLUMNS} FROM log ORDER BY at, id"
        if self.keeper is not None and not self._safely(lambda: all(map(is_entry, self._rows_of(query)))):
            with suppress(DlteachError):  # what can be read is read anyway
                self._mended()
        bad = 0
        for row in self._rows_of(query):
            if is_entry(row):
                yield entry_of(row)
            else:
                bad += 1
        if bad:
            self.tell(f"{self.path}: {bad:,} entries cannot be read and are left out; `dlteach doctor` says more")

    def _rows_of(self, query: str) -> Iterator[Row]:
        """What a query finds, one at a time; raises DlteachError, and Unreadable where the file is damaged."""
        try:
            yield from self.db.execute(query)
        except Trouble as problem:
            raise self._unreadable(problem) from None

    def _unreadable(self, problem: Exception) -> Exception:
        if is_damage(problem):
            return Unreadable("is damaged")
        return DlteachError(f"{self.path}: the record cannot be read ({problem}): check the folder")

    def of_kinds(self, *kinds: str) -> list[Entry]:
        """The entries of some kinds, in the order of time."""
        return self._log(f"WHERE kind IN ({_marks(kinds)})", *kinds)

    def slips(self, since: str) -> Iterator[tuple[str, dict[str, str]]]:
        """The broken rules of the wrong answers since a day: the card, and the rules with their sentences."""
        for entry in self._log("WHERE verdict = 'wrong' AND day >= ? AND data LIKE '%slips%'", since):
            yield entry.card, dict(entry.data.get("slips", {}))

    def due(self, by: date) -> list[Due]:
        """The cards that are due on a day or before it."""
        return self._cards(lambda card: card.due <= by, "due <= ?", str(by))

    def schedule(self) -> list[Due]:
        """Every card that was ever reviewed."""
        return sorted(self._cards(lambda _: True, "true"), key=lambda card: card.card)

    def card(self, name: str) -> Due | None:
        """A card of the schedule."""
        return next(iter(self._cards(lambda card: card.card == name, "card = ?", name)), None)

    def begun_on(self, day: date) -> int:
        """How many cards were reviewed for the first time on a day."""
        return len(self._cards(lambda card: card.first == day, "first = ?", str(day)))

    def latest_ahead(self) -> date | None:
        """The latest day of a review, if it lies after today."""
        rows = self._rows("SELECT * FROM schedule WHERE last > ?", str(self.today + ABROAD))
        return max((due_of(row).last for row in rows if is_as_written(row)), default=None)

    def ahead(self) -> dict[str, Due | None]:
        """The cards that were answered on a day after today, as they are without those answers.

        A review from the future counts when its day comes: until then the clock that dated it was wrong, and a card
        must not wait for years.
        """
        from dlteach.study.schedule import remembered

        today = self.today
        if self._ahead is None or self._ahead[0] != today:
            cards = [card for (card,) in self._rows("SELECT card FROM schedule WHERE last > ?", str(today + ABROAD))]
            self._ahead = (
                today,
                {card: remembered(card, reviews(self.entries(card), today), self.settings.retention) for card in cards},
            )
        return self._ahead[1]

    def noticed(self, news: str) -> bool:
        """Whether this is news, which it is once."""
        if self._rows("SELECT value FROM meta WHERE key = 'noticed'") == [(news,)]:
            return False
        with suppress(DlteachError, Unreadable), self.writing():
            self.db.execute("INSERT OR REPLACE INTO meta VALUES ('noticed', ?)", (news,))
        return True

    def _cards(self, wanted: Callable[[Due], bool], where: str, *values: str) -> list[Due]:
        """Cards of the schedule as they are today; the schedule is made again where a row of it was altered."""
        ahead = self.ahead()
        query = f"SELECT * FROM schedule WHERE {where}"
        rows = self._rows(query, *values)
        if not all(map(is_as_written, rows)):
            if self.keeper is not None:
                self.rebuild()
                rows = self._rows(query, *values)
            rows = [row for row in rows if is_as_written(row)]
        stored = [due_of(row) for row in rows if row[0] not in ahead]
        return [*stored, *(card for card in ahead.values() if card is not None and wanted(card))]

    def place(self, key: str) -> dict[str, Any]:
        """Where something was left; empty where it was not begun, or cannot be read any more."""
        rows = self._rows(f"SELECT {PLACE} FROM place WHERE key = ?", key)
        try:
            return place_of(rows[0]) if rows else {}
        except ValueError:
            self.tell(f"{self.path}: where you left `{key}` cannot be read: it starts from the beginning")
            with suppress(DlteachError):
                self.put(key, None)
            return {}

    def places(self) -> list[str]:
        """What was left unfinished, the latest first."""
        return [key for (key,) in self._rows("SELECT key FROM place ORDER BY at DESC") if isinstance(key, str)]

    def open_sitting(self, card: str) -> list[Entry]:
        """The entries of today's unfinished presentation of a card."""
        rows = [e for e in self.entries(card) if e.day == str(self.today) and e.kind != "rate"]
        last = rows[-1].sitting if rows and rows[-1].kind in ("answer", "hint") and not rows[-1].rating else ""
        return [entry for entry in rows if last and entry.sitting == last]


def new_id() -> str:
    """A random identity."""
    return uuid.uuid4().hex


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _close(db: sqlite3.Connection, keeper: Keeper | None, process: int) -> None:
    """A connection is closed by the process that made it, never by a child that was forked since."""
    if os.getpid() == process:
        db.close()
        if keeper is not None:
            keeper.leave()

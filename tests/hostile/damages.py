"""What can happen to the file of a record, by cause: each damage takes the path of a record that nobody has open.

`home` makes a filled one: entries of some days and of today, places, a schedule, and backups of yesterday and of this
morning, which lack what was answered since.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

from dlteach.study.opening import open_record
from dlteach.study.record import Entry
from dlteach.study.settings import Settings

CARDS = ("gelu/value-at-one", "gelu/reflection", "gelu/shape", "elsewhere/question")
BEFORE, SINCE = 240, 20  # entries that the backups have, and later ones
PAGE = 4096

Damage = Callable[[Path], None]


def fill(home: Path, before: int = BEFORE, since: int = SINCE, days: int = 1) -> Path:
    """Make a record with backups in a folder; returns its file."""
    with mock.patch.dict(os.environ, {"DLTEACH_HOME": str(home)}):
        start = datetime.now().astimezone()
        for ago in range(days, -1, -1):
            now = start - timedelta(days=ago)
            record = open_record(lambda now=now: now, Settings(), lambda _: None)  # type: ignore[misc]
            for number in range(before // days if ago else since):
                record.note(entry(number, ago))
            record.put("study:gelu", {"part": "x", "index": 2, "of": 9, "weak": ["a"]})
            record.put("practice:gelu/worked", {"blanks": 2, "slips": [], "written": ["x"], "stage": 1})
            record.close()
        return home / "record.sqlite"


def entry(number: int, ago: int) -> Entry:
    """An entry that is like none of the others."""
    wrong = number % 5 == 0
    facts = {"answer": f"{ago}.{number:04} + x²", "seconds": 3.5 + number, "source": "quiz"}
    if wrong:
        facts["slips"] = {"a-rule": "A term is missing."}
    return Entry(CARDS[number % 4], "answer", verdict="wrong" if wrong else "right", rating=1 + number % 4, data=facts)


@contextmanager
def unlocked(path: Path) -> Iterator[sqlite3.Connection]:
    """The database with its log open to changes, as no program of ours has it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        yield db
        for _, sql in triggers:
            with suppress(sqlite3.Error):
                db.execute(sql)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def sql(*statements: str) -> Damage:
    """Statements that a row of the log, or anything else, suffers."""

    def done(path: Path) -> None:
        with unlocked(path) as db:
            for statement in statements:
                db.execute(statement)

    return done


def row(change: str, number: int = BEFORE + 5) -> Damage:
    """A change to one row that keeps its check sum; by default to a row that no backup has."""
    return sql(f"UPDATE log SET {change} WHERE seq = {number}")


def old_row(change: str) -> Damage:
    """The same in a row without a check sum, as versions before had them."""
    return sql(f"UPDATE log SET {change}, sum = 'unchecked' WHERE seq = {BEFORE + 5}")


def put(at: int | Callable[[int], int], piece: bytes) -> Damage:
    """Bytes somewhere in the file, or from a place that depends on its size."""

    def done(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(at if isinstance(at, int) else at(path.stat().st_size))
            file.write(piece)

    return done


def byte(old: bytes, new: bytes) -> Damage:
    """The last time that some bytes stand in the file, others."""

    def done(path: Path) -> None:
        data = path.read_bytes()
        at = data.rindex(old)
        path.write_bytes(data[:at] + new + data[at + len(old) :])

    return done


def cut(size: Callable[[int], int]) -> Damage:
    """Only the beginning of the file."""
    return lambda path: os.truncate(path, size(path.stat().st_size))


def beside(name: str, content: bytes | None) -> Damage:
    """Another file or (None) folder beside the record, whole record kept."""

    def done(path: Path) -> None:
        target = path.parent / name
        if target.is_dir():
            for file in target.iterdir():
                file.unlink()
            target.rmdir()
        target.unlink(missing_ok=True)
        if content is None:
            target.mkdir(parents=True)
        else:
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)

    return done


def both(*damages: Damage) -> Damage:
    """One after the other."""

    def done(path: Path) -> None:
        for damage in damages:
            damage(path)

    return done


def instead(content: bytes) -> Damage:
    """Something else in the record's place."""
    return lambda path: path.write_bytes(content) and None


def backups_from_the_future(path: Path) -> None:
    content = max(path.with_name("backups").iterdir()).read_bytes()
    for day in range(1, 10):
        path.with_name("backups").joinpath(f"2036-01-0{day}.sqlite").write_bytes(content)


def another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE songs (title TEXT)")
        db.commit()


def without_triggers(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER log_stays")


def lose_pages(share: int) -> Damage:
    """Every page of so many, but for the first, holds zeros."""

    def done(path: Path) -> None:
        with path.open("r+b") as file:
            for at in range(PAGE, path.stat().st_size, share * PAGE):
                file.seek(at)
                file.write(bytes(PAGE))

    return done


CARD = f"card = '{CARDS[1]}'"
CHECKED_ROWS: Mapping[str, Damage] = {  # one row is altered or cannot be read; it has a check sum
    "a brace for a bracket": byte(b'{"answer": "0.0', b'["answer": "0.0'),
    "another answer": row("""data = replace(data, '0.0004', '0.9994')"""),
    "another rating": row("rating = 4 - rating % 2"),
    "another card": row(f"card = '{CARDS[3]}2'"),
    "another verdict": row("verdict = 'form'"),
    "another identity": row("id = 'f' || substr(id, 2) || 'x'"),
    "a rating that there is not": row("rating = 77"),
    "a rating in words": row("rating = 'good'"),
    "no data": row("data = ''"),
    "a list for an object": row("data = '[]'"),
    "data in bytes": row("data = x'7b7d'"),
    "data that is not UTF-8": row("data = CAST(x'7b22fffe' AS TEXT)"),
    "a card that is not UTF-8": row("card = CAST(x'67fffe' AS TEXT)"),
    "the year 9999": row("day = '9999-12-31', at = '9999-12-31T23:59:59.999999+00:00'"),
    "no date": row("day = 'soon'"),
    "a moment without a zone": row("at = '2026-01-01'"),
    "data nested very deep": row("data = '" + "[" * 50_000 + "'"),
    "no check sum": row("sum = ''"),
    "another check sum": row("sum = '00000000'"),
}
OLD_ROWS: Mapping[str, Damage] = {  # a row without a check sum that cannot be read
    "old: a brace for a bracket": old_row("data = replace(data, '{', '[')"),
    "old: slips in a list": old_row("""data = '{"slips": ["a"]}', verdict = 'wrong'"""),
    "old: slips in a number": old_row("""data = '{"slips": 3}', verdict = 'wrong'"""),
    "old: seconds in words": old_row("""data = '{"seconds": "long"}'"""),
    "old: endless seconds": old_row("""data = '{"seconds": Infinity}'"""),
    "old: a stage in words": old_row("""data = '{"stage": "two"}', kind = 'hint', rating = 0"""),
    "old: a line in a list": old_row("""data = '{"line": ["x"]}'"""),
    "old: rated without a rating": old_row("""data = '{}', kind = 'rate', rating = 0"""),
    "old: half a character": old_row("""data = '{"answer": "\\ud800"}'"""),
    "old: the year 9999": old_row("day = '9999-12-31', at = '9999-12-31T23:59:59.999999+00:00'"),
    "old: the year 1": old_row("day = '0001-01-01', at = '0001-01-01T00:00:00.000000+00:00'"),
    "old: a rating too high": old_row("rating = 5"),
    "old: no card": old_row("card = ''"),
}
DERIVED: Mapping[str, Damage] = {  # nothing that was answered is touched
    "a due day that is none": sql(f"UPDATE schedule SET due = '2026-13-45' WHERE {CARD}"),
    "a due day years ahead": sql(f"UPDATE schedule SET due = '2099-01-01' WHERE {CARD}"),
    "a last day years ahead": sql(f"UPDATE schedule SET last = '2099-01-01' WHERE {CARD}"),
    "a stability in words": sql(f"UPDATE schedule SET stability = 'long' WHERE {CARD}"),
    "an endless stability": sql(f"UPDATE schedule SET stability = 9e999 WHERE {CARD}"),
    "a schedule in bytes": sql(f"UPDATE schedule SET first = x'00ff', due = x'00ff' WHERE {CARD}"),
    "an empty schedule": sql("DELETE FROM schedule", "DELETE FROM meta WHERE key = 'schedule'"),
    "no facts about the file": sql("DELETE FROM meta"),
    "a rule in bytes": sql("UPDATE meta SET value = x'ff00' WHERE key = 'schedule'"),
    "a place that is not JSON": sql("UPDATE place SET data = '{\"index'"),
    "a place that is a list": sql("UPDATE place SET data = '[]', sum = 'unchecked'"),
    "a place in bytes": sql("UPDATE place SET data = x'ff00', sum = 'unchecked'"),
    "a place in words": sql("""UPDATE place SET sum = 'unchecked', data = '{"index": "x", "of": {}, "weak": 3}'"""),
    "a place far away": sql("""UPDATE place SET sum = 'unchecked', data = '{"index": -7, "of": 0, "blanks": 1e99}'"""),
    "a place of odd texts": sql(
        """UPDATE place SET sum = 'unchecked', data = '{"written": [3, null], "weak": [[]], "blanks": -3}'"""
    ),
}
STRUCTURE: Mapping[str, Damage] = {  # of the file; all or most rows can still be read
    "no trigger": without_triggers,
    "no index": sql("DROP INDEX log_card"),
    "no schedule": sql("DROP TABLE schedule"),
    "no places": sql("DROP TABLE place"),
    "no facts": sql("DROP TABLE meta"),
    "layout 0": put(60, bytes(4)),
    "layout 1": put(60, b"\0\0\0\1"),
    "layout 2": put(60, b"\0\0\0\2"),
    "nobody's file": put(68, bytes(4)),
    "another page size": put(16, b"\x20\0"),
    "an impossible page size": put(16, b"\x12\x34"),
    "the first 16 bytes": put(0, b"not a database, "),
    "the first 100 bytes": put(0, bytes(100)),
    "the first page": put(0, bytes(PAGE)),
    "the tables' statements": byte(b"CREATE TABLE log", b"CREATE TABLE lug"),
    "a statement that is not UTF-8": byte(b"CREATE INDEX log_card", b"CREATE \xffNDEX log_card"),
    "a name that is not UTF-8": byte(b"log_cardlog", b"log_\xffardlog"),
    "the second page": put(PAGE, bytes(PAGE)),
    "noise on the second page": put(PAGE, bytes(range(256)) * 16),
    "a page in the middle": put(lambda size: size // 2 // PAGE * PAGE, bytes(PAGE)),
    "the last page": put(lambda size: size - PAGE, bytes(PAGE)),
    "every fifth page": lose_pages(5),
    "every second page": lose_pages(2),
    "one byte less": cut(lambda size: size - 1),
    "a page less": cut(lambda size: size - PAGE),
    "half of it": cut(lambda size: size // 2),
    "the first page only": cut(lambda _: PAGE),
    "a hundred bytes": cut(lambda _: 100),
    "one byte": cut(lambda _: 1),
    "nothing": cut(lambda _: 0),
    "gone": lambda path: path.unlink(),
    "a text instead": instead(b"Dear diary,\n" * 999),
    "noise instead": instead(bytes((7 * i * i + 3) % 251 for i in range(20_000))),
    "another program's database": another_program,
    "nothing, and an empty backup": both(cut(lambda _: 0), beside("backups/2099-01-01.sqlite", b"")),
    "nothing, and a stranger's file": both(cut(lambda _: 0), beside("backups/my-old-copy.sqlite", b"")),
    "half of it, and an empty backup": both(cut(lambda size: size // 2), beside("backups/2026-11-30.sqlite", b"")),
}
HARMLESS: Mapping[str, Damage] = {  # nothing is lost, and nothing need be said
    "nothing at all": lambda _: None,
    "somebody's table beside ours": sql("CREATE TABLE mine (a)", "INSERT INTO mine VALUES (1)"),
    "noise for a lock": beside("record.lock", b"not a lock" * 99),
    "noise for shared memory": beside("record.sqlite-shm", b"\7" * 999),
    "noise for a write-ahead log": beside("record.sqlite-wal", b"\7" * 9999),
    "noise for a journal": beside("record.sqlite-journal", b"\7" * 9999),
    "a draft that was left": beside("record.sqlite.123.part", b"x"),
    "a mark of an earlier version": beside("record.suspect", b""),
    "backups from the future": backups_from_the_future,
}
DAMAGES: Mapping[str, Damage] = {**CHECKED_ROWS, **OLD_ROWS, **DERIVED, **STRUCTURE, **HARMLESS}

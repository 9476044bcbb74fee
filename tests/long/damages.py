"""`python -m tests.long.damages [--count N] [--seed S]`: bits, pages and ends of a record's file, damaged by chance.

The laws: a command never crashes; every row that still stands in the file unharmed comes out again, as do those of the
backup; no answer comes out that was not given; and what was done is told once. Which rows are unharmed is found out by
looking for their bytes, not by reading the file as a database.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from datetime import datetime
from pathlib import Path
from unittest import mock

from dlteach.cli import run
from dlteach.study.entries import COLUMNS
from dlteach.study.opening import open_record
from dlteach.study.settings import Settings
from tests.hostile.damages import PAGE, entry, fill
from tests.long import Row, failed, row

BEFORE, SINCE = 600, 200
COMMANDS = (
    ("quiz", "gelu/reflection"), ("review", "gelu"), ("progress",), ("progress", "--rebuild"), ("import", "-"), (),
    ("export", "progress", "-"), ("lessons",),
)  # fmt: skip

Harm = Callable[[bytearray, random.Random], None]
Piece = tuple[str, bytes]  # an identity, and the bytes of its row


def flip(data: bytearray, dice: random.Random) -> None:
    """One bit."""
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def truncate(data: bytearray, dice: random.Random) -> None:
    """The file ends somewhere."""
    del data[dice.randrange(len(data)) :]


def zero(data: bytearray, dice: random.Random) -> None:
    """One to four pages of zeros."""
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(data) // PAGE) * PAGE
        data[at : at + PAGE] = bytes(PAGE)


def scribble(data: bytearray, dice: random.Random) -> None:
    """Noise, from anywhere to anywhere within three pages."""
    at, size = dice.randrange(len(data)), dice.randrange(3 * PAGE)
    piece = dice.randbytes(min(size, len(data) - at))
    data[at : at + len(piece)] = piece


FINE = "nothing readable lost, nothing altered"
FILE, LOG = "record.sqlite", "record.sqlite-wal"
HARMS: dict[str, tuple[Harm, str, int, int]] = {  # what happens, to what, how often, rows that may be lost by it
    "a bit flipped": (flip, FILE, 500, 1),
    "the file truncated": (truncate, FILE, 100, 0),
    "pages of zeros": (zero, FILE, 60, 0),
    "noise over a part": (scribble, FILE, 60, 1),
    "a bit flipped in the log of a killed session": (flip, LOG, 100, 1),
}


class Spoilt(AssertionError):
    """A law was broken."""


def campaign(count: int | None = None, seed: int = 0) -> list[Row]:
    """Rows of what was done, how often, and what came of it; `count` is the number of flips, others in proportion."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        ended, killed = Path(folder) / "ended", Path(folder) / "killed"
        fill(ended, BEFORE, SINCE)
        _killed_in(ended, killed)
        for name, (harm, file, times, loss) in HARMS.items():
            times = times if count is None else max(1, count * times // 500)
            source = killed if file == LOG else ended
            faults = [
                fault
                for number in range(times)
                if (fault := _tried(source, Path(folder) / "home", file, harm, loss, f"{seed} {name} {number}"))
            ]
            found.append(row(name, times, faults, FINE))
    return found


def _killed_in(ended: Path, killed: Path) -> None:
    """The same record as a session leaves it that has answered SINCE questions more and was killed."""
    home = ended.with_name("running")
    shutil.copytree(ended, home)
    with mock.patch.dict(os.environ, {"DLTEACH_HOME": str(home)}):
        record = open_record(lambda: datetime.now().astimezone(), Settings(), print)
        for number in range(SINCE):
            record.note(entry(number, 7))
        shutil.copytree(home, killed)
        record.close()


def _tried(source: Path, home: Path, file: str, harm: Harm, loss: int, seed: str) -> str:
    """Harm a copy, use it, and look at what comes out; returns the law that was broken, empty where none was."""
    dice = random.Random(seed)
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(source, home)
    if dice.random() < 0.3:  # as if this were the first session of the day, which looks through all of it
        latest = next((home / "backups").glob("*.sqlite"))
        latest.rename(latest.with_name("2026-01-01.sqlite"))
    rows, backed = _rows(source / FILE), _rows(next((source / "backups").glob("*.sqlite")))
    data = bytearray((home / file).read_bytes())
    harm(data, dice)
    (home / file).write_bytes(data)
    there = {name for name, piece in rows if any(piece in path.read_bytes() for path in home.glob("record.sqlite*"))}
    there |= {name for name, _ in backed}
    try:
        with mock.patch.dict(os.environ, {"DLTEACH_HOME": str(home)}):
            told = _run(*dice.choice(COMMANDS))[1]
            lines, more = _run("export", "progress", "-")
            _law(told + more, lines, there, set(dict(rows)), loss)
            _, still = _run("export", "progress", "-")
            if still:
                raise Spoilt(f"told again: {still}")
    except Spoilt as broken:
        return f"{seed}: {broken}"
    return ""


def _law(told: str, lines: str, there: set[str], given: set[str], loss: int) -> None:
    after = {line["id"]: line for line in map(json.loads, lines.splitlines())}
    if (lost := there - after.keys()) and len(lost) > loss:
        raise Spoilt(f"{len(lost)} rows were lost; told: {told}")
    if given - after.keys() and not told:
        raise Spoilt("rows are gone, and nothing was said")
    for kept in after.values():
        if kept["kind"] == "skip":
            continue
        said = kept["data"]["answer"].split(".")[1][:4]
        if kept["data"]["seconds"] != 3.5 + int(said) or kept["rating"] != 1 + int(said) % 4:
            raise Spoilt(f"an altered answer came out: {kept}")
        if kept["id"] not in given:
            raise Spoilt(f"an entry came out that was never written: {kept}")
    if len(told.splitlines()) > 2:
        raise Spoilt(f"told too often: {told}")


def _run(*command: str) -> tuple[str, str]:
    """What a command says on both streams; raises Spoilt where it does not end well."""
    out, err = io.StringIO(), io.StringIO()
    typed = "" if command[:1] == ("import",) else ":skip\n:quit\n"
    with redirect_stdout(out), redirect_stderr(err), mock.patch.object(sys, "stdin", io.StringIO(typed)):
        code = run([*command])
    if code != 0:
        raise Spoilt(f"dlteach {' '.join(command)} ended with {code}: {err.getvalue()}")
    return out.getvalue(), err.getvalue()


def _rows(path: Path) -> list[Piece]:
    """The bytes in which the rows of a sound file stand in it: the texts, and the rating in one byte or none."""
    with tempfile.TemporaryDirectory() as folder:  # looking at a record may put its log into it
        for beside in path.parent.glob(f"{path.name}*"):
            shutil.copy(beside, folder)
        with closing(sqlite3.connect(Path(folder) / path.name)) as db:
            found = db.execute(f"SELECT {COLUMNS} FROM log").fetchall()
    pieces = []
    for card, kind, sitting, verdict, rating, data, identity, at, day, check in found:
        number = bytes([rating]) if rating > 1 else b""
        head = (identity + at + day + card + sitting + kind + verdict).encode()
        pieces.append((identity, head + number + data.encode() + check.encode()))
    return pieces


@contextmanager
def _quiet() -> Iterator[None]:
    with mock.patch.dict(os.environ, {"NO_COLOR": "1", "COLUMNS": "80"}):
        yield


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=None, help="bits to flip, the others in proportion (500)")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    with _quiet():
        table = campaign(chosen.count, chosen.seed)
    for what, times, came in table:
        print(f"{what:<20} {times:>5}  {came}")
    sys.exit(any(map(failed, table)))

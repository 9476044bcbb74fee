"""Sessions killed at random moments, one or two at a time: whatever feedback was shown is in the record, and once.

25 and 5 runs here; `python -m tests.long kills` makes 500 and 50.
"""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

import pytest

from dlteach.study.opening import open_record
from dlteach.study.record import Record
from dlteach.study.settings import Settings

ALONE, TOGETHER = 25, 5
SHOWN = re.compile(
    r"^(?:number|expression|next line|true or a point|order)> (.*)\n(✓ correct|✗ wrong|◐ not quite|✓ follows)", re.M
)
COMMANDS = (
    ("quiz", "gelu/value-at-one", "gelu/reflection"),
    ("review", "gelu/value-at-one", "backpropagation/used-twice"),
    ("practice", "x*sigmoid(x)"),
)


class Session:
    """A command that is fed answers of its own, each different, as fast as it takes them, until it is killed."""

    def __init__(self, home: Path, dice: random.Random, name: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dlteach", *dice.choice(COMMANDS), "--plain"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "DLTEACH_HOME": str(home), "COLUMNS": "400"},
            text=True,
        )
        self.name, self.out = name, ""
        self.reader = threading.Thread(target=self._read)
        self.writer = threading.Thread(target=self._write)
        self.reader.start()
        self.writer.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.out += line

    def _write(self) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write("\n")  # practice begins with a page to be read
            for number in range(2000):
                self.process.stdin.write(f"{self.name}.{number:04}\n")
            self.process.stdin.flush()
        except OSError:
            pass

    def killed_after(self, seconds: float) -> None:
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.writer.join()
        self.reader.join()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def seconds_to_the_first_answer(self) -> float:
        """How long this machine takes today, before it is killed."""
        start = time.monotonic()
        while not self.shown and time.monotonic() < start + 60:
            time.sleep(0.01)
        seconds = time.monotonic() - start
        self.killed_after(0.01)
        return seconds

    @property
    def shown(self) -> list[str]:
        """The answers whose feedback was shown."""
        return [answer for answer, _ in SHOWN.findall(self.out)]


def opened(told: list[str]) -> Record:
    return open_record(lambda: datetime.now().astimezone(), Settings(), told.append)


def looked_at(sessions: list[Session]) -> int:
    """The laws, after the sessions have ended; returns how many answers were shown."""
    told: list[str] = []
    record = opened(told)
    assert not told, "the file opens"
    kept = Counter(str(entry.data["answer"]) for entry in record.entries() if "answer" in entry.data)
    shown = [answer for session in sessions for answer in session.shown]
    assert not [answer for answer in shown if answer not in kept], "what was shown is kept"
    assert not [answer for answer, times in kept.items() if times > 1], "nothing is kept twice"
    stored = record.schedule()
    record.rebuild()
    assert record.schedule() == stored, "the schedule follows from the log"
    assert record.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    record.db.close()
    return len(shown)


def killed(home: Path, runs: int, at_once: int, dice: random.Random) -> int:
    """Start sessions and kill them, so many times; returns how many answers were shown. Asserts the laws."""
    first = Session(home, dice, "00")
    pace = first.seconds_to_the_first_answer()
    every = [first]
    shown = 0
    for run in range(runs):
        sessions = [Session(home, dice, f"{run + 1}{other}") for other in range(at_once)]
        start = time.monotonic()
        for session in sessions:
            session.killed_after(max(0.01, dice.uniform(0.1, 2.5) * pace - (time.monotonic() - start)))
        every += sessions
        if run % 10 == 9 or run == runs - 1:
            shown = looked_at(every)
    assert shown > runs, "the sessions were long enough to mean something"
    return shown


@pytest.mark.slow
@pytest.mark.parametrize(("runs", "at_once"), [(ALONE, 1), (TOGETHER, 2)])
def test_nothing_that_was_shown_is_lost(
    runs: int, at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLTEACH_HOME", str(tmp_path / "home"))
    killed(tmp_path / "home", runs, at_once, random.Random(runs))


def test_a_lesson_goes_on_where_it_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts are counted by the lines of the place that the learner would see."""
    home = tmp_path / "home"
    monkeypatch.setenv("DLTEACH_HOME", str(home))
    reached = 0
    for _ in range(3):  # the first three parts end in a prompt
        process = subprocess.Popen(
            [sys.executable, "-m", "dlteach", "study", "gelu", "--plain"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, "DLTEACH_HOME": str(home)},
        )  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        went_on = False
        for row in process.stdout:
            if went_on and row.strip():
                break  # the next part has begun
            went_on = went_on or "Enter goes on>" in row
        process.kill()
        process.communicate()
        with closing(sqlite3.connect(home / "record.sqlite")) as db:
            (data,) = db.execute("SELECT data FROM place WHERE key = 'study:gelu'").fetchone()
        index = int(re.findall(r'"index": (\d+)', data)[0])
        assert index > reached, "a part that was done does not come again"
        reached = index

"""The wall holds however a process ends: no child outlives its parent, no verdict is lost with another process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from dlteach.checking import verify
from dlteach.checking.jobs import Job, JobKind, jobs
from dlteach.course.ledger import Outcome
from dlteach.course.lessons import Course
from dlteach.reasoning.worker import starts
from dlteach.reasoning.worker.child import Role
from dlteach.reasoning.worker.pool import Pool
from tests.conftest import ROOT
from tests.reasoning import tasks

linux = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")

PARENT = """
import os, sys
from dlteach.reasoning.worker import child, process, starts
from tests.reasoning import tasks

starts.FORKS = sys.argv[1] == "forked"
if sys.argv[2] != "with":
    if sys.argv[2] == "timerless":
        os.environ["WITHOUT_TIMERS"] = "1"
    tasks.without_signal()
sibling, busy, last = (process.Worker(child.Role("tests.reasoning")) for _ in range(3))
for worker in (sibling, busy, last):
    worker.ask("tasks:echo", 1, seconds=20)
print("ready", flush=True)
busy.ask("tasks:pass_on", "tasks:" + sys.argv[3], float(sys.argv[4]), seconds=float(sys.argv[4]))
"""
CASES = [  # how the children start, whether the system's signal is there, what the last of them does, for how long
    *((way, "with", task, 60.0) for way in ("forked", "spawned") for task in ("power", "factor", "integrate")),
    *((way, "without", task, 60.0) for way in ("forked", "spawned") for task in ("sleep", "count", "integrate")),
    ("spawned", "timerless", "power", 1.5),
    ("spawned", "timerless", "factor", 1.5),
    *((way, "without", task, 1.5) for way in ("forked", "spawned") for task in ("power", "factor")),
]


class Family:
    """A process and all that came of it, found by a mark in their environment."""

    def __init__(self, *command: str) -> None:
        self.mark = f"MARK={uuid.uuid4()}"
        name, _, value = self.mark.partition("=")
        self.head = subprocess.Popen(
            [sys.executable, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, name: value},
            cwd=ROOT,
            text=True,
        )

    @property
    def living(self) -> list[int]:
        """Their process ids."""
        found = []
        for folder in Path("/proc").iterdir():
            with suppress(OSError, ValueError):
                if self.mark.encode() in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
        return found

    def grown_to(self, number: int) -> bool:
        """Whether there are so many of them, within some time."""
        return any(len(self.living) >= number or time.sleep(0.05) for _ in range(400))

    def gone_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while self.living:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def end(self) -> None:
        for pid in self.living:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        self.head.wait()
        assert self.head.stdout is not None
        self.head.stdout.close()


@pytest.fixture
def families() -> Iterator[list[Family]]:
    started: list[Family] = []
    yield started
    for family in started:
        family.end()


@linux
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["SIGKILL", "SIGTERM"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case)))
def test_children_die_with_their_parent(case: tuple[str, str, str, float], number: int, families: list[Family]) -> None:
    """Three of them, and one that is a grandchild, which is busy with what cannot be interrupted."""
    *words, seconds = map(str, case)
    families.append(family := Family("-c", PARENT, *words, seconds))
    assert family.head.stdout is not None
    assert family.head.stdout.readline() == "ready\n"
    assert family.grown_to(5)
    time.sleep(0.4)  # it is in the midst of it
    os.kill(family.head.pid, number)
    family.head.wait()
    assert family.gone_within(2.0 if float(seconds) > 2 else float(seconds) + 2.5)


COMMANDS = [
    ("prove", "exp(x) >= 1 + x + x^2/2 + x^3/6 + x^4/24 + x^5/120 for x > 0", "--seconds", "60"),
    ("value", "sum(sum(1/(j+k), j=1..9000), k=1..9000)"),
    ("derive", "max(" + ", ".join(f"x^{n}" for n in range(40)) + ")"),
    ("verify", "--fresh"),
]


@linux
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda s: s.name)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_nothing_is_left_of_a_command_that_is_killed(
    command: tuple[str, ...], number: int, families: list[Family]
) -> None:
    for seconds in (0.2, 1.5):
        families.append(family := Family("-m", "dlteach", *command))
        time.sleep(seconds)
        family.head.send_signal(number)
        family.head.wait()
        assert family.gone_within(2.0)


@pytest.fixture(params=["forked", "spawned"])
def pool(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """Two processes for `verify`, for which a statement says what becomes of the one that looks at it."""
    monkeypatch.setattr(starts, "FORKS", request.param == "forked")
    pool = Pool(Role("tests.reasoning"), 2)
    monkeypatch.setattr(verify, "_pool", lambda: pool)
    monkeypatch.setattr(verify, "TRIED", "tasks:tried")
    yield pool
    pool.stop()


def verdicts(course: Course, *statements: str) -> Iterator[tuple[Outcome, str]]:
    """What `verify` says of statements, in their order."""
    lesson = next(course.lessons())
    work = [(lesson, Job(lesson.name, str(i), JobKind.CLAIM, "", text)) for i, text in enumerate(statements)]
    for number, finding in enumerate(verify.verified(work, course, fresh=True)):
        assert finding.job.id == str(number)
        yield finding.kept.verdict, finding.kept.evidence


FATES = {"crash": "died", "abort": "died", "leave": "died", "sleep": "no answer within", "power": "no answer within"}


@pytest.mark.parametrize("fate", FATES)
def test_a_statement_that_ends_its_process_takes_no_other_verdict_with_it(
    fate: str, pool: Pool, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "WALL", 1.0)
    found = list(verdicts(course, "echo", fate, "echo", "echo", fate, "echo"))
    assert [outcome for outcome, _ in found] == [Outcome.UNDECIDED if i in (1, 4) else Outcome.PROVED for i in range(6)]
    assert all(FATES[fate] in found[i][1] for i in (1, 4))


def test_a_process_that_is_killed_costs_no_verdict(pool: Pool, course: Course) -> None:
    found = verdicts(course, *["nap"] * 12)
    assert next(found)[0] is Outcome.PROVED
    for worker in pool.workers:
        os.kill(worker.pid, signal.SIGKILL)
    assert [outcome for outcome, _ in found] == [Outcome.PROVED] * 11


def test_an_interrupt_ends_the_processes_that_are_busy(pool: Pool, course: Course) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 1.0)
    start = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            list(verdicts(course, *["sleep"] * 4))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - start < 4
    assert [worker.pid for worker in pool.workers] == [0, 0]


@pytest.mark.parametrize("left", [0, 1])
def test_where_fewer_processes_can_be_started_all_verdicts_are_reached(
    left: int, pool: Pool, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None at all: in this process."""
    started = []

    def start(*args: Any) -> starts.Child:
        if len(started) >= left:
            raise OSError("there are too many")
        started.append(child := starts.start(*args))
        return child

    monkeypatch.setattr("dlteach.reasoning.worker.process.start", start)
    monkeypatch.setattr("dlteach.checking.trials.tried", tasks.tried)
    assert [outcome for outcome, _ in verdicts(course, *["echo"] * 5)] == [Outcome.PROVED] * 5


@pytest.mark.slow
def test_without_fork_the_whole_course_is_proved_as_with_it(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    verify._pool.cache_clear()
    monkeypatch.setattr(starts, "FORKS", False)
    work = [(lesson, job) for lesson in course.lessons() for job in jobs(lesson)]
    try:
        for (lesson, job), finding in zip(work, verify.verified(work, course, fresh=True), strict=True):
            assert finding.kept == lesson.ledger.verdict(job.id, job.statement, course.functions.digest)
    finally:
        verify._pool().stop()
        verify._pool.cache_clear()

"""The wall around SymPy: overruns are killed, and the next request gets a fresh child."""

import faulthandler
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dlteach.checking import verify
from dlteach.checking.jobs import Finding, Job
from dlteach.course.ledger import KeptVerdict, Outcome
from dlteach.course.lessons import Course
from dlteach.notation.reader import read, read_conditions
from dlteach.notation.show import show
from dlteach.reasoning.algebra import sympy_tasks
from dlteach.reasoning.worker.process import Overrun, Worker


@pytest.fixture
def worker():  # type: ignore[no-untyped-def]
    worker = Worker()
    yield worker
    worker.stop()


def test_an_answer_comes_back(worker: Worker) -> None:
    assert show(worker.ask("algebra.sympy_tasks:differentiate", read("x^2"), "x", {}, seconds=20)) == "2x"


def test_an_overrun_is_killed_and_replaced(worker: Worker) -> None:
    worker.ask("algebra.sympy_tasks:differentiate", read("x"), "x", {}, seconds=20)
    first = worker.pid
    hard = read("int(" + "*".join(f"tanh(x^{n})*e^(sin(x^{n}))" for n in range(1, 9)) + ", x = 0..y)")
    start = time.monotonic()
    with pytest.raises(Overrun, match=r"no answer within 0.3 s|gave up"):
        worker.ask("algebra.sympy_tasks:is_zero", hard, (), {}, seconds=0.3)
    assert time.monotonic() - start < 3
    assert worker.ask("algebra.sympy_tasks:is_zero", read("x - x"), (), {}, seconds=20) is True
    assert worker.pid != first


def test_without_time_nothing_is_asked_and_the_child_lives_on(worker: Worker) -> None:
    worker.start()
    before = worker.pid
    with pytest.raises(Overrun, match="no time"):
        worker.ask("algebra.sympy_tasks:is_zero", read("x"), (), {}, seconds=0)
    assert worker.pid == before


def test_a_child_that_dies_is_an_overrun(worker: Worker) -> None:
    worker.start()
    os.kill(worker.pid, 9)
    with pytest.raises(Overrun):
        worker.ask("algebra.sympy_tasks:is_zero", read("x"), (), {}, seconds=5)


def test_a_failing_task_is_an_overrun(worker: Worker) -> None:
    with pytest.raises(Overrun, match="gave up"):
        worker.ask("algebra.sympy_tasks:differentiate", read("g(x, y, z)"), "x", {}, seconds=20)


@pytest.mark.parametrize(
    ("difference", "given", "zero"),
    [
        ("lim(sin(x)/x, x -> 0) - 1", "", True),
        ("lim(x*ln(x), x -> 0+)", "", True),
        ("sum(1/2^i, i = 0..oo) - 2", "", True),
        ("sum(i^2, i = 1..n) - n*(n + 1)*(2n + 1)/6", "n integer, n >= 1", True),
        ("int(ln(x), x = 0..1) + 1", "", True),
        ("int(x^a, x = 0..1) - 1/(a + 1)", "a > 0", True),
        ("E[e^(s*z)] - e^(s^2/2)", "", True),
        ("x - 1", "", False),
        ("lim(sqrt(-x)/x, x -> oo)", "", False),
        ("lim(ln(x)/x, x -> -oo)", "", False),
        ("sum(i/i, i = 0..3) - 4", "", False),
        ("sum(x^i/(i - 2), i = 0..n) - sum(x^i/(i - 2), i = 0..n)", "", False),
        ("int(1/t^2, t = -1..x) + 1/x + 1", "", False),
        ("int(sqrt(x), x = -1..1) - 2*(1 + (-1)^(1/2))/3", "", False),
        ("E[ln(z)] - E[ln(z)]", "", False),
        ("{1 if (x - 7)^2 <= 0; 0 otherwise}", "", False),
    ],
)
def test_a_zero_of_sympy_is_taken_where_all_is_real_and_smooth(difference: str, given: str, zero: bool) -> None:
    conditions = read_conditions(given) if given else ()
    assert sympy_tasks.is_zero(read(difference), conditions, {}) is zero


def test_a_budget_does_not_pay_for_the_import_of_a_library(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlteach.reasoning.worker.process.load", lambda module: time.sleep(1.2))
    assert worker.ask("algebra.sympy_tasks:is_zero", read("x - x"), (), {}, seconds=1.0) is True
    waited = worker.waited
    assert waited > 1.0
    worker.ask("algebra.sympy_tasks:is_zero", read("x - x"), (), {}, seconds=1.0)
    assert worker.waited == waited, "it is imported once"


def test_a_crash_is_an_answer_and_the_next_request_gets_a_new_child(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A segmentation fault in a library ends the child, and nothing else."""

    def crash(*_: object) -> None:
        faulthandler.disable()
        os.kill(os.getpid(), signal.SIGSEGV)

    with monkeypatch.context() as patch:
        patch.setattr(sympy_tasks, "is_zero", crash)
        with pytest.raises(Overrun, match="died"):
            worker.ask("algebra.sympy_tasks:is_zero", read("x - x"), (), {}, seconds=20)
    assert worker.ask("algebra.sympy_tasks:is_zero", read("x - x"), (), {}, seconds=20) is True


PARENT = """
from dlteach.reasoning.worker import process

process.load = lambda module: __import__("time").sleep(100)
worker = process.Worker()
worker.start()
print(worker.pid, flush=True)
worker.ask("algebra.sympy_tasks:is_zero", seconds=100)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs Linux")
def test_a_busy_child_dies_with_its_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = Path("/proc") / parent.stdout.readline().strip()
    assert child.exists()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(200):
        if not child.exists() or "Z" in (child / "stat").read_text().split(")")[-1].split()[0]:
            break
        time.sleep(0.05)
    else:
        pytest.fail("the child lives on")


def test_a_process_that_dies_takes_no_other_verdict_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """`verify` finds the statement that kills its process, says so, and goes on with the rest."""

    def tried(job: Job, *_: object) -> Finding:
        if job.id == "3":
            os.kill(os.getpid(), signal.SIGKILL)
        return Finding(job, KeptVerdict(job.statement, Outcome.PROVED, "a test", ""), 0.0)

    monkeypatch.setattr(verify, "_tried", tried)
    monkeypatch.setattr(verify, "_cores", lambda: 2)
    course = Course()
    lesson = next(course.lessons())
    work = [(lesson, Job(lesson.name, str(i), "claim", "", "x = x")) for i in range(8)]
    found = list(verify.verified(work, course, fresh=True))
    assert [finding.job.id for finding in found] == [str(i) for i in range(8)]
    outcomes = [finding.kept.verdict for finding in found]
    assert outcomes == [Outcome.UNDECIDED if i == 3 else Outcome.PROVED for i in range(8)]

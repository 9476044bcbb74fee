"""The wall around SymPy: overruns are killed, and the next request gets a fresh child."""

import os
import time

import pytest

from dlteach.notation.reader import read
from dlteach.notation.show import show
from dlteach.reasoning import sympy_tasks
from dlteach.reasoning.worker import Overrun, Worker


@pytest.fixture
def worker():  # type: ignore[no-untyped-def]
    worker = Worker()
    yield worker
    worker.stop()


def test_an_answer_comes_back(worker: Worker) -> None:
    assert show(worker.ask("sympy_tasks:differentiate", read("x^2"), "x", {}, seconds=20)) == "2x"


def test_an_overrun_is_killed_and_replaced(worker: Worker) -> None:
    worker.ask("sympy_tasks:differentiate", read("x"), "x", {}, seconds=20)
    first = worker.pid
    hard = read("int(" + "*".join(f"tanh(x^{n})*e^(sin(x^{n}))" for n in range(1, 9)) + ", x = 0..y)")
    start = time.monotonic()
    with pytest.raises(Overrun, match=r"no answer within 0.3 s|gave up"):
        worker.ask("sympy_tasks:is_zero", hard, (), {}, seconds=0.3)
    assert time.monotonic() - start < 3
    assert worker.ask("sympy_tasks:is_zero", read("x - x"), (), {}, seconds=20) is True
    assert worker.pid != first


def test_without_time_nothing_is_asked_and_the_child_lives_on(worker: Worker) -> None:
    worker.start()
    before = worker.pid
    with pytest.raises(Overrun, match="no time"):
        worker.ask("sympy_tasks:is_zero", read("x"), (), {}, seconds=0)
    assert worker.pid == before


def test_a_child_that_dies_is_an_overrun(worker: Worker) -> None:
    worker.start()
    os.kill(worker.pid, 9)
    with pytest.raises(Overrun):
        worker.ask("sympy_tasks:is_zero", read("x"), (), {}, seconds=5)


def test_a_failing_task_is_an_overrun(worker: Worker) -> None:
    with pytest.raises(Overrun, match="gave up"):
        worker.ask("sympy_tasks:differentiate", read("g(x, y, z)"), "x", {}, seconds=20)


def test_the_tasks_themselves() -> None:
    assert sympy_tasks.is_zero(read("lim(sin(x)/x, x -> 0) - 1"), (), {})
    assert not sympy_tasks.is_zero(read("x - 1"), (), {})
    assert show(sympy_tasks.worked_out(read("int(t, t = 0..2)"), (), {})) == "2"


def test_a_budget_does_not_pay_for_the_import_of_a_library(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlteach.reasoning.worker.load", lambda module: time.sleep(1.2))
    assert worker.ask("sympy_tasks:is_zero", read("x - x"), (), {}, seconds=1.0) is True
    waited = worker.waited
    assert waited > 1.0
    worker.ask("sympy_tasks:is_zero", read("x - x"), (), {}, seconds=1.0)
    assert worker.waited == waited, "it is imported once"

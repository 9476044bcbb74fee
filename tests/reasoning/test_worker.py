"""The wall: overruns are killed, failures are answers, and the next request gets a child that works.

Every test is done with a child that was forked and with one that is a fresh interpreter.
"""

import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from dlteach.course.files import ContentError
from dlteach.errors import DlteachError
from dlteach.notation.reader import read, read_conditions
from dlteach.notation.show import show
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Negative
from dlteach.reasoning.algebra import sympy_tasks
from dlteach.reasoning.worker import starts, wire
from dlteach.reasoning.worker.child import Role
from dlteach.reasoning.worker.process import NoWorker, Overrun, Worker, clock
from tests.portable.sitecustomize import WITHOUT
from tests.reasoning import tasks

ROLE = Role("tests.reasoning", (DlteachError,), gives_up=True)


@pytest.fixture(params=["forked", "spawned"])
def worker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    monkeypatch.setattr(starts, "FORKS", request.param == "forked")
    worker = Worker(ROLE)
    yield worker
    worker.stop()


def test_an_answer_comes_back(worker: Worker) -> None:
    assert show(worker.ask("tasks:differentiate", read("x^2"), "x", seconds=20)) == "2x"


@pytest.mark.parametrize("task", ["sleep", "count", "power"])
def test_an_overrun_is_killed_and_replaced(worker: Worker, task: str) -> None:
    """Whatever the child is in: a call of the system, Python, or a C function that never lets go of the interpreter."""
    worker.ask("tasks:echo", 1, seconds=20)
    first = worker.pid
    start = time.monotonic()
    with pytest.raises(Overrun, match=r"no answer within 0.3 s"):
        worker.ask(f"tasks:{task}", seconds=0.3)
    assert 0.29 < time.monotonic() - start < 2
    assert worker.ask("tasks:echo", 2, seconds=20) == 2
    assert worker.pid != first


def test_without_time_nothing_is_asked_and_the_child_lives_on(worker: Worker) -> None:
    worker.start()
    before = worker.pid
    with pytest.raises(Overrun, match="no time"):
        worker.ask("tasks:echo", 1, seconds=0)
    assert worker.pid == before
    assert worker.ask("tasks:echo", 1, seconds=20) == 1


def test_a_child_that_was_killed_while_nothing_was_asked_is_replaced(worker: Worker) -> None:
    worker.ask("tasks:echo", 1, seconds=20)
    first = worker.pid
    os.kill(first, signal.SIGKILL)
    time.sleep(0.2)
    assert worker.ask("tasks:echo", 2, seconds=20) == 2
    assert worker.pid != first


FAILURES = [
    ("crash", (), "died"),  # a segmentation fault in a library
    ("abort", (), "died"),
    ("leave", (), "died"),  # sys.exit, in whatever was called
    ("hog", (), "memory"),
    ("recursion", (), "deep"),
    ("run_out", (), "^the time ran out$"),
    ("fail", (), "gave up .ZeroDivisionError"),
    ("lock", (), "cannot be handed over"),  # a result that does not travel
    ("nested", (1_000_000,), "cannot be handed over"),  # Python 3.14 hands 20,000 over
    ("much", (wire.MOST_BYTES,), "too large"),
    ("poison", (), "cannot be read"),  # pickled well, but not to be unpickled
    ("echo", (lambda: 0,), "cannot be handed over"),  # a request that does not travel
    ("echo", (b"x" * wire.MOST_BYTES,), "too large"),
    ("absent", (), "gave up"),
]


@pytest.mark.parametrize(("task", "args", "why"), FAILURES, ids=[f"{task}-{why}" for task, _, why in FAILURES])
def test_whatever_fails_is_an_overrun_and_the_next_request_is_answered(
    worker: Worker, task: str, args: tuple[object, ...], why: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Overrun, match=why):
        worker.ask(f"tasks:{task}", *args, seconds=20)
    assert worker.ask("tasks:echo", 2, seconds=20) == 2
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(
    sys.platform != "linux" or "resource" in WITHOUT, reason="the limit of memory is one of address space on Linux"
)
def test_a_child_that_has_no_room_left_is_replaced(worker: Worker) -> None:
    """What earlier requests have left in it would leave no room for the next one."""
    assert worker.ask("tasks:keep", 900, seconds=20) == 1
    assert worker.ask("tasks:keep", 50, seconds=20) == 2
    with pytest.raises(Overrun, match="memory"):
        worker.ask("tasks:keep", 1200, seconds=20)
    assert worker.ask("tasks:keep", 900, seconds=20) == 1


def test_what_is_near_the_limits_travels(worker: Worker) -> None:
    size = wire.MOST_BYTES - 1000
    assert len(worker.ask("tasks:much", size, seconds=60)) == size
    tree = read("sin(" * 199 + "x" + ")" * 199)
    assert worker.ask("tasks:echo", tree, seconds=20) == tree
    for _ in range(1500):
        tree = Negative(tree)
    assert show(worker.ask("tasks:echo", tree, seconds=20)) == show(tree)


ERRORS = [
    DlteachError("a line"),
    NotationError("a problem", "x +", 3, "advice"),
    ContentError("a fault", "another"),
    tasks.Awkward("two", "arguments"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_for_the_person_is_raised_as_it_was(worker: Worker, error: DlteachError) -> None:
    with pytest.raises(DlteachError) as raised:
        worker.ask("tasks:throw", type(error).__name__, seconds=20)
    assert str(raised.value) == str(error)
    assert type(raised.value) is type(error) or isinstance(error, tasks.Awkward)
    assert vars(raised.value) == (vars(error) if type(raised.value) is type(error) else {})


@pytest.mark.parametrize("task", ["fail", "fail_awkwardly"])
def test_a_fault_of_ours_is_raised_with_the_way_to_it_where_nobody_gives_up(worker: Worker, task: str) -> None:
    worker.role = Role("tests.reasoning", (DlteachError,))
    with pytest.raises((ZeroDivisionError, RuntimeError)) as raised:
        worker.ask(f"tasks:{task}", seconds=20)
    assert f"in {task}" in "".join(traceback.format_exception(raised.value))
    assert worker.ask("tasks:echo", 2, seconds=20) == 2


def test_a_request_larger_than_a_pipe_is_given_up_when_nobody_takes_it(worker: Worker) -> None:
    """The child is stopped, so that it reads nothing."""
    worker.ask("tasks:echo", 1, seconds=20)
    os.kill(worker.pid, signal.SIGSTOP)
    start = time.monotonic()
    with pytest.raises(Overrun, match="no answer within"):
        worker.ask("tasks:echo", b"x" * 10_000_000, seconds=0.3)
    assert time.monotonic() - start < 2
    assert len(worker.ask("tasks:echo", b"x" * 10_000_000, seconds=20)) == 10_000_000


@pytest.mark.parametrize("ways", ["preloaded", "asked for", "in the task", "next door"])
def test_no_budget_pays_for_an_import(worker: Worker, ways: str) -> None:
    """The module takes 1.5 s to load; a request that needs it has 1 s."""
    if ways == "preloaded":
        worker.start("slow_module")
    task = {"in the task": "tasks:import_slowly", "next door": "tasks:ask_next_door"}.get(ways, "slow_module:answer")
    before = clock()
    assert worker.ask(task, seconds=1.0) == 42
    assert clock() - before < 1.0, "the clock of budgets stood still"
    assert worker.ask("slow_module:answer", seconds=1.0) == 42


def test_time_that_is_up_is_up_in_spite_of_an_import(worker: Worker) -> None:
    with pytest.raises(Overrun, match=r"within 0.5 s"):
        worker.ask("tasks:import_slowly_and_sleep", seconds=0.5)


def test_an_import_that_a_request_has_made_again_is_paid_for(worker: Worker) -> None:
    """Its first import is free, and takes 1.5 s."""
    worker.ask("tasks:echo", 1, seconds=20)
    start = time.monotonic()
    with pytest.raises(Overrun, match="within 2 s"):
        worker.ask("tasks:overrun_next_door", seconds=2.0)
    assert time.monotonic() - start < 6


def test_what_a_child_was_to_import_its_successor_imports_at_once(worker: Worker) -> None:
    worker.start("slow_module")
    with pytest.raises(Overrun):
        worker.ask("tasks:sleep", seconds=0.1)
    time.sleep(3)
    assert worker.ask("slow_module:when", seconds=1) < time.monotonic() - 0.5


def test_an_import_that_never_ends_is_given_up(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlteach.reasoning.worker.process.LOADING", 0.7)
    with pytest.raises(Overrun):
        worker.ask("slow_module:answer", seconds=20)


def test_an_interrupt_while_waiting_ends_the_child(worker: Worker) -> None:
    """Its answer would be taken for that of the next request."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    worker.ask("tasks:echo", 1, seconds=20)
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            worker.ask("tasks:sleep", seconds=20)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert worker.pid == 0
    assert worker.ask("tasks:echo", 2, seconds=20) == 2


def test_the_child_takes_nothing_from_the_terminal_and_gives_nothing_to_it(
    worker: Worker, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither what Python prints, nor what a C library does; Ctrl-C and Ctrl-Z are the parent's to judge."""
    assert worker.ask("tasks:talk", seconds=20) == b""
    for number in (signal.SIGINT, signal.SIGTSTP) if "posix" not in WITHOUT else (signal.SIGINT,):
        os.kill(worker.pid, number)
    assert worker.ask("tasks:echo", 2, seconds=20) == 2
    assert capfd.readouterr() == ("", "")


def test_a_handler_of_the_parents_does_not_run_in_the_child(worker: Worker) -> None:
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        worker.ask("tasks:echo", 1, seconds=20)
        with pytest.raises(Overrun, match="died"):
            worker.ask("tasks:terminate", seconds=20)
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_copy_of_the_parent_has_children_of_its_own() -> None:
    """Else the answers to one would be read by the other."""
    worker = Worker(ROLE)
    try:
        worker.ask("tasks:echo", 1, seconds=20)
        copy = os.fork()
        if copy == 0:
            code = 1
            with suppress(Overrun):
                code = int(worker.pid != 0 or worker.ask("tasks:echo", 2, seconds=20) != 2)
            worker.stop()
            os._exit(code)
        assert worker.ask("tasks:echo", 3, seconds=20) == 3
        assert os.waitpid(copy, 0)[1] == 0
        assert worker.ask("tasks:echo", 4, seconds=20) == 4
    finally:
        worker.stop()


class Lost:
    """What only refers to itself, so that whoever collects garbage removes its file, as with a temporary folder."""

    def __init__(self, path: Path) -> None:
        self.itself, self.path = self, path
        path.touch()

    def __del__(self) -> None:
        self.path.unlink()


def test_a_child_tears_nothing_down_that_is_its_parents(tmp_path: Path) -> None:
    worker = Worker(ROLE)
    gc.disable()
    try:
        Lost(tmp_path / "in use")
        worker.ask("tasks:collect", seconds=20)
        assert (tmp_path / "in use").exists()
    finally:
        worker.stop()
        gc.enable()


@pytest.mark.parametrize("lacking", ["pipe", "second pipe", "fork", "interpreter"])
def test_where_no_child_can_be_started_that_is_said(lacking: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pipes = [os.pipe()] if lacking == "second pipe" else []

    def refuse(*_: object) -> tuple[int, int]:
        if pipes:
            return pipes.pop()
        raise OSError("there are too many")

    monkeypatch.setattr(starts, "FORKS", lacking != "interpreter")
    if lacking == "interpreter":
        monkeypatch.setattr("sys.executable", "")
    else:
        monkeypatch.setattr(os, lacking.removeprefix("second "), refuse, raising=False)
    handles = len(list(Path("/dev/fd").iterdir()))
    with pytest.raises(NoWorker, match="no worker process can be started"):
        Worker(ROLE).ask("tasks:echo", 1, seconds=1)
    assert len(list(Path("/dev/fd").iterdir())) <= handles


def test_a_child_holds_nothing_of_what_its_parent_has_open() -> None:
    """A lock or a pipe that the parent lets go of is let go of, whatever children there are."""
    reading, writing = os.pipe()
    worker = Worker(ROLE)
    try:
        worker.ask("tasks:echo", 1, seconds=20)
        os.close(writing)
        os.set_blocking(reading, False)
        assert os.read(reading, 1) == b""
    finally:
        worker.stop()
        os.close(reading)


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

"""What tests ask of a child."""

from __future__ import annotations

import ctypes
import gc
import mmap
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import Any, NoReturn

from dlteach.checking.jobs import Finding, Job
from dlteach.course.files import ContentError
from dlteach.course.ledger import KeptVerdict, Outcome
from dlteach.errors import DlteachError
from dlteach.notation.patience import Overrun
from dlteach.notation.reader import read
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Expr
from dlteach.reasoning.worker import child, starts
from dlteach.reasoning.worker.child import Role
from dlteach.reasoning.worker.clock import load
from dlteach.reasoning.worker.process import Worker


class Awkward(DlteachError):
    """An error that is not made of its arguments, so that it cannot be unpickled."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} {two}")


def echo(value: Any) -> Any:
    return value


def differentiate(expr: Expr, name: str) -> Expr:
    from dlteach.reasoning.algebra.sympy_tasks import differentiate

    return differentiate(expr, name, {})


def sleep() -> None:
    time.sleep(100)


def count() -> None:
    while True:
        pass


def power() -> int:
    """A C function that holds the interpreter for minutes."""
    return pow(3, 10**9)


def factor() -> object:
    """FLINT at a number of 120 digits, likewise."""
    import flint

    return flint.fmpz((10**60 + 7) * (10**61 + 63)).factor()


def integrate() -> object:
    """SymPy at an integral that it does not finish, in Python."""
    from dlteach.reasoning.algebra.sympy_tasks import is_zero

    hard = "int(" + "*".join(f"tanh(x^{n})*e^(sin(x^{n}))" for n in range(1, 9)) + ", x = 0..y)"
    while True:
        is_zero(read(hard), (), {})


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def abort() -> None:
    """As GMP and FLINT do where there is no memory: a message of C, and the end."""
    ctypes.CDLL(None).puts(b"no memory!")
    os.abort()


def leave() -> None:
    sys.exit(3)


def terminate() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(10)


KEPT: list[mmap.mmap] = []


def keep(megabytes: int) -> int:
    """Take room, though no memory, for good."""
    try:
        KEPT.append(mmap.mmap(-1, megabytes * 1024**2))
    except OSError:
        raise MemoryError from None
    return len(KEPT)


def hog() -> int:
    return len(bytearray(64 * 1024**3))


def recursion() -> None:
    recursion()


def run_out() -> None:
    raise Overrun("the time ran out")


def fail() -> float:
    return 1 / 0


class Unforeseen(Exception):
    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} {two}")


def fail_awkwardly() -> None:
    raise Unforeseen("two", "arguments")


def lock() -> object:
    return threading.Lock()


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def much(size: int) -> bytes:
    return b"x" * size


class _Poison:
    def __reduce__(self) -> tuple[Any, ...]:
        return int, ("no number",)


def poison() -> object:
    return _Poison()


def throw(name: str) -> None:
    raise {
        "DlteachError": DlteachError("a line"),
        "NotationError": NotationError("a problem", "x +", 3, "advice"),
        "ContentError": ContentError("a fault", "another"),
        "Awkward": Awkward("two", "arguments"),
    }[name]


def talk() -> bytes:
    print("from Python")
    print("from Python", file=sys.stderr)
    for handle in (1, 2):
        os.write(handle, b"from below")
    ctypes.CDLL(None).puts(b"from C")
    ctypes.CDLL(None).fflush(None)
    return os.read(0, 10)


def import_slowly() -> int:
    return int(load("tests.reasoning.slow_module").answer())


def import_slowly_and_sleep() -> None:
    import_slowly()
    time.sleep(100)


def overrun_next_door() -> None:
    """The child's own child has to import again and again."""
    worker = Worker(Role("tests.reasoning"))
    for _ in range(20):
        with suppress(Overrun):
            worker.ask("slow_module:hang", seconds=0.1)


def ask_next_door() -> int:
    """The child's own child has to import."""
    worker = Worker(Role("tests.reasoning"))
    return int(worker.ask("slow_module:answer", seconds=0.8))


def collect() -> int:
    return gc.collect()


def nap() -> None:
    time.sleep(0.1)


def tried(job: Job, *_: object) -> Finding:
    """What becomes of a job whose statement names a task here."""
    globals()[job.statement](*([0] if job.statement == "echo" else []))
    return Finding(job, KeptVerdict(job.statement, Outcome.PROVED, "a test", ""), 0.0)


def pass_on(task: str, seconds: float) -> Any:
    """Have the child's own child do it."""
    return Worker(Role("tests.reasoning")).ask(task, seconds=seconds)


def without_signal() -> None:
    """As on systems that send no signal to a child whose parent has died; in children and theirs, too.

    Where the environment says so, there are no timers of the system either, as on Windows.
    """
    child._die_with = lambda parent: None
    if "WITHOUT_TIMERS" in os.environ:
        vars(signal).pop("setitimer", None)
    starts.main = main


original_main = starts.main


def main(parent: int, forks: bool) -> NoReturn:
    """What a fresh interpreter does then."""
    without_signal()
    original_main(parent, forks)

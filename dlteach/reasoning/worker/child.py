"""The child's side: a process of its own, which answers requests until its parent is gone.

It ends with its parent however that ends: at once by the system's own signal where there is one (Linux), else when the
pipe that requests come by is closed, else (a C function that never lets another thread run) when the time for its
request is up and a little more: an alarm that needs no Python then ends it.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from _queue import SimpleQueue
from contextlib import suppress
from time import monotonic
from typing import Any, NoReturn

from dlteach.errors import DlteachError
from dlteach.notation import patience
from dlteach.notation.patience import Overrun
from dlteach.reasoning.worker import wire
from dlteach.reasoning.worker.clock import load, pause
from dlteach.values import frozen

MEMORY_LIMIT = 2 * 1024**3  # bytes of address space, where there is such a limit
PR_SET_PDEATHSIG = 1  # of prctl(2)
LOADING = 60.0  # seconds for an import
GRACE = 1.0  # seconds after the end of a request's time, when a parent that lives has long given up


@frozen
class Role:
    """What a child is for: its tasks are `module:function` below the package `root`.

    Errors of the family `passing` that a task raises are raised where it was asked for. Where a library `gives_up`,
    every other failure is an Overrun; elsewhere only want of time and room is one, and the rest are faults of ours,
    which are raised where it was asked for, too.
    """

    root: str
    passing: tuple[type[Exception], ...] = ()
    gives_up: bool = False


def serve(role: Role, preload: tuple[str, ...], requests: int, answers: int, parent: int) -> NoReturn:
    """The child's life: import what will be needed, then answer until the parent goes away."""
    try:
        _Child(role, requests, answers, parent).live(preload)
    except BaseException:  # never back into the code that the child was forked from
        if _debugging():
            import traceback

            traceback.print_exc()
    finally:
        os._exit(1)


class _Child:
    def __init__(self, role: Role, requests: int, answers: int, parent: int) -> None:
        self.role, self.answers = role, answers
        self.exhausted = False
        self.until = monotonic()  # when the time for the request is up
        self.requests: SimpleQueue[wire.Frame] = SimpleQueue()
        _let_go(requests, answers)
        _deaf_to_the_terminal()
        wire.listen(requests, self._heard)
        _limit_memory()
        _die_with(parent)
        pause.restart(self._told)
        patience.unlimited()

    def _heard(self, frame: wire.Frame | None) -> None:
        """In the thread that reads: a request, or that there is nobody any more who could make one."""
        if frame is None:
            os._exit(0)
        self.requests.put(frame)

    def _told(self, loading: bool) -> None:
        """The clock stands still, or goes on: so does the parent's, and the alarm."""
        if loading:
            self._rest = self.until - monotonic()
            _alarm(LOADING + GRACE)
        else:
            self.until = monotonic() + self._rest
            _alarm(max(0.0, self._rest) + GRACE)
        wire.write(self.answers, wire.framed(wire.LOADING if loading else wire.READY))

    def live(self, preload: tuple[str, ...]) -> None:
        with pause:
            for task in preload:
                self._answer(task, ())
        while True:
            _alarm(0)
            task, args, seconds = pickle.loads(self.requests.get()[1])
            self.until = monotonic() + seconds
            _alarm(seconds + GRACE)
            failed, value = self._answer(task, args)
            try:
                data = wire.packed((failed, value))
            except Overrun as problem:
                data = wire.packed((True, str(problem)))
            wire.write(self.answers, wire.framed(wire.LAST if self.exhausted else wire.ANSWER, data))
            if self.exhausted:
                return

    def _answer(self, task: str, args: tuple[Any, ...]) -> tuple[bool, Any]:
        """Whether the task failed, and its result or why; a task without a function is only imported."""
        module, _, name = task.partition(":")
        path = f"{self.role.root}.{module}"
        try:
            found = sys.modules.get(path) or load(path)
            return False, getattr(found, name)(*args) if name else None
        except self.role.passing as problem:
            return True, _portable(problem, DlteachError)
        except Exception as problem:  # whatever it is, nothing was decided, and the parent says so
            return True, self._why(module, problem)

    def _why(self, module: str, problem: Exception) -> str | Exception:
        """What an Overrun says, or a fault of ours with the way to it."""
        if isinstance(problem, Overrun):
            return str(problem)
        if isinstance(problem, MemoryError):
            self.exhausted = True  # what it keeps from earlier requests would leave no room for the next one
            return "it ran out of memory"
        if isinstance(problem, RecursionError):
            return "it nests too deep"
        if self.role.gives_up:
            return f"{'SymPy' if 'sympy' in module else 'the normal form'} gave up ({type(problem).__name__})"
        import traceback

        problem.add_note("".join(traceback.format_exception(problem)))
        return _portable(problem, RuntimeError)


def _portable(problem: Exception, otherwise: type[Exception]) -> Exception:
    """An error that arrives as it left; one that would not is told in its words."""
    with suppress(Exception):  # what an error is made of may fail in any way
        if str(pickle.loads(pickle.dumps(problem))) == str(problem):
            return problem
    told = otherwise(str(problem))
    for note in getattr(problem, "__notes__", ()):
        told.add_note(note)
    return told


def _debugging() -> bool:
    return os.environ.get("DLTEACH_DEBUG") == "1"


def _let_go(*own: int) -> None:
    """Let go of all that was open in the parent: its pipes to other children, its locks, its terminal.

    The numbers stay taken, so that an object which believes in its file closes nothing of ours.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    keep = {*own, nothing, *([2] if _debugging() else [])}
    for folder in ("/proc/self/fd", "/dev/fd"):
        with suppress(OSError):
            handles = {int(name) for name in os.listdir(folder)}  # noqa: PTH208
            break
    else:
        handles = {0, 1, 2}
    for handle in sorted(handles - keep):
        with suppress(OSError):  # the folder that was listed is closed by now
            os.fstat(handle)
            os.dup2(nothing, handle, inheritable=handle <= 2)
    if nothing > 2:
        os.close(nothing)


def _deaf_to_the_terminal() -> None:
    """What a key sends to the whole group is the parent's to judge; the parent's handlers are not ours."""
    with suppress(ValueError):
        signal.set_wakeup_fd(-1)
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    for name in ("SIGINT", "SIGTSTP", "SIGTTIN", "SIGTTOU"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    for name in ("SIGPIPE", "SIGALRM"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _limit_memory() -> None:
    """So much for the child, or half of that and what it was forked from, if that is more; and no core dumps."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform != "linux":  # elsewhere address space says little about memory
            return
        with open("/proc/self/statm", "rb") as pages:  # noqa: PTH123  # pathlib would have to be imported
            taken = int(pages.read().split()[0]) * resource.getpagesize()
        most = max(MEMORY_LIMIT, taken + MEMORY_LIMIT // 2)
        for limit in resource.getrlimit(resource.RLIMIT_AS):  # somebody else's, perhaps, that is narrower
            most = most if limit == resource.RLIM_INFINITY else min(limit, most)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _alarm(seconds: float) -> None:
    """Have the system end this process after some seconds, whatever it does then; never, after 0."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
        return
    import faulthandler

    if seconds:
        faulthandler.dump_traceback_later(seconds, exit=True, file=2)
    else:
        faulthandler.cancel_dump_traceback_later()


def _die_with(parent: int) -> None:
    """Have Linux kill this process when its parent dies (strictly: when the thread does that started it)."""
    if sys.platform != "linux":
        return
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it has died before it could be asked for
        os._exit(0)

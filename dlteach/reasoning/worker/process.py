"""Heavy algebra behind a wall: one child process that can be killed when it overruns.

Factoring a polynomial in FLINT or simplifying in SymPy can take for ever on a learner's text, and neither can be
interrupted. The child answers one request at a time; started early, it imports SymPy while the parent does
something else. A request names a function of this package; arguments and results are pickled values of our own.
The seconds of a budget are those in which the child works: `clock` stands still while it imports a library, which
takes a tenth of a second or, on a cold and busy machine, ten.
"""

from __future__ import annotations

import atexit
import os
import pickle
import select
import signal
import struct
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any, NoReturn

MEMORY_LIMIT = 2 * 1024**3  # bytes of address space for the child, on Linux
PR_SET_PDEATHSIG = 1  # of prctl(2)
LOADING = 60.0  # seconds for an import in the child
HEADER = struct.Struct("!Q")


class Overrun(Exception):
    """The budget ran out, or no worker can be had; `str()` says which."""


class NoWorker(Overrun):
    """No worker process can be started here."""


class Worker:
    """One child, started when first needed or earlier, replaced after an overrun."""

    def __init__(self) -> None:
        self.pid = 0
        self.to_child = self.from_child = -1
        self.loaded: set[str] = set()  # the modules that the child has imported
        self.waited = 0.0  # seconds spent on imports

    def start(self, preload: str = "") -> None:
        """Fork the child, which imports the module `preload` at once. Does nothing where one is running."""
        if self.pid or not hasattr(os, "fork"):
            return
        read_request, self.to_child = os.pipe()
        self.from_child, write_answer = os.pipe()
        parent = os.getpid()
        try:
            self.pid = os.fork()
        except OSError:
            for handle in (read_request, self.to_child, self.from_child, write_answer):
                os.close(handle)
            return
        if self.pid == 0:
            os.close(self.to_child)
            os.close(self.from_child)
            _serve(read_request, write_answer, preload, parent)
        os.close(read_request)
        os.close(write_answer)

    def ask(self, task: str, *args: Any, seconds: float) -> Any:
        """The result of `module:function` of this package in the child.

        Raises Overrun after `seconds`, when the child dies, or when the task itself fails.
        """
        if seconds <= 0:
            raise Overrun("no time was left for it")
        self.start()
        if not self.pid:
            raise NoWorker("no worker process can be started here")
        module = task.partition(":")[0]
        if module not in self.loaded:
            begun = time.monotonic()
            self._exchange("worker.process:load", (module,), LOADING)
            self.waited += time.monotonic() - begun
            self.loaded.add(module)
        return self._exchange(task, args, seconds)

    def _exchange(self, task: str, args: tuple[Any, ...], seconds: float) -> Any:
        deadline = time.monotonic() + seconds
        payload = pickle.dumps((task, args))
        try:
            _write(self.to_child, HEADER.pack(len(payload)) + payload)
            size = HEADER.unpack(self._read(HEADER.size, deadline))[0]
            ok, value = pickle.loads(self._read(size, deadline))
        except (OSError, EOFError, TimeoutError) as problem:
            self.stop()
            ended = isinstance(problem, TimeoutError)
            raise Overrun(
                f"no answer within {seconds:g} s" if ended else "the worker ran out of memory or died"
            ) from None
        if not ok:
            raise Overrun(value)
        return value

    def stop(self) -> None:
        """Kill the child, if there is one."""
        if not self.pid:
            return
        os.close(self.to_child)
        os.close(self.from_child)
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except OSError:
            pass
        self.pid = 0
        self.loaded.clear()

    def _read(self, size: int, deadline: float) -> bytes:
        data = b""
        while len(data) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.from_child], [], [], left)[0]:
                raise TimeoutError
            piece = os.read(self.from_child, size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data


def load(module: str) -> None:
    """Import a module of `dlteach.reasoning`; asked of the child, before anything in it is."""
    import_module(f"dlteach.reasoning.{module}")


def clock() -> float:
    """The time in seconds for budgets; what went into imports does not count."""
    return time.monotonic() - WORKER.waited


def _write(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _die_with(parent: int) -> None:
    """Have Linux kill this process when its parent dies; elsewhere it ends when its task is done."""
    import ctypes

    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        return
    if os.getppid() != parent:  # it has died before it could be asked for
        os._exit(0)


def _serve(requests: int, answers: int, preload: str, parent: int) -> NoReturn:
    """The child's life: import what will be needed, then answer until the parent goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        if sys.platform == "linux":
            _die_with(parent)
            import resource

            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            most = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(hard, MEMORY_LIMIT)
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
        if preload:
            load(preload)
        with os.fdopen(requests, "rb") as source:
            while header := source.read(HEADER.size):
                task, args = pickle.loads(source.read(HEADER.unpack(header)[0]))
                payload = pickle.dumps(_answer(task, args))
                _write(answers, HEADER.pack(len(payload)) + payload)
    finally:
        os._exit(0)


def _answer(task: str, args: tuple[Any, ...]) -> tuple[bool, Any]:
    module, _, name = task.partition(":")
    function: Callable[..., Any] = getattr(import_module(f"dlteach.reasoning.{module}"), name)
    try:
        return True, function(*args)
    except Exception as problem:  # SymPy fails in many ways; each means "not decided", and the parent says so
        return False, f"{'SymPy' if 'sympy' in module else 'the normal form'} gave up ({type(problem).__name__})"


WORKER = Worker()
atexit.register(WORKER.stop)  # a busy child would not notice that its parent has gone

"""Work behind a wall: child processes that can be killed when they overrun.

What a learner types can make any part of the reasoner work for ever, and much of it, such as factoring in FLINT or
simplifying in SymPy, cannot be interrupted. `REASONER` does all that reasons about a person's text, so that the process
at the terminal never waits longer than it chose to; inside it, `WORKER` does what the reasoner itself may give up on.
A child answers one request at a time; started early, it imports while its parent does something else. A request
names a function of this package; arguments and results are pickled values of our own.
The seconds of a budget are those in which the child works: while it starts or imports, they do not pass. For the parent
of its parent they do where the child replaces another: else hostile text could have SymPy imported again and again.
"""

from __future__ import annotations

import atexit
import os
import pickle
from collections.abc import Sequence
from time import monotonic
from typing import Any

from dlteach.commands import SYMPY
from dlteach.errors import DlteachError
from dlteach.notation.patience import Overrun, clock, left
from dlteach.reasoning.worker import wire
from dlteach.reasoning.worker.child import LOADING, Role
from dlteach.reasoning.worker.clock import pause
from dlteach.reasoning.worker.starts import Child, start

__all__ = ["REASONER", "SYMPY", "WORKER", "Died", "NoWorker", "Overrun", "Worker", "clock", "start_sympy", "wait"]


class NoWorker(Overrun):
    """No worker process can be started here."""


class Died(Overrun):
    """The child ended before it answered: by a crash, for want of memory, or because somebody killed it."""


class Worker:
    """One child, started when first needed or earlier, replaced after an overrun or when it has died."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self._child: Child | None = None
        self._preload: tuple[str, ...] = ()
        self._replaced = False  # another one has failed: what this one imports has been imported before
        self._pausing = True  # the child starts or imports: its time does not pass
        self._left = self._patience = 0.0  # seconds for its work, and for its imports
        self._asked = 0.0  # when they were last counted
        self._seconds = 0.0  # as given
        self._answer: tuple[bool, Any] = (False, None)

    @property
    def pid(self) -> int:
        """The child's process id; 0 where there is none."""
        return self._child.pid if self._child else 0

    def start(self, *preload: str) -> None:
        """Start the child, which does the tasks of `preload` at once. Does nothing where one is running.

        A task without a function is a module to import. To be called from the main thread: on Linux a child ends with
        the thread that started it.
        """
        if self._child and self._child.alive():
            return
        self.stop()
        self._preload = tuple(task for task in preload if task) or self._preload
        try:
            self._child = start(self.role, self._preload)
        except OSError:
            return
        self._pausing = True
        _living.append(self)

    def ask(self, task: str, *args: Any, seconds: float) -> Any:
        """The result of the task `module:function` in the child.

        Raises Overrun after `seconds` or where the time runs out, when the child dies, or when the task itself fails,
        and as they were the errors that its role lets through.
        """
        self.begin(task, *args, seconds=seconds)
        try:
            while not self.answered():
                if self._pausing and not self._replaced:
                    with pause:
                        wait([self])
                else:
                    wait([self])
        except BaseException:
            self.stop()  # its answer would be taken for that of the next request
            raise
        return self.result()

    def begin(self, task: str, *args: Any, seconds: float) -> None:
        """Ask without waiting for the answer: until it is there, nothing else may be asked. Raises Overrun."""
        seconds = min(seconds, left())
        if seconds <= 0:
            raise Overrun("no time was left for it")
        request = wire.framed(wire.ASK, wire.packed((task, args, seconds)))
        self.start()
        if not self._child:
            raise NoWorker("no worker process can be started here")
        self._seconds = self._left = seconds
        self._patience = min(LOADING, left()) if self._replaced else LOADING
        self._asked = monotonic()
        self._child.channel.send(request)

    def answered(self) -> bool:
        """Whether it is over: there is an answer or there will be none, since the time is up or the child has died."""
        self._count()
        try:
            while self._child and (frame := self._child.channel.frame()):
                if frame[0] in (wire.ANSWER, wire.LAST):
                    self._answer = pickle.loads(frame[1])
                    if frame[0] == wire.LAST:
                        self._replace()
                    return True
                self._pausing = frame[0] == wire.LOADING
        except (OSError, EOFError):
            return self._failed(Died("the worker ran out of memory or died"))
        except Exception as problem:  # what is unpickled may fail in any way
            return self._failed(Overrun(f"the answer cannot be read ({type(problem).__name__})"))
        if self.remaining <= 0:
            return self._failed(Overrun(f"no answer within {round(self._seconds, 1):g} s"))
        return False

    def _failed(self, why: Overrun) -> bool:
        """There will be no answer."""
        self._replace()
        self._answer = True, why
        return True

    def _replace(self) -> None:
        """Have another child for the next request, which begins to import what is known to be needed."""
        self.stop()
        self._replaced = True
        if self._preload:
            self.start()

    def result(self) -> Any:
        """What was answered. Raises an error that the role lets through, and Overrun for every other failure."""
        failed, value = self._answer
        if failed:
            raise value if isinstance(value, Exception) else Overrun(value)
        return value

    @property
    def remaining(self) -> float:
        """The seconds after which it is worth looking at the time again."""
        return self._patience if self._pausing else self._left

    def _count(self) -> None:
        now = monotonic()
        if self._pausing:
            self._patience -= now - self._asked
        else:
            self._left -= now - self._asked
        self._asked = now

    @property
    def channel(self) -> wire.Channel:
        """The pipes to the child that was asked."""
        assert self._child is not None
        return self._child.channel

    def stop(self) -> None:
        """Kill the child, if there is one."""
        child = self._child
        if child:
            child.kill()
            self.forget()

    def forget(self) -> None:
        """Let go of a child, which ends when nobody holds its pipes any more."""
        if self._child:
            self._child.channel.close()
            self._child = None
            _living.remove(self)


_living: list[Worker] = []  # those that have a child


def _forget_all() -> None:
    """In a process that was forked, by us or by anybody: the children are those of its parent."""
    for worker in tuple(_living):
        worker.forget()


def stop_all() -> None:
    """Kill every child of this process."""
    for worker in tuple(_living):
        worker.stop()


def wait(workers: Sequence[Worker]) -> None:
    """Wait until one of those that were asked may have answered, or its time may be up."""
    wire.wait([worker.channel for worker in workers], min(worker.remaining for worker in workers))


def start_sympy() -> None:
    """Have SymPy loaded next door."""
    WORKER.start("algebra.sympy_tasks")


WORKER = Worker(Role("dlteach.reasoning", gives_up=True))
REASONER = Worker(Role("dlteach", (DlteachError,)))
atexit.register(stop_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)

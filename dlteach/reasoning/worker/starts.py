"""Two ways to start a child: a fork of this process, or a fresh interpreter where that cannot be (Windows, macOS).

Both speak the same frames over two pipes. A fork takes a millisecond and has all that its parent has imported; a fresh
interpreter takes a fifth of a second and imports for itself.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import warnings
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, NoReturn, Protocol

from dlteach.reasoning.worker import wire
from dlteach.reasoning.worker.child import Role, serve

if TYPE_CHECKING:
    from subprocess import Popen

# False has every child be a fresh interpreter; on macOS the system's own libraries may start threads, and those do not
# survive a fork.
FORKS = hasattr(os, "fork") and sys.platform != "darwin"


class Child(Protocol):
    """A process that was started, and the pipes to it."""

    pid: int

    @property
    def channel(self) -> wire.Channel:
        """The parent's ends of the pipes."""

    def alive(self) -> bool:
        """Whether it has not ended."""

    def kill(self) -> None:
        """End it at once."""


def start(role: Role, preload: tuple[str, ...]) -> Child:
    """A new child, which does the tasks of `preload` at once; raises OSError where there can be none."""
    with ExitStack() as ours, ExitStack() as theirs:
        requests, to_child = _pipe(theirs, ours)
        from_child, answers = _pipe(ours, theirs)
        if FORKS and hasattr(os, "fork"):
            pid = _forked(role, preload, requests, answers)
            ours.pop_all()
            return _Forked(pid, wire.Polled(to_child, from_child))
        popen = _spawned(requests, answers)
        ours.pop_all()
        channel = wire.Threaded(to_child, from_child)
        channel.send(wire.framed(wire.ASK, wire.packed((role, preload))))
        return _Spawned(popen, channel)


def _pipe(reader: ExitStack, writer: ExitStack) -> tuple[int, int]:
    """A pipe whose ends are closed with what they are given to."""
    reading, writing = (_above(handle) for handle in os.pipe())
    reader.callback(os.close, reading)
    writer.callback(os.close, writing)
    return reading, writing


def _above(handle: int) -> int:
    """The same end by a number that is not one of the standard streams, which may be closed."""
    if handle > 2:
        return handle
    try:
        return _above(os.dup(handle))
    finally:
        os.close(handle)


def _forked(role: Role, preload: tuple[str, ...], requests: int, answers: int) -> int:
    parent = os.getpid()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # no handler of ours may run in the child
    try:
        with warnings.catch_warnings():  # of Python 3.12, about threads: the child uses none of those that are gone
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            try:
                gc.freeze()  # what the parent has left to be collected is not torn down here, too
                serve(role, preload, requests, answers, parent)
            finally:
                os._exit(1)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pid


class _Forked:
    def __init__(self, pid: int, channel: wire.Polled) -> None:
        self.pid, self.channel = pid, channel
        self._ended = False

    def alive(self) -> bool:
        if not self._ended:
            try:
                self._ended = os.waitpid(self.pid, os.WNOHANG)[0] != 0
            except ChildProcessError:
                self._ended = True
        return not self._ended

    def kill(self) -> None:
        if not self._ended:
            with suppress(OSError):
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
            self._ended = True


def _spawned(requests: int, answers: int) -> Popen[bytes]:
    import subprocess

    if not sys.executable or getattr(sys, "frozen", False):
        raise OSError("there is no interpreter to start")
    life = f"from {main.__module__} import main; main({os.getpid()}, {FORKS})"
    code = f"import sys; sys.path[:] = {sys.path!a}; {life}"
    debugging = os.environ.get("DLTEACH_DEBUG") == "1"
    return subprocess.Popen(
        [sys.executable, *(["-I"] if sys.flags.isolated else []), "-c", code],
        stdin=requests,
        stdout=answers,
        stderr=None if debugging else subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # Ctrl-C is for the parent to judge
    )


class _Spawned:
    def __init__(self, popen: Popen[bytes], channel: wire.Threaded) -> None:
        self.pid, self.channel, self._popen = popen.pid, channel, popen

    def alive(self) -> bool:
        return self._popen.poll() is None

    def kill(self) -> None:
        self._popen.kill()
        self._popen.wait()


def main(parent: int, forks: bool) -> NoReturn:
    """The life of a fresh interpreter: what it is for comes first, by standard input; its answers leave by output."""
    global FORKS
    FORKS = forks
    requests, answers = os.dup(0), os.dup(1)
    role, preload = pickle.loads(wire.read_frame(requests)[1])
    serve(role, preload, requests, answers, parent)

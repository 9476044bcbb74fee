"""How a process ends before its work is done: exceptions, signals, and what the shell is told.

An interrupt while the program loads, or while it leaves, ends it at once and without a word (`dlteach.__main__`). In
between, Ctrl-C is a KeyboardInterrupt, and a request to end (SIGTERM, SIGHUP) is an `Ended`: both unwind, so that the
terminal is as it was and drafts are removed. A second one does not wait.
"""

import os
import signal
import sys

received: list[int] = []  # the signals that are to end this process; what fails after one fails because of it
REFUSED, FAULT = 2, 70  # what cannot be done as asked; what nobody foresaw
BROKEN_PIPE = 128 + 13  # what the shell says of a program that SIGPIPE ended; no verdict has this code
INTERRUPTED = 128 + signal.SIGINT
REQUESTS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Ended(SystemExit):
    """Nothing more is wanted: the process was told to end, or nobody reads what it prints. `code` is its exit code.

    A SystemExit, because that is what event loops and `except Exception` let through.
    """

    code: int


def at_once(number: int = signal.SIGINT, frame: object = None) -> None:
    """End without unwinding and without a word. Answers are committed when they are shown, so none is lost."""
    os._exit(128 + number)


class Orderly:
    """While a command runs: signals unwind it; what is ignored by the wish of the parent (nohup) stays ignored."""

    def __enter__(self) -> None:
        self.before = {number: signal.getsignal(number) for number in (signal.SIGINT, *REQUESTS)}
        self.hook = sys.unraisablehook
        sys.unraisablehook = _unraisable
        for number, handler in self.before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, _interrupt if number == signal.SIGINT else _request)

    def __exit__(self, *_: object) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)
        sys.unraisablehook = self.hook


def _interrupt(number: int, frame: object) -> None:
    received.append(number)
    signal.signal(number, at_once)
    raise KeyboardInterrupt


def _request(number: int, frame: object) -> None:
    received.append(number)
    signal.signal(number, at_once)
    raise Ended(128 + number)


def _unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    """What was raised where nothing can be raised, as in a callback of the import system: Python would print it."""
    lost = unraisable.exc_value
    if isinstance(lost, KeyboardInterrupt | Ended):
        os._exit(lost.code if isinstance(lost, Ended) else INTERRUPTED)
    if os.environ.get("DLTEACH_DEBUG") == "1":
        sys.__unraisablehook__(unraisable)

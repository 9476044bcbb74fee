"""The door to the prover: texts in, verdicts out, in child processes that may die without harm.

This is the one place that imports the tool. A child that dies or does not come back is a finding of its own.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

SECONDS = 0.5  # for a statement
GRACE = 30.0  # beyond its budget, until a child is taken to be lost

CRASHED, DIED, LATE, UNREADABLE = "crashed", "died", "late", "unreadable"
DEAD = (DIED, LATE)  # after these a new process is needed

Key = TypeVar("Key")


@dataclass(frozen=True)
class Answer:
    """What the prover said of a statement: one of its words, or one of ours above."""

    verdict: str
    how: str = ""
    evidence: str = ""
    seconds: float = 0.0


class Door:
    """The prover in this process."""

    def __init__(self) -> None:
        import sympy  # noqa: F401  the worker is forked from here, after each overrun again: so it need not load it

        from dlteach.course.lessons import Course
        from dlteach.notation.reader import read_statement

        try:
            from dlteach.reasoning.deciding.judge import judge
        except ModuleNotFoundError:
            from dlteach.reasoning.judge import judge

        self.functions: Any = Course().functions
        self.read, self.judge = read_statement, judge

    def ask(self, text: str, seconds: float) -> Answer:
        """The verdict on a text; an exception is an answer as well."""
        from dlteach.errors import DlteachError

        start = time.monotonic()
        try:
            statement = self.read(text, self.functions.names)
        except DlteachError as problem:
            return Answer(UNREADABLE, "", str(problem).split("\n")[0])
        try:
            verdict = self.judge(statement, self.functions, seconds)
        except Exception as problem:  # whatever escapes the prover is what is looked for here
            return Answer(CRASHED, type(problem).__name__, str(problem)[:200], time.monotonic() - start)
        spent = time.monotonic() - start
        return Answer(str(verdict.outcome.value), verdict.how, verdict.evidence[:300], spent)


def _serve(link: Connection, seconds: float) -> None:
    door = Door()
    link.send("ready")
    while (text := link.recv()) is not None:
        link.send(door.ask(text, seconds))
    os._exit(0)


class _Child:
    def __init__(self, seconds: float) -> None:
        context = get_context("spawn")
        self.link, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, seconds), daemon=False)
        self.process.start()
        theirs.close()
        try:
            self.link.recv()
        except EOFError:
            raise SystemExit("the prover cannot be started") from None

    def answer(self) -> Answer:
        """What has come back; a closed pipe means that the process has died."""
        try:
            found: Answer = self.link.recv()
        except (EOFError, OSError):
            return Answer(DIED, "", f"the process ended with {self.process.exitcode}")
        return found

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.link.close()


def verdicts(asked: Iterable[tuple[Key, str]], jobs: int, seconds: float = SECONDS) -> Iterator[tuple[Key, Answer]]:
    """The prover's answers as they come, each with the key of its text; `jobs` 0 asks in this process."""
    waiting = iter(asked)
    if jobs == 0:
        door = Door()
        for key, text in waiting:
            yield key, door.ask(text, seconds)
        return
    idle = [_Child(seconds) for _ in range(jobs)]
    busy: dict[Connection, tuple[_Child, Key, float]] = {}
    try:
        while True:
            while idle and (following := next(waiting, None)) is not None:
                child = idle.pop()
                child.link.send(following[1])
                busy[child.link] = (child, following[0], time.monotonic() + seconds + GRACE)
            if not busy:
                return
            ready = wait(list(busy), timeout=1.0)
            for link, (child, key, deadline) in list(busy.items()):
                if link not in ready and time.monotonic() < deadline:
                    continue
                del busy[link]
                answer = child.answer() if link in ready else Answer(LATE, "", f"no answer after {GRACE:g} s")
                yield key, answer
                if answer.verdict in DEAD:
                    child.kill()
                    child = _Child(seconds)
                idle.append(child)
    finally:
        for child in [*idle, *(child for child, _, _ in busy.values())]:
            child.kill()

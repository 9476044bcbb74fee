"""Several children that are asked side by side, each for one thing at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from dlteach.reasoning.worker.child import Role
from dlteach.reasoning.worker.process import Died, NoWorker, Overrun, Worker, wait

Request = tuple[str, tuple[Any, ...], float]  # a task, its arguments, and the seconds for it
TRIES = 2  # of a request whose child dies: it may have been another's fault, or the system's


class Pool:
    """Children of one role, as many as there is work for and `most` at most; they stay for the next requests."""

    def __init__(self, role: Role, most: int, *preload: str) -> None:
        self.workers = [Worker(role) for _ in range(most)]
        self.preload = preload

    def answers(self, requests: Sequence[Request]) -> Iterator[tuple[int, Any]]:
        """The number of each request with its result, or with the error, in the order in which they are done.

        A request fails by itself: the others are answered. Raises NoWorker where no child can be started.
        """
        waiting = deque((number, TRIES) for number in range(len(requests)))
        idle = self.workers[: len(requests)]
        for worker in idle:
            worker.start(*self.preload)
        busy: dict[Worker, tuple[int, int]] = {}
        try:
            while waiting or busy:
                while waiting and idle:
                    worker = idle.pop()
                    number, tries = waiting.popleft()
                    task, args, seconds = requests[number]
                    try:
                        worker.start(*self.preload)
                        worker.begin(task, *args, seconds=seconds)
                        busy[worker] = number, tries - 1
                    except NoWorker:
                        if not (idle or busy):
                            raise
                        waiting.appendleft((number, tries))  # for those that there are
                    except Overrun as problem:
                        idle.append(worker)
                        yield number, problem
                if busy:
                    wait(list(busy))
                for worker in [worker for worker in busy if worker.answered()]:
                    number, tries = busy.pop(worker)
                    idle.append(worker)
                    try:
                        result = worker.result()
                    except Exception as problem:
                        result = problem
                    if isinstance(result, Died) and tries:
                        waiting.append((number, tries))
                    else:
                        yield number, result
        finally:
            for worker in busy:
                worker.stop()

    def stop(self) -> None:
        """Kill them all."""
        for worker in self.workers:
            worker.stop()

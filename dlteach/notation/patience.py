"""How long work on a tree may take: one limit, at which every walk over a tree looks.

Walks are where all long work passes: an expression of forty symbols can have more pieces, points or terms than anyone
would wait for, and no loop over them gets on without visiting, rebuilding or evaluating a tree. So these three look at
the limit, and whoever asks for an answer sets it: `with within(2.0): …`. Limits nest; the nearest counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from time import monotonic

NEVER = float("inf")


class Overrun(Exception):
    """The budget ran out, or no worker can be had; `str()` says which."""


class _Limit:
    until = NEVER  # in the time of `clock`
    waited = 0.0  # seconds that went into what no budget pays for


_limit = _Limit()


def clock() -> float:
    """The time in seconds for budgets; what went into imports does not count."""
    return monotonic() - _limit.waited


def wait(seconds: float) -> None:
    """Leave seconds that have just passed out of all budgets."""
    _limit.waited += seconds


def left() -> float:
    """The seconds until the limit, perhaps infinitely many, or below 0."""
    return _limit.until - clock()


def unlimited() -> None:
    """Have no limit, in a process that was started while there was one."""
    _limit.until = NEVER


def look() -> None:
    """Go on where there is time; raises Overrun where there is none."""
    if monotonic() - _limit.waited > _limit.until:
        raise Overrun("the time ran out")


@contextmanager
def until(deadline: float) -> Iterator[None]:
    """Have `look` raise Overrun after a deadline in the time of `clock`, if it would not earlier."""
    before = _limit.until
    _limit.until = min(before, deadline)
    try:
        yield
    finally:
        _limit.until = before


def within(seconds: float) -> AbstractContextManager[None]:
    """The same for so many seconds from now."""
    return until(clock() + seconds)

"""A module that takes its time to be imported."""

import time

time.sleep(1.5)
LOADED = time.monotonic()


def when() -> float:
    return LOADED


def answer() -> int:
    return 42


def hang() -> None:
    time.sleep(100)

"""The whole suite as on a system without fork, fcntl and resource, and what else Windows does not have."""

from __future__ import annotations

import random

from tests.conftest import ROOT
from tests.long import Row
from tests.long.suite import ran

GONE = ("fork,fcntl,resource", "fork,fcntl,resource,posix")
ROOMS = ("tests/notation", "tests/course", "tests/reasoning", "tests/simulations", "tests/study", "tests/screen",
         "tests/cli", "tests/hostile")  # fmt: skip


def campaign(count: int | None = None, seed: int = 0) -> list[Row]:
    """A row for each room and what it goes without; with `count` so many files of tests, the quick tests of them."""
    if count is None:
        return [
            ran(f"{room.removeprefix('tests/')}, without {gone}", room, "-m", "not bench", DLTEACH_TESTS_WITHOUT=gone)
            for gone in GONE
            for room in ROOMS
        ]
    files = sorted(path for room in ROOMS for path in (ROOT / room).glob("test_*.py"))
    some = random.Random(seed).sample(files, min(count, len(files)))
    words = [str(path.relative_to(ROOT)) for path in some]
    return [ran(f"{len(words)} files, without {GONE[-1]}", *words, DLTEACH_TESTS_WITHOUT=GONE[-1])]

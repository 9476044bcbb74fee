"""The laws of the notation, the prover and the simulations on forty times as many examples as in CI."""

from __future__ import annotations

from tests.long import Row
from tests.long.suite import ran

LAWS = ("tests/notation", "tests/reasoning", "tests/simulations")
FACTOR = 40


def campaign(count: int | None = None, seed: int = 0) -> list[Row]:
    """A row for each room; `count` is the factor. Hypothesis draws its own seed where none is given."""
    words = [f"--hypothesis-seed={seed}"] if seed else []
    factor = str(FACTOR if count is None else count)
    return [ran(room.removeprefix("tests/"), room, *words, DLTEACH_LONG=factor) for room in LAWS]

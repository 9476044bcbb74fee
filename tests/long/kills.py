"""Sessions that are killed at random moments: 500 alone and 50 times two at once. Nothing that was shown is lost."""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path
from unittest import mock

from tests.long import Row, row
from tests.study.test_killed import killed

KILLS = {"one session at a time": (500, 1), "two at a time": (50, 2)}


def campaign(count: int | None = None, seed: int = 0) -> list[Row]:
    """A row for each way; `count` is the number of kills of single sessions, the others in proportion."""
    rows = []
    for name, (times, at_once) in KILLS.items():
        runs = times if count is None else max(1, count * times // 500)
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "home"
            with mock.patch.dict(os.environ, {"DLTEACH_HOME": str(home)}):
                shown, faults = 0, []
                try:
                    shown = killed(home, runs, at_once, random.Random(f"{seed} {name}"))
                except AssertionError as problem:
                    faults.append(str(problem))
        rows.append(row(name, runs * at_once, faults, f"{shown:,} answers shown and kept"))
    return rows

"""The tests themselves as a campaign: run by pytest in a process of their own, counted by its last line."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from tests.conftest import ROOT
from tests.long import Row, row

COUNTED = re.compile(r"(\d+) (passed|failed|errors?|skipped)")


def ran(name: str, *words: str, **env: str) -> Row:
    """A row: what ran, how many tests passed or failed, and which failed."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words],
        capture_output=True, text=True, cwd=ROOT, env={**os.environ, **env}, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines() or [done.stderr.strip()]
    counts = {word.rstrip("s"): int(number) for number, word in COUNTED.findall(lines[-1])}
    tried = sum(number for word, number in counts.items() if word != "skipped")
    failed = [line.split(" - ")[0] for line in lines if line.startswith(("FAILED ", "ERROR "))]
    return row(name, tried, (failed or lines[-1:]) if done.returncode else [], f"{counts.get('skipped', 0)} skipped")

"""Statements whose truth is known by construction: none may get a false verdict."""

from __future__ import annotations

from collections import Counter

import tests.long.soundness  # noqa: F401  # the table of makers
from tests.long import Row, row
from tests.long.soundness.prover import SECONDS, verdicts
from tests.long.soundness.report import judged, line, trials

MANY = 50_000


def campaign(count: int | None = None, seed: int = 0) -> list[Row]:
    """A row for each kind of statement; `python -m tests.long.soundness` says more of each."""
    mistakes: list[str] = []
    chosen = trials(MANY if count is None else count, seed, mistakes=mistakes)
    counts: dict[str, Counter[str]] = {}
    false: dict[str, list[str]] = {}
    for trial, answer in verdicts(((trial, trial.case.text) for trial in chosen), 2, SECONDS):
        kind = trial.row.partition("/")[0].partition(":")[0]
        word = judged(trial.case, answer)
        counts.setdefault(kind, Counter())[word] += 1
        if word == "FALSE":
            false.setdefault(kind, []).append(line(trial, answer))
    rows = [
        row(
            kind,
            found.total(),
            false.get(kind, ()),
            ", ".join(f"{number} {word}" for word, number in found.most_common()),
        )
        for kind, found in counts.items()
    ]
    return [*rows, row("the checker itself", len(mistakes), mistakes)]

"""Which answers are right, which are false, and the table that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from tests.long.soundness.cases import ROWS, Case, Mistaken, Truth, made
from tests.long.soundness.prover import CRASHED, DIED, LATE, UNREADABLE, Answer

YES = ("proved", "enclosed")
COLUMNS = ("right", "sampled", "undecided", "invalid", "amiss", "FALSE")


@dataclass(frozen=True)
class Trial:
    """One statement of a run, and how to make it again."""

    row: str
    seed: int
    index: int
    case: Case

    @property
    def kind(self) -> str:
        return ROWS[self.row].kind


def trials(
    count: int, seed: int, only: str = "", light: bool = False, mistakes: list[str] | None = None
) -> Iterator[Trial]:
    """Statements of every row by its share, in an order that hangs on the seed alone; `light` leaves out the slow.

    Where the checker contradicts itself, that is noted in `mistakes`; without them it is raised.
    """
    rows = [row for row in ROWS.values() if only in ("", row.kind, row.name) and not (light and row.heavy)]
    if not rows:
        raise SystemExit(
            f"there is no kind or row `{only}`: one of {', '.join(sorted({r.kind for r in ROWS.values()}))}"
        )
    names = [row.name for row in rows for _ in range(row.share)]
    chance = Random(f"order of {seed}")
    for index in range(count):
        name = chance.choice(names)
        try:
            yield Trial(name, seed, index, made(name, seed, index))
        except Mistaken as problem:
            if mistakes is None:
                raise
            mistakes.append(f"{name} {seed} {index}: {problem}")


def judged(case: Case, answer: Answer) -> str:
    """The column in which an answer belongs.

    FALSE is a proof of what does not hold, or a refutation of what does; to say `invalid` of what has a truth is
    false as well. `amiss` is no untruth about points but the wrong word: a refutation of what says nothing.
    """
    word = answer.verdict
    if word in (CRASHED, DIED, LATE, UNREADABLE):
        return "amiss"
    if word in ("sampled", "undecided"):
        return word
    if word in YES:
        return "right" if case.truth is Truth.TRUE else "FALSE"
    if word == "refuted":
        return {Truth.TRUE: "FALSE", Truth.EMPTY: "amiss"}.get(case.truth, "right")
    if case.truth in (Truth.EMPTY, Truth.DIVERGENT):
        return "right"
    return "FALSE" if case.truth is Truth.TRUE else "invalid"


def table(results: Iterable[tuple[Trial, Answer]], by_row: bool = False) -> str:
    """Kinds by columns, as text."""
    counts: dict[str, Counter[str]] = {}
    for trial, answer in results:
        counts.setdefault(trial.row if by_row else trial.kind, Counter())[judged(trial.case, answer)] += 1
    total: Counter[str] = Counter()
    for counter in counts.values():
        total += counter
    width = max([len(name) for name in counts] + [5])
    lines = [f"{'':{width}}  {'all':>7}" + "".join(f"{column:>11}" for column in COLUMNS)]
    for name, counter in [*counts.items(), ("total", total)]:
        lines.append(f"{name:{width}}  {counter.total():>7}" + "".join(f"{counter[c]:>11}" for c in COLUMNS))
    return "\n".join(lines)


def line(trial: Trial, answer: Answer) -> str:
    """A finding on one line, with what makes it again."""
    said = f"{answer.verdict} ({answer.how}{': ' + answer.evidence if answer.evidence else ''})"
    case = trial.case
    return f"{trial.row} {trial.seed} {trial.index}: {case.text}\n    said {said}\n    {case.truth}: {case.because}"

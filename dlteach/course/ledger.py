"""Verdicts: the words for them, and the ledger in which a lesson keeps them.

`verdicts.json` beside a lesson holds what was found out in the checkout; a file of the same form in the cache
folder holds what this machine found out, and takes precedence. A verdict counts only while its statement and
the table of functions are the ones it was made with.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from dlteach.course import limits
from dlteach.course.files import ContentError
from dlteach.errors import DlteachError
from dlteach.system.inputs import Missing, Unreadable, text_of
from dlteach.values import fields, frozen

RECORD = ("statement", "how", "evidence")  # texts of a record, beside its verdict


class Outcome(StrEnum):
    """What is known about a claim, in one word."""

    PROVED = "proved"
    ENCLOSED = "enclosed"
    SAMPLED = "sampled"
    OBSERVED = "observed"
    REFUTED = "refuted"
    UNDECIDED = "undecided"
    INVALID = "invalid"
    CITED = "cited"


@frozen
class KeptVerdict:
    """One verdict as it is kept: no times, so that the same finding is the same value."""

    statement: str
    verdict: Outcome
    how: str
    evidence: str
    values: tuple[str, ...] = ()  # what was computed, in the order of a derivation's lines


@frozen
class Ledger:
    """The verdicts of one lesson by id, reached with the table of functions that has this digest."""

    functions: str
    kept: Mapping[str, KeptVerdict]
    engine: str = ""  # the version of the prover, where it matters

    def verdict(self, identity: str, statement: str, digest: str) -> KeptVerdict | None:
        """The verdict on a claim, if it still fits its statement and the table of functions."""
        kept = self.kept.get(identity)
        fits = kept is not None and kept.statement == statement and self.functions == digest
        return kept if fits else None


def read_ledger(path: Path) -> Ledger:
    """The ledger in a file; an empty one where there is none or it cannot be read."""
    try:
        return ledger_of(path)
    except DlteachError:
        return Ledger("", {})


def ledger_of(path: Path) -> Ledger:
    """The ledger in a file, an empty one where there is none; raises ContentError for what is no ledger."""
    try:
        data = json.loads(text_of(path, limits.LEDGER))
        kept = {name: _record(row) for name, row in data["records"].items()}
        head = data["functions"], data.get("engine", "")
        if not all(isinstance(text, str) for text in head):
            raise TypeError
        return Ledger(head[0], kept, head[1])
    except Missing:
        return Ledger("", {})
    except Unreadable as problem:
        raise ContentError(f"{path.name}: it cannot be read ({problem.reason}): {problem.advice}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ContentError(f"{path.name}: it is no ledger: write it with `dlteach verify --record`") from None


def _record(row: Any) -> KeptVerdict:
    """A verdict as it was kept; raises KeyError, TypeError or ValueError for what nobody wrote."""
    statement, how, evidence = (row[key] for key in RECORD)
    values = row.get("values", [])
    texts = (statement, how, evidence, *values)
    if not isinstance(values, list) or not all(isinstance(t, str) and len(t) <= limits.TEXT for t in texts):
        raise TypeError
    return KeptVerdict(statement, Outcome(row["verdict"]), how, evidence, tuple(values))


def ledger_text(digest: str, kept: Iterable[tuple[str, KeptVerdict]], engine: str = "") -> str:
    """The ledger as it is written: sorted, so that equal findings give equal files."""
    rows = {name: {k: v for k, v in fields(one).items() if v != ()} for name, one in sorted(kept)}
    data = {"format": 1, "functions": digest, **({"engine": engine} if engine else {}), "records": rows}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

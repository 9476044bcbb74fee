"""Verdicts: the words for them, and the ledger in which a lesson keeps them.

`verdicts.json` beside a lesson holds what was found out in the checkout; a file of the same form in the cache
folder holds what this machine found out, and takes precedence. A record counts only while its statement and
the table of functions are the ones it was made with.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path

from dlteach.values import value


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


@value
class Record:
    """One verdict as it is kept: no times, so that the same finding is the same record."""

    statement: str
    verdict: Outcome
    how: str
    evidence: str
    values: tuple[str, ...] = ()  # what was computed, in the order of a derivation's lines


@value
class Ledger:
    """The records of one lesson by id, reached with the table of functions that has this digest."""

    functions: str
    records: Mapping[str, Record]
    engine: str = ""  # the version of the prover, where it matters

    def verdict(self, identity: str, statement: str, digest: str) -> Record | None:
        """The record of a claim, if it still fits its statement and the table of functions."""
        record = self.records.get(identity)
        fits = record is not None and record.statement == statement and self.functions == digest
        return record if fits else None


def read_ledger(path: Path) -> Ledger:
    """The ledger in a file; an empty one where there is none or it cannot be read."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        records = {
            name: Record(
                row["statement"], Outcome(row["verdict"]), row["how"], row["evidence"], tuple(row.get("values", ()))
            )
            for name, row in data["records"].items()
        }
        return Ledger(data["functions"], records, data.get("engine", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Ledger("", {})


def ledger_text(digest: str, records: Iterable[tuple[str, Record]], engine: str = "") -> str:
    """The ledger as it is written: sorted, so that equal findings give equal files."""
    rows = {name: {k: v for k, v in record.__dict__.items() if v != ()} for name, record in sorted(records)}
    data = {"format": 1, "functions": digest, **({"engine": engine} if engine else {}), "records": rows}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

"""Campaigns that try harder than CI: `python -m tests.long [NAME …]`. What each returns is rows, made here."""

from __future__ import annotations

from collections.abc import Sequence

Row = tuple[str, int, str]  # what was tried, how often, and what came of it
SHOWN = 5  # faults of a row


def row(what: str, tried: int, faults: Sequence[str], well: str = "") -> Row:
    """A row of a campaign; `well` is what there is to say where there are no faults."""
    if faults:
        return what, tried, f"FAILED {len(faults)}: " + "; ".join(faults[:SHOWN])
    return what, tried, f"ok, {well}" if well else "ok"


def failed(found: Row) -> bool:
    """Whether a law was broken."""
    return found[2].startswith("FAILED")

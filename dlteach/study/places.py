"""Where something was left, as it is kept in a row: what a place may say, and what is left of a damaged one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dlteach.study.entries import UNCHECKED, sum_of

COLUMNS = "key, at, data, sum"
FACTS: Mapping[str, type] = {
    "part": str, "index": int, "of": int, "weak": list, "blanks": int, "written": list, "stage": int,
    "trouble": bool, "shown": bool, "slips": list, "sitting": str,
}  # fmt: skip
MOST = 10_000  # of what is counted


def row_of_place(key: str, at: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns of a place, its check sum last."""
    row = (key, at, json.dumps(data))
    return (*row, sum_of(row))


def place_of(row: Sequence[Any]) -> dict[str, Any]:
    """What a place says, facts of a wrong type left out; raises ValueError where it cannot be read."""
    try:
        if row[3] not in (UNCHECKED, sum_of(row[:3])):
            raise ValueError("altered")
        return {name: fact for name, fact in json.loads(row[2]).items() if _fits(name, fact)}
    except (TypeError, AttributeError, RecursionError) as problem:
        raise ValueError(str(problem)) from None


def _fits(name: str, fact: Any) -> bool:
    if type(fact) is not FACTS.get(name):
        return False
    if type(fact) is list:
        return all(type(item) is str for item in fact)
    return type(fact) is not int or 0 <= fact <= MOST

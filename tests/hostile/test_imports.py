"""Hostile lines × what the record is used for afterwards: each is refused at the door, by its number, alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Result

Cli = Callable[..., Result]


def line(more: dict[str, Any] | None = None, **fields: Any) -> str:
    entry = {
        "id": "a1", "at": "2026-03-10T12:00:00+00:00", "day": "2026-03-10", "card": "gelu/shape", "sitting": "s",
        "kind": "answer", "verdict": "right", "rating": 3, "data": {"answer": "1"},
    }  # fmt: skip
    return json.dumps({**entry, **fields, **({"data": more} if more is not None else {})})


GOOD = line({"answer": "x²", "seconds": 3, "slips": {"a": "b"}, "stage": 1, "line": "x", "tune": [1, None]}, id="good")
REFUSED = {
    "no JSON": "{",
    "cut off": line()[:-20],
    "a number": "3",
    "an array": "[]",
    "nested deep": "[" * 100_000,
    "nested deep in a fact": line({"tune": None}).replace("null", "[" * 30 + "]" * 30),
    "a number of many digits": line({"tune": None}).replace("null", "9" * 5000),
    "an infinite number": line({"tune": None}).replace("null", "1e999"),
    "NaN": line({"seconds": None}).replace("null", "NaN"),
    "a long line": line({"answer": "x" * 1_100_000}),
    "half a character in an answer": line({"answer": "\ud800"}),
    "half a character in a fact of a later version": line({"tune": ["\udfff"]}),
    "half a character in a name of a fact": line({"\ud800": 1}),
    "half a character in a card": line(card="gelu/\ud83d"),
    "half a character in a sitting": line(sitting="\udc00"),
    "bytes that are not UTF-8": line({"answer": "ÿ"}).replace("\\u00ff", "\udcff"),
    "no identity": line(id=""),
    "an identity that is a number": line(id=7),
    "a rating that is true": line(rating=True),
    "a rating of 5": line(rating=5),
    "a rating of -1": line(rating=-1),
    "a rating beyond 64 bits": line(rating=10**30),
    "a rating with a point": line(rating=3.0),
    "no card": line(card=""),
    "a card that is null": line(card=None),
    "data in a list": line([]),  # type: ignore[arg-type]
    "data in words": line("x"),  # type: ignore[arg-type]
    "slips in a list": line({"slips": ["a"]}, verdict="wrong"),
    "slips in a number": line({"slips": 3}, verdict="wrong"),
    "slips that say a number": line({"slips": {"a": 3}}, verdict="wrong"),
    "seconds in words": line({"seconds": "long"}),
    "seconds that are true": line({"seconds": True}),
    "seconds below zero": line({"seconds": -1}),
    "seconds in a list": line({"seconds": [1]}),
    "a stage in words": line({"stage": "two"}, kind="hint", rating=0),
    "a stage that is null": line({"stage": None}, kind="hint", rating=0),
    "a stage far away": line({"stage": 10**12}, kind="hint", rating=0),
    "a line in a list": line({"line": ["x"]}, verdict="form", rating=0),
    "a variant in a number": line({"variant": 3}),
    "an answer in a list": line({"answer": ["1"]}),
    "a part in a number": line({"part": 3}, kind="read"),
    "a mistake in an object": line({"mistake": {}}),
    "a rating changed to 0": line({"rating": 0}, kind="rate", rating=0),
    "a rating changed to a word": line({"rating": "good"}, kind="rate", rating=0),
    "a rating changed to nothing": line({}, kind="rate", rating=0),
    "a day that bounds it in words": line({"since": "ever"}),
    "the year 9999": line(at="9999-12-31T23:59:59+00:00", day="9999-12-31"),
    "the year 9999 in the day alone": line(day="9999-12-31"),
    "the year 1": line(at="0001-01-01T00:00:00+00:00", day="0001-01-01"),
    "beyond the calendar in UTC": line(at="9999-12-31T23:59:59-12:00", day="9999-12-31"),
    "no time zone": line(at="2026-03-10T12:00:00"),
    "a day in a week": line(day="2026-W10"),
    "another day": line(day="2026-04-10"),
    "no day": line(day=""),
    "a fact beside the others": line(seconds="long"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_line_that_would_poison_the_log_is_refused(name: str, tmp_path: Path, cli: Cli) -> None:
    path = tmp_path / "f"
    path.write_bytes(f"{GOOD}\n{REFUSED[name]}\n".encode("utf-8", "surrogateescape"))
    result = cli("import", str(path))
    assert result.code == 1 and "1 of 1 entries are new" in result.out
    assert result.err.startswith(f"{path}:2: ") and len(result.err.splitlines()) == 1 and len(result.err) < 400
    used = cli("progress"), cli("review", "gelu", "--json"), cli("quiz", "gelu/shape", stdin=":quit\n"), cli()
    assert all(command.code == 0 and not command.err for command in used)
    (out,) = cli("export", "progress", "-").out.splitlines()
    assert json.loads(out)["id"] == "good"
    assert "0 of 1" in cli("import", "-", stdin=out + "\n").out


def test_many_bad_lines_are_told_in_a_few(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "f").write_text("\n".join([GOOD, *REFUSED["no JSON"] * 40]), encoding="utf-8")
    result = cli("import", str(tmp_path / "f"))
    assert result.code == 1 and len(result.err.splitlines()) == 6
    assert result.err.splitlines()[-1].endswith("35 more lines are no entries")


def test_what_is_no_export_at_all_is_invalid(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "f").write_text("Dear diary,\n" * 3, encoding="utf-8")
    result = cli("import", str(tmp_path / "f"))
    assert result.code == 2 and "no line is an entry" in result.err and not result.out


def test_the_same_identity_with_something_else_in_it_is_told(tmp_path: Path, cli: Cli) -> None:
    """The first stays, in the record as within a file."""
    (tmp_path / "f").write_text(f"{GOOD}\n", encoding="utf-8")
    assert cli("import", str(tmp_path / "f")).code == 0
    other = line({"answer": "2"}, id="good")
    (tmp_path / "g").write_text(
        f"{other}\n{line(id='new')}\n{line({'answer': '3'}, id='new')}\n{GOOD}\n", encoding="utf-8"
    )
    result = cli("import", str(tmp_path / "g"))
    assert result.code == 1 and "1 of 4 entries are new" in result.out
    assert [told.split(": ")[1].split()[0] for told in result.err.splitlines()] == ["good", "new"]
    kept = {
        entry["id"]: entry["data"]["answer"]
        for entry in map(json.loads, cli("export", "progress", "-").out.splitlines())
    }
    assert kept == {"good": "x²", "new": "1"}


def test_an_entry_that_was_exported_by_an_earlier_version_comes_in(tmp_path: Path, cli: Cli) -> None:
    old = json.loads(line())
    del old["data"]
    assert cli("import", "-", stdin=json.dumps(old)).code == 0

"""What a verdict means: the table of `meaning.txt`, each statement put to the prover."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlteach.course.functions import Functions
from dlteach.notation.reader import read_statement
from dlteach.reasoning.deciding.judge import judge

HOLDS = {"proved", "enclosed"}
EVERY = {*HOLDS, "sampled", "refuted", "undecided", "invalid"}
WORDS = {"open": {"sampled", "undecided"}, "not shown": EVERY - HOLDS, "not refuted": EVERY - {"refuted", "invalid"}}
TABLE = Path(__file__).with_name("meaning.txt").read_text(encoding="utf-8").splitlines()
ROWS = [line.split("|", 1) for line in TABLE if line and not line.startswith("#")]
assert len(ROWS) > 50, "the table of meanings is missing"


@pytest.mark.parametrize(("words", "statement"), [pytest.param(*row, id=row[1].strip()) for row in ROWS])
def test_a_statement_gets_the_word_that_it_deserves(words: str, statement: str, functions: Functions) -> None:
    allowed = set[str]().union(*(WORDS.get(word.strip(), {word.strip()}) for word in words.split(",")))
    verdict = judge(read_statement(statement.strip(), functions.names), functions, 10)
    assert verdict.outcome.value in allowed, f"{verdict.outcome}: {verdict.how}, {verdict.evidence}"

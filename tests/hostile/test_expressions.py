"""Hostile expressions, by cause: whatever works on one looks at its limit, so that little time means little time.

Here a sample, in this process and by the processor's clock, which a busy machine does not disturb; all of them with
all commands are `python -m tests.long.expressions`.
"""

import time

import pytest

from dlteach.course.functions import Functions
from dlteach.notation.reader import read, read_statement
from dlteach.notation.tokens import NotationError
from dlteach.reasoning.deciding.judge import judge
from tests.hostile.doors import DOORS, through
from tests.hostile.expressions import CAUSES, expressions

SECONDS = 0.2
GRACE = 0.6  # for what stands between two looks, and for imports
A_MOMENT = 0.02
PER_CAUSE = 2


def test_there_are_enough_of_them_and_each_is_read_or_refused_at_once(functions: Functions) -> None:
    every = list(expressions())
    assert len({hostile.text for hostile in every}) >= 156
    for hostile in every:
        began = time.process_time()
        try:
            (read_statement if hostile.statement else read)(hostile.text, functions.names)
        except NotationError as problem:
            assert problem.problem and len(str(problem).split("\n")) == 3
        assert time.process_time() - began < 0.5, hostile.text[:80]


@pytest.mark.parametrize("door", ["sort", "derive"])
def test_nothing_but_an_error_for_people_comes_of_any(door: str, functions: Functions) -> None:
    """A product of numbers once had more digits than Python writes."""
    for hostile in expressions():
        try:
            expr = read(hostile.text, functions.names)
        except NotationError:
            continue
        through(door, expr, functions, A_MOMENT)


@pytest.mark.parametrize("cause", [cause for cause in CAUSES if cause not in ("statements", "length")])
def test_every_door_keeps_to_its_time(cause: str, functions: Functions) -> None:
    for at, door in enumerate(DOORS):
        for turn in range(PER_CAUSE):
            text = CAUSES[cause][(at * PER_CAUSE + turn) % len(CAUSES[cause])]
            try:
                expr = read(text, functions.names)
            except NotationError:
                continue
            began = time.process_time()
            through(door, expr, functions, SECONDS)
            assert time.process_time() - began < 1.2 * SECONDS + GRACE, f"{door}: {text[:80]}"


@pytest.mark.parametrize("text", CAUSES["statements"][::4])
def test_a_statement_is_judged_in_the_seconds_given(text: str, functions: Functions) -> None:
    began = time.process_time()
    verdict = judge(read_statement(text, functions.names), functions, SECONDS)
    assert time.process_time() - began < 1.2 * SECONDS + GRACE
    assert "300000 digits" not in verdict.evidence

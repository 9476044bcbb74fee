"""The ratios that are promised; a machine that is busy in the middle of a run gets more tries.

Only ratios within one run may fail: absolute times depend on the machine, and `python -m tests.bench` prints them.
"""

import statistics

import pytest

from tests.bench.ratios import LIMITS, equal_times, process_ratios, verify_seconds
from tests.bench.study import first_answer, key_times, long_record

pytestmark = pytest.mark.bench


def test_start_up_stays_near_its_yardsticks() -> None:
    tries = []
    for _ in range(3):
        tries.append(process_ratios())
        if all(min(t[name] for t in tries) <= LIMITS[name] for name in tries[0]):
            return
    pytest.fail(f"too slow in each of three tries: {tries}")


def test_equal_is_at_least_five_times_as_fast_as_simplify() -> None:
    for _ in range(2):
        ours, theirs = equal_times()
        assert len(ours) == 100
        if statistics.median(ours) / statistics.median(theirs) <= LIMITS["equal"]:
            return
    pytest.fail(f"median {statistics.median(ours):.4f} s against {statistics.median(theirs):.4f} s")


def test_verify_with_nothing_new_costs_little_more_than_the_map() -> None:
    name = "warm verify / lessons"
    assert min(verify_seconds()[name] for _ in range(2)) <= LIMITS[name]


def test_review_starts_as_quickly_with_a_long_record() -> None:
    name = "review, long record / empty"
    assert min(long_record()[name] for _ in range(2)) <= LIMITS[name]


def test_the_first_answer_of_a_session_does_not_wait_for_sympy() -> None:
    assert min(first_answer() for _ in range(3)) <= LIMITS["first answer / import sympy"]


def test_the_live_preview_keeps_up_with_every_key() -> None:
    tries = [statistics.median(key_times()) / statistics.median(key_times(preview=False)) for _ in range(3)]
    assert min(tries) <= LIMITS["key with preview / without"]

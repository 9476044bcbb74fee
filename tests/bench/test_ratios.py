"""The ratios that are promised; a machine that is busy in the middle of a run gets two more tries."""

import pytest

from tests.bench.ratios import LIMITS, equal_ratio, process_ratios


def test_start_up_stays_near_its_yardsticks() -> None:
    tries = []
    for _ in range(3):
        tries.append(process_ratios())
        if all(min(t[name] for t in tries) <= LIMITS[name] for name in tries[0]):
            return
    pytest.fail(f"too slow in each of three tries: {tries}")


def test_equal_is_at_least_three_times_as_fast_as_simplify() -> None:
    assert min(equal_ratio() for _ in range(2)) <= LIMITS["equal"]

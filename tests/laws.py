"""How many examples a law is tried on: a few in CI, many in `python -m tests.long`."""

import os

from hypothesis import HealthCheck, settings

FACTOR = int(os.environ.get("DLTEACH_LONG", "1"))


def law(examples: int) -> settings:
    """The settings of a law that CI tries on so many examples."""
    return settings(
        max_examples=examples * FACTOR,
        deadline=None,
        derandomize=FACTOR == 1,  # the same examples in every CI run; new ones in a long one
        suppress_health_check=[HealthCheck.too_slow],
    )

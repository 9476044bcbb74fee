"""`python -m tests.long`: the laws of the notation, the prover and the simulations on far more examples than in CI."""

import os
import sys

os.environ["DLTEACH_LONG"] = "40"

import pytest

LAWS = ["tests/notation", "tests/reasoning", "tests/simulations", "tests/study/test_killed.py"]

sys.exit(pytest.main([*LAWS, "-p", "no:cacheprovider"]))

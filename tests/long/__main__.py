"""`python -m tests.long`: the laws of the notation, the prover and the simulations on far more examples than in CI.

Then the independent checker's statements of known truth: `python -m tests.long.soundness`, with its options.
"""

import os
import subprocess
import sys

os.environ["DLTEACH_LONG"] = "40"

import pytest

LAWS = ["tests/notation", "tests/reasoning", "tests/simulations", "tests/study/test_killed.py"]

kept = pytest.main([*LAWS, "-p", "no:cacheprovider"])
sound = subprocess.run([sys.executable, "-m", "tests.long.soundness"], check=False).returncode
sys.exit(kept or sound)

"""`python -m tests.long`: the laws of the notation and the judge on many more examples than CI has time for."""

import sys

import pytest
from hypothesis import settings

settings.register_profile("long", max_examples=20_000, deadline=None)
settings.load_profile("long")

LAWS = [
    "tests/notation/test_laws.py",
    "tests/notation/test_backends.py",
    "tests/reasoning/test_judge.py",
    "-k",
    "law or every or nothing or float",
]

sys.exit(pytest.main([*LAWS, "--hypothesis-profile=long", "-p", "no:cacheprovider"]))

"""`python -m tests.long`: its campaigns are there, and a small one of each that is quick runs and is told."""

import inspect
from importlib import import_module

import pytest

from tests.conftest import ROOT
from tests.long import failed
from tests.long.__main__ import CAMPAIGNS, as_table

HELPERS = {"__init__", "__main__", "suite"}


def test_every_module_is_a_campaign_of_the_table() -> None:
    found = {path.stem for path in (ROOT / "tests" / "long").glob("*.py")} - HELPERS
    assert found == set(CAMPAIGNS)
    for name in CAMPAIGNS:
        parameters = inspect.signature(import_module(f"tests.long.{name}").campaign).parameters
        assert list(parameters)[:2] == ["count", "seed"]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "count"), [("kills", 2), ("damages", 3), ("without", 2), ("statements", 20)])
def test_a_small_campaign_finds_nothing(name: str, count: int) -> None:
    rows = import_module(f"tests.long.{name}").campaign(count, 1)
    assert rows and not [row for row in rows if failed(row)]
    shown = as_table({name: rows})
    assert all(f"| {name} | {what} | {tried:,} |" in shown for what, tried, _ in rows if tried)

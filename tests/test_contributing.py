"""The page for contributors names files and tables that are there."""

import re

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (?!what|---)(.+?) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
assert ROWS, "the table of what is added where is missing"


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_is_named_is_there(row: tuple[str, str, str]) -> None:
    names = re.findall(r"`([^`]+)`", " ".join(row[1:]))
    paths = [ROOT / name for name in names if name.startswith(("dlteach/", "tests/", "content/"))]
    assert paths and all(path.exists() for path in paths), [str(path) for path in paths if not path.exists()]
    folders = [path if path.is_dir() else path.parent for path in paths]
    text = "\n".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("*.py"))
    for name in names:
        if re.fullmatch(r"[a-z_]+\.py", name):
            assert any((folder / name).exists() for folder in folders), name
        elif re.fullmatch(r"_?[A-Z]\w+", name):
            assert re.search(rf"\b{name}\b", text), name


def test_the_page_says_where_each_kind_of_thing_is_added() -> None:
    said = " ".join(row[0] for row in ROWS)
    asked = ("rule", "function", "construct", "kind of claim", "kind of question", "simulation", "command", "lesson")
    assert [what for what in asked if what not in said] == []

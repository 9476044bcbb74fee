"""Damages × commands: no crash, nothing lost that can be read, nothing altered passes, and it is told once."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dlteach.study.opening import record_file
from tests.conftest import Result
from tests.hostile.damages import BEFORE, CHECKED_ROWS, DAMAGES, DERIVED, HARMLESS, OLD_ROWS, SINCE, STRUCTURE, fill

Cli = Callable[..., Result]
EVERY = BEFORE + SINCE
COMMANDS: dict[str, tuple[str, ...]] = {
    "quiz": ("quiz", "gelu/reflection", "--plain"),
    "review": ("review", "gelu", "--plain"),
    "study": ("study", "gelu", "--plain"),
    "practice": ("practice", "gelu/worked", "--plain"),
    "progress": ("progress",),
    "progress --rebuild": ("progress", "--rebuild"),
    "export": ("export", "progress", "-"),
    "import": ("import", "-"),
    "lessons": ("lessons",),
    "dashboard": (),
}


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("filled") / "home"
    fill(home)
    return home


@pytest.fixture
def home(filled: Path) -> Iterator[Path]:
    """A filled record of one's own."""
    shutil.copytree(filled, record_file().parent)
    yield record_file().parent


def exported(cli: Cli) -> tuple[dict[str, str], str]:
    """The entries by their identity, and what was told."""
    result = cli("export", "progress", "-")
    assert result.code == 0, result.err
    return {json.loads(line)["id"]: line for line in result.out.splitlines()}, result.err


@pytest.fixture(scope="session")
def original(filled: Path) -> dict[str, str]:
    """The lines of the record before anything happened to it."""
    import os
    from datetime import datetime
    from unittest import mock

    from dlteach.study.exchange import written
    from dlteach.study.opening import open_record
    from dlteach.study.settings import Settings

    with mock.patch.dict(os.environ, {"DLTEACH_HOME": str(filled)}):
        record = open_record(lambda: datetime.now().astimezone(), Settings(), print, probe=False)
        lines = list(written(record.entries()))
        record.close()
    assert len(lines) == EVERY
    return {json.loads(line)["id"]: line for line in lines}


@pytest.mark.slow
@pytest.mark.parametrize("morning", [False, True], ids=["later", "first of the day"])
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage_under_every_command(
    damage: str, command: str, morning: bool, home: Path, cli: Cli, original: dict[str, str]
) -> None:
    looked_at(damage, command, morning, home, cli, original)


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage(damage: str, home: Path, cli: Cli, original: dict[str, str]) -> None:
    """Each with another command, day and night."""
    number = list(DAMAGES).index(damage)
    looked_at(damage, list(COMMANDS)[number % len(COMMANDS)], number % 3 == 0, home, cli, original)


def looked_at(damage: str, command: str, morning: bool, home: Path, cli: Cli, original: dict[str, str]) -> None:
    if morning:  # the first session of a day looks through all of the file
        latest = max((home / "backups").iterdir())
        latest.rename(latest.with_name("2026-01-01.sqlite"))
    DAMAGES[damage](home / "record.sqlite")
    first = cli(*COMMANDS[command], stdin="" if command == "import" else ":skip\n:quit\n")
    assert first.code == 0, first.err
    assert "again" not in first.err and "our fault" not in first.err
    after, told = exported(cli)
    altered = {line for name, line in after.items() if name in original and line != original[name]}
    assert not altered, "no answer passes that was not given"
    strange = [json.loads(line)["kind"] for name, line in after.items() if name not in original]
    assert set(strange) <= {"skip", "read", "line", "hint", "reveal"}, strange
    missing = original.keys() - after.keys()
    assert len(missing) <= ALLOWED.get(damage, 0 if damage in DERIVED or damage in HARMLESS else 1)
    said = [line for line in (first.err + told).splitlines() if line]
    assert len(said) <= 2
    if damage in HARMLESS:
        assert not said
    elif damage not in DERIVED:
        assert re.search(r" of 2\d\d entries could be read", said[0]) or damage in WORDLESS, said
    again, told = exported(cli)
    assert again.keys() == after.keys() and not told, "it is told once"
    assert cli("progress", "--rebuild").code == 0


ALLOWED = {  # entries since this morning's backup that can be gone
    **dict.fromkeys(STRUCTURE, SINCE),
    **dict.fromkeys(CHECKED_ROWS, 1),
    **dict.fromkeys(OLD_ROWS, 1),
}
WORDLESS = {"gone", "nothing", "another program's database"}

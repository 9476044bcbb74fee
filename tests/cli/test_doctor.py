"""`dlteach doctor`: whatever is broken it shows the whole page, says what to do, and mends what is safe."""

import json
import os
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from dlteach.checking.facts import private
from dlteach.reasoning.worker import starts
from dlteach.reasoning.worker.process import REASONER
from dlteach.study.opening import open_record, record_file
from dlteach.study.record import Entry
from dlteach.study.settings import Settings
from dlteach.system.libraries import LIBRARIES, OLDEST
from tests.conftest import ROOT, Result

Process = Callable[..., Result]
SECTIONS = ["versions", "libraries", "terminal", "locale", "reasoner", "limits", "course", "settings", "record",
            "history", "cache", "crashes"]  # fmt: skip


def examined(process: Process, *args: str, **env: str) -> tuple[dict[str, list[dict[str, str]]], Result]:
    result = process("doctor", "--json", *args, env=env)
    return json.loads(result.out)["sections"], result


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A learner's folder after a day of work: two answers, a backup, a history, a verdict."""
    from dlteach.cli.desk import now

    for card in ("gelu/reflection", "gelu/by-hand"):
        record = open_record(now, Settings(), lambda _: None)
        record.note(Entry(card, "answer", verdict="right", rating=3, data={"answer": "a secret of mine"}))
        record.close()
    home = record_file().parent
    (home / "history").write_text("\n# 2026-03-10\n+a secret of mine\n", encoding="utf-8")
    (home / "history").chmod(0o600)
    return home


def _damaged_record(home: Path) -> None:
    with (home / "record.sqlite").open("r+b") as file:
        file.write(b"no database at all " * 200)


def _a_bad_row(home: Path) -> None:
    with closing(sqlite3.connect(home / "record.sqlite", isolation_level=None)) as db:
        db.execute("DROP TRIGGER log_keeps")
        db.execute("UPDATE log SET data = '{' WHERE card = 'gelu/by-hand'")


def _a_schedule_of_its_own(home: Path) -> None:
    with closing(sqlite3.connect(home / "record.sqlite", isolation_level=None)) as db:
        db.execute("UPDATE schedule SET due = '2099-01-01'")


def _a_newer_layout(home: Path) -> None:
    with closing(sqlite3.connect(home / "record.sqlite", isolation_level=None)) as db:
        db.execute("PRAGMA user_version = 99")
    (home / "record.sqlite").chmod(0o644)  # which is mended, and the file stays


def _a_folder_for_a_record(home: Path) -> None:
    (home / "record.sqlite").unlink()
    (home / "record.sqlite").mkdir(0o700)


def _settings(home: Path, text: str) -> None:
    (home / "config.toml").write_text(text, encoding="utf-8")
    (home / "config.toml").chmod(0o600)


def _settings_that_nest_too_deep(home: Path) -> None:
    _settings(home, "x = " + "[" * 40_000)


def _settings_with_too_long_a_number(home: Path) -> None:
    _settings(home, "retention = " + "9" * 90_000)


def _broken_settings(home: Path) -> None:
    _settings(home, "retention = [")


def _settings_out_of_range(home: Path) -> None:
    _settings(home, "retention = 7")


def _a_pipe_for_settings(home: Path) -> None:
    os.mkfifo(home / "config.toml", 0o600)


def _a_folder_for_a_history(home: Path) -> None:
    (home / "history").unlink()
    (home / "history").mkdir(0o700)


def _open_to_others(home: Path) -> None:
    (home / "record.sqlite").chmod(0o644)


def _broken_verdicts(home: Path) -> None:
    (home / "cache" / "verdicts").mkdir(parents=True)
    (home / "cache" / "verdicts" / "gelu.json").write_text("{", encoding="utf-8")


def _a_file_for_a_cache(home: Path) -> None:
    (home / "cache").write_text("", encoding="utf-8")


def _abandoned(home: Path) -> None:
    (home / "cache" / "app-1.part").mkdir(parents=True)
    os.utime(home / "cache" / "app-1.part", (time.time() - 10**5,) * 2)


def _a_crash(home: Path) -> None:
    (home / "cache").mkdir()
    (home / "cache" / "crash.log").write_text("ValueError: a secret of mine", encoding="utf-8")


BREAKAGES = [  # what is done to the folder, the section that tells, whether it is a fault, whether --fix mends it
    (_damaged_record, "record", True, True),
    (_a_bad_row, "record", True, True),
    (_a_schedule_of_its_own, "record", True, True),
    (_a_folder_for_a_record, "record", True, False),
    (_broken_settings, "settings", True, False),
    (_settings_out_of_range, "settings", True, False),
    (_settings_that_nest_too_deep, "settings", True, False),
    (_settings_with_too_long_a_number, "settings", True, False),
    (_a_pipe_for_settings, "settings", True, False),
    (_a_folder_for_a_history, "history", True, False),
    (_open_to_others, "record", True, True),
    (_broken_verdicts, "cache", True, True),
    (_a_file_for_a_cache, "cache", True, False),
    (_abandoned, "cache", False, True),
    (_a_crash, "crashes", False, True),
]


@pytest.mark.slow
@pytest.mark.parametrize(("spoil", "section", "wrong", "mends"), BREAKAGES, ids=[row[0].__name__ for row in BREAKAGES])
def test_what_is_broken_is_told_and_mended_where_that_is_safe(
    spoil: Callable[[Path], None], section: str, wrong: bool, mends: bool, home: Path, process: Process
) -> None:
    spoil(home)
    found, result = examined(process)
    assert list(found) == SECTIONS and result.code == wrong and result.err == ""
    told = [fact for fact in found[section] if fact["state"] != "fine"]
    assert told and all(fact["advice"] or ": " in fact["says"] for fact in told)
    assert {name for name in SECTIONS if any(fact["state"] == "wrong" for fact in found[name])} <= {section}
    found, result = examined(process, "--fix")
    assert bool(json.loads(result.out)["done"]) == mends and result.code == (wrong and not mends)
    found, result = examined(process)
    assert any(fact["state"] == "wrong" for fact in found[section]) == (wrong and not mends)


@pytest.mark.slow
def test_a_record_of_a_later_version_stays_where_it_is(home: Path, process: Process) -> None:
    _a_newer_layout(home)
    before = (home / "record.sqlite").read_bytes()
    found, result = examined(process, "--fix")
    assert result.code == 1 and "update dlteach" in str(found["record"])
    assert (home / "record.sqlite").read_bytes() == before and not list(home.glob("record-*"))
    assert (home / "record.sqlite").stat().st_mode & 0o077 == 0


def test_nothing_is_written_by_looking(home: Path, process: Process) -> None:
    def everything() -> dict[str, tuple[int, int]]:
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in home.rglob("*")}

    before = everything()
    assert process("doctor").code == 0
    assert everything() == before


@pytest.mark.slow
@pytest.mark.parametrize("args", [(), ("--plain",), ("--json",)])
def test_the_page_can_be_shown_to_strangers(args: tuple[str, ...], home: Path, process: Process) -> None:
    result = process("doctor", *args, env={"HOME": str(home.parent), "USER": "alice", "MAIL": "/var/mail/alice"})
    assert result.code == 0 and str(home.parent) not in result.out and "alice" not in result.out
    assert "secret" not in result.out and "~/" in result.out


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/alice", "~"),
        ("/home/alice/x and /home/alice", "~/x and ~"),
        ("/home/alice2/x", "/home/alice2/x"),
        ("/srv/alice/x, /srv/alices", "/srv/USER/x, /srv/alices"),
        ("malice", "malice"),
    ],
)
def test_the_home_folder_and_the_users_name_are_hidden(text: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/alice")
    monkeypatch.setenv("USER", "alice")
    assert private(text) == shown


SURROUNDINGS = [
    pytest.param({"PYTHONIOENCODING": "ascii"}, id="ASCII"),
    pytest.param({"LC_ALL": "xx_YY.UTF-9"}, id="a locale that is not there"),
    pytest.param({"TERM": "dumb", "COLUMNS": "20"}, id="a dumb and narrow terminal"),
    pytest.param({"HOME": "/nonexistent", "DLTEACH_HOME": ""}, id="no home at all"),
    pytest.param({"DLTEACH_HOME": "/proc/nowhere"}, id="a home that cannot be written"),
    pytest.param({"DLTEACH_HOME": "~nobody-of-that-name/x"}, id="somebody else's home"),
    pytest.param({"DLTEACH_HOME": "/dev/null"}, id="a device for a home"),
    pytest.param({"DLTEACH_HOME": "x" * 5000}, id="a home with too long a name"),
    pytest.param({"DLTEACH_CONTENT": "/nonexistent"}, id="a pack that is not there"),
    pytest.param({"DLTEACH_CONTENT": "/dev/zero"}, id="a pack that is a device"),
]


@pytest.mark.slow
@pytest.mark.parametrize("env", SURROUNDINGS)
def test_the_page_is_whole_in_odd_surroundings(env: dict[str, str], process: Process) -> None:
    result = process("doctor", env=env)
    assert result.code in (0, 1) and result.err == ""
    assert [line for line in result.out.splitlines() if line in SECTIONS] == SECTIONS


@pytest.mark.slow
@pytest.mark.parametrize("limit", ["ulimit -u 0", "ulimit -v 500000", "ulimit -n 12", "ulimit -t 2"])
def test_the_page_is_whole_where_little_is_allowed(limit: str, tmp_path: Path) -> None:
    command = f"{limit}; exec {sys.executable} -m dlteach doctor"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode in (0, 1) and done.stderr == ""
    assert [line for line in done.stdout.splitlines() if line in SECTIONS] == SECTIONS


def test_no_reasoner_is_told(cli: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    REASONER.stop()
    monkeypatch.setattr(starts, "FORKS", False)
    monkeypatch.setattr("sys.executable", "")  # no interpreter that could be started instead
    result = cli("doctor")
    assert result.code == 1 and "cannot be started" in " ".join(result.out.split())
    assert [line for line in result.out.splitlines() if line in SECTIONS] == SECTIONS


def test_no_course_is_told(cli: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("dlteach.course.files.__file__", str(tmp_path / "dlteach" / "course" / "files.py"))
    result = cli("doctor", "--json")
    (fact,) = json.loads(result.out)["sections"]["course"]
    assert result.code == 1 and fact["state"] == "wrong" and "install dlteach again" in fact["says"]


@pytest.mark.slow
def test_standard_input_may_be_closed(tmp_path: Path) -> None:
    command = f"exec {sys.executable} -m dlteach doctor <&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0 and "input closed" in done.stdout


def test_the_libraries_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [name.split(">")[0] for name in project["dependencies"]] == list(LIBRARIES.values())
    assert project["requires-python"] == f">={OLDEST[0]}.{OLDEST[1]}"

"""The README cannot go stale: its transcripts are replayed, its commands run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dlteach.commands import COMMANDS
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
TRANSCRIPTS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
STEPS = [
    step
    for block in TRANSCRIPTS
    for step in re.findall(r"^\$ (.+?)\n(.*?)(?=^\$ |\Z)", block, re.DOTALL | re.MULTILINE)
]
assert STEPS, "the README has lost its transcripts"


def surroundings(tmp_path: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "COLUMNS": "80", "NO_COLOR": "1", "DLTEACH_HOME": str(tmp_path)}


@pytest.mark.parametrize(("command", "output"), STEPS, ids=[command for command, _ in STEPS])
def test_a_transcript_is_what_happens(command: str, output: str, tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path, env=surroundings(tmp_path), check=False
    )
    assert done.stdout.rstrip("\n") == output.rstrip("\n")


def code_after(marker: str) -> str:
    (command,) = re.findall(rf"<!-- {marker} -->\n```sh\n(.+?)\n```", README, re.DOTALL)
    return str(command)


def checkout(tmp_path: Path) -> Path:
    """A copy of what git knows, as a fresh clone would have it."""
    target = tmp_path / "clone"
    files = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, text=True).split("\n")
    for name in filter(None, files):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


@pytest.mark.slow
def test_the_install_command_works_word_for_word(tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout, so there is nothing to copy")
    clone = checkout(tmp_path)
    done = subprocess.run(
        ["bash", "-c", code_after("install command")],
        capture_output=True,
        text=True,
        cwd=clone,
        env=surroundings(tmp_path),
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "GELU: a switch that is thrown by chance" in done.stdout


def test_the_test_command_is_the_one_that_ci_runs_last() -> None:
    """It runs this very file, so it is not run from here; `.ci/run` takes it from the README."""
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "<!-- test command -->" in script and script.rstrip().endswith('bash -c "$command"')
    assert code_after("test command").startswith("python3 -m venv .venv && ")


@pytest.mark.slow
def test_adding_a_lesson_works_as_it_says(tmp_path: Path) -> None:
    (commands,) = re.findall(r"## Add a lesson\n.*?```sh\n(.+?)\n```", README, re.DOTALL)
    pack = tmp_path / "content"
    shutil.copytree(ROOT / "content", pack)
    env = {**surroundings(tmp_path), "PYTHONPATH": str(tmp_path)}
    shutil.copytree(ROOT / "dlteach", tmp_path / "dlteach", ignore=shutil.ignore_patterns("__pycache__", "content"))
    script = commands.replace("dlteach ", f"{sys.executable} -m dlteach ")
    done = subprocess.run(["bash", "-ec", script], capture_output=True, text=True, cwd=tmp_path, env=env, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (pack / "activations/mylesson/verdicts.json").is_file()


def test_every_command_is_in_the_table() -> None:
    assert all(f"`dlteach {command}" in README for command in COMMANDS)

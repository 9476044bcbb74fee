"""dlteach as one file, made by `python -m zipapp`: it finds its course, whatever the cache folder is like."""

import os
import shutil
import subprocess
import sys
import zipapp
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Result

Run = Callable[..., Result]
LEFT_OUT = shutil.ignore_patterns("__pycache__")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As the wheel has it: the course inside the package."""
    folder = tmp_path_factory.mktemp("archive")
    shutil.copytree(ROOT / "dlteach", folder / "app" / "dlteach", ignore=LEFT_OUT)
    shutil.copytree(ROOT / "content", folder / "app" / "dlteach" / "content", ignore=LEFT_OUT)
    zipapp.create_archive(folder / "app", folder / "dlteach.pyz", main="dlteach.__main__:main")
    shutil.rmtree(folder / "app")
    return folder / "dlteach.pyz"


@pytest.fixture
def run(archive: Path, tmp_path: Path) -> Run:
    def call(*args: str, stdin: str = "", program: Path = archive, **env: str) -> Result:
        done = subprocess.run(
            [sys.executable, "-W", "error", str(program), *args],
            input=stdin, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, **env}, check=False,
        )  # fmt: skip
        return Result(done.returncode, done.stdout, done.stderr)

    return call


def copies(home: Path) -> list[str]:
    return sorted(path.name for path in home.glob("cache/app-*"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("args", "shown"),
    [
        (("doctor",), "all is well"),
        (("lesson", "gelu"), "Gaussian"),
        (("verify", "gelu/derivative", "--fresh"), "1 proved"),
        (("prove", "E[relu(z)^2] = 1/2"), "proved"),
        (("sim", "maxout", "--auto"), "maxout"),
        (("grade", "gelu/reflection", "x"), "correct"),
        (("search", "kink"), "relu"),
    ],
)
def test_every_room_works_from_an_archive(args: tuple[str, ...], shown: str, run: Run, tmp_path: Path) -> None:
    result = run(*args)
    assert (result.code, result.err) == (0, "") and shown in result.out
    assert len(copies(tmp_path / "home")) == 1


@pytest.mark.slow
def test_a_fresh_interpreter_for_the_reasoner_finds_the_archive(run: Run, tmp_path: Path) -> None:
    env = {"PYTHONPATH": str(ROOT / "tests" / "portable"), "DLTEACH_TESTS_WITHOUT": "fork"}
    result = run("prove", "E[relu(z)^2] = 1/2", **env)
    assert (result.code, result.err) == (0, "") and "proved" in result.out
    (tmp_path / "home" / "away").mkdir()
    nowhere = run(
        "prove", "E[relu(z)^2] = 1/2", **env, DLTEACH_HOME="/dev/null", TMPDIR=str(tmp_path / "home" / "away")
    )
    assert nowhere.code == 0 and not list((tmp_path / "home" / "away").iterdir())


@pytest.mark.slow
def test_a_missing_library_is_a_line(archive: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-S", str(archive), "lesson", "gelu"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )  # -S: nothing that was installed is found
    assert done.returncode != 0 and done.stdout == "" and len(done.stderr.splitlines()) == 1
    assert "dlteach needs typer, rich" in done.stderr and "-m pip install typer rich" in done.stderr


@pytest.mark.slow
def test_an_archive_is_unpacked_once_and_another_one_beside_it(run: Run, archive: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    run("--version")
    (kept,) = copies(home)
    before = (home / "cache" / kept).stat().st_mtime_ns
    run("--version")
    assert copies(home) == [kept] and (home / "cache" / kept).stat().st_mtime_ns == before
    newer = tmp_path / "newer.pyz"
    with zipapp.zipfile.ZipFile(archive) as old, zipapp.zipfile.ZipFile(newer, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text.replace(b'__version__ = "', b'__version__ = "9.') if "__init__" in name else text)
    assert run("--version", program=newer).out.startswith("dlteach 9.")
    assert len(copies(home)) == 2


@pytest.mark.slow
def test_two_that_start_together_leave_one_whole_copy(archive: Path, tmp_path: Path) -> None:
    starts = [
        subprocess.Popen([sys.executable, str(archive), "lesson", "gelu"], cwd=tmp_path, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    shown = {start.communicate()[0] for start in starts}
    assert len(shown) == 1 and b"Gaussian" in shown.pop()
    assert len(copies(tmp_path / "home")) == 1


@pytest.mark.slow
def test_where_no_copy_can_be_kept_it_lasts_as_long_as_the_process(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "cache").write_text("a file, where the folder should be")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    result = run("lesson", "gelu", TMPDIR=str(temporary))
    assert result.code == 0 and "Gaussian" in result.out
    assert not list(temporary.iterdir())


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_copy_that_others_could_have_written_is_not_run(run: Run, tmp_path: Path) -> None:
    run("--version")
    (copy,) = (tmp_path / "home" / "cache").glob("app-*")
    (copy / "dlteach" / "commands.py").write_text("raise SystemExit('written by somebody else')")
    assert "somebody else" in run("--version").err
    copy.chmod(0o777)
    assert run("--version").out.startswith("dlteach ")

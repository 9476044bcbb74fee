"""What tests share: the course, and the command line in one process or in a real one.

`DLTEACH_TESTS_WITHOUT=fork,fcntl,resource,posix` runs them as on a system that lacks these: see `tests/portable`.
"""

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pexpect  # noqa: F401  # the tests' own terminal has what is taken away below
import pytest

from tests.portable.sitecustomize import WITHOUT, take_away

pty.os = ModuleType("os")  # type: ignore[attr-defined]
vars(pty.os).update(vars(os))
take_away(name for name in WITHOUT if name != "posix")  # that the tests need: only what they run goes without it

from dlteach.course.functions import Functions  # noqa: E402
from dlteach.course.lessons import Course  # noqa: E402
from dlteach.reasoning.worker.process import stop_all  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent


INHERITED = pytest.mark.skipif(not hasattr(os, "fork"), reason="a fresh interpreter does not have what is patched here")


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def course() -> Course:
    return Course()


@pytest.fixture(scope="session")
def functions(course: Course) -> Functions:
    return course.functions


@pytest.fixture(autouse=True)
def quiet_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the machine's own cache, width or colours."""
    monkeypatch.setenv("DLTEACH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    if WITHOUT:
        monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "portable"), prepend=os.pathsep)


@pytest.fixture(autouse=True)
def own_reasoner(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that patches something has a reasoner of its own, which is forked after that and ends with the test."""
    patches = "monkeypatch" in signature(request.function).parameters
    if patches:
        stop_all()
    yield
    if patches:
        stop_all()


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command line in this process; `stdin` is what a pipe would bring."""
    import io

    from dlteach.cli import run

    def call(*args: str, stdin: str = "") -> Result:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        give_back = take_away(name for name in WITHOUT if name == "posix")
        try:
            code = run(list(args))
        finally:
            give_back()
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., Result]:
    """Run a command line in a process of its own, away from the checkout."""

    def call(*args: str, stdin: str = "", env: dict[str, str] | None = None, timeout: float = 60) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "dlteach", *args],
            input=stdin.encode(),
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, **(env or {})},
            timeout=timeout,
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))

    return call

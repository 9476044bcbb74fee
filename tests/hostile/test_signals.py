"""Interrupts and suspensions: a sample of `python -m tests.long.interrupts`, and Ctrl-Z under a shell."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests.long.interrupts import Case, tried

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no POSIX signals here"),
]
SAMPLE = [
    ("reads a page", 1.5, "SIGTERM"), ("waits at a prompt", 2.0, "SIGTERM"), ("waits at a prompt", 2.0, "SIGHUP"),
    ("waits at a prompt", 2.0, "SIGINT"), ("waits at a plain prompt", 1.5, "SIGINT"), ("shows a bar", 1.5, "SIGTERM"),
    ("shows a bar", 1.5, "SIGINT"), ("proves", 1.5, "SIGTERM"), ("proves", 0.15, "SIGINT"),
    ("answers a batch", 1.5, "SIGINT"), ("takes in a record", 1.5, "SIGHUP"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "moment", "number"), SAMPLE)
def test_an_interrupted_command_ends_in_order(name: str, moment: float, number: str, tmp_path: Path) -> None:
    assert tried(Case(name, moment, signal.Signals[number]), tmp_path) == ""


LOADING = """
import os, signal, sys
class Interrupting:
    left = {left}
    def find_spec(self, name, *rest):
        Interrupting.left -= name.startswith("{prefix}")
        if Interrupting.left == 0:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
sys.argv = ["dlteach", *{args!r}]
from dlteach.__main__ import main
main()
"""


@pytest.mark.parametrize("args", [["lesson", "gelu"], ["derive", "gelu"], ["--version"]])
@pytest.mark.parametrize(
    ("prefix", "left"),
    [
        ("dlteach.system.streams", 1),
        ("typer", 1),
        ("rich", 1),
        ("dlteach.cli", 1),
        ("dlteach", 12),
        ("", 80),
        ("", 300),
    ],
)
def test_an_interrupt_while_the_program_loads_is_silent(
    prefix: str, left: int, args: list[str], tmp_path: Path
) -> None:
    """At a given import, rather than after so many milliseconds."""
    code = LOADING.format(prefix=prefix, left=left, args=args)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
    assert done.returncode == 130 or (args == ["--version"] and done.returncode == 0)  # which loads less
    assert done.stderr.strip() == b""


def test_a_bar_that_is_interrupted_while_it_appears_gives_the_cursor_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rich hides the cursor before it guards itself."""
    from rich.live import Live

    from dlteach.screen.terminal import bar

    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(Live, "refresh", interrupted)
    with pytest.raises(KeyboardInterrupt), bar():
        pass
    shown = screen.getvalue()
    assert 0 <= shown.rfind("\x1b[?25l") < shown.rfind("\x1b[?25h")


def test_what_was_started_to_ignore_interrupts_goes_on(tmp_path: Path) -> None:
    """As `nohup` and a shell's background do."""
    ignoring = f"trap '' INT HUP; exec {sys.executable} -m dlteach value --file - --json"
    child = subprocess.Popen(["bash", "-c", ignoring], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin and child.stdout
    child.stdin.write(b'["1 + 1"]\n' * 2)
    child.stdin.flush()
    assert b"2" in child.stdout.readline()
    for number in (signal.SIGINT, signal.SIGHUP):
        child.send_signal(number)
    time.sleep(0.2)
    out, _ = child.communicate(b'["1 + 2"]\n', timeout=60)
    assert out.count(b'"value"') == 2 and child.returncode == 0


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[pexpect.spawn]:
    env = {**os.environ, "PS1": "READY ", "DLTEACH_HOME": str(tmp_path), "BASH_SILENCE_DEPRECATION_WARNING": "1"}
    child = pexpect.spawn("bash", ["--norc", "-i"], env=env, encoding="utf-8", timeout=60, dimensions=(50, 80))
    child.expect_exact("READY ")
    yield child
    child.close(force=True)


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_ctrl_z_at_a_prompt_suspends_and_the_prompt_comes_back(term: str, shell: pexpect.spawn) -> None:
    shell.sendline(f"TERM={term} {sys.executable} -m dlteach quiz gelu/derivative")
    if term == "xterm":
        shell.expect_exact("\x1b[6n")
        shell.send("\x1b[5;1R")
    shell.expect_exact("expression>")
    time.sleep(1)
    shell.send("phi(x)\x1a")
    shell.expect("Stopped")
    shell.expect_exact("READY ")
    shell.sendline("echo $((6 * 7)) still here")
    shell.expect_exact("42 still here")
    shell.sendline("fg")
    shell.expect_exact("expression>")
    if term == "xterm":
        shell.expect_exact("phi(x)")  # what had been typed is still there
    else:
        shell.send("phi(x)")
    shell.send("\r")
    shell.expect_exact("wrong")
    shell.send("\x03")
    shell.expect_exact("READY ")
    shell.sendline("echo code $?")
    shell.expect_exact("code 130")

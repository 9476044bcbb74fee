"""Interrupts: commands × moments × signals, at a terminal and in pipes. `python -m tests.long.interrupts [--count N]`.

A command that is interrupted ends with the signal's code (or with its own, where it was done already), says nothing
that looks like a traceback, leaves the terminal as it was and no child behind.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pty
import random
import re
import select
import signal
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from tests.long import Row, failed, row


class Command(NamedTuple):
    """A command line, whether it is tried at a terminal or in pipes, and whether it ends if nobody interrupts it."""

    line: str
    terminal: bool
    ends: bool


COMMANDS = {
    "reads a page": Command("lesson gelu", True, True),
    "waits at a prompt": Command("quiz gelu/derivative --no-record", True, False),
    "waits at a plain prompt": Command("quiz gelu/derivative --no-record --plain", True, False),
    "shows a bar": Command("verify gelu --fresh", True, True),
    "proves": Command("prove 'gelu(x)*tanh(x^2) <= x^2 + sin(x)^4/7 + 1' --seconds 20", False, True),
    "answers a batch": Command("value --file - --json", False, False),
    "takes in a record": Command("import -", False, False),
}
PRINTING = (
    "--version",
    "--help",
    "lessons",
    "lesson gelu",
    "search gelu",
    "value 1+1",
    "equal x y",
    "equal x y --json",
)
REDIRECTIONS = {  # and the exit codes that may come of it
    "| head -0": {141}, ">/dev/full": {2}, ">&-": {2}, "2>&-": {0, 1}, "<&-": {0, 1}, "<&- >&- 2>&-": {2},
    ">/dev/full 2>/dev/full": {2},
}  # fmt: skip
MOMENTS = (0.05, 0.15, 0.5, 2.0)  # seconds after the start
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE = 20.0  # seconds to end in; a loaded machine is slow
NOISE = re.compile(r"Traceback|Exception|\b[A-Z]\w*Error\b|our fault|[Ff]atal|[Ww]arning")
BOOT = re.compile(
    r"<frozen (?:site|runpy|zipimport|importlib|abc|os|codecs)|init_sys_streams|core initialized|bin/dlteach"
)


@dataclass(frozen=True)
class Case:
    """A command that is interrupted at a moment by a signal."""

    name: str
    moment: float
    number: signal.Signals

    def __str__(self) -> str:
        return f"{self.name}, {self.number.name} after {self.moment * 1000:.0f} ms"


def cases() -> list[Case]:
    """All of them: 7 commands × 4 moments × 3 signals."""
    return [Case(*facts) for facts in product(COMMANDS, MOMENTS, SIGNALS)]


def tried(case: Case, home: Path) -> str:
    """What was wrong, or nothing."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # what is ignored here, as under nohup, would be ignored there
    line, terminal, _ = COMMANDS[case.name]
    mark = f"DLTEACH_MARK={os.getpid()}-{time.monotonic_ns()}"
    env = {
        **os.environ,
        "TERM": "dumb" if "plain" in case.name else "xterm",
        "DLTEACH_HOME": str(home),
        "PAGER": "less",
    }
    env |= dict([mark.split("=")])
    args = [sys.executable, "-m", "dlteach", *(word.strip("'") for word in re.findall(r"'[^']*'|\S+", line))]
    return (_at_a_terminal if terminal else _in_pipes)(case, args, env) or _left_behind(mark)


def _at_a_terminal(case: Case, args: list[str], env: dict[str, str]) -> str:
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    child = subprocess.Popen(
        args, stdin=slave, stdout=slave, stderr=slave, env=env, preexec_fn=partial(os.login_tty, slave)
    )
    seen = _read(master, case.moment)
    if case.number is signal.SIGINT and b"\x1b[?2004h" in seen and b"\x1b[?2004l" not in seen.rpartition(b"2004h")[2]:
        os.write(master, b"\x03")  # raw mode: Ctrl-C is a key
    else:
        _send(child, case.number)
    seen += _read(master, GRACE, child, quits=case.number is signal.SIGINT and case.name == "reads a page")
    after = termios.tcgetattr(slave)
    os.close(slave)
    os.close(master)
    text = seen.decode(errors="replace")
    if before != after:
        return "the terminal is not as it was"
    for on, off, what in (("?25l", "?25h", "the cursor is hidden"), ("?2004h", "?2004l", "pastes stay in brackets")):
        if text.rfind(on) > text.rfind(off):
            return what
    return _judged(case, child, text)


def _in_pipes(case: Case, args: list[str], env: dict[str, str]) -> str:
    pipe = subprocess.PIPE
    child = subprocess.Popen(args, stdin=pipe, stdout=pipe, stderr=pipe, env=env, start_new_session=True)
    assert child.stdin and child.stdout and child.stderr
    child.stdin.write(b'["gelu(1)"]\n' * 100)
    child.stdin.flush()
    time.sleep(case.moment)
    _send(child, case.number)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(GRACE)  # its input stays open
    code = child.poll()
    if code is None:
        child.kill()
    out, err = child.communicate()
    if code is None:
        return f"it does not end within {GRACE:g} s"
    return _judged(case, child, (out + err).decode(errors="replace"))


def _send(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """As the terminal does for Ctrl-C and when it goes, to all of the group; SIGTERM to the one process."""
    try:
        if number is signal.SIGTERM:
            child.send_signal(number)
        else:
            os.killpg(child.pid, number)
    except ProcessLookupError:
        pass


def _read(master: int, seconds: float, child: subprocess.Popen[bytes] | None = None, quits: bool = False) -> bytes:
    """What comes from the terminal in so many seconds, or until the child has ended; answers where the cursor is."""
    seen, deadline = b"", time.monotonic() + seconds
    while time.monotonic() < deadline:
        if select.select([master], [], [], 0.02)[0]:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            seen += piece
            if b"\x1b[6n" in piece:
                os.write(master, b"\x1b[1;1R")
        elif child and child.poll() is not None:
            break
        elif quits:
            os.write(master, b"q")  # Ctrl-C is the pager's own
    return seen


def _judged(case: Case, child: subprocess.Popen[bytes], text: str) -> str:
    code = child.poll()
    if code is None:
        child.kill()
        child.wait()
        return f"it does not end within {GRACE:g} s"
    if (noise := NOISE.search(text)) and not BOOT.search(text):
        return f"it says {text[max(0, noise.start() - 80) : noise.end() + 80]!r}"
    booting = BOOT.search(text) is not None  # before the first line of ours: Python's own
    expected = {128 + case.number, -case.number}
    expected |= {1} if booting else set()
    expected |= {0, 3} if COMMANDS[case.name].ends else set()
    return "" if code in expected else f"its exit code is {code}"


def _left_behind(mark: str) -> str:
    """The children that are still there a while after their parent ended."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        left = list(_marked(mark))
        if not left:
            return ""
        time.sleep(0.1)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return f"{len(left)} children are left behind"


def _marked(mark: str) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (
                mark.encode() in (folder / "environ").read_bytes().split(b"\0")
                and "Z" not in (folder / "stat").read_text().rpartition(")")[2].split()[:1]
            ):
                yield int(folder.name)
        except OSError:
            continue


def redirected(args: str, redirection: str, home: Path) -> str:
    """What was wrong with a command whose streams are closed, full or not read to their end."""
    line = f"set -o pipefail; {sys.executable} -m dlteach {args} {redirection}"
    env = {**os.environ, "DLTEACH_HOME": str(home)}
    done = subprocess.run(["bash", "-c", line], capture_output=True, env=env, timeout=120, check=False)
    told = done.stderr.decode(errors="replace")
    if NOISE.search(told) or len(told.splitlines()) > 1:
        return f"{args} {redirection}: it says {told!r}"
    return (
        "" if done.returncode in REDIRECTIONS[redirection] else f"{args} {redirection}: its code is {done.returncode}"
    )


def campaign(count: int | None = None, seed: int = 0) -> list[Row]:
    """Interrupts by command, then redirections; `count` of each, drawn at random."""
    dice = random.Random(seed)
    interrupted = _drawn(cases(), count, dice)
    closed = _drawn(list(product(PRINTING, REDIRECTIONS)), count, dice)
    with tempfile.TemporaryDirectory() as home:
        faults = {case: f"{case}: {fault}" if (fault := tried(case, Path(home))) else "" for case in interrupted}
        lost = {pair: redirected(*pair, Path(home)) for pair in closed}
    rows = []
    for name in COMMANDS:
        own = [fault for case, fault in faults.items() if case.name == name]
        rows.append(row(f"interrupted while it {name}", len(own), [*filter(None, own)]))
    for redirection in REDIRECTIONS:
        own = [fault for (_, what), fault in lost.items() if what == redirection]
        rows.append(row(f"with `{redirection}`", len(own), [*filter(None, own)]))
    return [found for found in rows if found[1]]


def _drawn(every: list[Any], count: int | None, dice: random.Random) -> list[Any]:
    return every if count is None or count >= len(every) else dice.sample(every, count)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--count", type=int)
    options.add_argument("--seed", type=int, default=0)
    found = campaign(**vars(options.parse_args()))
    for what, times, said in found:
        print(f"{what:46} {times:4}  {said}")
    sys.exit(any(map(failed, found)))

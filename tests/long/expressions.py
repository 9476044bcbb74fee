"""Every hostile expression through every command, each in a process of its own: `python -m tests.long.expressions`.

What is asked is not whether the answer is the best one, but that there is one: an exit code that means something,
in time, with one line where something is wrong and never a traceback. `--here` forks this process instead of
starting an interpreter each time, which is ten times quicker and what a profile wants.
"""

import argparse
import contextlib
import io
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import NamedTuple
from unittest import mock

from tests.hostile.expressions import Hostile, expressions
from tests.long import Row, row

LIMIT = 3.0  # seconds that a command may take
GRACE = 1.0  # seconds beside them
STARTS = 3  # how often the time to start may pass: for the reasoner, for SymPy and for a machine that is busy
OFTEN = 20  # commands after which the time to start is measured again
LONGEST = 60.0  # seconds after which a command counts as hanging
CODES = (0, 1, 2, 3)
CPU = "DLTEACH_CPU" in os.environ  # whether `--here` counts the seconds of the processor, on a busy machine


class Command(NamedTuple):
    """A command line for a text, and what a pipe brings it."""

    name: str
    line: Callable[[str], list[str]]
    typed: Callable[[str], str] = lambda text: ""
    seconds: float = LIMIT


COMMANDS = (
    Command("value", lambda text: ["value", text]),
    Command("value --set", lambda text: ["value", text, "--set", "x=1/3", "--digits", "40"]),
    Command("equal", lambda text: ["equal", text, f"({text}) + 1"]),
    Command("equal itself", lambda text: ["equal", text, f"{text} + 0"]),
    Command("prove =", lambda text: ["prove", f"{text} = {text} + 1", "--seconds", "0.5"], seconds=0.6),
    Command("prove >=", lambda text: ["prove", f"{text} >= 0", "--seconds", "0.5"], seconds=0.6),
    Command("prove convex", lambda text: ["prove", f"convex({text})", "--seconds", "0.5"], seconds=0.6),
    Command("derive", lambda text: ["derive", text, "--wrt", "x"]),
    Command("derive 3", lambda text: ["derive", text, "--wrt", "x", "--order", "3", "--json"]),
    Command("search", lambda text: ["search", text]),
    Command("plot", lambda text: ["plot", text, "--derivative"]),
    Command("check", lambda text: ["check", "-"], lambda text: f"d/dx ({text})\n= {text}\n"),
    Command("check =", lambda text: ["check", "-"], lambda text: f"{text}\n= ({text}) + 1\n"),
    Command("grade", lambda text: ["grade", "gelu/by-hand", text], seconds=2.0),
    Command("grade form", lambda text: ["grade", "sigmoid/derivative", text], seconds=2.0),
    Command("practice", lambda text: ["practice", text]),
    Command("practice line", lambda text: ["practice", "gelu"], lambda text: f"{text}\n:quit\n"),
    Command("sim", lambda text: ["sim", "backprop", "--expr", text, "--auto"]),
)
STATED = (
    Command("prove", lambda text: ["prove", text, "--seconds", "0.5"], seconds=0.6),
    Command("search", lambda text: ["search", text]),
    Command("given", lambda text: ["check", "-", "--given", text.partition(" for ")[2]], lambda text: "x\n= x\n"),
)


class Outcome(NamedTuple):
    """What came of one command on one text."""

    command: str
    hostile: Hostile
    seconds: float
    allowed: float
    code: int  # -9 where it had to be killed
    said: str

    @property
    def fault(self) -> str:
        """What is wrong with it; empty where nothing is."""
        if self.code == -9:
            return "hangs"
        if self.code not in CODES:
            return f"exit {self.code}"
        if "Traceback" in self.said or "our fault" in self.said:
            return "traceback"
        rows = self.said.rstrip("\n").split("\n")
        if len(rows) > 1 and not (len(rows) == 3 and rows[2].strip() == "^"):
            return "more than a line"
        return "late" if self.seconds > self.allowed else ""


def process(args: Sequence[str], typed: str, longest: float) -> tuple[float, int, str]:
    """The seconds, the exit code and the standard error of a command line."""
    began = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "dlteach", *args], input=typed.encode(), capture_output=True, timeout=longest,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return time.monotonic() - began, -9, ""
    except (OSError, ValueError) as problem:  # an argument that no system takes
        return time.monotonic() - began, 2, str(problem)
    return time.monotonic() - began, done.returncode, done.stderr.decode(errors="replace")


def forked(args: Sequence[str], typed: str, longest: float) -> tuple[float, int, str]:
    """The same in a fork of this process."""
    from dlteach.cli import run

    source, sink = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        os.close(source)
        output, errors = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        code = 70
        sys.stdin = io.StringIO(typed)
        try:
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
                code = run(list(args))
        finally:
            os.write(sink, errors.getvalue()[-4000:].encode(errors="replace"))
            os._exit(code)
    os.close(sink)
    ready = select.select([source], [], [], longest)[0]
    if not ready:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
    seconds = time.monotonic() - began
    said = os.read(source, 5000).decode(errors="replace") if ready else ""
    os.close(source)
    _, status, used = os.wait4(child, 0)
    if CPU:
        seconds = used.ru_utime + used.ru_stime
    return seconds, os.waitstatus_to_exitcode(status), said


def outcomes(
    cases: Sequence[tuple[Command, Hostile]], ask: Callable[[Sequence[str], str, float], tuple[float, int, str]],
    longest: float = LONGEST,
) -> Iterator[Outcome]:  # fmt: skip
    """What comes of each."""
    start = 0.0
    for number, (command, hostile) in enumerate(cases):
        if number % OFTEN == 0:
            start = ask(["equal", "x", "x"], "", longest)[0]
        seconds, code, said = ask(command.line(hostile.text), command.typed(hostile.text), longest)
        yield Outcome(command.name, hostile, seconds, 1.2 * command.seconds + GRACE + STARTS * start, code, said)


def every(wanted: Sequence[str] = (), causes: Sequence[str] = ()) -> list[tuple[Command, Hostile]]:
    """All commands on all texts; or those named."""
    return [
        (command, hostile)
        for hostile in expressions()
        for command in (STATED if hostile.statement else COMMANDS)
        if (not wanted or command.name in wanted) and (not causes or hostile.cause in causes)
    ]


@contextlib.contextmanager
def surroundings() -> Iterator[None]:
    """A home of its own, and nothing of this terminal."""
    with (
        tempfile.TemporaryDirectory() as home,
        mock.patch.dict(os.environ, DLTEACH_HOME=home, COLUMNS="80", NO_COLOR="1"),
    ):
        yield


def campaign(count: int | None = None, seed: int = 0) -> list[Row]:
    """What is wrong with each command: its name, how many texts it was given, and the faults."""
    cases = every()
    if count is not None:
        cases = random.Random(seed).sample(cases, min(count, len(cases)))
    with surroundings():
        return table(outcomes(cases, process))


def table(found: Iterator[Outcome]) -> list[Row]:
    """A row for each command."""
    seen: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in found:
        seen[outcome.command].append(outcome)
    return [
        row(
            name,
            len(some),
            [f"{o.fault} ({o.hostile.text[:60]})" for o in some if o.fault],
            f"the slowest {max(o.seconds for o in some):.1f} s",
        )
        for name, some in seen.items()
    ]


def main() -> int:
    """Run what the options ask for, and print the slowest."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, help="a sample of so many")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--here", action="store_true", help="fork this process")
    options.add_argument("--commands", nargs="*", default=[])
    options.add_argument("--causes", nargs="*", default=[])
    options.add_argument("--over", type=float, default=2.0, help="print those that take more seconds")
    options.add_argument("--longest", type=float, default=LONGEST)
    given = options.parse_args()
    cases = every(given.commands, given.causes)
    if given.count:
        cases = random.Random(given.seed).sample(cases, min(given.count, len(cases)))
    with surroundings():
        if given.here:
            import_module("dlteach.reasoning.deciding.judge")  # what every command would load
        faulty = done = 0
        for outcome in outcomes(cases, forked if given.here else process, given.longest):
            done += 1
            faulty += bool(outcome.fault)
            if outcome.fault not in ("", "late") or outcome.seconds > given.over:
                said = outcome.said.strip().replace("\n", " / ")[:150]
                text = outcome.hostile.text
                shown = text if len(text) < 60 else f"{text[:50]}… ({len(text)})"
                print(f"{outcome.seconds:7.2f}  {outcome.command:<14} {outcome.fault:<10} {shown}  {said}", flush=True)
    print(f"{done} commands, {faulty} with a fault")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())

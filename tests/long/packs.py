"""`python -m tests.long.packs [--count N] [--seed S] [--only WORDS]`: hostile packs with every command that reads one.

A command has failed that crashed, hung, took more than 3 s or 500 MB, said more than a few lines on standard error or
blamed itself; and where one lesson of a pack is broken, the other one and the course itself still have to work.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from dlteach.visible import visible
from tests.conftest import Result
from tests.hostile.packs import COMMANDS, PACKS, PROVING, make
from tests.long import Row, failed, row

SECONDS, MEGABYTES = 3.0, 500
PROVER = 30.0  # seconds for a command that proves: each statement may take the budget of `verify`
HANGS = 60.0
LINES = 12  # on standard error, of at most so many characters
CHARACTERS = 700
GOES_ON = {("lessons",): "gelu", (): "gelu", ("lesson", "good"): "Good", ("errata",): "gelu", ("progress",): "gelu"}
BREAKS_GOOD = (  # what breaks the other lesson too, since both rest on the table of functions
    "a pipe as functions.toml", "a folder as functions.toml", "a table of functions that nests",
    "functions that are no tables", "a definition 10,000 deep", "nothing at all",
    "a lesson twice",
)  # fmt: skip


MEASURED = """
import resource, subprocess, sys
code = subprocess.call([sys.executable, "-m", "dlteach", *sys.argv[2:]])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as out:
    out.write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss}")
sys.exit(code if code >= 0 else 128 - code)
"""  # a small parent, since a large one's memory would count as the child's


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str
    seconds: float  # of processor time where the machine is busy, else by the clock: the smaller one
    megabytes: float


def ran(pack: Path, command: Sequence[str], home: Path) -> Ran:
    """A command with a pack beside the course and nothing on standard input."""
    words = [word.format(pack=pack) for word in command]
    env = {**os.environ, "DLTEACH_HOME": str(home), "DLTEACH_CONTENT": str(pack), "COLUMNS": "80", "NO_COLOR": "1"}
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with tempfile.NamedTemporaryFile("r+", encoding="utf-8") as used:
            done = subprocess.Popen(
                [sys.executable, "-c", MEASURED, used.name, *words],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=env, start_new_session=True,
            )  # fmt: skip
            try:
                done.wait(HANGS)
            except subprocess.TimeoutExpired:
                os.killpg(done.pid, signal.SIGKILL)
                done.wait()
            busy, kilobytes = map(float, used.read().split() or ("0", "0"))
        seconds = time.perf_counter() - begun
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace"))
    hung = done.returncode < 0
    return Ran(done.returncode, *texts, seconds if hung else min(seconds, busy), kilobytes / 1024)


def wrong(cause: str, command: Sequence[str], found: Result, seconds: float, megabytes: float) -> str:
    """What is wrong with what a command did, empty where nothing is."""
    said = found.err.splitlines()
    if found.code not in (0, 1, 2, 3):
        return f"it left with {found.code}: {found.err[-200:]}"
    if "our fault" in found.err or "Traceback" in found.err:
        return f"a fault of ours: {found.err[-200:]}"
    if seconds > (PROVER if command and command[0] in PROVING else SECONDS):
        return f"it took {seconds:.1f} s"
    if megabytes > MEGABYTES:
        return f"it took {megabytes:.0f} MB"
    if len(said) > LINES or any(len(line) > CHARACTERS for line in said):
        return f"it said {len(said)} lines, the longest of {max(map(len, said))} characters"
    if found.code == 2 and not said:
        return "it said nothing of what is wrong"
    if any(visible(text) != text for text in (found.out, found.err)):
        return "a raw control character went out"
    if (
        found.code == 2
        and tuple(command) == ("lesson", "bad")
        and "strange" not in found.err.replace("no lesson", "strange")
    ):
        return f"it does not name the file: {found.err[-200:]}"
    word = GOES_ON.get(tuple(command))
    if word and not (word == "Good" and cause in BREAKS_GOOD) and (found.code != 0 or word not in found.out):
        return f"what is in order does not go on: {found.err[-200:]}"
    return ""


def campaign(
    count: int | None = None, seed: int = 0, only: str = "", commands: Sequence[Sequence[str]] = COMMANDS
) -> list[Row]:
    """For each cause: how many commands were tried, and the worst of what they did wrong."""
    dice = random.Random(seed)
    rows = []
    causes = [cause for cause in PACKS if only in cause]
    share = {cause: list(commands) for cause in causes}
    if count is not None:
        every = [(cause, tuple(command)) for cause in causes for command in commands]
        drawn = dice.sample(every, min(count, len(every)))
        share = {cause: [command for other, command in drawn if other == cause] for cause in causes}
    for cause in causes:
        with tempfile.TemporaryDirectory() as folder:
            pack = make(Path(folder), cause)
            problems, slowest, largest = [], 0.0, 0.0
            for command in share[cause]:
                found = ran(pack, command, Path(folder) / "home")
                slowest, largest = max(slowest, found.seconds), max(largest, found.megabytes)
                what = Result(found.code, found.out, found.err)
                if problem := wrong(cause, command, what, found.seconds, found.megabytes):
                    problems.append(f"{' '.join(command) or 'dlteach'}: {problem}")
            rows.append(row(cause, len(share[cause]), problems, f"at most {slowest:.1f} s, {largest:.0f} MB"))
            print(f"{cause:45} {len(share[cause]):3}  {rows[-1][2]}", flush=True)
    return rows


def main() -> int:
    """The campaign, and how much of it failed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="causes that have these words")
    parser.add_argument("--command", default="", help="this command only")
    given = parser.parse_args()
    commands = [command for command in COMMANDS if not given.command or " ".join(command) == given.command]
    resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30, 8 * 2**30))
    rows = campaign(given.count, given.seed, given.only, commands)
    spoilt = sum(map(failed, rows))
    print(f"{len(rows)} packs, {sum(tried for _, tried, _ in rows)} runs, {spoilt} packs failed")
    return int(spoilt > 0)


if __name__ == "__main__":
    sys.exit(main())

"""Whole commands against a yardstick in the same run: only the ratio means anything."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from dlteach.course.files import content_root
from dlteach.course.lessons import Course
from dlteach.notation.reader import read, read_conditions
from dlteach.notation.symbolic import Symbolic
from dlteach.notation.tree import Negative, Sum
from dlteach.reasoning.derive import opened
from dlteach.reasoning.judge import equal
from tests.reasoning.pairs import DIFFERENT, EQUAL

LIMITS = {"lesson": 1.25, "version": 1.1, "derive": 1.6, "equal": 1 / 3}

PATIENCE = 1.5  # seconds for one `simplify`; some of the pairs keep it busy for minutes

HELLO = """
import typer

app = typer.Typer()


@app.command()
def hello(name: str = "world") -> None:
    print(f"hello {name}")


app()
"""
MARKDOWN = """
import pathlib, typer
from rich.console import Console
from rich.markdown import Markdown

app = typer.Typer()

@app.command()
def lesson(path: pathlib.Path) -> None:
    Console().print(Markdown(path.read_text()))

app()
"""


def seconds(command: Sequence[str], env: dict[str, str]) -> float:
    """The wall time of one process."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env, check=True)
    return time.perf_counter() - start


def ratio(ours: Sequence[str], yardstick: Sequence[str], rounds: int = 11) -> float:
    """The median of our time over the yardstick's, taken in turns, byte code compiled before."""
    with tempfile.TemporaryDirectory() as cache:
        env = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")}
        env |= {"PYTHONPYCACHEPREFIX": cache, "COLUMNS": "80", "DLTEACH_HOME": cache}
        seconds(ours, env), seconds(yardstick, env)
        pairs = [(seconds(ours, env), seconds(yardstick, env)) for _ in range(rounds)]
    return statistics.median(a for a, _ in pairs) / statistics.median(b for _, b in pairs)


def process_ratios() -> dict[str, float]:
    """The commands whose start-up is a promise."""
    python = sys.executable
    dlteach = [str(Path(python).with_name("dlteach"))]
    prose = str(content_root() / "activations/gelu/lesson.en.md")
    with tempfile.TemporaryDirectory() as folder:
        hello, markdown = Path(folder) / "hello.py", Path(folder) / "markdown.py"
        hello.write_text(HELLO)
        markdown.write_text(MARKDOWN)
        return {
            "lesson": ratio([*dlteach, "lesson", "gelu"], [python, str(markdown), prose]),
            "version": ratio([*dlteach, "--version"], [python, str(hello)]),
            "derive": ratio([*dlteach, "derive", "gelu"], [python, "-c", "import sympy"]),
        }


def equal_ratio() -> float:
    """The median time of `equal` over that of `simplify(a - b) == 0`, on the same fifty pairs."""
    import sympy as sp

    signal.signal(signal.SIGALRM, _impatient)
    functions = Course().functions
    back = Symbolic(functions.definitions)
    ours, theirs = [], []
    pairs = [pair for pair in (*EQUAL[:40], *DIFFERENT) if "f(" not in pair[0] and "600" not in pair[0]][:50]
    for a, b, given in [pairs[0], *pairs]:  # the first one twice: it warms both up
        left, right = read(a, functions.names), read(b, functions.names)
        conditions = read_conditions(given, functions.names) if given else ()
        start = time.perf_counter()
        equal(left, right, conditions, functions)
        ours.append(time.perf_counter() - start)
        difference = back(Sum((opened(left, functions), Negative(opened(right, functions)))), {})
        start = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)
        try:
            _ = sp.simplify(difference) == 0
        except TimeoutError:
            pass  # it counts as PATIENCE, which flatters it
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        theirs.append(time.perf_counter() - start)
    return statistics.median(ours[1:]) / statistics.median(theirs[1:])


def _impatient(*_: object) -> None:
    raise TimeoutError

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

from dlteach.checking.jobs import jobs
from dlteach.course.files import content_root
from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.course.lessons import Course
from dlteach.notation.reader import read, read_conditions
from dlteach.notation.symbolic import Symbolic
from dlteach.notation.tree import Derivative, Expr, Negative, Sum, Symbol
from dlteach.reasoning.algebra.pieces import LINE
from dlteach.reasoning.deciding.judge import equal
from dlteach.reasoning.deriving.derive import derive, opened
from dlteach.reasoning.enclosing.branch_and_bound import supremum
from dlteach.reasoning.explaining.diagnose import diagnose
from tests.reasoning.pairs import DIFFERENT, EQUAL

LIMITS = {
    "lesson": 1.25, "version": 1.1, "derive": 1.6, "equal": 1 / 5, "warm verify / lessons": 1.5,
    "review, long record / empty": 1.3, "first answer / import sympy": 0.8, "key with preview / without": 3.0,
}  # fmt: skip

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
    """The wall time of one process without input."""
    nothing = subprocess.DEVNULL
    start = time.perf_counter()
    subprocess.run(command, stdin=nothing, stdout=nothing, stderr=nothing, env=env, check=True)
    return time.perf_counter() - start


def surroundings(folder: str) -> dict[str, str]:
    """The environment of a process whose byte code and record lie in a folder."""
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")}
    return env | {"PYTHONPYCACHEPREFIX": folder, "COLUMNS": "80", "DLTEACH_HOME": folder}


def ratio(ours: Sequence[str], yardstick: Sequence[str], rounds: int = 11) -> float:
    """The median of our time over the yardstick's, taken in turns, byte code compiled before."""
    with tempfile.TemporaryDirectory() as cache:
        env = surroundings(cache)
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


def equal_times() -> tuple[list[float], list[float]]:
    """Seconds of `equal` and of `simplify(a - b) == 0` on the same hundred mixed pairs, the first one run twice."""
    import sympy as sp

    signal.signal(signal.SIGALRM, _impatient)
    functions = Course().functions
    back = Symbolic(functions.definitions)
    ours, theirs = [], []
    pairs = hundred_pairs()
    for a, b, given in [pairs[0], *pairs]:
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
    return ours[1:], theirs[1:]


def hundred_pairs() -> list[tuple[str, str, str]]:
    """Equal and different ones; a constant added to a side makes a different pair of an equal one."""
    plain = [pair for pair in (*EQUAL, *DIFFERENT) if "f(" not in pair[0] and "600" not in pair[0]]
    shifted = [(a, f"{b} + 1/7", given) for a, b, given in EQUAL if "f(" not in a and "{" not in b]
    return [*plain, *shifted][:100]


def grading_times() -> dict[str, float]:
    """Milliseconds: the 95th percentile of a graded derivative, and of a diagnosis, in a warm session."""
    functions = Course().functions
    graded, diagnosed = [], []
    for name in ("gelu", "swish", "mish", "tanh", "sigmoid", "softplus", "softsign", "elu", "selu", "su"):
        problem = read(f"{name}(x)", functions.names)
        right = derive(problem, "x", functions).result
        for answer in (right, Sum((right, read("x"))), *_slips(functions)):
            start = time.perf_counter()
            verdict = equal(answer, right, (), functions)
            graded.append(time.perf_counter() - start)
            if verdict.outcome is Outcome.REFUTED:
                start = time.perf_counter()
                diagnose(Derivative(problem, Symbol("x")), answer, functions)
                diagnosed.append(time.perf_counter() - start)
    return {"graded": _percentile(graded[5:], 95) * 1e3, "diagnosed": _percentile(diagnosed[3:], 95) * 1e3}


def _slips(functions: Functions) -> list[Expr]:
    """A few wrong answers."""
    texts = ("e^x", "phi(x)", "1 - tanh(x)", "x", "sigmoid(x)", "Phi(x)")
    return [read(text, functions.names) for text in texts]


def _percentile(values: Sequence[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def enclosure_times() -> dict[str, float]:
    """Milliseconds for the two suprema of the GELU approximations to 1e-10, the second time round."""
    functions = Course().functions
    found = {}
    for name in ("gelu_tanh", "gelu_sigmoid"):
        expr = read(f"|gelu(x) - {name}(x)|", functions.names)
        for _ in range(2):
            start = time.perf_counter()
            value = supremum(expr, "x", LINE, {}, functions.definitions, time.monotonic() + 5).value
            found[f"sup |gelu - {name}|"] = (time.perf_counter() - start) * 1e3
        assert value.rad() < 1e-10
    return found


def verify_seconds() -> dict[str, float]:
    """Seconds a claim of the shipped content, cold, and the ratio of a warm `verify` to `lessons`."""
    dlteach = str(Path(sys.executable).with_name("dlteach"))
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "COLUMNS": "80", "DLTEACH_HOME": home, "PYTHONPYCACHEPREFIX": home}
        env = {k: v for k, v in env.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")}
        seconds([dlteach, "lessons"], env)
        cold = seconds([dlteach, "verify"], env)
        pairs = [(seconds([dlteach, "verify"], env), seconds([dlteach, "lessons"], env)) for _ in range(11)]
    claims = sum(len(jobs(lesson)) for lesson in Course().lessons())
    warm = statistics.median(a for a, _ in pairs) / statistics.median(b for _, b in pairs)
    return {"a claim, cold": cold / claims, "warm verify / lessons": warm}


def _impatient(*_: object) -> None:
    raise TimeoutError

"""What studying costs: a long record, a key at the prompt, the first answer of a session."""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from dlteach.course.dialogue import Ask
from dlteach.course.lessons import Course
from dlteach.screen.prompt import Prompter
from dlteach.screen.terminal import open_terminal
from dlteach.study.opening import open_record
from dlteach.study.record import Entry, new_id
from dlteach.study.settings import Settings
from tests.bench.ratios import seconds, surroundings

REVIEWS, CARDS = 100_000, 2_000
TYPED = (
    "(1 + erf(x/sqrt(2)))/2 + x*e^(-x^2/2)/sqrt(2pi) + gelu(x)*tanh(sqrt(2/pi)*(x + 0.044715x^3))/(1 + e^-x) + "
    "sigmoid(1.702x)*(1 - sigmoid(1.702x))*x/2 + {x if x > 0; a*(e^x - 1) otherwise} + ln(1 + e^x)*x/7"
)
DLTEACH = [str(Path(sys.executable).with_name("dlteach"))]


@contextmanager
def homes() -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Surroundings with an empty record, and with a long one."""
    with tempfile.TemporaryDirectory() as folder:
        empty, long = (surroundings(folder) | {"DLTEACH_HOME": f"{folder}/{name}"} for name in ("empty", "long"))
        _fill(Path(long["DLTEACH_HOME"]))
        yield empty, long


def _fill(home: Path) -> None:
    """Reviews of two years, of the course's questions and of others."""
    before = os.environ.get("DLTEACH_HOME")
    os.environ["DLTEACH_HOME"] = str(home)
    try:
        now = datetime.now().astimezone()
        record = open_record(lambda: now, Settings(), lambda _: None)
        real = [question.full_id for lesson in Course().lessons() for question in lesson.questions]
        cards = [*real, *(f"elsewhere/question-{number}" for number in range(CARDS - len(real)))]
        dice = random.Random(0)
        entries = []
        for number in range(REVIEWS):
            at = now - timedelta(days=730 * (1 - number / REVIEWS))
            rating = dice.choices((1, 2, 3, 4), (1, 2, 6, 2))[0]
            slips = {"half-a-product": "A term is missing."} if rating == 1 else {}
            facts = {"answer": "x*Phi(x)", "seconds": 31.5, "source": "review", "slips": slips}
            verdict = "right" if rating > 1 else "wrong"
            entries.append(Entry(
                cards[number % CARDS], "answer", new_id(), verdict, rating, facts, new_id(), at.isoformat(),
                at.date().isoformat(),
            ))  # fmt: skip
        record.merge(entries)
        record.db.close()
    finally:
        if before is None:
            del os.environ["DLTEACH_HOME"]
        else:
            os.environ["DLTEACH_HOME"] = before


def long_record() -> dict[str, float]:
    """Starting `review` with a long record over starting it with an empty one; seconds of `progress` on the former."""
    command = [*DLTEACH, "review", "gelu"]
    with homes() as (empty, long):
        seconds(command, empty), seconds(command, long)
        pairs = [(seconds(command, long), seconds(command, empty)) for _ in range(9)]
        progress = [seconds([*DLTEACH, "progress"], long) for _ in range(5)]
    return {
        "review, long record / empty": statistics.median(a for a, _ in pairs) / statistics.median(b for _, b in pairs),
        "progress, long record": statistics.median(progress),
    }


def key_times(preview: bool = True) -> list[float]:
    """Seconds from a key to the drawn screen, for each key of an input of 200 characters."""
    names = Course().functions.names if preview else None
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        app = Prompter(open_terminal(width=80)).application(Ask("", (), "expression", {"?": "hint"}, names))

        drawn: list[float] = []
        app.after_render += lambda _: drawn.append(time.perf_counter())

        async def typed() -> list[float]:
            running = asyncio.ensure_future(app.run_async())
            while not drawn:
                await asyncio.sleep(0.001)
            times = []
            for char in TYPED[:200]:
                drawn.clear()
                start = time.perf_counter()
                keys.send_text(char)
                while not drawn:
                    await asyncio.sleep(0.001)  # the loop has to be idle, or prompt_toolkit waits before it draws
                times.append(drawn[0] - start)
            keys.send_text("\r")
            await running
            return times

        return asyncio.run(typed())


def first_answer() -> float:
    """Seconds from the first answer of a session, typed after 2 s, to its feedback, over those of `import sympy`."""
    answer, feedback = b"Phi(x) + x*phi(x)\n", b"correct"
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "DLTEACH_HOME": home, "COLUMNS": "80"}
        process = subprocess.Popen(
            [*DLTEACH, "quiz", "gelu/derivative"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env
        )
        assert process.stdin is not None and process.stdout is not None
        time.sleep(2.0)
        start = time.perf_counter()
        process.stdin.write(answer)
        process.stdin.close()
        while feedback not in process.stdout.readline():
            assert process.poll() is None or process.stdout.peek(), "no feedback came"
        mine = time.perf_counter() - start
        process.stdout.close()
        process.wait()
    return mine / seconds([sys.executable, "-c", "import sympy"], env)

"""A request that takes too long: it is undecided, in a line, in time; what comes after it is answered."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from dlteach.course.questions import Kind
from dlteach.reasoning.deciding import judge
from dlteach.reasoning.explaining import lacking
from dlteach.reasoning.worker import process as worker
from dlteach.reasoning.worker.asked import LIMITS
from dlteach.study import grading
from tests.conftest import INHERITED, Result

Cli = Callable[..., Result]
CHOICES = ",".join(f"x-{n}" for n in range(40))
HUGE_SUM = "sum(sum(1/(j+k), j=1..9000), k=1..9000)"
HARD = "exp(x) >= 1 + x + x^2/2 + x^3/6 + x^4/24 + x^5/120 for x > 0"

NAMED = [  # the command, its limit in seconds, the exit codes that are honest
    pytest.param(("prove", HARD, "--seconds", "0.5"), 0.5, (0, 3), id="an inequality with a short budget"),
    pytest.param(("grade", "gelu/by-hand", f"max({CHOICES})"), 2, (1, 3), id="an answer with 40 choices"),
    pytest.param(("value", HUGE_SUM), 3, (2, 3), id="a sum of 81 million terms"),
    pytest.param(("search", "x^" * 80 + "x"), 3, (0, 1, 3), id="a search for a tower"),
    pytest.param(("search", " ".join(f"word{n}" for n in range(9000))), 3, (2,), id="a search for 9,000 words"),
    pytest.param(("derive", f"max({CHOICES})"), 3, (0, 2, 3), id="a derivation with 40 choices"),
    pytest.param(("derive", "sin(" * 60 + "x" + ")" * 60), 3, (0, 3), id="a derivation too long to draw"),
    pytest.param(("derive", "x^x^x^x", "--order", "6"), 3, (2, 3), id="a sixth derivative that explodes"),
    pytest.param(("practice", f"max({CHOICES})"), 3, (2, 3), id="practice with 40 choices"),
    pytest.param(("sim", "backprop", "--expr", f"max({CHOICES})", "--auto"), 3, (0, 2, 3), id="a graph of 40 choices"),
    pytest.param(("sim", "batchnorm", "--set", "batch=1000000000", "--auto"), 3, (2,), id="a billion samples"),
    pytest.param(("sim", "backprop", "--set", "x=1e400", "--auto"), 3, (2,), id="a value beyond floating point"),
    pytest.param(("plot", "gelu(" * 100 + "x" + ")" * 100), 3, (0, 3), id="a plot of a deep expression"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("args", "limit", "codes"), NAMED)
def test_every_request_is_answered_in_time(
    args: tuple[str, ...], limit: float, codes: tuple[int, ...], process: Callable[..., Result]
) -> None:
    start = time.monotonic()
    assert process("equal", "x", "x").code == 0
    yardstick = time.monotonic() - start  # how busy the machine is
    start = time.monotonic()
    result = process(*args)
    taken = time.monotonic() - start
    assert result.code in codes and "Traceback" not in result.err and "our fault" not in result.err
    assert taken < 1.2 * limit + 2 + 8 * yardstick


def test_a_session_survives_answers_that_take_too_long(process: Callable[..., Result]) -> None:
    """The question stands again, nothing is counted, and the pad gives up by itself."""
    lines = [HUGE_SUM, f":pad value {HUGE_SUM}", f":pad derive max({CHOICES})", "Phi(x) + x*phi(x)"]
    result = process("quiz", "gelu/derivative", "--no-record", stdin="\n".join(lines) + "\n")
    assert result.code == 0 and "correct" in result.out and "1 right" in result.out
    assert "✗ wrong" not in result.out


# ---- an overrun that is made: the reasoner sleeps where the test says so ----------------------------


def sleeping(real: Callable[..., object], when: str) -> Callable[..., object]:
    """The function, which falls asleep when one of its arguments has a word in it."""

    def function(*args: object) -> object:
        if any(when in str(arg) for arg in args if " object at 0x" not in str(arg)):  # an address is no argument
            time.sleep(60)
        return real(*args)

    return function


def sleepy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that judges sleeps over the number 77, and nobody waits long."""
    for module, name in ((judge, "judge"), (judge, "value_of"), (lacking, "compared")):
        monkeypatch.setattr(module, name, sleeping(getattr(module, name), "77"))
    for kind in (Kind.EXPRESSION, Kind.NUMBER):
        monkeypatch.setitem(grading.GRADERS, kind, sleeping(grading.GRADERS[kind], "77"))  # type: ignore[arg-type]
    for task in LIMITS:
        monkeypatch.setitem(LIMITS, task, 4.0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("args", "lines", "verdicts"),
    [
        (("equal",), ('["1", "1"]', '["77", "77"]', '["2", "2"]'), ["equal", "undecided", "equal"]),
        (("prove", "--seconds", "3"), ('["1 = 1"]', '["77 = 77"]', '["2 = 2"]'), ["proved", "undecided", "proved"]),
        (("value",), ('["1"]', '["77"]', '["2"]'), [None, "undecided", None]),
        (
            ("grade",),
            tuple(f'["gelu/derivative", "{answer}"]' for answer in ("Phi(x)", "77", "Phi(x) + x*phi(x)")),
            ["wrong", "undecided", "right"],
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
@INHERITED
def test_an_overrun_costs_its_own_line_of_a_batch_only(
    args: tuple[str, ...], lines: tuple[str, ...], verdicts: list[str | None], cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleepy(monkeypatch)
    result = cli(args[0], "--file", "-", "--json", *args[1:], stdin="\n".join(lines) + "\n")
    rows = [json.loads(line) for line in result.out.splitlines()]
    assert result.code == 0 and [row.get("verdict") for row in rows] == verdicts
    said = rows[1]["error"] if args[0] == "value" else rows[1]["says" if args[0] == "grade" else "evidence"]
    assert "no answer within" in said


@pytest.mark.parametrize(
    "args", [("equal", "77", "77"), ("prove", "77 = 77", "--seconds", "2"), ("grade", "gelu/derivative", "77")]
)
@INHERITED
def test_a_single_request_that_overruns_is_undecided(
    args: tuple[str, ...], cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleepy(monkeypatch)
    shown = cli(*args)
    assert shown.code == 3 and "undecided" in shown.out and "no answer within" in shown.out
    assert json.loads(cli(*args, "--json").out)["verdict"] == "undecided"


@pytest.mark.parametrize(
    "args",
    [
        ("value", "1"),
        ("derive", "x^2"),
        ("practice", "x^2", "--no-record"),
        ("sim", "backprop", "--auto"),
        ("sim", "backprop", "--json"),
    ],
    ids=lambda args: " ".join(args),
)
def test_a_command_without_a_word_for_it_says_so_in_a_line(
    args: tuple[str, ...], cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for task in LIMITS:
        monkeypatch.setitem(LIMITS, task, 0.0)  # type: ignore[arg-type]
    result = cli(*args)
    assert result.code == 3 and len(result.err.splitlines()) == 1
    assert result.err.startswith("no time was left for it: "), "and what to do"


@INHERITED
def test_an_answer_that_overruns_is_not_counted_and_asked_again(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    sleepy(monkeypatch)
    result = cli("quiz", "gelu/derivative", stdin="77\nphi(x)\nPhi(x) + x*phi(x)\n")
    assert result.code == 0 and "does not count: no answer within" in result.out
    assert result.out.count("✗ wrong") == 1 and "correct" in result.out


@INHERITED
def test_a_line_of_a_derivation_that_overruns_is_undecided_and_the_next_is_checked(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dlteach.reasoning.explaining import check

    monkeypatch.setattr(check, "following", sleeping(check.following, "77"))
    monkeypatch.setitem(LIMITS, "reasoning.explaining.check:advanced", 4.0)  # type: ignore[arg-type]
    result = cli("check", "-", "--json", stdin="x\n= x + 77 - 77\n= x + 0\n= x\n")
    rows = json.loads(result.out)["lines"]
    assert [row["verdict"] for row in rows] == ["start", "undecided", "undecided", "follows"]


def test_a_derivation_ends(cli: Cli) -> None:
    result = cli("check", "-", stdin="x\n" * 1000)
    assert result.code == 2 and result.err == "a derivation has at most 500 lines: check the rest by itself\n"
    assert "500  ✓ x" in result.out


def test_where_no_process_can_be_started_it_is_judged_by_evaluation_here(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(worker, "start", refuse)
    same, other = cli("equal", "2(x + 1)", "2x + 2"), cli("equal", "x", "x + 1")
    assert same.code == 3 and "no worker process can be started here" in same.out.replace("\n", " ")
    assert other.code == 1 and cli("value", "gelu(0)").out == "0\n"


@pytest.mark.parametrize("task", sorted(LIMITS))
def test_what_may_be_asked_is_there(task: str) -> None:
    module, _, name = task.partition(":")
    assert callable(getattr(import_module(f"dlteach.{module}"), name)) and 0 < LIMITS[task] <= 8


def test_what_is_asked_has_a_limit() -> None:
    package = Path(str(import_module("dlteach").__file__)).parent
    sources = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    asked = re.findall(r'(?<![.\w])asked\(\s*"([^"]+)"', sources)
    assert len(asked) > 10 and set(asked) <= set(LIMITS)


@pytest.mark.parametrize("command", ["derive", "practice", "value"])
def test_an_error_keeps_its_place_in_the_text(command: str, cli: Cli) -> None:
    """Whichever process reads the text."""
    result = cli(command, "x + ) + y")
    assert result.code == 2 and result.err.splitlines()[1:] == ["  x + ) + y", "      ^"]


WAITING = """
import sys, time
from dlteach.reasoning.deciding import judge
judge.judge = lambda *_: time.sleep(60)
from dlteach.cli import run
sys.stderr.write("ready\\n")
sys.stderr.flush()
sys.exit(run(["prove", "x = x", "--seconds", "60"]))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a signal cannot be sent to one process there")
def test_ctrl_c_while_waiting_for_an_answer_leaves_cleanly(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WAITING], stderr=subprocess.PIPE, cwd=tmp_path) as waiting:
        assert waiting.stderr is not None and waiting.stderr.readline() == b"ready\n"
        time.sleep(1.5)
        waiting.send_signal(signal.SIGINT)
        assert waiting.wait(timeout=20) == 130
        assert b"Traceback" not in waiting.stderr.read()


@pytest.mark.parametrize(
    "args",
    [
        ("equal", "x", "x + 0"),
        ("prove", "x = x"),
        ("value", "gelu(1)"),
        ("derive", "gelu"),
        ("derive", "maxout/absolute"),
        ("grade", "gelu/derivative", "x"),
        ("check", "/dev/null"),
        ("practice", "x^2", "--no-record"),
        ("quiz", "gelu/derivative", "--no-record"),
        ("lesson", "gelu"),
    ],
    ids=lambda args: " ".join(args),
)
def test_what_reasons_is_imported_by_the_reasoner_only(args: tuple[str, ...], tmp_path: Path) -> None:
    code = (
        "import sys; from dlteach.cli import run; run(sys.argv[1:]);"
        "bad = {'sympy', 'numpy', 'flint', 'dlteach.reasoning.deciding.judge'} & sys.modules.keys();"
        "sys.stderr.write('imported: ' + ','.join(sorted(bad)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, cwd=tmp_path, timeout=60, stdin=subprocess.DEVNULL,
        check=False,
    )  # fmt: skip
    assert done.stderr.rpartition(b"imported: ")[2] == b""

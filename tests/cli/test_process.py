"""Whole processes: hostile input, pipes, locales, homes; within two seconds and without a traceback."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Result

Process = Callable[..., Result]
HOSTILE = [
    pytest.param(("lesson", "nowhere"), id="an unknown lesson"),
    pytest.param(("value", "x +"), id="a malformed expression"),
    pytest.param(("value", "x+" * 50_000 + "x"), id="an expression of 100,000 characters"),
    pytest.param(("value", "(" * 10_000 + "x" + ")" * 10_000), id="10,000 nested brackets"),
    pytest.param(("value", "9^9^9^9"), id="a tower of powers"),
    pytest.param(("value", "__import__('os')"), id="code"),
    pytest.param(("value", "{0.__class__}"), id="a format string"),
    pytest.param(("equal", "аlpha", "alpha"), id="a look-alike letter"),
]


@pytest.mark.slow
@pytest.mark.parametrize("args", HOSTILE)
def test_hostile_input_leaves_through_one_clear_line(args: tuple[str, ...], process: Process) -> None:
    start = time.monotonic()
    result = process(*args)
    assert result.code == 2 and result.out == "" and "Traceback" not in result.err
    assert len(result.err.splitlines()) in (1, 3) and len(result.err) < 500
    assert time.monotonic() - start < 10  # generous: a slow machine is not a fault


def test_a_line_of_a_million_characters_in_a_batch_is_answered(process: Process) -> None:
    result = process("equal", "--file", "-", "--json", stdin="x+" * 500_000 + '\n["x", "x"]\n')
    assert result.code == 0 and [line.split('"')[3] for line in result.out.splitlines()] == ["invalid", "equal"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("(x + y + z + w + 1)^60*(x - y)", "(x + y + z + w + 1)^60*x - (x + y + z + w + 1)^60*y + 0"),
        ("sin(x)^40*cos(y)^40", "sin(x)^40*cos(y)^38*(1 - sin(y)^2)"),
        ("gelu(mish(gelu(mish(gelu(x)))))", "gelu(mish(gelu(mish(gelu(x + 0)))))"),
    ],
)
def test_a_hard_question_is_answered_in_time_and_never_wrongly(a: str, b: str, process: Process) -> None:
    start = time.monotonic()
    result = process("equal", a, b, "--json")
    assert result.code in (0, 3) and '"different"' not in result.out
    assert time.monotonic() - start < 15


@pytest.mark.slow
@pytest.mark.parametrize(
    "env",
    [
        pytest.param({"TERM": "dumb"}, id="a dumb terminal"),
        pytest.param({"COLUMNS": "20"}, id="twenty columns"),
        pytest.param({"COLUMNS": "nonsense"}, id="a nonsensical width"),
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="an ASCII locale"),
        pytest.param({"PYTHONIOENCODING": "latin-1"}, id="a Latin-1 locale"),
        pytest.param({"DLTEACH_HOME": "/proc/nowhere"}, id="an unwritable home"),
        pytest.param({"HOME": "/nonexistent", "DLTEACH_HOME": ""}, id="no home at all"),
        pytest.param({"PAGER": "no-such-pager"}, id="a pager that is not there"),
    ],
)
@pytest.mark.parametrize("args", [("lesson", "gelu"), ("verify", "gelu/derivative"), ("sim", "maxout", "--auto")])
def test_odd_surroundings_simply_work(env: dict[str, str], args: tuple[str, ...], process: Process) -> None:
    result = process(*args, env=env)
    assert result.code == 0 and "Traceback" not in result.err
    assert "\x1b" not in result.out
    assert "<U+" not in result.out and "?" not in result.out.replace("?\n", "").replace("? ", "")


def test_a_locale_without_greek_gets_words(process: Process) -> None:
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    out = process("lesson", "gelu", env=env).out
    assert out.isascii() and "Phi(x)" in out and "<" not in out.replace("Z < x", "").replace("<=", "").replace("< ", "")


@pytest.mark.parametrize("args", ["lesson gelu", "value --file - --json", "lint --no-proofs"])
def test_a_closed_pipe_ends_quietly(args: str, tmp_path: Path) -> None:
    command = f"yes '[\"1 + 1\"]' | head -3000 | {sys.executable} -m dlteach {args} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, cwd=tmp_path, timeout=60, check=False)
    assert done.returncode == 0 and done.stderr == b""


@pytest.mark.parametrize(
    "args", [("--version",), ("lesson", "gelu"), ("lessons",), ("errata",), ("search", "tanh"), ("progress",), ()]
)
def test_what_is_not_needed_is_not_imported(args: tuple[str, ...], tmp_path: Path) -> None:
    code = (
        "import sys; from dlteach.cli import run; run(sys.argv[1:]);"
        "bad = {'sympy', 'numpy', 'flint', 'prompt_toolkit', 'pygments', 'pydantic'} & sys.modules.keys();"
        "sys.stderr.write(','.join(sorted(bad)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, cwd=tmp_path, timeout=60, env=os.environ, check=True
    )
    assert done.stderr == b""


@pytest.mark.parametrize("room", ["course", "notation", "reasoning", "simulations", "study", "checking"])
def test_a_domain_room_loads_without_terminal_libraries(room: str) -> None:
    probe = f"import sys, dlteach.{room}; print(sorted({{'rich', 'typer'}} & sys.modules.keys()))"
    assert subprocess.check_output([sys.executable, "-c", probe], text=True).strip() == "[]"

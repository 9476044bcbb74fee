"""A real pseudo-terminal: prompts, Ctrl-C, Ctrl-D, the pager, and what the screen looks like."""

import os
import re
import sys
from collections.abc import Iterator

import pexpect
import pyte
import pytest


@pytest.fixture
def spawn(tmp_path) -> Iterator:  # type: ignore[no-untyped-def]
    children = []

    def start(*args: str, columns: int = 80, **env: str) -> pexpect.spawn:
        surroundings = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR")}
        child = pexpect.spawn(
            sys.executable,
            ["-m", "dlteach", *args],
            env={**surroundings, "TERM": "xterm", "PAGER": "cat", "DLTEACH_HOME": str(tmp_path), **env},
            dimensions=(40, columns),
            encoding="utf-8",
            timeout=30,
        )
        children.append(child)
        return child

    yield start
    for child in children:
        child.close(force=True)


def ended(child: pexpect.spawn) -> int:
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus


def interrupted(child: pexpect.spawn) -> str:
    """Press Ctrl-C until the program ends: Python's readline can miss one that arrives as the prompt is drawn."""
    for _ in range(10):
        child.sendintr()
        if child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=3) == 0:
            return str(child.before)
    raise AssertionError("the program does not end")


def test_a_quiz_is_answered_hinted_and_finished(spawn) -> None:  # type: ignore[no-untyped-def]
    child = spawn("quiz", "gelu/derivative")
    child.expect("expression> ")
    child.sendline("?")
    child.expect("Hint 1 of 3")
    child.expect("expression> ")
    child.sendline("Phi(x) +")
    child.expect("could not be read")
    child.expect("expression> ")
    child.sendline("phi(x)")
    child.expect("wrong")
    child.expect("expression> ")
    child.sendline("Phi(x) + x*phi(x)")
    child.expect("correct")
    child.expect("Summary")
    assert ended(child) == 0


def test_control_c_leaves_with_130_and_no_traceback(spawn) -> None:  # type: ignore[no-untyped-def]
    child = spawn("quiz", "gelu/derivative")
    child.expect("expression> ")
    assert "Traceback" not in interrupted(child)
    child.close()
    assert child.exitstatus == 130


def test_control_d_ends_the_quiz_with_its_summary(spawn) -> None:  # type: ignore[no-untyped-def]
    child = spawn("quiz", "gelu/derivative")
    child.expect("expression> ")
    child.sendeof()
    child.expect("Summary")
    assert ended(child) == 0


def test_a_choice_is_taken_by_letter(spawn) -> None:  # type: ignore[no-untyped-def]
    child = spawn("quiz", "gelu/shape", "--seed", "1")
    child.expect("number> ")
    screen = re.sub(r"\x1b\[[0-9;]*m", "", child.before)
    right = next(line.split()[0] for line in screen.splitlines() if "derivative everywhere" in line)
    child.sendline("abcd"[int(right) - 1])
    child.expect("correct")
    assert ended(child) == 0


def test_predictions_are_made_before_anything_is_shown(spawn) -> None:  # type: ignore[no-untyped-def]
    child = spawn("sim", "backprop")
    for answer in ("-4", "3", "-4", "-4"):
        child.expect("Prediction . of 4")
        assert "gradient -4" not in child.before
        child.expect("number> ")
        child.sendline(answer)
    child.expect("Your predictions")
    child.expect("Checked on this run")
    assert child.before.count("correct") == 4
    assert ended(child) == 0


def test_control_c_at_a_prediction(spawn) -> None:  # type: ignore[no-untyped-def]
    child = spawn("sim", "maxout")
    child.expect("number> ")
    interrupted(child)
    child.close()
    assert child.exitstatus == 130


@pytest.mark.parametrize("columns", [80, 200])
def test_a_lesson_on_a_real_screen_has_colour_and_keeps_its_shape(spawn, columns: int) -> None:  # type: ignore[no-untyped-def]
    child = spawn("lesson", "gelu", columns=columns)
    child.expect(pexpect.EOF)
    screen = pyte.HistoryScreen(columns, 600)
    pyte.Stream(screen).feed(child.before)
    rows = [row.rstrip() for row in screen.display]
    assert "GELU: a switch that is thrown by chance" in rows
    assert max(map(len, rows)) <= 88 if columns == 200 else True
    assert "\x1b[" in child.before and not any("\x1b" in row for row in rows)


def test_long_pages_go_through_the_pager(spawn, tmp_path) -> None:  # type: ignore[no-untyped-def]
    child = spawn("lesson", "gelu", PAGER=f"tee {tmp_path}/page")
    child.expect("Sources")
    ended(child)
    assert "GELU" in (tmp_path / "page").read_text(encoding="utf-8")

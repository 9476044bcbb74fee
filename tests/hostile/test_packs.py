"""A pack from a stranger is as safe to open as a text file: one line for what is wrong with it, and the rest goes on.

Here each cause meets the commands that read most of a pack, in one process; `python -m tests.long.packs` has all.
"""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time

import pytest

from tests.conftest import Result
from tests.hostile.packs import PACKS, make
from tests.long.packs import SECONDS, ran, wrong

Cli = Callable[..., Result]
SLOW = ("10,000 lessons", "10,000 chapters", "600 lessons in three chapters")  # to make
LONG = (  # is told or shown in time, but in more time than these tests have together
    "a ledger of 20 MB", "200 lessons of 250 KB", "a plot that takes for ever", "a derivation of many choices",
    "a derivation of powers", "a derivation that nests", "an erratum that takes long to draw", "5,000 derivations",
    "fifty plots of much", "an answer that takes for ever", "a sum of a hundred million terms",
)  # fmt: skip
HANGS = 30


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    """What hangs fails, and does not hold up the other tests."""

    def ring(*_: object) -> None:
        raise TimeoutError("it hangs")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(HANGS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("cause", [cause for cause in PACKS if cause not in (*SLOW, *LONG)])
def test_a_hostile_lesson_is_shown_or_told_in_a_line(cause: str, cli: Cli, tmp_path: Path) -> None:
    pack = make(tmp_path, cause)
    for command in (("lesson", "bad"), ("lessons",)):
        begun = process_time()
        result = cli("--content", str(pack), *command)
        assert process_time() - begun < SECONDS
        assert not wrong(cause, command, result, 0.0, 0.0)
    assert "gelu" in result.out


@pytest.mark.parametrize(
    "cause",
    [
        "a number of 100,000 digits", "wrong types everywhere", "10^9 variants behind a where", "a pipe as quiz.toml",
        "functions named like what there is", "20 MB of prose", "escape codes as entities", "a lesson twice",
    ],
)  # fmt: skip
def test_the_other_lesson_goes_on(cause: str, cli: Cli, tmp_path: Path) -> None:
    pack = make(tmp_path, cause)
    commands = (("lesson", "good"), (), ("search", "bump"), ("quiz",), ("errata",), ("progress",), ("derive", "bump"))
    for command in commands:
        result = cli("--content", str(pack), *command)
        assert result.code == 0 and not wrong(cause, command, result, 0.0, 0.0), (command, result)


@pytest.mark.slow
@pytest.mark.parametrize("cause", [*SLOW, *LONG])
@pytest.mark.parametrize("command", [("lesson", "bad"), ("lessons",), ("search", "bump")])
def test_large_packs_in_a_process_of_their_own(cause: str, command: tuple[str, ...], tmp_path: Path) -> None:
    found = ran(make(tmp_path, cause), command, tmp_path / "home")
    assert not wrong(cause, command, Result(found.code, found.out, found.err), found.seconds, found.megabytes)

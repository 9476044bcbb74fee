"""The standard streams as a shell may leave them: closed, full, cut short, in another encoding; and what cannot be."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.terminal import Learner
from tests.conftest import Result
from tests.hostile.characters import raw

Cli = Callable[..., Result]
Shell = Callable[..., Result]
DLTEACH = f"{sys.executable} -m dlteach"
PRINTING = [
    "--version", "--help", "", "lessons", "lesson gelu", "errata", "search gelu", "value 1+1", "equal x x", "equal x y",
    "equal x y --json", "prove 1=2", "plot gelu", "config", "progress", "verify gelu/derivative", "sim maxout --json",
    "export progress -", "doctor",
]  # fmt: skip


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A line of bash, in which a failure anywhere in a pipe counts; a record with one answer is there."""
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "dlteach", "import", "-"], input=ENTRY, capture_output=True, check=True, cwd=tmp_path
    )

    def call(line: str, **env: str) -> Result:
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {line}"], capture_output=True, cwd=tmp_path, timeout=120, check=False,
            env={**os.environ, **env},
        )  # fmt: skip
        return Result(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))

    return call


ENTRY = json.dumps(
    {
        "id": "one", "at": "2026-01-01T10:00:00+00:00", "day": "2026-01-01", "card": "gelu/shape", "sitting": "s",
        "kind": "answer", "verdict": "right", "rating": 3, "data": {"answer": "φ"},
    }
).encode()  # fmt: skip


def in_a_line(result: Result, *words: str) -> None:
    assert result.code == 2 and len(result.err.splitlines()) == 1 and "our fault" not in result.err, result
    assert all(word in result.err for word in words), result.err


@pytest.mark.slow
@pytest.mark.parametrize("args", PRINTING)
def test_a_reader_who_has_gone_is_not_the_answer_no(args: str, shell: Shell) -> None:
    """What SIGPIPE makes of other programs: 141, which no verdict has."""
    result = shell(f"{DLTEACH} {args} | head -0")
    assert result == (141, "", "")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("lesson gelu | head -1", (0, 141)),  # written at once, or not
        ("value --file - --json | head -1", (141,)),
        ("quiz gelu | head -1", (141,)),
    ],
)
def test_a_command_ends_when_its_reader_has_gone(line: str, code: tuple[int, ...], shell: Shell) -> None:
    result = shell(f"yes '[\"1 + 1\"]' 2>/dev/null | {DLTEACH} {line}")
    assert result.code in code and result.err == ""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize("args", PRINTING)
def test_output_that_is_full_is_told_in_a_line(args: str, shell: Shell) -> None:
    in_a_line(shell(f"{DLTEACH} {args} >/dev/full"), "standard output cannot be written", "No space left")


@pytest.mark.slow
@pytest.mark.parametrize("args", PRINTING)
def test_output_that_is_closed_is_told_in_a_line(args: str, shell: Shell) -> None:
    in_a_line(shell(f"{DLTEACH} {args} >&-"), "standard output is closed")


@pytest.mark.slow
@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "2>&- >&-", "<&- >&- 2>&-", ">/dev/full 2>/dev/full"])
@pytest.mark.parametrize(("args", "code"), [("value x+", 2), ("value x+ --json", 2), ("lesson nowhere", 2)])
def test_where_errors_cannot_be_told_the_code_says_it(args: str, code: int, redirection: str, shell: Shell) -> None:
    result = shell(f"{DLTEACH} {args} {redirection}")
    assert result.code == code and result.err == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("args", "code"),
    [("value 1+1", 0), ("equal x y", 1), ("lesson gelu", 0), ("quiz gelu/derivative", 0), ("sim maxout", 0)],
)
@pytest.mark.parametrize("redirection", ["<&-", "2>&-", "<&- 2>&-", "</dev/null"])
def test_what_is_not_needed_may_be_closed(args: str, code: int, redirection: str, shell: Shell) -> None:
    result = shell(f"{DLTEACH} {args} {redirection}")
    assert result.code == code and result.out and result.err == ""


@pytest.mark.parametrize("args", ["check -", "import -", "value --file - --json", "equal --file - --json"])
def test_input_that_is_wanted_and_closed_is_told_in_a_line(args: str, shell: Shell) -> None:
    in_a_line(shell(f"{DLTEACH} {args} <&-"), "standard input is closed")


def test_no_file_is_taken_for_a_stream_that_was_closed(shell: Shell, tmp_path: Path) -> None:
    """The record would else be opened as number 1, and be written to by whatever prints."""
    shell(f"echo 'phi(x)' | {DLTEACH} quiz gelu/derivative >&- 2>&-")
    result = shell(f"{DLTEACH} export progress -")
    assert result.code == 0 and not result.err and [json.loads(line) for line in result.out.splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16"])
@pytest.mark.parametrize("args", ["lesson gelu", "equal x y --json", "lesson φ", "value x+φ+", "quiz gelu/derivative"])
def test_an_encoding_that_lacks_signs_gets_words(args: str, encoding: str, shell: Shell) -> None:
    result = shell(f"echo 'φ(x)' | {DLTEACH} {args}", PYTHONIOENCODING=encoding)
    assert result.code in (0, 1, 2) and "our fault" not in result.err and "Traceback" not in result.err
    if "--json" in args and encoding != "utf-16":
        assert json.loads(result.out)["verdict"] == "different"
    if encoding.startswith("ascii"):
        assert (result.out + result.err).isascii() and not raw(result.out)


def test_bytes_that_are_no_text_are_an_answer_that_cannot_be_read(shell: Shell) -> None:
    for env in ({}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}):
        result = shell(f"printf 'x\\xff\\xcf\\n' | {DLTEACH} quiz gelu/derivative", **env)
        assert result.code == 0 and "does not count" in result.out and not result.err
    assert all("\\udc" not in line for line in shell(f"{DLTEACH} export progress -").out.splitlines())


@pytest.mark.parametrize("source", ["yes | tr -d '\\n'", "cat /dev/zero"])
def test_an_answer_without_an_end_is_refused(source: str, shell: Shell) -> None:
    result = shell(f"{{ {source} 2>/dev/null || true; }} | {DLTEACH} quiz gelu/derivative")
    assert result.code == 2 and "100,000 characters" in result.err and len(result.err.splitlines()) == 1


def test_a_pipe_that_does_not_wait_is_waited_for(tmp_path: Path) -> None:
    """Whoever shares the pipe may have set it so; nothing of a long page is lost."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    with subprocess.Popen([sys.executable, "-m", "dlteach", "lesson", "gelu"], stdout=write, stderr=write) as child:
        os.close(write)
        with os.fdopen(read, "rb") as source:
            text = source.read()
    assert child.returncode == 0 and b"Sources" in text


# ---- what is more than can be done ---------------------------------------------------------------


@pytest.mark.parametrize("kind", [RecursionError, MemoryError])
@pytest.mark.parametrize("json_too", [False, True])
def test_what_is_too_deep_or_too_large_is_no_fault_of_ours(
    kind: type[Exception], json_too: bool, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dlteach.cli.value as module

    def exhausted(*_: object, **__: object) -> None:
        raise kind

    monkeypatch.setattr(module, "_evaluated", exhausted)
    result = cli("value", "1", *(["--json"] if json_too else []))
    in_a_line(result)
    assert not json_too or json.loads(result.out)["verdict"] == "invalid"
    batch = cli("value", "--file", "-", "--json", stdin='["1"]\n["2"]\n')
    assert batch.code == 0 and len(batch.out.splitlines()) == 2 and "our fault" not in batch.out


def test_a_library_that_is_missing_is_told_in_a_line(tmp_path: Path) -> None:
    for missing in ("rich", "typer", "markdown_it"):
        (tmp_path / f"{missing}.py").write_text("raise ImportError('broken', name='broken')")
        code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv = ['dlteach', 'lesson', 'gelu']\n"
        code += "from dlteach.__main__ import main; main()"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True, timeout=60)
        in_a_line(Result(done.returncode, done.stdout, done.stderr), "install it again")
        (tmp_path / f"{missing}.py").unlink()


def test_a_machine_without_memory_is_told_in_a_line(shell: Shell) -> None:
    for kilobytes in (40_000, 80_000, 120_000, 160_000):
        result = shell(f"ulimit -v {kilobytes}; {DLTEACH} lesson gelu >/dev/null")
        assert result.code in (0, 1, 2, 127, 139) and "our fault" not in result.err, result
        assert "dlteach" not in result.err or len(result.err.splitlines()) == 1, result


# ---- the log of a crash ---------------------------------------------------------------------------


@pytest.fixture
def crash(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Result]:
    """A command that fails as nobody foresaw."""
    import dlteach.cli.value as module

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("\udc80 unforeseen")

    monkeypatch.setattr(module, "_evaluated", broken)
    return lambda: cli("value", "1")


def log_of(result: Result) -> Path:
    assert result.code == 70 and len(result.err.splitlines()) == 1
    return Path(result.err.rsplit(" ", 1)[1].strip())


def test_the_log_of_a_crash_is_private_and_takes_the_place_of_the_last(
    crash: Callable[[], Result], tmp_path: Path
) -> None:
    first, second = log_of(crash()), log_of(crash())
    assert first == second and "ZeroDivisionError" in first.read_text(encoding="utf-8")
    assert stat.S_IMODE(first.stat().st_mode) == 0o600 and stat.S_IMODE(first.parent.stat().st_mode) & 0o077 == 0
    assert [file.name for file in first.parent.iterdir() if "crash" in file.name] == ["crash.log"]


def test_the_log_of_a_crash_follows_no_link(crash: Callable[[], Result], tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep this")
    cache = tmp_path / "home" / "cache"
    cache.mkdir(parents=True)
    (cache / "crash.log").symlink_to(precious)
    log = log_of(crash())
    assert precious.read_text() == "keep this" and not log.is_symlink()


@pytest.mark.parametrize("obstacle", ["a pipe", "a folder", "a file for the cache", "no home"])
def test_a_log_that_cannot_be_in_its_place_is_kept_elsewhere(
    obstacle: str, crash: Callable[[], Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "tmp").mkdir()
    cache = tmp_path / "home" / "cache"
    cache.parent.mkdir()
    if obstacle == "a file for the cache":
        cache.write_text("")
    elif obstacle == "no home":
        monkeypatch.setenv("DLTEACH_HOME", "/proc/nowhere")
    else:
        cache.mkdir()
        (os.mkfifo if obstacle == "a pipe" else os.mkdir)(cache / "crash.log")
    log = log_of(crash())
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8") and stat.S_IMODE(log.stat().st_mode) == 0o600
    assert obstacle == "a pipe" or log.parent == tmp_path / "tmp"


def test_where_no_log_can_be_kept_the_line_is_the_same(
    crash: Callable[[], Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.mkstemp", lambda *_: (_ for _ in ()).throw(OSError("nowhere")))
    result = crash()
    assert result.code == 70 and "DLTEACH_DEBUG=1" in result.err and len(result.err.splitlines()) == 1


# ---- what is typed ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_is_typed_is_remembered_privately_and_not_at_all_without_a_record(tmp_path: Path) -> None:
    for args, kept in ((("--no-record",), False), ((), True)):
        for command in (("quiz", "gelu/derivative"), ("review", "gelu/by-hand")):
            one = Learner(tmp_path / "home", *command, *args)
            one.types(f"x + 12345 + {command[0]}").prompted()
            assert one.interrupts() == 130
        history = tmp_path / "home" / "history"
        assert history.exists() == kept
    assert history.read_text(encoding="utf-8").count("12345") == 2
    assert stat.S_IMODE(history.stat().st_mode) == 0o600


@pytest.mark.slow
@pytest.mark.parametrize("obstacle", ["a pipe", "a folder", "a device", "very long"])
def test_a_history_of_another_kind_keeps_nobody_waiting(obstacle: str, tmp_path: Path) -> None:
    history = tmp_path / "home" / "history"
    history.parent.mkdir()
    match obstacle:
        case "a pipe":
            os.mkfifo(history)
        case "a folder":
            history.mkdir()
        case "a device":
            history.symlink_to("/dev/zero")
        case _:
            history.write_bytes(b"\n# then\n+x^2\n" * 1_000_000)
    one = Learner(tmp_path / "home", "quiz", "gelu/derivative")
    one.types("phi(x)").sees("wrong")
    assert one.interrupts() == 130
    if obstacle == "very long":
        assert history.stat().st_size < 1_000_000 and b"+phi(x)" in history.read_bytes()

"""What a command reads: regular files and standard input, up to a limit, and every other thing refused in a line."""

import ast
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dlteach.errors import DlteachError
from dlteach.system.inputs import lines
from tests.conftest import ROOT, Result

Cli = Callable[..., Result]
Process = Callable[..., Result]

READERS = {  # a command that reads a file, and where its name goes
    "check": ("check", "{}"),
    "equal --file": ("equal", "--file", "{}", "--json"),
    "prove --file": ("prove", "--file", "{}", "--json"),
    "import": ("import", "{}"),
}

OUR_OWN = {  # modules that open what no person and no pack wrote, and what that is
    "checking/verify.py": "the prover's source, whose check sum tells one version from another",
    "reasoning/worker/child.py": "the ends of its own pipes",
    "study/carving.py": "the pages of the record's own database",
    "system/streams.py": "the null device",
}


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _link(path: Path, target: str) -> None:
    path.symlink_to(target)


MADE: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a link to a pipe": lambda path: (os.mkfifo(path.with_name("behind")), _link(path, "behind")),
    "a folder": lambda path: path.mkdir(),
    "a socket": _socket,
    "a link to a device": lambda path: _link(path, "/dev/urandom"),
    "a link to a terminal": lambda path: _link(path, "/dev/tty"),
    "a link to itself": _loop,
    "a link to nothing": lambda path: _link(path, "nowhere"),
    "not UTF-8": lambda path: path.write_bytes(b"x = \xff\xfe\n"),
    "a file below a file": lambda path: path.write_text("x"),
}
NAMES = {
    "a device": "/dev/urandom",
    "a device without an end": "/dev/zero",
    "a NUL": "a\0b",
    "a long name": "x" * 70_000,
}


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize("cause", [*MADE, *NAMES])
def test_what_is_no_file_is_refused_in_a_line(cli: Cli, tmp_path: Path, command: str, cause: str) -> None:
    path = tmp_path / "given"
    if cause in MADE:
        MADE[cause](path)
    name = NAMES.get(cause) or str(path / "below" if cause == "a file below a file" else path)
    if cause == "not UTF-8" and command != "check":
        pytest.skip("only that line is refused")
    done = cli(*(part.format(name) for part in READERS[command]))
    assert done.code == 2, done
    assert done.err.count("\n") == 1 and "cannot be read" in done.err and len(done.err) < 400


@pytest.mark.parametrize(
    ("command", "endless"),
    [
        ("check", "yes"),
        ("equal --file", "yes"),
        ("check", "yes | tr -d '\\n'"),
        ("equal --file", "yes | tr -d '\\n'"),
        ("import", "yes"),
        ("import", "yes ''"),
        ("import", "yes | tr -d '\\n'"),
    ],
)
def test_input_without_an_end_takes_no_memory(tmp_path: Path, command: str, endless: str) -> None:
    """The reader stops, or answers line by line; either way it holds no more than a line."""
    words = " ".join(part.format("-") for part in READERS[command])
    script = f"ulimit -v 1500000; {endless} | {sys.executable} -m dlteach {words} | head -c 100000 > /dev/null"
    env = {**os.environ, "DLTEACH_HOME": str(tmp_path)}
    done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=60, env=env, check=False)
    assert b"our fault" not in done.stderr and b"Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["-", "/dev/stdin", "/dev/fd/0"])
def test_standard_input_by_its_names(process: Process, name: str) -> None:
    done = process("equal", "--file", name, "--json", stdin="x + x\t2x\n")
    assert '"equal"' in done.out


def test_what_the_shell_hands_over(tmp_path: Path) -> None:
    script = f"{sys.executable} -m dlteach equal --json --file <(printf 'x + x\\t2x\\n')"
    env = {**os.environ, "DLTEACH_HOME": str(tmp_path)}
    done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=60, env=env, check=False)
    assert b'"equal"' in done.stdout


@pytest.mark.parametrize("marks", [b"\xef\xbb\xbfx + x\t2x\n", b"x + x\t2x\r\n", b"x + x\t2x"])
def test_usual_marks_of_a_text_file(cli: Cli, tmp_path: Path, marks: bytes) -> None:
    path = tmp_path / "batch"
    path.write_bytes(marks)
    assert '"equal"' in cli("equal", "--file", str(path), "--json").out


def test_a_long_line_is_answered_and_the_next_one_too(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "batch"
    path.write_text("x" * 3_000_000 + "\nx\tx\n")
    first, second = cli("equal", "--file", str(path), "--json").out.splitlines()
    assert "more than the 100,000 characters" in first and '"equal"' in second


def test_a_line_without_an_end_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlteach.system.inputs.ENDLESS_LINE", 1000)
    path = tmp_path / "batch"
    path.write_text("short\n" + "x" * 5000)
    found: Iterator[str] = lines(path, 10)
    assert next(found) == "short\n" and next(found) == "x" * 11
    with pytest.raises(DlteachError, match="without an end"):
        next(found)


def _reads(path: Path) -> int:
    """How many calls of a module open a file for reading by themselves."""
    found = 0
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        modes = [arg.value for arg in (*node.args, *(k.value for k in node.keywords)) if isinstance(arg, ast.Constant)]
        writes = any(isinstance(mode, str) and mode[:1] in ("w", "a", "x") for mode in modes)
        found += name in ("read_text", "read_bytes") or (name == "open" and not writes and not _flags(node))
    return found


def _flags(node: ast.Call) -> bool:
    """Whether a low-level `os.open` says that it writes."""
    return any("O_WRONLY" in ast.unparse(arg) or "O_CREAT" in ast.unparse(arg) for arg in node.args)


def test_files_are_read_in_one_place() -> None:
    rooms = ROOT / "dlteach"
    found = {str(path.relative_to(rooms)) for path in rooms.rglob("*.py") if _reads(path)}
    assert found - {"system/inputs.py"} == set(OUR_OWN)

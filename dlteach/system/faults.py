"""What nobody foresaw: the person is told in a line, and the traceback of a fault of ours is kept in a log."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

BEYOND = {  # no fault of ours: more than this machine or Python's stack can hold, or a library that is not there
    RecursionError: "this is nested too deeply to be worked on: take it apart, or name a part of it",
    ImportError: "a part of dlteach cannot be loaded ({}): install it again, with room in memory",
    MemoryError: "there is not enough memory for this: take a smaller part of it",
}

CRASH = "dlteach-crash-"  # how the name of a log begins that stands where others write, too


def is_beyond(problem: Exception) -> bool:
    """Whether this machine or its installation is at fault, rather than our code."""
    ours = isinstance(problem, ImportError) and (problem.name or "").startswith("dlteach")
    return isinstance(problem, tuple(BEYOND)) and not ours


def logged(problem: Exception) -> str:
    """The line for the person; the traceback of a fault of ours is kept, and the line says where. Never fails."""
    if is_beyond(problem):
        return next(line.format(problem) for kind, line in BEYOND.items() if isinstance(problem, kind))
    what = f"dlteach failed ({type(problem).__name__})"
    with suppress(Exception):  # a log that cannot be written must not hide what it was to be about
        if path := _kept(_traceback(problem)):
            return f"{what}: this is our fault; the details are in {path}"
    return f"{what}: this is our fault; DLTEACH_DEBUG=1 shows the details"


def log_files() -> tuple[Path, ...]:
    """Where the details of faults are, the newest first."""
    import tempfile

    from dlteach.system.homes import cache_home

    elsewhere = sorted(Path(tempfile.gettempdir()).glob(f"{CRASH}*.log"), reverse=True)
    return (cache_home() / "crash.log", *elsewhere)


def _traceback(problem: Exception) -> bytes:
    import traceback

    return "".join(traceback.format_exception(problem)).encode("utf-8", "backslashreplace")


def _kept(log: bytes) -> Path | None:
    """Where the log was written: `crash.log` in our own folder, else a file of its own where others write too."""
    import tempfile

    from dlteach.system.homes import cache_home

    with suppress(OSError, RuntimeError):
        folder = cache_home()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = _new_file(folder, log)
        try:
            return draft.replace(folder / "crash.log")  # takes the place of a link, and does not follow it
        except OSError:
            draft.unlink()
    with suppress(OSError):
        return _new_file(Path(tempfile.gettempdir()), log)
    return None


def _new_file(folder: Path, data: bytes) -> Path:
    """A file that was not there, that only its owner can read, and that is no link."""
    import tempfile

    handle, name = tempfile.mkstemp(".log", CRASH, folder)
    with os.fdopen(handle, "wb") as out:
        try:
            out.write(data)
            out.flush()
        except OSError:
            Path(name).unlink()
            raise
    return Path(name)

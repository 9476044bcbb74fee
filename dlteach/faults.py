"""Faults of ours: the person is told in a line, the traceback is kept in a log."""

from __future__ import annotations

from pathlib import Path


def logged(problem: Exception) -> str:
    """Keep the traceback of a fault of ours, and say where."""
    import traceback

    text = "".join(traceback.format_exception(problem))
    what = f"dlteach failed ({type(problem).__name__})"
    for folder in _log_folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / "crash.log"
            path.write_text(text, encoding="utf-8")
            return f"{what}: this is our fault; the details are in {path}"
        except OSError:
            continue
    return f"{what}: this is our fault; DLTEACH_DEBUG=1 shows the details"


def _log_folders() -> tuple[Path, ...]:
    import tempfile

    from dlteach.course.files import cache_home

    return cache_home(), Path(tempfile.gettempdir())

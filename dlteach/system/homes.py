"""Where things are kept: the system's folders, or `DLTEACH_HOME`."""

from __future__ import annotations

import os
from pathlib import Path

from dlteach.errors import DlteachError


def cache_home() -> Path:
    """Where verdicts reached on this machine are kept; `DLTEACH_HOME` moves it."""
    home = _chosen_home()
    return home / "cache" if home else _home("cache")


def data_home() -> Path:
    """Where the learner's record is kept; `DLTEACH_HOME` moves it."""
    return _home("data")


def config_home() -> Path:
    """Where the learner's settings are kept; `DLTEACH_HOME` moves it."""
    return _home("config")


def _home(kind: str) -> Path:
    """`DLTEACH_HOME`, or the system's folder of a kind: cache, data, config."""
    if home := _chosen_home():
        return home
    import platformdirs

    return Path(getattr(platformdirs, f"user_{kind}_dir")("dlteach"))


def _chosen_home() -> Path | None:
    """`DLTEACH_HOME`, in which `~` is a home folder; raises DlteachError where there is no such user."""
    home = os.environ.get("DLTEACH_HOME")
    try:
        return Path(home).expanduser() if home else None
    except RuntimeError:
        raise DlteachError(f"DLTEACH_HOME is {home}, and there is no such home folder: set it to a folder") from None

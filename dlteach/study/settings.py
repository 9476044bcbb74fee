"""The learner's settings: a small TOML file that `dlteach config` reads and writes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from dlteach.errors import DlteachError, did_you_mean
from dlteach.system.homes import config_home
from dlteach.system.inputs import Missing, Unreadable, text_of
from dlteach.system.outputs import make_folder, replace_text
from dlteach.values import frozen, replace

LONGEST = 100_000  # bytes of the file


@frozen
class Settings:
    """What a learner may choose."""

    retention: float = 0.9
    new_per_day: int = 10
    day_ends: int = 4


@frozen
class Range:
    """The values that a setting may take, and what it is for."""

    low: float
    high: float
    what: str


RANGES: Mapping[str, Range] = {
    "retention": Range(0.7, 0.97, "how likely you want to know a question when it comes back"),
    "new_per_day": Range(0, 1000, "new questions a day in `dlteach review`"),
    "day_ends": Range(0, 23, "the hour at which a day of study ends, local time"),
}


LONGEST = 100_000  # bytes of the file


def settings_file() -> Path:
    """Where the settings are."""
    return config_home() / "config.toml"


def read_settings() -> Settings:
    """The settings in the file, defaults for what it does not say; raises DlteachError for a file that is wrong."""
    path = settings_file()
    try:
        data = tomllib.loads(text_of(path, LONGEST))
    except Missing:
        return Settings()
    except Unreadable as problem:
        if any(folder.is_file() for folder in path.parents):  # then there are none, and the record says so
            return Settings()
        raise DlteachError(f"{path}: the settings cannot be read ({problem.reason}): {problem.advice}") from None
    except (ValueError, RecursionError) as problem:
        raise DlteachError(f"{path}: the settings cannot be read ({problem}): correct or remove the file") from None
    chosen = Settings()
    for key, setting in data.items():
        if key in RANGES:  # one that this version does not know is left alone
            chosen = replace(chosen, **{key: _checked(key, str(setting), f"{path}: ")})
    return chosen


def check_name(key: str) -> None:
    """Raises DlteachError where there is no such setting."""
    if key not in RANGES:
        hint = did_you_mean(key, RANGES, f"there are {', '.join(RANGES)}")
        raise DlteachError(f"there is no setting `{key}`: {hint}")


def changed(key: str, text: str) -> Settings:
    """The settings after one was set and written; raises DlteachError."""
    check_name(key)
    setting = _checked(key, text)
    path = settings_file()
    read_settings()
    try:
        lines = text_of(path, LONGEST).splitlines() if path.is_file() else []
        kept = [line for line in lines if line.partition("=")[0].strip() != key]
        make_folder(path.parent)
        replace_text(path, "\n".join([*kept, f"{key} = {setting}"]) + "\n", private=True)
    except OSError as problem:
        raise DlteachError(f"{path}: the settings cannot be written ({problem.strerror}): check the folder") from None
    return read_settings()


def study_day(now: datetime, day_ends: int) -> date:
    """The day that a moment (with its time zone) belongs to: it lasts until `day_ends` o'clock of the next."""
    return (now.replace(tzinfo=None) - timedelta(hours=day_ends)).date()


def _checked(key: str, text: str, where: str = "") -> float | int:
    allowed, kind = RANGES[key], type(getattr(Settings(), key))
    try:
        setting: float | int = kind(text)
    except ValueError:
        setting = allowed.low - 1
    if not allowed.low <= setting <= allowed.high:
        noun = "a whole number" if kind is int else "a number"
        raise DlteachError(
            f"{where}`{key}` is {noun} from {allowed.low:g} to {allowed.high:g}, not `{text}`: "
            f"dlteach config {key} {getattr(Settings(), key)}"
        )
    return setting

"""Where content lies, and TOML tables whose faults have a file, a line and a fix."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dlteach.errors import DlteachError, did_you_mean

Text = Mapping[str, str]  # a language's code to a text in it


class ContentError(DlteachError):
    """One or more faults in a pack's files; each is a line `file:line: what is wrong: what to do`."""

    def __init__(self, *faults: str) -> None:
        super().__init__(*faults)
        self.faults = faults

    def __str__(self) -> str:
        more = f" (and {len(self.faults) - 1} more: run `dlteach lint`)" if len(self.faults) > 1 else ""
        return self.faults[0] + more


def content_root() -> Path:
    """The course's folder: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "content", package.parent / "content"):
        if (folder / "functions.toml").is_file():
            return folder
    raise ContentError(f"{package / 'content'}: the course is not there: install dlteach again")


def cache_home() -> Path:
    """Where verdicts reached on this machine are kept; `DLTEACH_HOME` moves it."""
    home = os.environ.get("DLTEACH_HOME")
    return Path(home) / "cache" if home else _home("cache")


def data_home() -> Path:
    """Where the learner's record is kept; `DLTEACH_HOME` moves it."""
    return _home("data")


def config_home() -> Path:
    """Where the learner's settings are kept; `DLTEACH_HOME` moves it."""
    return _home("config")


def _home(kind: str) -> Path:
    """`DLTEACH_HOME`, or the system's folder of a kind: cache, data, config."""
    if home := os.environ.get("DLTEACH_HOME"):
        return Path(home)
    import platformdirs

    return Path(getattr(platformdirs, f"user_{kind}_dir")("dlteach"))


def text_in(texts: Text, language: str = "en") -> str:
    """The text in a language; English where there is none."""
    return texts.get(language) or texts.get("en", "")


@dataclass
class Source:
    """A TOML file: its tables, its lines, and the faults found so far."""

    path: Path
    shown: str
    data: dict[str, Any]
    lines: list[str]
    faults: list[str] = field(default_factory=list)

    def fault(self, line: int, problem: str, fix: str) -> None:
        """Note a fault; reading goes on, so that an author sees all of them."""
        self.faults.append(f"{self.shown}:{line}: {problem}: {fix}")

    def finish(self) -> None:
        """Raise what was found."""
        if self.faults:
            raise ContentError(*self.faults)

    def top(self) -> Table:
        """The file's outermost table."""
        return Table(self, self.data, "", 1, len(self.lines))

    def line_of(self, key: str, start: int, end: int) -> int:
        """The line on which a key is set, or the line on which its table starts."""
        for number in range(start, end + 1):
            head = self.lines[number - 1].lstrip().partition("=")[0].strip().strip('"')
            if head == key or head.startswith(f"{key}."):
                return number
        return start


def read_toml(path: Path, root: Path) -> Source:
    """The file at `path`; raises ContentError with the line of a syntax error."""
    shown = str(path.relative_to(root.parent) if path.is_relative_to(root.parent) else path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContentError(f"{shown}: the file is missing: create it") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise ContentError(f"{shown}: it cannot be read ({problem}): check the file") from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        what, _, where = str(problem).partition(" (at ")
        line = where.removeprefix("line ").partition(",")[0] if where.startswith("line ") else text.count("\n") + 1
        raise ContentError(f"{shown}:{line}: not valid TOML, {what[:1].lower()}{what[1:]}: correct this line") from None
    return Source(path, shown, data, text.splitlines() or [""])


@dataclass
class Table:
    """A TOML table read with typed getters; unknown and missing keys become faults."""

    source: Source
    data: dict[str, Any]
    what: str  # how messages call it, "claim `derivative`"
    start: int
    end: int
    asked: set[str] = field(default_factory=set)

    def fault(self, key: str, problem: str, fix: str) -> None:
        """A fault at the line of `key`."""
        what = f"{self.what}: " if self.what else ""
        self.source.fault(self.line(key), what + problem, fix)

    def line(self, key: str) -> int:
        """The line on which `key` is set in this table."""
        return self.source.line_of(key, self.start, self.end)

    def get(self, key: str, kind: type | tuple[type, ...], default: Any, wanted: str) -> Any:
        """The value of a key; `default` ... (Ellipsis) makes it required."""
        self.asked.add(key)
        if key not in self.data:
            if default is ...:
                self.fault(key, f"`{key}` is missing", f"add `{key} = {wanted}`")
                return None
            return default
        value = self.data[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fault(key, f"`{key}` has the wrong type", f"write `{key} = {wanted}`")
            return None
        return value

    def string(self, key: str, default: Any = ..., wanted: str = '"…"') -> str:
        """A string that is not empty."""
        value = self.get(key, str, default, wanted)
        if value is not None and value is not default and not value.strip():
            self.fault(key, f"`{key}` is empty", f"write `{key} = {wanted}`")
        return value or ""

    def text(self, key: str, default: Any = ...) -> Text:
        """A text in one or more languages: `key.en = "…"`."""
        value = self.get(key, dict, default, '{ en = "…" }')
        if value and not all(isinstance(v, str) for v in value.values()):
            self.fault(key, f"`{key}` has the wrong type", f'write `{key}.en = "…"`')
            return {}
        if value is not None and default is ... and not value.get("en", "").strip():
            self.fault(key, f"`{key}.en` is missing", f'add `{key}.en = "…"`')
        return value or {}

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty by default."""
        value = self.get(key, list, [], '["…"]') or []
        if not all(isinstance(item, str) for item in value):
            self.fault(key, f"`{key}` has the wrong type", f'write `{key} = ["…"]`')
            return ()
        return tuple(value)

    def tables(self, key: str, name: str = "") -> Iterator[Table]:
        """An array of tables, each with its own lines; `name` is the key that identifies one in messages."""
        value = self.get(key, list, [], "[[…]]") or []
        headers = [i for i, line in enumerate(self.source.lines, 1) if line.strip().startswith(f"[[{key}]]")]
        for index, item in enumerate(value):
            if not isinstance(item, dict):
                self.fault(key, f"`{key}` has the wrong type", f"write [[{key}]] tables")
                continue
            inline = index >= len(headers)
            start = self.line(key) if inline else headers[index]
            end = self.end if inline else self._end(start)
            label = f" `{item[name]}`" if name and item.get(name) else ""
            outer = f"{self.what}, " if self.what else ""
            yield Table(self.source, item, f"{outer}{key}{label}", start, end)

    def at(self, key: str, start: int) -> Table:
        """A table inside this one whose header stands on line `start`."""
        inner = self.data[key] if isinstance(self.data[key], dict) else {}
        return Table(self.source, inner, f"`{key}`", start, self._end(start))

    def _end(self, start: int) -> int:
        for number in range(start + 1, len(self.source.lines) + 1):
            if self.source.lines[number - 1].startswith("["):
                return number - 1
        return len(self.source.lines)

    def finish(self) -> None:
        """Report keys that nobody asked for."""
        for key in self.data:
            if key not in self.asked:
                self.fault(key, f"unknown key `{key}`", did_you_mean(key, self.asked, "remove it"))

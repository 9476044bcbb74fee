"""Where content lies, and TOML tables whose faults have a file, a line and a fix."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from dlteach.course import limits
from dlteach.course.crowding import crowd
from dlteach.errors import DlteachError, did_you_mean
from dlteach.system.inputs import Missing, Unreadable, text_of
from dlteach.visible import on_one_line

Text = Mapping[str, str]  # a language's code to a text in it
NAME = re.compile(rf"[^\W_][\w.-]{{0,{limits.NAME - 1}}}")  # of a lesson, a claim, a question: they are typed
# A key of too many parts; it begins where a word does, since a search that began anywhere would take its square.
LONG_KEY = re.compile(rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{limits.KEY_PARTS}}}""")


class ContentError(DlteachError):
    """One or more faults in a pack's files; each is a line `file:line: what is wrong: what to do`."""

    def __init__(self, *faults: str) -> None:
        super().__init__(*faults)
        self.faults = faults

    def __str__(self) -> str:
        more = f" (and {len(self.faults) - 1} more: run `dlteach lint`)" if len(self.faults) > 1 else ""
        return self.faults[0] + more


def printable(text: str, most: int = limits.FAULT) -> str:
    """Words of a pack on one line: no line breaks, nothing that a terminal would obey, and an end."""
    return on_one_line(text if len(text) <= most else text[: most - 1] + "…")


def content_folders(named: str = "") -> tuple[Path, ...]:
    """The packs beside the course: those named, else those in `DLTEACH_CONTENT`; raises DlteachError for no folder."""
    text = named or os.environ.get("DLTEACH_CONTENT", "")
    folders = tuple(Path(part).expanduser() for part in text.split(os.pathsep) if part.strip())
    for folder in folders:
        if "\0" in str(folder) or not os.path.isdir(folder):  # noqa: PTH112  # Path.is_dir raises for a long name
            raise DlteachError(f"{printable(str(folder), 120)} is no folder: name the folder of a pack")
    return tuple(dict.fromkeys(folder.resolve() for folder in folders))


def content_root() -> Path:
    """The course's folder: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "content", package.parent / "content"):
        if (folder / "functions.toml").is_file():
            return folder
    raise ContentError(f"{package / 'content'}: the course is not there: install dlteach again")


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
        """Note a fault; reading goes on, so that an author sees all of them (or, of very many, the first)."""
        self.faults.append(printable(f"{self.shown}:{line}: {problem}: {fix}"))
        if len(self.faults) > limits.FAULTS:
            raise ContentError(*self.faults[:-1], f"{self.shown}: and more faults: correct these first")

    def finish(self) -> None:
        """Raise what was found."""
        if self.faults:
            raise ContentError(*self.faults)

    def top(self) -> Table:
        """The file's outermost table."""
        return Table(self, self.data, "", 1, len(self.lines))

    @cached_property
    def headers(self) -> Mapping[str, list[int]]:
        """The lines on which tables of an array begin, by its key."""
        found: dict[str, list[int]] = {}
        for number, line in enumerate(self.lines, start=1):
            if line.lstrip().startswith("[["):
                found.setdefault(line.strip()[2:].partition("]]")[0], []).append(number)
        return found

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
        text = text_of(path, limits.TOML)
    except Missing:
        raise ContentError(f"{shown}: the file is missing: create it") from None
    except Unreadable as problem:
        raise ContentError(f"{shown}: it cannot be read ({problem.reason}): {problem.advice}") from None
    return parsed_toml(text, path, printable(shown))


def parsed_toml(text: str, path: Path, shown: str) -> Source:
    """The tables of a text; raises ContentError with the line of a fault in its syntax."""
    if deep := LONG_KEY.search(text):
        line = text.count("\n", 0, deep.start()) + 1
        raise ContentError(f"{shown}:{line}: a key has more than {limits.KEY_PARTS} parts: use fewer tables")
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise ContentError(f"{shown}: lists or tables are nested too deeply: take them apart") from None
    except tomllib.TOMLDecodeError as problem:
        what, _, where = str(problem).partition(" (at ")
        line_ = where.removeprefix("line ").partition(",")[0] if where.startswith("line ") else text.count("\n") + 1
        said = f"{shown}:{line_}: not valid TOML, {what[:1].lower()}{what[1:]}: correct this line"
        raise ContentError(printable(said)) from None
    except ValueError:  # Python reads no number of thousands of digits
        longest = max(re.finditer(r"\d+", text), key=lambda run: run.end() - run.start())
        line = text.count("\n", 0, longest.start()) + 1
        raise ContentError(f"{shown}:{line}: the number has too many digits: write it shorter") from None
    return Source(path, shown, data, text.removesuffix("\n").split("\n"))


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

    def whole(self, key: str, default: Any, wanted: str, low: int = 0, high: int = limits.NUMBER) -> int:
        """A whole number between two ends."""
        value = self.get(key, int, default, wanted)
        if value is not None and value is not default and not low <= value <= high:
            self.fault(key, f"`{key}` is out of range", f"write a number from {low:,} to {high:,}")
            return default if isinstance(default, int) else low
        return value or 0

    def string(self, key: str, default: Any = ..., wanted: str = '"…"', most: int = limits.TEXT) -> str:
        """A string that is not empty."""
        value = self.get(key, str, default, wanted)
        if value is not None and value is not default and not value.strip():
            self.fault(key, f"`{key}` is empty", f"write `{key} = {wanted}`")
        return self._fitting(key, value or "", most)

    def name(self, key: str) -> str:
        """A name that can be typed: letters, digits, `-`, `_` and `.`."""
        value = self.string(key)
        if value and not NAME.fullmatch(value):
            self.fault(key, f"`{key}` is no name", f"use letters, digits, - and _, at most {limits.NAME} of them")
            return ""
        return value

    def _fitting(self, key: str, value: str, most: int) -> str:
        if len(value) > most:
            self.fault(key, f"`{key}` has more than {most:,} characters", "make it shorter")
            return ""
        if words := crowd(value):
            self.fault(key, f"`{key}`: {words}", "make it shorter")
            return ""
        return value

    def text(self, key: str, default: Any = ..., most: int = limits.TEXT) -> Text:
        """A text in one or more languages: `key.en = "…"`."""
        value = self.get(key, dict, default, '{ en = "…" }')
        if value and not all(isinstance(v, str) for v in value.values()):
            self.fault(key, f"`{key}` has the wrong type", f'write `{key}.en = "…"`')
            return {}
        if value is not None and default is ... and not value.get("en", "").strip():
            self.fault(key, f"`{key}.en` is missing", f'add `{key}.en = "…"`')
        return {code: self._fitting(key, words, most) for code, words in (value or {}).items()}

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty by default."""
        value = self.get(key, list, [], '["…"]') or []
        if not all(isinstance(item, str) for item in value):
            self.fault(key, f"`{key}` has the wrong type", f'write `{key} = ["…"]`')
            return ()
        if len(value) > limits.LIST:
            self.fault(key, f"`{key}` has more than {limits.LIST} items", "leave some out")
            return ()
        return tuple(self._fitting(key, item, limits.LINE) for item in value)

    def tables(self, key: str, name: str = "") -> Iterator[Table]:
        """An array of tables, each with its own lines; `name` is the key that identifies one in messages."""
        value = self.get(key, list, [], "[[…]]") or []
        headers = self.source.headers.get(key, [])
        most = limits.TABLES[key]
        if len(value) > most:
            self.fault(key, f"it has more than {most} of `{key}`", "leave some out")
        for index, item in enumerate(value[:most]):
            if not isinstance(item, dict):
                self.fault(key, f"`{key}` has the wrong type", f"write [[{key}]] tables")
                continue
            inline = index >= len(headers)
            start = self.line(key) if inline else headers[index]
            end = self.end if inline else self._end(start)
            label = f" `{item[name]}`" if name and isinstance(item.get(name), str) else ""
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

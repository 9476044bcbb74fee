"""The table of named functions, `functions.toml`: read once, each row's formulas parsed when asked for.

A pack beside the course may bring a table of its own. Its functions are known in its own lessons and on the command
line; no other lesson, whose `f(x)` may mean something else, ever sees them.
"""

from __future__ import annotations

import re
import zlib
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from dlteach.course import limits
from dlteach.course.files import ContentError, Source, Text, parsed_toml, read_toml
from dlteach.course.openings import MOST, Opened, opened
from dlteach.errors import DlteachError, did_you_mean
from dlteach.notation.backend import Definition
from dlteach.notation.names import BUILTINS, CALCULUS, CONSTANTS_AND_KEYWORDS, PROPERTIES, Names
from dlteach.notation.reader import read, read_conditions
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Call, Condition, Expr, Symbol, symbols
from dlteach.values import frozen

NEW_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,39}")  # one letter, or `dx`, has meanings enough
Texts = tuple[tuple[str, str], ...]  # of the files of a table: how each is called, and what it says
FIX = "choose names of three letters or more that mean nothing else"


@frozen
class NamedFunction:
    """A row of the table; `lemma` is its derivative in the first parameter, if the row states one."""

    definition: Definition
    conditions: tuple[Condition, ...]
    lemma: Expr | None
    also: tuple[str, ...]
    what: Text

    @property
    def name(self) -> str:
        """The name it is called by."""
        return self.definition.name

    def applied(self) -> Call:
        """The function applied to its own parameters, those with a default left out."""
        required = [p for p in self.definition.parameters if p not in self.definition.defaults]
        return Call(self.name, tuple(Symbol(p) for p in required))


class _Endless(Exception):
    """A definition that cannot be written out; `str()` says what it does."""


class Functions(Mapping[str, NamedFunction]):
    """The table by name; rows are parsed and validated when they are asked for.

    With a `base` it stands beside that table: its rows add to the base's and can replace none of them.
    """

    def __init__(self, source: Source, base: Functions | None = None) -> None:
        self.source, self.base = source, base
        self.rows: Mapping[str, object] = source.data if base is None else dict(self._added(base))
        self._rows: dict[str, NamedFunction] = {}
        self._opened: dict[str, Opened] = {}
        self._waiting: list[str] = []  # the rows that are being opened, each called by the one before
        self._circles: dict[str, str] = {}  # what is to be said of those that call each other in a circle
        self.left_out: list[str] = [] if base is None else self._told(base)

    def _added(self, base: Functions) -> Iterator[tuple[str, object]]:
        taken = set(base.names.every()) | {*CONSTANTS_AND_KEYWORDS, *CALCULUS, *PROPERTIES}
        for name, row in list(self.source.data.items())[: limits.FUNCTIONS]:
            if isinstance(row, dict) and NEW_NAME.fullmatch(name) and name not in taken:
                also = row.get("also", [])
                fits = isinstance(also, list) and all(isinstance(o, str) and NEW_NAME.fullmatch(o) for o in also)
                if fits and not taken & set(also):
                    taken |= {name, *also}
                    yield name, row

    def _told(self, base: Functions) -> list[str]:
        """What was left out, a line each."""
        told = []
        missing = [name for name in self.source.data if name not in self.rows]
        for name in missing[: limits.FAULTS]:
            line = self.source.line_of(f"[{name}]", 1, len(self.source.lines))
            what = f"there is a function `{name}` already" if name in base else f"`{name}` is no name for a function"
            told.append((line, what))
        own = Source(self.source.path, self.source.shown, {}, [])
        for line, what in told:
            own.fault(line, what, FIX)
        return own.faults

    @cached_property
    def names(self) -> Names:
        """What the reader must know of the table."""
        arity: dict[str, tuple[int, int | None]] = {}
        also: dict[str, str] = {}
        for name, row in self.rows.items():
            if not isinstance(row, dict):
                continue
            parameters = str(row.get("of", "x")).split(",")
            if name not in BUILTINS:
                arity[name] = (sum("=" not in p for p in parameters), len(parameters))
            others = row.get("also", [])
            also.update((other, name) for other in others if isinstance(other, str))
        if self.base is not None:
            return Names({**self.base.names.arity, **arity}, {**self.base.names.also, **also})
        return Names(arity, also)

    def inside(self, lesson: str) -> Functions:
        """The table that a lesson is read with."""
        return self

    def texts(self) -> Texts:
        """The files of the table, from which `of_texts` makes it again; no two tables have the same."""
        return (*(self.base.texts() if self.base else ()), (self.source.shown, "\n".join(self.source.lines)))

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process a table goes as its text, which is parsed there once."""
        return of_texts, (self.texts(),)

    def formula(self, name: str) -> str:
        """The definition of a function as it is written."""
        if name not in self.rows and self.base is not None:
            return self.base.formula(name)
        row = self.rows[name]
        return str(row.get("is", "")) if isinstance(row, dict) else ""

    def where(self, name: str) -> str:
        """The file and the line of a row."""
        if name not in self.rows and self.base is not None:
            return self.base.where(name)
        return f"{self.source.shown}:{self.source.line_of(f'[{name}]', 1, len(self.source.lines))}"

    @cached_property
    def definitions(self) -> Mapping[str, Definition]:
        """The definitions of all functions that are not built in, for the back ends."""
        return _Definitions(self)

    @cached_property
    def digest(self) -> str:
        """A fingerprint of the files: verdicts that were reached with another table no longer count."""
        if self.base is None:
            return f"{zlib.crc32(chr(10).join(self.source.lines).encode()):08x}"
        from hashlib import sha256  # a check sum can be forged, and this is somebody else's file

        return sha256(repr(self.texts()).encode()).hexdigest()[:32]

    __hash__ = object.__hash__  # one table is one object

    def __iter__(self) -> Iterator[str]:
        yield from self.base or ()
        yield from self.rows

    def __len__(self) -> int:
        return len(self.rows) + len(self.base or ())

    def __contains__(self, name: object) -> bool:
        return name in self.rows or (self.base is not None and name in self.base)

    def __getitem__(self, name: str) -> NamedFunction:
        if name not in self._rows:
            if name not in self.rows:
                if self.base is None:
                    raise KeyError(name)
                return self.base[name]
            self._rows[name] = self._row(name)
        return self._rows[name]

    def find(self, name: str) -> NamedFunction:
        """The function called `name`, by any of its names; raises DlteachError with a suggestion."""
        proper = self.names.also.get(name, name)
        if proper in self:
            return self[proper]
        hint = did_you_mean(name, [*self, *self.names.also], "`dlteach search` knows the functions")
        raise DlteachError(f"there is no function `{name}`: {hint}")

    def _row(self, name: str) -> NamedFunction:
        before = len(self.source.faults)
        start = next((i for i, line in enumerate(self.source.lines, 1) if line.strip() == f"[{name}]"), 1)
        table = self.source.top().at(name, start)
        parameters, defaults = self._parameters(table.string("of"), table.line("of"))
        body = self._formula(table.string("is"), table.line("is"))
        raw = table.string("derivative", "")
        lemma = self._formula(raw, table.line("derivative")) if raw else None
        conditions: tuple[Condition, ...] = ()
        if raw_for := table.string("for", ""):
            try:
                conditions = read_conditions(raw_for, self.names)
            except NotationError as problem:
                table.fault("for", problem.line(), "correct the condition")
        also, what = table.strings("also"), table.text("what")
        table.finish()
        if name in CONSTANTS_AND_KEYWORDS or name in CALCULUS:
            table.fault("of", f"`{name}` has a meaning of its own in the notation", "choose another name")
        for formula, key in ((body, "is"), (lemma, "derivative")):
            stray = sorted(symbols(formula) - set(parameters)) if formula else []
            if stray:
                table.fault(key, f"`{stray[0]}` is not a parameter", "add it to `of` or correct the formula")
        if body is not None and len(self.source.faults) == before and name not in BUILTINS:
            self._open(Definition(name, parameters, defaults, body), table.line("is"))
        faults, self.source.faults[before:] = self.source.faults[before:], []
        if faults or body is None:
            raise ContentError(*faults)
        return NamedFunction(Definition(name, parameters, defaults, body), conditions, lemma, also, what)

    def _open(self, definition: Definition, line: int) -> None:
        """Note how large a definition is with all that it calls written out; a fault where that has no end."""
        self._waiting.append(definition.name)
        try:
            size, *others = (opened(part, self._callee) for part in (definition.body, *definition.defaults.values()))
        except _Endless as problem:
            says = self._circles.get(definition.name, str(problem))
            self.source.fault(line, f"`{definition.name}` {says}", "define it by functions that come to an end")
        else:
            self._opened[definition.name] = size
            if max(part.nodes for part in (size, *others)) > MOST:
                large = f"`{definition.name}` comes to more than {MOST:,} signs with all that it calls written out"
                self.source.fault(line, large, "let it call fewer functions, or each of them once")
        finally:
            self._waiting.pop()

    def _callee(self, name: str) -> tuple[Definition, Opened] | None:
        """The definition of a function that is not built in, with its size; raises _Endless."""
        if name in self._waiting:
            circle = self._waiting[self._waiting.index(name) :]
            for at, member in enumerate(circle):
                self._circles[member] = f"calls itself: {' → '.join((*circle[at:], *circle[:at], member))}"
            raise _Endless(self._circles[name])
        if name in BUILTINS or name not in self:
            return None
        if name not in self.rows and self.base is not None:
            return self.base._callee(name)
        try:
            return self[name].definition, self._opened[name]
        except ContentError:
            raise _Endless(f"calls `{name}`, which cannot be used") from None

    def _parameters(self, text: str, line: int) -> tuple[tuple[str, ...], dict[str, Expr]]:
        names: list[str] = []
        defaults: dict[str, Expr] = {}
        for part in text.split(","):
            name, equals, default = (piece.strip() for piece in part.partition("="))
            if not name.isidentifier():
                self.source.fault(line, "`of` names the parameters, as in `x, a = 1`", "correct it")
                continue
            names.append(name)
            if len(names) > limits.PARAMETERS:
                self.source.fault(line, f"a function has at most {limits.PARAMETERS} parameters", "use fewer")
                break
            if equals and (value := self._formula(default, line)) is not None:
                defaults[name] = value
        return tuple(names), defaults

    def _formula(self, text: str, line: int) -> Expr | None:
        try:
            return read(text, self.names)
        except NotationError as problem:
            self.source.fault(line, problem.line(), "correct the formula")
            return None


class Joined(Functions):
    """The functions of the course and of every pack beside it, for the command line; each lesson has only its own."""

    def __init__(self, tables: tuple[Functions, ...], lessons: Sequence[tuple[str, int]]) -> None:
        super().__init__(tables[0].source)
        self.tables, self.lessons = tables, dict(lessons)  # a lesson's name, and the number of its table

    @cached_property
    def names(self) -> Names:
        """What the reader must know of the tables; where two packs have one name, the first pack's counts."""
        every = [table.names for table in self.tables]
        return Names(ChainMap(*(dict(n.arity) for n in every)), ChainMap(*(dict(n.also) for n in every)))

    @cached_property
    def digest(self) -> str:
        """A fingerprint of all tables."""
        return "+".join(table.digest for table in self.tables)

    def inside(self, lesson: str) -> Functions:
        """The table of the pack that a lesson is from."""
        return self.tables[self.lessons[lesson]] if lesson in self.lessons else self

    def __reduce__(self) -> tuple[Any, ...]:
        """As with a single table: the tables by their texts, and made again once."""
        return joined, (self.tables, tuple(self.lessons.items()))

    def formula(self, name: str) -> str:
        """The definition of a function as it is written."""
        return self._owner(name).formula(name)

    def where(self, name: str) -> str:
        """The file and the line of a row."""
        return self._owner(name).where(name)

    def _owner(self, name: str) -> Functions:
        for table in self.tables:
            if name in table:
                return table
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for table in self.tables for name in table))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return any(name in table for table in self.tables)

    def __getitem__(self, name: str) -> NamedFunction:
        return self._owner(name)[name]


class _Definitions(Mapping[str, Definition]):
    def __init__(self, functions: Functions) -> None:
        self.functions = functions

    def __getitem__(self, name: str) -> Definition:
        return self.functions[name].definition

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.functions if name not in BUILTINS)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return name in self.functions and name not in BUILTINS

    def get(self, name: str, default: Definition | None = None) -> Definition | None:  # type: ignore[override]
        """The definition, or `default` for a name that the table does not have."""
        return self[name] if name in self else default


def load_functions(root: Path, base: Functions | None = None) -> Functions:
    """The table of a pack, beside `base` if there is one; raises ContentError where the file cannot be read at all."""
    return Functions(read_toml(root / "functions.toml", root), base)


@lru_cache(maxsize=8)
def of_texts(texts: Texts) -> Functions:
    """The table that has these files."""
    *before, (shown, text) = texts
    return Functions(parsed_toml(text, Path(shown), shown), of_texts(tuple(before)) if before else None)


@lru_cache(maxsize=8)
def joined(tables: tuple[Functions, ...], lessons: tuple[tuple[str, int], ...]) -> Joined:
    """The tables as one; `lessons` says which of them each lesson is read with."""
    return Joined(tables, lessons)

"""The table of named functions, `functions.toml`: read once, each row's formulas parsed when asked for."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from dlteach.course.files import ContentError, Source, Text, read_toml
from dlteach.errors import DlteachError, did_you_mean
from dlteach.notation.backend import Definition
from dlteach.notation.names import BUILTINS, CALCULUS, CONSTANTS_AND_KEYWORDS, Names
from dlteach.notation.reader import read, read_conditions
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Call, Condition, Expr, Symbol, symbols
from dlteach.values import frozen


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


class Functions(Mapping[str, NamedFunction]):
    """The table by name; rows are parsed and validated when they are asked for."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._rows: dict[str, NamedFunction] = {}

    @cached_property
    def names(self) -> Names:
        """What the reader must know of the table."""
        arity: dict[str, tuple[int, int | None]] = {}
        also: dict[str, str] = {}
        for name, row in self.source.data.items():
            if not isinstance(row, dict):
                continue
            parameters = str(row.get("of", "x")).split(",")
            if name not in BUILTINS:
                arity[name] = (sum("=" not in p for p in parameters), len(parameters))
            also.update((other, name) for other in row.get("also", []) if isinstance(other, str))
        return Names(arity, also)

    @cached_property
    def definitions(self) -> Mapping[str, Definition]:
        """The definitions of all functions that are not built in, for the back ends."""
        return _Definitions(self)

    @cached_property
    def digest(self) -> str:
        """A fingerprint of the file: verdicts that were reached with another table no longer count."""
        return f"{zlib.crc32(chr(10).join(self.source.lines).encode()):08x}"

    __hash__ = object.__hash__  # one table is one object

    def __iter__(self) -> Iterator[str]:
        return iter(self.source.data)

    def __len__(self) -> int:
        return len(self.source.data)

    def __getitem__(self, name: str) -> NamedFunction:
        if name not in self._rows:
            if name not in self.source.data:
                raise KeyError(name)
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
        faults, self.source.faults[before:] = self.source.faults[before:], []
        if faults or body is None:
            raise ContentError(*faults)
        return NamedFunction(Definition(name, parameters, defaults, body), conditions, lemma, also, what)

    def _parameters(self, text: str, line: int) -> tuple[tuple[str, ...], dict[str, Expr]]:
        names: list[str] = []
        defaults: dict[str, Expr] = {}
        for part in text.split(","):
            name, equals, default = (piece.strip() for piece in part.partition("="))
            names.append(name)
            if equals and (value := self._formula(default, line)) is not None:
                defaults[name] = value
        return tuple(names), defaults

    def _formula(self, text: str, line: int) -> Expr | None:
        try:
            return read(text, self.names)
        except NotationError as problem:
            self.source.fault(line, problem.line(), "correct the formula")
            return None


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


def load_functions(root: Path) -> Functions:
    """The table of a pack; raises ContentError where the file cannot be read at all."""
    return Functions(read_toml(root / "functions.toml", root))

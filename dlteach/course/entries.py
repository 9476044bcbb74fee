"""What a lesson is: its claims, derivations, errata and sources; prose, quiz and verdicts when they are asked for.

Statements and formulas are kept as text with their place; whoever reasons about them reads them with the
lesson's names, and whoever only shows them never pays for that.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from dlteach.course import limits
from dlteach.course.crowding import crowds
from dlteach.course.files import ContentError, Text, printable, read_toml
from dlteach.course.ledger import Ledger, read_ledger
from dlteach.course.questions import Question, read_questions
from dlteach.errors import DlteachError, did_you_mean
from dlteach.system.homes import cache_home
from dlteach.system.inputs import Missing, Unreadable, text_of
from dlteach.values import frozen

NOTHING: Text = MappingProxyType({})


@frozen
class Claim:
    """A statement to be proved, an observation that a simulation makes, or a fact with its source."""

    id: str
    where: str
    states: str = ""
    observed_by: str = ""  # simulation/check
    cites: str = ""
    says: Text = NOTHING

    @property
    def statement(self) -> str:
        """What the ledger compares: the statement as written."""
        return self.states or self.observed_by or self.cites


@frozen
class Line:
    """A line of a worked derivation, with the words before it.

    `is_` equals the expression of the line before, `states` holds by itself, `value` is computed to `digits` digits;
    with none of them it is a paragraph.
    """

    is_: str = ""
    states: str = ""
    value: str = ""
    digits: int = 10
    because: Text = NOTHING

    @property
    def formula(self) -> str:
        """What stands on it, empty for a paragraph."""
        return self.is_ or self.states or self.value


@frozen
class WorkedDerivation:
    """Lines that an author wrote, each checked against the last, or the derivative of an expression."""

    id: str
    where: str
    title: Text = NOTHING
    lines: tuple[Line, ...] = ()
    of: str = ""
    given: str = ""  # conditions, as after `for`

    @property
    def statement(self) -> str:
        """What the ledger compares: it says of each line what it claims, so that no two derivations share one."""
        given = f"given {self.given}: " if self.given else ""
        return given + (f"derive {self.of}" if self.of else "; ".join(self._parts()))

    def _parts(self) -> Iterator[str]:
        for chain, run in groupby(self.lines, lambda line: bool(line.is_)):
            lines = list(run)
            if chain:
                yield " = ".join(line.is_ for line in lines)
            else:
                yield from (line.states or f"{line.value} ~ {line.digits} digits" for line in lines if line.formula)


@frozen
class Erratum:
    """What a note says, what is right, and the statements that show it."""

    id: str
    where: str
    source: str
    noted: Text
    correct: Text
    refutes: str = ""
    holds: str = ""
    cites: str = ""

    @property
    def statements(self) -> dict[str, str]:
        """What shows it, by part: `refutes` must be refuted, `holds` proved."""
        return {part: statement for part in ("refutes", "holds") if (statement := getattr(self, part))}


@frozen
class Reference:
    """A source: authors, title, year, and an arXiv id or DOI."""

    authors: str
    title: str
    year: int
    id: str = ""


@frozen
class Lesson:
    """A lesson as its folder states it; prose, quiz and ledger are read when asked for."""

    name: str
    chapter: str
    folder: Path
    root: Path  # the pack's folder
    outside: str  # which pack it is from; empty for the course that is shipped
    shown: str  # the folder as messages call it
    title: Text
    summary: Text
    after: tuple[str, ...]  # prerequisites
    minutes: int
    covers: tuple[str, ...]
    references: tuple[Reference, ...]
    claims: tuple[Claim, ...]
    derivations: tuple[WorkedDerivation, ...]
    errata: tuple[Erratum, ...]

    def prose(self, language: str = "en") -> str:
        """The lesson's Markdown in a language, English where there is none; raises ContentError."""
        for code in dict.fromkeys((language, "en")):
            name = f"lesson.{code}.md"
            try:
                text = text_of(self.folder / name, limits.PROSE)
            except Missing:
                continue
            except Unreadable as problem:
                why = f"it cannot be read ({problem.reason}): {problem.advice}"
                raise ContentError(f"{self.shown}/{name}: {why}") from None
            if found := [f"{self.shown}/{name}:{line}: {words}: take it apart" for line, words in crowds(text)]:
                raise ContentError(*found)
            return text
        raise ContentError(f"{self.shown}/lesson.en.md: the file is missing: write the lesson's text there")

    @property
    def chains(self) -> list[WorkedDerivation]:
        """The derivations that are chains of lines, so that they can be practised."""
        return [d for d in self.derivations if d.of or (len(d.lines) > 1 and all(line.is_ for line in d.lines))]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The quiz, empty where there is no `quiz.toml`; raises ContentError."""
        path = self.folder / "quiz.toml"
        return read_questions(read_toml(path, self.root), self.name) if os.path.lexists(path) else ()

    @cached_property
    def ledger(self) -> Ledger:
        """The verdicts in the lesson's own folder; of a pack from outside they are only somebody's word."""
        return Ledger("", {}) if self.outside else read_ledger(self.folder / "verdicts.json")

    @property
    def own_ledger_file(self) -> Path:
        """Where the verdicts that were reached on this machine are: lessons of two packs may have one name."""
        return cache_home() / "verdicts" / self.outside / f"{self.name}.json"

    @cached_property
    def own_ledger(self) -> Ledger:
        """The verdicts that were reached on this machine."""
        return read_ledger(self.own_ledger_file)

    def claim(self, identity: str) -> Claim:
        """The claim with an id; raises DlteachError with a suggestion."""
        return found(self.claims, identity, f"claim in {self.name}")

    def derivation(self, identity: str) -> WorkedDerivation:
        """The derivation with an id; raises DlteachError with a suggestion."""
        return found(self.derivations, identity, f"derivation in {self.name}")

    def erratum(self, identity: str) -> Erratum:
        """The erratum with an id; raises DlteachError with a suggestion."""
        return found(self.errata, identity, f"erratum in {self.name}")

    def question(self, identity: str) -> Question:
        """The question with an id; raises DlteachError with a suggestion."""
        return found(self.questions, identity, f"question in {self.name}")


Entry = TypeVar("Entry", Claim, WorkedDerivation, Erratum, Question)


def found(entries: tuple[Entry, ...], identity: str, what: str) -> Entry:
    """The entry with an id, or an error that names the nearest one."""
    for entry in entries:
        if entry.id == identity:
            return entry
    known = [entry.id for entry in entries]
    every = printable(f"there are {', '.join(known)}" if known else "there are none here", 200)
    hint = did_you_mean(identity, known, every)
    raise DlteachError(f"there is no {what} called `{identity}`: {hint}")

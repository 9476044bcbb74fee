"""What a lesson is, and reading one: `lesson.toml`, the prose beside it, and the quiz when it is asked for.

Statements and formulas are kept as text with their place; whoever reasons about them reads them with the
course's names, and whoever only shows them never pays for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from dlteach.course.files import ContentError, Source, Table, Text, cache_home, content_root, read_toml
from dlteach.course.functions import Functions, load_functions
from dlteach.course.ledger import KeptVerdict, Ledger, read_ledger
from dlteach.course.questions import Question, read_questions
from dlteach.errors import DlteachError, did_you_mean
from dlteach.values import frozen

FORMAT = 1
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
        """What the ledger compares: the expression, or the lines, with their conditions."""
        written = [line.is_ or line.states or line.value for line in self.lines]
        chain = all(line.is_ for line in self.lines)
        lines = self.of or (" = " if chain else "; ").join(text for text in written if text)
        return lines + (f" for {self.given}" if self.given else "")


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
            path = self.folder / f"lesson.{code}.md"
            if path.is_file():
                try:
                    return path.read_text(encoding="utf-8")
                except (OSError, UnicodeDecodeError) as problem:
                    raise ContentError(
                        f"{self.shown}/{path.name}: it cannot be read ({problem}): check the file"
                    ) from None
        raise ContentError(f"{self.shown}/lesson.en.md: the file is missing: write the lesson's text there")

    @property
    def chains(self) -> list[WorkedDerivation]:
        """The derivations that are chains of lines, so that they can be practised."""
        return [d for d in self.derivations if d.of or (len(d.lines) > 1 and all(line.is_ for line in d.lines))]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The quiz, empty where there is no `quiz.toml`; raises ContentError."""
        path = self.folder / "quiz.toml"
        root = self.folder.parent.parent
        return read_questions(read_toml(path, root), self.name) if path.is_file() else ()

    @cached_property
    def ledger(self) -> Ledger:
        """The verdicts in the lesson's own folder."""
        return read_ledger(self.folder / "verdicts.json")

    @cached_property
    def own_ledger(self) -> Ledger:
        """The verdicts that were reached on this machine."""
        return read_ledger(cache_home() / "verdicts" / f"{self.name}.json")

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
    hint = did_you_mean(identity, known, f"there are {', '.join(known)}" if known else "there are none here")
    raise DlteachError(f"there is no {what} called `{identity}`: {hint}")


class Course:
    """A pack: its folder, its functions, its lessons. Only what is asked for is read."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or content_root()

    @cached_property
    def functions(self) -> Functions:
        """The table of named functions."""
        return load_functions(self.root)

    @cached_property
    def folders(self) -> dict[str, Path]:
        """Lesson names and their folders, by chapter and name; nothing is opened."""
        found = {}
        for chapter in sorted(p for p in self.root.iterdir() if p.is_dir()):
            for folder in sorted(p for p in chapter.iterdir() if p.is_dir()):
                if any((folder / name).exists() for name in ("lesson.toml", "lesson.en.md")):
                    found[folder.name] = folder
        return found

    def lesson(self, name: str) -> Lesson:
        """The lesson called `name`; raises DlteachError with a suggestion, ContentError for a broken file."""
        folder = self.folders.get(name.removesuffix("/"))
        if folder is None:
            hint = did_you_mean(name, self.folders, "`dlteach lessons` lists them")
            raise DlteachError(f"there is no lesson `{name}`: {hint}")
        return read_lesson(folder, self.root)

    def lessons(self) -> Iterator[Lesson]:
        """All lessons, by chapter and name."""
        return (self.lesson(name) for name in self.folders)

    def reading_order(self) -> list[Lesson]:
        """All lessons, each after its prerequisites."""
        lessons = {lesson.name: lesson for lesson in self.lessons()}
        order: list[str] = []

        def place(name: str, below: tuple[str, ...]) -> None:
            if name in lessons and name not in order and name not in below:
                for earlier in lessons[name].after:
                    place(earlier, (*below, name))
                order.append(name)

        for name in lessons:
            place(name, ())
        return [lessons[name] for name in order]

    def questions(self, names: Iterable[str]) -> list[Question]:
        """The questions of lessons, and single ones by LESSON/QUESTION; raises DlteachError with a suggestion."""
        found: list[Question] = []
        for name in names:
            lesson, slash, identity = name.partition("/")
            entry = self.lesson(lesson)
            found += [entry.question(identity)] if slash and identity else entry.questions
        return found

    def kept_verdict(self, lesson: Lesson, identity: str, statement: str) -> KeptVerdict | None:
        """The verdict on a claim: this machine's own if it has one that fits, else the lesson's."""
        digest = self.functions.digest
        own = lesson.own_ledger.verdict(identity, statement, digest)
        return own or lesson.ledger.verdict(identity, statement, digest)

    def erratum_verdicts(self, lesson: Lesson, erratum: Erratum) -> dict[str, KeptVerdict | None]:
        """The verdicts on what an erratum rests on, by part."""
        return {
            part: self.kept_verdict(lesson, f"{erratum.id}:{part}", statement)
            for part, statement in erratum.statements.items()
        }


def read_lesson(folder: Path, root: Path) -> Lesson:
    """The lesson in a folder; raises ContentError with every fault of its `lesson.toml`."""
    source = read_toml(folder / "lesson.toml", root)
    top = source.top()
    if top.get("format", int, ..., str(FORMAT)) not in (FORMAT, None):
        top.fault("format", f"this version reads format {FORMAT}", "update dlteach or the file")
    lesson = Lesson(
        name=folder.name,
        chapter=folder.parent.name,
        folder=folder,
        shown=str(folder.relative_to(root.parent)),
        title=top.text("title"),
        summary=top.text("summary"),
        after=top.strings("after"),
        minutes=top.get("minutes", int, 15, "15") or 15,
        covers=top.strings("covers"),
        references=tuple(_reference(table) for table in top.tables("reference")),
        claims=tuple(_claim(table) for table in top.tables("claim", "id")),
        derivations=tuple(_derivation(table) for table in top.tables("derivation", "id")),
        errata=tuple(_erratum(table) for table in top.tables("erratum", "id")),
    )
    top.finish()
    _unique(source, lesson)
    source.finish()
    return lesson


def _unique(source: Source, lesson: Lesson) -> None:
    """Claims, derivations and errata share one space of ids, so that `LESSON/ID` means one thing."""
    seen: dict[str, str] = {}
    entries: tuple[Claim | WorkedDerivation | Erratum, ...] = (*lesson.claims, *lesson.derivations, *lesson.errata)
    for entry in entries:
        if entry.id and entry.id in seen:
            source.fault(
                int(entry.where.rpartition(":")[2]), f"the id `{entry.id}` is used twice", "rename one of them"
            )
        seen[entry.id] = entry.where


def _where(table: Table) -> str:
    return f"{table.source.shown}:{table.start}"


def _reference(table: Table) -> Reference:
    reference = Reference(
        authors=table.string("authors"),
        title=table.string("title"),
        year=table.get("year", int, ..., "2016") or 0,
        id=table.string("id", ""),
    )
    table.finish()
    return reference


def _claim(table: Table) -> Claim:
    claim = Claim(
        id=table.string("id"),
        where=_where(table),
        states=table.string("states", ""),
        observed_by=table.string("observed_by", ""),
        cites=table.string("cites", ""),
        says=table.text("says", {}),
    )
    kinds = [key for key in ("states", "observed_by", "cites") if getattr(claim, key)]
    if not kinds:
        table.fault("id", "it has no statement", 'add `states = "…"`, or `observed_by` or `cites` with `says.en`')
    elif len(kinds) > 1:
        table.fault(kinds[1], f"it has both `{kinds[0]}` and `{kinds[1]}`", "keep one of them")
    elif kinds != ["states"] and not claim.says:
        table.fault(kinds[0], "`says.en` is missing", "say in words what is claimed")
    table.finish()
    return claim


def _derivation(table: Table) -> WorkedDerivation:
    lines = []
    for row in table.tables("lines"):
        lines.append(_line(row))
        row.finish()
    derivation = WorkedDerivation(
        id=table.string("id"),
        where=_where(table),
        title=table.text("title", {}),
        lines=tuple(lines),
        of=table.string("of", ""),
        given=table.string("given", ""),
    )
    if bool(lines) == bool(derivation.of):
        table.fault("lines", "it needs either `lines` or `of`", 'write `of = "gelu"` or the lines')
    table.finish()
    return derivation


def _line(row: Table) -> Line:
    line = Line(
        is_=row.string("is", ""),
        states=row.string("states", ""),
        value=row.string("value", ""),
        digits=row.get("digits", int, 10, "10") or 10,
        because=row.text("because", {}),
    )
    kinds = [key for key, text in (("is", line.is_), ("states", line.states), ("value", line.value)) if text]
    if len(kinds) > 1:
        row.fault(kinds[1], f"it has both `{kinds[0]}` and `{kinds[1]}`", "keep one of them")
    elif not kinds and not line.because:
        row.fault("is", "the line is empty", "add `is`, `states`, `value` or `because.en`")
    return line


def _erratum(table: Table) -> Erratum:
    erratum = Erratum(
        id=table.string("id"),
        where=_where(table),
        source=table.string("source"),
        noted=table.text("noted"),
        correct=table.text("correct"),
        refutes=table.string("refutes", ""),
        holds=table.string("holds", ""),
        cites=table.string("cites", ""),
    )
    if not (erratum.refutes or erratum.holds or erratum.cites):
        table.fault("id", "nothing shows it", "add `refutes` or `holds` with a statement, or `cites`")
    table.finish()
    return erratum

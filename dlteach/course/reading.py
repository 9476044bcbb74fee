"""Reading a lesson: `lesson.toml`, all its faults at once, each with its line."""

from __future__ import annotations

from pathlib import Path

from dlteach.course import limits
from dlteach.course.entries import Claim, Erratum, Lesson, Line, Reference, WorkedDerivation
from dlteach.course.files import Source, Table, printable, read_toml

FORMAT = 1


def read_lesson(folder: Path, root: Path, outside: str = "") -> Lesson:
    """The lesson in a folder of a pack; raises ContentError with every fault of its `lesson.toml`."""
    source = read_toml(folder / "lesson.toml", root)
    top = source.top()
    if top.get("format", int, ..., str(FORMAT)) not in (FORMAT, None):
        top.fault("format", f"this version reads format {FORMAT}", "update dlteach or the file")
    lesson = Lesson(
        name=folder.name,
        chapter=folder.parent.name,
        folder=folder,
        root=root,
        outside=outside,
        shown=printable(str(folder.relative_to(root.parent))),
        title=top.text("title", most=limits.LINE),
        summary=top.text("summary", most=limits.LINE),
        after=top.strings("after"),
        minutes=top.whole("minutes", 15, "15", 1, 6000),
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
        authors=table.string("authors", most=limits.LINE),
        title=table.string("title", most=limits.LINE),
        year=table.whole("year", ..., "2016", 1000, 3000),
        id=table.string("id", "", most=limits.LINE),
    )
    table.finish()
    return reference


def _claim(table: Table) -> Claim:
    claim = Claim(
        id=table.name("id"),
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
        id=table.name("id"),
        where=_where(table),
        title=table.text("title", {}, limits.LINE),
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
        digits=row.whole("digits", 10, "10", 1, 100),
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
        id=table.name("id"),
        where=_where(table),
        source=table.string("source", most=limits.LINE),
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

"""`dlteach verify [LESSON or CLAIM …]`: prove the course again, here and now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any

import typer
from rich.text import Text

from dlteach.checking.jobs import Finding, JobKind, jobs
from dlteach.checking.verify import remember, verified, write_ledger
from dlteach.cli.desk import Desk, Json, Plain, Stopwatch, emit
from dlteach.cli.exits import ExitCode
from dlteach.cli.names import complete_lesson
from dlteach.course.ledger import Outcome
from dlteach.course.lessons import Lesson
from dlteach.errors import DlteachError
from dlteach.screen.terminal import Terminal, bar
from dlteach.screen.verdicts import verdict_text

app = typer.Typer(add_completion=False)

MARGIN = 16  # columns for the verdicts


@app.command()
def verify(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Lessons, or LESSON/CLAIM; all when left out.", autocompletion=complete_lesson),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Prove again what this machine has proved before.")] = False,
    details: Annotated[bool, typer.Option("--details", help="Every statement with its evidence.")] = False,
    write: Annotated[
        bool, typer.Option("--record", help="Write the verdicts beside the lessons (in a checkout).")
    ] = False,
    plain: Plain = False,
    json: Json = False,
) -> int:
    """Prove every claim, check every derivation, refute every erratum; exit code 1 if one fails."""
    desk = Desk(ctx, plain)
    watch = Stopwatch()
    work = []
    whole: list[Lesson] = []
    for lesson, only in _named(names, desk) if names else ((lesson, "") for lesson in desk.course.lessons()):
        found = jobs(lesson, only)
        if only and not found:
            raise DlteachError(
                f"there is no claim `{only}` in {lesson.name}: `dlteach lesson {lesson.name}` shows them"
            )
        work += [(lesson, job) for job in found]
        whole += [] if only else [lesson]
    everything = list(_watched(verified(work, desk.course, fresh or write), len(work), desk.terminal, quiet=json))
    changed, kept = _kept(everything, [lesson for lesson, _ in work], whole, write, desk)
    failed = [finding for finding in everything if not finding.as_wanted]
    if json:
        emit(_document(everything, failed, watch.seconds))
        return ExitCode.NO if failed else ExitCode.YES
    if details or names:
        for name in dict.fromkeys(finding.job.lesson for finding in everything):
            desk.terminal.print(Text(name, "section"))
            for finding in everything:
                if finding.job.lesson == name:
                    desk.terminal.print(*_rows(finding, desk.terminal))
    else:
        desk.terminal.print(_table(everything, desk.terminal))
    desk.terminal.print(Text(""), _summary(everything, watch.seconds))
    if not kept:
        desk.terminal.print(Text("(the verdicts could not be kept: the cache folder is not writable)", "quiet"))
    for path in changed:
        desk.terminal.print(Text(f"written: {path}", "quiet"))
    for finding in failed:
        words = f"✗ {finding.job.lesson}/{finding.job.id}: {finding.kept.evidence}"
        desk.terminal.print(Text(words, "verdict.fails"))
    return ExitCode.NO if failed else ExitCode.YES


def _named(names: Sequence[str], desk: Desk) -> Iterator[tuple[Lesson, str]]:
    """The lessons that are named, each with the one entry that is wanted of it or nothing."""
    for name in names:
        lesson, _, only = name.partition("/")
        yield desk.course.lesson(lesson), only


def _watched(found: Iterable[Finding], total: int, terminal: Terminal, quiet: bool) -> Iterator[Finding]:
    """The findings, with a bar that goes away, where a person waits."""
    if quiet or not terminal.interactive:
        yield from found
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn

    parts = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with bar(*parts) as progress:
        task = progress.add_task("proving", total=total)
        for finding in found:
            progress.update(task, advance=1, description=f"{finding.job.lesson}/{finding.job.id}"[:40].ljust(40))
            yield finding


def _kept(
    everything: Sequence[Finding], lessons: Sequence[Lesson], whole: Sequence[Lesson], write: bool, desk: Desk
) -> tuple[list[str], bool]:
    """Write the ledgers; the files that changed, and whether the cache could be written."""
    changed, kept = [], True
    for lesson in {lesson.name: lesson for lesson in lessons}.values():
        own = [finding for finding in everything if finding.job.lesson == lesson.name]
        digest = desk.course.functions.inside(lesson.name).digest
        if write and lesson in whole and write_ledger(lesson, own, digest):
            changed.append(f"{lesson.shown}/verdicts.json")
        new = [finding for finding in own if finding.seconds is not None]
        if new and (lesson.outside or not write):  # the ledger of a pack from outside is not believed
            kept = remember(lesson, new, digest) and kept
    return changed, kept


def _document(everything: Sequence[Finding], failed: Sequence[Finding], seconds: float) -> dict[str, Any]:
    claims = [
        {
            "id": f"{f.job.lesson}/{f.job.id}",
            "kind": f.job.kind,
            "statement": f.job.statement,
            "verdict": f.kept.verdict.value,
            "how": f.kept.how,
            "evidence": f.kept.evidence,
            "as_wanted": f.as_wanted,
            "cached": f.seconds is None,
            "seconds": round(f.seconds or 0.0, 4),
        }
        for f in everything
    ]
    counts = Counter(finding.kept.verdict.value for finding in everything)
    return {"claims": claims, "summary": {**counts, "failed": len(failed), "seconds": seconds}}


def _summary(everything: Sequence[Finding], seconds: float) -> Text:
    counts = Counter(finding.kept.verdict.value for finding in everything)
    noun = "statement" if len(everything) == 1 else "statements"
    words = ", ".join(f"{count} {word}" for word, count in counts.items())
    known = sum(finding.seconds is None for finding in everything)
    tail = f", {known} known from before (--fresh proves them again)" if known else ""
    return Text(f"{len(everything)} {noun}: {words}; {seconds:.1f} s{tail}", "label")


def _table(everything: Sequence[Finding], terminal: Terminal) -> Any:
    """How many statements of each lesson came to which word."""
    from dlteach.screen.markdown import columns

    words = [o for o in Outcome if any(finding.kept.verdict is o for finding in everything)]
    rows = []
    for name in dict.fromkeys(finding.job.lesson for finding in everything):
        own = [finding for finding in everything if finding.job.lesson == name]
        counts = Counter(finding.kept.verdict for finding in own)
        failed = sum(not finding.as_wanted for finding in own)
        mark = Text("✗ " + str(failed), "verdict.fails") if failed else Text("✓", "verdict.holds")
        rows.append([Text(name, "label"), *(Text(str(counts[word]) if counts[word] else "·") for word in words), mark])
    heads = ["lesson", *(word.value for word in words), "ok"]
    return columns(heads, rows, terminal, ["left", *(["right"] * len(words)), "center"])


def _rows(finding: Finding, terminal: Terminal) -> list[Text]:
    """The verdict and what it is about; the statement below it, and the evidence where it is not a proof."""
    job, found = finding.job, finding.kept
    word = verdict_text(found.verdict)
    if job.wanted is Outcome.REFUTED and finding.as_wanted:
        word = Text("✓ refuted", "verdict.holds")
    head = Text("  ") + word
    head.pad_right(max(1, MARGIN - head.cell_len))
    head.append(f"{job.id}", "label")
    head.append(f"  {found.how}", "quiet")
    rows = [head]
    if job.kind is not JobKind.DERIVATION and found.verdict is not Outcome.CITED:
        rows += _indented(Text(job.statement, "math"), terminal)
    if found.verdict is not Outcome.PROVED and found.evidence:
        rows += _indented(Text(found.evidence, "quiet"), terminal)
    return rows


def _indented(text: Text, terminal: Terminal) -> list[Text]:
    """A text in lines below the verdict's column."""
    room = max(10, terminal.console.width - MARGIN)
    return [Text(" " * MARGIN) + line for line in text.wrap(terminal.console, room)]

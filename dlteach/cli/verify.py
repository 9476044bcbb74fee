"""`dlteach verify [LESSON or CLAIM …]`: prove the course again, here and now."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer
from rich.text import Text

from dlteach.checking.verify import Finding, findings, record, remember
from dlteach.cli import ExitCode
from dlteach.cli.desk import Desk, Json, Plain, Stopwatch, emit
from dlteach.cli.names import complete_lesson
from dlteach.course.ledger import Outcome
from dlteach.errors import DlteachError
from dlteach.screen.terminal import Terminal
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
    write: Annotated[
        bool, typer.Option("--record", help="Write the verdicts beside the lessons (in a checkout).")
    ] = False,
    plain: Plain = False,
    json: Json = False,
) -> int:
    """Prove every claim, check every derivation, refute every erratum; exit code 1 if one fails."""
    desk = Desk(ctx, plain)
    watch = Stopwatch()
    everything: list[Finding] = []
    changed = []
    for name in names or desk.course.folders:
        lesson_name, _, only = name.partition("/")
        lesson = desk.course.lesson(lesson_name)
        found: list[Finding] = []
        for finding in findings(lesson, desk.course, only):
            if not json:
                if not found:
                    desk.terminal.print(Text(lesson.name, "section"))
                desk.terminal.print(*_rows(finding, desk.terminal))
            found.append(finding)
        if only and not found:
            raise DlteachError(
                f"there is no claim `{only}` in {lesson.name}: `dlteach lesson {lesson.name}` shows them"
            )
        everything += found
        if not only and write and record(lesson, found, desk.course.functions.digest):
            changed.append(f"{lesson.shown}/verdicts.json")
        if not only and not write and not remember(lesson, found, desk.course.functions.digest) and not json:
            desk.terminal.print(Text("  (the verdicts could not be kept: the cache folder is not writable)", "quiet"))
    counts = Counter(finding.verdict.outcome.value for finding in everything)
    failed = [finding for finding in everything if not finding.as_wanted]
    if json:
        claims = [
            {
                "id": f"{f.lesson}/{f.id}",
                "kind": f.kind,
                "statement": f.statement,
                "verdict": f.verdict.outcome.value,
                "how": f.verdict.how,
                "evidence": f.verdict.evidence,
                "as_wanted": f.as_wanted,
                "seconds": round(f.seconds, 4),
            }
            for f in everything
        ]
        emit({"claims": claims, "summary": {**counts, "failed": len(failed), "seconds": watch.seconds}})
    else:
        noun = "statement" if len(everything) == 1 else "statements"
        words = ", ".join(f"{count} {word}" for word, count in counts.items())
        desk.terminal.print(Text(""), Text(f"{len(everything)} {noun}: {words}; {watch.seconds:.1f} s", "label"))
        for path in changed:
            desk.terminal.print(Text(f"written: {path}", "quiet"))
        for finding in failed:
            desk.terminal.print(Text(f"✗ {finding.lesson}/{finding.id}: {finding.verdict.evidence}", "verdict.fails"))
    return ExitCode.NO if failed else ExitCode.YES


def _rows(finding: Finding, terminal: Terminal) -> list[Text]:
    """The verdict and what it is about; the statement below it, and the evidence where it is not a proof."""
    verdict = finding.verdict
    word = verdict_text(verdict.outcome)
    if finding.wanted is Outcome.REFUTED and finding.as_wanted:
        word = Text("✓ refuted", "verdict.holds")
    head = Text("  ") + word
    head.pad_right(max(1, MARGIN - head.cell_len))
    head.append(f"{finding.id}", "label")
    head.append(f"  {verdict.how}", "quiet")
    rows = [head]
    if finding.kind != "derivation" and verdict.outcome is not Outcome.CITED:
        rows += _indented(Text(finding.statement, "math"), terminal)
    if verdict.outcome is not Outcome.PROVED and verdict.evidence:
        rows += _indented(Text(verdict.evidence, "quiet"), terminal)
    return rows


def _indented(text: Text, terminal: Terminal) -> list[Text]:
    """A text in lines below the verdict's column."""
    room = max(10, terminal.console.width - MARGIN)
    return [Text(" " * MARGIN) + line for line in text.wrap(terminal.console, room)]

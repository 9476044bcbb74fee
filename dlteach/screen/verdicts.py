"""Claims and verdicts: words carry the meaning, colour repeats it."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import RenderableType
from rich.text import Text

from dlteach.course.files import text_in
from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome, Record
from dlteach.course.lessons import Claim, Erratum
from dlteach.notation.reader import read_statement
from dlteach.notation.tokens import NotationError
from dlteach.screen.formulas import formula
from dlteach.screen.markdown import markdown
from dlteach.screen.terminal import Terminal

LOOKS: Mapping[Outcome, tuple[str, str]] = {
    Outcome.PROVED: ("✓ proved", "verdict.holds"),
    Outcome.ENCLOSED: ("✓ enclosed", "verdict.holds"),
    Outcome.SAMPLED: ("∼ sampled", "verdict.open"),
    Outcome.OBSERVED: ("✓ observed", "verdict.shown"),
    Outcome.REFUTED: ("✗ refuted", "verdict.fails"),
    Outcome.UNDECIDED: ("? undecided", "verdict.open"),
    Outcome.INVALID: ("✗ invalid", "verdict.fails"),
    Outcome.CITED: ("§ cited", "verdict.shown"),
}
UNCHECKED = ("· not checked yet", "verdict.open")


def verdict_text(outcome: Outcome | None) -> Text:
    """The word for a verdict, with its sign and colour."""
    return Text(*(LOOKS[outcome] if outcome else UNCHECKED))


def barred(rows: list[Text], terminal: Terminal, style: str = "quiet") -> list[RenderableType]:
    """Rows behind a quiet bar on the left; in plain output they are only indented."""
    bar = Text("  " if terminal.plain else "▎ ", style)
    return [Text() + bar + row for row in rows]


def claim_panel(
    claim: Claim, full_id: str, record: Record | None, functions: Functions, terminal: Terminal
) -> list[RenderableType]:
    """A claim with its verdict from the ledger."""
    outcome = record.verdict if record else None
    head = Text() + Text("claim ", "quiet") + Text(full_id, "label") + Text("  ") + verdict_text(outcome)
    if outcome is Outcome.PROVED and record:
        head.append(f"  by {record.how}", "quiet")
    rows = [head]
    if claim.states:
        rows += statement_rows(claim.states, functions, terminal)
    if claim.says:
        rows += _wrapped(text_in(claim.says), terminal)
    if claim.cites:
        rows += _wrapped(claim.cites, terminal, "quiet")
    if record and record.evidence and outcome not in (Outcome.PROVED, Outcome.CITED):
        rows += _wrapped(record.evidence, terminal, "quiet")
    return barred(rows, terminal, LOOKS[outcome][1] if outcome else "quiet")


def erratum_panel(
    erratum: Erratum, full_id: str, records: Mapping[str, Record | None], functions: Functions, terminal: Terminal
) -> list[RenderableType]:
    """What a note says, what is right, and what shows it."""
    rows = [Text() + Text("erratum ", "quiet") + Text(full_id, "label") + Text(f"  {erratum.source}", "quiet")]
    rows += _wrapped("The note: " + text_in(erratum.noted), terminal)
    rows += _wrapped("Right is: " + text_in(erratum.correct), terminal)
    for part, statement in erratum.statements.items():
        record = records.get(part)
        rows.append(Text(""))
        rows += statement_rows(statement, functions, terminal)
        refuted = record is not None and record.verdict is Outcome.REFUTED
        evidence = f"  {record.evidence}" if record and refuted else ""
        rows.append(Text("  ") + verdict_text(record.verdict if record else None) + Text(evidence, "quiet"))
    if erratum.cites:
        rows += _wrapped(erratum.cites, terminal, "quiet")
    return barred(rows, terminal, "verdict.fails")


def statement_rows(statement: str, functions: Functions, terminal: Terminal) -> list[Text]:
    """A statement of the notation, typeset; as written where it cannot be read."""
    try:
        node = read_statement(statement, functions.names)
    except NotationError:
        return [Text("  " + statement, "math")]
    return formula(node, terminal.narrower(2), 2)


def _wrapped(text: str, terminal: Terminal, style: str = "") -> list[Text]:
    """A paragraph of Markdown behind a bar."""
    rows = [part for part in markdown(text, terminal.narrower(3)) if isinstance(part, Text)]
    for row in rows:
        row.stylize(style)
    return rows

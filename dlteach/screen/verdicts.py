"""Claims and verdicts: words carry the meaning, colour repeats it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest

from rich.console import RenderableType
from rich.text import Text

from dlteach.course.entries import Claim, Erratum
from dlteach.course.files import text_in
from dlteach.course.functions import Functions
from dlteach.course.ledger import KeptVerdict, Outcome
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
SIDE_BY_SIDE = 110  # columns from which an erratum is set in two halves
UNCHECKED = ("· not checked yet", "verdict.open")


def verdict_text(outcome: Outcome | None) -> Text:
    """The word for a verdict, with its sign and colour."""
    return Text(*(LOOKS[outcome] if outcome else UNCHECKED))


def barred(rows: list[Text], terminal: Terminal, style: str = "quiet") -> list[RenderableType]:
    """Rows behind a quiet bar on the left; in plain output they are only indented."""
    bar = Text("  " if terminal.plain else "▎ ", style)
    return [Text() + bar + row for row in rows]


def claim_panel(
    claim: Claim, full_id: str, kept: KeptVerdict | None, functions: Functions, terminal: Terminal
) -> list[RenderableType]:
    """A claim with its verdict from the ledger."""
    outcome = kept.verdict if kept else None
    head = Text() + Text("claim ", "quiet") + Text(full_id, "label") + Text("  ") + verdict_text(outcome)
    if outcome is Outcome.PROVED and kept:
        head.append(f"  by {kept.how}", "quiet")
    rows = _broken(head, terminal)
    if claim.states:
        rows += statement_rows(claim.states, functions, terminal)
    if claim.says:
        rows += _wrapped(text_in(claim.says), terminal)
    if claim.cites:
        rows += _wrapped(claim.cites, terminal, "quiet")
    if kept and kept.evidence and outcome not in (Outcome.PROVED, Outcome.CITED):
        rows += _wrapped(kept.evidence, terminal, "quiet")
    return barred(rows, terminal, LOOKS[outcome][1] if outcome else "quiet")


def erratum_panel(
    erratum: Erratum,
    full_id: str,
    kept: Mapping[str, KeptVerdict | None],
    functions: Functions,
    terminal: Terminal,
    wide: bool = False,
) -> list[RenderableType]:
    """What a note says, what is right, and what shows it; if `wide`, side by side where there is room for that."""
    head = Text() + Text("erratum ", "quiet") + Text(full_id, "label") + Text(f"  {erratum.source}", "quiet")
    rows = _broken(head, terminal)
    halves = (("The note", "noted", "refutes"), ("Right is", "correct", "holds"))
    wide = wide and terminal.console.width >= SIDE_BY_SIDE and not terminal.plain
    room = (min(terminal.console.width, 2 * terminal.widest) - 6) // 2
    view = replace(terminal, widest=room) if wide else terminal
    columns = []
    for title, words, part in halves:
        column = _wrapped(f"{title}: " + text_in(getattr(erratum, words)), view)
        if statement := erratum.statements.get(part):
            column += [Text(""), *statement_rows(statement, functions, view), *_judged(kept.get(part), view)]
        columns.append(column)
    if wide:
        rows += _beside(columns[0], columns[1], room)
    else:
        rows += [*columns[0], Text(""), *columns[1]]
    if erratum.cites:
        rows += _wrapped(erratum.cites, terminal, "quiet")
    return barred(rows, terminal, "verdict.fails")


def _judged(kept: KeptVerdict | None, terminal: Terminal) -> list[Text]:
    """The word for a statement of an erratum, with the counterexample where it is refuted."""
    row = Text("  ") + verdict_text(kept.verdict if kept else None)
    if kept is None or kept.verdict is not Outcome.REFUTED:
        return [row]
    row.append(f"  {kept.evidence}", "quiet")
    return _broken(row, terminal)


def _broken(row: Text, terminal: Terminal) -> list[Text]:
    """A row in as many as it needs behind a bar."""
    return list(row.wrap(terminal.console, max(16, terminal.width - 3)))


def _beside(left: list[Text], right: list[Text], room: int) -> list[Text]:
    """Two columns of rows."""
    rows = []
    for a, b in zip_longest(left, right, fillvalue=Text("")):
        row = a.copy()
        row.pad_right(max(0, room - row.cell_len))
        rows.append(row + Text("  ") + b)
    return rows


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

"""A derivation on screen: one line a step, its rule in the margin, and the witnesses below."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from dlteach.notation.latex import latex
from dlteach.notation.show import show
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Derivative, Expr, Symbol
from dlteach.notation.typeset import Block, display
from dlteach.reasoning.derive import Derivation
from dlteach.screen.terminal import Terminal

MARGIN = 24  # columns for the names of the rules
SIGNS = {True: ("✓ ", "verdict.holds"), False: ("✗ ", "verdict.fails"), None: ("? ", "verdict.open")}


def derivation_rows(derivation: Derivation, terminal: Terminal) -> list[RenderableType]:
    """The steps from the expression to its derivative."""
    whole = Derivative(derivation.expression, Symbol(derivation.variable), derivation.order)
    rows: list[RenderableType] = list(equation_rows("", whole, "", terminal))
    for step in derivation.steps:
        line = step.line
        if step.rule.name == "definition":
            line = Derivative(step.after, Symbol(derivation.variable), derivation.order)
        rows += equation_rows("=", line, step.rule.name, terminal)
    return rows


def equation_rows(sign: str, expr: Expr, rule: str, terminal: Terminal) -> list[RenderableType]:
    """`= expression`, with the rule's name on the right, or above it where there is no room."""
    lead = f"  {sign} " if sign else "    "
    if terminal.flat:
        text = Text(lead) + Text(show(expr, pretty=True), "math")
        if rule:
            text = text + Text(f"   [{rule}]", "rule.name")
        return [text]
    room = terminal.width - len(lead)
    beside = room - MARGIN
    try:
        blocks = display(latex(expr), beside if rule else room)
        if rule and len(blocks) > 1:
            blocks = display(latex(expr), room)
    except NotationError:
        return [Text(lead + show(expr, pretty=True), "math")]
    fits = not rule or (len(blocks) == 1 and blocks[0].width <= beside)
    rows = [] if fits else [Text(f"    {rule}", "rule.name")]
    rows += _rows(blocks, lead, rule if fits else "", beside)
    return [*rows, Text("")] if len(rows) > 1 else list(rows)


def _rows(blocks: Sequence[Block], lead: str, rule: str, beside: int) -> list[Text]:
    rows = []
    for number, block in enumerate(blocks):
        for i, row in enumerate(block.rows):
            here = number == 0 and i == block.axis
            text = Text(lead if here else " " * len(lead)) + Text(row.rstrip(), "math")
            if here and rule:
                text = text + Text(" " * max(2, beside + len(lead) - text.cell_len + 2) + rule, "rule.name")
            rows.append(text)
    return rows


def check_rows(checks: Sequence[tuple[bool | None, str]]) -> list[RenderableType]:
    """The witnesses, each with its sign."""
    return [Text("  ") + Text(*SIGNS[holds]) + Text(says, "quiet" if holds else "") for holds, says in checks]

"""A derivation on screen: one line a step, its rule in the margin, and the witnesses below."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from rich.console import RenderableType
from rich.text import Text

from dlteach.notation.blocks import Block
from dlteach.notation.latex import latex
from dlteach.notation.show import show
from dlteach.notation.tree import Node, walk
from dlteach.notation.typeset import display
from dlteach.reasoning.deriving.steps import Derivation, Kink, rule_names
from dlteach.screen.terminal import Terminal

MARGIN = 24  # columns for the names of the rules
MOST_LAID_OUT = 10_000  # signs of a derivation that is set in two dimensions
SIGNS = {True: ("✓ ", "verdict.holds"), False: ("✗ ", "verdict.fails"), None: ("? ", "verdict.open")}


def derivation_rows(derivation: Derivation, terminal: Terminal) -> list[RenderableType]:
    """The steps from the expression to its derivative; trivial ones share a line with the step before.

    A derivation with more signs than anyone reads is written line by line, as it can be typed.
    """
    lines = list(derivation.lines())
    nodes = (node for line, _ in lines for node in walk(line))
    linear = sum(1 for _ in islice(nodes, MOST_LAID_OUT + 1)) > MOST_LAID_OUT
    rows: list[RenderableType] = list(equation_rows("", derivation.whole, "", terminal, linear=linear))
    for line, steps in lines:
        rows += equation_rows("=", line, rule_names(steps), terminal, linear=linear)
    return rows


def equation_rows(
    sign: str, expr: Node, rule: str, terminal: Terminal, style: str = "rule.name", linear: bool = False
) -> list[RenderableType]:
    """`= expression`, with the rule's name on the right, or above it where there is no room or all is `linear`."""
    lead = f"  {sign} " if sign else "    "
    if terminal.flat:
        tail = f"   [{rule}]" if rule else ""
        return [Text(lead) + Text(show(expr, pretty=True), "math") + Text(tail, style)]
    if linear:
        above = [Text(f"    {rule}", style)] if rule else []
        return [*above, *_wrapped_line(lead, show(expr, pretty=True), terminal), Text("")]
    room = terminal.width - len(lead)
    beside = room - max(MARGIN, len(rule) + 2) if rule else room
    blocks = display(latex(expr), max(20, beside))
    fits = not rule or (len(blocks) == 1 and blocks[0].width <= beside)
    if not fits:
        blocks = display(latex(expr), room)
    rows: list[Text] = [] if fits else [Text(f"    {rule}", style)]
    if max(block.width for block in blocks) > room:  # a fraction that cannot be broken: its line can
        rows += _wrapped_line(lead, show(expr, pretty=True), terminal)
    else:
        rows += _rows(blocks, lead, rule if fits else "", room, style)
    return [*rows, Text("")] if len(rows) > 1 else list(rows)


def _wrapped_line(lead: str, line: str, terminal: Terminal) -> list[Text]:
    parts = Text(line, "math").wrap(terminal.console, terminal.width - len(lead))
    return [Text(lead if i == 0 else " " * len(lead)) + part for i, part in enumerate(parts)]


def _rows(blocks: Sequence[Block], lead: str, rule: str, room: int, style: str) -> list[Text]:
    """The rows of a formula; the rule's name stands on the axis of the first block."""
    column = len(lead) + room - max(MARGIN, len(rule))
    rows = []
    for number, block in enumerate(blocks):
        for i, row in enumerate(block.rows):
            here = number == 0 and i == block.axis
            text = Text(lead if here else " " * len(lead)) + Text(row.rstrip(), "math")
            if here and rule:
                text = text + Text(" " * max(2, column - text.cell_len) + rule, style)
            rows.append(text)
    return rows


def check_rows(checks: Sequence[tuple[bool | None, str]]) -> list[RenderableType]:
    """The witnesses, each with its sign."""
    return [Text("  ") + Text(*SIGNS[holds]) + Text(says, "quiet" if holds else "") for holds, says in checks]


def kink_words(kink: Kink) -> str:
    """Both slopes, and the convention by which the formula gives a value there."""
    words = f"slope {kink.left} from the left, {kink.right} from the right"
    if kink.takes:
        words += f"; the formula takes {kink.takes} there, by convention: any subgradient between the two would do"
    return words


def wrapped(words: str, indent: int, terminal: Terminal) -> list[Text]:
    """A sentence in lines that leave room for an indent."""
    rows = list(Text(words).wrap(terminal.console, max(16, terminal.width - indent)))
    for row in rows:
        row.rstrip()
    return rows


def derivation_latex(derivation: Derivation) -> str:
    """The steps as an `aligned` environment, each with its rule."""
    rows = [f"{latex(derivation.whole)} &"]
    for step in derivation.steps:
        rows.append(rf"&= {latex(derivation.line(step))} && \text{{{step.rule.name.replace('_', chr(92) + '_')}}}")
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

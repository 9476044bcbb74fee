"""`dlteach search WORDS`: lessons, claims, derivations, questions, functions."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from dlteach.cli.desk import EXPRESSIONS, Desk, Json, Plain, emit
from dlteach.cli.exits import ExitCode
from dlteach.screen.markdown import markdown
from dlteach.study.searching import search as find

app = typer.Typer(add_completion=False)

MARGIN = 12  # columns for the kind
LONGEST = 200  # characters of what was sought and not found


@app.command(context_settings=EXPRESSIONS)
def search(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(help="Words, a function's name, or a formula.")],
    count: Annotated[int, typer.Option("--count", min=1, help="At most so many.")] = 12,
    plain: Plain = False,
    json: Json = False,
) -> int:
    """Find lessons, claims, derivations, questions and functions; exit code 1 where there is nothing."""
    desk = Desk(ctx, plain)
    hits = find(" ".join(words), desk.course)
    if json:
        emit({"hits": [{"kind": h.item.kind, "name": h.item.name, "command": h.item.command} for h in hits[:count]]})
        return ExitCode.YES if hits else ExitCode.NO
    if not hits:
        sought = " ".join(words)
        shown = sought if len(sought) <= LONGEST else sought[: LONGEST - 1] + "…"
        desk.terminal.print(Text(f"Nothing has {shown}: dlteach lessons shows the map."))
        return ExitCode.NO
    for hit in hits[:count]:
        lead = Text(f"{hit.item.kind:<{MARGIN}}", "quiet")
        desk.terminal.print(lead + Text(hit.item.name, "label"))
        said = (row for row in markdown(hit.item.title, desk.terminal.narrower(MARGIN + 2)) if isinstance(row, Text))
        first, *rest = [*said, Text("")]
        desk.terminal.print(Text(" " * MARGIN) + first + Text(" …" if len(rest) > 1 else ""))
    more = f"  {len(hits) - count} more with --count {len(hits)}" if len(hits) > count else ""
    desk.terminal.print(
        Text("open the first with ", "quiet") + Text(hits[0].item.command, "code") + Text(more, "quiet")
    )
    return ExitCode.YES

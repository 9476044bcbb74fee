"""`dlteach errata [LESSON]`: what the notes got wrong, with the proof."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from dlteach.cli.desk import Desk, Json, Plain, emit
from dlteach.cli.exits import ExitCode
from dlteach.cli.names import complete_lesson
from dlteach.course.files import text_in
from dlteach.screen.lesson import contrast
from dlteach.screen.plot import plot
from dlteach.screen.verdicts import erratum_panel

app = typer.Typer(add_completion=False)


@app.command()
def errata(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="A lesson; all when left out.", autocompletion=complete_lesson)] = "",
    plain: Plain = False,
    json: Json = False,
) -> int:
    """Show what the study notes got wrong, what is right, and what shows it."""
    desk = Desk(ctx, plain)
    rows = []
    for lesson in [desk.course.lesson(name)] if name else desk.course.lessons():
        for erratum in lesson.errata:
            kept = desk.course.erratum_verdicts(lesson, erratum)
            if json:
                rows.append(
                    {
                        "id": f"{lesson.name}/{erratum.id}",
                        "source": erratum.source,
                        "noted": text_in(erratum.noted),
                        "correct": text_in(erratum.correct),
                        "refutes": erratum.refutes,
                        "holds": erratum.holds,
                        "verdicts": {part: found.verdict.value for part, found in kept.items() if found},
                    }
                )
                continue
            full_id = f"{lesson.name}/{erratum.id}"
            functions = desk.course.functions
            desk.terminal.print(*erratum_panel(erratum, full_id, kept, functions, desk.terminal, wide=True))
            if erratum.refutes and (chart := contrast(erratum.refutes, desk.course.functions)) is not None:
                desk.terminal.print(Text(""), *plot(chart, desk.terminal, height=8))
            desk.terminal.print(Text(""))
    if json:
        emit({"errata": rows})
    return ExitCode.YES

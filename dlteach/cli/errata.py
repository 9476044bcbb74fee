"""`dlteach errata [LESSON]`: what the notes got wrong, with the proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from dlteach.cli.desk import Desk, Json, Plain, emit
from dlteach.cli.exits import ExitCode
from dlteach.cli.names import complete_lesson
from dlteach.course import limits
from dlteach.course.entries import Erratum, Lesson
from dlteach.course.files import text_in
from dlteach.course.ledger import KeptVerdict
from dlteach.notation.patience import NEVER, Overrun, clock, look, until
from dlteach.screen.lesson import contrast
from dlteach.screen.plot import plot
from dlteach.screen.verdicts import erratum_panel

app = typer.Typer(add_completion=False)


def _shown(
    lesson: Lesson, erratum: Erratum, kept: Mapping[str, KeptVerdict | None], desk: Desk
) -> Iterator[RenderableType]:
    """The panel of an erratum, and the curves that show it to the eye."""
    functions = desk.course.functions.inside(lesson.name)
    yield from erratum_panel(erratum, f"{lesson.name}/{erratum.id}", kept, functions, desk.terminal, wide=True)
    if erratum.refutes and (chart := contrast(erratum.refutes, functions)) is not None:
        yield from (Text(""), *plot(chart, desk.terminal, height=8))


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
    end = clock() + limits.PAGE_SECONDS  # for what the packs beside the course bring
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
            try:
                with until(end if lesson.outside else NEVER):
                    look()
                    desk.terminal.print(*_shown(lesson, erratum, kept, desk))
            except Overrun:
                desk.terminal.print(Text(f"({lesson.name}/{erratum.id}: not shown, it takes too long)", "quiet"))
            desk.terminal.print(Text(""))
    if json:
        emit({"errata": rows})
    return ExitCode.YES

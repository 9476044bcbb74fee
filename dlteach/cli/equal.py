"""`dlteach equal A B`: are two expressions equal?"""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from dlteach.cli.desk import EXPRESSIONS, Desk, File, Json, Plain, Stopwatch, batch, emit, texts
from dlteach.cli.exits import ExitCode
from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.errors import DlteachError, TooLong
from dlteach.notation.reader import read, read_conditions
from dlteach.reasoning.deciding.verdicts import out_of_time
from dlteach.reasoning.worker.asked import asked

app = typer.Typer(add_completion=False)

WORDS = {Outcome.PROVED: "equal", Outcome.REFUTED: "different", Outcome.INVALID: "invalid"}
CODES = {"equal": ExitCode.YES, "different": ExitCode.NO, "invalid": ExitCode.INVALID, "undecided": ExitCode.UNDECIDED}
LOOKS = {
    "equal": ("✓ equal", "verdict.holds"),
    "different": ("✗ different", "verdict.fails"),
    "invalid": ("✗ invalid", "verdict.fails"),
    "undecided": ("? undecided", "verdict.open"),
}


@app.command(context_settings=EXPRESSIONS)
def equal(
    ctx: typer.Context,
    left: Annotated[str, typer.Argument(help="An expression.")] = "",
    right: Annotated[str, typer.Argument(help="Another one.")] = "",
    given: Annotated[str, typer.Option("--given", help='Conditions, as in "x > 0, n integer".')] = "",
    file: File = "",
    plain: Plain = False,
    json: Json = False,
) -> int:
    """Decide whether two expressions are equal: a proof or a counterexample."""
    desk = Desk(ctx, plain)
    if file:
        shape = '["A", "B"] or ["A", "B", "x > 0"]'
        return batch(file, lambda request: _judged(texts(request, 2, 3, shape), desk.course.functions))
    if not left or not right:
        raise DlteachError('two expressions are needed: dlteach equal "A" "B"')
    document = _judged([left, right, given], desk.course.functions)
    if json:
        emit(document)
        return CODES[document["verdict"]]
    desk.terminal.print(Text() + Text(*LOOKS[document["verdict"]]) + Text(f"  {document['method']}", "quiet"))
    if document["evidence"]:
        desk.terminal.print(Text(f"  {document['evidence']}"))
    for side, lack in document["lacks"].items():
        where = "at this point only" if lack["isolated"] else "nor at points around it"
        desk.terminal.print(Text(f"  the {side} side has no value {lack['where']}, {where}"))
    return CODES[document["verdict"]]


def _judged(request: list[str], functions: Functions) -> dict[str, Any]:
    """The object that scripts may rely on; raises DlteachError for what cannot be read."""
    watch = Stopwatch()
    left, right = (read(text, functions.names) for text in request[:2])
    given = request[2] if len(request) > 2 else ""
    conditions = read_conditions(given, functions.names) if given.strip() else ()
    try:
        verdict, lacks = asked("reasoning.explaining.lacking:compared", left, right, conditions, functions)
    except TooLong as problem:
        verdict, lacks = out_of_time(problem), {}
    document: dict[str, Any] = verdict.document(
        WORDS.get(verdict.outcome, "undecided"), verdict.outcome.value, watch.seconds
    )
    document["lacks"] = {
        side: {"where": lack.where, "point": dict(lack.point), "why": lack.why, "isolated": lack.isolated}
        for side, lack in lacks.items()
    }
    return document

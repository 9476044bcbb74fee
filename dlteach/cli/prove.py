"""`dlteach prove STATEMENT`: is this true? Any statement of the notation."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from dlteach.cli.desk import EXPRESSIONS, Desk, File, Json, Plain, Stopwatch, batch, emit, texts
from dlteach.cli.exits import ExitCode
from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.errors import DlteachError, TooLong
from dlteach.notation.reader import read_statement
from dlteach.reasoning.deciding.verdicts import out_of_time
from dlteach.reasoning.worker.asked import asked
from dlteach.screen.derivations import wrapped
from dlteach.screen.formulas import formula
from dlteach.screen.verdicts import verdict_text

app = typer.Typer(add_completion=False)

SECONDS = 10.0
GRACE = 1.2  # times the seconds that were given, until the judge is taken the question away
JUDGE = "reasoning.deciding.judge:judge"
CODES = {
    Outcome.PROVED: ExitCode.YES,
    Outcome.ENCLOSED: ExitCode.YES,
    Outcome.REFUTED: ExitCode.NO,
    Outcome.INVALID: ExitCode.INVALID,
}


@app.command(context_settings=EXPRESSIONS)
def prove(
    ctx: typer.Context,
    statement: Annotated[str, typer.Argument(help='As in "swish(x) <= relu(x)" or "convex(softplus)".')] = "",
    file: File = "",
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, max=600, help="How long to try.")] = SECONDS,
    plain: Plain = False,
    json: Json = False,
) -> int:
    """Prove, enclose or refute a statement; exit code 0 true, 1 false, 2 invalid, 3 not settled."""
    desk = Desk(ctx, plain)
    if file:
        return batch(
            file, lambda request: _judged(texts(request, 1, 1, '["STATEMENT"]')[0], desk.course.functions, seconds)
        )
    if not statement:
        raise DlteachError('a statement is needed: dlteach prove "swish(x) <= relu(x)"')
    document = _judged(statement, desk.course.functions, seconds)
    outcome = Outcome(document["verdict"])
    if json:
        emit(document)
        return CODES.get(outcome, ExitCode.UNDECIDED)
    node = read_statement(statement, desk.course.functions.names)
    head = Text() + verdict_text(outcome) + Text(f"  {document['method']}  {document['seconds']:.2f} s", "quiet")
    desk.terminal.print(*formula(node, desk.terminal, 2), Text(""), head)
    for says in filter(None, (document["evidence"], document["remark"])):
        desk.terminal.print(*(Text("  ") + row for row in wrapped(says, 2, desk.terminal)))
    return CODES.get(outcome, ExitCode.UNDECIDED)


def _judged(statement: str, functions: Functions, seconds: float) -> dict[str, Any]:
    """The object that scripts may rely on; raises DlteachError for what cannot be read."""
    watch = Stopwatch()
    node = read_statement(statement, functions.names)
    advice = "give it more --seconds, or state it otherwise"
    try:
        verdict = asked(JUDGE, node, functions, seconds, seconds=GRACE * seconds, advice=advice)
    except TooLong as problem:
        verdict = out_of_time(problem)
    document: dict[str, Any] = verdict.document(verdict.outcome.value, str(verdict.how), watch.seconds)
    return document

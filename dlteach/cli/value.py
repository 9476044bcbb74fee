"""`dlteach value EXPR`: a number, exact to the digits asked."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

import typer
from rich.text import Text

from dlteach.cli.desk import EXPRESSIONS, Desk, File, Json, Plain, batch, emit
from dlteach.cli.exits import ExitCode
from dlteach.course.functions import Functions
from dlteach.errors import DlteachError
from dlteach.notation.reader import read, read_variable
from dlteach.notation.tree import literal
from dlteach.reasoning.worker.asked import asked

app = typer.Typer(add_completion=False)

DIGITS = 15
MOST_DIGITS = 1000


@app.command(context_settings=EXPRESSIONS)
def value(
    ctx: typer.Context,
    expression: Annotated[str, typer.Argument(help='What to evaluate, as "gelu(1.5)".')] = "",
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="A symbol's value, as x=1.5; may be repeated.")
    ] = None,
    digits: Annotated[int, typer.Option("--digits", min=1, max=MOST_DIGITS, help="How many digits.")] = DIGITS,
    file: File = "",
    plain: Plain = False,
    json: Json = False,
) -> int:
    """Evaluate an expression to the digits asked, every one of them right."""
    desk = Desk(ctx, plain)
    functions = desk.course.functions
    if file:
        return batch(file, lambda request: _from_request(request, digits, functions))
    if not expression:
        raise DlteachError('an expression is needed: dlteach value "gelu(1.5)"')
    result = _evaluated(expression, settings(set_ or [], functions), digits, functions)
    if json:
        emit(result)
        return ExitCode.YES
    desk.terminal.console.print(Text(result["value"], "label"), soft_wrap=True)
    return ExitCode.YES


def settings(given: list[str], functions: Functions) -> dict[str, Fraction]:
    """`x=1.5` as exact numbers; raises DlteachError."""
    found = {}
    for setting in given:
        name, equals, text = setting.partition("=")
        number = literal(read(text, functions.names)) if equals else None
        if number is None:
            raise DlteachError(f"`{setting}` sets nothing: write --set x=1.5")
        found[read_variable(name, functions.names)] = number
    return found


def _from_request(request: list[Any], digits: int, functions: Functions) -> Mapping[str, Any]:
    if not request or not isinstance(request[0], str) or len(request) > 2:
        raise DlteachError('the line does not fit: write ["EXPR"] or ["EXPR", {"x": 1.5}]')
    given = request[1] if len(request) == 2 else {}
    if not isinstance(given, dict):
        raise DlteachError('the values do not fit: write {"x": 1.5}')
    point = {}
    for name, number in given.items():
        if isinstance(number, bool) or not isinstance(number, int | Decimal | str):
            raise DlteachError(f"the value of `{name}` is no number: write {{{name!r}: 1.5}}")
        exact = literal(read(str(number), functions.names))
        if exact is None:
            raise DlteachError(f"the value of `{name}` is no number: write {{{name!r}: 1.5}}")
        point[read_variable(name, functions.names)] = exact
    return _evaluated(request[0], point, digits, functions)


def _evaluated(text: str, point: Mapping[str, Fraction], digits: int, functions: Functions) -> dict[str, Any]:
    found = asked("reasoning.deciding.judge:value_of", read(text, functions.names), point, functions, digits)
    return {"value": found, "digits": digits}

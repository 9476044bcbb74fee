"""`dlteach derive EXPR`: a derivative, rule by rule, with its witnesses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from dlteach.cli.desk import EXPRESSIONS, Desk, Json, Plain, emit
from dlteach.cli.exits import ExitCode
from dlteach.cli.names import complete_function
from dlteach.course.entries import Line, WorkedDerivation
from dlteach.course.files import text_in
from dlteach.errors import TooLong
from dlteach.notation.patience import clock
from dlteach.notation.show import show
from dlteach.notation.tree import Derivative, Symbol
from dlteach.reasoning.deciding.verdicts import out_of_time
from dlteach.reasoning.deriving.steps import Check, Derivation, Kink, drawable
from dlteach.reasoning.worker.asked import REQUEST, asked
from dlteach.screen.derivations import check_rows, derivation_latex, derivation_rows, equation_rows, kink_words, wrapped
from dlteach.screen.lesson import line_rows
from dlteach.screen.verdicts import verdict_text

if TYPE_CHECKING:
    from dlteach.checking.lines import LineFinding

app = typer.Typer(add_completion=False)

LEAST = 0.5  # seconds for the checks, however long the derivation took
SOFT = 0.8  # of the seconds for the checks: their own budget


@app.command(context_settings=EXPRESSIONS)
def derive_(
    ctx: typer.Context,
    expression: Annotated[
        str,
        typer.Argument(
            help="A function's name, an expression, or LESSON/DERIVATION.", autocompletion=complete_function
        ),
    ],
    wrt: Annotated[str, typer.Option("--wrt", help="The variable, where it is not clear.")] = "",
    order: Annotated[int, typer.Option("--order", min=1, max=6, help="Which derivative.")] = 1,
    brief: Annotated[
        bool, typer.Option("--brief", help="Only the result, its kinks and whether it was checked.")
    ] = False,
    as_latex: Annotated[bool, typer.Option("--latex", help="The derivation as LaTeX, for a paper.")] = False,
    plain: Plain = False,
    json: Json = False,
) -> int:
    """Differentiate rule by rule; SymPy and a numeric derivative check the result."""
    desk = Desk(ctx, plain)
    if (worked := _worked(expression, desk)) is not None:
        desk.course = desk.course.inside(expression.strip().partition("/")[0])
        if not worked.of:
            return _show_worked(worked, expression, desk, json)
        expression = worked.of
    end = clock() + REQUEST
    made = asked("reasoning.deriving.derive:derived", expression, desk.course.functions, wrt, order)
    if not brief:
        drawable(made, "--brief shows the result alone")
    if as_latex:
        desk.terminal.console.print(Text(derivation_latex(made)), soft_wrap=True)
        return ExitCode.YES
    if json:
        return _as_json(made, desk, end)
    return _on_screen(made, desk, brief, end)


def _witnesses(made: Derivation, desk: Desk, end: float) -> tuple[Sequence[Check], Sequence[Kink]]:
    """What is looked at beside a derivation, in what is left of the time; a check that could not be made says so."""
    left = max(LEAST, end - clock())
    try:
        found: tuple[Sequence[Check], Sequence[Kink]] = asked(
            "reasoning.deriving.cross_checks:witnesses", made, desk.course.functions, seconds=left
        )
    except TooLong as problem:
        return (Check("SymPy", None, f"the result could not be checked: {problem}"),), ()
    return found


def _worked(text: str, desk: Desk) -> WorkedDerivation | None:
    """The derivation that `LESSON/ID` names, if it names one."""
    lesson, slash, identity = text.strip().partition("/")
    if slash and lesson in desk.course.folders:
        return desk.course.lesson(lesson).derivation(identity)
    return None


def _as_json(made: Derivation, desk: Desk, end: float) -> int:
    found, kinks = _witnesses(made, desk, end)
    emit(
        {
            "expression": show(made.expression),
            "variable": made.variable,
            "order": made.order,
            "derivative": show(made.result),
            "steps": [
                {
                    "rule": s.rule.name,
                    "before": show(s.before),
                    "after": show(s.after),
                    "why": s.rule.says,
                    "line": show(s.line),
                }
                for s in made.steps
            ],
            "kinks": [{"at": k.at, "left": k.left, "right": k.right, "takes": k.takes} for k in kinks],
            "checks": [{"name": c.name, "holds": c.holds, "says": c.says} for c in found],
        }
    )
    return _code([c.holds for c in found])


def _on_screen(made: Derivation, desk: Desk, brief: bool, end: float) -> int:
    terminal = desk.terminal
    if brief:
        whole = Derivative(made.expression, Symbol(made.variable), made.order)
        terminal.print(*equation_rows("", whole, "", terminal), *equation_rows("=", made.result, "", terminal))
    else:
        rows = derivation_rows(made, terminal)
        terminal.print(*(rows[:-1] if str(rows[-1]) == "" else rows))
        terminal.print(Text(""), Text("The result, as it can be typed:", "quiet"))
        terminal.console.print(Text("  " + show(made.result), "code"), soft_wrap=True)
        terminal.print(Text(""))
    found, kinks = _witnesses(made, desk, end)
    for kink in kinks:
        words = wrapped(f"at {made.variable} = {kink.at} there is a kink: {kink_words(kink)}", 4, terminal)
        terminal.print(Text() + Text("  ▸ ", "verdict.open") + words[0], *(Text(" " * 4) + row for row in words[1:]))
    terminal.print(*check_rows([(c.holds, c.says) for c in found]))
    return _code([c.holds for c in found])


def _finding(line: Line, *about: Any) -> LineFinding:
    """What is found out about a line of a worked derivation, in the time of one request."""
    from dlteach.checking.lines import LineFinding

    try:
        found: LineFinding = asked("checking.derivations:finding", line, *about, SOFT * REQUEST, seconds=REQUEST)
    except TooLong as problem:
        return LineFinding(line, out_of_time(problem))
    return found


def _show_worked(worked: WorkedDerivation, name: str, desk: Desk, json: bool) -> int:
    from dlteach.checking.lines import line_findings

    holds: list[bool | None] = []
    document: list[dict[str, Any]] = []
    if worked.title and not json:
        desk.terminal.print(Text(text_in(worked.title), "title"), Text(""))
    first = True
    for found in line_findings(worked, desk.course.functions, _finding):
        line, verdict = found.line, found.verdict
        sign = verdict_text(verdict.outcome) if verdict is not None else None
        if not json:
            desk.terminal.print(*line_rows(line, found.value, first, desk.course.functions, desk.terminal, sign))
        holds += [] if verdict is None else [True if verdict.holds else False if verdict.values else None]
        document.append(
            {
                "line": line.is_ or line.states or line.value,
                "because": text_in(line.because),
                "verdict": verdict.outcome.value if verdict else "",
                "value": found.value,
            }
        )
        first = not line.is_
    if json:
        emit({"derivation": name, "title": text_in(worked.title), "lines": document})
    elif all(holds):
        desk.terminal.print(Text(""), *check_rows([(True, f"{name}: every line holds, checked here and now")]))
    else:
        desk.terminal.print(Text(""), *check_rows([(None, f"{name}: not every line could be shown")]))
    return _code([all(holds) if False not in holds else False])


def _code(holds: list[bool | None]) -> int:
    return ExitCode.NO if False in holds else ExitCode.YES if True in holds else ExitCode.UNDECIDED

"""`dlteach derive EXPR`: a derivative, rule by rule, with its witnesses."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from dlteach.cli.desk import EXPRESSIONS, Desk, Json, Plain, emit
from dlteach.cli.exits import ExitCode
from dlteach.cli.names import complete_function
from dlteach.course.files import text_in
from dlteach.course.lessons import WorkedDerivation
from dlteach.notation.show import show
from dlteach.notation.tree import Derivative, Symbol
from dlteach.reasoning.deriving.derive import Derivation, derive, subject, textbook
from dlteach.screen.derivations import check_rows, derivation_latex, derivation_rows, equation_rows, kink_words, wrapped
from dlteach.screen.lesson import line_rows
from dlteach.screen.verdicts import verdict_text

app = typer.Typer(add_completion=False)


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
        if not worked.of:
            return _show_worked(worked, expression, desk, json)
        expression = worked.of
    expr, variable = subject(expression, desk.course.functions, wrt)
    made = textbook(derive(expr, variable, desk.course.functions, order), desk.course.functions)
    if json:
        return _as_json(made, desk)
    if as_latex:
        desk.terminal.console.print(Text(derivation_latex(made)), soft_wrap=True)
        return ExitCode.YES
    return _on_screen(made, desk, brief)


def _worked(text: str, desk: Desk) -> WorkedDerivation | None:
    """The derivation that `LESSON/ID` names, if it names one."""
    lesson, slash, identity = text.strip().partition("/")
    if slash and lesson in desk.course.folders:
        return desk.course.lesson(lesson).derivation(identity)
    return None


def _as_json(made: Derivation, desk: Desk) -> int:
    from dlteach.reasoning.deriving.cross_checks import checks, kinks

    found = checks(made, desk.course.functions)
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
            "kinks": [
                {"at": k.at, "left": k.left, "right": k.right, "takes": k.takes}
                for k in kinks(made, desk.course.functions)
            ],
            "checks": [{"name": c.name, "holds": c.holds, "says": c.says} for c in found],
        }
    )
    return _code([c.holds for c in found])


def _on_screen(made: Derivation, desk: Desk, brief: bool) -> int:
    from dlteach.reasoning.deriving.cross_checks import checks, kinks

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
    for kink in kinks(made, desk.course.functions):
        words = wrapped(f"at {made.variable} = {kink.at} there is a kink: {kink_words(kink)}", 4, terminal)
        terminal.print(Text() + Text("  ▸ ", "verdict.open") + words[0], *(Text(" " * 4) + row for row in words[1:]))
    found = checks(made, desk.course.functions)
    terminal.print(*check_rows([(c.holds, c.says) for c in found]))
    return _code([c.holds for c in found])


def _show_worked(worked: WorkedDerivation, name: str, desk: Desk, json: bool) -> int:
    from dlteach.checking.derivations import line_findings

    holds: list[bool | None] = []
    document: list[dict[str, Any]] = []
    if worked.title and not json:
        desk.terminal.print(Text(text_in(worked.title), "title"), Text(""))
    first = True
    for found in line_findings(worked, desk.course.functions):
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

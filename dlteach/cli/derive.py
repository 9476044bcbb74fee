"""`dlteach derive EXPR`: a derivative, rule by rule, with its witnesses."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from dlteach.cli import ExitCode
from dlteach.cli.desk import EXPRESSIONS, Desk, Json, Plain, emit
from dlteach.cli.names import complete_function
from dlteach.course.lessons import WorkedDerivation
from dlteach.notation.show import show
from dlteach.reasoning.derive import Derivation, derive, subject
from dlteach.screen.derivations import check_rows, derivation_rows
from dlteach.screen.lesson import worked_rows

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
    plain: Plain = False,
    json: Json = False,
) -> int:
    """Differentiate rule by rule; SymPy and a numeric derivative check the result."""
    desk = Desk(ctx, plain)
    if (worked := _worked(expression, desk)) is not None:
        if not worked.of:
            return _show_worked(worked, expression, desk)
        expression = worked.of
    expr, variable = subject(expression, desk.course.functions, wrt)
    made = derive(expr, variable, desk.course.functions, order)
    return _as_json(made, desk) if json else _on_screen(made, desk)


def _worked(text: str, desk: Desk) -> WorkedDerivation | None:
    """The derivation that `LESSON/ID` names, if it names one."""
    lesson, slash, identity = text.strip().partition("/")
    if slash and lesson in desk.course.folders:
        return desk.course.lesson(lesson).derivation(identity)
    return None


def _as_json(made: Derivation, desk: Desk) -> int:
    from dlteach.reasoning.witness import checks, kinks

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
            "kinks": [{"at": k.at, "left": k.left, "right": k.right} for k in kinks(made, desk.course.functions)],
            "checks": [{"name": c.name, "holds": c.holds, "says": c.says} for c in found],
        }
    )
    return _code([c.holds for c in found])


def _on_screen(made: Derivation, desk: Desk) -> int:
    from dlteach.reasoning.witness import checks, kinks

    terminal = desk.terminal
    rows = derivation_rows(made, terminal)
    terminal.print(*(rows[:-1] if str(rows[-1]) == "" else rows))
    terminal.print(Text(""), Text("The result, as it can be typed:", "quiet"))
    terminal.console.print(Text("  " + show(made.result), "code"), soft_wrap=True)
    terminal.print(Text(""))
    for kink in kinks(made, desk.course.functions):
        slopes = f"slope {kink.left} from the left, {kink.right} from the right"
        terminal.print(
            Text() + Text("  ▸ ", "verdict.open") + Text(f"at {made.variable} = {kink.at} there is a kink: {slopes}")
        )
    found = checks(made, desk.course.functions)
    terminal.print(*check_rows([(c.holds, c.says) for c in found]))
    return _code([c.holds for c in found])


def _show_worked(worked: WorkedDerivation, name: str, desk: Desk) -> int:
    from dlteach.checking.derivations import check_worked

    desk.terminal.print(*worked_rows(worked, desk.course, desk.terminal, proved=False), Text(""))
    verdict = check_worked(worked, desk.course.functions)
    holds = {"proved": True, "refuted": False}.get(verdict.outcome)
    desk.terminal.print(
        *check_rows([(holds, f"{name}: every line follows from the last" if holds else verdict.evidence)])
    )
    return _code([holds])


def _code(holds: list[bool | None]) -> int:
    return ExitCode.NO if False in holds else ExitCode.YES if True in holds else ExitCode.UNDECIDED

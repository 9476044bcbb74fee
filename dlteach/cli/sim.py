"""`dlteach sim [NAME]`: predict, run, compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from dlteach.cli.desk import EXPRESSIONS, Desk, Json, Plain, emit
from dlteach.cli.exits import ExitCode
from dlteach.cli.names import complete_simulation
from dlteach.errors import DlteachError
from dlteach.reasoning.worker.asked import asked
from dlteach.screen.markdown import columns
from dlteach.simulations import load, names

if TYPE_CHECKING:
    from dlteach.simulations._model import Simulation

app = typer.Typer(add_completion=False)

SMALLER = "take a shorter expression or smaller numbers"


@app.command(context_settings=EXPRESSIONS)
def sim(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(help="The simulation; all are listed when left out.", autocompletion=complete_simulation)
    ] = "",
    expr: Annotated[str, typer.Option("--expr", help="The expression of `backprop`.")] = "",
    set_: Annotated[list[str] | None, typer.Option("--set", help="A parameter, as k=8; may be repeated.")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same numbers again.")] = 0,
    auto: Annotated[bool, typer.Option("--auto", help="Ask nothing.")] = False,
    plain: Plain = False,
    json: Json = False,
) -> int:
    """Predict what happens, run it, and compare."""
    desk = Desk(ctx, plain)
    if not name:
        return _list(desk, json)
    simulation = load(name)
    parameters = _parameters(simulation, expr, set_ or [])
    if json:
        run = asked("simulations._running:ran", name, parameters, seed, desk.course.functions, advice=SMALLER)
        emit(
            {
                "name": name,
                "parameters": asdict(parameters),
                "seed": seed,
                "results": run.figures,
                "checks": [{"id": check.id, "holds": check.holds} for check in run.checks],
            }
        )
        return ExitCode.YES if all(check.holds for check in run.checks) else ExitCode.NO
    from dlteach.screen.dialogue import run as converse
    from dlteach.study.predicting import play

    converse(play(simulation, parameters, seed, desk.course.functions, auto), desk.terminal)
    return ExitCode.YES


def _parameters(simulation: Simulation, expr: str, given: list[str]) -> Any:
    from dlteach.simulations._model import read_parameters

    settings = {"expr": expr} if expr else {}
    for setting in given:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            raise DlteachError(f"`{setting}` sets nothing: write --set k=8")
        settings[name.strip()] = value.strip()
    return read_parameters(simulation, settings)


def _list(desk: Desk, json: bool) -> int:
    """All simulations with what they are about and what can be set."""
    found = [load(name) for name in names()]
    if json:
        emit({"simulations": [{"name": s.name, "title": s.title, "about": s.about} for s in found]})
        return ExitCode.YES
    for simulation in found:
        desk.terminal.print(Text() + Text(simulation.name, "label") + Text(f"  {simulation.about}"))
        rows = [[f.name, f"{f.default}", f.metadata["help"], _range(f.metadata)] for f in fields(simulation.parameters)]
        desk.terminal.print(columns(["--set", "default", "what", "range"], rows, desk.terminal), Text(""))
    return ExitCode.YES


def _range(facts: Mapping[str, Any]) -> str:
    return "" if facts["low"] is None else f"{facts['low']:g} to {facts['high']:g}"

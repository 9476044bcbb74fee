"""`dlteach plot EXPR …`: curves in the terminal, or as an SVG file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from dlteach.cli.desk import EXPRESSIONS, Desk, Plain
from dlteach.cli.exits import ExitCode
from dlteach.cli.names import complete_function
from dlteach.course.plots import PlotBlock, read_range
from dlteach.errors import DlteachError
from dlteach.notation.names import BUILTINS
from dlteach.notation.reader import read
from dlteach.notation.show import show
from dlteach.notation.tree import Call, Expr, Symbol, symbols
from dlteach.screen.lesson import drawn
from dlteach.screen.plot import plot as draw
from dlteach.system.outputs import replace_text

app = typer.Typer(add_completion=False)


@app.command(context_settings=EXPRESSIONS)
def plot(
    ctx: typer.Context,
    expressions: Annotated[
        list[str], typer.Argument(help="Functions' names or expressions in x.", autocompletion=complete_function)
    ],
    over: Annotated[str, typer.Option("--over", help="The range.")] = "x = -4..4",
    derivative: Annotated[bool, typer.Option("--derivative", help="The derivatives as well.")] = False,
    save: Annotated[str, typer.Option("--save", help="Write an SVG file instead.")] = "",
    plain: Plain = False,
) -> int:
    """Draw functions, each with its own dash pattern and its name at its right end."""
    desk = Desk(ctx, plain)
    functions = desk.course.functions
    try:
        variable, start, end = read_range(over, functions.names)
    except ValueError as problem:
        raise DlteachError(str(problem)) from None
    curves = []
    for text in expressions:
        name = functions.names.also.get(text, text)
        expr: Expr
        if name in functions:
            expr = functions[name].applied()
        elif name in BUILTINS:
            expr = Call(name, (Symbol(variable),))
        else:
            expr = read(text, functions.names)
        stray = sorted(symbols(expr) - {variable})
        if stray:
            raise DlteachError(f"`{stray[0]}` in `{text}` has no value: put a number in its place, as in elu(x, 1)")
        curves.append((show(expr, pretty=True), expr))
    block = PlotBlock(variable, start, end, derivative, tuple(curves))
    made = drawn(block, desk.course.functions)
    if save:
        from dlteach.screen.svg import svg

        try:
            replace_text(Path(save), svg(made))
        except OSError as problem:
            raise DlteachError(f"{save} cannot be written ({problem.strerror}): choose another file") from None
        desk.terminal.print(Text(f"written to {save}", "quiet"))
        return ExitCode.YES
    desk.terminal.print(*draw(made, desk.terminal, height=18))
    return ExitCode.YES

"""`dlteach config [KEY [VALUE]]`: settings."""

from __future__ import annotations

from typing import Annotated

import typer

from dlteach.cli.desk import Desk, Json, Plain, emit
from dlteach.cli.exits import ExitCode
from dlteach.screen.markdown import columns
from dlteach.study.settings import RANGES, changed, check_name, read_settings

app = typer.Typer(add_completion=False)


@app.command()
def config(
    ctx: typer.Context,
    key: Annotated[
        str, typer.Argument(help="The setting; all when left out.", autocompletion=lambda: list(RANGES))
    ] = "",
    setting: Annotated[str, typer.Argument(metavar="[VALUE]", help="Its new value.")] = "",
    plain: Plain = False,
    json: Json = False,
) -> int:
    """See or change a setting."""
    desk = Desk(ctx, plain)
    if key:
        check_name(key)
    settings = changed(key, setting) if setting else read_settings()
    chosen = {name: getattr(settings, name) for name in RANGES if key in ("", name)}
    if json:
        emit(chosen)
        return ExitCode.YES
    rows = [
        [name, f"{now:g}", f"{RANGES[name].low:g} to {RANGES[name].high:g}", RANGES[name].what]
        for name, now in chosen.items()
    ]
    desk.terminal.print(columns(["setting", "is", "may be", "what for"], rows, desk.terminal))
    return ExitCode.YES

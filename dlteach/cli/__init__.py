"""The command line: one file a command, loaded when it is named.

A command reads its arguments, calls the domain, and shows the result; it returns an exit code. `run` is the one
place where errors become a line and a code.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from dlteach import __version__
from dlteach.cli.as_typed import AsTyped
from dlteach.cli.exits import ExitCode, leave_quietly, say
from dlteach.commands import COMMANDS
from dlteach.errors import DlteachError, did_you_mean
from dlteach.faults import logged


class LazyGroup(TyperGroup):
    """Imports `dlteach.cli.<command>` when the command is named."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        command: Any = typer.main.get_command(import_module(f"dlteach.cli.{cmd_name}").app)
        command.name = cmd_name
        AsTyped.spare(command, ctx)
        return command

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        AsTyped.spare(self, ctx)
        rest: list[str] = super().parse_args(ctx, args)
        return rest

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            hint = did_you_mean(args[0], COMMANDS, "`dlteach --help` lists them")
            raise DlteachError(f"there is no command `{args[0]}`: {hint}")
        return super().resolve_command(ctx, args)


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"dlteach {__version__}\n")
        raise typer.Exit


app = typer.Typer(
    cls=LazyGroup,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    help="The mathematics of deep learning, and nothing of it on trust.",
    epilog="An expression may begin with a minus sign. NO_COLOR, COLUMNS and PAGER are honoured.",
)


@app.callback()
def dashboard(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")
    ] = False,
    plain: Annotated[bool, typer.Option("--plain", help="No box drawing; formulas on one line.")] = False,
) -> int:
    """The mathematics of deep learning, and nothing of it on trust."""
    ctx.obj = plain
    if ctx.invoked_subcommand is None:
        from dlteach.cli.dashboard import show

        return show(plain)
    return ExitCode.YES


def run(args: list[str] | None = None) -> int:
    """Run a command line; every problem becomes one line on standard error and an exit code."""
    try:
        code = app(args, standalone_mode=False, prog_name="dlteach")
        sys.stdout.flush()
        return int(code or 0)
    except DlteachError as problem:
        if "--json" in (sys.argv[1:] if args is None else args):
            from dlteach.cli.desk import emit, invalid

            emit(invalid(problem))
        return say(str(problem), ExitCode.INVALID)
    except typer.TyperException as problem:
        command = getattr(getattr(problem, "ctx", None), "command_path", "dlteach")
        return say(f"{problem.format_message().rstrip('.')}: `{command} --help` says how it is used", ExitCode.INVALID)
    except (KeyboardInterrupt, typer.Abort):
        return say("", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        leave_quietly()
    except Exception as problem:  # our own fault: a line for the person, the traceback for the log
        if os.environ.get("DLTEACH_DEBUG") == "1":
            raise
        return say(logged(problem), ExitCode.FAULT)
    return ExitCode.YES

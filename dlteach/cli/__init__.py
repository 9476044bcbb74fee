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
from dlteach.cli.exits import ExitCode, say
from dlteach.commands import COMMANDS
from dlteach.errors import DlteachError, TooLong, did_you_mean
from dlteach.system.endings import Ended, received
from dlteach.system.streams import OutputLost, shown
from dlteach.visible import on_one_line


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
        rest: list[str] = super().parse_args(ctx, _content_first(args))
        return rest

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            hint = did_you_mean(args[0], COMMANDS, "`dlteach --help` lists them")
            raise DlteachError(f"there is no command `{on_one_line(args[0])}`: {hint}")
        return super().resolve_command(ctx, args)


def _content_first(args: list[str]) -> list[str]:
    """The arguments with `--content DIR`, which may stand behind the command too, in front of all others."""
    end = args.index("--") if "--" in args else len(args)
    for index, word in enumerate(args[:end]):
        width = 2 if word == "--content" else 1 if word.startswith("--content=") else 0
        if width:
            return [*args[index : index + width], *args[:index], *args[index + width :]]
    return args


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
    content: Annotated[
        str, typer.Option("--content", metavar="DIR", help="Lessons of a pack beside the course; as DLTEACH_CONTENT.")
    ] = "",
) -> int:
    """The mathematics of deep learning, and nothing of it on trust."""
    from dlteach.cli.desk import Given

    ctx.obj = Given(plain, content)
    if ctx.invoked_subcommand is None:
        from dlteach.cli.dashboard import show

        return show(ctx)
    return ExitCode.YES


def run(args: list[str] | None = None) -> int:
    """Run a command line; every problem becomes one line on standard error and an exit code."""
    with shown():
        try:
            return _ended(sys.argv[1:] if args is None else args)
        except OutputLost as problem:
            return 128 + received[-1] if received else say(str(problem), ExitCode.INVALID)
        except Ended as end:
            return end.code


def _ended(args: list[str]) -> int:
    """The exit code of a command line, everything printed; raises OutputLost and Ended."""
    try:
        code = app(args, standalone_mode=False, prog_name="dlteach")
        sys.stdout.flush()
        return int(code or 0)
    except OutputLost:
        raise
    except DlteachError as problem:
        return _refused(problem, args)
    except typer.TyperException as problem:
        command = getattr(getattr(problem, "ctx", None), "command_path", "dlteach")
        message = on_one_line(problem.format_message().rstrip("."))
        return say(f"{message}: `{command} --help` says how it is used", ExitCode.INVALID)
    except (KeyboardInterrupt, typer.Abort):
        return say("", ExitCode.INTERRUPTED)
    except Exception as problem:
        if received:  # a library made something else of it
            raise Ended(128 + received[-1]) from None
        from dlteach.system.faults import is_beyond, logged

        if is_beyond(problem):
            return _refused(DlteachError(logged(problem)), args)
        if os.environ.get("DLTEACH_DEBUG") == "1":
            raise
        return say(logged(problem), ExitCode.FAULT)


def _refused(problem: DlteachError, args: list[str]) -> int:
    """The end of a command that could not do what it was asked to; with `--json` its object is printed as well."""
    if "--json" in args:
        from dlteach.cli.desk import emit, unanswered

        emit(unanswered(problem))
    code = ExitCode.UNDECIDED if isinstance(problem, TooLong) else ExitCode.INVALID
    return say(str(problem) if problem.drawn else on_one_line(str(problem)), code)

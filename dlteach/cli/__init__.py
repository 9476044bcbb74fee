"""The command line: one file a command, loaded when it is named.

A command reads its arguments, calls the domain, and shows the result; it returns an exit code. `run` is the one
place where errors become a line and a code.
"""

from __future__ import annotations

import os
import sys
from enum import IntEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from dlteach import __version__
from dlteach.errors import DlteachError, suggestion

COMMANDS = (
    "lessons", "lesson", "derive", "check", "equal", "prove", "value",
    "verify", "errata", "plot", "sim", "quiz", "study", "practice", "review", "progress", "search", "grade", "export",
    "import", "config", "lint",
)  # fmt: skip


class ExitCode(IntEnum):
    """What the shell is told."""

    YES = 0
    NO = 1
    INVALID = 2
    UNDECIDED = 3
    FAULT = 70
    INTERRUPTED = 130


AS_TYPED = (str, bool, list[str], list[str] | None)


class AsTyped:
    """The coercion of what needs none: texts, flags, and options that were not given.

    Typer imports pydantic to turn a string into a string, and that was nearly a third of a lesson's start-up. A Typer
    that keeps its coercions elsewhere ignores this and is only slower.
    """

    def __init__(self, parameter: Any) -> None:
        self.parameter = parameter

    @classmethod
    def spare(cls, command: Any, ctx: Any) -> None:
        """Let what a command is given pass as it is, where that is what Typer would do."""
        for parameter in command.get_params(ctx):
            if hasattr(parameter, "type_descriptor"):
                parameter._runtime_param = cls(parameter)

    def coerce(self, value: Any, **where: Any) -> Any:
        """The value as it was typed; a number that was typed is Typer's."""
        typed = isinstance(value, str | list | tuple)
        if not typed or self.parameter.type_descriptor.annotation in AS_TYPED:
            return value
        self.parameter._runtime_param = None
        return self.parameter.get_runtime_param().coerce(value, **where)


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
            meant = suggestion(args[0], COMMANDS)
            hint = f"did you mean {meant}?" if meant else "`dlteach --help` lists them"
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
        return _say(str(problem), ExitCode.INVALID)
    except typer.TyperException as problem:
        command = getattr(getattr(problem, "ctx", None), "command_path", "dlteach")
        return _say(f"{problem.format_message().rstrip('.')}: `{command} --help` says how it is used", ExitCode.INVALID)
    except (KeyboardInterrupt, typer.Abort):
        return _say("", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        leave_quietly()
    except Exception as problem:  # our own fault: a line for the person, the traceback for the log
        if os.environ.get("DLTEACH_DEBUG") == "1":
            raise
        return _say(_logged(problem), ExitCode.FAULT)
    return ExitCode.YES


def leave_quietly() -> None:
    """After the reader of a pipe has gone: nothing more can be said, and nothing is wrong."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(0)


def _say(message: str, code: ExitCode) -> int:
    sys.stdout.flush()
    text = "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in message)
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    return code


def _logged(problem: Exception) -> str:
    import traceback

    text = "".join(traceback.format_exception(problem))
    what = f"dlteach failed ({type(problem).__name__})"
    for folder in _log_folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / "crash.log"
            path.write_text(text, encoding="utf-8")
            return f"{what}: this is our fault; the details are in {path}"
        except OSError:
            continue
    return f"{what}: this is our fault; DLTEACH_DEBUG=1 shows the details"


def _log_folders() -> tuple[Path, ...]:
    import tempfile

    from dlteach.course.files import cache_home

    return cache_home(), Path(tempfile.gettempdir())

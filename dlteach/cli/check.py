"""`dlteach check [FILE or -]`: your own derivation, line by line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from dlteach.cli.desk import Desk, Json, Plain, emit, tell
from dlteach.cli.exits import ExitCode
from dlteach.course.functions import Functions
from dlteach.errors import DlteachError, TooLong
from dlteach.reasoning.deciding.verdicts import out_of_time
from dlteach.reasoning.explaining.lines import Goal, Line, Standing, Track, Typed, typed, unreadable
from dlteach.reasoning.worker.asked import asked
from dlteach.screen.markdown import markdown
from dlteach.screen.terminal import Terminal
from dlteach.system.inputs import whole

app = typer.Typer(add_completion=False)

LONGEST = 1_000_000  # characters of a derivation
MOST_LINES = 500
LOOKS = {
    Standing.START: ("  ", "quiet"),
    Standing.FOLLOWS: ("✓ ", "verdict.holds"),
    Standing.NARROWER: ("◐ ", "mark.partly"),
    Standing.WRONG: ("✗ ", "verdict.fails"),
    Standing.INVALID: ("! ", "verdict.fails"),
    Standing.UNDECIDED: ("? ", "verdict.open"),
}


BAD = {Standing.WRONG, Standing.NARROWER}


@app.command()
def check_(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="[FILE or -]", help="A line each: gelu'(x), then = …")] = "-",
    given: Annotated[str, typer.Option("--given", help='Conditions, as in "x > 0, n integer".')] = "",
    goal: Annotated[str, typer.Option("--goal", help="The form in which the last line must stand.")] = "",
    form: Annotated[str, typer.Option("--form", help='What the last line may be made of: "in sigmoid".')] = "",
    plain: Plain = False,
    json: Json = False,
) -> int:
    """Check a derivation: the first wrong line, why, and a counterexample."""
    desk = Desk(ctx, plain)
    functions = desk.course.functions
    found: list[Line] = []
    track = Track()
    for typed_line in typed(_text(source), functions, given):
        if len(found) == MOST_LINES:
            raise DlteachError(f"a derivation has at most {MOST_LINES} lines: check the rest by itself")
        line, track = _advanced(track, typed_line, functions)
        found.append(line)
        if not json:
            desk.terminal.print(*_rows(line, desk.terminal))
    if not found:
        raise DlteachError("there is no line to check: write gelu'(x), then = … on the lines below")
    end = _goal(found, functions, goal, form)
    if json:
        emit({"lines": [_document(line) for line in found], "goal": {"reached": end.reached, "says": end.says}})
    else:
        desk.terminal.print(Text(""), *_summary(found, end))
    verdicts = {line.verdict for line in found}
    if Standing.INVALID in verdicts:
        return ExitCode.INVALID
    if verdicts & BAD or (Standing.UNDECIDED not in verdicts and end.reached is False):
        return ExitCode.NO
    return ExitCode.UNDECIDED if Standing.UNDECIDED in verdicts else ExitCode.YES


def _advanced(track: Track, line: Typed, functions: Functions) -> tuple[Line, Track]:
    """The next line with its verdict, and where the derivation stands after it."""
    if line.expr is None:
        return unreadable(line), track
    try:
        found: tuple[Line, Track] = asked("reasoning.explaining.check:advanced", track, line, functions)
    except TooLong as problem:
        late = Line(line.number, line.text, Standing.UNDECIDED, line.expr, out_of_time(problem))
        return late, replace(track, before=(line.number, line.expr))
    return found


def _goal(found: list[Line], functions: Functions, goal: str, form: str) -> Goal:
    try:
        end: Goal = asked("reasoning.explaining.check:goal_of", found, functions, goal, form)
    except TooLong as problem:
        return Goal(f"whether it was reached is not known: {problem}")
    return end


def _text(source: str) -> str:
    if source == "-" and sys.stdin.isatty():
        tell("Write a line each: gelu'(x), then = … on the lines below. Ctrl-D ends it.")
    return whole(source, LONGEST, "derivation")


def _rows(line: Line, terminal: Terminal) -> Iterator[RenderableType]:
    sign, style = LOOKS[line.verdict]
    yield Text(f"{line.number:>4}  ", "quiet") + Text(sign, style) + Text(line.text, "math")
    indent = Text(" " * 8)
    if line.verdict is Standing.INVALID:
        first, *rest = line.problem.split("\n")
        yield from (indent + row for row in Text(first).wrap(terminal.console, terminal.width - 8))
        yield from (indent + Text(row) for row in rest)
    if line.verdict in (Standing.WRONG, Standing.UNDECIDED) and line.found is not None:
        words = "this does not follow" if line.verdict is Standing.WRONG else "this could not be decided"
        yield from _wrapped(f"{words}: {line.found.evidence}", terminal)
    if line.verdict is Standing.NARROWER:
        yield from _wrapped("this is equal, but has no value at places where the first line has one", terminal)
    if line.note:
        yield from _wrapped(line.note, terminal, "quiet")
    for mistake in line.mistakes:
        yield from _wrapped(f"likely: {mistake.says}", terminal, "mark.partly")
        if mistake.wrong:
            yield from _wrapped(f"from `{mistake.before}` you have `{mistake.wrong}`", terminal)
        if mistake.right:
            yield from _wrapped(f"the rule gives `{mistake.right}`", terminal)


def _wrapped(words: str, terminal: Terminal, style: str = "") -> Iterator[Text]:
    for row in markdown(words.replace("*", "\\*") if "`" not in words else words, terminal.narrower(8)):
        if isinstance(row, Text):
            row.stylize(style)
            yield Text(" " * 8) + row


def _summary(found: list[Line], end: Goal) -> Iterator[Text]:
    wrong = sum(line.verdict in BAD for line in found)
    steps = sum(line.verdict is not Standing.START for line in found)
    noun = "step" if steps == 1 else "steps"
    if wrong:
        yield Text(f"{wrong} of {steps} {noun} {'does' if wrong == 1 else 'do'} not follow", "verdict.fails")
    else:
        follow = sum(line.verdict is Standing.FOLLOWS for line in found)
        yield Text(f"{follow} of {steps} {noun} {'follows' if follow == 1 else 'follow'}", "label")
    style = {True: "verdict.holds", False: "verdict.open", None: "quiet"}[end.reached]
    head = {True: "goal reached: ", False: "goal not reached: ", None: ""}[end.reached]
    yield Text(head, style) + Text(end.says)


def _document(line: Line) -> dict[str, Any]:
    found = line.found
    return {
        "line": line.number,
        "text": line.text,
        "verdict": line.verdict,
        "how": found.how if found else "",
        "mistake": line.mistakes[0].says if line.mistakes else "",
        "mistakes": [
            {"id": m.id, "says": m.says, "before": m.before, "wrong": m.wrong, "right": m.right} for m in line.mistakes
        ],
        "counterexample": dict(found.witness) if found else {},
        "values": list(found.values) if found else [],
        "note": line.note,
        "error": line.problem.split("\n")[0],
    }

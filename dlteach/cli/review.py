"""`dlteach review`: what is due today."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from dlteach.cli.desk import Desk, Json, NoRecord, Plain, Seed, emit
from dlteach.cli.exits import ExitCode
from dlteach.cli.names import complete_lesson
from dlteach.screen.dialogue import run
from dlteach.screen.markdown import columns
from dlteach.study.review import Queue, Turn, queue
from dlteach.study.review import review as ask

app = typer.Typer(add_completion=False)


@app.command()
def review(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Only these lessons or LESSON/QUESTION, new questions included.", autocompletion=complete_lesson
        ),
    ] = None,
    ahead: Annotated[int, typer.Option("--ahead", min=0, max=365, help="Also what falls due within N days.")] = 0,
    count: Annotated[int | None, typer.Option("--count", min=1, help="At most so many questions.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be asked; ask and keep nothing.")] = False,
    seed: Seed = None,
    no_record: NoRecord = False,
    plain: Plain = False,
    json: Json = False,
) -> int:
    """Answer what is due; as in a quiz, and `:undo` takes the last answer back, `:rate` changes its rating."""
    desk = Desk(ctx, plain)
    reading = dry_run or json
    record = desk.record_to_read() if reading else desk.record(no_record)
    found = queue(desk.course, record, names or (), ahead, seed)
    turns = found.turns[:count]
    if json:
        emit({"due": [_document(turn) for turn in turns], "new_left": found.new_left, "unknown": found.strange})
        return ExitCode.YES
    if not turns:
        _nothing(desk, found)
        return ExitCode.YES
    if dry_run:
        rows = [[t.question.full_id, t.due.isoformat() if t.due else "new", _known(t)] for t in turns]
        desk.terminal.print(columns(["question", "due", "known"], rows, desk.terminal, ["left", "left", "right"]))
        return ExitCode.YES
    run(ask(turns, desk.session_with(record, "review"), seed), desk.terminal)
    return ExitCode.YES


def _known(turn: Turn) -> str:
    return f"{turn.known:.0%}" if turn.due else ""


def _document(turn: Turn) -> dict[str, Any]:
    due = turn.due.isoformat() if turn.due else None
    return {"question": turn.question.full_id, "due": due, "known": round(turn.known, 4) if turn.due else None}


def _nothing(desk: Desk, found: Queue) -> None:
    terminal = desk.terminal
    terminal.print(Text("Nothing is due today.", "label"))
    if found.new_left:
        terminal.print(Text(f"{found.new_left} new questions wait for another day (dlteach config new_per_day)."))
    else:
        terminal.print(Text("New questions come from lessons that you have begun: dlteach study NAME begins one."))

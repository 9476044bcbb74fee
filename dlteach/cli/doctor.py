"""`dlteach doctor`: what this machine is like, what is wrong with it or with dlteach's files, and how to mend it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Annotated, Any, TextIO

import typer
from rich.text import Text

from dlteach import __version__
from dlteach.checking import belongings, system
from dlteach.checking.facts import Fact, Look, State, looked, private
from dlteach.cli.desk import Desk, Json, Plain, emit, now
from dlteach.cli.exits import ExitCode
from dlteach.errors import DlteachError
from dlteach.screen.terminal import Terminal
from dlteach.system.streams import encodes_everything

app = typer.Typer(add_completion=False)

MARKS = {State.FINE: ("✓", "verdict.holds"), State.NOTE: ("▸", "verdict.open"), State.WRONG: ("✗", "verdict.fails")}
NAMES = 13  # columns for what a fact is called
HEARD = ("COLUMNS", "TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "PAGER")
Sections = Mapping[str, list[Fact]]


@app.command()
def doctor(
    ctx: typer.Context,
    fix: Annotated[bool, typer.Option("--fix", help="Put right what is safe, and say what was done.")] = False,
    plain: Plain = False,
    json: Json = False,
) -> int:
    """What is wrong here and how to mend it: one page, without your name or answers, to paste into a report.

    The exit code is 1 where something is wrong.
    """
    desk = Desk(ctx, plain)
    looks: dict[str, Look] = {
        "versions": system.versions,
        "libraries": system.libraries,
        "terminal": partial(_terminal, desk),
        "locale": system.tongue,
        "reasoner": system.reasoner,
        "limits": system.limits,
        "course": partial(belongings.course, lambda: desk.course),
        "settings": belongings.settings,
        "record": partial(belongings.record, now),
        "history": belongings.history,
        "cache": belongings.cache,
        "crashes": belongings.crash,
    }
    found = {name: looked(name, look) for name, look in looks.items()}
    done: list[Fact] = []
    if fix:
        mended = [name for name, facts in found.items() if any(fact.mend for fact in facts)]
        done = [fact for name in mended for fact in _mended(found[name])]
        found.update({name: looked(name, looks[name]) for name in mended})
    well = not any(fact.state is State.WRONG for facts in (*found.values(), done) for fact in facts)
    if json:
        emit(_document(found, done, well))
    else:
        _show(found, done, well, desk.terminal)
    return ExitCode.YES if well else ExitCode.NO


def _mended(facts: list[Fact]) -> Iterator[Fact]:
    """What was done about the facts of a section; what serves several is done once."""
    mends = {fact.mend: fact for fact in facts if fact.mend}
    for mend, fact in mends.items():
        try:
            lines = list(mend())
            for line in lines or [f"{fact.what}: seen to"]:
                yield Fact("done", line)
        except (DlteachError, OSError) as problem:
            yield Fact("not done", str(problem), State.WRONG, "see the advice below")


def _terminal(desk: Desk) -> Iterator[Fact]:
    """Where output goes and answers come from."""
    console = desk.terminal.console
    streams: list[tuple[str, TextIO, Callable[[], object]]] = [
        ("input", sys.stdin, partial(os.read, 0, 0)),
        ("output", sys.stdout, partial(os.write, 1, b"")),
        ("errors", sys.stderr, partial(os.write, 2, b"")),
    ]
    yield Fact("streams", ", ".join(f"{name} {_way(stream, use)}" for name, stream, use in streams))
    yield Fact("size", f"{console.width} × {console.height}, prose {desk.terminal.width} wide")
    heard = [f"{name}={os.environ[name]}" for name in HEARD if name in os.environ]
    yield Fact("colour", ", ".join([f"{console.color_system or 'none'}", *heard]))
    if encodes_everything(sys.stdout):
        yield Fact("encoding", f"{sys.stdout.encoding}: √ ∂ ½ φ ⣿ ✓ as they are")
    else:
        advice = "signs are spelled out; PYTHONUTF8=1 or LC_ALL=C.UTF-8 shows them"
        yield Fact("encoding", sys.stdout.encoding, State.NOTE, advice)


def _way(stream: TextIO, use: Callable[[], object]) -> str:
    """Where a stream leads; a closed one has been given a place by now, where nothing can be read or written."""
    try:
        use()
    except OSError:
        return "closed"
    return "terminal" if stream.isatty() else "pipe or file"


def _show(found: Sections, done: list[Fact], well: bool, terminal: Terminal) -> None:
    for fact in done:
        terminal.print(_line(fact, terminal))
    for name, facts in found.items():
        terminal.print(Text(name, "section"))
        for fact in facts:
            terminal.print(_line(fact, terminal))
    wrong = sum(fact.state is State.WRONG for facts in (*found.values(), done) for fact in facts)
    mendable = any(fact.mend for facts in found.values() for fact in facts)
    says = "all is well" if well else f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong"
    more = "; dlteach doctor --fix mends what is safe to mend" if mendable else ""
    terminal.print(Text(""), Text(says, "verdict.holds" if well else "verdict.fails") + Text(more))


def _line(fact: Fact, terminal: Terminal) -> Text:
    """A fact, wrapped behind its name."""
    mark, style = MARKS[fact.state]
    text = private(fact.says)
    if fact.state is not State.FINE and fact.advice:
        text += f": {private(fact.advice)}"
    indent = 4 + NAMES
    lines = Text(text).wrap(terminal.console, max(20, terminal.width - indent))
    head = Text.assemble("  ", (mark, style), " ", (f"{fact.what:<{NAMES}}", "quiet"))
    return head + Text("\n" + " " * indent).join(Text(line.plain.rstrip()) for line in lines)


def _document(found: Sections, done: list[Fact], well: bool) -> dict[str, Any]:
    return {
        "version": __version__,
        "well": well,
        "done": [private(fact.says) for fact in done],
        "sections": {name: [_row(fact) for fact in facts] for name, facts in found.items()},
    }


def _row(fact: Fact) -> dict[str, Any]:
    return {
        "what": fact.what, "says": private(fact.says), "state": fact.state.value, "advice": private(fact.advice),
        "mends": fact.mend is not None,
    }  # fmt: skip

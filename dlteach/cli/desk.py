"""What commands share: the terminal, the course, JSON in and out, and the options that many take."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dlteach.cli.exits import ExitCode
from dlteach.course.lessons import Course, open_course
from dlteach.errors import DlteachError, TooLong
from dlteach.screen.terminal import Terminal, bar, open_terminal
from dlteach.system.faults import logged
from dlteach.system.inputs import lines
from dlteach.system.streams import encodes_everything
from dlteach.values import frozen
from dlteach.visible import escaped, on_one_line

if TYPE_CHECKING:
    from dlteach.course.questions import Question
    from dlteach.study.asking import Session
    from dlteach.study.record import Record

EXPRESSIONS = {"ignore_unknown_options": True}  # an expression may begin with a minus sign
LONGEST_BATCH_LINE = 100_000

Plain = Annotated[bool, typer.Option("--plain", help="No box drawing; formulas on one line.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, nothing else.")]
File = Annotated[
    str, typer.Option("--file", help="Take one request a line from a file, or - for standard input; needs --json.")
]


NoRecord = Annotated[bool, typer.Option("--no-record", help="Keep nothing of what is answered.")]
Seed = Annotated[int | None, typer.Option("--seed", help="The same draw and order again.")]


@frozen
class Given:
    """What was said before the command."""

    plain: bool = False
    content: str = ""  # packs beside the course


def now() -> datetime:
    """The local time, with its zone."""
    return datetime.now().astimezone()


class Desk:
    """Everything a command may touch that is not one of its arguments."""

    def __init__(self, ctx: typer.Context | None = None, plain: bool = False) -> None:
        given: Given = (ctx and ctx.obj) or Given()
        self.plain, self.content, self.ctx = plain or given.plain, given.content, ctx

    def record(self, forget: bool = False) -> Record:
        """The learner's record, to be written to; with `forget` one that is thrown away at the end."""
        from dlteach.study.opening import in_memory, open_record
        from dlteach.study.settings import read_settings

        settings = read_settings()
        if not forget:
            return self._until_the_end(open_record(now, settings, tell))
        self.terminal.remembers = False
        return self._until_the_end(in_memory(now, settings))

    def record_to_read(self) -> Record:
        """The learner's record, empty where there is none."""
        from dlteach.study.opening import open_to_read
        from dlteach.study.settings import read_settings

        return self._until_the_end(open_to_read(now, read_settings(), tell))

    def _until_the_end(self, record: Record) -> Record:
        """Closed with the command."""
        if self.ctx is not None:
            self.ctx.call_on_close(record.close)
        return record

    def session(self, source: str, forget: bool = False) -> Session:
        """What the asking of questions needs."""
        return self.session_with(self.record(forget), source)

    def session_with(self, record: Record, source: str) -> Session:
        """The same with a record that is open already."""
        from dlteach.study.asking import Session

        return Session(self.course.functions, record, source)

    def questions(self, names: Sequence[str]) -> list[Question]:
        """The questions of lessons, or single ones by LESSON/QUESTION; all of them where none is named."""
        found = self.course.questions(names) if names else self.course.all_questions()
        if not found:
            raise DlteachError("there are no questions here: `dlteach lessons` lists the lessons")
        return found

    @cached_property
    def course(self) -> Course:
        """The course, opened on first use."""
        return open_course(self.content, tell)

    @cached_property
    def terminal(self) -> Terminal:
        """The terminal on standard output."""
        return open_terminal(self.plain)


def tell(line: str) -> None:
    """A line about what was done on the way, on standard error."""
    sys.stderr.write(on_one_line(line) + "\n")


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, where a person sits there: call it with how many are done, of how many."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    with bar() as drawn:
        task = drawn.add_task(what, total=None)
        yield lambda done, total: drawn.update(task, completed=done, total=total)


def emit(document: Mapping[str, Any]) -> None:
    """One JSON document on standard output."""
    ascii_only = not encodes_everything(sys.stdout)
    sys.stdout.write(escaped(json.dumps(document, ensure_ascii=ascii_only)) + "\n")
    sys.stdout.flush()


def unanswered(problem: DlteachError) -> dict[str, Any]:
    """The object for a request that cannot be read, or takes too long."""
    verdict = "undecided" if isinstance(problem, TooLong) else "invalid"
    return {"verdict": verdict, "error": str(problem).split("\n")[0]}


def batch(source: str, answer: Callable[[list[Any]], Mapping[str, Any]]) -> int:
    """Answer each line of a file with a JSON object, in the same order; a line that cannot be answered gets its own."""
    for line in lines(source, LONGEST_BATCH_LINE):
        if line.strip():
            emit(_answered(line, answer))
    return ExitCode.YES


def _answered(line: str, answer: Callable[[list[Any]], Mapping[str, Any]]) -> Mapping[str, Any]:
    """The object for one line; whatever goes wrong, the other lines go on."""
    try:
        return answer(_request(line))
    except DlteachError as problem:
        return unanswered(problem)
    except Exception as problem:  # our own fault, kept in the log as for a whole command
        return {"verdict": "undecided", "error": logged(problem)}


def _request(line: str) -> list[Any]:
    """A JSON array, or text separated by tabs; numbers are read as they are written."""
    if len(line) > LONGEST_BATCH_LINE:
        raise DlteachError(f"the line has more than the {LONGEST_BATCH_LINE:,} characters that are allowed: shorten it")
    if not line.lstrip().startswith("["):
        return line.rstrip("\r\n").split("\t")
    try:
        request = json.loads(line, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise DlteachError('the line is no JSON array: write ["A", "B"]') from None
    if not isinstance(request, list):
        raise DlteachError('the line is no JSON array: write ["A", "B"]')
    return request


def texts(request: list[Any], fewest: int, most: int, shape: str) -> list[str]:
    """The request's items as texts; raises DlteachError where there are too few or too many."""
    if not fewest <= len(request) <= most or not all(isinstance(item, str) for item in request):
        raise DlteachError(f"the line does not fit: write {shape}")
    return request


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self.start = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Rounded to a tenth of a millisecond."""
        return round(time.perf_counter() - self.start, 4)

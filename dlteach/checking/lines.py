"""The lines of a worked derivation, one after the other, each with what was found out about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dlteach.course.entries import Line, WorkedDerivation
from dlteach.course.functions import Functions
from dlteach.notation.reader import read, read_conditions
from dlteach.notation.tree import Condition, Expr
from dlteach.reasoning.deciding.verdicts import Verdict


@dataclass(frozen=True)
class LineFinding:
    """A line and what was found out about it: a verdict, or a value; neither for a paragraph or a beginning."""

    line: Line
    verdict: Verdict | None = None
    value: str = ""


Find = Callable[[Line, Expr | None, tuple[Condition, ...], Functions], LineFinding]


def line_findings(worked: WorkedDerivation, functions: Functions, find: Find) -> Iterator[LineFinding]:
    """The lines in order, each looked at when it is asked for; raises NotationError for one that cannot be read.

    `find` is told the line, the expression of the line before where the line continues a chain, and the conditions.
    """
    conditions = read_conditions(worked.given, functions.names) if worked.given else ()
    before: Expr | None = None
    for line in worked.lines:
        waiting = bool(before is not None if line.is_ else line.states or line.value)
        yield find(line, before, conditions, functions) if waiting else LineFinding(line)
        before = read(line.is_, functions.names) if line.is_ else None

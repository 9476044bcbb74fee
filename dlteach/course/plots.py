"""What a plot block says: `plot x = -4..4, derivative`, an expression a line."""

from __future__ import annotations

from dlteach.course import limits
from dlteach.notation.names import Names
from dlteach.notation.reader import read, read_variable
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Expr, literal
from dlteach.system.inputs import shortened
from dlteach.values import frozen


@frozen
class PlotBlock:
    """Expressions with their source text over an interval of one variable."""

    variable: str
    start: float
    end: float
    derivative: bool
    expressions: tuple[tuple[str, Expr], ...]


def read_plot(info: str, body: str, names: Names) -> PlotBlock:
    """The block behind the word `plot`; raises NotationError or ValueError with what is wrong."""
    interval, *flags = (part.strip() for part in info.split(","))
    if unknown := [flag for flag in flags if flag != "derivative"]:
        raise ValueError(f"`{unknown[0]}` is not known; write `derivative` or nothing")
    variable, start, end = read_range(interval, names)
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    if not lines:
        raise ValueError("there is no expression to plot")
    if len(lines) > limits.CURVES:
        raise ValueError(f"a plot has at most {limits.CURVES} curves; leave some out")
    return PlotBlock(variable, start, end, "derivative" in flags, tuple((line, read(line, names)) for line in lines))


def read_range(text: str, names: Names) -> tuple[str, float, float]:
    """`x = -4..4` as variable, start and end; raises NotationError or ValueError."""
    variable, equals, bounds = text.partition("=")
    low, dots, high = bounds.partition("..")
    if not (variable.strip() and equals and dots):
        raise ValueError(f"`{shortened(text)}` is no range; write `x = -4..4`")
    ends = []
    for part in (low, high):
        value = literal(read(part, names))
        if value is None:
            raise NotationError("the ends of a range are numbers", part, 0)
        if abs(value) > limits.PLOTTED:
            raise ValueError(f"`{shortened(text)}` goes too far; write `x = -4..4`")
        ends.append(float(value))
    if ends[0] >= ends[1]:
        raise ValueError(f"`{shortened(text)}` is empty; the first end must be the smaller one")
    return read_variable(variable, names), ends[0], ends[1]

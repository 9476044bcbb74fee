"""Curves on a canvas of Braille dots, two by four to a character.

Each curve has its own dash pattern and its name at its right end, so that nothing depends on colour.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from time import process_time

from rich.text import Text

from dlteach.course.dialogue import Chart, Curve
from dlteach.notation.blocks import cells
from dlteach.screen.terminal import Terminal

COLOURS = ("cyan", "magenta", "yellow", "green", "red", "blue")
DASHES = ((1,), (5, 3), (1, 3), (7, 2, 1, 2), (3, 3), (1, 6))  # dots drawn, dots left out, …
POINTS = 121  # of a curve
BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


class _Canvas:
    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.dots: dict[tuple[int, int], int] = {}
        self.owner: dict[tuple[int, int], int] = {}

    def dot(self, x: int, y: int, owner: int) -> None:
        if 0 <= x < 2 * self.columns and 0 <= y < 4 * self.rows:
            cell = (x // 2, y // 4)
            self.dots[cell] = self.dots.get(cell, 0) | BITS[y % 4][x % 2]
            self.owner[cell] = max(owner, self.owner.get(cell, -1))

    def row(self, number: int) -> Text:
        """One row of characters; neighbours of one colour are one span."""
        text = Text()
        cells = ((x, number) for x in range(self.columns))
        for owner, run in groupby(cells, lambda cell: self.owner.get(cell, -1)):
            style = COLOURS[owner % len(COLOURS)] if owner >= 0 else "quiet"
            text.append("".join(chr(0x2800 + self.dots[cell]) if cell in self.dots else " " for cell in run), style)
        return text


def plot(chart: Chart, terminal: Terminal, height: int = 14) -> list[Text]:
    """The rows of a chart, at most 88 columns wide."""
    curves = [curve for curve in chart.curves if any(math.isfinite(y) for y in curve.ys)]
    if not curves:
        return [Text("(nothing to plot: no value is real)", "quiet")]
    xs = [x for curve in curves for x in curve.xs]
    low, high = _range([y for curve in curves for y in curve.ys if math.isfinite(y)])
    names = [curve.name for curve in curves]
    margin = max(len(_label(low)), len(_label(high)))
    legend = max(map(cells, names)) + 5
    columns = max(10, min(60, terminal.width - margin - 2 - legend))
    if terminal.width - margin - legend < 14:
        height, legend = 8, 0
    canvas = _Canvas(columns, height)
    scale = _Scale(min(xs), max(xs), low, high, 2 * columns, 4 * height)
    _axes(canvas, scale)
    for number, curve in enumerate(curves):
        _draw(canvas, curve, scale, number)
    ends = _ends(curves, scale, height) if legend else {}
    lines = [Text(chart.title, "quiet")] if chart.title else []
    for row in range(height):
        label = _label(high) if row == 0 else _label(low) if row == height - 1 else ""
        line = (
            Text()
            + Text(f"{label:>{margin}} ", "quiet")
            + Text(" " if terminal.plain else "│", "quiet")
            + canvas.row(row)
        )
        if row in ends:
            line.append(f" {_swatch(ends[row])} {names[ends[row]]}", COLOURS[ends[row] % len(COLOURS)])
        lines.append(line)
    left, right = _label(min(xs)), _label(max(xs))
    lines.append(Text(" " * (margin + 2) + left + right.rjust(columns - len(left)), "quiet"))
    if not legend:
        lines.extend(Text(f"  {_swatch(i)} {name}", COLOURS[i % len(COLOURS)]) for i, name in enumerate(names))
    return lines


class _Scale:
    def __init__(self, x0: float, x1: float, y0: float, y1: float, width: int, height: int) -> None:
        self.x0, self.x1, self.y0, self.y1, self.width, self.height = x0, x1, y0, y1, width, height

    def x(self, value: float) -> int:
        return round((value - self.x0) / ((self.x1 - self.x0) or 1) * (self.width - 1))

    def y(self, value: float) -> int:
        return round((self.y1 - value) / ((self.y1 - self.y0) or 1) * (self.height - 1))


def _range(ys: Sequence[float]) -> tuple[float, float]:
    """The values shown: all of them, unless a few run away to a pole."""
    ordered = sorted(ys)
    low, high = ordered[0], ordered[-1]
    inner = ordered[len(ys) // 20], ordered[-1 - len(ys) // 20]
    spread = inner[1] - inner[0]
    if spread > 0 and high - low > 8 * spread:
        low, high = inner[0] - spread, inner[1] + spread
    return (low - 1, high + 1) if low == high else (low, high)


def _axes(canvas: _Canvas, scale: _Scale) -> None:
    if scale.y0 <= 0 <= scale.y1:
        for x in range(0, scale.width, 4):
            canvas.dot(x, scale.y(0), -1)
    if scale.x0 <= 0 <= scale.x1:
        for y in range(0, scale.height, 4):
            canvas.dot(scale.x(0), y, -1)


def _draw(canvas: _Canvas, curve: Curve, scale: _Scale, number: int) -> None:
    pattern = DASHES[number % len(DASHES)]
    cycle = sum(pattern)
    for step, (x, y) in enumerate(_path(curve, scale)):
        if len(pattern) == 1 or _drawn(step % cycle, pattern):
            canvas.dot(x, y, number)


def _drawn(place: int, pattern: tuple[int, ...]) -> bool:
    for index, length in enumerate(pattern):
        if place < length:
            return index % 2 == 0
        place -= length
    return False


def _path(curve: Curve, scale: _Scale) -> Iterator[tuple[int, int]]:
    """The dots along a curve, joined; a jump over more than the whole height is left open."""
    before: tuple[int, int] | None = None
    for x, y in zip(curve.xs, curve.ys, strict=True):
        if not math.isfinite(y):
            before = None
            continue
        here = scale.x(x), scale.y(y)
        if before is not None and abs(here[1] - before[1]) < 2 * scale.height:
            steps = max(abs(here[0] - before[0]), abs(here[1] - before[1]))
            for i in range(1, steps + 1):
                yield (
                    before[0] + round((here[0] - before[0]) * i / steps),
                    before[1] + round((here[1] - before[1]) * i / steps),
                )
        else:
            yield here
        before = here


def _ends(curves: Sequence[Curve], scale: _Scale, height: int) -> dict[int, int]:
    """The row at which each curve's name stands: where it ends, or the nearest free one."""
    rows: dict[int, int] = {}
    for number, curve in enumerate(curves):
        last = next((y for y in reversed(curve.ys) if math.isfinite(y)), 0.0)
        wanted = min(height - 1, max(0, scale.y(last) // 4))
        free = sorted((abs(row - wanted), row) for row in range(height) if row not in rows)
        if free:
            rows[free[0][1]] = number
    return rows


def _swatch(number: int) -> str:
    """A sample of the dash pattern, four characters wide."""
    pattern = DASHES[number % len(DASHES)]
    if len(pattern) == 1:
        return "⠒⠒⠒"
    on = [_drawn(i % sum(pattern), pattern) for i in range(6)]
    return "".join(
        chr(0x2800 + (0x02 if a else 0) + (0x10 if b else 0)) for a, b in zip(on[::2], on[1::2], strict=True)
    )


def _label(value: float) -> str:
    return f"{value:.4g}"


def sampled(name: str, function: Callable[[float], float], start: float, end: float, until: float = math.inf) -> Curve:
    """A curve through evenly spaced points of a float function; at `until`, in processor time, it breaks off."""
    xs = tuple(start + (end - start) * i / (POINTS - 1) for i in range(POINTS))
    return Curve(name, xs, tuple(function(x) if process_time() < until else math.nan for x in xs))


def slope(name: str, curve: Curve) -> Curve:
    """The derivative of a sampled curve by central differences: a picture, not a proof."""
    xs, ys = curve.xs, curve.ys
    steps = [(max(0, i - 1), min(len(xs) - 1, i + 1)) for i in range(len(xs))]
    return Curve(name, xs, tuple((ys[b] - ys[a]) / (xs[b] - xs[a]) for a, b in steps))

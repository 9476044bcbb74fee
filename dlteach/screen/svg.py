"""A chart as a small SVG file: lines with dash patterns and names, readable on light and dark pages."""

from __future__ import annotations

import math
from html import escape

from dlteach.course.dialogue import Chart
from dlteach.screen.plot import DASHES
from dlteach.visible import visible

WIDTH, HEIGHT, LEFT, RIGHT, MARGIN = 720, 420, 60, 150, 30
INKS = ("#0077bb", "#cc3311", "#009988", "#ee7733", "#aa3377", "#555555")


def svg(chart: Chart) -> str:
    """The text of the file."""
    xs = [x for curve in chart.curves for x in curve.xs]
    ys = [y for curve in chart.curves for y in curve.ys if math.isfinite(y)]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys, default=0.0), max(ys, default=1.0)
    y1 = y1 if y1 > y0 else y0 + 1

    def place(x: float, y: float) -> tuple[float, float]:
        across = LEFT + (x - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT)
        return round(across, 2), round(MARGIN + (y1 - y) / (y1 - y0) * (HEIGHT - 2 * MARGIN), 2)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="13">'
    ]
    for number, curve in enumerate(chart.curves):
        ink = INKS[number % len(INKS)]
        pattern = DASHES[number % len(DASHES)]
        dash = f' stroke-dasharray="{" ".join(str(2 * n) for n in pattern)}"' if len(pattern) > 1 else ""
        pieces: list[list[str]] = [[]]
        for x, y in zip(curve.xs, curve.ys, strict=True):
            if math.isfinite(y):
                pieces[-1].append("{},{}".format(*place(x, y)))
            elif pieces[-1]:
                pieces.append([])
        for piece in pieces:
            if piece:
                parts.append(
                    f'<polyline fill="none" stroke="{ink}" stroke-width="2"{dash} points="{" ".join(piece)}"/>'
                )
        last = next((y for y in reversed(curve.ys) if math.isfinite(y)), 0.0)
        across, down = place(x1, last)
        name = escape(visible(curve.name))
        parts.append(f'<text x="{across + 8}" y="{down + 4 + 14 * (number % 2)}" fill="{ink}">{name}</text>')
    for text, x, y in ((f"{x0:.4g}", LEFT, HEIGHT - 8), (f"{x1:.4g}", WIDTH - RIGHT, HEIGHT - 8)):
        parts.append(f'<text x="{x}" y="{y}" fill="#888888">{text}</text>')
    for text, y in ((f"{y1:.4g}", MARGIN + 4), (f"{y0:.4g}", HEIGHT - MARGIN)):
        parts.append(f'<text x="{LEFT - 8}" y="{y}" fill="#888888" text-anchor="end">{text}</text>')
    return "\n".join([*parts, "</svg>\n"])

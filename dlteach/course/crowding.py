"""Marks that stand too close in a text: what Markdown means by each of a thousand `$` or `[` takes their square."""

from __future__ import annotations

from collections.abc import Iterator

from dlteach.course import limits


def crowds(text: str) -> Iterator[tuple[int, str]]:
    """The paragraphs with too many of a mark: the line on which each begins, and what is wrong."""
    lines = text.splitlines()
    if len(lines) > limits.LINES:
        yield limits.LINES, f"it has more than {limits.LINES:,} lines"
        return
    if text.count("|") > limits.CELLS:
        yield 1, f"its tables have more than {limits.CELLS:,} cells"
        return
    start = 0
    for number, line in enumerate([*lines, ""]):
        if not line.strip():
            if words := crowd("\n".join(lines[start:number])):
                yield start + 1, words
            start = number + 1


def crowd(paragraph: str) -> str:
    """What is wrong with a paragraph, empty where nothing is."""
    for marks, most in limits.MARKS.items():
        if len(paragraph) > most and sum(map(paragraph.count, marks)) > most:
            return f"a paragraph has more than {most:,} of {' and '.join(f'`{mark}`' for mark in marks)}"
    return ""

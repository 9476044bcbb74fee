"""A quiz as a dialogue: questions one after the other, and a summary."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from dlteach.course.dialogue import Dialogue, Heading, Prose
from dlteach.course.questions import Question
from dlteach.study.asking import End, Session, Sitting, ask_one


def chosen(questions: Sequence[Question], count: int, seed: int) -> list[tuple[Question, int]]:
    """The questions of a quiz, each with its turn: all in their order, or `count` drawn, by the same seed."""
    picked = list(questions)
    if 0 < count < len(picked):
        picked = random.Random(seed).sample(picked, count)
    return [(question, random.Random(f"{seed} {question.full_id}").randrange(10**6)) for question in picked]


def quiz(questions: Sequence[tuple[Question, int]], session: Session, seed: int) -> Dialogue:
    """Ask each question until it is answered, revealed or skipped."""
    sittings: list[Sitting] = []
    for number, (question, turn) in enumerate(questions, start=1):
        yield Heading(f"Question {number} of {len(questions)}   {question.full_id}")
        sitting = yield from ask_one(question, session, str(seed), turn)
        if sitting is None:
            continue
        if sitting.end is End.LEFT:
            break
        sittings.append(sitting)
    yield Heading("Summary")
    yield Prose(f"{len(sittings)} of {len(questions)} questions: {summary(sittings)}.")


def summary(sittings: Sequence[Sitting]) -> str:
    """`3 right at once, 1 shown`."""
    words = {True: "right at once", End.RIGHT: "right after help or another try"}
    words |= {End.REVEALED: "shown", End.SKIPPED: "skipped"}
    counts = Counter(words[sitting.clean or sitting.end] for sitting in sittings)
    return ", ".join(f"{counts[word]} {word}" for word in words.values() if counts[word]) or "none answered"

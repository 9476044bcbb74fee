"""A quiz as a dialogue: questions one after the other, hints in stages, a summary."""

from __future__ import annotations

import random
from collections.abc import Generator, Sequence
from dataclasses import dataclass

from dlteach.course.dialogue import Ask, Dialogue, Feedback, Heading, Mark, Prose, Shown
from dlteach.course.files import text_in
from dlteach.course.functions import Functions
from dlteach.course.questions import Kind, Question
from dlteach.study.grading import Grade, grade
from dlteach.values import replaced

COMMANDS = {"?": "hint", "!": "answer", ":skip": "next", ":quit": "stop"}
LABELS = {Kind.CHOICE: "number", Kind.NUMBER: "number", Kind.EXPRESSION: "expression"}


@dataclass
class Tally:
    """How a quiz went."""

    right: int = 0
    helped: int = 0
    missed: int = 0
    skipped: int = 0

    @property
    def asked(self) -> int:
        """How many questions came to an end."""
        return self.right + self.helped + self.missed + self.skipped


def chosen(questions: Sequence[Question], count: int, seed: int) -> list[Question]:
    """The questions of a quiz: all in their order, or `count` drawn; options shuffled, the same for a seed."""
    dice = random.Random(seed)
    picked = list(questions)
    if 0 < count < len(picked):
        picked = dice.sample(picked, count)
    return [replaced(q, choices=tuple(dice.sample(q.choices, len(q.choices)))) for q in picked]


def quiz(questions: Sequence[Question], functions: Functions, tally: Tally, language: str = "en") -> Dialogue:
    """Ask each question until it is answered, revealed or skipped; `tally` is kept up to date."""
    for number, question in enumerate(questions, start=1):
        yield Heading(f"Question {number} of {len(questions)}   {question.full_id}")
        goes_on = yield from _one(question, functions, tally, language)
        if not goes_on:
            break
    yield Heading("Summary")
    parts = [f"{tally.right} right at once"]
    parts += [f"{tally.helped} right after help or another try"] if tally.helped else []
    parts += [f"{tally.missed} shown"] if tally.missed else []
    parts += [f"{tally.skipped} skipped"] if tally.skipped else []
    yield Prose(f"{tally.asked} of {len(questions)} questions: " + ", ".join(parts) + ".")


def _one(
    question: Question, functions: Functions, tally: Tally, language: str
) -> Generator[Shown | Ask, str | None, bool]:
    """One question; returns whether the quiz goes on."""
    clean, hints, text = True, 0, text_in(question.ask, language)
    options = tuple(text_in(choice.says, language) for choice in question.choices)
    commands = {key: what for key, what in COMMANDS.items() if key != "?" or question.hints}
    while True:
        answer = yield Ask(text, options, LABELS[question.kind], commands)
        text, word = "", (answer or "").strip()
        if answer is None or word == ":quit":
            return False
        if word == ":skip":
            tally.skipped += 1
            return True
        if word == "?":
            clean = False
            yield _hint(question, hints, language)
            hints += 1
            continue
        if word == "!":
            tally.missed += 1
            yield Feedback(Mark.NOTE, _reveal(question, language))
            return True
        if word.startswith(":"):
            yield Feedback(Mark.NOTE, f"`{word}` is no command here: {', '.join(commands)}")
            continue
        result = grade(question, answer, functions, language)
        match result.grade:
            case Grade.RIGHT:
                tally.right, tally.helped = tally.right + clean, tally.helped + (not clean)
                yield Feedback(Mark.RIGHT, " ".join(filter(None, (result.says, text_in(question.after, language)))))
                return True
            case Grade.WRONG:
                clean = False
                yield Feedback(Mark.WRONG, result.says)
            case Grade.INVALID:
                yield Feedback(Mark.NOTE, f"That does not count, it could not be read:\n\n{_verbatim(result.says)}")
            case Grade.UNDECIDED:
                yield Feedback(Mark.NOTE, result.says)


def _hint(question: Question, stage: int, language: str) -> Feedback:
    if stage < len(question.hints):
        hint = text_in(question.hints[stage], language)
        return Feedback(Mark.NOTE, f"Hint {stage + 1} of {len(question.hints)}: {hint}")
    return Feedback(Mark.NOTE, "There is no further hint; `!` shows the answer.")


def _reveal(question: Question, language: str) -> str:
    if question.kind is Kind.CHOICE:
        right = next(choice for choice in question.choices if choice.right)
        return f"The answer: {text_in(right.says, language)} {text_in(right.because, language)}"
    return f"The answer: `{question.answer}`. {text_in(question.after, language)}"


def _verbatim(text: str) -> str:
    """An error with its caret keeps its columns."""
    head, _, rest = text.partition("\n")
    return f"{head}\n\n```\n{rest}\n```" if rest else head

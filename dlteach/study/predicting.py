"""Predict, run, compare: a simulation as a dialogue."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any

from dlteach.course.dialogue import Ask, Dialogue, Feedback, Figures, Heading, Mark, Shown
from dlteach.course.files import text_in
from dlteach.course.functions import Functions
from dlteach.course.questions import Kind, Question
from dlteach.reasoning.worker.asked import asked
from dlteach.simulations._model import Simulation
from dlteach.study.grades import Grade, Graded
from dlteach.study.grading import graded

if TYPE_CHECKING:
    from dlteach.simulations._running import Run

COMMANDS = {":skip": "no prediction", ":quit": "straight to the result"}


Note = Callable[[Question, str, Graded], None]


def play(
    simulation: Simulation,
    parameters: Any,
    seed: int,
    functions: Functions,
    auto: bool,
    note: Note = lambda *_: None,
) -> Dialogue:
    """Show what is given, ask for predictions, run, show, and compare; with `auto` nothing is asked.

    `note` is told each prediction with its grade before anything is shown of it. Raises DlteachError for parameters
    that it cannot run with, before anything is shown.
    """
    run: Run = asked("simulations._running:ran", simulation.name, parameters, seed, functions)
    yield Heading(simulation.title)
    yield from run.setting
    answers = [] if auto else (yield from _predictions(run.predictions, functions))
    yield Heading("What happens")
    yield from run.view
    if answers:
        yield Heading("Your predictions")
    for question, answer in zip(run.predictions, answers, strict=False):
        yield _compared(question, answer, functions, note)
    rows = tuple(
        (check.says, f"{check.expected:.6g}", f"{check.found:.6g}", "holds" if check.holds else "FAILS")
        for check in run.checks
    )
    yield Figures("Checked on this run", ("what", "expected", "found", ""), rows)


def _predictions(questions: Sequence[Question], functions: Functions) -> Generator[Shown | Ask, str | None, list[str]]:
    """The answers, "" where the learner made no prediction; unreadable ones are asked again."""
    answers: list[str] = []
    for number, question in enumerate(questions, start=1):
        text = f"**Prediction {number} of {len(questions)}.** {text_in(question.ask)}"
        options = tuple(text_in(choice.says) for choice in question.choices)
        while True:
            answer = yield Ask(text, options, "number", COMMANDS)
            text = ""
            word = (answer or "").strip()
            if answer is None or word == ":quit":
                return answers
            if word == ":skip":
                answers.append("")
                break
            result = graded(question, answer, functions)
            if result.grade in (Grade.RIGHT, Grade.WRONG):
                answers.append(answer)
                break
            yield Feedback(Mark.NOTE, f"That could not be read: {result.says.splitlines()[0]}")
    return answers


def _compared(question: Question, answer: str, functions: Functions, note: Note) -> Feedback:
    """A prediction against what happened, with the reason where it was wrong."""
    about = text_in(question.ask)
    if not answer:
        return Feedback(Mark.NOTE, f"{about} {_right(question)}")
    result = graded(question, answer, functions)
    note(question, answer, result)
    if result.grade is Grade.RIGHT:
        return Feedback(Mark.RIGHT, " ".join(filter(None, (about, result.says or text_in(question.after)))))
    return Feedback(Mark.WRONG, " ".join(filter(None, (about, result.says, _right(question)))))


def _right(question: Question) -> str:
    if question.kind is Kind.CHOICE:
        chosen = next(choice for choice in question.choices if choice.right)
        return f"It is: {text_in(chosen.says)}. {text_in(chosen.because)}"
    return f"It is `{question.answer}`. {text_in(question.after)}"

"""What is asked of the reasoner, and how long whoever asks waits: the door to all that reasons about a person's text.

The seconds are those in which the reasoner works: while it starts or imports, they do not pass. What is asked keeps a
shorter budget of its own, by which it ends with what it has found; when it does not, the process that it runs in is
replaced, and the caller says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlteach.errors import TooLong
from dlteach.notation.patience import within
from dlteach.reasoning.worker.clock import load
from dlteach.reasoning.worker.process import REASONER, NoWorker, Overrun

ANSWER = 1.9  # of the 2 s in which an answer is graded; what is left is for showing it
REQUEST = 2.5  # of the 3 s of a single request; what is left is for starting up
LIMITS: Mapping[str, float] = {
    # what a learner waits for in a dialogue
    "study.grading:grade_from": ANSWER,
    "study.answers:worked_out": ANSWER,
    "study.moves:looked_at": ANSWER,
    "study.moves:gone": ANSWER,
    "study.moves:rest_of": ANSWER,
    "study.moves:of_lesson": ANSWER,
    "study.pad:used": ANSWER,
    # a request at the command line; `prove` and the parts of `derive` say their own
    "reasoning.deciding.judge:judge": REQUEST,
    "reasoning.deciding.judge:value_of": REQUEST,
    "reasoning.explaining.lacking:compared": REQUEST,
    "reasoning.deriving.derive:derived": REQUEST,
    "reasoning.deriving.cross_checks:witnesses": REQUEST,
    "reasoning.explaining.check:goal_of": REQUEST,
    "checking.derivations:finding": REQUEST,
    "study.moves:of_expression": REQUEST,
    "simulations._running:ran": REQUEST,
    # a line of a derivation: the lines before it have been shown by then
    "reasoning.explaining.check:advanced": 3.0,
    # for authors, who look at one question or one row of the table after the other
    "checking.trying:question_faults": 8.0,
    "checking.trying:row_faults": 8.0,
}


def asked(task: str, *args: Any, seconds: float | None = None, advice: str = "make it shorter") -> Any:
    """What a task of the table comes to, in `seconds` or in those of the table.

    Raises TooLong where it does not end by then, and what the task itself raises for a person to mend.
    """
    most = LIMITS[task] if seconds is None else seconds
    try:
        try:
            return REASONER.ask(task, *args, seconds=most)
        except NoWorker:
            return _here(task, args, most)
    except Overrun as problem:
        raise TooLong(f"{problem}: {advice}") from None


def _here(task: str, args: tuple[Any, ...], seconds: float) -> Any:
    """The same in this process, where only the limit at which walks look ends it."""
    module, _, name = task.partition(":")
    function = getattr(load(f"dlteach.{module}"), name)
    with within(seconds):
        return function(*args)

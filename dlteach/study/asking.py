"""One question asked until it is answered, revealed, skipped or left; every step is recorded before it is shown."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from enum import StrEnum
from time import monotonic
from types import MappingProxyType
from typing import Any

from dlteach.course.dialogue import Ask, Equation, Feedback, Mark, Shown, option_of
from dlteach.course.files import ContentError, text_in
from dlteach.course.functions import Functions
from dlteach.course.questions import Kind, Question, Step
from dlteach.course.variants import rows, variant, variant_name
from dlteach.errors import TooLong
from dlteach.notation.latex import latex
from dlteach.notation.reader import read, read_statement
from dlteach.notation.tokens import NotationError
from dlteach.study.answers import revealed
from dlteach.study.grades import Grade, Graded
from dlteach.study.grading import graded
from dlteach.study.pad import pad
from dlteach.study.record import Entry, Record, new_id
from dlteach.values import frozen, replace

HELP, REVEAL, SKIP, PAD, QUIT = "?", "!", ":skip", ":pad", ":quit"

Talk = Generator[Shown | Ask, str | None, None]
Extra = Mapping[str, tuple[str, Callable[[str], Generator[Shown | Ask, str | None, bool]]]]
NO_EXTRA: Extra = MappingProxyType({})


class End(StrEnum):
    """How the asking of a question came to an end."""

    RIGHT = "right"
    REVEALED = "revealed"
    SKIPPED = "skipped"
    LEFT = "left"  # no more input, or `:quit`
    TURNED = "turned"  # a command of the session leads elsewhere


@dataclass(frozen=True)
class Session:
    """What the asking of questions needs beside the questions."""

    functions: Functions
    record: Record
    source: str  # the command that asks, for the log
    language: str = "en"
    clock: Callable[[], float] = monotonic


@dataclass
class Sitting:
    """One presentation of a question: what has happened so far."""

    question: Question
    id: str = field(default_factory=new_id)
    wrong: int = 0
    hints: int = 0
    seconds: float = 0.0
    rating: int = 0
    end: End = End.LEFT

    @property
    def trouble(self) -> str:
        """`1 wrong, 2 hints`; empty where there was none."""
        said = [f"{self.wrong} wrong"] if self.wrong else []
        said += [f"{self.hints} {'hint' if self.hints == 1 else 'hints'}"] if self.hints else []
        return ", ".join(said)

    @property
    def clean(self) -> bool:
        """Whether nothing went wrong and no help was needed."""
        return self.end is End.RIGHT and not self.wrong and not self.hints


def prepared(question: Question, functions: Functions, seed: str, turn: int = 0) -> Question:
    """A question as it is asked: all its variants turn by turn, in an order of its own; options shuffled by seed."""
    names = functions.inside(question.lesson).names
    every = rows(question, names)
    order = random.Random(question.full_id).sample(range(len(every)), len(every))
    chosen = variant(question, every[order[turn % len(every)]], names)
    dice = random.Random(f"{seed} {question.full_id} {turn}")
    choices = tuple(dice.sample(chosen.choices, len(chosen.choices)))
    return replace(chosen, choices=choices, steps=_shuffled(chosen.steps, dice))


def _shuffled(steps: Sequence[Step], dice: random.Random) -> tuple[Step, ...]:
    """The steps in another order than the right one, each still naming those that it needs."""
    places = list(range(len(steps)))
    while len(steps) > 1 and places == sorted(places):
        dice.shuffle(places)
    now = {old + 1: new + 1 for new, old in enumerate(places)}
    return tuple(Step(steps[old].says, tuple(now[need] for need in steps[old].needs)) for old in places)


def ask_one(
    question: Question, session: Session, seed: str, turn: int = 0, extra: Extra = NO_EXTRA
) -> Generator[Shown | Ask, str | None, Sitting | None]:
    """Prepare and ask; None for a question that its author has to mend first, which is said."""
    try:
        return (yield from ask_question(prepared(question, session.functions, seed, turn), session, extra))
    except (ContentError, NotationError) as problem:
        words = problem.line() if isinstance(problem, NotationError) else str(problem)
        yield Feedback(Mark.NOTE, f"{question.full_id} cannot be asked: {words}")
        return None


def ask_question(
    question: Question, session: Session, extra: Extra = NO_EXTRA
) -> Generator[Shown | Ask, str | None, Sitting]:
    """Ask until there is an end; returns how it went. A command in `extra` may end it too (`End.TURNED`)."""
    return (yield from _Asking(question, session, extra).run())


class _Asking:
    def __init__(self, question: Question, session: Session, extra: Extra) -> None:
        session = replaced(session, functions=session.functions.inside(question.lesson))
        self.question, self.session, self.extra = question, session, extra
        self.prompt = PROMPTS[question.kind]
        self.sitting = Sitting(question)
        self.start = question.start  # of a derivation: the last line that follows
        self.stage = 0  # of the author's hints
        self.commands = {HELP: "hint"} if question.hints else {}
        self.commands |= {REVEAL: "answer", SKIP: "next", PAD: "scratch"}
        self.commands |= {name: what for name, (what, _) in extra.items()} | {QUIT: "stop"}

    def run(self) -> Generator[Shown | Ask, str | None, Sitting]:
        yield from self.resumed()
        text = self.text
        if self.start:
            yield Feedback(Mark.NOTE, text)
            yield Equation("", read(self.start, self.session.functions.names))
            text = ""
        while True:
            began = self.session.clock()
            answer = yield self.ask(text)
            self.sitting.seconds += self.session.clock() - began
            word, text = (answer or "").strip(), ""
            if answer is None or word == QUIT:
                return self.sitting
            if word == PAD or word.startswith(PAD + " "):
                if (yield from pad(self.session.functions, word.removeprefix(PAD).strip())):
                    self.sitting.hints += 1
                    self.note("hint", pad="derive")
                text = self.text
            elif word.startswith(":") and word != SKIP:
                name, _, rest = word.partition(" ")
                if name not in self.extra:
                    yield Feedback(Mark.NOTE, f"`{name}` is no command here: {', '.join(self.commands)}")
                elif (yield from self.extra[name][1](rest.strip())):
                    self.sitting.end = End.TURNED
                    return self.sitting
            elif (yield from self.step(answer, word)):
                return self.sitting

    def resumed(self) -> Talk:
        """Go on with today's unfinished presentation, so that leaving a question costs and saves nothing."""
        earlier = self.session.record.open_sitting(self.question.full_id)
        if earlier:
            sitting = self.sitting
            sitting.id, sitting.seconds = earlier[-1].sitting, float(earlier[-1].data.get("seconds", 0))
            sitting.wrong = sum(entry.verdict == "wrong" for entry in earlier)
            sitting.hints = sum(entry.kind == "hint" for entry in earlier)
            self.stage = max(int(entry.data.get("stage", 0)) for entry in earlier)
            for entry in earlier:
                if "line" in entry.data and entry.data.get("variant", "") == variant_name(self.question):
                    self.start = str(entry.data["line"])
            said = sitting.trouble
            yield Feedback(Mark.NOTE, f"You had begun this one{': ' if said else ''}{said}.")

    @property
    def text(self) -> str:
        """The question, with a sentence on how it is answered."""
        ask = text_in(self.question.ask, self.session.language)
        if self.question.states:
            ask += f"\n\n$$\n{latex(read_statement(self.question.states, self.session.functions.names))}\n$$"
        return f"{ask}\n\n*{self.prompt.how}*" if self.prompt.how else ask

    def ask(self, text: str) -> Ask:
        """The question as the screen asks it."""
        said = [choice.says for choice in self.question.choices] or [step.says for step in self.question.steps]
        options = [text_in(says, self.session.language) for says in said]
        names = self.session.functions.names if self.prompt.formula else None
        pick = bool(self.question.choices)
        return Ask(text, tuple(options), self.prompt.label, self.commands, names, self.prompt.lines, pick)

    def step(self, answer: str, word: str) -> Generator[Shown | Ask, str | None, bool]:
        """A hint, the answer, or an answer; returns whether the question is at an end."""
        sitting = self.sitting
        if word == SKIP:
            self.note("skip")
            sitting.end = End.SKIPPED
            return True
        if word == HELP:
            yield self.hint()
            return False
        if word == REVEAL:
            sitting.rating = 1
            self.note("reveal", rating=1)
            sitting.end = End.REVEALED
            yield from self.lines()
            yield Feedback(Mark.NOTE, told(self.question, self.session))
            return True
        result = graded(self.question, answer, self.session.functions, self.session.language, self.start)
        match result.grade:
            case Grade.RIGHT:
                yield self.right(answer, result)
                return True
            case Grade.WRONG:
                sitting.wrong += 1
                self.note("answer", "wrong", answer=self.said(answer), mistake=result.mistake, slips=dict(result.slips))
                yield Feedback(Mark.WRONG, result.says)
            case Grade.FORM:
                yield self.partly(answer, result)
            case Grade.INVALID:
                yield Feedback(Mark.NOTE, unread(result.says))
            case Grade.UNDECIDED:
                yield Feedback(Mark.NOTE, result.says)
        return False

    def lines(self) -> Iterator[Equation]:
        """The lines of a derivation from where the learner is, where the rules make them."""
        if self.question.kind is Kind.DERIVATION:
            from dlteach.study.plans import rest_of

            with suppress(TooLong):  # the answer itself is told all the same
                for move in rest_of(read(self.start, self.session.functions.names), self.session.functions):
                    yield Equation("=", move.expr, move.rules)

    def right(self, answer: str, result: Graded) -> Feedback:
        from dlteach.study.schedule import rating_of

        sitting = self.sitting
        sitting.rating = rating_of(sitting.wrong, sitting.hints, False, sitting.seconds, self.question.kind)
        self.note("answer", "right", sitting.rating, answer=self.said(answer))
        sitting.end = End.RIGHT
        after = text_in(self.question.after, self.session.language)
        return Feedback(Mark.RIGHT, " ".join(filter(None, (result.says, after))))

    def partly(self, answer: str, result: Graded) -> Feedback:
        """Right in value but not in form; a line of a derivation that follows is kept, and the next one is due."""
        if not result.line:
            self.note("answer", "form", answer=answer)
            return Feedback(Mark.PARTLY, result.says)
        self.start = result.line
        self.note("answer", "form", answer=answer, line=self.start)
        return Feedback(Mark.FOLLOWS, result.says)

    def hint(self) -> Feedback:
        """The next stage; a stage that there is not costs nothing."""
        stages = self.question.hints
        if self.stage >= len(stages):
            return Feedback(Mark.NOTE, f"There is no further hint; `{REVEAL}` shows the answer.")
        hint = text_in(stages[self.stage], self.session.language)
        self.stage += 1
        self.sitting.hints += 1
        self.note("hint", stage=self.stage)
        return Feedback(Mark.NOTE, f"Hint {self.stage} of {len(stages)}: {hint}")

    def said(self, answer: str) -> str:
        """An answer as it is kept: an option by its text, for its number changes from time to time."""
        options = [text_in(choice.says) for choice in self.question.choices]
        index = option_of(answer, options) if options else None
        return answer if index is None else options[index]

    def note(self, kind: str, verdict: str = "", rating: int = 0, **data: Any) -> None:
        """Commit what happened; what is shown comes after it."""
        facts = {key: fact for key, fact in data.items() if fact not in ("", {})}
        facts |= {"seconds": round(self.sitting.seconds, 1), "source": self.session.source}
        if name := variant_name(self.question):
            facts["variant"] = name
        self.session.record.note(Entry(self.question.full_id, kind, self.sitting.id, verdict, rating, facts))


def unread(problem: str) -> str:
    """Why an answer does not count; an error with its caret keeps its columns."""
    head, _, rest = problem.partition("\n")
    if not rest:
        return f"That does not count: {head}"
    return f"That does not count, it could not be read:\n\n{head}\n\n```\n{rest}\n```"


# ---- the kinds ------------------------------------------------------------------------------------


def told(question: Question, session: Session) -> str:
    """The answer with its reason."""
    right, decimals = revealed(question, session.functions)
    words = [PROMPTS[question.kind].reveals.format(right, decimals), text_in(question.after, session.language)]
    for choice in question.choices:
        if choice.right:
            words += [text_in(choice.says, session.language), text_in(choice.because, session.language)]
    return " ".join(filter(None, words))


@frozen
class Prompt:
    """How a kind of question is asked, and how its answer is told."""

    label: str
    reveals: str = "The answer: `{}`."
    how: str = ""  # a sentence for those who have not met the kind before
    formula: bool = True
    lines: bool = False


PROMPTS: Mapping[Kind, Prompt] = {
    Kind.CHOICE: Prompt("number", "The answer is {}:", formula=False),
    Kind.NUMBER: Prompt("number", "The answer: `{}`{}."),
    Kind.EXPRESSION: Prompt("expression"),
    Kind.TRUTH: Prompt(
        "true or a point", how="Answer `true`, or give a point where it fails, as in `x = 1`."
    ),
    Kind.ORDER: Prompt(
        "order", "The order: {}.", "Name the steps in their order, as in `3 1 2`.", formula=False
    ),
    Kind.DERIVATION: Prompt(
        "next line", "It comes to `{}`.",
        "Write it line by line; each line is checked against the one before.", lines=True,
    ),
}  # fmt: skip

"""Guided study: a lesson part by part, with its predictions, questions and derivations in place."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from dlteach.course.dialogue import Ask, Feedback, Heading, Mark, Passage, Prose, Shown
from dlteach.course.files import text_in
from dlteach.course.lessons import Course, Lesson
from dlteach.course.questions import Question
from dlteach.errors import DlteachError, TooLong
from dlteach.study.asking import QUIT, End, Session, ask_one
from dlteach.study.grades import Graded
from dlteach.study.plans import Plan, plan_of
from dlteach.study.practice import one_round
from dlteach.study.predicting import play
from dlteach.study.record import Entry, new_id
from dlteach.study.sections import Part, parts

if TYPE_CHECKING:
    from dlteach.simulations._model import Simulation

Talk = Generator[Shown | Ask, str | None, None]
Goes = Generator[Shown | Ask, str | None, bool]


def study(lesson: Lesson, course: Course, session: Session, seed: int) -> Talk:
    """All parts, from where they were left; at the end, what was weak."""
    yield from _Study(lesson, course, session, seed).run()


def simulation_of(text: str) -> tuple[Simulation, Any]:
    """The simulation that a block names, `batchnorm batch=8`, and its parameters; raises DlteachError."""
    from dlteach.simulations import load
    from dlteach.simulations._model import read_parameters

    name, *settings = text.split() or [""]
    pairs = [setting.partition("=") for setting in settings]
    if strange := [name for name, equals, _ in pairs if not (name and equals)]:
        raise DlteachError(f"`{strange[0]}` sets nothing: write batch=8")
    simulation = load(name)
    return simulation, read_parameters(simulation, {name: value for name, _, value in pairs})


class _Study:
    def __init__(self, lesson: Lesson, course: Course, session: Session, seed: int) -> None:
        self.lesson, self.course, self.session, self.seed = lesson, course, session, seed
        self.parts = parts(lesson, session.language)
        self.kept = session.record.place(self.key)
        self.weak: list[str] = list(self.kept.get("weak", []))

    @property
    def key(self) -> str:
        return f"study:{self.lesson.name}"

    def run(self) -> Talk:
        begin = self.begin()
        if begin:
            yield Heading(f"{text_in(self.lesson.title, self.session.language)}: back at part {begin + 1}")
        for index in range(begin, len(self.parts)):
            self.keep(index)
            if not (yield from self.part(index)):
                if self.session.record.lasting:
                    yield Feedback(Mark.NOTE, f"Part {index + 1} of {len(self.parts)}: you will go on here.")
                return
        self.session.record.note(Entry(f"read:{self.lesson.name}", "done", new_id(), "right"))
        self.session.record.put(self.key, None)
        yield from self.end()

    def begin(self) -> int:
        """Where it was left: by the part's key, or by its number where the lesson has changed."""
        keys = [part.key for part in self.parts]
        if (key := self.kept.get("part")) in keys:
            return keys.index(key)
        return min(int(self.kept.get("index", 0)), len(self.parts) - 1)

    def keep(self, index: int) -> None:
        here = {"part": self.parts[index].key, "index": index, "of": len(self.parts), "weak": self.weak}
        self.session.record.put(self.key, here)

    def part(self, index: int) -> Goes:
        """One part; returns whether the learner goes on."""
        part = self.parts[index]
        if part.kind == "read":
            return (yield from self.read(part, index))
        try:
            done = self.ready(part)
        except DlteachError as problem:
            yield Feedback(Mark.NOTE, f"`{part.key}` is left out: {problem}")
            return True
        return (yield from done)

    def ready(self, part: Part) -> Goes:
        """What is done in a part; raises DlteachError for one that its author has to mend first."""
        if part.kind == "sim":
            return self.sim(*simulation_of(part.text))
        if part.kind == "derivation":
            derivation = self.lesson.derivation(part.text)
            return self.derivation(plan_of(derivation, self.lesson, self.course, self.session.language))
        return self.question(self.lesson.question(part.text))

    def read(self, part: Part, index: int) -> Goes:
        yield Passage(self.course, self.lesson, part.text)
        after = self.parts[index + 1].kind if index + 1 < len(self.parts) else ""
        if after == "read":
            answer = yield Ask("", (), f"{index + 1}/{len(self.parts)} Enter goes on", {QUIT: "stop"})
            if answer is None or answer.strip() == QUIT:
                return False
        self.session.record.note(Entry(f"read:{self.lesson.name}", "read", new_id(), data={"part": part.key}))
        return True

    def sim(self, simulation: Simulation, parameters: Any) -> Goes:
        """Predict, run, compare; the predictions are recorded."""

        def note(question: Question, answer: str, result: Graded) -> None:
            data: dict[str, Any] = {"answer": answer, "source": "study"}
            entry = Entry(f"sim:{simulation.name}/{question.id}", "prediction", new_id(), result.grade.value, data=data)
            self.session.record.note(entry)

        try:
            yield from play(simulation, parameters, self.seed, self.session.functions, False, note)
        except TooLong as problem:
            yield Feedback(Mark.NOTE, f"This simulation could not be run: {problem}.")
        answer = yield Ask("", (), "Enter goes on", {QUIT: "stop"})
        return answer is not None and answer.strip() != QUIT

    def derivation(self, plan: Plan) -> Goes:
        """One round of practice; a derivation that takes too long to be made is left out."""
        try:
            return (yield from one_round(plan, self.session, 1))
        except TooLong as problem:
            yield Feedback(Mark.NOTE, f"This derivation cannot be practised: {problem}.")
            return True

    def question(self, question: Question) -> Goes:
        times = sum(entry.kind == "answer" for entry in self.session.record.entries(question.full_id))
        yield Heading(f"Question   {question.full_id}")
        sitting = yield from ask_one(question, self.session, str(self.seed), times)
        if sitting is None:
            return True
        if sitting.end is End.LEFT:
            return False
        if not sitting.clean:
            how = sitting.trouble if sitting.end is End.RIGHT else sitting.end.value
            self.weak.append(f"`{question.full_id}`: {how}")
        return True

    def end(self) -> Talk:
        yield Heading("The end of this lesson")
        if self.weak:
            yield Prose("What was weak:\n\n" + "\n".join(f"- {weak}" for weak in self.weak))
            yield Prose("`dlteach review` brings it back when it is about to be forgotten.")
        else:
            yield Prose("Nothing was weak: every question was right at once.")
        for derivation in self.lesson.derivations:
            if derivation.of:
                yield Prose(f"`dlteach practice {self.lesson.name}/{derivation.id}` until you write it alone.")
                break

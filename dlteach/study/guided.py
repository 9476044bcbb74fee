"""Guided study: a lesson part by part, with its predictions, questions and derivations in place."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dlteach.course.dialogue import Ask, Feedback, Heading, Mark, Passage, Prose, Shown
from dlteach.course.files import text_in
from dlteach.course.lessons import Course, Lesson
from dlteach.course.questions import Question
from dlteach.study.asking import QUIT, End, Session, ask_question, prepared
from dlteach.study.grading import Graded
from dlteach.study.plans import plan_of
from dlteach.study.practice import one_round
from dlteach.study.predicting import play
from dlteach.study.record import Entry, new_id
from dlteach.study.sections import Part, parts

Talk = Generator[Shown | Ask, str | None, None]
Goes = Generator[Shown | Ask, str | None, bool]


def study(lesson: Lesson, course: Course, session: Session, seed: int) -> Talk:
    """All parts, from where they were left; at the end, what was weak."""
    yield from _Study(lesson, course, session, seed).run()


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
        match part.kind:
            case "read":
                return (yield from self.read(part, index))
            case "sim":
                return (yield from self.sim(part))
            case "derivation":
                derivation = self.lesson.derivation(part.text)
                plan = plan_of(derivation, self.lesson, self.course, self.session.language)
                return (yield from one_round(plan, self.session, 1))
        return (yield from self.question(self.lesson.question(part.text)))

    def read(self, part: Part, index: int) -> Goes:
        yield Passage(self.course, self.lesson, part.text)
        after = self.parts[index + 1].kind if index + 1 < len(self.parts) else ""
        if after == "read":
            answer = yield Ask("", (), f"{index + 1}/{len(self.parts)} Enter goes on", {QUIT: "stop"})
            if answer is None or answer.strip() == QUIT:
                return False
        self.session.record.note(Entry(f"read:{self.lesson.name}", "read", new_id(), data={"part": part.key}))
        return True

    def sim(self, part: Part) -> Goes:
        """Predict, run, compare; the predictions are recorded."""
        from dlteach.simulations import load
        from dlteach.simulations._model import read_parameters

        name, *settings = part.text.split()
        simulation = load(name)
        parameters = read_parameters(simulation, dict(setting.split("=", 1) for setting in settings))

        def note(question: Question, answer: str, result: Graded) -> None:
            data: dict[str, Any] = {"answer": answer, "source": "study"}
            entry = Entry(f"sim:{name}/{question.id}", "prediction", new_id(), result.grade.value, data=data)
            self.session.record.note(entry)

        yield from play(simulation, parameters, self.seed, self.session.functions, False, note)
        answer = yield Ask("", (), "Enter goes on", {QUIT: "stop"})
        return answer is not None and answer.strip() != QUIT

    def question(self, question: Question) -> Goes:
        times = sum(entry.kind == "answer" for entry in self.session.record.entries(question.full_id))
        yield Heading(f"Question   {question.full_id}")
        asked = prepared(question, self.session.functions, str(self.seed), times)
        sitting = yield from ask_question(asked, self.session)
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

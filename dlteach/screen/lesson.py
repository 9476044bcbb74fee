"""A lesson as a page: its prose, with claims, derivations, plots, simulations and questions in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from rich.console import RenderableType
from rich.text import Text

from dlteach.course.dialogue import Chart, Curve
from dlteach.course.files import ContentError, text_in
from dlteach.course.ledger import Outcome
from dlteach.course.lessons import Course, Lesson, WorkedDerivation
from dlteach.course.plots import PlotBlock, read_plot
from dlteach.notation.floats import Floats
from dlteach.notation.reader import read
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Expr
from dlteach.screen.derivations import derivation_rows, equation_rows
from dlteach.screen.markdown import markdown
from dlteach.screen.plot import plot, sampled, slope
from dlteach.screen.terminal import Terminal
from dlteach.screen.verdicts import barred, claim_panel, erratum_panel, verdict_text


def lesson_page(lesson: Lesson, course: Course, terminal: Terminal, language: str = "en") -> Iterator[RenderableType]:
    """Everything that `dlteach lesson` shows; raises ContentError."""
    page = _Page(lesson, course, terminal, language)
    living = {
        "claim": page.claim,
        "derivation": page.derivation,
        "plot": page.plot,
        "sim": page.sim,
        "question": page.question,
        "erratum": page.erratum,
    }
    yield from markdown(lesson.prose(language), terminal, living)
    yield Text("")
    yield from page.foot()


class _Page:
    def __init__(self, lesson: Lesson, course: Course, terminal: Terminal, language: str) -> None:
        self.lesson, self.course, self.terminal, self.language = lesson, course, terminal, language
        self.functions = course.functions

    def claim(self, identity: str, _: str) -> Iterable[RenderableType]:
        claim = self.lesson.claim(identity)
        record = self.course.record(self.lesson, claim.id, claim.statement)
        return claim_panel(claim, f"{self.lesson.name}/{claim.id}", record, self.functions, self.terminal)

    def erratum(self, identity: str, _: str) -> Iterable[RenderableType]:
        erratum = self.lesson.erratum(identity)
        records = self.course.erratum_records(self.lesson, erratum)
        return erratum_panel(erratum, f"{self.lesson.name}/{identity}", records, self.functions, self.terminal)

    def derivation(self, identity: str, _: str) -> Iterable[RenderableType]:
        derivation = self.lesson.derivation(identity)
        record = self.course.record(self.lesson, derivation.id, derivation.statement)
        head = Text() + Text("derivation ", "quiet") + Text(f"{self.lesson.name}/{identity}", "label") + Text("  ")
        yield head + verdict_text(record.verdict if record else None)
        yield Text("")
        yield from worked_rows(
            derivation, self.course, self.terminal, proved=bool(record and record.verdict is Outcome.PROVED)
        )

    def plot(self, info: str, body: str) -> Iterable[RenderableType]:
        try:
            block = read_plot(info, body, self.functions.names)
        except (NotationError, ValueError) as problem:
            raise ContentError(
                f"{self.lesson.shown}/lesson.en.md: a plot cannot be read ({problem}): correct it"
            ) from None
        return plot(chart(block, self.course), self.terminal)

    def sim(self, info: str, _: str) -> Iterable[RenderableType]:
        name, *settings = info.split()
        command = " ".join(["dlteach sim", name, *(f"--set {setting}" for setting in settings)])
        return barred([Text() + Text("try it  ", "quiet") + Text(command, "code")], self.terminal)

    def question(self, identity: str, _: str) -> Iterable[RenderableType]:
        question = self.lesson.question(identity)
        rows = [
            part
            for part in markdown(text_in(question.ask, self.language), self.terminal.narrower(3))
            if isinstance(part, Text)
        ]
        command = Text() + Text("answer with  ", "quiet") + Text(f"dlteach quiz {question.full_id}", "code")
        return barred(
            [Text() + Text("question ", "quiet") + Text(question.full_id, "label"), *rows, command], self.terminal
        )

    def foot(self) -> Iterator[RenderableType]:
        """Sources, and what to do next."""
        if self.lesson.references:
            yield Text("Sources", "section")
        for source in self.lesson.references:
            entry = f"{source.authors}. *{source.title}*. {source.year}." + (f" {source.id}" if source.id else "")
            yield from markdown(f"- {entry}", self.terminal)
        yield Text("")
        name = self.lesson.name
        yield (
            Text()
            + Text("Next: ", "quiet")
            + Text(f"dlteach quiz {name}", "code")
            + Text("  ·  ", "quiet")
            + Text(f"dlteach verify {name}", "code")
        )


def chart(block: PlotBlock, course: Course) -> Chart:
    """The curves of a plot block, with their slopes where it asks for derivatives."""
    curves: list[Curve] = []
    back = Floats(course.functions.definitions)
    for source, expr in block.expressions:
        curve = sampled(source, partial(_at, back, expr, block.variable), block.start, block.end)
        curves += [curve, slope(f"slope of {source}", curve)] if block.derivative else [curve]
    return Chart("", tuple(curves))


def _at(back: Floats, expr: Expr, variable: str, x: float) -> float:
    return back(expr, {variable: x})


def worked_rows(
    derivation: WorkedDerivation, course: Course, terminal: Terminal, proved: bool
) -> Iterator[RenderableType]:
    """The lines of a worked derivation; those that `derive` makes are made here, without SymPy."""
    names = course.functions.names
    if derivation.of:
        from dlteach.reasoning.derive import derive, subject

        expr, variable = subject(derivation.of, course.functions)
        yield from derivation_rows(derive(expr, variable, course.functions, trust=proved), terminal)
        return
    blank = True
    for number, line in enumerate(derivation.lines):
        expr = read(line.is_, names)
        because = text_in(line.because)
        if number and not blank:
            yield Text("")
        if because:
            yield from markdown(because, terminal)
        rows = equation_rows("=" if number else "", expr, "", terminal)
        blank = len(rows) > 1
        yield from rows

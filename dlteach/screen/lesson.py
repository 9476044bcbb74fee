"""A lesson as a page: its prose, with claims, derivations, plots, simulations and questions in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from math import isfinite

from rich.console import RenderableType
from rich.text import Text

from dlteach.course import limits
from dlteach.course.dialogue import Chart, Curve
from dlteach.course.entries import Lesson, Line, WorkedDerivation
from dlteach.course.files import ContentError, printable, text_in
from dlteach.course.functions import Functions
from dlteach.course.ledger import KeptVerdict, Outcome
from dlteach.course.lessons import Course
from dlteach.course.plots import PlotBlock, read_plot
from dlteach.course.variants import first_variant
from dlteach.errors import DlteachError, TooLong
from dlteach.notation.floats import Floats
from dlteach.notation.patience import NEVER, Overrun, clock, left, look, until, within
from dlteach.notation.reader import read, read_statement
from dlteach.notation.show import show
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import BINDERS, Derivative, Expr, Moment, Relation, symbols, walk
from dlteach.screen.derivations import derivation_rows, equation_rows
from dlteach.screen.markdown import Living, markdown
from dlteach.screen.plot import plot, sampled, slope
from dlteach.screen.terminal import Terminal
from dlteach.screen.verdicts import barred, claim_panel, erratum_panel, verdict_text
from dlteach.simulations import load, names

Show = Callable[[str, str], Iterable[RenderableType]]  # what stands behind a living block's word, and its body
PLOT_SECONDS = 2.0
VISIBLE = 0.02  # of the height of a plot: curves that are nearer to each other look like one


def lesson_page(lesson: Lesson, course: Course, terminal: Terminal, language: str = "en") -> Iterator[RenderableType]:
    """Everything that `dlteach lesson` shows; raises ContentError."""
    page = _Page(lesson, course, terminal, language)
    yield from markdown(lesson.prose(language), terminal, page.living)
    yield Text("")
    yield from page.foot()


def passage(
    text: str, lesson: Lesson, course: Course, terminal: Terminal, language: str = "en"
) -> list[RenderableType]:
    """A part of a lesson's prose with its living blocks."""
    return markdown(text, terminal, _Page(lesson, course, terminal, language, faults=True).living)


class _Page:
    """A page; with `faults` it says in the place of a living block what is wrong with it, and goes on."""

    def __init__(self, lesson: Lesson, course: Course, terminal: Terminal, language: str, faults: bool = False) -> None:
        self.lesson, self.terminal, self.language, self.faults = lesson, terminal, language, faults
        self.course = course.inside(lesson.name)
        self.functions = self.course.functions
        self.left = limits.LIVING
        self.end = clock() + limits.PAGE_SECONDS if lesson.outside else NEVER
        shows: dict[str, Show] = {
            "claim": self.claim,
            "derivation": self.derivation,
            "plot": self.plot,
            "sim": self.sim,
            "question": self.question,
            "erratum": self.erratum,
        }
        self.living: Living = {word: partial(self.guarded, word, show) for word, show in shows.items()}

    def guarded(self, word: str, show: Show, info: str, body: str) -> list[RenderableType]:
        """A living block; raises ContentError with its file for whatever is wrong with it, if the page does."""
        try:
            return self.shown(word, show, info, body)
        except ContentError as problem:
            if self.faults:
                return [Text(f"({problem})", "quiet")]
            raise

    def shown(self, word: str, show: Show, info: str, body: str) -> list[RenderableType]:
        """A living block; raises ContentError with its file."""
        where = f"{self.lesson.shown}/lesson.en.md: {printable(f'{word} {info}', limits.LINE)}"
        self.left -= 1
        try:
            with until(self.end if self.left >= 0 else 0.0):
                look()
                return list(show(info, body))
        except ContentError:
            raise
        except Overrun:
            return [Text(f"({printable(f'{word} {info}', limits.LINE)}: not shown, this page takes too long)", "quiet")]
        except NotationError as problem:
            raise ContentError(printable(f"{where}: {problem.line()}: correct it")) from None
        except (DlteachError, ValueError) as problem:
            raise ContentError(printable(f"{where}: {problem}")) from None

    def claim(self, identity: str, _: str) -> Iterable[RenderableType]:
        claim = self.lesson.claim(identity)
        kept = self.course.kept_verdict(self.lesson, claim.id, claim.statement)
        return claim_panel(claim, f"{self.lesson.name}/{claim.id}", kept, self.functions, self.terminal)

    def erratum(self, identity: str, _: str) -> Iterable[RenderableType]:
        erratum = self.lesson.erratum(identity)
        kept = self.course.erratum_verdicts(self.lesson, erratum)
        return erratum_panel(erratum, f"{self.lesson.name}/{identity}", kept, self.functions, self.terminal)

    def derivation(self, identity: str, _: str) -> Iterable[RenderableType]:
        derivation = self.lesson.derivation(identity)
        kept = self.course.kept_verdict(self.lesson, derivation.id, derivation.statement)
        head = Text() + Text("derivation ", "quiet") + Text(f"{self.lesson.name}/{identity}", "label") + Text("  ")
        yield head + verdict_text(kept.verdict if kept else None)
        yield Text("")
        yield from worked_rows(derivation, self.lesson, self.course, self.terminal, kept)

    def plot(self, info: str, body: str) -> Iterable[RenderableType]:
        block = read_plot(info, body, self.functions.names)
        return plot(chart(block, self.functions), self.terminal)

    def sim(self, info: str, _: str) -> Iterable[RenderableType]:
        name, *settings = info.split() or [""]
        if name not in names():
            load(name)  # says what there is; one that is there is not loaded, since that takes NumPy
        command = " ".join(["dlteach sim", name, *(f"--set {setting}" for setting in settings)])
        return barred([Text() + Text("try it  ", "quiet") + Text(command, "code")], self.terminal)

    def question(self, identity: str, _: str) -> Iterable[RenderableType]:
        question = first_variant(self.lesson.question(identity), self.functions.names)
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


def chart(block: PlotBlock, functions: Functions) -> Chart:
    """The curves of a plot block, with their slopes where it asks for derivatives."""
    curves: list[Curve] = []
    back = Floats(functions.definitions)
    for source, expr in block.expressions:
        curve = sampled(source, partial(_at, back, expr, block.variable), block.start, block.end)
        curves += [curve, slope(f"slope of {source}", curve)] if block.derivative else [curve]
    return Chart("", tuple(curves))


def drawn(block: PlotBlock, functions: Functions, seconds: float = PLOT_SECONDS) -> Chart:
    """The same for a person who waits; raises TooLong."""
    try:
        with within(seconds):
            return chart(block, functions)
    except Overrun:
        raise TooLong(f"this takes more than {seconds:g} s to draw: draw a simpler expression") from None


def contrast(statement: str, functions: Functions) -> Chart | None:
    """Both sides of a false equation in one variable, or their difference where the eye could not tell them apart.

    None where curves would not tell more than the counterexample.
    """
    try:
        node = read_statement(statement, functions.names)
    except NotationError:
        return None
    if not isinstance(node.body, Relation) or node.body.signs != ("=",) or node.conditions:
        return None
    names = symbols(node.body)
    if len(names) != 1 or any(isinstance(part, (*BINDERS, Moment, Derivative)) for part in walk(node.body)):
        return None
    back, (variable,) = Floats(functions.definitions), names
    sides = [(show(side), partial(_at, back, side, variable)) for side in node.body.sides]
    try:
        curves = [sampled(name, run, -4.0, 4.0) for name, run in sides]
    except DlteachError:  # a function without a definition
        return None
    pairs = [(a, b) for a, b in zip(curves[0].ys, curves[1].ys, strict=True) if isfinite(a) and isfinite(b)]
    if not pairs:
        return None
    height = max(max(pair) for pair in pairs) - min(min(pair) for pair in pairs)
    if max(abs(a - b) for a, b in pairs) < VISIBLE * height:
        curves = [sampled("the difference", lambda x: sides[0][1](x) - sides[1][1](x), -4.0, 4.0)]
    return Chart("", tuple(curves))


def _at(back: Floats, expr: Expr, variable: str, x: float) -> float:
    return back(expr, {variable: x})


def worked_rows(
    derivation: WorkedDerivation, lesson: Lesson, course: Course, terminal: Terminal, kept: KeptVerdict | None
) -> Iterator[RenderableType]:
    """The lines of a worked derivation; those that `derive` makes are made here, without SymPy.

    Values are those of the ledger; a line whose value is not known shows what is to be computed.
    """
    if derivation.of:
        yield from _made(derivation.of, lesson, course, terminal, bool(kept and kept.verdict is Outcome.PROVED))
        return
    values = iter(kept.values if kept else ())
    first = True
    for line in derivation.lines:
        value = next(values, "") if line.value else ""
        yield from line_rows(line, value, first, course.functions, terminal)
        first = not line.is_


def _made(of: str, lesson: Lesson, course: Course, terminal: Terminal, proved: bool) -> Iterator[RenderableType]:
    """The rows of a derivation that the rules make; the course's own are known to be short."""
    if proved and not lesson.outside:
        from dlteach.reasoning.deriving.derive import derived

        yield from derivation_rows(derived(of, course.functions, trust=True), terminal)
        return
    from dlteach.reasoning.deriving.steps import drawable
    from dlteach.reasoning.worker.asked import REQUEST, asked

    seconds = max(0.1, min(REQUEST, left()))
    try:
        made = asked("reasoning.deriving.derive:derived", of, course.functions, "", 1, proved, seconds=seconds)
        made = drawable(made)
    except TooLong as problem:
        yield Text(f"This derivation cannot be shown: {problem}.", "quiet")
    else:
        yield from derivation_rows(made, terminal)


def line_rows(
    line: Line, value: str, first: bool, functions: Functions, terminal: Terminal, sign: Text | None = None
) -> Iterator[RenderableType]:
    """A line of a derivation: its words, then its formula; `first` in a chain has no equals sign."""
    if because := text_in(line.because):
        yield from markdown(because, terminal)
    word, style = (sign.plain, str(sign.style)) if sign is not None else ("", "")
    rows: list[RenderableType] = []
    if line.is_ or line.states:
        node = read(line.is_, functions.names) if line.is_ else read_statement(line.states, functions.names)
        rows = equation_rows("=" if line.is_ and not first else "", node, word, terminal, style)
    elif line.value:
        rows = equation_rows("", read(line.value, functions.names), "", terminal)
        rows.append(Text("  ≈ ") + Text(value or "?", "label") + Text(f"   {word}" if word else "", style))
    yield from rows
    if not line.is_ and str(rows[-1] if rows else ""):
        yield Text("")

"""Faded worked examples: a derivation is read whole, then written with one line missing, then more, then alone.

The last lines fade first (Renkl and Atkinson 2003, "Structuring the Transition from Example Study to Problem
Solving"). A line of one's own is as good as the one in the book: what counts is that it follows.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import suppress
from typing import Any

from dlteach.course.dialogue import Ask, Equation, Feedback, Heading, Mark, Prose, Shown
from dlteach.errors import TooLong
from dlteach.notation.reader import read
from dlteach.notation.show import show
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Expr, symbols
from dlteach.reasoning.explaining.lines import Diagnosis, Line, Standing, sides_of
from dlteach.reasoning.worker.asked import asked
from dlteach.study.asking import HELP, PAD, QUIT, REVEAL, SKIP, Session, unread
from dlteach.study.grades import NOT_COUNTED, in_words, slips_of
from dlteach.study.grading import no_strangers
from dlteach.study.pad import pad
from dlteach.study.plans import Looked, Move, Place, Plan
from dlteach.study.record import Entry, new_id

NEXT = ":next"
COMMANDS = {HELP: "hint", NEXT: "step", REVEAL: "the rest", PAD: "scratch", SKIP: "round", QUIT: "stop"}
NO_RULE = "There is no rule at hand for this line of yours; what is left is to be worked out by hand."
STAGES = 3  # of a hint: the rule, what it says, the line

Talk = Generator[Shown | Ask, str | None, bool]


def practice(plan: Plan, session: Session) -> Generator[Shown | Ask, str | None, None]:
    """All rounds, from where they were left; ends when the derivation was written alone."""
    every = len(plan.moves)
    key = f"practice:{plan.name}"
    kept = session.record.place(key)
    if not kept:
        yield Heading(f"Practice: {plan.title}")
        yield Prose(f"Read it first; then its lines fade, the last ones first, until you write all {every} alone.")
        yield from _lines(plan, every)
        if not (yield from _goes_on()):
            return
    blanks = min(every, int(kept.get("blanks", 1)))
    slips: list[str] = list(kept.get("slips", []))
    while True:
        current = _Round(plan, session, key, blanks, slips, kept)
        kept = {}
        goes_on = yield from current.run()
        if not goes_on or (current.skipped and blanks == every):
            if session.record.lasting:
                yield Feedback(Mark.NOTE, "You will go on here.")
            return
        if blanks == every and current.alone:
            break
        blanks = min(every, blanks if current.shown else blanks + 1 if current.trouble else 2 * blanks)
    session.record.note(Entry(key, "done", current.sitting, "right"))
    session.record.put(key, None)
    yield Heading("Done")
    met = "".join(f"\n- {slip}" for slip in slips)
    yield Prose(f"You wrote {plan.title} without help." + (f" What you met on the way:\n{met}" if slips else ""))


def one_round(plan: Plan, session: Session, blanks: int) -> Generator[Shown | Ask, str | None, bool]:
    """The derivation with so many lines missing, once; returns whether the learner goes on."""
    key = f"round:{plan.name}"
    current = _Round(plan, session, key, min(blanks, len(plan.moves)), [], session.record.place(key))
    goes_on = yield from current.run()
    if goes_on:
        session.record.put(key, None)
    return goes_on


class _Round:
    """One time through the derivation, with its last lines missing."""

    def __init__(
        self, plan: Plan, session: Session, key: str, blanks: int, slips: list[str], kept: dict[str, Any]
    ) -> None:
        self.session, self.whole, self.key, self.blanks, self.slips = session, plan, key, blanks, slips
        self.sitting = str(kept.get("sitting") or new_id())
        self.trouble, self.shown, self.skipped = bool(kept.get("trouble")), bool(kept.get("shown")), False
        self.began = kept.get("blanks") == blanks
        self.known = symbols(plan.start).union(*(symbols(move.expr) for move in plan.moves))
        self.written: list[str] = []
        given = len(plan.moves) - blanks
        self.given = plan.moves[:given]
        written = []
        with suppress(NotationError):  # a function that the course has no longer: the line is to be written again
            for line in kept.get("written", []):
                written.append(_readable(line, session))
                self.written.append(line)
        here = self.given[-1].expr if self.given else plan.start
        self.place, _ = self.gone(Place(here, plan.moves[given:]), written)
        self.stage = int(kept.get("stage", 0))  # of the hint for the next line

    @property
    def alone(self) -> bool:
        """Whether no line was shown and no hint given."""
        return not (self.trouble or self.shown or self.skipped)

    def run(self) -> Talk:
        """Ask for the missing lines; returns False where the learner leaves."""
        many = "all lines are yours" if not self.given else f"the last {self.blanks} are yours"
        many = "the last line is yours" if self.blanks == 1 and self.given else many
        yield Heading(f"{'Back where you were' if self.began else 'Practice'}: {self.whole.title}; {many}")
        yield from _lines(self.whole, len(self.given))
        for line in self.written:
            yield Equation("=", _readable(line, self.session), "yours")
        self.keep()
        if self.began and self.stage:
            yield Feedback(Mark.NOTE, self.hint(self.stage))
        while not self.place.finished:
            answer = yield Ask("", (), "next line", COMMANDS, self.session.functions.names, lines=True)
            word = (answer or "").strip()
            if answer is None or word == QUIT:
                return False
            if word == SKIP:
                self.skipped = True
                return True
            if word == PAD or word.startswith(PAD + " "):
                if (yield from pad(self.session.functions, word.removeprefix(PAD).strip())):
                    self.helped("hint")
            elif word == HELP:
                self.stage = min(self.stage + 1, STAGES)
                self.helped("hint")
                yield Feedback(Mark.NOTE, self.hint(self.stage))
            elif word in (NEXT, REVEAL):
                yield from self.told(1 if word == NEXT else len(self.place.left))
            elif word.startswith(":") or not word:
                yield Feedback(Mark.NOTE, "Write the next line, or: " + ", ".join(f"`{c}`" for c in COMMANDS))
            else:
                yield from self.answered(answer)
        return True

    def answered(self, text: str) -> Generator[Shown | Ask, str | None, None]:
        """Each line against the one before, until one does not follow."""
        functions = self.session.functions
        for row in filter(str.strip, text.splitlines()):
            try:
                sides, _ = sides_of(row.strip(), functions)
                for side in sides:
                    no_strangers(side, row.strip(), self.known, "derivation")
            except NotationError as problem:
                yield Feedback(Mark.NOTE, unread(str(problem)))
                return
            for side in sides:
                try:
                    found: Looked = asked("study.moves:looked_at", self.place, self.whole, side, functions)
                except TooLong as problem:
                    yield Feedback(Mark.NOTE, NOT_COUNTED.format(problem))
                    return
                if found.line is not None:
                    yield self.refused(found.line, found.mistakes)
                    return
                yield self.follows(side, found)

    def refused(self, line: Line, mistakes: Sequence[Diagnosis]) -> Feedback:
        """A line that does not follow, or of which that is not known."""
        if line.verdict is Standing.WRONG:
            return self.wrong(line, mistakes)
        if line.verdict is Standing.NARROWER:
            return Feedback(Mark.PARTLY, f"This is equal, but {line.note}.")
        return Feedback(Mark.NOTE, NOT_COUNTED.format(line.found.evidence if line.found else ""))

    def follows(self, side: Expr, found: Looked) -> Feedback:
        if found.place is None:
            return Feedback(Mark.NOTE, "That is the line above in other words; what is the next step?")
        self.went(found.place, show(side))
        rules = found.rules
        self.note("line", "right", answer=show(side), rules=rules)
        self.keep()
        if self.place.finished:
            return Feedback(Mark.RIGHT, f"{rules}." if rules else "")
        return Feedback(Mark.FOLLOWS, f"{rules}." if rules else "It is equal to the line before.")

    def went(self, place: Place, text: str) -> None:
        """Move to a line."""
        self.place, self.stage = place, 0
        self.written.append(text)

    def gone(self, place: Place, sides: Sequence[Expr]) -> tuple[Place, str]:
        """Where one stands after these lines, and the rules that lead there; raises TooLong."""
        found: tuple[Place, str] = asked("study.moves:gone", place, self.whole, sides, self.session.functions)
        return found

    def wrong(self, line: Line, mistakes: Sequence[Diagnosis]) -> Feedback:
        """The slip by its name, else a counterexample."""
        self.trouble = True
        self.slips += [mistake.says for mistake in mistakes[:1] if mistake.says not in self.slips]
        self.note("line", "wrong", answer=line.text, slips=slips_of(mistakes))
        self.keep()
        says = in_words(mistakes) or (f"This does not follow: {line.found.evidence}." if line.found else "")
        first = mistakes[0] if mistakes else None
        place = f" From `{first.before}` you have `{first.wrong}`." if first and first.wrong else ""
        return Feedback(Mark.WRONG, says + place)

    def told(self, count: int) -> Generator[Shown | Ask, str | None, None]:
        """The next lines, shown."""
        moves: Sequence[Move] = self.place.left[:count]
        if not moves:
            yield Feedback(Mark.NOTE, NO_RULE)
        for move in moves:
            try:
                place, _ = self.gone(self.place, [move.expr])
            except TooLong as problem:
                yield Feedback(Mark.NOTE, f"The next line could not be made: {problem}.")
                return
            self.went(place, show(move.expr))
            self.shown = True
            self.helped("reveal")
            yield Equation("=", move.expr, move.rules)

    def hint(self, stage: int) -> str:
        """The rule, what it says, the line; an author's reason comes first where there is one."""
        if not self.place.left:
            return NO_RULE
        move = self.place.left[0]
        where = f", on `{move.of}`" if move.of else ""
        stages = [f"{move.rules}{where}." if move.rules else move.says, move.says, f"`= {show(move.expr)}`"]
        said = stages[stage - 1] or stages[-1]
        return f"Hint {stage} of {STAGES}: {said}"

    def helped(self, kind: str) -> None:
        self.trouble = True
        self.note(kind)
        self.keep()

    def note(self, kind: str, verdict: str = "", **data: Any) -> None:
        facts = {key: fact for key, fact in data.items() if fact} | {"source": self.session.source}
        self.session.record.note(Entry(f"practice:{self.whole.name}", kind, self.sitting, verdict, 0, facts))

    def keep(self) -> None:
        """Remember this place."""
        names = ("blanks", "written", "stage", "trouble", "shown", "slips", "sitting")
        self.session.record.put(self.key, {name: getattr(self, name) for name in names})


def _lines(plan: Plan, count: int) -> Generator[Shown | Ask, str | None, None]:
    """The first lines of a derivation with their rules; an author's reason stands above its line."""
    yield Equation("", plan.start)
    for move in plan.moves[:count]:
        if move.says and not move.rules:
            yield Prose(move.says)
        yield Equation("=", move.expr, move.rules)


def _goes_on() -> Talk:
    answer = yield Ask("", (), "Enter goes on", {QUIT: "stop"})
    return answer is not None and answer.strip() != QUIT


def _readable(line: str, session: Session) -> Expr:
    return read(line, session.functions.names)

"""Faded worked examples: a derivation is read whole, then written with one line missing, then more, then alone.

The last lines fade first (Renkl and Atkinson 2003, "Structuring the Transition from Example Study to Problem
Solving"). A line of one's own is as good as the one in the book: what counts is that it follows.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import suppress
from typing import Any

from dlteach.course.dialogue import Ask, Equation, Feedback, Heading, Mark, Prose, Shown
from dlteach.notation.reader import read
from dlteach.notation.show import show
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Expr, symbols
from dlteach.reasoning.algebra.forms import same_form
from dlteach.reasoning.explaining.check import Line, Standing, following, sides_of, unfinished
from dlteach.reasoning.explaining.diagnose import Diagnosis, diagnose
from dlteach.study.asking import HELP, PAD, QUIT, REVEAL, SKIP, Session, unread
from dlteach.study.grading import in_words, no_strangers, slips_of
from dlteach.study.pad import pad
from dlteach.study.plans import Plan
from dlteach.study.record import Entry, new_id
from dlteach.values import replace

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
        self.here = self.given[-1].expr if self.given else plan.start
        self.plan = replace(plan, moves=plan.moves[given:])
        with suppress(NotationError):  # a function that the course has no longer: the line is to be written again
            for line in kept.get("written", []):
                self.went(_readable(line, session), line)
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
        while not self.finished:
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
                yield from self.told(1 if word == NEXT else len(self.plan.moves))
            elif word.startswith(":") or not word:
                yield Feedback(Mark.NOTE, "Write the next line, or: " + ", ".join(f"`{c}`" for c in COMMANDS))
            else:
                yield from self.answered(answer)
        return True

    @property
    def finished(self) -> bool:
        """Nothing is left to be worked out; an author's derivation ends in its last line."""
        if self.plan.variable:
            return unfinished(self.here) is None
        return same_form(self.here, self.whole.moves[-1].expr)

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
                if any(same_form(side, move.expr) for move in self.plan.moves):
                    yield self.follows(side)  # a line of the book needs no proof of its own
                    continue
                first = self.whole.start
                line = following(0, show(side), self.here, side, self.plan.conditions, functions, first=first)
                if line.verdict is Standing.WRONG:
                    yield self.wrong(line, line.mistakes or self.since_the_start(side))
                    return
                if line.verdict is Standing.NARROWER:
                    yield Feedback(Mark.PARTLY, f"This is equal, but {line.note}.")
                    return
                if line.verdict is Standing.UNDECIDED:
                    evidence = line.found.evidence if line.found else ""
                    yield Feedback(Mark.NOTE, f"This could not be decided, so it does not count: {evidence}")
                    return
                yield self.follows(side)

    def follows(self, side: Expr) -> Feedback:
        if same_form(side, self.here):
            return Feedback(Mark.NOTE, "That is the line above in other words; what is the next step?")
        rules = self.went(side, show(side))
        self.note("line", "right", answer=show(side), rules=rules)
        self.keep()
        if self.finished:
            return Feedback(Mark.RIGHT, f"{rules}." if rules else "")
        return Feedback(Mark.FOLLOWS, f"{rules}." if rules else "It is equal to the line before.")

    def went(self, side: Expr, text: str) -> str:
        """Move to a line; returns the names of the rules that lead there, where they can be told."""
        moves = self.plan.moves
        reached = max((i for i, move in enumerate(moves) if same_form(move.expr, side)), default=-1)
        rules = ", ".join(dict.fromkeys(move.rules for move in moves[: reached + 1] if move.rules))
        self.plan = replace(self.plan, moves=moves[reached + 1 :])
        if reached < 0:
            ways = moves[0].ways if moves else ()
            rules = next((rule for line, rule in ways if same_form(line, side)), "")
            self.plan = self.plan.after(side, self.session.functions)
        self.here, self.stage = side, 0
        self.written.append(text)
        return rules

    def since_the_start(self, side: Expr) -> Sequence[Diagnosis]:
        """The slips that lead from the first line to this one, as if the lines between had not been read."""
        if self.here == self.whole.start or not self.whole.variable:
            return ()
        return diagnose(self.whole.start, side, self.session.functions)

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
        if not self.plan.moves:
            yield Feedback(Mark.NOTE, NO_RULE)
        for move in self.plan.moves[:count]:
            self.went(move.expr, show(move.expr))
            self.shown = True
            self.helped("reveal")
            yield Equation("=", move.expr, move.rules)

    def hint(self, stage: int) -> str:
        """The rule, what it says, the line; an author's reason comes first where there is one."""
        if not self.plan.moves:
            return NO_RULE
        move = self.plan.moves[0]
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

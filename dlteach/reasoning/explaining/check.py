"""A learner's own derivation, line by line: does each line follow from the one before?

After a wrong line the rest is checked against it, so that one slip is reported once; a line that is equal to the last
good one again is back on the track. Equal means equal where both have a value, and that is not transitive: so each line
has to keep the first line's domain, and the last is compared with the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.patience import clock, until
from dlteach.notation.reader import read
from dlteach.notation.show import show
from dlteach.notation.tree import Condition, Expr
from dlteach.reasoning.algebra.forms import form_fault, same_form
from dlteach.reasoning.deciding.judge import equal
from dlteach.reasoning.explaining.diagnose import diagnose
from dlteach.reasoning.explaining.lacking import lacking
from dlteach.reasoning.explaining.lines import Goal, Line, Standing, Track, Typed, typed, unfinished, unreadable

SECONDS = 2.0  # for a proof
A_LOOK = 0.1  # seconds: to refute a line, not to prove it
WORDS = 0.9  # seconds beside those for a proof, for saying what is wrong with a line


def check(text: str, functions: Functions, given: str = "", seconds: float = SECONDS) -> Iterator[Line]:
    """The lines of a derivation with their verdicts, as they are reached; raises NotationError for `given`."""
    track = Track()
    for line in typed(text, functions, given):
        found, track = advanced(track, line, functions, seconds)
        yield found


def advanced(track: Track, line: Typed, functions: Functions, seconds: float = SECONDS) -> tuple[Line, Track]:
    """The next line with its verdict, and where the derivation stands after it."""
    if line.expr is None:
        return unreadable(line), track
    here = (line.number, line.expr)
    if track.before is None or track.first is None:
        return Line(line.number, line.text, Standing.START, line.expr), Track(here, here)
    found, track = _followed(track, here, line, functions, seconds)
    return found, replace(track, before=here)


def _followed(
    track: Track, here: tuple[int, Expr], line: Typed, functions: Functions, seconds: float
) -> tuple[Line, Track]:
    """The verdict on a line that comes after others; the line before is still that of the track."""
    assert track.before is not None and track.first is not None
    number, expr = here
    first, before = track.first, track.before

    def against(earlier: Expr, begun: Expr) -> Line:
        return following(number, line.text, earlier, expr, line.conditions, functions, seconds, begun)

    end = clock() + seconds + WORDS
    found = against(before[1], first[1])
    if found.verdict in (Standing.FOLLOWS, Standing.NARROWER) and first != before:
        whole = equal(first[1], expr, line.conditions, functions, A_LOOK)
        if whole.outcome is Outcome.REFUTED:
            note = f"it equals the line above where both have a value, but not line {first[0]}"
            found = Line(number, line.text, Standing.WRONG, expr, whole, note=note)
    if found.verdict is not Standing.WRONG:
        return found, track
    if track.sound is None:
        return found, replace(track, sound=(before, first), first=here)
    last, kept = track.sound
    with until(end):
        again = against(last[1], kept[1])
    if again.verdict is Standing.FOLLOWS:
        note = f"not from the line above, but equal to line {last[0]}: back on the track"
        back = Line(number, line.text, Standing.FOLLOWS, expr, again.found, note=note)
        return back, replace(track, sound=None, first=kept)
    return found, replace(track, first=here)


def following(
    number: int,
    text: str,
    before: Expr,
    after: Expr,
    conditions: tuple[Condition, ...],
    functions: Functions,
    seconds: float = SECONDS,
    first: Expr | None = None,
) -> Line:
    """The line `after` as it follows from `before`, or does not; it is to have a value wherever `first` has one."""
    end = clock() + seconds + WORDS
    verdict = equal(before, after, conditions, functions, seconds)
    if verdict.outcome is Outcome.PROVED:
        lack = lacking(after, before if first is None else first, conditions, functions, verdict.gaps)
        if lack is not None and not lack.isolated:
            note = f"{lack.where} it has no value any more: {lack.why}"
            return Line(number, text, Standing.NARROWER, after, verdict, note=note)
        note = f"{lack.where} it has no value any more" if lack is not None else ""
        return Line(number, text, Standing.FOLLOWS, after, verdict, note=note)
    if verdict.outcome is not Outcome.REFUTED:
        return Line(number, text, Standing.UNDECIDED, after, verdict)
    mistakes = diagnose(before, after, functions, conditions, end - clock())
    return Line(number, text, Standing.WRONG, after, verdict, mistakes)


# ---- the goal ------------------------------------------------------------------------------------


def goal_of(lines: Sequence[Line], functions: Functions, wanted: str = "", form: str = "") -> Goal:
    """Whether the last line is what was asked for: an expression in this very form, a form, or "worked out".

    Raises NotationError for a goal, and DlteachError for a form, that cannot be read.
    """
    good = all(line.verdict in (Standing.START, Standing.FOLLOWS) for line in lines)
    last = next((line.expr for line in reversed(lines) if line.expr is not None), None)
    first = next((line.expr for line in lines if line.expr is not None), None)
    if last is None or first is None:
        return Goal("there is no line to look at", False)
    if wanted:
        target = read(wanted, functions.names)
        if same_form(last, target):
            return _arrived(f"it ends in {show(target)}", good)
        if equal(last, target, (), functions).outcome is Outcome.PROVED:
            return Goal(f"it ends in something equal to {show(target)}, but not in that form", False)
        return Goal(f"it does not end in {show(target)}", False)
    if form:
        fault = form_fault(last, form, functions)
        return _arrived(fault or f"the last line is {form}", good, not fault)
    if unfinished(first) is not None:
        if (left := unfinished(last)) is not None:
            return Goal(f"there is still `{show(left)}` to work out", False)
        return _arrived("everything is worked out", good)
    return Goal("no goal was set")


def _arrived(says: str, good: bool, there: bool = True) -> Goal:
    """A goal that stands at the end; it counts only where every step follows."""
    return Goal(says if good or not there else f"{says}, but not every step follows", good and there)

"""Worked derivations on trial: each line against the one before or by itself, or `derive` with its witnesses."""

from __future__ import annotations

from time import monotonic

from dlteach.checking.lines import LineFinding, line_findings
from dlteach.course.entries import Line, WorkedDerivation
from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.errors import DlteachError
from dlteach.notation.reader import read, read_statement
from dlteach.notation.tree import Condition, Expr
from dlteach.reasoning.deciding.judge import equal, judge, value_of
from dlteach.reasoning.deciding.verdicts import Verdict, weakest
from dlteach.reasoning.deriving.cross_checks import checks
from dlteach.reasoning.deriving.derive import derive, subject, textbook

SECONDS = 5.0


def check_worked(worked: WorkedDerivation, functions: Functions) -> Verdict:
    """The verdict on a whole derivation: proved or enclosed when every line is."""
    return _made(worked, functions) if worked.of else _written(worked, functions)


def _made(worked: WorkedDerivation, functions: Functions) -> Verdict:
    expr, variable = subject(worked.of, functions)
    found = checks(textbook(derive(expr, variable, functions), functions), functions, SECONDS)
    if failed := [check.says for check in found if check.holds is False]:
        return Verdict(Outcome.REFUTED, "derive", failed[0])
    if found[0].holds:
        return Verdict(
            Outcome.PROVED, "derive", "made by the rules and, a second time, by SymPy; a numeric derivative agrees"
        )
    return Verdict(Outcome.SAMPLED, "derive", found[0].says)


def _written(worked: WorkedDerivation, functions: Functions) -> Verdict:
    parts, values = [Verdict(Outcome.PROVED, "line by line")], []
    for number, found in enumerate(line_findings(worked, functions, finding), start=1):
        if found.value:
            values.append(found.value)
        if found.verdict is None:
            continue
        if not found.verdict.holds:
            verdict = found.verdict
            evidence = f"line {number}: {verdict.evidence}"
            return Verdict(verdict.outcome, verdict.how, evidence, verdict.witness, verdict.values)
        parts.append(found.verdict)
    chain = all(line.is_ for line in worked.lines)
    words = (
        f"each of {len(worked.lines)} lines equals the one before" if chain else f"each of {len(parts) - 1} steps holds"
    )
    return Verdict(weakest(parts).outcome, "line by line", words, {}, tuple(values))


def finding(
    line: Line, before: Expr | None, conditions: tuple[Condition, ...], functions: Functions, seconds: float = SECONDS
) -> LineFinding:
    """What is found out about a line, in about so many seconds; raises NotationError for one that cannot be read."""
    if line.is_ and before is not None:
        return LineFinding(line, equal(before, read(line.is_, functions.names), conditions, functions, seconds))
    if line.states:
        return LineFinding(line, judge(read_statement(line.states, functions.names), functions, seconds))
    return _computed(line, functions)


def _computed(line: Line, functions: Functions) -> LineFinding:
    """A value, with the digits that are sure."""
    start = monotonic()
    try:
        value = value_of(read(line.value, functions.names), {}, functions, line.digits)
    except DlteachError as problem:
        return LineFinding(line, Verdict(Outcome.UNDECIDED, "evaluation", str(problem)))
    seconds = monotonic() - start
    return LineFinding(line, Verdict(Outcome.ENCLOSED, "ball arithmetic", f"{seconds:.2f} s"), value)

"""Worked derivations on trial: each line against the one before, or `derive` with its witnesses."""

from __future__ import annotations

import itertools

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.course.lessons import WorkedDerivation
from dlteach.notation.reader import read, read_conditions
from dlteach.reasoning.derive import derive, subject
from dlteach.reasoning.judge import equal
from dlteach.reasoning.verdicts import Verdict
from dlteach.reasoning.witness import checks


def check_worked(worked: WorkedDerivation, functions: Functions) -> Verdict:
    """The verdict on a whole derivation: proved when every line follows from the last."""
    return _made(worked, functions) if worked.of else _written(worked, functions)


def _made(worked: WorkedDerivation, functions: Functions) -> Verdict:
    expr, variable = subject(worked.of, functions)
    found = checks(derive(expr, variable, functions), functions)
    if failed := [check.says for check in found if check.holds is False]:
        return Verdict(Outcome.REFUTED, "derive", failed[0])
    if found[0].holds:
        return Verdict(
            Outcome.PROVED, "derive", "made by the rules and, a second time, by SymPy; a numeric derivative agrees"
        )
    return Verdict(Outcome.SAMPLED, "derive", found[0].says)


def _written(worked: WorkedDerivation, functions: Functions) -> Verdict:
    conditions = read_conditions(worked.given, functions.names) if worked.given else ()
    lines = [read(line.is_, functions.names) for line in worked.lines]
    for number, (before, after) in enumerate(itertools.pairwise(lines), start=2):
        verdict = equal(before, after, conditions, functions, seconds=5.0)
        if verdict.outcome is not Outcome.PROVED:
            return Verdict(
                verdict.outcome, verdict.how, f"line {number}: {verdict.evidence}", verdict.witness, verdict.values
            )
    return Verdict(Outcome.PROVED, "line by line", f"each of {len(lines)} lines equals the one before")

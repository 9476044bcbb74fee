"""A statement of a lesson on trial: what the prover, a derivation's lines or a simulation say of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter

from dlteach.checking.derivations import check_worked
from dlteach.checking.jobs import Finding, Job, JobKind
from dlteach.course.entries import Claim, Lesson
from dlteach.course.functions import Functions
from dlteach.course.ledger import KeptVerdict, Outcome
from dlteach.errors import DlteachError
from dlteach.notation.patience import Overrun
from dlteach.notation.reader import read_statement
from dlteach.notation.tokens import NotationError
from dlteach.reasoning.deciding.judge import judge
from dlteach.reasoning.deciding.verdicts import Verdict
from dlteach.simulations import load
from dlteach.system.faults import logged

SECONDS = 5.0


def tried(job: Job, lesson: Lesson, functions: Functions) -> Finding:
    """The finding on a job; what is too large or a fault of ours leaves it undecided, and the others go on."""
    start = perf_counter()
    try:
        kept = _found(job, lesson, functions)
    except Overrun as problem:
        kept = KeptVerdict(job.statement, Outcome.UNDECIDED, "time", str(problem))
    except MemoryError:
        kept = KeptVerdict(job.statement, Outcome.UNDECIDED, "memory", "it ran out of memory")
    except Exception as problem:
        kept = KeptVerdict(job.statement, Outcome.UNDECIDED, "fault", logged(problem))
    return Finding(job, kept, perf_counter() - start)


def _found(job: Job, lesson: Lesson, functions: Functions) -> KeptVerdict:
    verdict = TRIALS[job.kind](job, lesson, functions)
    values = verdict.values if job.kind is JobKind.DERIVATION and verdict.holds else ()
    return KeptVerdict(job.statement, verdict.outcome, verdict.how, verdict.evidence, values)


def claimed(claim: Claim, functions: Functions) -> Verdict:
    """The verdict on one claim, whatever its kind."""
    if claim.cites:
        return Verdict(Outcome.CITED, "cited", claim.cites)
    if claim.observed_by:
        return observed(claim.observed_by, functions)
    return stated(claim.states, functions)


def stated(statement: str, functions: Functions) -> Verdict:
    """The verdict on a statement of the notation."""
    try:
        return judge(read_statement(statement, functions.names), functions, SECONDS)
    except NotationError as problem:
        return Verdict(Outcome.INVALID, "unreadable", problem.line())


def observed(reference: str, functions: Functions) -> Verdict:
    """A simulation's own check at its defaults, seed 0."""
    name, _, identity = reference.partition("/")
    try:
        simulation = load(name)
    except DlteachError as problem:
        return Verdict(Outcome.INVALID, "unreadable", str(problem))
    parameters = simulation.parameters()
    found = simulation.checks(parameters, simulation.run(parameters, 0, functions))
    check = next((check for check in found if check.id == identity), None)
    if check is None:
        return Verdict(
            Outcome.INVALID, "unreadable", f"{name} has no check `{identity}`: {', '.join(c.id for c in found)}"
        )
    side = "within" if check.holds else "not within"
    words = f"{check.says}: {side} {check.tolerance:.2g} of {check.expected:.3g}, at the defaults and seed 0"
    return Verdict(Outcome.OBSERVED if check.holds else Outcome.REFUTED, "simulation", words)


TRIALS: Mapping[JobKind, Callable[[Job, Lesson, Functions], Verdict]] = {
    JobKind.CLAIM: lambda job, lesson, functions: claimed(lesson.claim(job.id), functions),
    JobKind.DERIVATION: lambda job, lesson, functions: check_worked(lesson.derivation(job.id), functions),
    JobKind.ERRATUM: lambda job, lesson, functions: stated(job.statement, functions),
}

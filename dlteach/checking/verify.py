"""Prove everything that a lesson states: its claims, its derivations, and what its errata rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

from dlteach.checking.derivations import check_worked
from dlteach.course.files import ContentError, cache_home
from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome, Record, ledger_text
from dlteach.course.lessons import Claim, Course, Lesson
from dlteach.errors import DlteachError
from dlteach.notation.reader import read_statement
from dlteach.notation.tokens import NotationError
from dlteach.reasoning.judge import judge
from dlteach.reasoning.verdicts import Verdict
from dlteach.simulations import load

SECONDS = 5.0
WANTED = {"refutes": Outcome.REFUTED, "holds": Outcome.PROVED}


@dataclass(frozen=True)
class Finding:
    """What was found out about one statement of a lesson."""

    lesson: str
    id: str
    kind: str  # claim, derivation, erratum
    where: str
    statement: str
    verdict: Verdict
    wanted: Outcome | None  # what an erratum or a derivation must come to
    seconds: float

    @property
    def as_wanted(self) -> bool:
        """Whether a pack with this finding is in order."""
        if self.wanted is Outcome.PROVED:
            return self.verdict.holds
        if self.wanted is not None:
            return self.verdict.outcome is self.wanted
        return self.verdict.outcome not in (Outcome.REFUTED, Outcome.INVALID)

    @property
    def record(self) -> Record:
        """The finding as the ledger keeps it."""
        values = self.verdict.values if self.kind == "derivation" and self.verdict.holds else ()
        return Record(self.statement, self.verdict.outcome, self.verdict.how, self.verdict.evidence, values)


def findings(lesson: Lesson, course: Course, only: str = "") -> Iterator[Finding]:
    """The verdicts on all statements of a lesson, or on those whose id is `only`, as they are reached."""
    for job in _jobs(lesson, course.functions):
        if not only or job.id.partition(":")[0] == only:
            start = perf_counter()
            verdict = job.work()
            seconds = perf_counter() - start
            yield Finding(lesson.name, job.id, job.kind, job.where, job.statement, verdict, job.wanted, seconds)


@dataclass(frozen=True)
class _Job:
    """A statement that waits for its verdict."""

    id: str
    kind: str
    where: str
    statement: str
    work: Callable[[], Verdict]
    wanted: Outcome | None = None


def _jobs(lesson: Lesson, functions: Functions) -> Iterator[_Job]:
    for claim in lesson.claims:
        yield _Job(claim.id, "claim", claim.where, claim.statement, partial(verify_claim, claim, functions))
    for worked in lesson.derivations:
        check = partial(check_worked, worked, functions)
        yield _Job(worked.id, "derivation", worked.where, worked.statement, check, Outcome.PROVED)
    for erratum in lesson.errata:
        for part, statement in erratum.statements.items():
            check = partial(_stated, statement, functions)
            yield _Job(f"{erratum.id}:{part}", "erratum", erratum.where, statement, check, WANTED[part])


def verify_claim(claim: Claim, functions: Functions) -> Verdict:
    """The verdict on one claim, whatever its kind."""
    if claim.cites:
        return Verdict(Outcome.CITED, "cited", claim.cites)
    if claim.observed_by:
        return _observed(claim.observed_by, functions)
    return _stated(claim.states, functions)


def _stated(statement: str, functions: Functions) -> Verdict:
    try:
        return judge(read_statement(statement, functions.names), functions, SECONDS)
    except NotationError as problem:
        return Verdict(Outcome.INVALID, "unreadable", problem.line())


def _observed(reference: str, functions: Functions) -> Verdict:
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


def record(lesson: Lesson, found: list[Finding], digest: str) -> bool:
    """Write the ledger beside a lesson; returns whether that changed the file. Raises ContentError."""
    return _write(lesson.folder / "verdicts.json", ledger_text(digest, [(f.id, f.record) for f in found]))


def remember(lesson: Lesson, found: list[Finding], digest: str) -> bool:
    """Write the ledger to this machine's cache folder; returns whether it could be written."""
    path = cache_home() / "verdicts" / f"{lesson.name}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, ledger_text(digest, [(f.id, f.record) for f in found]))
    except (OSError, ContentError):
        return False
    return True


def _write(path: Path, text: str) -> bool:
    try:
        if path.exists() and path.read_text(encoding="utf-8") == text:
            return False
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise ContentError(
            f"{path}: it cannot be written ({problem.strerror}): check the folder's permissions"
        ) from None
    return True

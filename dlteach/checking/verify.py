"""Prove everything that a lesson states: its claims, its derivations, and what its errata rest on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

from dlteach.checking.derivations import check_worked
from dlteach.course.files import ContentError, cache_home
from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome, Record, ledger_text
from dlteach.course.lessons import Claim, Course, Lesson
from dlteach.errors import DlteachError
from dlteach.notation.reader import read_statement
from dlteach.notation.tokens import NotationError
from dlteach.reasoning.judge import Verdict, judge
from dlteach.simulations import load

SECONDS = 5.0
PARTS = ("refutes", "holds")


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
        if self.wanted is not None:
            return self.verdict.outcome is self.wanted
        return self.verdict.outcome not in (Outcome.REFUTED, Outcome.INVALID)

    @property
    def record(self) -> Record:
        """The finding as the ledger keeps it."""
        return Record(self.statement, self.verdict.outcome, self.verdict.how, self.verdict.evidence)


def findings(lesson: Lesson, course: Course, only: str = "") -> Iterator[Finding]:
    """The verdicts on all statements of a lesson, or on those whose id is `only`, as they are reached."""
    functions = course.functions
    for claim in lesson.claims:
        if not only or claim.id == only:
            yield _timed(
                lesson, claim.id, "claim", claim.where, claim.statement, lambda c=claim: verify_claim(c, functions)
            )
    for worked in lesson.derivations:
        if not only or worked.id == only:
            yield _timed(
                lesson,
                worked.id,
                "derivation",
                worked.where,
                worked.statement,
                lambda w=worked: check_worked(w, functions),
                Outcome.PROVED,
            )
    for erratum in lesson.errata:
        for part, wanted in zip(PARTS, (Outcome.REFUTED, Outcome.PROVED), strict=True):
            statement = getattr(erratum, part)
            if statement and (not only or erratum.id == only):
                identity = f"{erratum.id}:{part}"
                yield _timed(
                    lesson,
                    identity,
                    "erratum",
                    erratum.where,
                    statement,
                    lambda s=statement: _stated(s, functions),
                    wanted,
                )


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


def _timed(lesson, identity, kind, where, statement, work, wanted=None) -> Finding:  # type: ignore[no-untyped-def]
    start = perf_counter()
    verdict = work()
    return Finding(lesson.name, identity, kind, where, statement, verdict, wanted, perf_counter() - start)


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


def _write(path, text: str) -> bool:  # type: ignore[no-untyped-def]
    try:
        if path.exists() and path.read_text(encoding="utf-8") == text:
            return False
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise ContentError(
            f"{path}: it cannot be written ({problem.strerror}): check the folder's permissions"
        ) from None
    return True

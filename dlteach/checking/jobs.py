"""What a lesson states, each statement a job for the prover, and what was found out about it."""

from __future__ import annotations

from enum import StrEnum

from dlteach.course.ledger import KeptVerdict, Outcome
from dlteach.course.lessons import Lesson
from dlteach.values import frozen

WANTED = {"refutes": Outcome.REFUTED, "holds": Outcome.PROVED}
HOLDS = (Outcome.PROVED, Outcome.ENCLOSED)


class JobKind(StrEnum):
    """What a statement stands in; each has a row in `trials.TRIALS`."""

    CLAIM = "claim"
    DERIVATION = "derivation"
    ERRATUM = "erratum"


@frozen
class Job:
    """A statement of a lesson that waits for its verdict; `wanted` is what it must come to, if that is fixed."""

    lesson: str
    id: str
    kind: JobKind
    where: str
    statement: str
    wanted: Outcome | None = None


@frozen
class Finding:
    """What was found out about one statement of a lesson; `seconds` is None where it was known from before."""

    job: Job
    kept: KeptVerdict
    seconds: float | None

    @property
    def as_wanted(self) -> bool:
        """Whether a pack with this finding is in order."""
        outcome, wanted = self.kept.verdict, self.job.wanted
        if wanted is not None:
            return outcome in HOLDS if wanted is Outcome.PROVED else outcome is wanted
        return outcome not in (Outcome.REFUTED, Outcome.INVALID)


def jobs(lesson: Lesson, only: str = "") -> list[Job]:
    """All statements of a lesson, or those of the entry whose id is `only`."""
    found = [Job(lesson.name, claim.id, JobKind.CLAIM, claim.where, claim.statement) for claim in lesson.claims]
    found += [
        Job(lesson.name, worked.id, JobKind.DERIVATION, worked.where, worked.statement, Outcome.PROVED)
        for worked in lesson.derivations
    ]
    for erratum in lesson.errata:
        for part, statement in erratum.statements.items():
            identity = f"{erratum.id}:{part}"
            found.append(Job(lesson.name, identity, JobKind.ERRATUM, erratum.where, statement, WANTED[part]))
    return [job for job in found if not only or job.id.partition(":")[0] == only]

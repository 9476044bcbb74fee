"""Prove everything that a lesson states: its claims, its derivations, and what its errata rest on.

The work is done in several processes, and what was found is kept in the cache folder by statement, table of functions
and version of the prover; `trials`, which needs the prover, is loaded only where something is not known yet.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from time import perf_counter

from dlteach.course.files import ContentError, cache_home
from dlteach.course.ledger import Outcome, Record, ledger_text
from dlteach.course.lessons import Course, Lesson
from dlteach.values import value

WANTED = {"refutes": Outcome.REFUTED, "holds": Outcome.PROVED}
HOLDS = (Outcome.PROVED, Outcome.ENCLOSED)
MOST_PROCESSES = 4
ROOMS = ("notation", "course", "reasoning", "simulations", "checking")  # what a verdict depends on


@value
class Job:
    """A statement of a lesson that waits for its verdict; `wanted` is what it must come to, if that is fixed."""

    lesson: str
    id: str
    kind: str  # claim, derivation, erratum
    where: str
    statement: str
    wanted: Outcome | None = None


@value
class Finding:
    """What was found out about one statement of a lesson; `seconds` is None where it was known from before."""

    job: Job
    record: Record
    seconds: float | None

    @property
    def as_wanted(self) -> bool:
        """Whether a pack with this finding is in order."""
        outcome, wanted = self.record.verdict, self.job.wanted
        if wanted is not None:
            return outcome in HOLDS if wanted is Outcome.PROVED else outcome is wanted
        return outcome not in (Outcome.REFUTED, Outcome.INVALID)


def jobs(lesson: Lesson, only: str = "") -> list[Job]:
    """All statements of a lesson, or those of the entry whose id is `only`."""
    found = [Job(lesson.name, claim.id, "claim", claim.where, claim.statement) for claim in lesson.claims]
    found += [
        Job(lesson.name, worked.id, "derivation", worked.where, worked.statement, Outcome.PROVED)
        for worked in lesson.derivations
    ]
    for erratum in lesson.errata:
        for part, statement in erratum.statements.items():
            identity = f"{erratum.id}:{part}"
            found.append(Job(lesson.name, identity, "erratum", erratum.where, statement, WANTED[part]))
    return [job for job in found if not only or job.id.partition(":")[0] == only]


def findings(lesson: Lesson, course: Course, only: str = "") -> Iterator[Finding]:
    """The verdicts on the statements of a lesson, reached one after the other in this process."""
    for job in jobs(lesson, only):
        yield _tried(job, lesson, course)


def _tried(job: Job, lesson: Lesson, course: Course) -> Finding:
    from dlteach.checking.trials import trial

    start = perf_counter()
    record = trial(job, lesson, course.functions)
    return Finding(job, record, perf_counter() - start)


def verified(work: Sequence[tuple[Lesson, Job]], course: Course, fresh: bool = False) -> Iterator[Finding]:
    """The verdicts on many jobs, in their order: from the cache where they are known, the others side by side."""
    known = (
        {} if fresh else {job: record for lesson, job in work if (record := cached(lesson, job, course)) is not None}
    )
    waiting = [(lesson, job) for lesson, job in work if job not in known]
    found = _in_parallel(waiting, course)
    for _, job in work:
        yield Finding(job, known[job], None) if job in known else next(found)


def cached(lesson: Lesson, job: Job, course: Course) -> Record | None:
    """What this machine found out about a job before, with this prover and this table of functions."""
    ledger = lesson.own_ledger
    return ledger.verdict(job.id, job.statement, course.functions.digest) if ledger.engine == engine() else None


@cache
def engine() -> str:
    """The version of the prover: a checksum of the rooms that a verdict depends on."""
    root = Path(__file__).parent.parent
    total = 0
    for room in ROOMS:
        for path in sorted((root / room).glob("*.py")):
            total = zlib.crc32(path.read_bytes(), total)
    return f"{total:08x}"


def _in_parallel(work: Sequence[tuple[Lesson, Job]], course: Course) -> Iterator[Finding]:
    processes = min(MOST_PROCESSES, len(work), _cores())
    if processes < 2 or not hasattr(os, "fork"):
        for lesson, job in work:
            yield _tried(job, lesson, course)
        return
    from multiprocessing import get_context

    from dlteach.checking import trials  # noqa: F401  # loaded once, before the processes part
    from dlteach.reasoning.worker import WORKER

    WORKER.stop()  # each process starts a worker of its own
    context = get_context("fork")
    with context.Pool(processes, partial(_begin, tuple(work), course)) as pool:
        yield from pool.imap(_numbered, range(len(work)))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_WORK: list[tuple[Lesson, Job]] = []  # in a process of the pool: what there is to do
_COURSE: list[Course] = []


def _begin(work: tuple[tuple[Lesson, Job], ...], course: Course) -> None:
    """The start of a process of the pool: SymPy is loaded next door while the first statement is looked at."""
    from dlteach.reasoning.worker import WORKER

    _WORK[:], _COURSE[:] = work, [course]
    WORKER.start("sympy_tasks")


def _numbered(index: int) -> Finding:
    lesson, job = _WORK[index]
    return _tried(job, lesson, _COURSE[0])


def record(lesson: Lesson, found: Sequence[Finding], digest: str) -> bool:
    """Write the ledger beside a lesson; returns whether that changed the file. Raises ContentError."""
    return _write(lesson.folder / "verdicts.json", ledger_text(digest, [(f.job.id, f.record) for f in found]))


def remember(lesson: Lesson, found: Sequence[Finding], digest: str) -> bool:
    """Add to the ledger in this machine's cache folder; returns whether it could be written."""
    path = cache_home() / "verdicts" / f"{lesson.name}.json"
    before = lesson.own_ledger
    fits = before.engine == engine() and before.functions == digest
    records = {**(before.records if fits else {}), **{f.job.id: f.record for f in found}}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, ledger_text(digest, records.items(), engine()))
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

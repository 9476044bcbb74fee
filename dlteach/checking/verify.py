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

from dlteach.checking.jobs import Finding, Job, jobs
from dlteach.course.files import ContentError, cache_home
from dlteach.course.ledger import KeptVerdict, Outcome, ledger_text
from dlteach.course.lessons import Course, Lesson

MOST_PROCESSES = 4
ROOMS = ("notation", "course", "reasoning", "simulations", "checking")  # what a verdict depends on


def findings(lesson: Lesson, course: Course, only: str = "") -> Iterator[Finding]:
    """The verdicts on the statements of a lesson, reached one after the other in this process."""
    for job in jobs(lesson, only):
        yield _tried(job, lesson, course)


def _tried(job: Job, lesson: Lesson, course: Course) -> Finding:
    from dlteach.checking.trials import trial

    start = perf_counter()
    kept = trial(job, lesson, course.functions)
    return Finding(job, kept, perf_counter() - start)


def verified(work: Sequence[tuple[Lesson, Job]], course: Course, fresh: bool = False) -> Iterator[Finding]:
    """The verdicts on many jobs, in their order: from the cache where they are known, the others side by side."""
    known = {} if fresh else {job: kept for lesson, job in work if (kept := cached(lesson, job, course)) is not None}
    waiting = [(lesson, job) for lesson, job in work if job not in known]
    found = _in_parallel(waiting, course)
    for _, job in work:
        yield Finding(job, known[job], None) if job in known else next(found)


def cached(lesson: Lesson, job: Job, course: Course) -> KeptVerdict | None:
    """What this machine found out about a job before, with this prover and this table of functions."""
    ledger = lesson.own_ledger
    return ledger.verdict(job.id, job.statement, course.functions.digest) if ledger.engine == engine() else None


@cache
def engine() -> str:
    """The version of the prover: a checksum of the rooms that a verdict depends on."""
    root = Path(__file__).parent.parent
    total = 0
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            total = zlib.crc32(path.read_bytes(), total)
    return f"{total:08x}"


def _in_parallel(work: Sequence[tuple[Lesson, Job]], course: Course) -> Iterator[Finding]:
    processes = min(MOST_PROCESSES, len(work), _cores())
    if processes < 2 or not hasattr(os, "fork"):
        for lesson, job in work:
            yield _tried(job, lesson, course)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    from dlteach.checking import trials  # noqa: F401  # loaded once, before the processes part
    from dlteach.reasoning.worker.process import WORKER

    WORKER.stop()  # each process starts a worker of its own
    begin = partial(_begin, tuple(work), course)
    waiting = list(range(len(work)))
    while waiting:  # a process that dies takes the pool with it: what is left is done one by one, to find the culprit
        pool = ProcessPoolExecutor(processes, get_context("fork"), begin)
        try:
            futures = [pool.submit(_numbered, index) for index in waiting]
            for future in futures:
                yield future.result()
                waiting.pop(0)
        except BrokenProcessPool:
            if processes == 1:
                yield _died(work[waiting.pop(0)][1])
            processes = 1
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _died(job: Job) -> Finding:
    says = "the process that looked at it ran out of memory or died"
    return Finding(job, KeptVerdict(job.statement, Outcome.UNDECIDED, "fault", says), 0.0)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_WORK: list[tuple[Lesson, Job]] = []  # in a process of the pool: what there is to do
_COURSE: list[Course] = []


def _begin(work: tuple[tuple[Lesson, Job], ...], course: Course) -> None:
    """The start of a process of the pool: SymPy is loaded next door while the first statement is looked at."""
    from dlteach.reasoning.worker.process import WORKER

    _WORK[:], _COURSE[:] = work, [course]
    WORKER.start("algebra.sympy_tasks")


def _numbered(index: int) -> Finding:
    lesson, job = _WORK[index]
    return _tried(job, lesson, _COURSE[0])


def write_ledger(lesson: Lesson, found: Sequence[Finding], digest: str) -> bool:
    """Write the ledger beside a lesson; returns whether that changed the file. Raises ContentError."""
    return _write(lesson.folder / "verdicts.json", ledger_text(digest, [(f.job.id, f.kept) for f in found]))


def remember(lesson: Lesson, found: Sequence[Finding], digest: str) -> bool:
    """Add to the ledger in this machine's cache folder; returns whether it could be written."""
    path = cache_home() / "verdicts" / f"{lesson.name}.json"
    before = lesson.own_ledger
    fits = before.engine == engine() and before.functions == digest
    kept = {**(before.kept if fits else {}), **{f.job.id: f.kept for f in found}}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, ledger_text(digest, kept.items(), engine()))
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

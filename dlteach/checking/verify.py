"""Prove everything that a lesson states: its claims, its derivations, and what its errata rest on.

The work is done in several processes that can be killed, and what was found is kept in the cache folder by statement,
table of functions and version of the prover; `trials`, which needs the prover, is loaded only where something is not
known yet.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from dlteach.checking.jobs import Finding, Job, JobKind, jobs
from dlteach.course import limits
from dlteach.course.files import ContentError
from dlteach.course.ledger import KeptVerdict, Outcome, ledger_text
from dlteach.course.lessons import Course, Lesson
from dlteach.errors import DlteachError
from dlteach.reasoning.worker import starts
from dlteach.reasoning.worker.child import Role
from dlteach.reasoning.worker.pool import Pool
from dlteach.reasoning.worker.process import SYMPY, Died, NoWorker
from dlteach.system.inputs import Unreadable, text_of
from dlteach.system.outputs import make_folder, replace_text

MOST_PROCESSES = 4
WALL = 20.0  # seconds for a statement; the prover's own budget is 5 s, and a simulation's checks take about one
MOST_LINES = 6  # of a derivation that have such a time each; most take none of it
TRIED = "checking.trials:tried"
ROOMS = ("notation", "course", "reasoning", "simulations", "checking")  # what a verdict depends on


def findings(lesson: Lesson, course: Course, only: str = "") -> Iterator[Finding]:
    """The verdicts on the statements of a lesson, in their order."""
    return _found([(lesson, job) for job in jobs(lesson, only)], course)


def verified(work: Sequence[tuple[Lesson, Job]], course: Course, fresh: bool = False) -> Iterator[Finding]:
    """The verdicts on many jobs, in their order: from the cache where they are known, the others side by side."""
    known = {} if fresh else {job: kept for lesson, job in work if (kept := cached(lesson, job, course)) is not None}
    waiting = [(lesson, job) for lesson, job in work if job not in known]
    found = _found(waiting, course)
    for _, job in work:
        yield Finding(job, known[job], None) if job in known else next(found)


def cached(lesson: Lesson, job: Job, course: Course) -> KeptVerdict | None:
    """What this machine found out about a job before, with this prover and this table of functions."""
    ledger = lesson.own_ledger
    digest = course.functions.inside(lesson.name).digest
    return ledger.verdict(job.id, job.statement, digest) if ledger.engine == engine() else None


@cache
def engine() -> str:
    """The version of the prover: a checksum of the rooms that a verdict depends on."""
    root = Path(__file__).parent.parent
    total = 0
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            total = zlib.crc32(path.read_bytes(), total)
    return f"{total:08x}"


def _found(work: Sequence[tuple[Lesson, Job]], course: Course) -> Iterator[Finding]:
    """The verdicts on jobs, in their order, reached side by side; where there can be no child, in this process."""
    early: dict[int, Finding] = {}
    wanted = 0
    try:
        for number, result in _answers(work, course):
            job = work[number][1]
            early[number] = result if isinstance(result, Finding) else _undecided(job, result)
            while wanted in early:
                yield early.pop(wanted)
                wanted += 1
    except NoWorker:
        from dlteach.checking.trials import tried

        for number, (lesson, job) in list(enumerate(work))[wanted:]:
            yield early.get(number) or tried(job, lesson, course.functions.inside(lesson.name))


def _answers(work: Sequence[tuple[Lesson, Job]], course: Course) -> Iterator[tuple[int, Any]]:
    if not work:
        return iter(())
    if starts.FORKS:
        from dlteach.checking import trials  # noqa: F401  # loaded once, for all that are forked
    return _pool().answers(
        [(TRIED, (job, lesson, course.functions.inside(lesson.name)), _wall(job, lesson)) for lesson, job in work]
    )


@cache
def _pool() -> Pool:
    """The processes that look at statements; SymPy is loaded next door while the first are looked at."""
    return Pool(Role("dlteach", (DlteachError,)), min(MOST_PROCESSES, _cores()), SYMPY, TRIED.partition(":")[0])


def _wall(job: Job, lesson: Lesson) -> float:
    """The seconds after which a job is given up, whatever the prover believes: each of its lines has a budget."""
    lines = len(lesson.derivation(job.id).lines) if job.kind is JobKind.DERIVATION else 1
    return WALL * max(1, min(lines, MOST_LINES))


def _undecided(job: Job, problem: Exception) -> Finding:
    died = "the process that looked at it ran out of memory or died"
    says = died if isinstance(problem, Died) else str(problem)
    return Finding(job, KeptVerdict(job.statement, Outcome.UNDECIDED, "fault", says), 0.0)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def write_ledger(lesson: Lesson, found: Sequence[Finding], digest: str) -> bool:
    """Write the ledger beside a lesson; returns whether that changed the file. Raises ContentError."""
    path = lesson.folder / "verdicts.json"
    inside = Path(os.path.realpath(lesson.folder)).is_relative_to(os.path.realpath(lesson.root))
    if path.is_symlink() or (lesson.outside and not inside):  # a stranger's link may lead to any file of the reader's
        raise ContentError(f"{lesson.shown}/verdicts.json: it leads out of the pack: write the ledger where it belongs")
    return _write(path, ledger_text(digest, [(f.job.id, f.kept) for f in found]))


def remember(lesson: Lesson, found: Sequence[Finding], digest: str) -> bool:
    """Add to the ledger in this machine's cache folder; returns whether it could be written."""
    path = lesson.own_ledger_file
    before = lesson.own_ledger
    fits = before.engine == engine() and before.functions == digest
    kept = {**(before.kept if fits else {}), **{f.job.id: f.kept for f in found}}
    try:
        make_folder(path.parent)
        _write(path, ledger_text(digest, kept.items(), engine()), private=True)
    except (OSError, ContentError):
        return False
    return True


def _same(path: Path, text: str) -> bool:
    try:
        return text_of(path, limits.LEDGER) == text
    except Unreadable:
        return False


def _write(path: Path, text: str, private: bool = False) -> bool:
    try:
        if _same(path, text):
            return False
        replace_text(path, text, private)
    except OSError as problem:
        raise ContentError(
            f"{path}: it cannot be written ({problem.strerror}): check the folder's permissions"
        ) from None
    return True

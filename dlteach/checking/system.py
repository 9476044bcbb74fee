"""What `dlteach doctor` says of the machine: Python, the libraries, the locale, the reasoner and its limits."""

from __future__ import annotations

import locale
import os
import platform
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import dlteach
from dlteach.checking.facts import Fact, State
from dlteach.reasoning.worker.asked import ANSWER, REQUEST
from dlteach.system.libraries import LIBRARIES, OLDEST

TRIED = (OLDEST, (3, 14))  # the versions of Python that the tests were run with, from and to
HEARD = ("DLTEACH_HOME", "DLTEACH_CONTENT", "DLTEACH_DEBUG", "PYTHONPATH", "PYTHONUTF8", "PYTHONIOENCODING")
PATIENCE = 10.0  # seconds for the first proofs
LEAST_MEMORY = 1024.0  # MB of address space for a process that proves
FREE = "free some memory, or allow more processes (ulimit -u)"


def versions() -> Iterator[Fact]:
    """What runs: this program, Python, the system."""
    folder = Path(dlteach.__path__[0])
    yield Fact("dlteach", f"{dlteach.__version__}, in {folder}")
    told = f"{platform.python_version()} ({platform.python_implementation()}), {sys.executable or 'no executable'}"
    if not TRIED[0] <= sys.version_info[:2] <= TRIED[1]:
        yield Fact("Python", told, State.NOTE, "dlteach was tried with Python 3.11 to 3.14")
    else:
        yield Fact("Python", told)
    yield Fact("system", platform.platform(terse=True) + f", {platform.machine()}")
    for name in HEARD:
        if name in os.environ:
            yield Fact(name, os.environ[name] or "(empty)")


def libraries() -> Iterator[Fact]:
    """What it stands on."""
    found, missing = [], []
    for name in LIBRARIES.values():
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    import sqlite3

    yield Fact("libraries", ", ".join([*found, f"SQLite {sqlite3.sqlite_version}"]))
    if missing:
        advice = f"{Path(sys.executable).name} -m pip install {' '.join(missing)}"
        yield Fact("missing", ", ".join(missing), State.WRONG, advice)


def tongue() -> Iterator[Fact]:
    """The locale and the encodings that follow from it."""
    asked = next((f"{key}={os.environ[key]}" for key in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(key)), "none")
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "")
        yield Fact("locale", f"{asked}, files {sys.getfilesystemencoding()}, text {locale.getpreferredencoding(False)}")
    except locale.Error:
        yield Fact("locale", f"{asked}, which this system does not have", State.NOTE, "set LC_ALL=C.UTF-8")
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    now = time.strftime("%Y-%m-%d %H:%M %z")
    if time.gmtime().tm_year < 2026:
        yield Fact("clock", now, State.WRONG, "set the system's clock: what is due hangs on it")
    else:
        yield Fact("clock", now)


def reasoner() -> Iterator[Fact]:
    """Whether the process that proves can be started, does what it should, and within what limits."""
    from dlteach.reasoning.worker.process import REASONER, SYMPY, NoWorker, Overrun
    from dlteach.reasoning.worker.starts import FORKS

    yield Fact("starts by", "a fork of this process" if FORKS else "a fresh interpreter")
    begun = time.monotonic()
    REASONER.start(SYMPY)
    try:
        found = REASONER.ask("checking.self_test:report", seconds=PATIENCE)
    except NoWorker:
        yield Fact("answers", "it cannot be started", State.WRONG, "answers are judged by evaluation alone: " + FREE)
        return
    except Overrun as problem:
        yield Fact("answers", f"none: {problem}", State.WRONG, FREE)
        return
    finally:
        REASONER.stop()
    yield Fact("answers", f"the first four after {time.monotonic() - begun:.1f} s")
    for line in found.wrong:
        yield Fact("proofs", line, State.WRONG, "report this page")
    memory = f"{found.memory / 1024**3:.1f} GB of memory" if found.memory else "memory without a limit on this system"
    yield Fact("may use", memory + (f", {found.cpu} s of CPU" if found.cpu else ""))


def limits() -> Iterator[Fact]:
    """What this machine has, and how much of it this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Fact("cores", f"{cores} of {os.cpu_count()}")
    yield Fact("patience", f"{ANSWER:g} s for a graded answer, {REQUEST:g} s for another request, what --seconds says")
    try:
        import resource
    except ImportError:
        return
    most = {name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[0] for name in ("AS", "CPU", "NOFILE")}
    bound = {name: limit for name, limit in most.items() if limit != resource.RLIM_INFINITY}
    if "AS" in bound:
        yield _enough("memory", bound["AS"] / 1024**2, "MB", LEAST_MEMORY, "ulimit -v unlimited")
    if "CPU" in bound:
        yield _enough("CPU", bound["CPU"], "s", 60, "ulimit -t unlimited")
    if "NOFILE" in bound:
        yield _enough("open files", bound["NOFILE"], "", 64, "ulimit -n 256")


def _enough(what: str, most: float, unit: str, least: float, advice: str) -> Fact:
    """A limit that somebody set for this process; too low a one is a fault."""
    says = f"at most {most:.0f} {unit}".rstrip()
    return Fact(what, says) if most >= least else Fact(what, says, State.WRONG, advice)

"""What `dlteach doctor` says of files: settings, the record, the prompt's history, the cache, the course, a crash."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path

import dlteach
from dlteach.checking.facts import Fact, State
from dlteach.course.files import ContentError
from dlteach.course.lessons import Course
from dlteach.errors import DlteachError
from dlteach.study.health import Health, health, mended, only_read
from dlteach.study.opening import open_record
from dlteach.study.record import Record, reviews
from dlteach.study.settings import Settings, read_settings, settings_file
from dlteach.system.faults import log_files
from dlteach.system.homes import cache_home, data_home
from dlteach.system.inputs import text_of
from dlteach.system.outputs import is_open_to_others, tighten

LONGEST = 10_000_000  # bytes of a file of verdicts
LEAST_FREE = 20  # MB on the disk of the record
MOST_CARDS = 200  # of the schedule, that are made again to compare
FIX = "dlteach doctor --fix"
REMOVE = f"{FIX} removes them"
ABANDONED = 3600.0  # seconds after which a file that was being written belongs to nobody
MB = 1024**2

Clock = Callable[[], datetime]


def settings() -> Iterator[Fact]:
    """The settings, as far as they can be read."""
    path = settings_file()
    try:
        chosen = read_settings()
    except DlteachError as problem:
        yield Fact("settings", str(problem), State.WRONG, "until then they are as they come")
        return
    says = ", ".join(f"{name} {value:g}" for name, value in vars(chosen).items())
    yield Fact("settings", f"{says} ({path if path.is_file() else 'all as they come'})")


def record(clock: Clock) -> Iterator[Fact]:
    """The learner's record: whether every answer in it can be read, and how it is kept."""
    chosen = _settings_or_defaults()
    found = health(clock, chosen)

    def mend() -> Iterable[str]:
        return mended(clock, chosen)

    yield from _state_of(found, mend)
    if found.exists and not found.problem and found.layout == found.newest_layout:
        yield from _schedule(Path(found.path), clock, chosen)
    good = [backup for backup in found.backups if not backup.problem]
    for backup in found.backups:
        if backup.problem:
            yield Fact("backup", f"{backup.name} {backup.problem}", State.NOTE, "it is not used")
    if good:
        yield Fact("backups", f"{len(good)} good, the latest {good[0].name} with {good[0].entries:,} entries")
    elif found.exists:
        yield Fact("backups", "none yet: the next day of use begins with one")
    if found.open_to_others:
        says = _several(found.open_to_others, "that other users can read")
        yield Fact("privacy", says, State.WRONG, f"{FIX} makes them private", mend)
    if found.strays:
        yield Fact("left over", _several(found.strays, "of sessions that were killed"), State.NOTE, REMOVE, mend)
    yield from _room(Path(found.path))


def _state_of(found: Health, mend: Callable[[], Iterable[str]]) -> Iterator[Fact]:
    if not found.exists:
        trouble = State.WRONG if found.problem else State.FINE
        yield Fact("record", f"{found.path}: {found.problem or 'none yet'}", trouble, "move it away" * bool(trouble))
        return
    size = f"{found.size / MB:.1f} MB, layout {found.layout}" + (", open in another session" if found.busy else "")
    yield Fact("record", f"{found.path}, {size}")
    unchecked = f", {found.unchecked:,} of them older than check sums" if found.unchecked else ""
    aside = f", {found.aside:,} set aside before" if found.aside else ""
    yield Fact("answers", f"{found.entries:,} entries can be read{unchecked}{aside}")
    if found.newer:
        yield Fact("layout", found.problem, State.WRONG, "update dlteach; --fix leaves this file as it is")
    elif found.problem:
        bad = f"{found.bad:,} entries cannot be read" if found.bad else found.problem
        advice = f"{FIX} joins what can be read with the best backup, and keeps this file"
        yield Fact("damage", bad, State.WRONG, advice, mend)
    if found.future:
        advice = "a clock was wrong once: they come back as soon as that day is reached, or are asked at once"
        yield Fact("future", f"{found.future} cards were answered on a day that is yet to come", State.NOTE, advice)


def _schedule(path: Path, clock: Clock, chosen: Settings) -> Iterator[Fact]:
    """Whether the schedule is what follows from the answers; of many cards, some are looked at."""
    from dlteach.study.schedule import remembered

    with closing(only_read(path)) as db:
        found = Record(db, clock, chosen)
        if found.is_outdated():
            yield Fact("schedule", "made again at the next use, by the rules and settings of now")
            return
        stored = {due.card: due for due in found.schedule()}
        cards = [card for (card,) in db.execute("SELECT DISTINCT card FROM log WHERE rating > 0 ORDER BY card")]
        off = [
            card for card in cards[:: len(cards) // MOST_CARDS + 1]
            if remembered(card, reviews(found.entries(card), found.today), chosen.retention) != stored.get(card)
        ]  # fmt: skip
        says = f"{len(stored)} cards, {len(found.due(found.today))} due"
    if off:
        says += f"; {len(off)} of {len(cards)} are not where their answers put them"
        yield Fact("schedule", says, State.WRONG, f"{FIX} makes it again", lambda: _scheduled(clock, chosen))
    else:
        yield Fact("schedule", says)


def _scheduled(clock: Clock, chosen: Settings) -> Iterator[str]:
    told: list[str] = []
    opened = open_record(clock, chosen, told.append)
    cards = opened.rebuild()
    opened.close()
    yield from (*told, f"the schedule of {cards} cards is made again")


def _room(path: Path) -> Iterator[Fact]:
    folder = next(place for place in (path.parent, *path.parents) if place.is_dir())
    free = shutil.disk_usage(folder).free / MB
    if free < LEAST_FREE:
        yield Fact("disk", f"{free:.0f} MB are free for the record", State.WRONG, "make room: answers need it")
    else:
        yield Fact("disk", f"{free / 1024:.1f} GB free" if free > 1024 else f"{free:.0f} MB free")


def history() -> Iterator[Fact]:
    """What the prompt remembers of what was typed; only how much."""
    path = data_home() / "history"
    if not path.exists():
        yield Fact("history", "none yet")
    elif not path.is_file():
        yield Fact("history", f"{path} is no file", State.WRONG, "move it away: nothing typed is remembered")
    else:
        yield Fact("history", f"{path.stat().st_size / 1024:.0f} kB of what was typed, in {path}")


def cache() -> Iterator[Fact]:
    """What can be made again: verdicts of this machine, and copies of the program that came in an archive."""
    home = cache_home()
    if home.exists() and not home.is_dir():
        yield Fact("cache", f"{home} is no folder", State.WRONG, "move it away: nothing is kept of what was proved")
        return
    if not home.is_dir():
        yield Fact("cache", "none yet")
        return
    files = [path for path in home.rglob("*") if path.is_file()]
    yield Fact("cache", f"{home}, {len(files)} files, {sum(f.stat().st_size for f in files) / MB:.1f} MB")
    broken = [path for path in home.glob("verdicts/*.json") if not _is_ledger(path)]
    if broken:
        says = _several(broken, "that cannot be read")
        yield Fact("verdicts", says, State.WRONG, REMOVE, lambda: _removed(broken))
    stale = [*_abandoned(home), *_other_copies(home)]
    if stale:
        yield Fact("left over", _several(stale, "that nothing uses"), State.NOTE, REMOVE, lambda: _removed(stale))
    if is_open_to_others(home):
        says = f"{home} can be read by other users"
        yield Fact("privacy", says, State.NOTE, f"{FIX} makes it private", lambda: _tightened(home))


def _tightened(folder: Path) -> Iterator[str]:
    if tighten(folder):
        yield f"{folder} is for you alone now"


def _several(paths: Sequence[Path | str], what: str) -> str:
    return f"{len(paths)} {what}: {paths[0]}" + " and others" * (len(paths) > 1)


def _is_ledger(path: Path) -> bool:
    """Whether a file can be read as what it should be; what it says may be out of date."""
    try:
        return isinstance(json.loads(text_of(path, LONGEST)).get("records"), dict)
    except (DlteachError, ValueError, AttributeError, RecursionError):
        return False


def _abandoned(home: Path) -> list[Path]:
    before = time.time() - ABANDONED
    return [path for path in home.rglob("*.part") if path.stat().st_mtime < before]


def _other_copies(home: Path) -> list[Path]:
    """Unpacked programs of other versions; one that was used within the hour is left alone."""
    running = Path(dlteach.__path__[0])
    before = time.time() - ABANDONED
    copies = [path for path in home.glob("app-*") if path.suffix != ".part" and not running.is_relative_to(path)]
    return [path for path in copies if path.stat().st_mtime < before]


def _removed(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        yield f"{path} is removed"


def course(pack: Callable[[], Course]) -> Iterator[Fact]:
    """Whether the lessons can be read."""
    found = pack()
    faults: list[str] = []
    for name in found.folders:
        try:
            lesson = found.lesson(name)
            lesson.prose()
            _ = lesson.questions
        except ContentError as problem:
            faults += problem.faults
    yield Fact("course", f"{len(found.folders)} lessons, {len(found.functions.names.arity)} functions, in {found.root}")
    for fault in faults[:3]:
        yield Fact("lesson", fault, State.WRONG, "install dlteach again, or correct the pack (dlteach lint)")
    if len(faults) > 3:
        yield Fact("lessons", f"{len(faults) - 3} more faults", State.WRONG, "dlteach lint lists them")


def crash() -> Iterator[Fact]:
    """The last fault of ours, if there was one: when, and where in the program; never what was being asked."""
    for path in log_files():
        if path.is_file() and not path.is_symlink() and _is_ours(path):
            when = datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d %H:%M")
            advice = f"report it with that file, if nothing in it is private; {FIX} removes it"
            yield Fact("crash", f"on {when}, in {path}", State.NOTE, advice, partial(_removed, [path]))
            return
    yield Fact("crashes", "none")


def _is_ours(path: Path) -> bool:
    return not hasattr(os, "getuid") or path.stat().st_uid == os.getuid()


def _settings_or_defaults() -> Settings:
    try:
        return read_settings()
    except DlteachError:
        return Settings()

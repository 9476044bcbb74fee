"""A course: the lessons and functions that are shipped, and the packs beside them. Only what is asked for is read.

A pack beside the course is somebody's. What of it cannot be read is left out and told in a line, and everything
else goes on; where it brings a name that the course has, the course's own counts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from time import process_time
from typing import TypeVar

from dlteach.course import limits
from dlteach.course.entries import Erratum, Lesson
from dlteach.course.files import NAME, ContentError, content_folders, content_root, printable
from dlteach.course.functions import Functions, joined, load_functions
from dlteach.course.ledger import KeptVerdict
from dlteach.course.questions import Question
from dlteach.course.reading import read_lesson
from dlteach.errors import DlteachError, did_you_mean

__all__ = ["Course", "Lesson", "Pack", "open_course"]

Read = TypeVar("Read")


class Pack:
    """A folder with chapters of lessons, perhaps with functions of its own."""

    def __init__(self, root: Path, base: Callable[[], Functions] | None = None) -> None:
        self.root, self.base = root, base
        self.seconds = 0.0  # of processor time spent on reading it
        self.bytes = 0
        self.faults: list[str] = []  # what was found on the way, beside the faults of single lessons

    @property
    def shown(self) -> str:
        """The folder as messages call it."""
        return printable(self.root.name)

    @cached_property
    def outside(self) -> str:
        """A name for the pack that no other folder's has; empty for the course itself."""
        if self.base is None:
            return ""
        from hashlib import sha256

        return sha256(os.fsencode(self.root)).hexdigest()[:16]

    @cached_property
    def functions(self) -> Functions:
        """The functions that its lessons know; raises ContentError where the course's own cannot be read."""
        if self.base is None:
            return load_functions(self.root)
        if not os.path.lexists(self.root / "functions.toml"):
            return self.base()
        try:
            functions = load_functions(self.root, self.base())
        except ContentError as problem:
            self.faults += problem.faults
            return self.base()
        self.faults += functions.left_out
        return functions

    @cached_property
    def folders(self) -> dict[str, Path]:
        """Lesson names and their folders, by chapter and name; nothing is opened."""
        found: dict[str, Path] = {}
        for chapter in self._folders(self.root):
            for folder in self._folders(chapter):
                if not any(os.path.lexists(folder / name) for name in ("lesson.toml", "lesson.en.md")):
                    continue
                where = printable(f"{self.shown}/{chapter.name}/{folder.name}")
                if not NAME.fullmatch(folder.name) or not NAME.fullmatch(chapter.name):
                    self.faults.append(f"{where}: this is no name for a lesson: use letters, digits, - and _")
                elif folder.name in found:
                    self.faults.append(f"{where}: there is a lesson `{folder.name}` already: rename the folder")
                elif len(found) == limits.LESSONS:
                    self.faults.append(f"{self.shown}: a pack has at most {limits.LESSONS} lessons: take it apart")
                    return found
                else:
                    found[folder.name] = folder
        return found

    def _folders(self, parent: Path) -> list[Path]:
        """The folders in a folder in their order; hidden ones are somebody else's business."""
        try:
            with os.scandir(parent) as entries:
                listed = list(islice(entries, limits.ENTRIES + 1))
        except OSError as problem:
            self.faults.append(printable(f"{parent}: it cannot be read ({problem.strerror}): check the folder"))
            return []
        if len(listed) > limits.ENTRIES:
            self.faults.append(
                f"{printable(str(parent))}: a folder has at most {limits.ENTRIES} entries: take it apart"
            )
            return []
        return sorted(Path(entry) for entry in listed if not entry.name.startswith(".") and Path(entry).is_dir())

    def read(self, what: Callable[[], Read], folder: Path, names: Sequence[str]) -> Read:
        """Read files of a lesson's folder; raises ContentError, also where the pack has taken its share already."""
        if self.base is None:
            return what()
        for name in names:
            try:
                size = (folder / name).stat().st_size
            except OSError:
                continue  # whoever reads it says what is wrong
            self.bytes += size if size <= limits.TOML else 0  # what is longer is not read
        if self.bytes > limits.PACK:
            raise ContentError(f"{self.shown}: it has more than {limits.PACK:,} bytes: the lessons left are left out")
        if self.seconds > limits.SECONDS:
            raise ContentError(f"{self.shown}: reading it takes too long: the lessons left are left out")
        start = process_time()
        try:
            return what()
        finally:
            self.seconds += process_time() - start


class Course:
    """The lessons of a pack, and of those beside it; `tell` is given each line on what is left out, once."""

    def __init__(
        self, root: Path | None = None, beside: Sequence[Path] = (), tell: Callable[[str], None] | None = None
    ) -> None:
        self.root = root or content_root()
        first = Pack(self.root)
        self.packs = (first, *(Pack(folder, lambda: first.functions) for folder in beside if folder != self.root))
        self.tell = tell
        self.told: dict[Pack, list[str]] = {}
        self.known: dict[str, Lesson] = {}  # what was read

    def left_out(self, pack: Pack, faults: Iterable[str]) -> None:
        """Say what is left out of a pack; of very much only the first lines."""
        told = self.told.setdefault(pack, [])
        for fault in faults:
            if fault in told or self.tell is None:
                continue
            told.append(fault)
            if len(told) <= limits.TOLD:
                self.tell(fault)
            elif len(told) == limits.TOLD + 1:
                self.tell(f"{pack.shown}: and more is left out: `dlteach lint {printable(str(pack.root))}` says all")

    @cached_property
    def functions(self) -> Functions:
        """The table of named functions: of the course, and of every pack beside it."""
        tables = []
        for pack in self.packs:
            tables.append(pack.functions)
            self.left_out(pack, pack.faults)
        if all(table is tables[0] for table in tables):
            return tables[0]
        numbers = [(name, self.packs.index(pack)) for name, (pack, _) in self._places.items()]
        return joined(tuple(tables), tuple(numbers))

    @cached_property
    def _places(self) -> dict[str, tuple[Pack, Path]]:
        """Where each lesson is; a name counts for the pack that has it first."""
        found: dict[str, tuple[Pack, Path]] = {}
        for pack in self.packs:
            for name, folder in pack.folders.items():
                if name in found:
                    where = f"{pack.shown}/{folder.parent.name}/{name}"
                    pack.faults.append(f"{where}: there is a lesson `{name}` already: rename the folder")
                else:
                    found[name] = pack, folder
            self.left_out(pack, pack.faults)
        return found

    @cached_property
    def folders(self) -> dict[str, Path]:
        """Lesson names and their folders, by pack, chapter and name; nothing is opened."""
        return {name: folder for name, (_, folder) in self._places.items()}

    def inside(self, lesson: str) -> Course:
        """The course as a lesson of it sees it: with the functions that the lesson knows."""
        seen = copy(self)
        seen.__dict__["functions"] = self.functions.inside(lesson)
        return seen

    def pack_of(self, name: str) -> Pack:
        """The pack that a lesson is from."""
        return self._places[name][0]

    def lesson(self, name: str) -> Lesson:
        """The lesson called `name`; raises DlteachError with a suggestion, ContentError for a broken file."""
        name = name.removesuffix("/")
        if name not in self._places:
            hint = did_you_mean(printable(name, limits.NAME), self.folders, "`dlteach lessons` lists them")
            raise DlteachError(f"there is no lesson `{printable(name, limits.NAME)}`: {hint}")
        if name not in self.known:
            pack, folder = self._places[name]
            read = partial(read_lesson, folder, pack.root, pack.outside)
            self.known[name] = pack.read(read, folder, ["lesson.toml"])
        return self.known[name]

    def lessons(self) -> Iterator[Lesson]:
        """All lessons that can be read, by pack, chapter and name."""
        for name in self.folders:
            lesson = self.or_left_out(name, partial(self.lesson, name))
            if lesson is not None:
                yield lesson

    def or_left_out(self, name: str, read: Callable[[], Read]) -> Read | None:
        """What is read of a lesson; None where it cannot be, which is said."""
        try:
            return read()
        except ContentError as problem:
            self.left_out(self.pack_of(name), [str(problem)])
            return None

    def reading_order(self) -> list[Lesson]:
        """All lessons, each after its prerequisites; of a circle, the first comes first."""
        lessons = {lesson.name: lesson for lesson in self.lessons()}
        order: dict[str, Lesson] = {}
        begun: set[str] = set()
        waiting = list(reversed(lessons))
        while waiting:
            name = waiting[-1]
            first = name not in begun
            begun.add(name)
            before = [other for other in lessons[name].after if first and other in lessons and other not in begun]
            if before:
                waiting += reversed(before)
            else:
                order.setdefault(waiting.pop(), lessons[name])
        return list(order.values())

    def all_questions(self) -> list[Question]:
        """The questions of all lessons that can be read."""
        return [question for lesson in self.lessons() for question in self.questions_of(lesson)]

    def questions_of(self, lesson: Lesson) -> tuple[Question, ...]:
        """The questions of a lesson, none where they cannot be read."""
        return self.or_left_out(lesson.name, lambda: self._quiz(lesson)) or ()

    def _quiz(self, lesson: Lesson) -> tuple[Question, ...]:
        return self.pack_of(lesson.name).read(lambda: lesson.questions, lesson.folder, ["quiz.toml"])

    def prose_of(self, lesson: Lesson, language: str = "en") -> str:
        """The text of a lesson, nothing where it cannot be read."""
        read, names = partial(lesson.prose, language), [f"lesson.{language}.md"]
        return self.or_left_out(lesson.name, lambda: self.pack_of(lesson.name).read(read, lesson.folder, names)) or ""

    def questions(self, names: Iterable[str]) -> list[Question]:
        """The questions of lessons, and single ones by LESSON/QUESTION; raises DlteachError with a suggestion."""
        found: list[Question] = []
        for name in names:
            lesson, slash, identity = name.partition("/")
            entry = self.lesson(lesson)
            found += [entry.question(identity)] if slash and identity else entry.questions
        return found

    def kept_verdict(self, lesson: Lesson, identity: str, statement: str) -> KeptVerdict | None:
        """The verdict on a claim: this machine's own if it has one that fits, else the lesson's."""
        digest = self.functions.inside(lesson.name).digest
        own = lesson.own_ledger.verdict(identity, statement, digest)
        return own or lesson.ledger.verdict(identity, statement, digest)

    def erratum_verdicts(self, lesson: Lesson, erratum: Erratum) -> dict[str, KeptVerdict | None]:
        """The verdicts on what an erratum rests on, by part."""
        return {
            part: self.kept_verdict(lesson, f"{erratum.id}:{part}", statement)
            for part, statement in erratum.statements.items()
        }


def open_course(named: str = "", tell: Callable[[str], None] | None = None) -> Course:
    """The course with the packs beside it: those named, else those of `DLTEACH_CONTENT`; raises DlteachError."""
    return Course(beside=content_folders(named), tell=tell)

"""Where a learner is: what is due, what was left unfinished, and what to read next."""

from __future__ import annotations

from dlteach.course.lessons import Course, Lesson
from dlteach.study.record import Record
from dlteach.values import frozen

SECONDS_A_REVIEW = 45


@frozen
class Whereabouts:
    """What `dlteach` says first."""

    due: int
    unfinished: tuple[str, ...]  # "study gelu", "practice gelu/worked", the latest first
    next: Lesson | None
    minutes_left: int  # of the next lesson
    studied: frozenset[str]

    @property
    def minutes(self) -> int:
        """About how long the review takes."""
        return max(1, round(self.due * SECONDS_A_REVIEW / 60))


def whereabouts(course: Course, record: Record) -> Whereabouts:
    """Where the learner of a record is."""
    left = tuple(key.replace(":", " ", 1) for key in record.places() if key.startswith(("study:", "practice:")))
    upcoming = next_lesson(course, record)
    minutes = _minutes(upcoming, record) if upcoming else 0
    return Whereabouts(len(record.due(record.today)), left, upcoming, minutes, _studied(record))


def _minutes(lesson: Lesson, record: Record) -> int:
    """What is left of a lesson, by the share of its parts."""
    place = record.place(f"study:{lesson.name}")
    done = int(place.get("index", 0)) / max(1, int(place.get("of", 1)))
    return max(1, round(lesson.minutes * (1 - min(1.0, done))))


def statuses(course: Course, record: Record) -> dict[str, str]:
    """How far each lesson has come: "begun", "studied", or nothing."""
    studied, left = _studied(record), record.places()
    return {
        name: "begun" if f"study:{name}" in left else "studied" if name in studied else "" for name in course.folders
    }


def next_lesson(course: Course, record: Record) -> Lesson | None:
    """The lesson that was left last, else the first in reading order that was not studied."""
    for key in record.places():
        kind, _, name = key.partition(":")
        if kind == "study" and name in course.folders:
            return course.lesson(name)
    studied = _studied(record)
    return next((lesson for lesson in course.reading_order() if lesson.name not in studied), None)


def _studied(record: Record) -> frozenset[str]:
    return frozenset(e.card.partition(":")[2] for e in record.of_kinds("done") if e.card.startswith("read:"))

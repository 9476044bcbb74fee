"""Progress: what was read, derived, known, what fades, and the rules that keep being broken."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from dlteach.course.lessons import Course
from dlteach.study.record import Record
from dlteach.study.schedule import retrievability
from dlteach.study.sections import parts
from dlteach.values import frozen

RECENT = 90  # days in which a broken rule counts


@frozen
class LessonProgress:
    """Counts for one lesson: `known` and `fading` of its questions, those that were ever answered."""

    name: str
    parts: int
    read: int
    derivations: int
    derived: int
    questions: int
    known: int
    fading: int
    due: int
    week: int


@frozen
class Slip:
    """A broken rule: how often, what it says, and the question at which it happened last."""

    id: str
    says: str
    times: int
    last: str


@frozen
class Progress:
    """Everything that `dlteach progress` shows."""

    lessons: tuple[LessonProgress, ...]
    slips: tuple[Slip, ...]
    due: int
    week: int
    reviews: int
    strange: int  # cards that this version of the course does not have


def progress(course: Course, record: Record) -> Progress:
    """The progress over the whole course."""
    today, settings = record.today, record.settings
    week = today + timedelta(days=7)
    cards = {card.card: card for card in record.schedule()}
    read, derived = _done(record)
    lessons, here = [], set()
    for lesson in course.reading_order():
        names = [question.full_id for question in course.questions_of(lesson)]
        here.update(names)
        mine = [cards[name] for name in names if name in cards]
        sure = [retrievability(card.stability, card.last, today) >= settings.retention for card in mine]
        chains = [f"{lesson.name}/{d.id}" for d in lesson.chains]
        passages = [p.key for p in course.or_left_out(lesson.name, partial(parts, lesson)) or () if p.kind == "read"]
        lessons.append(
            LessonProgress(
                lesson.name,
                len(passages),
                len(read[lesson.name] & set(passages)),
                len(chains),
                sum(chain in derived for chain in chains),
                len(names),
                sum(sure),
                len(sure) - sum(sure),
                sum(card.due <= today for card in mine),
                sum(card.due <= week for card in mine),
            )
        )
    return Progress(
        tuple(lessons),
        tuple(_slips(record)),
        sum(lesson.due for lesson in lessons),
        sum(lesson.week for lesson in lessons),
        sum(card.reviews for card in cards.values()),
        len(set(cards) - here),
    )


def _done(record: Record) -> tuple[dict[str, set[str]], set[str]]:
    """The parts that were read, by lesson, and the derivations that were written alone."""
    read: dict[str, set[str]] = defaultdict(set)
    derived = set()
    for entry in record.of_kinds("read", "done"):
        where, _, name = entry.card.partition(":")
        if entry.kind == "read":
            read[name].add(str(entry.data.get("part", "")))
        elif where == "practice":
            derived.add(name)
    return read, derived


def _slips(record: Record, most: int = 5) -> Iterable[Slip]:
    """The rules that were broken most often of late."""
    since = (record.today - timedelta(days=RECENT)).isoformat()
    counts: Counter[str] = Counter()
    last: dict[str, tuple[str, str]] = {}
    for card, slips in record.slips(since):
        for slip, says in slips.items():
            counts[slip] += 1
            last[slip] = says, card.partition(":")[2] or card
    for slip, times in counts.most_common(most):
        yield Slip(slip, last[slip][0], times, last[slip][1])

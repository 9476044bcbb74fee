"""Review: what is due comes back before it is forgotten, in a fresh variant; what is new comes in small portions."""

from __future__ import annotations

import random
from collections.abc import Generator, Mapping, Sequence
from datetime import date, timedelta

from fsrs import Rating

from dlteach.course.dialogue import Ask, Feedback, Heading, Mark, Prose, Shown
from dlteach.course.lessons import Course
from dlteach.course.questions import Question
from dlteach.study.asking import End, Extra, Session, Sitting, ask_one
from dlteach.study.due import Due
from dlteach.study.quiz import summary
from dlteach.study.record import Entry, Record
from dlteach.study.schedule import retrievability
from dlteach.values import frozen

Talk = Generator[Shown | Ask, str | None, None]


@frozen
class Turn:
    """A question in the queue: when it is due and how likely it is still known (None and 1 for a new one)."""

    question: Question
    due: date | None = None
    known: float = 1.0
    times: int = 0  # how often it came before
    again: bool = False  # missed today, and asked once more


@frozen
class Queue:
    """What a review asks, and what it leaves for later."""

    turns: tuple[Turn, ...]
    new_left: int  # new questions that wait for another day
    strange: int  # cards of the record that this version of the course does not have


def queue(course: Course, record: Record, names: Sequence[str] = (), ahead: int = 0, seed: int | None = None) -> Queue:
    """What is due today, or within `ahead` days, the least well known first; then new questions of begun lessons.

    Lessons that are named count as begun, and nothing else is asked. Raises DlteachError for a name that is none.
    """
    today = record.today
    every = {question.full_id: question for question in course.all_questions()}
    wanted = {question.full_id for question in course.questions(names)} if names else set(every)
    cards = {card.card: card for card in record.schedule()}
    waiting = [c for name, c in cards.items() if name in wanted and c.due <= today + timedelta(days=ahead)]
    dice = random.Random(today.toordinal() if seed is None else seed)
    ordered = sorted(waiting, key=lambda c: (round(_known(c, today + timedelta(days=ahead)), 2), dice.random()))
    turns = [Turn(every[c.card], c.due, _known(c, today), c.reviews) for c in ordered]
    begun = {name.partition("/")[0] for name in (*cards, *names)}
    begun |= {name for name in course.folders if any(True for _ in record.entries(f"read:{name}"))}
    new = [q for name, q in every.items() if name in wanted and name not in cards and q.lesson in begun]
    room = max(0, record.settings.new_per_day - record.begun_on(today))
    turns += [Turn(question) for question in new[:room]]
    return Queue(tuple(turns), len(new[room:]), sum(name not in every for name in cards))


def _known(card: Due, day: date) -> float:
    return retrievability(card.stability, card.last, day)


def review(turns: Sequence[Turn], session: Session, seed: int | None = None) -> Talk:
    """Ask the questions of a queue; one that was missed comes again at the end, until it is known."""
    yield from _Review(turns, session, seed).run()


class _Review:
    def __init__(self, turns: Sequence[Turn], session: Session, seed: int | None) -> None:
        self.waiting, self.session = list(turns), session
        self.seed = str(session.record.today.toordinal() if seed is None else seed)
        self.done: list[tuple[Turn, Sitting]] = []
        self.extra: Extra = {":undo": ("last", self.undo), ":rate": ("last", self.rate)}

    def run(self) -> Talk:
        while self.waiting or (yield from self.second_thoughts()):
            turn = self.waiting.pop(0)
            left = len(self.waiting)
            yield Heading(f"{turn.question.full_id}   {_status(turn)}   {f'{left} more' if left else 'the last one'}")
            sitting = yield from ask_one(turn.question, self.session, self.seed, turn.times, self.extra)
            if sitting is None:
                continue
            if sitting.end is End.TURNED:
                self.waiting.insert(1, turn)  # behind the one that was taken back
            elif sitting.end is End.LEFT:
                break
            else:
                yield from self.ended(turn, sitting)
        yield Heading("Summary")
        count = len(self.done)
        yield Prose(f"{count} {'answer' if count == 1 else 'answers'}: {summary([s for _, s in self.done])}.")

    def second_thoughts(self) -> Generator[Shown | Ask, str | None, bool]:
        """After the last answer: it may still be taken back or rated; returns whether there is more to ask."""
        commands = {name: what for name, (what, _) in self.extra.items()}
        while self.done:
            answer = yield Ask("", (), "Enter ends", commands)
            name, _, rest = (answer or "").strip().partition(" ")
            if name not in self.extra:
                return False
            yield from self.extra[name][1](rest.strip())
            if self.waiting:
                return True
        return False

    def ended(self, turn: Turn, sitting: Sitting) -> Talk:
        """Say when it comes back; put it at the end once more if it was missed."""
        self.done.append((turn, sitting))
        if not sitting.rating:
            return
        if sitting.rating == Rating.Again:
            self.waiting.append(_later(turn))
        yield Feedback(Mark.NOTE, self.next_time(turn, sitting.rating))

    def next_time(self, turn: Turn, rating: int) -> str:
        """`good: again in 3 days`."""
        card = self.session.record.card(turn.question.full_id)
        days = (card.due - card.last).days if card else 0
        words = "tomorrow" if days == 1 else f"in {days} days"
        more = ", and once more today" if rating == Rating.Again else ""
        return f"*{Rating(rating).name.lower()}*: again {words}{more}"

    def undo(self, _: str) -> Generator[Shown | Ask, str | None, bool]:
        """Take the last answer back; its question comes at once."""
        if not self.done:
            yield Feedback(Mark.NOTE, "There is nothing to take back.")
            return False
        turn, sitting = self.done.pop()
        self.session.record.note(Entry(turn.question.full_id, "undo", sitting.id))
        self.waiting = [other for other in self.waiting if other != _later(turn)]
        self.waiting.insert(0, turn)
        yield Feedback(Mark.NOTE, f"{turn.question.full_id} is taken back.")
        return True

    def rate(self, word: str) -> Generator[Shown | Ask, str | None, bool]:
        """Change the rating of the last answer."""
        ratings: Mapping[str, Rating] = {rating.name.lower(): rating for rating in Rating}
        if not self.done or not self.done[-1][1].rating or word.lower() not in ratings:
            yield Feedback(Mark.NOTE, f"Write `:rate` and one of {', '.join(ratings)}, after an answer.")
            return False
        turn, sitting = self.done[-1]
        sitting.rating = ratings[word.lower()]
        self.session.record.note(Entry(turn.question.full_id, "rate", sitting.id, data={"rating": sitting.rating}))
        self.waiting = [other for other in self.waiting if other != _later(turn)]
        if sitting.rating == Rating.Again:
            self.waiting.append(_later(turn))
        yield Feedback(Mark.NOTE, f"{turn.question.full_id}, {self.next_time(turn, sitting.rating)}")
        return False


def _later(turn: Turn) -> Turn:
    """The same question once more today, in its next variant."""
    return Turn(turn.question, times=turn.times + 1, again=True)


def _status(turn: Turn) -> str:
    if turn.due is None:
        return "once more" if turn.again else "new"
    return f"known with {turn.known:.0%}"

"""Guided study, review, progress and search, as the commands do them."""

import json
import shlex
from collections.abc import Callable
from datetime import timedelta

import pytest

from dlteach.cli import desk
from dlteach.course.lessons import Course
from dlteach.study.guided import study
from dlteach.study.opening import in_memory
from dlteach.study.progress import progress
from dlteach.study.record import Entry, Record
from dlteach.study.review import queue, review
from dlteach.study.searching import search
from dlteach.study.sections import parts
from dlteach.study.settings import Settings
from dlteach.study.whereabouts import whereabouts
from tests.conftest import Result
from tests.study.dialogues import Clock, Played, play, session_of

Cli = Callable[..., Result]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def record(clock: Clock) -> Record:
    return in_memory(clock, Settings())


# ---- study ------------------------------------------------------------------------------------------


def test_the_parts_of_a_lesson_hold_its_prose_and_every_question_once(course: Course) -> None:
    for lesson in course.lessons():
        found = parts(lesson)
        assert len({part.key for part in found}) == len(found)
        asked = [part.text for part in found if part.kind == "question"]
        assert sorted(asked) == sorted(question.id for question in lesson.questions)
        prose = "".join(part.text for part in found if part.kind == "read")
        for heading in ("## What goes wrong in practice", "## Remember"):
            assert (heading in prose) == (heading in lesson.prose())


def walk_through(course: Course, record: Record, name: str, stop_after: int = 10**6) -> Played:
    """A learner who skips rounds of practice and makes no predictions, and answers every question rightly."""
    lesson = course.lesson(name)
    dialogue = study(lesson, course, session_of(course.functions, record, "study"), 7)
    played, count, event = Played(), 0, next(dialogue)
    try:
        while True:
            played.events.append(event)
            answer = None
            if type(event).__name__ == "Ask":
                count += 1
                if count > stop_after:
                    dialogue.close()  # as kill -9 would
                    return played
                answer = "" if "Enter" in event.label else ":skip"
            event = dialogue.send(answer)
    except StopIteration:
        return played


def test_study_goes_through_the_whole_lesson_and_says_what_was_weak(course: Course, record: Record) -> None:
    played = walk_through(course, record, "maxout")
    assert "The end of this lesson" in played.text and "`maxout/tangent`: skipped" in played.text
    assert sum(type(e).__name__ == "Passage" for e in played.events) == sum(
        part.kind == "read" for part in parts(course.lesson("maxout"))
    )
    assert not record.places() and "maxout" in whereabouts(course, record).studied


def test_study_goes_on_exactly_where_it_was_left(course: Course, record: Record) -> None:
    every = parts(course.lesson("gelu"))
    whole = walk_through(course, in_memory(Clock(), Settings()), "gelu")
    shown: list[str] = []
    for _ in range(100):
        played = walk_through(course, record, "gelu", stop_after=1)
        shown += [e.text for e in played.events if type(e).__name__ == "Passage"]
        if "The end" in played.text:
            break
    texts = [e.text for e in whole.events if type(e).__name__ == "Passage"]
    assert list(dict.fromkeys(shown)) == texts == [part.text for part in every if part.kind == "read"]


def test_study_survives_a_lesson_that_has_changed(course: Course, record: Record) -> None:
    record.put("study:gelu", {"part": "read A section that is gone", "index": 10**6, "weak": []})
    assert walk_through(course, record, "gelu").text.count("The end of this lesson") == 1


def test_predictions_in_a_lesson_are_recorded(course: Course, record: Record) -> None:
    lesson = course.lesson("maxout")
    index = next(i for i, part in enumerate(parts(lesson)) if part.kind == "sim")
    record.put("study:maxout", {"part": parts(lesson)[index].key, "index": index, "weak": []})
    play(study(lesson, course, session_of(course.functions, record, "study"), 7), ["1", "1", "1", "1"])
    assert {entry.kind for entry in record.entries()} >= {"prediction"}


# ---- review -----------------------------------------------------------------------------------------


def answered(course: Course, record: Record, name: str, rating: int = 3) -> None:
    record.note(Entry(name, "answer", verdict="right", rating=rating))


def test_what_is_due_comes_first_and_new_questions_of_begun_lessons_after_it(
    course: Course, record: Record, clock: Clock
) -> None:
    assert not queue(course, record).turns, "nothing was begun"
    record.note(Entry("read:maxout", "read", data={"part": "idea"}))
    assert {turn.question.lesson for turn in queue(course, record).turns} == {"maxout"}, "a part was read"
    record = in_memory(clock, Settings())
    answered(course, record, "gelu/shape", 3)
    answered(course, record, "gelu/mask", 1)
    clock.days(3)
    found = queue(course, record).turns
    assert [turn.question.full_id for turn in found[:2]] == ["gelu/mask", "gelu/shape"], "the least known first"
    assert {turn.question.lesson for turn in found} == {"gelu"} and all(turn.due is None for turn in found[2:])
    assert {turn.question.lesson for turn in queue(course, record, ["maxout"]).turns} == {"maxout"}


def test_new_questions_are_rationed_by_the_day(course: Course, clock: Clock) -> None:
    record = in_memory(clock, Settings(new_per_day=3))
    answered(course, record, "gelu/shape")
    found = queue(course, record)
    assert len(found.turns) == 2 and found.new_left == len(course.lesson("gelu").questions) - 3
    clock.days(1)
    assert sum(turn.due is None for turn in queue(course, record).turns) == 3


def test_ahead_brings_what_falls_due_before_an_exam(course: Course, clock: Clock) -> None:
    record = in_memory(clock, Settings(new_per_day=0))
    answered(course, record, "gelu/shape", 4)
    clock.days(1)
    assert not queue(course, record).turns and len(queue(course, record, ahead=30).turns) == 1


def test_the_same_seed_gives_the_same_queue_and_no_seed_that_of_the_day(course: Course, record: Record) -> None:
    for question in course.lesson("gelu").questions:
        answered(course, record, question.full_id)
    record.clock.days(9)  # type: ignore[attr-defined]
    assert queue(course, record, seed=4) == queue(course, record, seed=4)
    assert queue(course, record) == queue(course, record)
    assert queue(course, record, seed=1) != queue(course, record, seed=2)


def test_cards_that_this_version_does_not_have_are_kept_and_counted(course: Course, record: Record) -> None:
    answered(course, record, "gone/question")
    record.clock.days(9)  # type: ignore[attr-defined]
    assert queue(course, record).strange == 1 and not queue(course, record).turns
    assert progress(course, record).strange == 1 and record.card("gone/question")


def test_a_missed_question_comes_again_and_undo_takes_it_back(course: Course, record: Record) -> None:
    turns = queue(course, record, ["gelu/mask", "gelu/shape"]).turns
    session = session_of(course.functions, record, "review")
    played = play(review(turns, session, 1), ["!", ":undo", "!", ":rate hard", ":quit"])
    assert "*again*: again tomorrow, and once more today" in played.text
    assert f"{turns[0].question.full_id} is taken back" in played.text
    assert "*hard*: again" in played.text
    kinds = [entry.kind for entry in record.entries()]
    assert kinds == ["reveal", "undo", "reveal", "rate"]
    card = record.card(turns[0].question.full_id)
    assert card is not None and card.reviews == 1


def test_a_question_that_was_missed_is_asked_until_it_is_known(course: Course, record: Record) -> None:
    (turn,) = queue(course, record, ["gelu/taylor-slope"]).turns
    played = play(review([turn], session_of(course.functions, record), 1), ["!", "!", "sqrt(8/pi)"])
    assert played.text.count("once more") >= 2 and "3 answers" in played.text
    assert [ask.label for ask in played.asked] == ["number", "number", "number", "Enter ends"]


def test_nothing_to_undo_and_no_rating_say_so(course: Course, record: Record) -> None:
    (turn,) = queue(course, record, ["gelu/mask"]).turns
    played = play(review([turn], session_of(course.functions, record), 1), [":undo", ":rate good", ":rate"])
    assert "nothing to take back" in played.text and played.text.count("Write `:rate`") == 2


def test_review_from_a_pipe_and_as_json(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nothing is due today." in cli("review").out
    assert cli("review", "gelu/reflection", stdin="x\n").out.count("✓ correct") == 1
    later = desk.now() + timedelta(days=40)
    monkeypatch.setattr(desk, "now", lambda: later)
    document = json.loads(cli("review", "--json").out)
    assert document["due"][0]["question"] == "gelu/reflection" and 0 < document["due"][0]["known"] < 1
    dry = cli("review", "--dry-run", "--count", "1")
    assert "gelu/reflection" in dry.out and dry.code == 0
    assert json.loads(cli("review", "--json").out) == document, "a dry run changes nothing"


# ---- progress ---------------------------------------------------------------------------------------


def test_progress_counts_what_was_read_derived_known_and_fades(course: Course, record: Record, clock: Clock) -> None:
    walk_through(course, record, "gelu")
    record.note(Entry("practice:gelu/worked", "done", verdict="right"))
    for name in ("gelu/shape", "gelu/mask"):
        answered(course, record, name, 3)
    answered(course, record, "gelu/reflection", 4)
    clock.days(4)
    gelu = next(lesson for lesson in progress(course, record).lessons if lesson.name == "gelu")
    assert (gelu.read, gelu.derived) == (gelu.parts, 1)
    assert (gelu.known, gelu.fading) == (1, 2) and gelu.due == 2 and gelu.week >= 2


def test_the_rules_that_keep_being_broken_are_counted(cli: Cli) -> None:
    cli("quiz", "gelu/derivative", stdin="Phi(x) - x*phi(x)\nPhi(x) - x*phi(x)\n")
    (rule,) = json.loads(cli("progress", "--json").out)["rules"]
    assert (rule["id"], rule["times"], rule["last"]) == ("product-minus", 2, "gelu/derivative")
    assert "The product rule adds its terms" in cli("progress").out


def test_the_schedule_is_made_again_on_demand(cli: Cli) -> None:
    cli("quiz", "gelu/reflection", stdin="x\n")
    assert "The schedule of 1 card is made again." in cli("progress", "--rebuild").out
    assert json.loads(cli("progress", "--rebuild", "--json").out) == {"rebuilt": 1}


def test_the_dashboard_says_what_is_due_what_was_left_and_what_is_next(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "dlteach study gelu" in cli().out and "the next lesson" in cli().out
    cli("study", "gelu", stdin="\n")
    cli("practice", "swish", stdin="\n")
    cli("quiz", "gelu/reflection", stdin="x\n")
    later = desk.now() + timedelta(days=40)
    monkeypatch.setattr(desk, "now", lambda: later)
    out = cli().out
    assert "1 question is due, about 1 min" in out
    assert "go on where you left, about 19 min" in out, "a part of twenty minutes is done"
    command = next(row for row in out.splitlines() if "dlteach practice 'swish" in row)
    words = shlex.split(command.partition("  go on")[0])
    assert "Back where you were" in cli(*words[1:]).out, "what it says can be typed in a shell"


# ---- search -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "kind", "name"),
    [
        ("tanh", "function", "tanh"), ("TANH", "function", "tanh"), ("silu", "function", "swish"),
        ("batch-normalization", "lesson", "batch-normalization"),
        ("running mean", "claim", "batch-normalization/running-mean"),
        ("the derivative of gelu", "claim", "gelu/derivative"),
        ("x*Phi(x)", "function", "gelu"), ("Phi(x)*x", "function", "gelu"),
        ("maxima", "question", "maxout/sum-of-maxima"),
        ("adaptive dropout", "erratum", "gelu/gelu-adaptive-dropout-translation"),
    ],
)  # fmt: skip
def test_the_best_hit(query: str, kind: str, name: str, course: Course) -> None:
    best = search(query, course)[0].item
    assert (best.kind, best.name) == (kind, name)


def test_every_hit_can_be_opened(cli: Cli, course: Course) -> None:
    hits = {hit.item.kind: hit.item for query in ("tanh", "maxout", "running mean") for hit in search(query, course)}
    assert hits.keys() == {"function", "lesson", "claim", "derivation", "question", "erratum"}
    for item in hits.values():
        assert cli(*item.command.split()[1:]).code == 0, item.command


def test_a_search_without_a_hit_or_without_words(cli: Cli) -> None:
    assert cli("search", "zebra").code == 1 and cli("search", "…").code == 2
    assert json.loads(cli("search", "zebra", "--json").out) == {"hits": []}
    assert "open the first with" in cli("search", "tanh").out

"""The grading test-bed: no right answer refused, no wrong one accepted, no malformed one counted."""

import tomllib
from pathlib import Path

import pytest

from dlteach.course.lessons import Course
from dlteach.course.questions import Question
from dlteach.course.variants import named_variant
from dlteach.study.grades import Grade, Graded
from dlteach.study.grading import grade
from tests.cli.test_reasoner import HOSTILE

BED = tomllib.loads((Path(__file__).parent / "answers.toml").read_text(encoding="utf-8"))
GRADES = {"right": Grade.RIGHT, "wrong": Grade.WRONG, "form": Grade.FORM, "malformed": Grade.INVALID}
ROWS = [(name, kind, answer) for name, kinds in BED.items() for kind, answers in kinds.items() for answer in answers]


def asked(name: str, course: Course) -> Question:
    full, _, variant = name.partition("[")
    lesson, _, identity = full.partition("/")
    return named_variant(course.lesson(lesson).question(identity), variant.rstrip("]"), course.functions.names)


def test_the_bed_is_as_large_as_it_must_be(course: Course) -> None:
    assert len(ROWS) >= 400 and len(BED) >= 40
    every = {question.full_id for lesson in course.lessons() for question in lesson.questions}
    assert {name.partition("[")[0] for name in BED} == every, "every question has its answers"


@pytest.mark.parametrize("name", BED)
def test_answers_get_the_grade_that_a_good_teacher_would_give(name: str, course: Course) -> None:
    question = asked(name, course)
    found: dict[str, dict[str, Graded]] = {
        kind: {answer: grade(question, answer, course.functions) for answer in answers}
        for kind, answers in BED[name].items()
    }
    odd = [
        f"{answer!r} is {result.grade}, not {GRADES[kind]}: {result.says}"
        for kind, results in found.items()
        for answer, result in results.items()
        if result.grade is not GRADES[kind]
    ]
    assert not odd, "\n".join(odd)
    for result in [*found.get("wrong", {}).values(), *found.get("form", {}).values(), *found["malformed"].values()]:
        assert result.says, "a grade that is not `right` says why"


HOSTILE_TO_KINDS = HOSTILE | {
    "equals signs": "=" * 5_000,
    "five hundred lines": "\n".join(["= y"] * 500),
    "five hundred coordinates": ", ".join(f"x{number} = 1" for number in range(500)),
    "a coordinate that is huge": "x = 9^9^9",
    "a coordinate at infinity": "x = oo",
    "a coordinate that is none": "x = 1/0",
    "five thousand steps": "1 " * 5_000,
    "a number of steps that is none": "9" * 400,
    "nothing that is visible": "\x00",
}


@pytest.mark.parametrize("name", ["shape", "value-at-one", "derivative", "below-relu", "random-mask", "by-hand"])
def test_hostile_answers_are_graded_and_never_right(name: str, course: Course) -> None:
    """Each takes its second at most, or is refused unread; one that froze would stop the whole run."""
    question = course.lesson("gelu").question(name)
    for what, answer in HOSTILE_TO_KINDS.items():
        result = grade(question, answer, course.functions)
        assert result.grade is not Grade.RIGHT and result.says, what

"""Grading: no right answer refused, no wrong one accepted, no unreadable one counted."""

import pytest

from dlteach.course.dialogue import option_of
from dlteach.course.functions import Functions
from dlteach.course.lessons import Course
from dlteach.course.questions import KINDS, Kind, Question
from dlteach.course.variants import named_variant
from dlteach.study.asking import PROMPTS
from dlteach.study.grades import Grade
from dlteach.study.grading import GRADERS, grade


def graded(course: Course, name: str, answer: str):  # type: ignore[no-untyped-def]
    lesson, _, identity = name.partition("/")
    question = named_variant(course.lesson(lesson).question(identity), "", course.functions.names)
    return grade(question, answer, course.functions)


def test_every_kind_has_a_grader_a_prompt_and_its_fields() -> None:
    for table in (GRADERS, PROMPTS, KINDS):
        assert table.keys() == set(Kind)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("gelu/derivative", "Phi(x) + x*phi(x)"),
        ("gelu/derivative", "x φ(x) + Φ(x)"),
        ("gelu/derivative", "(1 + erf(x/sqrt(2)))/2 + x*e^(-x^2/2)/sqrt(2pi)"),
        ("gelu/derivative", "gelu(x)/x + xφ(x)"),
        ("gelu/second-derivative", "2phi(x) - x^2*phi(x)"),
        ("gelu/reflection", "x"),
        ("gelu/value-at-one", "-0.159"),
        ("gelu/value-at-one", "-(1 - 0.8413)"),
        ("gelu/taylor-slope", "2*sqrt(2/pi)"),
        ("gelu/taylor-slope", "1.596"),
        ("maxout/max-by-bars", "x/2 + y/2 + abs(y - x)/2"),
        ("maxout/tangent", "t^2 + 2t(x - t)"),
        ("maxout/error", "0.04"),
        ("backpropagation/weight-gradient", "s x - s² x"),
        ("backpropagation/squared-error", "w x^2 - x y"),
        ("batch-normalization/output-formula", "β + γ (x − m)/√(v + ε)"),
        ("batch-normalization/undo", "(v + epsilon)^(1/2)"),
    ],
)
def test_right_answers_in_other_forms_are_right(question: str, answer: str, course: Course) -> None:
    assert graded(course, question, answer).grade is Grade.RIGHT


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("gelu/derivative", "φ(x)", "product of the two derivatives"),
        ("gelu/derivative", "x·φ(x)", "One term"),
        ("gelu/derivative", "Phi(x) - x*phi(x)", "product rule adds"),
        ("gelu/second-derivative", "phi(x) - x^2*phi(x)", "was lost"),
        ("gelu/value-at-one", "0.8413", "That is GELU(1)"),
        ("gelu/value-at-one", "5", "not within"),
        ("maxout/tangent", "2x*t", "slope is right"),
        ("backpropagation/weight-gradient", "s - s^2", "last link"),
        ("batch-normalization/undo", "sqrt(v)", "Nearly"),
    ],
)
def test_wrong_answers_get_their_mistake_or_a_counterexample(
    question: str, answer: str, words: str, course: Course
) -> None:
    result = graded(course, question, answer)
    assert result.grade is Grade.WRONG and words in result.says


@pytest.mark.parametrize(
    ("question", "answer", "wanted", "words"),
    [
        ("gelu/derivative", "Phi(x) + x*phi(x) + sqrt(-x^2)", Grade.FORM, "at x = 1 it has none"),
        ("gelu/derivative", "Phi(x) + x*phi(x) + 0*ln(x)", Grade.FORM, "at x = "),
        ("gelu/derivative", "Phi(x) + x*phi(x) + 0*sqrt(10^6 - x)", Grade.FORM, "at x = 100000"),
        ("gelu/reflection", "sqrt(x)^2", Grade.FORM, "at x = -1"),
        ("gelu/reflection", "x^2/x", Grade.RIGHT, "At x = 0 yours has no value"),
        ("gelu/reflection", "x*(3x - 7)/(3x - 7)", Grade.RIGHT, "At x = 7/3 yours has no value"),
        ("maxout/tangent", "t^2 + 2t(x - t) + 0/x", Grade.RIGHT, "x = 0"),
        ("maxout/tangent", "t^2 + 2t(x - t) + 0*ln(x - t)", Grade.FORM, "it has none"),
    ],
)
def test_an_answer_has_a_value_wherever_the_questions_has_one(
    question: str, answer: str, wanted: Grade, words: str, course: Course
) -> None:
    result = graded(course, question, answer)
    assert result.grade is wanted and words in result.says


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("gelu/derivative", "Phi(x) +", "ends too early"),
        ("gelu/derivative", "phi x", "phi"),
        ("gelu/derivative", "", "nothing was typed"),
        ("gelu/derivative", "xphi(x)", "did you mean"),
        ("backpropagation/weight-gradient", "xs*(1 - s)", "write `x*s`"),
        ("gelu/value-at-one", "x", "number is asked for"),
        ("gelu/shape", "9", "from 1 to 4"),
        ("gelu/shape", "maybe", "from 1 to 4"),
        ("gelu/derivative", "__import__('os')", "begins with a letter"),
    ],
)
def test_unreadable_answers_are_never_wrong(question: str, answer: str, words: str, course: Course) -> None:
    result = graded(course, question, answer)
    assert result.grade is Grade.INVALID and words in result.says


@pytest.mark.parametrize(
    ("answer", "index"), [("2", 1), ("b", 1), (" B) ", 1), ("no", 1), ("5", None), ("", None), ("é", None)]
)
def test_options_are_taken_by_number_letter_or_text(answer: str, index: int | None) -> None:
    assert option_of(answer, ["yes", "no", "perhaps"]) == index


def test_undecided_is_not_wrong(course: Course, functions: Functions, monkeypatch: pytest.MonkeyPatch) -> None:
    from dlteach.reasoning.worker.process import Overrun, Worker

    def overrun(*_: object, **__: object) -> None:
        raise Overrun("no worker process can be started here")

    monkeypatch.setattr(Worker, "ask", overrun)
    question = course.lesson("gelu").question("derivative")
    assert grade(question, "x*phi(x) + Phi(x)", functions).grade is Grade.UNDECIDED
    assert grade(question, "phi(x)", functions).grade is Grade.WRONG


@pytest.mark.parametrize(
    ("states", "answer", "grade_of_it"),
    [
        pytest.param("n^2 > n for n integer", "n = 1", Grade.RIGHT, id="an integer, and it fails there"),
        pytest.param("n^2 > n for n integer", "n = 1/2", Grade.WRONG, id="no integer"),
        pytest.param("x^2 > x for x in [0, 4]", "x = 1/2", Grade.RIGHT, id="inside, and it fails there"),
        pytest.param("x^2 > x for x in (0, 4]", "x = 0", Grade.WRONG, id="at the open end"),
        pytest.param("x^2 > x for x in [0, 4]", "x = 5", Grade.WRONG, id="outside"),
    ],
)
def test_a_counterexample_meets_the_conditions(
    states: str, answer: str, grade_of_it: Grade, functions: Functions
) -> None:
    question = Question("q", "gelu", "quiz.toml:1", Kind.TRUTH, {"en": "?"}, answer="false", states=states)
    assert grade(question, answer, functions).grade is grade_of_it


@pytest.mark.parametrize("answer", ["exp(10^12)", "exp(exp(60))", "-exp(10^9)", "exp(10^6)"])
def test_a_number_beyond_all_size_is_wrong_at_once(answer: str, course: Course) -> None:
    """As a fraction it would fill the memory."""
    question = course.lesson("gelu").question("value-at-one")
    found = grade(question, answer, course.functions)
    assert found.grade is Grade.WRONG and "e+" in found.says


def test_a_number_that_is_all_but_nothing_is_taken_for_that(course: Course) -> None:
    found = grade(course.lesson("gelu").question("value-at-one"), "-0.158655 + exp(-exp(60))", course.functions)
    assert found.grade is Grade.RIGHT
    assert grade(course.lesson("gelu").question("value-at-one"), "exp(-exp(60))", course.functions).grade is Grade.WRONG

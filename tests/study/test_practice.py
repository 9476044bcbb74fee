"""Faded worked examples: lines fade, slips are named, hints have stages, and everything is where it was left."""

from collections.abc import Callable

import pytest

from dlteach.course.functions import Functions
from dlteach.course.lessons import Course
from dlteach.errors import DlteachError
from dlteach.notation.show import show
from dlteach.study.opening import in_memory
from dlteach.study.plans import Plan, plan_for, rest_of
from dlteach.study.practice import one_round, practice
from dlteach.study.record import Record
from dlteach.study.settings import Settings
from tests.conftest import Result
from tests.study.dialogues import Clock, Played, play, session_of

SWISH, LINE = "x*sigmoid(x)", "sigmoid(x) + x*sigmoid(x)*(1 - sigmoid(x))"


@pytest.fixture
def record() -> Record:
    return in_memory(Clock(), Settings())


def practised(what: str, answers: list[str], course: Course, record: Record) -> Played:
    return play(practice(plan_for(what, course), session_of(course.functions, record, "practice")), answers)


def test_lines_fade_one_then_two_until_all_are_the_learners(course: Course, record: Record) -> None:
    played = practised(SWISH, ["", LINE, LINE], course, record)
    headings = [event.text for event in played.events if type(event).__name__ == "Heading"]
    assert [heading.partition("; ")[2] for heading in headings] == [
        "",
        "the last line is yours",
        "all lines are yours",
        "",
    ]
    assert headings[-1] == "Done" and not record.place(f"practice:{SWISH}")
    assert [entry.kind for entry in record.entries()] == ["line", "line", "done"]


def test_two_slips_are_named_and_a_hint_has_its_stage_also_after_coming_back(course: Course, record: Record) -> None:
    slips = ["sigmoid(x) + x*sigmoid(x)", "sigmoid(x) + x*sigmoid(x)*(1 + sigmoid(x))"]
    first = practised(SWISH, ["", slips[0], slips[1], "?", ":quit"], course, record)
    assert "[wrong] sigmoid is not its own derivative" in first.text and "[wrong] The sign is wrong" in first.text
    assert "Hint 1 of 3: derivative of sigmoid" in first.text
    again = practised(SWISH, ["?", LINE, ":quit"], course, record)
    assert "Back where you were" in again.text and "Hint 1 of 3" in again.text and "Hint 2 of 3" in again.text
    third = practised(SWISH, [":quit"], course, record)
    assert "all lines are yours" in third.text, "the next round was begun and is where it was left"
    wrong = [list(entry.data["slips"]) for entry in record.entries() if entry.verdict == "wrong"]
    assert wrong == [["sigmoid-itself"], ["sigmoid-sign"]]


def test_a_slip_that_many_rules_would_explain_is_named_by_the_nearest(course: Course, record: Record) -> None:
    played = practised(SWISH, ["", "sigmoid(x) - x*sigmoid(x)*(1 - sigmoid(x))", ":quit"], course, record)
    assert "[wrong] The sign is wrong: the derivative came out as its opposite." in played.text
    assert " Or: " not in played.text


def test_a_word_that_is_no_line_is_not_a_wrong_one(course: Course, record: Record) -> None:
    played = practised(SWISH, ["", "help", "sigmoid(t)", ":quit"], course, record)
    assert "`help` is not in this derivation" in played.text and "`t` is not in this" in played.text
    assert "[wrong]" not in played.text and not list(record.entries())


def test_the_hint_and_the_lines_of_a_round_are_where_they_were_left(course: Course, record: Record) -> None:
    practised("x*tanh(x)*e^x", ["", ":skip", ":skip", "?", ":next", "?", "?", ":quit"], course, record)
    again = practised("x*tanh(x)*e^x", [], course, record)
    assert "[yours]" in again.text and "Hint 2 of 3" in again.text


def test_a_round_of_study_leaves_practice_where_it_was(course: Course, record: Record) -> None:
    practised("gelu/worked", ["", "Phi(x) + x*phi(x)", ":quit"], course, record)
    before = record.place("practice:gelu/worked")
    session = session_of(course.functions, record, "study")
    play(one_round(plan_for("gelu/worked", course), session, 1), ["Phi(x) + x*phi(x)"])
    assert before and record.place("practice:gelu/worked") == before


def test_skipping_goes_to_the_next_round_and_out_of_the_last(course: Course, record: Record) -> None:
    played = practised(SWISH, ["", ":skip", ":skip", "never asked"], course, record)
    assert "all lines are yours" in played.text and "Done" not in played.text and len(played.asked) == 3


def test_lines_of_ones_own_are_as_good_as_those_of_the_book(course: Course, record: Record) -> None:
    own = [
        "d/dx (x)*sigmoid(x) + x*(d/dx (sigmoid(x)))",
        "sigmoid(x) + x*(d/dx (sigmoid(x)))",
        "sigmoid(x) + x*sigmoid'(x)",
        LINE,
    ]
    played = practised(SWISH, ["", LINE, *own], course, record)
    assert "[follows] product rule." in played.text and played.text.count("[follows]") == 3 and "Done" in played.text


def test_a_whole_derivation_in_one_line_counts(course: Course, record: Record) -> None:
    played = practised("x^2*e^x", ["", "2x*e^x + x^2*e^x", f"2*x^1*e^x + x^2*e^x = {'e^x*(x^2 + 2x)'}"], course, record)
    assert "[right]" in played.text


def test_repeating_the_line_above_is_no_step_and_unreadable_lines_cost_nothing(course: Course, record: Record) -> None:
    played = practised(
        SWISH, ["", "1*sigmoid(x) + x*(d/dx (sigmoid(x)))", "sigmoid(x) +", ":what", "", LINE, LINE], course, record
    )
    assert "line above in other words" in played.text and "could not be read" in played.text
    assert "Done" in played.text


def test_the_next_step_and_the_rest_are_shown_and_the_round_comes_again(course: Course, record: Record) -> None:
    played = practised(SWISH, ["", ":next", LINE, "!", LINE, LINE], course, record)
    assert played.text.count("the last line is yours") == 2, "a line that was shown is asked for once more"
    assert played.text.count("all lines are yours") == 2 and "Done" in played.text


def test_hints_end_in_the_line_itself(course: Course, record: Record) -> None:
    played = practised("sin(x)^2", ["", ":skip", "?", "?", "?", "?"], course, record)
    assert "Hint 1 of 3" in played.text and "Hint 3 of 3: `= " in played.text


@pytest.mark.parametrize("name", ["maxout/absolute", "batch-normalization", "backpropagation", "gelu/tanh-to-sigmoid"])
def test_the_lines_of_an_author_are_practised_as_well(name: str, course: Course, record: Record) -> None:
    plan = plan_for(name, course)
    lines = [show(move.expr) for move in plan.moves]
    answers = [""]
    blanks = 1
    while blanks < len(lines):
        answers += lines[-blanks:]
        blanks = min(2 * blanks, len(lines))
    played = practised(name, [*answers, *lines], course, record)
    assert "Done" in played.text and "[wrong]" not in played.text


@pytest.mark.parametrize(
    "name", ["gelu", "swish", "mish", "softplus", "tanh", "x^x", "sin(x)/x", "elu(x)", "ln(1 + x^2)"]
)
def test_every_plan_leads_from_line_to_line_to_its_end(name: str, course: Course, functions: Functions) -> None:
    """What the plan says after each of its own lines is the rest of the plan."""
    plan: Plan = plan_for(name, course)
    for i, move in enumerate(plan.moves[:-1]):
        rest = rest_of(move.expr, functions)
        assert [show(m.expr) for m in rest][-1:] == [show(m.expr) for m in plan.moves[i + 1 :]][-1:]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("gelu/tanh-approximation", "is a lecture"),
        ("gelu/nothing", "no derivation in gelu called `nothing`"),
        ("swich", "did you mean swish"),
        ("gleu(x)", "did you mean gelu"),
        ("3", "nothing to derive"),
        ("a*b", "which variable"),
    ],
)
def test_what_cannot_be_practised_says_why(what: str, words: str, cli: Callable[..., Result]) -> None:
    result = cli("practice", what)
    assert result.code == 2 and words in result.err and "Traceback" not in result.err


def test_practice_refuses_before_it_opens_the_record(course: Course) -> None:
    with pytest.raises(DlteachError):
        plan_for("gleu(x)", course)

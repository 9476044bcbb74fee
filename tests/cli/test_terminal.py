"""A real pseudo-terminal: every kind of question, prompts, keys, Ctrl-C, Ctrl-D, the pager, the look of the screen."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dlteach.course.lessons import Course
from dlteach.study.answers import right_answer
from dlteach.study.asking import prepared
from dlteach.study.quiz import chosen
from tests.cli.terminal import Learner
from tests.conftest import Result

pytestmark = pytest.mark.slow
Start = Callable[..., Learner]

RIGHT = {  # question: an answer that is right, one that is wrong, one that cannot be read
    "gelu/shape": ("It has a derivative everywhere.", "It never falls.", "9"),
    "gelu/value-at-one": ("-0.159", "0.159", "1,,2"),
    "gelu/derivative": ("Phi(x) + x*phi(x)", "phi(x)", "Phi(x) +"),
    "gelu/never-falls": ("x = -2, y = -1", "true", "x = "),
    "maxout/backward": ("", "", "1 2"),
    "gelu/by-hand": ("Phi(x) + x*phi(x)", "phi(x)", "= Phi(x"),
}


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Start]:
    learners = []

    def start(*args: str, columns: int = 80, rows: int = 200, **env: str) -> Learner:
        learners.append(Learner(tmp_path / "home", *args, columns=columns, rows=rows, **env))
        return learners[-1]

    yield start
    for one in learners:
        one.close()


def answers(name: str, one: Learner, course: Course) -> tuple[str, str]:
    """A right and a wrong answer; for an order, from the numbers that stand on the screen."""
    right, wrong, _ = RIGHT[name]
    if right:
        return right, wrong
    one.prompted()
    lesson, _, identity = name.partition("/")
    numbers = []
    for step in course.lesson(lesson).question(identity).steps:
        start = step.says["en"].partition("$")[0][:30]
        numbers.append(next(row.split()[0] for row in one.rows if start in row))
    return " ".join(numbers), " ".join(reversed(numbers))


@pytest.mark.parametrize("name", RIGHT)
def test_a_question_is_got_wrong_misread_hinted_and_answered(name: str, learner: Start, course: Course) -> None:
    one = learner("quiz", name, "--seed", "1")
    right, wrong = answers(name, one, course)
    one.types(RIGHT[name][2]).sees("does not count")
    one.types(wrong).sees("✗ wrong")
    one.types("?").sees("Hint 1 of")
    one.types(right).sees("✓ correct", "Summary", "1 right after help")
    assert one.ends() == 0
    kinds = [(e["kind"], e["verdict"]) for e in exported(learner)]
    assert kinds == [("answer", "wrong"), ("hint", ""), ("answer", "right")]  # what could not be read is not there


@pytest.mark.parametrize("name", RIGHT)
def test_a_question_is_right_at_once_skipped_or_revealed(name: str, learner: Start, course: Course) -> None:
    one = learner("quiz", name, name, name, "--seed", "1")
    one.types(":skip").sees("Question 2 of 3")
    one.types("!").sees("▸", "Question 3 of 3")
    right, _ = answers(name, one, course)
    one.types(right).sees("✓ correct", "1 right at once, 1 shown, 1 skipped")
    assert one.ends() == 0
    assert [(e["kind"], e["rating"] > 0) for e in exported(learner)] == [
        ("skip", False), ("reveal", True), ("answer", True),
    ]  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_control_c_leaves_and_the_question_goes_on_where_it_was(name: str, learner: Start, course: Course) -> None:
    one = learner("quiz", name, "--seed", "1")
    _, wrong = answers(name, one, course)
    one.types(wrong).sees("✗ wrong")
    assert one.interrupts() == 130 and "Traceback" not in one.text
    again = learner("quiz", name, "--seed", "1")
    again.sees("You had begun this one: 1 wrong.")
    right, _ = answers(name, again, course)
    again.types(right).sees("✓ correct", "1 right after help or another try")
    assert again.ends() == 0


def exported(learner: Start) -> list[dict[str, Any]]:
    """The entries of the record, by the command that a learner would use."""
    one = learner("export", "progress", "-", columns=2000)
    assert one.ends() == 0
    return [json.loads(row) for row in one.rows if row]


def test_commands_may_be_said_in_words(learner: Start) -> None:
    one = learner("practice", "x*sigmoid(x)")
    one.types("", "hint").sees("Hint 1 of 3")
    one.types("next").sees("derivative of sigmoid")
    one.types("skip").sees("all lines are yours")
    one.types("Quit").sees("You will go on here.")
    assert one.ends() == 0


def test_control_d_ends_the_quiz_with_its_summary(learner: Start) -> None:
    one = learner("quiz", "gelu/derivative")
    one.keys("\x04").sees("Summary")
    assert one.ends() == 0


def test_the_formula_is_shown_while_it_is_typed(learner: Start) -> None:
    one = learner("quiz", "gelu/derivative")
    one.keys("1/(1 + e^-x")
    one.sees("… the expression ends too early")
    one.keys(")").sees("────", "1 + e")  # a fraction
    one.keys("\x15Phi(x) + x*\\phi\t(x)").sees("Φ(x) + xφ(x)")
    one.enters().sees("✓ correct")
    assert one.ends() == 0
    assert "xφ(x)" not in one.text.partition("✓")[0].rpartition("expression> ")[2].partition("\n")[2]  # it has gone


def test_tab_offers_names_and_arrows_bring_back_what_was_typed(learner: Start) -> None:
    one = learner("quiz", "gelu/derivative")
    one.keys("softp\t").sees("softplus")
    one.keys("\x15")
    one.types("phi(x)").sees("✗ wrong")
    one.keys("\x1b[A").sees("> phi(x)")
    one.types("\x15Phi(x) + x*phi(x)").sees("✓ correct")
    assert one.ends() == 0


def test_options_are_chosen_with_the_arrows(learner: Start) -> None:
    one = learner("quiz", "gelu/shape", "--seed", "1")
    one.prompted()
    number = next(int(row.split()[0]) for row in one.rows if "derivative everywhere" in row)
    one.keys("\x1b[B" * number).sees(f"number> {number}", "derivative everywhere")
    one.enters().sees("✓ correct")
    assert one.ends() == 0


def test_the_scratch_pad_leaves_the_question_open(learner: Start) -> None:
    one = learner("quiz", "gelu/value-at-one")
    one.types(":pad").sees("Scratch pad")
    one.types("value gelu(-1)").sees("-0.158655253931")
    one.types("value gelu(").sees("gelu(")
    one.types("equal gelu(x) - gelu(-x) = x").sees("equal")
    one.types("plot x^2").sees("4")
    one.types("").sees("What is GELU")
    one.types("-0.159").sees("✓ correct", "1 right at once")
    assert one.ends() == 0


def test_several_lines_of_a_derivation_are_entered_at_once(learner: Start) -> None:
    one = learner("quiz", "gelu/by-hand")
    one.keys("= 1*Phi(x) + x*Phi'(x)\x1b\r= Phi(x) + x*phi(x)")
    one.enters().sees("✓ correct")
    assert one.ends() == 0


def test_predictions_are_made_before_anything_is_shown(learner: Start) -> None:
    one = learner("sim", "backprop")
    for number, answer in enumerate(("-4", "3", "-4", "-4"), start=1):
        one.sees(f"Prediction {number} of 4")
        assert "gradient -4" not in one.text
        one.types(answer)
    one.sees("Your predictions", "Checked on this run")
    assert one.ends() == 0 and one.text.count("✓ correct") == 4


def test_control_c_at_a_prediction(learner: Start) -> None:
    assert learner("sim", "maxout").interrupts() == 130


@pytest.mark.parametrize("columns", [80, 200])
def test_a_lesson_on_a_real_screen_has_colour_and_keeps_its_shape(learner: Start, columns: int) -> None:
    one = learner("lesson", "gelu", columns=columns, rows=600)
    assert one.ends() == 0
    assert "GELU: a switch that is thrown by chance" in one.rows
    assert max(map(len, one.rows)) <= 88 if columns == 200 else True
    assert "\x1b[" in one.raw and not any("\x1b" in row for row in one.rows)


def test_long_pages_go_through_the_pager(learner: Start, tmp_path: Path) -> None:
    one = learner("lesson", "gelu", PAGER=f"tee {tmp_path}/page", rows=40)
    assert one.ends() == 0 and "Sources" in one.raw
    assert "GELU" in (tmp_path / "page").read_text(encoding="utf-8")


def test_practice_names_two_slips_gives_a_hint_and_goes_on_where_it_was_left(learner: Start) -> None:
    """The story that the issue tells."""
    one = learner("practice", "x*sigmoid(x)")
    one.types("").sees("the last line is yours")
    one.types("sigmoid(x) + x*sigmoid(x)").sees("✗ wrong", "sigmoid is not its own derivative")
    one.types("= sigmoid(x) + x*sigmoid(x)*(1 + sigmoid(x))").sees("✗ wrong", "The sign is wrong")
    one.types("?").sees("Hint 1 of 3: derivative of sigmoid")
    one.types(":quit").sees("You will go on here")
    assert one.ends() == 0
    again = learner("practice", "x*sigmoid(x)")
    again.sees("Back where you were", "Hint 1 of 3: derivative of sigmoid")
    again.types("sigmoid(x) + x*sigmoid(x)*(1 - sigmoid(x))").sees("✓ correct", "all lines are yours")
    assert again.interrupts() == 130


def test_study_goes_on_at_its_part(learner: Start) -> None:
    one = learner("study", "gelu")
    one.types("", "").sees("3/")
    assert one.interrupts() == 130
    again = learner("study", "gelu")
    again.sees("back at part 3")
    again.types(":quit").sees("you will go on here")
    assert again.ends() == 0
    assert learner().ends() == 0


def test_review_undoes_and_changes_a_rating(learner: Start) -> None:
    one = learner("review", "gelu/reflection", "gelu/mask")
    one.types("!").sees("once more today")
    one.types(":undo").sees("is taken back")
    one.types("!").sees("once more today")
    one.types(":rate easy").sees("easy", "again in")
    one.types(":quit").sees("Summary")
    assert one.ends() == 0
    assert [entry["kind"] for entry in exported(learner)] == ["reveal", "undo", "reveal", "rate"]


@pytest.mark.parametrize("name", RIGHT)
def test_the_same_from_a_pipe(name: str, process: Callable[..., Result], course: Course) -> None:
    """Same grading, same words, and the end of input is the end."""
    ((chosen_one, turn),) = chosen(course.questions([name]), 1, 1)
    question = prepared(chosen_one, course.functions, "1", turn)
    right, wrong = right_answer(question, course.functions), RIGHT[name][1] or "5 4 3 2 1"
    answers = [RIGHT[name][2], wrong, "?", ":wat", right]
    done = process("quiz", name, "--seed", "1", stdin="".join(f"{answer}\n" for answer in answers))
    assert done.code == 0 and not done.err and "\x1b" not in done.out
    for words in ("does not count", "✗ wrong", "Hint 1 of", "`:wat`".strip("`"), "✓ correct", "1 right after help"):
        assert words in done.out, words
    cut = process("quiz", name, "--seed", "1", stdin=f"{wrong}\n")
    assert cut.code == 0 and "0 of 1 questions" in cut.out

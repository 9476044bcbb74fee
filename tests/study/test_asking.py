"""One question: hints that cost, commands that are no answers, going on where it was left, the time that counts."""

from collections.abc import Callable

import pytest

from dlteach.course.functions import Functions
from dlteach.course.lessons import Course
from dlteach.course.questions import Question
from dlteach.course.variants import variant_name, variants
from dlteach.study.answers import right_answer
from dlteach.study.asking import End, ask_question, prepared
from dlteach.study.grades import Grade
from dlteach.study.grading import grade
from dlteach.study.opening import in_memory
from dlteach.study.quiz import chosen, quiz
from dlteach.study.settings import Settings
from tests.study.dialogues import Clock, Played, play, session_of

Ask = Callable[..., Played]
RIGHT = "Phi(x) + x*phi(x)"


@pytest.fixture
def question(course: Course) -> Question:
    return course.lesson("gelu").question("derivative")


def test_hints_come_in_stages_and_cost(question: Question, functions: Functions) -> None:
    session = session_of(functions)
    played = play(ask_question(question, session), ["?", "?", "?", "?", RIGHT])
    for stage in (1, 2, 3):
        assert f"Hint {stage} of 3" in played.text
    assert "no further hint" in played.text
    assert (played.result.hints, played.result.rating, played.result.end) == (3, 1, End.RIGHT)


def test_unreadable_input_and_a_wrong_form_cost_nothing(question: Question, functions: Functions) -> None:
    session = session_of(functions)
    played = play(ask_question(question, session), ["Phi(x", "xphi(x)", "gelu'(x)", RIGHT])
    assert "[partly] The value is right, but there is still `gelu'(x)` to work out" in played.text
    assert played.result.clean and played.result.rating == 3


def test_each_answer_is_recorded_before_its_feedback(question: Question, functions: Functions) -> None:
    session = session_of(functions)
    dialogue = ask_question(question, session)
    next(dialogue)
    for answer, count in (("phi(x)", 1), ("?", 2), (RIGHT, 3)):
        dialogue.send(answer)  # the feedback is on its way to the screen
        assert len(list(session.record.entries())) == count
        try:
            next(dialogue)
        except StopIteration:
            break
    assert [entry.verdict for entry in session.record.entries()] == ["wrong", "", "right"]


def test_a_slip_is_recorded_with_its_name(question: Question, functions: Functions) -> None:
    session = session_of(functions)
    play(ask_question(question, session), ["Phi(x) - x*phi(x)", "phi(x)"])
    first, second = session.record.entries()
    assert list(first.data["slips"]) == ["product-minus"] and second.data["mistake"] == "phi(x)"


def test_a_question_left_open_goes_on_the_same_day_only(question: Question, functions: Functions) -> None:
    clock = Clock()
    record = in_memory(clock, Settings())
    play(ask_question(question, session_of(functions, record)), ["phi(x)", "?"])
    again = play(ask_question(question, session_of(functions, record)), [RIGHT])
    assert "You had begun this one: 1 wrong, 1 hint." in again.text
    assert again.result.rating == 1, "leaving and coming back does not wash a slip off"
    play(ask_question(question, session_of(functions, record)), ["phi(x)"])
    clock.days(1)
    fresh = play(ask_question(question, session_of(functions, record)), [RIGHT])
    assert "begun" not in fresh.text and fresh.result.clean


def test_a_derivation_goes_on_from_its_last_line(course: Course, functions: Functions) -> None:
    question = course.lesson("gelu").question("by-hand")
    session = session_of(functions)
    play(ask_question(question, session), ["= 1*Phi(x) + x*Phi'(x)"])
    again = play(ask_question(question, session), ["= Phi(x) + x*Phi'(x) + 1", RIGHT])
    assert "1*Phi(x) + x*Phi'(x)" in again.text and "[wrong]" in again.text and again.result.end is End.RIGHT


def test_hints_and_lines_are_where_they_were_left(course: Course, functions: Functions) -> None:
    question = course.lesson("gelu").question("by-hand")
    session = session_of(functions)
    play(ask_question(question, session), ["= 1*Phi(x) + x*Phi'(x)", "?", "phi(x)", ":pad derive x^2"])
    again = play(ask_question(question, session), ["?", RIGHT])
    assert "1*Phi(x) + x*Phi'(x)" in again.text and "Hint 2 of 2" in again.text
    assert (again.result.wrong, again.result.hints) == (1, 3)


def test_a_line_in_pieces_is_kept_whole(course: Course, functions: Functions) -> None:
    question = course.lesson("maxout").question("absolute-value")
    session = session_of(functions)
    play(ask_question(question, session), ["= {(x + y + x - y)/2 if x >= y; 0 otherwise}"])
    assert "x >= y" in play(ask_question(question, session), ["x"]).text


def test_an_option_is_kept_by_its_text(course: Course, functions: Functions) -> None:
    session = session_of(functions)
    question = prepared(course.lesson("gelu").question("shape"), functions, "seed")
    play(ask_question(question, session), [right_answer(question, functions)])
    assert [entry.data["answer"] for entry in session.record.entries()] == ["It has a derivative everywhere."]


def test_commands_are_never_answers(question: Question, functions: Functions) -> None:
    session = session_of(functions)
    played = play(ask_question(question, session), [":wat", ":Phi(x)", RIGHT])
    assert "`:wat` is no command here" in played.text and played.result.clean


def test_derive_in_the_scratch_pad_counts_as_a_hint_and_value_does_not(
    question: Question, functions: Functions
) -> None:
    helped = play(ask_question(question, session_of(functions)), [":pad derive x*Phi(x)", RIGHT])
    assert helped.result.hints == 1
    alone = play(ask_question(question, session_of(functions)), [":pad", "value gelu(2)", "nonsense", "", RIGHT])
    assert alone.result.clean and "The pad knows" in alone.text


def test_the_end_of_input_and_quit_leave_the_question(question: Question, functions: Functions) -> None:
    for answers in ([], [":quit"]):
        assert play(ask_question(question, session_of(functions)), answers).result.end is End.LEFT


def test_a_number_is_revealed_with_its_decimals(course: Course, functions: Functions) -> None:
    def shown(lesson: str, name: str) -> str:
        first = variants(course.lesson(lesson).question(name), functions.names)[0]
        return play(ask_question(first, session_of(functions)), ["!"]).text

    assert "The answer: `gelu(-1)` = -0.158655." in shown("gelu", "value-at-one")
    assert "The answer: `-4`." in shown("backpropagation", "local-times-upstream")


def test_a_quiz_sums_up(course: Course, functions: Functions) -> None:
    questions = [course.lesson("gelu").question(name) for name in ("derivative", "reflection", "value-at-one")]
    played = play(quiz([(question, 0) for question in questions], session_of(functions), 0), [RIGHT, "0", "x", "!"])
    last = "3 of 3 questions: 1 right at once, 1 right after help or another try, 1 shown."
    assert played.text.splitlines()[-1] == last


# ---- variants ---------------------------------------------------------------------------------------


def test_a_seed_draws_the_same_questions_variants_and_orders(course: Course, functions: Functions) -> None:
    questions = course.lesson("maxout").questions
    assert chosen(questions, 3, 5) == chosen(questions, 3, 5)
    assert len(chosen(questions, 3, 5)) == 3 and len(chosen(questions, 99, 1)) == len(questions)
    assert chosen(questions, 0, 1) != chosen(questions, 0, 2)


def test_every_variant_is_right_by_its_own_answer(course: Course, functions: Functions) -> None:
    for lesson in course.lessons():
        for question in lesson.questions:
            for turn in variants(question, functions.names):
                shuffled = prepared(turn, functions, "seed") if not turn.variant else turn
                result = grade(shuffled, right_answer(shuffled, functions), functions)
                assert result.grade is Grade.RIGHT, f"{turn.full_id} {variant_name(turn)}"


def test_a_question_that_varies_comes_in_another_variant_each_time(course: Course, functions: Functions) -> None:
    question = course.lesson("batch-normalization").question("running-weight")
    names = [variant_name(prepared(question, functions, "s", times)) for times in range(6)]
    assert len(set(names)) == 6 == len(variants(question, functions.names))
    assert variant_name(prepared(question, functions, "s", 6)) == names[0]


def test_steps_to_be_ordered_are_never_shown_in_order(course: Course, functions: Functions) -> None:
    question = course.lesson("maxout").question("backward")
    for seed in range(40):
        shown = prepared(question, functions, str(seed))
        assert [step.says for step in shown.steps] != [step.says for step in question.steps]
        assert grade(shown, right_answer(shown, functions), functions).grade is Grade.RIGHT

"""A learner's derivation: what follows, what does not, which slip, and whether it arrives."""

import pytest

from dlteach.cli.check import LOOKS
from dlteach.course.functions import Functions
from dlteach.notation.reader import read
from dlteach.notation.tokens import NotationError
from dlteach.reasoning.algebra.forms import form_fault
from dlteach.reasoning.explaining.check import Line, Standing, check, goal_of, same_form

GOOD = """
# the derivative of GELU
gelu'(x)
= d/dx (x*Phi(x))
= 1*Phi(x) + x*phi(x)
= Phi(x) + x*phi(x)
"""


def test_every_standing_has_its_mark() -> None:
    assert set(LOOKS) == set(Standing)


def lines(text: str, functions: Functions, given: str = "") -> list[Line]:
    return list(check(text, functions, given))


def verdicts(text: str, functions: Functions, given: str = "") -> list[str]:
    return [line.verdict for line in lines(text, functions, given)]


def test_every_line_of_a_good_derivation_follows(functions: Functions) -> None:
    found = lines(GOOD, functions)
    assert [line.verdict for line in found] == ["start", "follows", "follows", "follows"]
    assert [line.number for line in found] == [3, 4, 5, 6]
    assert goal_of(found, functions).reached is True


def test_one_slip_is_reported_once(functions: Functions) -> None:
    text = "gelu'(x)\n= d/dx (x*Phi(x))\n= 1*phi(x)\n= phi(x)\n= e^(-x^2/2)/sqrt(2*pi)"
    found = lines(text, functions)
    assert [line.verdict for line in found] == ["start", "follows", "wrong", "follows", "follows"]
    wrong = found[2]
    assert [mistake.id for mistake in wrong.mistakes] == ["product-of-derivatives"]
    assert wrong.found is not None and wrong.found.witness and wrong.found.values
    assert goal_of(found, functions).reached is False


def test_a_learner_who_finds_back_is_told_so(functions: Functions) -> None:
    found = lines("d/dx (x^3)\n= 3*x^3\n= 3*x^2", functions)
    assert [line.verdict for line in found] == ["start", "wrong", "follows"]
    assert "equal to line 1" in found[2].note


def test_an_algebra_slip_is_named(functions: Functions) -> None:
    (_, wrong) = lines("x - (a - b)\n= x - a - b", functions)
    assert wrong.verdict == "wrong" and [m.id for m in wrong.mistakes] == ["minus-first-only"]


def test_an_unreadable_line_is_not_a_wrong_one(functions: Functions) -> None:
    found = lines("x + x\n= 2x +\n= 2x", functions)
    assert [line.verdict for line in found] == ["start", "invalid", "follows"]
    assert "ends too early" in found[1].problem and "^" in found[1].problem


def test_a_chain_and_conditions_may_stand_on_one_line(functions: Functions) -> None:
    assert verdicts("sqrt(x^2) = |x| = x for x > 0", functions) == ["start", "follows", "follows"]
    assert verdicts("sqrt(x^2)\n= x", functions, "x > 0") == ["start", "follows"]
    assert verdicts("sqrt(x^2)\n= x", functions) == ["start", "wrong"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("2x\n= 2x + sqrt(-(x-1)^2)", ["start", "narrower"], id="but for one point nothing is left"),
        pytest.param("sqrt(x^2)\n= sqrt(x)^2", ["start", "narrower"], id="half the line is lost"),
        pytest.param("sqrt(x^2)\n= sqrt(x)^2\n= x", ["start", "narrower", "wrong"], id="and its loss is made use of"),
        pytest.param("sqrt(x^2)\n= sqrt(x)^2\n= |x|", ["start", "narrower", "follows"], id="or not"),
        pytest.param("sqrt(x)^2\n= x\n= sqrt(x)^2", ["start", "follows", "follows"], id="more, and back again"),
        pytest.param("x\n= x^2/x\n= x^3/x^2", ["start", "follows", "follows"], id="a single point may go"),
        pytest.param("x\n= x + 1\n= x + 1 + 0*ln(x)", ["start", "wrong", "narrower"], id="after a slip as well"),
        pytest.param("ln(x^2)\n= 2ln(x)", ["start", "narrower"], id="a logarithm of a square"),
    ],
)
def test_each_line_keeps_the_domain_of_the_first(text: str, wanted: list[str], functions: Functions) -> None:
    assert verdicts(text, functions) == wanted


def test_what_a_line_lacks_is_said(functions: Functions) -> None:
    point = lines("x\n= x^2/x", functions)[1]
    assert point.note == "at x = 0 it has no value any more"
    found = lines("2x\n= 2x + sqrt(-(x-1)^2)", functions)
    assert "at x = " in found[1].note and goal_of(found, functions).reached is not True
    last = lines("sqrt(x^2)\n= sqrt(x)^2\n= x", functions)[2]
    assert "not line 1" in last.note and last.found is not None and last.found.witness


def test_latex_lines_are_lines(functions: Functions) -> None:
    text = "\\frac{d}{dx} \\tanh(x)\n= 1 - \\tanh^2(x)"
    assert verdicts(text, functions) == ["start", "follows"]


def test_conditions_that_cannot_be_read_are_said_at_once(functions: Functions) -> None:
    with pytest.raises(NotationError):
        lines("x", functions, "x >")


@pytest.mark.parametrize(
    ("text", "goal", "form", "reached", "says"),
    [
        ("d/dx (x^2)\n= 2*x", "", "", True, "everything is worked out"),
        ("gelu'(x)\n= Phi(x) + x*Phi'(x)", "", "", False, "Phi'(x)"),
        ("d/dx (x^2)\n= x*2", "2x", "", True, "ends in"),
        ("d/dx (x^2)\n= x + x", "2x", "", False, "not in that form"),
        ("d/dx (x^2)\n= 3x", "2x", "", False, "does not end"),
        ("sigmoid'(x)\n= sigmoid(x)*(1 - sigmoid(x))", "", "in sigmoid", True, "in sigmoid"),
        ("sigmoid'(x)\n= e^-x/(1 + e^-x)^2", "", "in sigmoid", False, "not wanted"),
        ("x + x\n= 2x", "", "", None, "no goal"),
    ],
)
def test_the_goal(text: str, goal: str, form: str, reached: bool | None, says: str, functions: Functions) -> None:
    found = goal_of(lines(text, functions), functions, goal, form)
    assert found.reached is reached and says in found.says


def test_the_same_form_is_more_than_the_same_value() -> None:
    assert same_form(read("b*(1 + a) + c"), read("c + (a + 1)*b"))
    assert not same_form(read("(x + 1)^2"), read("x^2 + 2x + 1"))
    assert not same_form(read("2x"), read("x + x"))


def test_a_form_names_what_is_not_wanted(functions: Functions) -> None:
    assert form_fault(read("sigmoid(x)*(1 - sigmoid(x))", functions.names), "in sigmoid", functions) == ""
    assert "tanh(x)" in form_fault(read("tanh(x)*sigmoid(x)", functions.names), "in sigmoid", functions)

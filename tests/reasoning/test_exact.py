"""Derivatives in statements: a value just where both one-sided limits of difference quotients agree, and that value."""

import random
from fractions import Fraction

import pytest

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.reader import read, read_statement
from dlteach.notation.show import show
from dlteach.reasoning.deciding.judge import judge, value_of
from dlteach.reasoning.deriving.derive import CannotDerive
from dlteach.reasoning.deriving.exact import exactly, is_unknown
from tests.reasoning.quotients import quotient

PROVED, REFUTED, INVALID = Outcome.PROVED, Outcome.REFUTED, Outcome.INVALID

STATEMENTS = [
    # kinks: none, unless they cancel
    ("d/dx (|x|) = 0 for x = 0", INVALID),
    ("d/dx (|x|) = sign(x)", PROVED),
    ("d/dx (|x|) = 5 for x < 0", REFUTED),
    ("d/dx (relu(x) - relu(-x)) = 1", PROVED),
    ("d/dx (relu(x) - relu(-x)) = {1 if x != 0; 0 otherwise}", REFUTED),
    ("d/dx (max(0, x)) = d/dx (max(x, 0))", PROVED),
    ("relu'(x) = heaviside(x)", PROVED),
    ("relu'(0) = 0", INVALID),
    ("d/dx (x*|x|) = 2*|x|", PROVED),
    ("d/dx (|x|^3) = 3*x*|x|", PROVED),
    ("d^2/dx^2 (|x|^3) = 6*|x|", PROVED),
    ("d^3/dx^3 (|x|^3) = 0 for x = 0", INVALID),
    ("d/dx (max(x, y)) = 1 for x > y", PROVED),
    ("d/dx (max(x, y)) = 1 for x = y", INVALID),
    ("clip'(x, a, b) = {1 if a < x < b; 0 otherwise} for a < b", PROVED),
    ("celu'(0) = 1", PROVED),
    ("celu'(0) = 0", REFUTED),
    ("continuous(celu')", PROVED),
    ("elu'(0, a) = 1", PROVED),
    ("elu'(0, 2) = 1", INVALID),
    ("elu'(0, 1) = 1", PROVED),
    # values at joints that only a limit gives
    ("sinc'(0) = 0", PROVED),
    ("sinc''(0) = -1/3", PROVED),
    ("sinc''(0) = 0", REFUTED),
    ("d/dx (x*cbrt(x)) = 4/3*cbrt(x)", PROVED),
    ("d/dx (x*cbrt(x)) = {4/3*cbrt(x) if x != 0; 5 otherwise}", REFUTED),
    ("d/dx (cbrt(x)^3) = 1", PROVED),
    ("d/dx ({e^(-1/x) if x > 0; 0 otherwise}) = 0 for x = 0", PROVED),
    ("d/dx ({x^2*sin(1/x) if x != 0; 0 otherwise}) = 0 for x = 0", PROVED),
    # branches that are a point, and jumps
    ("d/dx ({5 if x = 2; x^2 otherwise}) = 4 for x = 2", INVALID),
    ("d/dx ({4 if x = 2; x^2 otherwise}) = 4 for x = 2", PROVED),
    ("d/dx ({x if x = 2}) = 1 for x = 2", INVALID),
    ("heaviside'(0) = 0", INVALID),
    ("floor'(3) = 0", INVALID),
    ("floor'(7/2) = 0", PROVED),
    ("d/dx (x - floor(x)) = 1 for x = 1", INVALID),
    # joints that are no binary fractions
    ("d/dx (|x - 2/3|) = 1 for x = 2/3", INVALID),
    ("d/dx (relu(x - 1/3)^2) = 0 for x = 1/3", PROVED),
    ("d/dx (su(x - 1/3)) = 1 for x = 1/3", PROVED),
    ("d/dx (su(x - 1/3)) = 2 for x = 1/3", REFUTED),
    # sums
    ("d/dx (sum(|x - i|, i = 1..3)) = 3 for x > 3", PROVED),
    ("d/dx (sum(|x - i|, i = 1..3)) = 0 for x = 2", INVALID),
    # the domain, without its ends
    ("ln'(-1) = -1", INVALID),
    ("sqrt'(0) = 0", INVALID),
    ("d/dx (x^(3/2)) = 0 for x = 0", INVALID),
    ("d/dx ((x^2)^(3/2)) = 0 for x = 0", PROVED),
    ("asin'(1) = 0", INVALID),
    ("d/dx (0*ln(x) + x) = 1 for x = -1", INVALID),
    ("d/dx (x + 0*ln(y)) = 1 for y = -1", INVALID),
    ("d/dx (x^n) = n*x^(n - 1)", PROVED),
    ("d/dx (a^x) = a^x*ln(a)", PROVED),
    ("d/dx (x^x) = x^x*(ln(x) + 1)", PROVED),
    # the fundamental theorem wants an integral, and an integrand that is continuous at the end
    ("d/dx (int(1/t, t = 1..x)) = 1/x", PROVED),
    ("d/dx (int(phi(t), t = -oo..x)) = phi(x)", PROVED),
    ("d/dx (int(|t|, t = 0..x)) = |x|", PROVED),
]


@pytest.mark.parametrize(("statement", "outcome"), STATEMENTS)
def test_a_derivative_is_what_its_definition_says(statement: str, outcome: Outcome, functions: Functions) -> None:
    assert judge(read_statement(statement, functions.names), functions).outcome is outcome


@pytest.mark.parametrize(
    "statement",
    [
        "d/dx (0^x) = 0 for x = -1",  # and it is 0 for x > 0, whatever c^x*ln(c) says
        "d/dx (0^x) = 1 for x = 1",
        "d/dx (int(heaviside(t), t = 0..x)) = 0 for x = 0",
        "d/dx (int(1/t^2, t = -1..x)) = 5 for x = 1",
        "d/dx (floor(x)*sin(pi*x)) = 5 for x = 0",
        "d/dx (f(|x|)) = 7 for x = 0",
        "d/dx (x^floor(x)) = 3 for x = -1",
        "d/dx (max(x^floor(x), -1)) = 3",
    ],
)
def test_what_is_not_known_of_a_slope_proves_nothing(statement: str, functions: Functions) -> None:
    assert not judge(read_statement(statement, functions.names), functions).holds


@pytest.mark.parametrize(("text", "says"), [("|x|", "|x|"), ("{5 if x = 0; x otherwise}", "{5 if x = 0; x otherwise}")])
def test_a_value_that_is_not_there_has_a_reason(text: str, says: str, functions: Functions) -> None:
    with pytest.raises(NotEvaluable) as raised:
        value_of(read(f"d/dx ({text})", functions.names), {"x": Fraction(0)}, functions, 12)
    assert str(raised.value) == f"{says} has no derivative at 0"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sigmoid'(x)", "sigmoid(x)*(1 - sigmoid(x))"),
        ("gelu'(x)", "Phi(x) + x*phi(x)"),
        ("relu'(x)", "{0 if x < 0; 1 if x > 0}"),
        ("relu''(x)", "{0 if x != 0}"),
        ("d/dx (relu(x) - relu(-x))", "1"),
        ("d/dx (max(x, a))", "{0 if x < a; 1 if x > a}"),
        ("leaky_relu'(x, a)", "{{1 if a = 1} if x = 0; a if x < 0; 1 if x > 0}"),
        ("ln'(x)", "{1/x if x > 0}"),
        ("d/dx (x*ln(x))", "ln(x) + x*(1/x)"),
        ("d/dx (max(0, e^x - 2))", "{0 if x < ln(2); e^x if x > ln(2)}"),
        ("d/dx (int(1/t, t = 1..x))", "{1/x if x > 0}"),
        ("d/dx (f(x)*g(x))", "f'(x)*g(x) + f(x)*g'(x)"),
    ],
)
def test_slopes_are_short(text: str, shown: str, functions: Functions) -> None:
    assert show(exactly(read(text, functions.names), functions)) == shown


@pytest.mark.parametrize("text", ["d/dx (int(t*x, t = 0..x))", "d/dx (sum(x^i, i = 1..oo))", "d/dx (sup(x*t, t in R))"])
def test_what_no_rule_knows_is_not_derived(text: str, functions: Functions) -> None:
    with pytest.raises(CannotDerive):
        exactly(read(text, functions.names), functions)


def test_a_learner_cannot_write_the_name_of_an_unknown_slope() -> None:
    assert is_unknown("the derivative of f(|x|) in x")
    assert not any(is_unknown(name) for name in ("f", "derivative", "d", "the"))


# ---- glued functions against difference quotients of a hundred digits --------------------------------

SMOOTH = (
    "{q}*u^2",
    "{q}*u",
    "sin(u)",
    "e^u - 1",
    "u^3",
    "tanh(u)",
    "u*e^(-u)",
    "cos(u) - 1",
    "ln(1 + u^2)",
    "{q}",
    "0",
)
NUMBERS = ("0", "1", "-1", "2", "1/2", "-3/2", "1/3")


def _glued(dice: random.Random, place: str, depth: int) -> str:
    """A function that may have a kink, a jump, a gap or an isolated value at the place."""
    if depth == 0:
        return dice.choice(SMOOTH).replace("{q}", dice.choice(NUMBERS)).replace("u", f"(x - {place})")
    a, b = _glued(dice, place, depth - 1), _glued(dice, place, depth - 1)
    q, sign = dice.choice(NUMBERS), dice.choice(("<", "<=", ">", ">="))
    return dice.choice(
        (
            f"abs({a})",
            f"max({a}, {b})",
            f"min({a}, {b})",
            f"({a})*({b})",
            f"({a}) - ({b})",
            f"celu({a})",
            f"elu({a}, 2)",
            f"cbrt({a})",
            f"sqrt(({a})^2)",
            f"({a})^(3/2)",
            f"abs({a})^(4/3)",
            f"sign({a})",
            f"floor({a})",
            f"sinc({a})",
            f"asin({a})",
            f"({a})/({b})",
            f"{{{a} if x {sign} {place}; {b} otherwise}}",
            f"{{{q} if x = {place}; {a} otherwise}}",
            f"{{({a})/(x - {place}) if x != {place}; {q} otherwise}}",
        )
    )


@pytest.mark.parametrize("seed", range(6))
def test_glued_functions_agree_with_difference_quotients(seed: int, functions: Functions) -> None:
    dice = random.Random(seed)
    decided = 0
    for _ in range(25):
        place = dice.choice(("0", "1", "-1/2", "2"))
        text = _glued(dice, place, dice.choice((1, 2, 2)))
        at = Fraction(place)
        truth = quotient(read(text, functions.names), at, functions)
        if truth == "slow":
            continue
        derivative = read(f"d/dx ({text})", functions.names)
        try:
            value = value_of(derivative, {"x": at}, functions, 12)
        except (NotEvaluable, CannotDerive) as problem:
            if truth is not None:
                assert "not a real number" not in str(problem) and "has no derivative" not in str(problem), text
            continue
        decided += 1
        assert truth is not None, f"{text} has no derivative at {place}, but {value}"
        assert float(value) == pytest.approx(float(truth), rel=1e-9, abs=1e-9), text
    assert decided >= 5

"""Inequalities and extrema: what is shown of one variable and of several, and that nothing false is."""

import pytest

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.reader import read_statement
from dlteach.reasoning.deciding.judge import Verdict, judge


def verdict(statement: str, functions: Functions, seconds: float = 8.0) -> Verdict:
    return judge(read_statement(statement, functions.names), functions, seconds)


LOGARITHMS = (
    "ln(1 + x) <= x for x > -1",
    "ln(x) <= x - 1",
    "ln(1 + x) >= x/(1 + x) for x > -1",
    "x*ln(x) >= -1/e",
    "ln(x)/x <= 1/e",
    "-p*ln(p) - (1 - p)*ln(1 - p) <= ln(2) for 0 < p < 1",
    "x^x >= e^(-1/e) for x > 0",
    "(1 + 1/x)^x < e for x > 0",
    "ln(x)^2 <= (x - 1)^2/x for x > 0",
)
EXPONENTIALS = (
    "e^x >= 1 + x",
    "e^x >= e*x",
    "e^x >= 1 + x + x^2/2 + x^3/6 + x^4/24 + x^5/120 for x > 0",
    "cosh(x) <= e^(x^2/2)",
    "ln(cosh(x)) <= x^2/2",
    "softplus(x) <= ln(2) + x/2 + x^2/8",
    "tanh(x) < x for x > 0",
    "x*e^(-x) <= 1/e",
)
NORMAL = (
    "1 - Phi(x) <= e^(-x^2/2)/2 for x >= 0",
    "x/(1 + x^2)*phi(x) < 1 - Phi(x) for x > 0",
    "1 - Phi(x) < phi(x)/x for x > 0",
    "gelu(x) >= -0.17",
)
ANGLES = (
    "sin(x) <= x for x >= 0",
    "x - x^3/6 <= sin(x) for x >= 0",
    "sin(x) >= 2*x/pi for 0 <= x <= pi/2",
    "cos(x) >= 1 - x^2/2",
    "atan(x) <= x for x >= 0",
    "asin(x) >= x for 0 <= x <= 1",
    "x*erf(x)/2 + sqrt(1 + x^2)/3 > 0",
    "2*tanh(x) - atan(x - 1)/4 > 0 for x >= 1",
    "ln(x^2 - 1) <= x^2",
    "sinc(x) <= 1",
    "(1 - cos(x))/x^2 <= 1/2",
    "|atan(2*x - 2000)| < pi/2",
    "ceil(x - 22/7) < (x - 22/7) + 1",
    "ln(x/3)/(x/3) <= 1/e",
)
INTEGERS = (
    "2^n >= n + 1 for n integer, n >= 0",
    "2^n >= n + 1 for n integer",
    "3^n >= n^3 for n integer, n >= 0",
    "n^2 >= n for n integer",
)


@pytest.mark.parametrize("statement", [*LOGARITHMS, *EXPONENTIALS, *NORMAL, *ANGLES, *INTEGERS])
def test_known_inequalities_of_one_variable_are_shown(statement: str, functions: Functions) -> None:
    assert verdict(statement, functions).holds


@pytest.mark.parametrize(
    "statement",
    [
        "p*ln(p/q) + (1 - p)*ln((1 - p)/(1 - q)) >= 0 for 0 < p < 1, 0 < q < 1",
        "p*ln(p/q) + (1 - p)*ln((1 - p)/(1 - q)) >= 2*(p - q)^2 for 0 < p < 1, 0 < q < 1",
        "sqrt(a*b) <= (a + b)/2 for a >= 0, b >= 0",
        "a^2 + b^2 + c^2 >= a*b + b*c + c*a",
        "(a*c + b*d)^2 <= (a^2 + b^2)*(c^2 + d^2)",
        "x^4 + y^4 >= x^3*y + x*y^3",
        "ln(e^a + e^b) <= max(a, b) + ln(2)",
        "ln(e^a + e^b) >= max(a, b)",
        "|tanh(a) - tanh(b)| <= |a - b|",
        "|relu(a) - relu(b)| <= |a - b|",
        "|sigmoid(a) - sigmoid(b)| <= |a - b|/4",
        "|gelu(a) - gelu(b)| <= 1.13*|a - b|",
        "(1 + x)^n >= 1 + n*x for x >= -1, n integer, n >= 1",
        "2^n > n for n integer",
        "a*b <= a^3/3 + 2*b^(3/2)/3 for a >= 0, b >= 0",
        "a*b <= a*ln(a) - a + e^b for a > 0",
        "softplus((a + b)/2) <= (softplus(a) + softplus(b))/2",
        "ln((a + b)/2) >= (ln(a) + ln(b))/2 for a > 0, b > 0",
        "sqrt(a + b) <= sqrt(a) + sqrt(b) for a >= 0, b >= 0",
        "x*y <= 1/4 for x + y = 1",
        "a*sin(x) <= 1 for -1 <= a <= 1",
        "cbrt(a*b*c) <= (a + b + c)/3 for a > 0, b > 0, c > 0",
        "e^(a*x + (1 - a)*y) <= a*e^x + (1 - a)*e^y for 0 <= a <= 1",
        "|tanh(x) - tanh(y)| + (x + 3) <= |x - y| + (x + 3)",
        "mish(a) + mish(b) >= -0.62",
        "x^2*y^2*(x^2 + y^2 - 3) + 2 >= 0 for -2 <= x <= 2, -2 <= y <= 2",
        "floor(a + b) >= floor(a) + floor(b) - 1",
    ],
)
def test_known_inequalities_of_several_variables_are_shown(statement: str, functions: Functions) -> None:
    assert verdict(statement, functions).holds


@pytest.mark.parametrize(
    "statement",
    [
        "argmin((x - a)^2) = a",
        "argmin((x - a)^2 + (x - b)^2, x in R) = (a + b)/2",
        "sup(a*x - x^2, x in R) = a^2/4",
        "inf(x^2 + b*x, x in R) = -b^2/4",
        "sup(a*x - e^x, x in R) = a*ln(a) - a for a > 0",
        "inf(x + a/x, x in (0, oo)) = 2*sqrt(a) for a > 0",
        "sup(a*x, x in [-1, 1]) = |a|",
        "sup(sin(x), x in R) = 1",
        "sup(x, x in (a, b)) = b",
        "sup(tanh(a*x), x in R) = 1 for a > 0",
        "sup(|hardsigmoid(x) - sigmoid(x)|) = sigmoid(-2.5)",
        "argmax(-p*ln(p) - (1 - p)*ln(1 - p), p in (0, 1)) = 1/2",
    ],
)
def test_extrema_in_closed_form_are_proved(statement: str, functions: Functions) -> None:
    assert verdict(statement, functions).outcome is Outcome.PROVED


@pytest.mark.parametrize(
    "statement",
    [
        "{1 + ln(1 + x) if x >= 0; (x + 50)*(x + 60) + 1 otherwise} > 0 for x <= 100",  # a branch's own domain
        "x*ln(x) >= -1/e + 1/10^12 for x > 0",  # by a little
        "cosh(x) <= e^(x^2/(2 + 1/10^6))",
        "1 - Phi(x) <= phi(x)/(x + 1/10^3) for x > 0",
        "sqrt(1 + x^2) - x - x/10^8 >= 0",  # far out
        "1 + e^(-x) - x/10^9 > 0 for x > 0",
        "(1 + x^2)*(1 - 1.000001*e^(-(x - 1/3)^2*10^8)) >= 0",  # on a sliver
        "{-1/10 if |x - sqrt(2)| < 10^(-9); 1 + x^2 otherwise} >= 0",
        "{-1/10 if x = 1/3; 1 + x^2 otherwise} >= 0",  # at a point
        "(x - ln(2))^4*cosh(x) > 0",  # at a place where both sides meet
        "ln(x)/x < 1/e for x > 0",
        "(x - sqrt(3))^3*sigmoid(x) >= 0 for x < 5",  # on one side of it
        "1/x + 100 > 0",  # beyond a pole
        "1/(x - 1)^3 >= -10^9",
        "x + 1/x >= 2",
        "x^3 - 3*x + 2 - 1/10^12 >= 0 for x >= 0",
        "sin(x) > -1",
        "p*ln(p/q) + (1 - p)*ln((1 - p)/(1 - q)) >= 2.001*(p - q)^2 for 0 < p < 1, 0 < q < 1",
        "|tanh(a) - tanh(b)| <= 0.999999*|a - b|",  # on the diagonal
        "sqrt(a*b) <= 0.999999*(a + b)/2 for a > 0, b > 0",
        "x^2 + y^2 + 2*x*y > 0",
        "x*y + 1000 >= 0 for x >= -10^3, y <= 10^3",  # in a corner
        "max(a, b) > (a + b)/2",
        "2^n >= n^2 for n integer, n >= 2",  # at a single number
        "floor(a) + b >= a for 0 <= a <= 3, 1/2 <= b <= 1",  # at a jump
        "x*y + 1000 >= 0 for -10 <= x <= 10, -101 <= y <= 100",
        "x - floor(x) <= 0.999999",
        "sup(x, x in (0, 1)) > 1 - 1/10^9 + 1/10^8",
        "sup(a*x - x^2, x in [0, 1]) = a^2/4",
    ],
)
def test_what_fails_somewhere_is_never_shown(statement: str, functions: Functions) -> None:
    assert not verdict(statement, functions).holds


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("(x + 2/3)^2*(2 + sin(x)) > 0", "-2/3"),
        ("(x - 1)^3*e^x >= 0 for 1/2 < x < 4", None),
        ("1 + e^(-x) - x/10^9 > 0 for x > 0", None),
        ("x*ln(x) > -1/e", "1/e"),
        ("x^3 < 27 - 1/10^12 for 2 < x < 3", None),
    ],
)
def test_a_place_that_a_proof_stumbles_on_refutes(statement: str, place: str | None, functions: Functions) -> None:
    found = verdict(statement, functions)
    assert found.outcome is Outcome.REFUTED
    assert place is None or found.witness == {"x": place}

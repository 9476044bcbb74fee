"""The normal form: what it shows to vanish, in how many cases, and whether all is real there."""

from pathlib import Path

import pytest

from dlteach.course.functions import Functions
from dlteach.notation.backend import reachable
from dlteach.notation.reader import read, read_conditions
from dlteach.notation.tree import Negative, Sum
from dlteach.reasoning.algebra.answers import Shown, Signs
from dlteach.reasoning.algebra.normal import signs, vanishes


def shown(equation: str, functions: Functions) -> Shown | None:
    """What the normal form says of `left = right for conditions`."""
    sides, _, given = equation.partition(" for ")
    left, right = (read(side, functions.names) for side in sides.split("==" if "==" in sides else "="))
    difference = Sum((left, Negative(right)))
    conditions = read_conditions(given, functions.names) if given else ()
    return vanishes(difference, conditions, reachable(difference, functions.definitions))


def signs_of(text: str, functions: Functions) -> Signs | None:
    expression, _, given = text.partition(" for ")
    expr = read(expression, functions.names)
    conditions = read_conditions(given, functions.names) if given else ()
    return signs(expr, conditions, reachable(expr, functions.definitions))


IDENTITIES = [
    line
    for line in (Path(__file__).parent / "identities.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]

REAL_THROUGHOUT = [
    "tanh(x) == 2*sigmoid(2x) - 1",
    "|x| == relu(x) + relu(-x)",
    "ln(1 + e^x) == x + ln(1 + e^-x)",
    "sqrt(x^2) == |x|",
    "1/(1 + x^2) == (1 + x^2)/(1 + x^2)^2",
    "x/x == 1 for x > 0",
    "x/x == 1 for x != 0",
    "sqrt(x)^2 == x for x >= 0",
    "ln(x^2) == 2*ln(x) for x > 0",
    "e^(ln(x)) == x for x > 2",
    "ln(x*y) == ln(x) + ln(y) for x > 0, y > 0",
    "1/(x - y) + 1/(y - x) == 0 for x > y",
    "mish(x) == x*((1 + e^x)^2 - 1)/((1 + e^x)^2 + 1)",
    "asin(x) - asin(x) == 0 for -1 <= x <= 1",
    "lambertw(x) - lambertw(x) == 0 for x >= 0",
    "{1/x if x > 0; 0 otherwise}*x == {1 if x > 0; 0 otherwise}",
    "cbrt(x)*cbrt(-x) == -cbrt(x)^2",
    "(a*x - a*m)/sqrt(a^2*v) == (x - m)/sqrt(v) for a > 0, v > 0",
]

NOT_REAL_THROUGHOUT = [
    "x/x == 1",
    "sqrt(x)^2 == x",
    "sqrt(x) - sqrt(x) == 0 for x > -1",
    "e^(ln(x)) == x",
    "ln(x^2) == 2*ln(x)",
    "ln(x^2) - ln(x^2) == 0",
    "tan(x)^2 + 1 == sec(x)^2",
    "0*ln(x) == 0",
    "0*sqrt(x - 9) == 0 for x > 8",
    "|sqrt(x)| + |x - sqrt(x)| == max(x, 2*sqrt(x) - x)",
    "asin(x) - asin(x) == 0",
    "lambertw(x) - lambertw(x) == 0",
    "1/0*x^0 == x^0",
    "x^y - x^y == 0",
    "sqrt(-(x - 1)^2) == 0",
    "acosh(x) - acosh(x) == 0 for x > 0",
]


@pytest.mark.parametrize("equation", IDENTITIES)
def test_identities_of_tables_are_shown(equation: str, functions: Functions) -> None:
    found = shown(equation, functions)
    assert found is not None and found.cases > 0


@pytest.mark.parametrize("equation", IDENTITIES)
def test_an_identity_with_a_little_added_is_not(equation: str, functions: Functions) -> None:
    left, _, right = equation.partition("=")
    assert shown(f"{left} + 1e-30 = {right}", functions) is None


@pytest.mark.parametrize("equation", REAL_THROUGHOUT)
def test_where_all_is_real_that_is_said(equation: str, functions: Functions) -> None:
    found = shown(equation, functions)
    assert found is not None and found.cases > 0 and found.vacuous == 0 and found.certain


@pytest.mark.parametrize("equation", NOT_REAL_THROUGHOUT)
def test_where_something_is_not_real_nothing_is_certain(equation: str, functions: Functions) -> None:
    found = shown(equation, functions)
    assert found is None or not found.certain


@pytest.mark.parametrize(
    ("equation", "cases", "vacuous"),
    [
        ("1/0 == 7", 0, 1),
        ("sqrt(-1 - x^2) == 5", 0, 1),
        ("ln(-1)*x == 0", 0, 1),
        ("0*sqrt(x - 9) == 1 for x < 8", 0, 1),
        ("(1/0)^0 == 1", 0, 1),
        ("sqrt(-x^2) == 0", 1, 2),
        ("{1/0 if x > 0; x otherwise} == x", 2, 1),
        ("sqrt(-sin(x)^2) == 0", 1, 2),
        ("sqrt(-(x^2 - 2)^2) == 0", 1, 2),
        ("(-x^2)^(3/4) == 0", 1, 2),
        ("acosh(1 - x^2) == 0", 1, 2),
        ("asin(2) == 1", 0, 1),
        ("ln(-x^2) == 0", 0, 1),
        ("x == 1 for x > 1, x < 0", 0, 0),
        ("x == 1 for |x| < 1, x > 2", 0, 0),
        ("x == 1 for ln(x) > 0, x < 0", 0, 0),
    ],
)
def test_a_case_without_values_is_counted_apart(equation: str, cases: int, vacuous: int, functions: Functions) -> None:
    assert shown(equation, functions) == Shown(cases, vacuous, False)


@pytest.mark.parametrize(
    "equation",
    [
        pytest.param("max(e^(x/2), 1.0003) == e^(x/2) for e^x > 1.0003", id="a condition in another unit"),
        pytest.param("|e^(x/2) - 1.0003| == e^(x/2) - 1.0003 for e^x > 1.0003", id="the same in a case"),
        pytest.param("f(e^lambertw(0)) == f(0)", id="Lambert's W at 0"),
        pytest.param("e^lambertw(x)*lambertw(x) + {1 if x = 0; 0 otherwise} == x", id="Lambert's W near 0"),
        pytest.param("{1 if lambertw(x) = 0; x otherwise} == x", id="a zero of Lambert's W"),
        pytest.param("sqrt(x*(e^x - 1)) == 0 for x < 0", id="a factor that both terms share"),
        pytest.param("((x^2 - 2)*y)^(1/3) == 5 for x^2 = 2", id="a power that is zero on a curve"),
        pytest.param("atan((1 + x)/(1 - x)) == pi/4 + atan(x) for x != 1", id="an angle that jumps"),
        pytest.param("2*atan(x) == atan(2*x/(1 - x^2)) for x > 1", id="an angle on the other side"),
        pytest.param("asin(sin(x)) == x", id="an inverse of a wave"),
        pytest.param("atan(tan(x)) == x for 0 < x < pi", id="an inverse beyond a pole"),
        pytest.param("acos(cos(x)) == x for -1 < x < pi", id="an inverse beyond its branch"),
        pytest.param("acot(-|x|) == -pi/2 + atan(|x|)", id="acot(0)"),
        pytest.param("atan(1) + atan(2) + atan(3) == 0", id="a full turn is not zero"),
        pytest.param("sqrt(1 - sin(x)^2) == cos(x)", id="the sign of a cosine"),
        pytest.param("ln(x^2) == 2*ln(-x) for x > 0", id="ln of a negative number"),
        pytest.param("(x^2)^(1/4) == sqrt(x) + {1 if x < 0; 0 otherwise}*0*ln(x) + 1", id="a root of a square"),
        pytest.param("(-1)^x == 1 for x integer", id="an alternating sign"),
        pytest.param("floor(x + 1/2) == floor(x)", id="half a step"),
    ],
)
def test_what_does_not_vanish_is_not_shown(equation: str, functions: Functions) -> None:
    assert shown(equation, functions) in (None, Shown(0, 0, False), Shown(0, 1, False))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("x^2 - 2 for x > sqrt(2)", {1}),
        ("x^2 - 2 for x >= sqrt(2)", {0, 1}),
        ("x^2 - 2 for -sqrt(2) < x < 3/2", {-1, 0, 1}),
        ("x^2 + x*y + y^2", {0, 1}),
        ("x^4 + x^2 - x + 1", {1}),
        ("x + sqrt(x^2 + 1)", {1}),
        ("x - sqrt(x^2 - 1) for x > 1", {1}),
        ("1 - x*y for 0 < x < 1, 0 < y < 1", {1}),
        ("1 - x*y for 0 < x < 2, 0 < y < 1", {-1, 0, 1}),
        ("d - a for a < b, b < c, c <= d", {1}),
        ("cos(x) for |x| < 1", {1}),
        ("sin(x) for 0 <= x <= pi", {0, 1}),
        ("ln(x) - 1 for x > e", {1}),
        ("e^x - e^y for x > y", {1}),
        ("x*(e^x - 1)", {0, 1}),
        ("n - 1 for n integer, n > 0", {0, 1}),
        ("n - 1 for n > 0", {-1, 0, 1}),
        ("atan(x) - pi/2", {-1}),
        ("asin(x) - pi/2", {-1, 0}),
    ],
)
def test_signs_follow_from_the_form(text: str, wanted: set[int], functions: Functions) -> None:
    found = signs_of(text, functions)
    assert found is not None and found.signs == wanted

"""Where counterexamples are looked for: at every scale, beside every joint, between two of them."""

from fractions import Fraction

import pytest

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.reader import read, read_conditions, read_statement
from dlteach.reasoning.algebra.sample_points import points
from dlteach.reasoning.deciding.judge import judge


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("ln(x - 10) < 5 for x > 0", id="far out on a half line"),
        pytest.param("|x| < 5000 for x < 0", id="farther out"),
        pytest.param("{1 if 1000000 < x < 1000001; 0 otherwise} = 0", id="a far piece"),
        pytest.param("{1 if sqrt(2) < x < sqrt(2) + 1e-30; 0 otherwise} = 0", id="a narrow piece"),
        pytest.param("{1 if (x - 7)^2 <= 0; 0 otherwise} = 0", id="a piece that is one point"),
        pytest.param("max(e^(x/2), 1.0003) = e^(x/2) for e^x > 1.0003", id="between curved joints"),
        pytest.param(
            "{1 if x^3 - x < 1e-5; 0 otherwise} = {1 if x^3 - x <= 0; 0 otherwise}", id="near the roots of a cubic"
        ),
        pytest.param("floor(x) <= x - 1e-8 for x > 2", id="very near to an end"),
        pytest.param("sum(i, i = 1..n) = n*(n + 1)/2 + {0 if n < 9; 1 otherwise}", id="an integer by its sum"),
        pytest.param("{0 if n < 100; 1 otherwise} = 0 for n integer", id="an integer at a joint"),
        pytest.param("|a - b| = a - b for a + b = 1", id="an equation as a condition"),
        pytest.param("max(a, b) = {a if a > b; b - 1 otherwise} for a < b + 1e-3", id="beside a joint of two symbols"),
        pytest.param("{1 if a = 3*b + 1/4; 0 otherwise} = 0", id="a joint that is a line"),
        pytest.param("x < 3/2 for 0 < x < pi/2", id="up to an irrational end"),
        pytest.param("a < b - c for a < b, 0 < c < 1", id="three symbols in order"),
    ],
)
def test_a_counterexample_is_found(statement: str, functions: Functions) -> None:
    assert judge(read_statement(statement, functions.names), functions).outcome is Outcome.REFUTED


@pytest.mark.parametrize(
    ("expr", "given"),
    [
        ("x + y", "x < y, y < 1"),
        ("x", "x > 100"),
        ("x", "x in (0, 1e-6)"),
        ("n*x", "n integer, n > 20, x > n"),
        ("a + b", "a + b = 1, a > 0, b > 0"),
    ],
)
def test_points_meet_the_conditions_and_are_the_same_each_time(expr: str, given: str) -> None:
    conditions = read_conditions(given)
    names = {"x", "y", "n", "a", "b"} & set(expr)
    found = [list(points([read(expr)], names, conditions, {}, 20)) for _ in range(2)]
    assert found[0] == found[1] and len(found[0]) >= 10
    for point in found[0]:
        x, y, n, a, b = (point.get(name, Fraction(0)) for name in "xynab")
        assert {
            "x < y, y < 1": x < y < 1,
            "x > 100": x > 100,
            "x in (0, 1e-6)": 0 < x < Fraction(1, 10**6),
            "n integer, n > 20, x > n": n.denominator == 1 and 20 < n < x,
            "a + b = 1, a > 0, b > 0": a + b == 1 and a > 0 and b > 0,
        }[given]

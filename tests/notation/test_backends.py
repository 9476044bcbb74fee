"""Floats and balls against mpmath, an independent implementation, and against each other."""

import math
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlteach.course.functions import Functions
from dlteach.notation import balls, floats
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.names import BUILTINS
from dlteach.notation.reader import read
from dlteach.notation.symbolic import Symbolic, from_sympy
from dlteach.notation.tree import Expr, symbols
from tests.laws import law
from tests.notation.trees import elementary

mp = mpmath.mp
ORACLE = {
    "abs": mpmath.fabs,
    "Phi": mpmath.ncdf,
    "phi": mpmath.npdf,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "log2": lambda x: mpmath.log(x, 2),
    "cbrt": mpmath.cbrt,
    "min": lambda x: x,
    "max": lambda x: x,
}


@pytest.mark.parametrize("name", sorted(BUILTINS))
@pytest.mark.parametrize("x", [Fraction(1, 3), Fraction(1, 2), Fraction(5, 4), Fraction(3)])
def test_every_builtin_agrees_with_mpmath(name: str, x: Fraction) -> None:
    oracle = ORACLE.get(name) or getattr(mpmath, name)
    with mpmath.workdps(40):
        expected = oracle(mpmath.mpf(x.numerator) / x.denominator)
    number = floats.evaluate(read(f"{name}(x)"), {"x": float(x)}, {})
    if isinstance(expected, mpmath.mpc) or not mpmath.isfinite(expected):
        assert not math.isfinite(number)
        with pytest.raises(balls.NotReal):
            balls.evaluate(read(f"{name}(x)"), {"x": x}, {})
        return
    ball = balls.evaluate(read(f"{name}(x)"), {"x": x}, {})
    assert abs(float(ball.mid()) - float(expected)) <= 1e-14 * (1 + abs(float(expected)))
    assert number == pytest.approx(float(expected), rel=1e-13)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("0^0", 1, id="nothing to the nothing is one"),
        pytest.param("cbrt(-8)", -2, id="the cube root is real"),
        pytest.param("{1 if 2 < 1; 7 otherwise}", 7, id="the first true branch counts"),
        pytest.param("max(1, 3, 2) - min(4, 0)", 3, id="any number of arguments"),
        pytest.param("|-2|", 2, id="bars"),
        pytest.param("sigmoid(-1000)", 0, id="no overflow"),
    ],
)
def test_values(text: str, value: float) -> None:
    assert floats.evaluate(read(text), {}, {}) == pytest.approx(value, abs=1e-12)
    assert float(balls.evaluate(read(text), {}, {}).mid()) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("text", ["(-8)^(1/3)", "1/0", "ln(-1)", "sqrt(-1)", "0^-1", "asin(2)", "{1 if 2 < 1}"])
def test_what_is_not_real_is_nan(text: str) -> None:
    assert math.isnan(floats.evaluate(read(text), {}, {}))
    with pytest.raises(balls.NotReal):
        balls.evaluate(read(text), {}, {})


@given(elementary, st.fractions(-3, 3, max_denominator=16))
@law(300)
def test_a_float_lies_in_or_near_the_ball(expr: Expr, x: Fraction) -> None:
    env = dict.fromkeys(symbols(expr), x)
    try:
        with balls.precision(200):
            ball = balls.evaluate(expr, env, {})
            steps = (Fraction(1, 10**9), -Fraction(1, 10**9))
            nearby = [balls.evaluate(expr, {n: v + d for n, v in env.items()}, {}) for d in steps]
        number = floats.evaluate(expr, {name: float(x) for name in env}, {})
    except NotEvaluable:
        return
    well_known = ball.is_finite() and math.isfinite(number) and ball.rel_accuracy_bits() > 60
    if well_known and 1e-6 < abs(number) < 1e6 and all(_close(near, ball, number) for near in nearby):
        assert number == pytest.approx(float(ball.mid()), rel=1e-3)


def _close(near, ball, number: float) -> bool:  # type: ignore[no-untyped-def]
    """Whether the function is tame here, so that rounding an input cannot explain a difference."""
    return bool(near.is_finite() and abs(float(near.mid()) - float(ball.mid())) < 1e-4 * abs(number))


def test_functions_of_the_course_are_evaluated_by_their_definitions(functions: Functions) -> None:
    """Published values: PyTorch's gelu(1.5), and SELU's constants (Klambauer et al. 2017)."""
    definitions = functions.definitions
    assert floats.evaluate(read("gelu(1.5)", functions.names), {}, definitions) == pytest.approx(
        1.3997891980967, rel=1e-12
    )
    assert floats.evaluate(read("selu(1)", functions.names), {}, definitions) == pytest.approx(1.0507009873554805)
    plateau = floats.evaluate(read("selu(-50)", functions.names), {}, definitions)
    assert plateau == pytest.approx(-1.0507009873554805 * 1.6732632423543772)


def test_nesting_functions_costs_no_more_than_nesting_calls(functions: Functions) -> None:
    deep = read("mish(" * 60 + "x" + ")" * 60, functions.names)
    assert math.isfinite(floats.evaluate(deep, {"x": 2.0}, functions.definitions))


@pytest.mark.parametrize(
    "text", ["x^2*e^(-x)/(1 + x)", "abs(x) - sign(x)", "ln(1 + x^2)", "erf(x/sqrt(2))", "tanh(x)^3"]
)
def test_sympy_and_back_keeps_the_value(text: str) -> None:
    there_and_back = from_sympy(Symbolic({})(read(text), {}))
    for x in (-1.25, 0.5, 2.0):
        assert floats.evaluate(there_and_back, {"x": x}, {}) == pytest.approx(floats.evaluate(read(text), {"x": x}, {}))

"""Enclosures contain what they must: samples, limits, mpmath's quadrature, published constants."""

import time
from fractions import Fraction

import mpmath
import pytest
from flint import arb
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from dlteach.course.functions import Functions
from dlteach.course.lessons import Course
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import Balls, ball, precision
from dlteach.notation.reader import read
from dlteach.notation.tree import Expr, number, substitute, symbols
from dlteach.reasoning.algebra.pieces import LINE, Span, pieces
from dlteach.reasoning.enclosing.asymptotics import NoTail, germ, limit, spread
from dlteach.reasoning.enclosing.branch_and_bound import infimum, supremum
from dlteach.reasoning.enclosing.evaluate import Evaluator
from dlteach.reasoning.enclosing.integrals import integral
from dlteach.reasoning.enclosing.jets import jet_at
from tests.laws import law
from tests.notation.trees import elementary

NAMES = [
    "relu", "leaky_relu", "elu", "celu", "gelu", "gelu_tanh", "gelu_sigmoid", "swish", "su", "mish", "softplus",
    "softsign", "hardtanh", "hardsigmoid", "hardsigmoid6", "hardswish", "penalized_tanh", "sigmoid", "tanh",
    "Phi", "phi", "logsigmoid", "selu", "relu6", "heaviside",
]  # fmt: skip
FUNCTIONS = Course().functions
PATIENCE = 60.0  # seconds: a busy machine must not leave an enclosure unchecked
PLACES = [Fraction(n, 16) for n in range(-48, 49)]


def in_x(expr: Expr) -> Expr:
    return substitute(expr, {name: read("x") for name in symbols(expr)})


def at(expr: Expr, x: Fraction, functions: Functions) -> arb | None:
    try:
        value = Balls(functions.definitions)(expr, {"x": ball(x)})
    except NotEvaluable:
        return None
    return value if value.is_finite() else None


def check_bounds(expr: Expr, span: Span, places: list[Fraction], functions: Functions) -> None:
    """No sample lies outside the enclosures of sup and inf; raises NotEvaluable where there are none."""
    late = time.monotonic() + PATIENCE
    top = supremum(expr, "x", span, {}, functions.definitions, late)
    bottom = infimum(expr, "x", span, {}, functions.definitions, late)
    with precision(128):
        values = [value for x in places if (value := at(expr, x, functions)) is not None]
        assert not any(value > top.value or value < bottom.value for value in values)
        assert not top.value < bottom.value


@given(elementary)
@law(100)
def test_no_value_lies_outside_the_enclosure(expr: Expr) -> None:
    """Of the expressions that can be bounded, which are most of them."""
    span = Span(number(-3), number(3))
    try:
        check_bounds(in_x(expr), span, PLACES, FUNCTIONS)
    except NotEvaluable:
        reject()


@pytest.mark.parametrize("name", NAMES)
def test_activations_are_enclosed_on_the_whole_line(name: str, functions: Functions) -> None:
    places = [x * scale for x in PLACES for scale in (1, 7, 1000)]
    check_bounds(read(f"{name}(x)", functions.names), LINE, places, functions)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("side", [1, -1])
def test_a_tail_contains_its_values_and_tends_to_its_limit(name: str, side: int, functions: Functions) -> None:
    expr = read(f"{name}(x)", functions.names)
    found = germ(expr, "x", side, 8, {}, functions.definitions)
    end = arb(limit(found))
    far = at(expr, Fraction(side * 10**9), functions)
    assert far is not None
    assert abs(far - end) < arb("1e-6") if end.is_finite() else far * end > 10**6
    if end.is_finite():
        values = spread(found)
        assert all(
            value is not None and value.overlaps(values)
            for value in (at(expr, Fraction(side * x), functions) for x in (8, 9, 12, 100, 10**6))
        )


@pytest.mark.parametrize("text", ["sin(x)", "x^2*sin(x)", "tan(x)"])
def test_a_tail_that_is_not_known_is_not_guessed(text: str, functions: Functions) -> None:
    with pytest.raises(NoTail):
        limit(germ(read(text), "x", 1, 8, {}, functions.definitions))


@given(elementary, st.sampled_from(PLACES))
@law(100)
def test_a_jet_contains_values_and_slopes_on_its_box(expr: Expr, x: Fraction) -> None:
    functions, expr = FUNCTIONS, in_x(expr)
    width = Fraction(1, 64)
    try:
        jet = jet_at(expr, "x", ball(x).union(ball(x + width)), {}, functions.definitions)
    except NotEvaluable:
        reject()
    low, high = at(expr, x, functions), at(expr, x + width, functions)
    assume(jet.value.is_finite() and low is not None and high is not None)
    assert low.overlaps(jet.value) and high.overlaps(jet.value)
    if jet.slope.is_finite():
        assert ((high - low) / ball(width)).overlaps(jet.slope)  # the mean value theorem


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sup(|gelu(x) - gelu_tanh(x)|)", "4.732355206872848771e-4"),
        ("sup(|gelu(x) - gelu_sigmoid(x)|)", "0.0203348722092392302"),
        ("inf(mish(x))", "-0.30884341301725040662"),
        ("inf(sinc(x))", "-0.21723362821122165741"),
        ("argmax(gelu'(x))", "1.41421356237309504880"),
        ("argmin(sup(|Phi(x) - sigmoid(c*x)|), c in [1, 2])", "1.70174492534"),
        ("inf(sup(|Phi(x) - (1 + tanh(sqrt(2/pi)*(x + a*x^3)))/2|), a in [0.04, 0.05])", "1.7892131094e-4"),
    ],
)
def test_published_constants_are_inside(text: str, value: str, functions: Functions) -> None:
    from dlteach.reasoning.deriving.derive import opened

    with precision(96):
        found = Evaluator(functions.definitions)(opened(read(text, functions.names), functions), {})
    assert abs(found - arb(value)) < arb("1e-10") * abs(arb(value))
    assert found.rad() < arb("1e-10")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("x*e^-x", 0, 3), ("|x - 1|", 0, 3), ("gelu(x)^2*phi(x)", -4, 4), ("sqrt(x)", 0, 1), ("tanh(x)/(1 + x^2)", -1, 5)],
)
def test_integrals_agree_with_mpmath(text: str, low: int, high: int, functions: Functions) -> None:
    from dlteach.notation.floats import evaluate

    expr = read(text, functions.names)
    ours = integral(expr, "x", number(low), number(high), {}, functions.definitions, time.monotonic() + PATIENCE)
    theirs = mpmath.quad(lambda x: evaluate(expr, {"x": float(x)}, functions.definitions), [low, 1, high])
    assert float(ours.mid()) == pytest.approx(float(theirs), rel=1e-6)


def test_joints_are_found_exactly(functions: Functions) -> None:
    expr = read("max(-1, min(1, 2x)) + |x - pi|", functions.names)
    found, joints = pieces(expr, "x", LINE, {}, functions.definitions)
    assert len(found) == 4
    assert [str(Balls({})(joint, {}).str(5, radius=False)) for joint in joints] == ["-0.50000", "0.50000", "3.1416"]

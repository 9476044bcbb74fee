"""Germs: the main term and the bound of the rest hold at every point of the tail, and so does all that is read off."""

import random
from fractions import Fraction

import pytest
from flint import arb

from dlteach.course.functions import Functions
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import Balls, ball, precision
from dlteach.notation.reader import read
from dlteach.notation.tree import Expr
from dlteach.reasoning.enclosing.asymptotics import Germ, NoTail, area, ceiling, germ, limit, spread
from dlteach.reasoning.enclosing.tails import tails
from tests.laws import FACTOR

ONE_OF = [
    "exp(%s)", "exp(-(%s))", "ln(%s)", "sqrt(%s)", "abs(%s)", "tanh(%s)", "erf(%s)", "erfc(%s)", "atan(%s)", "sin(%s)",
    "cos(%s)", "sigmoid(%s)", "softplus(%s)", "Phi(%s)", "phi(%s)", "floor(%s)", "sinh(%s)", "(%s)^2", "(%s)^3",
    "1/(%s)", "(%s)^(1/2)", "(%s)^(3/2)", "sign(%s)", "2^(%s)", "gelu(%s)", "mish(%s)",
]  # fmt: skip
TWO_OF = ["%s + %s", "%s - (%s)", "(%s)*(%s)", "(%s)/(%s)", "max(%s, %s)", "min(%s, %s)"]
LEAVES = ["x", "x", "x", "1", "2", "-3", "1/x", "pi", "x^2", "e^-x", "x + 1", "0.01"]
# places, in multiples of where the tail begins
ALONG: list[int | Fraction] = [1, Fraction(101, 100), Fraction(3, 2), 2, 10, 1000, 10**6]


def formula(chance: random.Random, depth: int) -> str:
    """A random formula in x."""
    if depth == 0 or chance.random() < 0.2:
        return chance.choice(LEAVES)
    if chance.random() < 0.5:
        return chance.choice(ONE_OF) % formula(chance, depth - 1)
    return chance.choice(TWO_OF) % (formula(chance, depth - 1), formula(chance, depth - 1))


def polynomial(coefficients: tuple[object, ...], x: arb) -> arb:
    return sum((arb(c) * x**i for i, c in enumerate(coefficients)), arb(0))


def check(found: Germ, value: arb, x: arb) -> bool:
    """Whether a germ could be compared with a value at x: the value must lie within its bound."""
    growth = polynomial(found.growth, x)
    if abs(growth) > 10**6:
        return False
    main = polynomial(found.over, x) / polynomial(found.under, x)
    power = arb(Fraction(found.rest.power).numerator) / Fraction(found.rest.power).denominator
    rest = found.rest.factor * x**power * (-found.rest.rate * x).exp()
    assert not abs(value * (-growth).exp() - main) > rest
    return True


@pytest.mark.parametrize("seed", range(4))
def test_a_germ_contains_the_function_on_its_whole_tail(seed: int, functions: Functions) -> None:
    chance, compared = random.Random(seed), 0
    for _ in range(150 * FACTOR):
        expr = read(formula(chance, 4), functions.names)
        side, start, fine = chance.choice((1, -1)), chance.choice((1, 2, 4, 16)), chance.random() < 0.5
        try:
            with precision(96):
                found = germ(expr, "x", side, start, {}, functions.definitions, fine)
        except NoTail:
            continue
        for factor in ALONG:
            compared += compare(expr, found, side, Fraction(start * factor), functions)
    assert compared > 200


def compare(expr: Expr, found: Germ, side: int, x: Fraction, functions: Functions) -> bool:
    """Whether the germ and what is read off it were compared with the value at side*x."""
    with precision(2000):
        value = value_at(expr, side * x, functions)
        if value is None or not check(found, value, ball(x)):
            return False
        for read_off in (spread, ceiling):
            try:
                bound = read_off(found)
            except NoTail:
                continue
            assert not value > bound
            assert read_off is ceiling or value.overlaps(bound)
    return True


def value_at(expr: Expr, x: Fraction, functions: Functions) -> arb | None:
    try:
        value = Balls(functions.definitions)(expr, {"x": ball(x)})
    except (NotEvaluable, OverflowError):
        return None
    return value if value.is_finite() else None


@pytest.mark.parametrize(
    "text",
    [
        "x*(atan(1/x) - atan(2/x)) + x*sin(x)/x^2*x",
        "sqrt(1/x - 2/x)",  # not real
        "ln(1/x - tanh(2/x))",
        "1/(sin(x)/x - 1/x)",
    ],
)
def test_a_coarse_germ_says_nothing_where_the_rest_may_win(text: str, functions: Functions) -> None:
    with pytest.raises(NoTail):
        limit(germ(read(text, functions.names), "x", 1, 8, {}, functions.definitions))


def test_a_rest_that_grows_with_its_main_term_is_weighed_against_it(functions: Functions) -> None:
    expr = read("e^x*(1/x - sin(1/x) - atan(2/x) + 1.5/x)", functions.names)
    assert limit(germ(expr, "x", 1, 8, {}, functions.definitions, True)) == arb.neg_inf()
    with pytest.raises(NoTail):
        limit(germ(read("e^x*(1/x^3 - sin(1/x) + 1/x)", functions.names), "x", 1, 8, {}, functions.definitions))


@pytest.mark.parametrize(
    ("text", "start", "least"),
    [("e^-x", 8, (-arb(8)).exp()), ("1/(1 + x^2)", 4, arb(1) / 4 - arb(1) / 192), ("x^3*e^-x", 16, arb("0.0005"))],
)
def test_an_area_is_no_smaller_than_the_integral(text: str, start: int, least: arb, functions: Functions) -> None:
    bound = area(germ(read(text, functions.names), "x", 1, start, {}, functions.definitions))
    assert not bound < least
    assert bound < 2 * least


@pytest.mark.parametrize(
    ("text", "side", "highest"),
    [("atan(x)", 1, "1.5707963267948966193"), ("ln(x)/x", 1, "0.35"), ("x*e^-x", 1, "0.08"), ("-1/x", 1, "0")],
)
def test_tails_know_the_side_of_their_limit(text: str, side: int, highest: str, functions: Functions) -> None:
    """What rises to its limit is bounded by it, whatever the values before."""
    found = [top for _, top in tails(read(text, functions.names), "x", side, 4, {}, functions.definitions, True)]
    assert found
    assert min(map(float, found)) <= float(arb(highest)) + 1e-12

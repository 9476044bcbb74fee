"""Suprema: of the points with a value, taken or approached; nothing is missed at ends, joints, steps and far out."""

import random
from fractions import Fraction
from itertools import pairwise

import pytest
from flint import arb

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import Balls, NotReal, ball, precision
from dlteach.notation.names import BUILTINS
from dlteach.notation.reader import read, read_statement
from dlteach.notation.tree import Call, Expr, Symbol, number
from dlteach.reasoning.algebra.pieces import Span
from dlteach.reasoning.deciding.judge import judge
from dlteach.reasoning.enclosing.branch_and_bound import infimum, supremum
from dlteach.reasoning.enclosing.evaluate import Evaluator, one_place
from dlteach.reasoning.enclosing.jets import Jet, Jets
from dlteach.reasoning.worker.process import clock
from tests.laws import FACTOR

VALUES = """
sup(floor(x), x in [0, 1)) | 0
sup(floor(x), x in [0, 1]) | 1
inf(x - floor(x), x in [0, 3]) | 0
sup(x - floor(x), x in [0, 3]) | 1
sup(-|x^2 - 1/4|, x in [-1, 1]) | 0
sup({x if x < 1; 0 otherwise}, x in [0, 2]) | 1
sup({5 if x = 1; x otherwise}, x in [0, 2]) | 5
sup(sign(x), x in [-1, 0)) | -1
sup(sign(x), x in [-1, 0]) | 0
sup(1 + max(x + 10, -sqrt(1 - x)), x in [0, 5]) | 12
sup(sqrt(x - 1), x in [0, 2]) | 1
sup(x, x in [2, 2]) | 2
sup(sin(x)) | 1
sup(sin(x) + sin(2x)) | 1.76017259304542
sup(sin(x)/x) | 1
sup(atan(x)) | pi/2
sup(tanh(1/x)) | 1
inf(x*ln(x)) | -1/e
sup(ln(x)/x) | 1/e
sup(-x*ln(x) - (1 - x)*ln(1 - x)) | ln(2)
sup(e^(-1000000*(x - 12345.678)^2)) | 1
sup((1 - Phi(x))/phi(x), x in [0, oo)) | sqrt(pi/2)
sup(x^x, x in (0, 1)) | 1
sup(1/x, x in (0, 1]) | oo
sup(1/x, x in [-1, 1]) | oo
sup(acot(x), x in [-1, 0]) | pi/2
inf(max(x, 1/x), x in (0, 2]) | 1
"""
PLACES = """
argmax({x if x <= 1; 0 otherwise}, x in [0, 2]) | 1
argmax(-x*ln(x) - (1 - x)*ln(1 - x)) | 1/2
argmin((x - 1)^2) | 1
"""
NOT_TAKEN = [
    "argmax({x if x < 1; 0 otherwise}, x in [0, 2])",
    "argmax({x if x < 1; 0 otherwise}, x in [0, 1])",
    "argmax(x - floor(x), x in [0, 3])",
    "argmax(x, x in [0, 1))",
    "argmax(x^2, x in [-1, 1])",
    "argmax(tanh(x))",
    "argmax(sin(x)/x)",
    "argmax(sin(x))",
]


@pytest.mark.parametrize("line", (VALUES + PLACES.lstrip()).strip().splitlines())
def test_extrema_are_enclosed(line: str, functions: Functions) -> None:
    text, value = (part.strip() for part in line.rsplit("|", 1))
    with precision(96):
        found = Evaluator(functions.definitions)(read(text, functions.names), {})
        wanted = Balls({})(read(value), {})
        assert found.overlaps(wanted) or abs(found - wanted) < 1e-12
        assert found == wanted if not wanted.is_finite() else found.rad() < 1e-8


@pytest.mark.parametrize("text", NOT_TAKEN)
def test_a_place_that_is_not_taken_or_not_the_only_one_is_no_answer(text: str, functions: Functions) -> None:
    with pytest.raises(NotEvaluable):
        Evaluator(functions.definitions)(read(text, functions.names), {})


@pytest.mark.parametrize(
    "text", ["sup(x, x in [2, 1])", "sup(x, x in (2, 2])", "sup(ln(x), x in [-2, -1])", "inf(sqrt(x), x in [-2, 0))"]
)
def test_nothing_has_no_supremum(text: str, functions: Functions) -> None:
    with pytest.raises(NotReal):
        Evaluator(functions.definitions)(read(text, functions.names), {})


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        ("sup(floor(x), x in [0, 1)) = 1", Outcome.REFUTED),
        ("sup(x^2, x in [0, 1)) < 1", Outcome.REFUTED),
        ("argmax(sin(x)) = 1.5707963", Outcome.UNDECIDED),
        ("sup(tan(x), x in (0, pi/2)) = oo", Outcome.PROVED),
        ("sup(sin(x)/x) = 1", Outcome.PROVED),
        ("sup({1/4 + 1/1000 if x = 1/7; x*(1 - x) otherwise}) <= 1/4", Outcome.REFUTED),
        ("sup(max(-cosh(x), 1 - |x - 1000000000|*1000)) = 1", Outcome.PROVED),
        ("inf(sup(|x^2 - c|, x in [0, 1]), c in [0, 1]) < 0.5001", Outcome.ENCLOSED),
        ("inf(sup(|sqrt(x - c)|, x in [0, 1]), c in [-1, 1]) < 0.1", Outcome.UNDECIDED),
    ],
)
def test_statements_about_suprema(statement: str, outcome: Outcome, functions: Functions) -> None:
    assert judge(read_statement(statement, functions.names), functions, 20.0).outcome is outcome


ONE_OF = [
    "exp(%s)", "ln(%s)", "sqrt(%s)", "abs(%s)", "tanh(%s)", "erf(%s)", "atan(%s)", "sin(%s)", "cos(%s)", "relu(%s)",
    "floor(%s)", "ceil(%s)", "sign(%s)", "(%s)^2", "1/(%s)", "(%s)^(1/3)", "cbrt(%s)", "acot(%s)", "asin(%s)",
    "tan(%s)", "elu(%s)", "sinc(%s)", "lambertw(%s)", "acosh(%s)", "hardtanh(%s)",
]  # fmt: skip
TWO_OF = ["%s + %s", "%s - (%s)", "(%s)*(%s)", "(%s)/(%s)", "max(%s, %s)", "min(%s, %s)"]
SIGNS = ["<", "<=", "=", "!=", ">", ">="]
LEAVES = ["x", "x", "x", "1", "2", "-1/2", "x^2", "x - 1", "2x", "x + 1/2", "1 - x", "e^-x", "3x"]


def formula(chance: random.Random, depth: int) -> str:
    """A random formula in x, with jumps and gaps."""
    if depth == 0 or chance.random() < 0.2:
        return f"({chance.choice(LEAVES)})"
    if chance.random() < 0.5:
        return chance.choice(ONE_OF) % formula(chance, depth - 1)
    one, two = formula(chance, depth - 1), formula(chance, depth - 1)
    if chance.random() < 0.2:
        condition = f"{formula(chance, 1)} {chance.choice(SIGNS)} {formula(chance, 0)}"
        return "{%s if %s; %s otherwise}" % (one, condition, two)  # noqa: UP031
    return chance.choice(TWO_OF) % (one, two)


@pytest.mark.parametrize("seed", range(3))
def test_no_value_of_a_broken_function_lies_outside(seed: int, functions: Functions) -> None:
    chance, checked = random.Random(seed), 0
    for _ in range(60 * FACTOR):
        expr = read(formula(chance, 3), functions.names)
        low, high = sorted(chance.sample(range(-4, 5), 2))
        span = Span(number(Fraction(low, 2)), number(Fraction(high, 2)), chance.random() < 0.5, chance.random() < 0.5)
        checked += outside(expr, span, Fraction(low, 2), Fraction(high, 2), functions)
    assert checked > 10


def outside(expr: Expr, span: Span, low: Fraction, high: Fraction, functions: Functions) -> bool:
    """Whether there was an enclosure to check at points of the span, beside its ends too."""
    near = [Fraction(1, 10**k) for k in (3, 6, 9)]
    places = [low + (high - low) * Fraction(i, 48) for i in range(49)]
    places += [low + gap for gap in near] + [high - gap for gap in near]
    places = [x for x in places if (x > low or not span.open_below) and (x < high or not span.open_above)]
    soon = clock() + 0.5
    with precision(128):
        values = [(x, value) for x in places if (value := value_at(expr, x, functions)) is not None]
        try:
            top = supremum(expr, "x", span, {}, functions.definitions, soon)
            bottom = infimum(expr, "x", span, {}, functions.definitions, soon)
        except NotReal:
            assert not values
            return True
        except NotEvaluable:
            return False
        assert not any(value > top.value or value < bottom.value for _, value in values)
        try:
            place = one_place(top.places)
        except NotEvaluable:
            return True
        taken = value_at(expr, place, functions)
        assert taken is None or taken.overlaps(top.value)
    return True


def value_at(expr: Expr, x: Fraction | arb, functions: Functions) -> arb | None:
    at = ball(x) if isinstance(x, Fraction) else x
    try:
        value = Balls(functions.definitions)(expr, {"x": at})
    except (NotEvaluable, OverflowError):
        return None
    return value if value.is_finite() else None


CENTRES = [Fraction(n, 4) for n in range(-12, 13)] + [Fraction(1, 3), Fraction(-3, 7)]


@pytest.mark.parametrize("name", [row.name for row in BUILTINS.values() if row.arity == (1, 1)])
def test_a_jet_is_finite_only_where_the_function_is_real_and_does_not_jump(name: str) -> None:
    """On boxes at jumps, poles and ends of domains, too: the mean value theorem holds for every finite slope."""
    expr, jets, finite = Call(name, (Symbol("x"),)), Jets({}), 0
    for centre in CENTRES:
        for width in (Fraction(1, 8), Fraction(1, 1000)):
            low, high = centre - width, centre + width
            jet = jets(expr, {"x": Jet(ball(low).union(ball(high)), arb(1))})
            if not jet.value.is_finite():
                continue
            finite += 1
            values = [_real(expr, low + (high - low) * Fraction(i, 4)) for i in range(5)]
            assert all(value.overlaps(jet.value) for value in values)
            if jet.slope.is_finite():
                gap = ball((high - low) / 4)
                assert all(((b - a) / gap).overlaps(jet.slope) for a, b in pairwise(values))
    assert finite


def _real(expr: Expr, x: Fraction) -> arb:
    """The value of what is claimed to be real: no answer is a failure."""
    with precision(200):
        value = Balls({})(expr, {"x": ball(x)})
    assert value.is_finite()
    return value

"""Evaluation has three answers: a ball that contains the value, "not known", and "shown to have no value"."""

import random
from fractions import Fraction

import mpmath
import pytest
from flint import arb

from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import EVERYWHERE, OUTSIDE, NotReal, ball, evaluate, precision
from dlteach.notation.names import BUILTINS
from dlteach.notation.reader import read
from dlteach.reasoning.enclosing.evaluate import Evaluator


def balled(text: str, bits: int = 64, **values: Fraction) -> arb:
    with precision(bits):
        return Evaluator({})(read(text), {name: ball(value) for name, value in values.items()})


def test_every_function_says_where_it_has_no_value() -> None:
    """A row is a formula of other rows, or real everywhere, or in the table of domains."""
    own = {name for name, row in BUILTINS.items() if not row.arb.startswith("=")}
    assert own <= OUTSIDE.keys() | EVERYWHERE
    assert not OUTSIDE.keys() & EVERYWHERE


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1/0", id="a division by 0"),
        pytest.param("0*sqrt(-1)", id="every part needs a value, whatever it is multiplied with"),
        pytest.param("(1/0)^0", id="u^0 has none where u has none"),
        pytest.param("0^(-2)", id="0 to a negative power"),
        pytest.param("(-8)^(1/3)", id="a power of a negative number"),
        pytest.param("ln(0)", id="the logarithm of 0"),
        pytest.param("atanh(1)", id="a pole at the end of the domain"),
        pytest.param("coth(0)", id="a pole inside"),
        pytest.param("csc(0)", id="a pole of a reciprocal"),
        pytest.param("acoth(1/2)", id="between the two rays"),
        pytest.param("asec(0)", id="an inverse reciprocal at 0"),
        pytest.param("acosh(1/2)", id="below its domain"),
        pytest.param("lambertw(-1)", id="left of the branch point"),
        pytest.param("{1 if 2 < 1}", id="no branch holds"),
        pytest.param("{1 if ln(-1) < 1; 2 otherwise}", id="a condition without a value"),
        pytest.param("max(1, sqrt(-1))", id="an argument without a value"),
        pytest.param("sum(1/i, i = 0..3)", id="a term without a value"),
        pytest.param("sum(i, i = 1..5/2)", id="a sum up to no integer"),
        pytest.param("sum(i, i = 1..-2)", id="a sum that ends long before it begins"),
    ],
)
def test_what_has_no_value_is_shown_to_have_none(text: str) -> None:
    with pytest.raises(NotReal) as reason:
        balled(text)
    assert str(reason.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("1/(1 - tanh(100)) - (1 + e^200)/2", 0, id="a difference that vanishes in few digits"),
        pytest.param("sqrt(sin(pi))", 0, id="the end of the domain of the square root"),
        pytest.param("asin(sin(pi/2))", mpmath.pi / 2, id="the end of the domain of asin"),
        pytest.param("lambertw(-1/e)", -1, id="the branch point of W"),
        pytest.param("acosh(2*sin(pi/6))", 0, id="the end of the domain of acosh"),
        pytest.param("acot(sin(pi))", mpmath.pi / 2, id="a jump"),
        pytest.param("ln(e^(10^10) + 1 - e^(10^10))", 0, id="a difference of large numbers"),
        pytest.param("(-1)^(sin(pi) + 2)", 1, id="an exponent that may be an integer"),
    ],
)
def test_what_lies_on_an_edge_is_never_called_not_real(text: str, value: float) -> None:
    """Few digits or many: the ball is not finite, or it contains the value."""
    with mpmath.workdps(120):
        for bits in (64, 128, 512):
            found = balled(text, bits)
            assert not found.is_finite() or found.overlaps(arb(mpmath.nstr(mpmath.mpf(value), 110), "1e-9"))


def test_more_precision_finds_what_few_digits_lose() -> None:
    assert not balled("1/(1 - tanh(100))", 64).is_finite()
    assert balled("1/(1 - tanh(100))", 512).is_finite()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("0^0", 1, id="nothing to the nothing"),
        pytest.param("0^x", 0, id="0 to a positive power"),
        pytest.param("cbrt(0)", 0, id="the cube root of 0"),
        pytest.param("cbrt(-8)", -2, id="the cube root of a negative number"),
        pytest.param("acot(0)", mpmath.pi / 2, id="the inverse cotangent of 0"),
        pytest.param("acot(-1)", -mpmath.pi / 4, id="the inverse cotangent is odd elsewhere"),
        pytest.param("sum(1/i, i = 1..0)", 0, id="a sum without terms"),
        pytest.param("asin(1)", mpmath.pi / 2, id="an end that belongs to the domain"),
        pytest.param("lambertw(0)", 0, id="W at 0"),
        pytest.param("max(3, 1, 2) - min(2, 1, 3)", 2, id="three arguments"),
    ],
)
def test_values_at_special_places(text: str, value: float) -> None:
    assert abs(float(balled(text, x=Fraction(1, 2)).mid()) - float(value)) < 1e-15


def test_a_power_of_a_box_around_0_is_tight() -> None:
    box = arb(0, 1)
    assert evaluate(read("x^2"), {"x": box}, {}) > -1e-6
    assert evaluate(read("x^3"), {"x": box}, {}).overlaps(arb(-1))
    with precision(128):
        assert evaluate(read("x^(10^30)"), {"x": arb(0, 0.9)}, {}) < 1e-100


TOWERS = ("2^(2^(2^x))", "3^(2^(2^x))", "(x^x)^(x^x)", "e^(e^(e^x))", "x^(10^30)", "tanh(x)^(10^30)", "(1/x)^(2^(x^2))")


@pytest.mark.parametrize("text", TOWERS)
@pytest.mark.parametrize("x", [0, 1, -1, 5, 21, 64, 1000, 20_000, -20_000])
def test_towers_are_survived(text: str, x: int) -> None:
    """Exponents beyond what a computer can hold neither crash nor lie: the value, something too wide, or no value."""
    for wrapped in (text, f"sin({text})", f"ln(1 + ({text})^2)", f"floor({text})", f"sum(i, i = 1..{text})"):
        try:
            found = balled(wrapped, x=Fraction(x))
        except NotEvaluable:
            continue
        assert isinstance(found, arb)


def test_random_trees_agree_with_complex_arithmetic() -> None:
    """A finite ball contains the value; `NotReal` is said only where mpmath, too, finds no real value."""
    dice = random.Random(7)
    seen = {"value": 0, "none": 0}
    for _ in range(1500):
        text, truth = _tree(dice, 4)
        if truth is None or abs(truth) > 1e12:
            continue
        try:
            found = balled(text, 192)
        except NotReal:
            assert not _real(truth), text
            seen["none"] += 1
            continue
        except NotEvaluable:
            continue
        if found.is_finite():
            assert _real(truth), text
            assert abs(float(found.mid()) - float(mpmath.re(truth))) <= 1e-9 * (1 + abs(float(mpmath.re(truth)))), text
            seen["value"] += 1
    assert seen["value"] > 200 and seen["none"] > 100


def _real(value: object) -> bool:
    return not isinstance(value, complex | mpmath.mpc) or abs(mpmath.im(value)) == 0


OUTER = {
    "ln": mpmath.log, "sqrt": mpmath.sqrt, "asin": mpmath.asin, "acosh": mpmath.acosh, "atanh": mpmath.atanh,
    "acos": mpmath.acos, "exp": mpmath.exp, "sin": mpmath.sin, "lambertw": mpmath.lambertw, "tanh": mpmath.tanh,
}  # fmt: skip


def _tree(dice: random.Random, depth: int) -> tuple[str, object]:
    """A random expression, and its value; an inner value that is not real makes the whole not real."""
    if depth == 0 or dice.random() < 0.15:
        n = dice.randint(-12, 12)
        return f"({n}/7)", mpmath.mpf(n) / 7
    if dice.random() < 0.5:
        name = dice.choice(sorted(OUTER))
        text, value = _tree(dice, depth - 1)
        if value is None or abs(value) > 1e3:
            return "0", None
        if not _real(value):
            return f"{name}({text})", value
        try:
            return f"{name}({text})", OUTER[name](value)
        except (ValueError, ZeroDivisionError):
            return "0", None
    (a, u), (b, v) = _tree(dice, depth - 1), _tree(dice, depth - 1)
    if u is None or v is None:
        return "0", None
    both = next((w for w in (u, v) if not _real(w)), None)
    sign = dice.choice("+-*")
    value = {"+": u + v, "-": u - v, "*": u * v}[sign]
    return f"({a} {sign} {b})", value if both is None else both

"""Integrals, series and expectations: the value where there is one, and the reason where there is none."""

import random
from collections.abc import Callable
from fractions import Fraction

import mpmath
import pytest
from flint import arb

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import NoLimit, NotReal, precision
from dlteach.notation.reader import read, read_statement
from dlteach.reasoning.deciding.judge import judge
from dlteach.reasoning.enclosing.evaluate import Evaluator
from tests.laws import FACTOR

HOLDS = (Outcome.PROVED, Outcome.ENCLOSED)


def valued(text: str, functions: Functions) -> arb:
    with precision(128):
        return Evaluator(functions.definitions)(read(text, functions.names), {})


VALUES = {
    "int(x^2, x = 0..1)": "1/3",
    "int(acos(x), x = 0..1)": "1",
    "int(acosh(x), x = 1..2)": "0.9018649862807561237",
    "int(ln(x), x = 0..1)": "-1",
    "int(1/sqrt(x), x = 0..1)": "2",
    "int(1/sqrt(1 - x^2), x = -1..1)": "pi",
    "int(atanh(x), x = -1..1)": "0",
    "int(cbrt(x), x = -1..8)": "45/4",
    "int(x^x, x = 0..1)": "0.78343051071213440706",
    "int(sin(x)/x, x = 0..1)": "0.94608307036718301494",
    "int(1/sqrt(|x - 2/3|), x = 0..1)": "2*sqrt(2/3) + 2*sqrt(1/3)",
    "int(max(x, x^2, cos(x)), x = 0..1)": "0.90048861211337893937",
    "int({x^2 if x^3 < 2; x otherwise}, x = 0..2)": "1.8729661406825669293",
    "int(floor(x), x = 0..3)": "3",
    "int(sum(x^i, i = 0..3), x = 0..1)": "25/12",
    "int(1/(1 + x^2), x = -oo..oo)": "pi",
    "int(e^(-x^2), x = -oo..oo)": "sqrt(pi)",
    "int(1/x^2, x = 1..oo)": "1",
    "int(e^(-x)/sqrt(x), x = 0..oo)": "sqrt(pi)",
    "int(ln(x)/(1 + x^2), x = 0..oo)": "0",
    "int(1/(x*ln(x)^2), x = 2..oo)": "1/ln(2)",
    "int(x/(e^x - 1), x = 0..oo)": "pi^2/6",
    "int(sech(x), x = -oo..oo)": "pi",
    "sum(1/n^2, n = 1..oo)": "pi^2/6",
    "sum(1/n^(3/2), n = 1..oo)": "2.6123753486854883433",
    "sum(1/2^n, n = 0..oo)": "2",
    "sum((-1/2)^n, n = 0..oo)": "2/3",
    "sum((-1)^n/(2*n + 1), n = 0..oo)": "pi/4",
    "sum((-1)^n/n, n = 1..oo)": "-ln(2)",
    "sum(1/(n*(n + 1)), n = 1..oo)": "1",
    "sum(e^-n, n = 0..oo)": "e/(e - 1)",
    "E[ln(|z|)]": "-0.63518142273073908501",
    "E[e^(z^2/4)]": "sqrt(2)",
    "E[max(z_1, z_2)]": "1/sqrt(pi)",
    "E[relu(z)*relu(z/2 + sqrt(3)/2*z_1)]": "(sqrt(3)/2 + (pi - acos(1/2))/2)/(2*pi)",
    "E[sign(z)*sign(z + z_1)]": "1/2",
    "E[|z|*|z + z_1|]": "2/pi*(1 + asin(1/sqrt(2)))",
    "E[z*sign(z - 2*z_1)]": "sqrt(2/(5*pi))",
    "Var[relu(z)]": "1/2 - 1/(2*pi)",
}


@pytest.mark.parametrize("text", VALUES)
def test_values(text: str, functions: Functions) -> None:
    """Twelve digits of each, inside the ball."""
    found, wanted = valued(text, functions), valued(VALUES[text], functions)
    assert found.is_finite() and found.rad() < 1e-15 * (1 + abs(wanted))
    assert found.overlaps(wanted + arb(0, 1e-17))


NO_LIMIT = {
    "int(1/x, x = -1..1)": "not integrable at 0: the part from -1 to 0 is infinite",
    "int(tan(x), x = 0..2)": "not integrable at x = 1.571",
    "int(1/(cos(x) - x), x = 0..1)": "not integrable at x = 0.7391",
    "int(1/(x^2 - 2), x = 0..3)": "not integrable at x = 1.414",
    "int(cos(x), x = 0..oo)": "does not settle",
    "int(x*sin(x), x = 0..oo)": "does not settle",
    "sum((-1)^n, n = 0..oo)": "do not tend to 0",
    "1 + int(1/x, x = 1..oo)": "is infinite",
    "1/sum(1/n, n = 1..oo)": "is infinite",
}
INFINITE = {
    "int(1/x, x = 1..oo)": 1,
    "int(1/x^2, x = -1..1)": 1,
    "int(-1/(cos(x) - x)^2, x = 0..1)": -1,
    "int(ln(x), x = 1..oo)": 1,
    "int(1/(x*ln(x)), x = 2..oo)": 1,
    "-int(e^x, x = 0..oo)": -1,
    "sum(1/n, n = 1..oo)": 1,
    "sum(1/(n*ln(n)), n = 2..oo)": 1,
    "sum(sqrt(n + 1) - sqrt(n), n = 1..oo)": 1,
}
NOT_REAL = {
    "int(asin(x), x = 1..2)": "real for -1 <= u <= 1 only",
    "int(sqrt(x), x = -1..1)": "real for u >= 0 only",
    "int(0*ln(x), x = -1..1)": "real for u > 0 only",
    "sum(1/n, n = 0..oo)": "a division by 0",
    "E[1/z]": "has no mean: it is not integrable at 0",
    "E[1/(z - 2)]": "has no mean: it is not integrable at 2",
    "E[e^(z^2)]": "has no mean",
    "E[tan(z)]": "has no mean",
    "E[ln(z)]": "has no value on a part of the interval",
    "E[sqrt(-1 - z^2)]": "has no value on a part of the interval",
    "Var[1/z]": "has no mean",
}


@pytest.mark.parametrize("text", NO_LIMIT)
def test_divergence_is_found_out(text: str, functions: Functions) -> None:
    with pytest.raises(NoLimit) as reason:
        valued(text, functions)
    assert NO_LIMIT[text] in str(reason.value)


@pytest.mark.parametrize("text", INFINITE)
def test_what_is_infinite_with_one_sign_is_so(text: str, functions: Functions) -> None:
    assert valued(text, functions) == (arb.pos_inf() if INFINITE[text] > 0 else arb.neg_inf())


@pytest.mark.parametrize("text", NOT_REAL)
def test_what_has_no_value_says_why(text: str, functions: Functions) -> None:
    with pytest.raises(NotReal) as reason:
        valued(text, functions)
    assert not isinstance(reason.value, NoLimit) and NOT_REAL[text] in str(reason.value)


@pytest.mark.parametrize(
    ("statement", "outcomes"),
    [
        pytest.param("E[Phi(a*z + b)] = Phi(b/sqrt(1 + a^2))", HOLDS, id="Phi of a line"),
        pytest.param("E[z*Phi(a*z)] = a/sqrt(2*pi*(1 + a^2))", HOLDS, id="z times Phi of a line"),
        pytest.param("E[e^(a*z^2)] = 1/sqrt(1 - 2a) for a < 1/2", HOLDS, id="a condition makes it finite"),
        pytest.param(
            "E[relu(z)*relu(r*z + sqrt(1 - r^2)*z_1)] = (sqrt(1 - r^2) + r*(pi - acos(r)))/(2*pi) for -1 < r < 1",
            HOLDS, id="the arc-cosine kernel",
        ),
        pytest.param("E[z*tanh(z)] = E[1 - tanh(z)^2]", HOLDS, id="Stein's identity"),
        pytest.param("E[z*tanh(a*z)] = a*E[1 - tanh(a*z)^2]", HOLDS, id="Stein's identity with a parameter"),
        pytest.param("E[z*sign(z)] = 0", (Outcome.REFUTED,), id="a jump has no place in Stein's identity"),
        pytest.param("E[sin(z_1 - z_2)] = 0", HOLDS, id="an exchange of variables"),
        pytest.param("E[ln(|z|)*sign(z)] = 0", HOLDS, id="odd and integrable"),
        pytest.param("E[1/z] = 0", (Outcome.INVALID,), id="odd and not integrable"),
        pytest.param("E[z/a] = 0 for a > 0", HOLDS, id="odd with a parameter"),
        pytest.param("z*E[tanh(z)] = z*E[cos(z)]", (Outcome.REFUTED,), id="a free z is not the bound one"),
        pytest.param("int(1/x, x = 1..oo) = oo", HOLDS, id="an infinite integral"),
        pytest.param("int(1/x, x = 1..oo) = 0", (Outcome.REFUTED,), id="an infinite integral is no number"),
        pytest.param("sum(1/n, n = 1..oo) = oo", HOLDS, id="the harmonic series"),
        pytest.param("int(acos(x), x = 0..1) = 1", HOLDS, id="no branch cut is crossed"),
        pytest.param("int(asin(x), x = 1..2) > 1", (Outcome.INVALID,), id="no real integrand"),
        pytest.param("E[ln(|z|)] < 0", HOLDS, id="a logarithmic pole"),
    ],
)  # fmt: skip
def test_statements(statement: str, outcomes: tuple[Outcome, ...], functions: Functions) -> None:
    assert judge(read_statement(statement, functions.names), functions, 20).outcome in outcomes


# ---- by construction -----------------------------------------------------------------------------

Row = tuple[str, Callable[[object], object], tuple[Fraction, ...], tuple[Fraction | None, Fraction | None], int]


def row(dice: random.Random) -> Row:
    """A term around p: its text, its function, where it is singular, its domain, and +-2 for a pole of even order,
    +-1 for one of odd order, with the sign on the right."""
    p = Fraction(dice.randint(-8, 8), dice.choice([1, 2, 3, 4]))
    c = Fraction(dice.choice([-3, -1, 1, 2]), dice.choice([1, 2, 3]))
    at, by = mpmath.mpf(p.numerator) / p.denominator, mpmath.mpf(c.numerator) / c.denominator
    u, line, sign = f"(x - ({p}))", (None, None), 1 if c > 0 else -1
    rows: list[
        tuple[str, Callable[..., object], tuple[Fraction, ...], tuple[Fraction | None, Fraction | None], int]
    ] = [
        (f"1/{u}", lambda x: 1 / (x - at), (p,), line, sign),
        (f"1/{u}^2", lambda x: (x - at) ** -2, (p,), line, 2 * sign),
        (f"|{u}|^(-1/2)", lambda x: abs(x - at) ** -0.5, (p,), line, 0),
        (f"ln(|{u}|)", lambda x: mpmath.log(abs(x - at)), (p,), line, 0),
        (f"sqrt({u})", lambda x: mpmath.sqrt(x - at), (p,), (p, None), 0),
        (f"asin({u})", lambda x: mpmath.asin(x - at), (p - 1, p + 1), (p - 1, p + 1), 0),
        (f"acosh({u})", lambda x: mpmath.acosh(x - at), (p + 1,), (p + 1, None), 0),
        (f"atanh({u})", lambda x: mpmath.atanh(x - at), (p - 1, p + 1), (p - 1, p + 1), 0),
        (f"sign({u})", lambda x: mpmath.sign(x - at), (p,), line, 0),
        (f"cbrt({u})", lambda x: mpmath.sign(x - at) * mpmath.cbrt(abs(x - at)), (p,), line, 0),
        (f"sin({u})/{u}", lambda x: mpmath.sinc(x - at), (p,), line, 0),
        (f"max(x, {p})*cos(x)", lambda x: max(x, at) * mpmath.cos(x), (p,), line, 0),
        ("e^(-x^2)*tanh(3*x)", lambda x: mpmath.exp(-x * x) * mpmath.tanh(3 * x), (), line, 0),
    ]
    text, function, places, domain, pole = dice.choice(rows)
    return f"({c})*{text}", lambda x: by * function(x), places, domain, pole


@pytest.mark.slow
def test_integrals_with_known_truth(functions: Functions) -> None:
    """Sums of terms with poles, kinks, jumps and cuts: the value, the sign of infinity, or that there is none."""
    dice = random.Random(11)
    decided = 0
    for _ in range(120 * FACTOR):
        rows = [row(dice) for _ in range(dice.randint(1, 3))]
        a = Fraction(dice.randint(-6, 6), dice.choice([1, 2]))
        b = a + Fraction(dice.randint(1, 8), dice.choice([1, 2, 4]))
        poles = [places[0] for _, _, places, _, pole in rows if pole]
        if len(set(poles)) < len(poles):
            continue
        text = f"int({' + '.join(one[0] for one in rows)}, x = {a}..{b})"
        wanted = truth(rows, a, b)
        try:
            found = valued(text, functions)
        except NoLimit:
            assert wanted == {-1, 1}, text
        except NotReal:
            assert wanted is None, text
        except NotEvaluable:
            continue
        else:
            assert wanted is not None and len(wanted) < 2, text
            if wanted:
                assert found == arb.pos_inf() * max(wanted), text
            else:
                assert abs(float(found.mid()) - by_mpmath(rows, a, b)) < 1e-6 * (1 + abs(float(found.mid()))), text
        decided += 1
    assert decided > 90 * FACTOR


def truth(rows: list[Row], a: Fraction, b: Fraction) -> set[int] | None:
    """The signs of the infinite parts; None where the integrand has no value on a part of the interval."""
    signs: set[int] = set()
    for _, _, places, (low, high), pole in rows:
        if (low is not None and a < low) or (high is not None and b > high):
            return None
        if pole and a <= places[0] <= b:
            right = 1 if pole > 0 else -1
            signs |= {right} if places[0] < b else set()
            signs |= {right if abs(pole) == 2 else -right} if places[0] > a else set()
    return signs


def by_mpmath(rows: list[Row], a: Fraction, b: Fraction) -> float:
    cuts = sorted({a, b, *(place for one in rows for place in one[2] if a < place < b)})
    with mpmath.workdps(25):
        exact = [mpmath.mpf(cut.numerator) / cut.denominator for cut in cuts]
        return float(mpmath.quad(lambda x: sum(one[1](x) for one in rows), exact, maxdegree=8))

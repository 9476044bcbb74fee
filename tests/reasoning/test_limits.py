"""Limits: exact where they exist, refuted with the reason where they do not, and no word where it cannot be told."""

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.course.lessons import Course
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import Balls, NoLimit, NotReal, ball, precision
from dlteach.notation.reader import read, read_statement
from dlteach.notation.tree import Constant, Expr, Limit, Negative, Symbol, substitute, symbols
from dlteach.reasoning.deciding.judge import judge
from dlteach.reasoning.enclosing.evaluate import Evaluator
from tests.laws import law
from tests.notation.trees import elementary

TRUE = """
lim(sin(x)/x, x -> 0) = 1
lim((1 - cos(x))/x^2, x -> 0) = 1/2
lim((tanh(x) - x)/x^3, x -> 0) = -1/3
lim((e^x - 1 - x)/x^2, x -> 0) = 1/2
lim((sinc(x) - 1)/x^2, x -> 0) = -1/6
lim(ln(1 + x)/x, x -> 0) = 1
lim(x*ln(x), x -> 0+) = 0
lim(x^x, x -> 0+) = 1
lim(0^x, x -> 0+) = 0
lim((3^(1/x) + 5^(1/x))^x, x -> 0+) = 5
lim((1 + 1/n)^n, n -> oo) = e
lim(1/x^2, x -> 0) = oo
lim(-1/x^2, x -> 0) = -oo
lim(e^x*(1/x - atan(2/x)), x -> oo) = -oo
lim(acos(x)^2/(1 - x), x -> 1-) = 2
lim((sqrt(x) - 2)/(x - 4), x -> 4) = 1/4
lim(sqrt(x^2 + x) - x, x -> oo) = 1/2
lim(cos(x)^(1/x^2), x -> 0) = e^(-1/2)
lim(x*sin(1/x), x -> 0) = 0
lim(sin(x)/x, x -> oo) = 0
lim(x + sin(x), x -> oo) = oo
lim(floor(x)/x, x -> oo) = 1
lim(floor(x), x -> 1-) = 0
lim(tan(x), x -> pi/2-) = oo
lim({sin(x)/x if x != 0; 0 otherwise}, x -> 0) = 1
lim((1 - Phi(x))*x/phi(x), x -> oo) = 1
lim(x - gelu(x), x -> oo) = 0
lim(swish(x, b), b -> oo) = relu(x)
lim(tanh(a*x), a -> oo) = sign(x)
lim(a^n, n -> oo) = 0 for 0 < a < 1
lim(a^n, n -> oo) = oo for a > 1
lim(x^n*e^-x, x -> oo) = 0 for n > 0
lim((1 - a^n)/(1 - a), n -> oo) = 1/(1 - a) for 0 < a < 1
lim((1 + a/n)^n, n -> oo) = e^a
lim(sin(a*x)/x, x -> 0) = a
lim((x^a - 1)/a, a -> 0) = ln(x) for x > 0
lim(ln(e^(t*a) + e^(t*b))/t, t -> oo) = max(a, b)
lim(((x + h)^2 - x^2)/h, h -> 0) = 2x
lim(sin(pi*n), n -> oo) = 0 for n integer
lim((-1)^n/n, n -> oo) = 0 for n integer
"""
WITHOUT = """
lim(1/x, x -> 0) = oo | from the left it tends to -oo, from the right to oo
lim(sign(x), x -> 0) = 0 | from the left it tends to -1, from the right to 1
lim(floor(x), x -> 1) = 1 | from the left it tends to 0, from the right to 1
lim(1/(1 + e^(1/x)), x -> 0) = 0 | from the left it tends to 1, from the right to 0
lim(acot(x), x -> 0) = 0 | from the left it tends to -pi/2, from the right to pi/2
lim(sin(x), x -> oo) = 0 | along x = 2pi*k it tends to 0, along x = 2pi*k + pi/2 to 1
lim(sin(1/x), x -> 0) = 0 | it has no limit
lim(x - floor(x), x -> oo) = 0 | along x = k it tends to 0, along x = k + 1/2 to 1/2
lim(cos(pi*n), n -> oo) = 1 for n integer | along n = 2k it tends to 1, along n = 2k + 1 to -1
lim((-2)^n, n -> oo) = 0 for n integer | along n = 2k it tends to oo, along n = 2k + 1 to -oo
lim(x*sin(x), x -> oo) = oo | it has no limit
lim(sqrt(-x)/x, x -> oo) = 0 | far out it has no value
lim(ln(x), x -> -1) = 0 | it has no value
"""
UNTOLD = """
lim(sqrt(x), x -> 0) = 1
lim((-1)^n/n, n -> oo) = 1
lim(f(x), x -> 0) = f(0)
lim(sin(n), n -> oo) = 0 for n integer
lim(a*x, x -> oo) = 0
lim(e^-x*tan(x), x -> oo) = 0
"""


@pytest.mark.parametrize("statement", TRUE.strip().splitlines())
def test_limits_are_proved(statement: str, functions: Functions) -> None:
    assert judge(read_statement(statement, functions.names), functions, 20.0).outcome is Outcome.PROVED


@pytest.mark.parametrize("line", WITHOUT.strip().splitlines())
def test_what_has_no_limit_is_refuted_with_the_reason(line: str, functions: Functions) -> None:
    statement, reason = (part.strip() for part in line.split("|"))
    verdict = judge(read_statement(statement, functions.names), functions, 20.0)
    assert verdict.outcome is Outcome.REFUTED
    assert reason in verdict.evidence


@pytest.mark.parametrize("statement", UNTOLD.strip().splitlines())
def test_what_cannot_be_told_is_not_settled(statement: str, functions: Functions) -> None:
    outcome = judge(read_statement(statement, functions.names), functions, 3.0).outcome
    assert outcome in (Outcome.UNDECIDED, Outcome.SAMPLED)


@pytest.mark.parametrize("statement", [line.replace(" = ", " = 1/7 + ") for line in TRUE.strip().splitlines()[:7]])
def test_another_value_is_refuted(statement: str, functions: Functions) -> None:
    assert judge(read_statement(statement, functions.names), functions, 20.0).outcome is Outcome.REFUTED


@pytest.mark.parametrize("statement", ["lim(a^n, n -> oo) = 0 for a > 0", "lim(x^a, x -> 0+) = 0 for a >= 0"])
def test_a_parameter_decides_by_its_sign(statement: str, functions: Functions) -> None:
    """a^n goes to 0 only for |a| < 1, x^a for a > 0: one value of the parameter refutes."""
    verdict = judge(read_statement(statement, functions.names), functions, 20.0)
    assert verdict.outcome is Outcome.REFUTED
    assert verdict.witness


WAYS = {  # a place, and a point as near to it as 10^-k (as far out as 10^k)
    "oo": lambda k: Fraction(10**k),
    "-oo": lambda k: -Fraction(10**k),
    "0+": lambda k: Fraction(1, 10**k),
    "1-": lambda k: 1 - Fraction(1, 10**k),
}


@given(elementary, st.sampled_from(sorted(WAYS)))
@law(150)
def test_values_come_near_the_limit(expr: Expr, way: str) -> None:
    """Balls with thousands of digits, which share nothing with expansions, see the values go where the limit is."""
    functions = Course().functions
    expr = substitute(expr, {name: Symbol("x") for name in symbols(expr)})
    infinity = Constant("oo")
    point = {"oo": infinity, "-oo": Negative(infinity)}.get(way) or read(way[0])
    side = way[1] if len(way) == 2 and way != "oo" else ""
    try:
        end: arb | NoLimit = Evaluator(functions.definitions)(Limit(expr, Symbol("x"), point, side), {})
    except NoLimit as reason:
        end = reason
    except (NotEvaluable, OverflowError):
        return
    with precision(4000):
        seen = [value for k in (6, 30, 300) if (value := _at(expr, WAYS[way](k), functions)) is not None]
    if isinstance(end, NoLimit):
        assert "no value" not in str(end) or not seen
    elif len(seen) == 3 and end.is_finite():
        assert abs(seen[2] - end) < arb("0.3") * (1 + abs(end)) or abs(seen[2] - end) < abs(seen[0] - end)
    elif len(seen) == 3:
        assert seen[2] * end > 0


def _at(expr: Expr, x: Fraction, functions: Functions) -> arb | None:
    try:
        value = Balls(functions.definitions)(expr, {"x": ball(x)})
    except (NotReal, NotEvaluable, OverflowError):
        return None
    return value if value.is_finite() else None

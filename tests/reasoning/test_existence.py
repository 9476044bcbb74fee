"""Existence: what has a mean, what is continuous on an interval, where each part has a value."""

import pytest

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.reader import read, read_conditions
from dlteach.notation.tree import Statement
from dlteach.reasoning.algebra.domains import REAL, obligations
from dlteach.reasoning.deciding.existence import continuous_on, defined, integrable
from dlteach.reasoning.deciding.judge import judge
from dlteach.reasoning.deciding.verdicts import Verdict


def asked(functions: Functions):  # type: ignore[no-untyped-def]
    def ask(statement: Statement) -> Verdict:
        return judge(statement, functions, 2.0)

    return ask


@pytest.mark.parametrize(
    ("integrand", "given_", "has_a_mean"),
    [
        ("gelu(a*z + b)", "", True),
        ("relu(z)^2*z_1", "", True),
        ("e^(z^2/3)", "", True),
        ("e^(a*z^2)", "a < 1/2", True),
        ("e^(5*z)*cosh(3*z)", "", True),
        ("ln(1 + e^z)", "", True),
        ("floor(z)", "", True),
        ("1/(1 + z^2)", "", True),
        ("e^(z^2/2)", "", False),
        ("e^(a*z^2)", "a <= 1", False),
        ("e^(z^4)", "", False),
        ("1/z", "", False),
        ("ln(z)", "", False),
        ("tan(z)", "", False),
        ("sqrt(-1 - z^2)", "", False),
        ("f(z)", "", False),
        ("e^(z^2/4)*e^(z^2/4)", "", False),
        ("{1/z if z > 0; 0 otherwise}", "", False),
        ("{1/(z_1 + z_2)^3 if z_1 > 0; 0 otherwise}", "", False),
        ("{{1/(z_1 + z_2)^3 if z_2 > 0; 0 otherwise} if z_1 > 0; 0 otherwise}", "", False),
        ("e^(z_1*z_2)", "", False),
    ],
)
def test_a_mean_is_shown_to_exist_or_not(integrand: str, given_: str, has_a_mean: bool, functions: Functions) -> None:
    expr = read(integrand, functions.names)
    noise = {name for name in ("z", "z_1", "z_2") if name in integrand}
    conditions = read_conditions(given_) if given_ else ()
    assert integrable(expr, noise, conditions, asked(functions), functions.definitions).holds is has_a_mean


@pytest.mark.parametrize(
    ("text", "lower", "upper", "outcome"),
    [
        ("1/t^2", "1", "2", Outcome.PROVED),
        ("1/t^2", "-1", "x", Outcome.REFUTED),
        ("1/t^2", "-1", "1", Outcome.REFUTED),
        ("tan(t)", "-1", "1", Outcome.PROVED),
        ("atan(tan(t/2)/sqrt(3))", "0", "4", Outcome.REFUTED),
        ("heaviside(t - 123456)", "0", "10^6", Outcome.REFUTED),
        ("heaviside(t - 123456)", "0", "1000", Outcome.PROVED),
        ("sqrt(t)", "0", "1", Outcome.PROVED),
        ("sinc(t)", "-1", "1", Outcome.PROVED),
    ],
)
def test_continuity_on_a_closed_interval(
    text: str, lower: str, upper: str, outcome: Outcome, functions: Functions
) -> None:
    expr, a, b = read(text, functions.names), read(lower), read(upper)
    found = continuous_on(expr, "t", a, b, (), asked(functions), functions.definitions)
    assert found.outcome is outcome, found


@pytest.mark.parametrize(
    ("text", "given_", "outcome"),
    [
        ("1/x", "x > 0", Outcome.PROVED),
        ("1/x", "x >= 0", Outcome.REFUTED),
        ("0*ln(x)", "", Outcome.REFUTED),
        ("(1/x)^0", "", Outcome.REFUTED),
        ("{1/x if x > 0; ln(1 - x) otherwise}", "", Outcome.PROVED),
        ("{1 if x > 0; 2 if x < 0}", "", Outcome.REFUTED),
        ("sum(1/i, i = 1..n)", "n integer, n >= 1", Outcome.PROVED),
        ("sum(1/(i - 3), i = 1..5)", "", Outcome.REFUTED),
        ("sum(i, i = 1..n)", "", Outcome.REFUTED),
        ("E[z^2*x]", "", Outcome.PROVED),
        ("f(x)", "", Outcome.UNDECIDED),
        ("lim(f(t), t -> x)", "", Outcome.UNDECIDED),
        ("x^n", "n integer, n >= 0", Outcome.PROVED),
        ("x^a", "x > 0", Outcome.PROVED),
    ],
)
def test_every_part_has_a_value_or_there_is_a_point(
    text: str, given_: str, outcome: Outcome, functions: Functions
) -> None:
    conditions = read_conditions(given_) if given_ else ()
    found = defined(read(text, functions.names), conditions, asked(functions), functions.definitions)
    assert found.outcome is outcome, found


def test_a_bound_name_is_not_confused_with_a_free_one(functions: Functions) -> None:
    """The i of the sum is not that of the conditions."""
    conditions = read_conditions("i < 0")
    found = defined(read("sum(sqrt(i), i = 0..n)"), (*conditions, *read_conditions("n integer, n >= 0")),
                    asked(functions), functions.definitions)  # fmt: skip
    assert found.holds, found


def test_what_no_row_knows_cannot_be_discharged(functions: Functions) -> None:
    for text in ("f(x)", "g'(x)", "oo*x", "lim(1/t, t -> x)", "sup(t*x, t in [0, 1])", "sum(x^i, i = 0..oo)"):
        assert any(owed.relation is None for owed in obligations(read(text), REAL, functions.definitions)), text

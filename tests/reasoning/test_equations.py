"""Equations by calculus: what the fundamental theorem and induction prove, and what they must leave alone."""

from __future__ import annotations

import pytest

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.reader import read_statement
from dlteach.reasoning.deciding.judge import judge
from dlteach.reasoning.deciding.proofs import How

HOLDS = (Outcome.PROVED, Outcome.ENCLOSED)


@pytest.mark.parametrize(
    ("statement", "how"),
    [
        pytest.param("int(t, t = 0..x) = x^2/2", How.FUNDAMENTAL, id="on the whole line"),
        pytest.param("int(1/t, t = 1..x) = ln(x)", How.FUNDAMENTAL, id="where the right side has a value"),
        pytest.param("int(1/t^2, t = -1..x) = -1/x - 1 for x < 0", How.FUNDAMENTAL, id="on the near side of a pole"),
        pytest.param("int(phi(t), t = -oo..x) = Phi(x)", How.FUNDAMENTAL, id="from minus infinity"),
        pytest.param("int(relu(t), t = 0..x) = relu(x)^2/2", How.FUNDAMENTAL, id="over a kink"),
        pytest.param("int(heaviside(t), t = -1..x) = relu(x)", How.FUNDAMENTAL, id="over a jump of the integrand"),
        pytest.param("int(sign(t), t = 0..x) = |x|", How.FUNDAMENTAL, id="both ways from a jump"),
        pytest.param("int(e^(a*t), t = 0..x) = (e^(a*x) - 1)/a", How.FUNDAMENTAL, id="with a parameter"),
        pytest.param(
            "int(1/(2 + cos(t)), t = 0..x) = 2/sqrt(3)*atan(tan(x/2)/sqrt(3)) for x in [0, 3]",
            How.FUNDAMENTAL,
            id="before the primitive jumps",
        ),
        pytest.param("sum(i, i = 1..n) = n*(n + 1)/2", How.INDUCTION, id="a sum of whole numbers"),
        pytest.param("sum(r^i, i = 0..n) = (1 - r^(n + 1))/(1 - r)", How.INDUCTION, id="a geometric sum"),
        pytest.param("sum(i^2, i = 3..n) = n*(n + 1)*(2n + 1)/6 - 5", How.INDUCTION, id="from a later start"),
        pytest.param("sum(1/(i*(i + 1)), i = 1..n) = n/(n + 1)", How.INDUCTION, id="a telescoping sum"),
    ],
)
def test_calculus_proves(statement: str, how: How, functions: Functions) -> None:
    verdict = judge(read_statement(statement, functions.names), functions)
    assert (verdict.outcome, verdict.how) == (Outcome.PROVED, how)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("int(1/t^2, t = -1..x) = -1/x - 1", id="across a pole"),
        pytest.param("int(1/(2 + cos(t)), t = 0..x) = 2/sqrt(3)*atan(tan(x/2)/sqrt(3))", id="the primitive jumps"),
        pytest.param("int(floor(t), t = 0..x) = x*floor(x)", id="equal slopes, but jumps"),
        pytest.param("int(cos(t), t = 0..x) = {sin(x) if x < 1; sin(x) + 1/1000 otherwise}", id="a step at 1"),
        pytest.param("int(2*t, t = 0..x) = x^2 + 7 + 0*sqrt(x - 9)", id="no value at the lower end"),
        pytest.param("int(1/t, t = -1..x) = ln(|x|)", id="across the pole of a logarithm"),
        pytest.param("int(1/t, t = -1..x) = ln(|x|) for x > 0", id="beyond the pole of a logarithm"),
        pytest.param("sum(i/i, i = 0..n) = n + 1", id="the first term has no value"),
        pytest.param("sum(i, i = 1..n) = n*(n + 1)/2 + 0*sqrt(5 - n)^2 + (n - 3)*0/(n - 3) + 1", id="off by one"),
        pytest.param("sum(1/(i - 3), i = 4..n) = sum(1/i, i = 1..n - 3) + 1", id="two sums that differ by 1"),
        pytest.param("sum(i, i = 1..n) = n*(n + 1)/2 for n < 0", id="below the empty sum"),
    ],
)
def test_calculus_does_not_prove(statement: str, functions: Functions) -> None:
    assert judge(read_statement(statement, functions.names), functions).outcome not in HOLDS

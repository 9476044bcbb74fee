"""Verdicts: nothing false is proved, nothing true is refuted, and every refutation shows its point."""

import pytest
from hypothesis import assume, given

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.course.lessons import Course
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import evaluate as ball_of
from dlteach.notation.balls import precision
from dlteach.notation.reader import read, read_conditions, read_statement
from dlteach.notation.tree import Expr, Negative, Number, Sum, rebuilt, symbols
from dlteach.reasoning.deciding.judge import Verdict, equal, judge, value_of
from dlteach.reasoning.worker import starts
from dlteach.reasoning.worker.process import WORKER, Overrun
from tests.laws import law
from tests.notation.trees import elementary
from tests.reasoning.pairs import DIFFERENT, EQUAL


def compared(a: str, b: str, given_: str, functions: Functions) -> Verdict:
    conditions = read_conditions(given_, functions.names) if given_ else ()
    return equal(read(a, functions.names), read(b, functions.names), conditions, functions)


@pytest.mark.parametrize(("a", "b", "given_"), EQUAL)
def test_equal_pairs_are_proved(a: str, b: str, given_: str, functions: Functions) -> None:
    assert compared(a, b, given_, functions).outcome is Outcome.PROVED


@pytest.mark.parametrize(("a", "b", "given_"), DIFFERENT)
def test_different_pairs_are_refuted_with_a_point(a: str, b: str, given_: str, functions: Functions) -> None:
    verdict = compared(a, b, given_, functions)
    assert verdict.outcome is Outcome.REFUTED
    assert verdict.values[0] != verdict.values[1]
    point = {name: read(value) for name, value in verdict.witness.items()}
    for side, shown in zip((a, b), verdict.values, strict=True):
        names = symbols(read(side, functions.names))
        exact = value_of(read(side, functions.names), {n: _rational(point[n]) for n in names}, functions, 15)
        assert float(exact) == pytest.approx(float(shown), rel=1e-12)


def _rational(expr: Expr):  # type: ignore[no-untyped-def]
    from dlteach.notation.tree import literal

    return literal(expr)


def test_the_simplest_point_comes_first(functions: Functions) -> None:
    assert compared("x^2", "x", "", functions).witness == {"x": "-1"}
    assert compared("x^2", "2x", "x > 0", functions).witness == {"x": "1"}


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        ("phi(x) > 0", Outcome.PROVED),
        ("sigmoid'(x) <= 1/4", Outcome.PROVED),
        ("relu(x) >= 0", Outcome.PROVED),
        ("relu(x) >= x", Outcome.PROVED),
        ("x^2 + 1 > 0", Outcome.PROVED),
        ("pi ~= 3.14159 +- 1e-5", Outcome.ENCLOSED),
        ("gelu(x) <= relu(x)", Outcome.PROVED),
        ("|gelu(x) - gelu_tanh(x)| < 4.74e-4", Outcome.ENCLOSED),
        ("|gelu(x) - gelu_tanh(x)| < 4.7e-4", Outcome.REFUTED),
        ("gelu(x) >= 0", Outcome.REFUTED),
        ("pi ~= 3.1415 +- 1e-5", Outcome.REFUTED),
        ("odd(tanh)", Outcome.PROVED),
        ("even(phi)", Outcome.PROVED),
        ("odd(gelu)", Outcome.REFUTED),
        ("lim(gelu(x), x -> -oo) = 0", Outcome.PROVED),
        ("int(e^-t, t = 0..1) = 1 - 1/e", Outcome.PROVED),
        ("int(e^-t, t = 0..1) = 1/2", Outcome.REFUTED),
        ("E[z^2] = 1", Outcome.PROVED),
        ("d/dx (f(g(x))) = f'(g(x))*g'(x)", Outcome.PROVED),
        ("sqrt(-1 - x^2) = 1", Outcome.INVALID),
        ("sqrt(x - 1000)^2 = x - 1000", Outcome.PROVED),
        ("sqrt(x - 1000)^2 = x - 999", Outcome.REFUTED),
        ("ln(-x^2) = ln(-x^2)", Outcome.INVALID),
        ("0.333333333333333 = 1/3", Outcome.REFUTED),
        ("sin(x) = sin(x) + 1e-18", Outcome.REFUTED),
        ("convex(relu)", Outcome.PROVED),
        ("f(x) = g(x)", Outcome.REFUTED),
        ("f(x) = f(-x) for x = 0", Outcome.PROVED),
    ],
)
def test_statements_get_an_honest_word(statement: str, outcome: Outcome, functions: Functions) -> None:
    assert judge(read_statement(statement, functions.names), functions).outcome is outcome


def test_a_definition_among_the_conditions_is_carried_out(functions: Functions) -> None:
    true = "(a - m)^2 + (b - m)^2 = (a - b)^2/2 for m = (a + b)/2"
    assert judge(read_statement(true, functions.names), functions).outcome is Outcome.PROVED


def mutated(expr: Expr, which: int) -> Expr:
    """`expr` with its `which`-th number made larger, or 1 added where there is none."""
    seen = 0

    def visit(node: Expr) -> Expr:
        nonlocal seen
        if isinstance(node, Number):
            seen += 1
            return Number(node.value + 1, str(node.value + 1)) if seen == which else node
        return rebuilt(node, visit)

    changed = visit(expr)
    return changed if changed != expr else Sum((expr, Number(read("1").value, "1")))  # type: ignore[attr-defined]


def certainly_different(a: Expr, b: Expr) -> bool:
    """Whether balls exclude equality at one of a few points: a fact that no proof may contradict."""
    from fractions import Fraction

    for x in (Fraction(1, 3), Fraction(-2, 7), Fraction(5, 2), Fraction(-3), Fraction(0)):
        env = {name: x + i for i, name in enumerate(sorted(symbols(a) | symbols(b)))}
        try:
            with precision(160):
                left, right = ball_of(a, env, {}), ball_of(b, env, {})
        except NotEvaluable:
            continue
        if left.is_finite() and right.is_finite() and not left.overlaps(right):
            return True
    return False


def proved_equal(a: Expr, b: Expr) -> bool:
    try:
        shown = WORKER.ask("algebra.normal:vanishes", Sum((a, Negative(b))), (), {}, seconds=2.0)
    except Overrun:
        return False
    return shown is not None and shown.cases > 0


def test_a_negative_base_has_real_powers_at_integers() -> None:
    """Found by the law below: (-1)^x and (-2)^x were both taken to be nowhere real."""
    assert not proved_equal(read("(-1)^x"), read("(-2)^x"))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param("sign(((x - 0.538)^2)^(1/3))", "1", id="a power that is zero at one point"),
        pytest.param("sqrt(x^2*y)", "{|x|*sqrt(y) if y >= 0; 5 otherwise}", id="a root that is real on a line"),
        pytest.param("{1 if x = 0.538; x otherwise}", "x", id="a piecewise that differs at one point"),
        pytest.param("x/x", "{1 if x != 0; 1 if x < 1}", id="nothing to show where a side is not real"),
    ],
)
def test_single_points_are_cases_of_their_own(a: str, b: str) -> None:
    assert proved_equal(read(a), read(b)) == (a == "x/x")


@given(elementary)
@law(250)
def test_nothing_false_is_ever_proved(expr: Expr) -> None:
    for which in (1, 2):
        other = mutated(expr, which)
        if certainly_different(expr, other):
            assert not proved_equal(expr, other)


@given(elementary)
@law(150)
def test_nothing_true_is_ever_refuted(expr: Expr) -> None:
    functions = Course().functions
    rewritten = Sum((Sum((expr, expr)), Negative(expr)))
    verdict = equal(rewritten, expr, (), functions, seconds=0.2)
    assume(verdict.outcome is not Outcome.INVALID)
    assert verdict.outcome is not Outcome.REFUTED


@pytest.mark.parametrize(
    ("text", "digits", "value"),
    [
        ("gelu(1.5)", 30, "1.39978919809671290099325893853"),
        ("pi", 20, "3.1415926535897932385"),
        ("gelu'(0)", 10, "0.5"),
        ("sin(pi)", 10, "0"),
        ("1/4", 5, "0.25"),
        ("(1 + tanh(1e-30) - 1)*1e30", 10, "1"),
    ],
)
def test_values_are_exact_to_the_digits_asked(text: str, digits: int, value: str, functions: Functions) -> None:
    assert value_of(read(text, functions.names), {}, functions, digits) == value


def test_without_a_worker_answers_are_judged_by_evaluation_and_that_is_said(
    functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    WORKER.stop()
    monkeypatch.setattr(starts, "FORKS", False)
    monkeypatch.setattr("sys.executable", "")  # no interpreter that could be started instead
    same = judge(read_statement("tanh(x) = 2*sigmoid(2x) - 1", functions.names), functions)
    assert same.outcome is Outcome.SAMPLED and "no worker process can be started" in same.evidence
    other = judge(read_statement("tanh(x) = sigmoid(2x)", functions.names), functions)
    assert other.outcome is Outcome.REFUTED


def test_a_high_power_is_no_obstacle(functions: Functions) -> None:
    import time

    start = time.monotonic()
    verdict = equal(read("(x - a)^6000"), read("(x - a)^5999"), (), functions)
    assert verdict.outcome is Outcome.REFUTED and time.monotonic() - start < 2

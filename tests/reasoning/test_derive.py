"""Derivations: named steps, and three witnesses for every function of the course."""

from math import isfinite

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dlteach.course.functions import Functions
from dlteach.course.lessons import Course
from dlteach.notation.floats import evaluate
from dlteach.notation.reader import read
from dlteach.notation.show import show
from dlteach.notation.tree import Call, Derivative, Expr, walk
from dlteach.reasoning.deriving.cross_checks import by_numbers, checks, kinks
from dlteach.reasoning.deriving.derive import CannotDerive, Derivation, derive, lemma_holds, opened, subject
from dlteach.reasoning.deriving.rules import OUTER
from tests.laws import law

NAMES = sorted(Course().functions)


def derived(text: str, functions: Functions, variable: str = "", order: int = 1) -> Derivation:
    expr, name = subject(text, functions, variable)
    return derive(expr, name, functions, order)


@pytest.mark.parametrize("name", NAMES)
def test_every_named_function_derives_with_named_and_checked_steps(name: str, functions: Functions) -> None:
    made = derived(name, functions)
    assert all(step.rule.name and step.before != step.after for step in made.steps)
    assert not any(isinstance(node, Derivative) for node in walk(made.result))
    assert [check.says for check in checks(made, functions, 5.0) if check.holds is not True] == []


@pytest.mark.parametrize("name", [name for name in NAMES if Course().functions[name].lemma is not None])
def test_every_lemma_is_proved_from_its_definition(name: str, functions: Functions) -> None:
    assert lemma_holds(name, functions)


@pytest.mark.parametrize("name", sorted(OUTER))
def test_every_row_of_the_table_agrees_with_a_numeric_derivative(name: str, functions: Functions) -> None:
    expr = Call(name, (read("x/3 + 1/2"),))
    made = derive(expr, "x", functions)
    h = 1e-6
    numeric = {
        x: (evaluate(expr, {"x": x + h}, {}) - evaluate(expr, {"x": x - h}, {})) / (2 * h)
        for x in (-4.7, -4.0, -0.6, 0.3, 0.9, 2.5, 4.0, 5.1)
    }
    inside = {x: slope for x, slope in numeric.items() if isfinite(slope)}
    assert len(inside) >= 3
    for x, slope in inside.items():
        assert evaluate(made.result, {"x": x}, {}) == pytest.approx(slope, rel=1e-4, abs=1e-7)


@pytest.mark.parametrize(
    ("text", "result", "rules"),
    [
        ("3", "0", ["constant"]),
        ("x", "1", ["identity"]),
        ("x^3", "3x^2", ["power rule"]),
        ("5x", "5", ["constant factor", "identity", "simplify"]),
        ("x^2 + x", "2x + 1", ["sum rule", "power rule", "identity"]),
        ("x*e^x", "e^x + x*e^x", ["product rule", "identity", "exponential", "simplify"]),
        ("gelu", "Phi(x) + x*phi(x)", ["definition", "product rule", "identity", "derivative of Phi", "simplify"]),
        ("ln(1 + e^x)", "e^x/(1 + e^x)", None),
        ("2^x", "2^x*ln(2)", None),
        ("x^x", "x^x*(ln(x) + 1)", None),
        ("x/(1 + x)", "1/(1 + x)^2", None),
    ],
)
def test_results_and_the_names_of_the_rules(
    text: str, result: str, rules: list[str] | None, functions: Functions
) -> None:
    made = derived(text, functions)
    assert by_numbers(made, functions).holds
    if rules is None:
        assert all(
            evaluate(made.result, {"x": x}, {}) == pytest.approx(evaluate(read(result), {"x": x}, {}))
            for x in (0.5, 1.5)
        )
    else:
        assert show(made.result) == result
        assert [step.rule.name for step in made.steps] == rules


def test_the_chain_rule_is_named_with_the_outer_function(functions: Functions) -> None:
    rules = [step.rule.name for step in derived("tanh(x^2)", functions).steps]
    assert rules[0] == "chain rule: hyperbolic tangent"


def test_undefined_functions_keep_their_primes(functions: Functions) -> None:
    assert show(derived("f(g(x))", functions).result) == "f'(g(x))*g'(x)"


def test_higher_orders_and_partial_derivatives(functions: Functions) -> None:
    assert show(derived("x^4", functions, order=3).result) == "24x"
    assert show(derived("x^2*y^3", functions, "y").result) == "3x^2*y^2"


def test_kinks_have_both_one_sided_slopes(functions: Functions) -> None:
    assert [(k.at, k.left, k.right) for k in kinks(derived("relu", functions), functions)] == [("0", "0", "1")]
    assert [(k.at, k.left, k.right) for k in kinks(derived("leaky_relu", functions), functions)] == [("0", "a", "1")]
    assert [(k.at, k.left, k.right) for k in kinks(derived("hardtanh", functions), functions)] == [
        ("-1", "0", "1"),
        ("1", "1", "0"),
    ]
    assert kinks(derived("elu(x, 1)", functions), functions) == ()
    assert kinks(derived("softsign", functions), functions) == ()


def test_a_wrong_derivative_does_not_get_past_the_numeric_witness(functions: Functions) -> None:
    made = derived("gelu", functions)
    wrong = Derivation(made.expression, made.variable, 1, made.steps, read("Phi(x) + 1.0001*x*phi(x)"), ())
    assert by_numbers(wrong, functions).holds is False


def test_a_false_lemma_is_not_used(functions: Functions, monkeypatch: pytest.MonkeyPatch) -> None:
    row = functions["swish"]
    from dlteach.values import replace

    monkeypatch.setitem(functions._rows, "swish", replace(row, lemma=read("sigmoid(x)")))
    lemma_holds.cache_clear()
    try:
        made = derived("swish(2x)", functions)
        assert "swish" not in made.lemmas and by_numbers(made, functions).holds
    finally:
        lemma_holds.cache_clear()


def test_the_variable_must_be_clear(functions: Functions) -> None:
    with pytest.raises(CannotDerive, match="--wrt"):
        subject("a*b", functions)


def test_a_misspelt_function_is_no_variable(functions: Functions) -> None:
    with pytest.raises(CannotDerive, match="`gellu`: did you mean gelu"):
        subject("gellu", functions)
    assert [subject(name, functions)[1] for name in ("lambda", "x_1", "t")] == ["lambda", "x_1", "t"]


def test_what_is_too_long_depends_on_the_expression_and_not_on_the_machine(functions: Functions) -> None:
    factors = "*".join(f"sin({k}x)" for k in range(2, 32))
    with pytest.raises(CannotDerive, match="more than 400 steps or 200,000 signs"):
        derived(factors, functions)
    assert len(derived(factors[: factors.index("*sin(12x)")], functions).steps) > 20


def test_primes_are_opened(functions: Functions) -> None:
    assert show(opened(read("gelu'(2y)", functions.names), functions)) == "Phi(2y) + (2y)*phi(2y)"


pieces = st.sampled_from(
    ["x", "x^2", "tanh(x)", "e^-x", "sigmoid(2x)", "ln(1 + x^2)", "sin(x)", "Phi(x)", "3", "sqrt(1 + x^2)", "mish(x)"]
)


@given(st.lists(pieces, min_size=2, max_size=3), st.lists(st.sampled_from("+-*/"), min_size=2, max_size=2))
@law(40)
def test_a_derived_derivative_equals_a_numeric_one(parts: list[str], signs: list[str]) -> None:
    functions = Course().functions
    text = f"({parts[0]})"
    for part, sign in zip(parts[1:], signs, strict=False):
        text += f"{sign}({part})"
    expr: Expr = read(text, functions.names)
    made = derive(expr, "x", functions)
    found = by_numbers(made, functions).holds
    assume(found is not None)  # nothing to compare, as for an expression that is real nowhere
    assert found

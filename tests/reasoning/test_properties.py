"""Properties: a value is wanted at every point, ends and joints are looked at, and a refutation shows its point."""

import pytest

from dlteach.course.functions import Functions, load_functions
from dlteach.course.ledger import Outcome
from dlteach.notation.reader import read_statement
from dlteach.reasoning.deciding.judge import judge
from dlteach.reasoning.deciding.verdicts import Verdict

TRUE = {
    "continuous": [
        "continuous(1/x) for x > 0",
        "continuous(sqrt(x)) for x >= 0",
        "continuous(cbrt(x))",
        "continuous(max(x, x^2))",
        "continuous({x^2 if x > 1; 2*x - 1 otherwise})",
        "continuous(sum(x^i, i = 1..3))",
        "continuous(floor(x)) for 0 < x < 1",
        "continuous({x if x >= 0; 1 otherwise}) for x >= 0",
        "continuous(x*sign(x))",
        "continuous(celu')",
        "continuous(sinc')",
        "continuous(E[relu(x + z)])",
        "continuous(int(sin(x*t), t = 0..x))",
        "continuous(x^n) for n integer, n >= 1",
        "continuous(e^(a*x)/(1 + b^2))",
        "continuous({ln(x) if x > 1; x - 1 otherwise})",
    ],
    "smooth": [
        "smooth(x*|x|, 1)",
        "smooth(sqrt(x), 1) for x > 0",
        "smooth(celu(x, a), 1) for a > 0",
        "smooth(relu(x) - relu(-x))",
        "smooth({x^3 if x > 0; 0 otherwise}, 2)",
        "smooth(x^2) for x >= 0",
        "smooth(sinc)",
    ],
    "increasing": [
        "increasing(sqrt(x)) for x >= 0",
        "increasing(floor(x) + x)",
        "increasing(elu(x, a)) for a > 0",
        "increasing({x if x < 1; x + 1 otherwise})",
        "decreasing(1/x) for x > 0",
        "increasing(5)",
        "increasing(x^3)",
        "increasing(x^2) for x > a, a > 0",
        "increasing((x - a)^2) for x > a",
        "increasing(x^2) for a < x < b, a > 0",
        "increasing({5 if x = 1; 0 otherwise}) for 1 <= x <= 1",
    ],
    "convex": [
        "convex(max(x, x^2))",
        "convex(a^(3/2)) for -a <= x <= a",
        "convex(|x| + x^2)",
        "convex(e^(a*x))",
        "convex({1 if x = 0; 0 otherwise}) for x >= 0",
        "convex(phi(x)) for x >= 1",
        "concave(sqrt(x)) for x >= 0",
        "concave(min(x, 1, 2*x + 3))",
    ],
    "lipschitz": [
        "lipschitz(tanh, 1)",
        "lipschitz(relu, 1)",
        "lipschitz(sin, 1)",
        "lipschitz(x^2, 4) for -2 <= x <= 2",
        "lipschitz(leaky_relu(x, a), 1) for 0 < a < 1",
        "lipschitz(|x|, L) for L >= 1",
        "lipschitz(gelu, 1.13)",
        "lipschitz(5, 0)",
    ],
    "bounded": [
        "bounded(sin(x))",
        "bounded(softplus')",
        "bounded(a*sin(b*x))",
        "bounded(sqrt(1 - x^2)) for -1 <= x <= 1",
        "bounded(1/(1 + x^2))",
        "bounded(e^(-x^2)*x)",
        "bounded(x^2) for 0 < x < 1",
    ],
    "periodic": ["periodic(sin, 2*pi)", "periodic(5, 1)", "periodic(cos(x)^2, pi)", "periodic(5, T) for T > 0"],
    "parity": ["odd(1/x) for x != 0", "even(|x|*x^2)", "odd(sign)", "even(ln(|x|)) for x > 0"],
}
FALSE = {
    "a value is wanted at every point": [
        "continuous(1/x) for x >= 0",
        "continuous(asec(x))",
        "continuous(lambertw(x))",
        "continuous(1/(x - 1000))",
        "continuous({x if x < sqrt(2); x if x > sqrt(2)})",
        "continuous((-4)^x)",
        "continuous(x^x)",
        "continuous(1/(5*x^3 + 4*x^2 - 6*x - 4))",
        "continuous(1/(e^x - x - 2))",
        "continuous(sum(1/(x - i), i = 1..20))",
        "continuous(x^n) for n integer",
        "bounded((5*x^2 + 2*x + 6)/(2*x^3 + 5*x^2 + 17))",
        "increasing(-1/x)",
        "increasing(ln(x))",
        "convex(1/x)",
        "smooth(tan(x))",
        "bounded(tan(x)/tan(x))",
        "bounded(1/x) for -1 <= x <= 1, x != 0",
        "periodic(5 + 0*ln(x), 1)",
        "odd(1/x)",
        "increasing(1/(b - a)) for a <= x <= b",
        "odd(ln(x))",
        "even(sqrt(-1 - x^2))",
        "lipschitz(sqrt(x), 1)",
    ],
    "jumps and isolated values": [
        "continuous({1 if x = 1000; 0 otherwise})",
        "continuous({1 if x > sqrt(2); 0 otherwise})",
        "continuous({1 if x = 10^12; 0 otherwise})",
        "continuous({1 if sqrt(2) < x < sqrt(2) + 10^-30; 0 otherwise})",
        "continuous({0 if x = 7/3; x otherwise}) for x <= 7/3",
        "continuous(x + 0^|x - e|)",
        "continuous(relu')",
        "continuous(floor(x))",
        "continuous(sign(2 - 3*x^2))",
        "continuous({x^5 if x < 10^12; x^5 - 1 otherwise})",
        "increasing({sinh(x) + 1 if x = sqrt(2); sinh(x) otherwise})",
        "increasing({x^5 + 10^-9 if x = -1000000; x^5 otherwise})",
        "increasing(2*x - heaviside(x - e)/1000)",
        "convex({x^2 if x != pi; 10 otherwise})",
        "convex({0 if x = 7/3; x otherwise}) for x <= 7/3",
        "smooth({e^x + 10^-9 if x = 2*pi; e^x otherwise}, 1)",
        "lipschitz(heaviside, 5)",
        "even({phi(x) + 10^-9 if x = sqrt(3); phi(x) otherwise})",
    ],
    "kinks, cusps and ends": [
        "smooth(relu, 1)",
        "smooth(max(x, x^2), 1)",
        "smooth(x*|x|, 2)",
        "smooth(|x - 1|, 1) for x >= 1",
        "smooth(sqrt(x), 1) for x >= 0",
        "smooth(x^(3/2), 1) for x >= 0",
        "smooth(elu(x, a), 1) for a > 0",
        "smooth(cbrt(x), 1)",
        "smooth(asin(x), 1) for -1 <= x <= 1",
        "smooth({0 if x <= -1; 5 otherwise}, 1) for x <= -1",
        "convex(-sqrt((x - 1000)^2)) for x > 500",
        "convex(min(x, x^2))",
        "increasing(-|x - 10^6|) for x < 2*10^6",
    ],
    "slopes": [
        "increasing(x^3 - 3*x/1000000)",
        "increasing(a*x) for a > -1",
        "decreasing(1/(x - 5000)) for x != 5000, x > 4990",
        "increasing((x - a)^2) for x > a - 1",
        "convex(gelu)",
        "lipschitz(tanh, 0.99)",
        "lipschitz(sqrt(x), 10) for x >= 0",
        "lipschitz(x^2, 3.99) for -2 <= x <= 2",
        "lipschitz(gelu, 1.12)",
        "lipschitz(5, -1)",
        "lipschitz(x^2, 100)",
    ],
    "periods and bounds": [
        "periodic(x, 0)",
        "periodic(sin, 0)",
        "periodic(sin, pi)",
        "bounded(x^2)",
        "bounded(gelu)",
        "bounded(ln(x)) for x > 0",
        "bounded({1/x if x != 0; 0 otherwise})",
        "periodic(x)",
    ],
}
NOT_SHOWN = [
    "continuous(f(x))",
    "increasing(f(x))",
    "bounded(f(x))",
    "smooth(f(x))",
    "continuous(E[sign(x) + 0*z])",
    "continuous(E[ln(|x*z|)])",
    "continuous(lim(tanh(a*x), a -> oo))",
    "continuous(int(1/(x - t)^2, t = 0..1))",
    "continuous(d/dx (f(x)))",
    "lipschitz(f(x), 1)",
    "convex(f(x) - f(x))",
    "convex(1/x) for x^2 > 1",
    "periodic(f(x), 0)",
    "continuous({x^2*sin(1/x) if x != 0; 1/10^9 otherwise})",
    "bounded(x*sin(x))",
    "bounded(x^2*sin(1/x))",
    "periodic(tan, pi)",
    "increasing(x + 2*sin(x))",
]


def verdict_on(statement: str, functions: Functions) -> Verdict:
    return judge(read_statement(statement, functions.names), functions, 5.0)


@pytest.mark.parametrize("statement", [statement for rows in TRUE.values() for statement in rows])
def test_what_has_the_property_is_shown_to_have_it(statement: str, functions: Functions) -> None:
    verdict = verdict_on(statement, functions)
    assert verdict.holds, verdict


@pytest.mark.parametrize("statement", [statement for rows in FALSE.values() for statement in rows])
def test_what_lacks_it_is_refuted_for_a_reason(statement: str, functions: Functions) -> None:
    verdict = verdict_on(statement, functions)
    assert verdict.outcome is Outcome.REFUTED, verdict
    assert verdict.evidence


@pytest.mark.parametrize(
    "statement",
    [
        "increasing((x - a)^2) for x > a, x > b",
        "increasing(x^2) for x > 0, x > a",
        "continuous(tan(|max(0, x^2)|)) for x < a, x > 0, 0 < a < 1",
        "increasing(x) for a <= x <= b",
        "continuous(1/x) for x != 0",
        "increasing(g(x) - g(x))",
    ],
)
def test_what_is_true_is_not_refuted(statement: str, functions: Functions) -> None:
    assert verdict_on(statement, functions).outcome is not Outcome.REFUTED


@pytest.mark.parametrize("statement", NOT_SHOWN)
def test_what_is_false_or_not_known_is_not_shown(statement: str, functions: Functions) -> None:
    assert not verdict_on(statement, functions).holds


def test_a_parameter_keeps_its_name_in_a_refutation(functions: Functions) -> None:
    """The two points of a counterexample are not called a and b where a is a parameter."""
    witness = verdict_on("increasing(a*x) for a > -1", functions).witness
    assert "a" in witness and len(witness) == 3
    assert set(witness) != {"a", "b"}


def test_the_two_points_of_a_refutation_refute(functions: Functions) -> None:
    """f(a) > f(b) though a < b, as it is said."""
    from dlteach.notation.floats import evaluate
    from dlteach.notation.reader import read

    witness = verdict_on("increasing(x^3 - 3*x/1000000)", functions).witness
    a, b = (evaluate(read(witness[name]), {}, {}) for name in ("a", "b"))
    f = read("x^3 - 3*x/1000000")
    assert a < b and evaluate(f, {"x": a}, {}) > evaluate(f, {"x": b}, {})


def test_properties_look_through_a_packs_definitions(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "functions.toml").write_text(
        '[recip]\nof = "x"\nis = "1/x"\nwhat.en = "One over x."\n'
        '[root]\nof = "x"\nis = "sqrt(recip(x))"\nwhat.en = "A root of it."\n',
        encoding="utf-8",
    )
    functions = load_functions(tmp_path)
    for statement in ("continuous(recip)", "smooth(recip)", "decreasing(recip)", "continuous(root) for x >= 0"):
        assert verdict_on(statement, functions).outcome is Outcome.REFUTED, statement
    for statement in ("continuous(recip) for x > 0", "smooth(root) for x > 0", "decreasing(recip) for x > 0"):
        assert verdict_on(statement, functions).holds, statement


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("continuous(1/x) for x >= 0", "at x = 0 `1/x` has no value"),
        ("smooth(sqrt(x), 1) for x >= 0", "at x = 0 it has no derivative: `sqrt(x)` ends there"),
        ("smooth(relu, 1)", "at x = 0 the slope is 0 from the left, but 1 from the right"),
        ("periodic(x, 0)", "a period is not 0"),
    ],
)
def test_the_reason_is_the_point(statement: str, reason: str, functions: Functions) -> None:
    assert verdict_on(statement, functions).evidence == reason

"""Every kind of claim: what is true is proved or enclosed, what is false is refuted with its counterexample."""

import math
import random
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.reader import read, read_conditions, read_statement
from dlteach.notation.symbolic import Symbolic
from dlteach.notation.tree import Call, Expr, Negative, Number, Relation, Sum, rebuilt, symbols, walk
from dlteach.reasoning.deciding.judge import equal, judge
from dlteach.reasoning.deriving.derive import opened
from tests.laws import FACTOR, law
from tests.notation.trees import elementary
from tests.reasoning.claims import FALSE, TRUE
from tests.reasoning.pairs import EQUAL

COVERAGE = [
    line
    for line in (Path(__file__).parent / "coverage.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
SWAPS = {"tanh": "sigmoid", "sigmoid": "tanh", "Phi": "sigmoid", "phi": "Phi", "relu": "softplus", "sin": "cos"}


def verdict_on(statement: str, functions: Functions, seconds: float = 10.0):  # type: ignore[no-untyped-def]
    return judge(read_statement(statement, functions.names), functions, seconds)


def test_every_kind_has_three_examples_each_way() -> None:
    assert TRUE.keys() == FALSE.keys()
    assert all(len(claims) >= 3 for table in (TRUE, FALSE) for claims in table.values())


@pytest.mark.parametrize("statement", [claim for claims in TRUE.values() for claim in claims])
def test_what_is_true_is_proved_or_enclosed(statement: str, functions: Functions) -> None:
    verdict = verdict_on(statement, functions)
    assert verdict.holds, verdict
    if set(getattr(read_statement(statement, functions.names).body, "signs", ())) == {"="}:
        assert verdict.outcome is Outcome.PROVED, "an equation is never enclosed"


@pytest.mark.parametrize("statement", [claim for claims in FALSE.values() for claim in claims])
def test_what_is_false_is_refuted_with_a_counterexample(statement: str, functions: Functions) -> None:
    verdict = verdict_on(statement, functions)
    assert verdict.outcome is Outcome.REFUTED, verdict
    assert (len(verdict.values) == 2 or verdict.how == "no value") and verdict.evidence


def test_the_claims_of_the_notes_are_decided(functions: Functions) -> None:
    """Themes 1 to 6 of the coverage, restated in the notation: at least 95 in 100 shown, none refuted."""
    found = {statement: verdict_on(statement, functions, 5.0) for statement in COVERAGE}
    assert len(found) >= 150
    assert [s for s, v in found.items() if v.outcome in (Outcome.REFUTED, Outcome.INVALID)] == []
    open_ones = [s for s, v in found.items() if not v.holds]
    assert len(open_ones) <= 0.05 * len(found), open_ones


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("-(x - 7/3)^4 < 0", id="a flat touch inside"),
        pytest.param("7/3 - x < 0 for x >= 7/3", id="an end that belongs to the span"),
        pytest.param("tanh(x - 7/3) - (x - 7/3) < 0 for x >= 7/3", id="a flat touch at an end"),
        pytest.param("-(x - 7/3)^2*(x - 5/7)^2 < 0", id="two touches"),
        pytest.param("{-1 if x < 7/3; 10^-30 otherwise} <= 0", id="a tiny jump"),
        pytest.param("sup(x, x in [0, 1)) < 1", id="a supremum that is not taken"),
        pytest.param("int(0, t = 0..x) = heaviside(x - 123456)", id="a far jump with slope 0"),
        pytest.param("lim(floor(x), x -> 1-) = 1", id="a limit at a step"),
        pytest.param("{1 if x = 7/3; 0 otherwise} <= 0 for x <= 7/3", id="a value of its own at an end"),
        pytest.param("{1 if x = pi; 0 otherwise} <= 0", id="a value of its own at an irrational joint"),
        pytest.param("increasing({0 if x = 7/3; x otherwise}) for x <= 7/3", id="a step down at an end"),
        pytest.param("continuous({0 if x = 7/3; x otherwise}) for x <= 7/3", id="a jump at an end"),
        pytest.param("convex({0 if x = 7/3; x otherwise}) for x <= 7/3", id="a chord that is cut at an end"),
        pytest.param("argmax(x, x in [0, 1)) = 1", id="a place that is left out"),
        pytest.param("ln(x) < x - 1 for x > 1/2", id="a touch where jets are narrow"),
    ],
)
def test_what_nearly_holds_is_not_shown(statement: str, functions: Functions) -> None:
    assert not verdict_on(statement, functions).holds


def test_a_true_limit_at_a_step_is_not_refuted(functions: Functions) -> None:
    assert verdict_on("lim(floor(x), x -> 1-) = 0", functions).outcome is not Outcome.REFUTED


# ---- mutated identities ------------------------------------------------------------------------


def mutants(expr: Expr, dice: random.Random) -> Expr:
    """`expr` with one number, function or sign changed."""
    nodes = [n for n in walk(expr) if isinstance(n, Number | Negative | Call | Sum)]
    target = dice.choice(nodes) if nodes else expr
    way = dice.randrange(3)

    def changed(node: Expr) -> Expr:
        if isinstance(node, Number):
            new = node.value + (1, 2, Fraction(1, 10**12))[way]
            return Number(new, str(float(new)))
        if isinstance(node, Negative):
            return node.of
        if isinstance(node, Call) and node.name in SWAPS:
            return Call(SWAPS[node.name], node.args, node.primes)
        if isinstance(node, Sum):
            return Sum((*node.terms[:-1], Negative(node.terms[-1])))
        return Sum((node, Number(Fraction(1), "1")))

    done = False

    def visit(node: Expr) -> Expr:
        nonlocal done
        if node is target and not done:
            done = True
            return changed(node)
        return rebuilt(node, visit)

    return visit(expr)


def differ(a: Expr, b: Expr, given_: str, functions: Functions) -> bool:
    """Whether mpmath, by way of SymPy, sees a difference at a point: an oracle of its own."""
    conditions = read_conditions(given_, functions.names) if given_ else ()
    back = Symbolic(functions.definitions, conditions)
    try:
        gap = back(Sum((opened(a, functions), Negative(opened(b, functions)))), {})
    except (NotEvaluable, TypeError, ZeroDivisionError):
        return False
    for x in (sp.Rational(1, 3), sp.Rational(7, 5), sp.Rational(5, 2)):
        point = {symbol: x + sp.Rational(i, 7) for i, symbol in enumerate(sorted(gap.free_symbols, key=str))}
        value = gap.subs(point).evalf(30) if point else gap.evalf(30)
        if value.is_number and value.is_finite and value.is_real and abs(value) > 1e-20:
            return True
    return False


def test_no_mutated_identity_is_ever_proved(functions: Functions) -> None:
    """2,000 of them: a true identity in which one number, function or sign was changed."""
    dice = random.Random(7)
    pairs = [pair for pair in EQUAL if "f(" not in pair[0]]
    proved, refuted, total = [], 0, 0
    while total < 2_000 * FACTOR:
        a, b, given_ = dice.choice(pairs)
        left, right = read(a, functions.names), mutants(read(b, functions.names), dice)
        conditions = read_conditions(given_, functions.names) if given_ else ()
        verdict = equal(left, right, conditions, functions, seconds=0.5)
        total += 1
        refuted += verdict.outcome is Outcome.REFUTED
        if verdict.outcome is Outcome.PROVED and differ(left, right, given_, functions):
            proved.append((a, b, right))
    assert proved == []
    assert refuted > 0.8 * total


@given(st.sampled_from(("<=", "<")), elementary)
@law(60)
def test_an_inequality_that_fails_at_a_point_is_never_shown(sign: str, expr: Expr) -> None:
    """f <= f(c) - 1/1000 is false at c, whatever else is true of f."""
    from dlteach.course.lessons import Course
    from dlteach.notation.balls import evaluate
    from dlteach.notation.tree import Statement, number, substitute

    functions = Course().functions
    names = symbols(expr)
    only_x = substitute(expr, {name: read("x") for name in names})
    try:
        value = evaluate(only_x, {"x": Fraction(3, 7)}, functions.definitions)
    except NotEvaluable:
        return
    if not value.is_finite() or abs(value) > 10**6:
        return
    bound = number(Fraction(math.floor(float(value) * 1000), 1000) - Fraction(1, 1000))
    verdict = judge(Statement(Relation((only_x, bound), (sign,))), functions, 0.5)
    assert not verdict.holds, verdict


def test_a_wrong_lemma_of_a_strangers_pack_proves_nothing(tmp_path: Path) -> None:
    """A pack's lemma becomes a rule when it is proved, in every method."""
    from dlteach.course.functions import load_functions

    (tmp_path / "functions.toml").write_text(
        '[ramp]\nof = "x"\nis = "x^3 - x"\nderivative = "1"\nwhat.en = "With a false lemma."\n', encoding="utf-8"
    )
    functions = load_functions(tmp_path)
    for statement in ("increasing(ramp)", "ramp'(x) = 1", "ramp(x) <= 0 for x <= 1", "convex(-ramp(x))"):
        assert not verdict_on(statement, functions).holds, statement

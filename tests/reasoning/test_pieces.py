"""Functions cut at their joints: exactly, told apart exactly, and with the value that a joint has by itself."""

import random
from fractions import Fraction

import pytest
from flint import arb

from dlteach.course.functions import Functions
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import evaluate, precision
from dlteach.notation.reader import read, read_conditions
from dlteach.notation.show import show
from dlteach.notation.tree import Call, Expr, Piecewise, number, symbols, walk
from dlteach.reasoning.algebra.pieces import BRANCHING, LINE, NOWHERE, Cut, Span, cut, may_jump, span_in

WIDE = Span(number(-7), number(7))


def cut_up(text: str, functions: Functions, span: Span = LINE, given: str = "") -> Cut:
    conditions = read_conditions(given, functions.names) if given else ()
    return cut(read(text, functions.names), "x", span, {}, functions.definitions, conditions)


@pytest.mark.parametrize(
    ("text", "joints"),
    [
        ("|x|", ["0"]),
        ("max(x, x^2)", ["0", "1"]),
        ("|x^2 - 2|", ["-sqrt(2)", "sqrt(2)"]),
        ("|x^2 + 1|", []),
        ("max(0, e^x - 2)", ["ln(2)"]),
        ("|tanh(x) - 1/2|", ["atanh(1/2)"]),
        ("|1/x - 2|", ["0", "1/2"]),
        ("max(ln(x), 1)", ["0", "e"]),
        ("|e^x - e^(2 - x)|", ["1"]),
        ("|x*(e^x - 2)|", ["0", "ln(2)"]),
        ("{5 if x = 2; x^2 otherwise}", ["2"]),
        ("relu(x) - relu(-x)", ["0"]),
        ("su(x)", ["0"]),
    ],
)
def test_joints_are_solved_for(text: str, joints: list[str], functions: Functions) -> None:
    found = cut_up(text, functions)
    assert [show(joint.at) for joint in found.joints] == joints
    assert not any(_chooses(node) for piece in found.pieces for node in walk(piece.expr))


@pytest.mark.parametrize(
    ("text", "given", "joints"),
    [
        ("celu(x, a)", "a > 0", ["0"]),
        ("clip(x, a, b)", "a < b", ["a", "b"]),
        ("|x^2 - a|", "a > 0", ["-sqrt(a)", "sqrt(a)"]),
        ("max(x, a)", "", ["a"]),
    ],
)
def test_joints_may_depend_on_parameters(text: str, given: str, joints: list[str], functions: Functions) -> None:
    found = cut_up(text, functions, given=given)
    assert [show(joint.at) for joint in found.joints] == joints
    assert not any(_chooses(node) for piece in found.pieces for node in walk(piece.expr))


def test_joints_whose_order_nobody_knows_are_left_alone(functions: Functions) -> None:
    found = cut_up("clip(x, a, b)", functions)
    assert any(_chooses(node) for piece in found.pieces for node in walk(piece.expr))


@pytest.mark.parametrize(
    ("text", "count"), [("|sin(x)|", 6), ("max(sin(x), 1/2)", 6), ("|cos(2x)|", 9), ("floor(x)", 14)]
)
def test_waves_and_steps_are_cut_between_two_ends(text: str, count: int, functions: Functions) -> None:
    assert len(cut_up(text, functions, WIDE).pieces) == count
    assert len(cut_up(text, functions).pieces) == 1


@pytest.mark.parametrize("gap", ["1e-30", "1e-60"])
def test_joints_that_are_near_are_two(gap: str, functions: Functions) -> None:
    found = cut_up(f"{{1 if sqrt(2) < x < sqrt(2) + {gap}; 0 otherwise}}", functions)
    assert [show(piece.expr) for piece in found.pieces] == ["0", "1", "0"]


def test_joints_that_are_the_same_are_one(functions: Functions) -> None:
    assert len(cut_up("|x - sqrt(8)| + |x - 2*sqrt(2)|", functions).joints) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{5 if x = 2; x^2 otherwise}", "5"),
        ("{0 if x < 2; 1 otherwise}", "1"),
        ("{0 if x <= 2; 1 otherwise}", "0"),
        ("{0 if x < 2; 1 if x > 2}", show(NOWHERE)),
        ("sign(x - 2)", "0"),
        ("|x - 2| + 3", "3"),
    ],
)
def test_a_joint_has_a_value_of_its_own(text: str, value: str, functions: Functions) -> None:
    (joint,) = cut_up(text, functions).joints
    if value == show(NOWHERE):
        assert joint.value == NOWHERE
    else:
        assert evaluate(joint.value, {}, functions.definitions) == evaluate(read(value), {}, functions.definitions)


@pytest.mark.parametrize(
    ("text", "holes"),
    [("{ln(x) if x > 0}", 1), ("max(ln(x), 1)", 1), ("{1 if x < 0; 2 if x > 1}", 1), ("max(x, sqrt(1 - x^2))", 2)],
)
def test_what_is_compared_must_have_a_value(text: str, holes: int, functions: Functions) -> None:
    assert sum(piece.expr == NOWHERE for piece in cut_up(text, functions).pieces) == holes


def test_a_hole_in_a_branch_that_is_not_taken_is_none(functions: Functions) -> None:
    found = cut_up("{{1 if x < -5} if x < -6; x otherwise}", functions)
    assert all(piece.expr != NOWHERE for piece in found.pieces)


def test_bound_variables_are_not_cut(functions: Functions) -> None:
    found = cut_up("|x| + int(|x|, x = -1..1)", functions)
    assert all("int(|x|, x = -1..1)" in show(piece.expr) for piece in found.pieces)


def _chooses(node: Expr) -> bool:
    branching = isinstance(node, Piecewise) or (isinstance(node, Call) and node.name in BRANCHING)
    return branching and "x" in symbols(node)


# ---- pieces have the values of what was cut ---------------------------------------------------------

ATOMS = (
    "x", "x - 1", "2x + 1", "x^2 - 2", "x^3 - x - 1", "x^3 - 3x + 1", "e^x - 2", "ln(x)", "sqrt(x)", "1/x", "3",
    "tanh(x) - 1/2", "x*(e^x - 1)", "sin(x)", "x - sqrt(2)", "1/x^2 - 2", "sigmoid(x)", "x^4 - 3x^2 + 1", "2^x - 3",
)  # fmt: skip


def _nested(dice: random.Random, depth: int) -> str:
    if depth == 0:
        return dice.choice(ATOMS)
    a, b = _nested(dice, depth - 1), _nested(dice, depth - 1)
    sign, q = dice.choice(("<", "<=", ">", ">=", "=", "!=")), dice.choice(("0", "1", "-1/2", "3"))
    return dice.choice(
        (
            f"abs({a})",
            f"max({a}, {b})",
            f"min({a}, {b})",
            f"({a})*({b})",
            f"({a}) + ({b})",
            f"sign({a})",
            f"ln({a})",
            f"{{{a} if {b} {sign} {q}; {b} otherwise}}",
            f"{{{a} if {q} <= x <= 2; {b} otherwise}}",
            f"{{{a} if x {sign} {q}}}",
        )
    )


@pytest.mark.parametrize("seed", range(5))
def test_pieces_have_the_values_of_the_whole(seed: int, functions: Functions) -> None:
    dice = random.Random(seed)
    compared = 0
    for _ in range(30):
        text = _nested(dice, dice.choice((1, 2, 2)))
        whole = read(text, functions.names)
        found = cut_up(text, functions, dice.choice((LINE, WIDE)))
        for _ in range(6):
            at = Fraction(dice.randint(-6000, 6000), 1000) + Fraction(1, 7919)
            with precision(200):
                left_of = sum(1 for joint in found.joints if bool(_ball(joint.at, {}, functions) < arb(0) + _exact(at)))
                pair = [_ball(e, {"x": at}, functions) for e in (whole, found.pieces[left_of].expr)]
            assert pair[0].is_finite() == pair[1].is_finite(), f"{text} at {at}"
            if pair[0].is_finite():
                assert pair[0].overlaps(pair[1]), f"{text} at {at}"
                compared += 1
    assert compared > 40


def _exact(at: Fraction) -> arb:
    return arb(at.numerator) / at.denominator


def _ball(expr: Expr, env: dict[str, Fraction], functions: Functions) -> arb:
    try:
        return evaluate(expr, env, functions.definitions)
    except NotEvaluable:
        return arb.nan()


# ---- bounds and jumps -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "lower", "upper", "left"),
    [
        ("x > 1, x > 0", "1", None, 0),
        ("x > 0, x > 1", "1", None, 0),
        ("x < pi, x < 3", None, "3", 0),
        ("x < 3, x < pi", None, "3", 0),
        ("x > a, x > b", "a", None, 1),
        ("x > sqrt(2), x > 2^(1/2)", "sqrt(2)", None, 0),
        ("0 < x < 1", "0", "1", 0),
    ],
)
def test_the_tighter_bound_counts(given: str, lower: str | None, upper: str | None, left: int) -> None:
    span, rest = span_in(read_conditions(given), "x")
    assert (span.lower and show(span.lower), span.upper and show(span.upper), len(rest)) == (lower, upper, left)


@pytest.mark.parametrize("given", ["x < 1, x <= 1", "x <= 1, x < 1"])
def test_of_equal_bounds_the_strict_one_counts(given: str) -> None:
    span, _ = span_in(read_conditions(given), "x")
    assert span.open_above


@pytest.mark.parametrize(
    ("text", "jumps"),
    [
        ("x^2", False),
        ("1/x", False),
        ("max(x, tanh(x))", False),
        ("gelu(x)", False),
        ("a^2 + floor(a)", False),
        ("int(floor(t), t = 0..x)", False),
        ("sign(x)", True),
        ("floor(x)", True),
        ("acot(x)", True),
        ("heaviside(x)", True),
        ("0^x", True),
        ("f(x)", True),
        ("lim(x*t, t -> 0)", True),
        ("E[sign(z - x)]", True),
    ],
)
def test_what_may_jump(text: str, jumps: bool, functions: Functions) -> None:
    assert may_jump(read(text, functions.names), "x", functions.definitions) is jumps

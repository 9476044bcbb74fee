"""Substitution: what is put in keeps its meaning, whatever names are bound around the place where it goes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlteach.notation import floats
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.floats import Floats
from dlteach.notation.reader import read, read_conditions, read_statement
from dlteach.notation.show import show
from dlteach.notation.tree import BigSum, CannotSubstitute, Expr, Symbol, number, substitute, symbols
from tests.laws import law
from tests.notation.trees import elementary


@pytest.mark.parametrize(
    ("text", "values", "wanted"),
    [
        pytest.param("x + a", {"x": "a", "a": "x"}, "a + x", id="all at once"),
        pytest.param("sum(m, i = 1..3)", {"m": "i"}, "sum(i, i_1 = 1..3)", id="a sum's index steps aside"),
        pytest.param("sum(m*i, i = 1..3)", {"m": "n"}, "sum(n*i, i = 1..3)", id="no name steps aside for nothing"),
        pytest.param("sum(m + i_1, i = 1..3)", {"m": "i"}, "sum(i + i_1, i_2 = 1..3)", id="nor into another's place"),
        pytest.param("sum(i, i = 1..i)", {"i": "5"}, "sum(i, i = 1..5)", id="bounds stand outside"),
        pytest.param("int(a*t, t = 0..1)", {"a": "t^2"}, "int(t^2*t_1, t_1 = 0..1)", id="an integral"),
        pytest.param("int(t, t = t..1)", {"t": "t + 1"}, "int(t, t = t + 1..1)", id="an integral's own name outside"),
        pytest.param("lim(a + x, x -> a)", {"a": "x"}, "lim(x + x_1, x_1 -> x)", id="a limit"),
        pytest.param("sup(a - x, x in [0, a])", {"a": "x"}, "sup(x - x_1, x_1 in [0, x])", id="an extremum"),
        pytest.param(
            "sum(sum(m, j = 1..i), i = 1..2)",
            {"m": "i*j"},
            "sum(sum(i*j, j_1 = 1..i_1), i_1 = 1..2)",
            id="one inside another",
        ),
        pytest.param("int(a*z, z = 0..1)", {"a": "z"}, "int(z*t_1, t_1 = 0..1)", id="no new name is a z"),
        pytest.param("E[z*a]", {"z": "3", "a": "b"}, "E[z*b]", id="a mean's z is its own"),
        pytest.param("E[a*z] + z", {"z": "3"}, "E[a*z] + 3", id="a z outside is another"),
        pytest.param("d/dx (a*x)", {"x": "t"}, "d/dt (a*t)", id="a derivative's variable is renamed"),
        pytest.param("d/dx (a*x)", {"a": "3"}, "d/dx (3x)", id="a parameter of a derivative"),
    ],
)
def test_a_value_keeps_its_meaning(text: str, values: dict[str, str], wanted: str) -> None:
    assert show(substitute(read(text), {name: read(value) for name, value in values.items()})) == wanted


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("E[m*z]", {"m": "z"}, id="a parameter z inside E"),
        pytest.param("Var[m + z]", {"m": "2*z_1"}, id="inside Var"),
        pytest.param("d/dx (a*x)", {"a": "x"}, id="a parameter that would be differentiated, too"),
        pytest.param("d/dx (x^2)", {"x": "2"}, id="a derivative at a place"),
        pytest.param("d/dx (a*x)", {"x": "a"}, id="a variable that would swallow a parameter"),
    ],
)
def test_what_no_tree_can_say_is_refused(text: str, values: dict[str, str]) -> None:
    with pytest.raises(CannotSubstitute):
        substitute(read(text), {name: read(value) for name, value in values.items()})


@pytest.mark.parametrize(
    ("text", "values", "wanted"),
    [
        pytest.param("n integer", {"n": "1/2"}, "floor(1/2) = 1/2", id="an integer"),
        pytest.param("n integer", {"n": "m"}, "m integer", id="another name"),
        pytest.param("x in [0, 1)", {"x": "a + 1"}, "0 <= a + 1 < 1", id="an interval"),
        pytest.param("x in (0, oo)", {"x": "2"}, "0 < 2", id="a half line"),
        pytest.param("x in (-oo, 1]", {"x": "2"}, "2 <= 1", id="the other half line"),
        pytest.param("x in R", {"x": "2"}, "2 = 2", id="the whole line"),
        pytest.param("x in [a, 1]", {"a": "0"}, "x in [0, 1]", id="an end of the interval"),
    ],
)
def test_a_condition_follows_its_symbol(text: str, values: dict[str, str], wanted: str) -> None:
    (condition,) = read_conditions(text)
    assert show(substitute(condition, {name: read(value) for name, value in values.items()})) == wanted


def test_a_statement_keeps_its_conditions() -> None:
    statement = read_statement("x = 5 for x in [0, 1]")
    assert show(substitute(statement, {"x": number(5)})) == "5 = 5 for 0 <= 5 <= 1"


class _Sums(Floats):
    """Floats that know finite sums, for the law below."""

    def other(self, expr, env):  # type: ignore[no-untyped-def]
        if not isinstance(expr, BigSum):
            raise NotEvaluable("only sums")
        lower, upper = self(expr.lower, env), self(expr.upper, env)
        if not abs(lower) < 50 or not abs(upper) < 50:
            raise NotEvaluable("too many terms")
        places = range(math.floor(lower), math.floor(upper) + 1)
        return math.fsum(self(expr.of, {**env, expr.variable.name: float(i)}) for i in places)


names = st.sampled_from(("x", "y", "a", "x_1")).map(Symbol)
sums = st.recursive(
    elementary, lambda inner: st.builds(BigSum, inner, names, st.integers(0, 2).map(number), names), max_leaves=4
)


@given(sums, st.dictionaries(st.sampled_from(("x", "y", "a", "x_1")), elementary, min_size=1, max_size=3))
@law(300)
def test_putting_in_and_evaluating_is_evaluating_where_it_is_put(expr: Expr, values: dict[str, Expr]) -> None:
    """eval(expr[values]) in an environment = eval(expr) in the environment where each name has its value's value."""
    put = substitute(expr, values)
    assert symbols(put) <= (symbols(expr) - set(values)) | {n for v in values.values() for n in symbols(v)}
    env = {"x": 3.0, "y": 2.0, "a": 1.5, "x_1": 4.0, "z": 0.5, "beta": 0.25, "sigma_B": 2.5, "w2": 1.0}
    try:
        worked = {name: floats.evaluate(value, env, {}) for name, value in values.items()}
        inside = _Sums({})(expr, {**env, **worked})
        outside = _Sums({})(put, env)
    except (NotEvaluable, OverflowError, ValueError):
        return
    assert outside == pytest.approx(inside, rel=1e-9, nan_ok=True)

"""Every construct of the notation has its row in every back end, or says that it has none."""

from collections.abc import Callable

import pytest
from flint import arb

from dlteach.notation import balls, floats, tree
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.latex import latex
from dlteach.notation.names import BUILTINS, PROPERTIES
from dlteach.notation.reader import read, read_statement
from dlteach.notation.show import show
from dlteach.notation.signs import COMMANDS, GREEK_LETTER, PLAIN
from dlteach.notation.symbolic import Symbolic
from dlteach.notation.tokens import CHARACTERS
from dlteach.notation.tree import Expr, Moment, MomentKind, Node, PropertyKind, substitute, symbols
from dlteach.notation.typeset import display, inline
from dlteach.reasoning.deciding.properties import KINDS
from dlteach.reasoning.enclosing.evaluate import Evaluator

EXPRESSIONS = {
    "Number": "0.5",
    "Constant": "pi",
    "Symbol": "x",
    "Negative": "-x",
    "Sum": "x + 1",
    "Product": "2*x",
    "Quotient": "x/2",
    "Power": "x^2",
    "Call": "tanh(x)",
    "Piecewise": "{x if x > 0; 0 otherwise}",
    "Derivative": "d/dx (x^2)",
    "Limit": "lim(t^2, t -> x)",
    "Integral": "int(t, t = 0..x)",
    "BigSum": "sum(i, i = 1..3)",
    "Moment": "E[z^2]",
    "Extremum": "sup(t, t in [0, 1])",
}
STATEMENTS = {
    "Relation": "x < y <= 1",
    "Near": "x ~= y +- 0.1",
    **{f"Property {kind}": f"{kind}(tanh(x){', 1' * fewest})" for kind, (fewest, _) in PROPERTIES.items()},
    "Property smooth, of an order": "smooth(tanh(x), 2)",
    "Property periodic, with its period": "periodic(sin(x), 2*pi)",
    "IsInteger": "n = n for n integer",
    "InInterval": "x = x for x in (0, 1]",
    "Statement with conditions": "x = x for x > 0, y = 1",
}
# What a back end has no values of; everything else it evaluates at x = 1/2.
WITHOUT_VALUE = {
    "floats": {"Derivative", "Limit", "Integral", "BigSum", "Moment", "Extremum"},
    "balls": {"Derivative", "Limit", "Integral", "BigSum", "Moment", "Extremum"},
    "symbolic": {"Extremum"},
    "evaluator": {"Derivative"},  # which `deriving.exact` works out first
}


def _concrete(kind: type) -> set[str]:
    return {sub.__name__ for sub in kind.__subclasses__()}


def test_the_tables_name_every_construct() -> None:
    assert _concrete(tree.Expr) == set(EXPRESSIONS)
    named = {name.split()[0] for name in STATEMENTS} | {"Branch", "Interval"}  # parts of Piecewise and InInterval
    assert {cls.__name__ for cls in tree.Node.__args__ if cls is not tree.Expr} == named


def test_every_kind_of_property_has_a_row_for_the_reader_and_a_method() -> None:
    assert set(PROPERTIES) == set(KINDS) == set(PropertyKind)


def test_a_kind_is_the_text_it_is_written_as() -> None:
    mean = read("E[z]")
    assert mean == Moment("E", read("z")) and hash(mean) == hash(Moment("E", read("z")))  # type: ignore[arg-type]
    assert {mean} == {Moment(MomentKind.MEAN, read("z"))} and f"{MomentKind.MEAN}" == "E"


@pytest.mark.parametrize("text", [*EXPRESSIONS.values(), *STATEMENTS.values()])
def test_every_construct_is_shown_written_drawn_and_walked(text: str) -> None:
    node: Node = read(text) if text in EXPRESSIONS.values() else read_statement(text)
    assert show(node) == text.replace("2*x", "2x").replace("2*pi", "2pi")
    assert show(node, pretty=True)
    drawn = display(latex(node))
    assert drawn[0].rows and inline(latex(node))
    assert "\\" not in inline(latex(node))
    assert symbols(substitute(node, {"y": read("b")})) == {"b" if name == "y" else name for name in symbols(node)}


def _evaluated(backend: str) -> Callable[[Expr], object]:
    if backend == "symbolic":
        return lambda expr: Symbolic({})(expr, {})
    if backend == "evaluator":
        return lambda expr: Evaluator({})(expr, {"x": arb(0.5)})
    if backend == "balls":
        return lambda expr: balls.evaluate(expr, {"x": 0.5}, {})  # type: ignore[dict-item]
    return lambda expr: floats.evaluate(expr, {"x": 0.5}, {})


@pytest.mark.parametrize("backend", WITHOUT_VALUE)
@pytest.mark.parametrize("construct", EXPRESSIONS)
def test_every_construct_has_a_value_or_says_that_it_has_none(backend: str, construct: str) -> None:
    expr = read(EXPRESSIONS[construct])
    if construct in WITHOUT_VALUE[backend]:
        with pytest.raises(NotEvaluable):
            _evaluated(backend)(expr)
    else:
        assert _evaluated(backend)(expr) is not None


@pytest.mark.parametrize("name", BUILTINS)
def test_every_builtin_is_shown_written_and_drawn(name: str) -> None:
    row = BUILTINS[name]
    assert row.latex and row.arb and row.python and row.sympy
    for text in (f"{name}(x)", f"{name}(x + 1)^2", f"{name}'(x)"):
        expr = read(text)
        assert read(show(expr)) == expr
        assert read(show(expr, pretty=True)) == expr
        assert "\\" not in inline(latex(expr))
        assert display(latex(expr))[0].rows


@pytest.mark.parametrize("name", sorted(set(BUILTINS) - {"lambertw"}))  # whose W is a weight to the reader
def test_latex_of_every_builtin_is_read_as_the_same_function(name: str) -> None:
    assert read(latex(read(f"{name}(x)"))) == read(f"{name}(x)")


def test_every_sign_that_is_read_is_read_in_each_of_its_spellings() -> None:
    """By its character, its look-alikes, and its commands."""
    for letter, plain in PLAIN.items():
        assert letter.isascii() or CHARACTERS[letter].strip() == plain
    for name, letter in GREEK_LETTER.items():
        if name not in ("pi", "phi", "Phi", "sigma"):
            assert read(letter) == read(name)
    relations = {"<=": "≤", ">=": "≥", "!=": "≠", "<": "<", ">": ">"}
    for command, sign in COMMANDS.items():
        if sign.plain in relations:
            assert read_statement(f"x \\{command} y") == read_statement(f"x {sign.plain} y")
            assert read_statement(f"x {sign.letter} y") == read_statement(f"x {sign.plain} y")

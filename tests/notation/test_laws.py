"""Reading and showing are inverse to each other, in both styles; every voice says something about every tree."""

import pytest
from hypothesis import given

from dlteach.notation.blocks import cells
from dlteach.notation.latex import latex
from dlteach.notation.reader import read, read_statement
from dlteach.notation.show import show
from dlteach.notation.tree import Expr
from dlteach.notation.typeset import display, inline
from tests.laws import law
from tests.notation.trees import expressions


@given(expressions)
@law(400)
def test_what_is_shown_reads_back_as_the_same_tree(expr: Expr) -> None:
    assert read(show(expr)) == expr


@given(expressions)
@law(400)
def test_the_pretty_line_reads_back_as_the_same_tree(expr: Expr) -> None:
    assert read(show(expr, pretty=True)) == expr


@given(expressions)
@law(400)
def test_latex_reads_back_as_an_expression_with_the_same_latex(expr: Expr) -> None:
    """Not always the same tree: 4.74e-4 is written as a product, and x1 looks like x_1."""
    written = latex(expr)
    again = latex(read(written))
    assert again == written


@given(expressions)
@law(300)
def test_every_tree_can_be_typeset_in_rows_of_equal_width(expr: Expr) -> None:
    (block,) = display(latex(expr))
    assert {cells(row) for row in block.rows} == {block.width}
    assert "\\" not in "".join(block.rows) and "?" not in "".join(block.rows)
    assert "\n" not in inline(latex(expr))


@given(expressions)
@law(150)
def test_a_narrow_display_loses_no_symbol(expr: Expr) -> None:
    whole = sorted(c for row in display(latex(expr))[0].rows for c in row if c.isalnum())
    parts = sorted(c for block in display(latex(expr), 30) for row in block.rows for c in row if c.isalnum())
    assert parts == whole


@pytest.mark.parametrize(
    "text",
    [
        "gelu'(x) = x for x > 0, 0 < a < 1, n integer, x in [0, 1), a = 1",
        "a ~= b +- 1e-3",
        "odd(tanh(x))",
        "smooth(|x|, 1) for a = 1",
        "x < y <= z",
        "x != 1 for x in R",
    ],
)
def test_statements_read_back_as_the_same_tree(text: str, functions) -> None:  # type: ignore[no-untyped-def]
    statement = read_statement(text, functions.names)
    assert read_statement(show(statement), functions.names) == statement
    assert read_statement(show(statement, pretty=True), functions.names) == statement

"""From text to tree: the doors of the reader."""

from __future__ import annotations

from dlteach.notation.names import NO_NAMES, Names
from dlteach.notation.statements import Statements
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Condition, Expr, Statement, Symbol

ADVICE = "write one name, as x, β or x_1"


def read(source: str, names: Names = NO_NAMES) -> Expr:
    """The tree of an expression; raises NotationError."""
    reader = _reader(source, names)
    expr = reader.expression()
    reader.expect_end("an operator or the end")
    return expr


def read_statement(source: str, names: Names = NO_NAMES) -> Statement:
    """The tree of a claim with its conditions; raises NotationError."""
    reader = _reader(source, names)
    body = reader.body()
    conditions = reader.conditions() if reader.accept("name", "for") else ()
    reader.expect_end("`for` or the end")
    return Statement(body, conditions)


def read_conditions(source: str, names: Names = NO_NAMES) -> tuple[Condition, ...]:
    """The tree of what may stand after `for`; raises NotationError."""
    reader = _reader(source, names)
    conditions = reader.conditions()
    reader.expect_end("a comma or the end")
    return conditions


def read_variable(source: str, names: Names = NO_NAMES) -> str:
    """The name of a variable by itself, as a tree spells it: `x`, `β` is beta; raises NotationError."""
    try:
        expr = read(source, names)
    except NotationError as problem:
        raise NotationError("this is no name of a variable", source, problem.at, ADVICE) from None
    if not isinstance(expr, Symbol):
        raise NotationError("this is no name of a variable", source, 0, ADVICE)
    return expr.name


def _reader(source: str, names: Names) -> Statements:
    """The grammar for a text; that of LaTeX is loaded when the first backslash is met."""
    if "\\" not in source:
        return Statements(source, names)
    from dlteach.notation.tex_reader import TexReader

    return TexReader(source, names)

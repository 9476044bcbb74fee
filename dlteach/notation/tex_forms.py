"""The constructs that only LaTeX has: fractions, roots, cases, bounds below and above a sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlteach.notation.names import GREEK_LETTER
from dlteach.notation.tokens import Token
from dlteach.notation.tree import (
    BigSum,
    Branch,
    Call,
    Expr,
    Extremum,
    Integral,
    Limit,
    Piecewise,
    Power,
    Quotient,
    Symbol,
    literal,
    number,
)

if TYPE_CHECKING:
    from dlteach.notation.reader import Reader

OPENING = ("(", "[", "{", "|(", "floor(", "ceil(")
CLOSING = (")", "]", "}", ")|", ")floor", ")ceil")


def fraction(reader: Reader) -> Expr:
    """`\\frac{a}{b}`, also `\\frac12`; with d above and dx below it is a derivative."""
    if (found := differential(reader)) is not None:
        return found
    reader.index += 1
    over = argument(reader)
    return Quotient(over, argument(reader))


def argument(reader: Reader) -> Expr:
    """What a command applies to: a group in braces, or one digit, letter or command."""
    if reader.accept("{"):
        inner = reader.expression()
        reader.expect("}", "`}`")
        return inner
    token = reader.now
    if token.kind == "number" and token.text.isdigit() and len(token.text) > 1:
        reader.tokens[reader.index : reader.index + 1] = [
            Token("number", digit, token.at + i, False) for i, digit in enumerate(token.text)
        ]
    return reader.atom()


def differential(reader: Reader) -> Expr | None:
    """A derivative, where that is what the fraction is: its tokens are put in a row, and read like the plain one."""
    after = reader.index + 1
    first = _group(reader, after)
    second = _group(reader, after + len(first) + 2) if first else []
    if not first or not second or first[0].text not in ("d", "∂") or len(first) not in (1, 3, 5):
        return None
    if len(first) > 1 and first[1].kind != "^":
        return None
    if not second[0].text.startswith(first[0].text):
        return None
    slash = Token("/", "/", first[0].at, False)
    whole = len(first) + len(second) + 5
    reader.tokens[reader.index : reader.index + whole] = [*_bare(first), slash, *_bare(second)]
    return reader.derivative(partial=first[0].text == "∂")


def _group(reader: Reader, at: int) -> list[Token]:
    """The tokens inside the braces that open at a place."""
    if at >= len(reader.tokens) or reader.tokens[at].kind != "{":
        return []
    level, end = 0, at
    while end < len(reader.tokens):
        level += (reader.tokens[end].kind == "{") - (reader.tokens[end].kind == "}")
        if level == 0:
            return reader.tokens[at + 1 : end]
        end += 1
    return []


def _bare(group: list[Token]) -> list[Token]:
    """A group without its inner braces: d^{2} as d^2."""
    return [token for token in group if token.kind not in ("{", "}")]


def root(reader: Reader) -> Expr:
    """`\\sqrt{x}`, `\\sqrt[3]{x}`."""
    reader.index += 1
    if reader.accept("["):
        order = reader.expression()
        reader.expect("]", "`]`")
        inner = argument(reader)
        if literal(order) == 3:
            return Call("cbrt", (inner,))
        return Power(inner, Quotient(number(1), order))
    return Call("sqrt", (argument(reader),))


def fenced(reader: Reader) -> Expr:
    """`\\left| x \\right|`, `\\lfloor x \\rfloor`."""
    token = reader.now
    closing, name = {"|(": (")|", "abs"), "floor(": (")floor", "floor"), "ceil(": (")ceil", "ceil")}[token.kind]
    reader.index += 1
    inner = reader.expression()
    reader.expect(closing, "the closing bar")
    return Call(name, (inner,))


def cases(reader: Reader) -> Expr:
    """`\\begin{cases} a & x > 0 \\\\ b & \\text{otherwise} \\end{cases}`."""
    reader.index += 1
    branches: list[Branch] = []
    while True:
        value = reader.expression()
        reader.accept(",")
        reader.expect("&", "`&` and the condition")
        reader.accept("name", "if")
        reader.accept("name", "for")
        if reader.accept("name", "otherwise"):
            branches.append(Branch(value, None))
        else:
            branches.append(Branch(value, reader.chain(reader.expression())))
        if not reader.accept("\\\\") or reader.now.kind == "\\endcases":
            reader.expect("\\endcases", "`\\\\end{cases}`")
            return Piecewise(tuple(branches))


def bounds(reader: Reader) -> tuple[Expr, Expr]:
    """`_{a}^{b}`, in either order."""
    found: dict[str, Expr] = {}
    for _ in range(2):
        sign = reader.now.kind
        if sign not in ("_", "^") or sign in found:
            raise reader.unexpected("the bounds, as in `\\int_{0}^{1}`")
        reader.index += 1
        found[sign] = argument(reader)
    return found["_"], found["^"]


def integral(reader: Reader) -> Expr:
    """`\\int_{a}^{b} f(x) \\, dx`."""
    start = reader.now
    reader.index += 1
    lower, upper = bounds(reader)
    variable = mark_differential(reader)
    if not variable:
        raise reader.error("the integral has no `dx`", start, "write \\, dx at its end")
    body = reader.sum()
    reader.expect("differential", "`dx`")
    return Integral(body, Symbol(variable), lower, upper)


def mark_differential(reader: Reader) -> str:
    """Find the `dx` that belongs to this integral, and mark it; returns the variable."""
    level = depth = 0
    for i in range(reader.index, len(reader.tokens)):
        token = reader.tokens[i]
        level += (token.kind in OPENING) - (token.kind in CLOSING)
        if level < 0:
            break
        if token.kind == "\\int":
            depth += 1
        word = token.text if token.kind == "name" else ""
        after = reader.tokens[min(i + 1, len(reader.tokens) - 1)].text
        split = word == "d" and (after in GREEK_LETTER or len(after) == 1)
        if level == 0 and (split or (word[:1] == "d" and len(word) > 1 and word not in GREEK_LETTER)):
            if depth:
                depth -= 1
                continue
            variable = after if split else word[1:]
            reader.tokens[i : i + 2 if split else i + 1] = [Token("differential", variable, token.at, token.spaced)]
            return variable
    return ""


def total(reader: Reader) -> Expr:
    """`\\sum_{i=1}^{n} f(i)`."""
    reader.index += 1
    reader.expect("_", "`_{i=1}`")
    reader.expect("{", "`{`")
    variable = Symbol(reader.expect("name", "the name of a variable").text)
    reader.expect("=", "`=` and the first value")
    lower = reader.expression()
    reader.expect("}", "`}`")
    reader.expect("^", "`^` and the last value")
    upper = argument(reader)
    return BigSum(reader.product(), variable, lower, upper)


def below(reader: Reader) -> Expr:
    """`\\lim_{x \\to 0^+}`, `\\sup_{x \\in [0, 1]}` and their kin."""
    word = reader.now.text
    reader.index += 2
    reader.expect("{", "`{` and the variable")
    variable = Symbol(reader.expect("name", "the name of a variable").text)
    if word == "lim":
        reader.expect("->", "`\\to`")
        side = _side(reader)
        point = reader.expression()
        reader.expect("}", "`}`")
        return Limit(reader.product(), variable, point, side)
    domain = reader.interval() if reader.accept("name", "in") else None
    reader.expect("}", "`}`")
    return Extremum(word, reader.product(), variable, domain)


def _side(reader: Reader) -> str:
    """The side of a limit, `0^{+}` or `0^+`, taken out of the tokens."""
    level, end = 0, reader.index
    while end < len(reader.tokens) and (level or reader.tokens[end].kind != "}"):
        level += (reader.tokens[end].kind == "{") - (reader.tokens[end].kind == "}")
        end += 1
    kinds = [token.kind for token in reader.tokens[reader.index : end]]
    for tail in (["^", "{", "+", "}"], ["^", "{", "-", "}"], ["^", "+"], ["^", "-"]):
        if kinds[-len(tail) :] == tail:
            del reader.tokens[end - len(tail) : end]
            return "+" if "+" in tail else "-"
    return ""


FORMS = {
    "\\frac": fraction,
    "\\sqrt": root,
    "\\int": integral,
    "\\sum": total,
    "\\cases": cases,
    "|(": fenced,
    "floor(": fenced,
    "ceil(": fenced,
}

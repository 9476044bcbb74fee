"""LaTeX as input: the plain grammar, and the constructs that only LaTeX has.

Fractions, roots, cases, bounds below and above a sign; braces anywhere may stand for brackets, a derivative needs
none, and properties are said in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dlteach.notation.expressions import Expressions
from dlteach.notation.names import PROPERTIES
from dlteach.notation.signs import GREEK_LETTER
from dlteach.notation.statements import Statements
from dlteach.notation.tex import UNDER
from dlteach.notation.tokens import Token
from dlteach.notation.tree import (
    INFINITY,
    BigSum,
    Body,
    Branch,
    Call,
    Expr,
    Extremum,
    ExtremumKind,
    Integral,
    Limit,
    Piecewise,
    Power,
    Property,
    PropertyKind,
    Quotient,
    literal,
    number,
)

FENCED = {"|(": (")|", "abs"), "floor(": (")floor", "floor"), "ceil(": (")ceil", "ceil")}
OPENING = ("(", "[", "{", *FENCED)
CLOSING = (")", "]", "}", *(closing for closing, _ in FENCED.values()))


class TexReader(Statements):
    """Reads a text that has a backslash in it."""

    BRACES_GROUP = True

    def atom(self) -> Expr:
        form = FORMS.get(self.now.kind)
        return form(self) if form else super().atom()

    def juxtaposed(self) -> bool:
        return super().juxtaposed() and not (self.now.kind == "name" and self.now.text == "is")

    def named(self) -> Expr:
        return self.bound_below() if self.now.text in UNDER and self.ahead().kind == "_" else super().named()

    def proper(self, word: str) -> str | None:
        """Also `\\mathrm{GELU}`, the function's name in capitals."""
        return super().proper(word) or super().proper(word.lower())

    def differentiated(self, start: Token, operator: str) -> Expr:
        return super().differentiated(start, operator) if self.now.kind == "(" else self.power()

    def said_of(self, left: Expr) -> Body:
        says = self.now.kind == "," or (self.now.kind == "name" and self.now.text in ("is", "in"))
        return self.spoken(left) if says else super().said_of(left)

    def spoken(self, of: Expr) -> Property:
        """`f(x) \\text{ is convex}`, `f(x) \\in C^{1}`."""
        extra: list[Expr] = []
        if self.accept("name", "in"):
            if not self.accept("name", "C"):
                raise self.unexpected("`C^{k}`, as in `f(x) \\in C^{1}`")
            order = self.exponent() if self.accept("^") else INFINITY
            return Property(PropertyKind.SMOOTH, of, () if order == INFINITY else (order,))
        while self.accept(","):
            extra.append(self.expression())
        self.accept("name", "is")
        start = self.now
        kind = self.expect("name", "a property such as `convex`").text.lower()
        if kind not in PROPERTIES:
            raise self.error(f"`{kind}` is no property", self.tokens[self.index - 1], f"one of {', '.join(PROPERTIES)}")
        if self.accept("name", "with"):
            _ = self.accept("name", "period") or self.accept("name", "constant")
            extra.append(self.expression())
        return self.counted(start, Property(PropertyKind(kind), of, tuple(extra)))

    def fraction(self) -> Expr:
        """`\\frac{a}{b}`, also `\\frac12`; with d above and dx below it is a derivative."""
        if (found := self.as_derivative()) is not None:
            return found
        self.index += 1
        over = self.operand()
        return Quotient(over, self.operand())

    def operand(self) -> Expr:
        """What a command applies to: a group in braces, or one digit, letter or command."""
        if self.accept("{"):
            inner = self.expression()
            self.expect("}", "`}`")
            return inner
        token = self.now
        if token.kind == "number" and token.text.isdigit() and len(token.text) > 1:
            self.tokens[self.index : self.index + 1] = [
                Token("number", digit, token.at + i, False) for i, digit in enumerate(token.text)
            ]
        return self.atom()

    def as_derivative(self) -> Expr | None:
        """A derivative, where the fraction is one: its tokens are put in a row, and read like the plain one."""
        after = self.index + 1
        first = self.group_at(after)
        second = self.group_at(after + len(first) + 2) if first else []
        if not first or not second or first[0].text not in ("d", "∂") or len(first) not in (1, 3, 5):
            return None
        if len(first) > 1 and first[1].kind != "^":
            return None
        if not second[0].text.startswith(first[0].text):
            return None
        slash = Token("/", "/", first[0].at, False)
        whole = len(first) + len(second) + 5
        self.tokens[self.index : self.index + whole] = [*_bare(first), slash, *_bare(second)]
        return self.derivative(partial=first[0].text == "∂")

    def group_at(self, at: int) -> list[Token]:
        """The tokens inside the braces that open at a place."""
        if at >= len(self.tokens) or self.tokens[at].kind != "{":
            return []
        level, end = 0, at
        while end < len(self.tokens):
            level += (self.tokens[end].kind == "{") - (self.tokens[end].kind == "}")
            if level == 0:
                return self.tokens[at + 1 : end]
            end += 1
        return []

    def root(self) -> Expr:
        """`\\sqrt{x}`, `\\sqrt[3]{x}`."""
        self.index += 1
        if self.accept("["):
            order = self.expression()
            self.expect("]", "`]`")
            inner = self.operand()
            if literal(order) == 3:
                return Call("cbrt", (inner,))
            return Power(inner, Quotient(number(1), order))
        return Call("sqrt", (self.operand(),))

    def fenced(self) -> Expr:
        """`\\left| x \\right|`, `\\lfloor x \\rfloor`."""
        closing, name = FENCED[self.now.kind]
        self.index += 1
        inner = self.expression()
        self.expect(closing, "the closing bar")
        return Call(name, (inner,))

    def cases(self) -> Expr:
        """`\\begin{cases} a & x > 0 \\\\ b & \\text{otherwise} \\end{cases}`."""
        self.index += 1
        branches: list[Branch] = []
        while True:
            value = self.expression()
            self.accept(",")
            self.expect("&", "`&` and the condition")
            self.accept("name", "if")
            self.accept("name", "for")
            if self.accept("name", "otherwise"):
                branches.append(Branch(value, None))
            else:
                branches.append(Branch(value, self.chain(self.expression())))
            if not self.accept("\\\\") or self.now.kind == "\\endcases":
                self.expect("\\endcases", "`\\\\end{cases}`")
                return Piecewise(tuple(branches))

    def bounds(self) -> tuple[Expr, Expr]:
        """`_{a}^{b}`, in either order."""
        found: dict[str, Expr] = {}
        for _ in range(2):
            sign = self.now.kind
            if sign not in ("_", "^") or sign in found:
                raise self.unexpected("the bounds, as in `\\int_{0}^{1}`")
            self.index += 1
            found[sign] = self.operand()
        return found["_"], found["^"]

    def integral(self) -> Expr:
        """`\\int_{a}^{b} f(x) \\, dx`."""
        start = self.now
        self.index += 1
        lower, upper = self.bounds()
        variable = self.mark_differential()
        if not variable:
            raise self.error("the integral has no `dx`", start, "write \\, dx at its end")
        body = self.sum()
        self.expect("differential", "`dx`")
        return Integral(body, self.bindable(variable, start), lower, upper)

    def mark_differential(self) -> str:
        """Find the `dx` that belongs to this integral, and mark it; returns the variable."""
        level = depth = 0
        for i in range(self.index, len(self.tokens)):
            token = self.tokens[i]
            level += (token.kind in OPENING) - (token.kind in CLOSING)
            if level < 0:
                break
            if token.kind == "\\int":
                depth += 1
            word = token.text if token.kind == "name" else ""
            after = self.tokens[min(i + 1, len(self.tokens) - 1)].text
            split = word == "d" and (after in GREEK_LETTER or len(after) == 1)
            if level == 0 and (split or (word[:1] == "d" and len(word) > 1 and word not in GREEK_LETTER)):
                if depth:
                    depth -= 1
                    continue
                variable = after if split else word[1:]
                self.tokens[i : i + 2 if split else i + 1] = [Token("differential", variable, token.at, token.spaced)]
                return variable
        return ""

    def total(self) -> Expr:
        """`\\sum_{i=1}^{n} f(i)`."""
        self.index += 1
        self.expect("_", "`_{i=1}`")
        self.expect("{", "`{`")
        variable = self.variable()
        self.expect("=", "`=` and the first value")
        lower = self.expression()
        self.expect("}", "`}`")
        self.expect("^", "`^` and the last value")
        upper = self.operand()
        return BigSum(self.product(), variable, lower, upper)

    def bound_below(self) -> Expr:
        """`\\lim_{x \\to 0^+}`, `\\sup_{x \\in [0, 1]}` and their kin."""
        word = self.now.text
        self.index += 2
        self.expect("{", "`{` and the variable")
        variable = self.variable()
        if word == "lim":
            self.expect("->", "`\\to`")
            side = self.side_of_limit()
            point = self.expression()
            self.expect("}", "`}`")
            return Limit(self.product(), variable, point, side)
        domain = self.interval() if self.accept("name", "in") else None
        self.expect("}", "`}`")
        return Extremum(ExtremumKind(word), self.product(), variable, domain)

    def side_of_limit(self) -> str:
        """The side of a limit, `0^{+}` or `0^+`, taken out of the tokens."""
        level, end = 0, self.index
        while end < len(self.tokens) and (level or self.tokens[end].kind != "}"):
            level += (self.tokens[end].kind == "{") - (self.tokens[end].kind == "}")
            end += 1
        kinds = [token.kind for token in self.tokens[self.index : end]]
        for tail in (["^", "{", "+", "}"], ["^", "{", "-", "}"], ["^", "+"], ["^", "-"]):
            if kinds[-len(tail) :] == tail:
                del self.tokens[end - len(tail) : end]
                return "+" if "+" in tail else "-"
        return ""


def _bare(group: list[Token]) -> list[Token]:
    """A group without its inner braces: d^{2} as d^2."""
    return [token for token in group if token.kind not in ("{", "}")]


FORMS: Mapping[str, Callable[[TexReader], Expr]] = {
    "\\frac": TexReader.fraction,
    "\\sqrt": TexReader.root,
    "\\int": TexReader.integral,
    "\\sum": TexReader.total,
    "\\cases": TexReader.cases,
    **dict.fromkeys(FENCED, TexReader.fenced),
}
TexReader.STARTS = (*Expressions.STARTS, *FORMS)

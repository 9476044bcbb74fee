"""Calculus: derivatives, limits, integrals, sums, expectations, extrema."""

from __future__ import annotations

from dlteach.notation.expressions import Expressions
from dlteach.notation.names import CALCULUS
from dlteach.notation.signs import GREEK_LETTER
from dlteach.notation.tokens import Token, exact
from dlteach.notation.tree import (
    BigSum,
    Constant,
    Derivative,
    Expr,
    Extremum,
    ExtremumKind,
    Integral,
    Interval,
    Limit,
    Moment,
    MomentKind,
    Negative,
    Symbol,
)

MOMENTS, EXTREMA = frozenset(MomentKind), frozenset(ExtremumKind)
BOUND_AS = {"lim": "`, x -> 0`", "int": "`, x = 0..1`", "sum": "`, i = 1..n`"}


class Calculus(Expressions):
    """Reads every expression: also what binds a variable."""

    def atom(self) -> Expr:
        return self.derivative(partial=True) if self.now.kind == "∂" else super().atom()

    def named(self) -> Expr:
        token, after = self.now, self.ahead()
        if token.text == "d" and after.kind in ("/", "^") and (found := self.derivative_ahead()):
            return found
        if token.text in MOMENTS and after.kind == "[":
            self.index += 2
            inner = self.expression()
            self.expect("]", "`]`")
            return Moment(MomentKind(token.text), inner)
        if token.text in CALCULUS and after.kind == "(":
            return self.binder()
        return super().named()

    def derivative_ahead(self) -> Expr | None:
        """`d/dx (…)` or `d^2/dx^2 (…)`, if that is what follows."""
        at = 1
        if self.ahead(at).kind == "^":
            at += 2 if self.ahead(at + 1).kind == "number" else 4
        if self.ahead(at).kind != "/":
            return None
        word = self.ahead(at + 1)
        if word.kind != "name" or not word.text.startswith("d") or word.text in ("delta",):
            return None
        if word.text == "d" and not (self.ahead(at + 2).kind == "name" and self.ahead(at + 2).text in GREEK_LETTER):
            return None
        return self.derivative(partial=False)

    def derivative(self, partial: bool) -> Expr:
        start = self.now
        self.index += 1
        order = self.order()
        self.expect("/", "`/` as in `d/dx (…)`")
        if partial:
            self.expect("∂", "`∂` as in `∂/∂x (…)`")
            word = self.expect("name", "the name of a variable").text
        else:
            word = self.expect("name", "`dx` as in `d/dx (…)`").text[1:]
            if not word:
                word = self.expect("name", "the name of a variable").text
        below = self.order()
        if below != order:
            raise self.error(f"the order is {order} above and {below} below", start, "make both the same")
        sign = "∂" if partial else "d"
        variable = self.bindable(word, start)
        return Derivative(self.differentiated(start, f"{sign}/{sign}{word}"), variable, order, partial)

    def differentiated(self, start: Token, operator: str) -> Expr:
        """What a derivative is taken of."""
        if not self.accept("("):
            raise self.error("a derivative takes the parenthesis that follows", start, f"write {operator} (…)")
        inner = self.expression()
        self.expect(")", "`)`")
        return inner

    def order(self) -> int:
        if not self.accept("^"):
            return 1
        bracket = self.accept("(")
        token = self.expect("number", "the order, a whole number")
        if bracket:
            self.expect(")", "`)`")
        value = exact(token.text)
        if value.denominator != 1 or not 1 <= value <= 20:
            raise self.error("the order of a derivative is a whole number from 1 to 20", token)
        return int(value)

    def binder(self) -> Expr:
        token = self.now
        self.index += 1
        of = self.argument()
        if token.text in EXTREMA and self.accept(")"):
            return Extremum(ExtremumKind(token.text), of, Symbol("x"), None)
        self.expect(",", BOUND_AS.get(token.text, "`, x in [0, 1]`"))
        variable = self.variable()
        built: Expr
        if token.text == "lim":
            self.expect("->", "`->`")
            built = self.limit(of, variable)
        elif token.text in ("int", "sum"):
            self.expect("=", "`=` and the bounds, as in `x = 0..1`")
            lower = self.expression()
            self.expect("..", "`..` between the bounds")
            upper = self.expression()
            built = (Integral if token.text == "int" else BigSum)(of, variable, lower, upper)
        else:
            if not self.accept("name", "in"):
                raise self.unexpected("`in` and an interval")
            built = Extremum(ExtremumKind(token.text), of, variable, self.interval())
        self.expect(")", "`)`")
        return built

    def limit(self, of: Expr, variable: Symbol) -> Limit:
        """The point may carry a side: `0+`, `0-`; the sign then stands before the closing bracket."""
        at, level = self.index, 0
        while self.tokens[at].kind != "end" and (level or self.tokens[at].kind != ")"):
            level += (self.tokens[at].kind in ("(", "[", "{")) - (self.tokens[at].kind in (")", "]", "}"))
            at += 1
        side = ""
        if self.tokens[at].kind == ")" and self.tokens[at - 1].kind in ("+", "-") and at - 1 > self.index:
            sign = self.tokens[at - 1]
            side = sign.kind
            del self.tokens[at - 1]
        return Limit(of, variable, self.expression(), side)

    def interval(self) -> Interval:
        if self.accept("name", "R"):
            return Interval(Negative(Constant("oo")), Constant("oo"), True, True)
        opening = self.now
        if opening.kind not in ("[", "("):
            raise self.unexpected("an interval such as `[0, 1]` or `(0, oo)`")
        self.index += 1
        lower = self.expression()
        self.expect(",", "`,` between the ends of the interval")
        upper = self.expression()
        closing = self.now
        if closing.kind not in ("]", ")"):
            raise self.unexpected("`]` or `)`")
        self.index += 1
        return Interval(lower, upper, opening.kind == "(", closing.kind == ")")

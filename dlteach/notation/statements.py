"""Statements: a relation, `≈`, or a property, with the conditions after `for`."""

from __future__ import annotations

from dlteach.notation.calculus import Calculus
from dlteach.notation.cursor import SIGNS
from dlteach.notation.names import PROPERTIES
from dlteach.notation.tokens import Token
from dlteach.notation.tree import (
    Body,
    Call,
    Condition,
    Expr,
    InInterval,
    IsInteger,
    Near,
    Property,
    PropertyKind,
    Symbol,
)


class Statements(Calculus):
    """Reads everything that the plain notation has."""

    def body(self) -> Body:
        token = self.now
        if token.kind == "name" and token.text in PROPERTIES and self.ahead().kind == "(":
            return self.property()
        return self.said_of(self.expression())

    def said_of(self, left: Expr) -> Body:
        """What a statement goes on to say of its first expression."""
        if self.accept("~="):
            right = self.expression()
            self.expect("+-", "`±` and how near, as in `a ≈ b ± c`")
            return Near(left, right, self.expression())
        if self.now.kind not in SIGNS:
            raise self.unexpected("a relation such as `=` or `<=`")
        return self.chain(left)

    def property(self) -> Property:
        start, kind = self.now, self.now.text
        self.index += 2
        token = self.now
        proper = self.names.proper(token.text) if token.kind == "name" else None
        bare = min(self.index + 1, len(self.tokens) - 1)
        while self.tokens[bare].kind == "'":
            bare += 1
        if proper and self.tokens[bare].kind in (",", ")"):
            of: Expr = Call(proper, (Symbol("x"),), bare - self.index - 1)
            self.index = bare
        else:
            of = self.expression()
        extra: list[Expr] = []
        while self.accept(","):
            extra.append(self.expression())
        self.expect(")", "`)`")
        return self.counted(start, Property(PropertyKind(kind), of, tuple(extra)))

    def counted(self, start: Token, stated: Property) -> Property:
        """A property with as many arguments as it takes."""
        fewest, most = PROPERTIES[stated.kind]
        if fewest <= len(stated.extra) <= most:
            return stated
        forms = " or ".join(f"`{stated.kind}(f{', c' * count})`" for count in range(fewest, most + 1))
        few = "more" if len(stated.extra) < fewest else "fewer"
        raise self.error(f"`{stated.kind}` takes {few} arguments", start, f"write {forms}")

    def conditions(self) -> tuple[Condition, ...]:
        found = [self.condition()]
        while self.accept(","):
            found.append(self.condition())
        return tuple(found)

    def condition(self) -> Condition:
        token, after = self.now, self.ahead()
        if token.kind == "name" and after.kind == "name" and after.text in ("in", "integer"):
            self.index += 2
            symbol = self.bindable(token.text, token)
            if after.text == "in" and self.accept("name", "integers"):
                return IsInteger(symbol)
            return IsInteger(symbol) if after.text == "integer" else InInterval(symbol, self.interval())
        left = self.expression()
        if self.now.kind not in SIGNS:
            raise self.unexpected("a condition such as `x > 0`, `n integer` or `x in [0, 1]`")
        return self.chain(left)

"""A place in a row of tokens: looking ahead, taking what is there, and saying what was expected instead."""

from __future__ import annotations

from dlteach.notation.names import Names
from dlteach.notation.tokens import NotationError, Token, tokens

SIGNS = ("=", "!=", "<", "<=", ">", ">=")


class Cursor:
    """One text on its way to a tree: its tokens, and how far they are read."""

    def __init__(self, source: str, names: Names) -> None:
        self.source, self.names = source, names
        self.tokens = tokens(source)
        self.index = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.index]

    def ahead(self, by: int = 1) -> Token:
        return self.tokens[min(self.index + by, len(self.tokens) - 1)]

    def accept(self, kind: str, text: str | None = None) -> bool:
        if self.now.kind == kind and (text is None or self.now.text == text):
            self.index += 1
            return True
        return False

    def expect(self, kind: str, wanted: str) -> Token:
        token = self.now
        if not self.accept(kind):
            raise self.unexpected(wanted)
        return token

    def expect_end(self, wanted: str) -> None:
        if self.now.kind != "end":
            raise self.unexpected(wanted)

    def unexpected(self, wanted: str) -> NotationError:
        token = self.now
        if token.kind == "end":
            problem = "the expression is empty" if len(self.tokens) == 1 else "the expression ends too early"
            return self.error(problem, token, f"expected {wanted}")
        if token.kind == "|":
            return self.error("this bar has no partner", token, "bars do not nest: use abs(…)")
        if token.kind in SIGNS:
            return self.error(
                f"`{token.text}` makes a statement where an expression is wanted", token, f"expected {wanted}"
            )
        return self.error(f"unexpected `{token.text or token.kind}`", token, f"expected {wanted}")

    def error(self, problem: str, token: Token, advice: str = "") -> NotationError:
        return NotationError(problem, self.source, token.at, advice)

"""Expressions by precedence climbing, and what a name before a bracket means.

Levels, from loose to tight: sum, product (juxtaposition included), sign, power. The rules that settle
doubts (a product after `/`, `e^2x`, nested bars, `f^-1`) refuse with both readings rather than guess.
"""

from __future__ import annotations

from fractions import Fraction
from math import log2
from typing import ClassVar

from dlteach.errors import did_you_mean
from dlteach.notation.cursor import SIGNS, Cursor
from dlteach.notation.names import KEYWORDS, PROPERTIES, Names
from dlteach.notation.signs import GREEK_LETTER
from dlteach.notation.tokens import Token, exact
from dlteach.notation.tree import (
    CONSTANTS,
    Branch,
    Call,
    Constant,
    Expr,
    Negative,
    Number,
    Piecewise,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    depth,
    literal,
)

DEEPEST = 200
MOST_BITS = 10_000
FREE_FUNCTIONS = ("f", "g", "h", "F", "G")


class Expressions(Cursor):
    """Reads what stands on one side of a relation, but for the constructs of calculus."""

    STARTS: ClassVar[tuple[str, ...]] = ("number", "name", "(", "{", "|", "√", "∂")  # what a factor begins with
    BRACES_GROUP: ClassVar[bool] = False  # whether braces may stand for brackets anywhere

    def __init__(self, source: str, names: Names) -> None:
        super().__init__(source, names)
        self.level = 0  # how deep the recursion is
        self.bars = 0  # bars that are open at this bracket level
        self.group = -1  # where braces, if they open there, may hold any expression

    def expression(self) -> Expr:
        """A sum; the one place where recursion enters, so the depth is bounded here."""
        self.level += 1
        if self.level > DEEPEST:
            raise self.error(f"the expression is nested more than {DEEPEST} deep", self.now, "simplify it")
        bars, self.bars = self.bars, 0
        expr = self.sum()
        self.bars = bars
        self.level -= 1
        if self.level == 0 and depth(expr) > DEEPEST:
            raise self.error(f"the expression is nested more than {DEEPEST} deep", self.now, "simplify it")
        return expr

    def sum(self) -> Expr:
        terms = [self.term()]
        while self.now.kind in ("+", "-"):
            minus = self.now.kind == "-"
            self.index += 1
            term = self.term()
            terms.append(Negative(term) if minus else term)
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def term(self) -> Expr:
        """A product, with the signs before it."""
        minus = 0
        while self.now.kind in ("+", "-"):
            minus += self.now.kind == "-"
            self.index += 1
            self.check_signs(minus)
        product = self.product()
        for _ in range(minus):
            product = Negative(product)
        return product

    def check_signs(self, minus: int) -> None:
        if minus > DEEPEST // 2:
            raise self.error("there are too many signs in a row", self.now, "simplify it")

    def product(self) -> Expr:
        factors = [self.power()]  # of the product that was begun in this very chain
        while True:
            token = self.now
            if token.kind == "/":
                self.index += 1
                under = self.signed()
                over = factors[0] if len(factors) == 1 else Product(tuple(factors))
                self.refuse_product_after_slash(over, under)
                factors = [Quotient(over, under)]
                continue
            if token.kind == "*":
                self.index += 1
                factors.append(self.signed())
            elif self.juxtaposed():
                factors.append(self.power())
            else:
                return factors[0] if len(factors) == 1 else Product(tuple(factors))

    def juxtaposed(self) -> bool:
        """Whether a factor follows without an operator."""
        token = self.now
        if token.kind == "number":
            raise self.error(f"a number follows without an operator: `{token.text}`", token, "for a product write `*`")
        if token.kind == "|":
            return not self.bars
        return token.kind in self.STARTS and not (token.kind == "name" and token.text in KEYWORDS)

    def refuse_product_after_slash(self, over: Expr, under: Expr) -> None:
        from dlteach.notation.show import show

        token = self.now
        if token.kind == "number" or not self.juxtaposed():
            return
        factor = show(self.power())
        a, b = show(Quotient(over, under)), show(under)
        readings = f"write ({a})*{factor} or {show(over)}/({b}*{factor})"
        raise self.error("a product right after `/` can be read in two ways", token, readings)

    def signed(self) -> Expr:
        """A power with signs before it, as after `*`, `/` and `^`."""
        minus = 0
        while self.now.kind in ("+", "-"):
            minus += self.now.kind == "-"
            self.index += 1
            self.check_signs(minus)
        power = self.power()
        for _ in range(minus):
            power = Negative(power)
        return power

    def power(self) -> Expr:
        base = self.atom()
        if self.now.kind == "^":
            token = self.now
            self.index += 1
            self.level += 1
            if self.level > DEEPEST:
                raise self.error(f"the expression is nested more than {DEEPEST} deep", token, "simplify it")
            start = self.now
            exponent = self.exponent()
            self.level -= 1
            self.check_power(base, exponent, token)
            if base == Constant("e") and start.text not in ("\ue000", "{"):
                self.refuse_e_to_the_2x(exponent)
            base = Power(base, exponent)
        return base

    def deeper(self, token: Token) -> Expr:
        """A power, one level further down."""
        self.level += 1
        if self.level > DEEPEST:
            raise self.error(f"the expression is nested more than {DEEPEST} deep", token, "simplify it")
        power = self.power()
        self.level -= 1
        return power

    def exponent(self) -> Expr:
        """What follows `^`; braces there may hold any expression, as in LaTeX."""
        self.group = self.index
        return self.signed()

    def refuse_e_to_the_2x(self, exponent: Expr) -> None:
        inner = exponent.of if isinstance(exponent, Negative) else exponent
        token = self.now
        if not isinstance(inner, Number) or token.kind not in ("name", "(") or token.text in KEYWORDS:
            return
        from dlteach.notation.show import show

        n, sign = inner.text, "-" if isinstance(exponent, Negative) else ""
        factor = show(self.power())
        raise self.error(
            "the exponent can end in two places", token, f"write e^({sign}{n}*{factor}) or e^{sign}{n}*{factor}"
        )

    def check_power(self, base: Expr, exponent: Expr, token: Token) -> None:
        n = literal(exponent)
        if n is None:
            return
        b = literal(base)
        if abs(n) > 1 and b is not None and b not in (0, 1, -1):
            bits = abs(n) * Fraction(log2(abs(b.numerator)) + log2(b.denominator))
            if bits > MOST_BITS:
                problem = f"the power has more than {MOST_BITS:,} binary digits"
                raise self.error(problem, token, "use a smaller exponent")
        if max(abs(n.numerator), n.denominator).bit_length() > MOST_BITS:
            raise self.error("the exponent is too large", token, "use a smaller exponent")

    def atom(self) -> Expr:
        token = self.now
        match token.kind:
            case "number":
                self.index += 1
                return Number(exact(token.text), token.text)
            case "name":
                return self.named()
            case "(":
                self.index += 1
                expr = self.expression()
                self.expect(")", "`)`")
                return expr
            case "{":
                return self.piecewise()
            case "|":
                return self.absolute()
            case "√":
                self.index += 1
                return Call("sqrt", (self.deeper(token),))
        raise self.unexpected("a number, a name or `(`")

    def absolute(self) -> Expr:
        opening = self.now
        self.index += 1
        if self.now.kind == "|":
            raise self.error("bars do not nest", opening, "use abs(…)")
        self.level += 1
        self.bars += 1
        if self.bars > 1 or self.level > DEEPEST:
            raise self.error("bars do not nest", opening, "use abs(…)")
        inner = self.sum()
        self.bars -= 1
        self.level -= 1
        if self.now.kind != "|":
            raise self.error("this bar is never closed", opening, "write |x| or abs(x)")
        self.index += 1
        return Call("abs", (inner,))

    def piecewise(self) -> Expr:
        group = self.BRACES_GROUP or self.group == self.index
        self.index += 1
        branches: list[Branch] = []
        while True:
            value = self.expression()
            if group and not branches and self.accept("}"):
                return value
            if self.accept("name", "otherwise"):
                branches.append(Branch(value, None))
                self.accept(";")
                self.expect("}", "`}` after `otherwise`")
                break
            if not self.accept("name", "if"):
                raise self.unexpected("`if` and a condition, or `otherwise`")
            left = self.expression()
            if self.now.kind not in SIGNS:
                raise self.unexpected("a condition such as `x > 0`")
            branches.append(Branch(value, self.chain(left)))
            if self.accept("}"):
                break
            self.expect(";", "`;` or `}`")
        return Piecewise(tuple(branches))

    def chain(self, left: Expr) -> Relation:
        sides, signs = [left], []
        while self.now.kind in SIGNS:
            signs.append(self.now.kind)
            self.index += 1
            sides.append(self.expression())
        return Relation(tuple(sides), tuple(signs))

    # ---- names --------------------------------------------------------------------------------

    def named(self) -> Expr:
        token = self.now
        if token.text in KEYWORDS:
            raise self.unexpected("a number, a name or `(`")
        if token.text in CONSTANTS and self.ahead().kind != "'":
            self.index += 1
            return Constant(token.text)
        return self.call_or_symbol()

    def variable(self) -> Symbol:
        """The name of a variable that is bound here."""
        token = self.expect("name", "the name of a variable")
        return self.bindable(token.text, token)

    def bindable(self, word: str, token: Token) -> Symbol:
        """A variable of this name; a word that means something else everywhere is none."""
        if word in CONSTANTS or word in KEYWORDS:
            what = "a constant" if word in CONSTANTS else "a word of the notation"
            raise self.error(f"`{word}` is {what}, not a variable", token, "use another letter")
        return Symbol(word)

    def call_or_symbol(self) -> Expr:
        token = self.now
        word = token.text
        self.index += 1
        primes = 0
        while self.now.kind == "'":
            primes += 1
            self.index += 1
        proper = self.proper(word)
        if self.now.kind == "^" and (proper or word in FREE_FUNCTIONS):
            raised = self.function_power(token, primes)
            if raised is not None:
                return raised
        if self.now.kind == "(":
            if proper or word in FREE_FUNCTIONS:
                return self.call(token, proper or word, primes)
            if len(word) > 1 and word not in GREEK_LETTER and "_" not in word and not word[1:].isdigit():
                if advice := did_you_mean(word, self.names.every()):
                    raise self.error(f"there is no function `{word}`", token, advice)
                return self.call(token, word, primes)
            if primes:
                return self.call(token, word, primes)
        if primes:
            if proper:
                raise self.error(
                    f"{word}{chr(39) * primes} needs parentheses", token, f"write {word}{chr(39) * primes}(x)"
                )
            raise self.error(
                "a prime belongs to a function", token, f"write d/dx (…) instead of {word}{chr(39) * primes}"
            )
        if proper and word != "sigma" and word not in ("phi", "Phi"):
            raise self.error(f"{word} needs parentheses", token, f"write {word}(x)")
        if word in PROPERTIES and self.now.kind == "(":
            raise self.error(f"{word}(…) is a statement, not an expression", token)
        return Symbol(word)

    def proper(self, word: str) -> str | None:
        """The name of the function that a word means before a bracket; σ is the sigmoid there."""
        return self.names.proper("sigmoid" if word == "sigma" else word)

    def function_power(self, token: Token, primes: int) -> Expr | None:
        """`tanh^2(x)`, which is tanh(x)^2; None where no bracket follows the exponent."""
        start = self.index
        self.index += 1
        if self.now.kind == "{":
            return self.braced_function_power(token, primes)
        bracket = self.accept("(") if self.now.text == "\ue000" else False
        minus = self.accept("-")
        number = self.now
        if number.kind != "number":
            self.index = start
            return None
        self.index += 1
        if bracket:
            self.accept(")")
        if self.now.kind != "(":
            self.index = start
            return None
        word = token.text
        if minus:
            advice = f"write 1/{word}(x) for the reciprocal, or the name of the inverse function"
            raise self.error(f"{word}^-{number.text} can mean two things", token, advice)
        base = self.call(token, self.proper(word) or word, primes)
        exponent = Number(exact(number.text), number.text)
        self.check_power(base, exponent, number)
        return Power(base, exponent)

    def braced_function_power(self, token: Token, primes: int) -> Expr | None:
        """`\\tanh^{2}(x)`."""
        start = self.index - 1
        exponent = self.exponent()
        if self.now.kind != "(" or (isinstance(exponent, Negative) and literal(exponent) == -1):
            self.index = start
            return None
        base = self.call(token, self.proper(token.text) or token.text, primes)
        self.check_power(base, exponent, token)
        return Power(base, exponent)

    def call(self, token: Token, proper: str, primes: int) -> Expr:
        args = [self.argument()]
        while self.accept(","):
            args.append(self.expression())
        self.expect(")", "`,` or `)`")
        if self.names.proper(proper):
            fewest, most = self.names.allowed(proper)
            if len(args) < fewest or (most is not None and len(args) > most):
                wanted = (
                    str(fewest) if fewest == most else f"{fewest} or more" if most is None else f"{fewest} to {most}"
                )
                noun = "argument" if wanted == "1" else "arguments"
                raise self.error(f"{proper} takes {wanted} {noun}, not {len(args)}", token)
        return Call(proper, tuple(args), primes)

    def argument(self) -> Expr:
        self.expect("(", "`(`")
        if self.now.kind == ")":
            raise self.unexpected("an argument")
        return self.expression()

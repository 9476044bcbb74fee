"""From text to tree: precedence climbing over the tokens.

Levels, from loose to tight: sum, product (juxtaposition included), sign, power. The rules that settle
doubts (a product after `/`, `e^2x`, nested bars, `f^-1`) refuse with both readings rather than guess.
"""

from __future__ import annotations

from fractions import Fraction
from math import log2

from dlteach.errors import suggestion
from dlteach.notation.names import CALCULUS, GREEK_LETTER, KEYWORDS, NO_NAMES, PROPERTIES, Names
from dlteach.notation.tokens import NotationError, Token, exact, tokens
from dlteach.notation.tree import (
    CONSTANTS,
    BigSum,
    Body,
    Branch,
    Call,
    Condition,
    Constant,
    Derivative,
    Expr,
    Extremum,
    InInterval,
    Integral,
    Interval,
    IsInteger,
    Limit,
    Moment,
    Near,
    Negative,
    Number,
    Piecewise,
    Power,
    Product,
    Property,
    Quotient,
    Relation,
    Statement,
    Sum,
    Symbol,
    depth,
    literal,
)

DEEPEST = 200
MOST_BITS = 10_000
SIGNS = ("=", "!=", "<", "<=", ">", ">=")
FREE_FUNCTIONS = ("f", "g", "h", "F", "G")
STARTS = ("number", "name", "(", "{", "|", "√", "∂")
TEX_STARTS = ("\\frac", "\\sqrt", "\\int", "\\sum", "\\cases", "|(", "floor(", "ceil(")


def read(source: str, names: Names = NO_NAMES) -> Expr:
    """The tree of an expression; raises NotationError."""
    reader = Reader(source, names)
    expr = reader.expression()
    reader.expect_end("an operator or the end")
    return expr


def read_statement(source: str, names: Names = NO_NAMES) -> Statement:
    """The tree of a claim with its conditions; raises NotationError."""
    reader = Reader(source, names)
    body = reader.body()
    conditions = reader.conditions() if reader.accept("name", "for") else ()
    reader.expect_end("`for` or the end")
    return Statement(body, conditions)


def read_conditions(source: str, names: Names = NO_NAMES) -> tuple[Condition, ...]:
    """The tree of what may stand after `for`; raises NotationError."""
    reader = Reader(source, names)
    conditions = reader.conditions()
    reader.expect_end("a comma or the end")
    return conditions


class Reader:
    """One text on its way to a tree; `tex_forms` reads with it what only LaTeX has."""

    def __init__(self, source: str, names: Names) -> None:
        self.source, self.names = source, names
        self.tex = "\\" in source
        self.tokens = tokens(source)
        self.index = 0
        self.level = 0  # how deep the recursion is
        self.bars = 0  # bars that are open at this bracket level
        self.group = -1  # where braces, if they open there, may hold any expression

    # ---- tokens -------------------------------------------------------------------------------

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

    # ---- statements ---------------------------------------------------------------------------

    def body(self) -> Body:
        token = self.now
        if token.kind == "name" and token.text in PROPERTIES and self.ahead().kind == "(":
            return self.property()
        left = self.expression()
        if self.tex and (self.now.kind == "," or (self.now.kind == "name" and self.now.text in ("is", "in"))):
            return self.spoken(left)
        if self.accept("~="):
            right = self.expression()
            self.expect("+-", "`±` and how near, as in `a ≈ b ± c`")
            return Near(left, right, self.expression())
        if self.now.kind not in SIGNS:
            raise self.unexpected("a relation such as `=` or `<=`")
        return self.chain(left)

    def spoken(self, of: Expr) -> Property:
        """`f(x) \\text{ is convex}`, `f(x) \\in C^{1}`."""
        extra: list[Expr] = []
        if self.accept("name", "in"):
            if not self.accept("name", "C"):
                raise self.unexpected("`C^{k}`, as in `f(x) \\in C^{1}`")
            order = self.exponent() if self.accept("^") else Constant("oo")
            return Property("smooth", of, () if order == Constant("oo") else (order,))
        while self.accept(","):
            extra.append(self.expression())
        self.accept("name", "is")
        kind = self.expect("name", "a property such as `convex`").text
        if kind not in PROPERTIES:
            raise self.error(f"`{kind}` is no property", self.tokens[self.index - 1], f"one of {', '.join(PROPERTIES)}")
        if self.accept("name", "with"):
            self.accept("name", "period")
            extra.append(self.expression())
        return Property(kind, of, tuple(extra))

    def chain(self, left: Expr) -> Relation:
        sides, signs = [left], []
        while self.now.kind in SIGNS:
            signs.append(self.now.kind)
            self.index += 1
            sides.append(self.expression())
        return Relation(tuple(sides), tuple(signs))

    def property(self) -> Property:
        kind = self.now.text
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
        return Property(kind, of, tuple(extra))

    def conditions(self) -> tuple[Condition, ...]:
        found = [self.condition()]
        while self.accept(","):
            found.append(self.condition())
        return tuple(found)

    def condition(self) -> Condition:
        token, after = self.now, self.ahead()
        if token.kind == "name" and after.kind == "name" and after.text in ("in", "integer"):
            self.index += 2
            symbol = Symbol(token.text)
            if after.text == "in" and self.accept("name", "integers"):
                return IsInteger(symbol)
            return IsInteger(symbol) if after.text == "integer" else InInterval(symbol, self.interval())
        left = self.expression()
        if self.now.kind not in SIGNS:
            raise self.unexpected("a condition such as `x > 0`, `n integer` or `x in [0, 1]`")
        return self.chain(left)

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

    # ---- expressions --------------------------------------------------------------------------

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
        left = self.power()
        chain = False  # whether `left` is a product that was begun in this very chain
        while True:
            token = self.now
            if token.kind == "/":
                self.index += 1
                under = self.signed()
                self.refuse_product_after_slash(left, under)
                left, chain = Quotient(left, under), False
                continue
            if token.kind == "*":
                self.index += 1
                factor = self.signed()
            elif self.juxtaposed():
                factor = self.power()
            else:
                return left
            left = Product((*left.factors, factor)) if chain and isinstance(left, Product) else Product((left, factor))
            chain = True

    def juxtaposed(self) -> bool:
        """Whether a factor follows without an operator."""
        token = self.now
        if token.kind == "number":
            raise self.error(f"a number follows without an operator: `{token.text}`", token, "for a product write `*`")
        if token.kind == "|":
            return not self.bars
        if token.kind in TEX_STARTS:
            return True
        word = token.text if token.kind == "name" else ""
        return token.kind in STARTS and word not in KEYWORDS and not (self.tex and word == "is")

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
                return Call("sqrt", (self.power(),))
            case "∂":
                return self.derivative(partial=True)
        if token.kind in TEX_STARTS:
            from dlteach.notation.tex_forms import FORMS

            return FORMS[token.kind](self)
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
        group = self.tex or self.group == self.index
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

    # ---- names --------------------------------------------------------------------------------

    def named(self) -> Expr:
        token = self.now
        word, after = token.text, self.ahead()
        if word in KEYWORDS:
            raise self.unexpected("a number, a name or `(`")
        if word == "d" and after.kind in ("/", "^") and (found := self.derivative_ahead()):
            return found
        if word in ("E", "Var") and after.kind == "[":
            self.index += 2
            inner = self.expression()
            self.expect("]", "`]`")
            return Moment(word, inner)
        if word in CALCULUS and after.kind == "(":
            return self.binder()
        if word in CALCULUS and after.kind == "_":
            from dlteach.notation.tex_forms import below

            return below(self)
        if word in CONSTANTS and after.kind != "'":
            self.index += 1
            return Constant(word)
        return self.call_or_symbol()

    def call_or_symbol(self) -> Expr:
        token = self.now
        word = token.text
        self.index += 1
        primes = 0
        while self.now.kind == "'":
            primes += 1
            self.index += 1
        lookup = "sigmoid" if word == "sigma" else word
        if self.tex and not self.names.proper(lookup) and self.names.proper(word.lower()):
            lookup = word.lower()  # \\mathrm{GELU}
        proper = self.names.proper(lookup)
        if self.now.kind == "^" and (proper or word in FREE_FUNCTIONS):
            raised = self.function_power(token, primes)
            if raised is not None:
                return raised
        if self.now.kind == "(":
            if proper or word in FREE_FUNCTIONS:
                return self.call(token, proper or word, primes)
            if len(word) > 1 and word not in GREEK_LETTER and "_" not in word and not word[1:].isdigit():
                meant = suggestion(word, self.names.every())
                if meant:
                    raise self.error(f"there is no function `{word}`", token, f"did you mean {meant}?")
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
        lookup = "sigmoid" if word == "sigma" else word
        base = self.call(token, self.names.proper(lookup) or word, primes)
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
        lookup = "sigmoid" if token.text == "sigma" else token.text
        if not self.names.proper(lookup) and self.names.proper(lookup.lower()):
            lookup = lookup.lower()
        base = self.call(token, self.names.proper(lookup) or token.text, primes)
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

    # ---- calculus -----------------------------------------------------------------------------

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
        if self.tex and self.now.kind != "(":
            return Derivative(self.power(), Symbol(word), order, partial)
        if self.now.kind != "(":
            sign = "∂" if partial else "d"
            raise self.error("a derivative takes the parenthesis that follows", start, f"write {sign}/{sign}{word} (…)")
        self.index += 1
        inner = self.expression()
        self.expect(")", "`)`")
        return Derivative(inner, Symbol(word), order, partial)

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
        if token.text in ("sup", "inf", "argmin", "argmax") and self.accept(")"):
            return Extremum(token.text, of, Symbol("x"), None)
        self.expect(
            ",", {"lim": "`, x -> 0`", "int": "`, x = 0..1`", "sum": "`, i = 1..n`"}.get(token.text, "`, x in [0, 1]`")
        )
        variable = Symbol(self.expect("name", "the name of a variable").text)
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
            built = Extremum(token.text, of, variable, self.interval())
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

"""From tree to a line that can be typed back in: `read(show(tree)) == tree`.

Two styles: ASCII for files and scripts, and the prettier one of the screen (Greek letters, minus sign,
middle dot), which reads back to the same tree.
"""

from __future__ import annotations

import itertools

from dlteach.notation.signs import GREEK_LETTER, PRETTY
from dlteach.notation.tree import (
    BigSum,
    Branch,
    Call,
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
    Node,
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
)

SUM, PRODUCT, POWER, ATOM = range(4)
LETTER_CALLS = {"sigmoid": "σ", "Phi": "Φ", "phi": "φ"}


def show(node: Node, pretty: bool = False) -> str:
    """`node` as one line; `pretty` uses σ, Φ, −, ·, ≤ where they read back as the same."""
    return (_Pretty() if pretty else _Plain()).node(node)


class _Plain:
    def sign(self, plain: str) -> str:
        return plain

    def name(self, word: str) -> str:
        return word

    def node(self, node: Node) -> str:
        match node:
            case Expr():
                return self.at(node, SUM)
            case Statement(body, conditions):
                tail = f" for {', '.join(self.node(c) for c in conditions)}" if conditions else ""
                return self.node(body) + tail
            case Relation(sides, signs):
                parts = [self.at(sides[0], SUM)]
                for sign, side in zip(signs, sides[1:], strict=True):
                    parts += [self.sign(sign), self.at(side, SUM)]
                return " ".join(parts)
            case Near(left, right, within):
                near, more = self.sign("~="), self.sign("+-")
                return f"{self.node(left)} {near} {self.node(right)} {more} {self.node(within)}"
            case Property(kind, of, extra):
                return f"{kind}({', '.join(self.node(part) for part in (of, *extra))})"
            case IsInteger(symbol):
                return f"{self.node(symbol)} integer"
            case InInterval(symbol, interval):
                return f"{self.node(symbol)} in {self.node(interval)}"
            case Interval(lower, upper, open_below, open_above):
                ends = "[("[open_below], "])"[open_above]
                return f"{ends[0]}{self.node(lower)}, {self.node(upper)}{ends[1]}"
            case Branch(value, None):
                return f"{self.node(value)} otherwise"
            case Branch(value, Relation() as condition):
                return f"{self.node(value)} if {self.node(condition)}"
        raise TypeError(f"cannot show {type(node).__name__}")

    def at(self, expr: Expr, level: int) -> str:
        """`expr`, in brackets where it binds less tightly than `level` asks for."""
        text, own = self.raw(expr)
        return text if own >= level else f"({text})"

    def raw(self, expr: Expr) -> tuple[str, int]:
        match expr:
            case Number(_, text):
                return text, ATOM
            case Constant(name):
                return self.name(name), ATOM
            case Symbol(name):
                return self.name(name), ATOM
            case Negative(of):
                return self.sign("-") + self.at(of, PRODUCT), SUM
            case Sum(terms):
                return self.sum(terms), SUM
            case Product(factors):
                return self.product(factors), PRODUCT
            case Quotient(over, under):
                first = f"({self.at(over, SUM)})" if isinstance(over, Negative) else self.at(over, PRODUCT)
                return f"{first}/{self.at(under, POWER)}", PRODUCT
            case Power(base, exponent):
                return f"{self.at(base, ATOM)}^{self.exponent(exponent)}", POWER
            case Call():
                return self.call(expr)
            case Piecewise(branches):
                return "{" + "; ".join(self.node(branch) for branch in branches) + "}", ATOM
            case Derivative(of, variable, order, partial):
                d = "∂" if partial else "d"
                n = f"^{order}" if order > 1 else ""
                var = self.name(variable.name)
                return f"{d}{n}/{d}{var}{n} ({self.at(of, SUM)})", PRODUCT
            case Limit(of, variable, point, side):
                end = self.at(point, SUM) + side
                return f"lim({self.at(of, SUM)}, {self.name(variable.name)} {self.sign('->')} {end})", ATOM
            case Integral(of, variable, lower, upper) | BigSum(of, variable, lower, upper):
                word = "int" if isinstance(expr, Integral) else "sum"
                bounds = f"{self.at(lower, SUM)}..{self.at(upper, SUM)}"
                return f"{word}({self.at(of, SUM)}, {self.name(variable.name)} = {bounds})", ATOM
            case Moment(kind, of):
                return f"{kind}[{self.at(of, SUM)}]", ATOM
            case Extremum(kind, of, variable, domain):
                if domain is None:
                    return f"{kind}({self.at(of, SUM)})", ATOM
                return f"{kind}({self.at(of, SUM)}, {self.name(variable.name)} in {self.node(domain)})", ATOM
        raise TypeError(f"cannot show {type(expr).__name__}")

    def sum(self, terms: tuple[Expr, ...]) -> str:
        first = terms[0]
        text = self.raw(first)[0] if isinstance(first, Negative) else self.at(first, PRODUCT)
        for term in terms[1:]:
            if isinstance(term, Negative):
                text += f" {self.sign('-')} {self.at(term.of, PRODUCT)}"
            else:
                text += f" + {self.at(term, PRODUCT)}"
        return text

    def product(self, factors: tuple[Expr, ...]) -> str:
        first = factors[0]
        text = self.at(first, PRODUCT if isinstance(first, Quotient | Derivative) else POWER)
        for left, factor in itertools.pairwise(factors):
            more = self.at(factor, POWER)
            text += more if self.joins(left, factor, more) else self.sign("*") + more
        return text

    def joins(self, left: Expr, right: Expr, text: str) -> bool:
        """Whether a factor can follow a number without a sign: 2x, 3(x + 1), but 2*e^x and 2*tanh(x)."""
        inner = right.base if isinstance(right, Power) else right
        return isinstance(left, Number) and isinstance(inner, Symbol | Constant | Sum) and text[0] not in "eE"

    def exponent(self, expr: Expr) -> str:
        if isinstance(expr, Negative) and isinstance(expr.of, Symbol | Constant | Number):
            return self.sign("-") + self.at(expr.of, ATOM)
        return self.at(expr, POWER)

    def call(self, expr: Call) -> tuple[str, int]:
        if expr.name == "abs" and not expr.primes and len(expr.args) == 1:
            inside = self.at(expr.args[0], SUM)
            return (f"|{inside}|" if "|" not in inside else f"abs({inside})"), ATOM
        args = ", ".join(self.at(arg, SUM) for arg in expr.args)
        return f"{self.function(expr.name)}{chr(39) * expr.primes}({args})", ATOM

    def function(self, name: str) -> str:
        return name


class _Pretty(_Plain):
    def sign(self, plain: str) -> str:
        return PRETTY.get(plain, plain)

    def name(self, word: str) -> str:
        head, mark, tail = word.partition("_")
        return GREEK_LETTER.get(head, PRETTY.get(head, head) if head == "oo" else head) + mark + tail

    def function(self, name: str) -> str:
        return LETTER_CALLS.get(name, name)

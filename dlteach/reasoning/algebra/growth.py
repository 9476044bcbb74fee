"""How fast an expression can grow in some of its symbols: enough to tell whether it has a mean.

A size says |u| <= C * (1 + |z|)^degree where `degree` is known, and else C * e^(c*|z|) * (e^(b_1*z^2) + …), one term
for each of the `squares`; C and c may depend on the other symbols. It bounds u where u has a value and away from its
poles: that it is locally bounded is for `domains` to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from dlteach.notation.backend import Definitions
from dlteach.notation.names import BUILTINS
from dlteach.notation.tree import (
    ONE,
    ZERO,
    Call,
    Constant,
    Expr,
    Negative,
    Number,
    Piecewise,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    call,
    literal,
    number,
    symbols,
)
from dlteach.reasoning.algebra.facts import FACTS, Growth
from dlteach.reasoning.algebra.simplify import simplified
from dlteach.values import frozen

MOST_SQUARES = 40
DEEPEST = 40


@frozen
class Size:
    """`degree` None: exponentials of |z| occur, or of squares."""

    degree: int | None
    squares: tuple[Expr, ...] = (ZERO,)


CONSTANT, LINEAR_EXPONENT = Size(0), Size(None)


def growth(expr: Expr, noise: frozenset[str], definitions: Definitions) -> tuple[Expr, ...] | None:
    """The b of all e^(b*z^2) that bound an expression together, up to e^(c*|z|); None where that is not known."""
    size = _Sizes(noise, definitions).of(expr)
    return None if size is None else size.squares


def far_from_zero(expr: Expr, noise: frozenset[str], definitions: Definitions) -> bool:
    """Whether |u| >= c for a constant c > 0 by its form, wherever u has a value and is not 0."""
    return _Sizes(noise, definitions).far_from_zero(expr)


def part_of(over: Expr, under: Expr, definitions: Definitions) -> bool:
    """Whether `under` is `over` and more, both at least 0 by their form: then their quotient lies in [0, 1]."""
    sizes = _Sizes(frozenset(), definitions)
    terms = under.terms if isinstance(under, Sum) else (under,)
    return over in terms and all(map(sizes.not_negative, terms))


class _Sizes:
    def __init__(self, noise: frozenset[str], definitions: Definitions) -> None:
        self.noise, self.definitions = noise, definitions
        self.depth = 0

    def of(self, expr: Expr) -> Size | None:
        if not symbols(expr) & self.noise:
            return CONSTANT
        match expr:
            case Symbol():
                return Size(1)
            case Negative(of):
                return self.of(of)
            case Sum(terms):
                return _largest(map(self.of, terms))
            case Product(factors):
                return _product(map(self.of, factors))
            case Quotient(over, under):
                return _product((self.of(over), self.inverse(under)))
            case Power(base, exponent):
                return self.power(base, exponent)
            case Piecewise(branches):
                return _largest(self.of(branch.value) for branch in branches)
            case Call(name, args, 0):
                return self.call(name, args)
        return None

    def power(self, base: Expr, exponent: Expr) -> Size | None:
        n = literal(exponent)
        if n is not None and n < 0:
            return self.inverse(base if n == -1 else Power(base, number(-n)))
        if n is not None:
            size = self.of(base)
            if size is None or size.degree is None:
                return _product([size] * int(n)) if n.denominator == 1 and n <= 8 else None
            return Size(ceil(size.degree * n))
        if base == Constant("e"):
            return self.exponential(exponent)
        value = literal(base)
        return self.exponential(Product((call("ln", base), exponent))) if value is not None and value > 0 else None

    def exponential(self, u: Expr) -> Size | None:
        """e^u, for u at most quadratic; what is multiplied by z_1*z_2 is not followed."""
        size = self.of(u)
        if size is not None and size.degree is not None and size.degree <= 1:
            return CONSTANT if size.degree == 0 else LINEAR_EXPONENT
        squares = [self.square(term) for term in (u.terms if isinstance(u, Sum) else (u,))]
        known = [square for square in squares if square is not None]
        if len(known) < len(squares):
            return None
        one = known[0] if len(known) == 1 else Sum(tuple(known))
        return Size(None, (simplified(one),)) if len(self.noise) == 1 else None

    def square(self, term: Expr) -> Expr | None:
        """b, where a term is b*z^2; 0 for one that grows at most linearly."""
        size = self.of(term)
        if size is not None and size.degree is not None and size.degree <= 1:
            return ZERO
        match term:
            case Negative(of):
                inner = self.square(of)
                return None if inner is None else Negative(inner)
            case Power(Symbol(), Number(value)) if value == 2:
                return ONE
            case Quotient(over, under) if not symbols(under) & self.noise:
                inner = self.square(over)
                return None if inner is None else Quotient(inner, under)
            case Product(factors):
                moving = [factor for factor in factors if symbols(factor) & self.noise]
                inner = self.square(moving[0]) if len(moving) == 1 else None
                fixed = [factor for factor in factors if not symbols(factor) & self.noise]
                if len(moving) == 2 and moving[0] == moving[1] and isinstance(moving[0], Symbol):
                    inner = ONE
                return None if inner is None else Product((*fixed, inner))
        return None

    def inverse(self, under: Expr) -> Size | None:
        """1/u, where |u| is not below a positive constant; 1/e^u is e^-u."""
        match under:
            case Power(Constant("e"), exponent) | Call("exp", (exponent,), 0):
                return self.exponential(Negative(exponent))
            case Product(factors):
                return _product(map(self.inverse, factors))
        return CONSTANT if self.far_from_zero(under) else None

    def far_from_zero(self, expr: Expr) -> bool:
        """Whether |u| >= c for a constant c > 0, by its form, where u is not 0."""
        if not symbols(expr) & self.noise:
            return True
        match expr:
            case Negative(of):
                return self.far_from_zero(of)
            case Sum(terms):
                return all(map(self.not_negative, terms)) and any((literal(term) or 0) > 0 for term in terms)
            case Product(factors):
                return all(map(self.far_from_zero, factors))
            case Power(base, exponent):
                return (literal(exponent) or 0) > 0 and self.far_from_zero(base)
            case Call("cosh" | "sqrt" | "abs" as name, (u,), 0):
                return name == "cosh" or self.far_from_zero(u)
        return False

    def not_negative(self, expr: Expr) -> bool:
        """Whether u >= 0 by its form."""
        value = literal(expr)
        if value is not None:
            return value >= 0
        match expr:
            case Constant():
                return True
            case Sum(terms):
                return all(map(self.not_negative, terms))
            case Product(factors):
                return all(map(self.not_negative, factors))
            case Quotient(over, under):
                return self.not_negative(over) and self.not_negative(under)
            case Power(base, exponent):
                n = literal(exponent)
                return self.not_negative(base) or (n is not None and n.denominator == 1 and n % 2 == 0)
            case Call("exp" | "sqrt" | "abs" | "cosh" | "sigmoid" | "Phi" | "phi" | "erfc" | "sech", _, 0):
                return True
        return False

    def call(self, name: str, args: tuple[Expr, ...]) -> Size | None:
        if name in BUILTINS:
            if name in ("exp", "sinh", "cosh"):
                up = self.exponential(args[0])
                return up if name == "exp" else _largest((up, self.exponential(Negative(args[0]))))
            if name in ("max", "min"):
                return _largest(map(self.of, args))
            return self.through(FACTS[name].growth, args[0], name)
        if name in self.definitions and self.depth < DEEPEST:
            self.depth += 1
            size = self.of(self.definitions[name].applied(args))
            self.depth -= 1
            return size
        return None

    def through(self, kind: Growth, u: Expr, name: str) -> Size | None:
        """A function that grows no faster than its argument, or not at all."""
        if kind is Growth.BOUNDED:
            return CONSTANT
        size = self.of(u)
        if kind is Growth.LINEAR:
            return size
        logarithm = name in ("ln", "log", "log2", "log10") and self.far_from_zero(u)
        if (kind is not Growth.LOGARITHMIC and not logarithm) or size is None:
            return None
        return Size(min(1, size.degree) if size.degree is not None else 1 if size.squares == (ZERO,) else 2)


def _largest(sizes: Iterable[Size | None]) -> Size | None:
    found = list(sizes)
    known = [size for size in found if size is not None]
    if len(known) < len(found):
        return None
    degrees = [size.degree for size in known if size.degree is not None]
    squares = tuple(dict.fromkeys(square for size in known for square in size.squares))
    return Size(max(degrees) if len(degrees) == len(known) else None, squares) if len(squares) < MOST_SQUARES else None


def _product(sizes: Iterable[Size | None]) -> Size | None:
    result = CONSTANT
    for size in sizes:
        if size is None:
            return None
        degree = None if result.degree is None or size.degree is None else result.degree + size.degree
        squares = dict.fromkeys(
            a if b == ZERO else b if a == ZERO else simplified(Sum((a, b)))
            for a in result.squares
            for b in size.squares
        )
        if len(squares) > MOST_SQUARES:
            return None
        result = Size(degree, tuple(squares))
    return result

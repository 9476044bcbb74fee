"""Exact coefficients: sums of rational multiples of products of constants, with a sign that is shown or asked for.

A coefficient is c_1*a^p*b^q*… + c_2*… with rational c_i and p, q; the atoms a, b are constants such as pi, e^2, ln(3),
a parameter, or a sum that had to be inverted. Its sign comes from balls that exclude 0, else from the normal form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable, reachable
from dlteach.notation.balls import Boxes, precision
from dlteach.notation.patience import look
from dlteach.notation.show import show
from dlteach.notation.tree import (
    ONE,
    ZERO,
    Call,
    Condition,
    Expr,
    Negative,
    Power,
    Product,
    Quotient,
    Sum,
    literal,
    number,
    symbols,
)
from dlteach.reasoning.worker.process import WORKER, Overrun, clock

Key = tuple[tuple[Expr, Fraction], ...]  # atoms with their powers, in a fixed order
BITS = (96, 512)
MOST_TERMS = 60
MOST_BITS = 4000


class Undetermined(NotEvaluable):
    """The sign of `expr` decides, and is not known: cases may be told apart by it."""

    def __init__(self, expr: Expr) -> None:
        super().__init__(f"the sign of {show(expr)} is not known")
        self.expr = expr


@dataclass(frozen=True)
class Coefficient:
    """A sum of terms; none for 0."""

    terms: Mapping[Key, Fraction]

    def __hash__(self) -> int:
        return hash(frozenset(self.terms.items()))

    def __neg__(self) -> Coefficient:
        return Coefficient({key: -c for key, c in self.terms.items()})

    def __add__(self, other: Coefficient) -> Coefficient:
        found = dict(self.terms)
        for key, c in other.terms.items():
            found[key] = found.get(key, Fraction(0)) + c
        return _kept(found)

    def __sub__(self, other: Coefficient) -> Coefficient:
        return self + -other

    def __mul__(self, other: Coefficient) -> Coefficient:
        found: dict[Key, Fraction] = {}
        for one, c in self.terms.items():
            for two, d in other.terms.items():
                key, factor = _joined(one, two)
                found[key] = found.get(key, Fraction(0)) + c * d * factor
        return _kept(found)

    @property
    def rational(self) -> Fraction | None:
        """Its value where that is rational by its form."""
        if not self.terms:
            return Fraction(0)
        return self.terms[()] if self.terms.keys() == {()} else None

    def expr(self) -> Expr:
        """As a tree."""
        terms = [_term(key, c) for key, c in self.terms.items()]
        return ZERO if not terms else terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _kept(terms: dict[Key, Fraction]) -> Coefficient:
    if len(terms) > MOST_TERMS or any(c.numerator.bit_length() > MOST_BITS for c in terms.values()):
        raise NotEvaluable("a coefficient with too many terms")
    return Coefficient({key: c for key, c in terms.items() if c})


def _joined(one: Key, two: Key) -> tuple[Key, Fraction]:
    """A product of atoms; roots of numbers that come out whole go into the factor."""
    powers: dict[Expr, Fraction] = dict(one)
    for atom, p in two:
        powers[atom] = powers.get(atom, Fraction(0)) + p
    factor = Fraction(1)
    for atom, p in list(powers.items()):
        value = literal(atom)
        if value is not None and p.denominator == 1:
            factor *= value ** int(p)
            del powers[atom]
    return tuple(sorted(((a, p) for a, p in powers.items() if p), key=lambda pair: (repr(pair[0]), pair[1]))), factor


def _term(key: Key, c: Fraction) -> Expr:
    over = [a if p == 1 else Power(a, number(p)) for a, p in key if p > 0]
    under = [a if p == -1 else Power(a, number(-p)) for a, p in key if p < 0]
    size = abs(c)
    if size.numerator != 1 or not over:
        over.insert(0, number(size.numerator))
    if size.denominator != 1:
        under.insert(0, number(size.denominator))
    top = over[0] if len(over) == 1 else Product(tuple(over))
    whole = top if not under else Quotient(top, under[0] if len(under) == 1 else Product(tuple(under)))
    return whole if c > 0 else Negative(whole)


def rational(value: Fraction | int) -> Coefficient:
    """A number."""
    return Coefficient({(): Fraction(value)} if value else {})


def atom(expr: Expr) -> Coefficient:
    """A constant that is known by its tree."""
    value = literal(expr)
    return rational(value) if value is not None else Coefficient({((expr, Fraction(1)),): Fraction(1)})


def inverted(value: Coefficient) -> Coefficient:
    """1/value, which is known not to be 0."""
    if len(value.terms) == 1:
        ((key, c),) = value.terms.items()
        return Coefficient({tuple((a, -p) for a, p in key): 1 / c})
    return Coefficient({((value.expr(), Fraction(-1)),): Fraction(1)})


def raised(value: Coefficient, exponent: Coefficient) -> Coefficient:
    """value^exponent for a positive value, or for an integer exponent."""
    p = exponent.rational
    if p is not None and p.denominator == 1 and abs(p) <= 64:
        result, base = rational(1), value if p >= 0 else inverted(value)
        for _ in range(abs(int(p))):
            result = result * base
        return result
    if value.rational == 1:
        return rational(1)
    c = value.rational
    if p is not None and c is not None:
        root = _root(c, p.denominator)
        if root is not None:
            return rational(root**p.numerator)
        if c.denominator == 1:
            whole = p.numerator // p.denominator
            return Coefficient({((number(c), p - whole),): c**whole})
    return atom(Power(value.expr(), exponent.expr()))


def _root(value: Fraction, n: int) -> Fraction | None:
    if value <= 0 or n != 2:
        return None
    up, down = isqrt(value.numerator), isqrt(value.denominator)
    return Fraction(up, down) if (up * up, down * down) == (value.numerator, value.denominator) else None


@dataclass(frozen=True)
class Signs:
    """What tells the sign of a coefficient: the values of its symbols in balls, or conditions on them."""

    env: Mapping[str, arb]
    conditions: tuple[Condition, ...]
    definitions: Definitions
    deadline: float

    def __call__(self, value: Coefficient) -> int:
        """1, 0 or -1; raises Undetermined."""
        c = value.rational
        if c is not None:
            return (c > 0) - (c < 0)
        expr = value.expr()
        if symbols(expr) <= self.env.keys():
            for bits in BITS:
                if (sign := self.by_balls(expr, bits)) is not None:
                    return sign
                if bits == BITS[0] and self.zero(expr):
                    return 0
        elif len(value.terms) == 1 and (sign := self.by_form(value)) is not None:
            return sign
        else:
            only = self.only(expr)
            if only is not None:
                return only
        if (pair := _logarithms(value)) is not None:
            if (only := self.only(pair)) is not None:
                return only
            raise Undetermined(pair)
        raise Undetermined(expr)

    def by_balls(self, expr: Expr, bits: int) -> int | None:
        """The sign where a ball excludes 0."""
        with precision(bits):
            value = Boxes(self.definitions)(expr, self.env)
        return 1 if value > 0 else -1 if value < 0 else None

    def zero(self, expr: Expr) -> bool:
        """Whether a value that may be 0 is 0, by the normal form."""
        shown = self.asked("algebra.normal:vanishes", expr)
        return bool(getattr(shown, "cases", 0) and getattr(shown, "certain", False))

    def by_form(self, value: Coefficient) -> int | None:
        """The sign of one product, from those of its atoms; even powers need only be known not to be 0."""
        ((key, c),) = value.terms.items()
        sign = 1 if c > 0 else -1
        for part, p in key:
            if not symbols(part):
                own = self.by_balls(part, BITS[0])
            else:
                own = self.only(part)
                if own is None and isinstance(part, Call) and part.name == "ln":
                    own = self.only(Sum((part.args[0], Negative(ONE))))
            if own is None:
                raise Undetermined(part)
            if own == 0:
                return 0 if p > 0 else None
            if p.denominator != 1:
                if own < 0:
                    return None
            elif int(p) % 2:
                sign *= own
        return sign

    def only(self, expr: Expr) -> int | None:
        """The one sign that an expression with parameters can have, by its form; None where there are more."""
        signs = getattr(self.asked("algebra.normal:signs", expr), "signs", None)
        return next(iter(signs)) if signs is not None and len(signs) == 1 else None

    def asked(self, task: str, expr: Expr) -> object:
        """The worker's answer; None where there is none in time."""
        try:
            needed = reachable(expr, self.definitions)
            seconds = min(1.0, self.deadline - clock())
            return WORKER.ask(task, expr, self.conditions, needed, seconds=seconds)
        except Overrun:
            look()  # what follows from not knowing it may be remembered
            return None


def _logarithms(value: Coefficient) -> Expr | None:
    """a - b, which has the sign of c*ln(a) - c*ln(b) for c > 0."""
    pairs = [(key[0][0], c) for key, c in value.terms.items() if len(key) == 1 and key[0][1] == 1]
    if len(value.terms) != 2 or len(pairs) != 2:
        return None
    (one, c), (two, d) = pairs
    if not (isinstance(one, Call) and isinstance(two, Call) and one.name == two.name == "ln" and c == -d):
        return None
    a, b = (one.args[0], two.args[0]) if c > 0 else (two.args[0], one.args[0])
    return Sum((a, Negative(b)))


Sign = Callable[[Coefficient], int]

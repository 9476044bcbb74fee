"""Where an integrand may have no value, or an infinite one: exact places by roots, others by bisection.

A singular part of an expression is a divisor, a base of a root or of a negative power, or the distance of an argument
from the end of its function's domain. Where it is 0 the expression may not be bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Balls, NotReal
from dlteach.notation.tree import (
    ONE,
    Call,
    Constant,
    Expr,
    Negative,
    Power,
    Product,
    Quotient,
    Sum,
    call,
    literal,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.pieces import inlined
from dlteach.reasoning.algebra.roots import roots
from dlteach.reasoning.enclosing.jets import Jet, jet_at
from dlteach.reasoning.enclosing.quadrature import Integrand

AT_ZERO = ("ln", "log", "log2", "log10", "sqrt", "cbrt", "abs", "sign", "coth", "csch", "acot", "acsch", "cot", "csc")
AT_ONES = ("asin", "acos", "atanh", "asec", "acsc", "acoth", "asech", "acosh")
POLES = {"tan": ("sin", "cos"), "sec": ("", "cos"), "cot": ("cos", "sin"), "csc": ("", "sin"),
         "coth": ("cosh", "sinh"), "csch": ("", "sinh")}  # fmt: skip
BISECTIONS = 400
DEPTH = 40
NARROWINGS = 16


def exact_places(expr: Expr, variable: str, definitions: Definitions) -> list[Fraction]:
    """Rational places at which a singular part of an expression is 0, from left to right."""
    found: set[Fraction] = set()
    for node in walk(inlined(expr, definitions, everything=True)):
        for part in _singular_parts(node):
            if variable in symbols(part):
                for root in roots(part, variable) or ():
                    place = literal(root)
                    if place is not None:
                        found.add(place)
    return sorted(found)


def _singular_parts(node: Expr) -> Iterator[Expr]:
    match node:
        case Quotient(_, under):
            yield under
        case Power(base, exponent) if base != Constant("e"):
            n = literal(exponent)
            if n is None or n < 0 or n.denominator != 1:
                yield base
        case Call(name, (u,), 0) if name in AT_ZERO:
            yield u
        case Call(name, (u,), 0) if name in AT_ONES:
            yield Sum((u, Negative(ONE)))
            yield Sum((u, ONE))
            if name in ("asec", "acsc", "acoth", "asech"):
                yield u


def gap(integrand: Integrand, lower: arb, upper: arb) -> NotReal | None:
    """Why the integrand has no value on a whole box between two ends; None where no such box was found."""
    balls = Balls(integrand.definitions)
    waiting = [(lower.mid(), upper.mid(), 0)]
    for _ in range(BISECTIONS):
        if not waiting:
            return None
        low, high, depth = waiting.pop(0)
        box = low.union(high)
        try:
            if balls(integrand.expr, {**integrand.env, integrand.variable: box}).is_finite():
                continue
        except NotReal as reason:
            return reason
        except (NotEvaluable, OverflowError):
            pass
        if depth < DEPTH:
            middle = ((low + high) / 2).mid()
            waiting += [(low, middle, depth + 1), (middle, high, depth + 1)]
    return None


@dataclass(frozen=True)
class Pole:
    """A place beside which the integral is infinite: a box with it inside, and the sign on its left and its right."""

    box: arb
    left: int
    right: int


def pole(integrand: Integrand, lower: arb, upper: arb) -> Pole | None:
    """A pole between two ends: the only root of a factor of a divisor, where nothing else vanishes or blows up."""
    waiting = [(lower.mid(), upper.mid())]
    for _ in range(BISECTIONS):
        if not waiting:
            return None
        low, high = waiting.pop(0)
        box = low.union(high)
        if integrand.box(box).is_finite():
            continue
        part = _blowing_up(integrand, integrand.expr, box)
        if part is not None:
            signs = [_sign(_value(integrand, part, end)) for end in (low, high)]
            if 0 not in signs:
                return Pole(_narrowed(integrand, low, high), signs[0], signs[1])
        middle = ((low + high) / 2).mid()
        waiting += [(low, middle), (middle, high)]
    return None


def _narrowed(integrand: Integrand, low: arb, high: arb) -> arb:
    """A smaller box around the pole between two ends."""
    for _ in range(NARROWINGS):
        middle = ((low + high) / 2).mid()
        halves = ((low, middle), (middle, high))
        inside = [half for half in halves if _blowing_up(integrand, integrand.expr, half[0].union(half[1]))]
        if not inside:
            break
        low, high = inside[0]
    return low.union(high)


def _sign(value: arb) -> int:
    return 1 if value > 0 else -1 if value < 0 else 0


def _blowing_up(integrand: Integrand, expr: Expr, box: arb) -> Expr | None:
    """The part that is at least c/|x - p| on a box, for a p inside it, with one sign on each side of p; the rest of
    the expression is bounded there."""
    match expr:
        case Negative(of):
            inner = _blowing_up(integrand, of, box)
            return None if inner is None else Negative(inner)
        case Sum(terms):
            wild = [term for term in terms if not _value(integrand, term, box).is_finite()]
            return _blowing_up(integrand, wild[0], box) if len(wild) == 1 else None
    roots_inside = 0
    for factor, n in _factors(expr, 1):
        value = _value(integrand, factor, box)
        if not value.is_finite():
            return None
        if value > 0 or value < 0:
            continue
        if n >= 0 or not _crosses_once(integrand, factor, box):
            return None
        roots_inside += 1
    return expr if roots_inside == 1 else None


def _factors(expr: Expr, power: int) -> Iterator[tuple[Expr, int]]:
    """Factors with the signs of their exponents; for a root, a power below 1 is no pole and is not taken apart."""
    match expr:
        case Negative(of):
            yield from _factors(of, power)
        case Product(factors):
            for factor in factors:
                yield from _factors(factor, power)
        case Quotient(over, under):
            yield from _factors(over, power)
            yield from _factors(under, -power)
        case Power(base, exponent) if (n := literal(exponent)) is not None and n.denominator == 1 and n:
            yield from _factors(base, power if n > 0 else -power)
        case Call(name, (u,), 0) if name in POLES:
            top, bottom = POLES[name]
            if top:
                yield call(top, u), power
            yield call(bottom, u), -power
        case _:
            yield expr, power


def _crosses_once(integrand: Integrand, factor: Expr, box: arb) -> bool:
    """Whether a smooth factor has exactly one root in a box, with a slope that is bounded and of one sign."""
    ends = [_sign(_value(integrand, factor, end)) for end in (box.lower().mid(), box.upper().mid())]
    try:
        jet: Jet = jet_at(factor, integrand.variable, box, integrand.env, integrand.definitions)
    except NotEvaluable:
        return False
    return ends[0] * ends[1] < 0 and jet.slope.is_finite() and not jet.slope.contains(0)


def _value(integrand: Integrand, expr: Expr, at: arb) -> arb:
    part = Integrand(expr, integrand.variable, integrand.env, integrand.definitions, integrand.deadline)
    return part.box(at)

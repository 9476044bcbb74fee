"""What the worker does with SymPy: differentiate, and try to prove that an expression is zero.

SymPy drops branches of measure zero and continues through the complex plane. So its zero is asked for smooth
expressions only, and the inside of a limit, an integral or a sum is first shown to be real all the way.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import sympy as sp

from dlteach.notation.backend import Definitions
from dlteach.notation.symbolic import Symbolic, from_sympy
from dlteach.notation.tree import (
    INFINITY,
    BigSum,
    Condition,
    Expr,
    Integral,
    IsInteger,
    Limit,
    Moment,
    Negative,
    Quotient,
    Relation,
    Sum,
    Symbol,
    links,
    number,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.domains import Need, obligations
from dlteach.reasoning.algebra.normal import ALLOWED, signs
from dlteach.reasoning.algebra.pieces import inlined

FORKED = (sp.Piecewise, sp.Abs, sp.sign, sp.Max, sp.Min, sp.floor, sp.ceiling, sp.Heaviside, sp.nan, sp.zoo)
NEAR = (number(1), number(Fraction(1, 1000)))  # how near to a limit's point its expression is looked at


def differentiate(expr: Expr, variable: str, definitions: Definitions) -> Expr:
    """SymPy's own derivative of `expr`, as our tree."""
    back = Symbolic(definitions)
    return from_sympy(sp.diff(back(expr, {}), back.symbol(variable)))


def is_zero(expr: Expr, conditions: tuple[Condition, ...], definitions: Definitions) -> bool:
    """Whether SymPy can show that `expr` vanishes: limits, integrals and sums are worked out, then simplified."""
    whole = inlined(expr, definitions, everything=True)
    if not all(is_real_inside(node, conditions, definitions) for node in walk(whole)):
        return False
    value = Symbolic(definitions, conditions)(whole, {})
    if value.has(*FORKED):
        return False
    value = value.doit()
    if value.has(*FORKED):
        return False
    return bool(sp.simplify(value) == 0 or sp.simplify(value.rewrite(sp.exp)) == 0)


def is_real_inside(node: Expr, conditions: tuple[Condition, ...], definitions: Definitions) -> bool:
    """Whether what a limit, an integral, a sum or a moment binds is shown to be real all the way (other nodes: yes)."""
    taken = frozenset[str]().union(*map(symbols, conditions))
    if isinstance(node, Limit | Integral | BigSum) and node.variable.name in taken:
        fresh = Symbol(node.variable.name + "_" * (1 + max(map(len, taken))))
        return is_real_inside(_renamed(node, fresh), conditions, definitions)
    match node:
        case Integral(of, variable, lower, upper):
            ranges = [_between(variable, lower, upper), _between(variable, upper, lower)]
        case BigSum(of, variable, lower, upper):
            ranges = [(IsInteger(variable), *_between(variable, lower, upper, "<="))]
        case Limit(of, variable, point, side):
            near = [_near(variable, point, side, distance) for distance in NEAR]
            return any(all(_is_real(of, (*conditions, *part), definitions) for part in way) for way in near)
        case Moment(_, of):
            ranges = [()]
        case _:
            return True
    return all(_is_real(of, (*conditions, *part), definitions) for part in ranges)


def _renamed(node: Limit | Integral | BigSum, fresh: Symbol) -> Expr:
    of = substitute(node.of, {node.variable.name: fresh})
    if isinstance(node, Limit):
        return Limit(of, fresh, node.point, node.side)
    return type(node)(of, fresh, node.lower, node.upper)


def _between(variable: Symbol, lower: Expr, upper: Expr, sign: str = "<") -> tuple[Condition, ...]:
    ends = ((lower, variable), (variable, upper))
    return tuple(Relation(pair, (sign,)) for pair in ends if not {INFINITY, Negative(INFINITY)} & set(pair))


def _near(variable: Symbol, point: Expr, side: str, distance: Expr) -> list[tuple[Condition, ...]]:
    """The conditions of being near a limit's point, for each side from which it is approached."""
    if point == INFINITY:
        return [(Relation((Quotient(number(1), distance), variable), ("<",)),)]
    if point == Negative(INFINITY):
        return [(Relation((variable, Negative(Quotient(number(1), distance))), ("<",)),)]
    above = _between(variable, point, Sum((point, distance)))
    below = _between(variable, Sum((point, Negative(distance))), point)
    return [above] if side == "+" else [below] if side == "-" else [above, below]


def _is_real(of: Expr, conditions: Iterable[Condition], definitions: Definitions) -> bool:
    """Whether all that an expression owes for a value follows, by signs, from conditions."""
    conditions = tuple(conditions)
    owed = obligations(of, Need.REAL, definitions, conditions=conditions)
    return all(o.relation is not None and _follows(o.relation, (*conditions, *o.given), definitions) for o in owed)


def _follows(relation: Relation, conditions: tuple[Condition, ...], definitions: Definitions) -> bool:
    for left, sign, right in links([relation]):
        found = signs(Sum((left, Negative(right))), conditions, definitions)
        if found is None or found.vacuous or not found.signs <= ALLOWED[sign]:
            return False
    return True

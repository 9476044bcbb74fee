"""Where something begins or ends: the joints of pieces, the edges of domains, and where they lie on a line.

A boundary is a pair of expressions: where they are equal, a new piece begins (`boundaries`) or a function's domain
may end (`edges`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations, pairwise

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Balls, ball, precision
from dlteach.notation.tree import (
    INFINITY,
    ONE,
    ZERO,
    Branch,
    Call,
    Condition,
    Expr,
    Negative,
    Piecewise,
    Power,
    Quotient,
    Relation,
    Sum,
    links,
    literal,
    number,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.roots import roots
from dlteach.reasoning.algebra.simplify import simplified

Boundary = tuple[Expr, Expr]
FARTHEST = 10**100
DEEPEST = 6  # definitions inside definitions
BITS = 192
TENS = tuple(10**k for k in range(7))
GRID = tuple(sorted({Fraction(n, d) for ten in TENS for n, d in ((0, 1), (ten, 1), (-ten, 1), (1, ten), (-1, ten))}))
STEPS = 140  # of a bisection: from 10^6 to 10^-36
EDGES: Mapping[str, tuple[Expr, ...]] = {
    **dict.fromkeys(("ln", "log", "log2", "log10", "sqrt", "coth", "csch", "acsch"), (ZERO,)),
    **dict.fromkeys(("asin", "acos", "atanh", "asec", "acsc", "acoth", "acosh"), (ONE, Negative(ONE))),
    "asech": (ZERO, ONE),
    "lambertw": (Negative(Quotient(ONE, Call("exp", (ONE,)))),),
}


def boundaries(
    exprs: Iterable[Expr], definitions: Definitions, depth: int = 0, seen: dict[Expr, int] | None = None
) -> Iterator[Boundary]:
    """Pairs of expressions whose difference changes sign where a new piece begins.

    Definitions are opened six deep; `seen` says how deep an expression was met, so that each is looked at once.
    """
    for expr, _ in _opened(exprs, definitions, depth, {} if seen is None else seen):
        match expr:
            case Call("max" | "min", args):
                yield from combinations([value for arg in args for value in _pieces(arg)], 2)
            case Call("abs" | "sign", (arg,)):
                yield from ((value, ZERO) for value in _pieces(arg))
            case Piecewise(branches):
                for branch in branches:
                    yield from _condition_boundaries(branch)


def edges(exprs: Iterable[Expr], conditions: Iterable[Condition], definitions: Definitions) -> Iterator[Boundary]:
    """Pairs of expressions that are equal where a domain, or what the conditions allow, may end."""
    yield from ((left, right) for left, _, right in links(conditions))
    for expr, _ in _opened(exprs, definitions, 0, {}):
        match expr:
            case Call(name, (arg,)) if name in EDGES:
                yield from ((arg, end) for end in EDGES[name])
            case Quotient(_, under) if symbols(under):
                yield under, ZERO
            case Power(base, exponent) if symbols(base) and ((n := literal(exponent)) is None or n.denominator > 1):
                yield base, ZERO


def _opened(
    exprs: Iterable[Expr], definitions: Definitions, depth: int, seen: dict[Expr, int]
) -> Iterator[tuple[Expr, int]]:
    for expr in exprs:
        if seen.get(expr, depth + 1) <= depth:
            continue
        seen[expr] = depth
        yield expr, depth
        if isinstance(expr, Call) and expr.name in definitions and depth < DEEPEST:
            yield from _opened([definitions[expr.name].applied(expr.args)], definitions, depth + 1, seen)
        yield from _opened(expr.children(), definitions, depth, seen)


def _condition_boundaries(branch: Branch) -> Iterator[Boundary]:
    if isinstance(branch.condition, Relation):
        for left, right in pairwise(branch.condition.sides):
            yield from ((a, b) for a in _pieces(left) for b in _pieces(right))


def _pieces(expr: Expr) -> list[Expr]:
    """The values between which an expression switches."""
    match expr:
        case Call("max" | "min", args):
            return [value for arg in args for value in _pieces(arg)]
        case Piecewise(branches):
            return [value for branch in branches for value in _pieces(branch.value)]
    return [expr]


# ---- where they lie --------------------------------------------------------------------------------


def affine_crossing(boundary: Boundary, variable: str) -> Fraction | None:
    """Where two sides with a difference that is affine in the variable, and of nothing else, meet."""
    at = []
    for t in (0, 1, 2):
        sides = [literal(substitute(side, {variable: number(t)})) for side in boundary]
        if sides[0] is None or sides[1] is None:
            return None
        at.append(sides[0] - sides[1])
    slope = at[1] - at[0]
    return -at[0] / slope if slope and at[2] - at[1] == slope else None


def crossings(boundary: Boundary, variable: str, definitions: Definitions) -> list[Fraction]:
    """Where two sides in one variable meet, or rationals within 10^-36 of that; all places, or those seen on a grid.

    Places beyond 10^100 are left out: no point that far out can be shown.
    """
    return [place for place in _crossings(boundary, variable, definitions) if abs(place) < FARTHEST]


def _crossings(boundary: Boundary, variable: str, definitions: Definitions) -> list[Fraction]:
    if any(node == INFINITY for side in boundary for node in walk(side)):
        return []
    if (at := affine_crossing(boundary, variable)) is not None:
        return [at]
    difference = simplified(Sum((boundary[0], Negative(boundary[1]))))
    with precision(BITS):
        back = Balls(definitions)
        if (known := roots(difference, variable)) is not None:
            return [place for root in known if (place := _rational(root, back)) is not None]
        return _on_a_grid(lambda x: _sign(back, difference, {variable: ball(x)}))


def _rational(expr: Expr, back: Balls) -> Fraction | None:
    """A root as a rational; None for one that balls know no value of."""
    if (value := literal(expr)) is not None:
        return value
    try:
        near = back(expr, {})
    except NotEvaluable:
        return None
    return middle(near) if near.is_finite() else None


def _sign(back: Balls, expr: Expr, env: Mapping[str, arb]) -> int | None:
    """The sign of an expression, 0 where it is not known; None where it has no value."""
    try:
        value = back(expr, env)
    except NotEvaluable:
        return None
    return 1 if value > 0 else -1 if value < 0 else 0


def _on_a_grid(sign: Callable[[Fraction], int | None]) -> list[Fraction]:
    found = []
    signs = [(x, sign(x)) for x in GRID]
    for (low, s), (high, t) in pairwise(signs):
        if s == 0:
            found.append(low)
        elif s != t and t != 0:
            found.append(_bisected(sign, low, high, s))
    return found


def _bisected(sign: Callable[[Fraction], int | None], low: Fraction, high: Fraction, below: int | None) -> Fraction:
    for _ in range(STEPS):
        between = (low + high) / 2
        here = sign(between)
        if here == 0:
            return between
        low, high = (between, high) if here == below else (low, between)
    return (low + high) / 2


def middle(place: arb) -> Fraction:
    """The rational in the middle of a ball, or one too far out to count."""
    if not abs(place) < FARTHEST:
        return Fraction(FARTHEST)
    mantissa, exponent = place.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)

"""Relations as values: what is plain to see of them, what fails when they do, what holds on a closure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from dlteach.notation.tree import (
    Condition,
    Expr,
    Negative,
    Quotient,
    Relation,
    Sum,
    Symbol,
    links,
    literal,
    number,
    substitute,
    symbols,
)
from dlteach.reasoning.algebra.pieces import affine
from dlteach.reasoning.algebra.simplify import simplified

NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
CLOSED = {"<": "<=", ">": ">="}
HOLDS: Mapping[str, Callable[[int], bool]] = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
    "=": lambda sign: sign == 0,
    "!=": lambda sign: sign != 0,
}
TURNED = str.maketrans("<>", "><")


def singles(relation: Relation) -> tuple[Relation, ...]:
    """A chain as its links."""
    return tuple(Relation((a, b), (sign,)) for a, sign, b in relation.links())


def plainly(relation: Relation) -> bool | None:
    """Whether a relation holds, where that is plain: between numbers, or between a side and itself."""
    found = []
    for a, sign, b in relation.links():
        one, two = literal(a), literal(b)
        known = a == b or (one is not None and two is not None)
        gap = 0 if a == b or one is None or two is None else (one > two) - (one < two)
        found.append(HOLDS[sign](gap) if known else None)
    return False if False in found else None if None in found else True


def contradictory(conditions: Iterable[Condition]) -> bool:
    """Whether conditions exclude each other in a way that is plain to see."""
    waiting = [Relation((left, right), (sign,)) for left, sign, right in links(conditions)]
    for i, link in enumerate(waiting):
        name = link.sides[0]
        if link.signs == ("=",) and isinstance(name, Symbol) and name.name not in symbols(link.sides[1]):
            at = {name.name: link.sides[1]}
            waiting = [substitute(other, at) if j != i else other for j, other in enumerate(waiting)]
    low: dict[Expr, list[tuple[Fraction, bool]]] = {}
    high: dict[Expr, list[tuple[Fraction, bool]]] = {}
    for link in waiting:
        (left, right), (sign,) = link.sides, link.signs
        a, b = literal(left), literal(right)
        if plainly(link) is False:
            return True
        if (a is None) == (b is None):
            continue
        part, bound, side = (left, b, sign) if b is not None else (right, a, sign.translate(TURNED))
        assert bound is not None
        if side in ("=", ">", ">="):
            low.setdefault(part, []).append((bound, side == ">"))
        if side in ("=", "<", "<="):
            high.setdefault(part, []).append((bound, side == "<"))
    return any(
        a > b or (a == b and (one or two))
        for part in low.keys() & high.keys()
        for a, one in low[part]
        for b, two in high[part]
    )


def closure(links: tuple[Relation, ...], moving: frozenset[str]) -> tuple[Relation, ...]:
    """Conditions that hold on the closure of where these do; those without a moving symbol stay."""
    found = []
    for link in links:
        sign = link.signs[0]
        if not symbols(link) & moving:
            found.append(link)
        elif sign != "!=":
            found.append(Relation(link.sides, (CLOSED.get(sign, sign),)))
    return tuple(found)


def merged(links: tuple[Relation, ...], moving: frozenset[str]) -> tuple[Relation, ...]:
    """With a <= b and a >= b made into a = b, solved for a moving symbol where that is linear."""
    found: dict[tuple[Expr, ...], Relation] = {}
    for link in links:
        before = found.get(link.sides)
        if before is None or link.signs == ("=",):
            found[link.sides] = link
        elif before.signs != link.signs and before.signs != ("=",):
            found[link.sides] = Relation(link.sides, ("=",))
    return tuple(_solved(link, moving) for link in found.values())


def _solved(link: Relation, moving: frozenset[str]) -> Relation:
    if link.signs != ("=",):
        return link
    for name in sorted(moving & symbols(link)):
        line = affine(Sum((link.sides[0], Negative(link.sides[1]))), name)
        if line is not None and (slope := literal(line[0])):
            return Relation((Symbol(name), simplified(Quotient(Negative(line[1]), number(slope)))), ("=",))
    return link

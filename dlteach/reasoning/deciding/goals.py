"""Goals in several variables, and what their form tells: bounds along a line, branches, logarithms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from dlteach.notation.tree import (
    ONE,
    ZERO,
    Call,
    Condition,
    Constant,
    Expr,
    InInterval,
    Negative,
    Piecewise,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    call,
    links,
    literal,
    number,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.pieces import Span, affine
from dlteach.reasoning.deciding.prover import POSITIVE, Prover
from dlteach.reasoning.deciding.solved import neat

BRANCHING = ("abs", "max", "min", "sign", "floor", "ceil")
NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}


@dataclass(frozen=True)
class Goal:
    """f >= 0, or f > 0 where it is strict, wherever the conditions hold and f has a value."""

    f: Expr
    conditions: tuple[Condition, ...]
    strict: bool

    @property
    def names(self) -> frozenset[str]:
        """The variables of f."""
        return symbols(self.f)


def single(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """Chains and intervals as single relations."""
    found: list[Condition] = []
    for condition in conditions:
        if isinstance(condition, Relation | InInterval):
            found += [Relation((a, b), (sign,)) for a, sign, b in links([condition])]
    return tuple(found)


@lru_cache(maxsize=256)
def line_of(conditions: tuple[Condition, ...], name: str) -> Span:
    """What conditions say of a variable, the others being fixed: those that are affine in it, solved for it."""
    lower: list[tuple[Expr, bool]] = []
    upper: list[tuple[Expr, bool]] = []
    for condition in conditions:
        for left, sign, right in links([condition]):
            line = affine(Sum((left, Negative(right))), name)
            slope = literal(line[0]) if line is not None else None
            if line is not None and slope and sign[0] in "<>":
                bound = neat(Product((number(-1 / slope), line[1])))
                above = (sign[0] == "<") == (slope > 0)
                (upper if above else lower).append((bound, len(sign) == 1))
    low, open_below = _tightest(lower, 1)
    high, open_above = _tightest(upper, -1)
    return Span(low, high, open_below, open_above)


def _tightest(bounds: Sequence[tuple[Expr, bool]], side: int) -> tuple[Expr | None, bool]:
    """One of several bounds: of numbers the one that leaves least, but rather one that moves; any would do."""
    moving = [bound for bound in bounds if symbols(bound[0])]
    if moving or not bounds:
        return moving[-1] if moving else (None, False)
    values = [(literal(bound), bound, is_open) for bound, is_open in bounds]
    known = [(side * value, is_open, bound) for value, bound, is_open in values if value is not None]
    if len(known) < len(bounds):
        return bounds[-1]
    _, is_open, bound = max(known, key=lambda found: found[:2])
    return bound, is_open


def without_equalities(goal: Goal) -> Goal:
    """With each equality among the conditions that is affine in a symbol solved for it."""
    for i, condition in enumerate(goal.conditions):
        if not isinstance(condition, Relation) or condition.signs != ("=",):
            continue
        left, right = condition.sides
        for name in sorted(symbols(condition)):
            line = affine(Sum((left, Negative(right))), name)
            slope = literal(line[0]) if line is not None else None
            if line is not None and slope:
                rest = (*goal.conditions[:i], *goal.conditions[i + 1 :])
                value = neat(Product((number(-1 / slope), line[1])))
                return without_equalities(put(replace(goal, conditions=rest), name, value))
    return goal


def put(goal: Goal, name: str, value: Expr) -> Goal:
    """A goal with a value for a variable."""
    at = {name: value}
    conditions = tuple(substitute(condition, at) for condition in goal.conditions)
    return Goal(neat(substitute(goal.f, at)), conditions, goal.strict)


def is_least(f: Expr, node: Expr) -> bool:
    """Whether a node stands in a sum, once, so that f is the least of what its branches make of it."""
    if not isinstance(f, Sum) or not isinstance(node, Call):
        return False
    wanted = node if node.name == "min" else Negative(node) if node.name in ("abs", "max") else None
    return sum(node in walk(term) for term in f.terms) == 1 and any(term == wanted for term in f.terms)


def branching(expr: Expr) -> Expr | None:
    """The innermost node that chooses between branches."""
    for child in expr.children():
        if (found := branching(child)) is not None:
            return found
    here = isinstance(expr, Piecewise) or (isinstance(expr, Call) and expr.name in BRANCHING and not expr.primes)
    return expr if here and symbols(expr) else None


def branches_of(node: Expr, taken: frozenset[str]) -> Iterator[tuple[Expr, tuple[Relation, ...]]]:
    """The values of a node, each with the conditions under which it is taken; all of them together are all cases.

    floor(u) is u - r for some 0 <= r < 1, a variable that has none of the names that are taken.
    """
    match node:
        case Call("abs", (u,)):
            yield u, (Relation((u, ZERO), (">=",)),)
            yield Negative(u), (Relation((u, ZERO), ("<=",)),)
        case Call("floor" | "ceil" as name, (u,)):
            rest = "r"
            while rest in taken:
                rest += "_"
            r = Symbol(rest)
            inside = (Relation((r, ZERO), (">=",)), Relation((r, ONE), ("<",)))
            yield Sum((u, Negative(r) if name == "floor" else r)), inside
        case Call("sign", (u,)):
            for sign, value in ((">", ONE), ("=", ZERO), ("<", Negative(ONE))):
                yield value, (Relation((u, ZERO), (sign,)),)
        case Call("max" | "min" as name, args):
            sign = ">=" if name == "max" else "<="
            for arg in args:
                yield arg, tuple(Relation((arg, other), (sign,)) for other in args if other is not arg)
        case Piecewise(branches):
            failed: list[Relation] = []
            for branch in branches:
                if branch.condition is None:
                    yield branch.value, tuple(failed)
                    return
                own = tuple(Relation((a, b), (sign,)) for a, sign, b in links([branch.condition]))
                yield branch.value, (*failed, *own)
                if len(own) != 1:
                    continue  # which link fails is not known: the later branches are shown under less
                (a, b), (sign,) = own[0].sides, own[0].signs
                failed.append(Relation((a, b), (NEGATED[sign],)))


def exponential(expr: Expr) -> bool:
    """Whether a logarithm makes a term plainer."""
    match expr:
        case Product(factors):
            return any(map(exponential, factors))
        case Quotient(over, under):
            return exponential(over) or exponential(under)
        case Power(_, exponent):
            return bool(symbols(exponent))
        case Call("exp", _, 0):
            return True
    return False


def logarithm(expr: Expr, prover: Prover) -> Expr:
    """ln of a positive expression; products, quotients and powers of what is shown to be positive come apart."""

    def positive(*parts: Expr) -> bool:
        return all(prover.has_signs(part, POSITIVE) for part in parts)

    match expr:
        case Quotient(over, under) if positive(over, under):
            return Sum((logarithm(over, prover), Negative(logarithm(under, prover))))
        case Product(factors) if positive(*factors):
            return Sum(tuple(logarithm(factor, prover) for factor in factors))
        case Power(Constant("e"), exponent) | Call("exp", (exponent,), 0):
            return exponent
        case Power(base, exponent) if positive(base):
            return Product((exponent, call("ln", base)))
    return call("ln", expr)

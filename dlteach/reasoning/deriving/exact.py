"""What a derivative means in a statement: the limit of difference quotients from both sides, or nothing.

`exactly` replaces each derivative by an expression that has a value just where the derivative exists, and is it there.
Where nothing can go wrong that is the formula of `derive` on the open domain of what is differentiated (`formulas`).
A function that has ties is cut into pieces, and looked at from both sides at each joint (`pieced`); where its joints
cannot be solved for, its structure says what can be said there (`structural`).

f is what is differentiated, x the variable, u the argument of a function.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

from dlteach.course.functions import Functions
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import Balls, ball
from dlteach.notation.names import BUILTINS
from dlteach.notation.tree import (
    AnyNode,
    BigSum,
    Call,
    Derivative,
    Expr,
    Negative,
    Piecewise,
    Sum,
    Symbol,
    literal,
    number,
    rebuilt,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.pieces import inlined
from dlteach.reasoning.deriving.formulas import is_unknown
from dlteach.reasoning.deriving.pieced import by_pieces
from dlteach.reasoning.deriving.steps import CannotDerive
from dlteach.reasoning.deriving.structural import Structural

MOST_ORDERS = 12
MOST_TERMS = 12  # of a sum that is written out

__all__ = ["exactly", "is_unknown", "slope"]


def exactly(node: AnyNode, functions: Functions) -> AnyNode:
    """`node` with every derivative, primes included, replaced by an expression that has its values, and no others.

    Functions that are not defined keep their primes. Raises CannotDerive.
    """
    return _exact(node, functions) if isinstance(node, Expr) else rebuilt(node, lambda expr: _exact(expr, functions))  # type: ignore[return-value]


def _exact(expr: Expr, functions: Functions) -> Expr:
    expr = rebuilt(expr, lambda child: _exact(child, functions))
    match expr:
        case Derivative(of, variable, order):
            return slope(of, variable.name, functions, order)
        case Call(name, args, primes) if primes and (name in BUILTINS or name in functions):
            whole = Call(name, (Symbol("u_"), *args[1:]))
            return substitute(slope(whole, "u_", functions, primes), {"u_": args[0]})
    return expr


@lru_cache(maxsize=512)
def slope(f: Expr, variable: str, functions: Functions, order: int = 1) -> Expr:
    """The derivative of an order, of an expression without derivatives; raises CannotDerive."""
    if order > MOST_ORDERS:
        raise CannotDerive(f"derivatives beyond order {MOST_ORDERS} are not worked out")
    work = Structural(variable, functions)
    f = inlined(_written_out(f), functions.definitions)
    if work.is_smooth(f):
        return work.guarded(work.formula(f, order), f)
    if any(always_tied(gap, functions) for gap in ties(f)):
        raise CannotDerive("two sides of a choice are the same everywhere: write it without the choice")
    for _ in range(order):
        found = by_pieces(f, work)
        if found is None and _may_meet(f, functions):
            raise CannotDerive("its joints could not be found, and several choices may meet at one place")
        f = work.once(f) if found is None else found
    return f


def _written_out(expr: Expr) -> Expr:
    """Short sums between numbers, term by term."""
    expr = rebuilt(expr, _written_out)
    if not isinstance(expr, BigSum):
        return expr
    a, b = literal(expr.lower), literal(expr.upper)
    if a is None or b is None or a.denominator * b.denominator > 1 or not 0 <= b - a < MOST_TERMS:
        return expr
    terms = [substitute(expr.of, {expr.variable.name: number(i)}) for i in range(int(a), int(b) + 1)]
    return Sum(tuple(terms)) if len(terms) > 1 else terms[0]


# ---- choices between what is the same ------------------------------------------------------------

LOOKS = tuple(sign * Fraction(n, 997) * 5**k for k in range(-3, 6) for n in (313, 1571) for sign in (1, -1))


def _may_meet(f: Expr, functions: Functions) -> bool:
    """Whether several choices may have their joints at one place: always, but for parameters that keep them apart."""
    gaps = set(ties(f))
    return len(gaps) > 1 and (len(symbols(f)) == 1 or any(any(zeros(gap, functions)) for gap in gaps))


def ties(f: Expr) -> Iterator[Expr]:
    """What is 0 where a choice has a joint: the differences of its sides."""
    for node in walk(f):
        match node:
            case Call("max" | "min", args):
                yield from (Sum((a, Negative(b))) for a, b in combinations(args, 2))
            case Call("abs" | "sign", (u,)):
                yield u
            case Piecewise(branches):
                for branch in branches:
                    if branch.condition is not None:
                        yield from (Sum((a, Negative(b))) for a, _, b in branch.condition.links())


def always_tied(gap: Expr, functions: Functions) -> bool:
    """Whether a difference is 0 wherever it is looked at: then its zeros are no joints, but the whole line."""
    found = list(zeros(gap, functions))
    return bool(found) and all(found)


def zeros(gap: Expr, functions: Functions) -> Iterator[bool]:
    """At points that are no likely joints, whether a difference may be 0."""
    balls, names = Balls(functions.definitions), sorted(symbols(gap))
    for k in range(len(LOOKS)):
        env = {name: ball(LOOKS[(k + 7 * i) % len(LOOKS)]) for i, name in enumerate(names)}
        try:
            value = balls(gap, env)
        except NotEvaluable:
            continue
        if value.is_finite():
            yield bool(value.contains(0))

"""A function of one variable cut at its joints: on each piece max, |u|, sign and piecewise are gone.

A joint is where the two sides of a condition meet; those that are affine in the variable are solved exactly. What
cannot be solved stays as it is in the pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable, reachable
from dlteach.notation.balls import Balls, ball
from dlteach.notation.tree import (
    INFINITY,
    ONE,
    ZERO,
    Call,
    Condition,
    Expr,
    Interval,
    Negative,
    Piecewise,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    exchanged,
    literal,
    rebuilt,
    symbols,
    walk,
)
from dlteach.reasoning.normal import links
from dlteach.reasoning.tidy import tidied
from dlteach.reasoning.worker import WORKER, Overrun

MOST_PIECES = 64
SECONDS = 1.0  # for the sign of one expression
BRANCHING = ("abs", "sign", "max", "min")
JUMPING = ("sign", "floor", "ceil")


@dataclass(frozen=True)
class Span:
    """An interval of the line; None is an infinite end."""

    lower: Expr | None = None
    upper: Expr | None = None
    open_below: bool = False
    open_above: bool = False


@dataclass(frozen=True)
class Piece:
    """`expr` is smooth, as far as could be, between two joints (None: infinity)."""

    expr: Expr
    lower: Expr | None
    upper: Expr | None


LINE = Span()


def span_of(interval: Interval | None) -> Span:
    """The span of an interval of the notation; None is the whole line."""
    if interval is None:
        return LINE
    lower = None if _infinite(interval.lower) else interval.lower
    upper = None if _infinite(interval.upper) else interval.upper
    return Span(lower, upper, interval.open_below, interval.open_above)


def _infinite(expr: Expr) -> bool:
    inner = expr.of if isinstance(expr, Negative) else expr
    return inner == INFINITY


def span_in(conditions: Iterable[Condition], variable: str) -> tuple[Span, tuple[Condition, ...]]:
    """What conditions say of a variable alone, as a span, and the conditions that remain."""
    span, rest = LINE, []
    for condition in conditions:
        bounds = []
        for left, sign, right in links([condition]):
            if left == Symbol(variable) and sign in ("<", "<=", ">", ">=") and variable not in symbols(right):
                bounds.append((sign, right))
            elif right == Symbol(variable) and sign in ("<", "<=", ">", ">=") and variable not in symbols(left):
                bounds.append((sign.translate(str.maketrans("<>", "><")), left))
            else:
                bounds.append(("", left))
        if any(not sign for sign, _ in bounds) or not bounds:
            rest.append(condition)
            continue
        for sign, bound in bounds:
            if _infinite(bound):
                continue
            if sign in ("<", "<=") and _tighter(span.upper, bound, 1):
                span = Span(span.lower, bound, span.open_below, sign == "<")
            if sign in (">", ">=") and _tighter(span.lower, bound, -1):
                span = Span(bound, span.upper, sign == ">", span.open_above)
    return span, tuple(rest)


def _tighter(before: Expr | None, bound: Expr, side: int) -> bool:
    """Whether a bound leaves no more of the line than the one before it, as far as both are numbers."""
    old, new = None if before is None else literal(before), literal(bound)
    return old is None or new is None or side * new <= side * old


def pieces(
    expr: Expr, variable: str, span: Span, env: Mapping[str, arb], definitions: Definitions
) -> tuple[list[Piece], list[Expr]]:
    """The pieces of `expr` from left to right, and the joints between them."""
    cutter = _Cutter(variable, env, definitions)
    found = list(cutter.cut(inlined(expr, definitions), span.lower, span.upper, frozenset()))
    joints = [piece.upper for piece in found[:-1] if piece.upper is not None]
    return found, joints


def inlined(expr: Expr, definitions: Definitions, everything: bool = False) -> Expr:
    """With the course's functions that branch written out, or with all of them."""
    expr = rebuilt(expr, lambda child: inlined(child, definitions, everything))
    named = isinstance(expr, Call) and not expr.primes and expr.name in definitions
    if isinstance(expr, Call) and named and (everything or _branches(expr.name, definitions)):
        definition = definitions[expr.name]
        body = definition.applied(expr.args)
        return inlined(body, definitions, everything)
    return expr


def _branches(name: str, definitions: Definitions) -> bool:
    whole = [definitions[name].body, *(d.body for d in reachable(definitions[name].body, definitions).values())]
    return any(
        isinstance(node, Piecewise) or (isinstance(node, Call) and node.name in BRANCHING)
        for body in whole
        for node in walk(body)
    )


def may_jump(expr: Expr, variable: str, definitions: Definitions) -> bool:
    """Whether a function may be discontinuous where it is real: then neither its slope nor a limit tells its values."""
    return any(
        isinstance(node, Piecewise) or (isinstance(node, Call) and node.name in JUMPING)
        for node in walk(inlined(expr, definitions))
        if variable in symbols(node)
    )


def strictly_between(variable: str, lower: Expr | None, upper: Expr | None) -> tuple[Condition, ...]:
    """That a variable lies strictly between two ends; None is infinity."""
    ends = ((lower, ">"), (upper, "<"))
    return tuple(Relation((Symbol(variable), end), (sign,)) for end, sign in ends if end is not None)


def signs_of(
    expr: Expr, conditions: tuple[Condition, ...], definitions: Definitions, seconds: float = SECONDS
) -> frozenset[int] | None:
    """The signs that an expression may have under conditions, from its form; None where that is not known in time."""
    try:
        needed = reachable(expr, definitions)
        found: frozenset[int] | None = WORKER.ask("normal:signs", expr, conditions, needed, seconds=seconds)
    except Overrun:
        return None
    return found


class _Cutter:
    def __init__(self, variable: str, env: Mapping[str, arb], definitions: Definitions) -> None:
        self.variable, self.env, self.back = variable, env, Balls(definitions)
        self.count = 0

    def cut(self, expr: Expr, lower: Expr | None, upper: Expr | None, left_alone: frozenset[Expr]) -> Iterator[Piece]:
        node = self.branching(expr, left_alone)
        if node is None:
            self.count += 1
            if self.count > MOST_PIECES:
                raise NotEvaluable("it has too many pieces")
            yield Piece(expr, lower, upper)
            return
        try:
            roots = self.roots(node, lower, upper)
            cuts = [lower, *roots, upper]
            chosen = [self.chosen(node, self.between(a, b)) for a, b in pairwise(cuts)]
        except NotEvaluable:
            yield from self.cut(expr, lower, upper, left_alone | {node})
            return
        for (a, b), branch in zip(pairwise(cuts), chosen, strict=True):
            yield from self.cut(exchanged(expr, node, branch), a, b, left_alone)

    def branching(self, expr: Expr, left_alone: frozenset[Expr]) -> Expr | None:
        """The innermost node that chooses between branches by the variable."""
        for child in expr.children():
            if (found := self.branching(child, left_alone)) is not None:
                return found
        here = isinstance(expr, Piecewise) or (isinstance(expr, Call) and expr.name in BRANCHING and not expr.primes)
        return expr if here and expr not in left_alone and self.variable in symbols(expr) else None

    def roots(self, node: Expr, lower: Expr | None, upper: Expr | None) -> list[Expr]:
        """Where the node may change its branch, inside the interval, from left to right."""
        found: list[tuple[arb, Expr]] = []
        for left, right in _meetings(node):
            gap = Sum((left, Negative(right)))
            if self.variable not in symbols(gap):
                continue
            line = affine(gap, self.variable)
            if line is None:
                if self.one_signed(gap, lower, upper):
                    continue
                if self.inside(ZERO, lower, upper) and all(
                    self.one_signed(gap, *ends) for ends in ((lower, ZERO), (ZERO, upper))
                ):
                    line = (ONE, ZERO)
                else:
                    raise NotEvaluable("a joint that cannot be solved for")
            slope, constant = line
            place = tidied(Negative(Quotient(constant, slope)))
            at = self.value(place)
            if self.inside(place, lower, upper) and not any(
                place == other or self.same(at, value) for value, other in found
            ):
                found.append((at, place))
        found.sort(key=lambda pair: float(pair[0].mid()))
        return [place for _, place in found]

    def inside(self, place: Expr, lower: Expr | None, upper: Expr | None) -> bool:
        at = self.value(place)
        return (lower is None or self.before(self.value(lower), at)) and (
            upper is None or self.before(at, self.value(upper))
        )

    def one_signed(self, gap: Expr, lower: Expr | None, upper: Expr | None) -> bool:
        """Whether a difference is never 0 between two ends, by its form."""
        if symbols(gap) != {self.variable}:
            return False
        found = signs_of(gap, strictly_between(self.variable, lower, upper), self.back.definitions)
        return found is not None and len(found) == 1 and 0 not in found

    def before(self, a: arb, b: arb) -> bool:
        if a < b:
            return True
        if a > b or (a.is_exact() and b.is_exact() and a == b):
            return False
        if abs(a - b) < arb("1e-25"):
            return False
        raise NotEvaluable("two joints lie too near to be told apart")

    def same(self, a: arb, b: arb) -> bool:
        return not (self.before(a, b) or self.before(b, a))

    def value(self, expr: Expr) -> arb:
        value = self.back(expr, self.env)
        if not value.is_finite():
            raise NotEvaluable("a joint that is not real")
        return value

    def between(self, lower: Expr | None, upper: Expr | None) -> Fraction:
        """A rational inside."""
        return inside(None if lower is None else self.value(lower), None if upper is None else self.value(upper))

    def chosen(self, node: Expr, at: Fraction) -> Expr:
        """The branch of the node at a point."""
        env = {**self.env, self.variable: ball(at)}
        match node:
            case Call("abs", (u,)):
                return u if self.definite(self.back(u, env)) > 0 else Negative(u)
            case Call("sign", (u,)):
                return ONE if self.definite(self.back(u, env)) > 0 else Negative(ONE)
            case Call("max" | "min" as name, args):
                best = args[0]
                for other in args[1:]:
                    gap = self.back(Sum((other, Negative(best))), env)
                    if gap.is_zero():
                        continue
                    best = other if self.definite(gap) == (1 if name == "max" else -1) else best
                return best
            case Piecewise(branches):
                for branch in branches:
                    holds = True if branch.condition is None else self.back.holds(branch.condition, env)
                    if holds is None:
                        raise NotEvaluable("a branch that cannot be chosen")
                    if holds:
                        return branch.value
        raise NotEvaluable("it is not real there")

    def definite(self, value: arb) -> int:
        if value > 0:
            return 1
        if value < 0:
            return -1
        raise NotEvaluable("a sign that cannot be told")


def inside(lower: arb | None, upper: arb | None) -> Fraction:
    """A simple rational strictly between two balls; None is an infinite end."""
    if lower is None and upper is None:
        return Fraction(1, 3)
    if upper is None:
        assert lower is not None
        return rational(lower) + 1
    if lower is None:
        return rational(upper) - 1
    middle = rational((lower + upper) / 2)
    width = abs(float((upper - lower).mid())) or 1.0
    simple = middle.limit_denominator(max(2, int(4 / width)))
    return simple if bool(ball(simple) > lower) and bool(ball(simple) < upper) else middle


def rational(value: arb) -> Fraction:
    """The midpoint of a ball, exactly."""
    middle = value.mid().fmpq()
    return Fraction(int(middle.p), int(middle.q))


def affine(expr: Expr, variable: str) -> tuple[Expr, Expr] | None:
    """(a, b) with expr = a*variable + b, both free of it; None where it has not that form."""
    if variable not in symbols(expr):
        return ZERO, expr
    match expr:
        case Symbol():
            return ONE, ZERO
        case Negative(of):
            inner = affine(of, variable)
            return None if inner is None else (Negative(inner[0]), Negative(inner[1]))
        case Sum(terms):
            parts = [affine(term, variable) for term in terms]
            if any(part is None for part in parts):
                return None
            return (
                tidied(Sum(tuple(part[0] for part in parts if part))),
                tidied(Sum(tuple(part[1] for part in parts if part))),
            )
        case Product(factors):
            moving = [factor for factor in factors if variable in symbols(factor)]
            inner = affine(moving[0], variable) if len(moving) == 1 else None
            if inner is None:
                return None
            fixed = [factor for factor in factors if factor is not moving[0]]
            return tidied(Product((*fixed, inner[0]))), tidied(Product((*fixed, inner[1])))
        case Quotient(over, under) if variable not in symbols(under):
            inner = affine(over, variable)
            return None if inner is None else (tidied(Quotient(inner[0], under)), tidied(Quotient(inner[1], under)))
    return None


def _meetings(node: Expr) -> Iterator[tuple[Expr, Expr]]:
    """Pairs whose difference changes sign where the node changes its branch."""
    match node:
        case Call("max" | "min", args):
            yield from ((a, b) for i, a in enumerate(args) for b in args[i + 1 :])
        case Call(_, (u,)):
            yield u, ZERO
        case Piecewise(branches):
            for branch in branches:
                if isinstance(branch.condition, Relation):
                    yield from pairwise(branch.condition.sides)

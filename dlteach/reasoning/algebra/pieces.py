"""A function of one variable cut at its joints: on each piece max, |u|, sign and piecewise are gone.

A joint is where the two sides of a condition meet; those that are affine in the variable are solved exactly. What
cannot be solved stays as it is in the pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from flint import arb, ctx

from dlteach.notation.backend import Definitions, NotEvaluable, reachable
from dlteach.notation.balls import ball, precision
from dlteach.notation.names import BUILTINS
from dlteach.notation.tree import (
    BINDERS,
    ONE,
    ZERO,
    Call,
    Condition,
    Derivative,
    Expr,
    Integral,
    Moment,
    Negative,
    Piecewise,
    Power,
    Quotient,
    Relation,
    Sum,
    Symbol,
    literal,
    number,
    rebuilt,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.coefficients import affine
from dlteach.reasoning.algebra.facts import FACTS
from dlteach.reasoning.algebra.places import BITS, HOLDS, signs_of, strictly_between
from dlteach.reasoning.algebra.simplify import simplified
from dlteach.reasoning.algebra.singular import STEPS, needs, parts, positive
from dlteach.reasoning.algebra.solve import Line
from dlteach.reasoning.algebra.spans import LINE, Span, span_in, span_of

__all__ = [
    "LINE", "NOWHERE", "Cut", "Joint", "Piece", "Span", "affine", "cut", "inlined", "inside", "may_jump", "pieces",
    "rational", "signs_of", "span_in", "span_of", "strictly_between",
]  # fmt: skip

MOST_PIECES = 64
BRANCHING = ("abs", "sign", "max", "min")


@dataclass(frozen=True)
class Piece:
    """`expr` is smooth, as far as could be, between two joints (None: infinity)."""

    expr: Expr
    lower: Expr | None
    upper: Expr | None


@dataclass(frozen=True)
class Joint:
    """A place between two pieces, and the expression there: neither piece need have its value."""

    at: Expr
    value: Expr


@dataclass(frozen=True)
class Cut:
    """An expression in pieces, from left to right, and the joints between them."""

    pieces: tuple[Piece, ...]
    joints: tuple[Joint, ...]


NOWHERE = Quotient(ONE, ZERO)  # what has no value on a piece, or at a joint


def cut(
    expr: Expr,
    variable: str,
    span: Span,
    env: Mapping[str, arb],
    definitions: Definitions,
    conditions: tuple[Condition, ...] = (),
) -> Cut:
    """The pieces of `expr` from left to right, and what it is at the joints between them.

    The other symbols have the values of `env`, or are known by `conditions`.
    """
    cutter = _Cutter(Line(variable, env, definitions, conditions))
    whole = inlined(expr, definitions)
    found = tuple(cutter.cut(whole, span.lower, span.upper, frozenset()))
    places = [piece.upper for piece in found[:-1] if piece.upper is not None]
    return Cut(found, tuple(Joint(place, cutter.at_joint(whole, place)) for place in places))


def pieces(
    expr: Expr,
    variable: str,
    span: Span,
    env: Mapping[str, arb],
    definitions: Definitions,
    conditions: tuple[Condition, ...] = (),
) -> tuple[list[Piece], list[Expr]]:
    """The pieces of `expr` from left to right, and the places between them, at which it has values of its own."""
    cutter = _Cutter(Line(variable, env, definitions, conditions))
    found = list(cutter.cut(inlined(expr, definitions), span.lower, span.upper, frozenset()))
    return found, [piece.upper for piece in found[:-1] if piece.upper is not None]


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
    return any(_may_jump(node, variable, definitions) for node in parts(expr, definitions) if variable in symbols(node))


def _may_jump(node: Expr, variable: str, definitions: Definitions) -> bool:
    match node:
        case Call(name, _, primes):
            known = name in definitions or (name in BUILTINS and not FACTS[name].continuous)
            return bool(primes) or not known
        case Power(base, exponent):  # u^0 = 1 but 0^u = 0
            return variable in symbols(exponent) and not positive(base)
        case Integral(of, bound, _, _):
            return variable in symbols(of) - {bound.name}
    return isinstance(node, (Piecewise, Moment, Derivative, *BINDERS))


class _Cutter:
    def __init__(self, line: Line) -> None:
        self.line, self.variable, self.back = line, line.variable, line.back
        self.count = 0

    def cut(self, expr: Expr, lower: Expr | None, upper: Expr | None, left_alone: frozenset[Expr]) -> Iterator[Piece]:
        node = self.branching(expr, left_alone)
        if node is None:
            self.count += 1
            if self.count > MOST_PIECES:
                raise NotEvaluable("it has too many pieces")
            whole = not any(isinstance(part, Piecewise) for part in walk(expr))
            yield Piece(NOWHERE if whole and NOWHERE in walk(expr) else expr, lower, upper)
            return
        try:
            cuts = [lower, *self.joints(node, lower, upper), upper]
            chosen = [self.chosen(node, a, b) for a, b in pairwise(cuts)]
        except NotEvaluable:
            yield from self.cut(expr, lower, upper, left_alone | {node})
            return
        for (a, b), branch in zip(pairwise(cuts), chosen, strict=True):
            yield from self.cut(_put(expr, node, NOWHERE if branch is None else branch), a, b, left_alone)

    def branching(self, expr: Expr, left_alone: frozenset[Expr]) -> Expr | None:
        """The innermost node that chooses between branches by the variable; not in what has a variable of its own."""
        if isinstance(expr, (*BINDERS, Moment)):
            return None
        for child in expr.children():
            if (found := self.branching(child, left_alone)) is not None:
                return found
        named = isinstance(expr, Call) and expr.name in (*BRANCHING, *STEPS) and not expr.primes
        here = named or isinstance(expr, Piecewise)
        return expr if here and expr not in left_alone and self.variable in symbols(expr) else None

    def joints(self, node: Expr, lower: Expr | None, upper: Expr | None) -> list[Expr]:
        """Where the node may change its branch, or begin to have a value, from left to right."""
        found: list[Expr] = []
        if isinstance(node, Call) and node.name in STEPS:
            found += self.steps(node.args[0], lower, upper)
        for left, right in _meetings(node):
            if NOWHERE in (*walk(left), *walk(right)):
                continue
            found += self.line.zeros(Sum((left, Negative(right))) if right != ZERO else left, lower, upper)
        for relation in self.wanted(node.children() if isinstance(node, Call) else _compared(node)):
            for left, right in pairwise(relation.sides):
                found += self.line.zeros(Sum((left, Negative(right))) if right != ZERO else left, lower, upper)
        return self.line.sorted(found, lower, upper)

    def wanted(self, sides: Iterable[Expr]) -> list[Relation]:
        """What must hold for what is compared to have a value, as far as the variable has a say in it."""
        found = [need for side in sides if NOWHERE not in walk(side) for need in needs(side, self.back.definitions)]
        if any(not isinstance(need, Relation) and self.variable in symbols(need) for need in found):
            raise NotEvaluable("a part whose domain is not known")
        return [need for need in found if isinstance(need, Relation) and self.variable in symbols(need)]

    def steps(self, u: Expr, lower: Expr | None, upper: Expr | None) -> list[Expr]:
        """Where a straight line takes whole values."""
        line = affine(u, self.variable)
        if line is None or lower is None or upper is None or self.line.sign(line[0]) == 0:
            raise NotEvaluable("infinitely many joints")
        ends = [float(self.line.value(substitute(u, {self.variable: end}))) for end in (lower, upper)]
        if abs(ends[1] - ends[0]) > MOST_PIECES:
            raise NotEvaluable("it has too many pieces")
        whole = range(floor(min(ends)) - 1, ceil(max(ends)) + 2)
        return [simplified(Quotient(Sum((number(k), Negative(line[1]))), line[0])) for k in whole]

    def chosen(self, node: Expr, lower: Expr | None, upper: Expr | None) -> Expr | None:
        """The branch of the node between two neighbouring joints; None where it has no value there."""
        try:
            at = self.between(lower, upper)
        except NotEvaluable:  # a joint at a symbol of which only conditions are known
            return self.by_signs(node, lower, upper)
        for bits in BITS:
            with precision(max(bits, ctx.prec)):
                try:
                    return self.at_point(node, {**self.line.env, self.variable: ball(at)})
                except NotEvaluable:
                    continue
        return self.by_signs(node, lower, upper)

    def at_point(self, node: Expr, env: Mapping[str, arb]) -> Expr | None:
        if isinstance(node, Call) and not self.is_real(node.args, env):
            return None
        match node:
            case Call(name, (u,)) if name in STEPS:
                value = self.back(u, env)
                whole = value.floor() if name == "floor" else value.ceil()
                if not whole.is_exact():
                    raise NotEvaluable("a step that cannot be told")
                return number(int(whole.unique_fmpz()))
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
                    if branch.condition is None:
                        return branch.value
                    if not self.is_real(branch.condition.sides, env):
                        return None
                    if self.definitely(branch.condition, env):
                        return branch.value
                return None
        raise NotEvaluable("it is not real there")

    def is_real(self, sides: Iterable[Expr], env: Mapping[str, arb]) -> bool:
        """Whether what is compared has a value at a point."""
        sides = list(sides)
        nowhere = any(NOWHERE in walk(side) for side in sides)
        return not nowhere and all(self.definitely(relation, env) for relation in self.wanted(sides))

    def definitely(self, relation: Relation, env: Mapping[str, arb]) -> bool:
        holds = self.back.holds(relation, env)
        if holds is None:
            raise NotEvaluable("a branch that cannot be chosen")
        return holds

    def definite(self, value: arb) -> int:
        if value > 0:
            return 1
        if value < 0:
            return -1
        raise NotEvaluable("a sign that cannot be told")

    def by_signs(self, node: Expr, lower: Expr | None, upper: Expr | None) -> Expr | None:
        """The branch by the signs of what is compared, under the conditions; every sign is shown."""
        conditions = (*self.line.conditions, *strictly_between(self.variable, lower, upper))
        at = _between(lower, upper)

        def sign(left: Expr, right: Expr) -> int:
            gap = simplified(Sum((left, Negative(right))))
            try:
                return self.line.sign(simplified(substitute(gap, {self.variable: at})))
            except NotEvaluable:
                found = self.line.signs_of(gap, conditions, certain=True) if self.line.conditions else None
            if found is None or len(found) != 1:
                raise NotEvaluable("a branch that cannot be chosen")
            return next(iter(found))

        compared = list(node.children() if isinstance(node, Call) else _compared(node))
        if any(NOWHERE in walk(side) for side in compared):
            raise NotEvaluable("a branch that cannot be chosen")
        for need in self.wanted(compared):
            for a, how, b in zip(need.sides, need.signs, need.sides[1:], strict=False):
                if not HOLDS[how](sign(a, b)):
                    raise NotEvaluable("a branch that cannot be chosen")
        match node:
            case Call("abs", (u,)):
                return u if sign(u, ZERO) >= 0 else Negative(u)
            case Call("sign", (u,)):
                return number(sign(u, ZERO))
            case Call("max" | "min" as name, args):
                best = args[0]
                for other in args[1:]:
                    best = other if sign(other, best) == (1 if name == "max" else -1) else best
                return best
            case Piecewise(branches):
                for branch in branches:
                    if branch.condition is None or all(
                        HOLDS[how](sign(a, b))
                        for a, how, b in zip(
                            branch.condition.sides, branch.condition.signs, branch.condition.sides[1:], strict=False
                        )
                    ):
                        return branch.value
                return None
        raise NotEvaluable("a branch that cannot be chosen")

    def between(self, lower: Expr | None, upper: Expr | None) -> Fraction:
        """A rational inside, shown to be there."""
        for bits in BITS:
            with precision(max(bits, ctx.prec)):
                ends = [None if end is None else self.line.value(end) for end in (lower, upper)]
                at = inside(ends[0], ends[1])
                if (ends[0] is None or bool(ball(at) > ends[0])) and (ends[1] is None or bool(ball(at) < ends[1])):
                    return at
        raise NotEvaluable("two joints lie too near to be told apart")

    def at_joint(self, expr: Expr, place: Expr) -> Expr:
        """What an expression is at a joint: each choice made there, as far as it can be shown."""
        if isinstance(expr, (*BINDERS, Moment)):
            return substitute(expr, {self.variable: place})
        if isinstance(expr, Piecewise) and self.variable in symbols(expr):
            try:
                for branch in expr.branches:
                    if branch.condition is None or self.holds_at(branch.condition, place):
                        return self.at_joint(branch.value, place)
            except NotEvaluable:
                return substitute(expr, {self.variable: place})
            return NOWHERE
        if isinstance(expr, Symbol):
            return place if expr.name == self.variable else expr
        return rebuilt(expr, lambda child: self.at_joint(child, place))

    def holds_at(self, relation: Relation, place: Expr) -> bool:
        sides = [substitute(side, {self.variable: place}) for side in relation.sides]
        return all(
            HOLDS[sign](self.line.order(a, b)) for a, sign, b in zip(sides, relation.signs, sides[1:], strict=False)
        )


def _between(lower: Expr | None, upper: Expr | None) -> Expr:
    """An expression for a place between two others."""
    if lower is not None and upper is not None:
        return Quotient(Sum((lower, upper)), number(2))
    if lower is not None:
        return Sum((lower, ONE))
    return number(Fraction(1, 3)) if upper is None else Sum((upper, Negative(ONE)))


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


def _meetings(node: Expr) -> Iterator[tuple[Expr, Expr]]:
    """Pairs whose difference changes sign where the node changes its branch."""
    match node:
        case Call("max" | "min", args):
            yield from ((a, b) for i, a in enumerate(args) for b in args[i + 1 :])
        case Call("abs" | "sign", (u,)):
            yield u, ZERO
        case Piecewise(branches):
            for branch in branches:
                if isinstance(branch.condition, Relation):
                    yield from pairwise(branch.condition.sides)


def _compared(node: Expr) -> Iterator[Expr]:
    """The sides of a piecewise's conditions."""
    if isinstance(node, Piecewise):
        for branch in node.branches:
            if branch.condition is not None:
                yield from branch.condition.sides


def _put(expr: Expr, old: Expr, new: Expr) -> Expr:
    """`expr` with `old` replaced, but not in what has a variable of its own; a choice between numbers is made."""
    if expr == old:
        return new
    if isinstance(expr, (*BINDERS, Moment)):
        return expr
    expr = rebuilt(expr, lambda child: _put(child, old, new))
    if isinstance(expr, Call) and expr.name in ("max", "min") and not expr.primes:
        values = [value for arg in expr.args if (value := literal(arg)) is not None]
        if len(values) == len(expr.args):
            best = values.index(max(values) if expr.name == "max" else min(values))
            return expr.args[best]
    return expr

"""Where a supremum is looked for: a span cut at the ends of a domain, at poles and at steps; the rest is smooth.

A run is an interval with what the expression is on it; a single point is kept where the expression may have a value of
its own. Where the expression is shown to have no value on a part of the span, that part is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, gcd, lcm

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Balls, Boxes, NotReal, ball, truth
from dlteach.notation.tree import (
    ONE,
    Call,
    Constant,
    Expr,
    Negative,
    Piecewise,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    exchanged,
    literal,
    number,
    rebuilt,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.domains import CONTINUOUS, REAL, domain, obligations
from dlteach.reasoning.algebra.pieces import Span, affine, inlined, inside
from dlteach.reasoning.algebra.relations import HOLDS
from dlteach.reasoning.algebra.simplify import simplified
from dlteach.reasoning.enclosing.coefficients import Signs, atom

MOST_STEPS = 64
NEARBY = arb("1e-20")
STEPPING = ("floor", "ceil")
WAVES = ("sin", "cos")  # of period 2*pi
HALF_WAVES = ("tan", "cot")


@dataclass(frozen=True)
class Run:
    """What an expression is on an interval."""

    expr: Expr
    span: Span


@dataclass(frozen=True)
class Single:
    """What an expression is at a place, which belongs to the span."""

    expr: Expr
    at: Expr


@dataclass(frozen=True)
class Setting:
    """The variable, and what all else means."""

    variable: str
    env: Mapping[str, arb]
    definitions: Definitions

    def value(self, expr: Expr) -> arb:
        """The ball of a place; raises NotEvaluable where it is not real."""
        value = Boxes(self.definitions)(expr, self.env)
        if not value.is_finite():
            raise NotEvaluable("an end of the interval is not real")
        return value

    def before(self, a: Expr, b: Expr) -> bool | None:
        """Whether a < b; None where they are the same. Raises NotEvaluable where that cannot be told."""
        one, two = self.value(a), self.value(b)
        if a == b or (one.is_exact() and two.is_exact() and one == two):
            return None
        if one.overlaps(two):
            raise NotEvaluable("two places lie too near to be told apart")
        return bool(one < two)


def runs(expr: Expr, span: Span, setting: Setting) -> tuple[list[Run], list[Single]]:
    """The runs from left to right, and the single points; raises NotReal where there is shown to be no value."""
    if _is_empty(span, setting):
        raise NotReal("the interval is empty")
    if repeats(expr, span, setting):
        span = Span(number(0), period(expr, setting.variable))
    narrowed = _narrowed(expr, span, setting)
    if _is_empty(narrowed, setting):
        raise NotReal("it has no value anywhere on the interval")
    singles = [Single(expr, end) for end in _own_ends(narrowed)]
    if narrowed.lower is not None and narrowed.upper is not None and setting.before(*_both(narrowed)) is None:
        return [], singles[:1]
    found: list[Run] = []
    holes = _holes(expr, narrowed, setting)
    singles += [Single(expr, hole) for hole in holes]
    for part in _cut(narrowed, holes):
        steps, points = _stepped(Run(expr, part), setting)
        found += steps
        singles += points
    return found, singles


def repeats(expr: Expr, span: Span, setting: Setting) -> bool:
    """Whether an expression is looked at over one period for the whole line."""
    return span.lower is None and span.upper is None and period(expr, setting.variable) is not None


def _both(span: Span) -> tuple[Expr, Expr]:
    assert span.lower is not None and span.upper is not None
    return span.lower, span.upper


def _is_empty(span: Span, setting: Setting) -> bool:
    if span.lower is None or span.upper is None:
        return False
    order = setting.before(span.lower, span.upper)
    return (span.open_below or span.open_above) if order is None else not order


def _own_ends(span: Span) -> Iterator[Expr]:
    if span.lower is not None and not span.open_below:
        yield span.lower
    if span.upper is not None and not span.open_above:
        yield span.upper


def _cut(span: Span, places: list[Expr]) -> Iterator[Span]:
    """The parts between places inside a span, which belong to none of them."""
    ends = [span.lower, *places, span.upper]
    last = len(ends) - 2
    for i, (a, b) in enumerate(pairwise(ends)):
        yield Span(a, b, span.open_below if i == 0 else True, span.open_above if i == last else True)


# ---- the domain ----------------------------------------------------------------------------------


def _narrowed(expr: Expr, span: Span, setting: Setting) -> Span:
    """The span without what lies outside the domain, as far as half lines tell."""
    for relation in domain(expr, setting.variable, setting.definitions):
        bound, sign = relation.sides[1], relation.signs[0]
        own, strict = (span.lower, span.open_below) if sign[0] == ">" else (span.upper, span.open_above)
        order = None if own is None else setting.before(own, bound)
        inward = own is None or (order is not None and order == (sign[0] == ">"))
        if not inward and order is not None:
            continue
        is_open = (sign in "<>") or (order is None and own is not None and strict)
        if sign[0] == ">":
            span = replace(span, lower=bound, open_below=is_open)
        else:
            span = replace(span, upper=bound, open_above=is_open)
    return span


def _holes(expr: Expr, span: Span, setting: Setting) -> list[Expr]:
    """Places inside the span where a part of the expression has a pole or the end of its domain."""
    found: dict[Fraction, Expr] = {}
    for obligation in obligations(expr, REAL, setting.definitions, setting.variable):
        relation = obligation.relation
        if relation is not None:
            for left, right in pairwise(relation.sides):
                for root in _zeros(Sum((left, Negative(right))), setting.variable):
                    found[root] = number(root)
    inner = []
    for root in sorted(found):
        place = found[root]
        after = span.lower is None or setting.before(span.lower, place)
        if after and (span.upper is None or setting.before(place, span.upper)):
            inner.append(place)
    return inner


def _zeros(expr: Expr, variable: str) -> Iterator[Fraction]:
    """Rational zeros that the form shows: of affine factors and of what is inside |u| and powers."""
    line = affine(simplified(expr), variable)
    if line is not None:
        slope, constant = literal(line[0]), literal(line[1])
        if slope and constant is not None:
            yield -constant / slope
        return
    match simplified(expr):
        case Product(factors):
            for factor in factors:
                yield from _zeros(factor, variable)
        case Negative(of) | Power(of, _) | Call("abs", (of,), 0) | Quotient(of, _):
            yield from _zeros(of, variable)


# ---- steps ---------------------------------------------------------------------------------------


def _stepped(run: Run, setting: Setting) -> tuple[list[Run], list[Single]]:
    """A run of floor or ceil of something affine as runs between its steps, where it is constant."""
    node, line = _step(run.expr, setting.variable)
    if node is None or run.span.lower is None or run.span.upper is None:
        return [run], []
    slope, constant = line
    low, high = (setting.value(end) for end in _both(run.span))
    ends = [ball(slope) * low + ball(constant), ball(slope) * high + ball(constant)]
    least, most = min(float(end.lower()) for end in ends), max(float(end.upper()) for end in ends)
    if most - least > MOST_STEPS:
        raise NotEvaluable("it has too many steps")
    values = range(int(least // 1), int(most // 1) + 2)
    places = sorted((Fraction(k) - constant) / slope for k in values)
    inner = [place for place in places if _inside(number(place), run.span, setting)]
    found: list[Run] = []
    singles = []
    for place in inner:
        whole = exchanged(run.expr, node, number(slope * place + constant))
        singles.append(Single(whole, number(place)))
    for part in _cut(run.span, [number(place) for place in inner]):
        a, b = _both(part)
        at = slope * inside(setting.value(a), setting.value(b)) + constant
        level = floor(at) if node.name == "floor" else ceil(at)
        more, points = _stepped(Run(exchanged(run.expr, node, number(level)), _opened(part)), setting)
        found += more
        singles += points
    return found, singles


def _opened(span: Span) -> Span:
    """Without its own ends, where there may be a step: a single point has been kept for each."""
    return replace(span, open_below=True, open_above=True)


def _inside(place: Expr, span: Span, setting: Setting) -> bool:
    return setting.before(_both(span)[0], place) is True and setting.before(place, _both(span)[1]) is True


def _step(expr: Expr, variable: str) -> tuple[Call | None, tuple[Fraction, Fraction]]:
    for node in walk(expr):
        if isinstance(node, Call) and node.name in STEPPING and variable in symbols(node):
            line = affine(node.args[0], variable)
            if line is not None:
                slope, constant = literal(line[0]), literal(line[1])
                if slope and constant is not None:
                    return node, (slope, constant)
    return None, (Fraction(0), Fraction(0))


# ---- continuity ----------------------------------------------------------------------------------


def may_leap(expr: Expr, setting: Setting) -> bool:
    """Whether a value of its own at a point is possible: all that is asked for continuity beyond being real."""
    real = set(obligations(expr, REAL, setting.definitions, setting.variable))
    more = list(obligations(expr, CONTINUOUS, setting.definitions, setting.variable))
    return any(found.relation is None or found.given or found not in real for found in more) or any(
        isinstance(node, Power) and setting.variable in symbols(node.exponent) and not _positive(node.base)
        for node in walk(inlined(expr, setting.definitions, True))
    )


def _positive(base: Expr) -> bool:
    value = literal(base)
    return value > 0 if value is not None else base in (Constant("e"), Constant("pi"))


def continuous_at(expr: Expr, at: Expr, setting: Setting) -> bool:
    """Whether an expression with a value at a place is continuous there, on the side where it is real.

    Every function of the table is continuous at a closed end of its domain; an open condition must hold at the place.
    """
    place = {**setting.env, setting.variable: setting.value(at)}
    balls = Boxes(setting.definitions)
    for found in obligations(expr, CONTINUOUS, setting.definitions, setting.variable):
        if found.relation is None or found.given:
            return False
        for left, sign, right in zip(
            found.relation.sides, found.relation.signs, found.relation.sides[1:], strict=False
        ):
            if sign in ("<=", ">="):
                continue
            try:
                if truth(sign, balls(left, place), balls(right, place)) is not True:
                    return False
            except NotEvaluable:
                return False
    return True


def continuous_beside(expr: Expr, setting: Setting, at: Expr) -> bool:
    """Whether an expression is real and continuous on a neighbourhood of a place."""
    near = setting.value(at) + arb(0, NEARBY)
    value = Boxes(setting.definitions)(expr, {**setting.env, setting.variable: near})
    return bool(value.is_finite()) and continuous_at(expr, at, setting) and not may_leap(expr, setting)


def settled_at(expr: Expr, at: Expr, setting: Setting, signs: Signs) -> Expr:
    """`expr` at a place, with the branch of each piecewise that counts there, and steps of rationals carried out."""
    return _settled(substitute(inlined(expr, setting.definitions), {setting.variable: at}), setting, signs)


def _settled(expr: Expr, setting: Setting, signs: Signs) -> Expr:
    expr = rebuilt(expr, lambda child: _settled(child, setting, signs))
    match expr:
        case Piecewise(branches):
            for branch in branches:
                if branch.condition is None or _meets(branch.condition, signs):
                    return branch.value
        case Call("floor" | "ceil" | "sign" as name, (u,), 0) if (value := literal(u)) is not None:
            steps = {"floor": floor(value), "ceil": ceil(value), "sign": (value > 0) - (value < 0)}
            return number(steps[name])
    return expr


def _meets(relation: Relation, signs: Signs) -> bool:
    """Whether a chain between constants holds; raises NotEvaluable where that is not known, or a side not real."""
    if not all(Balls(signs.definitions)(side, signs.env).is_finite() for side in relation.sides):
        raise NotEvaluable("a condition at a place is not known")
    return all(HOLDS[sign](signs(atom(simplified(Sum((a, Negative(b))))))) for a, sign, b in relation.links())


def hidden(expr: Expr, setting: Setting) -> bool:
    """Whether choosing a branch could drop a part that has no value: of a condition, or of a side of max and min."""
    for node in walk(inlined(expr, setting.definitions, True)):
        dropped: list[Expr] = []
        match node:
            case Piecewise(branches):
                dropped = [s for b in branches if isinstance(b.condition, Relation) for s in b.condition.sides]
            case Call("max" | "min" | "sign", args, 0):
                dropped = list(args)
        for part in dropped:
            if any(True for _ in obligations(part, REAL, setting.definitions, setting.variable)):
                return True
    return False


# ---- periods -------------------------------------------------------------------------------------


def period(expr: Expr, variable: str) -> Expr | None:
    """A period of what depends on its variable through sin, cos and tan of rational multiples (of pi) alone."""
    found: set[tuple[Fraction, bool]] = set()
    if not _waves(expr, variable, found) or not found or len({by_pi for _, by_pi in found}) > 1:
        return None
    slopes = [slope for slope, _ in found]
    base = Fraction(gcd(*(s.numerator for s in slopes)), lcm(*(s.denominator for s in slopes)))
    if next(iter(found))[1]:
        return number(2 / base)
    return simplified(Product((number(2 / base), Constant("pi"))))


def _waves(expr: Expr, variable: str, found: set[tuple[Fraction, bool]]) -> bool:
    if variable not in symbols(expr):
        return True
    match expr:
        case Symbol():
            return False
        case Call(name, (u,), 0) if name in (*WAVES, *HALF_WAVES) and (line := affine(u, variable)) is not None:
            slope = literal(line[0])
            by_pi = slope is None
            if slope is None:
                slope = literal(simplified(exchanged(line[0], Constant("pi"), ONE)))
                if slope is None or Constant("pi") not in set(walk(line[0])) or not _linear_in_pi(line[0]):
                    return False
            if not slope:
                return False
            found.add((abs(slope), by_pi))
            return True
    bound = any(not isinstance(child, Expr) for child in expr.children())
    return not bound and all(_waves(child, variable, found) for child in expr.children())


def _linear_in_pi(expr: Expr) -> bool:
    """Whether a constant is a rational multiple of pi, by its form."""
    line = affine(exchanged(expr, Constant("pi"), Symbol("pi_")), "pi_")
    return line is not None and literal(line[0]) is not None and literal(line[1]) == 0

"""Inequalities of one variable, also those that become equalities at a point, and extrema in closed form.

f <= 0 on a span is enclosed when branch and bound puts the supremum below 0. Where the supremum is 0, each place at
which it is taken must be known exactly: a critical point on a box where f'' < 0 (then f is nowhere larger there), a
joint, an end, or a tail whose sign follows from its form. The rest of the line has been excluded by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import arb

from dlteach.errors import DlteachError
from dlteach.notation.backend import Definitions, NotEvaluable, reachable
from dlteach.notation.balls import Balls, precision
from dlteach.notation.show import show
from dlteach.notation.tree import (
    BINDERS,
    Call,
    Condition,
    Constant,
    Expr,
    Extremum,
    Moment,
    Negative,
    Power,
    Product,
    Relation,
    Sum,
    Symbol,
    call,
    number,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.enclose import BITS, Extreme, Place, supremum
from dlteach.reasoning.pieces import Span, may_jump, rational, signs_of, span_of, strictly_between
from dlteach.reasoning.tails import NoTail, germ, limit
from dlteach.reasoning.tidy import tidied
from dlteach.reasoning.verdicts import enclosed
from dlteach.reasoning.worker import WORKER, Overrun

Differentiate = Callable[[Expr, str], Expr]


@dataclass(frozen=True)
class Touch:
    """A place where f comes to its bound exactly; without `at` it is only approached, in a tail."""

    at: Expr | None


@dataclass(frozen=True)
class Prover:
    """What exact reasoning about one expression needs."""

    variable: str
    conditions: tuple[Condition, ...]
    definitions: Definitions
    differentiate: Differentiate
    hints: tuple[Expr, ...]  # constants of the statement: candidates for places
    deadline: float

    def top(self, f: Expr, span: Span) -> Extreme:
        """The supremum of f, enclosed."""
        return supremum(f, self.variable, span, {}, self.definitions, self.deadline)

    def zero(self, expr: Expr, *more: Condition) -> bool:
        """Whether an expression vanishes, by normal form."""
        conditions = (*self.conditions, *more)
        try:
            needed = reachable(expr, self.definitions)
            return WORKER.ask("normal:vanishes", expr, conditions, needed, seconds=2.0) is not None
        except Overrun:
            return False

    def sign_on(self, expr: Expr, *more: Condition) -> frozenset[int] | None:
        """The signs that an expression may have under conditions, from its form."""
        return signs_of(expr, (*self.conditions, *more), self.definitions, 2.0)

    def touches(self, f: Expr, extreme: Extreme) -> list[Touch]:
        """The exact places of all that touches 0, so that f <= 0 everywhere; raises NotEvaluable."""
        return [self.touch(f, place) for place in extreme.places if not place.value < 0]

    def touch(self, f: Expr, place: Place) -> Touch:
        """One place, made exact."""
        part = place.expr if place.expr is not None else f
        if place.end:
            begin = place.at if place.at is not None else number(rational(place.box))
            beyond = Relation((Symbol(self.variable), begin), (">" if place.end > 0 else "<",))
            signs = self.sign_on(part, beyond)
            if signs is None or not signs <= {-1, 0}:
                raise NotEvaluable("the sign of a tail could not be told")
            return Touch(None)
        if place.at is not None:
            if not self.zero(substitute(part, {self.variable: place.at})):
                raise NotEvaluable("the value at an end could not be told from 0")
            return Touch(place.at)
        if not place.concave:
            raise NotEvaluable("it touches its bound where it is too flat")
        slope = self.differentiate(part, self.variable)
        for candidate in self.candidates(place.box):
            at = {self.variable: candidate}
            if self.zero(substitute(part, at)) and self.zero(substitute(slope, at)):
                return Touch(candidate)
        raise NotEvaluable("the place where it touches its bound has no closed form that was found")

    def approached(self, f: Expr, place: Place) -> bool:
        """Whether f tends to 0 in a tail at infinity."""
        if place.at is not None:
            return False
        for start in (8, 64, 4096):
            try:
                end = limit(germ(f, self.variable, place.end, start, {}, self.definitions))
            except NoTail:
                continue
            return not isinstance(end, arb) and end == 0
        return False

    def candidates(self, box: arb) -> Iterator[Expr]:
        """Closed forms inside a box: hints of the statement, rationals, roots, logarithms, multiples of pi."""
        middle = box.mid()
        shapes: list[Expr] = [simple(middle)]
        for hint in self.hints:
            shapes += [hint, Negative(hint)]
            for one in (number(1), number(-1)):
                shapes += [Sum((hint, one)), Sum((Negative(hint), one))]
        square = simple(middle * middle)
        root = call("sqrt", square)
        shapes += [root, Negative(root)]
        if abs(middle) < 20:
            shapes.append(call("ln", simple(middle.exp())))
            shapes += [call("ln", surd) for surd in surds(middle.exp())]
        shapes += surds(middle)
        shapes.append(Product((simple(middle / arb.pi()), Constant("pi"))))
        balls = Balls(self.definitions)
        seen: set[Expr] = set()
        for shape in map(tidied, shapes):
            if shape in seen:
                continue
            seen.add(shape)
            try:
                value = balls(shape, {})
            except NotEvaluable:
                continue
            if value.is_finite() and value.overlaps(box):
                yield shape


def surds(value: arb) -> list[Expr]:
    """p ± sqrt(q) near a value, for small p."""
    found: list[Expr] = []
    for twice in range(-12, 13):
        p = Fraction(twice, 2)
        gap = value - arb(p.numerator) / p.denominator
        root = call("sqrt", simple(gap * gap))
        found.append(Sum((number(p), root if gap > 0 else Negative(root))))
    return found


def simple(value: arb) -> Expr:
    """The simplest rational near a value."""
    return number(rational(value).limit_denominator(1000))


def constants_in(exprs: Iterable[Expr]) -> tuple[Expr, ...]:
    """The constant expressions of a statement that are more than a number."""
    found: dict[Expr, None] = {}
    for expr in exprs:
        for node in walk(expr):
            if not symbols(node) and isinstance(node, Call | Power | Sum | Product | Negative) and _sober(node):
                found.setdefault(node, None)
    return tuple(found)[:8]


def _sober(expr: Expr) -> bool:
    return not any(isinstance(node, (*BINDERS, Moment)) for node in walk(expr))


def below(f: Expr, span: Span, strict: bool, prover: Prover) -> tuple[str, bool] | None:
    """Evidence that f <= 0 (or < 0) on a span, and whether exact places were needed; None where it does not hold.

    Raises NotEvaluable where it could not be told.
    """
    with precision(BITS):
        extreme = prover.top(f, span)
        if extreme.value < 0:
            return f"the supremum of the difference is {enclosed(extreme.value, 8)}, {extreme.boxes} boxes", False
        if extreme.value > 0:
            return None
        try:
            touches = prover.touches(f, extreme)
        except NotEvaluable:
            if strict:
                signs = by_slopes(f, span, prover) if _ends_below(f, span, prover) else None
                shown = signs is not None and 0 not in signs
            else:
                shown = any(
                    all(by_slopes(f, part, prover) is not None for part in parts) for parts in _cuts(span, extreme)
                )
            if shown:
                return "it falls from a place where it is at most 0, on each side", True
            raise
        if strict and any(touch.at is not None for touch in touches):
            inner = [touch.at for touch in touches if touch.at is not None]
            if any(_within(at, span) for at in inner):
                return None
        return "it is 0 at known points only, and the rest is excluded", True


def _ends_below(f: Expr, span: Span, prover: Prover) -> bool:
    """Whether f < 0 at the ends that belong to the span."""
    for end, is_open in ((span.lower, span.open_below), (span.upper, span.open_above)):
        if end is not None and not is_open:
            try:
                value = Balls(prover.definitions)(substitute(f, {prover.variable: end}), {})
            except NotEvaluable:
                return False
            if not value < 0:
                return False
    return True


def _cuts(span: Span, extreme: Extreme) -> Iterator[list[Span]]:
    """The span whole, and cut where it seems to touch its bound, if that is a simple number."""
    yield [span]
    for place in extreme.places:
        at = simple(place.box.mid())
        if not place.end and place.at is None and at not in (span.lower, span.upper):
            yield [replace(span, upper=at), replace(span, lower=at)]


def _within(at: Expr, span: Span) -> bool:
    return not ((span.open_below and at == span.lower) or (span.open_above and at == span.upper))


def extreme_is(node: Extremum, value: Expr, prover: Prover) -> str | None:
    """Evidence that an extremum of the notation has a closed form; None where it has not. Raises NotEvaluable."""
    span, f = span_of(node.domain), node.of
    if node.kind in ("inf", "argmin"):
        f = Negative(f)
        value = Negative(value) if node.kind == "inf" else value
    with precision(BITS):
        if node.kind in ("argmin", "argmax"):
            return _place_is(f, value, prover.top(f, span), prover)
        gap = Sum((f, Negative(value)))
        extreme = prover.top(gap, span)
        if extreme.value > 0 or extreme.value < 0:
            return None
        touches = prover.touches(gap, extreme)
        inner = list(dict.fromkeys(touch.at for touch in touches if touch.at is not None))
        if inner:
            name = prover.variable
            return f"taken at {name} = {', '.join(show(at) for at in inner)}; the rest is excluded"
        for place in extreme.places:
            if place.end and prover.approached(gap, place):
                return "approached at infinity and nowhere exceeded"
        raise NotEvaluable("it could not be told where the bound is taken")


def _place_is(f: Expr, at: Expr, extreme: Extreme, prover: Prover) -> str | None:
    """Whether the only place of the maximum is `at`."""
    here = Balls(prover.definitions)(at, {})
    places = [place for place in extreme.places if place.box.overlaps(here) and not place.end]
    if not places:
        return None
    if any(place.left_out for place in places):
        raise NotEvaluable("the extreme value is approached, but not taken")
    if len(places) < len(extreme.places):
        raise NotEvaluable("the extreme value may be taken at other places")
    for place in places:
        if place.at is not None:
            same = prover.zero(Sum((at, Negative(place.at))))
        else:
            slope = prover.differentiate(place.expr if place.expr is not None else f, prover.variable)
            same = place.concave and prover.zero(substitute(slope, {prover.variable: at}))
        if not same:
            raise NotEvaluable("the place could not be told exactly")
    return f"{'an exact critical point' if places[0].at is None else 'a joint or an end'}; the rest is excluded"


def by_slopes(f: Expr, span: Span, prover: Prover, depth: int = 3) -> frozenset[int] | None:
    """The signs of f inside a span, where they are at most 0; None where its slope does not show that.

    f falls from an end where it is at most 0, or rises towards one, also at infinity.
    """
    signs = prover.sign_on(f, *strictly_between(prover.variable, span.lower, span.upper))
    if signs is not None and signs <= {-1, 0}:
        return signs
    if depth == 0 or may_jump(f, prover.variable, prover.definitions):
        return None
    try:
        slope = prover.differentiate(f, prover.variable)
    except DlteachError:
        return None
    for end, side, part in ((span.lower, -1, slope), (span.upper, 1, Negative(slope))):
        if not _low_at(f, end, side, prover):
            continue
        found = by_slopes(part, span, prover, depth - 1)
        if found is not None:
            return found
    return None


def _low_at(f: Expr, end: Expr | None, side: int, prover: Prover) -> bool:
    """Whether f is at most 0 at an end of a span, or tends to such a value."""
    if end is None:
        for start in (8, 64, 4096):
            try:
                value = limit(germ(f, prover.variable, side, start, {}, prover.definitions))
            except NotEvaluable:
                continue
            return bool(value <= 0)
        return False
    at = substitute(f, {prover.variable: end})
    try:
        value = Balls(prover.definitions)(at, {})
    except NotEvaluable:
        return False
    return bool(value.is_finite()) and (bool(value <= 0) or prover.zero(at))

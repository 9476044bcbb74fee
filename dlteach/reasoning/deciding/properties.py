"""Properties of a function of x: continuous, smooth, increasing, convex, bounded, periodic and their kin.

A property is about every real x, or every x of its `for`, and wants a value at each. `increasing` and `convex` are
meant in the weak sense (a constant function is both); `smooth(f, k)` says that f, f', …, f^(k) are continuous. At an
end that belongs to the `for`, continuity is one-sided; a derivative there is that of the function itself, beyond the
end too. Each is taken apart into statements about pieces and the joints between them, and those are judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.errors import DlteachError
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.show import show
from dlteach.notation.tree import (
    INFINITY,
    ONE,
    ZERO,
    Condition,
    Constant,
    Expr,
    Limit,
    Negative,
    Product,
    Property,
    Quotient,
    Relation,
    Sum,
    literal,
    number,
    substitute,
)
from dlteach.reasoning.algebra.domains import CONTINUOUS, REAL, obligations
from dlteach.reasoning.algebra.pieces import Piece, Span
from dlteach.reasoning.algebra.relations import NEGATED, singles
from dlteach.reasoning.deciding.boundedness import bounded
from dlteach.reasoning.deciding.constants import Ask
from dlteach.reasoning.deciding.curves import Curve, X
from dlteach.reasoning.deciding.existence import MET, UNKNOWN, counted
from dlteach.reasoning.deciding.shapes import Shape
from dlteach.reasoning.deciding.verdicts import Verdict, weakest
from dlteach.reasoning.enclosing.evaluate import Evaluator
from dlteach.reasoning.worker.process import clock

MOST_ORDERS = 6
A_LITTLE = number(Fraction(1, 1024))  # how far beyond an end it is looked
TWO_PI = Product((number(2), Constant("pi")))
AT_A_POINT = ("continuous", "increasing", "decreasing", "convex", "concave", "bounded", "lipschitz")  # where trivial
PERIODS = (TWO_PI, Constant("pi"), ONE, number(2), Product((number(2), TWO_PI)))


def property_verdict(
    stated: Property, conditions: tuple[Condition, ...], functions: Functions, ask: Ask, seconds: float = 4.0
) -> Verdict:
    """The verdict on a property of an expression in x; `ask` judges a statement."""
    try:
        curve = Curve(stated.of, conditions, functions, ask, clock() + seconds)
        if curve.point is not None and stated.kind in AT_A_POINT:
            alone = curve.existence.has_value(curve.f, "x", curve.point)
            return replace(alone, evidence="its `for` leaves one point") if alone.holds else alone
        verdict = KINDS[stated.kind](stated, curve)
        return weakest([verdict, curve.real()]) if curve.tied and verdict.holds else verdict
    except DlteachError as problem:
        return Verdict(Outcome.UNDECIDED, "beyond this version", str(problem))


def _continuous(stated: Property, curve: Curve) -> Verdict:
    return curve.existence.continuous(curve.f, "x", curve.span, curve.also)


def _shape(stated: Property, curve: Curve) -> Verdict:
    return Shape(stated.kind, curve, *stated.extra).verdict()


# ---- odd, even, periodic ----------------------------------------------------------------------------------


def _parity(stated: Property, curve: Curve) -> Verdict:
    """f(-x) = -f(x) or f(-x) = f(x), with a value at both."""
    real, existence, opposite = curve.real(), curve.existence, {"x": Negative(X)}
    if real.outcome is Outcome.REFUTED:
        return real
    mirrored = substitute(curve.f, opposite)
    wanted = Negative(curve.f) if stated.kind == "odd" else curve.f
    same = Relation((mirrored, wanted), ("=",))
    verdict = existence.ask(same, *curve.inside)
    if verdict.holds:
        return weakest([verdict, real, curve.real(mirrored)])
    if verdict.outcome is not Outcome.REFUTED:
        for piece in () if curve.also else existence.cells(curve.f, "x", curve.span, CONTINUOUS)[0][:-1]:
            assert piece.upper is not None
            sides = [existence.at(side, "x", piece.upper) for side in same.sides]
            there = existence.compared(Relation((sides[0], sides[1]), ("=",)))
            if there.outcome is Outcome.REFUTED:
                point = {"x": show(piece.upper), **there.witness}
                return replace(there, witness=point, evidence=f"at x = {show(piece.upper)}: {there.evidence}")
    return verdict


def _periodic(stated: Property, curve: Curve) -> Verdict:
    """f(x + T) = f(x), for the period that is given or one that is often met."""
    given, existence = (stated.extra[0] if stated.extra else None), curve.existence
    if given is not None:
        other = existence.ask(Relation((given, ZERO), ("!=",)))
        if other.outcome is Outcome.REFUTED:
            return Verdict(Outcome.REFUTED, "periodic", "a period is not 0", other.witness, (show(given), "not 0"))
        if not other.holds:
            return Verdict(Outcome.UNDECIDED, "periodic", "it could not be shown that the period is not 0")
    real = curve.real()
    if real.outcome is Outcome.REFUTED:
        return real
    for period in PERIODS if given is None else (given,):
        moved = substitute(curve.f, {"x": Sum((X, period))})
        verdict = existence.ask(Relation((moved, curve.f), ("=",)), *curve.inside)
        if verdict.holds:
            whole = weakest([verdict, real, curve.real(moved)])
            return replace(whole, evidence=f"f(x + T) = f(x) for T = {show(period)}") if whole.holds else whole
        if given is not None:
            return verdict
    return _settles(curve)


def _settles(curve: Curve) -> Verdict:
    """A function that has a limit at infinity and does not stay there has no period."""
    for place in (INFINITY, Negative(INFINITY)):
        end = Limit(curve.f, X, place)
        for far in (INFINITY, Negative(INFINITY)):
            if curve.existence.ask(Relation((end, far), ("=",))).holds:
                words = f"it tends to {show(far)} as x -> {show(place)}, so it has no period"
                return Verdict(Outcome.REFUTED, "growth rates", words, {"x": show(place)}, (show(far), "finite"))
        for x in (ZERO, ONE, Negative(ONE), number(2)):
            verdict = curve.existence.ask(Relation((end, curve.existence.at(curve.f, "x", x)), ("=",)))
            if verdict.outcome is Outcome.REFUTED and len(verdict.values) == 2 and not verdict.witness:
                there, here = verdict.values
                words = f"it is {here} at x = {show(x)}, and tends to {there}, so it has no period"
                return Verdict(Outcome.REFUTED, "growth rates", words, {"x": show(x)}, (here, there))
    raise NotEvaluable("no period was found; state one, as in periodic(f, 2*pi)")


# ---- smooth ------------------------------------------------------------------------------------


def _smooth(stated: Property, curve: Curve) -> Verdict:
    order = literal(stated.extra[0]) if stated.extra else None
    if stated.extra and (order is None or order.denominator != 1 or not 0 <= order <= MOST_ORDERS):
        raise NotEvaluable(f"the order of smooth(f, k) is a whole number from 0 to {MOST_ORDERS}")
    verdict = _continuous(stated, curve)
    if not verdict.holds or order == 0:
        return verdict
    owed = obligations(curve.f, 1, curve.definitions, "x", (*curve.rest, *curve.inside))
    if curve.existence.discharged(owed, *curve.inside).holds:
        return Verdict(Outcome.PROVED, "obligations", "it is made of functions with derivatives of every order")
    curve.connected()
    return _Smoothness(curve, None if order is None else int(order)).verdict()


class _Smoothness:
    """Derivatives of a continuous function up to an order (None: of every order), joint by joint."""

    def __init__(self, curve: Curve, order: int | None) -> None:
        self.curve, self.order, self.existence = curve, order, curve.existence
        self.most = MOST_ORDERS if order is None else order

    def verdict(self) -> Verdict:
        """The pieces are smooth, and so is what happens at each joint and at each end that belongs to the span."""
        span = self.curve.span
        found, smooth = self.existence.cells(self.curve.f, "x", span, 1)
        if not smooth.holds:
            return smooth
        found = [self.curve.resolved(piece) for piece in found]
        parts = [self.joint(left, right) for left, right in pairwise(found)]
        if span.lower is not None and not span.open_below:
            parts.append(self.end(found[0], Span(Sum((span.lower, Negative(A_LITTLE))), span.lower, True, True), -1))
        if span.upper is not None and not span.open_above:
            parts.append(self.end(found[-1], Span(span.upper, Sum((span.upper, A_LITTLE)), True, True), 0))
        words = "every derivative exists" if self.order is None else f"the derivatives up to order {self.order} agree"
        shown = Verdict(Outcome.PROVED, "pieces and joints", f"{words} on {counted(found)} and at each joint")
        return weakest([shown, *parts])

    def end(self, inner: Piece, outside: Span, nearest: int) -> Verdict:
        """What happens at an end that belongs to the span: the function goes on beyond it, or it has no derivative."""
        outer = self.existence.cells(self.curve.f, "x", outside, 1)[0][nearest]
        if any(True for _ in self.existence.open_in(outer, "x", 1)):
            return self.ends_there(outer, nearest)
        beyond = self.curve.resolved(outer)
        place, side = (inner.lower, "-") if nearest else (inner.upper, "+")
        assert place is not None
        limit, here = self.existence.towards(beyond.expr, "x", place, side), self.existence.at(self.curve.f, "x", place)
        goes_on = self.existence.same(limit, here, "x", place, side)
        return weakest([goes_on, self.joint(beyond, inner) if nearest else self.joint(inner, beyond)])

    def joint(self, left: Piece, right: Piece) -> Verdict:
        """Whether the derivatives from both sides agree, where two pieces meet on each of which it is smooth."""
        place = left.upper
        assert place is not None
        if self.one_function(left.expr, right.expr, place):
            return MET
        low, high = (self.curve.derivatives(piece.expr, self.most) for piece in (left, right))
        parts = []
        for n in range(1, self.most + 1):
            ends = (self.existence.towards(low[n], "x", place, "-"), self.existence.towards(high[n], "x", place, "+"))
            verdict = self.existence.compared(Relation(ends, ("=",)))
            if verdict.outcome is Outcome.REFUTED:
                return _at_joint(verdict, place, n)
            parts += [MET if verdict.holds else UNKNOWN, *(self.finite(end, place) for end in ends)]
            if not weakest(parts).holds:
                break
        if self.order is None and weakest(parts).holds:
            return Verdict(Outcome.UNDECIDED, "joints", "it has joints: ask for an order, as in smooth(f, 2)")
        return weakest(parts)

    def ends_there(self, outer: Piece, nearest: int) -> Verdict:
        """A function that has no value on the other side of an end has no derivative at the end."""
        place = outer.upper if nearest else outer.lower
        assert place is not None
        for owed, _ in self.existence.open_in(outer, "x", REAL):
            if owed.relation is None or not owed.necessary or owed.given:
                continue
            for link in singles(owed.relation):
                if self.curve.on(outer, Relation(link.sides, (NEGATED[link.signs[0]],))).holds:
                    words = f"at x = {show(place)} it has no derivative: `{show(owed.part)}` ends there"
                    values = ("no derivative", "a derivative")
                    return Verdict(Outcome.REFUTED, "an end", words, {"x": show(place)}, values)
        return UNKNOWN

    def finite(self, end: Expr, place: Expr) -> Verdict:
        """Whether a one-sided limit of a derivative is a number."""
        if not isinstance(end, Limit):
            return MET
        try:
            if Evaluator(self.curve.definitions)(end, {}).is_finite():
                return MET
        except NotEvaluable:
            pass
        for far in (INFINITY, Negative(INFINITY)):
            if self.existence.ask(Relation((end, far), ("=",))).holds:
                words = f"at x = {show(place)} its slope grows beyond all bounds"
                return Verdict(Outcome.REFUTED, "a joint", words, {"x": show(place)}, (show(far), "finite"))
        return UNKNOWN

    def one_function(self, left: Expr, right: Expr, place: Expr) -> bool:
        """Whether both sides are one and the same function, smooth at the place or with a gap that its limit fills."""
        if left != right and not self.existence.ask(Relation((left, right), ("=",))).holds:
            return False
        return self.smooth_at(left, place) or (left == right and self.removable(left, place))

    def smooth_at(self, expr: Expr, place: Expr) -> bool:
        """Whether a formula is smooth at a place itself, and so beside it."""
        return not any(True for _ in self.existence.open_at(expr, "x", place, 1))

    def removable(self, expr: Expr, place: Expr) -> bool:
        """Whether a quotient of smooth functions stays smooth where its denominator vanishes.

        Where D has a zero of order m and N one of at least that order, both are (x - p)^m times a smooth function, and
        that of D is not 0.
        """
        if not isinstance(expr, Quotient) or not all(self.smooth_at(part, place) for part in (expr.over, expr.under)):
            return False
        over, under = (self.curve.derivatives(part, MOST_ORDERS) for part in (expr.over, expr.under))
        for above, below in zip(over, under, strict=True):
            a, b = (self.existence.at(part, "x", place) for part in (above, below))
            if self.existence.ask(Relation((b, ZERO), ("!=",))).holds:
                return True
            if not all(self.existence.ask(Relation((value, ZERO), ("=",))).holds for value in (a, b)):
                return False
        return False


def _at_joint(verdict: Verdict, joint: Expr, order: int) -> Verdict:
    """What goes wrong at a joint, in words."""
    left, right = verdict.values or ("", "")
    what = {1: "the slope", 2: "the second derivative"}.get(order, f"the derivative of order {order}")
    words = f"at x = {show(joint)} {what} is {left} from the left, but {right} from the right"
    return Verdict(Outcome.REFUTED, "a joint", words, {"x": show(joint), **verdict.witness}, verdict.values)


KINDS: Mapping[str, Callable[[Property, Curve], Verdict]] = {
    "continuous": _continuous,
    "smooth": _smooth,
    "increasing": _shape,
    "decreasing": _shape,
    "convex": _shape,
    "concave": _shape,
    "lipschitz": _shape,
    "bounded": lambda stated, curve: bounded(curve),
    "periodic": _periodic,
    "odd": _parity,
    "even": _parity,
}

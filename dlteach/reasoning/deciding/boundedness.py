"""Is a function of x bounded on a span? By its form, by enclosing its supremum and infimum, or refuted by a limit."""

from __future__ import annotations

from dlteach.course.ledger import Outcome
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.names import BUILTINS
from dlteach.notation.show import show
from dlteach.notation.tree import (
    INFINITY,
    Call,
    Expr,
    Limit,
    Negative,
    Piecewise,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    literal,
    symbols,
)
from dlteach.reasoning.algebra.domains import REAL, obligations
from dlteach.reasoning.algebra.facts import FACTS, Growth
from dlteach.reasoning.algebra.growth import far_from_zero, part_of
from dlteach.reasoning.deciding.curves import Curve, X
from dlteach.reasoning.deciding.verdicts import Verdict, enclosed
from dlteach.reasoning.enclosing.branch_and_bound import PLUS, infimum, supremum

DEEPEST = 12  # definitions inside definitions


def bounded(curve: Curve) -> Verdict:
    """The verdict on `bounded(f)`; raises NotEvaluable where it could not be told."""
    existence, inside = curve.existence, curve.inside
    owed = obligations(curve.f, REAL, curve.definitions, "x", (*curve.rest, *inside))
    open_ones = list(existence.left_open(owed, *inside))
    real = existence.summary(open_ones)
    if not real.holds and (found := _unbounded(curve)) is not None:
        return found
    if not real.holds and (missing := existence.missing(curve.f, "x", inside, open_ones)) is not None:
        return missing
    span = curve.span
    closed = None not in (span.lower, span.upper) and not (span.open_below or span.open_above or curve.also)
    if closed and existence.continuous(curve.f, "x", span).holds:
        return Verdict(Outcome.PROVED, "extreme values", "it is continuous on a closed interval")
    if real.holds and _by_form(curve, curve.f):
        return Verdict(Outcome.PROVED, "ranges", "it is made of bounded functions")
    if symbols(curve.f) <= {"x"}:
        try:
            top = supremum(curve.f, "x", curve.span, {}, curve.definitions, curve.deadline).value
            bottom = infimum(curve.f, "x", curve.span, {}, curve.definitions, curve.deadline).value
        except NotEvaluable as problem:
            if (found := _unbounded(curve)) is not None:
                return found
            raise problem
        if real.holds and top < PLUS and bottom > -PLUS:
            return Verdict(Outcome.ENCLOSED, "enclosure", f"between {enclosed(bottom, 8)} and {enclosed(top, 8)}")
    if (found := _unbounded(curve)) is not None:
        return found
    raise NotEvaluable(real.evidence if not real.holds else "it could not be bounded")


def _unbounded(curve: Curve) -> Verdict | None:
    """An end of a piece towards which f grows beyond all bounds."""
    if any(not isinstance(c, Relation) or c.signs != ("!=",) for c in curve.also):
        return None
    for piece in curve.existence.cells(curve.f, "x", curve.span, REAL)[0]:
        ends = (
            (INFINITY, "") if piece.upper is None else (piece.upper, "-"),
            (Negative(INFINITY), "") if piece.lower is None else (piece.lower, "+"),
        )
        for place, side in ends:
            limit = Limit(piece.expr, X, place, side)
            for far in (INFINITY, Negative(INFINITY)):
                if curve.existence.ask(Relation((limit, far), ("=",))).holds:
                    where = f"{show(place)}{side}"
                    words = f"it tends to {show(far)} as x -> {where}"
                    return Verdict(Outcome.REFUTED, "growth", words, {"x": where}, (show(far), "finite"))
    return None


def _by_form(curve: Curve, expr: Expr, depth: int = 0) -> bool:
    """Whether an expression is bounded, wherever it has a value, by the ranges of the functions that it is made of."""
    if "x" not in symbols(expr) or (expr == X and None not in (curve.span.lower, curve.span.upper)):
        return True
    match expr:
        case Negative() | Sum() | Product():
            return all(_by_form(curve, child, depth) for child in expr.children())
        case Quotient(over, under):
            if part_of(over, under, curve.definitions):
                return True
            return _by_form(curve, over, depth) and far_from_zero(under, frozenset({"x"}), curve.definitions)
        case Power(base, exponent):
            n = literal(exponent)
            return n is not None and n >= 0 and _by_form(curve, base, depth)
        case Piecewise(branches):
            return all(_by_form(curve, branch.value, depth) for branch in branches)
        case Call(name, args, 0) if name in BUILTINS:
            kind = FACTS[name].growth
            return kind is Growth.BOUNDED or (
                kind in (Growth.LOGARITHMIC, Growth.LINEAR, Growth.EXPONENTIAL)
                and all(_by_form(curve, arg, depth) for arg in args)
            )
        case Call(name, args, 0) if name in curve.definitions and depth < DEEPEST:
            return _by_form(curve, curve.definitions[name].applied(args), depth + 1)
    return False

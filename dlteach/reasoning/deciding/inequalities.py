"""Inequalities of one variable, also those that become equalities at a point, and extrema in closed form.

f <= 0 on a span is enclosed when branch and bound puts the supremum below 0. Where the supremum is 0, or cannot be
had, a chart shows -f >= 0 part by part (`charts`), or f falls from a place where it is at most 0 (`by_slopes`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from flint import arb

from dlteach.course.ledger import Outcome
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import Balls, ball, precision
from dlteach.notation.show import show
from dlteach.notation.tree import (
    Expr,
    Extremum,
    Negative,
    Relation,
    Sum,
    Symbol,
    links,
    number,
    substitute,
    symbols,
)
from dlteach.reasoning.algebra.domains import Need, domain, obligations
from dlteach.reasoning.algebra.normal import ALLOWED
from dlteach.reasoning.algebra.pieces import Span, inside, rational, span_in, span_of, strictly_between
from dlteach.reasoning.algebra.roots import roots
from dlteach.reasoning.deciding.charts import Chart, not_negative, sign_at
from dlteach.reasoning.deciding.closed_forms import closed_forms, constants_in, simple
from dlteach.reasoning.deciding.counterexamples import Fails, counterexample
from dlteach.reasoning.deciding.proofs import How, Proof, Question
from dlteach.reasoning.deciding.prover import NOT_POSITIVE, Prover, all_of
from dlteach.reasoning.deciding.solved import neat
from dlteach.reasoning.deciding.verdicts import Verdict, enclosed
from dlteach.reasoning.enclosing.asymptotics import germ, limit
from dlteach.reasoning.enclosing.branch_and_bound import BITS, Extreme, OutOfBudget, Place, supremum
from dlteach.reasoning.enclosing.coefficients import Signs
from dlteach.reasoning.enclosing.limits import MINUS_OO, OO, limit_at
from dlteach.reasoning.enclosing.scales import tail_sign

FIRST = 2_000  # boxes at most for the supremum, before other ways are tried
MOST_SHOWN = 4  # zeros that are named
WAYS = {"<": (1,), "<=": (1,), ">": (-1,), ">=": (-1,), "!=": (1, -1)}
STRICT = ("<", ">", "!=")
FAR = (10**3, 10**6, 10**9, 10**13, 10**18)
SLOPES = 3  # how many derivatives are looked at


def by_signs(question: Question) -> Proof | None:
    """An inequality whose difference has the sign by its form, under the conditions."""
    if question.sign == "=":
        return None
    whole = Prover(question.functions, question.deadline, question.conditions, most=question.seconds)
    signs = whole.signs(question.difference)
    if not all_of(signs, ALLOWED[question.sign]):
        return None
    return Proof(How.SIGNS, "the sign of the difference follows from its form")


def by_enclosure(question: Question) -> Proof | Verdict | None:
    """An inequality in one variable; a place where it fails refutes it."""
    if question.sign == "=" or len(question.names) != 1 or question.heavy:
        return None
    (variable,) = question.names
    strict = question.sign in STRICT
    problem: NotEvaluable | None = None
    for way in WAYS[question.sign]:
        f = neat(question.difference if way > 0 else Sum((question.right, Negative(question.left))))
        prover = Prover(question.functions, question.deadline, (), constants_in((question.left, question.right)))
        span, _ = span_in((*question.conditions, *domain(f, variable, question.definitions)), variable)
        try:
            found = below(f, variable, span, strict, prover)
        except Fails as reason:
            refuted = counterexample(question, variable, reason)
            if refuted is not None:
                return refuted
            problem = reason
            continue
        except NotEvaluable as reason:
            problem = reason
            continue
        if found is not None:
            return found
    if problem is not None:
        raise problem
    return None


def below(f: Expr, variable: str, span: Span, strict: bool, prover: Prover) -> Proof | None:
    """A proof that f <= 0 (or < 0) on a span, wherever f has a value; None where it does not hold.

    Raises NotEvaluable where it could not be told.
    """
    with precision(BITS):
        extreme: Extreme | None = None
        try:
            extreme = supremum(f, variable, span, {}, prover.definitions, prover.deadline, most=FIRST)
            if extreme.value < 0:
                words = f"the supremum of the difference is {enclosed(extreme.value, 8)}, {extreme.boxes} boxes"
                return Proof(How.ENCLOSURE, words, Outcome.ENCLOSED)
        except NotEvaluable:
            prover.check()
        if extreme is not None and extreme.value > 0:
            raise Fails("the supremum of the difference is positive", *_places(extreme))
        try:
            return _charted(f, variable, span, strict, prover)
        except (OutOfBudget, Fails):
            raise
        except NotEvaluable:
            ways = [[span]] if strict or extreme is None else _cuts(span, extreme)
            if any(all(_falls(f, variable, part, strict, prover) for part in parts) for parts in ways):
                return Proof(How.TOUCHING, "it falls from a place where it is at most 0, on each side")
            raise


def _places(extreme: Extreme) -> Iterator[Fraction]:
    """Where an extreme value is taken, or nearly so, also far out."""
    for place in extreme.places:
        yield rational(place.box)
        if place.end and place.at is None:
            yield from (Fraction(place.end * far) for far in FAR)
        elif place.at is not None:
            yield from (rational(place.box) + Fraction(side, far) for far in FAR for side in (1, -1))


def _charted(f: Expr, variable: str, span: Span, strict: bool, prover: Prover) -> Proof | None:
    """By charts of -f, on each part of the span on which f has values."""
    charts: list[Chart] = []
    for part in parted(f, variable, span, prover):
        if isinstance(part, Span):
            charts.append(not_negative(Negative(f), variable, part, strict, prover))
        elif sign_at(f, variable, part, prover) > (-1 if strict else 0):
            return None
    zeros = list(dict.fromkeys(zero for chart in charts for zero in chart.zeros))
    boxes = sum(chart.boxes for chart in charts)
    if not zeros:
        words = f"the difference keeps its sign on {boxes} boxes and at both ends"
        return Proof(How.ENCLOSURE, words, Outcome.ENCLOSED)
    named = ", ".join(f"{variable} = {show(zero)}" for zero in zeros[:MOST_SHOWN])
    more = " and elsewhere" if len(zeros) > MOST_SHOWN else ""
    return Proof(How.TOUCHING, f"both sides come together at {named}{more}; the rest is excluded on {boxes} boxes")


def parted(f: Expr, variable: str, span: Span, prover: Prover) -> Iterator[Span | Expr]:
    """The open intervals on which f may have a value, and the points between them at which it may have one.

    Cut out is only what f owes everywhere to have a value, and what it does not keep.
    """
    owed: list[tuple[Expr, str, tuple[Expr, ...]]] = []  # what is compared with 0, how, and all its roots
    for one in obligations(f, Need.REAL, prover.definitions, variable):
        if one.necessary and not one.given and one.relation is not None:
            for left, sign, right in links([one.relation]):
                gap: Expr = Sum((left, Negative(right)))
                if symbols(gap) == {variable} and (known := roots(gap, variable)) is not None:
                    owed.append((gap, sign, known))
    places: dict[Expr, bool] = {}  # and whether f may have a value there
    for _, sign, known in owed:
        for place in known:
            if _is_inside(place, span, prover):
                places[place] = places.get(place, True) and sign in ("<=", ">=", "=")
    balls = Balls(prover.definitions)
    ordered = sorted(places, key=lambda place: float(balls(place, {}).mid()))
    if any(not balls(a, {}) < balls(b, {}) for a, b in pairwise(ordered)):
        raise NotEvaluable("two places lie too near to be told apart")
    kept: list[Span | Expr] = []
    for low, high in pairwise([span.lower, *ordered, span.upper]):
        between = inside(*(None if end is None else balls(end, {}) for end in (low, high)))
        if not any(_fails(balls, gap, sign, {variable: ball(between)}) for gap, sign, _ in owed):
            outer = (low is not span.lower or span.open_below, high is not span.upper or span.open_above)
            kept.append(Span(low, high, *outer))
    return iter([*kept, *(place for place in ordered if places[place])])


def _is_inside(place: Expr, span: Span, prover: Prover) -> bool:
    """Whether a place lies strictly inside a span; raises NotEvaluable where that cannot be told."""
    balls = Balls(prover.definitions)
    at = balls(place, {})
    for end, side in ((span.lower, 1), (span.upper, -1)):
        if end is None or place == end:
            if place == end:
                return False
            continue
        gap = side * (at - balls(end, {}))
        if not (gap > 0 or gap < 0) and not prover.zero(Sum((place, Negative(end)))):
            raise NotEvaluable("two places lie too near to be told apart")
        if not gap > 0:
            return False
    return True


def _fails(balls: Balls, gap: Expr, sign: str, at: dict[str, arb]) -> bool:
    """Whether what is owed fails at a point of an interval that contains no root of it, so on all of it."""
    try:
        value = balls(gap, at)
    except NotEvaluable:
        return False
    return bool(value > 0 and 1 not in ALLOWED[sign]) or bool(value < 0 and -1 not in ALLOWED[sign])


def _cuts(span: Span, extreme: Extreme) -> Iterator[list[Span]]:
    """The span whole, and cut where it seems to touch its bound, if that is a simple number."""
    yield [span]
    for place in extreme.places:
        at = simple(place.box.mid())
        if not place.end and place.at is None and at not in (span.lower, span.upper):
            yield [replace(span, upper=at), replace(span, lower=at)]


# ---- slopes --------------------------------------------------------------------------------------


def _falls(f: Expr, variable: str, span: Span, strict: bool, prover: Prover) -> bool:
    """Whether f <= 0 (or < 0) on a span, by its slopes inside and its values at the ends that belong to it."""
    signs = by_slopes(f, variable, span, prover)
    if signs is None or (strict and 0 in signs):
        return False
    for end, is_open in ((span.lower, span.open_below), (span.upper, span.open_above)):
        if end is not None and not is_open:
            try:
                sign = sign_at(f, variable, end, prover)
            except NotEvaluable:
                return False
            if sign > (-1 if strict else 0):
                return False
    return True


def by_slopes(f: Expr, variable: str, span: Span, prover: Prover, depth: int = SLOPES) -> frozenset[int] | None:
    """The signs of f inside a span, where they are at most 0; None where its slope does not show that.

    f falls from an end where it is at most 0, or rises towards one, also at infinity; so it must be smooth inside.
    """
    between = prover.under(*strictly_between(variable, span.lower, span.upper))
    signs = between.signs(f)
    if signs is not None and all_of(signs, NOT_POSITIVE):
        return signs
    if depth == 0 or not between.smooth(f, variable):
        return None
    try:
        slope = prover.slope(f, variable)
    except NotEvaluable:
        return None
    if not between.real(slope):
        return None
    for end, side, part in ((span.lower, -1, slope), (span.upper, 1, Negative(slope))):
        if not _low_at(f, variable, end, side, prover):
            continue
        found = by_slopes(part, variable, span, prover, depth - 1)
        if found is not None:
            return found
    return None


def _low_at(f: Expr, variable: str, end: Expr | None, side: int, prover: Prover) -> bool:
    """Whether f tends to a value of at most 0 at an end of a span: continuous there, or by its germ at infinity."""
    if end is None:
        for start in (8, 64, 4096):
            try:
                value = limit(germ(f, variable, side, start, {}, prover.definitions))
            except NotEvaluable:
                continue
            return bool(value <= 0)
        return False
    here = prover.under(Relation((Symbol(variable), end), ("=",)))
    if not here.continuous(f, variable):
        return False
    try:
        return sign_at(f, variable, end, prover) <= 0
    except NotEvaluable:
        return False


# ---- extrema in closed form ------------------------------------------------------------------------


def by_extreme(question: Question) -> Proof | None:
    """`sup(…) = v` and its kin in one variable, in closed form."""
    if question.sign != "=":
        return None
    for node, value in ((question.left, question.right), (question.right, question.left)):
        if not isinstance(node, Extremum) or isinstance(node.of, Extremum) or symbols(node) or symbols(value):
            continue
        hints = constants_in((question.left, question.right, value))
        prover = Prover(question.functions, question.deadline, (), hints)
        shown = _extreme_is(node, value, prover)
        if shown is not None:
            return Proof(How.EXTREMUM, shown)
    return None


def _extreme_is(node: Extremum, value: Expr, prover: Prover) -> str | None:
    """Evidence that an extremum of the notation has a closed form; None where it has not. Raises NotEvaluable."""
    span, f, variable = span_of(node.domain), node.of, node.variable.name
    if node.kind in ("inf", "argmin"):
        f = Negative(f)
        value = Negative(value) if node.kind == "inf" else value
    with precision(BITS):
        if node.kind in ("argmin", "argmax"):
            extreme = supremum(f, variable, span, {}, prover.definitions, prover.deadline)
            return _place_is(f, variable, value, extreme, prover)
        gap = Sum((f, Negative(value)))
        extreme = supremum(gap, variable, span, {}, prover.definitions, prover.deadline)
        if extreme.value > 0 or extreme.value < 0:
            return None
        places = [place for place in extreme.places if not place.value < 0]
        touched: list[Expr | None] = []
        problem: NotEvaluable | None = None
        for place in places:
            try:
                touched.append(_touched(gap, variable, place, prover))
            except NotEvaluable as reason:
                problem = reason
        inner = list(dict.fromkeys(at for at in touched if at is not None))
        if problem is not None and (not inner or below(gap, variable, span, False, prover) is None):
            raise problem
        if inner:
            return f"taken at {', '.join(f'{variable} = {show(at)}' for at in inner)}; the rest is excluded"
        if any(place.end and _approached(gap, variable, place, prover) for place in places):
            return "approached and nowhere exceeded"
        raise NotEvaluable("it could not be told where the bound is taken")


def _touched(f: Expr, variable: str, place: Place, prover: Prover) -> Expr | None:
    """A place where f comes to 0, made exact, so that f is at most 0 there; None for a tail that approaches it."""
    part = place.expr if place.expr is not None else f
    if place.end and (place.value <= 0 or _sinks(part, variable, place, prover)):
        return None
    if place.end:
        begin = place.at if place.at is not None else number(rational(place.box))
        beyond = Relation((Symbol(variable), begin), (">" if place.end > 0 else "<",))
        if not all_of(prover.signs(part, beyond), NOT_POSITIVE):
            raise NotEvaluable("the sign of a tail could not be told")
        return None
    if place.at is not None:
        if not prover.zero(substitute(part, {variable: place.at})):
            raise NotEvaluable("the value at an end could not be told from 0")
        return place.at
    if not place.concave:
        raise NotEvaluable("it touches its bound where it is too flat")
    slope = prover.slope(part, variable)
    for candidate in closed_forms(place.box, prover.hints, prover.definitions):
        at = {variable: candidate}
        if prover.zero(substitute(part, at)) and prover.zero(substitute(slope, at)):
            return candidate
    raise NotEvaluable("the place where it touches its bound has no closed form that was found")


def _sinks(f: Expr, variable: str, place: Place, prover: Prover) -> bool:
    """Whether f <= 0 on a whole tail at infinity, by its growth."""
    start = int(float(abs(place.box).mid()))
    if place.at is not None or place.box != place.end * start:
        return False
    try:
        return tail_sign(f, variable, place.end, start, prover.definitions, Fraction(0)) <= 0
    except NotEvaluable:
        return False


def _approached(f: Expr, variable: str, place: Place, prover: Prover) -> bool:
    """Whether f tends to 0 in a tail, towards infinity or a place."""
    point = place.at if place.at is not None else OO if place.end > 0 else MINUS_OO
    side = "" if place.at is None else "+" if place.end > 0 else "-"
    signs = Signs({}, (), prover.definitions, prover.deadline)
    try:
        found = limit_at(f, variable, point, side, signs, prover.definitions)
        return not found.infinite and signs(found.value) == 0
    except NotEvaluable:
        return False


def _place_is(f: Expr, variable: str, at: Expr, extreme: Extreme, prover: Prover) -> str | None:
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
            slope = prover.slope(place.expr if place.expr is not None else f, variable)
            same = place.concave and prover.zero(substitute(slope, {variable: at}))
        if not same:
            raise NotEvaluable("the place could not be told exactly")
    return f"{'an exact critical point' if places[0].at is None else 'a joint or an end'}; the rest is excluded"

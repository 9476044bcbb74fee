"""f >= 0 in one variable, part by part: tails and singular ends by growth, zeros by multiplicity, the rest by boxes.

On each piece of f every end is dealt with by one of: the sign on a whole tail or beside a singular point (`scales`); a
box on which f > 0; or, where f is 0 at the end exactly, its first derivative there that is not 0, which keeps its sign
on a box. A zero inside must have a closed form at which f and its first derivatives are shown to vanish; then the next
derivative has one sign on a box, of even order. Everything between is covered by boxes on which f > 0. A box on which
f has no finite enclosure fails, so f is shown to be continuous wherever it is claimed to be positive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from flint import arb

from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import Balls, NotReal, ball, precision
from dlteach.notation.tree import (
    ZERO,
    Condition,
    Expr,
    Negative,
    Product,
    Quotient,
    Sum,
    literal,
    number,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.pieces import Piece, Span, affine, inlined, pieces, rational, strictly_between
from dlteach.reasoning.algebra.roots import roots
from dlteach.reasoning.deciding.closed_forms import closed_forms
from dlteach.reasoning.deciding.counterexamples import Fails
from dlteach.reasoning.deciding.prover import NEGATIVE, POSITIVE, Prover
from dlteach.reasoning.deciding.solved import neat
from dlteach.reasoning.enclosing.branch_and_bound import BITS, OutOfBudget
from dlteach.reasoning.enclosing.compiled import recorded
from dlteach.reasoning.enclosing.jets import ONE, Jet, Jets
from dlteach.reasoning.enclosing.scales import STARTS, sign_beside, tail_sign
from dlteach.reasoning.enclosing.taylor import coefficients

MOST_BOXES = 30_000
MOST_ZEROS = 12
HIGHEST = 16  # the multiplicity of a zero
NARROW = arb("1e-5")  # a box so narrow that f is not known to be positive on it: there may be a zero
FINE = 320  # bits for the place of a zero
NEAR = (10, 10**3, 10**6, 10**9, 10**13, 10**18)  # parts of 1 beside a zero where a sign is looked at
FINEST = 10**30  # the denominator of such a place
GOLDEN = arb("0.61803398874989484820458683436563811772030917980576")


@dataclass
class Chart:
    """What was found: the zeros, and how many boxes it took."""

    zeros: list[Expr] = field(default_factory=list)
    boxes: int = 0


def not_negative(f: Expr, variable: str, span: Span, strict: bool, prover: Prover) -> Chart:
    """A chart that shows f >= 0 (f > 0) on a span. Raises Fails where it seems to be false, else NotEvaluable."""
    with precision(BITS):
        chart = Chart()
        if span.lower is not None and span.upper is not None and not _value(span.lower) < _value(span.upper):
            raise NotEvaluable("the interval is empty, or a point")
        found, joints = pieces(inlined(f, prover.definitions), variable, span, {}, prover.definitions)
        ends = ((span.lower, span.open_below), (span.upper, span.open_above))
        inner = [*joints, *(end for end, is_open in ends if end is not None and not is_open)]
        for place in inner:
            try:
                sign = sign_at(f, variable, place, prover)
            except NotReal:
                continue  # there is nothing to show
            if sign < 0 or (strict and sign == 0):
                raise Fails(
                    "it fails at a joint or an end", *_beside(place, 1, -1), meeting=place if sign == 0 else None
                )
            chart.zeros += [place] if sign == 0 else []
        for piece in found:
            _Piece(piece, variable, strict, prover, chart).settle()
        return chart


def _value(expr: Expr) -> arb:
    value = Balls({})(expr, {})
    if not value.is_finite():
        raise NotEvaluable("an end of the interval is not real")
    return value


def sign_at(f: Expr, variable: str, place: Expr, prover: Prover) -> int:
    """The sign of f at a joint or an end that belongs to the span; where it jumps, of the value that it has there.

    Raises NotReal where it has none, NotEvaluable where the sign could not be told.
    """
    at = substitute(f, {variable: place})
    try:
        value = Balls(prover.definitions)(at, {})
    except NotReal:
        raise
    except NotEvaluable:
        value = arb.nan()
    if value > 0 or value < 0:
        return 1 if value > 0 else -1
    if value.is_zero() or prover.zero(at):
        return 0
    signs = prover.signs(at)
    if signs is not None and len(signs) == 1:
        return next(iter(signs))
    raise NotEvaluable("the value at a joint or an end could not be told from 0")


def _beside(place: Expr, *sides: int) -> Iterator[Fraction]:
    """Rationals at a place, if it is one, and just beside it."""
    value = literal(place)
    if value is not None:
        yield value
    middle = rational(_value(place)) if value is None else value
    for n in NEAR:
        yield from ((middle + Fraction(side, n)).limit_denominator(FINEST) for side in sides)


def _terms(f: Expr) -> tuple[Expr, ...]:
    """The terms of a sum, or of a negative one."""
    match f:
        case Sum(terms):
            return terms
        case Negative(Sum(terms)):
            return tuple(neat(Negative(term)) for term in terms)
    return (f,)


def _multiplied(term: Expr, under: Expr, sign: int) -> Expr:
    """A term of a sum times an expression, which it may be divided by, and a sign."""
    match term:
        case Negative(of):
            return Negative(_multiplied(of, under, sign))
        case Quotient(over, below) if below == under:
            return over if sign > 0 else Negative(over)
    return Product((term, under)) if sign > 0 else Negative(Product((term, under)))


class _Piece:
    """One smooth piece on its way to being shown positive."""

    def __init__(self, piece: Piece, variable: str, strict: bool, prover: Prover, chart: Chart) -> None:
        self.lower, self.upper = piece.lower, piece.upper
        self.variable, self.strict, self.prover, self.chart = variable, strict, prover, chart
        self.is_product = False  # whether f was multiplied, so that its zeros at ends are not those of the piece
        self.take(piece.expr)

    def take(self, f: Expr) -> None:
        """Look at f, which has the sign that is asked for."""
        self.f = f
        self.by_value = recorded(Balls(self.prover.definitions), f, self.variable, {})
        self.by_jet = recorded(Jets(self.prover.definitions), f, self.variable, {})
        self.slopes: list[Expr] = [f]

    def settle(self) -> None:
        """Raises NotEvaluable where f >= 0 could not be shown on the open piece."""
        wanted = frozenset({1}) if self.strict else frozenset({0, 1})
        between = strictly_between(self.variable, self.lower, self.upper)
        signs = self.prover.signs(self.f, *between)
        if signs is not None and signs <= wanted:
            return
        try:
            self.by_parts()
        except (OutOfBudget, Fails):
            raise
        except NotEvaluable:
            product = self.without_denominators(between)
            if product is None:
                raise
            self.is_product = True
            self.take(product)
            self.by_parts()

    def by_parts(self) -> None:
        """Both ends, and boxes between them."""
        low, high = self.end(self.lower, -1), self.end(self.upper, 1)
        if low < high:
            self.cover(low, high)

    def without_denominators(self, between: tuple[Condition, ...]) -> Expr | None:
        """f times the denominators of its terms that have one sign on the piece, each made positive."""
        terms = _terms(self.f)
        inner = (term.of if isinstance(term, Negative) else term for term in terms)
        unders = dict.fromkeys(term.under for term in inner if isinstance(term, Quotient) and symbols(term.under))
        factors: list[Expr] = []
        for under in unders:
            signs = self.prover.signs(under, *between)
            if signs in (POSITIVE, NEGATIVE):
                factors.append(under if signs == POSITIVE else Negative(under))
        for factor in factors:
            under = factor.of if isinstance(factor, Negative) else factor
            sign = -1 if isinstance(factor, Negative) else 1
            terms = tuple(_multiplied(term, under, sign) for term in terms)
        return neat(Sum((ZERO, *terms))) if factors else None

    # ---- ends -----------------------------------------------------------------------------------

    def end(self, at: Expr | None, side: int) -> arb:
        """Where the part begins that boxes must cover; beyond it, towards the end, f > 0."""
        if at is None:
            return self.tail(side)
        place = _value(at)
        exact = literal(at)
        try:
            series = coefficients(self.f, self.variable, place, HIGHEST, self.prover.definitions)
        except NotEvaluable:
            return self.singular(exact, side)
        if series[0] > 0:
            return self.first_box(at, place, side)
        if series[0] < 0:
            raise Fails("it is negative at an end", *_beside(at, -side))
        order, sign = self.multiplicity(at, series)
        if sign * (side if order % 2 else 1) * (-1 if order % 2 else 1) < 0:
            raise Fails("it is negative beside an end", *_beside(at, -side))
        self.chart.zeros += [] if self.is_product else [at]
        return self.away(place, order, -side)

    def first_box(self, at: Expr, place: arb, side: int) -> arb:
        """The outer side of an end that is not rational: f > 0 on its ball, too."""
        outer = place.lower() if side < 0 else place.upper()
        return outer.mid()

    def tail(self, side: int) -> arb:
        """f > 0 for side*x >= T."""
        other = self.lower if side > 0 else self.upper
        bound = None if other is None else _value(other)
        origin = Fraction(0) if bound is None or side * bound < 4 else rational(bound)
        for start in STARTS:
            self.prover.check()
            beyond = ball(origin + side * start)
            if bound is not None and not side * beyond > side * bound:
                continue
            try:
                sign = tail_sign(self.f, self.variable, side, start, self.prover.definitions, origin)
            except NotEvaluable:
                continue
            if sign < 0:
                raise Fails("it is negative far out", rational(beyond) + side * start)
            if sign > 0 or not self.strict:
                return beyond
        raise NotEvaluable("the sign of a tail could not be told")

    def singular(self, at: Fraction | None, side: int) -> arb:
        """f > 0 beside an end where it has no Taylor series."""
        if at is None:
            raise NotEvaluable("an end that is not rational, where it is not smooth")
        other = self.upper if side < 0 else self.lower
        bound = None if other is None else _value(other)
        for start in STARTS:
            self.prover.check()
            inner = ball(at - Fraction(side, start))
            if bound is not None and not side * inner > side * bound:
                continue
            try:
                sign = sign_beside(self.f, self.variable, -side, start, self.prover.definitions, at)
            except NotEvaluable:
                continue
            if sign < 0:
                raise Fails("it is negative beside an end", at - Fraction(side, 2 * start))
            if sign > 0 or not self.strict:
                return inner
        raise NotEvaluable("the sign beside an end could not be told")

    # ---- zeros ----------------------------------------------------------------------------------

    def multiplicity(self, at: Expr, series: list[arb]) -> tuple[int, int]:
        """How many derivatives vanish exactly at a place, f itself being the first, and the sign of the next one."""
        for k, value in enumerate(series):
            if value > 0 or value < 0:
                return k, 1 if value > 0 else -1
            self.prover.check()
            if not self.prover.zero(substitute(self.derivative(k), {self.variable: at})):
                raise NotEvaluable("a value could not be told from 0")
        raise NotEvaluable("it touches its bound where it is too flat")

    def derivative(self, k: int) -> Expr:
        while len(self.slopes) <= k:
            self.slopes.append(self.prover.slope(self.slopes[-1], self.variable))
        return self.slopes[k]

    def away(self, place: arb, order: int, way: int) -> arb:
        """A point beside a zero, so far that the derivative of this order keeps its sign on all the way."""
        step = arb(1) / 2
        for _ in range(40):
            self.prover.check()
            box = place.union(place + way * step)
            try:
                last = coefficients(self.f, self.variable, box, order, self.prover.definitions)[order]
            except NotEvaluable:
                last = arb.nan()
            if last > 0 or last < 0:
                beyond = place + way * step
                return (beyond.lower() if way > 0 else beyond.upper()).mid()
            step = step / 2
        raise NotEvaluable("it touches its bound where it is too flat")

    def zero_near(self, low: arb, high: arb) -> tuple[arb, arb]:
        """The ends of an interval around a zero inside, on which f >= 0; raises NotEvaluable where none was found."""
        if len(self.chart.zeros) >= MOST_ZEROS:
            raise NotEvaluable("it touches its bound at too many places")
        for at in self.candidates(self.lowest(low, high)):
            self.prover.check()
            place = Balls(self.prover.definitions)(at, {})
            if (self.lower is not None and not _value(self.lower) < place) or (
                self.upper is not None and not place < _value(self.upper)
            ):
                continue
            try:
                series = coefficients(self.f, self.variable, place, HIGHEST, self.prover.definitions)
                order, sign = self.multiplicity(at, series)
            except OutOfBudget:
                raise
            except NotEvaluable:
                continue
            if order == 0:
                continue
            if order % 2 or sign < 0:
                raise Fails("it is negative beside a zero", *_beside(at, 1, -1))
            if self.strict:
                raise Fails("it is 0 at a point", meeting=at)
            self.chart.zeros.append(at)
            return self.away(place, order, -1), self.away(place, order, 1)
        raise NotEvaluable("the place where it touches its bound has no closed form that was found")

    def candidates(self, box: arb) -> Iterator[Expr]:
        """Closed forms for a place: its own, those of arguments a*x + b of functions, and roots of polynomials."""
        balls = Balls(self.prover.definitions)
        yield from closed_forms(box, self.prover.hints, self.prover.definitions)
        inner = dict.fromkeys(node for node in walk(self.f) if symbols(node) == {self.variable} and node.children())
        for node in inner:
            line = affine(node, self.variable)
            slope, constant = (None, None) if line is None else (literal(line[0]), literal(line[1]))
            if slope and constant is not None:
                value = box * ball(slope) + ball(constant)
                for form in closed_forms(value, self.prover.hints, self.prover.definitions):
                    yield neat(Quotient(Sum((form, Negative(number(constant)))), number(slope)))
            elif line is None and isinstance(node, Sum):
                for root in roots(node, self.variable) or ():
                    if balls(root, {}).overlaps(box):
                        yield root

    def lowest(self, low: arb, high: arb) -> arb:
        """About where f is lowest nearby, in fine arithmetic; nothing rests on it."""
        ends = [None if end is None else _value(end) for end in (self.lower, self.upper)]
        with precision(FINE):
            run = recorded(Balls(self.prover.definitions), self.f, self.variable, {})
            width = 20 * (high - low)
            for _ in range(8):
                a, b = (low - width).mid(), (high + width).mid()
                a = ends[0].mid() if ends[0] is not None and not a > ends[0] else a
                b = ends[1].mid() if ends[1] is not None and not b < ends[1] else b
                place = self.golden(run, a, b)
                if place - a > width / 100 and b - place > width / 100:
                    break
                width = width * 16
            return place + arb(0, "1e-9")

    def golden(self, run: Callable[[arb], arb], a: arb, b: arb) -> arb:
        """Where a function that falls and then rises is lowest (Kiefer 1953)."""
        left, right = (b - GOLDEN * (b - a)).mid(), (a + GOLDEN * (b - a)).mid()
        f_left, f_right = run(left).mid(), run(right).mid()
        for _ in range(150):
            self.prover.check()
            if f_left <= f_right:
                b, right, f_right = right, left, f_left
                left = (b - GOLDEN * (b - a)).mid()
                f_left = run(left).mid()
            else:
                a, left, f_left = left, right, f_right
                right = (a + GOLDEN * (b - a)).mid()
                f_right = run(right).mid()
        return ((a + b) / 2).mid()

    # ---- boxes ----------------------------------------------------------------------------------

    def cover(self, low: arb, high: arb) -> None:
        """f > 0 on [low, high], but for zeros that are dealt with."""
        parts = 16
        cuts = [low, *(((low * (parts - i) + high * i) / parts).mid() for i in range(1, parts)), high]
        waiting = [(a, b) for a, b in reversed(list(pairwise(cuts)))]
        done = low
        while waiting:
            a, b = waiting.pop()
            if not b > done:
                continue
            a = a if a >= done else done
            self.chart.boxes += 1
            if self.chart.boxes % 8 == 0:
                self.prover.check()
            if self.chart.boxes > MOST_BOXES:
                raise OutOfBudget("the budget for boxes ran out")
            if self.positive(a, b):
                continue
            if b - a < NARROW * (1 + abs(a)):
                before, after = self.zero_near(a, b)
                if not before <= a:
                    waiting.append((a, before))
                done = after
                if b > after:
                    waiting.append((after, b))
                continue
            middle = ((a + b) / 2).mid()
            waiting += [(middle, b), (a, middle)]

    def positive(self, a: arb, b: arb) -> bool:
        """Whether f > 0 on the box, by its value, the mean value form, or Taylor's theorem."""
        box, middle = a.union(b), ((a + b) / 2).mid()
        try:
            jet = self.by_jet(Jet(box, ONE))
            if jet.value > 0:
                return True
            here = self.by_value(middle)
        except NotEvaluable:
            return False
        if here < 0:
            raise Fails(f"it is negative near {float(middle):.6g}", rational(middle))
        if not jet.value.is_finite() or not jet.slope.is_finite():
            return False
        gap = box - middle
        if here + jet.slope * gap > 0:
            return True
        if jet.slope > 0 or jet.slope < 0:
            return bool(self.by_value(a if jet.slope > 0 else b) > 0)
        if not jet.bend.is_finite():
            return False
        at = self.by_jet(Jet(middle, ONE))
        square = arb(0).union((gap * gap).upper())
        if at.value + at.slope * gap + jet.bend * square / 2 > 0:
            return True
        if jet.bend < 0:
            return bool(self.by_value(a) > 0 and self.by_value(b) > 0)
        # where f'' >= B > 0, f is at least f(m) - f'(m)^2/(2B)
        return bool(jet.bend > 0 and at.value - at.slope * at.slope / (2 * jet.bend.lower()) > 0)

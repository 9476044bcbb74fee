"""Increasing, convex, Lipschitz: from the sign or size of a slope on each piece, and from what happens at the joints.

f rises where its slope is at least 0 on pieces that cover the span and no joint steps down; it is convex where it is
continuous, bends upwards on each piece and its slope does not fall at a joint; |f(a) - f(b)| <= L|a - b| where f is
continuous and |f'| <= L on each piece. Every x of the span needs a value. A refutation is two points of the span.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, combinations, pairwise

from flint import arb

from dlteach.course.ledger import Outcome
from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import ball, precision
from dlteach.notation.names import BUILTINS
from dlteach.notation.show import show
from dlteach.notation.tree import (
    ZERO,
    Call,
    Constant,
    Expr,
    Negative,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    literal,
    symbols,
)
from dlteach.reasoning.algebra.facts import FACTS
from dlteach.reasoning.algebra.pieces import Piece, affine
from dlteach.reasoning.deciding.constants import apart
from dlteach.reasoning.deciding.curves import BITS, Curve, Point, Row, pairs
from dlteach.reasoning.deciding.existence import counted
from dlteach.reasoning.deciding.verdicts import Verdict, weakest

FAILS = {
    "increasing": "f({a}) > f({b}) though {a} < {b}",
    "decreasing": "f({a}) < f({b}) though {a} < {b}",
    "convex": "f(({a} + {b})/2) lies above the chord",
    "concave": "f(({a} + {b})/2) lies below the chord",
    "lipschitz": "|f({a}) - f({b})| > L*|{a} - {b}|",
}
HOW = {"convex": "sign of the bend", "concave": "sign of the bend", "lipschitz": "a bound of the slope"}
SIMPLE = 16  # points of which all pairs are looked at, where each pair costs a value
DEEPEST = 12  # definitions inside definitions
SAYS = {
    "increasing": "the slope is at least 0",
    "decreasing": "the slope is at most 0",
    "convex": "the bend is at least 0",
    "concave": "the bend is at most 0",
    "lipschitz": "the slope is no steeper than that",
}
MIRRORED = ("decreasing", "concave")
Fault = tuple[arb, arb]  # the two values that show it


class Shape:
    """One of the properties on trial; `f` is the function, or -f for those that are mirrored."""

    def __init__(self, kind: str, curve: Curve, constant: Expr = ZERO) -> None:
        self.kind, self.curve, self.constant = kind, curve, constant
        self.existence = curve.existence
        self.f = Negative(curve.f) if kind in MIRRORED else curve.f
        self.order = 2 if kind in ("convex", "concave") else 1

    def verdict(self) -> Verdict:
        """No value somewhere, two points that refute, a proof, or the reason why there is none."""
        if "x" in symbols(self.constant):
            raise NotEvaluable("the constant of a Lipschitz bound does not depend on x")
        if self.order == 2:
            self.curve.connected()
        real = self.curve.real()
        if real.outcome is Outcome.REFUTED:
            return real
        if (found := self.sampled()) is not None:
            return found
        if self.order == 2 and self.by_rules(self.f):
            return Verdict(Outcome.PROVED, "rules of convexity", "it is a sum or maximum of convex functions")
        if self.kind in ("increasing", "decreasing") and real.holds and direction(self.f, self.curve.definitions) == 1:
            return Verdict(Outcome.PROVED, "rules of monotony", "it is made of functions that rise or fall")
        return self.by_pieces(self.f)

    # ---- refutation ---------------------------------------------------------------------------

    def fault(self, a: Fraction, b: Fraction, others: Point) -> Fault | None:
        """What two points show, if they show anything."""
        one, two = self.curve.value(self.f, a, others), self.curve.value(self.f, b, others)
        if one is None or two is None:
            return None
        return self.between((a, one), (b, two), others, self.curve.value(self.constant, a, others))

    def between(self, one: Row, two: Row, others: Point, most: arb | None) -> Fault | None:
        """What two points with their values show; `most` is the constant of a Lipschitz bound."""
        (a, fa), (b, fb) = one, two
        with precision(BITS):
            if self.kind == "lipschitz":
                gap, bound = abs(fa - fb), None if most is None else most * ball(b - a)
                return (gap, bound) if bound is not None and gap > bound else None
            if self.order == 1:
                return (fa, fb) if fa > fb else None
            middle, chord = self.curve.value(self.f, (a + b) / 2, others), (fa + fb) / 2
            return (middle, chord) if middle is not None and middle > chord else None

    def sampled(self) -> Verdict | None:
        """Two of some points of the span that refute."""
        for others, rows in self.curve.samples(Sum((self.f, self.constant)) if self.constant != ZERO else self.f):
            own = [(x, value) for x, _ in rows if (value := self.curve.value(self.f, x, others)) is not None]
            most = self.curve.value(self.constant, Fraction(0), others)
            for one, two in self.candidates(own):
                if (found := self.between(one, two, others, most)) is not None:
                    return self.shown(one[0], two[0], others, found)
        return None

    def candidates(self, rows: list[Row]) -> Iterator[tuple[Row, Row]]:
        """Pairs of points: all of them where comparing is all that it takes, else simple ones and neighbours."""
        if self.order == 1:
            return pairs(rows)
        simple = sorted(rows, key=lambda row: (row[0].denominator, abs(row[0])))[:SIMPLE]
        return chain(pairs(simple), pairwise(rows), zip(rows, rows[2:], strict=False))

    def shown(self, a: Fraction, b: Fraction, others: Point, fault: Fault) -> Verdict:
        """The refutation; values are those of the function as stated."""
        flip = -1 if self.kind in MIRRORED else 1
        with precision(BITS):
            values = apart(flip * fault[0], flip * fault[1])
        return self.curve.refuted(others, a, b, values, FAILS[self.kind])

    def close_by(self, verdict: Verdict, place: Expr | None = None) -> Verdict | None:
        """Two points beside a place where a slope is wrong, or where f jumps."""
        found = self.curve.near(verdict, place)
        if found is None:
            return None
        x, others = found
        for found_there in self.curve.around(x):
            for a, b in combinations(found_there, 2):
                if (fault := self.fault(a, b, others)) is not None:
                    return self.shown(a, b, others, fault)
        return None

    # ---- proof --------------------------------------------------------------------------------

    def by_pieces(self, f: Expr) -> Verdict:
        """What the slope says on each piece, and the joints between them."""
        found = self.curve.smooth_pieces(f, self.order)
        slopes = [self.curve.derivatives(piece.expr, self.order) for piece in found]
        words = f"{SAYS[self.kind]} on {counted(found)}, and at each joint the sides fit"
        how = HOW.get(self.kind, "sign of the slope")
        parts = [Verdict(Outcome.PROVED, how, words), *self.has_values(f, found)]
        for piece, slope in zip(found, slopes, strict=True):
            parts.append(self.curve.real_on(piece, slope[-1]))
            parts.append(self.explained(self.curve.on(piece, self.wanted(slope[-1])), None))
        for place, verdict in self.at_joints(found, slopes):
            parts.append(self.explained(verdict, place))
        worst = weakest(parts)
        if worst.holds:
            return Verdict(worst.outcome, how, words)
        return worst

    def wanted(self, slope: Expr) -> Relation:
        """What a slope, or a bend, must be on a piece."""
        if self.kind == "lipschitz":
            return Relation((Negative(self.constant), slope, self.constant), ("<=", "<="))
        return Relation((slope, ZERO), (">=",))

    def explained(self, verdict: Verdict, place: Expr | None) -> Verdict:
        """A part that fails refutes the whole; two points say so best, where they are found."""
        if verdict.holds:
            return verdict
        if verdict.outcome is not Outcome.REFUTED:
            sampled = verdict.outcome is Outcome.SAMPLED
            return Verdict(Outcome.SAMPLED if sampled else Outcome.UNDECIDED, "pieces and joints", verdict.evidence)
        if (found := self.close_by(verdict, place)) is not None:
            return found
        witness = dict(verdict.witness) if place is None else {"x": show(place), **verdict.witness}
        where = ", ".join(f"{name} = {value}" for name, value in witness.items())
        values = " against ".join(verdict.values)
        what = (
            "the slope, or the bend, has the wrong sign or size" if place is None else "the sides do not fit together"
        )
        return Verdict(Outcome.REFUTED, "pieces and joints", f"at {where} {what}: {values}", witness, verdict.values)

    def has_values(self, f: Expr, found: list[Piece]) -> Iterator[Verdict]:
        """Whether f has a value where two pieces meet, and at the ends that belong to the span."""
        span = self.curve.span
        places = [piece.upper for piece in found[:-1]]
        places += [None if span.open_below else span.lower, None if span.open_above else span.upper]
        for place in places:
            if place is not None:
                yield self.existence.has_value(f, "x", place)

    def at_joints(self, found: list[Piece], slopes: list[list[Expr]]) -> Iterator[tuple[Expr, Verdict]]:
        """What must hold where two pieces meet, and at the ends that belong to the span."""
        span, rising = self.curve.span, self.kind in ("increasing", "decreasing")
        sign = {"-": "<=" if rising else "=", "+": ">=" if rising else "="}
        for (left, low), (right, high) in pairwise(zip(found, slopes, strict=True)):
            place = left.upper
            assert place is not None
            yield place, self.compared(left, place, "-", sign["-"])
            yield place, self.compared(right, place, "+", sign["+"])
            if self.order == 2:
                ends = (
                    self.existence.towards(low[1], "x", place, "-"),
                    self.existence.towards(high[1], "x", place, "+"),
                )
                yield place, self.existence.ask(Relation(ends, ("<=",)))
        bends = self.order == 2
        if span.lower is not None and not span.open_below:
            yield span.lower, self.compared(found[0], span.lower, "+", "<=" if bends else sign["+"])
        if span.upper is not None and not span.open_above:
            yield span.upper, self.compared(found[-1], span.upper, "-", "<=" if bends else sign["-"])

    def compared(self, piece: Piece, place: Expr, side: str, sign: str) -> Verdict:
        """The one-sided limit of a piece at a place, compared with the value there."""
        limit = self.existence.towards(piece.expr, "x", place, side)
        return self.existence.compared(Relation((limit, self.existence.at(self.f, "x", place)), (sign,)))

    # ---- convexity by rules -------------------------------------------------------------------

    def by_rules(self, f: Expr) -> bool:
        """Whether f is a maximum or a sum of convex functions, with such a maximum in it somewhere."""
        match f:
            case Call("max", args, 0):
                return all(map(self.convex_part, args))
            case Negative(Call("min", args, 0)):
                return all(self.convex_part(Negative(arg)) for arg in args)
            case Sum(terms):
                return any(self.by_rules(term) for term in terms) and all(map(self.convex_part, terms))
        return False

    def convex_part(self, part: Expr) -> bool:
        """Whether a part is convex by itself."""
        if affine(part, "x") is not None and self.curve.real(part).holds:
            return True
        if self.by_rules(part):
            return True
        try:
            return self.by_pieces_of(part)
        except NotEvaluable:
            return False

    def by_pieces_of(self, part: Expr) -> bool:
        inner = Shape("convex", self.curve)
        inner.f = part
        return inner.by_pieces(part).holds


def direction(expr: Expr, definitions: Definitions, depth: int = 0) -> int:
    """1 for an expression that rises in x wherever it has a value, -1 for one that falls, by its form; 0: not known."""
    match expr:
        case Symbol("x"):
            return 1
        case Negative(of):
            return -direction(of, definitions, depth)
        case Sum(terms):
            found = {direction(term, definitions, depth) for term in terms if "x" in symbols(term)}
            return found.pop() if len(found) == 1 else 0
        case Product(factors) if sum("x" in symbols(factor) for factor in factors) == 1:
            sign = 1
            for factor in factors:
                value = literal(factor)
                if "x" in symbols(factor):
                    sign *= direction(factor, definitions, depth)
                else:
                    sign *= 0 if value is None else (value > 0) - (value < 0)
            return sign
        case Quotient(over, under) if value := literal(under):
            return direction(over, definitions, depth) * (1 if value > 0 else -1)
        case Power(base, exponent) if (n := literal(exponent)) is not None and n > 0 and n % 2 == 1:
            return direction(base, definitions, depth)
        case Power(base, exponent) if base == Constant("e") or (literal(base) or 0) > 1:
            return direction(exponent, definitions, depth)
        case Call("max" | "min", args, 0):
            found = {direction(arg, definitions, depth) for arg in args if "x" in symbols(arg)}
            return found.pop() if len(found) == 1 else 0
        case Call(name, (u,), 0) if name in BUILTINS:
            return FACTS[name].direction * direction(u, definitions, depth) if FACTS[name].on_an_interval else 0
        case Call(name, args, 0) if name in definitions and depth < DEEPEST:
            return direction(definitions[name].applied(args), definitions, depth + 1)
    return 0

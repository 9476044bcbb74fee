"""Does an expression have a value everywhere, is it continuous, has it a mean? Each by discharging obligations.

`ask` judges a statement about a part. Shown means that every obligation of `domains` was shown under the conditions;
refuted, that there is a point without a value, or one at which a one-sided limit is not the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from dlteach.course.ledger import Outcome
from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Balls, NotReal, ball, precision
from dlteach.notation.reader import read
from dlteach.notation.show import show
from dlteach.notation.tree import (
    ZERO,
    Call,
    Condition,
    Constant,
    Expr,
    Limit,
    Moment,
    Negative,
    Power,
    Quotient,
    Relation,
    Sum,
    Symbol,
    links,
    literal,
    number,
    rebuilt,
    substitute,
    symbols,
)
from dlteach.reasoning.algebra.domains import (
    BOUNDED,
    CONTINUOUS,
    REAL,
    Obligation,
    obligations,
)
from dlteach.reasoning.algebra.growth import growth
from dlteach.reasoning.algebra.moments import noise_in
from dlteach.reasoning.algebra.pieces import NOWHERE, Piece, Span, inlined, pieces, strictly_between
from dlteach.reasoning.algebra.relations import plainly
from dlteach.reasoning.algebra.roots import roots
from dlteach.reasoning.algebra.sample_points import points
from dlteach.reasoning.deciding.constants import BITS, Ask, Constants
from dlteach.reasoning.deciding.verdicts import Verdict, decimal, weakest
from dlteach.reasoning.enclosing.evaluate import Evaluator

LONG = 60  # characters of a part that is shown
HALF = number(Fraction(1, 2))


def defined(expr: Expr, conditions: tuple[Condition, ...], ask: Ask, definitions: Definitions) -> Verdict:
    """Whether every part of an expression has a value wherever the conditions hold."""
    return Existence(conditions, ask, definitions).discharged(
        obligations(expr, REAL, definitions, conditions=conditions)
    )


def continuous_on(
    expr: Expr,
    variable: str,
    lower: Expr | None,
    upper: Expr | None,
    conditions: tuple[Condition, ...],
    ask: Ask,
    definitions: Definitions,
) -> Verdict:
    """Whether an expression is continuous in one variable on a closed interval; None is an infinite end.

    `conditions` are those on the other symbols.
    """
    return Existence(conditions, ask, definitions).continuous(expr, variable, Span(lower, upper))


def integrable(
    expr: Expr, noise: Iterable[str], conditions: tuple[Condition, ...], ask: Ask, definitions: Definitions
) -> Verdict:
    """Whether E|expr| is finite for independent N(0, 1) variables, for every choice of the other symbols.

    It is where `expr` is locally bounded and grows no faster than e^(b*z^2) with b < 1/2, times a polynomial and e^|z|.
    """
    return Existence(conditions, ask, definitions).integrable(expr, frozenset(noise))


def within(variable: str, span: Span) -> tuple[Relation, ...]:
    """That a variable lies in a span."""
    ends = ((span.lower, ">" if span.open_below else ">="), (span.upper, "<" if span.open_above else "<="))
    return tuple(Relation((Symbol(variable), end), (sign,)) for end, sign in ends if end is not None)


class Existence(Constants):
    """The questions under some conditions on the parameters."""

    # ---- obligations --------------------------------------------------------------------------

    def discharged(self, owed: Iterable[Obligation], *more: Condition) -> Verdict:
        """Whether all obligations are met; refuted only at a point where there is no value."""
        return self.summary(list(self.left_open(owed, *more)))

    def summary(self, open_ones: Sequence[tuple[Obligation, Verdict]]) -> Verdict:
        """The verdict where these obligations are not met."""
        for obligation, verdict in open_ones:
            if obligation.necessary and verdict.outcome is Outcome.REFUTED:
                return no_value(obligation, verdict)
        for obligation, verdict in open_ones:
            words = f"it could not be shown that `{show(obligation.part)}` has a value, or behaves, everywhere"
            outcome = Outcome.SAMPLED if verdict.outcome is Outcome.SAMPLED else Outcome.UNDECIDED
            return Verdict(outcome, "obligations", words)
        return MET

    def left_open(self, owed: Iterable[Obligation], *more: Condition) -> Iterator[tuple[Obligation, Verdict]]:
        """The obligations that are not met, and why."""
        for obligation in owed:
            verdict = self.one(obligation, more)
            if not verdict.holds:
                yield obligation, verdict

    def one(self, obligation: Obligation, more: tuple[Condition, ...]) -> Verdict:
        """The verdict on one obligation; nothing can be owed where its conditions exclude each other."""
        if obligation.relation is None:
            return self.evident(obligation, (*more, *obligation.given))
        relation, given = obligation.relation, (*more, *obligation.given)
        if relation in given:
            return MET
        if not symbols(relation) and not any(map(symbols, given)):
            return self.at_a_point(relation, given)
        verdict = self.ask(relation, *given)
        return MET if verdict.outcome is Outcome.INVALID else verdict

    def at_a_point(self, relation: Relation, given: tuple[Condition, ...]) -> Verdict:
        """The verdict on a relation between constants, where others hold."""
        told = [self.told(condition) for condition in given if isinstance(condition, Relation)]
        holds = self.told(relation)
        if holds or False in told:
            return MET
        if holds is None or None in told or len(told) < len(given):
            return UNKNOWN
        return Verdict(Outcome.REFUTED, "no value", "it does not hold")

    def evident(self, obligation: Obligation, more: tuple[Condition, ...]) -> Verdict:
        """Whether a part that no row knows has a value all the same: it is a constant, or a mean that is finite."""
        part = obligation.part
        if isinstance(part, Moment) and obligation.need == REAL:
            of = part.of if part.kind == "E" else Power(part.of, number(2))
            inner = Existence((*self.conditions, *more), self._ask, self.definitions)
            return inner.integrable(of, frozenset(noise_in(part.of)))
        if not symbols(part):
            try:
                if Evaluator(self.definitions)(part, {}).is_finite():
                    return MET
            except NotEvaluable:
                pass
        return UNKNOWN

    def integrable(self, expr: Expr, noise: frozenset[str]) -> Verdict:
        """Whether E|expr| is finite, by growth and local bounds."""
        squares = growth(expr, noise, self.definitions)
        if squares is None:
            return Verdict(Outcome.UNDECIDED, "growth", "how fast it grows is not known")
        parts = [self.discharged(obligations(expr, BOUNDED, self.definitions, noise, self.conditions))]
        parts += [self.ask(below) for square in squares if not plainly(below := Relation((square, HALF), ("<",)))]
        worst = weakest([Verdict(Outcome.PROVED, "growth", "it is locally bounded and does not grow too fast"), *parts])
        return worst if worst.holds else Verdict(Outcome.UNDECIDED, "growth", worst.evidence)

    # ---- continuity ---------------------------------------------------------------------------

    def continuous(self, expr: Expr, variable: str, span: Span, also: tuple[Condition, ...] = ()) -> Verdict:
        """Continuity on a span, one-sided at the ends that belong to it; `also` leaves out some of its points."""
        inside: tuple[Condition, ...] = (*within(variable, span), *also)
        owed = list(obligations(expr, CONTINUOUS, self.definitions, variable, (*self.conditions, *inside)))
        open_ones = list(self.left_open(owed, *inside))
        if not open_ones:
            return Verdict(Outcome.PROVED, "obligations", "it is made of continuous functions")
        if (missing := self.missing(expr, variable, inside, open_ones)) is not None:
            return missing
        if also:
            return self.summary(open_ones)
        found, verdict = self.cells(expr, variable, span, CONTINUOUS)
        parts = [verdict, *self.at_joints(expr, found, variable, span)]
        return weakest([Verdict(Outcome.PROVED, "pieces and joints", f"on {counted(found)} and at each joint"), *parts])

    def at_joints(self, expr: Expr, found: list[Piece], variable: str, span: Span) -> Iterator[Verdict]:
        """At each joint and each end that belongs to the span: the value is there, and each limit is the value."""
        places: list[tuple[Expr, Piece | None, Piece | None]] = [
            (left.upper, left, right) for left, right in pairwise(found) if left.upper is not None
        ]
        if span.lower is not None and not span.open_below:
            places.append((span.lower, None, found[0]))
        if span.upper is not None and not span.open_above:
            places.append((span.upper, found[-1], None))
        for place, left, right in places:
            yield self.has_value(expr, variable, place)
            here = self.at(expr, variable, place)
            for piece, side in ((left, "-"), (right, "+")):
                if piece is not None:
                    yield self.same(self.towards(piece.expr, variable, place, side), here, variable, place, side)

    def real(self, expr: Expr, variable: str, inside: tuple[Condition, ...]) -> Verdict:
        """Whether an expression has a value wherever `inside` holds of the variable."""
        owed = obligations(expr, REAL, self.definitions, variable, (*self.conditions, *inside))
        open_ones = list(self.left_open(owed, *inside))
        return self.missing(expr, variable, inside, open_ones) or self.summary(open_ones)

    def missing(
        self, expr: Expr, variable: str, inside: tuple[Condition, ...], open_ones: Sequence[tuple[Obligation, Verdict]]
    ) -> Verdict | None:
        """A point without a value, where obligations are not met."""
        verdict = self.summary(open_ones)
        if verdict.outcome is Outcome.REFUTED:
            return verdict
        for place in critical(open_ones, variable):
            if all(isinstance(c, Relation) and self.told(substitute(c, {variable: place})) for c in inside):
                verdict = self.has_value(expr, variable, place)
                if verdict.outcome is Outcome.REFUTED:
                    return verdict
        return self.not_real(expr, inside) or self.root(variable, inside, open_ones)

    def not_real(self, expr: Expr, inside: tuple[Condition, ...]) -> Verdict | None:
        """A point at which balls show that there is no value."""
        conditions = (*self.conditions, *inside)
        back = Balls(self.definitions)
        for point in points([expr], symbols(expr), conditions, self.definitions, LOOKED_AT):
            with precision(BITS):
                try:
                    back(expr, {name: ball(value) for name, value in point.items()})
                except NotReal as reason:
                    witness = {name: show(number(value)) for name, value in point.items()}
                    where = ", ".join(f"{name} = {value}" for name, value in witness.items())
                    return Verdict(
                        Outcome.REFUTED, "no value", f"at {where} it has no value: {reason}", witness, ABSENT
                    )
                except (NotEvaluable, OverflowError):
                    continue
        return None

    def root(
        self, variable: str, inside: tuple[Condition, ...], open_ones: Sequence[tuple[Obligation, Verdict]]
    ) -> Verdict | None:
        """A divisor that changes its sign without a jump, and so is 0 somewhere; `inside` must be an interval."""
        for c in inside:
            if not (isinstance(c, Relation) and set(c.signs) <= ORDERED and Symbol(variable) in c.sides):
                return None
            if symbols(c) != {variable}:
                return None
        for obligation, _ in open_ones:
            relation = obligation.relation
            if relation is None or not obligation.necessary or obligation.given or relation.signs != ("!=",):
                continue
            divisor = Sum((relation.sides[0], Negative(relation.sides[1])))
            if symbols(divisor) != {variable} or (found := self.change_of_sign(divisor, variable, inside)) is None:
                continue
            low, high = found
            between = Span(number(low), number(high))
            if self.continuous(divisor, variable, between).holds:
                near = decimal(ball((low + high) / 2), 8)
                words = f"near {variable} = {near} `{show(obligation.part)}` has no value: it divides by 0"
                return Verdict(Outcome.REFUTED, "no value", words, {}, ABSENT)
        return None

    def change_of_sign(
        self, expr: Expr, variable: str, inside: tuple[Condition, ...]
    ) -> tuple[Fraction, Fraction] | None:
        """Two close points of the span at which an expression has opposite signs."""
        values: list[tuple[Fraction, int]] = []
        for point in points([expr], [variable], inside, self.definitions, LOOKED_AT):
            values.append((point[variable], self.sign(expr, variable, point[variable])))
        for (low, one), (high, two) in pairwise(sorted((x, sign) for x, sign in values if sign)):
            if one != two:
                for _ in range(BISECTIONS):
                    middle = (low + high) / 2
                    sign = self.sign(expr, variable, middle)
                    low, high = (middle, high) if sign == one else (low, middle) if sign == two else (low, high)
                return low, high
        return None

    def sign(self, expr: Expr, variable: str, x: Fraction) -> int:
        """The sign of an expression at a point; 0 where it is not sure."""
        value = self.value(substitute(expr, {variable: number(x)}))
        return 0 if value is None else 1 if value > 0 else -1 if value < 0 else 0

    def has_value(self, expr: Expr, variable: str, place: Expr) -> Verdict:
        """Whether an expression has a value at a place."""
        owed = obligations(substitute(expr, {variable: place}), REAL, self.definitions, conditions=self.conditions)
        found = self.discharged(owed)
        if found.outcome is not Outcome.REFUTED:
            return found
        words = f"at {variable} = {show(place)} it has no value"
        return Verdict(Outcome.REFUTED, "no value", words, {variable: show(place), **found.witness}, found.values)

    def at(self, expr: Expr, variable: str, place: Expr) -> Expr:
        """The expression at a place, with the branches that count there."""
        return self.settled(substitute(expr, {variable: place}))

    def same(self, limit: Expr, here: Expr, variable: str, place: Expr, side: str) -> Verdict:
        """Whether a one-sided limit is the value."""
        verdict = self.compared(Relation((limit, here), ("=",)))
        if verdict.outcome is not Outcome.REFUTED:
            return MET if verdict.holds else UNKNOWN if verdict.outcome is Outcome.INVALID else verdict
        values = verdict.values or ("", "")
        way = "left" if side == "-" else "right"
        words = f"at {variable} = {show(place)} it is {values[-1]}, but {values[0]} from the {way}"
        return Verdict(Outcome.REFUTED, "a joint", words, {variable: show(place), **verdict.witness}, values)

    def towards(self, expr: Expr, variable: str, place: Expr, side: str) -> Expr:
        """The one-sided limit at a place: the value, where the expression is continuous there.

        On that side it must have a value.
        """
        if any(True for _ in self.open_at(expr, variable, place, CONTINUOUS)):
            return Limit(expr, Symbol(variable), place, side)
        return self.at(expr, variable, place)

    def open_at(self, expr: Expr, variable: str, place: Expr, need: int) -> Iterator[tuple[Obligation, Verdict]]:
        """The obligations that are not met at a place."""
        at = {variable: place}
        yield from self.left_open(
            Obligation(
                None if owed.relation is None else substitute(owed.relation, at),
                tuple(substitute(condition, at) for condition in owed.given),
                owed.part,
                owed.necessary,
                owed.need,
            )
            for owed in obligations(expr, need, self.definitions, variable, self.conditions)
        )

    # ---- pieces -------------------------------------------------------------------------------

    def cells(self, expr: Expr, variable: str, span: Span, need: int) -> tuple[list[Piece], Verdict]:
        """Open pieces that cover a span but for the joints between them, and whether the need is met on each."""
        whole = inlined(expr, self.definitions)
        try:
            waiting, _ = pieces(whole, variable, span, {}, self.definitions)
        except NotEvaluable:
            waiting = [Piece(whole, span.lower, span.upper)]
        found: list[Piece] = []
        parts = [MET]
        for piece in waiting:
            open_ones = list(self.open_in(piece, variable, need))
            cells = [piece]
            for place in critical(open_ones, variable):
                cells = [cell for part in cells for cell in self.cut(part, place)]
            if len(cells) > 1:
                open_ones = [row for cell in cells for row in self.open_in(cell, variable, need)]
            if need >= CONTINUOUS and not open_ones:
                cells = [Piece(without_zero_powers(cell.expr), cell.lower, cell.upper) for cell in cells]
            found += cells
            parts.append(self.summary(open_ones))
        return found, weakest(parts)

    def open_in(self, piece: Piece, variable: str, need: int) -> Iterator[tuple[Obligation, Verdict]]:
        """The obligations that are not met between the ends of a piece."""
        between = strictly_between(variable, piece.lower, piece.upper)
        taken = (*self.conditions, *between)
        yield from self.left_open(obligations(piece.expr, need, self.definitions, variable, taken), *between)

    def cut(self, piece: Piece, place: Expr) -> list[Piece]:
        """A piece as two, where a place lies inside it."""
        if not (self.before(piece.lower, place) and self.before(place, piece.upper)):
            return [piece]
        return [Piece(piece.expr, piece.lower, place), Piece(piece.expr, place, piece.upper)]


QUARTER = Quotient(Constant("pi"), number(2))
FIRST_ROOTS = {"sin": (ZERO, Constant("pi"), Negative(Constant("pi"))), "cos": (QUARTER, Negative(QUARTER))}
ORDERED = {"<", "<=", ">", ">="}
LOOKED_AT, BISECTIONS = 40, 24
ABSENT = ("no value", "a value")
MET = Verdict(Outcome.PROVED, "obligations", "every part has a value, and behaves")
UNKNOWN = Verdict(Outcome.UNDECIDED, "beyond this version", "nothing is known of a part of it")


def no_value(obligation: Obligation, verdict: Verdict) -> Verdict:
    """That there is a point at which a part has no value."""
    where = ", ".join(f"{name} = {value}" for name, value in verdict.witness.items())
    part = "" if obligation.part == NOWHERE else show(obligation.part)
    words = f"{f'at {where} ' if where else ''}{f'`{part}`' if 0 < len(part) < LONG else 'it'} has no value"
    return Verdict(Outcome.REFUTED, "no value", words, verdict.witness, verdict.values)


def without_zero_powers(expr: Expr) -> Expr:
    """With 0 for 0^v: where that is continuous, v > 0."""
    expr = rebuilt(expr, without_zero_powers)
    powerful = isinstance(expr, Power) and literal(expr.base) == 0 and literal(expr.exponent) is None
    return ZERO if powerful else expr


def critical(open_ones: Iterable[tuple[Obligation, Verdict]], variable: str) -> list[Expr]:
    """Places at which obligations may fail: where the two sides of their relations meet, and known counterexamples."""
    found: dict[Expr, None] = {}
    for obligation, verdict in open_ones:
        if obligation.relation is None:
            continue
        for left, _, right in links([obligation.relation, *obligation.given]):
            gaps = [Sum((left, Negative(right)))]
            if isinstance(left, Call) and left.name in FIRST_ROOTS:  # there are more, but one is enough to refute
                gaps = [Sum((left.args[0], Negative(root))) for root in FIRST_ROOTS[left.name]]
            for gap in gaps:
                for root in roots(gap, variable) or ():
                    found.setdefault(root)
        if verdict.outcome is Outcome.REFUTED and variable in verdict.witness:
            found.setdefault(read(verdict.witness[variable]))
    return list(found)


def counted(found: list[Piece]) -> str:
    """`1 piece`, `2 pieces`."""
    return f"{len(found)} piece" + ("s" if len(found) != 1 else "")

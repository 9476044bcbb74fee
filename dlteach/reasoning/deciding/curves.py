"""A function of x on a span: pieces on which it has derivatives, its values, and points that refute.

f is the function, a and b are two points of the span. A derivative of a piece stands for itself only where the piece
is known to have it, so `smooth_pieces` shows that first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from flint import arb

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import Balls, ball, precision, truth
from dlteach.notation.reader import read
from dlteach.notation.show import show
from dlteach.notation.tree import (
    INFINITY,
    ZERO,
    Call,
    Condition,
    Expr,
    IsInteger,
    Negative,
    Piecewise,
    Relation,
    Statement,
    Symbol,
    links,
    literal,
    number,
    rebuilt,
    substitute,
    symbols,
)
from dlteach.reasoning.algebra.domains import REAL, obligations
from dlteach.reasoning.algebra.pieces import Piece, Span, inlined, inside, rational, span_in, strictly_between
from dlteach.reasoning.algebra.relations import NEGATED
from dlteach.reasoning.algebra.sample_points import points
from dlteach.reasoning.deciding.constants import Ask
from dlteach.reasoning.deciding.existence import Existence, within
from dlteach.reasoning.deciding.verdicts import Verdict
from dlteach.reasoning.deriving.derive import derive
from dlteach.reasoning.worker.process import clock

X = Symbol("x")
BITS = 128
SAMPLES = 48
FAR = tuple(Fraction(10) ** n for n in range(-6, 7))  # distances from an end of the span, and from a joint
HALVINGS = 40
FAR_OUT = arb("1e100")  # places beyond are not shown as points
LETTERS = (("a", "b"), ("p", "q"), ("s", "t"), ("u", "v"), ("x_1", "x_2"))
Row = tuple[Fraction, arb]
Point = Mapping[str, Fraction]


class Curve:
    """f on the span that the conditions give x; `rest` are the conditions on its parameters."""

    def __init__(
        self, f: Expr, conditions: tuple[Condition, ...], functions: Functions, ask: Ask, deadline: float
    ) -> None:
        self.functions, self.definitions, self.deadline = functions, functions.definitions, deadline
        self.f = inlined(f, self.definitions)
        self.conditions = conditions
        self.span, others = span_in(conditions, "x")
        self.rest = tuple(condition for condition in others if "x" not in symbols(condition))
        self.also = (*(c for c in others if "x" in symbols(c)), *dropped(conditions, self.span))  # beyond the span
        tied = frozenset[str]().union(*(symbols(c) for c in conditions if "x" in symbols(c)))
        self.parameters = (symbols(self.f) | tied) - {"x"}
        self.judge = ask
        self.bare = Existence(self.rest, self.ask_in_time, self.definitions)
        self.tied = bool(symbols(self.span.lower or X) | symbols(self.span.upper or X)) and X not in (
            self.span.lower or X,
            self.span.upper or X,
        )
        self.existence = self.bare
        if self.tied:  # for other parameters there is no interval, or only a point
            assert self.span.lower is not None and self.span.upper is not None
            there = Relation((self.span.lower, self.span.upper), ("<",))
            self.existence = Existence((*self.rest, there), self.ask_in_time, self.definitions)
        self.inside: tuple[Condition, ...] = (*within("x", self.span), *self.also)
        self.balls = Balls(self.definitions)

    def ask_in_time(self, statement: Statement) -> Verdict:
        """The verdict on a statement; raises NotEvaluable where the time is up."""
        if clock() > self.deadline:
            raise NotEvaluable("the time ran out")
        return self.judge(statement)

    @property
    def point(self) -> Expr | None:
        """The only point of the span, where it is one."""
        span = self.span
        return span.lower if span.lower == span.upper and not (span.open_below or span.open_above) else None

    # ---- pieces and slopes --------------------------------------------------------------------

    def real(self, f: Expr | None = None) -> Verdict:
        """Whether f has a value everywhere on the span."""
        return self.bare.real(f or self.f, "x", self.inside)

    def smooth_pieces(self, f: Expr, order: int) -> list[Piece]:
        """Pieces that cover the span but for the joints, with f in C^order on each; raises NotEvaluable."""
        self.connected()
        found, verdict = self.existence.cells(f, "x", self.span, order)
        if not verdict.holds:
            raise NotEvaluable(verdict.evidence)
        return [self.resolved(piece) for piece in found]

    def connected(self) -> None:
        """Raises NotEvaluable where the points in question may be no interval."""
        if self.also:
            raise NotEvaluable("the points of its `for` are no interval")

    def resolved(self, piece: Piece) -> Piece:
        """Without branches that are not taken on a piece, none of whose branches ends inside it."""
        return Piece(self.taken(piece.expr, piece), piece.lower, piece.upper)

    def taken(self, expr: Expr, piece: Piece) -> Expr:
        """The expression with each branching part as it is on a piece; one that cannot be told stays."""
        expr = rebuilt(expr, lambda child: self.taken(child, piece))
        match expr:
            case _ if "x" not in symbols(expr):
                return expr
            case Call("abs", (u,), 0):
                above = self.holds_on(piece, Relation((u, ZERO), (">",)))
                return expr if above is None else u if above else Negative(u)
            case Call("max" | "min" as name, args, 0):
                sign = ">" if name == "max" else "<"
                for arg in args:
                    others = [other for other in args if other is not arg]
                    if all(self.holds_on(piece, Relation((arg, other), (sign,))) for other in others):
                        return arg
            case Piecewise(branches):
                for branch in branches:
                    holds = True if branch.condition is None else self.holds_on(piece, branch.condition)
                    if holds is not False:
                        return branch.value if holds else expr
        return expr

    def holds_on(self, piece: Piece, relation: Relation) -> bool | None:
        """Whether a relation, whose sides do not meet on a piece, holds there; without parameters one point decides."""
        ends = [end for end in (piece.lower, piece.upper) if end is not None]
        if symbols(relation) <= {"x"} and not any(map(symbols, ends)):
            with precision(BITS):
                try:
                    lower, upper = (None if end is None else self.balls(end, {}) for end in (piece.lower, piece.upper))
                    return self.balls.holds(relation, {"x": ball(inside(lower, upper))})
                except NotEvaluable:
                    return None
        if self.on(piece, relation).holds:
            return True
        if len(relation.signs) > 1:
            return None
        return False if self.on(piece, Relation(relation.sides, (NEGATED[relation.signs[0]],))).holds else None

    def derivatives(self, expr: Expr, order: int) -> list[Expr]:
        """f, f', …, f^(order) on a piece, as formulas."""
        found = [expr]
        for _ in range(order):
            found.append(derive(found[-1], "x", self.functions, opening=False).result)
        return found

    def real_on(self, piece: Piece, expr: Expr) -> Verdict:
        """Whether a formula has a value inside a piece; if not, nothing is shown of it."""
        between = strictly_between("x", piece.lower, piece.upper)
        owed = obligations(expr, REAL, self.definitions, "x", (*self.rest, *between))
        verdict = self.existence.discharged(owed, *between)
        return verdict if verdict.holds else Verdict(Outcome.UNDECIDED, verdict.how, verdict.evidence)

    def on(self, piece: Piece, relation: Relation) -> Verdict:
        """The verdict on a relation inside a piece."""
        return self.existence.ask(relation, *strictly_between("x", piece.lower, piece.upper))

    # ---- values and points --------------------------------------------------------------------

    def value(self, f: Expr, x: Fraction, others: Point) -> arb | None:
        """The ball of f at a point; None where it has none that is finite."""
        env = {name: ball(value) for name, value in (*others.items(), ("x", x))}
        with precision(BITS):
            try:
                value = self.balls(f, env)
            except (NotEvaluable, OverflowError):
                exact = {name: number(value) for name, value in (*others.items(), ("x", x))}
                return self.existence.value(self.existence.settled(substitute(f, exact)))
        return value if value.is_finite() else None

    def samples(self, f: Expr) -> Iterator[tuple[Point, list[Row]]]:
        """Values of f at points of the span in order, for a few choices of the parameters."""
        names = (symbols(f) - {"x"}) | self.parameters
        own = tuple(c for c in self.conditions if symbols(c) <= {"x"})
        for others in points([f], names, self.rest, self.definitions, 6 if names else 1):
            xs = {p["x"] for p in points([f], ["x"], own, self.definitions, SAMPLES)} | set(self.far())
            rows = []
            for x in sorted(xs):
                if clock() > self.deadline:
                    break
                if self.met({**others, "x": x}) and (value := self.value(f, x, others)) is not None:
                    rows.append((x, value))
            yield others, rows

    def far(self) -> Iterator[Fraction]:
        """Points near the ends of the span, and far out."""
        low, high = (None if end is None else literal(end) for end in (self.span.lower, self.span.upper))
        if (self.span.lower is not None and low is None) or (self.span.upper is not None and high is None):
            return
        for step in FAR:
            for x in {(low or Fraction(0)) + step, (high or Fraction(0)) - step}:
                if (low is None or x > low) and (high is None or x < high):
                    yield x

    def around(self, x: Fraction) -> Iterator[list[Fraction]]:
        """Those of x - h, x, x + h that lie in the span, for smaller and smaller h."""
        for n in range(HALVINGS):
            h = Fraction(1, 2**n)
            yield [point for point in (x - h, x, x + h) if self.contains(point)]

    def contains(self, x: Fraction) -> bool:
        """Whether a point lies in the span, for sure."""
        span, here = self.span, number(x)
        for end, is_open, low, high in (
            (span.lower, span.open_below, span.lower, here),
            (span.upper, span.open_above, here, span.upper),
        ):
            if end is not None and not self.existence.before(low, high) and (is_open or literal(end) != x):
                return False
        return True

    def near(self, verdict: Verdict, place: Expr | None = None) -> tuple[Fraction, Point] | None:
        """The x and the parameters of a counterexample, or those of a place near which something goes wrong."""
        known = {name: literal(read(value)) for name, value in verdict.witness.items()}
        x = known.pop("x", None)
        if place is not None:
            value = self.existence.value(place)
            near = value is not None and bool(abs(value) < FAR_OUT)
            x = literal(place) or rational(value).limit_denominator(2**40) if near else None
        names = self.parameters
        first: Point = next(points([self.f], names, self.rest, self.definitions, 1), {})
        point = {name: known.get(name) or first.get(name) for name in names}
        others = {name: value for name, value in point.items() if value is not None}
        return (x, others) if x is not None and len(others) == len(names) and self.met(others) else None

    def met(self, point: Point) -> bool:
        """Whether a point meets the conditions on what it gives a value to, for sure."""
        env = {name: ball(value) for name, value in point.items()}
        conditions = [c for c in self.conditions if symbols(c) <= point.keys()]
        with precision(BITS):
            try:
                return all(
                    point[c.symbol.name].denominator == 1 for c in conditions if isinstance(c, IsInteger)
                ) and all(truth(sign, self.balls(a, env), self.balls(b, env)) for a, sign, b in links(conditions))
            except NotEvaluable:
                return False

    def refuted(self, others: Point, a: Fraction, b: Fraction, values: tuple[str, str], fails: str) -> Verdict:
        """A refutation by two points; `fails` says what is wrong with them, of {a} and {b}."""
        one, two = next(pair for pair in LETTERS if not set(pair) & others.keys())
        witness = {name: show(number(value)) for name, value in (*others.items(), (one, a), (two, b))}
        where = ", ".join(f"{name} = {value}" for name, value in witness.items())
        evidence = f"at {where}: {values[0]} against {values[1]}, so {fails.format(a=one, b=two)}"
        return Verdict(Outcome.REFUTED, "counterexample", evidence, witness, values)


def dropped(conditions: tuple[Condition, ...], span: Span) -> Iterator[Condition]:
    """Bounds of x that a span has left out, though they may be the tighter ones: where parameters are in play."""
    for left, sign, right in links(conditions):
        if X not in (left, right):
            continue
        bound = right if left == X else left
        above = sign[0] in ("<" if left == X else ">")
        kept = span.upper if above else span.lower
        infinite = INFINITY in (bound, *bound.children())
        plain = kept is not None and literal(kept) is not None and literal(bound) is not None
        if sign[0] in "<>" and bound != kept and not plain and not infinite:
            yield Relation((left, right), (sign,))


def pairs(rows: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """All pairs of points, the smaller one first; simple points come before others."""
    simple = sorted(rows, key=lambda row: (row[0].denominator, abs(row[0])))
    for j, one in enumerate(simple):
        for two in simple[:j]:
            yield (one, two) if one[0] < two[0] else (two, one)

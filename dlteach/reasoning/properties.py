"""Properties of a function of x: continuous, smooth, increasing, convex, bounded, periodic and their kin.

A property is taken apart into statements about the pieces and the joints between them, and each of those is judged
like any other. `increasing` and `convex` are meant in the weak sense (a constant function is both); `smooth(f, k)`
says that f, f', …, f^(k) are continuous.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from flint import arb

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import Balls, ball, precision
from dlteach.notation.show import show
from dlteach.notation.tree import (
    INFINITY,
    ONE,
    ZERO,
    Call,
    Condition,
    Constant,
    Expr,
    Limit,
    Negative,
    Piecewise,
    Product,
    Property,
    Quotient,
    Relation,
    Statement,
    Sum,
    Symbol,
    literal,
    number,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.derive import CannotDerive, derive
from dlteach.reasoning.enclose import PLUS, infimum, supremum
from dlteach.reasoning.obstacles import obstacles
from dlteach.reasoning.pieces import BRANCHING, Piece, affine, inlined, pieces, span_in, strictly_between
from dlteach.reasoning.points import points
from dlteach.reasoning.tails import NoTail, germ, limit
from dlteach.reasoning.verdicts import Verdict, decimal, enclosed, weakest
from dlteach.reasoning.worker import clock

X = Symbol("x")
BITS = 128
SAMPLES = 48
MOST_ORDERS = 6
FAILS = {
    "increasing": "f(a) > f(b) though a < b",
    "decreasing": "f(a) < f(b) though a < b",
    "convex": "f((a + b)/2) lies above the chord",
    "concave": "f((a + b)/2) lies below the chord",
}
Ask = Callable[[Statement], Verdict]


def property_verdict(
    stated: Property, conditions: tuple[Condition, ...], functions: Functions, ask: Ask, seconds: float = 4.0
) -> Verdict:
    """The verdict on a property of an expression in x; `ask` judges a statement."""
    try:
        return _Property(stated, conditions, functions, ask, seconds).verdict()
    except (NotEvaluable, CannotDerive) as problem:
        return Verdict(Outcome.UNDECIDED, "beyond this version", str(problem))


class _Property:
    def __init__(
        self, stated: Property, conditions: tuple[Condition, ...], functions: Functions, ask: Ask, seconds: float
    ) -> None:
        self.kind, self.extra, self.functions, self.ask = stated.kind, stated.extra, functions, ask
        self.definitions = functions.definitions
        self.f = inlined(stated.of, self.definitions)
        self.conditions, self.seconds = conditions, seconds
        self.span, self.rest = span_in(conditions, "x")

    def verdict(self) -> Verdict:
        match self.kind:
            case "continuous":
                return self.smooth(0)
            case "smooth":
                order = literal(self.extra[0]) if self.extra else None
                if self.extra and (order is None or order.denominator != 1 or not 0 <= order <= MOST_ORDERS):
                    raise NotEvaluable(f"the order of smooth(f, k) is a whole number from 0 to {MOST_ORDERS}")
                return self.smooth(int(order)) if order is not None else self.analytic()
            case "increasing":
                return self.monotone(self.f)
            case "decreasing":
                return self.monotone(Negative(self.f))
            case "convex":
                return self.convex(self.f)
            case "concave":
                return self.convex(Negative(self.f))
            case "bounded":
                return self.bounded()
            case "periodic":
                return self.periodic()
        raise NotEvaluable(f"`{self.kind}` cannot be decided")

    # ---- pieces -------------------------------------------------------------------------------

    def pieces(self, f: Expr) -> list[Piece]:
        """The pieces of f; raises NotEvaluable where a joint could not be solved for."""
        found, _ = pieces(f, "x", self.span, {}, self.definitions)
        for piece in found:
            for node in walk(piece.expr):
                branching = isinstance(node, Piecewise) or (isinstance(node, Call) and node.name in BRANCHING)
                if branching and "x" in symbols(node):
                    raise NotEvaluable(f"the joints of `{show(node)}` could not be found")
        return found

    def derivatives(self, expr: Expr, order: int) -> list[Expr]:
        """f, f', …, f^(order) on a piece."""
        found = [expr]
        for _ in range(order):
            found.append(derive(found[-1], "x", self.functions, opening=False).result)
        return found

    def on(self, piece: Piece, relation: Relation) -> Verdict:
        """The verdict on a relation inside a piece."""
        inside = strictly_between("x", piece.lower, piece.upper)
        return self.ask(Statement(relation, (*self.rest, *inside)))

    def at(self, expr: Expr, place: Expr, side: str) -> Expr:
        """The one-sided limit of a piece at its end: its value, where it has one there."""
        value = substitute(expr, {"x": place})
        try:
            env = {name: ball(Fraction(3, 10) + i) for i, name in enumerate(sorted(symbols(value)))}
            if Balls(self.definitions)(value, env).is_finite():
                return value
        except NotEvaluable:
            pass
        return Limit(expr, X, place, side)

    # ---- continuous, smooth -------------------------------------------------------------------

    def smooth(self, order: int) -> Verdict:
        """All derivatives up to an order agree at the joints, and nothing goes wrong between them."""
        parts: list[Verdict] = []
        found = self.pieces(self.f)
        for piece in found:
            parts += [self.obstacle(piece, relation) for relation in obstacles(piece.expr, order)]
        for left, right in pairwise(found):
            assert left.upper is not None
            parts.append(self.joined(left, right, left.upper, order))
        parts += self.at_ends(self.f, found, "=", "=")
        words = "continuous" if order == 0 else f"the derivatives up to order {order} are continuous"
        return self.summed(parts, "pieces and joints", f"{words} on {_count(found, 'piece')} and at each joint")

    def analytic(self) -> Verdict:
        """Derivatives of every order: no joints, or a function that does not notice them."""
        found = self.pieces(self.f)
        if len(found) > 1:
            verdict = self.smooth(MOST_ORDERS)
            if verdict.outcome is Outcome.REFUTED:
                return verdict
            raise NotEvaluable("it has joints: ask for an order, as in smooth(f, 2)")
        parts = [self.obstacle(found[0], relation) for relation in obstacles(found[0].expr, MOST_ORDERS)]
        return self.summed(parts, "pieces and joints", "it is made of functions with derivatives of every order")

    def obstacle(self, piece: Piece, relation: Relation) -> Verdict:
        """Whether something may go wrong inside a piece; a root of a denominator is a counterexample."""
        verdict = self.on(piece, relation)
        if verdict.outcome is Outcome.INVALID:
            return Verdict(Outcome.REFUTED, "not real", "it is not real there")
        if verdict.outcome is not Outcome.REFUTED:
            return verdict
        where = ", ".join(f"{name} = {value}" for name, value in verdict.witness.items())
        return Verdict(
            Outcome.REFUTED,
            "counterexample",
            f"at {where} it has no value, or no derivative",
            verdict.witness,
            verdict.values,
        )

    def joined(self, left: Piece, right: Piece, joint: Expr, order: int) -> Verdict:
        """The verdict on one joint."""
        ours, theirs = self.derivatives(left.expr, order), self.derivatives(right.expr, order)
        parts = []
        for n, (a, b) in enumerate(zip(ours, theirs, strict=True)):
            low, high = self.at(a, joint, "-"), self.at(b, joint, "+")
            pairs = [(low, high)] if n else [(low, substitute(self.f, {"x": joint})), (low, high)]
            for one, two in pairs:
                verdict = self.ask(Statement(Relation((one, two), ("=",)), self.rest))
                if verdict.outcome is Outcome.REFUTED:
                    return _at_joint(verdict, joint, n)
                parts.append(verdict)
        return weakest(parts)

    # ---- monotone, convex ---------------------------------------------------------------------

    def monotone(self, f: Expr) -> Verdict:
        """f' >= 0 on every piece, and no step down at a joint."""
        if (found := self.falls(f)) is not None:
            return found
        parts: list[Verdict] = []
        whole = self.pieces(f)
        for piece in whole:
            slope = self.derivatives(piece.expr, 1)[1]
            parts.append(self.on(piece, Relation((slope, ZERO), (">=",))))
            parts += [self.obstacle(piece, relation) for relation in obstacles(piece.expr, 0)]
        for left, right in pairwise(whole):
            joint = left.upper
            assert joint is not None
            here = substitute(f, {"x": joint})
            low, high = self.at(left.expr, joint, "-"), self.at(right.expr, joint, "+")
            parts += [self.ask(Statement(Relation(pair, ("<=",)), self.rest)) for pair in ((low, here), (here, high))]
        parts += self.at_ends(f, whole, "<=", "<=")
        return self.summed(parts, "sign of the slope", f"the slope has one sign on {_count(whole, 'piece')}", True)

    def convex(self, f: Expr) -> Verdict:
        """f'' >= 0 on every piece, continuous, and slopes that do not fall at a joint."""
        if (found := self.bulges(f)) is not None:
            return found
        parts: list[Verdict] = []
        whole = self.pieces(f)
        for piece in whole:
            bend = self.derivatives(piece.expr, 2)[2]
            parts.append(self.on(piece, Relation((bend, ZERO), (">=",))))
            parts += [self.obstacle(piece, relation) for relation in obstacles(piece.expr, 0)]
        for left, right in pairwise(whole):
            joint = left.upper
            assert joint is not None
            here = substitute(f, {"x": joint})
            low, high = self.derivatives(left.expr, 1), self.derivatives(right.expr, 1)
            ends = [(self.at(low[0], joint, "-"), here), (here, self.at(high[0], joint, "+"))]
            parts += [self.ask(Statement(Relation(pair, ("=",)), self.rest)) for pair in ends]
            slopes = (self.at(low[1], joint, "-"), self.at(high[1], joint, "+"))
            parts.append(self.ask(Statement(Relation(slopes, ("<=",)), self.rest)))
        parts += self.at_ends(f, whole, ">=", "<=")
        return self.summed(parts, "sign of the bend", f"the bend has one sign on {_count(whole, 'piece')}", True)

    def at_ends(self, f: Expr, whole: Sequence[Piece], at_lower: str, at_upper: str) -> Iterator[Verdict]:
        """The value at an end that belongs to the span, compared with the limit towards it."""
        if self.span.lower is not None and not self.span.open_below:
            pair = (substitute(f, {"x": self.span.lower}), self.at(whole[0].expr, self.span.lower, "+"))
            yield self.ask(Statement(Relation(pair, (at_lower,)), self.rest))
        if self.span.upper is not None and not self.span.open_above:
            pair = (self.at(whole[-1].expr, self.span.upper, "-"), substitute(f, {"x": self.span.upper}))
            yield self.ask(Statement(Relation(pair, (at_upper,)), self.rest))

    def samples(self, f: Expr) -> Iterator[tuple[Mapping[str, Fraction], list[tuple[Fraction, arb]]]]:
        """Values of f at points in order, for a few choices of the parameters."""
        names = (symbols(f) | {"x"}) - {"x"}
        back = Balls(self.definitions)
        with precision(BITS):
            for others in points([f], names, self.rest, self.definitions, 6 if names else 1):
                rows = []
                xs = {p["x"] for p in points([f], ["x"], self.conditions_on_x(), self.definitions, SAMPLES)}
                for x in sorted(xs):
                    try:
                        value = back(f, {**{n: ball(v) for n, v in others.items()}, "x": ball(x)})
                    except NotEvaluable:
                        continue
                    if value.is_finite():
                        rows.append((x, value))
                yield others, rows

    def conditions_on_x(self) -> tuple[Condition, ...]:
        return tuple(c for c in self.conditions if symbols(c) <= {"x"})

    def falls(self, f: Expr) -> Verdict | None:
        """Two points between which f falls."""
        for others, rows in self.samples(f):
            for (a, fa), (b, fb) in sorted(combinations(rows, 2), key=_simplicity):
                if fa > fb:
                    return self.shown({**others, "a": a, "b": b}, (fa, fb))
        return None

    def bulges(self, f: Expr) -> Verdict | None:
        """Two points whose chord lies below f at the middle."""
        back = Balls(self.definitions)
        for others, rows in self.samples(f):
            env = {n: ball(v) for n, v in others.items()}
            for (a, fa), (b, fb) in sorted(combinations(rows, 2), key=_simplicity):
                with precision(BITS):
                    try:
                        middle = back(f, {**env, "x": ball((a + b) / 2)})
                    except NotEvaluable:
                        continue
                    chord = (fa + fb) / 2
                    if middle.is_finite() and middle > chord:
                        return self.shown({**others, "a": a, "b": b}, (middle, chord))
        return None

    def shown(self, point: Mapping[str, Fraction], values: tuple[arb, arb]) -> Verdict:
        """A refutation by two points; values are those of the function as stated."""
        flip = -1 if self.kind in ("decreasing", "concave") else 1
        witness = {name: show(number(value)) for name, value in point.items()}
        where = ", ".join(f"{name} = {value}" for name, value in witness.items())
        a, b = (decimal(flip * value) for value in values)
        evidence = f"at {where}: {a} against {b}, so {FAILS[self.kind]}"
        return Verdict(Outcome.REFUTED, "counterexample", evidence, witness, (a, b))

    # ---- bounded, periodic --------------------------------------------------------------------

    def bounded(self) -> Verdict:
        """A finite supremum and a finite infimum."""
        if symbols(self.f) - {"x"}:
            raise NotEvaluable("boundedness is decided for functions of x alone")
        deadline = clock() + self.seconds
        try:
            top = supremum(self.f, "x", self.span, {}, self.definitions, deadline).value
            bottom = infimum(self.f, "x", self.span, {}, self.definitions, deadline).value
        except NotEvaluable:
            return self.pole()
        if top == PLUS or bottom == -PLUS:
            end = self.growing(1 if top == PLUS else -1)
            return Verdict(Outcome.REFUTED, "growth rates", *end)
        words = f"between {enclosed(bottom, 8)} and {enclosed(top, 8)}"
        return Verdict(Outcome.ENCLOSED, "enclosure", words)

    def growing(self, sign: int) -> tuple[str, dict[str, str], tuple[str, str]]:
        """Words, a point and values that show growth."""
        back = Balls(self.definitions)
        with precision(BITS):
            values = [(x, back(self.f, {"x": ball(x)})) for x in (10**6, -(10**6))]
        x, value = max((row for row in values if row[1].is_finite()), key=lambda row: float(sign * row[1]))
        near, far = decimal(value), "oo" if sign > 0 else "-oo"
        return f"at x = {x} it is {near}, and it tends to {far}", {"x": str(x)}, (near, far)

    def pole(self) -> Verdict:
        """A denominator with a root at which the limit is infinite."""
        for piece in self.pieces(self.f):
            for relation in obstacles(piece.expr, 0):
                line = affine(relation.sides[0], "x")
                if relation.signs != ("!=",) or line is None or "x" not in symbols(relation.sides[0]):
                    continue
                root = Quotient(Negative(line[1]), line[0])
                place = literal(root)
                if place is None:
                    continue
                for side in ("+", "-"):
                    for far in (INFINITY, Negative(INFINITY)):
                        at = Limit(self.f, X, number(place), side)
                        if self.ask(Statement(Relation((at, far), ("=",)))).holds:
                            words = f"it tends to {show(far)} as x -> {show(number(place))}{side}"
                            return Verdict(
                                Outcome.REFUTED, "a pole", words, {"x": show(number(place))}, (show(far), "finite")
                            )
        raise NotEvaluable("it could not be bounded")

    def periodic(self) -> Verdict:
        """f(x + T) = f(x), for the period that is given or one that is often met."""
        given = self.extra[0] if self.extra else None
        two_pi = Product((number(2), Constant("pi")))
        guesses = (
            [given] if given is not None else [two_pi, Constant("pi"), ONE, number(2), Product((number(2), two_pi))]
        )
        last: Verdict | None = None
        for period in guesses:
            moved = substitute(self.f, {"x": Sum((X, period))})
            last = self.ask(Statement(Relation((moved, self.f), ("=",)), self.conditions))
            if last.holds:
                return Verdict(last.outcome, last.how, f"f(x + T) = f(x) for T = {show(period)}")
        assert last is not None
        if given is not None:
            return last
        return self.settles()

    def settles(self) -> Verdict:
        """A function that has a limit at infinity and does not stay there has no period."""
        for side in (1, -1):
            for start in (8, 64, 4096):
                try:
                    end = limit(germ(self.f, "x", side, start, {}, self.definitions))
                except NoTail:
                    continue
                end = arb(end)
                for x in (0, 1, -1, 2):
                    with precision(BITS):
                        here = Balls(self.definitions)(self.f, {"x": ball(x)})
                    if here.is_finite() and not here.overlaps(end):
                        words = f"it is {decimal(here)} at x = {x}, and tends to {decimal(end)}, so it has no period"
                        return Verdict(
                            Outcome.REFUTED, "growth rates", words, {"x": str(x)}, (decimal(here), decimal(end))
                        )
                break
        raise NotEvaluable("no period was found; state one, as in periodic(f, 2*pi)")

    # ---- summing up ---------------------------------------------------------------------------

    def summed(self, parts: Sequence[Verdict], how: str, words: str, soft: bool = False) -> Verdict:
        """One verdict from those on the parts; where `soft`, a refuted part only means that it is not shown."""
        worst = weakest([Verdict(Outcome.PROVED, how, words), *parts])
        if worst.holds:
            return Verdict(worst.outcome, how, words)
        if worst.outcome is Outcome.REFUTED and not soft:
            return worst
        if worst.outcome is Outcome.SAMPLED:
            return Verdict(Outcome.SAMPLED, how, worst.evidence)
        raise NotEvaluable(worst.evidence or "a part of it could not be shown")


def _simplicity(pair: tuple[tuple[Fraction, arb], tuple[Fraction, arb]]) -> tuple[int, Fraction]:
    """Small denominators first, then small numbers."""
    (a, _), (b, _) = pair
    return max(a.denominator, b.denominator), abs(a) + abs(b)


def _count(found: Sequence[object], noun: str) -> str:
    return f"{len(found)} {noun}" + ("s" if len(found) != 1 else "")


def _at_joint(verdict: Verdict, joint: Expr, order: int) -> Verdict:
    """What goes wrong at a joint, in words."""
    left, right = verdict.values or ("", "")
    what = {0: "the value", 1: "the slope", 2: "the second derivative"}.get(order, f"the derivative of order {order}")
    words = f"at x = {show(joint)} {what} is {left} from the left, but {right} from the right"
    if order == 0:
        words = f"at x = {show(joint)} it jumps from {left} to {right}"
    return Verdict(Outcome.REFUTED, "a joint", words, {"x": show(joint), **verdict.witness}, verdict.values)

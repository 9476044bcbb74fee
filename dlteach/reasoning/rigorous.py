"""Every construct of the notation as a ball: limits, integrals, sums, moments and extrema included.

So one evaluation refutes any statement at a point, whatever stands in it, and `value` knows the same constructs.
"""

from __future__ import annotations

from collections.abc import Mapping

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Balls
from dlteach.notation.tree import (
    BigSum,
    Expr,
    Extremum,
    Integral,
    Limit,
    Moment,
    Power,
    Product,
    Symbol,
    call,
    is_noise,
    number,
    rebuilt,
    symbols,
)
from dlteach.reasoning.enclose import Place, extreme
from dlteach.reasoning.minimax import minimax
from dlteach.reasoning.moments import separated
from dlteach.reasoning.pieces import LINE, Piece, may_jump, pieces, span_of
from dlteach.reasoning.quadrature import integral
from dlteach.reasoning.tails import NoTail, germ, limit
from dlteach.reasoning.worker import clock
from dlteach.values import replaced

MOST_TERMS = 20_000


class Rigorous(Balls):
    """Balls for all that can be written; raises NotEvaluable for what is beyond it or out of time."""

    def __init__(self, definitions: Definitions, deadline: float | None = None) -> None:
        super().__init__(definitions)
        self.deadline = deadline if deadline is not None else clock() + 5.0

    def other(self, expr: Expr, env: Mapping[str, arb]) -> arb:
        match expr:
            case Integral(of, variable, lower, upper):
                return self.integral(of, variable.name, lower, upper, env)
            case BigSum(of, variable, lower, upper):
                return self.sum(of, variable.name, self(lower, env), self(upper, env), env)
            case Moment("E", of):
                return self.mean(of, env)
            case Moment("Var", of):
                mean = self.mean(of, env)
                return self.mean(Power(of, number(2)), env) - mean * mean
            case Extremum():
                return self.extreme(expr, env)
            case Limit(of, variable, point, side):
                return self.limit(of, variable.name, point, side, env)
        return super().other(expr, env)

    def integral(self, of: Expr, variable: str, lower: Expr, upper: Expr, env: Mapping[str, arb]) -> arb:
        """The integral; infinite ends are seen by their values."""
        ends: list[Expr | None] = []
        for end in (lower, upper):
            value = self(end, env)
            ends.append(end if value.is_finite() else None)
        if ends[0] is None and not self(lower, env) < 0:
            raise NotEvaluable("an integral from infinity")
        if ends[1] is None and not self(upper, env) > 0:
            raise NotEvaluable("an integral to minus infinity")
        sign = 1
        if ends[0] is not None and ends[1] is not None:
            a, b = self(lower, env), self(upper, env)
            if a > b:
                ends.reverse()
                sign = -1
            elif not a < b:
                return arb(0) if lower == upper else arb.nan()
        known = {name: value for name, value in env.items() if name != variable}
        return sign * integral(of, variable, ends[0], ends[1], known, self.definitions, self.deadline)

    def sum(self, of: Expr, variable: str, lower: arb, upper: arb, env: Mapping[str, arb]) -> arb:
        """A finite sum, term by term."""
        ends = [end.unique_fmpz() if end.is_finite() else None for end in (lower, upper)]
        if ends[0] is None or ends[1] is None:
            raise NotEvaluable("a sum whose bounds are no integers")
        first, last = int(ends[0]), int(ends[1])
        if last - first > MOST_TERMS:
            raise NotEvaluable("a sum of too many terms")
        total = arb(0)
        for i in range(first, last + 1):
            total += self(of, {**env, variable: arb(i)})
        return total

    def mean(self, of: Expr, env: Mapping[str, arb]) -> arb:
        """E[of]: independent parts apart, each an integral against the normal density."""
        total = arb(0)
        for coefficient, parts in separated(of):
            term = self(coefficient, env)
            for part in parts:
                z = next(name for name in sorted(symbols(part)) if is_noise(name))
                density = Product((part, call("phi", Symbol(z))))
                known = {name: value for name, value in env.items() if not is_noise(name)}
                term *= integral(density, z, None, None, known, self.definitions, self.deadline)
            total += term
        return total

    def extreme(self, expr: Extremum, env: Mapping[str, arb]) -> arb:
        """sup and inf as values; argmax and argmin as the place, where there is only one."""
        known = {name: value for name, value in env.items() if name != expr.variable.name}
        if isinstance(expr.of, Extremum):
            best = minimax(expr, known, self.definitions, self.deadline)
            return best.place if expr.kind.startswith("arg") else best.value
        found = extreme(expr, span_of(expr.domain), known, self.definitions, self.deadline)
        if not expr.kind.startswith("arg"):
            return found.value
        return one_place(found.places)

    def limit(self, of: Expr, variable: str, point: Expr, side: str, env: Mapping[str, arb]) -> arb:
        """By growth rates at infinity; elsewhere by continuity, on the piece that counts."""
        known = {name: value for name, value in env.items() if name != variable}
        at = self(point, env)
        if not at.is_finite():
            way = 1 if at > 0 else -1
            problem = NoTail("its growth is not known")
            for start in (8, 64, 1024, 10**6):
                try:
                    return arb(limit(germ(of, variable, way, start, known, self.definitions)))
                except NoTail as reason:
                    problem = reason
            raise problem
        found, _ = pieces(of, variable, LINE, known, self.definitions)
        values = []
        for beside in ("-", "+"):
            if side in ("", beside):
                piece = self.piece_at(found, at, beside)
                if may_jump(piece.expr, variable, self.definitions):
                    raise NotEvaluable("a limit at a jump that was not found")
                values.append(self(piece.expr, {**known, variable: at}))
        if not all(value.is_finite() for value in values):
            raise NotEvaluable("the limit is not a value that is taken")
        if len(values) == 2 and not values[0].overlaps(values[1]):
            return arb.nan()
        return values[0]

    def on_its_piece(self, expr: Expr) -> Expr:
        """With the expression of each one-sided or infinite limit cut down to the piece on which it is taken."""
        expr = rebuilt(expr, self.on_its_piece)
        if not isinstance(expr, Limit):
            return expr
        try:
            at = self(expr.point, {})
            found, _ = pieces(expr.of, expr.variable.name, LINE, {}, self.definitions)
            if at.is_finite() and not expr.side:
                return expr
            piece = self.piece_at(found, at, expr.side) if at.is_finite() else found[-1 if at > 0 else 0]
        except NotEvaluable:
            return expr
        return replaced(expr, of=piece.expr)

    def piece_at(self, found: list[Piece], at: arb, way: str) -> Piece:
        """The piece just beside a point."""
        for piece in found:
            low = piece.lower is None or self._below(self(piece.lower, {}), at, way == "+")
            high = piece.upper is None or self._below(at, self(piece.upper, {}), way == "-")
            if low and high:
                return piece
        raise NotEvaluable("a point whose side cannot be told")

    def _below(self, a: arb, b: arb, or_equal: bool) -> bool:
        return bool(a < b) or (or_equal and bool(a.overlaps(b)))


def one_place(places: tuple[Place, ...]) -> arb:
    """The hull of the places, where they are one."""
    boxes = [place.box for place in places if not place.end]
    if not boxes or any(place.end or place.left_out for place in places):
        raise NotEvaluable("the extreme value is not taken")
    hull = boxes[0]
    for box in boxes[1:]:
        hull = hull.union(box)
    if hull.rad() > arb("1e-6"):
        raise NotEvaluable("the extreme value is taken at several places, or where cannot be told")
    return hull

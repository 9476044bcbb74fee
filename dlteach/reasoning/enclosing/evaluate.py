"""Every construct of the notation as a ball: limits, integrals, sums, moments and extrema included.

So one evaluation refutes any statement at a point, whatever stands in it, and `value` knows the same constructs. What
works a construct out is imported when one is met: most expressions have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Balls, NoLimit, NotReal
from dlteach.notation.show import show
from dlteach.notation.tree import (
    BigSum,
    Expr,
    Extremum,
    Integral,
    Limit,
    Moment,
    Negative,
    Power,
    is_noise,
    number,
    rebuilt,
    symbols,
)
from dlteach.reasoning.algebra.moments import noise_in, separated
from dlteach.reasoning.algebra.pieces import LINE, Piece, inlined, pieces, span_of
from dlteach.reasoning.worker.process import clock
from dlteach.values import replace

if TYPE_CHECKING:
    from dlteach.reasoning.enclosing.boxes import Place
    from dlteach.reasoning.enclosing.sums import Budget


class Evaluator(Balls):
    """Balls for all that can be written; raises NotEvaluable for what is beyond it or out of time."""

    def __init__(
        self, definitions: Definitions, deadline: float | None = None, whole: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(definitions)
        self.whole = whole  # the symbols that are integers, also where a limit binds them
        self.deadline = deadline if deadline is not None else clock() + 5.0
        self.level = 0  # how deep in an expression; a sign does not count

    @cached_property
    def budget(self) -> Budget:
        """What all sums of an expression share."""
        from dlteach.reasoning.enclosing.sums import Budget

        return Budget(self.deadline)

    def __call__(self, expr: Expr, env: Mapping[str, arb]) -> arb:
        inner = not isinstance(expr, Negative)
        self.level += inner
        try:
            value: arb = super().__call__(expr, env)
        finally:
            self.level -= inner
        return value

    def other(self, expr: Expr, env: Mapping[str, arb]) -> arb:
        """A construct that binds a variable; inside of an expression it counts only where it is finite."""
        value = self.construct(expr, env)
        if self.level > 1 and not value.is_finite() and (value > 0 or value < 0):
            raise NoLimit(f"`{show(expr)}` is infinite")
        return value

    def construct(self, expr: Expr, env: Mapping[str, arb]) -> arb:
        """The value of a construct, perhaps infinite."""
        match expr:
            case Integral(of, variable, lower, upper):
                return self.integral(of, variable.name, lower, upper, env)
            case BigSum(of, variable, lower, upper):
                return self.sum(of, variable.name, lower, upper, env)
            case Moment("E", of):
                return self.mean(of, env)
            case Moment("Var", of):
                first = self.mean(of, env)
                return self.mean(Power(of, number(2)), env) - first * first
            case Extremum():
                return self.extreme(expr, env)
            case Limit(of, variable, point, side):
                return self.limit(of, variable.name, point, side, env)
        return super().other(expr, env)

    def integral(self, of: Expr, variable: str, lower: Expr, upper: Expr, env: Mapping[str, arb]) -> arb:
        """The integral; infinite ends are seen by their values."""
        from dlteach.reasoning.enclosing.integrals import integral

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
                same = lower == upper or (a.is_exact() and b.is_exact())
                return 0 * self(of, {**env, variable: a}) if same else arb.nan()
        known = {name: value for name, value in env.items() if name != variable}
        return sign * integral(of, variable, ends[0], ends[1], known, self.definitions, self.deadline)

    def sum(self, of: Expr, variable: str, lower: Expr, upper: Expr, env: Mapping[str, arb]) -> arb:
        """A finite sum, or a series."""
        from dlteach.reasoning.enclosing.sums import finite, infinite, whole_end

        def term(i: arb) -> arb:
            return self(of, {**env, variable: i})

        first, end = whole_end(lower, self(lower, env)), self(upper, env)
        if end == arb.pos_inf():
            known = {name: value for name, value in env.items() if name != variable}
            return infinite(of, variable, first, term, known, self.definitions, self.budget)
        return finite(term, first, whole_end(upper, end), self.budget)

    def mean(self, of: Expr, env: Mapping[str, arb]) -> arb:
        """E[of]: independent parts apart, each an integral against the normal density."""
        from dlteach.reasoning.enclosing.integrals import mean

        known = {name: value for name, value in env.items() if not is_noise(name)}
        if len(noise_in(of)) > 1:
            somewhere = {name: arb(i) / 7 for i, name in enumerate(sorted(noise_in(of)), 3)}
            try:
                real = self(of, {**known, **somewhere}).is_finite()
            except NotReal:
                real = False
            if not real:
                raise NotEvaluable("the value of an expectation over several variables is not known")
            of = inlined(of, self.definitions)
        total, terms = arb(0), separated(of)
        for coefficient, parts in terms:
            try:
                product = self(coefficient, env)
                for part in parts:
                    z = next(name for name in sorted(symbols(part)) if is_noise(name))
                    product *= mean(part, z, known, self.definitions, self.deadline)
            except NotReal as reason:
                if len(noise_in(of)) <= 1:
                    raise
                raise NotEvaluable(f"a part of the expectation has no value: {reason}") from None
            total += product
        return total

    def extreme(self, expr: Extremum, env: Mapping[str, arb]) -> arb:
        """sup and inf as values; argmax and argmin as the place, where there is only one."""
        from dlteach.reasoning.enclosing.branch_and_bound import extreme
        from dlteach.reasoning.enclosing.minimax import minimax

        known = {name: value for name, value in env.items() if name != expr.variable.name}
        if isinstance(expr.of, Extremum):
            best = minimax(expr, known, self.definitions, self.deadline)
            return best.place if expr.kind.startswith("arg") else best.value
        found = extreme(expr, span_of(expr.domain), known, self.definitions, self.deadline)
        if not expr.kind.startswith("arg"):
            return found.value
        return one_place(found.places)

    def limit(self, of: Expr, variable: str, point: Expr, side: str, env: Mapping[str, arb]) -> arb:
        """The limit, worked out exactly; or, where that cannot be done, by bounds far out or by continuity."""
        from dlteach.reasoning.enclosing.coefficients import Signs
        from dlteach.reasoning.enclosing.limits import MINUS_OO, OO, as_ball, limit_at
        from dlteach.reasoning.enclosing.runs import Setting, continuous_beside

        known = {name: value for name, value in env.items() if name != variable}
        at = self(point, env)
        infinite = 0 if at.is_finite() else 1 if at > 0 else -1
        signs = Signs(known, (), self.definitions, self.deadline)
        place = point if not infinite else OO if infinite > 0 else MINUS_OO
        try:
            found = limit_at(of, variable, place, side, signs, self.definitions, variable in self.whole)
            return as_ball(found, signs)
        except NotReal:
            raise
        except NotEvaluable as problem:
            if infinite:
                return self.far_out(of, variable, infinite, known, problem)
            if continuous_beside(of, Setting(variable, known, self.definitions), point):
                return self(of, {**known, variable: at})
            raise

    def far_out(self, of: Expr, variable: str, side: int, known: Mapping[str, arb], problem: NotEvaluable) -> arb:
        """A ball of the limit at infinity from a germ, which bounds all that fades."""
        from dlteach.reasoning.enclosing.asymptotics import NoTail, germ, limit

        for start in (8, 64, 1024, 10**6):
            try:
                return arb(limit(germ(of, variable, side, start, known, self.definitions)))
            except NoTail:
                continue
        raise problem

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
        return replace(expr, of=piece.expr)

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

"""Integrals as balls: proper ones by quadrature, improper ones part by part, divergence found out.

The line between two ends is cut where the integrand changes its branch, and where it may have no value. Each part is
integrated by quadrature, its singular ends by expansions. The integral has a value when every part has one; parts that
are all infinite with one sign make it infinite.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Balls, NoLimit, NotReal, ball, precision
from dlteach.notation.show import show
from dlteach.notation.tree import Call, Expr, Product, Symbol, call, literal, number, substitute, symbols
from dlteach.reasoning.algebra.pieces import Span, affine, pieces
from dlteach.reasoning.enclosing.asymptotics import area, germ
from dlteach.reasoning.enclosing.ends import beside, fades, far_out
from dlteach.reasoning.enclosing.germs import NoTail
from dlteach.reasoning.enclosing.quadrature import Integrand
from dlteach.reasoning.enclosing.singular_places import Pole, exact_places, gap, pole
from dlteach.reasoning.worker.process import clock
from dlteach.values import frozen

BITS = 96
STARTS = (8, 12, 16, 32, 64, 128, 1024)
SMALL = arb("1e-24")
WIDTHS = (arb(2) ** -4, arb(2) ** -12, arb(2) ** -40)
LOOK = 40  # how far out a pole is looked for


@frozen
class _Part:
    """What one part comes to, from where to where it goes, and where it is infinite, in words."""

    value: arb
    lower: str
    upper: str
    place: str = ""


def integral(
    of: Expr, variable: str, lower: Expr | None, upper: Expr | None, env: Mapping[str, arb], definitions: Definitions,
    deadline: float,
) -> arb:  # fmt: skip
    """A ball that contains the integral between two ends (None: infinite), or ±inf.

    Raises NotReal where it is shown to have no value, NoLimit where it diverges, and NotEvaluable.
    """
    with precision(BITS):
        parts = _parts(of, variable, lower, upper, env, definitions, deadline)
        infinite = [part for part in parts if not part.value.is_finite()]
        if not infinite:
            return sum((part.value for part in parts), arb(0))
        if len({bool(part.value > 0) for part in infinite}) == 1:
            return infinite[0].value
        first = infinite[0]
        where = f"the part from {first.lower} to {first.upper} is infinite"
        raise NoLimit(f"`{show(of)}` is not integrable at {first.place}: {where}")


def mean(of: Expr, noise: str, env: Mapping[str, arb], definitions: Definitions, deadline: float) -> arb:
    """E[of] for one standard normal variable; raises NotReal where `of` has no mean, and NotEvaluable.

    What the quadrature and the expansions at the ends enclose converges absolutely.
    """
    density = Product((of, call("phi", Symbol(noise))))
    with precision(BITS):
        try:
            parts = _parts(density, noise, None, None, env, definitions, deadline)
        except NoLimit as reason:
            raise NotReal(f"`{show(of)}` has no mean: {reason}") from None
        for part in parts:
            if not part.value.is_finite():
                raise NotReal(f"`{show(of)}` has no mean: it is not integrable at {part.place}")
        return sum((part.value for part in parts), arb(0))


def _parts(
    of: Expr, variable: str, lower: Expr | None, upper: Expr | None, env: Mapping[str, arb], definitions: Definitions,
    deadline: float,
) -> list[_Part]:  # fmt: skip
    known = {name: value.fmpq() for name, value in env.items() if value.is_exact() and value.is_finite()}
    exact = {name: number(Fraction(int(value.p), int(value.q))) for name, value in known.items()}
    of = substitute(of, exact)  # so that the places at which it is singular are known as rationals
    lower = None if lower is None else substitute(lower, exact)
    upper = None if upper is None else substitute(upper, exact)
    found, _ = pieces(of, variable, Span(lower, upper), env, definitions)
    parts: list[_Part] = []
    for piece in found:
        parts += _Task(piece.expr, variable, env, definitions, deadline).parts(piece.lower, piece.upper)
    return parts


def _exactly(end: Expr | None, value: arb | None) -> Fraction | None:
    """An end as a rational, where it is one."""
    if end is None or value is None:
        return None
    exact = literal(end)
    if exact is None and value.is_exact():
        exact = Fraction(int(value.fmpq().p), int(value.fmpq().q))
    return exact


class _Task:
    """The integral of one piece."""

    def __init__(
        self, expr: Expr, variable: str, env: Mapping[str, arb], definitions: Definitions, deadline: float
    ) -> None:
        self.integrand = Integrand(expr, variable, env, definitions, deadline)
        self.expr, self.variable, self.env, self.definitions = expr, variable, env, definitions
        self.deadline = deadline
        self.balls = Balls(definitions)

    def parts(self, lower: Expr | None, upper: Expr | None) -> list[_Part]:
        """The parts between the places at which the integrand may have no value."""
        ends = [None if end is None else self.balls(end, self.env) for end in (lower, upper)]
        inner = [place for place in self.places() if self.inside(place, ends[0], ends[1])]
        cuts = [(lower, ends[0]), *((number(place), ball(place)) for place in inner), (upper, ends[1])]
        found = []
        for (low, a), (high, b) in pairwise(cuts):
            if clock() > self.deadline:
                raise NotEvaluable("the time for an integral ran out")
            words = ("-oo" if low is None else show(low), "oo" if high is None else show(high))
            exact = (_exactly(low, a), _exactly(high, b))
            found += [_Part(value, *words, place) for value, place in self.part(a, b, exact, words)]
        return found

    def places(self) -> list[Fraction]:
        return exact_places(self.integrand.expr, self.variable, self.definitions)

    def inside(self, place: Fraction, lower: arb | None, upper: arb | None) -> bool:
        at = ball(place)
        return (lower is None or bool(lower < at)) and (upper is None or bool(at < upper))

    def part(
        self,
        lower: arb | None,
        upper: arb | None,
        exact: tuple[Fraction | None, Fraction | None],
        words: tuple[str, str],
    ) -> list[tuple[arb, str]]:
        """The integrals that together make up that between two ends, and where those that are infinite are so."""
        total, ends = arb(0), [lower, upper]
        infinite: list[tuple[arb, str]] = []
        for i, side in ((0, 1), (1, -1)):  # the side on which the part lies
            at, other = ends[i], ends[1 - i]
            if at is None:
                reach = arb(0) if other is None else -side * other
                ends[i], rest = self.tail(-side, reach)
            elif self.regular(at, side, other):
                continue
            else:
                ends[i], rest = self.end(at, exact[i], side, other)
            if rest.is_finite():
                total += rest
            else:
                infinite.append((rest, words[i]))
        assert ends[0] is not None and ends[1] is not None
        return [(total, ""), *self.middle(ends[0], ends[1]), *infinite]

    def middle(self, lower: arb, upper: arb) -> list[tuple[arb, str]]:
        """The integral between two ends that are not singular; cut at poles, if there are any."""
        value = self.integrand.between(lower, upper)
        if value.is_finite():
            return [(value, "")]
        found = self.obstacle(lower, upper)
        if found is None:
            raise NotEvaluable("the integral could not be enclosed")
        place = f"{self.variable} = {found.box.str(4, radius=False)}"
        low, high = found.box.lower().mid(), found.box.upper().mid()
        sides = [(arb(sign) * arb.pos_inf(), place) for sign in (found.left, found.right)]
        if found.left != found.right:
            return sides
        return [*self.middle(lower, low), *sides, *self.middle(high, upper)]

    def obstacle(self, lower: arb, upper: arb) -> Pole | None:
        """A pole between two ends; raises NotReal where there is no value on a whole part of the interval."""
        lower, upper = lower.max(arb(-LOOK)), upper.min(arb(LOOK))
        reason = gap(self.integrand, lower, upper)
        if reason is not None:
            raise NotReal(f"`{show(self.expr)}` has no value on a part of the interval: {reason}")
        if clock() > self.deadline:
            raise NotEvaluable("the time for an integral ran out")
        return pole(self.integrand, lower, upper)

    def regular(self, at: arb, side: int, other: arb | None) -> bool:
        """Whether the integrand is bounded beside an end, on that side."""
        for width in WIDTHS:
            if other is not None and not width < abs(other - at):
                continue
            if self.integrand.box(at.union(at + side * width)).is_finite():
                return True
        return False

    def end(self, at: arb, place: Fraction | None, side: int, other: arb | None) -> tuple[arb, arb]:
        """Where quadrature begins beside a singular end, and the integral up to there."""
        if place is None:
            return at, arb(0)
        reach = arb(1) if other is None else abs(other - at) / 2
        try:
            return beside(self.expr, self.variable, place, side, reach, self.env, self.definitions)
        except NotEvaluable:
            return at, arb(0)

    def tail(self, side: int, reach: arb) -> tuple[arb, arb]:
        """Where the tail towards ±infinity begins, and the integral over it."""
        best: tuple[arb, arb] | None = None
        problem: NotEvaluable = NoTail("the tail of the integral could not be bounded")
        for start in STARTS:
            if not reach < start:
                continue
            try:
                rest = area(germ(self.expr, self.variable, side, start, self.env, self.definitions))
            except NotEvaluable as reason:
                problem = reason
                continue
            best = arb(side * start), arb(0, rest)
            if rest < SMALL:
                return best
        try:
            x, rest = far_out(self.expr, self.variable, side, reach, self.env, self.definitions)
        except NotEvaluable:
            if best is not None:
                return best
            self.oscillation(side)
            self.no_tail(side, reach)
            raise problem from None
        return best if best is not None and rest.is_finite() and best[1].rad() < rest.rad() else (x, rest)

    def no_tail(self, side: int, reach: arb) -> None:
        """Raise NotReal, or NoLimit at a pole, where the reason that a tail has no bound lies near by."""
        ends = (reach, arb(LOOK)) if side > 0 else (arb(-LOOK), -reach)
        found = self.obstacle(*ends) if ends[0] < ends[1] else None
        if found is not None and found.left != found.right:
            place = f"{self.variable} = {found.box.str(4, radius=False)}"
            raise NoLimit(f"`{show(self.expr)}` is not integrable at {place}: it has a pole there")

    def oscillation(self, side: int) -> None:
        """Raise NoLimit for g(x)*sin(a*x + b) where |g| stays above a positive number on the tail.

        The integral over each half wave is then at least 2/a times that number, whatever is summed before.
        """
        factors = self.expr.factors if isinstance(self.expr, Product) else (self.expr,)
        waves = [factor for factor in factors if isinstance(factor, Call) and factor.name in ("sin", "cos")]
        moving = [factor for factor in factors if self.variable in symbols(factor)]
        if len(waves) != 1 or not isinstance(waves[0], Call):
            return
        line = affine(waves[0].args[0], self.variable)
        slope = None if line is None else literal(line[0])
        rest = tuple(factor for factor in factors if factor is not waves[0])
        if not slope or (side < 0 and len(moving) > 1):
            return
        try:
            steady = not rest or fades(Product((number(1), *rest)), self.variable, 4096, self.env, self.definitions)
        except NotEvaluable:
            return
        if not rest or steady is False:
            raise NoLimit(f"the integral of `{show(self.expr)}` goes up and down for ever and does not settle")

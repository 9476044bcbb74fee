"""Places on a line, compared: equal only where that is shown, and in order only where that is shown.

Numbers are compared in balls of growing precision, and by the normal form where they seem to be equal; symbols by
their values, or by what conditions say of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cmp_to_key

from flint import arb, ctx

from dlteach.notation.backend import Definitions, NotEvaluable, reachable
from dlteach.notation.balls import Balls, precision
from dlteach.notation.patience import look
from dlteach.notation.tree import Condition, Expr, Negative, Relation, Sum, Symbol, literal, symbols
from dlteach.reasoning.algebra.answers import Signs
from dlteach.reasoning.algebra.simplify import simplified
from dlteach.reasoning.worker.process import WORKER, Overrun, clock

SECONDS, MOST_SECONDS = 1.0, 3.0  # for the sign of one expression, and for all of a line
BITS = (64, 256, 1024)

HOLDS: Mapping[str, Callable[[int], bool]] = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
    "=": lambda sign: sign == 0,
    "!=": lambda sign: sign != 0,
}


def signs_of(
    expr: Expr,
    conditions: tuple[Condition, ...],
    definitions: Definitions,
    seconds: float = SECONDS,
    certain: bool = False,
) -> frozenset[int] | None:
    """The signs that an expression may have under conditions, where it is real; None where that is not known in time.

    None, too, where it is nowhere real, and with `certain` where it is not shown to be real everywhere.
    """
    try:
        needed = reachable(expr, definitions)
        found: Signs | None = WORKER.ask("algebra.normal:signs", expr, conditions, needed, seconds=seconds)
    except Overrun:
        look()  # what follows from not knowing it may be remembered
        return None
    if found is None or (certain and (found.vacuous or not found.certain)):
        return None
    return found.signs or None


def strictly_between(variable: str, lower: Expr | None, upper: Expr | None) -> tuple[Condition, ...]:
    """That a variable lies strictly between two ends; None is infinity."""
    ends = ((lower, ">"), (upper, "<"))
    return tuple(Relation((Symbol(variable), end), (sign,)) for end, sign in ends if end is not None)


class Places:
    """Places on the line of a variable: numbers, and symbols by their values or by conditions."""

    def __init__(
        self,
        variable: str,
        env: Mapping[str, arb],
        definitions: Definitions,
        conditions: tuple[Condition, ...] = (),
        seconds: float = MOST_SECONDS,
    ) -> None:
        self.variable, self.env, self.back, self.conditions = variable, env, Balls(definitions), conditions
        self.seconds = seconds  # that are left for signs by their form
        self.signs: dict[Expr, int] = {}

    # ---- signs and order ----------------------------------------------------------------------

    def sign(self, expr: Expr) -> int:
        """The sign of an expression without the variable, shown; raises NotEvaluable."""
        exact = literal(expr)
        if exact is not None:
            return (exact > 0) - (exact < 0)
        if expr not in self.signs:
            self.signs[expr] = self._sign(expr)
        return self.signs[expr]

    def _sign(self, expr: Expr) -> int:
        real = False
        for bits in BITS:
            with precision(max(bits, ctx.prec)):
                try:
                    value = self.back(expr, self.env)
                except NotEvaluable:
                    break
                real = value.is_finite()
                if real and not value.contains(0):
                    return 1 if value > 0 else -1
                if value.is_zero():
                    return 0
        conditions = tuple(c for c in self.conditions if self.variable not in symbols(c))
        found = self.signs_of(simplified(expr), conditions, certain=not real)
        if found is None or len(found) != 1:
            raise NotEvaluable("a sign that cannot be told")
        return next(iter(found))

    def signs_of(self, expr: Expr, conditions: tuple[Condition, ...], certain: bool = False) -> frozenset[int] | None:
        """The signs of an expression by its form, while there is time."""
        if self.seconds <= 0:
            return None
        start = clock()
        found = signs_of(expr, conditions, self.back.definitions, min(SECONDS, self.seconds), certain)
        self.seconds -= clock() - start
        return found

    def order(self, a: Expr, b: Expr) -> int:
        """-1, 0 or 1 as a is below, at or above b; raises NotEvaluable where that cannot be shown."""
        return 0 if a == b else self.sign(Sum((a, Negative(b))))

    def inside(self, place: Expr, lower: Expr | None, upper: Expr | None) -> bool:
        """Whether a place lies strictly between two ends."""
        return (lower is None or self.order(lower, place) < 0) and (upper is None or self.order(place, upper) < 0)

    def value(self, expr: Expr) -> arb:
        """The ball of a place."""
        value = self.back(expr, self.env)
        if not value.is_finite():
            raise NotEvaluable("a joint that is not real")
        return value

    def sorted(self, places: Sequence[Expr], lower: Expr | None, upper: Expr | None) -> list[Expr]:
        """The places inside, from left to right, each once."""
        found: list[Expr] = []
        inside = [place for place in dict.fromkeys(places) if self.inside(place, lower, upper)]
        for place in sorted(inside, key=cmp_to_key(self.order)):
            if not found or self.order(found[-1], place):
                found.append(place)
        return found

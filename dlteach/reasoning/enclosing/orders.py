"""Orders of growth of a variable t -> oo: t^a * ln(t)^b * … * e^(c_1*M_1 + c_2*M_2 + …), with orders M_i that grow.

Two orders are compared by their logarithms (Hardy 1910, Orders of Infinity): sums of ln(t), ln(ln(t)), … and of the
M_i, of which the largest with a coefficient that is not 0 decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cmp_to_key

from dlteach.notation.backend import NotEvaluable
from dlteach.reasoning.enclosing.coefficients import Coefficient, Sign, rational

Logs = tuple[tuple[int, Coefficient], ...]  # k and the power of ln(ln(…(t))), k logarithms deep; 0 is t itself
MOST_DEPTH = 12


@dataclass(frozen=True)
class Order:
    """One order of growth; no entry has a coefficient that is 0 by its form."""

    logs: Logs = ()
    grown: tuple[tuple[Order, Coefficient], ...] = ()

    def times(self, other: Order) -> Order:
        """A product."""
        logs = dict(self.logs)
        for k, c in other.logs:
            logs[k] = logs[k] + c if k in logs else c
        grown = list(self.grown)
        for order, c in other.grown:
            at = next((i for i, (own, _) in enumerate(grown) if own == order), None)
            if at is None:
                grown.append((order, c))
            else:
                grown[at] = (order, grown[at][1] + c)
        return _order(logs, grown)

    def power(self, exponent: Coefficient) -> Order:
        """A power."""
        return _order({k: c * exponent for k, c in self.logs}, [(order, c * exponent) for order, c in self.grown])

    @property
    def inverse(self) -> Order:
        """1 over it."""
        return self.power(rational(-1))

    def logarithm(self) -> list[tuple[Order, Coefficient]]:
        """Its logarithm, as multiples of orders that grow, in no order."""
        return [(log(k + 1), c) for k, c in self.logs] + list(self.grown)


def _order(logs: dict[int, Coefficient], grown: list[tuple[Order, Coefficient]]) -> Order:
    return Order(
        tuple(sorted(((k, c) for k, c in logs.items() if c.terms), key=lambda pair: pair[0])),
        tuple((order, c) for order, c in grown if c.terms),
    )


CONSTANT = Order()


def log(k: int) -> Order:
    """ln(ln(…(t))), k logarithms deep."""
    return Order(((k, rational(1)),))


def exponential(parts: list[tuple[Order, Coefficient]]) -> Order:
    """e to a sum of multiples of orders that grow; multiples of logarithms become powers."""
    result = CONSTANT
    for order, c in parts:
        k, power = next(iter(order.logs), (0, rational(0)))
        plain = len(order.logs) == 1 and not order.grown and k > 0 and power.rational == 1
        result = result.times(Order(((k - 1, c),)) if plain else Order((), ((order, c),)))
    return result


def compared(a: Order, b: Order, sign: Sign, depth: int = 0) -> int:
    """1 where a/b tends to oo, -1 where it tends to 0, 0 where it is 1. Raises NotEvaluable where that is not known."""
    if a == b:
        return 0
    if depth > MOST_DEPTH:
        raise NotEvaluable("orders nested too deep")
    ratio = a.times(b.inverse)
    parts = ratio.logarithm()

    def by_size(one: tuple[Order, Coefficient], two: tuple[Order, Coefficient]) -> int:
        return compared(one[0], two[0], sign, depth + 1)

    if ratio.grown:  # else they are logarithms, sorted already
        parts.sort(key=cmp_to_key(by_size), reverse=True)
    for _, c in parts:
        if found := sign(c):
            return found
    return 0

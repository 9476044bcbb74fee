"""How large a definition becomes when every function in it is written out, counted without writing it out.

A row that calls itself has no end, and twenty-four rows that each call the one before twice come to sixteen million
signs: both are faults of the table, which are found when it is read and not when somebody waits for an answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from dlteach.notation.backend import Definition
from dlteach.notation.tree import Call, Expr, Symbol
from dlteach.values import frozen

MOST = 5_000  # nodes; the largest of the course has 150


@frozen
class Opened:
    """The nodes of an expression that is written out, and how often each symbol occurs in it."""

    nodes: int
    uses: Counter[str]

    def taken(self, times: int) -> Opened:
        """So many copies of it."""
        return Opened(times * self.nodes, Counter({name: times * uses for name, uses in self.uses.items()}))


Callee = Callable[[str], "tuple[Definition, Opened] | None"]


def opened(expr: Expr, callee: Callee) -> Opened:
    """An expression written out; `callee` knows the functions that have a definition of their own."""
    if isinstance(expr, Symbol):
        return Opened(1, Counter({expr.name: 1}))
    parts = [opened(child, callee) for child in expr.children()]
    found = callee(expr.name) if isinstance(expr, Call) else None
    if found is None:
        return _together(1, parts)
    definition, body = found
    given = dict(zip(definition.parameters, parts, strict=False))
    for name, default in definition.defaults.items():
        if name not in given:
            given[name] = opened(default, callee)
    return _together(body.nodes, [part.taken(body.uses[name]) for name, part in given.items()])


def _together(nodes: int, parts: list[Opened]) -> Opened:
    uses: Counter[str] = Counter()
    for part in parts:
        nodes += part.nodes
        uses.update(part.uses)
    return Opened(nodes, uses)

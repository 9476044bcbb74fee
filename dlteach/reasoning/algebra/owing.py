"""What is asked of an expression, and what it owes for that: the values that `domains` makes and others discharge."""

from __future__ import annotations

from enum import IntEnum

from dlteach.notation.tree import Condition, Expr, Relation
from dlteach.values import frozen


class Need(IntEnum):
    """What is asked of an expression; a number k > 0 asks for k continuous derivatives."""

    REAL = -2
    BOUNDED = -1  # locally: on a neighbourhood of each point
    CONTINUOUS = 0


REAL, BOUNDED, CONTINUOUS = Need


@frozen
class Obligation:
    """`relation` must hold where all of `given` do, for the sake of `part`; None: nothing is known that would do.

    Where a `necessary` one fails, there is no value. `need` is what an unknown part must be.
    """

    relation: Relation | None
    given: tuple[Condition, ...]
    part: Expr
    necessary: bool = False
    need: int = Need.REAL


@frozen
class Where:
    """The conditions under which a part counts; `relaxed` where they hold at more points than that."""

    given: tuple[Condition, ...] = ()
    relaxed: bool = False


@frozen
class Way:
    """A way to come to a branch: the links of its conditions; `relaxed` where some are left out."""

    links: tuple[Relation, ...] = ()
    relaxed: bool = False

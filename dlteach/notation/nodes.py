"""The nodes of the syntax tree: frozen values that say exactly what was written.

Nothing is rewritten on construction: `2(x + 1)` is `Product((Number(2), Sum((x, 1))))` and stays that.
Sums and products are flat (`a + b + c` has three terms); a bracket that the writer set is a nested node.
Subtraction is a sum with a `Negative` term.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from dlteach.values import frozen

# The reader admits 200 levels and takes five Python frames a level; these live on the heap, not on the C stack.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 10_000))

Value = TypeVar("Value")
CONSTANTS = ("pi", "e", "oo")


class _Remembering:
    """What is worked out once of a node and kept beside its fields: its hash and the names of its free symbols.

    Without that, a loop over the parts of a deep expression takes the square of its size, and often the cube.
    """

    __slots__ = ("free", "hashed")
    free: frozenset[str]  # set by `tree.symbols`
    hashed: int

    def __hash__(self) -> int:
        try:
            return self.hashed
        except AttributeError:
            found = hash((type(self), *self.__dict__.values()))
        object.__setattr__(self, "hashed", found)
        return found

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return type(self) is type(other) and hash(self) == hash(other) and bool(self.__dict__ == other.__dict__)

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__  # a hash is good in one process only


@frozen
class Expr(_Remembering):
    """What can stand on one side of a relation."""

    def children(self) -> tuple[Expr, ...]:
        """The expressions directly inside this one, from left to right."""
        found: list[Expr] = []
        for value in self.__dict__.values():
            collect(value, found)
        return tuple(found)


@frozen
class Number(Expr):
    """An exact rational; `text` keeps the way it was written, so that 0.044715 is shown as such."""

    value: Fraction
    text: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)


@frozen
class Constant(Expr):
    """`pi`, `e` or `oo`."""

    name: str


@frozen
class Symbol(Expr):
    """A variable or a parameter, by its ASCII name: `beta`, `x_1`, `sigma_B`."""

    name: str


@frozen
class Negative(Expr):
    """`-of`."""

    of: Expr


@frozen
class Sum(Expr):
    """Two or more terms."""

    terms: tuple[Expr, ...]


@frozen
class Product(Expr):
    """Two or more factors."""

    factors: tuple[Expr, ...]


@frozen
class Quotient(Expr):
    """`over/under`."""

    over: Expr
    under: Expr


@frozen
class Power(Expr):
    """`base^exponent`."""

    base: Expr
    exponent: Expr


@frozen
class Call(Expr):
    """A function applied; `primes` counts derivatives in the first parameter."""

    name: str
    args: tuple[Expr, ...]
    primes: int = 0


@frozen
class Branch:
    """One row of a piecewise; without a condition it is the `otherwise`."""

    value: Expr
    condition: Relation | None


@frozen
class Piecewise(Expr):
    """The first branch whose condition holds counts."""

    branches: tuple[Branch, ...]


@frozen
class Derivative(Expr):
    """`d^order/dvariable^order (of)`; `partial` remembers a round d."""

    of: Expr
    variable: Symbol
    order: int = 1
    partial: bool = False


@frozen
class Limit(Expr):
    """`lim(of, variable -> point)`; `side` is "+", "-" or ""."""

    of: Expr
    variable: Symbol
    point: Expr
    side: str = ""


@frozen
class Integral(Expr):
    """`int(of, variable = lower..upper)`."""

    of: Expr
    variable: Symbol
    lower: Expr
    upper: Expr


@frozen
class BigSum(Expr):
    """`sum(of, variable = lower..upper)`."""

    of: Expr
    variable: Symbol
    lower: Expr
    upper: Expr


class Kind(StrEnum):
    """A word of the notation that says of which kind a node is; it is equal to the text it is written as."""

    __hash__ = str.__hash__


class MomentKind(Kind):
    """A mean or a variance."""

    MEAN = "E"
    VARIANCE = "Var"


@frozen
class Moment(Expr):
    """`E[of]` or `Var[of]`, where z, z_1, z_2, … are independent standard normal variables."""

    kind: MomentKind
    of: Expr


@frozen
class Interval:
    """`[lower, upper]`; an open end has its flag set."""

    lower: Expr
    upper: Expr
    open_below: bool = False
    open_above: bool = False


class ExtremumKind(Kind):
    """The extreme value of an expression, or the place where it is reached."""

    SUP = "sup"
    INF = "inf"
    ARGMIN = "argmin"
    ARGMAX = "argmax"


@frozen
class Extremum(Expr):
    """`sup`, `inf`, `argmin` or `argmax` of an expression over an interval (None: the whole line)."""

    kind: ExtremumKind
    of: Expr
    variable: Symbol
    domain: Interval | None


@frozen
class Relation:
    """A chain: `sides[0] signs[0] sides[1] signs[1] …` with signs `=`, `!=`, `<`, `<=`, `>`, `>=`."""

    sides: tuple[Expr, ...]
    signs: tuple[str, ...]

    def links(self) -> Iterator[tuple[Expr, str, Expr]]:
        """The single relations of the chain, as left side, sign and right side."""
        return self.links_of(self.sides)

    def links_of(self, values: Sequence[Value]) -> Iterator[tuple[Value, str, Value]]:
        """The same with a value for each side."""
        return zip(values, self.signs, values[1:], strict=False)


@frozen
class Near:
    """`left ≈ right ± within`: |left - right| <= within."""

    left: Expr
    right: Expr
    within: Expr


class PropertyKind(Kind):
    """What may be said of a function; each has a row in `names.PROPERTIES` and a method in `deciding.properties`."""

    ODD = "odd"
    EVEN = "even"
    CONTINUOUS = "continuous"
    SMOOTH = "smooth"
    INCREASING = "increasing"
    DECREASING = "decreasing"
    CONVEX = "convex"
    CONCAVE = "concave"
    BOUNDED = "bounded"
    PERIODIC = "periodic"
    LIPSCHITZ = "lipschitz"


@frozen
class Property:
    """`odd(f)`, `smooth(f, k)`, …; `of` is an expression in x."""

    kind: PropertyKind
    of: Expr
    extra: tuple[Expr, ...] = ()


@frozen
class IsInteger:
    """`n integer`."""

    symbol: Symbol


@frozen
class InInterval:
    """`x in [a, b]`."""

    symbol: Symbol
    interval: Interval


Body = Relation | Near | Property
Condition = Relation | IsInteger | InInterval


@frozen
class Statement:
    """A body that holds for all real values of its symbols that meet the conditions."""

    body: Body
    conditions: tuple[Condition, ...] = ()


Node = Expr | Branch | Interval | Relation | Near | Property | IsInteger | InInterval | Statement
AnyNode = TypeVar("AnyNode", bound=Node)
Binder = Limit | Integral | BigSum | Extremum
BINDERS = (Limit, Integral, BigSum, Extremum)
HOLDERS = (Branch, Interval, Relation, Near, Property, IsInteger, InInterval, Statement)  # nodes that are no Expr


def fields_of(node: object) -> tuple[str, ...]:
    """The names of a node's fields."""
    names: tuple[str, ...] = type(node).__match_args__  # type: ignore[attr-defined]
    return names


def collect(value: object, found: list[Expr]) -> None:
    """Add the expressions in a field's value, from left to right, those inside them left out."""
    if isinstance(value, Expr):
        found.append(value)
    elif type(value) is tuple:
        for item in value:
            collect(item, found)
    elif isinstance(value, HOLDERS):
        for part in value.__dict__.values():
            collect(part, found)

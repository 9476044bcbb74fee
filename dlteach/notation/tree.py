"""The syntax tree: frozen values that say exactly what was written.

Nothing is rewritten on construction: `2(x + 1)` is `Product((Number(2), Sum((x, 1))))` and stays that.
Sums and products are flat (`a + b + c` has three terms); a bracket that the writer set is a nested node.
Subtraction is a sum with a `Negative` term.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeVar

from dlteach.values import replaced, value

# The reader admits 200 levels and takes five Python frames a level; these live on the heap, not on the C stack.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 10_000))

CONSTANTS = ("pi", "e", "oo")


@value
class Expr:
    """What can stand on one side of a relation."""

    def children(self) -> tuple[Expr, ...]:
        """The expressions directly inside this one, from left to right."""
        found: list[Expr] = []
        for name in _fields(self):
            _collect(getattr(self, name), found)
        return tuple(found)


@value
class Number(Expr):
    """An exact rational; `text` keeps the way it was written, so that 0.044715 is shown as such."""

    value: Fraction
    text: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)


@value
class Constant(Expr):
    """`pi`, `e` or `oo`."""

    name: str


@value
class Symbol(Expr):
    """A variable or a parameter, by its ASCII name: `beta`, `x_1`, `sigma_B`."""

    name: str


@value
class Negative(Expr):
    """`-of`."""

    of: Expr


@value
class Sum(Expr):
    """Two or more terms."""

    terms: tuple[Expr, ...]


@value
class Product(Expr):
    """Two or more factors."""

    factors: tuple[Expr, ...]


@value
class Quotient(Expr):
    """`over/under`."""

    over: Expr
    under: Expr


@value
class Power(Expr):
    """`base^exponent`."""

    base: Expr
    exponent: Expr


@value
class Call(Expr):
    """A function applied; `primes` counts derivatives in the first parameter."""

    name: str
    args: tuple[Expr, ...]
    primes: int = 0


@value
class Branch:
    """One row of a piecewise; without a condition it is the `otherwise`."""

    value: Expr
    condition: Relation | None


@value
class Piecewise(Expr):
    """The first branch whose condition holds counts."""

    branches: tuple[Branch, ...]


@value
class Derivative(Expr):
    """`d^order/dvariable^order (of)`; `partial` remembers a round d."""

    of: Expr
    variable: Symbol
    order: int = 1
    partial: bool = False


@value
class Limit(Expr):
    """`lim(of, variable -> point)`; `side` is "+", "-" or ""."""

    of: Expr
    variable: Symbol
    point: Expr
    side: str = ""


@value
class Integral(Expr):
    """`int(of, variable = lower..upper)`."""

    of: Expr
    variable: Symbol
    lower: Expr
    upper: Expr


@value
class BigSum(Expr):
    """`sum(of, variable = lower..upper)`."""

    of: Expr
    variable: Symbol
    lower: Expr
    upper: Expr


@value
class Moment(Expr):
    """`E[of]` or `Var[of]`, where z, z_1, z_2, … are independent standard normal variables."""

    kind: str
    of: Expr


@value
class Interval:
    """`[lower, upper]`; an open end has its flag set."""

    lower: Expr
    upper: Expr
    open_below: bool = False
    open_above: bool = False


@value
class Extremum(Expr):
    """`sup`, `inf`, `argmin` or `argmax` of an expression over an interval (None: the whole line)."""

    kind: str
    of: Expr
    variable: Symbol
    domain: Interval | None


@value
class Relation:
    """A chain: `sides[0] signs[0] sides[1] signs[1] …` with signs `=`, `!=`, `<`, `<=`, `>`, `>=`."""

    sides: tuple[Expr, ...]
    signs: tuple[str, ...]


@value
class Near:
    """`left ≈ right ± within`: |left - right| <= within."""

    left: Expr
    right: Expr
    within: Expr


@value
class Property:
    """`odd(f)`, `smooth(f, k)`, …; `of` is an expression in x."""

    kind: str
    of: Expr
    extra: tuple[Expr, ...] = ()


@value
class IsInteger:
    """`n integer`."""

    symbol: Symbol


@value
class InInterval:
    """`x in [a, b]`."""

    symbol: Symbol
    interval: Interval


Body = Relation | Near | Property
Condition = Relation | IsInteger | InInterval


@value
class Statement:
    """A body that holds for all real values of its symbols that meet the conditions."""

    body: Body
    conditions: tuple[Condition, ...] = ()


Node = Expr | Branch | Interval | Relation | Near | Property | IsInteger | InInterval | Statement
AnyNode = TypeVar("AnyNode", bound=Node)
BINDERS = (Limit, Integral, BigSum, Extremum)


def number(value: int | Fraction) -> Expr:
    """The tree of a rational: 3, -3, 1/2."""
    value = Fraction(value)
    if value < 0:
        return Negative(number(-value))
    whole = Number(Fraction(value.numerator), str(value.numerator))
    if value.denominator == 1:
        return whole
    return Quotient(whole, Number(Fraction(value.denominator), str(value.denominator)))


ZERO, ONE = number(0), number(1)
INFINITY = Constant("oo")


def call(name: str, *args: Expr) -> Call:
    """A function applied to arguments."""
    return Call(name, args)


def literal(expr: Expr) -> Fraction | None:
    """The exact value of an expression made of numbers alone; None for anything else.

    The reader bounds literal powers, so this never builds a number of more than some 10,000 bits.
    """
    match expr:
        case Number(value):
            return value
        case Negative(of):
            inner = literal(of)
            return None if inner is None else -inner
        case Quotient(over, under):
            a, b = literal(over), literal(under)
            return None if a is None or not b else a / b
        case Sum(terms):
            parts = [literal(term) for term in terms]
            return None if None in parts else sum((p for p in parts if p is not None), Fraction(0))
        case Product(factors):
            product = Fraction(1)
            for factor in factors:
                part = literal(factor)
                if part is None:
                    return None
                product *= part
            return product
        case Power(base, exponent):
            b, n = literal(base), literal(exponent)
            if b is None or n is None or n.denominator != 1 or (b == 0 and n < 0) or abs(n) > 10_000:
                return None
            return b ** int(n)
    return None


def _fields(node: object) -> tuple[str, ...]:
    names: tuple[str, ...] = type(node).__match_args__  # type: ignore[attr-defined]
    return names


def _collect(value: object, found: list[Expr]) -> None:
    if isinstance(value, Expr):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, found)
    elif isinstance(value, Branch | Interval | Relation | Near | Property | IsInteger | InInterval | Statement):
        for name in _fields(value):
            _collect(getattr(value, name), found)


def walk(node: Node) -> Iterator[Expr]:
    """Every expression in `node`, itself included, without recursion."""
    waiting: list[Expr] = []
    _collect(node, waiting)
    while waiting:
        expr = waiting.pop()
        yield expr
        waiting.extend(expr.children())


def depth(expr: Expr) -> int:
    """The longest way from the root to a leaf, found without recursion."""
    deepest, waiting = 0, [(expr, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in node.children())
    return deepest


def symbols(node: Node) -> frozenset[str]:
    """The names of the free symbols: bound variables and the z's of a moment are not counted."""
    if isinstance(node, Symbol):
        return frozenset({node.name})
    if isinstance(node, Moment):
        return frozenset(name for name in symbols(node.of) if not is_noise(name))
    if isinstance(node, BINDERS):
        outside: frozenset[str] = frozenset()
        if isinstance(node, Integral | BigSum):
            outside = symbols(node.lower) | symbols(node.upper)
        elif isinstance(node, Limit):
            outside = symbols(node.point)
        elif isinstance(node, Extremum) and node.domain is not None:
            outside = symbols(node.domain.lower) | symbols(node.domain.upper)
        return outside | (symbols(node.of) - {node.variable.name})
    inner: list[Expr] = []
    if isinstance(node, Expr):
        inner.extend(node.children())
        if isinstance(node, Derivative):
            inner.append(node.variable)
    else:
        _collect(node, inner)
    return frozenset().union(*(symbols(child) for child in inner))


def is_noise(name: str) -> bool:
    """Whether a symbol inside E[…] is one of the independent N(0, 1) variables."""
    return name == "z" or name.startswith("z_")


def rebuilt(node: AnyNode, change: Callable[[Expr], Expr]) -> AnyNode:
    """`node` with `change` applied to every direct sub-expression; bound variables are kept."""
    kept = {"variable", "symbol"}
    new = {
        name: _changed(value, change)
        for name in _fields(node)
        if name not in kept and not isinstance(value := getattr(node, name), str | int | Fraction | None)
    }
    return replaced(node, **new) if new else node


def _changed(value: Any, change: Callable[[Expr], Expr]) -> Any:
    if isinstance(value, Expr):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_changed(item, change) for item in value)
    return value if isinstance(value, str) else rebuilt(value, change)


def exchanged(expr: Expr, old: Expr, new: Expr) -> Expr:
    """`expr` with every part that equals `old` replaced by `new`."""
    return new if expr == old else rebuilt(expr, lambda child: exchanged(child, old, new))


def substitute(node: AnyNode, values: Mapping[str, Expr]) -> AnyNode:
    """`node` with free symbols replaced.

    A derivative whose variable is replaced by something else than a symbol keeps its variable: open
    derivatives before putting numbers in.
    """
    if isinstance(node, Symbol):
        return values.get(node.name, node)  # type: ignore[return-value]
    if isinstance(node, Moment):
        values = {name: new for name, new in values.items() if not is_noise(name)}
    elif isinstance(node, BINDERS):
        values = {name: new for name, new in values.items() if name != node.variable.name}
    if isinstance(node, Derivative) and node.variable.name in values:
        new = values[node.variable.name]
        if not isinstance(new, Symbol):
            values = {name: other for name, other in values.items() if name != node.variable.name}
        else:
            node = replaced(node, variable=new)
    return rebuilt(node, lambda child: substitute(child, values))

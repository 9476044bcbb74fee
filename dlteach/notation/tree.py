"""The syntax tree: its nodes, walking through them, and putting expressions in for symbols."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import count
from typing import Any

from dlteach.errors import DlteachError
from dlteach.notation.nodes import (
    BINDERS,
    CONSTANTS,
    AnyNode,
    BigSum,
    Binder,
    Body,
    Branch,
    Call,
    Condition,
    Constant,
    Derivative,
    Expr,
    Extremum,
    ExtremumKind,
    InInterval,
    Integral,
    Interval,
    IsInteger,
    Kind,
    Limit,
    Moment,
    MomentKind,
    Near,
    Negative,
    Node,
    Number,
    Piecewise,
    Power,
    Product,
    Property,
    PropertyKind,
    Quotient,
    Relation,
    Statement,
    Sum,
    Symbol,
    collect,
)
from dlteach.notation.patience import look
from dlteach.values import replace

__all__ = [
    "BINDERS",
    "CONSTANTS",
    "INFINITY",
    "ONE",
    "ZERO",
    "AnyNode",
    "BigSum",
    "Binder",
    "Body",
    "Branch",
    "Call",
    "CannotSubstitute",
    "Condition",
    "Constant",
    "Derivative",
    "Expr",
    "Extremum",
    "ExtremumKind",
    "InInterval",
    "Integral",
    "Interval",
    "IsInteger",
    "Kind",
    "Limit",
    "Moment",
    "MomentKind",
    "Near",
    "Negative",
    "Node",
    "Number",
    "Piecewise",
    "Power",
    "Product",
    "Property",
    "PropertyKind",
    "Quotient",
    "Relation",
    "Statement",
    "Sum",
    "Symbol",
    "TooLarge",
    "call",
    "depth",
    "digits",
    "exchanged",
    "fresh",
    "is_noise",
    "is_too_large",
    "literal",
    "number",
    "rebuilt",
    "substitute",
    "symbols",
    "walk",
    "within",
]


# The reader admits numbers of 400 digits and powers of 3,000; a product of a few of them is to be written, too.
MOST_DIGITS = 50_000
MOST_BITS = 3 * MOST_DIGITS
AT_ONCE = 3_900  # digits that Python writes without being told to
BOUND = 10**AT_ONCE


class TooLarge(DlteachError):
    """A number has more digits than anyone could write down."""


def is_too_large(value: Fraction) -> bool:
    """Whether a rational has more digits than a number may have."""
    return max(value.numerator.bit_length(), value.denominator.bit_length()) > MOST_BITS


def number(value: int | Fraction) -> Expr:
    """The tree of a rational: 3, -3, 1/2; raises TooLarge."""
    value = Fraction(value)
    if is_too_large(value):
        raise TooLarge(f"a number with more than {MOST_DIGITS:,} digits: use smaller ones")
    if value < 0:
        return Negative(number(-value))
    whole = Number(Fraction(value.numerator), digits(value.numerator))
    if value.denominator == 1:
        return whole
    return Quotient(whole, Number(Fraction(value.denominator), digits(value.denominator)))


def digits(value: int) -> str:
    """The digits of a whole number that is not negative, also where they are many."""
    if value < BOUND:
        return str(value)
    high, low = divmod(value, BOUND)
    return digits(high) + str(low).zfill(AT_ONCE)


ZERO, ONE = number(0), number(1)
INFINITY = Constant("oo")


def call(name: str, *args: Expr) -> Call:
    """A function applied to arguments."""
    return Call(name, args)


def literal(expr: Expr) -> Fraction | None:
    """The exact value of an expression made of numbers alone; None for anything else.

    Neither is it known of a power with more than MOST_BITS binary digits.
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
            if max(b.numerator.bit_length(), b.denominator.bit_length()) * abs(n) > MOST_BITS:
                return None
            return b ** int(n)
    return None


def walk(node: Node) -> Iterator[Expr]:
    """Every expression in `node`, itself included, without recursion; raises Overrun where there is no time left."""
    waiting: list[Expr] = []
    collect(node, waiting)
    while waiting:
        look()
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
    if not isinstance(node, Expr):
        inner: list[Expr] = []
        collect(node, inner)
        return frozenset().union(*map(symbols, inner))
    try:
        return node.free
    except AttributeError:
        free = _free(node)
    object.__setattr__(node, "free", free)
    return free


def _free(node: Expr) -> frozenset[str]:
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
    found = [symbols(child) for child in node.children()]
    if len(found) == 1:
        return found[0]
    return frozenset().union(*found)


def is_noise(name: str) -> bool:
    """Whether a symbol inside E[…] is one of the independent N(0, 1) variables."""
    return name == "z" or name.startswith("z_")


def rebuilt(node: AnyNode, change: Callable[[Expr], Expr]) -> AnyNode:
    """`node` with `change` applied to every direct sub-expression; bound variables are kept.

    It is `node` itself where nothing changes. Raises Overrun where there is no time left.
    """
    look()
    new: dict[str, Any] | None = None
    old = node.__dict__
    for name, value in old.items():
        if name == "variable" or name == "symbol":
            continue
        changed = _changed(value, change)
        if changed is not value:
            new = dict(old) if new is None else new
            new[name] = changed
    if new is None:
        return node
    copy = object.__new__(type(node))
    copy.__dict__.update(new)
    return copy


def _changed(value: Any, change: Callable[[Expr], Expr]) -> Any:
    kind = type(value)
    if kind is tuple:
        items = [_changed(item, change) for item in value]
        return value if all(map(operator.is_, items, value)) else tuple(items)
    if kind in _PLAIN:
        return value
    if isinstance(value, Expr):
        return change(value)
    return value if isinstance(value, str) else rebuilt(value, change)


_PLAIN = frozenset({str, int, bool, Fraction, type(None)})


def exchanged(expr: Expr, old: Expr, new: Expr) -> Expr:
    """`expr` with every part that equals `old` replaced by `new`."""
    return new if expr == old else rebuilt(expr, lambda child: exchanged(child, old, new))


class CannotSubstitute(DlteachError):
    """What would be put in loses its meaning there, and no tree can say what is meant."""


def substitute(node: AnyNode, values: Mapping[str, Expr]) -> AnyNode:
    """`node` with free symbols replaced, all at once; a bound variable steps aside for a value that names it.

    `x in [0, 1]` and `n integer` become relations when x and n are replaced by more than a symbol. Raises
    CannotSubstitute where z's would enter E[…] from outside, and for the place at which a derivative is taken:
    open derivatives before putting numbers in.
    """
    changed: Node
    match node:
        case Symbol(name):
            changed = values.get(name, node)
        case Moment():
            changed = _into_moment(node, values)
        case Derivative():
            changed = _into_derivative(node, values)
        case Limit() | Integral() | BigSum() | Extremum():
            changed = _under_binder(node, values)
        case IsInteger(symbol) if symbol.name in values:
            value = values[symbol.name]
            changed = IsInteger(value) if isinstance(value, Symbol) else Relation((call("floor", value), value), ("=",))
        case InInterval(symbol, interval) if symbol.name in values:
            changed = within(values[symbol.name], substitute(interval, values))
        case Statement(body, conditions):
            changed = Statement(substitute(body, values), tuple(substitute(c, values) for c in conditions))
        case _:
            changed = rebuilt(node, lambda child: substitute(child, values))
    return changed  # type: ignore[return-value]


def within(value: Expr, interval: Interval) -> Relation | InInterval:
    """`value in interval`, as a chain of relations where the value is no symbol."""
    if isinstance(value, Symbol):
        return InInterval(value, interval)
    sides, signs = [value], []
    if interval.lower != Negative(INFINITY):
        sides, signs = [interval.lower, value], ["<" if interval.open_below else "<="]
    if interval.upper != INFINITY:
        sides, signs = [*sides, interval.upper], [*signs, "<" if interval.open_above else "<="]
    return Relation(tuple(sides), tuple(signs)) if signs else Relation((value, value), ("=",))


def _reaching(of: Expr, values: Mapping[str, Expr], bound: Collection[str] = ()) -> dict[str, Expr]:
    """The values for symbols that are free in `of` and not bound on the way to it."""
    free = symbols(of)
    return {name: value for name, value in values.items() if name in free and name not in bound}


def _named_in(values: Mapping[str, Expr]) -> frozenset[str]:
    return frozenset().union(*map(symbols, values.values()))


def _into_moment(node: Moment, values: Mapping[str, Expr]) -> Moment:
    inner = {name: value for name, value in _reaching(node.of, values).items() if not is_noise(name)}
    if taken := sorted(filter(is_noise, _named_in(inner))):
        raise CannotSubstitute(f"`{taken[0]}` is a random variable inside {node.kind}[…]: give the other another name")
    return Moment(node.kind, substitute(node.of, inner))


def _into_derivative(node: Derivative, values: Mapping[str, Expr]) -> Derivative:
    variable = values.get(node.variable.name, node.variable)
    inner = _reaching(node.of, values, (node.variable.name,))
    kept = symbols(node.of) - {node.variable.name} - inner.keys()
    if not isinstance(variable, Symbol) or variable.name in _named_in(inner) | kept:
        raise CannotSubstitute(f"a derivative in `{node.variable.name}` cannot be put elsewhere: work it out first")
    return replace(node, of=substitute(node.of, {**inner, node.variable.name: variable}), variable=variable)


def _under_binder(node: Binder, values: Mapping[str, Expr]) -> Binder:
    """Bounds, point and interval stand outside the binder, only `of` inside."""
    outside = rebuilt(replace(node, of=ZERO), lambda child: substitute(child, values))
    variable, inner = node.variable, _reaching(node.of, values, (node.variable.name,))
    if variable.name in (used := _named_in(inner)):
        variable = Symbol(fresh(variable.name, used | {e.name for e in walk(node.of) if isinstance(e, Symbol)}))
        inner[node.variable.name] = variable
    return replace(outside, of=substitute(node.of, inner), variable=variable)


def fresh(name: str, used: Collection[str]) -> str:
    """A name like `name` that is none of those used, and no random variable's: i_1, i_2, …"""
    stem = "t" if is_noise(name) else name.partition("_")[0]
    return next(candidate for i in count(1) if (candidate := f"{stem}_{i}") not in used)


Link = tuple[Expr, str, Expr]


def links(conditions: Iterable[Condition]) -> Iterator[Link]:
    """Every single relation that conditions contain."""
    for condition in conditions:
        if isinstance(condition, Relation):
            yield from condition.links()
        elif isinstance(condition, InInterval):
            interval = condition.interval
            yield interval.lower, "<" if interval.open_below else "<=", condition.symbol
            yield condition.symbol, "<" if interval.open_above else "<=", interval.upper

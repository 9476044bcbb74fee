"""Where the formula of a derivative may not be the derivative: ends of domains, kinks, jumps.

`needs` says what must hold for an expression to have a value, `ties` at which places a derivative has to be looked at
on its own. Both look through the course's functions, and both are complete: what is not known here raises CannotDerive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum, auto
from itertools import pairwise

from dlteach.notation.backend import Definitions
from dlteach.notation.names import BUILTINS
from dlteach.notation.tree import (
    BINDERS,
    ZERO,
    BigSum,
    Call,
    Constant,
    Derivative,
    Expr,
    Integral,
    Moment,
    Negative,
    Number,
    Piecewise,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    call,
    literal,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.facts import FACTS, relations
from dlteach.values import frozen

POSITIVE = ("exp", "cosh", "sech", "erfc", "Phi", "phi", "sigmoid")
STEPS = ("floor", "ceil")


class Kind(Enum):
    """What a function does at a tie."""

    KINK = auto()  # it is continuous and has a slope on either side: |u|, max, min
    END = auto()  # a root, an end of the domain, a jump: with u' != 0 there is no derivative
    BASE = auto()  # u^n at u = 0, for an exponent that may be a whole number
    POWER = auto()  # u^v for a v that moves: without a logarithm of u only points are left, or the constant 0


@frozen
class Tie:
    """`node` has to be looked at on its own where `left = right` (or `left sign right`)."""

    node: Expr
    left: Expr
    right: Expr
    kind: Kind
    sign: str = "="

    @property
    def place(self) -> Relation:
        """Where."""
        return Relation((self.left, self.right), (self.sign,))


def differs(left: Expr, right: Expr) -> Relation:
    """left != right."""
    return Relation((left, right), ("!=",))


def ties(expr: Expr, variable: str, definitions: Definitions) -> list[Tie]:
    """The places that a derivative in the variable has to look at; piecewise functions are the caller's."""
    found: list[Tie] = []
    for node in parts(expr, definitions):
        if variable not in symbols(node):
            continue
        match node:
            case Call("max" | "min", args, 0):
                found += [Tie(node, a, b, Kind.KINK) for i, a in enumerate(args) for b in args[i + 1 :]]
            case Call("abs", (u,), 0):
                found.append(Tie(node, u, ZERO, Kind.KINK))
            case Call(name, (u,), 0) if name in STEPS:
                found.append(Tie(node, u, call(name, u), Kind.END))
            case Call(name, (u,), 0) if name in FACTS and FACTS[name].smooth != FACTS[name].real:
                found += [Tie(node, a, b, Kind.END) for a, b in _borders(name, u)]
            case Power(base, exponent) if variable in symbols(exponent):
                found += _of_moving_exponent(node, base, exponent, variable)
            case Power(base, exponent):
                n = literal(exponent)
                if n is None and not positive(base):
                    found.append(Tie(node, base, ZERO, Kind.BASE))
                elif n is not None and n.denominator != 1 and n > 0 and not positive(base):
                    found.append(Tie(node, base, ZERO, Kind.END))
    return list(dict.fromkeys(tie for tie in found if variable in symbols(tie.place) or tie.kind is Kind.POWER))


def _of_moving_exponent(node: Expr, base: Expr, exponent: Expr, variable: str) -> Iterator[Tie]:
    """u^v where u <= 0: for a v that is not constant anywhere it is real at single points, but for u = 0."""
    if positive(base):
        return
    if not _is_variable(exponent, variable):
        yield Tie(node, base, ZERO, Kind.POWER, "<=")
    elif variable not in symbols(base):
        yield Tie(node, base, ZERO, Kind.POWER)
    elif not _is_variable(base, variable):
        yield Tie(node, base, ZERO, Kind.POWER, "<=")


def _borders(name: str, u: Expr) -> Iterator[tuple[Expr, Expr]]:
    for relation in _of(FACTS[name].smooth, u):
        if not _holds(relation):
            yield from pairwise(relation.sides)


def _of(text: str, u: Expr) -> tuple[Relation, ...]:
    return tuple(substitute(relation, {"u": u}) for relation in relations(text))


def needs(expr: Expr, definitions: Definitions, variable: str = "", ends: bool = False) -> Iterator[Relation | Expr]:
    """What must hold for an expression to have a value: relations, and parts for which no relation says it.

    With a variable, what must hold for derivatives in it: the domain without its ends, but for `ends`.
    """
    for node in parts(expr, definitions):
        moving = bool(variable) and variable in symbols(node)
        match node:
            case Quotient(_, under):
                yield from _open([differs(under, ZERO)])
            case Power(base, exponent):
                yield from _of_power(node, base, exponent, variable, ends)
            case Call(name, (u, *_), 0) if name in FACTS and name not in STEPS:
                where = FACTS[name].real
                yield from _open(_of(FACTS[name].smooth if moving and where and not ends else where, u))
            case Piecewise() if not moving:
                if node.branches[-1].condition is not None or any(True for _ in _within(node, definitions)):
                    yield node
            case Integral() | Moment() | BigSum():
                yield node
            case _ if isinstance(node, (*BINDERS, Derivative)) and not moving:
                yield node


def _within(node: Piecewise, definitions: Definitions) -> Iterator[Relation | Expr]:
    for branch in node.branches:
        yield from needs(branch.value, definitions)
        for side in branch.condition.sides if branch.condition is not None else ():
            yield from needs(side, definitions)


def _of_power(node: Power, base: Expr, exponent: Expr, variable: str, ends: bool) -> Iterator[Relation | Expr]:
    n = literal(exponent)
    if positive(base) or (n is not None and n >= 0 and n.denominator == 1):
        return
    if n is not None and n.denominator == 1:
        yield from _open([differs(base, ZERO)])
    elif n is not None:
        inside = n < 0 or (variable in symbols(base) and not ends)
        yield Relation((base, ZERO), (">" if inside else ">=",))
    elif variable not in symbols(exponent):
        yield node
    elif _is_variable(exponent, variable):
        yield Relation((base, ZERO), (">=" if ends else ">",))


def _is_variable(expr: Expr, variable: str) -> bool:
    """Whether an expression is the variable, or its negative: nowhere constant."""
    return (expr.of if isinstance(expr, Negative) else expr) == Symbol(variable)


def _open(found: Iterable[Relation]) -> Iterator[Relation]:
    yield from (relation for relation in found if not _holds(relation))


def parts(expr: Expr, definitions: Definitions) -> Iterator[Expr]:
    """Every part, those of the definitions of functions included; not what is summed, integrated or chosen between."""
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        yield node
        match node:
            case Piecewise() | Moment():
                continue
            case Integral(_, _, lower, upper):
                waiting += [lower, upper]
            case _ if isinstance(node, BINDERS):
                continue
            case Call(name, args, 0) if name not in BUILTINS and name in definitions:
                waiting += [*args, definitions[name].applied(args)]
            case _:
                waiting += node.children()


def implied(formula: Expr, definitions: Definitions) -> set[Relation | Expr]:
    """What holds wherever a formula has a value, as far as its quotients and its functions say it."""
    found: set[Relation | Expr] = set(walk(formula))
    for need in needs(formula, definitions):
        found.add(need)
        if isinstance(need, Relation) and need.signs == ("!=",) and need.sides[1] == ZERO:
            found.update(_nonzero(need.sides[0]))
        if isinstance(need, Relation) and need.signs == (">",):
            found.add(differs(*need.sides))
    return found | powers_in(formula)


def powers_in(formula: Expr) -> set[Relation | Expr]:
    """u^, for each power with a symbol in its exponent: it has a value where u to that symbol and a number has one."""
    nodes = (node for node in walk(formula) if isinstance(node, Power) and literal(node.exponent) is None)
    return {Power(node.base, Symbol("")) for node in nodes}


def _nonzero(expr: Expr) -> Iterator[Relation]:
    """What follows where an expression is not 0."""
    yield differs(expr, ZERO)
    match expr:
        case Negative(of):
            yield from _nonzero(of)
        case Product(factors):
            for factor in factors:
                yield from _nonzero(factor)
        case Power(base, exponent) if (literal(exponent) or 0) > 0:
            yield from _nonzero(base)
        case Call("sqrt", (u,), 0):
            yield Relation((u, ZERO), (">",))
            yield from _nonzero(u)
        case Call("cbrt" | "abs", (u,), 0):
            yield from _nonzero(u)


def _holds(relation: Relation) -> bool:
    """Whether a relation holds for all real values, by what is seen at once."""
    for sign, a, b in zip(relation.signs, relation.sides, relation.sides[1:], strict=False):
        one, two = literal(a), literal(b)
        if one is not None and two is not None:
            if not {"<": one < two, "<=": one <= two, ">": one > two, ">=": one >= two, "!=": one != two}[sign]:
                return False
        elif sign == "!=" and b == ZERO:
            if not positive(a) and not (isinstance(a, Negative) and positive(a.of)):
                return False
        elif not (two is not None and two <= 0 and (positive(a) if sign == ">" else sign == ">=" and at_least_zero(a))):
            return False
    return True


def positive(expr: Expr) -> bool:
    """Whether an expression is seen to be positive wherever it has a value."""
    match expr:
        case Number(value):
            return value > 0
        case Constant(name):
            return name in ("pi", "e")
        case Call(name, args, 0):
            if name in ("max", "min"):
                return (any if name == "max" else all)(positive(arg) for arg in args)
            return name in POSITIVE or (name in ("sqrt", "cbrt", "abs") and positive(args[0]))
        case Power(base, _):
            return positive(base)
        case Product(factors):
            return all(positive(factor) for factor in factors)
        case Quotient(over, under):
            return positive(over) and positive(under)
        case Sum(terms):
            return all(at_least_zero(term) for term in terms) and any(positive(term) for term in terms)
    return False


def at_least_zero(expr: Expr) -> bool:
    """Whether an expression is seen not to be negative anywhere."""
    match expr:
        case Number() | Constant():
            return True
        case Call("abs" | "sqrt", _, 0):
            return True
        case Power(_, exponent) if (n := literal(exponent)) is not None and n.denominator == 1 and n % 2 == 0:
            return True
        case Product(factors):
            return all(at_least_zero(factor) for factor in factors) or (len(factors) == 2 and factors[0] == factors[1])
        case Quotient(over, under):
            return at_least_zero(over) and positive(under)
        case Sum(terms):
            return all(at_least_zero(term) for term in terms)
    return positive(expr)

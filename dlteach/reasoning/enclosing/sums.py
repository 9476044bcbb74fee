"""Sums: finite ones term by term, infinite ones by their first terms and an expansion of the rest.

A finite sum has a value for an integer upper end from one below the lower end on, where it is 0. The terms of an
infinite one are followed as functions of n; a sign (-1)^n is taken apart into pairs of an even and an odd term, which
add up to the series whenever its terms fade.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import Balls, NoLimit, NotReal, Unsure, ball, precision
from dlteach.notation.show import show
from dlteach.notation.tree import (
    ONE,
    Call,
    Expr,
    Negative,
    Power,
    Product,
    Sum,
    Symbol,
    call,
    exchanged,
    literal,
    number,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.pieces import affine
from dlteach.reasoning.enclosing.ends import fades, series_tail
from dlteach.reasoning.worker.process import clock

MOST_TERMS = 20_000  # of a sum and of all that stand in its terms together
BITS = 96
STARTS = (16, 64, 512, 4096)  # how many terms are added one by one before the expansion takes over
SMALL = arb("1e-26")
NARROW = arb("1e-18")
Term = Callable[[arb], arb]


class Budget:
    """The terms and the time that the sums of one expression share, however they are nested."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.depth = self.terms = 0

    def spend(self) -> None:
        """One more term; raises NotEvaluable when there is no more to spend."""
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise NotEvaluable("a sum of too many terms")
        if self.terms % 64 == 0 and clock() > self.deadline:
            raise NotEvaluable("the time for a sum ran out")


def finite(term: Term, first: int, last: int, budget: Budget) -> arb:
    """The sum of the terms from `first` to `last`; raises NotReal where it has no value."""
    if last < first - 1:
        raise NotReal("a sum has no value where its upper end lies below its lower end by more than 1")
    if last - first > MOST_TERMS:
        raise NotEvaluable("a sum of too many terms")
    if not budget.depth:
        budget.terms = 0
    budget.depth += 1
    try:
        total = arb(0)
        for i in range(first, last + 1):
            budget.spend()
            total += term(arb(i))
        return total
    finally:
        budget.depth -= 1


def whole_end(end: Expr, value: arb) -> int:
    """An end of a sum as an integer; raises NotReal where it is none, Unsure where that cannot be told."""
    exact = literal(end)
    if exact is not None:
        value = ball(exact)
    if exact is None and value.is_exact() and abs(value) < 2**62:
        exact = Fraction(int(value.unique_fmpz())) if value.is_integer() else None
    if exact is not None and exact.denominator == 1:
        return int(exact)
    if exact is not None or (value.is_finite() and not value.contains_integer()):
        raise NotReal("a sum wants integer ends")
    if value.is_exact() and value.is_finite():
        raise NotEvaluable("a sum of too many terms")
    raise Unsure("whether an end of a sum is an integer cannot be told")


# ---- infinite sums -------------------------------------------------------------------------------


def infinite(
    of: Expr, variable: str, first: int, term: Term, env: Mapping[str, arb], definitions: Definitions, budget: Budget
) -> arb:
    """The sum of all terms from `first` on, or ±inf; raises NoLimit where the series has no value."""
    exact = {name: value.fmpq() for name, value in env.items() if value.is_exact()}
    of = substitute(of, {name: number(Fraction(int(value.p), int(value.q))) for name, value in exact.items()})
    signs = list(_alternating(of, variable))
    with precision(BITS):
        if not signs:
            return _series(of, variable, first, 1, term, env, definitions, budget)
        try:
            found = _series(_bounded(of, signs), variable, first, 1, term, env, definitions, budget)
        except NotEvaluable:
            found = arb.nan()
        if found.is_finite() and found.rad() < NARROW:
            return found
        even, odd = (_at(of, variable, signs, parity) for parity in (0, 1))
        faded = [_fades(part, variable, env, definitions) for part in (even, odd)]
        if False in faded:
            raise NoLimit(f"the terms `{show(of)}` do not tend to 0, so their sum has no limit")
        if None in faded:
            raise NotEvaluable("whether the terms of a series tend to 0 is not known")
        return _series(Sum((even, odd)), variable, first, 2, term, env, definitions, budget)


def _series(
    rest: Expr, variable: str, first: int, step: int, term: Term, env: Mapping[str, arb], definitions: Definitions,
    budget: Budget,
) -> arb:  # fmt: skip
    """The first terms one by one, and the sum of `rest` for all variables from there on, `step` terms in each."""
    best: arb | None = None
    problem: NotEvaluable = NotEvaluable("the terms of a series could not be followed")
    for start in STARTS:
        if start * step <= first:
            continue
        try:
            tail = series_tail(rest, variable, start, env, definitions)
        except NotEvaluable as reason:
            problem = reason
            continue
        if best is None or tail.rad() < best.rad() or not tail.is_finite():
            terms = finite(term, first, start * step - 1, budget)
            best = terms + tail if tail.is_finite() else tail
        if not tail.is_finite() or tail.rad() < SMALL:
            break
    if best is not None:
        return best
    if _fades(rest, variable, env, definitions) is False or _waves(rest, variable, env, definitions):
        raise NoLimit(f"the terms `{show(rest)}` do not tend to 0, so their sum has no limit")
    raise problem


def _waves(of: Expr, variable: str, env: Mapping[str, arb], definitions: Definitions) -> bool:
    """Whether terms g(n)*sin(a*n + b), or with cos, are shown not to tend to 0: |g| stays above 0, and sin(a) is not 0.

    If sin(a*n + b) tended to 0, so would sin(a*n + a + b) = sin(a*n + b)*cos(a) + cos(a*n + b)*sin(a), but the last
    cosine tends to 1 or -1.
    """
    factors = of.factors if isinstance(of, Product) else (of,)
    waves = [factor for factor in factors if isinstance(factor, Call) and factor.name in ("sin", "cos")]
    if len(waves) != 1 or (line := affine(waves[0].args[0], variable)) is None:
        return False
    rest = tuple(factor for factor in factors if factor is not waves[0])
    try:
        step = Balls(definitions)(line[0], env).sin()
    except NotEvaluable:
        return False
    return not step.contains(0) and (not rest or _fades(Product((ONE, *rest)), variable, env, definitions) is False)


def _fades(of: Expr, variable: str, env: Mapping[str, arb], definitions: Definitions) -> bool | None:
    for start in STARTS:
        try:
            return fades(of, variable, start, env, definitions)
        except NotEvaluable:
            continue
    return None


Sign = tuple[Expr, Fraction, int, int]  # the node, its base below 0, and the exponent a*n + b


def _alternating(of: Expr, variable: str) -> Iterator[Sign]:
    """The powers of negative numbers whose exponents are a*n + b with integers a and b."""
    for node in walk(of):
        if not isinstance(node, Power) or variable not in symbols(node.exponent):
            continue
        base, line = literal(node.base), affine(node.exponent, variable)
        if base is None or base >= 0 or line is None:
            continue
        a, b = literal(line[0]), literal(line[1])
        if a is not None and b is not None and a.denominator == b.denominator == 1:
            yield node, base, int(a), int(b)


def _bounded(of: Expr, signs: list[Sign]) -> Expr:
    """The terms with another factor that stays in [-1, 1] for each sign: good for a bound of their sum."""
    for node, base, _, _ in signs:
        assert isinstance(node, Power)
        of = exchanged(of, node, Product((call("sin", node.exponent), Power(number(-base), node.exponent))))
    return of


def _at(of: Expr, variable: str, signs: list[Sign], parity: int) -> Expr:
    """The terms with n = 2*m + parity, as an expression in m, with the signs worked out."""
    for node, base, a, b in signs:
        assert isinstance(node, Power)
        size: Expr = ONE if base == -1 else Power(number(-base), node.exponent)
        of = exchanged(of, node, size if (a * parity + b) % 2 == 0 else Negative(size))
    return substitute(of, {variable: Sum((Product((number(2), Symbol(variable))), number(parity)))})

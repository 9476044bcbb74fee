"""The limit of an expression, and an upper bound on a tail, by whichever calculus can follow it.

`germs` are exact about rational main terms; `scales` know logarithms and fractional powers as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction

from flint import arb, fmpq

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.tree import Expr
from dlteach.reasoning.enclosing.asymptotics import NoTail, ceiling, germ, limit, spread
from dlteach.reasoning.enclosing.germs import Coefficient, Germ, as_ball, least, relative, sign_of
from dlteach.reasoning.enclosing.scales import Scales
from dlteach.reasoning.enclosing.terms import Term, Value, order

PLUS, MINUS = arb.pos_inf(), arb.neg_inf()
ONE = Term(fmpq(1))


def tails(
    expr: Expr, variable: str, side: int, start: int, env: Mapping[str, arb], definitions: Definitions, fine: bool
) -> Iterator[tuple[Coefficient, arb]]:
    """(limit, upper bound) for side*variable >= start >= 2, by a quick calculus or from each that is fine.

    A limit that is a ball contains all that the expression may tend to. Where all values lie below the limit, that is
    the bound.
    """
    with suppress(NoTail):
        yield _by_germ(germ(expr, variable, side, start, env, definitions, fine))
    if not fine:
        return
    try:
        yield _by_scales(expr, variable, side, start, env, definitions)
    except NotEvaluable:
        return


def _by_germ(found: Germ) -> tuple[Coefficient, arb]:
    end = limit(found)
    if isinstance(end, arb) and not end.is_finite():
        return end, PLUS if end == PLUS else ceiling(found)
    top = spread(found).upper()
    gap = relative(found)[2] if found.over and found.degree == 0 else found
    try:
        least(gap)
    except NoTail:
        return end, top
    rises = sign_of(gap.lead) * (sign_of(end) if gap is not found else 1) < 0
    return end, as_ball(end).upper() if rises else top


def _by_scales(
    expr: Expr, variable: str, side: int, start: int, env: Mapping[str, arb], definitions: Definitions
) -> tuple[Coefficient, arb]:
    scales = Scales(definitions, start)
    known = {name: scales.known(value) for name, value in env.items()}
    value = scales(expr, {**known, variable: (Term(fmpq(side), Fraction(1)),)})
    if value and order(value[0], ONE) > 0:
        return _growing(scales, value)
    settled = [term.whole for term in value if term.constant]
    fading = tuple(term for term in value if not term.constant and not as_ball(term.coefficient).is_zero())
    end: Coefficient = settled[0] if len(settled) == 1 else sum(map(as_ball, settled), arb(0)) if settled else fmpq(0)
    whole = as_ball(end)
    for term in fading:
        part = replace(term, coefficient=fmpq(1), gauss=0, growth=term.moving)
        whole += as_ball(term.whole) * arb(0).union(scales.largest(part))
    if not whole.is_finite():
        raise NoTail("the values are too large to tell")
    rises = bool(fading) and bool(scales.swallowed(fading).coefficient < 0)
    return end, as_ball(end).upper() if rises else whole.upper()


def _growing(scales: Scales, value: Value) -> tuple[Coefficient, arb]:
    """All terms in the coefficient of the first; what falls stays below its value for the smallest growth."""
    first = scales.swallowed(value)
    if first.coefficient > 0:
        return PLUS, PLUS
    if not first.coefficient < 0:
        raise NoTail("the sign of the main term is not known")
    smallest = 1 / scales.largest(scales.ratio(ONE, first))
    return MINUS, (first.coefficient * smallest).upper()

"""Integrals over the part of a line beside a singular end, or out to infinity, by expansions in scales of growth.

Beside a point p the variable is p + 1/X or p - 1/X, far out it is X or -X. There the integrand is a sum of terms
c(X)*X^a*ln(X)^b*e^E(X) for all X >= T, each coefficient in a ball. Each is integrated in closed form or bounded, or
the first of them shows that the integral is infinite. What comes out finite converges absolutely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from flint import arb, fmpq

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.names import Builtin
from dlteach.notation.reader import read
from dlteach.notation.tree import Expr
from dlteach.reasoning.enclosing.scales import Scales
from dlteach.reasoning.enclosing.terms import NoScale, Term, Value, ball, order

FAR = (16, 64, 512, 4096, 2**17, 2**26)
NEAR = (2**6, 2**12, 2**20, 2**32)
SMALL = arb("1e-27")
AT_ONE: Mapping[str, str] = {  # written with functions that are analytic where u is 1
    "asin": "pi/2 - 2*asin(sqrt((1 - u)/2))",
    "acos": "2*asin(sqrt((1 - u)/2))",
    "acosh": "2*asinh(sqrt((u - 1)/2))",
    "atanh": "(ln(1 + u) - ln(1 - u))/2",
}
AT_MINUS_ONE: Mapping[str, str] = {
    "asin": "2*asin(sqrt((1 + u)/2)) - pi/2",
    "acos": "pi - 2*asin(sqrt((1 + u)/2))",
    "atanh": "(ln(1 + u) - ln(1 - u))/2",
}


class _Ends(Scales):
    """Scales that follow inverse functions into the ends of their domains as well."""

    def builtin(self, row: Builtin, how: str, args: list[Value]) -> Value:
        first = args[0][0] if args[0] else None
        if row.name in AT_ONE and first is not None and first.constant and isinstance(first.whole, fmpq):
            formulas = AT_ONE if first.whole == 1 else AT_MINUS_ONE if first.whole == -1 else {}
            if row.name in formulas and len(args[0]) > 1:
                return self(read(formulas[row.name]), {"u": args[0]})
        return super().builtin(row, how, args)


def beside(
    expr: Expr, variable: str, place: Fraction, side: int, reach: arb, env: Mapping[str, arb], definitions: Definitions
) -> tuple[arb, arb]:
    """(x, the integral between the place and x), for some x on that side, at most `reach` away."""
    best: tuple[arb, arb] | None = None
    problem: NotEvaluable = NoScale("the end could not be followed")
    for start in NEAR:
        if not arb(start) * reach > 1:
            continue
        try:
            scales = _Ends(definitions, start)
            at = (Term(fmpq(place.numerator, place.denominator)), Term(fmpq(side), Fraction(-1)))
            value = _expanded(scales, expr, variable, at, env)
            area = _area(scales, tuple(replace(term, power=term.power - 2) for term in value))
        except NotEvaluable as reason:
            problem = reason
            continue
        x = arb(fmpq(place.numerator, place.denominator)) + arb(fmpq(side, start))
        if best is None or not area.is_finite() or area.rad() < best[1].rad():
            best = x, area
        if not area.is_finite() or area.rad() < SMALL:
            break
    if best is None:
        raise problem
    return best


def far_out(
    expr: Expr, variable: str, side: int, reach: arb, env: Mapping[str, arb], definitions: Definitions
) -> tuple[arb, arb]:
    """(x, the integral beyond x towards ±infinity), for some x on that side, beyond side*x = `reach`."""
    best: tuple[arb, arb] | None = None
    problem: NotEvaluable = NoScale("the tail could not be followed")
    for start in FAR:
        if not reach < start:
            continue
        try:
            scales = _Ends(definitions, start)
            value = _expanded(scales, expr, variable, (Term(fmpq(side), Fraction(1)),), env)
            area = _area(scales, value)
        except NotEvaluable as reason:
            problem = reason
            continue
        if best is None or not area.is_finite() or area.rad() < best[1].rad():
            best = arb(side * start), area
        if not area.is_finite() or area.rad() < SMALL:
            break
    if best is None:
        raise problem
    return best


def series_tail(expr: Expr, variable: str, first: int, env: Mapping[str, arb], definitions: Definitions) -> arb:
    """The sum of the terms from `first` on, or ±infinity; raises NotEvaluable where that is not known."""
    scales = _Ends(definitions, first)
    value = _expanded(scales, expr, variable, (Term(fmpq(1), Fraction(1)),), env)
    return _area(scales, value, summed=True)


def fades(expr: Expr, variable: str, start: int, env: Mapping[str, arb], definitions: Definitions) -> bool | None:
    """Whether an expression tends to 0; False where it stays away from 0, None where that is not known."""
    scales = _Ends(definitions, start)
    value = _expanded(scales, expr, variable, (Term(fmpq(1), Fraction(1)),), env)
    if not value or order(value[0], Term(fmpq(1))) < 0:
        return True
    swallowed = scales.swallowed(value).coefficient
    return False if swallowed > 0 or swallowed < 0 else None


def _expanded(scales: Scales, expr: Expr, variable: str, at: tuple[Term, ...], env: Mapping[str, arb]) -> Value:
    known = {name: scales.known(value.fmpq() if value.is_exact() else value) for name, value in env.items()}
    value: Value = scales(expr, {**known, variable: scales.gathered(list(at))})
    return value


def _area(scales: Scales, value: Value, summed: bool = False) -> arb:
    """The integral, or the sum over the integers, of all terms over X >= T; ±inf where the first one decides that."""
    if not value:
        return arb(0)
    if not _converges(value[0]):
        sign = scales.sign(value)
        if not sign:
            raise NoScale("the sign of a coefficient is not known")
        return arb.pos_inf() if sign > 0 else arb.neg_inf()
    total = arb(0)
    for term in value:
        total += ball(term.whole) * (_sum_of(scales, term) if summed else _integral_of(scales, term))
    if not total.is_finite():
        raise NoScale("the size of the rest is not known")
    return total


def _converges(term: Term) -> bool:
    """Whether X^a*ln(X)^b*e^E has an integral to infinity, by its form."""
    if term.moving:
        power, lead = term.moving[0]
        if power > 0 and not (lead > 0 or lead < 0):
            raise NoScale("the sign of a coefficient is not known")
        if power > 0:
            return bool(lead < 0)
    return term.power < -1 or (term.power == -1 and term.logs < -1)


def _integral_of(scales: Scales, term: Term) -> arb:
    """The integral of X^a*ln(X)^b*e^E over X >= T."""
    t, log, a, b = scales.start, scales.log, _real(term.power), term.logs
    if term.moving:  # at most the supremum of X^2 times it, and the integral of 1/X^2
        top = scales.largest(Term(fmpq(1), term.power + 2, b, term.moving))
        return arb(0).union((top / t).upper())
    if term.power == -1:
        return log ** _real(b + 1) / _real(-b - 1)
    head = t ** (a + 1) / (-a - 1)
    if b.denominator == 1 and 0 <= b <= 12:  # by parts
        total, factor = arb(0), arb(1)
        for k in range(int(b), -1, -1):
            total += factor * log**k
            factor *= k / (-a - 1)
        return head * total
    if b < 0:
        return arb(0).union((head * log ** _real(b)).upper())
    raise NoScale("a power of a logarithm")


def _sum_of(scales: Scales, term: Term) -> arb:
    """The sum of n^a*ln(n)^b*e^E over the integers n >= T."""
    t, log, b = scales.start, scales.log, term.logs
    if term.moving:
        top = scales.largest(Term(fmpq(1), term.power + 2, b, term.moving))
        return arb(0).union((top * arb(2).zeta(t)).upper())
    if b == 0:
        return _real(-term.power).zeta(t)
    # what falls from T on: the integral, and at most the first term
    if not _real(term.power) * log + _real(b) <= 0:
        raise NoScale("the terms do not fall yet")
    area = _integral_of(scales, term)
    first = t ** _real(term.power) * log ** _real(b)
    return area + arb(0).union(first.upper())


def _real(value: Fraction) -> arb:
    return arb(fmpq(value.numerator, value.denominator))

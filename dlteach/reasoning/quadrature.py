"""Integrals, enclosed: Arb's adaptive Gauss-Legendre rule on each piece (Johansson 2018), tails bounded by `tails`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from flint import acb, arb, fmpq

from dlteach.notation.backend import Backend, Definitions, NotEvaluable
from dlteach.notation.balls import Balls, precision
from dlteach.notation.names import Builtin
from dlteach.notation.tree import Expr, Piecewise
from dlteach.reasoning.pieces import Span, pieces
from dlteach.reasoning.recorded import recorded
from dlteach.reasoning.tails import NoTail, area, germ
from dlteach.reasoning.worker import clock

BITS = 96
STARTS = (8, 12, 16, 32, 64, 128, 1024)
SMALL = arb("1e-24")
NAN = acb(arb.nan())


class Complex(Backend[acb]):
    """Values are complex balls; `analytic` asks for nan where a function is not analytic on the ball."""

    column = "arb"

    def __init__(self, definitions: Definitions) -> None:
        super().__init__(definitions)
        self.analytic = False

    def number(self, value: Fraction) -> acb:
        return acb(fmpq(value.numerator, value.denominator))

    def constant(self, name: str) -> acb:
        return acb(Balls({}).constant(name))

    def power(self, base: acb, exponent: acb) -> acb:
        n = exponent.real
        if exponent.imag.is_zero() and n.is_exact() and n.is_integer():
            return base ** int(n.unique_fmpz())
        if base.imag.is_zero() and base.real > 0:
            return (exponent * acb(base.real.log())).exp()
        return base.pow(exponent, analytic=self.analytic)

    def builtin(self, row: Builtin, how: str, args: list[acb]) -> acb:
        if how in ("log", "sqrt"):
            return getattr(args[0], how)(analytic=self.analytic)
        if how in ("abs", "sgn", "min", "max", "floor", "ceil"):
            kinked = {"abs": "real_abs", "sgn": "real_sgn"}.get(how, f"real_{how}")
            return getattr(args[0], kinked)(*args[1:], analytic=self.analytic)
        return getattr(args[0], how)()

    def piecewise(self, expr: Piecewise, env: Mapping[str, acb]) -> acb:
        raise NotEvaluable("a piecewise inside an integral that could not be cut")


def integral(
    of: Expr, variable: str, lower: Expr | None, upper: Expr | None, env: Mapping[str, arb], definitions: Definitions,
    deadline: float,
) -> arb:  # fmt: skip
    """A ball that contains the integral between two ends (None: infinite); raises NotEvaluable."""
    with precision(BITS):
        balls, total = Balls(definitions), arb(0)
        found, _ = pieces(of, variable, Span(lower, upper), env, definitions)
        for piece in found:
            run = _complex(piece.expr, variable, env, definitions)
            ends = []
            for side, bound in ((-1, piece.lower), (1, piece.upper)):
                if bound is not None:
                    ends.append(balls(bound, env))
                    continue
                start, rest = _tail(piece.expr, variable, side, env, definitions)
                ends.append(arb(side * start))
                total += arb(0, rest)
            if clock() > deadline:
                raise NotEvaluable("the budget for integrals ran out")
            total += _quadrature(run, ends[0], ends[1])
        if not total.is_finite():
            raise NotEvaluable("the integral could not be enclosed")
        return total


def _complex(expr: Expr, variable: str, env: Mapping[str, arb], definitions: Definitions) -> Callable[[acb, bool], acb]:
    back = Complex(definitions)
    run = recorded(back, expr, variable, {name: acb(value) for name, value in env.items()})

    def integrand(x: acb, analytic: Any) -> acb:
        back.analytic = bool(analytic)
        try:
            return run(x)
        except (NotEvaluable, AttributeError, ValueError, OverflowError):
            return NAN

    return integrand


def _quadrature(run: Callable[[acb, bool], acb], lower: arb, upper: arb) -> arb:
    """The integral between two balls: between their midpoints, and what the ends may add or leave out."""
    value = acb.integral(run, acb(lower.mid()), acb(upper.mid()), eval_limit=20_000).real
    for end in (lower, upper):
        if not end.is_exact():
            value += arb(0, (abs(run(acb(end), False).real) * end.rad()).upper())
    return value


def _tail(expr: Expr, variable: str, side: int, env: Mapping[str, arb], definitions: Definitions) -> tuple[int, arb]:
    """Where the tail begins, and a bound of the integral of |expr| over it."""
    best: tuple[int, arb] | None = None
    problem = NoTail("the tail of the integral could not be bounded")
    for start in STARTS:
        try:
            rest = area(germ(expr, variable, side, start, env, definitions))
        except NoTail as reason:
            problem = reason
            continue
        best = (start, rest)
        if rest < SMALL:
            break
    if best is None:
        raise problem
    return best

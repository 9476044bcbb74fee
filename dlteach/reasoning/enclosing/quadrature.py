"""Proper integrals, enclosed: Arb's adaptive Gauss-Legendre rule (Johansson 2018), on what is shown to be real.

Arb asks for the integrand in two ways. On a piece of the real line, boxes give nan unless the integrand has a value at
every point of it. On a complex ball, every function gives nan where the ball touches a branch cut or a jump; off its
cuts each function is real for a real argument, so that by induction the integrand is real on the line there, too. So
a finite result is an integral of a function that is real and bounded everywhere in between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from flint import acb, arb, fmpq

from dlteach.notation.backend import Backend, Definitions, NotEvaluable
from dlteach.notation.balls import Balls, Boxes
from dlteach.notation.names import Builtin
from dlteach.notation.tree import BigSum, Expr, Piecewise, Sum, literal, number, rebuilt, substitute
from dlteach.reasoning.enclosing.compiled import recorded
from dlteach.reasoning.worker.process import Overrun, clock

NAN = acb(arb.nan())
MOST_EVALUATIONS = 20_000
MOST_UNROLLED = 100


def _crosses(u: acb, low: int | None, high: int | None) -> bool:
    """Whether a ball touches the real line outside low < x < high."""
    return bool(u.imag.contains(0)) and not ((low is None or u.real > low) and (high is None or u.real < high))


def _turned(u: acb) -> acb:
    return acb(u.imag, -u.real)


CUTS: Mapping[str, Callable[[acb], bool]] = {  # whether a ball touches a cut (Abramowitz and Stegun 1964, 4.4 and 4.6)
    "asin": lambda u: _crosses(u, -1, 1),
    "acos": lambda u: _crosses(u, -1, 1),
    "atan": lambda u: _crosses(_turned(u), -1, 1),
    "asinh": lambda u: _crosses(_turned(u), -1, 1),
    "acosh": lambda u: _crosses(u, 1, None),
    "atanh": lambda u: _crosses(u, -1, 1),
    "lambertw": lambda u: _crosses(u * acb(arb.const_e()), -1, None),
}
FLAGGED = ("log", "sqrt")  # methods of Arb that take the flag `analytic` themselves
KINKED = {"abs": "real_abs", "sgn": "real_sgn", "floor": "real_floor", "ceil": "real_ceil"}
ENTIRE = frozenset({"exp", "erf", "erfc", "sin", "cos", "tan", "cot", "sinh", "cosh", "tanh", "coth"})  # or meromorphic


class Complex(Backend[acb]):
    """Values are complex balls; nan where an expression is not analytic on the ball."""

    column = "arb"

    def __init__(self, definitions: Definitions) -> None:
        super().__init__(definitions)
        self.boxes = Boxes(definitions)

    def number(self, value: Fraction) -> acb:
        return acb(fmpq(value.numerator, value.denominator))

    def constant(self, name: str) -> acb:
        return acb(Balls({}).constant(name))

    def power(self, base: acb, exponent: acb) -> acb:
        n = exponent.real
        if exponent.imag.is_zero() and n.is_exact() and n.is_integer() and abs(n) < 2**32:
            return base ** int(n.unique_fmpz()) if base.is_finite() else NAN
        if base.imag.is_zero() and base.real > 0:
            return (exponent * acb(base.real.log())).exp()
        return base.pow(exponent, analytic=True)

    def builtin(self, row: Builtin, how: str, args: list[acb]) -> acb:
        if how in ("min", "max"):
            result = args[0]
            for other in args[1:]:
                result = getattr(result, f"real_{how}")(other, analytic=True)
            return result
        u = args[0]
        if how in KINKED:
            return getattr(u, KINKED[how])(analytic=True)
        if how in FLAGGED:
            return getattr(u, how)(analytic=True)
        if how in CUTS:
            return NAN if CUTS[how](u) else getattr(u, how)()
        if how in ENTIRE:
            return getattr(u, how)()
        raise NotEvaluable(f"where {row.name} is analytic is not known")

    def piecewise(self, expr: Piecewise, env: Mapping[str, acb]) -> acb:
        """The branch that holds at every real point of the ball: real parts contain the values there."""
        real = {name: value.real for name, value in env.items()}
        for branch in expr.branches:
            holds = True if branch.condition is None else self.boxes.holds(branch.condition, real)
            if holds is None:
                return NAN
            if holds:
                return self(branch.value, env)
        return NAN


class Integrand:
    """An expression of one variable on boxes of the real line, and on complex balls."""

    def __init__(self, expr: Expr, variable: str, env: Mapping[str, arb], definitions: Definitions, deadline: float):
        expr = unrolled(expr)
        self.expr, self.variable, self.env, self.definitions = expr, variable, env, definitions
        self.deadline, self.count, self.late = deadline, 0, False
        self._box = recorded(Boxes(definitions), expr, variable, env)
        self._ball = recorded(Complex(definitions), expr, variable, {name: acb(v) for name, v in env.items()})

    def box(self, x: arb) -> arb:
        """The values on a box; nan unless there is one at every point of it."""
        try:
            value: arb = self._box(x)
        except (NotEvaluable, ValueError, OverflowError):
            return arb.nan()
        return value

    def __call__(self, x: acb, analytic: Any) -> acb:
        self.count += 1
        if self.late or (self.count % 64 == 0 and clock() > self.deadline):
            self.late = True  # Arb calls this, and knows no exceptions: nan ends its work soon
            return NAN
        try:
            return acb(self.box(x.real)) if not analytic and x.imag.is_zero() else self._ball(x)
        except Overrun:
            self.late = True
        except (NotEvaluable, ValueError, OverflowError):
            pass
        return NAN

    def between(self, lower: arb, upper: arb) -> arb:
        """The integral between two balls, or a ball that is not finite: between their midpoints, and what the ends
        may add or leave out."""
        value: arb = acb.integral(self, acb(lower.mid()), acb(upper.mid()), eval_limit=MOST_EVALUATIONS).real
        if self.late:
            raise NotEvaluable("the time for an integral ran out")
        for end in (lower, upper):
            if not end.is_exact():
                value += arb(0, (abs(self.box(end)) * end.rad()).upper())
        return value


def unrolled(expr: Expr) -> Expr:
    """With short finite sums written out, which the back ends of this module know nothing of."""
    expr = rebuilt(expr, unrolled)
    if not isinstance(expr, BigSum):
        return expr
    first, last = literal(expr.lower), literal(expr.upper)
    whole = first is not None and last is not None and first.denominator == last.denominator == 1
    if first is None or last is None or not whole or not 1 <= last - first + 1 <= MOST_UNROLLED:
        return expr
    terms = tuple(substitute(expr.of, {expr.variable.name: number(i)}) for i in range(int(first), int(last) + 1))
    return terms[0] if len(terms) == 1 else Sum(terms)

"""The search for a counterexample: both sides in balls at many points, and what is learnt on the way.

A point at which both sides are finite balls is evidence that the statement says something; one at which balls exclude
the relation refutes it, rigorously. Where a side is shown to have no value, that is kept as a gap. A function of which
nothing is known stands for every function, so it is looked at with one that is smooth: sin(u + k) + u/3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from flint import arb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import NoLimit, NotReal, precision, remembered, truth
from dlteach.notation.names import BUILTINS
from dlteach.notation.patience import Overrun
from dlteach.notation.tree import (
    BigSum,
    Call,
    Constant,
    Expr,
    Extremum,
    Integral,
    IsInteger,
    Limit,
    Negative,
    Product,
    Quotient,
    Sum,
    call,
    number,
    rebuilt,
    symbols,
)
from dlteach.reasoning.algebra.sample_points import Point, points
from dlteach.reasoning.deciding.proofs import Question
from dlteach.reasoning.deciding.verdicts import Gap, Verdict, enclosed, named, refuted
from dlteach.reasoning.enclosing.evaluate import Evaluator

BITS = 128
MOST_BITS = 8 * BITS
ENOUGH = 40  # bits to which an equality is looked at
MOST_DIGITS = int(MOST_BITS * 0.3)  # a value that is exact agrees to as many as were computed
MOST_GAPS = 8
COUNTS = ("seen", "looked", "absent", "unsure", "huge", "digits", "gaps")
MODEL = ", with sin(u + k) + u/3 as the unknown function"


@dataclass(frozen=True)
class _Unknown:
    """A side whose value could not be told; `huge` because it is too large."""

    huge: bool = False


Side: TypeAlias = "arb | NotReal | _Unknown"


class PointSearch:
    """One relation, looked at point by point; the counts are those of the last run that had the time to see most.

    `seen` counts the points at which both sides have a value, `absent` those at which one is shown to have none.
    """

    def __init__(self, question: Question) -> None:
        self.sign, self.conditions, self.deadline = question.sign, question.conditions, question.deadline
        self.names, self.definitions = question.names.union(*map(symbols, question.beside)), question.definitions
        self.left, self.right = (modelled(side, self.definitions) for side in (question.left, question.right))
        self.assumed = (self.left, self.right) != (question.left, question.right)
        self.beside = tuple(modelled(side, self.definitions) for side in question.beside)
        whole = frozenset(c.symbol.name for c in question.conditions if isinstance(c, IsInteger))
        self.back = Evaluator(self.definitions, self.deadline, whole)
        self.seen = self.looked = self.absent = self.unsure = self.huge = 0
        self.digits = 0
        self.alone = ""  # why no worker could be asked, where none could
        self.certain = self.apart = ""
        self.exact = self.both_infinite = False
        self.gaps: list[Gap] = []
        self.missing: tuple[Point, NotReal] | None = None  # the first point without a value, and why

    def run(self, count: int) -> Verdict | None:
        """The refutation at the first of so many points where there is one; None when none was found in time."""
        before = {name: getattr(self, name) for name in COUNTS}
        self.seen = self.looked = self.absent = self.unsure = self.huge = 0
        self.digits = MOST_DIGITS
        self.gaps = []
        sides = [self.left, self.right, *self.beside]
        try:
            with precision(BITS):
                for point in points(sides, self.names, self.conditions, self.definitions, count, self.deadline):
                    self.looked += 1
                    if (found := self.at(point)) is not None:
                        return found
        except Overrun:
            pass  # what was seen until then counts
        if self.looked < before["looked"]:  # the time ran out before it had seen as much as the last time
            self.__dict__.update(before)
        return None

    def at(self, point: Point) -> Verdict | None:
        """The refutation at a point, if it is one; what else is learnt there is noted."""
        env = {name: remembered(value) for name, value in point.items()}
        if self.beside and not all(isinstance(self.value(side, env), arb) for side in self.beside):
            self.absent += 1
            return None
        holds: bool | None = None
        for bits in (BITS, MOST_BITS):
            with precision(bits):
                a, b = self.sides(env)
                sides = _finite_beside(a, self.left, b), _finite_beside(b, self.right, a)
                infinite = isinstance(a, arb) and isinstance(b, arb) and not all(isinstance(s, arb) for s in sides)
                if infinite and not point:
                    found = refuted(point, a, b)
                    return replace(found, how="no value", evidence=f"{found.evidence}: it has no finite value")
                a, b = sides
                if isinstance(a, NotReal) or isinstance(b, NotReal):
                    self.without(point, a, b)
                    return None
                if isinstance(a, _Unknown) or isinstance(b, _Unknown):
                    continue
                holds = truth(self.sign, a, b)
                self.both_infinite = not self.assumed and not (a.is_finite() or b.is_finite()) and holds is True
                if holds is False:
                    found = refuted(point, a, b)
                    return replace(found, evidence=f"{found.evidence}{MODEL}") if self.assumed else found
                if holds or (self.sign == "=" and a.rel_accuracy_bits() > ENOUGH):
                    break
        if not (isinstance(a, arb) and isinstance(b, arb)):
            self.unsure += 1
            self.huge += any(isinstance(side, _Unknown) and side.huge for side in (a, b))
            return None
        self.seen += 1
        self.digits = min(self.digits, max(1, int(min(a.rel_accuracy_bits(), bits) * 0.3)))
        if holds and not self.assumed:  # what holds of a model need not hold of the function
            self.exact = bool(a.is_exact() and b.is_exact())
            self.certain = self.apart or f"{enclosed(a)} {self.sign} {enclosed(b)}"
        return None

    def sides(self, env: Mapping[str, arb]) -> tuple[Side, Side]:
        """Both sides; for |a - b| <= c the values of a and b are remembered for the evidence."""
        match self.left, self.sign:
            case Call("abs", (Sum((a, Negative(b))),), 0), "<=":
                one, two, bound = self.value(a, env), self.value(b, env), self.value(self.right, env)
                if isinstance(one, arb) and isinstance(two, arb):
                    gap = abs(one - two)
                    self.apart = f"{enclosed(one)} against {enclosed(two)}, {enclosed(gap, 3)} apart"
                    return gap, bound
                return (one if isinstance(two, arb) else two), bound
        return self.value(self.left, env), self.value(self.right, env)

    def value(self, expr: Expr, env: Mapping[str, arb]) -> Side:
        """A finite ball, or an infinite one where a whole side may be infinite; else why there is none."""
        try:
            found = self.back(expr, env)
        except NotReal as problem:
            return problem
        except (NotEvaluable, OverflowError):
            return _Unknown()
        if found.is_finite() or (may_be_infinite(expr) and not found.is_nan() and abs(found) == arb.pos_inf()):
            return found
        return _Unknown(huge=not found.is_nan())

    def without(self, point: Point, a: Side, b: Side) -> None:
        """Note a point at which a side is shown to have no value."""
        self.absent += 1
        problem = a if isinstance(a, NotReal) else b
        assert isinstance(problem, NotReal)
        self.missing = self.missing or (point, problem)
        if (isinstance(a, arb) or isinstance(b, arb)) and len(self.gaps) < MOST_GAPS:
            self.gaps.append(Gap("left" if isinstance(a, NotReal) else "right", named(point), str(problem)))

    @property
    def no_limit(self) -> bool:
        """Whether what is missing is the value of a limit, an integral or a series."""
        return self.missing is not None and isinstance(self.missing[1], NoLimit)


def _finite_beside(side: Side, expr: Expr, other: Side) -> Side:
    """A side, unless it is an infinite limit, integral or series beside a finite one: then it has no value."""
    inner = expr.of if isinstance(expr, Negative) else expr
    converges = isinstance(inner, Limit | Integral | BigSum)
    if converges and isinstance(side, arb) and isinstance(other, arb) and other.is_finite() and not side.is_finite():
        return NoLimit("it grows beyond every bound" if side > 0 else "it falls below every bound")
    return side


def may_be_infinite(expr: Expr) -> bool:
    """Whether a side that is infinite counts as a value: a limit, an integral, a series, an extremum, or oo itself."""
    inner = expr.of if isinstance(expr, Negative) else expr
    return isinstance(inner, Limit | Extremum | Integral | BigSum) or inner == Constant("oo")


def loose_infinity(expr: Expr, whole: bool = True) -> bool:
    """Whether oo stands where a number is wanted: it may be a whole side, an end or the point of a limit."""
    match expr:
        case Constant("oo"):
            return not whole
        case Negative(of):
            return loose_infinity(of, whole)
        case Limit(of, _, point):
            return loose_infinity(of, False) or loose_infinity(point)
        case Integral(of, _, lower, upper) | BigSum(of, _, lower, upper):
            return loose_infinity(of, False) or loose_infinity(lower) or loose_infinity(upper)
        case Extremum(_, of):
            return loose_infinity(of, False)
    return any(loose_infinity(child, False) for child in expr.children())


# ---- functions of which nothing is known -----------------------------------------------------------

WAVES = (("sin", 1), ("cos", 1), ("sin", -1), ("cos", -1))  # sin and its derivatives


def unknown_functions(expr: Expr, definitions: Definitions) -> bool:
    """Whether an expression contains a function that stands for every function."""
    here = isinstance(expr, Call) and _arbitrary(expr, definitions)
    return here or any(unknown_functions(child, definitions) for child in expr.children())


def _arbitrary(expr: Call, definitions: Definitions) -> bool:
    if expr.name in BUILTINS or expr.name in definitions:
        return False
    from dlteach.reasoning.deriving.exact import is_unknown

    return not is_unknown(expr.name)


def modelled(expr: Expr, definitions: Definitions) -> Expr:
    """`expr` with sin(u + k) + u/3, for a k of its own, in place of each function of which nothing is known."""
    expr = rebuilt(expr, lambda child: modelled(child, definitions))
    if not (isinstance(expr, Call) and _arbitrary(expr, definitions)):
        return expr
    shift = number(Fraction(sum(map(ord, expr.name)) % 97, 10))
    inside = Sum((*(Product((number(i + 1), arg)) for i, arg in enumerate(expr.args)), shift))
    wave, sign = WAVES[expr.primes % 4]
    value: Expr = call(wave, inside) if sign > 0 else Negative(call(wave, inside))
    if expr.primes < 2:
        rest = inside if expr.primes == 0 else number(1)
        value = Sum((value, Quotient(rest, number(3))))
    return value

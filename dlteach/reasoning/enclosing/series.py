"""Expressions as expansions for t -> oo: x is t or -t at infinity, and a + 1/t or a - 1/t at a point a.

So limits are exact wherever they are taken. An expansion exists only for what is real far out (beside the point); where
it is shown not to be, NotReal is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise
from math import factorial

from flint import arb

from dlteach.notation.backend import Backend, Definitions, NotEvaluable, formula
from dlteach.notation.balls import Balls, Boxes, NotReal
from dlteach.notation.names import Builtin
from dlteach.notation.tree import Constant, Expr, Piecewise, Relation, Symbol, call
from dlteach.reasoning.algebra.facts import FACTS
from dlteach.reasoning.enclosing.coefficients import Coefficient, Signs, atom, inverted, raised, rational
from dlteach.reasoning.enclosing.expansions import ONE, ZERO, Expansion, Expansions, sizes
from dlteach.reasoning.enclosing.orders import CONSTANT, Order, log

BALLS = Boxes({})
PI = Constant("pi")
AROUND = arb("1e-9")
BY_EXPONENTIALS = {
    "tanh": "(e^(2*u) - 1)/(e^(2*u) + 1)",
    "coth": "(e^(2*u) + 1)/(e^(2*u) - 1)",
    "sinh": "(e^u - e^-u)/2",
    "cosh": "(e^u + e^-u)/2",
    "sech": "2/(e^u + e^-u)",
    "csch": "2/(e^u - e^-u)",
    "sec": "1/cos(u)",
    "csc": "1/sin(u)",
    "cot": "cos(u)/sin(u)",
    "tan": "sin(u)/cos(u)",
    "erfc": "1 - erf(u)",
    "cbrt": "sign(u)*|u|^(1/3)",
    "log2": "ln(u)/ln(2)",
    "log10": "ln(u)/ln(10)",
}
FAR = {  # what these are for u -> oo, and for u -> -oo in w = -u
    "asinh": ("ln(u + sqrt(u^2 + 1))", "-ln(w + sqrt(w^2 + 1))"),
    "acosh": ("ln(u + sqrt(u^2 - 1))", ""),
    "atan": ("pi/2 - atan(1/u)", "atan(1/w) - pi/2"),
}
WAVES = ("sin", "cos")


class Series(Expansions, Backend[Expansion]):
    """Values are expansions of so many terms."""

    column = "arb"

    def __init__(self, definitions: Definitions, signs: Signs, count: int, whole: bool = False) -> None:
        Backend.__init__(self, definitions)
        Expansions.__init__(self, signs, count)
        self.whole = whole  # whether t runs over whole numbers
        self.phase: Callable[[str, Expansion], Expansion | None] | None = None  # what a wave is on a sequence

    # ---- the back end ---------------------------------------------------------------------------

    def __call__(self, expr: Expr, env: Mapping[str, Expansion]) -> Expansion:
        row = _OWN.get(type(expr).__name__)
        return row(self, expr, env) if row else super().__call__(expr, env)

    def number(self, value: Fraction) -> Expansion:
        return self.known(rational(value))

    def constant(self, name: str) -> Expansion:
        if name == "oo":
            raise NotEvaluable("infinity is no number")
        return self.known(atom(Constant(name)))

    def symbol(self, name: str) -> Expansion:
        return self.known(atom(Symbol(name)))

    def divide(self, over: Expansion, under: Expansion) -> Expansion:
        return self.times(over, self.inverse(under))

    def fixed(self, a: Expansion) -> Coefficient | None:
        """The value of what does not move; None where it does."""
        if a.error is not None or len(a.terms) > 1:
            return None
        if not a.terms:
            return ZERO
        return a.terms[0][1] if a.terms[0][0] == CONSTANT else None

    def power(self, base: Expansion, exponent: Expansion) -> Expansion:
        r = self.fixed(exponent)
        if r is not None:
            return self.power_of(base, r)
        c = self.fixed(base)
        if c is not None and c.rational != 1 and self.signs(c) <= 0:
            if self.signs(c) < 0:
                return self.alternating(-c, exponent)
            if self.sign(exponent) > 0:
                return self.known(ZERO)
            raise NotReal("0 to a negative power")
        if self.sign(base) < 0:
            raise NotEvaluable("a negative base with an exponent that moves")
        return self.exp(self.times(exponent, self.ln(base)))

    def alternating(self, c: Coefficient, exponent: Expansion) -> Expansion:
        """(-c)^u = c^u*cos(pi*u) for whole u: a sum of a whole number and a whole multiple of a whole variable."""
        shapes = [(order in (CONSTANT, log(0)), k.rational) for order, k in exponent.terms]
        if not self.whole or exponent.error or not all(ok and k and k.denominator == 1 for ok, k in shapes):
            raise NotEvaluable("a negative base with an exponent that moves")
        size = self.exp(self.times(exponent, self.ln(self.known(c))))
        return self.times(size, self.function("cos", self.times(exponent, self.known(atom(PI)))))

    def builtin(self, row: Builtin, how: str, args: list[Expansion]) -> Expansion:
        u = args[0]
        match row.name:
            case "max" | "min":
                best = u
                for other in args[1:]:
                    gap = self.sign(self.minus(other, best))
                    best = other if gap * (1 if row.name == "max" else -1) > 0 else best
                return best
            case "exp":
                return self.exp(u)
            case "ln" | "log":
                return self.ln(u)
            case "sqrt":
                return self.power_of(u, rational(Fraction(1, 2)))
            case "sign":
                return self.known(rational(self.sign(u)))
            case "abs":
                return u if self.sign(u) >= 0 else self.negative(u)
            case "floor" | "ceil":
                return self.step(row.name, u)
        return self.function(row.name, u)

    def call(self, name: str, args: list[Expansion], expr: Expr) -> Expansion:
        if name == "acot" and not args[0].terms and args[0].error is None:
            return self(formula("pi/2"), {})
        if name in BY_EXPONENTIALS and (name != "erfc" or not self.grows(args[0])):
            return self(formula(BY_EXPONENTIALS[name]), {"u": args[0]})
        return super().call(name, args, expr)  # type: ignore[arg-type]

    def grows(self, u: Expansion) -> bool:
        """Whether it tends to oo or -oo."""
        return bool(u.terms) and self.compare(u.terms[0][0], CONSTANT) > 0 and self.signs(self.lead(u)[1]) != 0

    def step(self, name: str, u: Expansion) -> Expansion:
        """floor or ceil: constant beside what is no integer, and told by the side of an integer."""
        if self.grows(u):
            on_sequence = self.phase(name, u) if self.phase else None
            return on_sequence or self.plus(u, Expansion((), CONSTANT))
        _, c, rest = self.split(u)
        self.must_fade(u)
        value = c.rational
        if value is None:
            found = BALLS(call(name, c.expr()), self.signs.env)
            if not (found.is_finite() and found.is_exact()):
                raise NotEvaluable("a step that cannot be told")
            return self.known(rational(int(found.unique_fmpz())))
        low = value.numerator // value.denominator
        if low != value:
            return self.known(rational(low if name == "floor" else low + 1))
        side = self.sign(rest)
        shift = min(side, 0) if name == "floor" else max(side, 0)
        return self.known(rational(low + shift))

    def must_fade(self, u: Expansion) -> None:
        """Raises NotEvaluable where the error does not go to 0."""
        if u.error is not None and self.compare(u.error, CONSTANT) >= 0:
            raise NotEvaluable("a part may oscillate, or is not known well enough")

    def function(self, name: str, u: Expansion) -> Expansion:
        """Another function: by its Taylor series where u tends to a constant, else by what it is far out."""
        if name in WAVES and (on_sequence := self.phase(name, u) if self.phase else None) is not None:
            return on_sequence
        if not self.grows(u):
            if name in WAVES and u.error is not None and self.compare(u.error, CONSTANT) >= 0:
                return Expansion((), CONSTANT)
            self.must_fade(u)
            _, c, rest = self.split(u)
            return self.wave(name, c, rest) if name in WAVES else self.near(name, c, rest)
        if name in WAVES:
            return Expansion((), CONSTANT)
        side = self.sign(u)
        if name in FAR and FAR[name][side < 0]:
            return self(formula(FAR[name][side < 0]), {"u": u, "w": self.negative(u)})
        if name == "acosh":
            raise NotReal("acosh(u) is real for u >= 1 only")
        if name in ("erf", "erfc"):
            return self.error(name, u, side)
        if name == "lambertw":
            return self.lambert(u, side)
        if name in ("asin", "acos", "atanh"):
            raise NotReal(f"{name}(u) is real for -1 <= u <= 1 only")
        raise NotEvaluable(f"the growth of {name} is not known")

    def wave(self, name: str, c: Coefficient, d: Expansion) -> Expansion:
        """sin(c + d) = sin(c)*cos(d) + cos(c)*sin(d), and so for cos."""
        sine, cosine = _constant("sin", c), _constant("cos", c)
        first, second = (sine, cosine) if name == "sin" else (cosine, -sine)
        taylor = [
            (first if k % 2 == 0 else second) * rational(Fraction((-1) ** (k // 2), factorial(k)))
            for k in range(self.count + 1)
        ]
        return self.composed(taylor, d)

    def near(self, name: str, c: Coefficient, d: Expansion) -> Expansion:
        """f(c + s*|d|) = f(c) + the integral of s*f'(c + s*v) over v from 0 to |d|, term by term."""
        value = _constant(name, c)
        if not FACTS[name].total and not BALLS(value.expr(), self.signs.env).is_finite():
            around = Balls(self.definitions)(c.expr(), self.signs.env) + arb(0, AROUND)
            Balls(self.definitions)(call(name, Symbol("u")), {"u": around})  # raises NotReal where all of it is outside
            raise NotEvaluable(f"{name} of a constant that is not known to have a value")
        if not d.terms and d.error is None:
            return self.known(value)
        side = self.sign(d) if d.terms else 1
        if name == "lambertw":
            raise NotEvaluable("a series of lambertw")
        step = Expansion(((log(0).inverse, rational(side)),))  # s*v for v = 1/t
        slope = self(formula(FACTS[name].slope), {"u": self.plus(self.known(c), step)})
        if not d.terms:
            if not all(_falling(order).rational is not None and self.signs(_falling(order)) >= 0
                       for order, _ in slope.terms):  # fmt: skip
                raise NotEvaluable(f"{name} beside a place where its slope is not bounded")
            return self.plus(self.known(value), Expansion((), d.error))
        size = d if side > 0 else self.negative(d)
        result = self.known(value)
        for order, a in slope.terms:
            power = _falling(order) + ONE
            if self.signs(power) <= 0:
                raise NotEvaluable(f"{name} has a pole there")
            factor = a * rational(side) * inverted(power)
            result = self.plus(result, self.times(self.known(factor), self.power_of(size, power)))
        if slope.error is not None:
            power = _falling(slope.error) + ONE
            (biggest, *_) = sizes(size)
            result = self.plus(result, Expansion((), biggest.power(power)))
        return result

    def error(self, name: str, u: Expansion, side: int) -> Expansion:
        """erfc(u) = e^(-u^2)/(u*sqrt(pi)) * (1 - 1/(2u^2) + 3/(2u^2)^2 - …) for u -> oo, an asymptotic series."""
        v = u if side > 0 else self.negative(u)
        square = self.times(v, v)
        asymptotic = [
            rational(Fraction((-1) ** k * factorial(2 * k), factorial(k) * 4**k)) for k in range(self.count + 1)
        ]
        series = self.composed(asymptotic, self.inverse(square))
        head = self.times(self.exp(self.negative(square)), self.inverse(v))
        faded = self.times(self.times(head, series), self(formula("1/sqrt(pi)"), {}))
        if name == "erfc":
            return faded if side > 0 else self.minus(self.known(rational(2)), faded)
        gone = self.minus(self.known(ONE), faded)
        return gone if side > 0 else self.negative(gone)

    def lambert(self, u: Expansion, side: int) -> Expansion:
        """W(u) = ln(u) - ln(ln(u)) + O(ln(ln(u))/ln(u)) for u -> oo."""
        if side < 0:
            raise NotReal("lambertw(u) is real for u >= -1/e only")
        one = self.ln(u)
        two = self.ln(one)
        (size, *_) = sizes(self.times(two, self.inverse(one)))
        return self.plus(self.minus(one, two), Expansion((), size))

    def piecewise(self, expr: Piecewise, env: Mapping[str, Expansion]) -> Expansion:
        for branch in expr.branches:
            if branch.condition is None or self.holds(branch.condition, env):
                return self(branch.value, env)
        raise NotReal("no branch of the piecewise holds")

    def holds(self, relation: Relation, env: Mapping[str, Expansion]) -> bool:
        """Whether a chain is true far out."""
        sides = [self(side, env) for side in relation.sides]
        wanted = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1), "=": (0,), "!=": (-1, 1)}
        gaps = [self.sign(self.minus(a, b)) for a, b in pairwise(sides)]
        return all(gap in wanted[sign] for sign, gap in zip(relation.signs, gaps, strict=True))


def _falling(order: Order) -> Coefficient:
    """p of v^p = t^-p."""
    if order.grown or any(k for k, _ in order.logs):
        raise NotEvaluable("a slope that is no power")
    return -order.logs[0][1] if order.logs else ZERO


def _constant(name: str, c: Coefficient) -> Coefficient:
    """f(c), as a number where it is one by an exact ball."""
    expr = call(name, c.expr())
    if name in WAVES and c.terms.keys() == {((PI, Fraction(1)),)}:
        turns = 2 * c.terms[((PI, Fraction(1)),)] + (1 if name == "cos" else 0)
        if turns.denominator == 1:
            return rational((0, 1, 0, -1)[int(turns) % 4])
        if turns.denominator == 2:
            return raised(rational(Fraction(1, 2)), rational(Fraction(1, 2))) * rational(1 if turns % 4 < 2 else -1)
    if c.rational is not None:
        value = BALLS(expr, {})
        if value.is_exact() and value.is_finite():
            middle = value.fmpq()
            return rational(Fraction(int(middle.p), int(middle.q)))
    return atom(expr)


def _negated(series: Series, expr: Expr, env: Mapping[str, Expansion]) -> Expansion:
    return series.negative(series(expr.of, env))  # type: ignore[attr-defined]


def _summed(series: Series, expr: Expr, env: Mapping[str, Expansion]) -> Expansion:
    parts = [series(part, env) for part in expr.terms]  # type: ignore[attr-defined]
    terms = [term for part in parts for term in part.terms]
    return series.gathered(terms, series.larger(*(part.error for part in parts)))


def _multiplied(series: Series, expr: Expr, env: Mapping[str, Expansion]) -> Expansion:
    first, *others = (series(part, env) for part in expr.factors)  # type: ignore[attr-defined]
    for other in others:
        first = series.times(first, other)
    return first


def _raised(series: Series, expr: Expr, env: Mapping[str, Expansion]) -> Expansion:
    base, exponent = expr.base, expr.exponent  # type: ignore[attr-defined]
    if base == Constant("e"):
        return series.exp(series(exponent, env))
    return series.power(series(base, env), series(exponent, env))


_OWN: Mapping[str, Callable[[Series, Expr, Mapping[str, Expansion]], Expansion]] = {
    "Negative": _negated,
    "Sum": _summed,
    "Product": _multiplied,
    "Power": _raised,
}

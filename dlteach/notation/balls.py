"""Arb's ball arithmetic: every value comes with a rigorous radius.

Evaluation has three answers, kept apart. A finite ball contains the value, which exists. A ball that is not finite says
that nothing is known: too wide, too large, or on the edge of a domain; more precision may help. `NotReal` is raised
where an expression is shown to have no value, because an argument lies outside the domain of its function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from typing import ClassVar

from flint import arb, ctx, fmpq

from dlteach.notation.backend import Backend, Definitions, NotEvaluable
from dlteach.notation.names import Builtin
from dlteach.notation.tree import Expr, Piecewise, Relation, literal, number, substitute, symbols

NAN = arb.nan()
MOST_EXPONENT = arb(2) ** 62  # powers beyond it go by logarithms: their exponents may be too long for memory


class Unsure(NotEvaluable):
    """The balls overlap where a decision is needed."""


class NotReal(NotEvaluable):
    """Shown to have no value here; `str()` is the reason."""


class NoLimit(NotReal):
    """A limit, an integral or a series shown to have no value: it diverges, oscillates, or its sides differ."""


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Work with `bits` binary digits inside the block."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def ball(value: Fraction | int) -> arb:
    """The tightest ball around a rational at the present precision."""
    value = Fraction(value)
    return arb(fmpq(value.numerator, value.denominator))


class Remembered(arb):  # type: ignore[misc]
    """The ball of a rational that is remembered: conditions on it are decided exactly."""

    exact: Fraction


def remembered(value: Fraction | int) -> Remembered:
    """The ball of a rational at which something is evaluated."""
    found = Remembered(ball(value))
    found.exact = Fraction(value)
    return found


def evaluate(expr: Expr, env: Mapping[str, Fraction | arb], definitions: Definitions) -> arb:
    """The ball of `expr`; raises NotEvaluable (Unsure where a branch cannot be chosen)."""
    values = {name: value if isinstance(value, arb) else remembered(value) for name, value in env.items()}
    return Balls(definitions)(expr, values)


def truth(sign: str, a: arb, b: arb) -> bool | None:
    """Whether `a sign b`; None where the balls do not tell."""
    if not (a.is_finite() or abs(a) > 0) or not (b.is_finite() or abs(b) > 0):
        return None
    if sign in ("=", "!="):
        same = True if a.is_exact() and b.is_exact() and a == b else False if not a.overlaps(b) else None
        return same if sign == "=" or same is None else not same
    if sign in (">", ">="):
        a, b, sign = b, a, "<" if sign == ">" else "<="
    if bool(a < b if sign == "<" else a <= b):
        return True
    return False if bool(a >= b if sign == "<" else a > b) else None


# ---- built-in functions --------------------------------------------------------------------------


def _largest(*args: arb) -> arb:
    result = args[0]
    for other in args[1:]:
        result = result.max(other)
    return result


def _smallest(*args: arb) -> arb:
    result = args[0]
    for other in args[1:]:
        result = result.min(other)
    return result


def _sign(u: arb) -> arb:
    return u.sgn() if u.is_finite() else NAN


def _oscillating(name: str) -> Callable[[arb], arb]:
    """sin and cos, of numbers: at infinity Arb says [-1, 1], but there is no value."""

    def function(u: arb) -> arb:
        result: arb = getattr(u, name)()
        return result if u.mid().is_finite() else NAN

    return function


def _lambertw(u: arb) -> arb:
    result = u.lambertw()
    return result if result.is_finite() else NAN  # on the edge of the domain Arb says ±inf, as if there were a value


def _cube_root(u: arb) -> arb:
    if u > 0:
        return u.root(3)
    if u < 0:
        return -((-u).root(3))
    if u.is_zero() or not u.is_finite():
        return u
    return (-_cube_root(-u.lower())).union(_cube_root(u.upper()))


def _inverse_cotangent(u: arb) -> arb:
    """atan(1/u), and pi/2 at 0, where it jumps."""
    if u.is_zero():
        return arb.pi() / 2
    if u.is_finite() and u.contains(0):
        return arb(0, (arb.pi() / 2).upper())
    return (1 / u).atan()


OWN: Mapping[str, Callable[..., arb]] = {
    "abs": abs,
    "min": _smallest,
    "max": _largest,
    "sign": _sign,
    "sin": _oscillating("sin"),
    "cos": _oscillating("cos"),
    "lambertw": _lambertw,
    "cbrt": _cube_root,
    "acot": _inverse_cotangent,
}

Outside = Callable[[arb], bool]
# Where a built-in function surely has no value, and the reason. The rest are real on the whole line, or formulas.
OUTSIDE: Mapping[str, tuple[Outside, str]] = {
    "ln": (lambda u: bool(u <= 0), "ln(u) is real for u > 0 only"),
    "log": (lambda u: bool(u <= 0), "log(u) is real for u > 0 only"),
    "sqrt": (lambda u: bool(u < 0), "sqrt(u) is real for u >= 0 only"),
    "lambertw": (lambda u: bool(u * arb.const_e() < -1), "lambertw(u) is real for u >= -1/e only"),
    "cot": (lambda u: bool(u.is_zero()), "cot has a pole at 0"),
    "coth": (lambda u: bool(u.is_zero()), "coth has a pole at 0"),
    "asin": (lambda u: bool(abs(u) > 1), "asin(u) is real for -1 <= u <= 1 only"),
    "acos": (lambda u: bool(abs(u) > 1), "acos(u) is real for -1 <= u <= 1 only"),
    "acosh": (lambda u: bool(u < 1), "acosh(u) is real for u >= 1 only"),
    "atanh": (lambda u: bool(abs(u) >= 1), "atanh(u) is real for -1 < u < 1 only"),
}
EVERYWHERE = frozenset({
    "exp", "abs", "sign", "min", "max", "floor", "ceil", "erf", "erfc", "sin", "cos", "tan", "sinh", "cosh", "tanh",
    "atan", "asinh", "cbrt", "acot",
})  # fmt: skip


class Balls(Backend[arb]):
    """Values are `flint.arb`."""

    column = "arb"
    own: ClassVar[Mapping[str, Callable[..., arb]]] = OWN

    def nowhere(self, reason: str) -> arb:
        """The answer where there is shown to be no value."""
        raise NotReal(reason)

    def number(self, value: Fraction) -> arb:
        return ball(value)

    def constant(self, name: str) -> arb:
        return {"pi": arb.pi, "e": arb.const_e, "oo": arb.pos_inf}[name]()

    def divide(self, over: arb, under: arb) -> arb:
        return self.nowhere("a division by 0") if under.is_zero() else over / under

    def power(self, base: arb, exponent: arb) -> arb:
        if not (base.is_finite() and exponent.is_finite()):
            return NAN if exponent.is_zero() else base**exponent
        whole = exponent.is_exact() and exponent.is_integer()
        if base.is_zero():
            if exponent > 0 or exponent.is_zero():
                return arb(1 if exponent.is_zero() else 0)
            return self.nowhere("0 to a negative power") if exponent < 0 else NAN
        if whole and abs(exponent) < MOST_EXPONENT:
            return _whole_power(base, int(exponent.unique_fmpz()))
        if base > 0:
            return base**exponent
        if base >= 0:
            return arb(0).union(base.upper() ** exponent) if exponent > 0 else NAN
        if base < 0 and not exponent.contains_integer():
            return self.nowhere("a negative base has no power whose exponent is no integer")
        if whole and exponent > 0:
            highest = abs(base).upper() ** exponent
            return highest.union(-highest)
        return NAN

    def builtin(self, row: Builtin, how: str, args: list[arb]) -> arb:
        own = OWN.get(row.name)
        result: arb = own(*args) if own is not None else getattr(args[0], how)()
        if not result.is_finite() and row.name in OUTSIDE:
            outside, reason = OUTSIDE[row.name]
            if outside(args[0]):
                return self.nowhere(reason)
        return result

    def piecewise(self, expr: Piecewise, env: Mapping[str, arb]) -> arb:
        for branch in expr.branches:
            if branch.condition is None:
                return self(branch.value, env)
            holds = self.holds(branch.condition, env)
            if holds is None:
                raise Unsure("the balls are too wide to tell which branch counts")
            if holds:
                return self(branch.value, env)
        return self.nowhere("no branch of the piecewise holds")

    def holds(self, relation: Relation, env: Mapping[str, arb]) -> bool | None:
        """Whether a chain is true; None where the balls do not tell."""
        sides = [self(side, env) for side in relation.sides]
        links = [truth(sign, a, b) for a, sign, b in relation.links_of(sides)]
        if None in links:
            exact = [_exactly(side, env) for side in relation.sides]
            links = [
                known if known is not None or a is None or b is None else _compared(sign, a, b)
                for known, (a, sign, b) in zip(links, relation.links_of(exact), strict=True)
            ]
        return False if False in links else None if None in links else True


def _exactly(expr: Expr, env: Mapping[str, arb]) -> Fraction | None:
    """The rational that an expression is at points that are remembered."""
    given = {name: value.exact for name in symbols(expr) if isinstance(value := env.get(name), Remembered)}
    if len(given) < len(symbols(expr)):
        return None
    return literal(substitute(expr, {name: number(value) for name, value in given.items()}))


def _compared(sign: str, a: Fraction, b: Fraction) -> bool:
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "=": a == b, "!=": a != b}[sign]


class Boxes(Balls):
    """For boxes: nan as well where there is no value, since a box outside the domain bounds nothing."""

    def nowhere(self, reason: str) -> arb:
        return NAN

    def piecewise(self, expr: Piecewise, env: Mapping[str, arb]) -> arb:
        """The hull of the branches that may hold somewhere on the box."""
        hull: arb | None = None
        for branch in expr.branches:
            holds = True if branch.condition is None else self.holds(branch.condition, env)
            if holds is False:
                continue
            value = self(branch.value, env)
            hull = value if hull is None else hull.union(value)
            if holds:
                return hull
        return NAN


def _whole_power(base: arb, n: int) -> arb:
    """base^n; tight for a base that straddles 0, where Arb may say nan."""
    if n > 0 and base.contains(0):
        low, high = base.lower() ** n, base.upper() ** n
        return low.union(high) if n % 2 else arb(0).union(low).union(high)
    return base**n

"""Expressions that carry their own truth: a text in the notation, and what it is worth by mpmath.

Nothing here is shared with the tool: not its tree, not its tables, not its evaluators. A `Term` is made from smaller
ones by Python's operators; its text is fully bracketed, so that no rule of precedence is taken for granted.
Letters: `u`, `v` are arguments, `x` is the variable at hand, `env` gives the symbols' values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mpmath import mp, mpf

mp.dps = 50  # slivers are 1e-12 wide, and their effect is compared to 30 digits
LARGEST = 1500  # an exponent beyond it is not worked out: differences of such powers would need more digits

Env = Mapping[str, Any]
Number = int | Fraction

SUM, PRODUCT, POWER, ATOM = range(4)


class NoValue(Exception):
    """The expression is not a real number here."""


class Unknown(Exception):
    """The number is too large to be worked out here, or so near a jump that rounding may have moved it across."""


@dataclass(frozen=True, eq=False)
class Term:
    """A text and its value; `rank` says how loosely the text hangs together."""

    text: str
    value: Callable[[Env], Any]
    rank: int = ATOM

    def __call__(self, env: Env | None = None, **more: Any) -> Any:
        return self.value({**(env or {}), **more})

    def within(self, rank: int) -> str:
        """The text as it stands inside something that binds so tightly."""
        return self.text if self.rank >= rank else f"({self.text})"

    def __add__(self, other: Term | Number) -> Term:
        o = term(other)
        return Term(f"{self.text} + {o.within(PRODUCT)}", lambda env: self.value(env) + o.value(env), SUM)

    def __sub__(self, other: Term | Number) -> Term:
        o = term(other)
        return Term(f"{self.text} - {o.within(PRODUCT)}", lambda env: self.value(env) - o.value(env), SUM)

    def __mul__(self, other: Term | Number) -> Term:
        o = term(other)
        text = f"{self.within(PRODUCT)}*{o.within(POWER)}"
        return Term(text, lambda env: self.value(env) * o.value(env), PRODUCT)

    def __truediv__(self, other: Term | Number) -> Term:
        o = term(other)
        text = f"{self.within(PRODUCT)}/{o.within(POWER)}"
        return Term(text, lambda env: divided(self.value(env), o.value(env)), PRODUCT)

    def __pow__(self, other: Term | Number) -> Term:
        o = term(other)
        text = f"{self.within(ATOM)}^{o.within(ATOM)}"
        return Term(text, lambda env: power(self.value(env), o.value(env)), POWER)

    def __neg__(self) -> Term:
        return Term(f"-{self.within(POWER)}", lambda env: -self.value(env), SUM)

    def __rpow__(self, other: Number) -> Term:
        return term(other) ** self

    def __radd__(self, other: Number) -> Term:
        return term(other) + self

    def __rsub__(self, other: Number) -> Term:
        return term(other) - self

    def __rmul__(self, other: Number) -> Term:
        return term(other) * self

    def __rtruediv__(self, other: Number) -> Term:
        return term(other) / self

    def put(self, name: str, inner: Term) -> Term:
        """With `inner` for a symbol; only for terms whose text has the name as a word of its own."""
        from re import sub

        text = sub(rf"(?<![A-Za-z_0-9]){name}(?![A-Za-z_0-9])", lambda _: inner.within(ATOM), self.text)
        return Term(text, lambda env: self.value({**env, name: inner.value(env)}), self.rank)


def exact(number: Number) -> Any:
    """A rational to the working precision."""
    f = Fraction(number)
    return mpf(f.numerator) / f.denominator


def rational(number: Number) -> Term:
    """A rational, written as a whole number or a quotient."""
    f = Fraction(number)
    rank = SUM if f < 0 else ATOM if f.denominator == 1 else PRODUCT
    return Term(str(f), lambda env: mpf(f.numerator) / f.denominator, rank)


def decimal(number: Number) -> Term:
    """A rational whose denominator is a product of twos and fives, as a decimal."""
    f = Fraction(number)
    places = next(n for n in range(400) if (f * 10**n).denominator == 1)
    digits = str(abs(int(f * 10**places))).rjust(places + 1, "0")
    text = digits if not places else f"{digits[:-places]}.{digits[-places:]}"
    return Term(("-" if f < 0 else "") + text, lambda env: exact(f), SUM if f < 0 else ATOM)


def term(of: Term | Number) -> Term:
    return of if isinstance(of, Term) else rational(of)


def symbol(name: str) -> Term:
    return Term(name, lambda env: env[name])


X, Y, T, Z = (symbol(name) for name in "xytz")
PI = Term("pi", lambda env: +mp.pi)
EULER = Term("e", lambda env: +mp.e)
OO = Term("oo", lambda env: mp.inf)


# ---- values ------------------------------------------------------------------------------------


def divided(u: Any, v: Any) -> Any:
    if compare(v, 0) == 0:
        raise NoValue
    return u / v


def exp(u: Any) -> Any:
    if u > LARGEST or u < -1000 * LARGEST:
        raise Unknown
    return mp.exp(u)


def power(u: Any, v: Any) -> Any:
    whole = v == floor(v)
    if compare(u, 0) == 0:
        if v < 0:
            raise NoValue
        return mpf(1) if v == 0 else mpf(0)
    if abs(v) > 1000 * LARGEST or abs(v) * abs(mp.log(abs(u))) > LARGEST:
        raise Unknown
    if whole:
        return u ** int(v)
    if u < 0:
        raise NoValue
    return mp.exp(v * mp.log(u))


NEAR = mpf(10) ** -36
FARTHEST = mpf(10) ** 400


def compare(u: Any, v: Any) -> int:
    """-1, 0 or 1; Unknown where rounding may have decided."""
    if u == v:
        return 0
    gap = abs(u - v)
    if gap < NEAR or gap < NEAR * abs(u):
        raise Unknown
    return 1 if u > v else -1


def _wanted(holds: bool) -> None:
    if not holds:
        raise NoValue


def small(u: Any) -> Any:
    """The number itself, unless a period or a whole number would have to be taken off it a long way out."""
    if abs(u) > FARTHEST:
        raise Unknown
    return u


def floor(u: Any) -> Any:
    n = mp.floor(small(u))
    compare(u, n)
    compare(u, n + 1)
    return n


def log(u: Any) -> Any:
    _wanted(compare(u, 0) > 0)
    return mp.log(u)


def sqrt(u: Any) -> Any:
    _wanted(compare(u, 0) >= 0)
    return mp.sqrt(u)


def cbrt(u: Any) -> Any:
    return mp.sign(u) * mp.cbrt(abs(u))


def erfc(u: Any) -> Any:
    return mp.erfc(u)


def flat(u: Any, end: int) -> Any:
    """The argument of a function that is so near to a constant beyond `end` that rounding makes it one; it is noted."""
    if abs(u) > end:
        ROUNDED.append(True)
    return u


ROUNDED: list[bool] = []  # not empty: a value was rounded to a constant since this was cleared


def sigmoid(u: Any) -> Any:
    flat(u, 90)
    return 1 / (1 + exp(-u)) if u > 0 else exp(u) / (1 + exp(u))


def softplus(u: Any, beta: Any = 1) -> Any:
    return (max(beta * u, mpf(0)) + mp.log1p(exp(-abs(beta * u)))) / beta


def normal_cdf(u: Any) -> Any:
    return mp.erfc(-flat(u, 13) / mp.sqrt(2)) / 2


def normal_density(u: Any) -> Any:
    return exp(-u * u / 2) / mp.sqrt(2 * mp.pi)


def _tan(u: Any) -> Any:
    c = mp.cos(small(u))
    _wanted(compare(c, 0) != 0)
    return mp.sin(u) / c


def _within_one(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def value(u: Any) -> Any:
        _wanted(compare(u, -1) >= 0 >= compare(u, 1))
        return mp.re(f(u))

    return value


def _atanh(u: Any) -> Any:
    _wanted(compare(u, -1) > 0 > compare(u, 1))
    return mp.atanh(u)


def _acosh(u: Any) -> Any:
    _wanted(compare(u, 1) >= 0)
    return mp.acosh(u)


def _lambertw(u: Any) -> Any:
    _wanted(compare(u, -mp.exp(-1)) >= 0)
    return mp.re(mp.lambertw(u))


def _hard6(u: Any) -> Any:
    return min(max(u + 3, mpf(0)), mpf(6)) / 6


def _elu(u: Any, a: Any = 1) -> Any:
    return u if u > 0 else a * (exp(u) - 1)


def _celu(u: Any, a: Any = 1) -> Any:
    return max(u, mpf(0)) + min(mpf(0), a * (exp(min(u, mpf(0)) / a) - 1))


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "exp": exp,
    "ln": log,
    "log2": lambda u: log(u) / mp.log(2),
    "log10": lambda u: log(u) / mp.log(10),
    "sqrt": sqrt,
    "cbrt": cbrt,
    "abs": abs,
    "sign": lambda u: mpf(compare(u, 0)),
    "max": max,
    "min": min,
    "floor": floor,
    "ceil": lambda u: -floor(-u),
    "erf": lambda u: mp.erf(flat(u, 9)),
    "erfc": erfc,
    "lambertw": _lambertw,
    "sin": lambda u: mp.sin(small(u)),
    "cos": lambda u: mp.cos(small(u)),
    "tan": _tan,
    "sec": lambda u: divided(mpf(1), mp.cos(small(u))),
    "csc": lambda u: divided(mpf(1), mp.sin(small(u))),
    "cot": lambda u: divided(mp.cos(small(u)), mp.sin(u)),
    "sinh": lambda u: (exp(u) - exp(-u)) / 2,
    "cosh": lambda u: (exp(u) + exp(-u)) / 2,
    "tanh": lambda u: mp.tanh(flat(u, 45)),
    "sech": lambda u: 2 / (exp(u) + exp(-u)),
    "asin": _within_one(mp.asin),
    "acos": _within_one(mp.acos),
    "atan": mp.atan,
    "asinh": mp.asinh,
    "acosh": _acosh,
    "atanh": _atanh,
    "Phi": normal_cdf,
    "phi": normal_density,
    "sigmoid": sigmoid,
    "heaviside": lambda u: mpf(1 if compare(u, 0) > 0 else 0),
    "relu": lambda u: max(u, mpf(0)),
    "relu6": lambda u: min(max(u, mpf(0)), mpf(6)),
    "leaky_relu": lambda u, a=None: u if u > 0 else (mpf(1) / 100 if a is None else a) * u,
    "prelu": lambda u, a: max(u, mpf(0)) + a * min(u, mpf(0)),
    "elu": _elu,
    "celu": _celu,
    "gelu": lambda u: u * normal_cdf(u),
    "gelu_sigmoid": lambda u: u * sigmoid(mpf("1.702") * u),
    "swish": lambda u, beta=1: u * sigmoid(beta * u),
    "su": lambda u: max(u, u * exp(-abs(u))),
    "mish": lambda u: u * mp.tanh(softplus(u)),
    "softplus": softplus,
    "softsign": lambda u: u / (1 + abs(u)),
    "hardtanh": lambda u: min(max(u, mpf(-1)), mpf(1)),
    "hardsigmoid": lambda u: max(mpf(0), min(mpf(1), u / 5 + mpf(1) / 2)),
    "hardsigmoid6": _hard6,
    "hardswish": lambda u: u * _hard6(u),
    "penalized_tanh": lambda u: mp.tanh(u) if u > 0 else mp.tanh(u) / 4,
    "sinc": lambda u: mpf(1) if u == 0 else mp.sin(small(u)) / u,
    "clip": lambda u, a, b: max(a, min(b, u)),
    "logsigmoid": lambda u: -softplus(-u),
}


def call(name: str, *args: Term | Number) -> Term:
    """A function applied."""
    terms = [term(arg) for arg in args]
    f = FUNCTIONS[name]
    text = f"{name}({', '.join(arg.text for arg in terms)})"
    return Term(text, lambda env: f(*(arg.value(env) for arg in terms)))


# ---- conditions and pieces ---------------------------------------------------------------------

SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: compare(a, b) == 0,
    "!=": lambda a, b: compare(a, b) != 0,
    "<": lambda a, b: compare(a, b) < 0,
    "<=": lambda a, b: compare(a, b) <= 0,
    ">": lambda a, b: compare(a, b) > 0,
    ">=": lambda a, b: compare(a, b) >= 0,
}


@dataclass(frozen=True)
class Test:
    """A condition: a text, and whether it holds."""

    text: str
    holds: Callable[[Env], bool]


def test(left: Term | Number, sign: str, right: Term | Number) -> Test:
    a, b = term(left), term(right)
    return Test(f"{a.text} {sign} {b.text}", lambda env: SIGNS[sign](a.value(env), b.value(env)))


def between(low: Term | Number, middle: Term, high: Term | Number, signs: tuple[str, str] = ("<", "<")) -> Test:
    """`low < middle < high`, written as a chain."""
    a, b = test(low, signs[0], middle), test(middle, signs[1], high)
    return Test(f"{a.text} {signs[1]} {term(high).text}", lambda env: a.holds(env) and b.holds(env))


def pieces(branches: Sequence[tuple[Term | Number, Test]], otherwise: Term | Number | None = None) -> Term:
    """`{a if …; b if …; c otherwise}`."""
    rows = [(term(value), condition) for value, condition in branches]
    last = None if otherwise is None else term(otherwise)
    words = [f"{value.text} if {condition.text}" for value, condition in rows]
    words += [] if last is None else [f"{last.text} otherwise"]

    def value(env: Env) -> Any:
        for branch, condition in rows:
            if condition.holds(env):
                return branch.value(env)
        if last is None:
            raise NoValue
        return last.value(env)

    return Term("{" + "; ".join(words) + "}", value)


def absolute(u: Term) -> Term:
    return call("abs", u)


def e_to(u: Term | Number) -> Term:
    """`e^u`."""
    o = term(u)
    return Term(f"e^{o.within(ATOM)}", lambda env: exp(o.value(env)), POWER)

"""What an expression does far out: a main term with a rigorous bound on the rest, for every x >= X.

A germ says |u(x) - e^E(x) * N(x)/D(x)| <= e^E(x) * C * x^k * e^(-a*x) for all x >= X, with polynomials E, N, D and
a >= 0. It is closed under arithmetic, exp, ln, tanh, erf and their kin, so the tails of activation functions and
of their differences are bounded rather than assumed (de Bruijn 1958 on asymptotic calculus; the bound on erfc is
erfc(t) <= e^(-t^2) for t >= 0, Abramowitz and Stegun 1964, 7.1.13).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from dlteach.notation.backend import Backend, Definitions, NotEvaluable, formula
from dlteach.notation.balls import Balls
from dlteach.notation.names import Builtin
from dlteach.notation.tree import Expr, Piecewise, Relation

Coefficient = Any  # fmpq where it is exact, else arb
Poly = tuple[Coefficient, ...]  # from the constant upwards, without leading zeros
ONE: Poly = (fmpq(1),)
MOST_TERMS = 40
HALF = Fraction(1, 2)
BALLS = Balls({})
AT_ZERO: Mapping[str, tuple[Callable[[], Coefficient], arb]] = {  # f'(0), and C with |f(u) - f'(0)*u| <= C*|u|^3
    "sin": (lambda: fmpq(1), arb(1) / 6),
    "tanh": (lambda: fmpq(1), arb(1) / 3),
    "atan": (lambda: fmpq(1), arb(1) / 3),
    "erf": (lambda: 2 / arb.pi().sqrt(), arb(1) / 2),
}
LIPSCHITZ = {"tanh": 1, "erf": 2, "erfc": 2, "atan": 1, "sin": 1, "cos": 1}  # bounds of |f'| on the line


class NoTail(NotEvaluable):
    """This calculus cannot follow the expression to infinity."""


@dataclass(frozen=True)
class Bound:
    """C * x^k * e^(-a*x): a bound of a rest."""

    factor: arb
    power: int | Fraction
    rate: arb


NOTHING = Bound(arb(0), 0, arb(1))


@dataclass(frozen=True)
class Germ:
    """e^growth * (over/under + rest) for x >= start."""

    start: arb
    growth: Poly
    over: Poly
    under: Poly
    rest: Bound

    def __neg__(self) -> Germ:
        return Germ(self.start, self.growth, _scaled(self.over, fmpq(-1)), self.under, self.rest)

    def __add__(self, other: Germ) -> Germ:
        if _vanishes(self):
            return other
        if _vanishes(other):
            return self
        gap = _minus(self.growth, other.growth)
        if gap:
            big, small = (self, other) if _sign(gap[-1]) > 0 else (other, self)
            rate = _linear_bound(_absolute(gap), self.start)
            faded = _sum_of(_product_of(_size(small), Bound(arb(1), 0, rate), self.start), NOTHING, self.start)
            return Germ(self.start, big.growth, big.over, big.under, _sum_of(big.rest, faded, self.start))
        if self.under == other.under:
            over, under = _plus(self.over, other.over), self.under
        else:
            over = _plus(_times(self.over, other.under), _times(other.over, self.under))
            under = _times(self.under, other.under)
        return Germ(self.start, self.growth, over, under, _sum_of(self.rest, other.rest, self.start))

    def __sub__(self, other: Germ) -> Germ:
        return self + -other

    def __mul__(self, other: Germ) -> Germ:
        rest = _sum_of(
            _product_of(_main(self), other.rest, self.start),
            _product_of(_size(other), self.rest, self.start),
            self.start,
        )
        return Germ(
            self.start,
            _plus(self.growth, other.growth),
            _times(self.over, other.over),
            _times(self.under, other.under),
            rest,
        )

    def __truediv__(self, other: Germ) -> Germ:
        return self * _inverse(other)


# ---- polynomials with exact or enclosed coefficients ---------------------------------------------


def _sign(value: Coefficient) -> int:
    if value > 0:
        return 1
    if value < 0:
        return -1
    raise NoTail("the sign of a coefficient is not known")


def _trimmed(poly: list[Coefficient]) -> Poly:
    while poly and poly[-1] == 0:
        poly.pop()
    if len(poly) > MOST_TERMS:
        raise NoTail("the degree is too high")
    return tuple(poly)


def _plus(a: Poly, b: Poly) -> Poly:
    if len(a) < len(b):
        a, b = b, a
    return _trimmed([x + b[i] if i < len(b) else x for i, x in enumerate(a)])


def _scaled(a: Poly, factor: Coefficient) -> Poly:
    return tuple(x * factor for x in a)


def _minus(a: Poly, b: Poly) -> Poly:
    return _plus(a, _scaled(b, fmpq(-1)))


def _times(a: Poly, b: Poly) -> Poly:
    if not a or not b:
        return ()
    out: list[Coefficient] = [fmpq(0)] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            out[i + j] = out[i + j] + x * y
    return _trimmed(out)


def _absolute(poly: Poly) -> Poly:
    return poly if _sign(poly[-1]) > 0 else _scaled(poly, fmpq(-1))


def _arb(value: Coefficient) -> arb:
    return value if isinstance(value, arb) else arb(value)


def _ratio_below(poly: Poly, start: arb) -> arb:
    """A positive lower bound of poly(x) / (leading coefficient * x^degree) for x >= start; raises NoTail."""
    lead, n = _arb(poly[-1]), len(poly) - 1
    ratio = arb(1)
    for i, coefficient in enumerate(poly[:-1]):
        part = _arb(coefficient) / lead
        if not part >= 0:
            ratio -= abs(part) * start ** (i - n)
    if not ratio > 0:
        raise NoTail("the leading term does not dominate yet")
    return ratio.lower()


def _linear_bound(poly: Poly, start: arb) -> arb:
    """The largest simple a with poly(x) >= a*x for x >= start; the polynomial is positive and has no constant."""
    n = len(poly) - 1
    return (_arb(poly[-1]) * _ratio_below(poly, start) * start ** (n - 1)).lower()


def _real(value: int | Fraction) -> arb:
    return arb(fmpq(Fraction(value).numerator, Fraction(value).denominator))


def _power(base: arb, exponent: int | Fraction) -> arb:
    return base**exponent if isinstance(exponent, int) else base ** _real(exponent)


# ---- bounds --------------------------------------------------------------------------------------


def _sum_of(a: Bound, b: Bound, start: arb) -> Bound:
    if a.factor.is_zero():
        return b
    if b.factor.is_zero():
        return a
    power = max(a.power, b.power)
    rate = a.rate if a.rate <= b.rate else b.rate
    factor = arb(0)
    for part in (a, b):
        factor += part.factor * _power(start, part.power - power) * (-(part.rate - rate) * start).exp()
    return Bound(factor.upper(), power, rate)


def _product_of(a: Bound, b: Bound, start: arb) -> Bound:
    return Bound((a.factor * b.factor).upper(), a.power + b.power, a.rate + b.rate)


def _main(germ: Germ) -> Bound:
    """A bound of over/under without exponential decay."""
    if not germ.over:
        return NOTHING
    n, d = len(germ.over) - 1, len(germ.under) - 1
    size = sum((abs(_arb(c)) * germ.start ** (i - n) for i, c in enumerate(germ.over)), arb(0))
    below = abs(_arb(germ.under[-1])) * _ratio_below(_absolute(germ.under), germ.start)
    return Bound((size / below).upper(), n - d, arb(0))


def _size(germ: Germ) -> Bound:
    """A bound of over/under + rest."""
    return _sum_of(_main(germ), germ.rest, germ.start)


def largest(bound: Bound, start: arb) -> arb:
    """The supremum of a bound on x >= start; raises NoTail where it does not fall from there on."""
    if bound.factor.is_zero():
        return arb(0)
    if not bound.rate * start >= _real(bound.power):
        raise NoTail("the rest does not fall yet")
    return (bound.factor * _power(start, bound.power) * (-bound.rate * start).exp()).upper()


def fades(bound: Bound) -> bool:
    """Whether a bound goes to 0."""
    return bool(bound.factor.is_zero() or bound.rate > 0 or bound.power < 0)


def _vanishes(germ: Germ) -> bool:
    return not germ.over and bool(germ.rest.factor.is_zero())


def _inverse(germ: Germ) -> Germ:
    """1/u: the rest must be small against the main term."""
    if not germ.over:
        raise NoTail("a divisor whose main term is not known")
    flipped = Germ(germ.start, _scaled(germ.growth, fmpq(-1)), germ.under, germ.over, NOTHING)
    ratio = _product_of(_main(flipped), germ.rest, germ.start)
    worst = largest(ratio, germ.start)
    if not worst < arb(1) / 2:
        raise NoTail("a divisor that may vanish")
    rest = _product_of(_main(flipped), ratio, germ.start)
    return Germ(
        germ.start,
        flipped.growth,
        flipped.over,
        flipped.under,
        Bound((rest.factor / (1 - worst)).upper(), rest.power, rest.rate),
    )


def _fading(germ: Germ) -> bool:
    """Whether it is a known main term that decays exponentially."""
    return bool(germ.growth) and bool(germ.over) and _sign(germ.growth[-1]) < 0


def _absorbed(germ: Germ) -> Germ:
    """With decay in the growth part moved into the rest; growth proper stays."""
    if not germ.growth or _sign(germ.growth[-1]) > 0:
        return germ
    rate = _linear_bound(_absolute(germ.growth), germ.start)
    return Germ(germ.start, (), (), ONE, _product_of(_size(germ), Bound(arb(1), 0, rate), germ.start))


def _polynomial(germ: Germ) -> Poly:
    """over/under, where that is a polynomial."""
    if len(germ.under) != 1:
        raise NoTail("a quotient inside an exponential")
    return tuple(c / germ.under[0] for c in germ.over)


class Tails(Backend[Germ]):
    """Values are germs; the variable's own is x, or -x for the left tail."""

    column = "arb"

    def __init__(self, definitions: Definitions, start: Fraction | int) -> None:
        super().__init__(definitions)
        self.start = arb(fmpq(Fraction(start).numerator, Fraction(start).denominator))
        self.euler = self.known(BALLS.constant("e"))

    def variable(self, side: int) -> Germ:
        """x for side 1, -x for side -1."""
        return Germ(self.start, (), (fmpq(0), fmpq(side)), ONE, NOTHING)

    def known(self, value: Coefficient, rest: Bound = NOTHING) -> Germ:
        """A constant."""
        return Germ(self.start, (), _trimmed([value]), ONE, rest)

    def number(self, value: Fraction) -> Germ:
        return self.known(fmpq(value.numerator, value.denominator))

    def constant(self, name: str) -> Germ:
        if name == "oo":
            raise NoTail("infinity is no number")
        if name == "e":
            return self.euler
        return self.known(BALLS.constant(name))

    def fixed(self, germ: Germ) -> Coefficient | None:
        """The value of a germ that is a constant."""
        if germ.growth or len(germ.over) > 1 or len(germ.under) > 1 or not germ.rest.factor.is_zero():
            return None
        return germ.over[0] / germ.under[0] if germ.over else fmpq(0)

    def power(self, base: Germ, exponent: Germ) -> Germ:
        n = self.fixed(exponent)
        if isinstance(n, fmpq) and n.q == 1 and abs(int(n.p)) <= 64:
            result = self.known(fmpq(1))
            for _ in range(abs(int(n.p))):
                result = result * base
            return result if n >= 0 else _inverse(result)
        if base is self.euler:
            return self.exp(exponent)
        fixed = self.fixed(base)
        if fixed is not None and fixed > 0:
            return self.exp(exponent * self.known(_arb(fixed).log()))
        if n is not None:
            return self.exp(exponent * self.ln(base))
        raise NoTail("a power that this calculus does not know")

    def exp(self, u: Germ) -> Germ:
        u = _absorbed(u)
        if u.growth:
            return self.vanishing(u)
        if len(u.under) > 1 and len(u.over) <= len(u.under):
            return self.settled(u)
        whole = _polynomial(u)
        worst = largest(u.rest, self.start)
        rest = Bound((u.rest.factor * worst.exp()).upper(), u.rest.power, u.rest.rate)
        factor = _arb(whole[0]).exp() if whole and whole[0] != 0 else fmpq(1)
        rest = Bound((rest.factor * _arb(factor)).upper(), rest.power, rest.rate)
        return Germ(self.start, _trimmed([fmpq(0), *whole[1:]]), (factor,), ONE, rest)

    def vanishing(self, u: Germ) -> Germ:
        """e^u where u falls like -c*e^(g*x): at most e^(-c*g*x), since e^y >= y."""
        if self.sign(u) >= 0 or len(u.over) < len(u.under):
            raise NoTail("an exponential of an exponential")
        least = abs(_arb(u.over[-1]) / _arb(u.under[-1])) * _ratio_below(_absolute(u.over), self.start) / 2
        if len(u.under) > 1:
            raise NoTail("a quotient inside an exponential")
        rate = _linear_bound(_absolute(u.growth), self.start)
        return self.known(fmpq(0), Bound(arb(1), 0, (least * rate).lower()))

    def settled(self, u: Germ) -> Germ:
        """e^u where u tends to a number c: e^c, and what |e^d - 1| <= |d|*e^|d| leaves."""
        c = u.over[-1] / u.under[-1] if len(u.over) == len(u.under) else fmpq(0)
        gap = _size(u - self.known(c))
        head = _arb(c).exp()
        factor = head * largest(gap, self.start).exp()
        return self.known(fmpq(1) if c == 0 else head, Bound((gap.factor * factor).upper(), gap.power, gap.rate))

    def ln(self, u: Germ) -> Germ:
        if not u.growth and len(u.over) > len(u.under):
            return self.slow(u)
        if len(u.over) != 1 or len(u.under) != 1 or not _arb(u.over[0]) / _arb(u.under[0]) > 0:
            raise NoTail("a logarithm of something that is no exponential")
        c = _arb(u.over[0]) / _arb(u.under[0])
        worst = largest(u.rest, self.start) / c
        if not worst < arb(1) / 2:
            raise NoTail("a logarithm of something that may vanish")
        rest = Bound((u.rest.factor / c / (1 - worst)).upper(), u.rest.power, u.rest.rate)
        constant = fmpq(0) if u.over[0] == u.under[0] else c.log()
        return Germ(self.start, (), _plus(u.growth, _trimmed([constant])), ONE, rest)

    def slow(self, u: Germ) -> Germ:
        """ln of what grows like x^m: at most |ln B| + m*ln(x), and ln(x) <= (2/e)*x^(1/2)."""
        if self.sign(u) <= 0:
            raise NoTail("a logarithm that is not real")
        size = _size(u)
        factor = abs(size.factor.log()) + _real(size.power) * 2 / arb.const_e()
        least = _arb(u.over[-1]) / _arb(u.under[-1]) * _ratio_below(_absolute(u.over), self.start) / 2
        if not least * self.start >= 1:
            raise NoTail("a logarithm that may be negative")
        return self.known(fmpq(0), Bound(factor.upper(), HALF, arb(0)))

    def sign(self, u: Germ) -> int:
        """The sign of u on the whole tail."""
        if _vanishes(u):
            return 0
        if not u.over:
            raise NoTail("the sign of a rest is not known")
        sign = _sign(u.over[-1]) * _sign(u.under[-1])
        _ratio_below(_absolute(u.over), self.start)
        _inverse(u)
        return sign

    def builtin(self, row: Builtin, how: str, args: list[Germ]) -> Germ:
        if row.name in ("max", "min"):
            result = args[0]
            for other in args[1:]:
                gap = self.sign(other - result) * (1 if row.name == "max" else -1)
                result = other if gap > 0 else result
            return result
        if row.name in ("ln", "log") and self.fixed(args[0]) is None:
            return self.ln(args[0])
        if row.name in AT_ZERO and _fading(args[0]):
            return self.small(row, args[0])
        u = _absorbed(args[0])
        fixed = self.fixed(u)
        if fixed is not None:
            return self.known(
                BALLS(formula(how), {"u": _arb(fixed)})
                if how.startswith("=")
                else BALLS.builtin(row, how, [_arb(fixed)])
            )
        if row.name in LIPSCHITZ and not u.growth and len(u.over) <= len(u.under):
            return self.near(row, u)
        match row.name:
            case "exp":
                return self.exp(u)
            case "sqrt":
                return self.root(u)
            case "abs":
                return u if self.sign(u) >= 0 else -u
            case "sign":
                return self.known(fmpq(self.sign(u)))
            case "sin" | "cos" if not u.growth:
                return self.known(fmpq(0), Bound(arb(1), 0, arb(0)))
            case "tanh":
                _, sign = self.at_least(u)
                one, faded = self.known(fmpq(1)), self.exp((u + u) * self.known(fmpq(-sign)))
                return self.known(fmpq(sign)) * (one - faded / (one + faded) * self.known(fmpq(2)))
            case "sinh" | "cosh":
                up, down = self.exp(u), self.exp(-u)
                both = up - down if row.name == "sinh" else up + down
                return both * self.known(fmpq(1, 2))
            case "erf" | "erfc":
                return self.erf(u, row.name)
            case "atan":
                rate, sign = self.at_least(u)
                return self.known(sign * arb.pi() / 2, Bound((1 / rate).upper(), -1, arb(0)))
        raise NoTail(f"the tail of {row.name} is not known")

    def small(self, row: Builtin, u: Germ) -> Germ:
        """f(u) where u decays: |f(u) - f'(0)*u| <= C*|u|^3."""
        slope, third = AT_ZERO[row.name]
        size = _size(u)
        decay = _linear_bound(_absolute(u.growth), self.start)
        cube = _product_of(size, _product_of(size, size, self.start), self.start)
        rest = _product_of(cube, Bound(third * arb(1), 0, 2 * decay), self.start)
        main = u * self.known(slope())
        return Germ(self.start, main.growth, main.over, main.under, _sum_of(main.rest, rest, self.start))

    def near(self, row: Builtin, u: Germ) -> Germ:
        """f(u) where u tends to a number c: f(c), and what |f'| <= L leaves."""
        settled = u.over[-1] / u.under[-1] if len(u.over) == len(u.under) else fmpq(0)
        c = _arb(settled)
        gap = _size(u - self.known(settled))
        value = _arb(BALLS.builtin(row, row.arb, [c]))
        slope = LIPSCHITZ[row.name]
        return self.known(fmpq(0) if value.is_zero() else value, Bound(gap.factor * slope, gap.power, gap.rate))

    def root(self, u: Germ) -> Germ:
        """sqrt(c*x^(2m)*e^E) without a rest."""
        n = len(u.over) - 1
        if u.rest.factor.is_zero() and len(u.under) == 1 and n % 2 == 0 and all(c == 0 for c in u.over[:-1]):
            root = _arb(u.over[-1] / u.under[0]).sqrt()
            over = _trimmed([*[fmpq(0)] * (n // 2), root])
            return Germ(self.start, _scaled(u.growth, fmpq(1, 2)), over, ONE, NOTHING)
        return self.exp(self.ln(u) * self.known(fmpq(1, 2)))

    def at_least(self, u: Germ) -> tuple[arb, int]:
        """(b, s) with s*u >= b*x > 0 on the tail."""
        if u.growth or len(u.over) <= len(u.under):
            raise NoTail("it does not grow")
        if len(u.under) != 1:
            raise NoTail("a quotient that grows")
        main = _polynomial(u)
        sign = _sign(main[-1])
        n = len(main) - 1
        below = _arb(main[-1]) * sign * _ratio_below(_absolute(main), self.start) * self.start ** (n - 1)
        rate = below - largest(u.rest, self.start) / self.start
        if not rate > 0:
            raise NoTail("it does not grow yet")
        return rate.lower(), sign

    def erf(self, u: Germ, name: str) -> Germ:
        rate, sign = self.at_least(u)
        rest = Bound(arb(1), 0, (rate * rate * self.start).lower())
        return self.known(fmpq(sign if name == "erf" else 1 - sign), rest)

    def piecewise(self, expr: Piecewise, env: Mapping[str, Germ]) -> Germ:
        for branch in expr.branches:
            if branch.condition is None or self.holds(branch.condition, env):
                return self(branch.value, env)
        raise NoTail("it is not real there")

    def holds(self, relation: Relation, env: Mapping[str, Germ]) -> bool:
        """Whether a chain is true on the whole tail."""
        sides = [self(side, env) for side in relation.sides]
        wanted = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1), "=": (0,), "!=": (-1, 1)}
        return all(
            self.sign(a - b) in wanted[sign] for sign, a, b in zip(relation.signs, sides, sides[1:], strict=False)
        )


# ---- the doors -----------------------------------------------------------------------------------


def germ(
    expr: Expr, variable: str, side: int, start: Fraction | int, env: Mapping[str, arb], definitions: Definitions
) -> Germ:
    """The germ of `expr` for side*variable >= start > 0; other symbols have the balls of `env`. Raises NoTail."""
    tails = Tails(definitions, start)
    whole = {name: tails.known(value) for name, value in env.items()}
    whole[variable] = tails.variable(side)
    return _absorbed(tails(expr, whole))


def spread(germ: Germ) -> arb:
    """A ball that contains every value on the tail; raises NoTail where the values are not bounded."""
    if germ.growth or len(germ.over) > len(germ.under):
        raise NoTail("it is not bounded")
    rest = largest(germ.rest, germ.start)
    if not germ.over:
        return arb(0, rest)
    t = arb(0).union(1 / germ.start)
    n, d = len(germ.over) - 1, len(germ.under) - 1
    over = sum((_arb(c) * t ** (n - i) for i, c in enumerate(germ.over)), arb(0))
    under = sum((_arb(c) * t ** (d - i) for i, c in enumerate(germ.under)), arb(0))
    return t ** (d - n) * over / under + arb(0, rest)


def limit(germ: Germ) -> Coefficient:
    """The limit at infinity: an fmpq where it is exact, else a ball; infinite balls included. Raises NoTail."""
    degree = len(germ.over) - len(germ.under)
    leads = bool(germ.over) and degree > germ.rest.power
    if not fades(germ.rest) and not leads:
        raise NoTail("it may oscillate")
    if germ.growth or len(germ.over) > len(germ.under):
        if not germ.over:
            raise NoTail("nothing is known of its size")
        up = _sign(germ.over[-1]) * _sign(germ.under[-1]) > 0
        return arb.pos_inf() if up else arb.neg_inf()
    if len(germ.over) < len(germ.under):
        return fmpq(0)
    return germ.over[-1] / germ.under[-1]


def ceiling(germ: Germ) -> arb:
    """An upper bound on the whole tail of what falls to -oo; raises NoTail."""
    if not germ.over:
        raise NoTail("nothing is known of its size")
    n, d = len(germ.over) - 1, len(germ.under) - 1
    lead = abs(_arb(germ.over[-1]) / _arb(germ.under[-1]))
    above = sum((abs(_arb(c)) * germ.start ** (i - d) for i, c in enumerate(germ.under)), arb(0)) / abs(
        _arb(germ.under[-1])
    )
    least = lead * _ratio_below(_absolute(germ.over), germ.start) / above
    least = least - largest(replace(germ.rest, power=germ.rest.power - (n - d)), germ.start)
    if n < d or not least > 0:
        raise NoTail("it does not fall yet")
    least = least * germ.start ** (n - d)
    if germ.growth:
        least = least * (_linear_bound(_absolute(germ.growth), germ.start) * germ.start).exp()
    return -least.lower()


def area(germ: Germ) -> arb:
    """A bound of the integral of |u| over the tail; raises NoTail where there is none."""
    if germ.over or germ.growth:
        raise NoTail("it does not fall off")
    bound, start = germ.rest, germ.start
    if bound.factor.is_zero():
        return arb(0)
    rate = bound.rate - _real(bound.power) / start if bound.power > 0 else bound.rate
    if not rate > 0:
        if bound.power < -1:
            return (bound.factor * _power(start, bound.power + 1) / _real(-bound.power - 1)).upper()
        raise NoTail("it falls off too slowly")
    return (bound.factor * _power(start, bound.power) * (-bound.rate * start).exp() / rate).upper()

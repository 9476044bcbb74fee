"""What an expression does far out, worked out as a germ: each built-in function with the inequality it rests on.

So the tails of activation functions and of their differences are bounded rather than assumed. Other names: u, a germ;
d, one that goes to 0; c, its limit or leading coefficient.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from flint import arb, fmpq

from dlteach.notation.backend import Backend, Definitions, NotEvaluable
from dlteach.notation.balls import Boxes, ball
from dlteach.notation.names import Builtin
from dlteach.notation.tree import Call, Constant, Expr, Negative, Piecewise, Power, Relation, Symbol, substitute
from dlteach.reasoning.enclosing.germs import (
    NOTHING,
    ONE,
    Bound,
    Coefficient,
    Germ,
    NoTail,
    Poly,
    absolute,
    absorbed,
    as_ball,
    bound,
    fades,
    fading,
    inverse,
    largest,
    least,
    linear_bound,
    product_of,
    raised,
    real,
    relative,
    scaled,
    sign_of,
    size,
    sum_of,
    times_constant,
    trimmed,
    vanishes,
)

__all__ = ["Germ", "NoTail", "area", "ceiling", "germ", "limit", "spread"]

HALF = Fraction(1, 2)
MOST_POWER = 64
BALLS = Boxes({})
AT_ZERO: Mapping[str, tuple[Callable[[], Coefficient], arb]] = {  # f'(0), and C with |f(u) - f'(0)*u| <= C*|u|^3
    "sin": (lambda: fmpq(1), arb(1) / 6),
    "tanh": (lambda: fmpq(1), arb(1) / 3),
    "atan": (lambda: fmpq(1), arb(1) / 3),
    "erf": (lambda: 2 / arb.pi().sqrt(), arb(1) / 2),
}
LIPSCHITZ = {"tanh": 1, "erf": 2, "erfc": 2, "atan": 1, "sin": 1, "cos": 1}  # bounds of |f'| on the line


class Tails(Backend[Germ]):
    """Values are germs; the variable's own is x, or -x for the left tail."""

    column = "arb"

    def __init__(self, definitions: Definitions, start: Fraction | int, fine: bool) -> None:
        super().__init__(definitions)
        self.fine = fine  # with second terms of expansions, which costs degrees
        self.start = ball(start)
        self.euler = self.known(BALLS.constant("e"))

    def variable(self, side: int) -> Germ:
        """x for side 1, -x for side -1."""
        return Germ(self.start, (), (fmpq(0), fmpq(side)), ONE, NOTHING)

    def known(self, value: Coefficient, rest: Bound = NOTHING) -> Germ:
        """A constant."""
        return Germ(self.start, (), trimmed([value]), ONE, rest)

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
        return germ.lead if germ.over else fmpq(0)

    def power(self, base: Germ, exponent: Germ) -> Germ:
        n = self.fixed(exponent)
        if isinstance(n, fmpq) and n.q == 1 and abs(int(n.p)) <= MOST_POWER:
            result = self.known(fmpq(1))
            for _ in range(abs(int(n.p))):
                result = result * base
            return result if n >= 0 else inverse(result)
        if base is self.euler:
            return self.exp(exponent)
        fixed = self.fixed(base)
        if fixed is not None and fixed > 0:
            return self.exp(exponent * self.known(as_ball(fixed).log()))
        if n is not None:
            return self.root(base, n)
        return self.exp(exponent * self.ln(base))

    def exp(self, u: Germ) -> Germ:
        """e^(P + r) = e^P*(1 + (e^r - 1)), and |e^r - 1| <= |r|*e^|r|, for a polynomial P."""
        u = absorbed(u)
        if u.growth:
            return self.vanishing(u)
        if len(u.under) > 1:
            return self.settled(u)
        whole: Poly = tuple(c / u.under[0] for c in u.over)
        worst = largest(u.rest, self.start)
        factor = as_ball(whole[0]).exp() if whole and whole[0] != 0 else fmpq(1)
        rest = times_constant(u.rest, worst.exp() * as_ball(factor))
        return Germ(self.start, trimmed([fmpq(0), *whole[1:]]), trimmed([factor]), ONE, rest)

    def vanishing(self, u: Germ) -> Germ:
        """e^u where u <= -b*x^m*e^G with G >= g*x: at most e^(-b*X^m*g*x) for m >= 0, since e^y >= y."""
        if self.sign(u) >= 0 or u.degree < 0:
            raise NoTail("an exponential of an exponential")
        rate = linear_bound(absolute(u.growth), self.start)
        return self.known(fmpq(0), bound(arb(1), 0, least(u) * raised(self.start, u.degree) * rate))

    def settled(self, u: Germ) -> Germ:
        """e^u where u = c + d tends to a number c: |e^d - 1 - d| <= d^2/2*e^|d|."""
        if u.degree > 0:
            raise NoTail("a quotient that grows inside an exponential")
        c, d = self.near(u)
        factor = largest(size(d), self.start).exp() / 2
        rest = times_constant(product_of(size(d), size(d)), factor)
        return (self.known(fmpq(1)) + d + self.known(fmpq(0), rest)) * self.known(as_ball(c).exp() if c != 0 else c + 1)

    def near(self, u: Germ) -> tuple[Coefficient, Germ]:
        """(c, d) with u = c + d, where the main term of d goes to 0; u has no growth and a degree of at most 0."""
        if u.degree < 0 or not u.over:
            return fmpq(0), u
        c, _, d = relative(u)
        return c, self.kept(d * self.known(c))

    def kept(self, d: Germ) -> Germ:
        """What goes to 0, as it is; or its size alone, for a coarse germ."""
        return d if self.fine else self.known(fmpq(0), size(d))

    def ln(self, u: Germ) -> Germ:
        """ln(c*e^E*(1 + d)) = E + ln(c) + ln(1 + d), and |ln(1 + d) - d| <= d^2/(2*(1 - |d|))."""
        c, m, d = relative(u)
        if m != 0:
            return self.slow(u, c, m, d)
        worst, d = self.small_part(c, d), self.kept(d)
        rest = bound(arb(0)) if vanishes(d) else times_constant(product_of(size(d), size(d)), 1 / (2 * (1 - worst)))
        constant = fmpq(0) if c == 1 else as_ball(c).log()
        return Germ(self.start, (), _with_constant(u.growth, constant), ONE, NOTHING) + d + self.known(fmpq(0), rest)

    def small_part(self, c: Coefficient, d: Germ) -> arb:
        """A bound below 1/2 of |d|, where c*(1 + d) is a positive function; raises NoTail."""
        if sign_of(c) <= 0:
            raise NoTail("a root or a logarithm that is not real")
        worst = largest(size(d), self.start)
        if not worst < arb(1) / 2:
            raise NoTail("a root or a logarithm of something that may vanish")
        return worst

    def slow(self, u: Germ, c: Coefficient, m: int, d: Germ) -> Germ:
        """ln(e^E*c*x^m*(1 + d)) = E plus a rest of at most |ln c| + |ln(1 + d)| + |m|*ln(x).

        |ln(1 + d)| <= |d|/(1 - |d|) <= 1, ln(x) <= (2/e)*x^(1/2), and x^(1/2) >= 1 where x >= 1.
        """
        self.small_part(c, d)
        if not self.start >= 1:
            raise NoTail("a logarithm before 1")
        factor = abs(as_ball(c).log()) + 1 + abs(m) * 2 / arb.const_e()
        return Germ(self.start, (), u.growth, ONE, bound(factor, HALF))

    def root(self, u: Germ, r: Coefficient) -> Germ:
        """(e^E*c*x^m*(1 + d))^r where m*r is an integer: |(1 + d)^r - 1 - r*d| <= |r*(r-1)|/2*d^2*M.

        M is the largest (1 + y)^(r-2) for |y| <= |d|, taken at an end.
        """
        if vanishes(u):
            if r > 0:
                return u
            raise NoTail("a power of 0")
        c, m, d = relative(u)
        raised_degree = m * r if isinstance(r, fmpq) else fmpq(0) if m == 0 else None
        if raised_degree is None or raised_degree.q != 1:
            raise NoTail("a fractional power of the variable")
        if abs(raised_degree) > MOST_POWER:
            raise NoTail("the degree is too high")
        worst = self.small_part(c, d)
        n, exponent = int(raised_degree.p), as_ball(r)
        power = fmpq(1) if c == 1 else as_ball(c) ** exponent
        x = (fmpq(0),) * abs(n)
        lead = Germ(self.start, scaled(u.growth, r), (*x, power) if n > 0 else (power,), (*x, *ONE) if n < 0 else ONE,
                    NOTHING)  # fmt: skip
        if vanishes(d):
            return lead
        d = self.kept(d)
        curve = ((1 + worst) ** (exponent - 2)).max((1 - worst) ** (exponent - 2))
        rest = times_constant(product_of(size(d), size(d)), abs(exponent * (exponent - 1)) / 2 * curve)
        return lead * (self.known(fmpq(1)) + d * self.known(r) + self.known(fmpq(0), rest))

    def sign(self, u: Germ) -> int:
        """The sign of u on the whole tail: that of its main term, which outweighs its rest."""
        if vanishes(u):
            return 0
        least(u)
        return sign_of(u.lead)

    def builtin(self, row: Builtin, how: str, args: list[Germ]) -> Germ:
        if row.name in ("max", "min"):
            result = args[0]
            for other in args[1:]:
                gap = self.sign(other - result) * (1 if row.name == "max" else -1)
                result = other if gap > 0 else result
            return result
        fixed = self.fixed(args[0])
        if fixed is not None:
            return self.known(_at(row, fixed))
        if row.name in ("ln", "log"):
            return self.ln(args[0])
        if row.name == "sqrt":
            return self.root(args[0], fmpq(1, 2))
        if row.name in AT_ZERO and fading(args[0]):
            return self.small(row, args[0])
        u = absorbed(args[0])
        if row.name in LIPSCHITZ and not u.growth and (not u.over or u.degree <= 0):
            return self.settling(row, u)
        match row.name:
            case "exp":
                return self.exp(u)
            case "abs":
                return self.size(u)
            case "sign":
                return self.known(fmpq(self.sign(u)))
            case "sin" | "cos":
                return self.known(fmpq(0), bound(arb(1)))
            case "floor" | "ceil" if not u.growth:
                return u + self.known(fmpq(0), bound(arb(1)))
            case "tanh":
                sign = self.sign(u)
                one, faded = self.known(fmpq(1)), self.exp((u + u) * self.known(fmpq(-sign)))
                return self.known(fmpq(sign)) * (one - faded / (one + faded) * self.known(fmpq(2)))
            case "sinh" | "cosh":
                up, down = self.exp(u), self.exp(-u)
                both = up - down if row.name == "sinh" else up + down
                return both * self.known(fmpq(1, 2))
            case "erf" | "erfc":
                return self.erf(u, row.name)
            case "atan":
                return self.atan(u)
        raise NoTail(f"the tail of {row.name} is not known")

    def size(self, u: Germ) -> Germ:
        """|u|: ±u where the sign is known; a rest alone bounds |u| as well."""
        if not u.over:
            return u
        return u if self.sign(u) >= 0 else -u

    def small(self, row: Builtin, u: Germ) -> Germ:
        """f(u) where u decays like e^-G with G >= g*x: |f(u) - f'(0)*u| <= C*|u|^3 <= e^-G * C*size^3*e^(-2*g*x)."""
        slope, third = AT_ZERO[row.name]
        decay = bound(arb(1), 0, 2 * linear_bound(absolute(u.growth), self.start))
        rest = times_constant(product_of(_cube(u), decay), third)
        value = u * self.known(slope())
        return replace(value, rest=sum_of(value.rest, rest, self.start))

    def settling(self, row: Builtin, u: Germ) -> Germ:
        """f(u) where u = c + d tends to c: |f(c + d) - f(c)| <= L*|d|, or |f(d) - f'(0)*d| <= C*|d|^3 where c is 0."""
        c, d = self.near(u)
        if c == 0 and row.name in AT_ZERO:
            slope, third = AT_ZERO[row.name]
            return d * self.known(slope()) + self.known(fmpq(0), times_constant(_cube(d), third))
        value = _at(row, c)
        return self.known(value, times_constant(size(d), LIPSCHITZ[row.name]))

    def atan(self, u: Germ) -> Germ:
        """atan(u) = s*pi/2 - atan(1/u) where u has the sign s."""
        sign = self.sign(u)
        flipped = self.kept(absorbed(inverse(u)))
        _, third = AT_ZERO["atan"]
        return self.known(sign * arb.pi() / 2) - flipped + self.known(fmpq(0), times_constant(_cube(flipped), third))

    def erf(self, u: Germ, name: str) -> Germ:
        """erf(u) = s*(1 - erfc(s*u)); for t > 0, erfc(t) = e^(-t^2)/(sqrt(pi)*t) * (1 - q/(2*t^2)), 0 < q < 1.

        (Abramowitz and Stegun 1964, 7.1.23: an alternating expansion.) Where t is no polynomial,
        erfc(t) <= e^(-t^2) <= e^(-(b*x)^2) with t >= b*x.
        """
        sign = self.sign(u)
        if self.fine and len(u.under) == 1 and u.rest.factor.is_zero() and not u.growth:
            t = u * self.known(fmpq(sign))
            inverted = inverse(t)
            corrected = self.known(fmpq(1), times_constant(product_of(size(inverted), size(inverted)), arb(1) / 2))
            beyond = self.exp(-(t * t)) * inverted * corrected * self.known(1 / arb.pi().sqrt())
        else:
            if u.growth or u.degree < 1:
                raise NoTail("it does not grow")
            rate = least(u) * raised(self.start, u.degree - 1)
            beyond = self.known(fmpq(0), bound(arb(1), 0, rate * rate * self.start))
        if name == "erfc":
            return beyond if sign > 0 else self.known(fmpq(2)) - beyond
        return self.known(fmpq(sign)) * (self.known(fmpq(1)) - beyond)

    def piecewise(self, expr: Piecewise, env: Mapping[str, Germ]) -> Germ:
        for branch in expr.branches:
            if branch.condition is None or self.holds(branch.condition, env):
                return self(branch.value, env)
        raise NoTail("it is not real there")

    def holds(self, relation: Relation, env: Mapping[str, Germ]) -> bool:
        """Whether a chain is true on the whole tail; else it is false on the whole tail."""
        sides = [self(side, env) for side in relation.sides]
        wanted = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1), "=": (0,), "!=": (-1, 1)}
        return all(
            self.sign(a - b) in wanted[sign] for sign, a, b in zip(relation.signs, sides, sides[1:], strict=False)
        )


def _with_constant(growth: Poly, constant: Coefficient) -> Poly:
    return trimmed([constant, *growth[1:]])


def _cube(u: Germ) -> Bound:
    return product_of(size(u), product_of(size(u), size(u)))


def _at(row: Builtin, value: Coefficient) -> Coefficient:
    """f at a constant; raises NoTail where that is not real, or not known well enough."""
    found = BALLS(Call(row.name, (Symbol("u"),)), {"u": as_ball(value)})
    if not found.is_finite():
        raise NoTail(f"{row.name} at a constant that is not real there, or not known well enough")
    return fmpq(0) if found.is_zero() else found


# ---- the doors -----------------------------------------------------------------------------------


def germ(
    expr: Expr, variable: str, side: int, start: Fraction | int, env: Mapping[str, arb], definitions: Definitions,
    fine: bool = False,
) -> Germ:  # fmt: skip
    """The germ of `expr` for side*variable >= start > 0; other symbols have the balls of `env`. Raises NoTail.

    A fine one has second terms of expansions, so that what cancels in the first is still told.
    """
    tails = Tails(definitions, start, fine)
    whole = {name: tails.known(value) for name, value in env.items()}
    whole[variable] = tails.variable(side)
    try:
        return absorbed(tails(expr, whole))
    except NoTail:
        raise
    except NotEvaluable as problem:
        raise NoTail(str(problem)) from problem


def in_exponentials(expr: Expr, variable: str, side: int) -> Expr:
    """With side*e^t for the variable, t its name: there logarithms and roots are exact."""
    grown: Expr = Power(Constant("e"), Symbol(variable))
    return substitute(expr, {variable: grown if side > 0 else Negative(grown)})


def spread(germ: Germ) -> arb:
    """A ball that contains every value on the tail; raises NoTail where the values are not bounded.

    N/D is evaluated for all t = 1/x in [0, 1/X] at once.
    """
    if germ.growth or germ.degree > 0:
        raise NoTail("it is not bounded")
    rest = largest(germ.rest, germ.start)
    if not germ.over:
        return arb(0, rest)
    t = arb(0).union(1 / germ.start)
    n, d = len(germ.over) - 1, len(germ.under) - 1
    over = sum((as_ball(c) * t ** (n - i) for i, c in enumerate(germ.over)), arb(0))
    under = sum((as_ball(c) * t ** (d - i) for i, c in enumerate(germ.under)), arb(0))
    found = t ** (d - n) * over / under + arb(0, rest)
    if not found.is_finite():
        raise NoTail("the values are too large to tell")
    return found


def limit(germ: Germ) -> Coefficient:
    """The limit at infinity: an fmpq where it is exact, else a ball; infinite balls included. Raises NoTail.

    Where e^E*x^m grows, the rest must be small against x^m; else it must go to 0 by itself.
    """
    grows = bool(germ.growth) or germ.degree > 0
    if grows and not germ.over:
        raise NoTail("nothing is known of its size")
    if not fades(germ.rest, germ.degree if grows else 0):
        raise NoTail("it may oscillate")
    if grows:
        return arb.pos_inf() if sign_of(germ.lead) > 0 else arb.neg_inf()
    return fmpq(0) if germ.degree < 0 or not germ.over else germ.lead


def ceiling(germ: Germ) -> arb:
    """An upper bound on the whole tail of what falls to -oo: u <= -b*x^m*e^G <= -b*X^m*e^(g*X), m >= 0."""
    if not germ.over or sign_of(germ.lead) > 0 or germ.degree < 0:
        raise NoTail("it does not fall yet")
    below = least(germ) * raised(germ.start, germ.degree)
    if germ.growth:
        below = below * (linear_bound(absolute(germ.growth), germ.start) * germ.start).exp()
    return -below.lower()


def area(germ: Germ) -> arb:
    """A bound of the integral of |u| over the tail; raises NoTail where there is none.

    With a > k/X, x^k*e^(-a*x) falls at least like e^(-(a - k/X)*x) from X on; without decay k < -1 is wanted.
    """
    if germ.growth:
        raise NoTail("it does not fall off")
    of, start = size(germ), germ.start
    if of.factor.is_zero():
        return arb(0)
    rate = of.rate - real(of.power) / start if of.power > 0 else of.rate
    if rate > 0:
        return (of.factor * raised(start, of.power) * (-of.rate * start).exp() / rate).upper()
    if of.power < -1:
        return (of.factor * raised(start, of.power + 1) / real(-of.power - 1)).upper()
    raise NoTail("it falls off too slowly")

"""Angles: sines and cosines by the addition theorems, and the inverse functions, which come down to asin and atan."""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from dlteach.reasoning.algebra.elementary import Elementary
from dlteach.reasoning.algebra.kernels import POSITIVE, Quotient, Vacuous
from dlteach.reasoning.algebra.polynomials import GENERATORS, TooBig

MOST_TURNS = 24  # the highest multiple of an angle that is written out
MOST_CONSTANT_TURNS = 2_000
Pair = tuple[Quotient, Quotient]


class Angles(Elementary):
    """Kernels with elementary and trigonometric functions."""

    def pi(self) -> Quotient:
        """The half turn."""
        return self.generator("pi", "")

    def angle(self, value: Quotient) -> Pair:
        """(cos, sin) of a value, by the addition theorems over its terms."""
        c, s = self.number(1), self.number(0)
        for multiple, part in self.parts(value):
            a, b = self.turned(multiple, part)
            c, s = c * a - s * b, c * b + s * a
        return c, s

    def turned(self, multiple: Fraction, part: Quotient) -> Pair:
        """(cos, sin) of a multiple of a term."""
        pi = self.index.get(("pi", ""))
        if pi is not None and part.over.degrees()[pi] == 1 and part.under.is_one():
            turns = self.whole(part.over / GENERATORS[pi])
            for parts in (12, 10, 8) if turns.over.is_one() else ():
                if parts % multiple.denominator == 0:
                    return self.power_of_turn(self.turn(parts), int(multiple * parts) % (2 * parts))
            if multiple.denominator == 1 and self.is_whole(turns):
                return self.parity(turns * self.number(multiple)), self.number(0)
        one = self.exact_angle(part) if multiple.denominator == 1 else None
        n = int(multiple) if one else self.unit("angle", self.key(part), multiple, abs(multiple))
        if one is None:
            key = self.key(part)
            one = self.generator("cos", key, part), self.generator("sin", key, part)
        if abs(n) > (MOST_TURNS if self.ball_of(one[0]) is None else MOST_CONSTANT_TURNS):
            raise TooBig("the angles have no common measure")
        a, b = self.power_of_turn(one, abs(n))
        return a, b if n > 0 else -b

    def power_of_turn(self, one: Pair, n: int) -> Pair:
        """(cos, sin) of n times an angle."""
        a, b = self.number(1), self.number(0)
        while n:
            if n & 1:
                a, b = a * one[0] - b * one[1], a * one[1] + b * one[0]
            n >>= 1
            one = (one[0] * one[0] - one[1] * one[1], self.number(2) * one[0] * one[1]) if n else one
        return a, b

    def exact_angle(self, part: Quotient) -> Pair | None:
        """(cos, sin) of an inverse function."""
        kernel = self.single(part, "asin", "atan")
        if kernel is None:
            return None
        u: Quotient = kernel.argument
        if kernel.kind == "asin":
            return self.sqrt(self.number(1) - u * u), u
        reach = self.sqrt(self.number(1) + u * u)
        return self.number(1) / reach, u / reach

    def turn(self, parts: int) -> Pair:
        """(cos, sin) of pi/12, pi/10 or pi/8."""
        quarter, two, five = self.number(Fraction(1, 4)), self.sqrt(self.number(2)), self.sqrt(self.number(5))
        if parts == 12:
            three, one = self.sqrt(self.number(3)), self.number(1)
            return (three + one) * two * quarter, (three - one) * two * quarter
        if parts == 10:
            return self.sqrt(self.number(10) + five + five) * quarter, (five - self.number(1)) * quarter
        cosine = self.sqrt(self.number(2) + two) / self.number(2)
        return cosine, two * quarter / cosine

    def known_angle(self, value: Quotient, ball: arb, tangent: bool) -> Quotient | None:
        """n*pi/12, n*pi/10 or n*pi/8, where that is the angle whose sine (or tangent) is a constant value."""
        turns = (ball.atan() if tangent else ball.asin()) / arb.pi()
        for parts in (12, 10, 8):
            n = (turns * parts + arb(0.5)).floor().unique_fmpz()
            if n is None or not (turns * parts - n).contains(0):
                continue
            c, s = self.power_of_turn(self.turn(parts), int(n) % (2 * parts))
            if (s - value * c if tangent else s - value).over.is_zero():
                return self.pi() * self.number(Fraction(int(n), parts))
        return None

    def asin(self, value: Quotient) -> Quotient:
        """The angle between -pi/2 and pi/2 with this sine."""
        square = self.number(1) - value * value
        self.need_at_least_zero(square)
        if (ball := self.ball_of(value)) is not None:
            if abs(ball) > 1:
                raise Vacuous
            if (found := self.known_angle(value, ball, tangent=False)) is not None:
                return found
        half_turn = self.pi() / self.number(2)
        if square.over.is_zero():
            return half_turn if self.at_least_zero(value) else -half_turn
        if self.has_root(value):
            if self.possible_of(square) == POSITIVE and not self.has_root(ratio := value / self.sqrt(square)):
                return self.atan(ratio)
            if not self.has_root(other := self.sqrt(square)):
                return half_turn - self.asin(other) if self.at_least_zero(value) else self.asin(other) - half_turn
        return self.odd("asin", value)

    def atan(self, value: Quotient) -> Quotient:
        """The angle between -pi/2 and pi/2 with this tangent."""
        over, under = self.lowest(value)
        ball = self.ball_of(value)
        if ball is not None and (found := self.known_angle(value, ball, tangent=True)) is not None:
            return found
        if (over.is_constant() and not under.is_constant()) or (ball is not None and abs(ball) > 1):
            half_turn = self.pi() * self.number(Fraction(self.sign(value), 2))  # atan(u) + atan(1/u) = +-pi/2
            return half_turn - self.atan(self.number(1) / value)
        if ball is None and self.has_root(value):
            sine = value / self.sqrt(self.number(1) + value * value)
            if not self.has_root(sine):
                return self.asin(sine)
        return self.odd("atan", value)

    def acot(self, value: Quotient) -> Quotient:
        """The angle whose cotangent it is: atan(1/u), and pi/2 at 0."""
        half_turn = self.pi() / self.number(2)
        signs, _ = self.outlook(value)
        upper = signs <= {0, 1} or (bool(signs & {0, 1}) and self.sign(value) >= 0)
        return (half_turn if upper else -half_turn) - self.atan(value)

    def has_root(self, value: Quotient) -> bool:
        """Whether a root stands in a value."""
        over, under = self.lowest(value)
        degrees = tuple(max(m, n) for m, n in zip(over.degrees(), under.degrees(), strict=True))
        return any(degrees[i] > 0 and self.kernels[i].kind == "root" for i in self.algebraic)

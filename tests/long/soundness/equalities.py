"""Kinds 1 and 2: equations that true rules make, and mutants that differ from them on a sliver, far out, at one point.

A *pair* is one expression written in two ways; rules join pairs to larger ones, so that both sides stay equal
wherever both have values.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from mpmath import mpf

from tests.long.soundness.cases import Case, Truth, agrees_everywhere, draw, fails_at, relation, row
from tests.long.soundness.terms import (
    EULER,
    PI,
    Term,
    Test,
    X,
    Y,
    absolute,
    between,
    call,
    decimal,
    e_to,
    exact,
    pieces,
    rational,
    term,
    test,
)

Pair = tuple[Term, Term]

NUMBERS = [Fraction(n) for n in ("2", "3", "1/2", "5", "1/3", "4", "7/3", "10")]


def number(chance: Random) -> Fraction:
    return chance.choice(NUMBERS) * chance.choice((1, 1, -1))


def positive(chance: Random) -> Fraction:
    return chance.choice(NUMBERS)


def written(chance: Random, n: Fraction) -> Term:
    """A number as a quotient or as a decimal."""
    twos_and_fives = 10**6 % n.denominator == 0
    return decimal(n) if n.denominator > 1 and twos_and_fives and chance.random() < 0.5 else rational(n)


def affine(chance: Random, names: tuple[Term, ...]) -> Term:
    """A symbol, or a line through it."""
    u = chance.choice(names)
    match chance.randrange(5):
        case 0:
            return u * rational(number(chance))
        case 1:
            return u + positive(chance)
        case 2:
            return rational(positive(chance)) - u
        case _:
            return u


# ---- rules with one hole, with two --------------------------------------------------------------

ONE_HOLE: list[Callable[[Term, Term], Pair]] = [
    lambda u, v: (call("sin", u) ** 2 + call("cos", v) ** 2, rational(1)),
    lambda u, v: (call("sin", u * 2), 2 * call("sin", v) * call("cos", v)),
    lambda u, v: (call("cos", 2 * u), 1 - 2 * call("sin", v) ** 2),
    lambda u, v: (call("cosh", u) ** 2 - call("sinh", v) ** 2, rational(1)),
    lambda u, v: (call("tanh", u), 2 * call("sigmoid", 2 * v) - 1),
    lambda u, v: (call("sigmoid", -u), 1 - call("sigmoid", v)),
    lambda u, v: (call("Phi", -u), 1 - call("Phi", v)),
    lambda u, v: (call("erf", u), 2 * call("Phi", call("sqrt", term(2)) * v) - 1),
    lambda u, v: (call("erf", u) + call("erfc", v), rational(1)),
    lambda u, v: (e_to(call("ln", u)), v),
    lambda u, v: (call("ln", e_to(u)), v),
    lambda u, v: (call("relu", u), (v + absolute(u)) / 2),
    lambda u, v: (call("relu", u), call("max", term(0), v)),
    lambda u, v: (call("relu", u) - call("relu", -u), v),
    lambda u, v: (call("relu", u) + call("relu", -v), absolute(u)),
    lambda u, v: (call("swish", u) - call("swish", -v), u),
    lambda u, v: (call("gelu", u) - call("gelu", -u), v),
    lambda u, v: (call("softplus", u) - call("softplus", -v), u),
    lambda u, v: (call("softplus", u), call("ln", 1 + e_to(v))),
    lambda u, v: (absolute(u) ** 2, v**2),
    lambda u, v: (call("sqrt", u**2), absolute(v)),
    lambda u, v: (call("sqrt", u) ** 2, v),
    lambda u, v: (call("cbrt", u) ** 3, v),
    lambda u, v: (call("sign", u) * v, absolute(u)),
    lambda u, v: (pieces([(u, test(v, ">", 0))], -u), absolute(v)),
    lambda u, v: (call("hardtanh", u), call("clip", v, term(-1), term(1))),
    lambda u, v: (call("elu", u), pieces([(v, test(v, ">", 0))], e_to(v) - 1)),
    lambda u, v: (call("celu", u, term(2)), call("max", v, term(0)) + call("min", term(0), 2 * (e_to(v / 2) - 1))),
    lambda u, v: (call("leaky_relu", u), call("max", v, v * decimal(Fraction("0.01")))),
    lambda u, v: (call("softsign", u) * (1 + absolute(v)), u),
    lambda u, v: (call("sinc", u) * v, call("sin", u)),
    lambda u, v: (call("hardswish", u), v * call("relu6", v + 3) / 6),
    lambda u, v: (call("mish", u), v * call("tanh", call("ln", 1 + e_to(v)))),
    lambda u, v: (call("logsigmoid", u), call("ln", call("sigmoid", v))),
    lambda u, v: (call("heaviside", u) * u, call("relu", v)),
    lambda u, v: (call("asin", u) + call("acos", v), PI / 2),
    lambda u, v: (call("cos", call("asin", u)), call("sqrt", 1 - v**2)),
    lambda u, v: (call("tan", call("atan", u)), v),
    lambda u, v: (call("tan", u) * call("cos", v), call("sin", u)),
    lambda u, v: (call("sec", u) ** 2, 1 + call("tan", v) ** 2),
    lambda u, v: (call("sinh", call("asinh", u)), v),
    lambda u, v: (call("tanh", call("atanh", u)), v),
    lambda u, v: (call("cosh", call("acosh", u)), v),
    lambda u, v: (call("ln", u**2), 2 * call("ln", absolute(v))),
    lambda u, v: (call("log2", u), call("ln", v) / call("ln", term(2))),
    lambda u, v: (call("floor", u) + call("ceil", -u), rational(0)),
    lambda u, v: (call("floor", u + 1), call("floor", v) + 1),
    lambda u, v: (call("lambertw", u) * e_to(call("lambertw", v)), u),
    lambda u, v: (u**0, v / v),
    lambda u, v: (e_to(u / 2) ** 2, e_to(v)),
    lambda u, v: ((u + 1) ** 2, v**2 + 2 * v + 1),
    lambda u, v: (u**3 - 1, (v - 1) * (v**2 + v + 1)),
    lambda u, v: (1 / (1 + e_to(-u)), e_to(v) / (1 + e_to(v))),
    lambda u, v: (u**2 / u, v),
    lambda u, v: (1 / u - 1 / (v + 1), 1 / (u * (u + 1))),
    lambda u, v: (call("atan", u) + call("atan", 1 / v), PI / 2 * call("sign", u)),
    lambda u, v: (call("sin", 3 * u), 3 * call("sin", v) - 4 * call("sin", v) ** 3),
    lambda u, v: (call("tanh", u / 2), (e_to(u) - 1) / (e_to(v) + 1)),
    lambda u, v: (call("phi", u), e_to(-(v**2) / 2) / call("sqrt", 2 * PI)),
    lambda u, v: (call("relu6", u), call("clip", v, term(0), term(6))),
    lambda u, v: (call("sqrt", u**2 + 2 * u + 1), absolute(v + 1)),
    lambda u, v: (call("penalized_tanh", u), pieces([(call("tanh", v), test(v, ">=", 0))], call("tanh", v) / 4)),
    lambda u, v: (call("su", u), pieces([(v, test(v, ">=", 0))], v * e_to(v))),
    lambda u, v: (call("max", u, u + 1, term(0)), call("relu", v + 1)),
    lambda u, v: (absolute(absolute(u) - 1) + 1, call("max", absolute(v), 2 - absolute(v))),
]

TWO_HOLES: list[Callable[[Term, Term, Term, Term], Pair]] = [
    lambda u, v, p, q: (u + p, q + v),
    lambda u, v, p, q: (u * p, q * v),
    lambda u, v, p, q: (u - p, -(q - v)),
    lambda u, v, p, q: ((u + p) ** 2, v**2 + 2 * v * q + q**2),
    lambda u, v, p, q: ((u - p) * (u + p), v**2 - q**2),
    lambda u, v, p, q: (u / p * p, v),
    lambda u, v, p, q: (call("max", u, p), (v + q + absolute(v - q)) / 2),
    lambda u, v, p, q: (call("max", u, p) + call("min", v, q), u + p),
    lambda u, v, p, q: (call("max", u, p) * call("min", v, q), u * q),
    lambda u, v, p, q: (pieces([(u, test(u, ">", p))], p), call("max", v, q)),
    lambda u, v, p, q: (e_to(u + p), e_to(v) * e_to(q)),
    lambda u, v, p, q: (call("ln", absolute(u * p)), call("ln", absolute(v)) + call("ln", absolute(q))),
    lambda u, v, p, q: (absolute(u * p), absolute(v) * absolute(q)),
    lambda u, v, p, q: (call("sqrt", u) * call("sqrt", p), call("sqrt", v * q)),
    lambda u, v, p, q: (call("sin", u + p), call("sin", v) * call("cos", q) + call("cos", v) * call("sin", q)),
    lambda u, v, p, q: (call("sinh", u - p), call("sinh", v) * call("cosh", q) - call("cosh", v) * call("sinh", q)),
    lambda u, v, p, q: (call("min", u, p), -call("max", -v, -q)),
    lambda u, v, p, q: (1 / u + 1 / p, (u + p) / (v * q)),
    lambda u, v, p, q: (u, v + 0 * p),
    lambda u, v, p, q: (pieces([(u, test(p, "<", 1)), (u, test(p, ">=", 1))]), v + 0 * q),
    lambda u, v, p, q: ((u + p) ** 3 - u**3 - p**3, 3 * v * q * (v + q)),
]


def pair(chance: Random, names: tuple[Term, ...], depth: int) -> Pair:
    """An expression in two ways."""
    if depth == 0:
        leaf = affine(chance, names) if chance.random() < 0.85 else written(chance, number(chance))
        return leaf, leaf
    if chance.random() < 0.6:
        u, v = pair(chance, names, depth - 1)
        a, b = chance.choice(ONE_HOLE)(u, v)
    else:
        u, v = pair(chance, names, depth - 1)
        p, q = pair(chance, names, chance.randrange(depth))
        a, b = chance.choice(TWO_HOLES)(u, v, p, q)
    return (a, b) if chance.random() < 0.5 else (b, a)


def conditions(chance: Random, names: tuple[Term, ...]) -> list[Test]:
    """Sometimes a domain."""
    u = chance.choice(names)
    match chance.randrange(6):
        case 0:
            return [test(u, ">", 0)]
        case 1:
            return [between(-positive(chance), u, positive(chance), ("<=", "<="))]
        case 2:
            return [test(u, "<=", number(chance))]
        case _:
            return []


def _true(chance: Random, names: tuple[Term, ...], depth: int) -> tuple[Pair, list[Test]] | None:
    sides = pair(chance, names, depth)
    where = conditions(chance, names)
    if sides[0].text == sides[1].text or len(relation(sides[0], "=", sides[1])) > 220:
        return None
    if not agrees_everywhere(chance, sides, "=", [name.text for name in names], where):
        return None
    return sides, where


@row("equality", share=5)
def rewritten_in_one_variable(chance: Random) -> Case | None:
    found = _true(chance, (X,), chance.choice((1, 1, 2, 2, 3)))
    if found is None:
        return None
    (a, b), where = found
    return Case(relation(a, "=", b, where), Truth.TRUE, "true rules lead from one side to the other")


@row("equality", share=2)
def rewritten_in_two_variables(chance: Random) -> Case | None:
    found = _true(chance, (X, Y), chance.choice((1, 2, 2)))
    if found is None:
        return None
    (a, b), where = found
    return Case(relation(a, "=", b, where), Truth.TRUE, "true rules lead from one side to the other")


# ---- mutants ------------------------------------------------------------------------------------


def place(chance: Random) -> tuple[Term, str]:
    """A number to hide something at, and what kind it is."""
    match chance.randrange(6):
        case 0:
            return rational(chance.randint(-20, 20)), "whole"
        case 1:
            return rational(Fraction(chance.randint(-400, 400), chance.choice((3, 7, 11, 64)))), "rational"
        case 2:
            return call("sqrt", rational(chance.choice((2, 3, 5, 7)))), "irrational"
        case 3:
            return PI * chance.randint(1, 4), "irrational"
        case 4:
            return EULER, "irrational"
        case _:
            return rational(chance.choice((10**3, 10**5 + 7, 10**6, -(10**6), 10**9, 10**12))), "far"


def sliver(chance: Random, b: Term, x: Term, c: Term) -> tuple[Term, Term]:
    """An expression that differs from `b` near the place `c` only, and a point where it does."""
    width = Fraction(1, chance.choice((2, 1000, 10**6, 10**12)))
    size = written(chance, Fraction(1, chance.choice((1, 1, 1000, 10**6, 10**15))))
    w = rational(width)
    middle = c + w / 2
    match chance.randrange(13):
        case 0:
            return pieces([(b + size, between(c, x, c + w))], b), middle
        case 1:
            return pieces([(b + size, test(x, "=", c))], b), c
        case 2:
            return pieces([(b, test(x, "<", c)), (b + size, test(x, "<=", c))], b), c
        case 3:
            return pieces([(b + size, test((x - c) ** 2, "<=", 0))], b), c
        case 4:
            return b + call("max", term(0), w - absolute(x - c)), c
        case 5:
            return b + (1 - call("sign", x - c) ** 2), c
        case 6:
            return b + size * term(0) ** absolute(x - c), c
        case 7:
            return b + call("relu", x - c), c + 1
        case 8:
            return pieces([(b, test(x, "!=", c))], b - size), c
        case 9:
            return pieces([(b, test(absolute(x - c), ">", w))], b * (1 + size)), c
        case 10:
            return b + call("heaviside", x - c) * call("heaviside", c + w - x), middle
        case 11:
            return call("max", b, b + w - absolute(x - c)), c
        case _:
            return pieces([(b, test(x, "<", c)), (b, test(x, ">", c + w))], b - size), middle


@row("mutant", share=6)
def wrong_on_a_sliver(chance: Random) -> Case | None:
    names = (X, Y) if chance.random() < 0.2 else (X,)
    found = _true(chance, names, chance.choice((1, 1, 2)))
    if found is None:
        return None
    (a, b), where = found
    c, _ = place(chance)
    mutant, at = sliver(chance, b, X, c)
    env = {"x": at(), "y": mpf(chance.randint(-3, 3))}
    if not fails_at((a, mutant), "=", env, where):
        return None
    return Case(relation(a, "=", mutant, where), Truth.FALSE, f"they differ at x = {at.text}")


@row("mutant", share=3)
def changed_by_a_little(chance: Random) -> Case | None:
    names = (X, Y) if chance.random() < 0.2 else (X,)
    found = _true(chance, names, chance.choice((1, 2, 2, 3)))
    if found is None:
        return None
    (a, b), where = found
    tiny = Fraction(1, chance.choice((2, 100, 10**6, 10**12, 10**20)))
    changes: list[Callable[[Term], Term]] = [
        lambda t: t + rational(tiny),
        lambda t: t * (1 + rational(tiny)),
        lambda t: -t,
        lambda t: t**2,
        lambda t: absolute(t),
        lambda t: t + rational(tiny) * call("sin", X),
        lambda t: t + rational(tiny) * X,
        lambda t: t + e_to(-(X**2)) * rational(tiny),
        lambda t: call("relu", t),
        lambda t: t / (1 + rational(tiny) * X**2),
        lambda t: t + call("sign", X) * rational(tiny),
        lambda t: call("max", t, rational(-(10**6))),
        lambda t: t + call("floor", X / 1000) * rational(tiny),
    ]
    mutant = chance.choice(changes)(b)
    for _ in range(12):
        env = draw(chance, [name.text for name in names], (mpf(10) ** 7, -(mpf(10) ** 7), mpf("1000.5")))
        if fails_at((a, mutant), "=", env, where):
            return Case(relation(a, "=", mutant, where), Truth.FALSE, f"they differ at {env}")
    return None


@row("mutant", share=2)
def wrong_at_a_joint(chance: Random) -> Case | None:
    """A piecewise form whose branches are right but whose joint is not."""
    c = rational(chance.randint(-5, 5))
    f, g = (chance.choice((X**2, X + 1, call("sin", X), e_to(X), call("tanh", X), X**3)) for _ in range(2))
    truth = pieces([(f, test(X, "<", c))], g)
    match chance.randrange(4):
        case 0:
            wrong = pieces([(f, test(X, "<=", c))], g)
        case 1:
            wrong = pieces([(g, test(X, ">", c))], f)
        case 2:
            wrong = f + call("heaviside", X - c) * (g - f)
        case _:
            wrong = pieces([(f, test(X, "<", c)), (g, test(X, ">", c))], 0)
    if not fails_at((truth, wrong), "=", {"x": c()}):
        return None
    return Case(relation(truth, "=", wrong), Truth.FALSE, f"they differ at the joint x = {c.text} only")


@row("mutant")
def right_where_it_is_asked(chance: Random) -> Case | None:
    """A sliver that lies outside the stated domain: true again."""
    found = _true(chance, (X,), chance.choice((1, 2)))
    if found is None:
        return None
    (a, b), _ = found
    c = rational(chance.choice((-7, 3, 50, 1000)))
    mutant = pieces([(b, test(X, "<=", c))], b + 1)
    where = [test(X, "<=", c) if chance.random() < 0.5 else test(X, "<", c)]
    if not agrees_everywhere(chance, (a, mutant), "=", ["x"], where):
        return None
    return Case(relation(a, "=", mutant, where), Truth.TRUE, f"they differ beyond x = {c.text} only")


# ---- rules that hold on half of the line --------------------------------------------------------

HALVES: list[tuple[Pair, str, Fraction]] = [
    ((call("sqrt", X**2), X), ">=", Fraction(0)),
    ((call("sqrt", X**2), -X), "<=", Fraction(0)),
    ((absolute(X), X), ">=", Fraction(0)),
    ((call("relu", X), X), ">=", Fraction(0)),
    ((call("relu", X), 0 * X), "<=", Fraction(0)),
    ((call("ln", X**2), 2 * call("ln", -X)), "<", Fraction(0)),
    ((call("max", X, X**2), X**2), ">=", Fraction(1)),
    ((call("max", X, X**2), X**2), "<=", Fraction(0)),
    ((absolute(X - 1) + absolute(X + 1), 2 * X), ">=", Fraction(1)),
    ((call("hardtanh", X), rational(1) + 0 * X), ">=", Fraction(1)),
    ((call("sign", X), rational(1) + 0 * X), ">", Fraction(0)),
    ((call("atan", X) + call("atan", 1 / X), PI / 2 + 0 * X), ">", Fraction(0)),
    ((call("cosh", call("asinh", X)), call("sqrt", X**2 + 1)), ">=", Fraction(-5)),
    ((call("sqrt", X**3), X * call("sqrt", X)), ">=", Fraction(0)),
    ((call("max", e_to(X), term(1)), e_to(X)), ">=", Fraction(0)),
    ((call("max", e_to(X / 2), term(2)), e_to(X / 2)), ">=", Fraction(2)),
    ((call("acosh", call("cosh", X)), X), ">=", Fraction(0)),
    ((call("elu", X), X), ">=", Fraction(0)),
    ((call("floor", X), call("sign", X) - 1), ">=", Fraction(10**4)),
]


@row("mutant", share=2)
def true_on_a_half_line(chance: Random) -> Case | None:
    """An identity of a half line, stated on it, on a bit more, or on the line."""
    (a, b), sign, end = chance.choice(HALVES[:-1])
    low = sign[0] == ">"
    slack = chance.choice((Fraction(0), Fraction(0), Fraction(1, 10**6), Fraction(1), Fraction(10**4)))
    bound = end - slack if low else end + slack
    where = [] if chance.random() < 0.2 else [test(X, sign, rational(bound))]
    if a.text.startswith("max(x"):
        pass
    for near in (bound, bound + (slack / 3 if low else -slack / 3), Fraction(-2), Fraction(2), Fraction(1, 2)):
        if fails_at((a, b), "=", {"x": exact(near)}, where):
            return Case(relation(a, "=", b, where), Truth.FALSE, f"they differ at x = {near}")
    if where and slack == 0 and agrees_everywhere(chance, (a, b), "=", ["x"], where, points=40):
        return Case(relation(a, "=", b, where), Truth.TRUE, "it holds on this half line")
    return None


@row("mutant", share=2)
def under_an_exponential_condition(chance: Random) -> Case | None:
    """max(e^(x/k), c) = e^(x/k) on where e^x exceeds something: true or false by a comparison of numbers."""
    k = chance.choice((2, 3, Fraction(1, 2)))
    c = Fraction(chance.choice((10003, 10001, 20000, 12000, 30000)), 10000)
    g = chance.choice((c, c**2, c**3))
    left = call("max", e_to(X / rational(k)), rational(c))
    where = [test(e_to(X), ">", rational(g))]
    # e^(x/k) > g^(1/k); the maximum is e^(x/k) everywhere there exactly when g^(1/k) >= c
    enough = exact(g) ** (1 / exact(Fraction(k)))
    if abs(enough - exact(c)) < mpf(10) ** -30:
        truth = Truth.TRUE
    else:
        truth = Truth.TRUE if enough > exact(c) else Truth.FALSE
    return Case(relation(left, "=", e_to(X / rational(k)), where), truth, f"g^(1/k) = {enough} against c = {c}")

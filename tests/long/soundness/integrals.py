"""Kind 6: integrals: by known primitives, with kinks and jumps inside, improper, divergent, through poles and cuts."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

from mpmath import mp, mpf

from tests.long.soundness.cases import Case, Mistaken, Truth, row
from tests.long.soundness.derivatives import sloped
from tests.long.soundness.equalities import positive
from tests.long.soundness.terms import (
    OO,
    PI,
    NoValue,
    Term,
    Unknown,
    X,
    absolute,
    between,
    call,
    e_to,
    pieces,
    rational,
    term,
    test,
)


def stated(f: Term, low: Term | str, high: Term | str, value: Term | str, sign: str = "=") -> str:
    a, b, v = (t if isinstance(t, str) else t.text for t in (low, high, value))
    return f"int({f.text}, x = {a}..{b}) {sign} {v}"


def quadrature(f: Term, places: list[Any]) -> Any:
    """mpmath's own quadrature between the places, at modest precision."""
    with mp.workdps(20):
        return mp.quad(lambda x: f(x=x), places)


def borne_out(f: Term, places: list[Any], value: Any) -> bool:
    """Whether quadrature agrees; False where it has no word; raises Mistaken where it differs."""
    try:
        found = quadrature(f, places)
    except (NoValue, Unknown, OverflowError, ZeroDivisionError, ValueError):
        return False
    if abs(found - value) > mpf(10) ** -6 * max(1, abs(value)):
        raise Mistaken(f"int({f.text}, {places}): {found} against {value}")
    return True


@row("integral", share=4)
def by_a_known_primitive(chance: Random) -> Case | None:
    """The derivative of a random smooth function; the span is checked to be free of gaps by its values."""
    big, small = sloped(chance, chance.choice((1, 1, 2)))
    a = Fraction(chance.randint(-4, 4), chance.choice((1, 1, 2)))
    b = a + Fraction(chance.randint(1, 6), 2)
    try:
        grid = [exactly(a + (b - a) * Fraction(i, 60)) for i in range(61)]
        tops = [big(x=x) for x in grid]
        slopes = [small(x=x) for x in grid]
    except (NoValue, Unknown, OverflowError):
        return None
    if max(abs(s) for s in slopes) > 40 or len(small.text) > 110:
        return None
    value = tops[-1] - tops[0]
    try:
        found = quadrature(small, [exactly(a), exactly(b)])
    except (NoValue, Unknown, OverflowError, ZeroDivisionError):
        return None
    if abs(found - value) > mpf(10) ** -10 * max(1, abs(value)):
        return None  # a pole hides between the points of the grid, or the quadrature is not up to it
    said = big.put("x", rational(b)) - big.put("x", rational(a))
    if chance.random() < 0.25:
        said = said + rational(Fraction(1, 10 ** chance.choice((0, 5, 12))))
        return Case(stated(small, rational(a), rational(b), said), Truth.FALSE, f"it is {value}")
    if chance.random() < 0.2:
        tiny = rational(Fraction(1, 10 ** chance.choice((2, 8))))
        if chance.random() < 0.5:
            return Case(stated(small, rational(a), rational(b), said + tiny, "<"), Truth.TRUE, f"it is {value}")
        return Case(stated(small, rational(a), rational(b), said + tiny, ">"), Truth.FALSE, f"it is {value}")
    return Case(stated(small, rational(a), rational(b), said), Truth.TRUE, "a primitive is known")


def exactly(f: Fraction) -> Any:
    return mpf(f.numerator) / f.denominator


@row("integral", share=3)
def with_kinks_and_jumps(chance: Random) -> Case | None:
    """A polynomial on each of two or three pieces; the value is a rational number."""
    cuts = sorted(chance.sample([Fraction(n, 6) for n in range(-18, 19)], chance.choice((3, 4))))
    polys = [[chance.randint(-3, 3) for _ in range(chance.choice((1, 2, 3)))] for _ in cuts[1:]]
    value = Fraction(0)
    for (a, b), poly in zip(pairwise(cuts), polys, strict=True):
        value += sum(Fraction(c) * (b ** (i + 1) - a ** (i + 1)) / (i + 1) for i, c in enumerate(poly))

    def body(poly: list[int]) -> Term:
        total = rational(poly[0])
        for i, c in enumerate(poly[1:], 1):
            total = total + rational(c) * X**i
        return total

    f = body(polys[-1])
    for cut, poly in reversed(list(zip(cuts[1:-1], polys, strict=False))):
        f = pieces([(body(poly), test(X, chance.choice(("<", "<=")), rational(cut)))], f)
    if not borne_out(f, [exactly(c) for c in cuts], exactly(value)):
        return None
    match chance.randrange(4):
        case 0:
            wrong = value + Fraction(1, chance.choice((2, 1000, 10**9)))
            return Case(
                stated(f, rational(cuts[0]), rational(cuts[-1]), rational(wrong)), Truth.FALSE, f"it is {value}"
            )
        case 1:
            return Case(
                stated(f, rational(cuts[-1]), rational(cuts[0]), rational(-value)), Truth.TRUE, "the ends are exchanged"
            )
        case _:
            return Case(stated(f, rational(cuts[0]), rational(cuts[-1]), rational(value)), Truth.TRUE, "by pieces")


@row("integral", share=3)
def with_a_narrow_peak(chance: Random) -> Case | None:
    """A peak of width w and height h/w on a smooth function: the integral is greater by h."""
    c = chance.choice((rational(Fraction(1, 3)), call("sqrt", term(2)) / 2, rational(Fraction(1, 2)), PI / 4))
    w = rational(Fraction(1, 10 ** chance.choice((3, 6, 12, 20, 30))))
    big, small = chance.choice(((X**2, 2 * X), (call("sin", X), call("cos", X)), (e_to(X), e_to(X)), (0 * X, 0 * X)))
    base = big.put("x", term(1)) - big.put("x", term(0))
    h = chance.choice((Fraction(1), Fraction(2), Fraction(1, 1000)))
    match chance.randrange(3):
        case 0:
            peak = small + rational(h) / w * call("heaviside", X - c) * call("heaviside", c + w - X)
        case 1:
            peak = pieces([(small + rational(h) / w, between(c, X, c + w))], small)
        case _:
            peak = small + call("max", term(0), rational(h) / w * (1 - absolute(X - c) / w))
    text = stated(peak, term(0), term(1), base + rational(h))
    match chance.randrange(4):
        case 0:
            return Case(stated(peak, term(0), term(1), base), Truth.FALSE, f"the peak counts {h}")
        case 1:
            return Case(
                stated(peak, term(0), term(1), base + rational(h / 2), "<"), Truth.FALSE, f"the peak counts {h}"
            )
        case 2:
            return Case(stated(peak, term(0), term(1), base + rational(h / 2), ">"), Truth.TRUE, f"the peak counts {h}")
        case _:
            return Case(text, Truth.TRUE, f"the peak counts {h}")


def _improper(chance: Random) -> tuple[Term, Term, Term, Term, list[Any]]:
    """A convergent improper integral: function, ends, value, and places for the quadrature."""
    a, s = rational(positive(chance)), chance.choice((2, 3, Fraction(3, 2), Fraction(5, 2)))
    r = chance.choice((Fraction(1, 2), Fraction(1, 3), Fraction(2, 3)))
    far = rational(chance.choice((0, 3, 40, 1000)))
    p, q = rational(s), rational(r)
    zero, one = term(0), term(1)
    low, high = mpf(0), mp.inf
    rows: list[tuple[Term, Term, Term, Term, list[Any]]] = [
        (e_to(-a * X), zero, OO, 1 / a, [low, 1, high]),
        (X * e_to(-a * X), zero, OO, 1 / a**2, [low, 1, high]),
        (1 / (1 + X**2), -OO, OO, PI, [-mp.inf, 0, high]),
        (1 / X**p, one, OO, 1 / (p - 1), []),
        (1 / X**q, zero, one, 1 / (1 - q), []),
        (call("ln", X), zero, one, term(-1), [low, 1]),
        (1 / call("sqrt", 1 - X**2), term(-1), one, PI, []),
        (1 / call("sqrt", X), zero, rational(4), term(4), []),
        (call("phi", X), -OO, OO, one, [-mp.inf, 0, high]),
        (call("phi", X - far), -OO, OO, one, []),
        (X**2 * call("phi", X), -OO, OO, one, [-mp.inf, 0, high]),
        (e_to(-absolute(X)), -OO, OO, term(2), [-mp.inf, 0, high]),
        (X * e_to(-(X**2)), zero, OO, rational(Fraction(1, 2)), [low, 1, high]),
        (X * e_to(-(X**2)), -OO, OO, zero, [-mp.inf, 0, high]),
        (e_to(-(X**2)), -OO, OO, call("sqrt", PI), [-mp.inf, 0, high]),
        (call("sigmoid", X) * (1 - call("sigmoid", X)), -OO, OO, one, [-mp.inf, 0, high]),
        (1 - call("tanh", X), zero, OO, call("ln", term(2)), [low, 1, high]),
        (call("relu", 1 - absolute(X - far)), -OO, OO, one, [far() - 1, far(), far() + 1]),
        (1 / (X * (X + 1)), one, OO, call("ln", term(2)), []),
        (call("ln", X) ** 2, zero, one, term(2), []),
        (X * call("ln", X), zero, one, rational(Fraction(-1, 4)), [low, 1]),
        (e_to(-X) * call("sin", X), zero, OO, rational(Fraction(1, 2)), [low, 3, 10, high]),
        (1 / call("sqrt", absolute(X)), term(-1), one, term(4), []),
        (1 / call("cbrt", X), term(-1), one, zero, []),
        (1 / call("cbrt", X) ** 2, term(-1), one, term(6), []),
        (call("ln", absolute(X)), term(-1), one, term(-2), []),
        (call("sech", X) ** 2, -OO, OO, term(2), [-mp.inf, 0, high]),
        (1 / (1 + X) ** 2, zero, OO, one, [low, 1, high]),
    ]
    return chance.choice(rows)


@row("integral", share=3)
def improper_but_convergent(chance: Random) -> Case | None:
    f, low, high, value, places = _improper(chance)
    if places and not borne_out(f, places, value()):
        return None
    if chance.random() < 0.25:
        wrong = value + rational(Fraction(1, 10 ** chance.choice((0, 3, 9))))
        return Case(stated(f, low, high, wrong), Truth.FALSE, f"it is {value.text}")
    if chance.random() < 0.15:
        return Case(stated(f, low, high, "oo"), Truth.FALSE, f"it is {value.text}")
    return Case(stated(f, low, high, value), Truth.TRUE, "a known improper integral")


@row("integral", share=4)
def divergent(chance: Random) -> Case | None:
    """Newton and Leibniz across a pole, principal values, and tails that do not settle."""
    a, b = chance.randint(1, 4), chance.randint(1, 4)
    c = rational(chance.choice((0, 0, 1, -2, Fraction(1, 3))))
    u = X if c.text == "0" else X - c
    low, high = c - a, c + b
    p, q = rational(a), rational(b)
    zero = term(0)
    rows: list[tuple[Term, Term, Term, list[Term | str]]] = [
        (1 / u**2, low, high, [-1 / q - 1 / p, zero, "oo - oo"]),
        (1 / u, low, high, [call("ln", q / p), zero]),
        (1 / u**3, low, high, [(1 / p**2 - 1 / q**2) / 2, zero]),
        (1 / u, c, high, [call("ln", q), zero]),
        (1 / absolute(u) * call("sign", u), low, high, [zero, call("ln", q / p)]),
        (call("tan", X), zero, PI, [zero]),
        (1 / call("cos", X) ** 2, zero, PI, [zero]),
        (1 / call("sin", X), term(-1), term(1), [zero]),
        (1 / call("sin", X) ** 2, term(-1), term(1), [-2 * call("cos", term(1)) / call("sin", term(1))]),
        (1 / (X**2 - 1), zero, term(2), [-call("ln", term(3)) / 2]),
        (call("sin", p * X), zero, OO, [1 / p, zero]),
        (call("cos", p * X), zero, OO, [zero, 1 / p]),
        (X, -OO, OO, [zero]),
        (call("sin", X), -OO, OO, [zero]),
        (call("tanh", p * X), -OO, OO, [zero]),
        (X**3, -OO, OO, [zero]),
        (call("atan", X), -OO, OO, [zero]),
        (X / (1 + X**2), -OO, OO, [zero]),
        (call("sign", X), -OO, OO, [zero]),
        (1 / (X * call("ln", X)), term(1), term(2), [zero, term(5)]),
        (1 / (X * call("ln", X)), rational(Fraction(1, 2)), term(2), [zero]),
        (e_to(X) * call("sin", X), zero, OO, [rational(Fraction(1, 2))]),
        (1 / (X - c - rational(Fraction(1, 10**9))), low, high, [call("ln", q / p)]),
        (e_to(1 / u) / u**2, low, high, [e_to(-1 / p) - e_to(1 / q)]),
        (1 / (e_to(u) - 1), low, high, [zero, term(1)]),
        (1 / call("tanh", u), term(-1) + c, 1 + c, [zero]),
        (call("sech", u) / call("sinh", u) ** 3, c - 1, c + 1, [zero]),
        (pieces([(1 / u, test(u, "!=", 0))], 0), low, high, [zero, call("ln", q / p)]),
        (u / u**2, low, high, [call("ln", q / p), zero]),
        (1 / call("cbrt", u) ** 4, low, high, [-3 / call("cbrt", q) - 3 / call("cbrt", p)]),
    ]
    f, one, two, values = chance.choice(rows)
    said = chance.choice(values)
    if said == "oo - oo":
        said = "-1"
    if not isinstance(said, str) and chance.random() < 0.2 and has_both_signs(f):
        sign = chance.choice(("<", ">", "<=", ">="))
        return Case(stated(f, one, two, said, sign), Truth.DIVERGENT, "a part of it diverges")
    return Case(stated(f, one, two, said), Truth.DIVERGENT, "a part of it diverges")


def has_both_signs(f: Term) -> bool:
    """Whether a function takes values of both signs, so that a divergence of it is no infinity."""
    found = set()
    for n in range(-40, 41):
        try:
            found.add(int(mp.sign(f(x=mpf(n) / 13))))
        except (NoValue, Unknown):
            continue
    return {1, -1} <= found


@row("integral", share=2)
def infinite(chance: Random) -> Case | None:
    """Every part has one sign, so that it is infinite."""
    a = chance.randint(1, 5)
    p = rational(a)
    rows: list[tuple[Term, str, str, int]] = [
        (1 / X, "1", "oo", 1),
        (1 / X, "0", f"{a}", 1),
        (1 / X**2, "-1", f"{a}", 1),
        (-1 / X**2, "-1", f"{a}", -1),
        (p + 0 * X, "0", "oo", 1),
        (e_to(X), "0", "oo", 1),
        (1 / call("sqrt", X), f"{a}", "oo", 1),
        (call("ln", X), "1", "oo", 1),
        (1 / absolute(X - p), "0", f"{a + 1}", 1),
        (1 / (X * call("ln", X)), "2", "oo", 1),
        (call("softplus", X), "-oo", "oo", 1),
        (call("sigmoid", X), f"{a}", "oo", 1),
        (call("sin", X) ** 2, "0", "oo", 1),
        (1 / call("cos", X) ** 2, "0", "pi", 1),
        (1 + e_to(-X), "0", "oo", 1),
        (-call("cosh", X), "0", "oo", -1),
    ]
    f, low, high, sign = chance.choice(rows)
    infinity = "oo" if sign > 0 else "-oo"
    if chance.random() < 0.6:
        said = chance.choice(("0", "1", f"{a}", "-oo" if sign > 0 else "oo", "-2"))
        return Case(stated(f, low, high, said), Truth.DIVERGENT, f"it is {infinity}")
    return Case(stated(f, low, high, infinity), Truth.TRUE, "it grows beyond every bound")


@row("integral", share=3)
def at_cuts_and_edges(chance: Random) -> Case | None:
    """Integrands that stop being real at an end of the span, or within it."""
    c = chance.randint(1, 6)
    rows: list[tuple[str, Truth]] = [
        ("int(asin(x), x = 0..1) = pi/2 - 1", Truth.TRUE),
        ("int(acos(x), x = 0..1) = 1", Truth.TRUE),
        ("int(acos(x), x = -1..1) = pi", Truth.TRUE),
        ("int(asin(x), x = -1..1) = 0", Truth.TRUE),
        ("int(acosh(x), x = 1..2) = 2*acosh(2) - sqrt(3)", Truth.TRUE),
        ("int(acosh(x), x = 1..2) < 0.9", Truth.FALSE),
        ("int(sqrt(x - {c}), x = {c}..{d}) = 2/3", Truth.TRUE),
        ("int(sqrt({d} - x), x = {c}..{d}) = 2/3", Truth.TRUE),
        ("int(sqrt(1 - x^2), x = -1..1) = pi/2", Truth.TRUE),
        ("int(x*sqrt(x), x = 0..1) = 2/5", Truth.TRUE),
        ("int(atanh(x), x = 0..1) = ln(2)", Truth.TRUE),
        ("int(atanh(x), x = -1..1) = 0", Truth.TRUE),
        ("int(cbrt(x), x = -1..1) = 0", Truth.TRUE),
        ("int(cbrt(x), x = -1..0) = -3/4", Truth.TRUE),
        ("int(cbrt(x)^2, x = -1..1) = 6/5", Truth.TRUE),
        ("int(asin(x), x = 1..2) > 1", Truth.DIVERGENT),
        ("int(asin(x), x = 0..2) = pi", Truth.DIVERGENT),
        ("int(asin(x), x = 0..2) < 100", Truth.DIVERGENT),
        ("int(sqrt(x - {c}), x = 0..{d}) = 2/3", Truth.DIVERGENT),
        ("int(sqrt(x - {c}), x = 0..{d}) >= 0", Truth.DIVERGENT),
        ("int(sqrt(x - {c}), x = 0..{c}) = 0", Truth.DIVERGENT),
        ("int(ln(x), x = -1..1) = -2", Truth.DIVERGENT),
        ("int(ln(x), x = -{c}..0) < 100", Truth.DIVERGENT),
        ("int(0*ln(x), x = -1..1) = 0", Truth.DIVERGENT),
        ("int(x + 0*sqrt(x - {c}), x = 0..{d}) = {d}^2/2", Truth.DIVERGENT),
        ("int(acosh(x), x = 0..2) = 2*acosh(2) - sqrt(3)", Truth.DIVERGENT),
        ("int(acosh(x), x = -1..1) = 0", Truth.DIVERGENT),
        ("int(sqrt(-1 - x^2), x = 0..1) = 0", Truth.DIVERGENT),
        ("int(x^(1/2), x = -1..1) = 2/3", Truth.DIVERGENT),
        ("int(x^(1/3), x = -1..1) = 0", Truth.DIVERGENT),
        ("int(atanh(x), x = 0..2) > 0", Truth.DIVERGENT),
        ("int(ln(x - {c})^2, x = 0..{d}) > 0", Truth.DIVERGENT),
        ("int(lambertw(x), x = -1..0) < 0", Truth.DIVERGENT),
        ("int(lambertw(x), x = 0..e) = e - 1", Truth.TRUE),
        ("int(ln(x), x = 1..e) = 1", Truth.TRUE),
        ("int(sqrt(x^2), x = -1..1) = 1", Truth.TRUE),
        ("int(sqrt(x^2), x = -1..1) = 0", Truth.FALSE),
        ("int(sqrt(x)^2, x = -1..1) = 0", Truth.DIVERGENT),
        ("int(e^ln(x), x = -1..1) = 0", Truth.DIVERGENT),
        ("int(floor(x), x = 0..{c}) = {c}*({c} - 1)/2", Truth.TRUE),
        ("int(ceil(x), x = 0..{c}) = {c}*({c} + 1)/2", Truth.TRUE),
        ("int(floor(x), x = -1/2..1/2) = -1/2", Truth.TRUE),
        ("int(sign(x), x = -1..{c}) = {c} - 1", Truth.TRUE),
        ("int(max(x, x^2), x = 0..2) = 17/6", Truth.TRUE),
        ("int(|sin(x)|, x = 0..2*pi) = 4", Truth.TRUE),
        ("int(sign(sin(x)), x = 0..2*pi) = 0", Truth.TRUE),
        ("int(sinc(x)*x, x = 0..pi) = 2", Truth.TRUE),
        ("int({{1 if x^2 = 2; 0 otherwise}}, x = 0..2) = 0", Truth.TRUE),
        ("int({{1 if x = 1; 0 otherwise}}, x = 0..2) = 1", Truth.FALSE),
        ("int(heaviside(x - {c}), x = 0..{d}) = 1", Truth.TRUE),
        ("int(1, x = 0..0) = 0", Truth.TRUE),
    ]
    body, truth = chance.choice(rows)
    return Case(body.format(c=c, d=c + 1), truth, "by the place where the integrand stops being real")


UP_TO: list[tuple[str, str, Truth]] = [  # integrals with a variable upper end
    ("int(1/t^2, t = -{a}..x) = -1/x - 1/{a}", "x < 0", Truth.TRUE),
    ("int(1/t^2, t = -{a}..x) = -1/x - 1/{a}", "x > 0", Truth.DIVERGENT),
    ("int(1/t^2, t = -{a}..x) = -1/x - 1/{a}", "x = {b}", Truth.DIVERGENT),
    ("int(1/t, t = -{a}..x) = ln(|x|) - ln({a})", "x > 0", Truth.DIVERGENT),
    ("int(1/t, t = {a}..x) = ln(x/{a})", "x > 0", Truth.TRUE),
    ("int(1/t, t = {a}..x) = ln(|x|/{a})", "x < 0", Truth.DIVERGENT),
    ("int(1/(t - {b}), t = 0..x) = ln(|x - {b}|) - ln({b})", "x > {b}", Truth.DIVERGENT),
    ("int(1/(t - {b}), t = 0..x) = ln(|x - {b}|) - ln({b})", "x < {b}", Truth.TRUE),
    ("int(1/(t - {b})^3, t = 0..x) = 1/(2*{b}^2) - 1/(2*(x - {b})^2)", "x > {b}", Truth.DIVERGENT),
    ("int(1/(t - {b})^3, t = 0..x) = 1/(2*{b}^2) - 1/(2*(x - {b})^2)", "x > 10^6", Truth.DIVERGENT),
    ("int(1/(2 + cos(t)), t = 0..x) = 2/sqrt(3)*atan(tan(x/2)/sqrt(3))", "", Truth.FALSE),
    ("int(1/(2 + cos(t)), t = 0..x) = 2/sqrt(3)*atan(tan(x/2)/sqrt(3))", "0 < x < 3", Truth.TRUE),
    ("int(1/(2 + cos(t)), t = 0..x) = 2/sqrt(3)*atan(tan(x/2)/sqrt(3))", "0 < x < 4", Truth.FALSE),
    ("int(1/(5 + 4*cos(t)), t = 0..x) = 2/3*atan(tan(x/2)/3)", "", Truth.FALSE),
    ("int(1/(5 + 4*cos(t)), t = 0..x) = 2/3*atan(tan(x/2)/3)", "-3 < x < 3", Truth.TRUE),
    ("int(1/(2 + sin(t)), t = 0..x) = 2/sqrt(3)*(atan((2*tan(x/2) + 1)/sqrt(3)) - pi/6)", "x >= 0", Truth.FALSE),
    ("int(1/(1 + sin(t)^2), t = 0..x) = atan(sqrt(2)*tan(x))/sqrt(2)", "", Truth.FALSE),
    ("int(1/(1 + sin(t)^2), t = 0..x) = atan(sqrt(2)*tan(x))/sqrt(2)", "-1 < x < 1", Truth.TRUE),
    ("int(1, t = 0..x) = atan(tan(x))", "", Truth.FALSE),
    ("int(1, t = 0..x) = 2*atan(tan(x/2))", "", Truth.FALSE),
    ("int(1, t = 0..x) = asin(sin(x))", "", Truth.FALSE),
    ("int(1, t = 0..x) = asin(sin(x))", "-1 < x < 1", Truth.TRUE),
    ("int(1, t = 0..x) = floor(x) + x - floor(x)", "", Truth.TRUE),
    ("int(1, t = 0..x) = x + floor(x/1000)", "", Truth.FALSE),
    ("int(2*t, t = 0..x) = x^2 + heaviside(x - 10^6)", "", Truth.FALSE),
    ("int(2*t, t = 0..x) = {{x^2 + 1 if x = {a}; x^2 otherwise}}", "", Truth.FALSE),
    ("int(2*t, t = 0..x) = x^2 + 7 + 0*sqrt(x - 9)", "", Truth.FALSE),
    ("int(2*t, t = 0..x) = x^2 + 7 + 0*sqrt(x - 9)", "x < 9", Truth.EMPTY),
    ("int(2*t, t = 0..x) = x^2 + 0*sqrt(x - 9)", "", Truth.TRUE),
    ("int(2*t, t = {a}..x) = x^2 - {a}^2 + 0*ln(x)", "", Truth.TRUE),
    ("int(2*t, t = {a}..x) = x^2 + 0*ln(x)", "", Truth.FALSE),
    ("int(sec(t)^2, t = 0..x) = tan(x)", "-1 < x < 1", Truth.TRUE),
    ("int(sec(t)^2, t = 0..x) = tan(x)", "x > 2", Truth.DIVERGENT),
    ("int(sec(t)^2, t = 0..x) = tan(x)", "2 < x < 4", Truth.DIVERGENT),
    ("int(tan(t), t = 0..x) = -ln(|cos(x)|)", "-1 < x < 3/2", Truth.TRUE),
    ("int(tan(t), t = 0..x) = -ln(|cos(x)|)", "x > 2", Truth.DIVERGENT),
    ("int(sign(t), t = -{a}..x) = |x| - {a}", "", Truth.TRUE),
    ("int(sign(t), t = -{a}..x) = |x|", "", Truth.FALSE),
    ("int(heaviside(t), t = -{a}..x) = relu(x)", "", Truth.TRUE),
    ("int(heaviside(t), t = {a}..x) = relu(x)", "", Truth.FALSE),
    ("int(heaviside(t), t = -oo..x) = relu(x)", "", Truth.TRUE),
    ("int(floor(t), t = 0..x) = floor(x)*(floor(x) - 1)/2 + floor(x)*(x - floor(x))", "", Truth.TRUE),
    ("int(floor(t), t = 0..x) = x*floor(x) - floor(x)^2/2", "", Truth.FALSE),
    ("int(0, t = 0..x) = sign(x)^2 - 1", "", Truth.FALSE),
    ("int(0, t = 0..x) = floor(x)", "", Truth.FALSE),
    ("int(0, t = 0..x) = sqrt(x^2) - |x|", "", Truth.TRUE),
    ("int(0, t = 0..x) = atan(x) + atan(1/x) - pi/2", "", Truth.FALSE),
    ("int(0, t = 1..x) = atan(x) + atan(1/x) - pi/2", "x > 0", Truth.TRUE),
    ("int(0, t = 1..x) = atan(x) + atan(1/x) - pi/2", "", Truth.FALSE),
    ("int(1/(1 + t^2), t = 0..x) = atan(x)", "", Truth.TRUE),
    ("int(1/(1 + t^2), t = 1..x) = -atan(1/x) + pi/4", "", Truth.FALSE),
    ("int(1/(1 + t^2), t = 1..x) = -atan(1/x) + pi/4", "x > 0", Truth.TRUE),
    ("int(sqrt(t), t = 0..x) = 2/3*x*sqrt(x)", "", Truth.TRUE),
    ("int(sqrt(t), t = 0..x) = 2/3*x*sqrt(x)", "x < 0", Truth.EMPTY),
    ("int(1/(2*sqrt(t)), t = 0..x) = sqrt(x)", "", Truth.TRUE),
    ("int(1/(2*sqrt(|t|)), t = 0..x) = sqrt(x)", "", Truth.TRUE),
    ("int(1/(2*sqrt(|t|)), t = 0..x) = sqrt(|x|)", "", Truth.FALSE),
    ("int(ln(t), t = 0..x) = x*ln(x) - x", "", Truth.TRUE),
    ("int(ln(t), t = 1..x) = x*ln(x) - x", "", Truth.FALSE),
    ("int(ln(|t|), t = 0..x) = x*ln(|x|) - x", "", Truth.TRUE),
    ("int(|t|, t = 0..x) = x*|x|/2", "", Truth.TRUE),
    ("int(|t|, t = 0..x) = x^2/2", "", Truth.FALSE),
    ("int(relu(t), t = -1..x) = relu(x)^2/2", "", Truth.TRUE),
    ("int(relu(t), t = 1..x) = relu(x)^2/2 - 1/2", "", Truth.TRUE),
    ("int(phi(t), t = -oo..x) = Phi(x)", "", Truth.TRUE),
    ("int(phi(t), t = 0..x) = Phi(x)", "", Truth.FALSE),
    ("int(e^t, t = -oo..x) = e^x", "", Truth.TRUE),
    ("int(t, t = -oo..x) = x^2/2", "", Truth.DIVERGENT),
    ("int(cos(t), t = -oo..x) = sin(x)", "", Truth.DIVERGENT),
    ("int(e^(1/t)/t^2, t = -{a}..x) = e^(-1/{a}) - e^(1/x)", "x > 0", Truth.DIVERGENT),
    ("int(e^(1/t)/t^2, t = -{a}..x) = e^(-1/{a}) - e^(1/x)", "x < 0", Truth.TRUE),
    ("int(1/(1 + t^2)*sign(t), t = -1..x) = |atan(x)| - pi/4", "", Truth.TRUE),
    ("int(d/dt (|t|), t = -{a}..x) = |x| - {a}", "", Truth.TRUE),
    ("int({{1 if t < {b}; 2 otherwise}}, t = 0..x) = max(x, 2*x - {b})", "", Truth.TRUE),
    ("int({{1 if t < {b}; 2 otherwise}}, t = 0..x) = {{x if x < {b}; 2*x otherwise}}", "", Truth.FALSE),
    ("int(a*t, t = 0..x) = a*x^2/2", "", Truth.TRUE),
    ("int(e^(a*t), t = 0..x) = (e^(a*x) - 1)/a", "", Truth.TRUE),
    ("int(|t - a|, t = 0..1) = 1/2 - a + a^2", "0 <= a <= 1", Truth.TRUE),
    ("int(|t - a|, t = 0..1) = 1/2 - a + a^2", "", Truth.FALSE),
    ("int(1/t^a, t = 0..1) = 1/(1 - a)", "a < 1", Truth.TRUE),
    ("int(1/t^a, t = 0..1) = 1/(1 - a)", "a > 1", Truth.DIVERGENT),
    ("int(1/t^a, t = 1..oo) = 1/(a - 1)", "a > 1", Truth.TRUE),
    ("int(1/t^a, t = 1..oo) = 1/(a - 1)", "0 < a < 1", Truth.DIVERGENT),
    ("int(e^(-a*t), t = 0..oo) = 1/a", "a > 0", Truth.TRUE),
    ("int(e^(-a*t), t = 0..oo) = 1/a", "a < 0", Truth.DIVERGENT),
    ("int(1/(t - a), t = 0..1) = ln(|1 - a|) - ln(|a|)", "0 < a < 1", Truth.DIVERGENT),
    ("int(1/(t - a), t = 0..1) = ln(|1 - a|) - ln(|a|)", "a > 1", Truth.TRUE),
    ("int(x*t, x = 0..1) = t/2", "", Truth.TRUE),
    ("int(x*t, t = 0..x) = x^3/2", "", Truth.TRUE),
    ("int(int(1, s = 0..t), t = 0..x) = x^2/2", "", Truth.TRUE),
]


@row("integral", share=6)
def up_to_a_symbol(chance: Random) -> Case | None:
    body, where, truth = chance.choice(UP_TO)
    a, b = chance.randint(1, 5), chance.randint(1, 5)
    text = body + (f" for {where}" if where else "")
    return Case(text.format(a=a, b=b), truth, "by the poles and jumps between the ends")

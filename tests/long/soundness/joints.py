"""Sums of parts that kink or jump at known places, where kinks and jumps may cancel: judged by one-sided differences.

Each part is analytic on both sides of its place, so that what happens there can be read off a step h = 1e-40 beside
it: a jump, two slopes, an infinite slope, or nothing at all.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from mpmath import mp, mpf

from tests.long.soundness.cases import Case, Truth, row
from tests.long.soundness.integrals import quadrature
from tests.long.soundness.numeric import compared
from tests.long.soundness.terms import (
    NoValue,
    Term,
    X,
    Z,
    absolute,
    call,
    e_to,
    normal_density,
    pieces,
    rational,
    term,
    test,
)

STEP = mpf(10) ** -40
DIGITS = 140


def _part(chance: Random, u: Term) -> Term:
    """Something that may kink or jump where u is 0."""
    zero, one = term(0), term(1)
    return chance.choice(
        (
            lambda: absolute(u),
            lambda: call("relu", u),
            lambda: call("relu", -u),
            lambda: call("sign", u),
            lambda: call("heaviside", u),
            lambda: call("heaviside", -u),
            lambda: u * call("heaviside", u),
            lambda: u * call("sign", u),
            lambda: call("sign", u) ** 2,
            lambda: zero ** absolute(u),
            lambda: call("leaky_relu", u),
            lambda: call("elu", u),
            lambda: call("elu", u, term(2)),
            lambda: call("celu", u, term(2)),
            lambda: call("softsign", u),
            lambda: call("max", u, zero),
            lambda: call("min", zero, u),
            lambda: u * absolute(u),
            lambda: call("cbrt", u),
            lambda: call("penalized_tanh", u),
            lambda: call("su", u),
            lambda: pieces([(one, test(u, ">", zero))], zero),
            lambda: pieces([(one, test(u, ">=", zero))], zero),
            lambda: pieces([(u, test(u, "<", zero)), (2 * u, test(u, ">", zero))], zero),
            lambda: pieces([(u**2, test(u, "<", zero))], call("sin", u)),
            lambda: pieces([(one, test(u, "=", zero))], zero),
            lambda: e_to(-absolute(u)),
            lambda: call("tanh", absolute(u)),
            lambda: call("sinc", u),
            lambda: call("sqrt", u**2),
            lambda: call("max", u, -2 * u),
            lambda: call("max", u, u**2),
            lambda: call("sin", absolute(u)),
        )
    )()


def drawn(chance: Random) -> tuple[Term, list[Fraction]] | None:
    """A sum of two or three parts, and all places where it may kink or jump."""
    places = [Fraction(chance.randint(-4, 4), chance.choice((1, 1, 1, 2, 3)))]
    if chance.random() < 0.3:
        places.append(places[0] + chance.choice((1, Fraction(1, 2), 7)))
    total: Term | None = None
    joints = set(places)
    for _ in range(chance.choice((1, 2, 2, 3))):
        c = chance.choice(places)
        u = X - rational(c) if c else X
        part = _part(chance, u)
        if f"max({u.text}, " in part.text and "^2" in part.text:
            joints.add(c + 1)  # max(u, u^2) bends at u = 1 as well
        weight = chance.choice((1, 1, 1, -1, 2, -2))
        factor = chance.choice((None, None, None, X, e_to(X), 1 + X**2, call("cos", X)))
        part = part if factor is None else part * factor
        part = part if weight == 1 else rational(weight) * part
        total = part if total is None else total + part
    assert total is not None
    smooth = chance.choice((None, None, X**2, call("tanh", X), e_to(-X)))
    f = total if smooth is None else total + smooth
    if len(f.text) > 150:
        return None
    return f, sorted(joints)


def exactly(c: Fraction) -> Any:
    return mpf(c.numerator) / c.denominator


def beside(f: Term, c: Fraction) -> tuple[Any, Any, Any]:
    """The limit from the left, the value, the limit from the right; NoValue where it has none."""
    with mp.workdps(DIGITS):
        x = exactly(c)
        return f(x=x - STEP), f(x=x), f(x=x + STEP)


def near(a: Any, b: Any) -> bool:
    return bool(abs(a - b) < mpf(10) ** -10)


def whole(f: Term, c: Fraction) -> bool:
    """Whether f is continuous at c."""
    left, value, right = beside(f, c)
    return near(left, value) and near(right, value)


def slopes(f: Term, c: Fraction) -> tuple[Any, Any] | None:
    """Both one-sided slopes at c; None where one is infinite or missing."""
    with mp.workdps(DIGITS):
        x = exactly(c)
        value = f(x=x)
        left, right = (value - f(x=x - STEP)) / STEP, (f(x=x + STEP) - value) / STEP
    return None if max(abs(left), abs(right)) > mpf(10) ** 9 else (left, right)


def bends(f: Term, c: Fraction) -> bool:
    """Whether there is no slope at c."""
    found = slopes(f, c)
    return found is None or not near(*found)


@row("joint", share=8)
def continuous_or_smooth(chance: Random) -> Case | None:
    found = drawn(chance)
    if found is None:
        return None
    f, places = found
    side = chance.choice(("", "", f"x > {places[-1]}", f"x < {places[0]}", f"x > {places[0] - 1}"))
    counted = [] if ">" in side and str(places[-1]) == side[4:] else [] if "<" in side else places
    if counted and side.startswith("x >") and min(counted) <= places[0] - 1:
        return None
    holds = all(whole(f, c) for c in counted)
    where = f" for {side}" if side else ""
    if chance.random() < 0.5:
        return Case(f"continuous({f.text}){where}", Truth.TRUE if holds else Truth.FALSE, f"at {places}")
    holds = holds and not any(bends(f, c) for c in counted)
    return Case(f"smooth({f.text}, 1){where}", Truth.TRUE if holds else Truth.FALSE, f"slopes at {places}")


@row("joint", share=8)
def derivative_there(chance: Random) -> Case | None:
    found = drawn(chance)
    if found is None:
        return None
    f, places = found
    c = chance.choice(places)
    both = slopes(f, c)
    what = f"d/dx ({f.text})"
    if both is None or not near(*both) or not whole(f, c):
        guess = Fraction(0) if both is None else chance.choice([Fraction(int(mp.nint(2 * s)), 2) for s in both])
        sign = chance.choice(("=", "=", "=", "<=", ">=", "!=", "<"))
        return Case(f"{what} {sign} {guess} for x = {c}", Truth.EMPTY, f"slopes {both}")
    case = compared(chance, what, both[0], 9)
    return None if case is None else Case(f"{case.text} for x = {c}", case.truth, case.because)


@row("joint", share=5)
def limit_there(chance: Random) -> Case | None:
    found = drawn(chance)
    if found is None:
        return None
    f, places = found
    c = chance.choice(places)
    left, _, right = beside(f, c)
    side = chance.choice(("", "", "+", "-"))
    if not side and not near(left, right):
        guess = chance.choice([Fraction(int(mp.nint(2 * s)), 2) for s in (left, right)])
        sign = chance.choice(("=", "=", "<=", ">=", "!="))
        return Case(f"lim({f.text}, x -> {c}) {sign} {guess}", Truth.DIVERGENT, f"{left} and {right}")
    return compared(chance, f"lim({f.text}, x -> {c}{side})", left if side == "-" else right, 10)


@row("joint", share=3)
def integral_across(chance: Random) -> Case | None:
    found = drawn(chance)
    if found is None:
        return None
    f, places = found
    a = places[0] - Fraction(chance.randint(1, 4), 2)
    b = places[-1] + Fraction(chance.randint(1, 4), 2)
    try:
        value = quadrature(f, [exactly(p) for p in (a, *places, b)])
    except NoValue:
        return None
    if "cbrt" in f.text:
        return None
    return compared(chance, f"int({f.text}, x = {a}..{b})", value, 8)


@row("joint", share=2, heavy=True)
def mean_across(chance: Random) -> Case | None:
    found = drawn(chance)
    if found is None or "cbrt" in found[0].text:
        return None
    f, places = found
    with mp.workdps(20):
        cuts = sorted({mpf(-13), mpf(-4), mpf(4), mpf(13), *map(exactly, places)})
        value = mp.quad(lambda x: f(x=x) * normal_density(x), cuts)
    return compared(chance, f"E[{f.put('x', Z).text}]", value, 8)


@row("joint", share=4, heavy=True)
def largest_near(chance: Random) -> Case | None:
    """sup over a span with all joints as candidates, and the values beside them; a grid finds what is between."""
    found = drawn(chance)
    if found is None or "cbrt" in found[0].text:
        return None
    f, places = found
    a, b = places[0] - 1, places[-1] + Fraction(3, 2)
    low, high = exactly(a), exactly(b)
    values = [v for c in places for v in beside(f, c)]
    inner = [f(x=low), f(x=high)]
    count = 60
    grid = [f(x=low + (high - low) * (n + mpf("0.5")) / count) for n in range(count)]
    top, inner_top = max(values), max([*inner, *grid])
    if top < inner_top + mpf("0.02"):
        return None  # the supremum is not clearly at a joint
    return compared(chance, f"sup({f.text}, x in [{a}, {b}])", top, 9)

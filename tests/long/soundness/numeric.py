"""Any construct against its decimals: mpmath's value, with a tolerance that is met or missed by a wide margin."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

from mpmath import mp, mpf

from tests.long.soundness.cases import Case, Truth, row
from tests.long.soundness.derivatives import sloped
from tests.long.soundness.integrals import quadrature
from tests.long.soundness.terms import (
    FUNCTIONS,
    NoValue,
    Term,
    Unknown,
    X,
    Z,
    absolute,
    call,
    e_to,
    normal_density,
    rational,
)

ONE_PLACE = [name for name in FUNCTIONS if name not in ("max", "min", "clip", "prelu")]
SMOOTH = [name for name in ONE_PLACE if name not in ("sign", "floor", "ceil", "heaviside")]
KINKS = [mpf(n) for n in (-3, -1, 0, 1, 3, 6)] + [mpf(5) / 2, -mpf(5) / 2]


def compared(chance: Random, what: str, value: Any, sure: int = 12) -> Case | None:
    """`what ~= d +- t`, `what < d` and the like, where the value is known to `sure` digits."""
    if not mp.isfinite(value) or abs(value) > 10**6:
        return None
    digits = chance.randint(2, sure - 2)
    near = Fraction(int(mp.nint(value * 10**digits)), 10**digits)
    step = Fraction(1, 10**digits)
    text, truth = chance.choice(
        (
            (f"{what} ~= {near} +- {step}", Truth.TRUE),
            (f"{what} ~= {near + 2 * step} +- {step}", Truth.FALSE),
            (f"{what} ~= {near - 3 * step} +- {2 * step}", Truth.FALSE),
            (f"{what} < {near + step}", Truth.TRUE),
            (f"{what} > {near - step}", Truth.TRUE),
            (f"{what} > {near + step}", Truth.FALSE),
            (f"{what} <= {near - step}", Truth.FALSE),
            (f"{what} = {near + step}", Truth.FALSE),
            (f"{near - step} < {what} < {near + step}", Truth.TRUE),
        )
    )
    return Case(text, truth, f"it is {mp.nstr(value, 15)}")


@row("near", share=3)
def values_of_functions(chance: Random) -> Case | None:
    name, inner = chance.choice(ONE_PLACE), chance.choice(ONE_PLACE)
    u = Fraction(chance.randint(-60, 60), chance.choice((7, 10, 13)))
    f = call(name, rational(u)) if chance.random() < 0.5 else call(name, call(inner, rational(u)))
    return compared(chance, f.text, f(), 20)


@row("near", share=3)
def slopes_of_functions(chance: Random) -> Case | None:
    """f'(u), f''(u) at a place that is no joint, by mpmath's own differences."""
    name = chance.choice(SMOOTH)
    u = Fraction(chance.randint(-60, 60), chance.choice((7, 13, 17)))
    x = mpf(u.numerator) / u.denominator
    if any(abs(x - k) < mpf("0.01") for k in KINKS):
        return None
    order = chance.choice((1, 1, 2))
    f = FUNCTIONS[name]
    h = mpf(10) ** -8
    a, b, c = f(x - h), f(x), f(x + h)
    value = (c - a) / (2 * h) if order == 1 else (a - 2 * b + c) / h**2
    primes = "'" * order
    return compared(chance, f"{name}{primes}({u})", value, 10)


def _integrands(chance: Random) -> tuple[Term, list[Any]]:
    """A function and the places that its quadrature must be cut at."""
    c = Fraction(chance.randint(-5, 5), 3)
    k = mpf(c.numerator) / c.denominator
    move = X - rational(c)
    outer = chance.choice(("tanh", "sin", "gelu", "softplus", "mish", "phi", "atan", "cos", "sigmoid", "erf"))
    kinked = chance.choice((absolute(move), call("relu", move), call("sign", move), call("heaviside", move)))
    f = chance.choice(
        (
            call(outer, move),
            call(outer, X) * kinked,
            kinked * e_to(-(X**2)),
            call("max", call(outer, X), move),
            call(outer, X) * call(outer, 2 * X) + kinked,
            call("exp", -absolute(move)) * call(outer, X),
            1 / (1 + kinked**2) + call(outer, X),
        )
    )
    return f, [k]


@row("integral", share=3)
def in_decimals(chance: Random) -> Case | None:
    f, cuts = _integrands(chance)
    if "max(" in f.text:
        return None  # where the two cross is not known here
    a = Fraction(chance.randint(-6, 4), 2)
    b = a + Fraction(chance.randint(1, 8), 2)
    low, high = (mpf(end.numerator) / end.denominator for end in (a, b))
    places = [low, *(c for c in cuts if low < c < high), high]
    value = quadrature(f, places)
    return compared(chance, f"int({f.text}, x = {a}..{b})", value, 9)


@row("expectation", share=3)
def in_decimals_too(chance: Random) -> Case | None:
    f, cuts = _integrands(chance)
    if "max(" in f.text:
        return None
    g = f.put("x", Z)
    with mp.workdps(20):
        places = sorted({mpf(-13), mpf(-4), mpf(4), mpf(13), *cuts})
        value = mp.quad(lambda x: f(x=x) * normal_density(x), places)
    return compared(chance, f"E[{g.text}]", value, 8)


@row("limit", share=2)
def by_continuity(chance: Random) -> Case | None:
    """A limit of a function at a point where it is smooth."""
    f, _ = sloped(chance, chance.choice((1, 2)))
    c = Fraction(chance.randint(-9, 9), chance.choice((1, 2, 3)))
    if len(f.text) > 80:
        return None
    x = mpf(c.numerator) / c.denominator
    value = f(x=x)
    try:
        a, b = f(x=x - mpf(10) ** -20), f(x=x + mpf(10) ** -20)
    except (NoValue, Unknown):
        return None
    if abs(a - b) > mpf(10) ** -15:
        return None
    return compared(chance, f"lim({f.text}, x -> {c})", value, 14)


@row("sum", share=2)
def of_many_terms(chance: Random) -> Case | None:
    """A finite sum of values, or an infinite one that converges fast."""
    i = Term("i", lambda env: env["i"])
    makers: list[Callable[[], Term]] = [
        lambda: 1 / i**2,
        lambda: call("sin", i) / i,
        lambda: e_to(-i),
        lambda: call("gelu", 1 / i),
        lambda: call("ln", 1 + 1 / i),
        lambda: call("tanh", i) / (1 + i),
        lambda: call("sqrt", i),
        lambda: call("relu", call("cos", i)),
    ]
    f = chance.choice(makers)()
    low, high = 1, chance.choice((3, 10, 40))
    value = sum((f(i=mpf(n)) for n in range(low, high + 1)), mpf(0))
    return compared(chance, f"sum({f.text}, i = {low}..{high})", value, 18)


STRAIN: list[tuple[str, Truth]] = [  # what takes much time or memory where it is not taken with care
    ("3^(2^(2^x)) > 0 for x integer, x > 20", Truth.TRUE),
    ("tanh(x)^(10^30) < 1 for x in [0, 1]", Truth.TRUE),
    ("sum(sum(i*j, j = 1..100), i = 1..100) = 5050^2", Truth.TRUE),
    ("sum(1/i, i = 1..10^6) < 13", Truth.FALSE),
    ("sum(i, i = 1..10^9) = 0", Truth.FALSE),
    ("sum(i, i = 1..10^9) = 500000000500000000", Truth.TRUE),
    ("sum(i, i = 1..10^30) = 0", Truth.FALSE),
    ("convex(phi(x^2*x)) for x >= 2", Truth.TRUE),
    ("x^1000000 >= 0", Truth.TRUE),
    ("x^1000001 >= 0", Truth.FALSE),
    ("(x - 1)^3000 = (1 - x)^3000", Truth.TRUE),
    ("(x - 1)^3001 = (1 - x)^3001", Truth.FALSE),
    ("e^(e^(e^x)) > 0", Truth.TRUE),
    ("e^(e^(e^x)) > e^(e^x)", Truth.TRUE),
    ("e^(e^(e^(e^x))) > 1", Truth.TRUE),
    ("e^(-e^(e^x)) > 0", Truth.TRUE),
    ("e^(-e^(e^x)) > 10^-100", Truth.FALSE),
    ("sin(10^50) > 2", Truth.FALSE),
    ("sin(e^100) < 2", Truth.TRUE),
    ("floor(pi*10^60) > 3*10^60", Truth.TRUE),
    ("|x|^(1/10^6) >= 0", Truth.TRUE),
    ("lim(e^(e^x)/e^(e^(x - 1)), x -> oo) = oo", Truth.TRUE),
    ("lim(e^(e^(x + e^-x))/e^(e^x), x -> oo) = oo", Truth.FALSE),
    ("lim(x^(1/x), x -> oo) = 1", Truth.TRUE),
    ("lim(x^100*e^(-x/100), x -> oo) = 0", Truth.TRUE),
    ("int(e^(e^x), x = 0..5) < 0", Truth.FALSE),
    ("int(sin(1000*x), x = 0..1) = (1 - cos(1000))/1000", Truth.TRUE),
    ("int(|sin(100*x)|, x = 0..pi) = 2", Truth.TRUE),
    ("int(1/(10^-20 + x^2), x = -1..1) < 10", Truth.FALSE),
    ("int(max(x, x^2, cos(x)), x = 0..1) > 0", Truth.TRUE),
    ("E[e^(100*z)] = e^5000", Truth.TRUE),
    ("E[z^40] = 319830986772877770815625", Truth.TRUE),
    ("E[z^40] = 319830986772877770815624", Truth.FALSE),
    ("E[(z_1 + z_2 + z_3)^8] = 8505", Truth.TRUE),
    ("E[(z_1 + z_2 + z_3)^8] = 8504", Truth.FALSE),
    ("sup(x^100*(1 - x)^100, x in [0, 1]) = 4^-100", Truth.TRUE),
    ("sup(sin(10^6*x), x in [0, 1]) = 1", Truth.TRUE),
    ("inf(x^x^x, x in [1, 2]) = 1", Truth.TRUE),
    ("(x + y)^40 >= 0", Truth.TRUE),
    ("(x + y)^41 >= 0", Truth.FALSE),
    ("(a + b + c)^12 = (c + b + a)^12", Truth.TRUE),
    ("(a + b + c)^12 = (c + b + a)^12 + 10^-12*a*b*c", Truth.FALSE),
    ("d^20/dx^20 (sin(x)) = sin(x)", Truth.TRUE),
    ("d^20/dx^20 (e^(x^2)) > 0", Truth.TRUE),
    ("d^10/dx^10 (x^10) = 3628800", Truth.TRUE),
    ("tanh'''''''(0) = -272", Truth.TRUE),
    ("sqrt(sqrt(sqrt(sqrt(sqrt(x))))) >= 0", Truth.TRUE),
    ("sin(sin(sin(sin(sin(sin(x)))))) <= 1", Truth.TRUE),
    ("||x| - 1| >= 0", Truth.TRUE),
    ("relu(relu(relu(relu(relu(relu(x)))))) = relu(x)", Truth.TRUE),
    ("max(1, 2, 3, 4, 5, 6, 7, 8, x) >= 8", Truth.TRUE),
    ("floor(floor(floor(x))) = floor(x)", Truth.TRUE),
    ("gelu(gelu(gelu(x))) <= relu(x)", Truth.TRUE),
    ("bounded(e^(-x^2)*x^100)", Truth.TRUE),
    ("smooth(relu(x)^30, 29)", Truth.TRUE),
    ("smooth(relu(x)^20, 20)", Truth.FALSE),
    ("continuous(floor(10^9*x)/10^9)", Truth.FALSE),
    ("increasing(x + sin(10^6*x)/10^7)", Truth.TRUE),
    ("increasing(x + sin(10^6*x)/10^5)", Truth.FALSE),
    ("continuous(floor(x)) for 10^20 < x < 10^20 + 1", Truth.TRUE),
    ("continuous(floor(x)) for 10^20 < x <= 10^20 + 1", Truth.FALSE),
]


@row("strain", share=3, heavy=True)
def of_the_machine(chance: Random) -> Case | None:
    """Large powers, towers, many terms, high orders."""
    text, truth = chance.choice(STRAIN)
    if text.startswith("||"):
        text = "abs(abs(x) - 1) >= 0"
    return Case(text, truth, "known")

"""Random polynomials: their signs, roots and turning points are known by mpmath, so that any property can be asked.

A polynomial is a list of whole coefficients, the constant first. What is decided lies well away from the limits of
the precision: a root counts as real when its imaginary part is 0 to 30 digits, as complex when it exceeds 1e-6.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from random import Random
from typing import Any

from mpmath import mp, mpf

from tests.long.soundness.cases import Case, Truth, row
from tests.long.soundness.terms import Term, X, absolute, call, e_to, rational

Poly = list[int]


def text_of(p: Poly) -> Term:
    """The polynomial in x, highest power first."""
    total: Term | None = None
    for k in range(len(p) - 1, -1, -1):
        if not p[k]:
            continue
        part = rational(abs(p[k])) if k == 0 else X**k if k > 1 else X
        if k and abs(p[k]) != 1:
            part = rational(abs(p[k])) * part
        total = (-part if p[k] < 0 else part) if total is None else total - part if p[k] < 0 else total + part
    return total if total is not None else rational(0)


def at(p: Poly, x: Any) -> Any:
    return mp.polyval([mpf(c) for c in reversed(p)], x)


def slope(p: Poly) -> Poly:
    return [k * c for k, c in enumerate(p)][1:]


def times(p: Poly, q: Poly) -> Poly:
    found = [0] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            found[i + j] += a * b
    return found


def real_roots(p: Poly) -> list[Any] | None:
    """The real roots in order; None where it is not clear which are real."""
    while p and p[-1] == 0:
        p = p[:-1]
    if len(p) < 2:
        return [] if p else None
    try:
        roots = mp.polyroots([mpf(c) for c in reversed(p)], maxsteps=200, extraprec=400)
    except mp.NoConvergence:
        return None
    found = []
    for root in roots:
        part = abs(mp.im(root))
        if part < mpf(10) ** -20:
            found.append(mp.re(root))
        elif part < mpf(10) ** -6:
            return None
    found.sort()
    if any(b - a < mpf(10) ** -6 for a, b in itertools.pairwise(found)):
        return None  # double roots are not told apart from close ones
    return found


def drawn(chance: Random, degree: int) -> Poly:
    while True:
        p = [chance.randint(-6, 6) for _ in range(degree + 1)]
        if p[-1]:
            return p


def span(chance: Random) -> tuple[str, Any, Any]:
    """A domain as a condition, and its ends."""
    a = Fraction(chance.randint(-8, 4), chance.choice((1, 2, 3)))
    b = a + Fraction(chance.randint(1, 12), 2)
    low, high = mpf(a.numerator) / a.denominator, mpf(b.numerator) / b.denominator
    return chance.choice(
        (("", -mp.inf, mp.inf), (f"x > {a}", low, mp.inf), (f"x < {b}", -mp.inf, high), (f"{a} < x < {b}", low, high))
    )


def inside(roots: list[Any], low: Any, high: Any) -> list[Any] | None:
    """The roots within an open span; None where one is an end."""
    if any(abs(r - end) < mpf(10) ** -9 for r in roots for end in (low, high) if mp.isfinite(end)):
        return None
    return [r for r in roots if low < r < high]


def middle(low: Any, high: Any) -> Any:
    if mp.isinf(low):
        return (high if mp.isfinite(high) else mpf(0)) - mpf("1.2345")
    return low + mpf("1.2345") if mp.isinf(high) else (low + high) / 2


def signs(p: Poly, low: Any, high: Any) -> set[int] | None:
    """The signs of a polynomial on an open span."""
    roots = real_roots(p)
    cuts = None if roots is None else inside(roots, low, high)
    if cuts is None:
        return None
    found = {0} if cuts else set()
    ends = [low, *cuts, high]
    for a, b in itertools.pairwise(ends):
        found.add(int(mp.sign(at(p, middle(a, b)))))
    return found


def _for(where: str) -> str:
    return f" for {where}" if where else ""


@row("inequality", share=5)
def of_a_random_polynomial(chance: Random) -> Case | None:
    """p(x) ⋚ 0 on a span, or the same of p(e^x), p(tanh(x))."""
    p = drawn(chance, chance.choice((2, 2, 3, 4, 4, 6)))
    p[0] += chance.choice((0, 3, 8, 15, -8))
    where, low, high = span(chance)
    found = signs(p, low, high)
    if found is None:
        return None
    sign = chance.choice(("<", "<=", ">", ">=", "!="))
    allowed = {"<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {1, 0}, "!=": {1, -1}}[sign]
    truth = Truth.TRUE if found <= allowed else Truth.FALSE
    f = text_of(p)
    if chance.random() < 0.4:  # the same question through a rising function that covers the line or a part of it
        outer, name = chance.choice(((call("ln", X), "x > 0"), (call("asinh", X), ""), (X - 1000, ""), (X / 1000, "")))
        if where:
            return None
        return Case(f"{f.put('x', outer).text} {sign} 0{_for(name)}", truth, f"signs {sorted(found)}")
    return Case(f"{f.text} {sign} 0{_for(where)}", truth, f"signs {sorted(found)}")


@row("inequality", share=4)
def that_touches_at_random_places(chance: Random) -> Case | None:
    """A square of a polynomial with real roots, less or more than a little."""
    p = drawn(chance, chance.choice((1, 2, 3)))
    roots = real_roots(p)
    if not roots:
        return None
    tiny = rational(Fraction(1, 10 ** chance.choice((2, 6, 12, 18, 30))))
    q = times(p, p)
    f = text_of(q) if chance.random() < 0.5 else text_of(p) ** 2
    g = chance.choice((f, f, f * e_to(-X), f / (1 + X**2), call("ln", 1 + f), call("sqrt", f), call("tanh", f)))
    text, truth = chance.choice(
        (
            (f"{g.text} >= 0", Truth.TRUE),
            (f"{g.text} > 0", Truth.FALSE),
            (f"{g.text} != 0", Truth.FALSE),
            (f"{(f + tiny).text} > 0", Truth.TRUE),
            (f"{(f - tiny).text} >= 0", Truth.FALSE),
            (f"{(-f).text} < 0", Truth.FALSE),
            (f"{(-f).text} <= 0", Truth.TRUE),
        )
    )
    return Case(text, truth, f"it touches 0 at {mp.nstr(roots[0], 15)}")


@row("property", share=8)
def where_a_polynomial_has_roots(chance: Random) -> Case | None:
    """1/p, sqrt(p), ln(p), |p|, sign(p): by the roots of p in the domain."""
    p = drawn(chance, chance.choice((1, 2, 2, 3, 4)))
    p[0] += chance.choice((0, 0, 7, 12))
    where, low, high = span(chance)
    roots, found = real_roots(p), signs(p, low, high)
    if roots is None or found is None:
        return None
    f = text_of(p)
    none, positive = 0 not in found, found == {1}
    kinks = not none  # all roots are simple
    kind, g, holds = chance.choice(
        (
            ("continuous", 1 / f, none),
            ("continuous", X / f, none and True),
            ("continuous", call("ln", absolute(f)), none),
            ("continuous", call("ln", f), positive),
            ("continuous", 1 / call("sqrt", f), positive),
            ("continuous", f / absolute(f), none),
            ("continuous", call("sign", f), none),
            ("continuous", call("heaviside", f), none),
            ("continuous", absolute(f), True),
            ("continuous", call("relu", f), True),
            ("continuous", call("cbrt", f), True),
            ("continuous", call("atan", 1 / f), none),
            ("continuous", f**0, True),
            ("continuous", (1 / f) ** 0, none),
            ("continuous", rational(0) ** absolute(f), none),
            ("smooth1", absolute(f), not kinks),
            ("smooth1", call("relu", f), not kinks),
            ("smooth1", f * absolute(f), True),
            ("smooth2", f * absolute(f), not kinks),
            ("smooth1", 1 / f, none),
            ("smooth1", call("cbrt", f), not kinks),
            ("smooth1", call("relu", f) ** 2, True),
            ("smooth2", call("relu", f) ** 2, not kinks),
        )
    )
    order = ", " + kind[-1] if kind.startswith("smooth") else ""
    name = "smooth" if order else kind
    truth = Truth.TRUE if holds else Truth.FALSE
    if g.text == X.text:
        return None
    return Case(f"{name}({g.text}{order}){_for(where)}", truth, f"roots {[mp.nstr(r, 8) for r in roots]}")


@row("property", share=6)
def by_the_slope_of_a_polynomial(chance: Random) -> Case | None:
    p = drawn(chance, chance.choice((2, 3, 3, 4, 5)))
    where, low, high = span(chance)
    kind = chance.choice(("increasing", "decreasing", "convex", "concave"))
    d = slope(p) if kind in ("increasing", "decreasing") else slope(slope(p))
    if not any(d):
        return None
    found = signs(d, low, high)
    if found is None:
        return None
    wrong = -1 if kind in ("increasing", "convex") else 1
    truth = Truth.FALSE if wrong in found else Truth.TRUE
    f = text_of(p)
    if kind in ("increasing", "decreasing") and chance.random() < 0.3:
        f = chance.choice((call("tanh", f), call("atan", f), call("sigmoid", f), call("asinh", f), f**3))
    return Case(f"{kind}({f.text}){_for(where)}", truth, f"signs {sorted(found)} of the derivative")


@row("property", share=3)
def bounded_quotients(chance: Random) -> Case | None:
    p, q = drawn(chance, chance.choice((0, 1, 2, 3))), drawn(chance, chance.choice((1, 2, 2, 3, 4)))
    if chance.random() < 0.5:
        q[0] = abs(q[0]) + 12
        q[-1] = abs(q[-1])
    where, low, high = span(chance)
    over, under = real_roots(p) if len(p) > 1 else [], real_roots(q)
    if over is None or under is None or any(abs(r - s) < mpf(10) ** -6 for r in over for s in under):
        return None
    poles = inside(under, low, high)
    if poles is None:
        return None
    infinite = mp.isinf(low) or mp.isinf(high)
    truth = Truth.FALSE if poles or (infinite and len(p) > len(q)) else Truth.TRUE
    return Case(
        f"bounded({(text_of(p) / text_of(q)).text}){_for(where)}", truth, f"poles {[mp.nstr(r, 8) for r in poles]}"
    )


@row("extremum", share=4)
def of_a_random_polynomial_on_a_span(chance: Random) -> Case | None:
    """The largest value of p on [a, b] against decimals that are a little off, either way."""
    p = drawn(chance, chance.choice((2, 3, 4, 5)))
    a = Fraction(chance.randint(-6, 3), 2)
    b = a + Fraction(chance.randint(1, 8), 2)
    turns = real_roots(slope(p))
    if turns is None:
        return None
    ends = [mpf(a.numerator) / a.denominator, mpf(b.numerator) / b.denominator]
    places = [*ends, *(t for t in turns if ends[0] < t < ends[1])]
    top = max(at(p, x) for x in places)
    kind = chance.choice(("sup", "inf"))
    if kind == "inf":
        top = min(at(p, x) for x in places)
    digits = chance.choice((2, 5, 9))
    near = Fraction(int(mp.nint(top * 10**digits)), 10**digits)
    f, where = text_of(p), f"x in [{a}, {b}]"
    step = Fraction(1, 10**digits)
    off = abs(top - mpf(near.numerator) / near.denominator)
    if off > mpf("0.49") / 10**digits:
        return None
    sup = f"{kind}({f.text}, {where})"
    text, truth = chance.choice(
        (
            (f"{sup} < {near + step}", Truth.TRUE),
            (f"{sup} > {near - step}", Truth.TRUE),
            (f"{sup} > {near + step}", Truth.FALSE),
            (f"{sup} < {near - step}", Truth.FALSE),
            (f"{sup} ~= {near} +- {step}", Truth.TRUE),
            (f"{sup} ~= {near + 2 * step} +- {step}", Truth.FALSE),
            (f"{sup} = {near + 2 * step}", Truth.FALSE),
        )
    )
    return Case(text, truth, f"it is {mp.nstr(top, 20)}")


@row("integral", share=4)
def through_a_hidden_pole(chance: Random) -> Case | None:
    """A quotient whose denominator has a simple root in the span, or has none."""
    q = drawn(chance, chance.choice((1, 2, 2, 3)))
    a = Fraction(chance.randint(-6, 3), 2)
    b = a + Fraction(chance.randint(1, 8), 2)
    low, high = (mpf(end.numerator) / end.denominator for end in (a, b))
    roots = real_roots(q)
    poles = None if roots is None else inside(roots, low, high)
    if poles is None:
        return None
    f, g = text_of(q), text_of(slope(q))
    form = chance.choice(("log", "inverse", "square"))
    if form == "log":
        body, value = (
            g / f,
            call("ln", absolute(f.put("x", rational(b)))) - call("ln", absolute(f.put("x", rational(a)))),
        )
    elif form == "square":
        body, value = g / f**2, 1 / f.put("x", rational(a)) - 1 / f.put("x", rational(b))
    else:
        body, value = 1 / f, rational(chance.randint(-3, 3))
        if not poles:
            return None
    if len(q) == 2 and form == "log" and g.text == "1":
        body = 1 / f
    said = f"int({body.text}, x = {a}..{b})"
    if not poles:
        off = chance.choice((0, 0, Fraction(1, 1000)))
        right = value + rational(off) if off else value
        return Case(f"{said} = {right.text}", Truth.FALSE if off else Truth.TRUE, "a primitive is known")
    sign = "=" if form != "log" or chance.random() < 0.7 else chance.choice(("<", ">="))
    return Case(f"{said} {sign} {value.text}", Truth.DIVERGENT, f"a pole at {mp.nstr(poles[0], 15)}")


@row("condition", share=4)
def that_roots_decide(chance: Random) -> Case | None:
    """Conditions p(x) < 0, p(x) = 0: whether any point meets them, and what holds there."""
    p = drawn(chance, 2)
    p[0] += chance.choice((0, 6, -3))
    roots, found = real_roots(p), signs(p, -mp.inf, mp.inf)
    if roots is None or found is None:
        return None
    f = text_of(p).text
    sign, wanted = chance.choice((("<", {-1}), ("<=", {-1, 0}), (">", {1}), (">=", {1, 0}), ("=", {0})))
    if not found & wanted:
        body = chance.choice(("x = x", "x = x + 1", "x^2 >= 0", "x > 5", "sin(x)^2 + cos(x)^2 = 1", "e^x > 0"))
        return Case(f"{body} for {f} {sign} 0", Truth.EMPTY, f"signs {sorted(found)}")
    if sign == "=":
        line = [p[0] - chance.randint(0, 1), p[1], p[2]]
        truth = Truth.TRUE if line[0] == p[0] else Truth.FALSE
        return Case(f"{text_of(line).text} = 0 for {f} = 0", truth, f"roots {[mp.nstr(r, 8) for r in roots]}")
    return Case(f"x + 1 = x for {f} {sign} 0", Truth.FALSE, "some point meets the condition")

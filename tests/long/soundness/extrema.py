"""Kind 9: suprema, infima and their places: attained, approached, on slivers, far out, at jumps, of nothing."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from mpmath import mpf

from tests.long.soundness.cases import Case, Mistaken, Truth, row
from tests.long.soundness.equalities import number, place, positive
from tests.long.soundness.terms import (
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

half, quarter, zero, one = rational(Fraction(1, 2)), rational(Fraction(1, 4)), term(0), term(1)

# a bounded function, its supremum, the place of it (None: approached only)
TOPS: list[tuple[Term, Term, Term | None]] = [
    (1 - X**2, one, zero),
    (X * (1 - X), quarter, half),
    (X / (1 + X**2), half, one),
    (X * e_to(-X), e_to(term(-1)), one),
    (e_to(-(X**2)), one, zero),
    (call("sech", X), one, zero),
    (1 / (1 + X**4), one, zero),
    (call("tanh", X), one, None),
    (call("sigmoid", X), one, None),
    (call("atan", X), PI / 2, None),
    (call("erf", X), one, None),
    (call("softsign", X), one, None),
    (-e_to(X), zero, None),
    (-call("softplus", X), zero, None),
    (call("sigmoid", X) * (1 - call("sigmoid", X)), quarter, zero),
    (2 - absolute(X - 1), term(2), one),
    (call("sin", X), one, None),
    (call("sin", X) + call("cos", X), call("sqrt", term(2)), None),
    (-absolute(X) - absolute(X - 1), term(-1), None),
    (call("min", X, 1 - X), half, half),
    (X - call("floor", X), one, None),
    (call("hardtanh", X), one, None),
    (call("sign", X), one, None),
    (call("heaviside", X), one, None),
    (-call("cosh", X), term(-1), zero),
    (X**2 / (1 + X**4), half, None),
    (call("phi", X), 1 / call("sqrt", 2 * PI), zero),
    (X - e_to(X), term(-1), zero),
    (call("logsigmoid", X), zero, None),
    (X**2 * e_to(-(X**2)), e_to(term(-1)), None),
]
SINGLE = [row_ for row_ in TOPS if row_[2] is not None]


def span(low: str, high: str, closed: str) -> str:
    return f"{closed[0]}{low}, {high}{closed[1]}"


SEEN: set[str] = set()


def below(f: Term, top: Term) -> None:
    """No value above what is taken for the supremum, and some near it; each function once."""
    if f.text in SEEN:
        return
    SEEN.add(f.text)
    bound, best = top(), None
    for n in range(-400, 401):
        try:
            v = f(x=mpf(n) / 16 + (mpf(1) / 977 if n % 3 else 0))
        except (NoValue, Unknown):
            continue
        if v > bound + mpf(10) ** -30:
            raise Mistaken(f"sup({f.text}) is above {top.text}")
        best = v if best is None else max(best, v)
    if best is None or best < bound - mpf("0.2"):
        raise Mistaken(f"sup({f.text}) is not seen near {top.text}: {best}")


def _said(chance: Random, f: Term, top: Term, at: Term | None) -> tuple[str, Term, Term, str, Term | None]:
    """Perhaps turned upside down: (sup or inf, f, value, argmax or argmin, place)."""
    if chance.random() < 0.5:
        return "sup", f, top, "argmax", at
    return "inf", -f, -top, "argmin", at


@row("extremum", share=4)
def on_the_line(chance: Random) -> Case | None:
    f, top, at = chance.choice(TOPS)
    below(f, top)
    c, scale = rational(number(chance)), rational(positive(chance))
    if chance.random() < 0.5:
        f, at = f.put("x", X - c), None if at is None else at + c
    if chance.random() < 0.4:
        f, top = scale * f, scale * top
    kind, f, top, place_kind, at = _said(chance, f, top, at)
    if at is not None and chance.random() < 0.35:
        if chance.random() < 0.3:
            wrong = at + rational(Fraction(1, 10 ** chance.choice((0, 5, 15))))
            return Case(f"{place_kind}({f.text}) = {wrong.text}", Truth.FALSE, f"it is at {at.text}")
        return Case(f"{place_kind}({f.text}) = {at.text}", Truth.TRUE, "a known place")
    if chance.random() < 0.3:
        tiny = rational(Fraction(chance.choice((1, -1)), 10 ** chance.choice((0, 6, 14))))
        return Case(f"{kind}({f.text}) = {(top + tiny).text}", Truth.FALSE, f"it is {top.text}")
    return Case(f"{kind}({f.text}) = {top.text}", Truth.TRUE, "a known supremum")


@row("extremum", share=4)
def with_a_peak_somewhere(chance: Random) -> Case | None:
    """The supremum is taken on a bump, at one point, or far out, where one would not look."""
    f, top, _ = chance.choice(TOPS)
    below(f, top)
    c, _kind = place(chance)
    w = rational(Fraction(1, chance.choice((2, 1000, 10**6, 10**12))))
    h = chance.choice((1, 5, Fraction(1, 1000)))
    higher = top + rational(h)
    match chance.randrange(5):
        case 0:
            g = pieces([(higher, test(X, "=", c))], f)
        case 1:
            g = pieces([(higher, between(c, X, c + w))], f)
        case 2:
            g = call("max", f, higher - absolute(X - c) / w)
        case 3:
            g = pieces([(f, test(X, "<", c)), (f, test(X, ">", c))], higher)
        case _:
            g = pieces([(higher, test((X - c) ** 2, "<=", 0))], f)
    kind, g, value, _p, _a = _said(chance, g, higher, None)
    old = top if kind == "sup" else -top
    match chance.randrange(6):
        case 0 | 1:
            return Case(f"{kind}({g.text}) = {old.text}", Truth.FALSE, f"{value.text} is reached at {c.text}")
        case 2:
            sign = "<=" if kind == "sup" else ">="
            return Case(f"{kind}({g.text}) {sign} {old.text}", Truth.FALSE, f"{value.text} is reached at {c.text}")
        case 3:
            p = "argmax" if kind == "sup" else "argmin"
            return (
                None if "if" not in g.text or "<" in g.text else Case(f"{p}({g.text}) = {c.text}", Truth.TRUE, "there")
            )
        case _:
            return Case(f"{kind}({g.text}) = {value.text}", Truth.TRUE, f"reached at {c.text}")


@row("extremum", share=4)
def on_an_interval(chance: Random) -> Case | None:
    """A rising function between ends that are open or closed, and one with jumps."""
    a = number(chance)
    b = a + positive(chance)
    closed = chance.choice(("[]", "[)", "(]", "()"))
    f = chance.choice((X, X**3, e_to(X), call("tanh", X), call("atan", X), 2 * X + 1, call("sinh", X), call("Phi", X)))
    low, high = f.put("x", rational(a)), f.put("x", rational(b))
    where = span(str(a), str(b), closed)
    kind = chance.choice(("sup", "inf"))
    value = high if kind == "sup" else low
    match chance.randrange(5):
        case 0:
            wrong = value + rational(Fraction(chance.choice((1, -1)), 10 ** chance.choice((0, 8, 20))))
            return Case(f"{kind}({f.text}, x in {where}) = {wrong.text}", Truth.FALSE, f"it is {value.text}")
        case 1:
            place_kind, at, end = ("argmax", b, closed[1]) if kind == "sup" else ("argmin", a, closed[0])
            if end in "()":
                return None
            other = a if at == b else b
            if chance.random() < 0.4:
                return Case(f"{place_kind}({f.text}, x in {where}) = {other}", Truth.FALSE, f"it is {at}")
            return Case(f"{place_kind}({f.text}, x in {where}) = {at}", Truth.TRUE, "it rises")
        case 2:
            return Case(
                f"{kind}({(-f).text}, x in {where}) = {(-(low if kind == 'sup' else high)).text}",
                Truth.TRUE,
                "it falls",
            )
        case _:
            return Case(f"{kind}({f.text}, x in {where}) = {value.text}", Truth.TRUE, "it rises")


JUMPS: list[tuple[str, Truth]] = [
    ("sup(floor(x), x in [{m}, {n})) = {n} - 1", Truth.TRUE),
    ("sup(floor(x), x in [{m}, {n})) = {n}", Truth.FALSE),
    ("sup(floor(x), x in [{m}, {n}]) = {n}", Truth.TRUE),
    ("sup(floor(x), x in [{m}, {n}]) = {n} - 1", Truth.FALSE),
    ("sup(floor(x), x in [{m}, {n})) < {n}", Truth.TRUE),
    ("inf(ceil(x), x in ({m}, {n}]) = {m} + 1", Truth.TRUE),
    ("inf(ceil(x), x in ({m}, {n}]) = {m}", Truth.FALSE),
    ("inf(ceil(x), x in [{m}, {n}]) = {m}", Truth.TRUE),
    ("sup(x - floor(x), x in [{m}, {n}]) = 1", Truth.TRUE),
    ("sup(x - floor(x), x in [{m}, {n}]) < 1", Truth.FALSE),
    ("inf(x - floor(x), x in ({m}, {m} + 1)) = 0", Truth.TRUE),
    ("sup(sign(x - {m}), x in [{m} - 1, {m}]) = 0", Truth.TRUE),
    ("sup(sign(x - {m}), x in [{m} - 1, {m})) = -1", Truth.TRUE),
    ("sup(sign(x - {m}), x in [{m} - 1, {m})) = 0", Truth.FALSE),
    ("sup(heaviside(x), x in [-1, 0]) = 0", Truth.TRUE),
    ("sup(heaviside(x), x in [-1, 0]) = 1", Truth.FALSE),
    ("inf(heaviside(x), x in [0, 1]) = 0", Truth.TRUE),
    ("inf(heaviside(x), x in (0, 1]) = 1", Truth.TRUE),
    ("inf(heaviside(x), x in (0, 1]) = 0", Truth.FALSE),
    ("sup({{x if x < {n}; 0 otherwise}}) = {n}", Truth.TRUE),
    ("sup({{x if x < {n}; 0 otherwise}}) < {n}", Truth.FALSE),
    ("sup(1/x, x in (0, {n}]) = oo", Truth.TRUE),
    ("inf(1/x, x in (0, {n}]) = 1/{n}", Truth.TRUE),
    ("sup(1/x, x in [{n}, oo)) = 1/{n}", Truth.TRUE),
    ("inf(1/x, x in [{n}, oo)) = 0", Truth.TRUE),
    ("inf(x*ln(x), x in (0, {n}]) = -1/e", Truth.TRUE),
    ("sup(ln(x)/x, x in (0, oo)) = 1/e", Truth.TRUE),
    ("argmin(x*ln(x), x in (0, {n}]) = 1/e", Truth.TRUE),
    ("sup(-x*ln(x) - (1 - x)*ln(1 - x), x in (0, 1)) = ln(2)", Truth.TRUE),
    ("sup(x^2, x in (-{n}, {n})) = {n}^2", Truth.TRUE),
    ("sup(x^2) = oo", Truth.TRUE),
    ("inf(x^3) = -oo", Truth.TRUE),
    ("inf(ln(x), x in (0, 1]) = -oo", Truth.TRUE),
    ("sup(tan(x), x in (0, pi/2)) = oo", Truth.TRUE),
    ("sup(tan(x), x in [0, pi/4]) = 1", Truth.TRUE),
    ("sup(sin(x), x in [0, {n}*pi]) = 1", Truth.TRUE),
    ("inf(sin(x), x in [0, pi]) = 0", Truth.TRUE),
    ("sup(sin(x)/x, x in (0, {n}]) = 1", Truth.TRUE),
    ("sup(sin(x)/x, x in (0, {n}]) < 1", Truth.FALSE),
    ("sup((e^x - 1)/x, x in (0, 1]) = e - 1", Truth.TRUE),
    ("inf((e^x - 1)/x, x in (0, 1]) = 1", Truth.TRUE),
    ("sup(sqrt(1 - x^2)) = 1", Truth.TRUE),
    ("sup(ln(1 - x^2)) = 0", Truth.TRUE),
    ("inf(sqrt(x)) = 0", Truth.TRUE),
    ("inf(asin(x)) = -pi/2", Truth.TRUE),
    ("sup(acos(x)) = pi", Truth.TRUE),
    ("inf(acosh(x)) = 0", Truth.TRUE),
    ("inf(x^x, x in (0, {n}]) = e^(-1/e)", Truth.TRUE),
    ("argmin(|x - {m}|) = {m}", Truth.TRUE),
    ("argmin(|x - {m}| + |x - {m}|^2) = {m}", Truth.TRUE),
    ("argmin((x - {m})^4) = {m}", Truth.TRUE),
    ("argmin((x - 1/{n})^2, x in [0, 1]) = 1/{n}", Truth.TRUE),
    ("argmin(x^2, x in [{m}, {n}]) = {m}", Truth.TRUE),
    ("argmin(cosh(x - {m})) = {m}", Truth.TRUE),
    ("argmin(max(x, {n} - x)) = {n}/2", Truth.TRUE),
    ("argmin({{x if x > {m}; {n} otherwise}}) = {m}", Truth.DIVERGENT),
    ("sup(floor(x)/x, x in [1, {n}]) = 1", Truth.TRUE),
    ("sup(0^|x - {m}|) = 1", Truth.TRUE),
    ("sup(0^|x - {m}|) = 0", Truth.FALSE),
    ("sup(0^|x - {m}|, x in ({m}, {n}]) = 0", Truth.TRUE),
    ("sup(1 - sign(x - {m})^2) = 0", Truth.FALSE),
    ("inf(sign(x - {m})^2) = 0", Truth.TRUE),
    ("inf(sign(x - {m})^2) = 1", Truth.FALSE),
]


@row("extremum", share=4)
def at_jumps_and_open_ends(chance: Random) -> Case | None:
    body, truth = chance.choice(JUMPS)
    m = chance.randint(0, 3)
    n = m + chance.randint(2, 5)
    return Case(body.format(m=m, n=n), truth, "by what is attained and what is approached")


@row("extremum", share=2)
def of_nothing(chance: Random) -> Case | None:
    """Of an empty set, or of an expression that is real nowhere on it."""
    k = chance.randint(1, 5)
    text = chance.choice(
        (
            f"sup(x, x in [{k}, 0]) = 0",
            f"inf(x^2, x in [{k + 1}, {k}]) = 0",
            f"sup(x, x in ({k}, {k})) = {k}",
            f"sup(x, x in ({k}, {k}]) = {k}",
            f"sup(x, x in [{k}, {k})) = {k}",
            "inf(x^2 + 1, x in [1, -1]) > 0",
            f"sup(sqrt(-{k} - x^2)) = 0",
            "inf(sqrt(-1 - x^2)) > 0",
            f"sup(ln(x), x in [-{k}, -1]) = 0",
            "sup(ln(-x^2)) = 0",
            f"sup(ln(x), x in [-{k}, 0]) = -oo",
            f"argmin(sqrt(-{k} - x^2)) = 0",
            f"argmax(ln(x), x in [-{k}, -1]) = -1",
            f"sup(0*ln(x), x in [-{k}, 0]) = 0",
            f"sup(asin(x), x in [2, {k + 2}]) = pi/2",
            f"sup(acosh(x), x in [-{k}, 0]) = 0",
            f"argmin(x^2, x in [{k + 1}, {k}]) = {k}",
            f"sup(1/(x - x), x in [0, {k}]) = oo",
            f"inf(0*sqrt(x - {k + 5}), x in [0, {k}]) = 0",
            f"sup(1, x in [{k}, -{k}]) = 1",
        )
    )
    return Case(text, Truth.EMPTY, "there is nothing to take the supremum of")


@row("extremum", share=2)
def with_parameters_and_nested(chance: Random) -> Case | None:
    text, truth = chance.choice(
        (
            ("argmin((x - a)^2, x in R) = a", Truth.TRUE),
            ("argmin((x - a)^2, x in [0, 1]) = a", Truth.FALSE),
            ("argmin((x - a)^2, x in [0, 1]) = a for 0 <= a <= 1", Truth.TRUE),
            ("argmin((x - a)^2, x in [0, 1]) = clip(a, 0, 1)", Truth.TRUE),
            ("sup(a*x - x^2) = a^2/4", Truth.TRUE),
            ("sup(a*x - x^2) = a^2/2", Truth.FALSE),
            ("sup(a*x, x in [0, 1]) = a", Truth.FALSE),
            ("sup(a*x, x in [0, 1]) = relu(a)", Truth.TRUE),
            ("sup(a*x, x in [-1, 1]) = |a|", Truth.TRUE),
            ("sup(a*x) = 0 for a = 0", Truth.TRUE),
            ("sup(a*tanh(x)) = a", Truth.FALSE),
            ("sup(a*tanh(x)) = |a|", Truth.TRUE),
            ("sup(a*tanh(x)) = a for a >= 0", Truth.TRUE),
            ("inf((x - a)^2 + b) = b", Truth.TRUE),
            ("inf(|x - a| + |x - b|) = |a - b|", Truth.TRUE),
            ("sup(x*y - x^2/2) = y^2/2", Truth.TRUE),
            ("sup(x*y - e^x) = y*ln(y) - y for y > 0", Truth.TRUE),
            ("sup(|x - c|, x in [0, 1]) = max(c, 1 - c) for 0 <= c <= 1", Truth.TRUE),
            ("inf(sup(|x - c|, x in [0, 1]), c in [0, 1]) = 1/2", Truth.TRUE),
            ("inf(sup(|x - c|, x in [0, 1]), c in [0, 1]) = 0", Truth.FALSE),
            ("argmin(sup(|x - c|, x in [0, 1]), c in [0, 1]) = 1/2", Truth.TRUE),
            ("argmin(sup(|x^2 - c|, x in [-1, 1]), c in [0, 1]) = 1/2", Truth.TRUE),
            ("argmin(sup(|x^2 - c|, x in [-1, 1]), c in [0, 1]) = 1/3", Truth.FALSE),
            ("sup(inf(|x - c|, x in [0, 1]), c in [0, 1]) = 0", Truth.TRUE),
            ("sup(x, x in [a, b]) = b for a < b", Truth.TRUE),
            ("sup(x, x in [a, b]) = b for a > b", Truth.EMPTY),
            ("sup(x, x in [a, b]) = b", Truth.TRUE),
            ("sup(x, x in (a, b)) = b", Truth.TRUE),
            ("sup(sin(a*x)) = 1 for a > 0", Truth.TRUE),
            ("sup(sin(a*x)) = 1", Truth.FALSE),
            ("sup(x^2 + a) = oo", Truth.TRUE),
            ("sup(x + x, x in [0, 1]) = 2 for x = 5", Truth.TRUE),
            ("inf(int((t - c)^2, t = 0..1), c in [0, 1]) = 1/12", Truth.TRUE),
        )
    )
    return Case(text, truth, "an extremum with a parameter")


@row("extremum")
def as_a_bound(chance: Random) -> Case | None:
    """Inequalities about suprema, tight and not."""
    f, top, _ = chance.choice(TOPS)
    below(f, top)
    tiny = rational(Fraction(1, 10 ** chance.choice((1, 4, 9, 15))))
    kind, f, top, _p, _a = _said(chance, f, top, None)
    outward, inward = ("<", ">") if kind == "sup" else (">", "<")
    beyond = top + tiny if kind == "sup" else top - tiny
    within = top - tiny if kind == "sup" else top + tiny
    said, sign, truth = chance.choice(
        (
            (beyond, outward, Truth.TRUE),
            (within, outward, Truth.FALSE),
            (top, outward, Truth.FALSE),
            (top, outward + "=", Truth.TRUE),
            (within, inward, Truth.TRUE),
            (beyond, inward, Truth.FALSE),
            (top, "!=", Truth.FALSE),
        )
    )
    return Case(f"{kind}({f.text}) {sign} {said.text}", truth, f"it is {top.text}")

"""Kind 10: properties of functions: true ones, and mutants with a jump, a pole, a gap, a cusp, somewhere."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from tests.long.soundness.cases import Case, Truth, row
from tests.long.soundness.equalities import place, positive
from tests.long.soundness.terms import Term, X, absolute, call, e_to, pieces, rational, term, test

SMOOTH_RISING = [
    X,
    X**3 + X,
    e_to(X),
    call("tanh", X),
    call("sigmoid", X),
    call("atan", X),
    call("softplus", X),
    call("Phi", X),
    call("asinh", X),
    call("sinh", X),
    2 * X - 1,
    X + call("sin", X) / 2,
    call("erf", X),
    X**5,
]
BOUNDED = [call(name, X) for name in ("tanh", "sigmoid", "atan", "Phi", "erf", "sin", "cos", "phi", "sech", "softsign")]
CONVEX = [X**2, e_to(X), call("softplus", X), call("cosh", X), X**4, absolute(X), call("relu", X), e_to(-X), X**2 - X]
ODD = [X, X**3, call("sin", X), call("tanh", X), call("atan", X), call("erf", X), call("sinh", X), call("sign", X)]
EVEN = [X**2, call("cos", X), absolute(X), call("cosh", X), call("phi", X), e_to(-(X**2)), X**4, 1 / (1 + X**2)]


def said(kind: str, f: Term, where: str = "", *extra: str) -> str:
    more = "".join(f", {text}" for text in extra)
    return f"{kind}({f.text}{more})" + (f" for {where}" if where else "")


def spoiled(chance: Random, f: Term) -> tuple[Term, str]:
    """A function that jumps at one place, by a little, or has no value there."""
    c, _ = place(chance)
    h = rational(Fraction(1, chance.choice((1, 1000, 10**9))))
    match chance.randrange(6):
        case 0:
            return pieces([(f, test(X, "<", c))], f - h), f"it jumps at {c.text}"
        case 1:
            return pieces([(f + h, test(X, "=", c))], f), f"one value is another, at {c.text}"
        case 2:
            return f - h * call("heaviside", X - c), f"it jumps at {c.text}"
        case 3:
            return f + h * term(0) ** absolute(X - c), f"one value is another, at {c.text}"
        case 4:
            return pieces([(f, test(X, "<", c)), (f, test(X, ">", c))]), f"no value at {c.text}"
        case _:
            return f + 0 / (X - c), f"no value at {c.text}"


@row("property", share=5)
def true_of_smooth_functions(chance: Random) -> Case | None:
    f = chance.choice(SMOOTH_RISING)
    c, k = rational(chance.randint(-3, 3)), rational(positive(chance))
    moved = f.put("x", X - c) if chance.random() < 0.4 else f
    moved = k * moved if chance.random() < 0.3 else moved
    match chance.randrange(8):
        case 0:
            return Case(said("continuous", moved), Truth.TRUE, "smooth")
        case 1:
            return Case(said("smooth", moved, "", str(chance.randint(1, 3))), Truth.TRUE, "smooth")
        case 2:
            return Case(said("increasing", moved), Truth.TRUE, "it rises")
        case 3:
            return Case(said("decreasing", -moved), Truth.TRUE, "it falls")
        case 4:
            g = chance.choice(CONVEX)
            g = g.put("x", X - c)
            return Case(said("convex", g), Truth.TRUE, "convex")
        case 5:
            g = chance.choice(CONVEX)
            return Case(said("concave", -g), Truth.TRUE, "the negative of a convex function")
        case 6:
            g = chance.choice(BOUNDED) * k + chance.choice((0, 1, 5))
            return Case(said("bounded", g), Truth.TRUE, "bounded")
        case _:
            return Case(said("decreasing", moved.put("x", -X)), Truth.TRUE, "it falls")


@row("property", share=6)
def spoiled_at_one_place(chance: Random) -> Case | None:
    f = chance.choice(SMOOTH_RISING)
    kind = chance.choice(("continuous", "continuous", "increasing", "smooth", "convex", "bounded", "odd", "even"))
    if kind == "convex":
        f = chance.choice(CONVEX)
    if kind == "bounded":
        f = chance.choice(BOUNDED)
        c, _ = place(chance)
        far = chance.choice(
            (
                f + 1 / (X - c),
                f + call("relu", X - c),
                f + call("ln", absolute(X - c)),
                pieces([(X, test(X, ">", c))], f),
                f + X / 10**9,
                f + call("sqrt", absolute(X)) / 10**6,
                pieces([(f, test(X, "!=", c))]),
                f * (X - c),
                f + call("tan", X),
                f + e_to(X - 10**6),
            )
        )
        if far.text.startswith(("phi", "sech")) and far.text.endswith(f"*({(X - c).text})"):
            return None
        return Case(said("bounded", far), Truth.FALSE, "it grows beyond every bound, or lacks a value")
    if kind in ("odd", "even"):
        f = chance.choice(ODD if kind == "odd" else EVEN)
        g, why = spoiled(chance, f)
        if "no value" in why:
            return None
        if kind == "even" and (" = 0" in g.text or "|x - 0|" in g.text or "abs(x - 0)" in g.text):
            return None
        return Case(said(kind, g), Truth.FALSE, why)
    g, why = spoiled(chance, f)
    if kind == "smooth":
        return Case(said("smooth", g, "", str(chance.randint(1, 2))), Truth.FALSE, why)
    if kind == "increasing" and chance.random() < 0.3:
        dip = f - call("max", term(0), rational(Fraction(1, 1000)) - absolute(X - place(chance)[0])) * 10**7
        if f.text.startswith(("e^", "x^3", "x^5", "sinh")):
            return None
        return Case(said("increasing", dip), Truth.FALSE, "it falls in one place")
    if kind == "convex" and why.startswith("it jumps") and chance.random() < 0.2:
        return (
            Case(said("convex", call("min", f, rational(10**6))), Truth.FALSE, "flat far out")
            if f.text != "e^(-x)"
            else None
        )
    return Case(said(kind, g), Truth.FALSE, why)


ENDS: list[tuple[str, Truth]] = [
    ("continuous(1/x) for x > 0", Truth.TRUE),
    ("continuous(1/x) for x >= 0", Truth.FALSE),
    ("continuous(1/x)", Truth.FALSE),
    ("continuous(1/(x - {c})) for x > {c}", Truth.TRUE),
    ("continuous(1/(x - {c})) for x > 0", Truth.FALSE),
    ("continuous(1/(x - {c}/7)) for x > 0", Truth.FALSE),
    ("continuous(1/(x - 10^{c})) for x > 0", Truth.FALSE),
    ("continuous(1/(x^2 - 2)) for x > 1", Truth.FALSE),
    ("continuous(1/(x^2 - 2)) for x > 2", Truth.TRUE),
    ("continuous(1/(x^2 + {c}))", Truth.TRUE),
    ("continuous(sqrt(x)) for x >= 0", Truth.TRUE),
    ("continuous(sqrt(x))", Truth.FALSE),
    ("continuous(sqrt(x - {c})) for x > 0", Truth.FALSE),
    ("smooth(sqrt(x), 1) for x > 0", Truth.TRUE),
    ("smooth(sqrt(x), 1) for x >= 0", Truth.FALSE),
    ("smooth(x*sqrt(x), 2) for x >= 0", Truth.FALSE),
    ("continuous(ln(x)) for x > 0", Truth.TRUE),
    ("continuous(ln(x)) for x >= 0", Truth.FALSE),
    ("continuous(ln(x))", Truth.FALSE),
    ("continuous(asin(x)) for -1 <= x <= 1", Truth.TRUE),
    ("continuous(asin(x))", Truth.FALSE),
    ("smooth(asin(x), 1) for -1 <= x <= 1", Truth.FALSE),
    ("smooth(asin(x), 1) for -1 < x < 1", Truth.TRUE),
    ("continuous(asec(x))", Truth.FALSE),
    ("continuous(acsc(x)) for x > 1/2", Truth.FALSE),
    ("continuous(acosh(x))", Truth.FALSE),
    ("continuous(acosh(x)) for x >= 1", Truth.TRUE),
    ("continuous(atanh(x))", Truth.FALSE),
    ("continuous(lambertw(x))", Truth.FALSE),
    ("continuous(lambertw(x)) for x > 0", Truth.TRUE),
    ("smooth(lambertw(x), 1) for x >= -1/e", Truth.FALSE),
    ("continuous(tan(x))", Truth.FALSE),
    ("continuous(tan(x)) for -1 < x < 1", Truth.TRUE),
    ("continuous(tan(x)) for 1 < x < 2", Truth.FALSE),
    ("continuous(sec(x))", Truth.FALSE),
    ("continuous(coth(x))", Truth.FALSE),
    ("continuous(f(x))", Truth.EMPTY),
    ("increasing(g(x))", Truth.EMPTY),
    ("bounded(f(x))", Truth.EMPTY),
    ("continuous(floor(x))", Truth.FALSE),
    ("continuous(floor(x)) for 0 < x < 1", Truth.TRUE),
    ("continuous(floor(x)) for 0 <= x < 1", Truth.TRUE),
    ("continuous(floor(x)) for 0 <= x <= 1", Truth.FALSE),
    ("continuous(floor(x)) for {c} - 1/2 < x < {c} + 1/2", Truth.FALSE),
    ("continuous(x - floor(x))", Truth.FALSE),
    ("continuous(x*floor(1/x))", Truth.FALSE),
    ("continuous(sign(x - {c}))", Truth.FALSE),
    ("continuous(sign(x - {c})^2)", Truth.FALSE),
    ("continuous(sign(x)*x)", Truth.TRUE),
    ("continuous((x - {c})*heaviside(x - {c}))", Truth.TRUE),
    ("continuous(heaviside(x))", Truth.FALSE),
    ("continuous(0^x) for x >= 0", Truth.FALSE),
    ("continuous(0^x) for x > 0", Truth.TRUE),
    ("continuous(0^|x - {c}|)", Truth.FALSE),
    ("continuous(x^0)", Truth.TRUE),
    ("continuous(x^x) for x > 0", Truth.TRUE),
    ("continuous(x^x)", Truth.FALSE),
    ("continuous((-{c})^x)", Truth.FALSE),
    ("continuous(x/x)", Truth.FALSE),
    ("continuous(x^2/x) for x > 0", Truth.TRUE),
    ("continuous(sin(x)/x)", Truth.FALSE),
    ("continuous(sinc)", Truth.TRUE),
    ("continuous(sinc(x - {c}))", Truth.TRUE),
    ("continuous(cbrt(x))", Truth.TRUE),
    ("smooth(cbrt(x), 1)", Truth.FALSE),
    ("continuous(x^(1/3))", Truth.FALSE),
    ("smooth(|x|, 1)", Truth.FALSE),
    ("smooth(|x - {c}|, 1) for x > {c}", Truth.TRUE),
    ("smooth(|x - {c}|, 1) for x > 0", Truth.FALSE),
    ("smooth(|x|^3, 2)", Truth.TRUE),
    ("smooth(|x|^3, 3)", Truth.FALSE),
    ("smooth(relu, 1)", Truth.FALSE),
    ("smooth(relu(x)^2, 1)", Truth.TRUE),
    ("smooth(relu(x)^2, 2)", Truth.FALSE),
    ("smooth(relu(x)^{d}, {d})", Truth.FALSE),
    ("smooth(relu(x) - relu(-x), 3)", Truth.TRUE),
    ("smooth(elu, 1)", Truth.TRUE),
    ("smooth(elu, 2)", Truth.FALSE),
    ("smooth(elu(x, {d}), 1)", Truth.FALSE),
    ("smooth(celu(x, {d}), 1)", Truth.TRUE),
    ("smooth(celu(x, {d}), 2)", Truth.FALSE),
    ("continuous(celu')", Truth.TRUE),
    ("continuous(elu')", Truth.TRUE),
    ("continuous(relu')", Truth.FALSE),
    ("continuous(leaky_relu')", Truth.FALSE),
    ("continuous(hardtanh')", Truth.FALSE),
    ("continuous(softsign')", Truth.TRUE),
    ("continuous(softsign'')", Truth.FALSE),
    ("continuous(sinc')", Truth.TRUE),
    ("smooth(su, 1)", Truth.TRUE),
    ("smooth(su, 2)", Truth.FALSE),
    ("smooth(softsign, 1)", Truth.TRUE),
    ("smooth(softsign, 2)", Truth.FALSE),
    ("smooth(selu, 1)", Truth.FALSE),
    ("smooth(hardswish, 1)", Truth.FALSE),
    ("smooth(swish, {d})", Truth.TRUE),
    ("smooth(x*|x|, 1)", Truth.TRUE),
    ("smooth(x*|x|, 2)", Truth.FALSE),
    ("smooth(sqrt(x^2 + 1e-{d}0), 1)", Truth.TRUE),
    ("smooth(sqrt(x^2), 1)", Truth.FALSE),
    ("smooth(|x^2 - 2|, 1)", Truth.FALSE),
    ("smooth(max(x, x^2), 1)", Truth.FALSE),
    ("continuous(max(x, x^2))", Truth.TRUE),
    ("continuous({{x^2*sin(1/x) if x != 0; 0 otherwise}})", Truth.TRUE),
    ("continuous({{sin(1/x) if x != 0; 0 otherwise}})", Truth.FALSE),
    ("smooth({{x^2*sin(1/x) if x != 0; 0 otherwise}}, 1)", Truth.FALSE),
    ("continuous({{x if x^2 = 2; x otherwise}})", Truth.TRUE),
    ("continuous({{0 if x^2 = 2; x otherwise}})", Truth.FALSE),
    ("continuous({{0 if x = pi; x otherwise}})", Truth.FALSE),
    ("continuous(sum(x^i, i = 1..3))", Truth.TRUE),
    ("continuous(sum(1/(x - i), i = 1..3))", Truth.FALSE),
    ("continuous(int(1/(x - t), t = 0..1))", Truth.FALSE),
    ("continuous(int(t*x, t = 0..1))", Truth.TRUE),
    ("increasing(x^3)", Truth.TRUE),
    ("increasing(x^2)", Truth.FALSE),
    ("increasing(x^2) for x >= 0", Truth.TRUE),
    ("increasing(x^2) for x > -1e-{d}", Truth.FALSE),
    ("increasing(1/x)", Truth.FALSE),
    ("decreasing(1/x)", Truth.FALSE),
    ("decreasing(1/x) for x > 0", Truth.TRUE),
    ("decreasing(1/x) for x != 0", Truth.FALSE),
    ("increasing(-1/x)", Truth.FALSE),
    ("increasing(tan(x))", Truth.FALSE),
    ("increasing(tan(x)) for -1 < x < 1", Truth.TRUE),
    ("increasing(tan(x)) for 0 < x < 3", Truth.FALSE),
    ("increasing(floor(x))", Truth.TRUE),
    ("increasing(x - floor(x))", Truth.FALSE),
    ("increasing(sign(x))", Truth.TRUE),
    ("increasing(ln(x))", Truth.FALSE),
    ("increasing(ln(x)) for x > 0", Truth.TRUE),
    ("increasing(sqrt(x)) for x >= 0", Truth.TRUE),
    ("increasing(x + 2*sin(x))", Truth.FALSE),
    ("increasing(x + sin(x))", Truth.TRUE),
    ("increasing(x - atan(x))", Truth.TRUE),
    ("increasing(x - tanh(x)*1.0001)", Truth.FALSE),
    ("increasing(gelu)", Truth.FALSE),
    ("increasing(swish)", Truth.FALSE),
    ("increasing(relu)", Truth.TRUE),
    ("increasing(mish) for x > 0", Truth.TRUE),
    ("increasing({{x if x < {c}; x - 1e-{d} otherwise}})", Truth.FALSE),
    ("increasing({{x if x < {c}; x + 1e-{d} otherwise}})", Truth.TRUE),
    ("increasing({{x if x <= {c}; x + 1 otherwise}})", Truth.TRUE),
    ("increasing(-x^2 + 10^{c}*x) for x > 0", Truth.FALSE),
    ("increasing(e^x - 10^{c}*x) for x > 0", Truth.FALSE),
    ("increasing(a*x) for a > 0", Truth.TRUE),
    ("increasing(a*x) for a >= 0", Truth.TRUE),
    ("increasing(a*x)", Truth.FALSE),
    ("increasing(x^3 + a*x)", Truth.FALSE),
    ("increasing(x^3 + a*x) for a >= 0", Truth.TRUE),
    ("convex(x^2)", Truth.TRUE),
    ("convex(x^3)", Truth.FALSE),
    ("convex(x^3) for x >= 0", Truth.TRUE),
    ("convex(x^3) for x > -1e-{d}", Truth.FALSE),
    ("convex(|x - {c}|)", Truth.TRUE),
    ("convex(-|x - {c}|)", Truth.FALSE),
    ("concave(-|x - {c}|)", Truth.TRUE),
    ("convex(-sqrt((x - 1000)^2)) for x > 500", Truth.FALSE),
    ("convex(-sqrt((x - 1000)^2)) for x > 1000", Truth.TRUE),
    ("convex(1/x) for x > 0", Truth.TRUE),
    ("convex(1/x)", Truth.FALSE),
    ("convex(1/x) for x != 0", Truth.FALSE),
    ("convex(1/x) for x >= 0", Truth.FALSE),
    ("convex(-ln(x)) for x > 0", Truth.TRUE),
    ("convex(-ln(x))", Truth.FALSE),
    ("concave(sqrt(x)) for x >= 0", Truth.TRUE),
    ("concave(ln(x)) for x > 0", Truth.TRUE),
    ("convex(max(x, x^2))", Truth.TRUE),
    ("convex(min(x, x^2))", Truth.FALSE),
    ("convex(x^4 - x^2*1e-{d})", Truth.FALSE),
    ("convex(x^2 + sin(x))", Truth.TRUE),
    ("convex(x^2 + 3*sin(x))", Truth.FALSE),
    ("convex(gelu)", Truth.FALSE),
    ("convex(relu)", Truth.TRUE),
    ("convex(softplus)", Truth.TRUE),
    ("convex(leaky_relu(x, a)) for a <= 1", Truth.TRUE),
    ("convex(leaky_relu(x, a))", Truth.FALSE),
    ("convex(elu)", Truth.TRUE),
    ("convex(elu(x, {d}))", Truth.FALSE),
    ("convex({{x^2 if x < {c}; x^2 + 1 otherwise}})", Truth.FALSE),
    ("convex({{x^2 if x < {c}; x^2 - 1e-{d} otherwise}})", Truth.FALSE),
    ("convex({{x^2 + 1 if x = {c}; x^2 otherwise}})", Truth.FALSE),
    ("convex({{1 if x = 0; x^2 otherwise}}) for x >= 0", Truth.TRUE),
    ("convex(floor(x))", Truth.FALSE),
    ("convex(sqrt(x^2 + 1))", Truth.TRUE),
    ("convex(x*ln(x)) for x > 0", Truth.TRUE),
    ("convex(tan(x)) for 0 < x < 1", Truth.TRUE),
    ("convex(tan(x)) for 0 < x < 3", Truth.FALSE),
    ("bounded(1/x) for x > 0", Truth.FALSE),
    ("bounded(1/x) for x >= {c}", Truth.TRUE),
    ("bounded(1/x) for 0 < x < 1", Truth.FALSE),
    ("bounded(ln(x)) for x > 0", Truth.FALSE),
    ("bounded(ln(x)) for x > 1", Truth.FALSE),
    ("bounded(ln(x)) for 1 < x < {c} + 1", Truth.TRUE),
    ("bounded(x*ln(x)) for 0 < x < 1", Truth.TRUE),
    ("bounded(tan(x))", Truth.FALSE),
    ("bounded(tan(x)) for 0 <= x <= 1", Truth.TRUE),
    ("bounded(tan(x)) for 0 < x < 2", Truth.FALSE),
    ("bounded(sin(x))", Truth.TRUE),
    ("bounded(x*sin(x))", Truth.FALSE),
    ("bounded(sin(x)/x) for x > 0", Truth.TRUE),
    ("bounded(sin(x)/x)", Truth.FALSE),
    ("bounded(x - floor(x))", Truth.TRUE),
    ("bounded(softplus')", Truth.TRUE),
    ("bounded(x/(1 + x^2))", Truth.TRUE),
    ("bounded(x^2/(1 + |x|))", Truth.FALSE),
    ("bounded(e^-x) for x > -10^{c}", Truth.TRUE),
    ("bounded(e^-x)", Truth.FALSE),
    ("bounded(sqrt(1 - x^2))", Truth.FALSE),
    ("bounded(sqrt(1 - x^2)) for -1 <= x <= 1", Truth.TRUE),
    ("bounded({{1/x if x != 0; 0 otherwise}})", Truth.FALSE),
    ("bounded({{x if |x| < 10^{c}; 0 otherwise}})", Truth.TRUE),
    ("bounded({{x if |x| > 10^{c}; 0 otherwise}})", Truth.FALSE),
    ("bounded(x^2) for 0 <= x <= {c}", Truth.TRUE),
    ("bounded(e^(-1/x)) for x > 0", Truth.TRUE),
    ("bounded(e^(1/x)) for x > 0", Truth.FALSE),
    ("bounded(lambertw(x)) for x > 0", Truth.FALSE),
    ("periodic(sin)", Truth.TRUE),
    ("periodic(sin, 2*pi)", Truth.TRUE),
    ("periodic(sin, pi)", Truth.FALSE),
    ("periodic(sin, {c}*2*pi)", Truth.TRUE),
    ("periodic(sin(x)^2, pi)", Truth.TRUE),
    ("periodic(cos({d}*x), 2*pi/{d})", Truth.TRUE),
    ("periodic(cos({d}*x), 2*pi/{d} + 1e-9)", Truth.FALSE),
    ("periodic(tan(x), pi)", Truth.FALSE),
    ("periodic(x, 0)", Truth.DIVERGENT),
    ("periodic(sin, 0)", Truth.DIVERGENT),
    ("periodic(x - floor(x), 1)", Truth.TRUE),
    ("periodic(x - floor(x), {d})", Truth.TRUE),
    ("periodic(x - floor(x), 1/2)", Truth.FALSE),
    ("periodic(x)", Truth.FALSE),
    ("periodic(e^x, 1)", Truth.FALSE),
    ("periodic(sin(x) + 1e-{d}*e^-x^2, 2*pi)", Truth.FALSE),
    ("periodic({{1 if sin(x) = 0; 0 otherwise}}, pi)", Truth.TRUE),
    ("periodic(sin(x) + {{1 if x = {c}; 0 otherwise}}, 2*pi)", Truth.FALSE),
    ("periodic(sin(x) + floor(x/10^{c}), 2*pi)", Truth.FALSE),
    ("odd(x^3)", Truth.TRUE),
    ("odd(x^3 + 1e-{d})", Truth.FALSE),
    ("odd(sqrt(x))", Truth.FALSE),
    ("odd(ln(x))", Truth.FALSE),
    ("even(ln(|x|))", Truth.FALSE),
    ("even(ln(x^2 + 1))", Truth.TRUE),
    ("odd(1/x)", Truth.FALSE),
    ("odd(1/x) for x != 0", Truth.TRUE),
    ("odd(sign(x))", Truth.TRUE),
    ("odd(heaviside(x))", Truth.FALSE),
    ("odd(floor(x))", Truth.FALSE),
    ("odd(heaviside(x) - 1/2)", Truth.FALSE),
    ("odd({{1 if x >= 0; -1 otherwise}})", Truth.FALSE),
    ("even({{1 if x = {c}; 0 otherwise}})", Truth.FALSE),
    ("even({{1 if |x| = {c}; 0 otherwise}})", Truth.TRUE),
    ("odd(tanh)", Truth.TRUE),
    ("even(gelu(x) - x/2)", Truth.TRUE),
    ("odd(gelu(x) - |x|/2)", Truth.FALSE),
    ("odd(asin(x))", Truth.FALSE),
    ("odd(asin(x)) for -1 <= x <= 1", Truth.TRUE),
    ("odd(0*sqrt(x))", Truth.FALSE),
    ("odd(sqrt(-1 - x^2))", Truth.DIVERGENT),
    ("even(sqrt(-1 - x^2))", Truth.DIVERGENT),
    ("continuous(sqrt(-1 - x^2))", Truth.DIVERGENT),
    ("increasing(sqrt(-1 - x^2))", Truth.DIVERGENT),
    ("bounded(sqrt(-1 - x^2))", Truth.DIVERGENT),
    ("convex(ln(-x^2))", Truth.DIVERGENT),
    ("smooth(0*ln(x))", Truth.FALSE),
    ("bounded(0*ln(x))", Truth.FALSE),
    ("continuous(x) for x > 1, x < 0", Truth.EMPTY),
    ("increasing(-x) for x > 1, x < 0", Truth.EMPTY),
    ("bounded(1/x) for 2 < x < 1", Truth.EMPTY),
]


@row("property", share=14)
def at_ends_and_joints(chance: Random) -> Case | None:
    body, truth = chance.choice(ENDS)
    return Case(body.format(c=chance.randint(1, 6), d=chance.randint(2, 5)), truth, "by the points that matter")


@row("property", share=2)
def parity(chance: Random) -> Case | None:
    f, g = chance.choice(ODD), chance.choice(ODD)
    p, q = chance.choice(EVEN), chance.choice(EVEN)
    kind, h = chance.choice(
        (
            ("odd", f + g),
            ("even", p + q),
            ("even", f * g),
            ("odd", f * p),
            ("even", p * q),
            ("odd", f - g),
            ("even", p - q),
        )
    )
    if chance.random() < 0.4:
        tiny = rational(Fraction(1, 10 ** chance.choice((0, 6, 18))))
        spoil = tiny * chance.choice(EVEN if kind == "odd" else ODD)
        return Case(said(kind, h + spoil), Truth.FALSE, "a part of the other parity")
    return Case(said(kind, h), Truth.TRUE, "parity of sums and products")


@row("property", share=3)
def joined(chance: Random) -> Case | None:
    """Two smooth pieces at a place: continuous or once differentiable by their values and slopes."""
    c = rational(chance.choice((0, 1, -2, 5)))
    jump = chance.choice((0, 0, Fraction(1, 10**6), 1))
    bend = chance.choice((0, 0, Fraction(1, 10**9), 1, -1))
    f = chance.choice((X**2, call("sin", X), e_to(X), X**3, call("tanh", X)))
    g = f + rational(jump) if jump else f
    if bend:
        g = g + rational(bend) * (X - c)
    if not jump and not bend:
        g = f + (X - c) ** 2
    h = pieces([(f, test(X, chance.choice(("<", "<=")), c))], g)
    match chance.randrange(3):
        case 0:
            return Case(said("continuous", h), Truth.FALSE if jump else Truth.TRUE, f"the jump is {jump}")
        case 1:
            return Case(said("smooth", h, "", "1"), Truth.FALSE if jump or bend else Truth.TRUE, f"{jump}, {bend}")
        case _:
            return Case(said("smooth", h, "", "2"), Truth.FALSE, "the second derivative jumps at least")

"""Kind 4: derivatives that are known, at joints, beyond domains, and where none exists."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

from mpmath import mp, mpf

from tests.long.soundness.cases import Case, Mistaken, Truth, draw, fails_at, row, shown
from tests.long.soundness.equalities import number, positive
from tests.long.soundness.terms import (
    NoValue,
    Term,
    Unknown,
    X,
    absolute,
    call,
    e_to,
    exact,
    pieces,
    rational,
    symbol,
    term,
    test,
)

Slope = tuple[Term, Term]  # a function and its derivative, by rules of this file

CHAIN: list[Callable[[Term], Slope]] = [
    lambda u: (call("sin", u), call("cos", u)),
    lambda u: (call("cos", u), -call("sin", u)),
    lambda u: (call("tan", u), 1 + call("tan", u) ** 2),
    lambda u: (e_to(u), e_to(u)),
    lambda u: (call("ln", u), 1 / u),
    lambda u: (call("sqrt", u), 1 / (2 * call("sqrt", u))),
    lambda u: (call("tanh", u), 1 - call("tanh", u) ** 2),
    lambda u: (call("sigmoid", u), call("sigmoid", u) * (1 - call("sigmoid", u))),
    lambda u: (call("Phi", u), call("phi", u)),
    lambda u: (call("phi", u), -u * call("phi", u)),
    lambda u: (call("atan", u), 1 / (1 + u**2)),
    lambda u: (call("asin", u), 1 / call("sqrt", 1 - u**2)),
    lambda u: (call("softplus", u), call("sigmoid", u)),
    lambda u: (u**3, 3 * u**2),
    lambda u: (1 / u, -1 / u**2),
    lambda u: (call("cosh", u), call("sinh", u)),
    lambda u: (call("asinh", u), 1 / call("sqrt", u**2 + 1)),
    lambda u: (call("atanh", u), 1 / (1 - u**2)),
    lambda u: (call("gelu", u), call("Phi", u) + u * call("phi", u)),
    lambda u: (call("erf", u), 2 / call("sqrt", Term("pi", lambda env: +mp.pi)) * e_to(-(u**2))),
    lambda u: (u ** rational(Fraction(5, 2)), rational(Fraction(5, 2)) * u ** rational(Fraction(3, 2))),
]
# differentiable but for joints; the slope is what it is elsewhere
KINKED: list[Callable[[Term], Slope]] = [
    lambda u: (absolute(u), call("sign", u)),
    lambda u: (call("relu", u), call("heaviside", u)),
    lambda u: (call("cbrt", u), 1 / (3 * call("cbrt", u) ** 2)),
    lambda u: (call("softsign", u), 1 / (1 + absolute(u)) ** 2),
    lambda u: (call("elu", u), pieces([(term(1), test(u, ">", 0))], e_to(u))),
    lambda u: (u * absolute(u), 2 * absolute(u)),
    lambda u: (call("floor", u), 0 * u),
    lambda u: (call("sign", u) * u**2, 2 * absolute(u)),
]


def sloped(chance: Random, depth: int, kinks: bool = False) -> Slope:
    """A random function of x and its derivative."""
    if depth == 0:
        p, q = number(chance), chance.choice((0, 0, 1, -2, Fraction(1, 2)))
        u = X if chance.random() < 0.5 else rational(p) * X + rational(q)
        return u, rational(1) if u is X else rational(p)
    f, df = sloped(chance, depth - 1, kinks)
    match chance.randrange(6):
        case 0:
            g, dg = sloped(chance, chance.randrange(depth), kinks)
            return f * g, df * g + f * dg
        case 1:
            g, dg = sloped(chance, chance.randrange(depth), kinks)
            return f + g, df + dg
        case 2:
            g, dg = sloped(chance, chance.randrange(depth), kinks)
            return f / g, (df * g - f * dg) / g**2
        case _:
            outer, slope = chance.choice(CHAIN + (KINKED if kinks else []))(f)
            return outer, slope * df


def stepped(f: Term, x: Any, side: int = 0) -> Any:
    """A difference quotient of high order, central or to one side."""
    h = mpf(10) ** -12
    if side:
        a, b, c = f(x=x), f(x=x + side * h), f(x=x + 2 * side * h)
        return side * (4 * b - 3 * a - c) / (2 * h)
    return (f(x=x - 2 * h) - 8 * f(x=x - h) + 8 * f(x=x + h) - f(x=x + 2 * h)) / (12 * h)


def slope_confirmed(chance: Random, f: Term, df: Term, points: int = 6) -> bool:
    """Whether difference quotients bear out the derivative at a few points that are no joints."""
    seen = 0
    for _ in range(points * 2):
        env = draw(chance, ["x"])
        x = env["x"] + mpf(chance.randint(1, 999)) / 10007
        try:
            want, found = df(x=x), stepped(f, x)
        except (NoValue, Unknown, OverflowError, ZeroDivisionError):
            continue
        size = max(1, abs(want), abs(f(x=x)))
        if size > 10**9:
            continue
        if abs(want - found) > size * mpf(10) ** -14:
            raise Mistaken(f"d/dx ({f.text}) = {df.text} at {shown({'x': x})}: {found} against {want}")
        seen += 1
        if seen >= 3:
            return True
    return False


def derivative(f: Term, order: int = 1) -> str:
    return f"d/dx ({f.text})" if order == 1 else f"d^{order}/dx^{order} ({f.text})"


@row("derivative", share=4)
def by_rule(chance: Random) -> Case | None:
    f, df = sloped(chance, chance.choice((1, 2, 2, 3)), kinks=chance.random() < 0.4)
    if len(f.text) + len(df.text) > 220 or not slope_confirmed(chance, f, df):
        return None
    return Case(f"{derivative(f)} = {df.text}", Truth.TRUE, "the rules of differentiation")


@row("derivative", share=3)
def by_a_wrong_rule(chance: Random) -> Case | None:
    f, df = sloped(chance, chance.choice((1, 2, 2)), kinks=chance.random() < 0.4)
    if len(f.text) + len(df.text) > 200 or not slope_confirmed(chance, f, df):
        return None
    wrong = chance.choice(
        (
            df * 2,
            -df,
            df + rational(Fraction(1, 10 ** chance.choice((1, 9, 18)))),
            absolute(df),
            pieces([(df + 1, test(X, ">", 10**3))], df),
            pieces([(df + 1, test(X, "<", -(10**6)))], df),
            df + call("max", term(0), rational(Fraction(1, 1000)) - absolute(X - 3)),
        )
    )
    for x in (mpf(3), mpf("1000.37"), mpf("0.37"), mpf("-1.29"), -(mpf(10) ** 6) - mpf("0.37"), mpf("0.0137")):
        try:
            real = abs(stepped(f, x) - df(x=x)) < mpf(10) ** -12  # x is no joint
        except (NoValue, Unknown, OverflowError, ZeroDivisionError):
            continue
        if real and fails_at((df, wrong), "=", {"x": x}):
            return Case(f"{derivative(f)} = {wrong.text}", Truth.FALSE, f"the slope at {x} is another")
    return None


SMOOTH_AT: list[tuple[Term, Term]] = [  # functions with their derivative, to be joined
    (X, term(1)),
    (X**2, 2 * X),
    (X**3, 3 * X**2),
    (call("sin", X), call("cos", X)),
    (e_to(X), e_to(X)),
    (call("tanh", X), 1 - call("tanh", X) ** 2),
    (call("ln", 1 + X**2), 2 * X / (1 + X**2)),
    (0 * X, term(0)),
]


@row("derivative", share=4)
def at_a_joint(chance: Random) -> Case | None:
    """{f if x < c; g otherwise} at c: with or without a slope, by the two values and slopes there."""
    c = rational(chance.choice((0, 0, 0, 1, -2, Fraction(1, 2))))
    (f, df), (g, dg) = chance.choice(SMOOTH_AT), chance.choice(SMOOTH_AT)
    move = X if c.text == "0" else X - c
    f, df, g, dg = f.put("x", move), df.put("x", move), g.put("x", move), dg.put("x", move)
    value, slope = f(x=c()) - g(x=c()), df(x=c()) - dg(x=c())
    joined = pieces([(f, test(X, chance.choice(("<", "<=")), c))], g)
    said = chance.choice((df, dg))(x=c())
    whole = rational(Fraction(int(said)))
    if said != int(said):
        return None
    at = [test(X, "=", c)]
    text = f"{derivative(joined)} = {whole.text} for {at[0].text}"
    if abs(value) > mpf(10) ** -30 or abs(slope) > mpf(10) ** -30:
        return Case(text, Truth.EMPTY, "no derivative at this joint: the pieces do not meet, or not in one direction")
    return Case(text, Truth.TRUE, "the pieces meet with one slope")


JOINTS: list[tuple[str, str, Truth]] = [
    ("d/dx (relu(x - {c}) - relu({c} - x)) = 1", "", Truth.TRUE),
    ("d/dx (relu(x - {c}) - relu({c} - x)) = 1", "x = {c}", Truth.TRUE),
    ("d/dx (relu(x - {c}) - relu({c} - x)) = 0", "x = {c}", Truth.FALSE),
    ("d/dx (|x - {c}|) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx (|x - {c}|) = 1", "x = {c}", Truth.EMPTY),
    ("d/dx (|x - {c}|) = d/dx (|{c} - x|)", "", Truth.TRUE),
    ("d/dx (max({c}, x)) = d/dx (max(x, {c}))", "", Truth.TRUE),
    ("d/dx (max({c}, x)) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx (max({c}, x)) = 1/2", "x = {c}", Truth.EMPTY),
    ("d/dx ((x - {c})*|x - {c}|) = 2*|x - {c}|", "", Truth.TRUE),
    ("d/dx ((x - {c})*|x - {c}|) = 0", "x = {c}", Truth.TRUE),
    ("d/dx ((x - {c})*|x - {c}|) = 1", "x = {c}", Truth.FALSE),
    ("d^2/dx^2 ((x - {c})*|x - {c}|) = 2", "x = {c}", Truth.EMPTY),
    ("d^2/dx^2 ((x - {c})*|x - {c}|) = 0", "x = {c}", Truth.EMPTY),
    ("d^2/dx^2 (|x - {c}|^3) = 6*|x - {c}|", "", Truth.TRUE),
    ("d^2/dx^2 (|x - {c}|^3) = 0", "x = {c}", Truth.TRUE),
    ("d/dx (floor(x)) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx (floor(x)) = 0", "x = {c} + 1/2", Truth.TRUE),
    ("d/dx (sign(x - {c})) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx (sign(x - {c})) = 0", "", Truth.TRUE),
    ("d/dx (sign(x - {c})^2) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx (cbrt(x - {c})) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx (sqrt(x - {c})) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx ((x - {c})*sqrt(x - {c})) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx (sqrt(x - {c})^2) = 1", "x < {c}", Truth.EMPTY),
    ("d/dx (sqrt(x - {c})^2) = 1", "", Truth.TRUE),
    ("d/dx (ln(x - {c})) = 1/(x - {c})", "x < {c}", Truth.EMPTY),
    ("d/dx (ln(x - {c})) = 1/(x - {c})", "", Truth.TRUE),
    ("d/dx (ln(x - {c})) = -1", "x = {c} - 1", Truth.EMPTY),
    ("d/dx ((x - {c})^2/(x - {c})) = 1", "", Truth.TRUE),
    ("d/dx ((x - {c})^2/(x - {c})) = 1", "x = {c}", Truth.EMPTY),
    ("d/dx ({{5 if x = {c}; x otherwise}}) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx ({{{c} if x = {c}; x otherwise}}) = 0", "x = {c}", Truth.FALSE),
    ("d/dx ({{{c} if x = {c}; x otherwise}}) = 1", "", Truth.TRUE),
    ("d/dx ({{(x - {c})^2*sin(1/(x - {c})) if x != {c}; 0 otherwise}}) = 0", "x = {c}", Truth.TRUE),
    ("d/dx ({{(x - {c})^2*sin(1/(x - {c})) if x != {c}; 0 otherwise}}) = 1", "x = {c}", Truth.FALSE),
    ("d/dx ({{(x - {c})*sin(1/(x - {c})) if x != {c}; 0 otherwise}}) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx (asin(x - {c})) = 1", "x = {c} + 2", Truth.EMPTY),
    ("d/dx (asin(x - {c})) = 1", "x = {c}", Truth.TRUE),
    ("d/dx (asin(x - {c})) = 0", "x = {c} + 1", Truth.EMPTY),
    ("d/dx (acosh(x - {c})) = 1/sqrt((x - {c})^2 - 1)", "x < {c} - 2", Truth.EMPTY),
    ("d/dx (atanh(x - {c})) = 1/(1 - (x - {c})^2)", "x > {c} + 1", Truth.EMPTY),
    ("d/dx ((x - {c})^0) = 0", "", Truth.TRUE),
    ("d/dx (max(x - {c}, (x - {c})^2)) = 2", "x = {c} + 1", Truth.EMPTY),
    ("d/dx (max(x - {c}, (x - {c})^2)) = 4", "x = {c} + 2", Truth.TRUE),
    ("d/dx (0^|x - {c}|) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx (min(x - {c}, 0) + max(x - {c}, 0)) = 1", "x = {c}", Truth.TRUE),
    ("d/dx (|x - {c}| + relu(x - {c}) - 3*relu(x - {c})) = -1", "", Truth.TRUE),
    ("d/dx (ceil(x) - floor(x)) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx (sin(x - {c})/(x - {c})) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx (ln(|x - {c}|)) = 1/(x - {c})", "", Truth.TRUE),
    ("d/dx (ln(|x - {c}|)) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx (sqrt((x - {c})^2)) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx (sqrt((x - {c})^4)) = 0", "x = {c}", Truth.TRUE),
    ("d/dx (sqrt(-(x - {c})^2)) = 0", "", Truth.EMPTY),
    ("d/dx (sqrt(-1 - (x - {c})^2)) = 3", "", Truth.EMPTY),
    ("d/dx (ln(x - {c}) - ln({c} - x)) = 0", "", Truth.EMPTY),
    ("d/dx (relu(x - {c})) = heaviside(x - {c})", "", Truth.TRUE),
    ("d/dx (relu(x - {c})) = heaviside(x - {c})", "x = {c}", Truth.EMPTY),
    ("d/dx (0*ln(x - {c})) = 0", "x <= {c}", Truth.EMPTY),
    ("d/dx (relu(x - {c})^2) = 2*relu(x - {c})", "", Truth.TRUE),
    ("d/dx (relu(x - {c})^2) = 0", "x = {c}", Truth.TRUE),
    ("d^2/dx^2 (relu(x - {c})^2) = 1", "x = {c}", Truth.EMPTY),
    ("d^2/dx^2 (relu(x - {c})^2) = 2", "x = {c} + 1", Truth.TRUE),
    ("d/dx (x*heaviside(x)) = heaviside(x)", "", Truth.TRUE),
    ("d/dx ((x - {c})^(1/3)) = 0", "x = {c}", Truth.EMPTY),
    ("d/dx (|sin(x - {c})|) = 1", "x = {c}", Truth.EMPTY),
    ("d/dx ({{x if x < {c}; x + 1e-15 otherwise}}) = 1", "x = {c}", Truth.EMPTY),
    ("d/dx ({{x if x < {c}; x + 1e-15*(x - {c}) otherwise}}) = 1", "x = {c}", Truth.EMPTY),
    ("d/dx ({{x if x < {c}; x + 1e15*(x - {c})^2 otherwise}}) = 1", "x = {c}", Truth.TRUE),
]

PRIMES: list[tuple[str, Truth]] = [
    ("relu'(0) = 0", Truth.EMPTY),
    ("relu'(0) = heaviside(0)", Truth.EMPTY),
    ("relu'({p}) = 1", Truth.TRUE),
    ("relu'({m}) = 0", Truth.TRUE),
    ("relu'({m}) = 1", Truth.FALSE),
    ("relu''({p}) = 0", Truth.TRUE),
    ("relu''(0) = 0", Truth.EMPTY),
    ("sinc'(0) = 0", Truth.TRUE),
    ("sinc''(0) = -1/3", Truth.TRUE),
    ("sinc''(0) = 0", Truth.FALSE),
    ("celu'(0) = 1", Truth.TRUE),
    ("celu'(0) = 0", Truth.FALSE),
    ("celu'(0, {p}) = 1", Truth.TRUE),
    ("celu''(0, {p}) = 0", Truth.EMPTY),
    ("elu'(0) = 1", Truth.TRUE),
    ("elu''(0) = 1", Truth.EMPTY),
    ("elu'(0, {q}) = 1", Truth.EMPTY),
    ("elu'(0, {q}) = {q}", Truth.EMPTY),
    ("selu'(0) = 1", Truth.EMPTY),
    ("hardtanh'(1) = 0", Truth.EMPTY),
    ("hardtanh'(-1) = 1", Truth.EMPTY),
    ("hardtanh'(1/{q}) = 1", Truth.TRUE),
    ("su'(0) = 1", Truth.TRUE),
    ("su''(0) = 2", Truth.EMPTY),
    ("mish'(0) = 3/5", Truth.TRUE),
    ("swish'(0) = 1/2", Truth.TRUE),
    ("gelu'(0) = 1/2", Truth.TRUE),
    ("gelu''(0) = 2*phi(0)", Truth.TRUE),
    ("softsign'(0) = 1", Truth.TRUE),
    ("softsign''(0) = 0", Truth.EMPTY),
    ("softsign''(0) = -2", Truth.EMPTY),
    ("penalized_tanh'(0) = 1", Truth.EMPTY),
    ("leaky_relu'(0) = 1", Truth.EMPTY),
    ("leaky_relu'(0, 1) = 1", Truth.TRUE),
    ("prelu'(0, 1) = 1", Truth.TRUE),
    ("prelu'(0, {q}) = 1", Truth.EMPTY),
    ("hardswish'(3) = 1", Truth.EMPTY),
    ("hardswish'(0) = 1/2", Truth.TRUE),
    ("hardsigmoid'(5/2) = 0", Truth.EMPTY),
    ("hardsigmoid6'(0) = 1/6", Truth.TRUE),
    ("relu6'(6) = 0", Truth.EMPTY),
    ("relu6'(6) = 1", Truth.EMPTY),
    ("heaviside'(0) = 0", Truth.EMPTY),
    ("heaviside'({p}) = 0", Truth.TRUE),
    ("ln'({m}) = 1/({m})", Truth.EMPTY),
    ("ln'(0) = 0", Truth.EMPTY),
    ("sqrt'({m}) = 0", Truth.EMPTY),
    ("sqrt'(0) = 0", Truth.EMPTY),
    ("asin'(1) = 0", Truth.EMPTY),
    ("asin'(1 + {p}) = 0", Truth.EMPTY),
    ("acosh'({m}) = 1", Truth.EMPTY),
    ("acosh'({m}) = 1/sqrt(({m})^2 - 1)", Truth.EMPTY),
    ("atanh'(1 + {p}) = 1/(1 - (1 + {p})^2)", Truth.EMPTY),
    ("abs'(0) = 0", Truth.EMPTY),
    ("abs'({m}) = -1", Truth.TRUE),
    ("sign'(0) = 0", Truth.EMPTY),
    ("floor'({p}) = 0", Truth.EMPTY),
    ("cbrt'(0) = 0", Truth.EMPTY),
    ("tan'(pi/2) = 1", Truth.EMPTY),
    ("clip'({p}, 0, {p}) = 0", Truth.EMPTY),
    ("clip'({p}, 0, {p} + 1) = 1", Truth.TRUE),
    ("lambertw'(0) = 1", Truth.TRUE),
    ("lambertw'(-1) = 0", Truth.EMPTY),
    ("relu'(x) = heaviside(x)", Truth.TRUE),
    ("relu'(x) = heaviside(x) for x = 0", Truth.EMPTY),
    ("relu'(x) + relu'(-x) = 1", Truth.TRUE),
    ("relu'(x) + relu'(-x) = 2 for x = 0", Truth.EMPTY),
    ("relu'(x) = {{1 if x >= 0; 0 otherwise}}", Truth.TRUE),
    ("ln'(x) = 1/x", Truth.TRUE),
    ("ln'(x) = 1/x for x < 0", Truth.EMPTY),
    ("ln'(x) = 1/|x|", Truth.TRUE),
    ("softplus''(x) = sigmoid'(x)", Truth.TRUE),
    ("swish'(0, {p}) = 1/2", Truth.TRUE),
    ("tanh'''(0) = -2", Truth.TRUE),
    ("hardtanh'(x) = heaviside(x + 1) - heaviside(x - 1)", Truth.TRUE),
    ("hardtanh'(x) >= 0", Truth.TRUE),
    ("hardtanh'(x) < 1", Truth.FALSE),
    ("leaky_relu'(x) > 0", Truth.TRUE),
    ("gelu'(x) <= 1", Truth.FALSE),
    ("sqrt'(x) > 0", Truth.TRUE),
    ("asin'(x) >= 1", Truth.TRUE),
]


@row("derivative", share=3)
def of_kinked_functions(chance: Random) -> Case | None:
    body, condition, truth = chance.choice(JOINTS)
    c = (
        chance.choice(("0", "1", "3", "(1/2)", "7", "(-2)", "1000"))
        if "floor" not in body and "ceil" not in body
        else "3"
    )
    text = body.format(c=c)
    if condition:
        text += " for " + condition.format(c=c)
    return Case(text, truth, "by the slopes on both sides")


@row("derivative", share=3)
def of_named_functions(chance: Random) -> Case | None:
    body, truth = chance.choice(PRIMES)
    m, p = -chance.randint(1, 9), chance.randint(1, 9)
    q = chance.choice((2, 3, 4, Fraction(1, 2)))
    if "1/{q}" in body:
        q = chance.choice((2, 3, 4))
    if "atanh" in body or "asin'(1 +" in body or "acosh" in body:
        m = -abs(m) - 1
    return Case(body.format(m=m, p=p, q=q), truth, "by the slopes on both sides")


@row("derivative")
def beyond_the_domain(chance: Random) -> Case | None:
    """The formula of a derivative at a point where the function itself is not real."""
    f, df, c = chance.choice(
        (
            (call("ln", X), 1 / X, -positive(chance)),
            (call("sqrt", X) ** 2, rational(1), -positive(chance)),
            (call("ln", X) * X, call("ln", absolute(X)) + 1, -positive(chance)),
            (call("atanh", X), 1 / (1 - X**2), 1 + positive(chance)),
            (call("asin", X) + call("acos", X), 0 * X, 1 + positive(chance)),
            (call("acosh", X), 1 / call("sqrt", X**2 - 1), -1 - positive(chance)),
            (call("log2", X), 1 / (X * call("ln", term(2))), -positive(chance)),
            (0 * call("sqrt", X - 5) + X, rational(1), Fraction(5) - positive(chance)),
            (0 * call("ln", X) + X**2, 2 * X, -positive(chance)),
        )
    )
    try:
        f(x=exact(c))
    except NoValue:
        pass
    else:
        raise Mistaken(f"{f.text} is real at {c}")
    side = "<" if c < 1 else ">"
    where = test(X, "=", c) if chance.random() < 0.6 else test(X, side, c)
    if where.text.startswith("x <") and c > 0 and "5" not in f.text:
        return None
    if side == ">" and "- 5" in f.text:
        return None
    if chance.random() < 0.3 and f.text.startswith(("ln(x)", "atanh", "acosh")) and "*" not in f.text:
        name = f.text.partition("(")[0]
        return Case(f"{name}'({c}) = {df.put('x', rational(c)).text}", Truth.EMPTY, "not real there")
    return Case(f"{derivative(f)} = {df.text} for {where.text}", Truth.EMPTY, f"{f.text} is not real there")


@row("derivative")
def of_second_order(chance: Random) -> Case | None:
    k, c = chance.randint(1, 4), chance.randint(1, 5)
    a = rational(k)
    rows: list[tuple[Term, int, Term]] = [
        (call("sin", a * X), 2, -(a**2) * call("sin", a * X)),
        (e_to(a * X), 3, a**3 * e_to(a * X)),
        (X**5, 3, 60 * X**2),
        (call("ln", X), 2, -1 / X**2),
        (1 / (X + a), 2, 2 / (X + a) ** 3),
        (X * e_to(X), 4, (X + 4) * e_to(X)),
        (call("phi", X), 2, (X**2 - 1) * call("phi", X)),
        (absolute(X - a) ** 3, 2, 6 * absolute(X - a)),
        (call("relu", X - a) ** 3, 2, 6 * call("relu", X - a)),
        (absolute(X - a), 2, 0 * X),
        (call("tanh", X), 2, -2 * call("tanh", X) * (1 - call("tanh", X) ** 2)),
    ]
    f, order, want = chance.choice(rows)
    x = mpf(c) + mpf("0.3713")
    h = mpf(10) ** -6
    weights = {2: (1, -2, 1), 3: (1, -3, 3, -1), 4: (1, -4, 6, -4, 1)}[order]
    found = sum(w * f(x=x + (order / mpf(2) - i) * h) for i, w in enumerate(weights)) / h**order
    if abs(found - want(x=x)) > mpf(10) ** -6 * max(1, abs(found)):
        raise Mistaken(f"{f.text} {order} times: {found} against {want(x=x)}")
    if chance.random() < 0.3:
        return Case(f"{derivative(f, order)} = {(want + 1).text}", Truth.FALSE, "1 too much")
    return Case(f"{derivative(f, order)} = {want.text}", Truth.TRUE, "the rules of differentiation")


@row("derivative")
def compared_with_bounds(chance: Random) -> Case | None:
    """Inequalities about a derivative, with a joint where none exists."""
    a = symbol("x") - chance.randint(0, 3)
    rows = [
        (f"d/dx (|{a.text}|) <= 1", Truth.TRUE),
        (f"d/dx (|{a.text}|) < 1", Truth.FALSE),
        (f"d/dx (|{a.text}|) != 0", Truth.TRUE),
        (f"d/dx (relu({a.text})) >= 0", Truth.TRUE),
        (f"d/dx (relu({a.text})) > 0", Truth.FALSE),
        ("d/dx (floor(x)) >= 0", Truth.TRUE),
        (f"d/dx (tanh({a.text})) <= 1", Truth.TRUE),
        (f"d/dx (tanh({a.text})) < 1", Truth.FALSE),
        ("d/dx (ln(x)) > 0", Truth.TRUE),
        ("d/dx (ln(x)) < 0 for x < 0", Truth.EMPTY),
        ("d/dx (sqrt(x)) > 0", Truth.TRUE),
        ("d/dx (sqrt(x)) > 0 for x <= 0", Truth.EMPTY),
        ("d/dx (cbrt(x)) > 0", Truth.TRUE),
        ("d/dx (-x^3) <= 0", Truth.TRUE),
        ("d/dx (-x^3) < 0", Truth.FALSE),
        ("d/dx (max(x, x^2)) >= 0", Truth.FALSE),
        ("d/dx (max(x, x^2)) >= 0 for x > 0", Truth.TRUE),
        ("d/dx (|x|) >= -1/2 for x = 0", Truth.EMPTY),
        ("d/dx (atan(x) + atan(1/x)) = 0", Truth.TRUE),
    ]
    text, truth = chance.choice(rows)
    return Case(text, truth, "by the sign of the slope")

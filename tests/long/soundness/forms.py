"""Kind 11: near, chains, conditions that define or exclude, whole numbers, bound names that clash with free ones."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from mpmath import mpf

from tests.long.soundness.cases import Case, Truth, fails_at, row
from tests.long.soundness.equalities import number, pair, positive
from tests.long.soundness.terms import PI, NoValue, Unknown, X, absolute, call, e_to, rational, term


def rounded(value: mpf, places: int) -> Fraction:
    """A positive number to so many places."""
    return Fraction(int(mpf(value) * 10**places + mpf(1) / 2), 10**places)


@row("near", share=4)
def of_constants(chance: Random) -> Case | None:
    """A constant against its decimals, within a tolerance that is just enough or just not."""
    k = rational(positive(chance))
    a = chance.choice(
        (
            PI * k,
            e_to(k),
            call("sqrt", k),
            call("ln", k + 1),
            call("gelu", k),
            call("tanh", k),
            call("Phi", k),
            call("sin", k),
            call("softplus", k),
            call("atan", k),
            call("cbrt", k),
            PI**2 / k,
            call("lambertw", k),
            call("mish", k),
            call("erf", k),
        )
    )
    places = chance.choice((2, 4, 7, 12, 20))
    near = rounded(a(), places)
    gap = abs(a() - mpf(near.numerator) / near.denominator)
    digits = f"{near.numerator * 10**places // near.denominator}/10^{places}"
    tolerance, truth = chance.choice((("enough", Truth.TRUE), ("too small", Truth.FALSE)))
    factor = Fraction(101, 100) if tolerance == "enough" else Fraction(99, 100)
    scale = 10 ** (places + 6)
    within = Fraction(int(gap * scale) + (1 if truth is Truth.TRUE else 0), scale) * factor
    if within == 0 or (truth is Truth.TRUE) != (gap <= mpf(within.numerator) / within.denominator):
        return None
    return Case(f"{a.text} ~= {digits} +- {within}", truth, f"the distance is {gap}")


@row("near", share=2)
def of_functions(chance: Random) -> Case | None:
    """|f(x) - g(x)| <= c for all x, where the largest distance is known."""
    f, g, most = chance.choice(
        (
            (call("softplus", X), call("relu", X), call("ln", term(2))),
            (call("hardtanh", X), call("tanh", X), 1 - call("tanh", term(1))),
            (call("sin", X), 0 * X, term(1)),
            (X, call("floor", X), term(1)),
            (call("sqrt", X**2 + 1), absolute(X), term(1)),
            (call("tanh", X), call("sign", X), term(1)),
            (X, call("ceil", X), term(1)),
            (call("sigmoid", X), call("heaviside", X), rational(Fraction(1, 2))),
        )
    )
    tiny = rational(Fraction(1, 10 ** chance.choice((2, 6, 12))))
    if chance.random() < 0.4:
        return Case(f"{f.text} ~= {g.text} +- {most.text}", Truth.TRUE, f"never more than {most.text}")
    if chance.random() < 0.5:
        return Case(f"{f.text} ~= {g.text} +- {(most + tiny).text}", Truth.TRUE, f"never more than {most.text}")
    return Case(f"{f.text} ~= {g.text} +- {(most - tiny).text}", Truth.FALSE, f"as much as {most.text}")


@row("chain", share=3)
def of_relations(chance: Random) -> Case | None:
    """Chains in which every link holds, or in which one does not."""
    a, b = number(chance), positive(chance)
    low, high = a, a + b
    tiny = rational(Fraction(1, 10 ** chance.choice((1, 9, 20))))
    if chance.random() < 0.5:
        rows = [
            f"{low} < {high} <= {high} < {high + 1}",
            "0 < sigmoid(x) < 1",
            "-1 < tanh(x) < 1",
            "0 <= relu(x) <= |x|",
            "x - 1 < floor(x) <= x <= ceil(x) < x + 1",
            "-1 <= sin(x) <= 1",
            "1 + x <= e^x <= e^|x|",
            "min(x, y) <= (x + y)/2 <= max(x, y)",
            "x <= softplus(x) <= relu(x) + ln(2)",
            "0 <= x^2 = |x|^2",
            f"(x + {b})^2 = x^2 + 2*{b}*x + {b}^2 >= 0",
            "x <= sqrt(x) <= 1 for x in [0, 1]",
            "sin(x)^2 = 1 - cos(x)^2 <= 1",
            "0 < Phi(x) = 1 - Phi(-x) < 1",
        ]
        rows = [text.replace(f"2*{b}*x", f"2*({b})*x").replace(f"{b}^2", f"({b})^2") for text in rows]
        return Case(chance.choice(rows), Truth.TRUE, "each link holds")
    rows = [
        f"{low} < {high} < {high} < {high + 1}",
        "0 < sigmoid(x) <= 1/2",
        "0 < relu(x) <= |x|",
        "x - 1 < floor(x) < x",
        "x - 1 <= floor(x) <= x < ceil(x)",
        "-1 < sin(x) <= 1",
        "1 + x < e^x <= e^|x|",
        "min(x, y) < max(x, y) <= |x| + |y|",
        "x <= softplus(x) < relu(x) + ln(2)",
        "0 < x^2 = |x|^2",
        "x <= sqrt(x) < 1 for x in [0, 1]",
        "x < sqrt(x) <= 1 for x in (0, 1]",
        f"sin(x)^2 = 1 - cos(x)^2 <= 1 - {tiny.text}",
        "x = x = x + 0^|x - 1000003|",
        "0 <= x^2 <= x^4",
        "1 = 1 = 1 = 2",
        "2 > 1 > 0 > 0",
        "x != 0 = 0",
    ]
    return Case(chance.choice(rows), Truth.FALSE, "one link does not hold")


CONDITIONS: list[tuple[str, Truth]] = [
    ("x = x + 1 for x > {n}, x < {m}", Truth.EMPTY),
    ("x > 5 for x in [{n}, {m}]", Truth.EMPTY),
    ("x^2 = -1 for x^2 < 0", Truth.EMPTY),
    ("x = 2 for |x| < 0", Truth.EMPTY),
    ("x >= 0 for x < 0, x > 0", Truth.EMPTY),
    ("n = n + 1 for n integer, 0 < n < 1", Truth.EMPTY),
    ("n = n + 1 for n integer, {m} < n < {m} + 1", Truth.EMPTY),
    ("n = 7 for n integer, 2*n = 2*{m} + 1", Truth.EMPTY),
    ("n = 7 for n integer, n^2 = 2", Truth.EMPTY),
    ("x = 3 for e^x < 0", Truth.EMPTY),
    ("x = 3 for sin(x) > 1", Truth.EMPTY),
    ("x = 3 for x^2 + {m} < {m}", Truth.EMPTY),
    ("a = b for a < b, b < a", Truth.EMPTY),
    ("a*b = 3 for a > 0, b > 0, a + b < 0", Truth.EMPTY),
    ("x = 1 for sqrt(x) < 0", Truth.EMPTY),
    ("x = 1 for ln(x) > 0, x < 0", Truth.EMPTY),
    ("x = 1 for {n} < {m}", Truth.EMPTY),
    ("x = 1 for x = 2, x = 3", Truth.EMPTY),
    ("x = x for x = 2, x = 3", Truth.EMPTY),
    ("x = 2 for x = 2, x > {n}", Truth.EMPTY),
    ("x = 4 for x = a, a = 4", Truth.TRUE),
    ("x = 4 for x = a, a = 5", Truth.FALSE),
    ("x = {m} for x = {m}", Truth.TRUE),
    ("x = {n} for x = {m}", Truth.FALSE),
    ("x^2 = {m}^2 for x = {m}", Truth.TRUE),
    ("(a - m)^2 + (b - m)^2 = (a - b)^2/2 for m = (a + b)/2", Truth.TRUE),
    ("(a - m)^2 + (b - m)^2 = (a - b)^2 for m = (a + b)/2", Truth.FALSE),
    ("sqrt(x) = 2 for x = 4", Truth.TRUE),
    ("sqrt(x) = 2 for x = -4", Truth.EMPTY),
    ("0*ln(x) = 0 for x = -1", Truth.EMPTY),
    ("x/x = 1 for x = 0", Truth.EMPTY),
    ("x/x = 1", Truth.TRUE),
    ("x^0 = 1 for x = 0", Truth.TRUE),
    ("ln(x)^0 = 1 for x < 0", Truth.EMPTY),
    ("(1/x)^0 = 1 for x = 0", Truth.EMPTY),
    ("sqrt(x)^0 = 1 for x < 0", Truth.EMPTY),
    ("0^x = 0 for x > 0", Truth.TRUE),
    ("0^x = 0", Truth.FALSE),
    ("0^x = 0 for x >= 0", Truth.FALSE),
    ("0^x = 0 for x < 0", Truth.EMPTY),
    ("(-1)^n = cos(pi*n) for n integer", Truth.TRUE),
    ("(-1)^n = 1 for n integer", Truth.FALSE),
    ("(-1)^(2*n) = 1 for n integer", Truth.TRUE),
    ("(-1)^x = 2 for x = 1/2", Truth.EMPTY),
    ("(-8)^(1/3) = -2", Truth.EMPTY),
    ("(-8)^(1/3) = 2", Truth.EMPTY),
    ("cbrt(-8) = -2", Truth.TRUE),
    ("cbrt(0) = 0", Truth.TRUE),
    ("sin(pi*n) = 0 for n integer", Truth.TRUE),
    ("sin(pi*n) = 0", Truth.FALSE),
    ("floor(n) = n for n integer", Truth.TRUE),
    ("floor(x) = x", Truth.FALSE),
    ("floor(n + 1/2) = n for n integer", Truth.TRUE),
    ("floor(n/2) = n/2 for n integer", Truth.FALSE),
    ("n^2 >= n for n integer", Truth.TRUE),
    ("x^2 >= x", Truth.FALSE),
    ("n^2 > n for n integer", Truth.FALSE),
    ("n^2 > n for n integer, n > 1", Truth.TRUE),
    ("2^n > n for n integer", Truth.TRUE),
    ("n*(n + 1)*(n - 1)/6 = floor(n*(n + 1)*(n - 1)/6) for n integer", Truth.TRUE),
    ("x >= 1 for x > 0", Truth.FALSE),
    ("n >= 1 for n integer, n > 0", Truth.TRUE),
    ("n >= {m} + 2 for n integer, n > {m}", Truth.FALSE),
    ("n^2 < 10^12 for n integer", Truth.FALSE),
    ("n^2 - n + 41 != 41^2 for n integer", Truth.FALSE),
    ("(n - 1009)^2 > 0 for n integer", Truth.FALSE),
    ("(n - 1/2)^2 > 0 for n integer", Truth.TRUE),
    ("(n - 1/2)^2 >= 1/4 for n integer", Truth.TRUE),
    ("(n - 1/2)^2 > 1/4 for n integer", Truth.FALSE),
    ("n^2 != 2 for n integer", Truth.TRUE),
    ("sqrt(x^2) = x for x in [0, {n})", Truth.TRUE),
    ("sqrt(x^2) = x for x in [-1e-9, {n})", Truth.FALSE),
    ("|x| = x for x in (0, oo)", Truth.TRUE),
    ("x < oo", Truth.TRUE),
    ("x*y = y*x for x integer, y in R", Truth.TRUE),
    ("x^2 > 0 for x != 0", Truth.TRUE),
    ("x^2 > 0", Truth.FALSE),
    ("|x|/x = sign(x)", Truth.TRUE),
    ("|x|/x = 1 for x != 0", Truth.FALSE),
    ("x/y*y = x for y != 0", Truth.TRUE),
    ("x/y*y = x for y = 0", Truth.EMPTY),
    ("a^x*b^x = (a*b)^x for a > 0, b > 0", Truth.TRUE),
    ("(a^2)^(1/2) = a for a > 0", Truth.TRUE),
    ("(a^2)^(1/2) = a", Truth.FALSE),
    ("ln(a*b) = ln(a) + ln(b) for a < 0, b < 0", Truth.EMPTY),
    ("ln(a*b) = ln(a) + ln(b)", Truth.TRUE),
    ("ln(a^2) = 2*ln(a)", Truth.TRUE),
    ("ln(a^2) = 2*ln(a) for a < 0", Truth.EMPTY),
    ("sqrt(a*b) = sqrt(a)*sqrt(b) for a < 0, b < 0", Truth.EMPTY),
    ("e^lambertw(x) = x/lambertw(x)", Truth.TRUE),
    ("e^lambertw(0) = 0", Truth.FALSE),
    ("lambertw(x*e^x) = x for x >= -1", Truth.TRUE),
    ("lambertw(x*e^x) = x", Truth.FALSE),
    ("lambertw(-1/e) = -1", Truth.TRUE),
    ("sqrt(sin(pi)) = 0", Truth.TRUE),
    ("asin(sin(pi/2)) = pi/2", Truth.TRUE),
    ("asin(sin(x)) = x", Truth.FALSE),
    ("asin(sin(x)) = x for -pi/2 <= x <= pi/2", Truth.TRUE),
    ("acos(cos(x)) = x", Truth.FALSE),
    ("acos(cos(x)) = x for 0 <= x <= pi", Truth.TRUE),
    ("acos(cos(x)) = |x| for -pi <= x <= pi", Truth.TRUE),
    ("atan(tan(x)) = x", Truth.FALSE),
    ("atan(tan(x)) = x for -pi/2 < x < pi/2", Truth.TRUE),
    ("acosh(cosh(x)) = x", Truth.FALSE),
    ("acosh(cosh(x)) = |x|", Truth.TRUE),
    ("2*atan(x) = asin(2*x/(1 + x^2))", Truth.FALSE),
    ("2*atan(x) = asin(2*x/(1 + x^2)) for -1 <= x <= 1", Truth.TRUE),
    ("atan(x) + atan(y) = atan((x + y)/(1 - x*y))", Truth.FALSE),
    ("atan(x) + atan(y) = atan((x + y)/(1 - x*y)) for 0 < x < 1, 0 < y < 1", Truth.TRUE),
    ("ln(x - 10) < 5 for x > 0", Truth.FALSE),
    ("ln(x - 10) < 5 for 0 < x < 100", Truth.TRUE),
    ("ln(x - 10) < 5 for x < 0", Truth.EMPTY),
    ("{{1 if (x - 7)^2 <= 0; 0 otherwise}} = 0", Truth.FALSE),
    ("{{1 if x = {m}/7; 0 otherwise}} = 0", Truth.FALSE),
    ("{{1 if x^3 = {m}; 0 otherwise}} = 0", Truth.FALSE),
    ("{{1 if x^2 = -{n}; 0 otherwise}} = 0", Truth.TRUE),
    ("{{1 if sin(x) = 1; 0 otherwise}} = 0", Truth.FALSE),
    ("{{1 if e^x = {n}; 0 otherwise}} = 0", Truth.FALSE),
    ("{{1 if x^2 + y^2 <= 0; 0 otherwise}} = 0", Truth.FALSE),
    ("{{1 if x = y; 0 otherwise}} = 0", Truth.FALSE),
    ("{{1 if x*y = 1; 0 otherwise}} = 0", Truth.FALSE),
    ("{{1 if floor(x) = x; 0 otherwise}} = 0", Truth.FALSE),
    ("{{x if x > 0}} = x for x < 0", Truth.EMPTY),
    ("{{x if x > 0}} = x", Truth.TRUE),
    ("{{x if x > 0}} = |x|", Truth.TRUE),
    ("{{x if x > 0; -x if x < 0}} = 1 for x = 0", Truth.EMPTY),
    ("{{x if x > 0; x^2 if x > -1; x^3 otherwise}} = {{x if x > 0; x^3 if x <= -1; x^2 otherwise}}", Truth.TRUE),
    ("{{1 if x > 0; 2 if x > -1; 3 otherwise}} = {{1 if x > 0; 3 if x < -1; 2 otherwise}}", Truth.FALSE),
    ("1/(1 - tanh({n}0)) > 0", Truth.TRUE),
    ("tanh({n}00) < 1", Truth.TRUE),
    ("tanh({n}00) = 1", Truth.FALSE),
    ("sigmoid({n}00) = 1", Truth.FALSE),
    ("erf({n}0) = 1", Truth.FALSE),
    ("e^(-{n}00) = 0", Truth.FALSE),
    ("e^(-{n}00) > 0", Truth.TRUE),
    ("10^{m}0 + 1 = 10^{m}0", Truth.FALSE),
    ("sqrt(2) = 1.41421356237309504880168872420969807856967187537694", Truth.FALSE),
    ("pi = 3.14159265358979323846264338327950288419716939937510", Truth.FALSE),
    ("e^(pi*sqrt(163)) = 640320^3 + 744", Truth.FALSE),
    ("sin(10^{m}) > 1", Truth.FALSE),
    ("gelu(x) = gelu_tanh(x)", Truth.FALSE),
    ("gelu(x) = gelu_sigmoid(x)", Truth.FALSE),
]


@row("condition", share=10)
def that_decide(chance: Random) -> Case | None:
    body, truth = chance.choice(CONDITIONS)
    m = chance.randint(2, 4)
    return Case(body.format(m=m, n=m + chance.randint(1, 4)), truth, "by its conditions")


@row("condition", share=2)
def that_leave_nothing(chance: Random) -> Case | None:
    """Any equation, true or false, under conditions that no point meets."""
    sides = pair(chance, (X,), chance.choice((1, 2)))
    left, right = sides if chance.random() < 0.5 else (sides[0], sides[1] + 1)
    c = positive(chance)
    where = chance.choice(
        (
            f"x > {c}, x < {c}",
            f"x > {c}, x < {c - Fraction(1, 10**9)}",
            f"x > {c + 1}, x <= {c}",
            "x^2 < 0",
            "e^x <= 0",
            "|x| < 0",
            f"x in ({c}, {c})",
            f"x in [{c}, {c - 1}]",
            f"x^2 + {c} <= 0",
            "x integer, 1/3 < x < 2/3",
            f"x = {c}, x = {c + 1}",
            f"{c} < x < {c}",
            "sqrt(x) < 0",
            "cosh(x) < 1",
            "x > 0, ln(x) < 0, x > 1",
            "y > 0, y < 0",
            "x < y, y < x",
            "1 < 0",
        )
    )
    if len(left.text) + len(right.text) > 160:
        return None
    return Case(f"{left.text} = {right.text} for {where}", Truth.EMPTY, "the conditions exclude each other")


CLASHES: list[tuple[str, Truth]] = [
    ("sum(m, i = 1..3) = 6 for m = i", Truth.FALSE),
    ("sum(m, i = 1..3) = 3*i for m = i", Truth.TRUE),
    ("int(m, t = 0..1) = 1/2 for m = t", Truth.FALSE),
    ("int(m, t = 0..1) = t for m = t", Truth.TRUE),
    ("int(m*t, t = 0..1) = 1/3 for m = t", Truth.FALSE),
    ("int(m*t, t = 0..1) = t/2 for m = t", Truth.TRUE),
    ("lim(m*x, x -> 2) = 4 for m = x", Truth.FALSE),
    ("lim(m*x, x -> 2) = 2*x for m = x", Truth.TRUE),
    ("sup(m - x^2, x in [0, 1]) = 1/4 for m = x", Truth.FALSE),
    ("sup(m - t^2, t in [0, 1]) = t for m = t", Truth.TRUE),
    ("E[m*z] = 1 for m = z", Truth.FALSE),
    ("sum(i*m, i = 1..3) = 14 for m = i", Truth.FALSE),
    ("sum(i*m, i = 1..3) = 6*i for m = i", Truth.TRUE),
    ("sum(sum(m, j = 1..2), i = 1..2) = 6 for m = i", Truth.FALSE),
    ("sum(sum(m, j = 1..2), i = 1..2) = 4*j for m = j", Truth.TRUE),
    ("int(int(m, s = 0..1), t = 0..1) = s for m = s", Truth.TRUE),
    ("sum(i, i = 1..i) = i*(i + 1)/2", Truth.TRUE),
    ("sum(i, i = 1..i) = i^2", Truth.FALSE),
    ("int(x, x = 0..x) = x^2/2", Truth.TRUE),
    ("int(x, x = 0..x) = x^2", Truth.FALSE),
    ("int(x*t, t = 0..x) = x^3/2", Truth.TRUE),
    ("int(x*x, x = 0..1) = 1/3", Truth.TRUE),
    ("x*int(x, x = 0..1) = x/2", Truth.TRUE),
    ("x + sum(x, x = 1..3) = x + 6", Truth.TRUE),
    ("lim(x, x -> x) = x", Truth.TRUE),
    ("lim(x, x -> x + 1) = x", Truth.FALSE),
    ("lim(t*x, t -> x) = x^2", Truth.TRUE),
    ("sum(i, i = 1..3) = 6 for i = 5", Truth.TRUE),
    ("int(t, t = 0..1) = 1/2 for t = 7", Truth.TRUE),
    ("sum(x^i, i = 0..2) = 1 + i + i^2 for x = i", Truth.TRUE),
    ("sum(x^i, i = 0..2) = 6 for x = i", Truth.FALSE),
    ("sum(sum(i*j, j = 1..i), i = 1..3) = 25", Truth.TRUE),
    ("sum(sum(i*j, j = 1..i), i = 1..3) = 36", Truth.FALSE),
    ("int(int(t, t = 0..t), t = 0..1) = 1/6", Truth.TRUE),
    ("int(int(s*t, s = 0..t), t = 0..2) = 2", Truth.TRUE),
    ("int(sum(t^i, i = 0..2), t = 0..1) = 11/6", Truth.TRUE),
    ("sum(int(t^i, t = 0..1), i = 0..2) = 11/6", Truth.TRUE),
    ("d/dx (int(x*t, t = 0..1)) = 1/2", Truth.TRUE),
    ("d/dx (int(t, t = 0..x)) = x", Truth.TRUE),
    ("d/dx (sum(x^i, i = 0..2)) = 1 + 2*x", Truth.TRUE),
    ("d/dx (int(sin(x*t), t = 0..x)) = sin(x^2)", Truth.FALSE),
    ("d/dx (x*int(x, x = 0..1)) = 1/2", Truth.TRUE),
    ("d/dx (int(x, x = 0..1)) = 0", Truth.TRUE),
    ("d/dx (lim(t*x^2, t -> 1)) = 2*x", Truth.TRUE),
    ("E[E[z*z]] = 1", Truth.TRUE),
    ("E[z + E[z]] = 0", Truth.TRUE),
    ("E[z*E[z]] = 1", Truth.FALSE),
    ("E[(z - E[z])^2] = Var[z]", Truth.TRUE),
    ("sum(E[z^i], i = 0..4) = 5", Truth.TRUE),
    ("E[sum(z^i, i = 0..4)] = 5", Truth.TRUE),
    ("lim(lim(x*y, x -> 1), y -> 2) = 2", Truth.TRUE),
    ("lim(lim(x/(x + y), x -> 0), y -> 0) = 0", Truth.TRUE),
    ("lim(lim(x/(x + y), y -> 0), x -> 0) = 1", Truth.TRUE),
    ("lim(lim(x/(x + y), x -> 0), y -> 0) = 1", Truth.FALSE),
    ("sup(inf(x + y, x in [0, 1]), y in [0, 1]) = 1", Truth.TRUE),
    ("sup(sup(x*y, x in [0, 1]), y in [-1, 1]) = 1", Truth.TRUE),
    ("sup(x, x in [0, x]) = x", Truth.TRUE),
    ("sup(y*x, x in [0, 1]) = y for y > 0", Truth.TRUE),
    ("a*b = b^2 for a = b", Truth.TRUE),
    ("sum(a*i, i = 1..a) = a^2*(a + 1)/2", Truth.TRUE),
    ("x = y for x = y", Truth.TRUE),
    ("x + y = 2*y for x = y, y > 0", Truth.TRUE),
    ("x + y = 2*y + 1 for x = y, y > 0", Truth.FALSE),
]


@row("binder", share=5)
def names_that_clash(chance: Random) -> Case | None:
    text, truth = chance.choice(CLASHES)
    other = chance.choice(("k", "u", "s"))
    if chance.random() < 0.3 and " i" in text and other not in text:
        import re

        text = re.sub(r"(?<![A-Za-z])i(?![A-Za-z])", other, text)
    return Case(text, truth, "a bound name is not the free one")


@row("condition", share=2)
def false_with_a_definition(chance: Random) -> Case | None:
    """A true equation in u, where a condition defines u; spoiled by a constant in half of the cases."""
    a, b = pair(chance, (X,), 1)
    c = number(chance)
    off = chance.choice((Fraction(0), Fraction(1, 10**9), Fraction(1)))
    right = b + rational(off) if off else b
    env = {"x": mpf(c.numerator) / c.denominator}
    try:
        both = a(env) is not None and b(env) is not None
    except (NoValue, Unknown, OverflowError):
        return (
            Case(f"{a.text} = {right.text} for x = {c}", Truth.EMPTY, "a side has no value there")
            if _none(a, b, env)
            else None
        )
    if not both:
        return None
    if off and not fails_at((a, right), "=", env):
        return None
    return Case(f"{a.text} = {right.text} for x = {c}", Truth.FALSE if off else Truth.TRUE, f"off by {off}")


def _none(a: object, b: object, env: object) -> bool:
    """Whether one side has certainly no value, rather than one that is too large."""
    for side in (a, b):
        try:
            side(env)  # type: ignore[operator]
        except NoValue:
            return True
        except (Unknown, OverflowError):
            continue
    return False

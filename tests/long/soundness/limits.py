"""Kind 5: limits: with a known value, infinite, oscillating, jumping, with cancellations that hide the order."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

from mpmath import mp, mpf

from tests.long.soundness.cases import Case, Mistaken, Truth, row
from tests.long.soundness.equalities import number, positive
from tests.long.soundness.terms import (
    OO,
    PI,
    NoValue,
    Term,
    Unknown,
    X,
    absolute,
    call,
    e_to,
    pieces,
    rational,
    term,
    test,
)

ZERO = term(0)


def stated(f: Term, at: Term | str, value: Term | str, side: str = "", sign: str = "=") -> str:
    point = at if isinstance(at, str) else at.text
    said = value if isinstance(value, str) else value.text
    return f"lim({f.text}, x -> {point}{side}) {sign} {said}"


def near(f: Term, at: Any, side: int, k: int) -> Any:
    """The value a step 10^-k beside a point, or 10^k out."""
    h = mpf(10) ** -k * mpf("1.0471")
    x = (1 if at > 0 else -1) / h if mp.isinf(at) else at + side * h
    return f(x=x)


def approaches(f: Term, at: Any, side: int, value: Any) -> bool:
    """Whether the values come nearer and nearer to what was said; False where that cannot be seen."""
    sides = [side] if side or mp.isinf(at) else [-1, 1]
    quick = any(word in f.text for word in ("e^", "tanh", "gelu", "mish", "softplus", "swish"))
    steps = (4, 8) if not mp.isinf(at) else (1, 2) if quick else (8, 10) if "x < 1000000" in f.text else (2, 4)
    for one in sides:
        try:
            with mp.workdps(120):
                found = [near(f, at, one, k) for k in steps]
        except (NoValue, Unknown, OverflowError):
            return False
        if mp.isinf(value):
            if not found[1] * value > 0:
                raise Mistaken(f"{f.text} at {at}: {found} against {value}")
            continue
        gaps = [abs(v - value) for v in found]
        if gaps[1] > mpf("1e-1") * max(1, abs(value)) or gaps[1] > gaps[0] + mpf(10) ** -25:
            raise Mistaken(f"{f.text} at {at}: {found} against {value}")
    return True


# rows: a maker of (function, point, side, value) with random numbers
Known = tuple[Term, Term, str, Term]


def _known(chance: Random) -> Known:
    a, b, k = positive(chance), positive(chance), chance.randint(1, 3)
    p, q = rational(a), rational(b)
    c = rational(number(chance))
    moved = X - c if chance.random() < 0.4 else X
    at = c if moved is not X else ZERO
    rows: list[Callable[[], Known]] = [
        lambda: (call("sin", p * moved) / (q * moved), at, "", p / q),
        lambda: ((e_to(p * moved) - 1) / moved, at, "", p),
        lambda: ((1 - call("cos", p * moved)) / moved**2, at, "", p**2 / 2),
        lambda: (call("ln", 1 + p * moved) / moved, at, "", p),
        lambda: ((call("tan", moved) - call("sin", moved)) / moved**3, at, "", rational(Fraction(1, 2))),
        lambda: ((call("sin", moved) - moved) / moved**3, at, "", rational(Fraction(-1, 6))),
        lambda: ((1 + p / X) ** X, OO, "", e_to(p)),
        lambda: ((1 + p * X) ** (1 / X), ZERO, "+", e_to(p)),
        lambda: (X**p * call("ln", X), ZERO, "+", ZERO),
        lambda: (X**X, ZERO, "+", term(1)),
        lambda: (term(0) ** X, ZERO, "+", ZERO),
        lambda: (call("sqrt", X**2 + p * X) - X, OO, "", p / 2),
        lambda: (X * (call("ln", X + p) - call("ln", X)), OO, "", p),
        lambda: (X**2 * (1 - call("cos", p / X)), OO, "", p**2 / 2),
        lambda: (X**3 * (call("sin", 1 / X) - 1 / X), OO, "", rational(Fraction(-1, 6))),
        lambda: ((p * X**k + X + 1) / (q * X**k + 5), OO, "", p / q if k > 1 else (p + 1) / q),
        lambda: (X**k * e_to(-p * X), OO, "", ZERO),
        lambda: (e_to(-X) * call("sin", p * X), OO, "", ZERO),
        lambda: (call("sin", p * X) / X, OO, "", ZERO),
        lambda: (X * call("sin", p / X), ZERO, "", ZERO),
        lambda: (call("floor", p * X) / X, OO, "", p),
        lambda: (X * call("floor", p / X), ZERO, "", p),
        lambda: (absolute(X - c) / (X - c), c, "+", term(1)),
        lambda: (absolute(X - c) / (X - c), c, "-", term(-1)),
        lambda: (call("heaviside", X - c), c, "-", ZERO),
        lambda: (call("ceil", X), rational(k), "+", rational(k + 1)),
        lambda: (call("atan", p * X), OO, "", PI / 2),
        lambda: (call("tanh", p * X), -OO, "", term(-1)),
        lambda: (e_to(1 / X), ZERO, "-", ZERO),
        lambda: (e_to(-1 / X**2) / X**k, ZERO, "", ZERO),
        lambda: (call("gelu", p * X) - p * X, OO, "", ZERO),
        lambda: (call("softplus", X) - X, OO, "", ZERO),
        lambda: (call("mish", X), -OO, "", ZERO),
        lambda: (call("swish", X) * e_to(-X) / X, -OO, "", term(1)),
        lambda: ((1 - call("tanh", X)) * e_to(2 * X), OO, "", term(2)),
        lambda: (X * (1 - call("softsign", X)), OO, "", term(1)),
        lambda: ((p ** (1 / X) + q ** (1 / X)) ** X, ZERO, "+", call("max", p, q)),
        lambda: ((p**X + q**X) ** (1 / X), OO, "", call("max", p, q)),
        lambda: (X * (call("Phi", 1 / X) - rational(Fraction(1, 2))), OO, "", 1 / call("sqrt", 2 * PI)),
        lambda: (call("ln", X) / X**p, OO, "", ZERO),
        lambda: (call("ln", call("ln", X)) / call("ln", X), OO, "", ZERO),
        lambda: (call("ln", 1 + e_to(p * X)) / X, OO, "", p),
        lambda: (X * (PI / 2 - call("atan", X)), OO, "", term(1)),
        lambda: (pieces([(X**2, test(X, "=", c))], 1 + 0 * X), c, "", term(1)),
        lambda: (pieces([(X**2, test(X, "<", 10**6))], p + 0 * X), OO, "", p),
        lambda: (pieces([(X**2, test(X, "<", -(10**9)))], q + 0 * X), ZERO, "", q),
        lambda: (e_to(X) * (1 / X - call("sin", 1 / X)) * X**3 * e_to(-X), OO, "", rational(Fraction(1, 6))),
        lambda: (call("sqrt", X + p) - call("sqrt", X), OO, "", ZERO),
        lambda: ((X**2 - c**2) / (X - c), c, "", 2 * c),
        lambda: ((call("sqrt", X + p**2) - p) / X, ZERO, "", 1 / (2 * p)),
        lambda: (call("lambertw", X) / call("ln", X), OO, "", term(1)),
        lambda: (X - call("floor", X), rational(k), "-", term(1)),
        lambda: (call("cbrt", X**3 + p * X**2) - X, OO, "", p / 3),
        lambda: (call("sign", call("sin", X)) * X, ZERO, "", ZERO),
    ]
    return chance.choice(rows)()


SLOW = ("ln(ln", "lambertw(x)/ln", "ln(x)/x^")  # the values come near too slowly to be seen


@row("limit", share=4)
def of_known_value(chance: Random) -> Case | None:
    f, at, side, value = _known(chance)
    point = at()
    seen = any(slow in f.text for slow in SLOW) or approaches(f, point, {"+": 1, "-": -1, "": 0}[side], value())
    if not seen:
        return None
    if chance.random() < 0.25:
        wrong = value + rational(Fraction(chance.choice((1, -1)), 10 ** chance.choice((0, 3, 12, 30))))
        return Case(stated(f, at, wrong, side), Truth.FALSE, f"the limit is {value.text}")
    return Case(stated(f, at, value, side), Truth.TRUE, "a known limit")


def _infinite(chance: Random) -> tuple[Term, Term, str, int]:
    """A function, a point, a side, and the sign of its infinite limit."""
    p, k = rational(positive(chance)), chance.randint(1, 3)
    c = rational(chance.choice((0, 0, 1, -2)))
    u = X if c.text == "0" else X - c
    rows: list[tuple[Term, Term, str, int]] = [
        (1 / u**2, c, "", 1),
        (1 / u, c, "+", 1),
        (1 / u, c, "-", -1),
        (-p / absolute(u), c, "", -1),
        (call("ln", absolute(u)), c, "", -1),
        (e_to(1 / u), c, "+", 1),
        (X**k * p, OO, "", 1),
        (e_to(X) * (1 / X - call("atan", 2 / X)), OO, "", -1),
        (e_to(X) * (1 / X - 1 / (X + p)), OO, "", 1),
        (e_to(X) * (call("sin", 1 / X) - 1 / X), OO, "", -1),
        (e_to(X) * (e_to(1 / X) - 1 - 1 / X), OO, "", 1),
        (X - call("ln", X) ** k, OO, "", 1),
        (X * (2 + call("sin", X)), OO, "", 1),
        (call("sqrt", X) * (1 - call("sin", X) / 2), OO, "", 1),
        (e_to(X) - e_to(2 * X), OO, "", -1),
        (call("floor", X), -OO, "", -1),
        (call("cosh", X) - X**4, OO, "", 1),
        (X**2 - 10**6 * X, OO, "", 1),
        (10**9 * X - X**2, OO, "", -1),
        (e_to(X / 1000) - X**2, OO, "", 1),
        (call("gelu", X), OO, "", 1),
        (X**2 * (1 / X - call("tanh", 1 / X)) * X**2, OO, "", 1),
        (e_to(X) * (call("sqrt", X**2 + 1) - X - 1 / X), OO, "", -1),
        (X**3 * (1 - call("cos", 1 / X)), OO, "", 1),
        (call("ln", X) * (call("tanh", X) - 1 + 1 / X) * X, OO, "", 1),
    ]
    return chance.choice(rows)


@row("limit", share=2)
def to_infinity(chance: Random) -> Case | None:
    f, at, side, sign = _infinite(chance)
    with mp.workdps(400):
        try:
            where = {"+": [1], "-": [-1], "": [-1, 1]}[side] if not mp.isinf(at()) else [1]
            k = 2 if "ln(|" not in f.text else 10
            found = [near(f, at(), one, k) for one in where]
            if "1/1000" in f.text or "x/1000" in f.text:
                found = [f(x=mpf(10) ** 5)]
            if "1000000" in f.text or "ln(x)^" in f.text:
                found = [f(x=mpf(10) ** 10 if at() > 0 else -(mpf(10) ** 10))]
        except (NoValue, Unknown, OverflowError):
            return None
    if any(v * sign <= 0 for v in found):
        raise Mistaken(f"{f.text} at {at.text}{side}: {found} against the sign {sign}")
    infinity = "oo" if sign > 0 else "-oo"
    if chance.random() < 0.3:
        wrong = chance.choice(("-oo" if sign > 0 else "oo", "0", "5"))
        return Case(stated(f, at, wrong, side), Truth.FALSE, f"the limit is {infinity}")
    return Case(stated(f, at, infinity, side), Truth.TRUE, "it grows beyond every bound")


@row("limit", share=3)
def that_do_not_exist(chance: Random) -> Case | None:
    p = rational(positive(chance))
    c = rational(chance.choice((0, 0, 1, -2, Fraction(1, 2))))
    u = X if c.text == "0" else X - c
    whole = rational(chance.randint(-3, 3))
    rows: list[tuple[Term, Term, tuple[Any, Any]]] = [  # two sequences on which the values differ
        (1 / u, c, (-1, 1)),
        (call("sign", u), c, (-1, 1)),
        (absolute(u) / u, c, (-1, 1)),
        (call("heaviside", u), c, (-1, 1)),
        (e_to(1 / u), c, (-1, 1)),
        (call("atan", 1 / u), c, (-1, 1)),
        (call("floor", X), whole, (-1, 1)),
        (X - call("ceil", X), whole, (-1, 1)),
        (pieces([(X**2, test(X, "<", c))], X**2 + 1), c, (-1, 1)),
        (pieces([(X, test(X, "<=", c))], X + rational(Fraction(1, 10**15))), c, (-1, 1)),
        (call("tanh", 1 / u**3), c, (-1, 1)),
        (call("sin", p * X), OO, ("sin", p)),
        (call("cos", p * X), OO, ("sin", p)),
        (X * call("sin", p * X), OO, ("sin", p)),
        (call("sin", p * X) ** 2, OO, ("sin", p)),
        (call("tan", p * X), OO, ("sin", p)),
        (e_to(call("sin", p * X)), OO, ("sin", p)),
        (e_to(-X) + call("cos", p * X), OO, ("sin", p)),
        (X - call("floor", X), OO, ("saw", 1)),
        (call("sign", call("sin", X)), OO, ("sin", 1)),
        (call("max", call("sin", X), term(0)), OO, ("sin", 1)),
        (call("sin", call("ln", X)), OO, ("none", 1)),
        (call("sin", 1 / u), c, ("none", 1)),
        (call("cos", 2 * PI * X), OO, ("none", 1)),
        (call("cos", 1 / u) * call("tanh", X + 10), c, ("none", 1)),
        (call("sin", X) * X / (X + 1), OO, ("sin", 1)),
        (call("ceil", call("sin", X)), OO, ("sin", 1)),
        (pieces([(term(1), test(call("sin", X), ">", 0))], 0), OO, ("sin", 1)),
    ]
    f, at, how = chance.choice(rows)
    if how == (-1, 1):
        a, b = (near(f, at(), side, 6) for side in how)
        if abs(a - b) < mpf(10) ** -20:
            raise Mistaken(f"{f.text} has a limit at {at.text}")
    said = chance.choice((f"{chance.choice((0, 0, 1, -1))}", "oo", "1/2"))
    return Case(stated(f, at, said), Truth.DIVERGENT, "two sequences have different limits")


@row("limit")
def of_nothing(chance: Random) -> Case | None:
    """The function is real nowhere near the point."""
    c = chance.randint(1, 9)
    rows = [
        ("sqrt(-x)/x", "oo", "0"),
        (f"sqrt({c} - x)/x", "oo", "0"),
        ("ln(-x)/x", "oo", "0"),
        (f"sqrt(x - {c})", "0", f"-{c}"),
        ("asin(x)/x", "oo", "0"),
        ("asin(x)", f"1 + {c}", "pi/2"),
        ("0*ln(x)", "-oo", "0"),
        (f"0*sqrt({c} - x)", "oo", "0"),
        ("x/x + 0*acosh(x)", "-oo", "1"),
        ("sqrt(-1 - x^2)/x", "oo", "0"),
        ("acosh(x)", f"-{c}", "0"),
        (f"e^-x*sqrt(-{c} - e^x)", "-oo", "0"),
        ("1/(x - x)", "0", "oo"),
        (f"(-{c})^(1/2)*x", "0", "0"),
        ("ln(sin(x) - 2)/x", "oo", "0"),
    ]
    f, at, value = chance.choice(rows)
    return Case(f"lim({f}, x -> {at}) = {value}", Truth.DIVERGENT, "it is not real near the point")


@row("limit")
def compared(chance: Random) -> Case | None:
    """Inequalities about limits."""
    f, at, side, value = _known(chance)
    point = at()
    if any(slow in f.text for slow in SLOW):
        return None
    if not approaches(f, point, {"+": 1, "-": -1, "": 0}[side], value()):
        return None
    tiny = rational(Fraction(1, 10 ** chance.choice((0, 3, 9, 20))))
    match chance.randrange(4):
        case 0:
            return Case(stated(f, at, value + tiny, side, "<"), Truth.TRUE, f"the limit is {value.text}")
        case 1:
            return Case(stated(f, at, value - tiny, side, "<"), Truth.FALSE, f"the limit is {value.text}")
        case 2:
            return Case(stated(f, at, value, side, "<"), Truth.FALSE, f"the limit is {value.text}")
        case _:
            return Case(stated(f, at, value, side, "!="), Truth.FALSE, f"the limit is {value.text}")


@row("limit")
def with_a_parameter(chance: Random) -> Case | None:
    rows = [
        ("lim(swish(x, b), b -> oo) = relu(x)", "", Truth.TRUE),
        ("lim(tanh(a*x), a -> oo) = sign(x)", "", Truth.TRUE),
        ("lim(tanh(a*x), a -> oo) = 1", "", Truth.FALSE),
        ("lim(tanh(a*x), a -> oo) = 1", "x > 0", Truth.TRUE),
        ("lim(a^n, n -> oo) = 0", "0 < a < 1", Truth.TRUE),
        ("lim(a^n, n -> oo) = 0", "0 < a <= 1", Truth.FALSE),
        ("lim(e^(a*x), x -> oo) = 0", "a < 0", Truth.TRUE),
        ("lim(e^(a*x), x -> oo) = 0", "a <= 0", Truth.FALSE),
        ("lim(sin(a*x)/x, x -> 0) = a", "", Truth.TRUE),
        ("lim(sin(a*x)/x, x -> 0) = |a|", "", Truth.FALSE),
        ("lim((1 + a/x)^x, x -> oo) = e^a", "", Truth.TRUE),
        ("lim(sigmoid(x/t), t -> 0+) = heaviside(x)", "", Truth.FALSE),
        ("lim(sigmoid(x/t), t -> 0+) = heaviside(x)", "x != 0", Truth.TRUE),
        ("lim(|x|^p, p -> 0+) = 1", "", Truth.FALSE),
        ("lim(|x|^p, p -> 0+) = 1", "x > 0", Truth.TRUE),
        ("lim(softplus(x, b), b -> oo) = relu(x)", "", Truth.TRUE),
        ("lim((a*x + 1)/(x + 2), x -> oo) = a", "", Truth.TRUE),
        ("lim(sqrt(x^2 + a^2) - x, x -> oo) = 0", "", Truth.TRUE),
        ("lim(x^a, x -> oo) = oo", "a > 0", Truth.TRUE),
        ("lim(x^a, x -> oo) = oo", "a >= 0", Truth.FALSE),
        ("lim(x^a, x -> 0+) = 0", "a >= 0", Truth.FALSE),
        ("lim(celu(x, a), a -> 0+) = relu(x)", "", Truth.TRUE),
        ("lim(floor(x + t), t -> 0+) = floor(x)", "", Truth.TRUE),
        ("lim(floor(x - t), t -> 0+) = floor(x)", "", Truth.FALSE),
        ("lim((f - 1)/f, f -> oo) = 1", "", Truth.TRUE),
        ("lim((|x + h| - |x|)/h, h -> 0+) = sign(x)", "", Truth.FALSE),
        ("lim((|x + h| - |x|)/h, h -> 0) = sign(x)", "x != 0", Truth.TRUE),
        ("lim(x*a, x -> oo) = 0", "a = 0", Truth.TRUE),
        ("lim(x*a, x -> oo) = oo", "a >= 0", Truth.FALSE),
    ]
    body, where, truth = chance.choice(rows)
    body = body.replace("lim((f - 1)/f, f -> oo)", "lim((s - 1)/s, s -> oo)")
    return Case(body + (f" for {where}" if where else ""), truth, "a limit with a parameter")

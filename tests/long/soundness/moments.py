"""Kind 8: expectations under independent standard normal variables: known ones, and such as have no mean."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from mpmath import mp, mpf

from tests.long.soundness.cases import Case, Mistaken, Truth, row
from tests.long.soundness.terms import (
    PI,
    Term,
    Z,
    absolute,
    call,
    e_to,
    normal_density,
    rational,
    symbol,
    term,
)


def gaussian(k: int) -> int:
    """E[z^k]: the product of the odd numbers below k, 0 for odd k."""
    return 0 if k % 2 else mp.fac2(k - 1) if k else 1


def mean(f: Term, kinks: list[Any]) -> Any:
    """E[f(z)] by mpmath's quadrature."""
    with mp.workdps(20):
        places = sorted({mpf(-14), mpf(0), mpf(14), *kinks})
        return mp.quad(lambda z: f(z=z) * normal_density(z), places)


def stated(f: Term, value: Term, sign: str = "=", kind: str = "E") -> str:
    return f"{kind}[{f.text}] {sign} {value.text}"


def _polynomial(chance: Random) -> tuple[Term, Fraction]:
    """A polynomial in up to three variables, and its mean."""
    names = ["z"] if chance.random() < 0.5 else ["z_1", "z_2", "z_3"][: chance.choice((2, 3))]
    total: Term | None = None
    value = Fraction(0)
    for _ in range(chance.choice((1, 2, 3))):
        c = Fraction(chance.choice((1, 2, -1, 3, -2)), chance.choice((1, 1, 2)))
        powers = {name: chance.choice((0, 1, 2, 2, 3, 4)) for name in names}
        part: Term = rational(c)
        moment = c
        for name, k in powers.items():
            moment *= int(gaussian(k))
            if k:
                part = part * (symbol(name) ** k if k > 1 else symbol(name))
        total = part if total is None else total + part
        value += moment
    assert total is not None
    return total, value


@row("expectation", share=3)
def of_polynomials(chance: Random) -> Case | None:
    f, value = _polynomial(chance)
    if chance.random() < 0.35:
        wrong = value + Fraction(chance.choice((1, -1)), chance.choice((1, 2, 1000, 10**9)))
        return Case(stated(f, rational(wrong)), Truth.FALSE, f"it is {value}")
    if chance.random() < 0.2:
        return Case(stated(f, rational(value), "<"), Truth.FALSE, f"it is {value}")
    return Case(stated(f, rational(value)), Truth.TRUE, "moments of the normal distribution")


def _known(chance: Random) -> tuple[Term, Term, list[Any]]:
    """A function of z, its mean, and its kinks."""
    a, b = chance.choice((1, 2, Fraction(1, 2), 3)), chance.choice((0, 1, -1, Fraction(1, 2)))
    p, q = rational(a), rational(b)
    line = p * Z + q if b else p * Z if a != 1 else Z
    half = rational(Fraction(1, 2))
    root = call("sqrt", 2 * PI)
    rows: list[tuple[Term, Term, list[Any]]] = [
        (e_to(line), e_to(p**2 / 2 + q), []),
        (call("relu", line), q * call("Phi", q / p) + p * call("phi", q / p), [-q() / p()]),
        (call("relu", p * Z) ** 2, p**2 / 2, []),
        (absolute(p * Z), p * call("sqrt", 2 / PI), []),
        (call("heaviside", Z - q), 1 - call("Phi", q), [q()]),
        (call("sign", Z - q), 1 - 2 * call("Phi", q), [q()]),
        (call("cos", p * Z), e_to(-(p**2) / 2), []),
        (call("sin", p * Z), term(0), []),
        (call("Phi", line), call("Phi", q / call("sqrt", 1 + p**2)), []),
        (call("tanh", p * Z), term(0), []),
        (call("sigmoid", p * Z), half, []),
        (call("gelu", Z), 1 / (2 * call("sqrt", PI)), []),
        (Z * call("relu", Z), half, []),
        (Z * call("tanh", Z) - call("sech", Z) ** 2, term(0), []),
        (e_to(Z**2 / 4), call("sqrt", term(2)), []),
        (e_to(-(Z**2) / 2), 1 / call("sqrt", term(2)), []),
        (call("phi", Z), 1 / (2 * call("sqrt", PI)), []),
        (Z**2 * e_to(Z), 2 * e_to(half), []),
        (call("max", Z, term(0)) - call("min", Z, term(0)), call("sqrt", 2 / PI), []),
        (call("cosh", Z), e_to(half), []),
        (call("relu", Z) ** 3, 2 / root, []),
        (call("atan", p * Z) + q, q, []),
        (Z**2 * call("heaviside", Z), half, []),
        (call("clip", Z, term(-1), term(1)), term(0), [mpf(-1), mpf(1)]),
        (call("floor", Z) + call("ceil", Z), term(0), [mpf(n) for n in range(-9, 10)]),
        (call("elu", Z) + call("relu", -Z), _elu_mean(), []),
    ]
    return chance.choice(rows)


def _elu_mean() -> Term:
    """E[elu(z) + relu(-z)] = E[relu] + E[(e^z - 1) below 0] + E[relu]."""
    return (
        2 / call("sqrt", 2 * PI) + call("sqrt", call("exp", term(1))) * call("Phi", term(-1)) - rational(Fraction(1, 2))
    )


SEEN: set[str] = set()  # what quadrature has borne out


@row("expectation", share=4)
def of_known_functions(chance: Random) -> Case | None:
    f, value, kinks = _known(chance)
    if f.text not in SEEN and abs((found := mean(f, kinks)) - value()) > mpf(10) ** -5:
        raise Mistaken(f"E[{f.text}] = {value.text}: {found} against {value()}")
    SEEN.add(f.text)
    tiny = rational(Fraction(1, 10 ** chance.choice((0, 2, 5, 10))))
    kind = chance.random()
    if kind < 0.25:
        return Case(stated(f, value + tiny), Truth.FALSE, f"it is {value.text}")
    if kind < 0.35:
        return Case(stated(f, value + tiny, ">"), Truth.FALSE, f"it is {value.text}")
    if kind < 0.45:
        return Case(stated(f, value + tiny, "<"), Truth.TRUE, f"it is {value.text}")
    return Case(stated(f, value), Truth.TRUE, "a known expectation")


FIXED: list[tuple[str, Truth]] = [
    ("Var[z] = 1", Truth.TRUE),
    ("Var[{a}*z + {b}] = {a}^2", Truth.TRUE),
    ("Var[{a}*z + {b}] = {a}", Truth.FALSE),
    ("Var[z^2] = 2", Truth.TRUE),
    ("Var[relu(z)] = 1/2 - 1/(2*pi)", Truth.TRUE),
    ("Var[relu(z)] = 1/2", Truth.FALSE),
    ("Var[|z|] = 1 - 2/pi", Truth.TRUE),
    ("Var[z_1 + z_2] = 2", Truth.TRUE),
    ("Var[z_1*z_2] = 1", Truth.TRUE),
    ("Var[e^z] = e^2 - e", Truth.TRUE),
    ("Var[{b}] = 0", Truth.TRUE),
    ("Var[sign(z)] = 1", Truth.TRUE),
    ("E[max(z_1, z_2)] = 1/sqrt(pi)", Truth.TRUE),
    ("E[max(z_1, z_2)] = 0", Truth.FALSE),
    ("E[min(z_1, z_2)] = -1/sqrt(pi)", Truth.TRUE),
    ("E[max(z_1, z_2, z_3)] = 3/(2*sqrt(pi))", Truth.TRUE),
    ("E[|z_1 - z_2|] = 2/sqrt(pi)", Truth.TRUE),
    ("E[relu(z_1)*relu(z_2)] = 1/(2*pi)", Truth.TRUE),
    ("E[heaviside(z_1 - z_2)] = 1/2", Truth.TRUE),
    ("E[sqrt(z_1^2 + z_2^2)] = sqrt(pi/2)", Truth.TRUE),
    ("E[e^(z_1 + z_2)] = e", Truth.TRUE),
    ("E[e^(z_1*z_2/2)] = 2/sqrt(3)", Truth.TRUE),
    ("E[z_1/(1 + z_2^2)] = 0", Truth.TRUE),
    ("E[sign(z_1*z_2)] = 0", Truth.TRUE),
    ("E[ln(z^2)] < 0", Truth.TRUE),
    ("E[ln(|z|)] < 0", Truth.TRUE),
    ("E[ln(|z|)] > 0", Truth.FALSE),
    ("E[1/sqrt(|z|)] > 1", Truth.TRUE),
    ("E[1/sqrt(|z|)] < 1", Truth.FALSE),
    ("E[1/cbrt(z)] = 0", Truth.TRUE),
    ("E[1/(1 + z^2)] < 1", Truth.TRUE),
    ("E[1/(1 + z^2)] = 1", Truth.FALSE),
    ("E[softplus(z)] > ln(2)", Truth.TRUE),
    ("E[{{{a} if z = 0; 0 otherwise}}] = 0", Truth.TRUE),
    ("E[{{{a} if z = 0; 0 otherwise}}] = {a}", Truth.FALSE),
    ("E[{{10^9 if {b} < z < {b} + 10^-9; 0 otherwise}}] = 0", Truth.FALSE),
    ("E[{{10^9 if {b} < z < {b} + 10^-9; 0 otherwise}}] < 10^-6", Truth.FALSE),
    ("E[heaviside(z - 30)*10^300] > 1", Truth.TRUE),
    ("E[heaviside(z - 30)*10^300] = 0", Truth.FALSE),
    ("E[e^(20*z)] = e^200", Truth.TRUE),
    ("E[e^(20*z)] < 10^50", Truth.FALSE),
    ("E[f*z] = 0", Truth.TRUE),
    ("E[z_1^2 - z_2^2] = 0", Truth.TRUE),
    ("E[x*z] = x", Truth.FALSE),
    ("E[x*z^2] = x", Truth.TRUE),
    ("E[int(z, t = 0..1)] = 0", Truth.TRUE),
    ("E[sum(z^i, i = 0..2)] = 2", Truth.TRUE),
    ("E[z*E[z^2]] = 0", Truth.TRUE),
    ("E[z_1*z_2] = E[z_1]*E[z_2]", Truth.TRUE),
    ("E[z*z] = E[z]*E[z]", Truth.FALSE),
]


@row("expectation", share=3)
def of_several(chance: Random) -> Case | None:
    body, truth = chance.choice(FIXED)
    return Case(body.format(a=chance.randint(2, 5), b=chance.randint(0, 4)).replace("E[f*z]", "E[s*z]"), truth, "known")


WITHOUT = [  # what is not absolutely integrable, or not real on a set of positive measure
    ("1/z", ("0", "1", "oo")),
    ("1/z^3", ("0",)),
    ("1/z^2", ("0", "-1", "1")),
    ("1/(z - {b})", ("0", "{b}", "1")),
    ("1/(z - {b})^2", ("0", "1")),
    ("z/(z - {b})", ("1", "0")),
    ("1/sin(z)", ("0",)),
    ("tan(z)", ("0",)),
    ("sec(z)*tan(z)", ("0",)),
    ("1/sinh(z)", ("0",)),
    ("1/tanh(z)", ("0",)),
    ("1/(z^2 - {b}^2)", ("0", "1")),
    ("z*e^(z^2)", ("0",)),
    ("z*e^(z^2/2)", ("0",)),
    ("e^(z^2)", ("1", "2", "-1")),
    ("e^(z^2/2)", ("1", "5")),
    ("sin(z)*e^(z^2)", ("0",)),
    ("e^(z^2)*sign(z)", ("0",)),
    ("sinh(z^3)", ("0",)),
    ("z^3*e^(3*z^2)", ("0",)),
    ("e^(e^z)", ("1", "e")),
    ("e^|z^3| - e^|z^3 - 1|", ("0",)),
    ("sinh(sinh(z))", ("0",)),
    ("ln(z)", ("42", "0", "-1")),
    ("0*ln(z)", ("0",)),
    ("sqrt(z)", ("1", "0")),
    ("sqrt(z)^2", ("0", "1")),
    ("sqrt(-1 - z^2)", ("5", "0")),
    ("z + 0*sqrt(z - {b})", ("0",)),
    ("z + 0*ln(-z)", ("0",)),
    ("asin(z)", ("0",)),
    ("acos(z)", ("pi/2",)),
    ("atanh(z)", ("0",)),
    ("acosh(z)", ("0", "1")),
    ("0*sqrt(9 - z^2) + z", ("0",)),
    ("0*sqrt(100 - z) + z", ("0",)),
    ("ln(10 + z)", ("ln(10)", "0")),
    ("sqrt(1000 - z)", ("30",)),
    ("z^(1/3)", ("0",)),
    ("z_1/z_2", ("0", "1")),
    ("z_1*z_2/z_3", ("0",)),
    ("1/(z_1 - z_2)", ("0",)),
    ("1/(z_1*z_2)", ("0",)),
    ("1/(z_1 + z_2)^2", ("1",)),
    ("e^(z_1*z_2)", ("1", "2")),
    ("z_1*e^(z_2^2)", ("0",)),
    ("z_2*ln(z_1)", ("0",)),
    ("z_1*sqrt(z_2)", ("0",)),
    ("z_1/(z_2 - {b})", ("0",)),
    ("1/(z_1^2 + z_2^2)", ("1", "0")),
    ("e^(z_1^2 - z_2^2)", ("1",)),
    ("lambertw(z)", ("0",)),
]


@row("expectation", share=5)
def without_a_mean(chance: Random) -> Case | None:
    body, values = chance.choice(WITHOUT)
    b = chance.randint(1, 6)
    kind = "E"
    value = chance.choice(values)
    if chance.random() < 0.12:
        body, value, kind = chance.choice((("1/sqrt(|z|)", "1", "Var"), (body, "1", "Var"), ("e^(z^2/4)", "1", "Var")))
    sign = "=" if chance.random() < 0.8 or "e^" in body or "/" in body else chance.choice(("<", ">=", "!="))
    text = f"{kind}[{body}] {sign} {value}".format(b=b)
    scale = chance.choice(("", "", "a"))
    if scale and kind == "E" and value == "0":
        text = text.replace("E[", "E[a*(").replace("] ", ")] ") + " for a > 0"
    return Case(text, Truth.EMPTY, "it is not absolutely integrable, or not real with positive probability")


@row("expectation", share=2)
def with_parameters(chance: Random) -> Case | None:
    text, truth = chance.choice(
        (
            ("E[relu(a*z)] = |a|/sqrt(2*pi)", Truth.TRUE),
            ("E[relu(a*z)] = a/sqrt(2*pi)", Truth.FALSE),
            ("E[relu(a*z)] = a/sqrt(2*pi) for a > 0", Truth.TRUE),
            ("E[relu(a*z)] = a/sqrt(2*pi) for a >= 0", Truth.TRUE),
            ("E[relu(a*z)] = a/sqrt(2*pi) for a > -1", Truth.FALSE),
            ("E[|a*z|] = a*sqrt(2/pi)", Truth.FALSE),
            ("E[|a*z + b|] >= |b|", Truth.TRUE),
            ("E[e^(a*z)] = e^(a^2/2)", Truth.TRUE),
            ("E[e^(a*z + b)] = e^(a^2/2 + b)", Truth.TRUE),
            ("E[e^(a*z)] = e^(a/2)", Truth.FALSE),
            ("E[e^(a*z^2)] = 1/sqrt(1 - 2*a)", Truth.TRUE),
            ("E[e^(a*z^2)] = 1/sqrt(1 - 2*a) for a < 1/2", Truth.TRUE),
            ("E[e^(a*z^2)] = 1/sqrt(1 - 2*a) for a > 1/2", Truth.EMPTY),
            ("E[e^(a*z^2)] = 1/sqrt(|1 - 2*a|) for a > 1/2", Truth.EMPTY),
            ("E[z*e^(a*z^2)] = 0 for a > 1/2", Truth.EMPTY),
            ("E[z*e^(a*z^2)] = 0 for a >= 1/2", Truth.EMPTY),
            ("E[z*e^(a*z^2)] = 0", Truth.TRUE),
            ("E[1/(z - a)] = 0", Truth.EMPTY),
            ("E[1/(z - a)] = 0 for a > 0", Truth.EMPTY),
            ("E[a/z] = 0 for a > 0", Truth.EMPTY),
            ("E[ln(z + a)] = ln(a) for a > 0", Truth.EMPTY),
            ("E[sqrt(z + a)] = sqrt(a) for a > 0", Truth.EMPTY),
            ("E[sqrt(a - z^2)] > 0 for a > 0", Truth.EMPTY),
            ("E[heaviside(z - a)] = 1 - Phi(a)", Truth.TRUE),
            ("E[heaviside(z - a)] = Phi(-a) for a > 0", Truth.TRUE),
            ("E[heaviside(z - a)] = Phi(a)", Truth.FALSE),
            ("E[cos(a*z)] = e^(-a^2/2)", Truth.TRUE),
            ("E[sin(a*z + b)] = sin(b)*e^(-a^2/2)", Truth.TRUE),
            ("E[relu(m + s*z)] = m*Phi(m/s) + s*phi(m/s) for s > 0", Truth.TRUE),
            ("E[relu(m + s*z)] = m*Phi(m/s) + s*phi(m/s)", Truth.FALSE),
            ("E[relu(m + s*z)] = m*Phi(m/s) + s*phi(m/s) for s < 0", Truth.FALSE),
            ("E[Phi(a*z + b)] = Phi(b/sqrt(1 + a^2))", Truth.TRUE),
            ("E[(a*z_1 + b*z_2)^2] = a^2 + b^2", Truth.TRUE),
            ("E[|a*z_1 + b*z_2|] = sqrt(2/pi)*sqrt(a^2 + b^2)", Truth.TRUE),
            ("E[|a*z_1 + b*z_2|] = sqrt(2/pi)*(|a| + |b|)", Truth.FALSE),
            ("Var[a*z + b] = a^2", Truth.TRUE),
            ("Var[a*z_1 + b*z_2] = a^2 + b^2", Truth.TRUE),
            ("Var[a/z] = 0 for a > 1", Truth.EMPTY),
            ("E[max(z, a)] = a*Phi(a) + phi(a)", Truth.TRUE),
            ("E[max(z, a)] >= a", Truth.TRUE),
            ("E[max(z, a)] > 0", Truth.TRUE),
            ("E[|z|^a] = 1 for a < -1", Truth.EMPTY),
            ("E[z^n] = 0 for n = 3", Truth.TRUE),
            ("E[z^n] = 0 for n = -1", Truth.EMPTY),
            ("E[z^n] = 0 for n = 1/3", Truth.EMPTY),
            ("E[{1 if z < a; 0 otherwise}] = Phi(a)", Truth.TRUE),
            ("E[sign(z - a)*(z - a)] = E[|z - a|]", Truth.TRUE),
            ("E[1/z] = E[1/z]", Truth.EMPTY),
            ("E[1/z] - E[1/z] = 0", Truth.EMPTY),
            ("E[1/z] <= E[1/z]", Truth.EMPTY),
            ("E[1/z] + E[-1/z] = 0", Truth.EMPTY),
            ("0*E[ln(z)] = 0", Truth.EMPTY),
            ("E[1/z] != 3", Truth.EMPTY),
            ("E[z] = E[1/z]", Truth.EMPTY),
        )
    )
    return Case(text, truth, "an expectation with parameters")

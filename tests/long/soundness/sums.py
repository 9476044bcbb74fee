"""Kind 7: sums: closed forms up to n, wrong ends, upper ends below the lower one, infinite series."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from mpmath import mp, mpf

from tests.long.soundness.cases import Case, Mistaken, Truth, row
from tests.long.soundness.terms import PI, Term, call, pieces, rational, symbol, term, test

AT, N = symbol("i"), symbol("n")  # the index of a sum, and its upper end


def summed(f: Term, low: int, high: Any) -> Any:
    """By addition."""
    return sum((f(i=mpf(i)) for i in range(low, int(high) + 1)), mpf(0))


def stated(f: Term, low: int, high: str, value: Term | str, where: str = "", sign: str = "=") -> str:
    said = value if isinstance(value, str) else value.text
    return f"sum({f.text}, i = {low}..{high}) {sign} {said}" + (f" for {where}" if where else "")


def _closed(chance: Random) -> tuple[Term, int, Term]:
    """A summand, a lower end, and its sum to n in closed form."""
    low = chance.choice((0, 1, 1, 1, 2, -2, 5))
    r = chance.choice((2, 3, Fraction(1, 2), Fraction(-1, 2), -2))
    q, lo = rational(r), rational(low)
    n1 = N + 1
    powers: list[tuple[Term, Term]] = [  # summand, a primitive for differences: F(n + 1) - F(low)
        (AT, N * (N - 1) / 2),
        (AT**2, N * (N - 1) * (2 * N - 1) / 6),
        (AT**3, N**2 * (N - 1) ** 2 / 4),
        (rational(1) + 0 * AT, N),
        (2 * AT + 1, N**2),
        (3 * AT**2 + 3 * AT + 1, N**3),
        (AT * (AT + 1), N * (N - 1) * (N + 1) / 3),
        (q**AT, q**N / (q - 1)),
    ]
    if low >= 1:
        powers += [
            (1 / (AT * (AT + 1)), -1 / N),
            (call("ln", (AT + 1) / AT), call("ln", N)),
            (call("sqrt", AT + 1) - call("sqrt", AT), call("sqrt", N)),
            (AT * 2**AT, (N - 2) * 2**N),
        ]
    f, big = chance.choice(powers)
    value = big.put("n", n1) - big.put("n", lo)
    for n in (low - 1, low, low + 1, low + 5):
        want, found = value(n=mpf(n)), summed(f, low, n)
        if abs(want - found) > mpf(10) ** -30 * max(1, abs(want)):
            raise Mistaken(f"{stated(f, low, 'n', value)} at n = {n}: {found} against {want}")
    return f, low, value


def _domain(chance: Random, low: int) -> str:
    return chance.choice(
        ("", "n integer", f"n integer, n >= {low}", f"n integer, n >= {low - 1}", f"n >= {low}", "n > 20")
    )


@row("sum", share=4)
def in_closed_form(chance: Random) -> Case | None:
    f, low, value = _closed(chance)
    return Case(stated(f, low, "n", value, _domain(chance, low)), Truth.TRUE, "telescoping")


@row("sum", share=4)
def in_a_wrong_form(chance: Random) -> Case | None:
    f, low, value = _closed(chance)
    m = chance.randint(low, low + 12)
    k = rational(m)
    far = 10 ** chance.choice((2, 4))
    wrong = chance.choice(
        (
            value + 1,
            value.put("n", N - 1),
            value.put("n", N + 1),
            value - f.put("i", rational(low)),
            value + rational(Fraction(1, 10**12)),
            pieces([(value + 1, test(N, "=", k))], value),
            value + term(0) ** call("abs", N - k),
            value + call("max", term(0), 1 - call("abs", N - k)),
            value + call("floor", N / far),
            value + call("relu", N - far),
            pieces([(value, test(N, ">", rational(low - 1)))], value + 1),
            value + call("sin", PI * N / 7),
            value * (1 + call("heaviside", N - far)),
            value + term(0) ** (N - rational(low) + 1),
        )
    )
    where = chance.choice(("", "n integer", f"n integer, n >= {low - 1}"))
    for n in (low - 1, low, low + 1, m, far + 1, far * 2):
        want, given = value(n=mpf(n)), wrong(n=mpf(n))
        if abs(want - given) > mpf(10) ** -25 * max(1, abs(want)):
            return Case(stated(f, low, "n", wrong, where), Truth.FALSE, f"wrong for n = {n}")
    return None


@row("sum")
def with_integer_facts(chance: Random) -> Case | None:
    """Closed forms that differ only where n is no integer, which no sum asks about."""
    f, low, value = _closed(chance)
    same = chance.choice(
        (
            value.put("n", call("floor", N)),
            value + call("ceil", N) - call("floor", N),
            value * call("cos", 2 * PI * N),
            value + call("sin", PI * N),
        )
    )
    return Case(stated(f, low, "n", same, chance.choice(("", "n integer"))), Truth.TRUE, "they agree at whole numbers")


@row("sum", share=2)
def below_the_lower_end(chance: Random) -> Case | None:
    f, low, value = _closed(chance)
    n = low - chance.randint(2, 9)
    where = chance.choice((f"n = {n}", f"n integer, n <= {n}", f"n < {n}", f"n = {low} + 1/2", f"n = {low}/1 + 1/3"))
    zero = chance.choice((value, term(0), value * 0))
    return Case(stated(f, low, "n", zero, where), Truth.EMPTY, "no sum has such an upper end")


@row("sum", share=2)
def of_few_terms(chance: Random) -> Case | None:
    low = chance.randint(-3, 3)
    high = low + chance.randint(-1, 8)
    f, exact_f = chance.choice(
        (
            (AT, lambda i: Fraction(i)),
            (AT**2, lambda i: Fraction(i * i)),
            (AT**3 - AT, lambda i: Fraction(i**3 - i)),
            (2**AT, lambda i: Fraction(2) ** i),
            (AT / 3, lambda i: Fraction(i, 3)),
            (call("abs", AT), lambda i: Fraction(abs(i))),
            (call("relu", AT), lambda i: Fraction(max(i, 0))),
            ((-1) ** AT, lambda i: Fraction((-1) ** (i % 2))),
            (rational(7) + 0 * AT, lambda i: Fraction(7)),
        )
    )
    f = f if f.text != "-1^i" else Term("(-1)^i", f.value, 2)
    value = sum((exact_f(i) for i in range(low, high + 1)), Fraction(0))
    if abs(summed(f, low, high) - mpf(value.numerator) / value.denominator) > mpf(10) ** -30:
        raise Mistaken(f"{f.text} from {low} to {high}")
    if chance.random() < 0.35:
        wrong = value + Fraction(1, chance.choice((1, 3, 10**6)))
        return Case(stated(f, low, str(high), rational(wrong)), Truth.FALSE, f"it is {value}")
    sign = chance.choice(("=", "=", "<=", ">="))
    return Case(stated(f, low, str(high), rational(value), sign=sign), Truth.TRUE, "by addition")


SERIES: list[tuple[str, int, str, str]] = [
    ("{r}^i", 0, "1/(1 - {r})", "geometric"),
    ("{r}^i", 1, "{r}/(1 - {r})", "geometric"),
    ("i*{r}^i", 1, "{r}/(1 - {r})^2", "its derivative"),
    ("1/i^2", 1, "pi^2/6", "Euler"),
    ("1/i^4", 1, "pi^4/90", "Euler"),
    ("1/(i*(i + 1))", 1, "1", "telescoping"),
    ("1/(i*(i + 2))", 1, "3/4", "telescoping"),
    ("(-1)^i/(2*i + 1)", 0, "pi/4", "Leibniz"),
    ("(-1)^(i + 1)/i", 1, "ln(2)", "Mercator"),
    ("1/(4*i^2 - 1)", 1, "1/2", "telescoping"),
    ("1/(i^2 + i)^2", 1, "pi^2/3 - 3", "partial fractions"),
    ("(-1)^i*{r}^i", 0, "1/(1 + {r})", "geometric"),
    ("{r}^(2*i)", 0, "1/(1 - {r}^2)", "geometric"),
    ("{r}^i/i", 1, "-ln(1 - {r})", "logarithmic"),
    ("e^-i", 0, "e/(e - 1)", "geometric"),
    ("0*i", 1, "0", "nothing"),
    ("(1/2)^(i^2)*0 + {r}^i", 2, "{r}^2/(1 - {r})", "geometric"),
]


@row("sum", share=3)
def to_infinity_convergent(chance: Random) -> Case | None:
    f, low, value, why = chance.choice(SERIES)
    r = chance.choice(("(1/2)", "(1/3)", "(2/3)", "(9/10)", "(1/100)", "(-1/2)"))
    f, value = f.format(r=r), value.format(r=r)
    kind = chance.random()
    if kind < 0.3:
        wrong = chance.choice((f"{value} + 1", f"{value} - 1/1000", f"{value} + 10^-15", "oo"))
        return Case(f"sum({f}, i = {low}..oo) = {wrong}", Truth.FALSE, why)
    if kind < 0.4:
        return Case(f"sum({f}, i = {low}..oo) < {value}", Truth.FALSE, why)
    if kind < 0.5:
        return Case(f"sum({f}, i = {low}..oo) < {value} + 1/100", Truth.TRUE, why)
    return Case(f"sum({f}, i = {low}..oo) = {value}", Truth.TRUE, why)


@row("sum", share=3)
def to_infinity_divergent(chance: Random) -> Case | None:
    k = chance.randint(1, 4)
    f, low, values = chance.choice(
        (
            ("(-1)^i", 0, ("1/2", "0", "1")),
            ("(-1)^i*i", 1, ("-1/4", "0", "oo")),
            ("2^i*(-1)^i", 0, ("1/3", "oo")),
            ("cos(i)", 0, ("1/2", "0")),
            ("sin(i)", 1, ("0", "1")),
            ("(-1)^i*(i + 1)/i", 1, ("0", "1")),
            ("1/i", 1, ("0", "100", "-oo")),
            ("1/i", k, ("20", "3")),
            ("1/sqrt(i)", 1, ("-3/2", "0", "1000")),
            ("i", 1, ("-1/12", "0")),
            ("1", 1, ("-1/2", "0")),
            ("2^i", 0, ("-1", "0")),
            ("i/(i + 1)", 0, ("1", "5")),
            ("1/(i*ln(i))", 2, ("1", "10")),
            ("ln(1 + 1/i)", 1, ("1", "10")),
            ("(1 + 1/i)^i", 1, ("e", "1")),
            ("e^(1/i) - 1", 1, ("1", "10")),
            ("tanh(i)", -5, ("0", "-1")),
        )
    )
    return Case(
        f"sum({f}, i = {low}..oo) = {chance.choice(values)}", Truth.DIVERGENT, "the terms or their sums do not settle"
    )


@row("sum")
def infinite(chance: Random) -> Case | None:
    k = chance.randint(1, 5)
    f = chance.choice(("1/i", "1/sqrt(i)", "i", "2^i", "1", "i/(i + 1)", "ln(1 + 1/i)", "1/(2*i + 1)", "e^(1/i) - 1"))
    if chance.random() < 0.2:
        return Case(f"sum(-({f}), i = {k}..oo) = oo", Truth.FALSE, "it is -oo")
    return Case(f"sum({f}, i = {k}..oo) = oo", Truth.TRUE, "positive terms that are too large")


@row("sum", share=2)
def with_a_term_that_is_missing(chance: Random) -> Case | None:
    """A term in the middle has no value, so the sum has none."""
    k = chance.randint(1, 4)
    text = chance.choice(
        (
            f"sum(i/i, i = 0..{k}) = {k + 1}",
            f"sum(i/i, i = -{k}..{k}) = {2 * k + 1}",
            f"sum(1/i, i = -{k}..{k}) = 0",
            f"sum(0*ln(i), i = 0..{k}) = 0",
            f"sum(sqrt(i)^2, i = -{k}..{k}) = 0",
            f"sum(sqrt(i - {k})^2, i = 0..{2 * k}) = {k * (k + 1) // 2}",
            f"sum(i^2/i, i = -1..{k}) = {k * (k + 1) // 2 - 1}",
            f"sum(1/(i - {k}), i = 0..{2 * k}) = 0",
            "sum(i/i, i = 0..n) = n + 1",
            "sum(i/i, i = -1..n) = n + 2 for n >= 0",
            "sum(1/i - 1/i, i = 0..n) = 0 for n integer, n >= 0",
            f"sum(0*sqrt(i - {k + 2}), i = 1..n) = 0 for n >= 1",
            f"sum(x/(i - {k}), i = {k}..{k}) = 0",
            f"sum(asin(i), i = 0..{k + 1}) > 0",
            "sum(i/i, i = 0..oo) = oo",
            "sum(1/i^2, i = 0..oo) = pi^2/6",
            "sum(i^2/i*2^-i, i = 0..oo) = 2",
            "sum(0*ln(-i), i = 1..n) = 0 for n >= 1",
            f"sum(1, i = 1..-{k + 1}) = -{k + 1}",
            f"sum(i, i = {k + 3}..{k}) = 0",
            f"sum(i, i = 1..{k}.5) = {k * (k + 1) // 2}",
        )
    )
    if text.startswith("sum(i/i, i = 0..n) = n + 1"):
        # for n = -1 the sum is 0 and so is n + 1: there the statement has something to say
        return Case(text + " for n >= 0", Truth.EMPTY, "the term for i = 0 has no value")
    truth = Truth.DIVERGENT if "oo)" in text else Truth.EMPTY
    return Case(text, truth, "a term has no value")


@row("sum")
def with_a_parameter(chance: Random) -> Case | None:
    text, truth = chance.choice(
        (
            ("sum(a^i, i = 0..n) = (a^(n + 1) - 1)/(a - 1)", Truth.TRUE),
            ("sum(a^i, i = 0..n) = (1 - a^(n + 1))/(1 - a) for n integer, a > 1", Truth.TRUE),
            ("sum(a^i, i = 0..n) = (a^(n + 1) - 1)/(a - 1) + {1 if a = 3; 0 otherwise}", Truth.FALSE),
            ("sum(a^i, i = 1..n) = (a^(n + 1) - 1)/(a - 1)", Truth.FALSE),
            ("sum(a*i + b, i = 1..n) = a*n*(n + 1)/2 + b*n", Truth.TRUE),
            ("sum(a*i + b, i = 1..n) = a*n*(n + 1)/2 + b", Truth.FALSE),
            ("sum(x, i = 1..n) = n*x", Truth.TRUE),
            ("sum(x, i = 0..n) = n*x", Truth.FALSE),
            ("sum(a^i, i = 0..oo) = 1/(1 - a) for -1 < a < 1", Truth.TRUE),
            ("sum(a^i, i = 0..oo) = 1/(1 - a) for a > 1", Truth.DIVERGENT),
            ("sum(a^i, i = 0..oo) = 1/(1 - a) for a < -1", Truth.DIVERGENT),
            ("sum(a^i, i = 0..oo) = 1/(1 - a) for a = -1", Truth.DIVERGENT),
            ("sum(i*a^i, i = 0..oo) = a/(1 - a)^2 for |a| < 1", Truth.TRUE),
            ("sum(n, i = 1..n) = n^2", Truth.TRUE),
            ("sum(i, i = 1..m) = m*(m + 1)/2 for m = 5", Truth.TRUE),
            ("sum(i, i = 1..m) = 14 for m = 5", Truth.FALSE),
            ("sum(|x|^i, i = 0..2) >= 1", Truth.TRUE),
            ("sum(x^i, i = 0..2) >= 3/4", Truth.TRUE),
            ("sum(x^i, i = 0..2) > 3/4", Truth.FALSE),
            ("sum(x^i, i = 1..3) = x + x^2 + x^3", Truth.TRUE),
            ("sum(x^i, i = 0..3) = 1 + x + x^2 + x^3", Truth.TRUE),
            ("sum(x/i, i = 1..3) = 11*x/6", Truth.TRUE),
            ("sum(sum(i*j, j = 1..3), i = 1..3) = 36", Truth.TRUE),
            ("sum(sum(j, j = 1..i), i = 1..n) = n*(n + 1)*(n + 2)/6", Truth.TRUE),
            ("sum(sum(i, i = 1..i), i = 1..3) = 10", Truth.TRUE),
            ("sum(i, i = 1..n) >= n for n >= 0", Truth.TRUE),
            ("sum(i, i = 1..n) > n for n integer, n >= 1", Truth.FALSE),
            ("sum(1/i, i = 1..n) > ln(n) for n integer, n >= 1", Truth.TRUE),
            ("sum(1/i, i = 1..n) < 5 for n integer, n >= 1", Truth.FALSE),
            ("sum(1/i, i = 1..n) < 9 for n integer, n >= 1", Truth.FALSE),
            ("2^n >= sum(1, i = 1..n) for n integer, n >= 1", Truth.TRUE),
        )
    )
    return Case(text, truth, "a sum with a parameter")


def _confirmed_series() -> None:
    """The table of series, once, by mpmath."""
    x = mpf(1) / 3
    for f, low, value in (
        (lambda i: x**i, 0, 1 / (1 - x)),
        (lambda i: i * x**i, 1, x / (1 - x) ** 2),
        (lambda i: x**i / i, 1, -mp.log(1 - x)),
        (lambda i: 1 / (i * (i + 1)) ** 2, 1, mp.pi**2 / 3 - 3),
        (lambda i: 1 / (4 * i * i - 1), 1, mpf(1) / 2),
    ):
        if abs(mp.nsum(f, [low, mp.inf]) - value) > mpf(10) ** -10:
            raise Mistaken(f"a series is not {value}")

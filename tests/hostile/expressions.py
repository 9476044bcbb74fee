"""Hostile expressions by their cause: each is a text that a person can type and that asks for far too much work.

Long ones are made here rather than typed, so that a page shows what they are. `statement` of a row says that it is a
whole claim; the others are expressions. None of them is nonsense: each has a meaning, or is refused in a line.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple


class Hostile(NamedTuple):
    """A hostile text and what makes it so."""

    cause: str
    text: str

    @property
    def statement(self) -> bool:
        """Whether it is a claim rather than an expression."""
        return self.cause == "statements"


def row(count: int, term: Callable[[int], str], sign: str = " + ") -> str:
    """`term(0) + term(1) + …`, so many of them."""
    return sign.join(map(term, range(count)))


def among(name: str, count: int, term: Callable[[int], str]) -> str:
    """`name(term(0), term(1), …)`."""
    return f"{name}({row(count, term, ', ')})"


def nest(count: int, opening: str, inner: str = "x", closing: str = ")") -> str:
    """`inner` with `opening` and `closing` around it, so many times."""
    return opening * count + inner + closing * count


def doubled(count: int, around: str, inner: str = "x") -> str:
    """`around` with {} for what is inside it, so many times over; two {} double the text each time."""
    for _ in range(count):
        inner = around.replace("{}", inner)
    return inner


def variables(count: int) -> list[str]:
    """x_1, x_2, …"""
    return [f"x_{i}" for i in range(1, count + 1)]


def upto(longest: int, piece: str, sign: str = " + ") -> str:
    """As many copies of a piece as the limit on an input's length lets in."""
    return sign.join([piece] * ((longest + len(sign)) // (len(piece) + len(sign))))


def branches(count: int, at: Callable[[int], str], value: Callable[[int], str]) -> str:
    """A piecewise expression with so many branches."""
    return "{" + row(count, lambda i: f"{value(i)} if {at(i)}", "; ") + "; 0 otherwise}"


CAUSES: dict[str, list[str]] = {
    "deep nests": [
        nest(190, "("),
        nest(250, "("),
        nest(180, "sin("),
        nest(60, "tanh("),
        nest(30, "exp("),
        nest(60, "exp(-"),
        nest(90, "sqrt(1 + "),
        nest(60, "ln(1 + "),
        nest(60, "abs(1 - "),
        nest(60, "max(0, 1 - "),
        nest(90, "-("),
        "-" * 90 + "x",
        nest(90, "1/(1 + "),
        nest(40, "1/(x + ", "x"),
        nest(40, "cbrt(x + ", "x"),
        nest(25, "floor(2*", "x"),
        nest(20, "x*(1 + ", "x"),
        nest(60, "x*(1 - ", "x"),
        nest(12, "(x + 1)*(x + ", "x"),
        nest(30, "lambertw("),
    ],
    "doubling": [
        doubled(7, "({} + 1/{})"),
        doubled(9, "({}*{})"),
        doubled(6, "sin({})*cos({})"),
        doubled(6, "max({}, 1 - {})"),
        doubled(5, "exp({})/(1 + exp({}))"),
        doubled(5, "{{} if {} > 0; 1 - x otherwise}"),
        doubled(8, "(1 + {})^2"),
    ],
    "long sums": [
        row(40, lambda i: f"sin({i + 1}x)"),
        row(300, lambda i: f"x^{i}"),
        row(700, lambda i: f"{i}x"),
        row(120, lambda i: f"1/(x + {i})"),
        row(60, lambda i: f"1/(x^2 + {i + 1})"),
        row(100, lambda i: f"exp(-{i}x)"),
        row(90, lambda i: f"abs(x - {i})"),
        row(60, lambda i: f"relu(x - {i})"),
        row(60, lambda i: f"sqrt(x^2 + {i})"),
        row(100, lambda i: f"tanh({i}x)"),
        row(80, lambda i: f"x^(1/{i + 2})"),
        row(60, lambda i: f"ln(x^2 + {i + 1})"),
        upto(9_900, "x"),
        upto(9_900, "sin(x)"),
        upto(9_900, "gelu(x)"),
        upto(9_900, "x", " - "),
    ],
    "long products": [
        row(60, lambda i: f"(x - {i})", "*"),
        row(200, lambda i: f"(x - {i})", "*"),
        row(30, lambda i: f"(x^{i} + 1)", "*"),
        row(40, lambda i: f"sin({i + 1}x)", "*"),
        row(40, lambda i: f"exp(x^{i})", "*"),
        row(60, lambda i: f"(1 + 1/(x + {i}))", "*"),
        row(30, lambda i: f"abs(x - {i})", "*"),
        row(12, lambda i: f"({row(12, lambda k: f'x^{k}')} + {i})", "*"),
        upto(9_900, "x", "*"),
        upto(9_900, "(x+1)", ""),
        row(80, lambda i: "x", "/"),
    ],
    "many joints": [
        among("max", 24, lambda i: f"x - {i}"),
        among("max", 40, lambda i: f"x - {i}"),
        among("max", 40, lambda i: f"{i}x - {i * i}"),
        among("min", 200, lambda i: f"x + {i}"),
        among("max", 24, lambda i: f"sin(x + {i})"),
        among("min", 30, lambda i: f"(x - {i})^2"),
        among("max", 12, lambda i: f"min(x - {i}, {i} - x)"),
        nest(20, "max(x, min(1 - x, ", "x", "))"),
        nest(40, "relu(1 - "),
        nest(12, "abs(abs(x) - "),
        row(16, lambda i: f"max(x, {i})*min(x, {i})"),
        branches(40, lambda i: f"x < {i}", lambda i: f"x^{i}"),
        branches(150, lambda i: f"x < {i}", lambda i: f"{i}x"),
        branches(30, lambda i: f"sin({i + 1}x) > 0", lambda i: f"x + {i}"),
        branches(24, lambda i: f"x_{i} > 0", lambda i: f"x_{i}"),
        row(10, lambda i: branches(4, lambda k: f"x < {k + i}", lambda k: f"x^{k}")),
        doubled(12, "{x if {} > 0; 1 - x otherwise}"),
        row(20, lambda i: f"sign(x - {i})", "*"),
        row(20, lambda i: f"floor(x/{i + 1})"),
        among("max", 10, lambda i: f"x*y - {i}*x + {i * i}*y"),
    ],
    "towers": [
        "^".join(["x"] * 20),
        "^".join(["x"] * 80),
        "^".join(["x"] * 190),
        "^".join(["2", "2", "2", "x"]),
        "e^e^e^e^x",
        nest(9, "e^(", "x", ")"),
        "(((x^9)^9)^9)^9",
        "((((x^99)^99)^99)^99)^99",
        "x^(10^9)",
        "(1 + x)^1000000",
        "(x + y + 1)^400",
        "(x^2 + 1)^(1/1000003)",
        "x^(1/2)^(1/2)^(1/2)",
        "(1 + 1/x)^(x^x)",
    ],
    "huge numbers": [
        "9" * 400,
        "x^" + "9" * 400,
        "1e400*x + 1e-400",
        "10^3000 + x",
        "2^(2^13)",
        "(2^9999)^9999",
        "sin(10^3000)",
        "exp(10^3000)",
        "exp(-exp(exp(exp(10))))",
        "exp(exp(exp(exp(exp(x)))))",
        "tanh(10^400*x)",
        "1e-400*x/1e-400",
        "floor(10^2000*x)",
        "lambertw(10^2000)",
        "atan(1e300x) - pi/2",
        "ln(ln(ln(ln(x + 1e300))))",
        "1/3^5000*x",
        "cos(2^9000*x)",
        "Phi(-10^200)",
        "erf(10^100*x) - 1",
        row(12, lambda i: "9" * 400 + "x", "*"),
        "1/(" + row(12, lambda i: "9" * 400, "*") + ")",
        f"x^{'9' * 400}*x^{'9' * 400}",
        f"({'9' * 400}x)^3000",
        "e^(10^30) - e^(10^31)",
        "exp(exp(60)) + exp(-exp(60))",
        "(1 + 1/10^300)^(10^300)",
        "10^3000*x*10^3000/10^5000",
    ],
    "sums of many terms": [
        "sum(sum(1/(j + k), j = 1..9000), k = 1..9000)",
        "sum(sum(sum(i*j*k, i = 1..999), j = 1..999), k = 1..999)",
        "sum(1/k, k = 1..10^9)",
        "sum(k^k, k = 1..100000)",
        "sum(x^k, k = 0..10^6)",
        "sum(sin(k*x)/k, k = 1..100000)",
        "sum(sum(x^(j*k), j = 0..oo), k = 0..oo)",
        "sum(1/k^2, k = 1..oo)*sum(1/k^3, k = 1..oo)*sum((-1)^k/k, k = 1..oo)",
        "sum(1/(k*ln(k)), k = 2..oo)",
        "sum(sum(1/(j^2 + k^2), j = 1..oo), k = 1..oo)",
        "sum(gelu(k), k = 0..100000)",
        nest(6, "sum(", "k_1*k_2", "") + "".join(f", k_{i} = 1..100)" for i in range(1, 7)),
        nest(12, "sum(", "1", "") + "".join(f", k_{i} = 1..k_{i + 1})" for i in range(1, 12)) + ", k_12 = 1..30)",
        "sum(sum(relu(j - k*x), j = 1..500), k = 1..500)",
    ],
    "integrals": [
        "int(int(int(sin(x*y*z), x = 0..1), y = 0..1), z = 0..1)",
        "int(sin(1/x), x = 0..1)",
        "int(sin(x^9)/x, x = 0..oo)",
        "int(exp(-x^2)*sin(1000x), x = -oo..oo)",
        "int(abs(sin(100x)), x = 0..100)",
        nest(6, "int(", "x*t", "") + ", t = 0..1)" * 6,
        "int(tanh(tanh(tanh(sin(t^5)))), t = 0..x)",
        "int(floor(1000*t), t = 0..1)",
        "int(1/(t^20 + t^7 + 1), t = 0..x)",
        "int(" + among("max", 30, lambda i: f"t - {i}") + ", t = 0..40)",
        "int(t^t, t = 0..1)",
        "int(e^(-e^(-e^t)), t = -oo..oo)",
        "int(int(1/(s + t), s = 0..1), t = 0..1)",
    ],
    "limits": [
        "lim((1 + 1/x)^(x^2)/e^x, x -> oo)",
        "lim(" + nest(12, "sin(", "x", ")") + "/x, x -> 0)",
        "lim(lim(sin(x*y)/(x*y), x -> 0), y -> 0)",
        "lim(lim(lim(x^y/(x + y), x -> oo), y -> oo), z -> 0)",
        "lim(sin(x)*sin(x^2)*sin(x^3), x -> oo)",
        "lim(exp(exp(exp(x)))/exp(exp(exp(x - 1/x))), x -> oo)",
        "lim((" + row(20, lambda i: f"x^{i}") + ")^(1/x), x -> oo)",
        "lim(" + row(12, lambda i: f"(1 + 1/x)^(x*{i + 1})") + ", x -> oo)",
        "lim((tan(sin(x)) - sin(tan(x)))/x^7, x -> 0)",
        "lim(x^x^x, x -> 0+)",
        "lim(sum(1/k, k = 1..n) - ln(n), n -> oo)",
    ],
    "moments": [
        "E[relu(z)^40]",
        "E[exp(exp(z))]",
        "E[max(z_1, z_2, z_3, z_4, z_5, z_6)]",
        "E[relu(z_1*z_2 + z_3*z_4)]",
        "Var[Var[z*x] + gelu(z)^3]",
        "E[" + row(20, lambda i: f"tanh({i + 1}z)", "*") + "]",
        "E[" + row(30, lambda i: f"relu(z - {i})") + "]",
        "E[(z_1 + z_2 + z_3 + z_4 + z_5)^12]",
        "E[(x + z)^200]",
        "Var[(" + row(8, lambda i: f"z_{i + 1}", "*") + ")^4]",
        "E[sin(exp(z))]",
    ],
    "extrema": [
        "sup(sin(x) + sin(1.0001x) + sin(pi*x))",
        "sup(sin(1000x)*cos(1001x), x in [0, 100])",
        "sup(sup(sup(x*y*z - x^2, x in [0, 1]), y in [0, 1]), z in [0, 1])",
        "inf(sup(abs(sin(x) - a*x - b*x^3), x in [0, 1]), a in [0, 2])",
        "argmin(sup(abs(gelu(x) - a*swish(x)), x in [-9, 9]), a in [0, 2])",
        "sup(" + among("max", 24, lambda i: f"x - {i}") + " - x, x in R)",
        "sup(x^x^x^x, x in [0, 1])",
        "argmax(floor(100x) - 100x, x in [0, 1])",
        "sup(" + row(20, lambda i: f"sin({i + 1}x)", "*") + ")",
        "inf(1/sin(1/x), x in (0, 1))",
    ],
    "many symbols": [
        row(26, lambda i: "abcdghjklmnopqrstuvwxyABCD"[i], "*"),
        row(100, lambda i: f"x_{i}"),
        row(100, lambda i: f"x_{i}*x_{i + 1}"),
        row(300, lambda i: f"x_{i}^2", " - "),
        "(" + row(12, lambda i: f"x_{i}") + ")^8",
        "(" + row(30, lambda i: f"x_{i}") + ")^2",
        among("max", 20, lambda i: f"x_{i}"),
        row(12, lambda i: f"(x_{i} - y_{i})", "*"),
        row(8, lambda i: f"exp(x_{i}*y_{i})", "/"),
        row(20, lambda i: f"sqrt(x_{i}^2 + 1)", "*"),
        f"sigmoid({row(40, lambda i: f'w_{i}*x_{i}')} + b)",
    ],
    "deep derivatives": [
        "d^6/dx^6 (gelu(x)*tanh(x)*sin(x))",
        "d^20/dx^20 (x^x)",
        "d^20/dx^20 (sin(x)*exp(x)*ln(x))",
        "d^6/dx^6 (mish(x))",
        nest(20, "d/dx (", "x*sin(x)"),
        nest(60, "d/dx (x*", "x"),
        "gelu''''''(x)",
        "mish''''(mish(x))",
        "d/dx (d/dy (d/dx (d/dy (x^y*y^x))))",
        "d^10/dx^10 (tanh(tanh(x)))",
        "d/dx (" + nest(30, "sin(x*") + ")",
        "d^4/dx^4 (" + row(8, lambda i: f"(x - {i})", "*") + "/(x^2 + 1))",
        "d/dx (" + among("max", 24, lambda i: f"x - {i}") + ")",
        "d^3/dx^3 (" + row(12, lambda i: f"tanh({i + 1}x)", "*") + ")",
        "d/dx (sum(x^k/k, k = 1..1000000))",
    ],
    "compositions of the course's functions": [
        nest(30, "gelu("),
        nest(8, "mish("),
        nest(40, "selu("),
        nest(20, "hardsigmoid("),
        nest(12, "softplus("),
        nest(20, "clip(", "x", ", -1, 1)"),
        nest(12, "elu(", "x", ", a)"),
        nest(10, "swish(x*", "x", ")"),
        nest(60, "relu("),
        nest(6, "gelu(swish(mish(elu(", "x", "))))"),
        "gelu(x)*mish(x)*swish(x)*selu(x)*softplus(x)*tanh(x)*gelu_tanh(x)*hardsigmoid(x)",
        nest(10, "penalized_tanh(su(", "x", "))"),
        nest(5, "sigmoid(softsign(sinc(celu(", "x", "))))"),
        nest(25, "leaky_relu(", "x", ", 0.3)"),
    ],
    "LaTeX": [
        "\\frac{1}{" * 60 + "x" + "}" * 60,
        "\\frac{1}{1+" * 90 + "x" + "}" * 90,
        "\\sqrt{" * 80 + "x" + "}" * 80,
        "\\left(" * 90 + "x" + "\\right)" * 90,
        "x^{" * 90 + "x" + "}" * 90,
        upto(9_900, "\\frac{x}{2}"),
        upto(9_900, "\\sin{x}"),
        upto(9_900, "\\alpha", " "),
        "\\operatorname{gelu}(" * 20 + "x" + ")" * 20,
        "\\begin{cases}" + " \\\\ ".join(f"x^{{{i}}} & x < {i}" for i in range(40)) + "\\end{cases}",
        "\\sum_{k=1}^{100000} \\frac{\\sin(kx)}{k}",
        "\\max(" + ", ".join(f"x-{i}" for i in range(40)) + ")",
    ],
    "statements": [
        "exp(x) >= 1 + x + x^2/2 + x^3/6 + x^4/24 + x^5/120 for x > 0",
        "exp(x) >= " + row(16, lambda i: f"x^{i}/{max(1, i) ** 3}") + " for x > 0",
        "sin(x) <= x - x^3/6 + x^5/120 - x^7/5040 + x^9/362880 for x > 0",
        "x^20 - 3x^7 + x^4*sin(x) + 5 > 0",
        "x^2 + y^2 + z^2 + w^2 >= x*y + y*z + z*w + w*x",
        row(10, lambda i: f"x_{i}^2") + " >= " + row(9, lambda i: f"x_{i}*x_{i + 1}"),
        "ln(1 + x) <= x - x^2/2 + x^3/3 - x^4/4 + x^5/5 for x > 0",
        "gelu(x) <= gelu_tanh(x) + 0.0004732",
        "abs(gelu(x) - gelu_tanh(x)) <= 0.000473204 for -100 < x < 100",
        "tanh(x + y) = (tanh(x) + tanh(y))/(1 + tanh(x)*tanh(y))",
        "(x + y)^30 = sum(x^k*y^(30 - k), k = 0..30)",
        "convex(" + row(12, lambda i: f"softplus(x - {i})") + ")",
        "convex(" + among("max", 24, lambda i: f"x - {i}") + ")",
        "increasing(" + nest(12, "gelu(") + ")",
        "periodic(" + row(12, lambda i: f"sin(x/{i + 1})") + ")",
        "smooth(mish(mish(x)), 3)",
        "lipschitz(" + nest(6, "tanh(2*") + ", 64)",
        "bounded(sin(x)^99*x^(1/99)/(1 + x^2))",
        "continuous(floor(x)*sin(pi*x)*floor(2x)*floor(3x))",
        "sin(x)^2 + cos(x)^2 = 1 for " + ", ".join(f"x != {i}" for i in range(300)),
        "x_0 + y >= y for " + ", ".join(f"x_{i} < x_{i + 1}" for i in range(30)) + ", x_0 > 0",
        "x >= 0 for x^2 < 0",
        "sin(x) = x for sin(x)*cos(x^2)*sin(x^3) > 0.999, 10^6 < x < 10^6 + 1",
        "n^5 - n >= 0 for n integer, n > 0, sin(n) > 0.9999",
        "x^n + y^n != z^n for x > 0, y > 0, z > 0, n > 2, x integer, y integer, z integer, n integer",
        "sum(k^9, k = 1..n) = n^2*(n + 1)^2*(n^2 + n - 1)*(2n^4 + 4n^3 - n^2 - 3n + 3)/20 for n integer, n > 0",
        "E[gelu(z)^4] = E[swish(z)^4]",
        "sup(abs(sin(x) - x + x^3/6), x in [0, 1]) <= 1/119",
    ],
    "length": [
        upto(9_999, "x", "+"),
        upto(9_900, "1", "+"),
        upto(9_900, "2", "*"),
        upto(9_900, "x_1", "/"),
        "x" * 9_000,
        "x " * 5_000,
        "(" * 9_999,
        "|" * 9_999,
        "'" * 5_000,
        "sin" * 3_000 + "(x)",
        "√" * 5_000 + "x",
        "²" * 5_000,
        "½" * 5_000,
        "d/dx" * 2_000,
        "E[" * 3_000,
        "{x if x > 0; " * 600,
        "f" + "'" * 5_000 + "(x)",
        "gelu" + "'" * 30 + "(x)",
        "x" + "+x" * 20_000,
    ],
}


def expressions() -> Iterator[Hostile]:
    """Every hostile text."""
    for cause, texts in CAUSES.items():
        for text in texts:
            yield Hostile(cause, text)

"""From tree to LaTeX, the voice that `typeset` lays out and that other tools understand."""

from __future__ import annotations

from itertools import pairwise

from dlteach.notation.names import BUILTINS
from dlteach.notation.signs import GREEK_LETTER, LATEX
from dlteach.notation.tree import (
    BigSum,
    Branch,
    Call,
    Constant,
    Derivative,
    Expr,
    Extremum,
    InInterval,
    Integral,
    Interval,
    IsInteger,
    Limit,
    Moment,
    Near,
    Negative,
    Node,
    Number,
    Piecewise,
    Power,
    Product,
    Property,
    Quotient,
    Relation,
    Statement,
    Sum,
    Symbol,
)

SUM, PRODUCT, POWER, ATOM = range(4)
ENCLOSING = {
    "sqrt": (r"\sqrt{", "}"),
    "cbrt": (r"\sqrt[3]{", "}"),
    "abs": (r"\left|", r"\right|"),
    "floor": (r"\left\lfloor ", r"\right\rfloor"),
    "ceil": (r"\left\lceil ", r"\right\rceil"),
}


def latex(node: Node) -> str:
    """`node` as LaTeX for mathematics mode."""
    match node:
        case Expr():
            return _at(node, SUM)
        case Statement(body, conditions):
            tail = r" \quad \text{for } " + ", ".join(latex(c) for c in conditions) if conditions else ""
            return latex(body) + tail
        case Relation(sides, signs):
            parts = [latex(sides[0])]
            for sign, side in zip(signs, sides[1:], strict=True):
                parts += [sign if len(sign) == 1 else LATEX[sign], latex(side)]
            return " ".join(parts)
        case Near(left, right, within):
            return rf"{latex(left)} {LATEX['~=']} {latex(right)} {LATEX['+-']} {latex(within)}"
        case Property("smooth", of, extra):
            return rf"{latex(of)} \in C^{{{latex(extra[0]) if extra else chr(92) + 'infty'}}}"
        case Property("periodic", of, (period,)):
            return rf"{latex(of)} \text{{ is periodic with period }} {latex(period)}"
        case Property("lipschitz", of, (constant,)):
            return rf"{latex(of)} \text{{ is Lipschitz with constant }} {latex(constant)}"
        case Property(kind, of, extra):
            tail = "".join(f", {latex(part)}" for part in extra)
            return rf"{latex(of)}{tail} \text{{ is {kind}}}"
        case IsInteger(symbol):
            return rf"{latex(symbol)} \in \mathbb{{Z}}"
        case InInterval(symbol, interval):
            return rf"{latex(symbol)} \in {latex(interval)}"
        case Interval(lower, upper, open_below, open_above):
            return f"{'[('[open_below]}{latex(lower)}, {latex(upper)}{'])'[open_above]}"
        case Branch(value, condition):
            tail = r"\text{otherwise}" if condition is None else rf"\text{{if }} {latex(condition)}"
            return f"{latex(value)} & {tail}"
    raise TypeError(f"cannot write {type(node).__name__} as LaTeX")


def _at(expr: Expr, level: int) -> str:
    text, own = _raw(expr)
    return text if own >= level else rf"\left({text}\right)"


def _raw(expr: Expr) -> tuple[str, int]:
    match expr:
        case Number(_, text):
            mantissa, _, exponent = text.lower().partition("e")
            if exponent:
                return rf"{mantissa} \cdot 10^{{{int(exponent)}}}", PRODUCT
            return text, ATOM
        case Constant(name):
            return LATEX.get(name, name), ATOM
        case Symbol(name):
            return _symbol(name), ATOM
        case Negative(of):
            return "-" + _at(of, PRODUCT), SUM
        case Sum(terms):
            return _sum(terms), SUM
        case Product(factors):
            return _product(factors), PRODUCT
        case Quotient(over, under):
            return rf"\frac{{{latex(over)}}}{{{latex(under)}}}", POWER
        case Power(Call(name, args, primes), exponent) if name not in ("abs", "sqrt", "cbrt", "exp"):
            return f"{_call(name, args, primes, f'^{{{_exponent(exponent)}}}')}", ATOM
        case Power(base, exponent):
            return f"{_at(base, ATOM)}^{{{_exponent(exponent)}}}", POWER
        case Call(name, args, primes):
            return _call(name, args, primes), ATOM
        case Piecewise(branches):
            rows = r" \\ ".join(latex(branch) for branch in branches)
            return rf"\begin{{cases}} {rows} \end{{cases}}", ATOM
        case Derivative(of, variable, order, partial):
            d = r"\partial " if partial else "d"
            n = f"^{{{order}}}" if order > 1 else ""
            bar = rf"\frac{{{d}{n}}}{{{d}{_symbol(variable.name)}{n}}}"
            inner, own = _raw(of)
            simple = isinstance(of, Symbol | Call | Number | Power) and own >= POWER and not inner.startswith(r"\left")
            return (rf"{bar}\, {inner}" if simple else rf"{bar} \left({inner}\right)"), PRODUCT
        case Limit(of, variable, point, side):
            end = latex(point) + (f"^{{{side}}}" if side else "")
            return rf"\lim_{{{_symbol(variable.name)} \to {end}}} {_at(of, PRODUCT)}", PRODUCT
        case Integral(of, variable, lower, upper):
            bounds = rf"\int_{{{latex(lower)}}}^{{{latex(upper)}}}"
            return rf"{bounds} {_at(of, PRODUCT)} \, d{_symbol(variable.name)}", PRODUCT
        case BigSum(of, variable, lower, upper):
            return rf"\sum_{{{_symbol(variable.name)} = {latex(lower)}}}^{{{latex(upper)}}} {_at(of, PRODUCT)}", PRODUCT
        case Moment(kind, of):
            word = r"\mathbb{E}" if kind == "E" else r"\operatorname{Var}"
            return rf"{word}\left[{latex(of)}\right]", ATOM
        case Extremum(kind, of, variable, domain):
            below = _symbol(variable.name) + (rf" \in {latex(domain)}" if domain else "")
            sign = rf"\{kind}" if kind in ("sup", "inf") else rf"\operatorname{{{kind}}}"
            return rf"{sign}_{{{below}}} {_at(of, PRODUCT)}", PRODUCT
    raise TypeError(f"cannot write {type(expr).__name__} as LaTeX")


def _exponent(expr: Expr) -> str:
    """An exponent stays on one row: e^{-x^2/2}, not a small fraction."""
    match expr:
        case Negative(Quotient() as inner):
            return "-" + _exponent(inner)
        case Quotient(over, under):
            return f"{_at(over, PRODUCT)}/{_at(under, POWER)}"
    return latex(expr)


def _symbol(name: str) -> str:
    head, _, tail = name.partition("_")
    if head in GREEK_LETTER and head in LATEX:
        text = LATEX[head]
    elif len(head) == 1:
        text = head
    elif head[1:].isdigit():
        text, tail = head[0], head[1:] + (f", {tail}" if tail else "")
    else:
        text = rf"\mathrm{{{head}}}"
    return f"{text}_{{{tail}}}" if tail else text


def _sum(terms: tuple[Expr, ...]) -> str:
    text = _raw(terms[0])[0] if isinstance(terms[0], Negative) else _at(terms[0], PRODUCT)
    for term in terms[1:]:
        text += f" - {_at(term.of, PRODUCT)}" if isinstance(term, Negative) else f" + {_at(term, PRODUCT)}"
    return text


def _product(factors: tuple[Expr, ...]) -> str:
    text = _at(factors[0], POWER)
    for before, factor in pairwise(factors):
        more = _at(factor, POWER)
        text += (r" \cdot " if _needs_dot(before, factor, more) else " ") + more
    return text


def _needs_dot(left: Expr, right: Expr, text: str) -> bool:
    """Whether two factors would run together without a dot."""
    if isinstance(left, Piecewise | Derivative | Integral | BigSum | Limit):
        return True
    return (
        text[0].isdigit() or isinstance(right, Derivative | Quotient) or (isinstance(left, Number) and left.value == 1)
    )


def _call(name: str, args: tuple[Expr, ...], primes: int, power: str = "") -> str:
    if not primes and not power and name in ENCLOSING:
        before, after = ENCLOSING[name]
        return before + latex(args[0]) + after
    word = BUILTINS[name].latex if name in BUILTINS else name if len(name) == 1 else rf"\operatorname{{{_text(name)}}}"
    inside = ", ".join(latex(arg) for arg in args)
    return f"{word}{chr(39) * primes}{power}" + rf"\left({inside}\right)"


def _text(name: str) -> str:
    return name.replace("_", r"\_")

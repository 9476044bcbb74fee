"""Small arithmetic on the tree: products with 0 and 1, signs, numbers; nothing that a reader would have to check.

Applied to what the rules produce, never to what a learner typed.
"""

from __future__ import annotations

from fractions import Fraction

from dlteach.notation.tree import (
    ONE,
    ZERO,
    Branch,
    Call,
    Constant,
    Derivative,
    Expr,
    Negative,
    Number,
    Piecewise,
    Power,
    Product,
    Quotient,
    Sum,
    digits,
    is_too_large,
    literal,
    number,
    rebuilt,
)


def simplified(expr: Expr) -> Expr:
    """`expr` with 0·u, 1·u, u + 0, u¹, −(−u) and products of numbers carried out, from the inside out."""
    if isinstance(expr, Derivative):
        return expr
    expr = rebuilt(expr, simplified)
    match expr:
        case Negative(of):
            return negative(of)
        case Sum(terms):
            return total(terms)
        case Product(factors):
            return product(factors)
        case Quotient(over, under):
            return quotient(over, under)
        case Power(base, exponent):
            return power(base, exponent)
        case Call("sign", (Number() as n,), 0):
            return ONE if n.value else ZERO
        case Call("exp" | "cosh" | "sech" | "cos", (Number(Fraction(numerator=0)),), 0):
            return ONE
        case Call(
            "sinh" | "tanh" | "sin" | "erf" | "sqrt" | "cbrt" | "abs" | "asinh", (Number(Fraction(numerator=0)),), 0
        ):
            return ZERO
        case Piecewise(branches):
            return piecewise(branches)
    return expr


def negative(of: Expr) -> Expr:
    """-of."""
    if isinstance(of, Negative):
        return of.of
    return of if _is(of, 0) else Negative(of)


def total(terms: tuple[Expr, ...]) -> Expr:
    """A sum without zeros, its brackets opened, its plain numbers added at the place of the first."""
    flat: list[Expr] = []
    for term in terms:
        if isinstance(term, Sum):
            flat.extend(term.terms)
        elif isinstance(term, Negative) and isinstance(term.of, Sum):
            flat.extend(negative(inner) for inner in term.of.terms)
        else:
            flat.append(term)
    numbers = [(i, value) for i, term in enumerate(flat) if (value := _plain(term)) is not None]
    if len(numbers) > 1:
        first = numbers[0][0]
        merged = sum((value for _, value in numbers), Fraction(0))
        drop = {i for i, _ in numbers[1:]}
        flat = [_decimal(merged, flat[first]) if i == first else term for i, term in enumerate(flat) if i not in drop]
    flat = [term for term in flat if not _is(term, 0)]
    if not flat:
        return ZERO
    return flat[0] if len(flat) == 1 else Sum(tuple(flat))


def product(factors: tuple[Expr, ...]) -> Expr:
    """A product without ones, its signs and numbers in front, equal factors gathered into powers."""
    sign, coefficient, rest = 1, Fraction(1), list[Expr]()
    shown: Expr = ONE
    for factor in _flat_factors(factors):
        while isinstance(factor, Negative):
            sign, factor = -sign, factor.of
        value = _plain(factor)
        if value is None or is_too_large(coefficient * value):
            rest.append(factor)
        else:
            coefficient *= value
            shown = factor if not isinstance(shown, Number) or "." not in shown.text else shown
    if coefficient == 0:
        return ZERO
    front = [] if coefficient == 1 and rest else [_decimal(coefficient, shown)]
    gathered = front + _gathered(rest)
    result = gathered[0] if len(gathered) == 1 else Product(tuple(gathered))
    return result if sign > 0 else negative(result)


def quotient(over: Expr, under: Expr) -> Expr:
    """A quotient with the sign in front and nothing divided by one."""
    if _is(over, 0):
        return ZERO
    if _is(under, 1):
        return over
    if isinstance(over, Negative):
        return negative(quotient(over.of, under))
    if isinstance(under, Negative):
        return negative(quotient(over, under.of))
    if over == under:
        return ONE
    if isinstance(over, Product) and under in over.factors:
        at = over.factors.index(under)
        return product((*over.factors[:at], *over.factors[at + 1 :], ONE))
    a, b = _plain(over), _plain(under)
    if a is not None and b and a.denominator == b.denominator == 1:
        return number(a / b)
    return Quotient(over, under)


def power(base: Expr, exponent: Expr) -> Expr:
    """A power whose exponent is neither 0 nor 1; numbers to small whole powers are worked out."""
    n = literal(exponent)
    if n == 1:
        return base
    if n == 0 or _is(base, 1):
        return ONE
    b = _plain(base)
    if b is not None and n is not None and n.denominator == 1 and 0 < n <= 12 and b.denominator == 1 and abs(b) < 100:
        return number(b ** int(n))
    if n is not None and n == 2 and isinstance(base, Negative):
        return Power(base.of, exponent)
    return Power(base, exponent)


def piecewise(branches: tuple[Branch, ...]) -> Expr:
    """A piecewise; where all branches are the same it is that."""
    first = branches[0].value
    if branches[-1].condition is None and all(branch.value == first for branch in branches):
        return first
    return Piecewise(branches)


def _flat_factors(factors: tuple[Expr, ...]) -> list[Expr]:
    flat: list[Expr] = []
    for factor in factors:
        inner = factor.of if isinstance(factor, Negative) else factor
        if isinstance(inner, Product):
            if inner is not factor:
                flat.append(Negative(ONE))
            flat.extend(inner.factors)
        else:
            flat.append(factor)
    return flat


def _gathered(factors: list[Expr]) -> list[Expr]:
    """x*x as x^2; other factors stay where they are."""
    out: list[Expr] = []
    places: dict[Expr, int] = {}
    for factor in factors:
        base, n = _base(factor)
        if base in places and not isinstance(base, Constant):
            at = places[base]
            out[at] = Power(base, number(_base(out[at])[1] + n))
        else:
            places[base] = len(out)
            out.append(factor)
    return out


def _base(expr: Expr) -> tuple[Expr, int]:
    if isinstance(expr, Power) and isinstance(expr.exponent, Number) and expr.exponent.value.denominator == 1:
        return expr.base, int(expr.exponent.value)
    return expr, 1


def _plain(expr: Expr) -> Fraction | None:
    """The value of a number that was written as one, with or without a sign."""
    if isinstance(expr, Negative):
        inner = _plain(expr.of)
        return None if inner is None else -inner
    return expr.value if isinstance(expr, Number) else None


def _decimal(value: Fraction, like: Expr) -> Expr:
    """A number, written as a decimal where the one it comes from was."""
    inner = like.of if isinstance(like, Negative) else like
    if value.denominator == 1 or not (isinstance(inner, Number) and "." in inner.text):
        return number(value)
    places, rest = 0, value.denominator
    while rest % 10 == 0 or rest % 2 == 0 or rest % 5 == 0:
        rest //= 10 if rest % 10 == 0 else 2 if rest % 2 == 0 else 5
        places += 1
    if rest != 1 or places > 12:
        return number(value)
    text = digits(abs(value.numerator) * 10**places // value.denominator).zfill(places + 1)
    shown = Number(abs(value), f"{text[:-places]}.{text[-places:]}".rstrip("0"))
    return shown if value > 0 else Negative(shown)


def _is(expr: Expr, value: int) -> bool:
    return isinstance(expr, Number) and expr.value == value

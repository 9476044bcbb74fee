"""Gaussian expectations made simpler: linear, independent parts apart, one variable for a linear combination.

If z_1, z_2 are independent N(0, 1), then a*z_1 + b*z_2 has the law of sqrt(a^2 + b^2)*z. The maximum of two terms is
half of their sum and distance, so that E[max(z_1, z_2)] needs one integral, not two.
"""

from __future__ import annotations

from fractions import Fraction

from dlteach.notation.backend import NotEvaluable
from dlteach.notation.tree import (
    ONE,
    ZERO,
    Call,
    Constant,
    Expr,
    Negative,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    call,
    exchanged,
    is_noise,
    literal,
    number,
    substitute,
    symbols,
)
from dlteach.reasoning.algebra.pieces import affine
from dlteach.reasoning.algebra.simplify import simplified

Factors = tuple[Expr, tuple[Expr, ...]]  # a coefficient, and expressions in one noise variable each
MOST = 200


def noise_in(expr: Expr) -> frozenset[str]:
    """The standard normal variables in an expression."""
    return frozenset(name for name in symbols(expr) if is_noise(name))


def separated(of: Expr) -> list[Factors]:
    """E[of] as a sum of products of means in one variable each; raises NotEvaluable."""
    if len(noise_in(of)) <= 1:
        return [(ONE, (of,))] if noise_in(of) else [(of, ())]
    found: list[Factors] = []
    for term in expanded(of):
        try:
            found.append(_factors(term))
        except NotEvaluable:
            halves = expanded(Product((*term, ONE)), everything=True)
            if len(halves) == 1:
                raise
            found += [_factors(half) for half in halves]
    return found


def _factors(term: list[Expr]) -> Factors:
    """The product of factors, grouped by the variables that they share."""
    groups: list[tuple[frozenset[str], list[Expr]]] = []
    fixed: list[Expr] = []
    for factor in term:
        names = noise_in(factor)
        if not names:
            fixed.append(factor)
            continue
        together, rest = [factor], []
        for other, members in groups:
            if other & names:
                names, together = names | other, [*members, *together]
            else:
                rest.append((other, members))
        groups = [*rest, (names, together)]
    parts = []
    for names, members in groups:
        product = members[0] if len(members) == 1 else Product(tuple(members))
        if len(names) == 1:
            parts.append(product)
        elif (value := _wedge(members, sorted(names))) is not None:
            fixed.append(value)
        else:
            parts.append(_combined(product, sorted(names)))
    return simplified(Product(tuple(fixed))) if fixed else ONE, tuple(parts)


def _wedge(members: list[Expr], names: list[str]) -> Expr | None:
    """E of a product of linear forms in the noise, of their absolute values and of their signs; None for another one.

    An odd number of forms and signs gives 0, since all noise may change its sign. For two forms u and v with variances
    p and q and covariance c = sqrt(p*q)*r: E|u*v| = 2/pi*(sqrt(p*q - c^2) + c*asin(r)), E[sign(u)*sign(v)] =
    2/pi*asin(r), E[u*sign(v)] = c*sqrt(2/(pi*q)) (Cho and Saul 2009 write asin(r) as pi/2 - acos(r)).
    """
    kinds, forms = [], []
    for member in members:
        kind, inner = "", member
        if isinstance(member, Call) and member.name in ("abs", "sign") and not member.primes:
            kind, inner = member.name, member.args[0]
        slopes = _slopes(inner, names)
        if slopes is None:
            return None
        kinds.append(kind)
        forms.append(slopes)
    if sum(kind != "abs" for kind in kinds) % 2:
        return ZERO
    if len(forms) != 2 or kinds == ["", ""]:
        return None
    u, v = forms
    p, q, c = (simplified(_dot(a, b)) for a, b in ((u, u), (v, v), (u, v)))
    both = call("sqrt", simplified(Product((p, q))))
    angle = Sum((Quotient(Constant("pi"), number(2)), Negative(call("acos", simplified(Quotient(c, both))))))
    if kinds == ["sign", "sign"]:
        inside: Expr = angle
    elif kinds == ["abs", "abs"]:
        square = Sum((Product((p, q)), Negative(Power(c, number(2)))))
        inside = Sum((call("sqrt", simplified(square)), Product((c, angle))))
    else:
        size = q if kinds[1] == "sign" else p
        return Product((c, call("sqrt", Quotient(number(2), Product((Constant("pi"), size))))))
    return Product((Quotient(number(2), Constant("pi")), inside))


def _slopes(expr: Expr, names: list[str]) -> list[Expr] | None:
    """The coefficients of a linear form in the noise without a constant; None for what is none."""
    found, rest = [], expr
    for name in names:
        line = affine(expr, name)
        if line is None or noise_in(line[0]):
            return None
        found.append(line[0])
        rest = substitute(rest, {name: ZERO})
    return found if simplified(rest) == ZERO else None


def _dot(u: list[Expr], v: list[Expr]) -> Expr:
    return Sum((ZERO, *(_times(a, b) for a, b in zip(u, v, strict=True))))


def _times(a: Expr, b: Expr) -> Expr:
    """a*b, where sqrt(u)*sqrt(u) is u."""
    return a.args[0] if a == b and isinstance(a, Call) and a.name == "sqrt" else Product((a, b))


def _combined(expr: Expr, names: list[str]) -> Expr:
    """An expression in one linear combination of the noise, written with one variable."""
    inner = _combination(expr, frozenset(names))
    if inner is None:
        raise NotEvaluable("an expectation over several variables that cannot be taken apart")
    squares = []
    constant: Expr = inner
    for name in names:
        line = affine(inner, name)
        if line is None or noise_in(line[0]):
            raise NotEvaluable("an expectation over several variables that cannot be taken apart")
        squares.append(Power(line[0], number(2)))
        constant = substitute(constant, {name: number(0)})
    scale = call("sqrt", Sum(tuple(squares)))
    value = Sum((Product((scale, Symbol("z"))), constant))
    return exchanged(expr, inner, value)


def _combination(expr: Expr, names: frozenset[str]) -> Expr | None:
    """The largest subexpression that is affine in all the noise and through which alone the noise enters."""
    if noise_in(expr) == names and all(
        (line := affine(expr, name)) is not None and not noise_in(line[0]) for name in names
    ):
        return expr
    found = {node for child in expr.children() if noise_in(child) and (node := _combination(child, names)) is not None}
    moving = [child for child in expr.children() if noise_in(child)]
    if len(found) != 1 or any(_combination(child, names) is None for child in moving):
        return None
    return next(iter(found))


def expanded(expr: Expr, everything: bool = False) -> list[list[Expr]]:
    """A sum of products, each a list of factors; what cannot be multiplied out stays a factor.

    Parts in one noise variable stay whole, unless everything is to be multiplied out.
    """
    if len(noise_in(expr)) <= (0 if everything else 1):
        return [[expr]]
    match expr:
        case Sum(terms):
            return [product for term in terms for product in expanded(term, everything)]
        case Negative(of):
            return [[number(-1), *product] for product in expanded(of, everything)]
        case Product(factors):
            out: list[list[Expr]] = [[]]
            for factor in factors:
                out = [[*left, *right] for left in out for right in expanded(factor, everything)]
                if len(out) > MOST:
                    raise NotEvaluable("an expectation with too many terms")
            return out
        case Quotient(over, under) if not noise_in(under):
            return [[*product, Quotient(ONE, under)] for product in expanded(over, everything)]
        case Power(base, exponent) if (n := literal(exponent)) is not None and n.denominator == 1 and 2 <= n <= 6:
            return expanded(Product((base,) * int(n)), everything)
        case Call("max" | "min" as name, (a, b)):
            half = number(Fraction(1, 2))
            distance = call("abs", Sum((a, Negative(b))))
            sign = number(1 if name == "max" else -1)
            return [
                *([half, *product] for product in expanded(Sum((a, b)), everything)),
                [half, sign, distance],
            ]
    return [[expr]]

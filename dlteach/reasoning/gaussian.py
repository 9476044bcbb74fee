"""Gaussian expectations in closed form, by rules instead of by a computer algebra system.

On each piece the integrand is written as a sum of terms c * z^n * Phi(z)^k * e^(a*z + b*z^2). Without Phi, completing
the square leaves moments of a normal law between two bounds, which obey M_n = (n - 1)*M_(n-2) plus boundary terms
(Johnson, Kotz, Balakrishnan 1994, chapter 13); with Phi, Stein's identity E[z*g(z)] = E[g'(z)] lowers n and k in turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.tree import (
    ONE,
    ZERO,
    Call,
    Condition,
    Constant,
    Expr,
    Moment,
    Negative,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    call,
    exchanged,
    literal,
    number,
    rebuilt,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.moments import noise_in, separated
from dlteach.reasoning.pieces import LINE, Piece, affine, inlined, pieces, signs_of
from dlteach.reasoning.tidy import tidied

HIGHEST = 12
MOST_TERMS = 200
DENSITY = Quotient(ONE, call("sqrt", Product((number(2), Constant("pi")))))


class NoClosedForm(NotEvaluable):
    """The rules do not reach this expectation."""


@dataclass(frozen=True)
class Term:
    """factor * z^power * Phi(z)^cdf * e^(linear*z + square*z^2)."""

    factor: Expr = ONE
    power: int = 0
    cdf: int = 0
    linear: Expr = ZERO
    square: Fraction = Fraction(0)

    def __mul__(self, other: Term) -> Term:
        return Term(
            tidied(Product((self.factor, other.factor))),
            self.power + other.power,
            self.cdf + other.cdf,
            tidied(Sum((self.linear, other.linear))),
            self.square + other.square,
        )


def without_moments(expr: Expr, conditions: tuple[Condition, ...], definitions: Definitions) -> Expr:
    """`expr` with every E[…] and Var[…] replaced by its closed form; raises NotEvaluable."""
    if isinstance(expr, Moment):
        if expr.kind == "E":
            return mean(expr.of, conditions, definitions)
        square = mean(Power(expr.of, number(2)), conditions, definitions)
        return Sum((square, Negative(Power(mean(expr.of, conditions, definitions), number(2)))))
    return rebuilt(expr, lambda child: without_moments(child, conditions, definitions))


def mean(of: Expr, conditions: tuple[Condition, ...], definitions: Definitions) -> Expr:
    """E[of] as an expression; raises NotEvaluable."""
    total: list[Expr] = []
    for coefficient, parts in separated(of):
        factors = [coefficient, *(_one_variable(part, conditions, definitions) for part in parts)]
        total.append(Product(tuple(factors)))
    return tidied(Sum(tuple(total))) if len(total) > 1 else tidied(total[0])


def _one_variable(part: Expr, conditions: tuple[Condition, ...], definitions: Definitions) -> Expr:
    (name,) = noise_in(part)
    part = substitute(part, {name: Symbol("z")})
    values = []
    for piece in _pieces(part, conditions, definitions):
        for term in terms(piece.expr, definitions):
            values.append(_integral(term, piece.lower, piece.upper))
    return tidied(Sum(tuple(values))) if len(values) > 1 else tidied(values[0])


def _pieces(part: Expr, conditions: tuple[Condition, ...], definitions: Definitions) -> list[Piece]:
    """The pieces in z; a joint may depend on parameters where there is only one and its slope has a known sign."""
    others = symbols(part) - {"z"}
    found, _ = pieces(part, "z", LINE, {}, definitions)
    if not others or len(found) > 1 or not _branches_in_z(found[0].expr):
        return found
    node = next(n for n in walk(inlined(part, definitions)) if _branches(n))
    if not isinstance(node, Call) or node.name not in ("max", "min", "abs") or len(node.args) > 2:
        raise NoClosedForm("a joint that depends on parameters")
    a, b = node.args if len(node.args) == 2 else (node.args[0], ZERO)
    line = affine(Sum((a, Negative(b))), "z")
    slope = signs_of(line[0], conditions, definitions) if line is not None else None
    if line is None or slope not in (frozenset({1}), frozenset({-1})):
        raise NoClosedForm("a joint that depends on parameters")
    joint = tidied(Negative(Quotient(line[1], line[0])))
    rising = slope == {1}
    small, large = (a, b) if rising else (b, a)  # on the left of the joint
    if node.name == "abs":
        left, right = (Negative(a), a) if rising else (a, Negative(a))
    else:
        left, right = (large, small) if node.name == "max" else (small, large)
    whole = inlined(part, definitions)
    return [Piece(exchanged(whole, node, left), None, joint), Piece(exchanged(whole, node, right), joint, None)]


def _branches(node: Expr) -> bool:
    return isinstance(node, Call) and node.name in ("max", "min", "abs", "sign") and "z" in symbols(node)


def _branches_in_z(expr: Expr) -> bool:
    return any(_branches(node) for node in walk(expr))


# ---- terms ---------------------------------------------------------------------------------------


def terms(expr: Expr, definitions: Definitions) -> list[Term]:
    """The expression multiplied out; raises NoClosedForm for what is no sum of such terms."""
    if "z" not in symbols(expr):
        return [Term(expr)]
    match expr:
        case Symbol():
            return [Term(power=1)]
        case Negative(of):
            return [Term(number(-1)) * term for term in terms(of, definitions)]
        case Sum(parts):
            return [term for part in parts for term in terms(part, definitions)]
        case Product(factors):
            out = [Term()]
            for factor in factors:
                out = [left * right for left in out for right in terms(factor, definitions)]
                if len(out) > MOST_TERMS:
                    raise NoClosedForm("too many terms")
            return out
        case Quotient(over, under) if "z" not in symbols(under):
            return [Term(Quotient(ONE, under)) * term for term in terms(over, definitions)]
        case Power(Constant("e"), exponent):
            return [_exponential(exponent, definitions)]
        case Power(base, exponent) if (n := literal(exponent)) is not None and n.denominator == 1 and 0 <= n <= 8:
            return [Term()] if n == 0 else terms(base if n == 1 else Product((base,) * int(n)), definitions)
        case Call("exp", (u,), 0):
            return [_exponential(u, definitions)]
        case Call("Phi", (Symbol("z"),), 0):
            return [Term(cdf=1)]
        case Call("phi", (Symbol("z"),), 0):
            return [Term(DENSITY, square=Fraction(-1, 2))]
        case Call(name, args, 0) if name in definitions:
            definition = definitions[name]
            body = definition.applied(args)
            return terms(body, definitions)
    raise NoClosedForm("it is no sum of powers and exponentials")


def _exponential(exponent: Expr, definitions: Definitions) -> Term:
    """e^(c + a*z + b*z^2)."""
    constant: list[Expr] = [ZERO]
    linear: list[Expr] = [ZERO]
    square = Fraction(0)
    for term in terms(exponent, definitions):
        if term.cdf or term.square or term.linear != ZERO or term.power > 2:
            raise NoClosedForm("an exponent that is not quadratic")
        if term.power == 2:
            b = literal(term.factor)
            if b is None:
                raise NoClosedForm("a quadratic exponent with a parameter")
            square += b
        else:
            (linear if term.power else constant).append(term.factor)
    head = tidied(Sum(tuple(constant))) if len(constant) > 1 else ZERO
    return Term(
        Power(Constant("e"), head) if head != ZERO else ONE,
        linear=tidied(Sum(tuple(linear))) if len(linear) > 1 else ZERO,
        square=square,
    )


# ---- integrals -----------------------------------------------------------------------------------


def _integral(term: Term, lower: Expr | None, upper: Expr | None) -> Expr:
    """The integral of a term against the normal density between two bounds."""
    if term.square >= Fraction(1, 2) or term.power > HIGHEST:
        raise NoClosedForm("an expectation that is infinite, or of too high an order")
    if term.cdf:
        if lower is not None or upper is not None or term.linear != ZERO:
            raise NoClosedForm("a product with Phi on a part of the line")
        return Product((term.factor, _stein(term.power, term.cdf, term.square)))
    spread = number(1 / (1 - 2 * term.square))  # the variance after completing the square
    sigma = ONE if spread == ONE else call("sqrt", spread)
    mu = tidied(Product((term.linear, spread)))
    ends = [None if end is None else tidied(Quotient(Sum((end, Negative(mu))), sigma)) for end in (lower, upper)]
    moments = _moments(term.power, ends[0], ends[1])
    total = []
    for k in range(term.power + 1):
        weight = [number(comb(term.power, k)), Power(mu, number(term.power - k)), Power(sigma, number(k)), moments[k]]
        if mu == ZERO and k < term.power:
            continue
        total.append(Product(tuple(weight) if mu != ZERO else tuple(weight[2:])))
    head = Power(Constant("e"), tidied(Quotient(Product((Power(term.linear, number(2)), spread)), number(2))))
    inside = total[0] if len(total) == 1 else Sum(tuple(total))
    return tidied(Product((term.factor, sigma, head, inside)))


def _moments(highest: int, lower: Expr | None, upper: Expr | None) -> list[Expr]:
    """The integrals of y^k*phi(y) between two bounds, for k up to the highest."""
    at_upper = ONE if upper is None else call("Phi", upper)
    at_lower = ZERO if lower is None else call("Phi", lower)
    found: list[Expr] = [tidied(Sum((at_upper, Negative(at_lower))))]
    for k in range(1, highest + 1):
        edge: list[Expr] = [ZERO]
        if lower is not None:
            edge.append(Product((Power(lower, number(k - 1)), call("phi", lower))))
        if upper is not None:
            edge.append(Negative(Product((Power(upper, number(k - 1)), call("phi", upper)))))
        below = Product((number(k - 1), found[k - 2])) if k > 1 else ZERO
        found.append(tidied(Sum((below, *edge))))
    return found


def _stein(n: int, k: int, b: Fraction) -> Expr:
    """E[z^n * Phi(z)^k * e^(b*z^2)] on the whole line."""
    if k == 0:
        return _integral(Term(power=n, square=b), None, None)
    if n == 0:
        if b == 0:
            return number(Fraction(1, k + 1))  # Phi(z) is uniform on (0, 1)
        if k == 1:
            return Quotient(_stein(0, 0, b), number(2))  # Phi(z) - 1/2 is odd
        raise NoClosedForm("a power of Phi with an exponential")
    parts: list[Expr] = [Product((number(k), DENSITY, _stein(n - 1, k - 1, b - Fraction(1, 2))))]
    if n > 1:
        parts.append(Product((number(n - 1), _stein(n - 2, k, b))))
    inside = parts[0] if len(parts) == 1 else Sum(tuple(parts))
    return tidied(Quotient(inside, number(1 - 2 * b)))

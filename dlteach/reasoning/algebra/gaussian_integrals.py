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
from dlteach.reasoning.algebra.moments import noise_in, separated
from dlteach.reasoning.algebra.pieces import LINE, Piece, affine, inlined, pieces, signs_of
from dlteach.reasoning.algebra.simplify import simplified

NO_DEFINITIONS: Definitions = {}
HIGHEST = 12
MOST_TERMS = 200
DENSITY = Quotient(ONE, call("sqrt", Product((number(2), Constant("pi")))))


class NoClosedForm(NotEvaluable):
    """The rules do not reach this expectation."""


@dataclass(frozen=True)
class Term:
    """factor * z^power * Phi(z)^cdf * e^(linear*z + square*z^2), times Phi(c*z + d) where line is (c, d)."""

    factor: Expr = ONE
    power: int = 0
    cdf: int = 0
    linear: Expr = ZERO
    square: Expr = ZERO
    line: tuple[Expr, Expr] | None = None

    def __mul__(self, other: Term) -> Term:
        if self.line is not None and other.line is not None:
            raise NoClosedForm("a product of two values of Phi")
        return Term(
            simplified(Product((self.factor, other.factor))),
            self.power + other.power,
            self.cdf + other.cdf,
            simplified(Sum((self.linear, other.linear))),
            simplified(Sum((self.square, other.square))),
            self.line if self.line is not None else other.line,
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
    if len(noise_in(of)) > 1:
        of = inlined(of, definitions)
    for coefficient, parts in separated(of):
        factors = [coefficient, *(_one_variable(part, conditions, definitions) for part in parts)]
        total.append(Product(tuple(factors)))
    return simplified(Sum(tuple(total))) if len(total) > 1 else simplified(total[0])


def _one_variable(part: Expr, conditions: tuple[Condition, ...], definitions: Definitions) -> Expr:
    (name,) = noise_in(part)
    part = substitute(part, {name: Symbol("z")})
    values = []
    for piece in _pieces(part, conditions, definitions):
        for term in terms(piece.expr, definitions):
            values.append(_integral(term, piece.lower, piece.upper, conditions, definitions))
    return simplified(Sum(tuple(values))) if len(values) > 1 else simplified(values[0])


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
    joint = simplified(Negative(Quotient(line[1], line[0])))
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
            whole = terms(base if n <= 1 else Product((base,) * int(n)), definitions)
            return [Term()] if n == 0 else whole
        case Call("exp", (u,), 0):
            return [_exponential(u, definitions)]
        case Call("Phi", (Symbol("z"),), 0):
            return [Term(cdf=1)]
        case Call("Phi", (u,), 0) if (line := affine(u, "z")) is not None:
            return [Term(line=line)]
        case Call("erf" | "erfc" as name, (u,), 0):
            inside = call("Phi", Product((number(-1 if name == "erfc" else 1), call("sqrt", number(2)), u)))
            both = Product((number(2), inside))
            return terms(both if name == "erfc" else Sum((both, number(-1))), definitions)
        case Call("phi", (u,), 0):
            square = Quotient(Power(u, number(2)), number(-2))
            return [Term(DENSITY) * _exponential(square, definitions)]
        case Call(name, args, 0) if name in definitions:
            definition = definitions[name]
            body = definition.applied(args)
            return terms(body, definitions)
    raise NoClosedForm("it is no sum of powers and exponentials")


def _exponential(exponent: Expr, definitions: Definitions) -> Term:
    """e^(c + a*z + b*z^2)."""
    constant: list[Expr] = [ZERO]
    linear: list[Expr] = [ZERO]
    square: list[Expr] = [ZERO]
    for term in terms(exponent, definitions):
        if term.cdf or term.square != ZERO or term.linear != ZERO or term.power > 2 or term.line is not None:
            raise NoClosedForm("an exponent that is not quadratic")
        (square if term.power == 2 else linear if term.power else constant).append(term.factor)
    head = simplified(Sum(tuple(constant))) if len(constant) > 1 else ZERO
    return Term(
        Power(Constant("e"), head) if head != ZERO else ONE,
        linear=simplified(Sum(tuple(linear))) if len(linear) > 1 else ZERO,
        square=simplified(Sum(tuple(square))) if len(square) > 1 else ZERO,
    )


# ---- integrals -----------------------------------------------------------------------------------


def _integral(
    term: Term,
    lower: Expr | None,
    upper: Expr | None,
    conditions: tuple[Condition, ...] = (),
    definitions: Definitions = NO_DEFINITIONS,
) -> Expr:
    """The integral of a term against the normal density between two bounds; b < 1/2 must be shown for e^(b*z^2)."""
    if term.power > HIGHEST:
        raise NoClosedForm("an expectation of too high an order")
    narrowness = simplified(Sum((ONE, Negative(Product((number(2), term.square))))))
    if not _positive(narrowness, conditions, definitions):
        raise NoClosedForm("an expectation that may be infinite")
    on_a_part = lower is not None or upper is not None
    if term.cdf:
        if on_a_part or term.linear != ZERO or term.line is not None or (b := literal(term.square)) is None:
            raise NoClosedForm("a product with Phi on a part of the line")
        return Product((term.factor, _stein(term.power, term.cdf, b)))
    if term.line is not None and on_a_part:
        raise NoClosedForm("a product with Phi on a part of the line")
    exact = literal(narrowness)
    spread = number(1 / exact) if exact is not None else Quotient(ONE, narrowness)  # after completing the square
    sigma = ONE if spread == ONE else call("sqrt", spread)
    mu = simplified(Product((term.linear, spread)))
    if term.line is None:
        ends = [
            None if end is None else simplified(Quotient(Sum((end, Negative(mu))), sigma)) for end in (lower, upper)
        ]
        moments = _moments(term.power, ends[0], ends[1])
    else:
        c, d = term.line
        moved = simplified(Sum((Product((c, mu)), d))) if mu != ZERO else d
        moments = [_phi_moment(k, simplified(Product((c, sigma))), moved) for k in range(term.power + 1)]
    total = []
    for k in range(term.power + 1):
        weight = [number(comb(term.power, k)), Power(mu, number(term.power - k)), Power(sigma, number(k)), moments[k]]
        if mu == ZERO and k < term.power:
            continue
        total.append(Product(tuple(weight) if mu != ZERO else tuple(weight[2:])))
    head = Power(Constant("e"), simplified(Quotient(Product((Power(term.linear, number(2)), spread)), number(2))))
    inside = total[0] if len(total) == 1 else Sum(tuple(total))
    return simplified(Product((term.factor, sigma, head, inside)))


def _positive(expr: Expr, conditions: tuple[Condition, ...], definitions: Definitions) -> bool:
    """Whether an expression in the parameters is shown to be positive."""
    value = literal(expr)
    if value is not None:
        return value > 0
    return signs_of(expr, conditions, definitions) == frozenset({1})


def _phi_moment(n: int, c: Expr, d: Expr) -> Expr:
    """E[z^n*Phi(c*z + d)]: Phi(d/sqrt(1 + c^2)) for n = 0, and E[z*g(z)] = E[g'(z)] for the others."""
    if n == 0:
        return call("Phi", simplified(Quotient(d, call("sqrt", Sum((ONE, Power(c, number(2))))))))
    weight = Sum((ONE, Power(c, number(2))))  # phi(c*z + d)*phi(z) is a normal density in z, with 1/weight as variance
    scale = call("sqrt", weight)
    mean_of_it = Negative(Quotient(Product((c, d)), weight))
    height = Product((call("phi", Quotient(d, scale)), Quotient(ONE, scale)))
    moments = _moments(n - 1, None, None)
    inside = [
        Product(
            (
                number(comb(n - 1, k)),
                Power(mean_of_it, number(n - 1 - k)),
                Power(Quotient(ONE, scale), number(k)),
                moments[k],
            )
        )
        for k in range(n)
    ]
    parts: list[Expr] = [Product((c, height, simplified(Sum((ZERO, *inside)))))]
    if n > 1:
        parts.append(Product((number(n - 1), _phi_moment(n - 2, c, d))))
    return simplified(Sum((ZERO, *parts)))


def _moments(highest: int, lower: Expr | None, upper: Expr | None) -> list[Expr]:
    """The integrals of y^k*phi(y) between two bounds, for k up to the highest."""
    at_upper = ONE if upper is None else call("Phi", upper)
    at_lower = ZERO if lower is None else call("Phi", lower)
    found: list[Expr] = [simplified(Sum((at_upper, Negative(at_lower))))]
    for k in range(1, highest + 1):
        edge: list[Expr] = [ZERO]
        if lower is not None:
            edge.append(Product((Power(lower, number(k - 1)), call("phi", lower))))
        if upper is not None:
            edge.append(Negative(Product((Power(upper, number(k - 1)), call("phi", upper)))))
        below = Product((number(k - 1), found[k - 2])) if k > 1 else ZERO
        found.append(simplified(Sum((below, *edge))))
    return found


def _stein(n: int, k: int, b: Fraction) -> Expr:
    """E[z^n * Phi(z)^k * e^(b*z^2)] on the whole line."""
    if k == 0:
        return _integral(Term(power=n, square=number(b)), None, None)
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
    return simplified(Quotient(inside, number(1 - 2 * b)))

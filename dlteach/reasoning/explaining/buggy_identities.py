"""Broken identities of algebra: each turns a line into one that a learner writes who believes it.

A new one is a function that applies it to an expression, or returns None, and a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from dlteach.notation.tree import Call, Expr, Negative, Power, Product, Quotient, Sum, call, literal, rebuilt
from dlteach.values import frozen


@frozen
class BuggyIdentity:
    """A broken identity: its id, the sentence that names it, and what it makes of an expression."""

    id: str
    says: str
    breaks: Callable[[Expr], Expr | None]


def _minus_first_only(expr: Expr) -> Expr | None:
    if isinstance(expr, Negative) and isinstance(expr.of, Sum):
        return Sum((Negative(expr.of.terms[0]), *expr.of.terms[1:]))
    return None


def _first_term_only(expr: Expr) -> Expr | None:
    if not isinstance(expr, Product):
        return None
    for i, factor in enumerate(expr.factors):
        if isinstance(factor, Sum):
            others = (*expr.factors[:i], *expr.factors[i + 1 :])
            return Sum((Product((*others, factor.terms[0])), *factor.terms[1:]))
    return None


def _linear(name: str) -> Callable[[Expr], Expr | None]:
    def breaks(expr: Expr) -> Expr | None:
        if isinstance(expr, Call) and expr.name == name and not expr.primes and isinstance(expr.args[0], Sum):
            return _spread(expr.args[0], lambda term: call(name, term))
        return None

    return breaks


def _spread(total: Sum, each: Callable[[Expr], Expr]) -> Expr:
    return Sum(tuple(Negative(each(t.of)) if isinstance(t, Negative) else each(t) for t in total.terms))


def _power_of_sum(expr: Expr) -> Expr | None:
    if isinstance(expr, Power) and isinstance(expr.base, Sum) and literal(expr.exponent) not in (None, Fraction(1)):
        return _spread(expr.base, lambda term: Power(term, expr.exponent))
    return None


def _exponential_of_sum(expr: Expr) -> Expr | None:
    if isinstance(expr, Power) and isinstance(expr.exponent, Sum):
        return _spread(expr.exponent, lambda term: Power(expr.base, term))
    return None


def _reciprocal_of_sum(expr: Expr) -> Expr | None:
    if isinstance(expr, Quotient) and isinstance(expr.under, Sum):
        return _spread(expr.under, lambda term: Quotient(expr.over, term))
    return None


def _exponents_multiplied(expr: Expr) -> Expr | None:
    if isinstance(expr, Product) and len(expr.factors) == 2:
        a, b = expr.factors
        if isinstance(a, Power) and isinstance(b, Power) and a.base == b.base:
            return Power(a.base, Product((a.exponent, b.exponent)))
    return None


def _exponents_added(expr: Expr) -> Expr | None:
    if isinstance(expr, Power) and isinstance(expr.base, Power):
        return Power(expr.base.base, Sum((expr.base.exponent, expr.exponent)))
    return None


def _sign_of_term(expr: Expr) -> Iterator[Expr]:
    if isinstance(expr, Sum):
        for i, term in enumerate(expr.terms):
            flipped = term.of if isinstance(term, Negative) else Negative(term)
            yield Sum((*expr.terms[:i], flipped, *expr.terms[i + 1 :]))


BUGGY_IDENTITIES: tuple[BuggyIdentity, ...] = (
    BuggyIdentity("minus-first-only", "A minus before a bracket belongs to every term in it.", _minus_first_only),
    BuggyIdentity("first-term-only", "The factor multiplies every term of the bracket.", _first_term_only),
    BuggyIdentity("power-of-sum", "A power of a sum is not the sum of the powers.", _power_of_sum),
    BuggyIdentity("exponential-of-sum", "e^(a + b) is a product, e^a·e^b, not a sum.", _exponential_of_sum),
    BuggyIdentity("reciprocal-of-sum", "A quotient cannot be split at a sum in its denominator.", _reciprocal_of_sum),
    BuggyIdentity("root-of-sum", "The root of a sum is not the sum of the roots.", _linear("sqrt")),
    BuggyIdentity("logarithm-of-sum", "The logarithm of a sum is not the sum of the logarithms.", _linear("ln")),
    BuggyIdentity("exponents-multiplied", "In a product of powers the exponents are added.", _exponents_multiplied),
    BuggyIdentity("exponents-added", "In a power of a power the exponents are multiplied.", _exponents_added),
)


def buggy_readings(expr: Expr) -> Iterator[tuple[str, str, Expr]]:
    """(id, sentence, wrong line) for each broken identity at each place of a line."""
    for row in BUGGY_IDENTITIES:
        for wrong in _somewhere(expr, row.breaks):
            yield row.id, row.says, wrong
    for wrong in _sign_of_term(expr):
        yield "sign-of-a-term", "The sign of one term has changed.", wrong


def _somewhere(expr: Expr, breaks: Callable[[Expr], Expr | None]) -> Iterator[Expr]:
    """`expr` with `breaks` applied at one place."""
    here = breaks(expr)
    if here is not None:
        yield here
    for i, child in enumerate(expr.children()):
        for wrong in _somewhere(child, breaks):
            yield _with_child(expr, i, wrong)


def _with_child(expr: Expr, which: int, new: Expr) -> Expr:
    seen = -1

    def visit(child: Expr) -> Expr:
        nonlocal seen
        seen += 1
        return new if seen == which else child

    return rebuilt(expr, visit)

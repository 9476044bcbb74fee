"""Polynomials with rational coefficients in the generators of a proof (FLINT), and exact numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from flint import Ordering, fmpq_mpoly_ctx, fmpz

from dlteach.notation.backend import NotEvaluable

Poly = Any  # flint.fmpq_mpoly
KERNELS = 40
CONTEXT = fmpq_mpoly_ctx.get([f"k{i}" for i in range(KERNELS)], Ordering.lex)
GENERATORS = CONTEXT.gens()
ONE, ZERO = CONTEXT.constant(1), CONTEXT.constant(0)


class TooBig(NotEvaluable):
    """The normal form would be too large, or is not made for this expression."""


def factors(poly: Poly) -> list[tuple[Poly, int]]:
    """The irreducible factors with leading coefficient 1, and their exponents."""
    if len(poly) == 1:
        exponents = next(iter(poly.terms()))[0]
        return [(GENERATORS[i], int(n)) for i, n in enumerate(exponents) if n]
    if poly.total_degree() == 1:
        return [(poly / poly.leading_coefficient(), 1)]
    return [(f / f.leading_coefficient(), int(n)) for f, n in poly.factor()[1]]


def plain(exponents: Iterable[Any]) -> tuple[int, ...]:
    return tuple(map(int, exponents))


def by_powers(poly: Poly, i: int) -> Iterator[tuple[int, Poly]]:
    """The polynomial's coefficients in powers of a generator."""
    found: dict[int, dict[tuple[int, ...], Any]] = {}
    for exponents, coefficient in poly.terms():
        rest = plain((*exponents[:i], 0, *exponents[i + 1 :]))
        found.setdefault(int(exponents[i]), {})[rest] = coefficient
    for n, terms in found.items():
        yield n, CONTEXT.from_dict(terms)


def sign_of(value: Any) -> int:
    """-1, 0 or 1."""
    return int(value > 0) - int(value < 0)


def fraction(value: Any) -> Fraction:
    """A rational of FLINT as one of Python."""
    return Fraction(int(value.p), int(value.q))


def primes(value: Fraction) -> Iterator[tuple[int, int]]:
    """The prime factors of a positive rational with their exponents."""
    if max(value.numerator, value.denominator).bit_length() > 200:
        raise TooBig("the number is too large to factor")
    yield from ((int(p), int(n)) for p, n in fmpz(value.numerator).factor())
    yield from ((int(p), -int(n)) for p, n in fmpz(value.denominator).factor())


def normed(poly: Poly) -> tuple[Poly, bool]:
    """A polynomial scaled to leading coefficient 1, and whether that turned its sign."""
    lead = poly.leading_coefficient()
    return poly / lead, bool(lead < 0)


def coefficients(poly: Poly, i: int) -> list[object]:
    found = {int(exponents[i]): coefficient for exponents, coefficient in poly.terms()}
    return [found.get(n, 0) for n in range(max(found) + 1)]


def is_positive_combination(poly: Poly, p: Poly, q: Poly) -> bool:
    """Whether poly = a*p + b*q with positive numbers a and b."""
    table = [{tuple(map(int, e)): c for e, c in part.terms()} for part in (p, q, poly)]
    rows_of = [tuple(part.get(row, 0) for part in table) for row in sorted(set().union(*table))]
    for i, (p1, q1, r1) in enumerate(rows_of):
        for p2, q2, r2 in rows_of[i + 1 :]:
            det = p1 * q2 - p2 * q1
            if det != 0:
                a, b = (r1 * q2 - r2 * q1) / det, (p1 * r2 - p2 * r1) / det
                return bool(a > 0 and b > 0) and all(a * x + b * y == r for x, y, r in rows_of)
    return False

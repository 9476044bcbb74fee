"""The form of an expression, as opposed to its value: the order of terms, and which functions it is made of."""

from __future__ import annotations

from dlteach.course.functions import Functions
from dlteach.errors import DlteachError
from dlteach.notation.names import BUILTINS
from dlteach.notation.show import show
from dlteach.notation.tree import (
    Call,
    Constant,
    Derivative,
    Expr,
    Negative,
    Power,
    Product,
    Quotient,
    Sum,
    rebuilt,
    walk,
)
from dlteach.reasoning.algebra.simplify import simplified


def form_fault(expr: Expr, form: str, functions: Functions) -> str:
    """Why an expression is not in a form; empty where it is. Raises DlteachError for a form that is none.

    `in sigmoid` allows no other function (powers of e count as `exp`), `without max` forbids some.
    """
    word, _, rest = form.partition(" ")
    names = [functions.names.proper(name.strip()) or name.strip() for name in rest.split(",")]
    if word not in ("in", "without") or any(name not in BUILTINS and name not in functions for name in names):
        raise DlteachError(f"`{form}` is no form: write `in sigmoid`, `in Phi, phi` or `without max`")
    for node in walk(expr):
        if isinstance(node, Call):
            name = node.name
        elif isinstance(node, Power) and node.base == Constant("e"):
            name = "exp"
        else:
            continue
        if (name in names) is (word == "without") or (isinstance(node, Call) and node.primes):
            return f"`{show(node)}` is not wanted: give it {form}"
    return ""


def same_form(a: Expr, b: Expr) -> bool:
    """Whether two expressions are the same up to the order of terms and factors."""
    return canonical(a) == canonical(b)


def canonical(expr: Expr) -> Expr:
    """With nested sums and products flattened and in a fixed order; only small arithmetic is worked out."""
    return _form(simplified(expr), set())


def canonical_parts(expr: Expr) -> set[Expr]:
    """The canonical forms of an expression and of all its parts, each worked out once."""
    found: set[Expr] = set()
    _form(simplified(expr), found)
    return found


def _form(expr: Expr, found: set[Expr]) -> Expr:
    """The canonical form of what is simplified; it and those of its parts are added to `found`."""
    inner = canonical if isinstance(expr, Derivative) else lambda part: _form(part, found)  # `simplified` ends there
    form = _ordered(rebuilt(expr, inner))
    found.add(form)
    return form


def _ordered(expr: Expr) -> Expr:
    """A sum or product of canonical parts flattened and in a fixed order."""
    match expr:
        case Sum(terms):
            flat = [inner for term in terms for inner in (term.terms if isinstance(term, Sum) else (term,))]
            return Sum(tuple(sorted(flat, key=show)))
        case Negative(Product(factors)):
            return Negative(_ordered(Product(factors)))
        case Product(factors):
            over, under, sign = list[Expr](), list[Expr](), 1
            for factor in factors:
                if isinstance(factor, Negative):
                    sign, factor = -sign, factor.of
                if isinstance(factor, Quotient):
                    over.append(factor.over)
                    under.append(factor.under)
                else:
                    over += factor.factors if isinstance(factor, Product) else [factor]
            top: Expr = over[0] if len(over) == 1 else Product(tuple(sorted(over, key=show)))
            if under:
                top = Quotient(top, under[0] if len(under) == 1 else Product(tuple(sorted(under, key=show))))
            return top if sign > 0 else Negative(top)
    return expr

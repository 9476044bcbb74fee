"""Lines of a derivation: the derivative that is worked out next, and what takes its place."""

from __future__ import annotations

from collections.abc import Iterator

from dlteach.notation.tree import Derivative, Expr, Piecewise, Product, rebuilt


def leftmost(expr: Expr) -> Derivative | None:
    """The first derivative that stands outside all others, reading from the left."""
    if isinstance(expr, Derivative):
        return expr
    return next((found for child in _visible(expr) if (found := leftmost(child)) is not None), None)


def _visible(expr: Expr) -> Iterator[Expr]:
    """The parts of a line in which derivatives are worked out; conditions are left alone."""
    if isinstance(expr, Piecewise):
        yield from (branch.value for branch in expr.branches)
    else:
        yield from expr.children()


def replaced(expr: Expr, target: Derivative, new: Expr) -> Expr:
    """`expr` with the very node `target` replaced (only the first, if it occurs again); what is beside it is kept."""
    found = _visited(expr, target, new)
    return expr if found is None else found


def _visited(node: Expr, target: Derivative, new: Expr) -> Expr | None:
    """The node with the target replaced; None where it does not contain it."""
    if node is target:
        return new
    if isinstance(node, Product) and isinstance(new, Product):
        for i, factor in enumerate(node.factors):
            if factor is target:  # a product inside a product needs no brackets of its own
                return Product((*node.factors[:i], *new.factors, *node.factors[i + 1 :]))
    for child in node.children():
        if (found := _visited(child, target, new)) is not None:
            return _with(node, child, found)
    return None


def _with(node: Expr, child: Expr, new: Expr) -> Expr:
    """A node with the first of its children that is this one replaced."""
    done = False

    def put(part: Expr) -> Expr:
        nonlocal done
        if done or part is not child:
            return part
        done = True
        return new

    return rebuilt(node, put)

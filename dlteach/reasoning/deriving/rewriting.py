"""Lines of a derivation: the derivative that is worked out next, and what takes its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dlteach.notation.tree import Derivative, Expr, Piecewise, Product, rebuilt


class Lines:
    """Lines that follow from each other; what is seen to be without derivatives is not looked through again."""

    def __init__(self) -> None:
        self.finished: dict[int, Expr] = {}  # by id; they are kept, so that no other comes to have it

    def next(self, line: Expr, rule: Callable[[Derivative], Expr]) -> Expr | None:
        """The line with `rule` applied to the first derivative that stands outside all others, reading from the left.

        None where there is none; what is beside it is kept.
        """
        if isinstance(line, Derivative):
            return rule(line)
        if id(line) in self.finished:
            return None
        for child in _visible(line):
            if (found := self.next(child, rule)) is None:
                continue
            if isinstance(line, Product) and isinstance(child, Derivative) and isinstance(found, Product):
                at = next(i for i, factor in enumerate(line.factors) if factor is child)
                # a product inside a product needs no brackets of its own
                return Product((*line.factors[:at], *found.factors, *line.factors[at + 1 :]))
            return _with(line, child, found)
        self.finished[id(line)] = line
        return None


def _visible(expr: Expr) -> Iterator[Expr]:
    """The parts of a line in which derivatives are worked out; conditions are left alone."""
    if isinstance(expr, Piecewise):
        yield from (branch.value for branch in expr.branches)
    else:
        yield from expr.children()


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

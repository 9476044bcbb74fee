"""Extrema in closed form where there are parameters: the value is never exceeded, and taken at a place that is found.

`sup(f) = v` wants f <= v everywhere, which is an inequality of several variables, and a place in the domain at which f
is v: one at which the slope vanishes, an end, or a special value. `argmax(f) = c` wants f < f(c) everywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from dlteach.notation.backend import NotEvaluable
from dlteach.notation.show import show
from dlteach.notation.tree import (
    INFINITY,
    ONE,
    ZERO,
    Condition,
    Constant,
    Expr,
    Extremum,
    Limit,
    Negative,
    Quotient,
    Relation,
    Statement,
    Sum,
    Symbol,
    exchanged,
    number,
    substitute,
    symbols,
)
from dlteach.reasoning.algebra.pieces import span_of, strictly_between
from dlteach.reasoning.algebra.simplify import simplified
from dlteach.reasoning.deciding.closed_forms import constants_in
from dlteach.reasoning.deciding.goals import branches_of, branching
from dlteach.reasoning.deciding.inequalities import by_enclosure
from dlteach.reasoning.deciding.proofs import How, Proof, Question
from dlteach.reasoning.deciding.prover import NOT_NEGATIVE, POSITIVE, Prover
from dlteach.reasoning.deciding.several import by_several
from dlteach.reasoning.deciding.solved import solved

QUARTER = Quotient(Constant("pi"), number(2))
SPECIAL = (ZERO, ONE, Negative(ONE), QUARTER, Negative(QUARTER), Constant("pi"))  # places worth a look


def by_bound(question: Question) -> Proof | None:
    """`sup(…) = v`, `inf(…) = v`, `argmax(…) = c`, `argmin(…) = c`, also with parameters in them."""
    if question.sign != "=":
        return None
    for node, value in ((question.left, question.right), (question.right, question.left)):
        if isinstance(node, Extremum) and not isinstance(node.of, Extremum) and not _heavy(value):
            chooses = branching(value)
            if chooses is None:
                return _Bound(question, node, value).proof()
            names = symbols(question.relation).union(*map(symbols, question.conditions))
            cases = [
                by_bound(question.about(node, exchanged(value, chooses, taken), "=", *conditions))
                for taken, conditions in branches_of(chooses, names)
            ]
            return (
                Proof(How.EXTREMUM, f"in each of {len(cases)} cases of {show(chooses)}", exists=True)
                if all(cases)
                else None
            )
    return None


def _heavy(value: Expr) -> bool:
    return isinstance(value, Extremum) or Constant("oo") in (value, *value.children())


class _Bound:
    """One extremum against its value; the bound variable is renamed where a parameter has its name."""

    def __init__(self, question: Question, node: Extremum, value: Expr) -> None:
        self.node, self.value = node, value
        taken = symbols(value).union(symbols(node), *map(symbols, question.conditions))
        self.name = node.variable.name
        while self.name in taken:
            self.name += "_"
        self.f = substitute(node.of, {node.variable.name: Symbol(self.name)})
        self.up = node.kind in ("sup", "argmax")
        span = span_of(node.domain)
        if span.lower is not None and span.upper is not None:  # else there is no value
            sign = "<" if span.open_below or span.open_above else "<="
            question = replace(question, conditions=(*question.conditions, Relation((span.lower, span.upper), (sign,))))
        self.question = question
        self.prover = Prover(question.functions, question.deadline, question.conditions, constants_in((node, value)))

    def proof(self) -> Proof | None:
        if self.node.kind in ("argmin", "argmax"):
            return self.place()
        for at in self.places():
            taken = simplified(substitute(self.f, {self.name: at}))
            if not self.inside(at) or not self.prover.zero(Sum((taken, Negative(self.value)))):
                continue
            if self.bounded(self.value, strict=False):
                return Proof(How.EXTREMUM, f"taken at {self.name} = {show(at)}, and nowhere exceeded", exists=True)
            return None
        return self.approached()

    def approached(self) -> Proof | None:
        """An end at which f tends to the value, which it does not exceed."""
        span, v = span_of(self.node.domain), Symbol(self.name)
        for end, is_open, far, side in (
            (span.lower, span.open_below, Negative(INFINITY), "+"),
            (span.upper, span.open_above, INFINITY, "-"),
        ):
            if end is not None and not is_open:
                continue
            at = far if end is None else end
            limit = Limit(self.f, v, at, "" if end is None else side)
            tends = Statement(Relation((limit, self.value), ("=",)), self.question.conditions)
            if self.question.ask(tends).holds and self.bounded(self.value, strict=False):
                return Proof(
                    How.EXTREMUM, f"approached as {self.name} -> {show(at)}, and nowhere exceeded", exists=True
                )
        return None

    def place(self) -> Proof | None:
        """The only place: f is on one side of f(c) on both sides of c."""
        top = simplified(substitute(self.f, {self.name: self.value}))
        if not self.inside(self.value) or not self.prover.under(*self.domain()).real(top):
            return None
        v = Symbol(self.name)
        for sign in ("<", ">"):
            if not self.bounded(top, True, Relation((v, self.value), (sign,))):
                return None
        return Proof(
            How.EXTREMUM, f"it is {show(top)} there, {'less' if self.up else 'more'} on both sides", exists=True
        )

    def domain(self) -> tuple[Condition, ...]:
        """Where the variable is."""
        span = span_of(self.node.domain)
        ends = strictly_between(self.name, span.lower, span.upper)
        closed = {">": not span.open_below, "<": not span.open_above}
        return tuple(
            Relation(end.sides, (f"{end.signs[0]}=",)) if isinstance(end, Relation) and closed[end.signs[0]] else end
            for end in ends
        )

    def inside(self, at: Expr) -> bool:
        """Whether a place is shown to belong to the domain, and to have a value, whatever the parameters."""
        if not self.prover.real(at):
            return False
        for bound in self.domain():
            assert isinstance(bound, Relation)
            left, right = (substitute(side, {self.name: at}) for side in bound.sides)
            gap = Sum((left, Negative(right))) if bound.signs[0][0] == ">" else Sum((right, Negative(left)))
            if not self.prover.has_signs(gap, NOT_NEGATIVE if len(bound.signs[0]) == 2 else POSITIVE):
                return False
        return True

    def bounded(self, value: Expr, strict: bool, *more: Condition) -> bool:
        """Whether f does not exceed a value, or stays below it."""
        gap = Sum((value, Negative(self.f))) if self.up else Sum((self.f, Negative(value)))
        if self.prover.under(*self.domain(), *more).has_signs(gap, POSITIVE if strict else NOT_NEGATIVE):
            return True
        sign = ("<" if self.up else ">") + ("" if strict else "=")
        question = self.question.about(self.f, value, sign, *self.domain(), *more)
        for method in (by_enclosure, by_several):
            with suppress(NotEvaluable):
                if isinstance(method(question), Proof):
                    return True
        return False

    def places(self) -> Iterator[Expr]:
        """Where the extreme value may be taken."""
        with suppress(NotEvaluable):
            yield from solved(self.prover.slope(self.f, self.name), self.name)
        span = span_of(self.node.domain)
        yield from (end for end in (span.lower, span.upper) if end is not None)
        yield from (Symbol(name) for name in sorted(symbols(self.f) - {self.name}))
        yield from SPECIAL

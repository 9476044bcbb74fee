"""Derivatives whose ties cannot be solved for: what they are where two sides meet is said by the sides' own slopes.

At a kink of |u|, max and min the slopes from the right and from the left are written down, and count where they agree.
Where two branches of a piecewise meet they count where values and slopes agree, if the sides of the condition cross.
Anywhere else the value is a function without a definition, so that nothing can be shown of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from dlteach.notation.show import show
from dlteach.notation.tree import (
    ONE,
    ZERO,
    Branch,
    Call,
    Expr,
    Extremum,
    Integral,
    Limit,
    Moment,
    Negative,
    Piecewise,
    Power,
    Product,
    Relation,
    Sum,
    Symbol,
    call,
    exchanged,
    literal,
    substitute,
    walk,
)
from dlteach.reasoning.algebra.pieces import NOWHERE
from dlteach.reasoning.algebra.places import HOLDS
from dlteach.reasoning.algebra.simplify import simplified
from dlteach.reasoning.algebra.singular import STEPS, Kind, Tie, differs, needs
from dlteach.reasoning.deriving.derive import Walker
from dlteach.reasoning.deriving.formulas import Formulas
from dlteach.reasoning.deriving.steps import CannotDerive
from dlteach.values import replace

MOST_BRANCHES = 64
MOST_NODES = 400  # of a one-sided slope


class Structural(Formulas):
    """Derivatives in one variable by the structure of f, at all points."""

    # ---- one derivative -----------------------------------------------------------------------

    def once(self, f: Expr) -> Expr:
        """The derivative of f, exactly."""
        if not self.moving(f):
            return self.constant(f)
        chosen = self.chosen(f)
        return self.plain(f) if chosen is None else self.piecewise(f, chosen)

    def constant(self, f: Expr) -> Expr:
        """0, where f has a value."""
        return self.guarded(ZERO, f)

    def plain(self, f: Expr) -> Expr:
        """Without a piecewise that knows the variable."""
        found = self.ties(f)
        branches: list[Branch] = []
        apart: list[Relation] = []  # ties at which there is no derivative
        for tie in found:
            if tie.kind is Kind.KINK:
                continue
            if tie.kind is Kind.POWER:
                branches.append(Branch(self.unknown(f), tie.place))
                continue
            value = self.at_base(f, tie) if tie.kind is Kind.BASE else self.at_end(f, tie)
            if value is None:
                apart.append(differs(tie.left, tie.right))
            else:
                branches.append(Branch(value, tie.place))
        kinks = [tie for tie in found if tie.kind is Kind.KINK]
        if kinks:
            here = self.at_kinks(f)
            branches += [Branch(here, tie.place) for tie in kinks]
        formula = self.formula(f)
        inner = Piecewise((*branches, Branch(formula, None))) if branches else formula
        for relation in apart:
            inner = Piecewise((Branch(inner, relation),))
        return self.guarded(inner, f, ends=True)

    def at_kinks(self, f: Expr) -> Expr:
        """The slope from both sides, where they agree."""
        try:
            right, left = self.beside(f, 1), self.beside(f, -1)
        except CannotDerive:
            return self.unknown(f)
        return Piecewise((Branch(right, Relation((right, left), ("=",))),))

    def at_base(self, f: Expr, tie: Tie) -> Expr | None:
        """u^n at u = 0: the formula for a whole n, but for n = 0, where it is the constant 1."""
        assert isinstance(tie.node, Power)
        n = tie.node.exponent
        rest = exchanged(f, tie.node, Symbol("k_"))
        apart = self.is_smooth(rest) and Formulas("k_", self.functions).is_smooth(rest)
        if not apart or not self.is_smooth(tie.left):
            return self.unknown(f)
        without = self.formula(substitute(rest, {"k_": ONE}))
        branches = [
            Branch(without, Relation((n, ZERO), ("=",))),
            Branch(self.formula(f), Relation((n, call("floor", n)), ("=",))),
        ]
        rise = self.formula(tie.left)
        if not literal(rise):  # else u < 0 on one side, where the power has no value
            branches.append(Branch(self.unknown(f), Relation((rise, ZERO), ("=",))))
        return Piecewise(tuple(branches))

    def at_end(self, f: Expr, tie: Tie) -> Expr | None:
        """At a root's or a domain's end, or a jump: none where f is that function and a smooth rest, and u' != 0."""
        rest = exchanged(f, tie.node, Symbol("k_"))
        by_node = Formulas("k_", self.functions)
        if isinstance(tie.node, Integral) or not (self.is_smooth(rest) and by_node.is_smooth(rest)):
            return self.unknown(f)
        step = isinstance(tie.node, Call) and tie.node.name in STEPS
        gap = tie.left if step else Sum((tie.left, Negative(tie.right)))
        if not literal(by_node.formula(rest)) or not self.is_smooth(gap):
            return self.unknown(f)
        rise = self.formula(gap)
        return None if literal(rise) else Piecewise((Branch(self.unknown(f), Relation((rise, ZERO), ("=",))),))

    def beside(self, f: Expr, side: int) -> Expr:
        """The slope from the right (1) or the left (-1), for |u|, max, min and smooth functions of them."""
        if not self.moving(f):
            return ZERO
        kinked = list(dict.fromkeys(self.kinked(f)))
        if not kinked:
            return self.formula(f)
        rest, names = f, {}
        for i, node in enumerate(kinked):
            names[f"k_{i}"] = node
            rest = exchanged(rest, node, Symbol(f"k_{i}"))
        terms = [self.formula(rest)]
        for name, node in names.items():
            by_node = Walker(self.functions, name, False, self.total).worked_out(rest)
            terms.append(Product((by_node, self.of_kinked(node, side))))
        return simplified(substitute(Sum(tuple(terms)), names))

    def kinked(self, f: Expr) -> Iterator[Call]:
        """The outermost |u|, max and min that know the variable."""
        if isinstance(f, Call) and f.name in ("abs", "max", "min") and not f.primes and self.moving(f):
            yield f
        else:
            for child in f.children():
                yield from self.kinked(child)

    def of_kinked(self, node: Call, side: int) -> Expr:
        """The one-sided slope of |u| = max(u, -u), max or min: at a tie the steeper or the flatter branch counts."""
        args = (node.args[0], Negative(node.args[0])) if node.name == "abs" else node.args
        upper = node.name != "min"
        best, rise = args[0], self.beside(args[0], side)
        for other in args[1:]:
            there = self.beside(other, side)
            steeper = call("max" if upper is (side > 0) else "min", rise, there)
            rise = Piecewise(
                (
                    Branch(rise, Relation((best, other), (">" if upper else "<",))),
                    Branch(there, Relation((best, other), ("<" if upper else ">",))),
                    Branch(steeper if rise != there else rise, None),
                )
            )
            best = call("max" if upper else "min", best, other)
        if sum(1 for _ in walk(rise)) > MOST_NODES:
            raise CannotDerive("its one-sided slopes are too long")
        return rise

    # ---- piecewise ----------------------------------------------------------------------------

    def piecewise(self, f: Expr, chosen: Piecewise) -> Expr:
        """The branches' derivatives inside, and what can be said where a condition is an equality."""
        branches = [Branch(exchanged(f, chosen, b.value), b.condition) for b in chosen.branches]
        if len(branches) > MOST_BRANCHES:
            raise CannotDerive("it has too many branches")
        pairs = [link.sides for b in branches for link in _links(b.condition) if self.moving(link)]
        pairs = [pair for i, pair in enumerate(pairs) if pair not in pairs[:i] and pair[::-1] not in pairs[:i]]
        tied = [Branch(self.unknown_where(f, branches), place) for place in self.borders(chosen)]
        for pair in pairs:
            value = self.at_tie(f, branches, pair[0], pair[1])
            if value is None:
                continue
            others = [Branch(self.unknown(f), Relation(other, ("=",))) for other in pairs if other != pair]
            value = Piecewise((*others, Branch(value, None))) if others else value
            tied.append(Branch(value, Relation(pair, ("=",))))
        inside = [Branch(self.once(b.value), b.condition) for b in branches]
        return Piecewise((*tied, *inside))

    def unknown_where(self, f: Expr, branches: list[Branch]) -> Expr:
        """Unknown where f has a value."""
        return Piecewise(tuple(replace(branch, value=self.unknown(f)) for branch in branches))

    def borders(self, chosen: Piecewise) -> list[Relation]:
        """Where a side of a condition may jump, or ends; anywhere else it is continuous where it has a value."""
        found: list[Relation] = []
        for side in (side for b in chosen.branches if b.condition is not None for side in b.condition.sides):
            if not self.moving(side):
                continue
            strange = any(isinstance(n, (Moment, Limit, Extremum)) and self.moving(n) for n in walk(side))
            if strange or self.chosen(side) is not None:
                raise CannotDerive(f"it is not known where `{show(side)}` is continuous")
            found += [tie.place for tie in self.ties(side) if tie.kind is not Kind.KINK]
        return list(dict.fromkeys(found))

    def at_tie(self, f: Expr, branches: list[Branch], left: Expr, right: Expr) -> Expr | None:
        """What the derivative is where two sides of a condition meet and those of no other do; None for no branch."""
        low, here, high = (_beside(branches, left, right, sign) for sign in (-1, 0, 1))
        if not here:
            return None
        gap = Sum((left, Negative(right)))
        if not self.is_smooth(gap):
            return self.unknown(f)
        rise = self.formula(gap)
        if not low or not high:  # it has no value on one side, if the two cross
            return self.unless_touching(f, rise, NOWHERE)
        values = [_as_one(b) for b in (low, high, here)]
        if any(not self.is_smooth(b.value) for part in (low, high) for b in part):
            return self.unknown(f)
        if any(
            self.moving(n)
            for part in (low, high)
            for b in part
            for n in needs(b.value, self.definitions, self.variable)
        ):
            return self.unknown(f)
        slopes = [_as_one(tuple(replace(b, value=self.formula(b.value)) for b in part)) for part in (low, high)]
        value: Expr = slopes[0]
        if slopes[0] != slopes[1]:
            value = Piecewise((Branch(value, Relation((slopes[0], slopes[1]), ("=",))),))
        for one, two in dict.fromkeys(pairwise(values)):
            if one != two:
                value = Piecewise((Branch(value, Relation((one, two), ("=",))),))
        return self.unless_touching(f, rise, value)

    def unless_touching(self, f: Expr, rise: Expr, value: Expr) -> Expr:
        """A value where two sides cross; where they only touch, or are the same, nothing is known."""
        if literal(rise):
            return value
        return Piecewise((Branch(self.unknown(f), Relation((rise, ZERO), ("=",))), Branch(value, None)))


def _beside(branches: Sequence[Branch], left: Expr, right: Expr, sign: int) -> tuple[Branch, ...]:
    """The branches where left - right has a sign: what is said of these two is true or false."""
    found: list[Branch] = []
    for branch in branches:
        links = _links(branch.condition)
        truths = [_truth(link, left, right, sign) for link in links]
        if False in truths:
            continue
        rest = [link for link, truth in zip(links, truths, strict=True) if truth is None]
        if len(rest) > 1:
            raise CannotDerive("a chain of several conditions is not differentiated")
        found.append(Branch(branch.value, rest[0] if rest else None))
        if not rest:
            break
    return tuple(found)


def _links(condition: Relation | None) -> list[Relation]:
    if condition is None:
        return []
    sides, signs = condition.sides, condition.signs
    return [Relation((a, b), (sign,)) for a, sign, b in zip(sides, signs, sides[1:], strict=False)]


def _truth(link: Relation, left: Expr, right: Expr, sign: int) -> bool | None:
    """What a link says where left - right has a sign; None where it speaks of something else."""
    if link.sides == (left, right):
        return HOLDS[link.signs[0]](sign)
    return HOLDS[link.signs[0]](-sign) if link.sides == (right, left) else None


def _as_one(branches: tuple[Branch, ...]) -> Expr:
    """What the branches are together."""
    return branches[0].value if branches[0].condition is None else Piecewise(branches)

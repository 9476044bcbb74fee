"""The formula of a derivative, and where it is the derivative: on the open domain of a function without ties.

f is what is differentiated, x the variable, u the argument of a function.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from dlteach.course.functions import Functions
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.show import show
from dlteach.notation.tree import (
    INFINITY,
    ONE,
    ZERO,
    BigSum,
    Branch,
    Call,
    Constant,
    Expr,
    Integral,
    Negative,
    Node,
    Piecewise,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    literal,
    number,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.coefficients import affine, coefficients
from dlteach.reasoning.algebra.facts import FACTS, Growth
from dlteach.reasoning.algebra.pieces import inlined
from dlteach.reasoning.algebra.places import HOLDS, Places
from dlteach.reasoning.algebra.simplify import simplified
from dlteach.reasoning.algebra.singular import Kind, Tie, implied, needs, powers_in, ties
from dlteach.reasoning.deriving.derive import Walker
from dlteach.reasoning.deriving.steps import CannotDerive

UNKNOWN = "the derivative of "  # begins the name of a function that stands for a slope that is not known


def is_unknown(name: str) -> bool:
    """Whether a function stands for a slope of which nothing is known."""
    return name.startswith(UNKNOWN)


class Formulas:
    """Derivatives in one variable."""

    def __init__(self, variable: str, functions: Functions) -> None:
        self.variable, self.functions, self.definitions = variable, functions, functions.definitions

    # ---- formulas -----------------------------------------------------------------------------

    def formula(self, f: Expr, order: int = 1) -> Expr:
        """What the rules give; lemmas only where they have a value everywhere."""
        for _ in range(order):
            f = Walker(self.functions, self.variable, False, self.total).worked_out(f)
        return f

    def total(self, lemma: Expr) -> bool:
        """Whether a lemma has a value everywhere, and no ties."""
        chosen = any(isinstance(node, Piecewise) for node in walk(inlined(lemma, self.definitions)))
        return not chosen and not any(
            next(iter(needs(lemma, self.definitions)), None) or ties(lemma, name, self.definitions)
            for name in symbols(lemma)
        )

    def moving(self, node: Node) -> bool:
        return self.variable in symbols(node)

    def is_smooth(self, f: Expr) -> bool:
        """Whether f has derivatives of every order inside its domain, which is open."""
        return not self.chosen(f) and not self.ties(f)

    def chosen(self, f: Expr) -> Piecewise | None:
        """A piecewise in f that knows the variable, an outer one before those in it."""
        waiting = [f]
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, Piecewise) and self.moving(node):
                return node
            if not isinstance(node, Integral | BigSum):
                waiting += node.children()
        return None

    def guarded(self, formula: Expr, f: Expr, ends: bool = False, shown: Iterable[Relation | Expr] = ()) -> Expr:
        """A formula where f has a value, and so have its neighbours; only what the formula does not say by itself.

        With `ends` those of the domain belong to it: the formula looks at them itself.
        """
        known = (powers_in(formula) if ends else implied(formula, self.definitions)) | set(shown)
        wanted: list[Relation] = []
        for need in needs(f, self.definitions, self.variable, ends):
            if need in known:
                continue
            known.add(need)
            if isinstance(need, Relation):
                wanted += [] if not symbols(need) and self.holds(need) else [need]
            elif (isinstance(need, Power) and Power(need.base, Symbol("")) in known) or self.is_whole(need):
                continue
            elif not isinstance(need, Integral):
                formula = _where_real(formula, need)
            elif not self.is_fine(need):
                formula = self.where_it_converges(formula, need)
        for relation in wanted:
            formula = Piecewise((Branch(formula, relation),))
        return formula

    def where_it_converges(self, formula: Expr, integral: Integral) -> Expr:
        """Where no pole lies between the ends; elsewhere the integral itself has to be asked."""
        of, bound = integral.of, integral.variable.name
        asked = _where_real(formula, integral)
        ends = (integral.lower, integral.upper)
        sides: list[Relation] = []
        for need in needs(of, self.definitions):
            if not isinstance(need, Relation) or len(need.signs) > 1:
                return asked
            left, right = need.sides
            gap = _root(left) if right == ZERO and need.signs == ("!=",) else Sum((left, Negative(right)))
            line = affine(gap, bound)
            if line is None or not literal(line[0]):
                return asked
            here = tuple(simplified(substitute(gap, {bound: end})) for end in ends)
            if need.signs == ("!=",):
                sides.append(Relation((simplified(Product(here)), ZERO), (">",)))
            else:
                sides += [Relation((end, ZERO), need.signs) for end in here]
        if any(isinstance(node, Piecewise) for node in walk(of)) or any(INFINITY in walk(end) for end in ends):
            return asked
        if any(tie.kind is not Kind.KINK for tie in ties(of, bound, self.definitions)):
            return asked
        sides = [side for side in sides if symbols(side) or not self.holds(side)]
        pole = isinstance(of, Quotient) and literal(of.over) is not None and affine(_root(of.under), bound) is not None
        for relation in sides:
            formula = Piecewise((Branch(formula, relation), *(() if pole else (Branch(asked, None),))))
        return formula

    def holds(self, relation: Relation) -> bool:
        """Whether a relation between constants is shown to hold."""
        line = Places("", {}, self.definitions)
        try:
            return all(
                HOLDS[sign](line.order(a, b))
                for a, sign, b in zip(relation.sides, relation.signs, relation.sides[1:], strict=False)
            )
        except NotEvaluable:
            return False

    def is_fine(self, integral: Integral) -> bool:
        """Whether an integral is seen to have a value: a continuous function between finite ends."""
        of, bound = inlined(integral.of, self.definitions), integral.variable.name
        for end in (integral.lower, integral.upper):
            side = {INFINITY: 1, Negative(INFINITY): -1}.get(end, 0)
            if INFINITY in walk(end) and not (side and _fades(of, bound, side)):
                return False
        if any(isinstance(n, Piecewise) and bound in symbols(n) for n in walk(of)):
            return False
        jumping = any(tie.kind is not Kind.KINK for tie in ties(of, bound, self.definitions))
        return not jumping and next(iter(needs(of, self.definitions)), None) is None

    def unknown(self, f: Expr) -> Expr:
        """A value of which nothing is known."""
        names = sorted(symbols(f) | {self.variable})
        return Call(f"{UNKNOWN}{show(f)} in {self.variable}", tuple(map(Symbol, names)))

    def ties(self, f: Expr) -> list[Tie]:
        """The ties of f, those of an integrand at its ends included."""
        found = ties(f, self.variable, self.definitions)
        for node in walk(f):
            if isinstance(node, BigSum) and self.moving(node.of):
                found += self.of_sum(node)
            if isinstance(node, Integral) and self.moving(node):
                found += self.at_ends(node)
        return found

    def of_sum(self, node: BigSum) -> list[Tie]:
        """A finite sum is differentiated term by term, where that says no less and no more than the terms do."""
        if any(isinstance(end, Constant) and end.name == "oo" for end in (*walk(node.lower), *walk(node.upper))):
            raise CannotDerive("a series is not differentiated term by term: that needs a reason")
        inner = ties(node.of, self.variable, self.definitions)
        start = literal(node.lower)
        if self.chosen(node.of) is not None or not all(_is_power_of(tie, node) for tie in inner):
            raise CannotDerive("a sum of functions with kinks or ends is not differentiated")
        if inner and (start is None or start < 0 or any(node.variable.name in symbols(tie.left) for tie in inner)):
            raise CannotDerive("a sum of powers that may be negative is not differentiated")
        # u^i has the slope i*u^(i - 1)*u' at u = 0, too, but for i = 0
        return [] if not inner or (start or 0) >= 1 else [Tie(node, tie.left, ZERO, Kind.POWER) for tie in inner]

    def is_whole(self, node: Expr) -> bool:
        """Whether the derivative of a sum's terms says by itself where the sum has a value."""
        if (
            not isinstance(node, BigSum)
            or not self.moving(node.of)
            or self.moving(node.lower)
            or self.moving(node.upper)
        ):
            return False
        known = implied(self.formula(node.of), self.definitions)
        return all(
            need in known or (isinstance(need, Power) and Power(need.base, Symbol("")) in known)
            for need in needs(node.of, self.definitions, self.variable)
        )

    def at_ends(self, node: Integral) -> Iterator[Tie]:
        """Where an integrand may not be continuous at an end that moves."""
        of, bound = inlined(node.of, self.definitions), node.variable.name
        if self.moving(of) and self.variable != bound:
            return
        places = [(tie.left, tie.right) for tie in ties(of, bound, self.definitions) if tie.kind is not Kind.KINK]
        for inner in walk(of):
            if isinstance(inner, Piecewise):
                places += [pair for b in inner.branches if b.condition for pair in pairwise(b.condition.sides)]
        for end in (node.lower, node.upper):
            if self.moving(end):
                for left, right in places:
                    if bound in symbols(left) | symbols(right):
                        put = {bound: end}
                        yield Tie(node, substitute(left, put), substitute(right, put), Kind.END)


def _where_real(formula: Expr, part: Expr) -> Expr:
    """A formula where a part has a value, for which no relation is known."""
    return Piecewise((Branch(formula, Relation((Power(part, number(2)), Negative(ONE)), (">",))),))


def _root(expr: Expr) -> Expr:
    """u of u^n with n >= 1."""
    return expr.base if isinstance(expr, Power) and (literal(expr.exponent) or 0) >= 1 else expr


def _fades(of: Expr, bound: str, side: int) -> bool:
    """Whether an integrand is seen to fall faster than every power of its variable: p(t)*e^q(t)*b(t) with q -> -oo."""
    factors = of.factors if isinstance(of, Product) else (of.of,) if isinstance(of, Negative) else (of,)
    fading = False
    for factor in factors:
        match factor:
            case Call("phi", (u,), 0):
                row = coefficients(u, bound)
                fading |= row is not None and len(row) == 2 and bool(literal(row[1]))
            case Power(Constant("e"), u) | Call("exp", (u,), 0):
                row = coefficients(u, bound)
                top = literal(row[-1]) if row is not None and len(row) > 1 else None
                if row is None or top is None:
                    return False
                if top * side ** (len(row) - 1) >= 0:
                    return False
                fading = True
            case Call(name, _, 0) if name in FACTS and FACTS[name].growth is Growth.BOUNDED and FACTS[name].total:
                continue
            case _ if coefficients(factor, bound) is None:
                return False
    return fading


def _is_power_of(tie: Tie, node: BigSum) -> bool:
    return isinstance(tie.node, Power) and tie.node.exponent == node.variable

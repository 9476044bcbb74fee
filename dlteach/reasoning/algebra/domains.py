"""What must hold for an expression to have a value, to be continuous, or to have derivatives.

`obligations` walks an expression once and asks each part's row: `facts` for the functions, `CONSTRUCTS` for the rest.
An obligation that no row knows has no relation, so that nobody can discharge it. All of them together are enough;
those that are `necessary` must hold wherever there is a value. A branch of a piecewise owes its obligations only where
it is taken; for continuity, on the closure of that, where it must agree with the branches beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations

from dlteach.notation.backend import Definition, Definitions
from dlteach.notation.names import BUILTINS
from dlteach.notation.tree import (
    ONE,
    ZERO,
    BigSum,
    Branch,
    Call,
    Condition,
    Constant,
    Derivative,
    Expr,
    Extremum,
    Integral,
    IsInteger,
    Limit,
    Moment,
    Negative,
    Number,
    Piecewise,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    call,
    is_noise,
    literal,
    number,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.facts import FACTS, relations
from dlteach.reasoning.algebra.owing import BOUNDED, CONTINUOUS, REAL, Need, Obligation, Way, Where
from dlteach.reasoning.algebra.pieces import affine
from dlteach.reasoning.algebra.relations import NEGATED, TURNED, closure, merged, plainly, singles
from dlteach.reasoning.algebra.simplify import simplified
from dlteach.values import replace

MOST_TERMS = 12  # of a sum that is written out
MOST_WAYS = 16  # in which the conditions before a branch may fail
MOST_PARTS = 5_000
DEEPEST = 40  # definitions inside definitions

__all__ = ["BOUNDED", "CONSTRUCTS", "CONTINUOUS", "REAL", "Need", "Obligation", "domain", "obligations"]


def obligations(
    expr: Expr,
    need: int,
    definitions: Definitions,
    variable: str | frozenset[str] = "",
    conditions: Iterable[Condition] = (),
) -> Iterator[Obligation]:
    """What must hold for `expr` to be as `need` says.

    That is meant in one variable or several together, the other symbols being fixed, or in all symbols. Of
    `conditions` it is used which symbols are integers, and that their names are taken.
    """
    conditions = tuple(conditions)
    whole = frozenset(condition.symbol.name for condition in conditions if isinstance(condition, IsInteger))
    taken = symbols(expr).union(*map(symbols, conditions))
    moving = (
        variable if isinstance(variable, frozenset) else frozenset({variable}) if variable else symbols(expr) - whole
    )
    walker = _Walker(definitions, set(taken), set(whole))
    yield from dict.fromkeys(walker.of(expr, need, Where(), moving))


def domain(expr: Expr, variable: str, definitions: Definitions | None = None) -> list[Relation]:
    """Where an expression can have a value, as far as that is an interval: `variable > c` and its kin."""
    found = []
    for obligation in obligations(expr, REAL, definitions or {}, variable):
        if obligation.given or not obligation.necessary or obligation.relation is None:
            continue
        for left, sign, right in obligation.relation.links():
            line = affine(Sum((left, Negative(right))), variable)
            slope, constant = (None, None) if line is None else (literal(line[0]), literal(line[1]))
            if slope and constant is not None and sign[0] in "<>":
                bound = simplified(number(-constant / slope))
                turned = sign if slope > 0 else sign.translate(TURNED)
                found.append(Relation((Symbol(variable), bound), (turned,)))
    return found


def _positive(base: Expr) -> bool:
    value = literal(base)
    return value > 0 if value is not None else base in (Constant("e"), Constant("pi"))


class _Walker:
    """`of` goes through an expression; `moving` are the symbols in which it is to be continuous or smooth."""

    def __init__(self, definitions: Definitions, taken: set[str], whole: set[str]) -> None:
        self.definitions, self.taken, self.whole = definitions, taken, whole
        self.depth = self.parts = 0

    def of(self, expr: Expr, need: int, where: Where, moving: frozenset[str]) -> Iterator[Obligation]:
        self.parts += 1
        if self.parts > MOST_PARTS:
            yield Obligation(None, where.given, expr, need=need)
            return
        if not symbols(expr) & moving:
            need = REAL
        row = CONSTRUCTS.get(type(expr))
        yield from row(self, expr, need, where, moving) if row else self.unknown(expr, need, where, moving)

    def children(self, expr: Expr, need: int, where: Where, moving: frozenset[str]) -> Iterator[Obligation]:
        """A part that is as good as the parts inside it."""
        for child in expr.children():
            yield from self.of(child, need, where, moving)

    def unknown(self, expr: Expr, need: int, where: Where, moving: frozenset[str]) -> Iterator[Obligation]:
        yield Obligation(None, where.given, expr, need=need)

    def must(self, relation: Relation, part: Expr, where: Where, necessary: bool = False) -> Iterator[Obligation]:
        """The relation, unless it holds plainly."""
        if not plainly(relation):
            yield Obligation(relation, where.given, part, necessary and not where.relaxed)

    def fresh(self, variable: Symbol) -> Symbol:
        """A name for a bound variable that nothing else has."""
        name = variable.name
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return Symbol(name)

    # ---- arithmetic ---------------------------------------------------------------------------

    def constant(self, expr: Expr, need: int, where: Where, moving: frozenset[str]) -> Iterator[Obligation]:
        if expr == Constant("oo"):
            yield Obligation(None, where.given, expr, need=need)

    def quotient(self, expr: Quotient, need: int, where: Where, moving: frozenset[str]) -> Iterator[Obligation]:
        yield from self.of(expr.over, need, where, moving)
        yield from self.of(expr.under, _beyond_bounded(need), where, moving)
        yield from self.must(Relation((expr.under, ZERO), ("!=",)), expr, where, True)

    def power(self, expr: Power, need: int, where: Where, moving: frozenset[str]) -> Iterator[Obligation]:
        base, exponent = expr.base, expr.exponent
        n = literal(exponent)
        total = (n is not None and n.denominator == 1 and n >= 0) or _positive(base)
        yield from self.of(base, need if total else _beyond_bounded(need), where, moving)
        yield from self.of(exponent, need if _positive(base) else _beyond_bounded(need), where, moving)
        if total:
            return
        if literal(base) == 0 and n is None:  # 0^v is 0, and 1 where v = 0
            yield from self.must(Relation((exponent, ZERO), (">=",)), expr, where, True)
            if need > REAL:
                yield from self.must(Relation((exponent, ZERO), (">",)), expr, where)
        elif n is None and (literal(base) or 0) < 0 and not self.integral(exponent):  # real at integers only
            yield from self.must(Relation((call("floor", exponent), exponent), ("=",)), expr, where, True)
            if need > REAL:
                yield Obligation(None, where.given, expr, need=need)
        elif n is None and self.integral(exponent) and not symbols(exponent) & moving:
            below = Relation((exponent, ZERO), ("<",))
            yield from self.must(
                Relation((base, ZERO), ("!=",)), expr, replace(where, given=(*where.given, below)), True
            )
        elif n is None:
            yield from self.must(Relation((base, ZERO), (">",)), expr, where)
        elif n.denominator == 1:
            yield from self.must(Relation((base, ZERO), ("!=",)), expr, where, True)
        else:
            yield from self.must(Relation((base, ZERO), (">=" if n > 0 else ">",)), expr, where, True)
            if need > 0 and n > 0:
                yield from self.must(Relation((base, ZERO), (">",)), expr, where)

    def integral(self, expr: Expr) -> bool:
        """Whether an expression is an integer by its form."""
        match expr:
            case Number(value):
                return value.denominator == 1
            case Symbol(name):
                return name in self.whole
            case Negative() | Sum() | Product():
                return all(map(self.integral, expr.children()))
        return False

    # ---- functions ----------------------------------------------------------------------------

    def call(self, expr: Call, need: int, where: Where, moving: frozenset[str]) -> Iterator[Obligation]:
        if expr.name in BUILTINS:
            yield from self.builtin(expr, need, where, moving)
        elif expr.name in self.definitions and self.depth < DEEPEST:
            definition = self.definitions[expr.name]
            for arg in expr.args:  # also one that the definition does not use
                yield from self.of(arg, REAL, where, moving)
            self.depth += 1
            if expr.primes:
                yield from self.primed(expr, definition, need, where, moving)
            else:
                yield from self.of(definition.applied(expr.args), need, where, moving)
            self.depth -= 1
        else:
            yield Obligation(None, where.given, expr, need=need)

    def primed(
        self, expr: Call, definition: Definition, need: int, where: Where, moving: frozenset[str]
    ) -> Iterator[Obligation]:
        """f'(u): what d/dt f(t) owes at t = u."""
        u = expr.args[0]
        yield from self.of(u, _beyond_bounded(need), where, moving)
        inner = self.fresh(Symbol("t"))
        of = Derivative(definition.applied((inner, *expr.args[1:])), inner, expr.primes)
        for found in self.of(of, need, where, moving | {inner.name} if symbols(u) & moving else moving):
            at = {inner.name: u}
            relation = None if found.relation is None else substitute(found.relation, at)
            given = tuple(substitute(condition, at) for condition in found.given)
            yield Obligation(relation, given, expr, found.necessary, found.need)

    def builtin(self, expr: Call, need: int, where: Where, moving: frozenset[str]) -> Iterator[Obligation]:
        row = FACTS[expr.name]
        for arg in expr.args:
            yield from self.of(arg, need if row.total and not expr.primes else _beyond_bounded(need), where, moving)
        if expr.name in ("max", "min"):
            if expr.primes:
                yield Obligation(None, where.given, expr, need=need)
            elif need > 0:
                for a, b in combinations(dict.fromkeys(expr.args), 2):
                    if symbols(a) & moving or symbols(b) & moving:
                        yield from self.must(Relation((a, b), ("!=",)), expr, where)
            return
        (u,) = expr.args
        texts = [(row.real, True)]
        if need == CONTINUOUS:
            texts.append((row.continuous, False))
        if need > 0 or expr.primes:
            texts.append((row.smooth, False))
        for i, (text, necessary) in enumerate(texts):
            for relation in relations(text if text not in (before for before, _ in texts[:i]) else ""):
                yield from self.must(substitute(relation, {"u": u}), expr, where, necessary)

    # ---- piecewise ----------------------------------------------------------------------------

    def piecewise(self, expr: Piecewise, need: int, where: Where, moving: frozenset[str]) -> Iterator[Obligation]:
        told = [None if branch.condition is None else plainly(branch.condition) for branch in expr.branches]
        if False in told or True in told:
            yield from self.plain_branches(expr, told, need, where, moving)
            return
        ways = [Way()]  # in which all conditions before this branch fail
        for i, branch in enumerate(expr.branches):
            links = singles(branch.condition) if branch.condition is not None else ()
            for way in ways:
                before = self.joined(where, way, need, moving)
                for side in branch.condition.sides if branch.condition is not None else ():
                    yield from self.of(side, _beyond_bounded(need), before, moving)
                here = self.joined(where, replace(way, links=(*way.links, *links)), need, moving)
                yield from self.of(branch.value, need, here, moving)
                if need == CONTINUOUS:
                    yield from self.agreements(expr, i, way, where, moving)
                if need > 0:
                    for link in links:
                        if symbols(link) & moving:
                            apart = Relation(link.sides, ("!=",))
                            yield from self.must(apart, expr, before)
            if branch.condition is None:
                return
            ways = self.failing(ways, links)
        last = expr.branches[-1].condition
        assert last is not None
        for way in self.before_last(expr):
            exact = Where((*where.given, *way.links), where.relaxed or way.relaxed)
            yield from self.must(last, expr, exact, True)

    def plain_branches(
        self, expr: Piecewise, told: list[bool | None], need: int, where: Where, moving: frozenset[str]
    ) -> Iterator[Obligation]:
        """Some conditions are plainly met or not: they want values on both sides, but cut nothing."""
        left: list[Branch] = []
        for branch, holds in zip(expr.branches, told, strict=True):
            if holds is not None and branch.condition is not None:
                for side in branch.condition.sides:
                    yield from self.of(side, REAL, replace(where, relaxed=where.relaxed or bool(left)), moving)
            if holds is not False:
                left.append(replace(branch, condition=None) if holds else branch)
            if holds or branch.condition is None:
                break
        if not left:
            yield Obligation(Relation((ONE, ZERO), ("=",)), where.given, expr, not where.relaxed)
        elif left[0].condition is None:
            yield from self.of(left[0].value, need, where, moving)
        else:
            yield from self.piecewise(Piecewise(tuple(left)), need, where, moving)

    def before_last(self, expr: Piecewise) -> list[Way]:
        """The ways in which all conditions but the last fail."""
        ways = [Way()]
        for branch in expr.branches[:-1]:
            assert branch.condition is not None
            ways = self.failing(ways, singles(branch.condition))
        return ways

    def failing(self, ways: list[Way], links: tuple[Relation, ...]) -> list[Way]:
        """Each way continued by each way in which one of `links` fails."""
        if len(ways) * len(links) > MOST_WAYS:
            return [replace(way, relaxed=True) for way in ways]
        negated = [Relation(link.sides, (NEGATED[link.signs[0]],)) for link in links]
        return [replace(way, links=(*way.links, relation)) for way in ways for relation in negated]

    def joined(self, where: Where, way: Way, need: int, moving: frozenset[str]) -> Where:
        """The conditions of a branch below those of what it stands in, on the closure where continuity needs it."""
        given: tuple[Condition, ...] = way.links
        if need in (BOUNDED, CONTINUOUS):
            given = closure(way.links, moving)
        relaxed = where.relaxed or way.relaxed or given != way.links
        return Where((*where.given, *given), relaxed)

    def agreements(
        self, expr: Piecewise, i: int, way: Way, where: Where, moving: frozenset[str]
    ) -> Iterator[Obligation]:
        """Branch i has the value of an earlier one wherever the closures of both meet."""
        branch = expr.branches[i]
        links = singles(branch.condition) if branch.condition is not None else ()
        for earlier in expr.branches[:i]:
            assert earlier.condition is not None
            other = singles(earlier.condition)
            if not any(symbols(link) & moving for link in other):
                continue
            both = closure((*way.links, *links), moving), closure(other, moving)
            given = (*where.given, *merged((*both[0], *both[1]), moving))
            same = Relation((earlier.value, branch.value), ("=",))
            if earlier.value != branch.value:
                yield Obligation(same, given, expr)

    # ---- calculus -----------------------------------------------------------------------------

    def derivative(self, expr: Derivative, need: int, where: Where, moving: frozenset[str]) -> Iterator[Obligation]:
        moved = moving if need > REAL else frozenset()
        yield from self.of(expr.of, expr.order + max(need, 0), where, moved | {expr.variable.name})

    def integral_of(self, expr: Integral, need: int, where: Where, moving: frozenset[str]) -> Iterator[Obligation]:
        if Constant("oo") in (*walk(expr.lower), *walk(expr.upper)):
            yield Obligation(None, where.given, expr, need=need)
            return
        inner = self.fresh(expr.variable)
        of = substitute(expr.of, {expr.variable.name: inner})
        for end in (expr.lower, expr.upper):
            yield from self.of(end, _beyond_bounded(need), where, moving)
        moved = moving if need > REAL else frozenset()
        orders = [(expr.lower, inner, expr.upper), (expr.upper, inner, expr.lower)]
        a, b = literal(expr.lower), literal(expr.upper)
        if a is not None and b is not None:
            orders = orders[:1] if a <= b else orders[1:]
        for sides in orders:
            between = (*where.given, Relation(sides, ("<=", "<=")))
            yield from self.of(of, max(need, BOUNDED), Where(between, True), moved | {inner.name})

    def mean(self, expr: Moment, need: int, where: Where, moving: frozenset[str]) -> Iterator[Obligation]:
        """A mean that exists everywhere is continuous where its integrand is, in the noise as well.

        For the bounds of `growth` depend continuously on the other symbols, and so dominate the integrand near a point.
        """
        if need > CONTINUOUS:
            yield from self.unknown(expr, need, where, moving)
            return
        yield Obligation(None, where.given, expr)
        if need > REAL:
            noise = {name: self.fresh(Symbol(name)) for name in sorted(symbols(expr.of)) if is_noise(name)}
            more = frozenset(symbol.name for symbol in noise.values())
            relaxed = replace(where, relaxed=True)  # a mean may exist where single points have no value
            yield from self.of(substitute(expr.of, noise), CONTINUOUS, relaxed, moving | more)

    def sum_of(self, expr: BigSum, need: int, where: Where, moving: frozenset[str]) -> Iterator[Obligation]:
        a, b = literal(expr.lower), literal(expr.upper)
        if (symbols(expr.lower) | symbols(expr.upper)) & moving and need > REAL:
            yield Obligation(None, where.given, expr, need=need)
            return
        if a is not None and b is not None and a.denominator == b.denominator == 1 and b - a < MOST_TERMS:
            yield from self.must(Relation((number(b), number(a - 1)), (">=",)), expr, where, True)
            for i in range(int(a), int(b) + 1):
                yield from self.of(substitute(expr.of, {expr.variable.name: number(i)}), need, where, moving)
            return
        if Constant("oo") in (*walk(expr.lower), *walk(expr.upper)):
            yield Obligation(None, where.given, expr, need=need)
            return
        for end in (expr.lower, expr.upper):
            yield from self.of(end, REAL, where, moving)
            if not self.integral(end):
                yield from self.must(Relation((call("floor", end), end), ("=",)), expr, where, True)
        least = simplified(Sum((expr.lower, Negative(ONE))))
        yield from self.must(Relation((expr.upper, least), (">=",)), expr, where, True)
        inner = self.fresh(expr.variable)
        self.whole.add(inner.name)
        between = Relation((expr.lower, inner, expr.upper), ("<=", "<="))
        given = (*where.given, IsInteger(inner), between)
        of = substitute(expr.of, {expr.variable.name: inner})
        yield from self.of(of, need, replace(where, given=given), moving - {inner.name})


def _beyond_bounded(need: int) -> int:
    """What the inside of a partial function needs: locally bounded is not enough, a value may come near the edge."""
    return CONTINUOUS if need == BOUNDED else need


CONSTRUCTS: Mapping[type, Callable[..., Iterator[Obligation]]] = {
    Number: _Walker.children,
    Symbol: _Walker.children,
    Constant: _Walker.constant,
    Negative: _Walker.children,
    Sum: _Walker.children,
    Product: _Walker.children,
    Quotient: _Walker.quotient,
    Power: _Walker.power,
    Call: _Walker.call,
    Piecewise: _Walker.piecewise,
    Derivative: _Walker.derivative,
    Integral: _Walker.integral_of,
    BigSum: _Walker.sum_of,
    Limit: _Walker.unknown,
    Moment: _Walker.mean,
    Extremum: _Walker.unknown,
}

"""The cases of a proof: one for each way in which the signs that matter can fall, joints included.

Where a step depends on the sign of a factor f (|f|, max, a piecewise, sqrt(f^2)), the field stops with `NeedSign(f)`,
and the work starts again once for each sign that is possible: so a piecewise is proved on each of its pieces and at
their joints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.tree import Condition, Expr, IsInteger, Link, Negative, Sum, links
from dlteach.reasoning.algebra.field import ALLOWED, Field
from dlteach.reasoning.algebra.kernels import ANY, Again, Assumption, NeedSign, Quotient, Vacuous
from dlteach.reasoning.algebra.polynomials import CONTEXT, GENERATORS, Poly, TooBig, normed, sign_of

MOST_CASES = 400
MOST_UNITS = 30  # how often a unit is refined


@dataclass(frozen=True)
class Case:
    """The assumptions of one case: signs of polynomials, and symbols that a joint fixes.

    `given` are the kernels of the conditions, which have a value where these hold: a bit for each.
    """

    assumed: dict[str, Assumption] = field(default_factory=dict)
    values: dict[str, Quotient] = field(default_factory=dict)
    given: int = 0


@dataclass(frozen=True)
class Finding:
    """What was found in one case: an answer, or None where something is not real in all of it."""

    answer: Any
    certain: bool = False


class Impossible(Exception):
    """No point meets the assumptions."""


def findings(
    expr: Expr,
    conditions: Iterable[Condition],
    definitions: Definitions,
    ask: Callable[[Field, Quotient], Any],
    joints: bool,
) -> list[Finding]:
    """What `ask` says of the value of `expr` in each case that is not empty. Raises NotEvaluable.

    A finer unit gives the kernels of an exponential a new meaning, also those in assumptions and arguments: then
    all is made anew, and only the units are kept.
    """
    conditions = tuple(conditions)
    integers = frozenset(condition.symbol.name for condition in conditions if isinstance(condition, IsInteger))
    units: dict[tuple[str, str], Fraction] = {}
    for _ in range(MOST_UNITS):
        try:
            return _Cases(Field(definitions, units, integers), tuple(links(conditions)), joints).answers(expr, ask)
        except Again:
            continue
    raise TooBig("the exponents have no common measure")


class _Cases:
    def __init__(self, field: Field, conditions: tuple[Link, ...], joints: bool) -> None:
        self.field, self.joints, self.conditions = field, joints, conditions
        self.open: tuple[Link, ...] = ()  # the conditions that are no sign of one polynomial

    def answers(self, expr: Expr, ask: Callable[[Field, Quotient], Any]) -> list[Finding]:
        """What is found in each case; after an answer that is False no other counts."""
        try:
            start = self.start()
        except Impossible:
            return []
        try:
            return self.answers_from(start, expr, ask)
        except NotEvaluable:
            if not self.open:
                raise
            self.open = ()  # to leave out a condition is to show more
            return self.answers_from(start, expr, ask)

    def answers_from(self, start: Case, expr: Expr, ask: Callable[[Field, Quotient], Any]) -> list[Finding]:
        """What is found in each case that a case splits into."""
        found: list[Finding] = []
        waiting = [start]
        while waiting:
            case = waiting.pop()
            try:
                finding = self.evaluated(expr, case, ask)
            except NeedSign as need:
                waiting.extend(self.split(case, need))
            except Impossible:
                continue
            else:
                found.append(finding)
                if finding.answer is False:
                    return found
            if len(found) + len(waiting) > MOST_CASES:
                raise TooBig("there are too many cases")
        return found

    def enter(self, case: Case) -> None:
        """Assume what a case assumes."""
        self.field.assumed, self.field.values = dict(case.assumed), dict(case.values)
        self.field.met, self.field.needs = case.given, []

    def evaluated(self, expr: Expr, case: Case, ask: Callable[[Field, Quotient], Any]) -> Finding:
        """What `ask` says of the value under the assumptions of a case."""
        field = self.field
        self.enter(case)
        if not field.consistent():
            raise Impossible
        try:
            if not all(field.compares(sign, field(left, {}) - field(right, {})) for left, sign, right in self.open):
                raise Impossible
        except Vacuous:
            raise Impossible from None
        assumed, given, field.needs = dict(field.assumed), field.met, []
        try:
            answer = ask(field, field(expr, {}))
            if answer is False and field.assumed != assumed:  # what makes it real may be of use from the beginning
                field.met, field.needs = given, []
                answer = ask(field, field(expr, {}))
        except Vacuous:
            return Finding(None)
        return Finding(answer, answer is not False and field.is_certain(assumed, given))

    # ---- what the conditions say --------------------------------------------------------------

    def start(self) -> Case:
        """The case that the conditions make; raises Impossible where they contradict each other."""
        case, open_ones = Case(), list[Link]()
        for link in self.conditions:
            left, sign, right = link
            self.enter(case)
            try:
                constant, factors = self.field.factored(self.field(Sum((left, Negative(right))), {}))
            except NeedSign:
                open_ones.append(link)
                continue
            except NotEvaluable:
                continue  # a condition that has no normal form, such as x < oo, tells nothing
            except Vacuous:
                raise Impossible from None
            needs, case = self.field.needs, replace(case, given=self.field.met)
            if not factors and sign_of(constant) not in ALLOWED[sign]:
                raise Impossible
            if len(factors) == 1 and factors[0][1] == 1:
                allowed = frozenset(s * sign_of(constant) for s in ALLOWED[sign])
                case = self.assuming(case, factors[0][0], allowed)
            elif factors:
                open_ones.append(link)
            for need in needs:
                case = self.assuming(case, need.poly, need.signs) if need.poly is not None else case
        self.open = tuple(open_ones)
        return case

    def assuming(self, case: Case, poly: Poly, signs: frozenset[int]) -> Case:
        """The case with signs of a polynomial, where that is irreducible."""
        if poly.is_constant() or len(poly) > 20:
            return case
        constant, factors = poly.factor()
        if len(factors) != 1 or int(factors[0][1]) != 1:
            return case
        monic, flip = normed(factors[0][0])
        side = sign_of(constant) * (-1 if flip else 1)
        found = case.assumed.get(str(monic), Assumption(monic, ANY)).signs & frozenset(s * side for s in signs)
        if not found:
            raise Impossible
        case = replace(case, assumed={**case.assumed, str(monic): Assumption(monic, found)})
        if found == {0}:
            return self.fixing(case, monic)
        return self.tightened(case, monic, found)

    def tightened(self, case: Case, monic: Poly, signs: frozenset[int]) -> Case:
        """An integer above c is at least the next integer."""
        linear = self.field.linear(monic)
        if linear is None or self.field.kernels[linear[0]].key not in self.field.integers or len(signs - {0}) != 1:
            return case
        bound = self.field.rational(self.field.whole(linear[1]))
        way = linear[2] * next(iter(signs - {0}))
        if bound is None or (0 in signs and bound.denominator == 1):
            return case
        closest = (
            (floor(bound) + 1 if 0 not in signs else ceil(bound))
            if way > 0
            else (ceil(bound) - 1 if 0 not in signs else floor(bound))
        )
        return self.assuming(case, GENERATORS[linear[0]] - CONTEXT.constant(closest), frozenset({0, way}))

    # ---- cases --------------------------------------------------------------------------------

    def split(self, case: Case, need: NeedSign) -> Iterator[Case]:
        """The case once for each sign that a factor may have."""
        self.enter(case)
        factor = need.factor
        try:
            known = self.field.known_sign(factor)
        except NeedSign as inner:
            yield from self.split(case, inner)
            return
        weakly = need.weakly and self.joints
        for signs in ({0, 1}, {-1}) if weakly else ({0}, {1}, {-1}):
            possible = known & signs
            if possible and (before := case.assumed.get(str(factor))) and before.signs <= possible:
                raise TooBig("a sign is wanted that is known")
            if not possible or (possible == {0} and not self.joints):
                continue
            one = replace(case, assumed={**case.assumed, str(factor): Assumption(factor, possible)})
            try:
                yield self.fixing(one, factor) if possible == {0} else self.tightened(one, factor, possible)
            except Impossible:
                continue

    def fixing(self, case: Case, poly: Poly) -> Case:
        """The case in which `poly` is 0, solved for a symbol if that is possible."""
        self.enter(case)
        try:
            solved = self.solved(poly)
            return case if solved is None else self.with_value(case, *solved)
        except Vacuous:
            raise Impossible from None

    def with_value(self, case: Case, i: int, value: Quotient) -> Case:
        """The case with a symbol's value, which is put into all that is known."""
        field = self.field
        values = {
            name: field.with_value(old.over, i, value) / field.with_value(old.under, i, value)
            for name, old in case.values.items()
        }
        before = case.assumed
        case = replace(case, values={**values, field.kernels[i].key: value})
        for assumption in before.values():
            if assumption.poly.degrees()[i] > 0 and assumption.signs != {0}:
                over, under = field.lowest(field.with_value(assumption.poly, i, value))
                if over.is_constant() and under.is_constant():
                    if sign_of(over.leading_coefficient()) not in assumption.signs:
                        raise Impossible
                elif under.is_constant():
                    case = self.assuming(case, over, assumption.signs)
        return case

    def solved(self, poly: Poly) -> tuple[int, Quotient] | None:
        """A symbol and its value where `poly` is 0: one that occurs linearly, with a slope that is not 0."""
        field = self.field
        for i, kernel in enumerate(field.kernels):
            if kernel.kind != "symbol" or poly.degrees()[i] != 1 or kernel.key in field.values:
                continue
            slope = poly.derivative(i)
            rest = poly - slope * GENERATORS[i]
            others = [k for j, k in enumerate(field.kernels) if k.kind != "symbol" and poly.degrees()[j] > 0]
            if any(i in field.used(k) for k in others):
                continue
            if slope.is_constant() or 0 not in field.possible(slope) or (len(rest) and 0 not in field.possible(rest)):
                return i, Quotient(field, -rest, slope)
        return None

"""Inequalities of several variables, brought down to fewer: f >= 0 (or > 0) wherever conditions hold and f has a value.

Tried in turn: the sign by its form; the branches of max, |u| and piecewise apart; homogeneity and translation, which
fix one variable; a line along which f does not fall, from a place where it is not negative (so a convex f is settled
at its critical point); a line along which f is concave, from its ends; a quadratic by its discriminant; and one
variable by `inequalities`. A condition may be dropped at any time: then more is shown. Along a line f must be smooth
between the place and the point, which the obligations of `domains` say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from dlteach.course.ledger import Outcome
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import Balls, ball, precision
from dlteach.notation.show import show
from dlteach.notation.tree import (
    ZERO,
    Condition,
    Expr,
    IsInteger,
    Negative,
    Power,
    Product,
    Relation,
    Sum,
    Symbol,
    exchanged,
    links,
    number,
    substitute,
    symbols,
)
from dlteach.reasoning.algebra.pieces import inlined
from dlteach.reasoning.deciding.boxes import Boxes, box_of, least_sum
from dlteach.reasoning.deciding.closed_forms import constants_in
from dlteach.reasoning.deciding.counterexamples import refutation
from dlteach.reasoning.deciding.goals import (
    Goal,
    branches_of,
    branching,
    exponential,
    is_least,
    line_of,
    logarithm,
    put,
    single,
    without_equalities,
)
from dlteach.reasoning.deciding.inequalities import STRICT, below
from dlteach.reasoning.deciding.places import Places
from dlteach.reasoning.deciding.proofs import How, Proof, Question
from dlteach.reasoning.deciding.prover import NOT_NEGATIVE, POSITIVE, Prover
from dlteach.reasoning.deciding.solved import neat
from dlteach.reasoning.deciding.verdicts import Verdict
from dlteach.reasoning.enclosing.branch_and_bound import BITS, OutOfBudget
from dlteach.reasoning.worker.process import Overrun

DEPTH = 4  # lines inside lines
MOST_GOALS = 250
DEGREES = (0, 1, 2, 3, 4, -1, -2, Fraction(1, 2))
HALVES = Fraction(1, 2)


@dataclass
class Several:
    """The search for a proof; `words` say how the goal that was asked for is shown."""

    prover: Prover
    goals: int = 0
    how: How = How.SIGNS
    words: str = ""
    numeric: bool = False  # whether balls on boxes were needed
    fails: dict[str, Fraction] = field(default_factory=dict)  # a point at which the goal seems to fail
    failed: set[tuple[Goal, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.places = Places(self.prover)

    def shown(self, f: Expr, conditions: Sequence[Condition], strict: bool) -> bool:
        """Whether the inequality is shown; `words` tell how."""
        f = inlined(f, self.prover.definitions)
        plain = tuple(condition for condition in conditions if not isinstance(condition, IsInteger))
        goal = Goal(neat(f), single(plain), strict)
        with precision(BITS):
            return self.prove(without_equalities(goal), DEPTH, True)

    def prove(self, goal: Goal, depth: int, top: bool = False) -> bool:
        """Whether a goal is shown, by any of the ways."""
        self.prover.check()
        self.goals += 1
        if self.goals > MOST_GOALS:
            raise OutOfBudget("the budget for cases ran out")
        if (goal, depth) in self.failed:
            return False
        found = self.tried(goal, depth, top)
        if not found:
            self.failed.add((goal, depth))
        return found

    def tried(self, goal: Goal, depth: int, top: bool) -> bool:
        prover = self.prover.under(*goal.conditions)
        if prover.has_signs(goal.f, POSITIVE if goal.strict else NOT_NEGATIVE):
            return self.noted(top, "the sign follows from its form", How.SIGNS)
        if not goal.names:
            return self.constant(goal)
        if self.places.fails_somewhere(goal):
            return False
        if (node := branching(goal.f)) is not None:
            return self.by_cases(goal, node, depth, top)
        if len(goal.names) == 1:
            return self.one_variable(goal, top) or self.by_logarithms(goal, depth, top)
        if depth == 0:
            return False
        ways = (
            self.by_translation,
            self.by_scale,
            self.by_logarithms,
            self.by_lines,
            self.by_quadratic,
            self.by_concavity,
            self.by_parts,
            self.by_boxes,
            self.by_ends,
        )
        return any(way(goal, depth, top) for way in ways)

    def noted(self, top: bool, words: str, how: How = How.SLOPES) -> bool:
        if top:
            self.how, self.words = how, words
        return True

    # ---- without variables, and with one ----------------------------------------------------------

    def constant(self, goal: Goal) -> bool:
        """The sign of a number."""
        try:
            value = Balls(self.prover.definitions)(goal.f, {})
        except NotEvaluable:
            return False
        return bool(value > 0) or (not goal.strict and self.prover.zero(goal.f))

    def one_variable(self, goal: Goal, top: bool) -> bool:
        """By the methods for one variable; conditions on other variables are dropped."""
        (name,) = goal.names
        own = tuple(condition for condition in goal.conditions if symbols(condition) == {name})
        span = line_of(own, name)
        try:
            found = below(Negative(goal.f), name, span, goal.strict, self.prover)
        except OutOfBudget:
            self.prover.check()
            return False
        except (NotEvaluable, Overrun):
            return False
        if found is None:
            return False
        self.numeric |= found.outcome is Outcome.ENCLOSED
        return self.noted(top, f"{name} alone is left", found.how)

    # ---- branches ----------------------------------------------------------------------------------

    def by_cases(self, goal: Goal, node: Expr, depth: int, top: bool) -> bool:
        """Each branch of max, min, |u| or a piecewise under the condition that it is taken.

        Under no condition where the node is the least of its branches, as -|u| in a sum is that of u and -u.
        """
        taken = goal.names.union(*map(symbols, goal.conditions))
        cases = list(branches_of(node, taken))
        if not cases or self.goals + len(cases) > MOST_GOALS:
            return False
        free = is_least(goal.f, node)
        for value, conditions in cases:
            f = neat(exchanged(goal.f, node, value))
            here = goal.conditions if free else (*goal.conditions, *conditions)
            if not self.prove(Goal(f, here, goal.strict), depth):
                return False
        if len(cases) == 1:
            return self.noted(top, f"with {show(node)} = {show(cases[0][0])}, whatever r is in [0, 1)", How.CASES)
        return self.noted(top, f"in each of {len(cases)} cases of {show(node)}", How.CASES)

    # ---- one variable less by invariance --------------------------------------------------------------

    def by_translation(self, goal: Goal, depth: int, top: bool) -> bool:
        """f(a + t, b + t) = f(a, b), and so the conditions: one variable may be 0."""
        names = sorted(goal.names)
        exprs = [goal.f, *(Sum((a, Negative(b))) for a, _, b in links(self.relevant(goal)))]
        try:
            moved = [Sum(tuple(self.prover.slope(expr, name) for name in names)) for expr in exprs]
        except NotEvaluable:
            return False
        if not all(map(self.prover.zero, moved)) or not all(map(self.prover.smooth, exprs)):
            return False
        last = names[-1]
        rest = put(Goal(goal.f, self.relevant(goal), goal.strict), last, ZERO)
        return self.prove(rest, depth - 1) and self.noted(top, f"only differences count, so {last} may be 0")

    def relevant(self, goal: Goal) -> tuple[Condition, ...]:
        """The conditions on the variables of f alone."""
        return tuple(c for c in goal.conditions if symbols(c) and symbols(c) <= goal.names)

    def by_scale(self, goal: Goal, depth: int, top: bool) -> bool:
        """f(t*a, t*b) = t^k*f(a, b) for t > 0, and so the conditions: one variable may be 1 (or -1, or is 0)."""
        names = sorted(goal.names)
        own = self.relevant(goal)
        prover = self.prover.under(*own)
        gaps = [Sum((a, Negative(b))) for a, _, b in links(own)]  # these on the whole space, so that rays stay inside
        if not all(self.homogeneous(gap, names, self.prover) for gap in gaps):
            return False
        if not self.homogeneous(goal.f, names, prover):
            return False
        last = next((name for name in names if prover.has_signs(Symbol(name), POSITIVE)), names[-1])
        signs = prover.signs(Symbol(last)) or frozenset({-1, 0, 1})
        left = Goal(goal.f, own, goal.strict)
        for sign in sorted(signs, reverse=True):
            if not self.prove(put(left, last, number(sign)), depth - 1):
                return False
        return self.noted(top, f"all scales are alike, so {last} may be 1")

    def homogeneous(self, expr: Expr, names: Sequence[str], prover: Prover) -> bool:
        """Whether sum(v*d/dv f) = k*f for a k, wherever f has a value (Euler): f may be scaled."""
        try:
            moved = Sum(tuple(Product((Symbol(name), self.prover.slope(expr, name))) for name in names))
        except NotEvaluable:
            return False
        balls = Balls(self.prover.definitions)
        for point in self.places.samples(Goal(expr, prover.conditions, False), 12):
            try:
                ratio = balls(moved, point) / balls(expr, point)
            except (NotEvaluable, ZeroDivisionError):
                continue
            if not ratio.is_finite() or ratio.rad() > 1:
                continue
            degree = next((Fraction(k) for k in DEGREES if ratio.overlaps(ball(Fraction(k)))), None)
            if degree is None:
                return False
            euler = Sum((moved, Negative(Product((number(degree), expr)))))
            return prover.zero(euler) and prover.smooth(expr)
        return False

    # ---- lines -----------------------------------------------------------------------------------------

    def by_lines(self, goal: Goal, depth: int, top: bool) -> bool:
        """Along v, f does not fall from v = v0 on both sides, and f >= 0 at v0."""
        return any(
            self.along(goal, name, place, depth) and self.noted(top, f"along {name} it is least at {show(place)}")
            for name in sorted(goal.names)
            for place in self.places.lowest(goal, name)
        )

    def along(self, goal: Goal, name: str, place: Expr, depth: int) -> bool:
        """f >= 0 at v = place, and f does not fall from there, on either side, as far as the conditions go."""
        span = line_of(goal.conditions, name)
        others = tuple(c for c in goal.conditions if name not in symbols(c))
        at_place = neat(substitute(goal.f, {name: place}))
        try:
            slope = self.prover.slope(goal.f, name)
        except NotEvaluable:
            return False
        sides = []
        for sign, rising, end, is_open, far in (
            (">", slope, span.upper, span.open_above, span.lower),
            ("<", Negative(slope), span.lower, span.open_below, span.upper),
        ):
            if place == end:
                continue
            between = (*others, *self.between(others, name, place, sign, end, far))
            if not self.followed(goal, name, place, sign, slope, between):
                return False
            if end is not None and not is_open and not self.reaches(goal, name, place, sign, end, others, depth):
                return False
            sides.append(Goal(neat(rising), (*between, Relation((Symbol(name), place), (sign,))), False))
        left_out = (place == span.lower and span.open_below) or (place == span.upper and span.open_above)
        ways = [(goal.strict and not left_out, goal.strict and left_out)]
        if goal.strict and left_out:
            ways.append((True, False))
        return any(
            self.prove(Goal(at_place, others, here), depth - 1)
            and all(self.prove(replace(side, strict=away), depth - 1) for side in sides)
            for here, away in ways
        )

    def between(
        self, others: tuple[Condition, ...], name: str, place: Expr, sign: str, end: Expr | None, far: Expr | None
    ) -> list[Relation]:
        """What holds on the line from a place to a point beyond it: it stays below the end on that side.

        It stays beyond the end on the other side, too, where the place is shown to do so.
        """
        v = Symbol(name)
        found = [] if end is None else [Relation((v, end), ("<" if sign == ">" else ">",))]
        if far is not None:
            gap = Sum((place, Negative(far))) if sign == ">" else Sum((far, Negative(place)))
            if place == far or self.prover.under(*others).has_signs(gap, NOT_NEGATIVE):
                found.append(Relation((v, far), (sign,)))
        return found

    def followed(
        self, goal: Goal, name: str, place: Expr, sign: str, slope: Expr, between: tuple[Condition, ...]
    ) -> bool:
        """Whether f is continuous from the place on, and beyond it has a slope, which is the formula's."""
        beyond = Relation((Symbol(name), place), (sign,))
        from_there = Relation((Symbol(name), place), (f"{sign}=",))
        closed = tuple(c for c in between if isinstance(c, Relation) and c.sides != beyond.sides)
        here = self.prover.under(*between, beyond)
        return (
            here.smooth(goal.f, name)
            and here.real(slope)
            and self.prover.under(*closed, from_there).continuous(goal.f, name)
        )

    def reaches(
        self, goal: Goal, name: str, place: Expr, sign: str, end: Expr, others: tuple[Condition, ...], depth: int
    ) -> bool:
        """Whether an end that belongs to the line is dealt with: f is continuous there, too, or shown apart."""
        v = Symbol(name)
        last = self.prover.under(*others, Relation((v, end), ("=",)), Relation((v, place), (f"{sign}=",)))
        if last.continuous(goal.f, name):
            return True
        return self.prove(Goal(neat(substitute(goal.f, {name: end})), others, goal.strict), depth - 1)

    # ---- concave, quadratic -------------------------------------------------------------------------------

    def by_concavity(self, goal: Goal, depth: int, top: bool) -> bool:
        """Concave along v between two ends, at both of which f >= 0: so it is between them."""
        for name in sorted(goal.names):
            span = line_of(goal.conditions, name)
            if span.lower is None or span.upper is None:
                continue
            others = tuple(c for c in goal.conditions if name not in symbols(c))
            v = Symbol(name)
            inside = (*others, Relation((v, span.lower), (">",)), Relation((v, span.upper), ("<",)))
            closed = (*others, Relation((v, span.lower), (">=",)), Relation((v, span.upper), ("<=",)))
            if not self.prover.under(*inside).smooth(goal.f, name, 2):
                continue
            if not self.prover.under(*closed).continuous(goal.f, name):
                continue
            try:
                bend = self.prover.slope(self.prover.slope(goal.f, name), name)
            except NotEvaluable:
                continue
            if not self.prover.under(*inside).real(bend):
                continue
            ends = [neat(substitute(goal.f, {name: end})) for end in (span.lower, span.upper)]
            if all(self.prove(Goal(end, others, goal.strict), depth - 1) for end in ends) and self.prove(
                Goal(neat(Negative(bend)), inside, False), depth - 1
            ):
                return self.noted(top, f"concave along {name}, and not negative at both ends", How.CONVEXITY)
        return False

    def by_logarithms(self, goal: Goal, depth: int, top: bool) -> bool:
        """A - B for positive A and B has the sign of ln(A) - ln(B)."""
        match goal.f:
            case Sum((a, Negative(b))) | Sum((Negative(b), a)) if any(map(exponential, (a, b))):
                prover = self.prover.under(*goal.conditions)
                if all(prover.has_signs(side, POSITIVE) for side in (a, b)):
                    gap = neat(Sum((logarithm(a, prover), Negative(logarithm(b, prover)))))
                    return self.prove(replace(goal, f=gap), depth - 1) and self.noted(top, "the logarithms compare")
        return False

    def by_parts(self, goal: Goal, depth: int, top: bool) -> bool:
        """A sum of parts of one variable each is at least the sum of their infima."""
        low = least_sum(goal, self.prover)
        shown = low is not None and bool(low > 0)
        self.numeric |= shown
        return shown and self.noted(top, "the infima of its parts have a positive sum", How.ENCLOSURE)

    def by_boxes(self, goal: Goal, depth: int, top: bool) -> bool:
        """On a bounded box, by ball arithmetic."""
        box = box_of(replace(goal, f=inlined(goal.f, self.prover.definitions, True)))
        if box is None or depth < DEPTH - 1:
            return False
        try:
            boxes = Boxes(goal, self.prover)
            shown = boxes.shown(box)
        except NotEvaluable:
            self.prover.check()
            return False
        self.fails = self.fails or boxes.fails
        self.numeric |= shown
        return shown and self.noted(top, "on smaller and smaller boxes", How.ENCLOSURE)

    def by_ends(self, goal: Goal, depth: int, top: bool) -> bool:
        """The ends that belong to the domain of a variable first, then the inside: there is more room there."""
        for name in sorted(goal.names):
            v = Symbol(name)
            for i, condition in enumerate(goal.conditions):
                span = line_of((condition,), name)
                end = span.lower if span.lower is not None else span.upper
                if end is None or symbols(end) or (span.open_below or span.open_above):
                    continue
                rest = (*goal.conditions[:i], *goal.conditions[i + 1 :])
                inside = Relation((v, end), (">" if span.lower is not None else "<",))
                return (
                    self.prove(put(Goal(goal.f, rest, goal.strict), name, end), depth)
                    and self.prove(Goal(goal.f, (*rest, inside), goal.strict), depth)
                    and self.noted(top, f"{name} = {show(end)} apart, and what lies beyond it")
                )
        return False

    def by_quadratic(self, goal: Goal, depth: int, top: bool) -> bool:
        """A*v^2 + B*v + C with A >= 0, C >= 0 and 4*A*C >= B^2; where A is 0, so is B."""
        if goal.strict:
            return False
        for name in sorted(goal.names):
            try:
                first = self.prover.slope(goal.f, name)
                second = self.prover.slope(first, name)
            except NotEvaluable:
                continue
            at = {name: ZERO}
            a = neat(Product((number(HALVES), substitute(second, at))))
            b, c = neat(substitute(first, at)), neat(substitute(goal.f, at))
            v = Symbol(name)
            whole = Sum((Product((a, Power(v, number(2)))), Product((b, v)), c))
            others = tuple(condition for condition in goal.conditions if name not in symbols(condition))
            if not self.prover.under(*goal.conditions).zero(Sum((goal.f, Negative(whole)))):
                continue
            if not all(self.prover.under(*others).real(part) for part in (a, b, c)):
                continue
            gap = neat(Sum((Product((number(4), a, c)), Negative(Power(b, number(2))))))
            if all(self.prove(Goal(part, others, False), depth - 1) for part in (a, c, gap)):
                return self.noted(top, f"as a quadratic in {name} its discriminant is not positive", How.SQUARES)
        return False


def by_several(question: Question) -> Proof | Verdict | None:
    """An inequality of several variables; a point where it fails refutes it."""
    if question.sign in ("=", "!=") or not question.names or question.heavy:
        return None
    f = question.difference if question.sign in (">", ">=") else Sum((question.right, Negative(question.left)))
    prover = Prover(question.functions, question.deadline, (), constants_in((question.left, question.right)))
    search = Several(prover)
    if not search.shown(f, question.conditions, question.sign in STRICT):
        return refutation(question, search.fails) if set(search.fails) == question.names else None
    return Proof(search.how, search.words, Outcome.ENCLOSED if search.numeric else Outcome.PROVED)

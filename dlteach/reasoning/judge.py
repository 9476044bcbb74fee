"""Is it true? Refute first, then prove, and say which of the two could not be done.

Cheap methods come first, each named, each allowed to pass: the same tree, a point where balls exclude the statement,
the normal form, signs, enclosure, growth rates, SymPy in a worker. What no method settles is `sampled` or `undecided`,
never "true" and never "false".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

from flint import arb

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.backend import Definitions, NotEvaluable, reachable
from dlteach.notation.balls import ball, precision, truth
from dlteach.notation.names import BUILTINS
from dlteach.notation.show import show
from dlteach.notation.tree import (
    BINDERS,
    ONE,
    ZERO,
    BigSum,
    Call,
    Condition,
    Constant,
    Expr,
    Extremum,
    Integral,
    IsInteger,
    Limit,
    Moment,
    Near,
    Negative,
    Property,
    Relation,
    Statement,
    Sum,
    Symbol,
    call,
    number,
    rebuilt,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.derive import CannotDerive, derive, opened
from dlteach.reasoning.gaussian import without_moments
from dlteach.reasoning.moments import noise_in
from dlteach.reasoning.normal import ALLOWED
from dlteach.reasoning.obstacles import domain
from dlteach.reasoning.pieces import may_jump, span_in
from dlteach.reasoning.points import Point, points
from dlteach.reasoning.properties import property_verdict
from dlteach.reasoning.rigorous import Rigorous
from dlteach.reasoning.tails import germ, limit
from dlteach.reasoning.touching import Prover, below, constants_in, extreme_is
from dlteach.reasoning.verdicts import Verdict, decimal, enclosed, refuted, weakest
from dlteach.reasoning.worker import WORKER, Overrun, clock
from dlteach.values import replaced

BITS = 128
POINTS = 20
MORE_POINTS = 400
FEW_POINTS = 5  # where each costs an integral or a supremum


def equal(
    left: Expr, right: Expr, conditions: Sequence[Condition], functions: Functions, seconds: float = 2.0
) -> Verdict:
    """Whether two expressions agree wherever both are real; at most `seconds` are spent on a proof."""
    return judge(Statement(Relation((left, right), ("=",)), tuple(conditions)), functions, seconds)


def judge(statement: Statement, functions: Functions, seconds: float = 5.0) -> Verdict:
    """The verdict on a statement of the notation; never raises for one that could be read."""
    deadline = clock() + seconds
    try:
        plain = settled(_plain(statement, functions))
    except (CannotDerive, NotEvaluable) as problem:
        return Verdict(Outcome.UNDECIDED, "no rule", str(problem))
    if isinstance(plain.body, Property):
        return property_verdict(plain.body, plain.conditions, functions, partial(_asked, functions, deadline))
    relation = plain.body
    assert isinstance(relation, Relation)
    return weakest(
        _Link(Relation((a, b), (sign,)), plain.conditions, functions, deadline).verdict()
        for sign, a, b in zip(relation.signs, relation.sides, relation.sides[1:], strict=False)
    )


def _asked(functions: Functions, deadline: float, statement: Statement) -> Verdict:
    """The verdict on a part of a larger question, within its time."""
    return judge(statement, functions, max(0.05, deadline - clock()))


def _plain(statement: Statement, functions: Functions) -> Statement:
    """With derivatives worked out, `≈` and parity written as relations."""
    body = statement.body
    if isinstance(body, Near):
        gap = call("abs", Sum((body.left, Negative(body.right))))
        body = Relation((gap, body.within), ("<=",))
    elif isinstance(body, Property) and body.kind in ("odd", "even"):
        mirrored = substitute(body.of, {"x": Negative(Symbol("x"))})
        body = Relation((mirrored, Negative(body.of) if body.kind == "odd" else body.of), ("=",))
    return rebuilt(replaced(statement, body=body), lambda expr: opened(expr, functions))


def settled(statement: Statement) -> Statement:
    """With conditions that define a symbol (`m = (a + b)/2`) carried out by substitution."""
    conditions = list(statement.conditions)
    for i, condition in enumerate(conditions):
        match condition:
            case Relation((Symbol(name), value), ("=",)) if name not in symbols(value):
                rest = Statement(statement.body, tuple(conditions[:i] + conditions[i + 1 :]))
                return settled(substitute(rest, {name: value}))
    return statement


# ---- one relation ------------------------------------------------------------------------------


class _Link:
    """A single relation on trial: each method returns a verdict, or None and what was tried."""

    def __init__(
        self, relation: Relation, conditions: tuple[Condition, ...], functions: Functions, deadline: float
    ) -> None:
        (self.left, self.right), (self.sign,) = relation.sides, relation.signs
        self.relation, self.conditions, self.functions, self.deadline = relation, conditions, functions, deadline
        self.definitions = functions.definitions
        self.difference = Sum((self.left, Negative(self.right)))
        self.names = symbols(self.left) | symbols(self.right)
        self.heavy = any(isinstance(e, (*BINDERS, Moment)) for e in walk(relation))
        self.tried: list[str] = []
        self.search = _Search(relation, conditions, self.definitions, deadline)

    def verdict(self) -> Verdict:
        """The first word that a method can give."""
        found = self.refutation()
        if found is not None:
            return found
        if self.left == self.right and self.sign in ("=", "<=", ">="):
            return Verdict(Outcome.PROVED, "working it out", "both sides come to the same expression")
        if self.sign != "=" and not self.names and self.search.certain:
            if self.search.exact:
                return Verdict(Outcome.PROVED, "arithmetic", self.search.certain)
            return Verdict(Outcome.ENCLOSED, "ball arithmetic", self.search.certain)
        methods: tuple[Callable[[], Verdict | None], ...] = (
            (
                self.by_normal_form,
                self.by_extreme,
                self.by_growth,
                self.by_induction,
                self.by_moments,
                self.by_primitive,
                self.by_sympy,
            )
            if self.sign == "="
            else (self.by_signs, self.by_enclosure)
        )
        for method in methods:
            if (found := method()) is not None:
                return self.with_domains(found)
        return self.evidence()

    def with_domains(self, found: Verdict) -> Verdict:
        """An equality holds where both sides are real; where only one of them is, that is said."""
        if self.sign == "=" and found.holds and self.search.one_sided:
            return replace(found, evidence=f"{found.evidence}; {self.search.one_sided}")
        return found

    def refutation(self) -> Verdict | None:
        """A point where the statement fails, or the finding that it says nothing."""
        if any(_undefined(e, self.definitions) for e in walk(self.relation)):
            return None
        count = FEW_POINTS if self.heavy else POINTS
        found = self.search.run(self.names, count)
        if found is None and self.search.huge and not self.search.seen:
            return Verdict(Outcome.UNDECIDED, "too large", "the values are too large to be compared")
        if found is None and self.search.nowhere_real and not self.heavy:
            found = self.search.run(self.names, MORE_POINTS)
        if found is None and self.search.nowhere_real and not self.heavy:
            return Verdict(Outcome.INVALID, "nowhere real", "no point was found where both sides are real")
        return found

    def ask(self, task: str, words: str) -> object:
        """The worker's answer on the difference; None where it has none, noted."""
        needed = reachable(self.difference, self.definitions)
        try:
            answer = WORKER.ask(task, self.difference, self.conditions, needed, seconds=self.deadline - clock())
        except Overrun as problem:
            self.tried.append(f"{words}: {problem}")
            return None
        if not answer:
            self.tried.append(f"{words} did not settle it")
        return answer

    def by_normal_form(self) -> Verdict | None:
        cases = self.ask("normal:vanishes", "normal form")
        if not isinstance(cases, int) or not cases:
            return None
        pieces = f" in {cases} cases" if cases > 1 else ""
        return Verdict(Outcome.PROVED, "normal form", f"the difference is zero{pieces}")

    def by_signs(self) -> Verdict | None:
        signs = self.ask("normal:signs", "signs")
        if isinstance(signs, frozenset) and signs and signs <= ALLOWED[self.sign]:
            return Verdict(Outcome.PROVED, "signs", "the sign of the difference follows from its form")
        return None

    def by_sympy(self) -> Verdict | None:
        if any(isinstance(side, Limit | Integral | BigSum) for side in self.relation.sides) and _endless(self.relation):
            return self.to_infinity()
        asked = self.tailed() if self.heavy else self
        if asked.ask("sympy_tasks:is_zero", "SymPy"):
            return Verdict(Outcome.PROVED, "SymPy", "the difference simplifies to zero")
        return _worked_out(self) if self.heavy else None

    def tailed(self) -> _Link:
        """With each limit taken on the piece that counts there."""
        back = Rigorous(self.definitions, self.deadline)
        left, right = (back.on_its_piece(side) for side in (self.left, self.right))
        return self if (left, right) == (self.left, self.right) else self.other((left, right))

    def to_infinity(self) -> Verdict | None:
        """A limit, integral or sum that is infinite."""
        needed = reachable(self.difference, self.definitions)
        try:
            same = WORKER.ask(
                "sympy_tasks:same_infinity", self.left, self.right, self.conditions, needed,
                seconds=self.deadline - clock(),
            )  # fmt: skip
        except Overrun as problem:
            self.tried.append(f"SymPy: {problem}")
            return None
        if same is None:
            self.tried.append("SymPy did not settle it")
            return None
        if same is True:
            return Verdict(Outcome.PROVED, "SymPy", "both sides are infinite, with the same sign")
        return Verdict(Outcome.REFUTED, "SymPy", f"it is {same}", {}, (str(same), show(self.right)))

    def prover(self, variable: str, conditions: tuple[Condition, ...], *more: Expr) -> Prover:
        """What exact reasoning in one variable needs."""
        return Prover(
            variable,
            conditions,
            self.definitions,
            lambda expr, name: derive(expr, name, self.functions, opening=False).result,
            constants_in((self.left, self.right, *more)),
            self.deadline,
        )

    def by_enclosure(self) -> Verdict | None:
        """An inequality in one variable, by the supremum of the difference."""
        if len(self.names) != 1 or self.heavy:
            return None
        (variable,) = self.names
        conditions = (*self.conditions, *domain(self.difference, variable))
        span, rest = span_in(conditions, variable)
        if rest:
            return None
        prover = self.prover(variable, conditions)
        signs = {"<": (1,), "<=": (1,), ">": (-1,), ">=": (-1,), "!=": (1, -1)}[self.sign]
        for sign in signs:
            f = self.difference if sign > 0 else Sum((self.right, Negative(self.left)))
            try:
                shown = below(f, span, self.sign in ("<", ">", "!="), prover)
            except NotEvaluable as problem:
                self.tried.append(f"enclosure: {problem}")
                continue
            if shown is not None:
                words, exact = shown
                return Verdict(
                    Outcome.PROVED if exact else Outcome.ENCLOSED,
                    "touching points" if exact else "enclosure",
                    words,
                )
        return None

    def by_extreme(self) -> Verdict | None:
        """`sup(…) = v` and its kin, in closed form."""
        for node, value in ((self.left, self.right), (self.right, self.left)):
            if not isinstance(node, Extremum) or isinstance(node.of, Extremum) or symbols(node) or symbols(value):
                continue
            if self.search.infinite_twice:
                return Verdict(Outcome.PROVED, "growth rates", f"it is {show(value)}")
            try:
                shown = extreme_is(node, value, self.prover(node.variable.name, (), value))
            except NotEvaluable as problem:
                self.tried.append(f"enclosure: {problem}")
                return None
            if shown is not None:
                return Verdict(Outcome.PROVED, "exact extremum", shown)
        return None

    def by_growth(self) -> Verdict | None:
        """`lim(…, x -> oo) = v` where growth rates give the limit exactly."""
        for node, value in ((self.left, self.right), (self.right, self.left)):
            if not isinstance(node, Limit) or symbols(node):
                continue
            try:
                back = Rigorous(self.definitions, self.deadline)
                at, wanted = back(node.point, {}), back(value, {})
            except NotEvaluable:
                continue
            if at.is_finite():
                continue
            for start in (8, 64, 4096):
                try:
                    end = limit(germ(node.of, node.variable.name, 1 if at > 0 else -1, start, {}, self.definitions))
                except NotEvaluable:
                    continue
                exact = not isinstance(end, arb) and wanted.is_exact() and bool(wanted == end)
                infinite = isinstance(end, arb) and not end.is_finite() and bool(end == wanted)
                if exact or infinite:
                    return Verdict(Outcome.PROVED, "growth rates", f"the limit is {decimal(arb(end))}")
                break
        return None

    def by_induction(self) -> Verdict | None:
        """`sum(…, i = a..n) = F(n)`: the first term, and the step from n to n + 1."""
        for node, closed in ((self.left, self.right), (self.right, self.left)):
            match node:
                case BigSum(of, variable, lower, Symbol(n)) if n not in symbols(lower) | symbols(of):
                    first = Relation((substitute(closed, {n: lower}), substitute(of, {variable.name: lower})), ("=",))
                    after = Sum((Symbol(n), ONE))
                    step = Relation(
                        (
                            Sum((substitute(closed, {n: after}), Negative(closed))),
                            substitute(of, {variable.name: after}),
                        ),
                        ("=",),
                    )
                    fresh = (IsInteger(Symbol(n)), Relation((Symbol(n), lower), (">=",)))
                    rest = tuple(c for c in self.conditions if n not in symbols(c))
                    parts = [(first, rest), (step, (*rest, *fresh))]
                    if all(_Link(part, given, self.functions, self.deadline).by_normal_form() for part, given in parts):
                        return Verdict(Outcome.PROVED, "induction", f"the first term agrees, and the step to {n} + 1")
        return None

    def by_moments(self) -> Verdict | None:
        """Expectations in closed form; or one whose integrand is a constant plus something odd."""
        if not any(isinstance(e, Moment) for e in walk(self.relation)):
            return None
        try:
            sides = [without_moments(side, self.conditions, self.definitions) for side in (self.left, self.right)]
        except NotEvaluable as problem:
            self.tried.append(f"Gaussian integrals: {problem}")
            return self.by_symmetry()
        if self.other((sides[0], sides[1])).by_normal_form() is not None:
            return Verdict(Outcome.PROVED, "Gaussian integrals", "the closed form is the stated one")
        return None

    def by_symmetry(self) -> Verdict | None:
        """E[f(z)] = v where f(z) + f(-z) = 2v."""
        for node, value in ((self.left, self.right), (self.right, self.left)):
            if isinstance(node, Moment) and node.kind == "E" and noise_in(node.of) == {"z"}:
                both = Sum((node.of, substitute(node.of, {"z": Negative(Symbol("z"))})))
                if self.other((both, Sum((value, value)))).by_normal_form() is not None:
                    return Verdict(Outcome.PROVED, "symmetry", f"f(z) + f(-z) = 2*({show(value)}) for all z")
        return None

    def by_primitive(self) -> Verdict | None:
        """An integral up to a symbol: the same slope, and the same value at the lower end."""
        for node, value in ((self.left, self.right), (self.right, self.left)):
            match node:
                case Integral(of, variable, lower, Symbol(x)) if x not in symbols(of) | symbols(lower):
                    if may_jump(value, x, self.definitions):
                        continue
                    slope = derive(value, x, self.functions, opening=False).result
                    inside = substitute(of, {variable.name: Symbol(x)})
                    if self.other((slope, inside)).by_normal_form() is None:
                        continue
                    if self.vanishes_at(value, x, lower):
                        return Verdict(
                            Outcome.PROVED,
                            "fundamental theorem",
                            "the slopes agree, and so do the values at the lower end",
                        )
        return None

    def vanishes_at(self, expr: Expr, name: str, place: Expr) -> bool:
        """Whether an expression is 0 at a place, or tends to 0 at minus infinity."""
        if place != Negative(Constant("oo")):
            return self.other((substitute(expr, {name: place}), ZERO)).by_normal_form() is not None
        return self.other((Limit(expr, Symbol(name), place), ZERO)).by_growth() is not None

    def other(self, sides: tuple[Expr, Expr]) -> _Link:
        """The same question about two other sides."""
        return _Link(Relation(sides, ("=",)), self.conditions, self.functions, self.deadline)

    def evidence(self) -> Verdict:
        """A longer search for a counterexample, and then the evidence that there is."""
        search = self.search
        if search.seen:
            found = None if self.heavy else search.run(self.names, MORE_POINTS)
            if found is not None:
                return found
            digits = f" to {search.digits} digits" if self.sign == "=" else ""
            where = "the values agree" if not self.names else f"no counterexample at {search.seen} points"
            alone = next((f" ({words})" for words in self.tried if "worker" in words and "started" in words), "")
            return Verdict(Outcome.SAMPLED, "sampled", f"{where}{digits}{alone}")
        return Verdict(Outcome.UNDECIDED, "beyond this version", ", ".join(self.tried) or "it could not be evaluated")


def _worked_out(link: _Link) -> Verdict | None:
    """A refutation by the values that SymPy finds for limits, integrals and sums, compared in balls."""
    try:
        sides = [
            WORKER.ask(
                "sympy_tasks:worked_out", side, link.conditions, reachable(side, link.definitions),
                seconds=link.deadline - clock(),
            )
            for side in link.relation.sides
        ]  # fmt: skip
    except Overrun:
        return None
    if any(isinstance(e, (*BINDERS, Moment)) for side in sides for e in walk(side)):
        return None
    search = _Search(Relation(tuple(sides), link.relation.signs), link.conditions, link.definitions, link.deadline)
    found = search.run(symbols(sides[0]) | symbols(sides[1]), POINTS)
    return replace(found, how="SymPy and a counterexample") if found else None


def _endless(relation: Relation) -> bool:
    return any(isinstance(e.of if isinstance(e, Negative) else e, Constant) and "oo" in show(e) for e in relation.sides)


def _undefined(expr: Expr, definitions: Definitions) -> bool:
    return isinstance(expr, Call) and expr.name not in BUILTINS and expr.name not in definitions


class _Search:
    """Evaluation of both sides in balls at many points."""

    def __init__(
        self, relation: Relation, conditions: tuple[Condition, ...], definitions: Definitions, deadline: float
    ) -> None:
        (self.left, self.right), (self.sign,) = relation.sides, relation.signs
        self.conditions, self.definitions, self.deadline = conditions, definitions, deadline
        self.back = Rigorous(definitions, deadline)
        self.infinite = any(isinstance(side, Limit | Extremum) for side in relation.sides)
        self.seen = self.looked = self.unsure = self.huge = 0  # huge: a side that is too large to be a number here
        self.digits = 0
        self.certain = ""
        self.one_sided = self.apart = ""
        self.infinite_twice = self.exact = False

    @property
    def nowhere_real(self) -> bool:
        """Whether points were found, but none where both sides are real."""
        return self.looked > 0 and not self.seen and not self.unsure and not self.huge

    def run(self, names: frozenset[str], count: int) -> Verdict | None:
        """The refutation at the first point where there is one; None when none was found."""
        self.seen = self.looked = self.unsure = self.huge = 0
        self.digits = 10**6
        with precision(BITS):
            for point in points([self.left, self.right], names, self.conditions, self.definitions, count):
                if self.looked and clock() > self.deadline:
                    break
                self.looked += 1
                if (found := self.at(point)) is not None:
                    return found
        return None

    def at(self, point: Point) -> Verdict | None:
        env = {name: ball(value) for name, value in point.items()}
        for bits in (BITS, 8 * BITS):
            with precision(bits):
                try:
                    a, b = self.sides(env)
                except (NotEvaluable, OverflowError):
                    self.unsure += 1
                    return None
                if not (a.is_finite() and b.is_finite()) and not (self.infinite and not a.is_nan() and not b.is_nan()):
                    self.note(point, a, b)
                    self.huge += not (a.is_nan() or b.is_nan())
                    return None
                holds = truth(self.sign, a, b)
                self.infinite_twice = not a.is_finite() and not b.is_finite() and holds is True
                if holds is False:
                    return refuted(point, a, b)
                if holds or (self.sign == "=" and a.rel_accuracy_bits() > 40):
                    break
        self.seen += 1
        self.digits = min(self.digits, max(1, int(min(a.rel_accuracy_bits(), 10**6) * 0.3)))
        if holds:
            self.exact = bool(a.is_exact() and b.is_exact())
            self.certain = f"{enclosed(a)} {self.sign} {enclosed(b)}" if not self.apart else self.apart
        return None

    def sides(self, env: Mapping[str, arb]) -> tuple[arb, arb]:
        """Both sides as balls; for |a - b| <= c the values of a and b are remembered for the evidence."""
        match self.left, self.sign:
            case Call("abs", (Sum((a, Negative(b))),), 0), "<=":
                one, two = self.back(a, env), self.back(b, env)
                self.apart = f"{enclosed(one)} against {enclosed(two)}, {enclosed(abs(one - two), 3)} apart"
                return abs(one - two), self.back(self.right, env)
        return self.back(self.left, env), self.back(self.right, env)

    def note(self, point: Point, a: arb, b: arb) -> None:
        """A point at which only one side is real, the first of them."""
        if a.is_finite() != b.is_finite() and not self.one_sided:
            where = ", ".join(f"{name} = {show(number(value))}" for name, value in point.items())
            self.one_sided = f"at {where} only the {'left' if a.is_finite() else 'right'} side is real"


def value_of(expr: Expr, point: Mapping[str, Fraction], functions: Functions, digits: int) -> str:
    """The value of an expression to `digits` correct digits; raises NotEvaluable or CannotDerive."""
    plain = opened(expr, functions)
    deadline = clock() + 10.0
    back = Rigorous(functions.definitions, deadline)
    heavy = any(isinstance(e, (*BINDERS, Moment)) for e in walk(plain))
    result = arb(0)
    for factor in (1,) if heavy else (1, 2, 4, 8, 32, 128):
        with precision(int(digits * 3.33 * factor) + 40):
            result = back(plain, {name: ball(value) for name, value in point.items()})
            if result.is_finite() and (result.is_zero() or result.rel_accuracy_bits() > digits * 3.33):
                return decimal(result, digits, exact=result.is_exact())
            if result.is_nan() and factor > 1:
                raise NotEvaluable("this is not a real number")
    if heavy and result.is_finite() and result.rel_accuracy_bits() > 20:
        sure = int(result.rel_accuracy_bits() * 0.301)
        raise NotEvaluable(f"only {sure} digits can be had of this: ask for --digits {sure}")
    if not result.is_finite():
        raise NotEvaluable("this is infinite, or too large to be written")
    bound = substitute(plain, {name: number(value) for name, value in point.items()})
    relation = Relation((bound, ZERO), ("=",))
    if not heavy and _Link(relation, (), functions, clock() + 1.0).by_normal_form() is not None:
        return "0"
    raise NotEvaluable(f"the value could not be computed to {digits} digits")

"""What went wrong: broken rules are applied to the problem, and those that predict the learner's answer are named.

Nothing is said rather than something doubtful: a prediction must be proved equal to the answer, or agree with it at
many points, and must differ from the right result. Rules that predict the same answer are all named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from math import isfinite

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.errors import DlteachError
from dlteach.notation.backend import Definitions
from dlteach.notation.floats import Floats
from dlteach.notation.names import BUILTINS
from dlteach.notation.patience import Overrun, within
from dlteach.notation.show import show
from dlteach.notation.tree import (
    Branch,
    Call,
    Condition,
    Derivative,
    Expr,
    Piecewise,
    Symbol,
    rebuilt,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.pieces import inlined
from dlteach.reasoning.algebra.sample_points import points
from dlteach.reasoning.deciding.judge import equal
from dlteach.reasoning.deriving.derive import MOST_STEPS, Walker, definition_of, derive, opened
from dlteach.reasoning.deriving.steps import CannotDerive, Rule
from dlteach.reasoning.explaining.buggy_identities import buggy_readings
from dlteach.reasoning.explaining.buggy_rules import BUGGY_RULES, LAST_BUGGY_RULES, BuggyRule
from dlteach.reasoning.explaining.lines import Diagnosis

MOST_TURNS = 8  # places at which one rule is broken
SECONDS = 0.3  # for one prediction
LOOKING = 2.0  # for all of them
MOST_NAMED = 2  # slips that explain a line equally well; more would be a list of guesses
NEAR = 1e-9
ENOUGH = 3  # points at which a prediction must agree before it is looked at closely


class _BuggyWalker(Walker):
    """A walker that breaks one rule, at one place (`turn`) or at all of them (0)."""

    def __init__(self, functions: Functions, variable: str, rule: BuggyRule, turn: int) -> None:
        super().__init__(functions, variable, trust=True)
        self.rule, self.turn, self.met, self.steps = rule, turn, 0, 0
        self.where: tuple[Expr, Expr, Expr] | None = None

    def step(self, expr: Expr) -> tuple[Rule, Expr]:
        rule, right = super().step(expr)
        wrong = self.rule.breaks(self, expr, right)
        if wrong is None:
            return rule, right
        self.met += 1
        if self.turn not in (0, self.met):
            return rule, right
        self.where = self.where or (self.d(expr), wrong, right)
        return rule, wrong

    def worked_out(self, line: Expr) -> Expr:
        """The line without derivatives; the steps between are not wanted here, which is what makes this quick."""
        if isinstance(line, Derivative):
            self.steps += 1
            if self.steps > MOST_STEPS:
                raise CannotDerive("the derivation is too long to look for slips")
            return self.worked_out(self.step(line.of)[1])
        if isinstance(line, Piecewise):
            return Piecewise(tuple(Branch(self.worked_out(b.value), b.condition) for b in line.branches))
        return rebuilt(line, self.worked_out)


def diagnose(
    before: Expr, after: Expr, functions: Functions, conditions: Sequence[Condition] = (), seconds: float = LOOKING
) -> tuple[Diagnosis, ...]:
    """The broken rules that turn one line of a derivation into the next; none where that takes too long to tell."""
    try:
        with within(seconds):
            return _diagnosed(before, after, functions, conditions)
    except Overrun:
        return ()


def _diagnosed(
    before: Expr, after: Expr, functions: Functions, conditions: Sequence[Condition]
) -> tuple[Diagnosis, ...]:
    try:
        right, given = opened(before, functions), opened(after, functions)
    except CannotDerive:
        return ()
    look = _Look(right, given, functions.definitions, conditions)
    if not look.enough or look.same(right):
        return ()
    for group in _predictions(before, after, functions):
        found: dict[str, Diagnosis] = {}
        for diagnosis, predicted in group:
            if diagnosis.id in found or not look.same(predicted) or not look.differs(predicted):
                continue
            verdict = equal(given, predicted, conditions, functions, SECONDS)
            if verdict.outcome in (Outcome.PROVED, Outcome.SAMPLED):
                found[diagnosis.id] = diagnosis
            if len(found) == MOST_NAMED:
                break
        if found:
            return tuple(found.values())
    return ()


Prediction = tuple[Diagnosis, Expr]


def _predictions(before: Expr, after: Expr, functions: Functions) -> Iterator[Iterator[Prediction]]:
    """Groups of wrong lines and what would explain them; a group is looked at when the ones before explain nothing."""
    spelled = spelled_out(before, functions)
    problems = [node for node in walk(spelled) if isinstance(node, Derivative)]
    if not problems:
        yield (
            (Diagnosis(name, says, show(before), show(wrong)), wrong) for name, says, wrong in buggy_readings(before)
        )
        return
    variable = problems[0].variable.name
    yield chain(_broken(spelled, variable, functions), _other_ideas(problems[0], spelled, after, functions))
    yield _broken(spelled, variable, functions, LAST_BUGGY_RULES)
    seen = {spelled}
    for opened_up in (_with_definitions(spelled, functions), inlined(spelled, functions.definitions, everything=True)):
        if opened_up not in seen:
            seen.add(opened_up)
            yield _broken(opened_up, variable, functions)


def _broken(
    line: Expr, variable: str, functions: Functions, rules: Sequence[BuggyRule] = BUGGY_RULES
) -> Iterator[Prediction]:
    """The line worked out with each rule broken, at each place, then at all of them."""
    for rule in rules:
        for turn in (1, 0, *range(2, MOST_TURNS + 1)):
            walker = _BuggyWalker(functions, variable, rule, turn)
            try:
                result = walker.worked_out(line)
            except (CannotDerive, RecursionError):
                break
            if walker.where is None:
                break
            before, wrong, right = walker.where
            yield Diagnosis(rule.id, rule.says, show(before), show(wrong), show(right)), result
            if walker.met == turn == 1:
                break  # there is no other place


def _other_ideas(problem: Derivative, line: Expr, after: Expr, functions: Functions) -> Iterator[Prediction]:
    """Not differentiated, integrated, or differentiated in another variable."""
    says = "This is the function itself; it has not been differentiated."
    yield Diagnosis("not-differentiated", says, show(problem)), problem.of
    for name in sorted(symbols(problem.of) - {problem.variable.name}):
        try:
            other = derive(problem.of, name, functions, trust=True).result
        except CannotDerive:
            continue
        says = f"This is the derivative in {name}; the one in {problem.variable.name} is asked for."
        yield Diagnosis("wrong-variable", says, show(problem)), other
    if line == problem:
        try:
            back = derive(opened(after, functions), problem.variable.name, functions, trust=True).result
            whole = opened(problem.of, functions)
        except DlteachError:
            return
        look = _Look(back, whole, functions.definitions, ())
        if look.enough and look.same(back) and equal(back, whole, (), functions, SECONDS).outcome is Outcome.PROVED:
            says = "This is an antiderivative: the function was integrated, not differentiated."
            yield Diagnosis("integrated", says, show(problem)), after


def spelled_out(expr: Expr, functions: Functions) -> Expr:
    """With f'(x) as d/dx (f(x)), where the argument is a variable."""
    expr = rebuilt(expr, lambda child: spelled_out(child, functions))
    if isinstance(expr, Call) and expr.primes and (expr.name in BUILTINS or expr.name in functions):
        if isinstance(expr.args[0], Symbol):
            return spelled_out(Derivative(Call(expr.name, expr.args), expr.args[0], expr.primes), functions)
        return opened(expr, functions)
    if isinstance(expr, Derivative) and expr.order > 1:
        return Derivative(derive(expr.of, expr.variable.name, functions, expr.order - 1).result, expr.variable)
    return expr


def _with_definitions(line: Expr, functions: Functions) -> Expr:
    """With d/dx of a bare function of the course written by its definition."""
    if isinstance(line, Derivative) and (start := definition_of(line.of, functions)) is not None:
        return Derivative(start, line.variable, line.order, line.partial)
    return rebuilt(line, lambda child: _with_definitions(child, functions))


class _Look:
    """A quick comparison in floating point at a few points."""

    def __init__(self, right: Expr, given: Expr, definitions: Definitions, conditions: Sequence[Condition]) -> None:
        self.floats = Floats(definitions)
        names = symbols(right) | symbols(given)
        candidates = points([right, given], names, conditions, definitions, 24)
        rows = [({n: float(v) for n, v in at.items()}) for at in candidates]
        self.rows = [(at, g) for at in rows if isfinite(g := self.value(given, at)) and abs(g) < 1e12]
        self.rows = self.rows[-10:]
        self.right = [self.value(right, at) for at, _ in self.rows]

    @property
    def enough(self) -> bool:
        """Whether there are points to compare at."""
        return len(self.rows) >= ENOUGH or (len(self.rows) == 1 and not self.rows[0][0])

    def value(self, expr: Expr, at: dict[str, float]) -> float:
        try:
            return self.floats(expr, at)
        except (DlteachError, OverflowError, ZeroDivisionError, ValueError):
            return float("nan")

    def same(self, expr: Expr) -> bool:
        """Whether the learner's line has these values."""
        agreed = 0
        for at, wanted in self.rows:
            here = self.value(expr, at)
            if isfinite(here):
                if abs(here - wanted) > NEAR * (1 + abs(wanted)):
                    return False
                agreed += 1
        return agreed >= min(ENOUGH, len(self.rows))

    def differs(self, expr: Expr) -> bool:
        """Whether a prediction is really wrong."""
        return any(
            isfinite(r) and isfinite(here := self.value(expr, at)) and abs(here - r) > NEAR * (1 + abs(r))
            for (at, _), r in zip(self.rows, self.right, strict=True)
        )

"""Is it true? Refute first, then prove, and say which of the two could not be done.

Cheap methods come first, each named, each allowed to pass: the same tree, a point where balls exclude
equality, the normal form, SymPy in a worker. What no method settles is `sampled` or `undecided`, never
"true" and never "false".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from time import monotonic

from flint import arb

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.backend import Definitions, NotEvaluable, reachable
from dlteach.notation.balls import Balls, ball, precision, truth
from dlteach.notation.names import BUILTINS
from dlteach.notation.show import show
from dlteach.notation.tree import (
    BINDERS,
    ZERO,
    Call,
    Condition,
    Expr,
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
from dlteach.reasoning.derive import CannotDerive, opened
from dlteach.reasoning.normal import ALLOWED
from dlteach.reasoning.points import Point, points
from dlteach.reasoning.worker import WORKER, Overrun
from dlteach.values import replaced

BITS = 128
POINTS = 20
MORE_POINTS = 400
DIGITS = 15
PROVERS = (("normal:vanishes", "normal form"), ("sympy_tasks:is_zero", "SymPy"))
SIGN_PROVERS = (("normal:signs", "signs"),)


@dataclass(frozen=True)
class Verdict:
    """What was found out, how, and the point that refutes it if one does.

    `witness` maps symbols to exact values in the notation, `values` are both sides there.
    """

    outcome: Outcome
    how: str
    evidence: str = ""
    witness: Mapping[str, str] = field(default_factory=dict)
    values: tuple[str, str] | tuple[()] = ()


def equal(
    left: Expr, right: Expr, conditions: Sequence[Condition], functions: Functions, seconds: float = 2.0
) -> Verdict:
    """Whether two expressions agree wherever both are real; at most `seconds` are spent on a proof."""
    return judge(Statement(Relation((left, right), ("=",)), tuple(conditions)), functions, seconds)


def judge(statement: Statement, functions: Functions, seconds: float = 5.0) -> Verdict:
    """The verdict on a statement of the notation; never raises for one that could be read."""
    try:
        plain = settled(_plain(statement, functions))
    except CannotDerive as problem:
        return Verdict(Outcome.UNDECIDED, "no rule", str(problem))
    if isinstance(plain.body, Property):
        return Verdict(Outcome.UNDECIDED, "beyond this version", f"`{plain.body.kind}` cannot be decided yet")
    relation = plain.body
    assert isinstance(relation, Relation)
    parts = [
        _link(Relation((a, b), (sign,)), plain.conditions, functions.definitions, seconds)
        for sign, a, b in zip(relation.signs, relation.sides, relation.sides[1:], strict=False)
    ]
    order = (Outcome.REFUTED, Outcome.INVALID, Outcome.UNDECIDED, Outcome.SAMPLED, Outcome.ENCLOSED, Outcome.PROVED)
    return min(parts, key=lambda verdict: order.index(verdict.outcome))


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


def _link(relation: Relation, conditions: tuple[Condition, ...], definitions: Definitions, seconds: float) -> Verdict:
    (left, right), (sign,) = relation.sides, relation.signs
    search = _Search(relation, conditions, definitions)
    names = symbols(left) | symbols(right)
    if not any(isinstance(e, (*BINDERS, Moment)) or _undefined(e, definitions) for e in walk(relation)):
        found = search.run(names, POINTS)
        if found is not None:
            return found
        if search.nowhere_real:
            found = search.run(names, MORE_POINTS)
            if found is not None:
                return found
        if search.nowhere_real:
            return Verdict(Outcome.INVALID, "nowhere real", "no point was found where both sides are real")
    if left == right and sign in ("=", "<=", ">="):
        return Verdict(Outcome.PROVED, "working it out", "both sides come to the same expression")
    if sign != "=" and not names and search.certain:
        return Verdict(Outcome.ENCLOSED, "ball arithmetic", search.certain)
    proof, tried = _proof(relation, conditions, definitions, seconds)
    if proof is not None:
        return proof
    if sign == "=" and not search.looked:
        found = _worked_out(relation, conditions, definitions, seconds)
        if found is not None:
            return found
    return _evidence(relation, search, tried)


def _proof(
    relation: Relation, conditions: tuple[Condition, ...], definitions: Definitions, seconds: float
) -> tuple[Verdict | None, str]:
    """A proof by normal form, by signs or by SymPy, all in the worker, `seconds` together; or what was tried."""
    (left, right), (sign,) = relation.sides, relation.signs
    difference = Sum((left, Negative(right)))
    needed = reachable(difference, definitions)
    tried = []
    deadline = monotonic() + seconds
    for task, words in PROVERS if sign == "=" else SIGN_PROVERS:
        try:
            answer = WORKER.ask(task, difference, conditions, needed, seconds=deadline - monotonic())
        except Overrun as problem:
            tried.append(f"{words}: {problem}")
            continue
        if task == "normal:vanishes" and answer is not None:
            pieces = f" in {answer} cases" if answer > 1 else ""
            return Verdict(Outcome.PROVED, words, f"the difference is zero{pieces}"), ""
        if task == "normal:signs" and answer is not None and answer <= ALLOWED[sign]:
            return Verdict(Outcome.PROVED, words, "the sign of the difference follows from its form"), ""
        if task == "sympy_tasks:is_zero" and answer:
            return Verdict(Outcome.PROVED, words, "the difference simplifies to zero"), ""
        tried.append(f"{words} did not settle it")
    return None, ", ".join(tried)


def _evidence(relation: Relation, search: _Search, tried: str) -> Verdict:
    """A longer search for a counterexample, and then the evidence that there is."""
    (left, right), (sign,) = relation.sides, relation.signs
    if search.seen:
        found = search.run(symbols(left) | symbols(right), MORE_POINTS)
        if found is not None:
            return found
        digits = f" to {search.digits} digits" if sign == "=" else ""
        evidence = f"no counterexample at {search.seen} points{digits}"
        return Verdict(Outcome.SAMPLED, "sampled", evidence)
    return Verdict(Outcome.UNDECIDED, "beyond this version", tried or "it could not be evaluated")


def _worked_out(
    relation: Relation, conditions: tuple[Condition, ...], definitions: Definitions, seconds: float
) -> Verdict | None:
    """A refutation by the values that SymPy finds for limits, integrals and sums, compared in balls."""
    try:
        sides = [
            WORKER.ask("sympy_tasks:worked_out", side, conditions, reachable(side, definitions), seconds=seconds)
            for side in relation.sides
        ]
    except Overrun:
        return None
    if any(isinstance(e, (*BINDERS, Moment)) for side in sides for e in walk(side)):
        return None
    search = _Search(Relation(tuple(sides), relation.signs), conditions, definitions)
    found = search.run(symbols(sides[0]) | symbols(sides[1]), POINTS)
    return replace(found, how="SymPy and a counterexample") if found else None


def _undefined(expr: Expr, definitions: Definitions) -> bool:
    return isinstance(expr, Call) and expr.name not in BUILTINS and expr.name not in definitions


class _Search:
    """Evaluation of both sides in balls at many points."""

    def __init__(self, relation: Relation, conditions: tuple[Condition, ...], definitions: Definitions) -> None:
        (self.left, self.right), (self.sign,) = relation.sides, relation.signs
        self.conditions, self.definitions = conditions, definitions
        self.back = Balls(definitions)
        self.seen = self.looked = self.unsure = 0
        self.digits = 0
        self.certain = ""

    @property
    def nowhere_real(self) -> bool:
        """Whether points were found, but none where both sides are real."""
        return self.looked > 0 and not self.seen and not self.unsure

    def run(self, names: frozenset[str], count: int) -> Verdict | None:
        """The refutation at the first point where there is one; None when none was found."""
        self.seen = self.looked = self.unsure = 0
        self.digits = 10**6
        with precision(BITS):
            for point in points([self.left, self.right], names, self.conditions, self.definitions, count):
                self.looked += 1
                if (found := self.at(point)) is not None:
                    return found
        return None

    def at(self, point: Point) -> Verdict | None:
        env = {name: ball(value) for name, value in point.items()}
        for bits in (BITS, 8 * BITS):
            with precision(bits):
                try:
                    a, b = self.back(self.left, env), self.back(self.right, env)
                except (NotEvaluable, OverflowError):
                    self.unsure += 1
                    return None
                if not (a.is_finite() and b.is_finite()):
                    return None
                holds = truth(self.sign, a, b)
                if holds is False:
                    return _refuted(point, a, b)
                if holds or (self.sign == "=" and a.rel_accuracy_bits() > 40):
                    break
        self.seen += 1
        self.digits = min(self.digits, max(1, int(min(a.rel_accuracy_bits(), 10**6) * 0.3)))
        if holds:
            self.certain = f"{_decimal(a)} {self.sign} {_decimal(b)}"
        return None


def _refuted(point: Point, a: arb, b: arb) -> Verdict:
    witness = {name: show(number(value)) for name, value in point.items()}
    left, right = _decimal(a), _decimal(b)
    if left == right:
        left, right = a.str(40, radius=False), b.str(40, radius=False)
    where = ", ".join(f"{name} = {value}" for name, value in witness.items())
    evidence = f"at {where}: {left} against {right}" if where else f"{left} against {right}"
    return Verdict(Outcome.REFUTED, "counterexample", evidence, witness, (left, right))


def value_of(expr: Expr, point: Mapping[str, Fraction], functions: Functions, digits: int) -> str:
    """The value of an expression to `digits` correct digits; raises NotEvaluable or CannotDerive."""
    plain = opened(expr, functions)
    back = Balls(functions.definitions)
    result = arb(0)
    for factor in (1, 2, 4, 8, 32, 128):
        with precision(int(digits * 3.33 * factor) + 40):
            result = back(plain, {name: ball(value) for name, value in point.items()})
            if result.is_finite() and (result.is_zero() or result.rel_accuracy_bits() > digits * 3.33):
                return _decimal(result, digits, exact=result.is_exact())
            if result.is_nan() and factor > 1:
                raise NotEvaluable("this is not a real number")
    if not result.is_finite():
        raise NotEvaluable("this is infinite, or too large to be written")
    bound = substitute(plain, {name: number(value) for name, value in point.items()})
    proof, _ = _proof(Relation((bound, ZERO), ("=",)), (), functions.definitions, 1.0)
    if proof is not None:
        return "0"
    raise NotEvaluable(f"the value could not be computed to {digits} digits")


def _decimal(value: arb, digits: int = DIGITS, exact: bool = True) -> str:
    """A ball's midpoint; trailing zeros go where the value is exact or they are many, else they are digits."""
    text: str = value.str(digits, radius=False)
    mantissa, mark, exponent = text.partition("e")
    short = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return short + mark + exponent if exact or len(mantissa) - len(short) >= 4 else text

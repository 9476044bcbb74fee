"""Is it true? Refute first, then prove, and say which of the two could not be done.

The judge hands a frozen question to one method after the other: cheap ones first, each named, each allowed to pass. It
takes a proof only with evidence that the statement says something: a point that meets the conditions and at which both
sides have a value. What no method settles is `sampled` or `undecided`, never "true" and never "false".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from flint import arb

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.errors import DlteachError
from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.balls import NAN, Balls, NoLimit, NotReal, Unsure, precision, remembered
from dlteach.notation.patience import look, until, within
from dlteach.notation.show import show
from dlteach.notation.tree import (
    BINDERS,
    ZERO,
    AnyNode,
    Call,
    CannotSubstitute,
    Condition,
    Derivative,
    Expr,
    Moment,
    Near,
    Negative,
    Node,
    Piecewise,
    Property,
    Relation,
    Statement,
    Sum,
    Symbol,
    TooLarge,
    call,
    number,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.domains import Need, obligations
from dlteach.reasoning.algebra.relations import NEGATED
from dlteach.reasoning.algebra.sample_points import points
from dlteach.reasoning.deciding.proofs import How, Proof, Question
from dlteach.reasoning.deciding.search import PointSearch, loose_infinity
from dlteach.reasoning.deciding.verdicts import Verdict, decimal, placed, weakest
from dlteach.reasoning.deriving.steps import CannotDerive
from dlteach.reasoning.enclosing.evaluate import Evaluator
from dlteach.reasoning.worker.loading import Later
from dlteach.reasoning.worker.process import NoWorker, Overrun, clock
from dlteach.values import replace as with_fields

POINTS = 20
EQUATION_POINTS = 10  # before a proof, which for most true ones costs less than a look at more
MORE_POINTS = 400
FEW_POINTS = 5  # where each costs an integral or a supremum
VALUE_SECONDS = 2.5
GRACE = 0.1  # of the time that is given, for saying what was found in it

EQUATIONS = (
    Later("deciding.equations:by_normal_form"),
    Later("deciding.extrema:by_bound"),
    Later("deciding.inequalities:by_extreme"),
    Later("deciding.limits:by_limit"),
    Later("deciding.equations:by_induction"),
    Later("deciding.expectations:by_moments"),
    Later("deciding.expectations:by_symmetry"),
    Later("deciding.expectations:by_stein"),
    Later("deciding.equations:by_pole"),
    Later("deciding.equations:by_primitive"),
    Later("deciding.equations:by_values"),
    Later("deciding.equations:by_sympy"),
)
INEQUALITIES = (
    Later("deciding.limits:by_value_of_limit"),
    Later("deciding.inequalities:by_signs"),
    Later("deciding.inequalities:by_enclosure"),
    Later("deciding.expectations:by_closed_moments"),
    Later("deciding.integers:by_integers"),
    Later("deciding.several:by_several"),
)
CONTRADICTORY = Later("deciding.equations:contradictory")
PROPERTY = Later("deciding.properties:property_verdict")


def equal(
    left: Expr, right: Expr, conditions: Sequence[Condition], functions: Functions, seconds: float = 2.0
) -> Verdict:
    """Whether two expressions agree wherever both have a value; at most `seconds` are spent on a proof."""
    return judge(Statement(Relation((left, right), ("=",)), tuple(conditions)), functions, seconds)


def judge(statement: Statement, functions: Functions, seconds: float = 5.0) -> Verdict:
    """The verdict on a statement of the notation, in little more than `seconds`; never raises for one that was read."""
    deadline = clock() + seconds
    try:
        with until(deadline + GRACE * seconds):
            return _judged(statement, functions, deadline)
    except Overrun:
        return Verdict(Outcome.UNDECIDED, "no time", f"it takes more than {seconds:g} s to look at it")
    except TooLarge as problem:
        return Verdict(Outcome.UNDECIDED, "too large", str(problem))


def _judged(statement: Statement, functions: Functions, deadline: float) -> Verdict:
    """The verdict; raises Overrun where not even a first look is to be had in time."""
    try:
        plain, given = settled(exactly(_as_relation(statement), functions), functions.definitions)
    except (CannotDerive, CannotSubstitute, NotEvaluable) as problem:
        return Verdict(Outcome.UNDECIDED, "no rule", str(problem))
    if (never := _never_met(plain, functions, deadline)) is not None:
        return never
    if isinstance(plain.body, Property):
        return _property(plain.body, plain.conditions, functions, deadline)
    relation = plain.body
    assert isinstance(relation, Relation)
    if any(map(loose_infinity, relation.sides)):
        return Verdict(Outcome.INVALID, "no value", "oo is no number: write a limit, as in lim(1/x, x -> oo)")
    links = []
    for i, (a, sign, b) in enumerate(relation.links()):
        conditions = (*plain.conditions, *_beside(relation, i, functions))
        beside = tuple(side for j, side in enumerate(relation.sides) if j not in (i, i + 1))
        links.append(_relation(Question(a, sign, b, conditions, functions, deadline, judge, beside)))
    found = weakest(links)
    return _explained(found, statement, given, functions) if found.outcome is Outcome.INVALID else found


def exactly(node: AnyNode, functions: Functions) -> AnyNode:
    """`node` with each derivative in it as an expression that has its values, and no others; raises CannotDerive."""
    if not any(isinstance(part, Derivative) or (isinstance(part, Call) and part.primes) for part in walk(node)):
        return node
    from dlteach.reasoning.deriving.exact import exactly as worked_out

    return worked_out(node, functions)


# ---- what is asked ---------------------------------------------------------------------------------


def _as_relation(statement: Statement) -> Statement:
    """With `≈` written as a relation."""
    body = statement.body
    if isinstance(body, Near):
        gap = call("abs", Sum((body.left, Negative(body.right))))
        return with_fields(statement, body=Relation((gap, body.within), ("<=",)))
    return statement


def settled(statement: Statement, definitions: Definitions) -> tuple[Statement, dict[str, Expr]]:
    """With conditions that define a symbol (`m = (a + b)/2`) carried out by substitution, and what was put in."""
    given: dict[str, Expr] = {}
    while (step := _definition(statement, definitions)) is not None:
        statement, name, value = step
        given = {**{other: substitute(old, {name: value}) for other, old in given.items()}, name: value}
    return statement, given


def _definition(statement: Statement, definitions: Definitions) -> tuple[Statement, str, Expr] | None:
    """The first condition that gives a symbol its value, carried out; None where there is none."""
    for i, condition in enumerate(statement.conditions):
        match condition:
            case Relation((Symbol(name), value), ("=",)) if name not in symbols(value):
                rest = statement.conditions[:i] + statement.conditions[i + 1 :]
                owed = tuple(obligations(value, Need.REAL, definitions))
                whole = Statement(statement.body, (*rest, *(o.relation for o in owed if o.relation is not None)))
                if name in symbols(statement.body) or any(name in symbols(other) for other in rest):
                    whole = Statement(statement.body, rest)
                elif any(o.relation is None or o.given for o in owed):
                    continue
                return substitute(whole, {name: value}), name, value
    return None


def _never_met(stated: Statement, functions: Functions, deadline: float) -> Verdict | None:
    """The verdict where conditions contradict each other, or where none is known that meets them."""
    definitions = functions.definitions
    for condition in stated.conditions:
        if isinstance(condition, Relation) and not symbols(condition):
            try:
                holds = Balls(definitions).holds(condition, {})
            except NotReal:
                holds = False
            except NotEvaluable:
                holds = None
            if holds is False:
                return Verdict(Outcome.INVALID, "no point", f"the condition {show(condition)} is never met")
    names = frozenset[str]().union(*map(symbols, stated.conditions))
    if not names or next(points((), names, stated.conditions, definitions, 1, deadline), None) is not None:
        return None
    if CONTRADICTORY(stated.conditions, definitions, deadline - clock()):
        return Verdict(Outcome.INVALID, "no point", "the conditions contradict each other")
    if names <= symbols(stated.body):
        return None  # a sharper look with the sides in view follows
    return Verdict(Outcome.UNDECIDED, "no point", "no point was found that meets the conditions")


def _beside(relation: Relation, i: int, functions: Functions) -> Iterable[Condition]:
    """What the sides of a chain that are not those of its link i ask for: all sides must have a value."""
    for j, side in enumerate(relation.sides):
        if j in (i, i + 1):
            continue
        for owed in obligations(side, Need.REAL, functions.definitions):
            if owed.necessary and owed.relation is not None and not owed.given:
                yield owed.relation


# ---- properties ------------------------------------------------------------------------------------


def _property(stated: Property, conditions: tuple[Condition, ...], functions: Functions, deadline: float) -> Verdict:
    def ask(part: Statement) -> Verdict:
        return judge(part, functions, max(0.05, deadline - clock()))

    found: Verdict = PROPERTY(stated, conditions, functions, ask, max(0.05, deadline - clock()))
    return found


# ---- one relation ----------------------------------------------------------------------------------


def _relation(question: Question) -> Verdict:
    """The first word that can be given on a single relation."""
    search = PointSearch(question)
    tried: list[str] = []
    try:
        with until(question.deadline):
            if (found := _settled(question, search, tried)) is not None:
                return found
    except Overrun as problem:
        tried.append(str(problem))
    return _evidence(question, search, tried)


def _settled(question: Question, search: PointSearch, tried: list[str]) -> Verdict | None:
    """What a look at points or a method settles; None where none does, with the reasons in `tried`."""
    count = FEW_POINTS if question.heavy else EQUATION_POINTS if question.sign == "=" else POINTS
    found = search.run(count)
    if found is None and not (search.seen or search.huge) and search.looked == count:
        found = search.run(POINTS if question.heavy else MORE_POINTS)
    if found is not None:
        return found
    if (empty := _without_value(question, search)) is not None:
        return empty
    if search.huge and not search.seen:
        return Verdict(Outcome.UNDECIDED, "too large", "the values are too large to be compared")
    same = question.left == question.right and question.sign in ("=", "<=", ">=")
    if same and (taken := _taken(Proof(How.SAME, "both sides come to the same expression"), search)) is not None:
        return taken
    if question.sign != "=" and not question.names and search.certain:
        if search.exact:
            return Verdict(Outcome.PROVED, How.ARITHMETIC, search.certain)
        return Verdict(Outcome.ENCLOSED, How.BALLS, search.certain)
    if question.sign == "=" and search.both_infinite and not question.names:
        return Verdict(Outcome.PROVED, How.GROWTH, f"both sides are {show(question.right)}")
    for method in EQUATIONS if question.sign == "=" else INEQUALITIES:
        try:
            answer: Proof | Verdict | None = method(question)
        except NoWorker as problem:
            search.alone = str(problem)
            tried.append(str(problem))
            continue
        except (DlteachError, Overrun) as problem:
            tried.append(f"{method.name.removeprefix('by_').replace('_', ' ')}: {problem}")
            continue
        if isinstance(answer, Verdict):
            return answer
        if answer is not None and (taken := _taken(answer, search)) is not None:
            return taken
        look()
    return None


def _taken(proof: Proof, search: PointSearch) -> Verdict | None:
    """The verdict, where a point is known at which the statement says something; None where none is."""
    if search.seen or (proof.exists and search.looked):
        return replace(proof.verdict, gaps=tuple(search.gaps) if search.sign == "=" else ())
    return None


def _without_value(question: Question, search: PointSearch) -> Verdict | None:
    """The verdict where a side is shown to have a value nowhere: refuted where a limit or integral has none."""
    problem: NotReal | None = None
    if not question.names and search.missing is not None:
        problem = search.missing[1]
    elif not search.seen:
        problem = next((p for side in (question.left, question.right) for p in _closed_gaps(side, search.back)), None)
    if problem is None:
        return _nowhere(question) if search.looked and search.absent == search.looked else None
    if isinstance(problem, NoLimit):
        return Verdict(Outcome.REFUTED, "no value", str(problem))
    return Verdict(Outcome.INVALID, "no value", str(problem))


def _nowhere(question: Question) -> Verdict | None:
    """The verdict where what a side asks for is shown to hold at no point."""
    for side in (question.left, question.right):
        for owed in obligations(side, Need.REAL, question.definitions, conditions=question.conditions):
            if not owed.necessary or owed.given or owed.relation is None or len(owed.relation.signs) > 1:
                continue
            never = Relation(owed.relation.sides, (NEGATED[owed.relation.signs[0]],))
            if question.ask(Statement(never, question.conditions)).holds:
                return Verdict(Outcome.INVALID, "no value", f"`{show(owed.part)}` has a value nowhere")
    return None


def _closed_gaps(expr: Expr, back: Evaluator) -> Iterable[NotReal]:
    """Why parts that do not depend on any symbol have no value; the branches of a piecewise may not count."""
    if not symbols(expr):
        try:
            back(expr, {})
        except NotReal as problem:
            yield problem
        except (NotEvaluable, OverflowError):
            pass
    elif not isinstance(expr, (Piecewise, *BINDERS, Moment)):
        for child in expr.children():
            yield from _closed_gaps(child, back)


def _evidence(question: Question, search: PointSearch, tried: Sequence[str]) -> Verdict:
    """A longer search for a counterexample, and then the evidence that there is."""
    if search.seen:
        found = None if question.heavy else search.run(MORE_POINTS)
        if found is not None:
            return found
        digits = f" to {search.digits} digits" if question.sign == "=" else ""
        points = "1 point" if search.seen == 1 else f"{search.seen} points"
        where = f"no counterexample at {points}" if question.names else "the values agree"
        without = f" ({search.alone})" if search.alone else ""
        return Verdict(Outcome.SAMPLED, "sampled", f"{where}{digits}{without}", gaps=tuple(search.gaps))
    if not search.looked:
        if question.seconds < 0:
            return Verdict(Outcome.UNDECIDED, "no time", "the time ran out before a point could be looked at")
        return Verdict(Outcome.UNDECIDED, "no point", "no point was found that meets the conditions")
    if search.missing is not None and search.absent == search.looked:
        point, problem = search.missing
        where = f" {placed(_named(point))}" if point else ""
        says = f"no point was found at which both sides have a value:{where} {problem}"
        return Verdict(Outcome.UNDECIDED, "no value found", says)
    return Verdict(Outcome.UNDECIDED, "beyond this version", ", ".join(tried) or "it could not be evaluated")


def _named(point: Mapping[str, Fraction]) -> dict[str, str]:
    return {name: show(number(value)) for name, value in point.items()}


def _explained(found: Verdict, stated: Statement, given: Mapping[str, Expr], functions: Functions) -> Verdict:
    """With the derivative that does not exist as the reason, where there is one."""
    says = _absent_derivative(stated, given, functions)
    return replace(found, how="no derivative", evidence=says) if says else found


def _absent_derivative(stated: Node, given: Mapping[str, Expr], functions: Functions) -> str:
    """Which derivative in it does not exist at a place; empty where all do, as far as is known."""
    for node in walk(stated):
        match node:
            case Derivative(of, Symbol(name)):
                at = given.get(name)
            case Call(name, (at,), primes) if primes:
                of = Call(name, (Symbol("x"),))
            case _:
                continue
        exact = substitute(exactly(node, functions), given)
        if at is not None and not symbols(exact) and _missing(exact, functions):
            return f"{show(of)} has no derivative at {show(substitute(at, given))}"
    return ""


def _missing(expr: Expr, functions: Functions) -> bool:
    try:
        Evaluator(functions.definitions)(expr, {})
    except NotReal:
        return True
    except NotEvaluable:
        return False
    return False


# ---- values ----------------------------------------------------------------------------------------


def value_of(expr: Expr, point: Mapping[str, Fraction], functions: Functions, digits: int) -> str:
    """The value of an expression to `digits` correct digits; raises NotEvaluable, also out of time, or CannotDerive."""
    try:
        with within(VALUE_SECONDS):
            return _value_of(expr, point, functions, digits)
    except Overrun:
        look()  # where the time is up for more than this value, it is not for this one to say
        raise NotEvaluable(f"the value takes more than {VALUE_SECONDS:g} s to compute: simplify it") from None


def _value_of(expr: Expr, point: Mapping[str, Fraction], functions: Functions, digits: int) -> str:
    plain = exactly(expr, functions)
    back = Evaluator(functions.definitions, clock() + VALUE_SECONDS)
    heavy = any(isinstance(e, (*BINDERS, Moment)) for e in walk(plain))
    result = NAN
    for factor in (1,) if heavy else (1, 2, 4, 8, 32, 128):
        with precision(int(digits * 3.33 * factor) + 40):
            try:
                result = back(plain, {name: remembered(value) for name, value in point.items()})
            except NotReal as reason:
                given = {name: number(value) for name, value in point.items()}
                says = _absent_derivative(expr, given, functions) or f"this is not a real number: {reason}"
                raise NotEvaluable(says) from None
            except Unsure:
                continue
            if result.is_finite() and (result.is_zero() or result.rel_accuracy_bits() > digits * 3.33):
                return decimal(result, digits, exact=result.is_exact())
    if heavy and result.is_finite() and result.rel_accuracy_bits() > 20:
        sure = int(result.rel_accuracy_bits() * 0.301)
        raise NotEvaluable(f"only {sure} digits can be had of this: ask for --digits {sure}")
    if abs(result) == arb.pos_inf():
        raise NotEvaluable("this is infinite")
    bound = substitute(plain, {name: number(value) for name, value in point.items()})
    if not heavy and equal(bound, ZERO, (), functions, 1.0).outcome is Outcome.PROVED:
        return "0"
    raise NotEvaluable(f"the value could not be computed to {digits} digits")

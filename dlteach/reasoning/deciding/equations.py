"""Methods for equations: the normal form, induction, the fundamental theorem, and SymPy with a second witness.

Each says only what it has shown: the normal form, that the sides agree wherever both have a value; induction, that they
agree for every whole n from the empty sum on; the fundamental theorem, on an interval on which integrand and primitive
are shown to be continuous. SymPy may drop a branch or leave the real line, so its zero counts only together with values
in balls, and never for a piecewise.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from flint import arb

from dlteach.course.ledger import Outcome
from dlteach.notation.backend import Definitions, NotEvaluable, reachable
from dlteach.notation.balls import Balls, NoLimit
from dlteach.notation.show import show
from dlteach.notation.tree import (
    ONE,
    ZERO,
    BigSum,
    Call,
    Condition,
    Constant,
    Expr,
    Integral,
    Interval,
    IsInteger,
    Limit,
    Negative,
    Piecewise,
    Relation,
    Statement,
    Sum,
    Symbol,
    literal,
    rebuilt,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.domains import Need, obligations
from dlteach.reasoning.algebra.pieces import Span, inlined, pieces, span_in, span_of, strictly_between
from dlteach.reasoning.algebra.roots import roots
from dlteach.reasoning.algebra.simplify import simplified
from dlteach.reasoning.deciding.existence import Existence, within
from dlteach.reasoning.deciding.proofs import How, Proof, Question
from dlteach.reasoning.deciding.search import PointSearch, may_be_infinite
from dlteach.reasoning.deciding.verdicts import Verdict
from dlteach.reasoning.deriving.derive import derive
from dlteach.reasoning.enclosing.evaluate import Evaluator
from dlteach.reasoning.worker.process import WORKER, Overrun

WITNESSES = 30  # points, for SymPy's zero
WITNESS_DIGITS = 50
FEW = 5  # where each costs an integral or a sum
FEW_DIGITS = 10
FORKED = ("abs", "sign", "max", "min", "floor", "ceil")


def by_normal_form(question: Question) -> Proof | Verdict | None:
    """The difference comes to zero in every case; or no case is left in which both sides are real."""
    shown = WORKER.ask(
        "algebra.normal:vanishes",
        question.difference,
        question.conditions,
        reachable(question.difference, question.definitions),
        seconds=question.seconds,
    )
    if shown is None:
        return None
    if not shown.cases:
        return Verdict(Outcome.INVALID, "nowhere real", "there is no point at which both sides have a value")
    pieces = f" in {shown.cases} cases" if shown.cases > 1 else ""
    return Proof(How.NORMAL_FORM, f"the difference is zero{pieces}", exists=shown.certain)


def contradictory(conditions: tuple[Condition, ...], definitions: Definitions, seconds: float) -> bool:
    """Whether conditions are shown to exclude each other: by numbers for one symbol, by signs for several."""
    balls = Balls(definitions)
    for name in frozenset[str]().union(*map(symbols, conditions)):
        span, _ = span_in([condition for condition in conditions if symbols(condition) == {name}], name)
        if span.lower is None or span.upper is None or symbols(span.lower) | symbols(span.upper):
            continue
        with suppress(NotEvaluable):
            low, high = balls(span.lower, {}), balls(span.upper, {})
            if low > high or (span.lower == span.upper and (span.open_below or span.open_above)):
                return True
    with suppress(Overrun):
        shown = WORKER.ask("algebra.normal:vanishes", ZERO, conditions, {}, seconds=seconds)
        return shown is not None and not shown.cases
    return False


def agree(question: Question) -> bool:
    """Whether the normal form shows both sides equal, and real wherever the conditions hold."""
    found = by_normal_form(question)
    return isinstance(found, Proof) and found.exists


def by_values(question: Question) -> Proof | None:
    """Both sides worked out exactly, without any radius, to the same number."""
    if question.names or not question.heavy:
        return None
    search = PointSearch(question)
    search.run(1)
    return Proof(How.ARITHMETIC, search.certain) if search.certain and search.exact else None


# ---- induction -------------------------------------------------------------------------------------


def by_induction(question: Question) -> Proof | None:
    """`sum(…, i = a..n) = F(n)`: F is 0 at the empty sum, and grows by each term."""
    for node, closed in ((question.left, question.right), (question.right, question.left)):
        match node:
            case BigSum(of, variable, lower, Symbol(n)) if n not in symbols(lower) | symbols(of):
                first = literal(lower)
                if first is None or first.denominator != 1:
                    continue
                if _induced(question, of, variable.name, lower, n, closed):
                    says = f"for {n} >= {first - 1}: the empty sum is 0, and the step from {n} to {n} + 1"
                    return Proof(How.INDUCTION, says)
    return None


def _induced(question: Question, of: Expr, i: str, lower: Expr, n: str, closed: Expr) -> bool:
    """F(a - 1) = 0 and F(n + 1) - F(n) = term(n + 1), where none of them may break the chain by having no value."""
    before, after = Sum((lower, Negative(ONE))), Sum((Symbol(n), ONE))
    rest = tuple(c for c in question.conditions if n not in symbols(c))
    whole: tuple[Condition, ...] = (IsInteger(Symbol(n)), Relation((Symbol(n), before), (">=",)))
    term = substitute(of, {i: after})
    for owed in chain(*(obligations(part, Need.REAL, question.definitions) for part in (closed, term))):
        if owed.relation is None:
            return False
        moves = n in symbols(owed.relation) | frozenset().union(*map(symbols, owed.given))
        if moves and not question.ask(Statement(owed.relation, (*rest, *whole, *owed.given))).holds:
            return False
    grown = Sum((substitute(closed, {n: after}), Negative(closed)))
    base = _under(question, rest).about(substitute(closed, {n: before}), ZERO)
    step = _under(question, (*rest, *whole)).about(grown, term)
    return all(isinstance(by_normal_form(part), Proof) for part in (base, step))


def _under(question: Question, conditions: tuple[Condition, ...]) -> Question:
    return Question(
        question.left, question.sign, question.right, conditions, question.functions, question.deadline, question.judge
    )


# ---- the fundamental theorem -----------------------------------------------------------------------


def by_primitive(question: Question) -> Proof | None:
    """`int(f(t), t = a..x) = F(x)`: F' = f and F(a) = 0, with both continuous all the way from a to x."""
    for node, value in ((question.left, question.right), (question.right, question.left)):
        match node:
            case Integral(of, variable, lower, Symbol(x)) if x not in symbols(of) | symbols(lower):
                inside = substitute(of, {variable.name: Symbol(x)})
                if _is_primitive(question, inside, value, x, lower):
                    says = "the slopes agree, and so do the values at the lower end; nothing jumps between"
                    return Proof(How.FUNDAMENTAL, says)
    return None


def _is_primitive(question: Question, inside: Expr, value: Expr, x: str, lower: Expr) -> bool:
    """F is continuous from the lower end to every x, has slope f but for single points, and is 0 at the lower end.

    f must be bounded near each point; between the joints of F it is continuous, being its slope.
    """
    own = [
        owed.relation
        for owed in obligations(value, Need.REAL, question.definitions)
        if owed.necessary and owed.relation is not None and not owed.given
    ]
    span, rest = span_in((*question.conditions, *own), x)
    rest = tuple(condition for condition in rest if x not in symbols(condition))
    whole = _reaching(question, span, lower)
    if whole is None:
        return False
    existence, taken = Existence(rest, question.ask, question.definitions), within(x, whole)
    owed_by_f = obligations(inside, Need.BOUNDED, question.definitions, x, (*rest, *taken))
    if not (existence.continuous(value, x, whole).holds and existence.discharged(owed_by_f, *taken).holds):
        return False
    cells, smooth = existence.cells(value, x, whole, 1)
    if not smooth.holds:
        return False
    for cell in cells:
        slope = derive(cell.expr, x, question.functions, opening=False).result
        between = _under(question, (*rest, *strictly_between(x, cell.lower, cell.upper)))
        if not isinstance(by_normal_form(between.about(slope, inside)), Proof):
            return False
    return _starts_at_zero(_under(question, rest), value, x, lower)


def _reaching(question: Question, span: Span, lower: Expr) -> Span | None:
    """The span of x, widened so that the lower end of the integral belongs to it; None where that is not known."""
    if lower == Negative(Constant("oo")):
        return Span(None, span.upper, False, span.open_above)
    low, high = span.lower, span.upper
    if low is not None:
        if _known(question, low, ">=", lower):
            span = Span(lower, high, False, span.open_above)
        elif not _known(question, low, "<", lower):
            return None
    if high is not None:
        if _known(question, high, "<=", lower):
            span = Span(span.lower, lower, span.open_below)
        elif not _known(question, high, ">", lower):
            return None
    return span


def _known(question: Question, a: Expr, sign: str, b: Expr) -> bool:
    return question.ask(Statement(Relation((a, b), (sign,)), ())).holds


def _starts_at_zero(question: Question, value: Expr, x: str, lower: Expr) -> bool:
    """Whether a primitive is 0 at the lower end, or tends to 0 at minus infinity."""
    if lower == Negative(Constant("oo")):
        there = Relation((Limit(value, Symbol(x), lower), ZERO), ("=",))
        return question.ask(Statement(there, question.conditions)).holds
    return agree(question.about(substitute(value, {x: lower}), ZERO))


# ---- integrals over a pole -------------------------------------------------------------------------


def by_pole(question: Question) -> Verdict | None:
    """An integral with movable ends that has a pole between them wherever the conditions hold: it has no value."""
    for side, other in ((question.left, question.right), (question.right, question.left)):
        match side:
            case Integral(of, variable, lower, upper) if symbols(side) and symbols(of) == {variable.name}:
                if may_be_infinite(other):
                    continue
                for pole in _poles(question, of, variable.name):
                    between = Relation((lower, pole, upper), ("<", "<"))
                    if _diverges(question, side, pole) and question.ask(Statement(between, question.conditions)).holds:
                        place = f"{variable.name} = {show(pole)}"
                        says = f"{show(of)} is not integrable at {place}, which lies between the ends"
                        return Verdict(Outcome.REFUTED, "no value", says)
    return None


def _poles(question: Question, of: Expr, variable: str) -> Iterator[Expr]:
    """Where a denominator is 0, as far as its roots are known."""
    for owed in obligations(of, Need.REAL, question.definitions):
        if owed.relation is not None and not owed.given and owed.relation.signs == ("!=",):
            left, right = owed.relation.sides
            yield from roots(simplified(Sum((left, Negative(right)))), variable) or ()


def _diverges(question: Question, node: Integral, pole: Expr) -> bool:
    """Whether the part of an integral beside a pole, on one side of it, is shown to have no finite value."""
    back = Evaluator(question.definitions, question.deadline)
    for lower, upper in ((Sum((pole, Negative(ONE))), pole), (pole, Sum((pole, ONE)))):
        try:
            value = back(Integral(node.of, node.variable, lower, upper), {})
        except NoLimit:
            return True
        except NotEvaluable:
            continue
        if abs(value) == arb.pos_inf():
            return True
    return False


# ---- SymPy -----------------------------------------------------------------------------------------


def by_sympy(question: Question) -> Proof | None:
    """SymPy's zero, with values in balls as a second witness; not where a branch could be dropped."""
    back = Evaluator(question.definitions, question.deadline)
    left, right = (_piece_by_piece(back.on_its_piece(side), question) for side in (question.left, question.right))
    asked = question.about(left, right)
    if _forked(asked):
        return None
    witness = PointSearch(question)
    wanted, digits = (FEW, FEW_DIGITS) if question.heavy else (WITNESSES, WITNESS_DIGITS)
    if witness.run(wanted if question.names else 1) is not None or not witness.seen or witness.digits < min(digits, 30):
        return None
    if witness.seen < (wanted if question.names else 1):
        return None
    zero = WORKER.ask(
        "algebra.sympy_tasks:is_zero",
        asked.difference,
        question.conditions,
        reachable(asked.difference, question.definitions),
        seconds=question.seconds,
    )
    if not zero:
        return None
    return Proof(
        How.SYMPY,
        f"the difference simplifies to zero; values agree at {witness.seen} points to {witness.digits} digits",
    )


def _piece_by_piece(expr: Expr, question: Question) -> Expr:
    """With each integral that has no parameter written as a sum over the pieces of its integrand."""
    match expr:
        case Integral(of, variable, lower, upper) if symbols(of) <= {variable.name} and not symbols(expr):
            ends = Interval(lower, upper)
            try:
                found, _ = pieces(of, variable.name, span_of(ends), {}, question.definitions)
            except NotEvaluable:
                return expr
            parts = [
                Integral(piece.expr, variable, lower if piece.lower is None else piece.lower, piece.upper or upper)
                for piece in found
            ]
            return parts[0] if len(parts) == 1 else Sum(tuple(parts))
    return rebuilt(expr, lambda child: _piece_by_piece(child, question))


def _forked(question: Question) -> bool:
    whole = (inlined(side, question.definitions, everything=True) for side in (question.left, question.right))
    return any(
        isinstance(node, Piecewise) or (isinstance(node, Call) and node.name in FORKED)
        for side in whole
        for node in walk(side)
    )

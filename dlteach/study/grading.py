"""Grade one answer: right, wrong with a reason, unreadable, or undecided; never wrong for want of understanding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cache

from dlteach.course.dialogue import option_of
from dlteach.course.files import text_in
from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.course.questions import Kind, Question
from dlteach.errors import DlteachError
from dlteach.notation.reader import read, read_conditions
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Call, Derivative, Expr, Symbol, literal, symbols, walk

TOLERANCE = Fraction(1, 1000)


class Grade(StrEnum):
    """What an answer is."""

    RIGHT = "right"
    WRONG = "wrong"
    INVALID = "invalid"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Graded:
    """A grade and what to say: the named mistake, or the counterexample with both values."""

    grade: Grade
    says: str = ""
    mistake: str = ""  # the wrong answer that it was recognised as
    counterexample: Mapping[str, str] = field(default_factory=dict)
    values: tuple[str, ...] = ()


def grade(question: Question, answer: str, functions: Functions, language: str = "en") -> Graded:
    """The grade of an answer as it was typed; never raises for anything a learner can type."""
    if not answer.strip():
        return Graded(Grade.INVALID, "nothing was typed")
    return GRADERS[question.kind](question, answer, functions, language)


def _choice(question: Question, answer: str, functions: Functions, language: str) -> Graded:
    index = option_of(answer, [text_in(choice.says, language) for choice in question.choices])
    if index is None:
        return Graded(Grade.INVALID, f"answer with a number from 1 to {len(question.choices)}, or a letter")
    chosen = question.choices[index]
    return Graded(Grade.RIGHT if chosen.right else Grade.WRONG, text_in(chosen.because, language))


def _number(question: Question, answer: str, functions: Functions, language: str) -> Graded:
    from dlteach.reasoning.judge import value_of

    try:
        expr = _readable(question, answer, functions)
        if names := sorted(symbols(expr)):
            return Graded(Grade.INVALID, f"a number is asked for, and `{names[0]}` has no value")
        theirs = value_of(expr, {}, functions, 30)
    except DlteachError as problem:
        return Graded(Grade.INVALID, str(problem))
    truth = value_of(read(question.answer, functions.names), {}, functions, 30)
    allowed = _tolerance(question, functions)
    if abs(Fraction(theirs) - Fraction(truth)) <= allowed:
        return Graded(Grade.RIGHT)
    for mistake in question.mistakes:
        wrong = value_of(read(mistake.answer, functions.names), {}, functions, 30)
        if abs(Fraction(theirs) - Fraction(wrong)) <= allowed:
            return Graded(Grade.WRONG, text_in(mistake.says, language), mistake.answer)
    yours = float(Fraction(theirs))
    return Graded(Grade.WRONG, f"yours is {yours:.6g}, and that is not within {float(allowed):g} of it")


def _tolerance(question: Question, functions: Functions) -> Fraction:
    value = literal(read(question.tolerance, functions.names)) if question.tolerance else TOLERANCE
    return value if value is not None else TOLERANCE


def _expression(question: Question, answer: str, functions: Functions, language: str) -> Graded:
    from dlteach.reasoning.judge import equal

    try:
        theirs = _readable(question, answer, functions)
    except NotationError as problem:
        return Graded(Grade.INVALID, str(problem))
    wanted = read(question.answer, functions.names)
    conditions = read_conditions(question.given, functions.names) if question.given else ()
    verdict = equal(theirs, wanted, conditions, functions)
    if verdict.outcome is Outcome.PROVED:
        return Graded(Grade.RIGHT)
    if verdict.outcome is not Outcome.REFUTED:
        return Graded(Grade.UNDECIDED, f"this could not be decided, so it does not count: {verdict.evidence}")
    for mistake in question.mistakes:
        named = read(mistake.answer, functions.names)
        if equal(theirs, named, conditions, functions, seconds=0.5).outcome is Outcome.PROVED:
            return Graded(Grade.WRONG, text_in(mistake.says, language), mistake.answer, verdict.witness, verdict.values)
    if slips := _diagnosed(question, wanted, theirs, functions):
        return Graded(Grade.WRONG, slips, "", verdict.witness, verdict.values)
    where = ", ".join(f"{name} = {value}" for name, value in verdict.witness.items())
    yours, right = (f"{float(number):.6g}" for number in verdict.values)  # six digits are enough to see a difference
    says = f"yours gives {yours}, the answer {right}"
    return Graded(Grade.WRONG, f"at {where} {says}" if where else says, "", verdict.witness, verdict.values)


def _diagnosed(question: Question, wanted: Expr, theirs: Expr, functions: Functions) -> str:
    """The broken rules that explain an answer, where the question is a differentiation; empty where none does."""
    from dlteach.reasoning.diagnose import diagnose_line

    if any(isinstance(node, Derivative) or (isinstance(node, Call) and node.primes) for node in walk(wanted)):
        problem: Expr | None = wanted
    else:
        problem = _to_differentiate(question.full_id, text_in(question.ask), wanted, functions)
    found = diagnose_line(problem, theirs, functions) if problem is not None else ()
    return " Or: ".join(diagnosis.says for diagnosis in found)


@cache
def _to_differentiate(full_id: str, ask: str, wanted: Expr, functions: Functions) -> Derivative | None:
    """The formula of the question's text whose derivative is the answer."""
    from dlteach.reasoning.derive import derive
    from dlteach.reasoning.judge import equal

    for formula in _formulas(ask, functions):
        for name in sorted(symbols(formula) & (symbols(wanted) | {"x"})):
            try:
                slope = derive(formula, name, functions, trust=True).result
            except DlteachError:
                continue
            if equal(slope, wanted, (), functions, seconds=0.3).outcome is Outcome.PROVED:
                return Derivative(formula, Symbol(name))
    return None


def _formulas(text: str, functions: Functions) -> Iterator[Expr]:
    """The expressions between dollars that can be read, equations by their last side."""
    for piece in text.split("$")[1::2]:
        try:
            yield read(piece.rpartition("=")[2], functions.names)
        except NotationError:
            continue


def _readable(question: Question, answer: str, functions: Functions) -> Expr:
    """The answer's tree; raises NotationError, also for a name that the question does not have."""
    expr = read(answer, functions.names)
    known: frozenset[str] = frozenset()
    for text in (question.answer, *(mistake.answer for mistake in question.mistakes)):
        known |= symbols(read(text, functions.names))
    known |= _named_in(question)
    for name in sorted(symbols(expr) - known):
        if len(name) > 1 and name.isalpha():
            advice = f"for a product write `{'*'.join(name)}`"
        else:
            advice = f"use {', '.join(sorted(known))}" if known else "a number is asked for"
        raise NotationError(f"`{name}` is not in this question", answer, max(0, answer.find(name)), advice)
    return expr


def _named_in(question: Question) -> frozenset[str]:
    """Symbols that stand alone between dollars in the question's text: `$x$`, `$s = …$`."""
    found = set()
    for piece in text_in(question.ask).split("$")[1::2]:
        word = piece.partition("=")[0].strip().lstrip("\\")
        if word.isalpha() and (len(word) == 1 or piece.strip().startswith("\\")):
            found.add(word)
    return frozenset(found)


Grader = Callable[[Question, str, Functions, str], Graded]
GRADERS: Mapping[Kind, Grader] = {Kind.CHOICE: _choice, Kind.NUMBER: _number, Kind.EXPRESSION: _expression}

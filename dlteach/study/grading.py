"""Grade one answer: right, wrong with a reason, in the wrong form, unreadable, or undecided.

Never wrong for want of understanding: what cannot be read or decided does not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache

from dlteach.course.dialogue import option_of
from dlteach.course.files import text_in
from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.course.questions import Kind, Question
from dlteach.errors import DlteachError, TooLong
from dlteach.notation.patience import Overrun, clock, left, look, until, within
from dlteach.notation.reader import read, read_conditions, read_statement
from dlteach.notation.show import show
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import (
    Call,
    Condition,
    Derivative,
    Expr,
    Relation,
    Statement,
    Symbol,
    literal,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.explaining.lines import Diagnosis, Standing, unfinished
from dlteach.reasoning.worker.asked import asked
from dlteach.study.grades import NOT_COUNTED, Grade, Graded, counterexample, in_words, slips_of, undecided
from dlteach.values import replace

PLAIN = (Kind.CHOICE, Kind.ORDER)  # kinds that are graded without any mathematics
TOLERANCE = Fraction(1, 1000)
SECONDS = 1.5  # for an answer, all in all: a busy machine needs the rest of its 2 s to look at the clock
PROVING = 1.0  # of them, for a proof that it is right
NAMING = 0.3  # for a proof that it is a mistake that the question knows
MOST_EXPONENT = 5_000  # of a number that is compared as a fraction
ROOM = 0.1  # for saying what was found
YES = ("true", "t", "yes", "always")
NO = ("false", "f", "no", "never")


def graded(question: Question, answer: str, functions: Functions, language: str = "en", start: str = "") -> Graded:
    """The grade of an answer as it was typed, asked of the reasoner; never raises for anything a learner can type.

    A derivation may go on from `start`, a line that follows from the question's own.
    """
    if question.kind in PLAIN:
        return grade(question, answer, functions, language)
    try:
        found: Graded = asked("study.grading:grade_from", question, answer, functions, language, start)
    except TooLong as problem:
        return Graded(Grade.UNDECIDED, NOT_COUNTED.format(problem))
    return found


def grade_from(question: Question, answer: str, functions: Functions, language: str, start: str) -> Graded:
    """The grade of lines that go on from `start`; a slip may show only from the first line on."""
    end = clock() + SECONDS
    if not start or start == question.start:
        return grade(question, answer, functions, language)
    result = grade(replace(question, start=start), answer, functions, language)
    if result.grade is Grade.WRONG and not result.slips:
        with until(end):
            whole = grade(question, answer, functions, language)
        return whole if whole.slips else result
    return result


def grade(question: Question, answer: str, functions: Functions, language: str = "en") -> Graded:
    """The grade of an answer as it was typed; never raises for anything a learner can type.

    It reasons in this process: `graded` is the door for those who wait.
    """
    if not answer.strip():
        return Graded(Grade.INVALID, "nothing was typed")
    try:
        with within(SECONDS):
            return GRADERS[question.kind](question, answer, functions, language)
    except Overrun:
        return Graded(Grade.UNDECIDED, "this takes too long to decide, so it does not count: make it simpler")


def _choice(question: Question, answer: str, functions: Functions, language: str) -> Graded:
    index = option_of(answer, [text_in(choice.says, language) for choice in question.choices])
    if index is None:
        return Graded(Grade.INVALID, f"answer with a number from 1 to {len(question.choices)}, or a letter")
    chosen = question.choices[index]
    return Graded(Grade.RIGHT if chosen.right else Grade.WRONG, text_in(chosen.because, language))


def _number(question: Question, answer: str, functions: Functions, language: str) -> Graded:
    from dlteach.reasoning.deciding.judge import value_of

    try:
        expr = _readable(question, answer, functions)
        if names := sorted(symbols(expr)):
            return Graded(Grade.INVALID, f"a number is asked for, and `{names[0]}` has no value")
        typed = value_of(expr, {}, functions, 30)
    except DlteachError as problem:
        return Graded(Grade.INVALID, str(problem))
    theirs, shown = _rational(typed)
    truth = Fraction(value_of(read(question.answer, functions.names), {}, functions, 30))
    allowed = _last_digit(truth, question.digits) / 2 if question.digits else _tolerance(question, functions)
    if abs(theirs - truth) <= allowed:
        left = _to_work_out(expr, read(question.answer, functions.names), functions)
        return Graded(Grade.FORM, left) if left else Graded(Grade.RIGHT)
    for mistake in question.mistakes:
        wrong = Fraction(value_of(read(mistake.answer, functions.names), {}, functions, 30))
        if abs(theirs - wrong) <= allowed:
            return Graded(Grade.WRONG, text_in(mistake.says, language), mistake.answer)
    if question.digits:
        if theirs == int(truth / _last_digit(truth, question.digits)) * _last_digit(truth, question.digits):
            return Graded(Grade.FORM, "This is cut off: the last digit is to be rounded.")
        if any(theirs == _rounded(truth, digits) for digits in range(1, question.digits)):
            return Graded(Grade.FORM, f"{question.digits} significant digits are asked for; these are fewer.")
        return Graded(Grade.WRONG, f"yours is {shown}, and that is not right to {question.digits} digits")
    return Graded(Grade.WRONG, f"yours is {shown}, and that is not within {_short(allowed)} of it")


def _rational(number: str) -> tuple[Fraction, str]:
    """A number from its digits, and six of them; what is beyond every answer's size counts as just so large or small.

    As a fraction, exp(10^12) would have more digits than there is memory for.
    """
    mantissa, _, exponent = number.partition("e")
    size = int(exponent or 0)
    if abs(size) <= MOST_EXPONENT:
        value = Fraction(number)
        return value, _short(value)
    near = MOST_EXPONENT if size > 0 else -MOST_EXPONENT
    return Fraction(f"{mantissa}e{near}"), f"{float(mantissa):.6g}e{size:+d}"


def _short(value: Fraction) -> str:
    """Six digits of a number."""
    return f"{Decimal(value.numerator) / value.denominator:.6g}"


def _last_digit(value: Fraction, digits: int) -> Fraction:
    """The unit of the last of so many significant digits of a number."""
    size = (Decimal(value.numerator) / value.denominator).adjusted() if value else 0
    return Fraction(10) ** (size - digits + 1)


def _tolerance(question: Question, functions: Functions) -> Fraction:
    value = literal(read(question.tolerance, functions.names)) if question.tolerance else TOLERANCE
    return value if value is not None else TOLERANCE


def _rounded(value: Fraction, digits: int) -> Fraction:
    unit = _last_digit(value, digits)
    return round(value / unit) * unit


def _expression(question: Question, answer: str, functions: Functions, language: str) -> Graded:
    from dlteach.reasoning.algebra.forms import form_fault
    from dlteach.reasoning.deciding.judge import equal
    from dlteach.reasoning.explaining.lacking import lacking

    try:
        theirs = _readable(question, answer, functions)
    except NotationError as problem:
        return Graded(Grade.INVALID, str(problem))
    wanted = read(question.answer, functions.names)
    conditions = read_conditions(question.given, functions.names) if question.given else ()
    verdict = equal(theirs, wanted, conditions, functions, PROVING)
    if verdict.outcome is Outcome.PROVED:
        left = _to_work_out(theirs, wanted, functions)
        if left or question.form:
            left = left or form_fault(theirs, question.form, functions)
        if left:
            return Graded(Grade.FORM, f"The value is right, but {left}")
        lack = lacking(theirs, wanted, conditions, functions, verdict.gaps)
        if lack is None:
            return Graded(Grade.RIGHT)
        if lack.isolated:
            return Graded(Grade.RIGHT, f"{_capital(lack.where)} yours has no value, though the question's has one.")
        says = f"Where yours has a value it is right, but {lack.where} it has none, and there the answer has one."
        return Graded(Grade.FORM, says, counterexample=dict(lack.point))
    if verdict.outcome is not Outcome.REFUTED:
        return undecided(verdict)
    for mistake in question.mistakes:
        named = read(mistake.answer, functions.names)
        if equal(theirs, named, conditions, functions, NAMING).outcome is Outcome.PROVED:
            return Graded(Grade.WRONG, text_in(mistake.says, language), mistake.answer, verdict.witness, verdict.values)
    if found := _diagnosed(question, wanted, theirs, functions):
        return Graded(Grade.WRONG, in_words(found), "", verdict.witness, verdict.values, slips=slips_of(found))
    says = counterexample(verdict, "yours gives {}, the answer {}")
    return Graded(Grade.WRONG, says, "", verdict.witness, verdict.values)


def _to_work_out(theirs: Expr, wanted: Expr, functions: Functions) -> str:
    """What an answer leaves to be worked out that can be; empty where nothing is left."""
    from dlteach.reasoning.deriving.derive import opened

    left = unfinished(theirs)
    if left is None or unfinished(opened(wanted, functions)) is not None:
        return ""
    return f"there is still `{show(left)}` to work out"


def _diagnosed(question: Question, wanted: Expr, theirs: Expr, functions: Functions) -> Sequence[Diagnosis]:
    """The broken rules that explain an answer, where the question is a differentiation; empty where none does."""
    try:
        with within(left() - ROOM):
            return _explanations(question, wanted, theirs, functions)
    except Overrun:
        return ()


def _explanations(question: Question, wanted: Expr, theirs: Expr, functions: Functions) -> Sequence[Diagnosis]:
    from dlteach.reasoning.explaining.diagnose import diagnose

    if any(isinstance(node, Derivative) or (isinstance(node, Call) and node.primes) for node in walk(wanted)):
        problem: Expr | None = wanted
    else:
        problem = _to_differentiate(question.full_id, text_in(question.ask), wanted, functions)
    return diagnose(problem, theirs, functions) if problem is not None else ()


@cache
def _to_differentiate(full_id: str, ask: str, wanted: Expr, functions: Functions) -> Derivative | None:
    """The formula of the question's text whose derivative is the answer."""
    from dlteach.reasoning.deciding.judge import equal
    from dlteach.reasoning.deriving.derive import derive

    for formula in formulas_in(ask, functions):
        for name in sorted(symbols(formula) & (symbols(wanted) | {"x"})):
            try:
                slope = derive(formula, name, functions, trust=True).result
            except DlteachError:
                continue
            if equal(slope, wanted, (), functions, seconds=0.3).outcome is Outcome.PROVED:
                return Derivative(formula, Symbol(name))
    look()  # what was not found for want of time is not to be remembered
    return None


def formulas_in(text: str, functions: Functions) -> Iterator[Expr]:
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
    for condition in read_conditions(question.given, functions.names) if question.given else ():
        known |= symbols(condition)
    for text in (question.answer, *(mistake.answer for mistake in question.mistakes)):
        known |= symbols(read(text, functions.names))
    known |= _named_in(question)
    no_strangers(expr, answer, known, "question")
    return expr


def no_strangers(expr: Expr, text: str, known: frozenset[str], where: str) -> None:
    """Raises NotationError for a symbol of `expr`, typed as `text`, that is not among those of the question."""
    for name in sorted(symbols(expr) - known):
        if len(name) > 1 and name.isalpha() and known.issuperset(name):
            advice = f"for a product write `{'*'.join(name)}`"
        else:
            advice = f"use {', '.join(sorted(known))}" if known else "a number is asked for"
        raise NotationError(f"`{name}` is not in this {where}", text, max(0, text.find(name)), advice)


def _named_in(question: Question) -> frozenset[str]:
    """Symbols that stand alone between dollars in the question's text: `$x$`, `$s = …$`."""
    found = set()
    for piece in text_in(question.ask).split("$")[1::2]:
        word = piece.partition("=")[0].strip().lstrip("\\")
        if word.isalpha() and (len(word) == 1 or piece.strip().startswith("\\")):
            found.add(word)
    return frozenset(found)


# ---- true, or a counterexample ---------------------------------------------------------------------


def _truth(question: Question, answer: str, functions: Functions, language: str) -> Graded:
    """`true`, or a point at which the statement is evaluated."""
    statement = read_statement(question.states, functions.names)
    word = answer.strip().rstrip(".").casefold()
    if word in NO:
        return Graded(Grade.FORM, "If it is false, there is a point where it fails: give it, as in `x = 1`.")
    if word in YES:
        if question.answer == "true":
            return Graded(Grade.RIGHT)
        said = next((m for m in question.mistakes if m.answer == "true"), None)
        says = text_in(said.says, language) if said else "There is a point where it fails: look for it."
        return Graded(Grade.WRONG, says, "true" if said else "")
    try:
        point = _point(answer, statement, functions)
    except DlteachError as problem:
        return Graded(Grade.INVALID, str(problem))
    result = _at_point(statement, point, functions)
    if result.grade is Grade.WRONG:
        for mistake in question.mistakes:
            if mistake.answer != "true" and _point(mistake.answer, statement, functions) == point:
                return Graded(Grade.WRONG, text_in(mistake.says, language), mistake.answer)
    return result


def _point(answer: str, statement: Statement, functions: Functions) -> dict[str, Expr]:
    """`x = 1, y = 2` as values for every symbol of a statement, or one value for the only one; raises DlteachError."""
    advice = "answer with `true`, or with a point where it fails, as in `x = 1`"
    names = symbols(statement)
    point: dict[str, Expr] = {}
    try:
        if len(names) == 1 and not set("=<>!") & set(answer):
            answer = f"{min(names)} = {answer}"
        conditions = read_conditions(answer.replace(";", ",").replace(" and ", ", "), functions.names)
    except NotationError as problem:
        raise NotationError(problem.problem, answer, problem.at, advice) from None
    for condition in conditions:
        match condition:
            case Relation((Symbol(name), value), ("=",)) if not symbols(value):
                point[name] = value
            case _:
                raise DlteachError(f"`{show(condition)}` is no point: {advice}")
    if unknown := sorted(set(point) - names):
        raise DlteachError(f"`{unknown[0]}` is not in this statement: give {', '.join(sorted(names))}")
    if missing := sorted(names - set(point)):
        raise DlteachError(f"`{missing[0]}` has no value: give {', '.join(f'{name} = …' for name in sorted(names))}")
    return point


def _at_point(statement: Statement, point: Mapping[str, Expr], functions: Functions) -> Graded:
    """Whether a statement fails at a point; a point outside its conditions says nothing about it."""
    from dlteach.reasoning.deciding.judge import judge

    where = ", ".join(f"{name} = {show(value)}" for name, value in point.items())
    shown = {name: show(value) for name, value in point.items()}
    for condition in statement.conditions:
        if not _met(substitute(condition, point), functions):
            return Graded(Grade.WRONG, f"The statement is about `{show(condition)}` only, and {where} is outside.")
    verdict = judge(Statement(substitute(statement.body, point)), functions, PROVING)
    if verdict.outcome is Outcome.REFUTED:
        return Graded(Grade.RIGHT, counterexample(verdict, "There it fails: {} against {}."), "", shown, verdict.values)
    if verdict.outcome is Outcome.INVALID:
        return Graded(Grade.WRONG, f"At {where} a side is not a real number, so the statement says nothing there.")
    if verdict.holds:
        return Graded(Grade.WRONG, f"At {where} it holds: {verdict.evidence}.", "", shown)
    return undecided(verdict)


def _met(condition: Condition, functions: Functions) -> bool:
    """Whether a condition without symbols holds."""
    from dlteach.notation.tree import links
    from dlteach.reasoning.deciding.judge import judge

    whole = (Relation((left, right), (sign,)) for left, sign, right in links([condition]))
    return all(judge(Statement(relation), functions, NAMING).holds for relation in whole)


# ---- steps in order ---------------------------------------------------------------------------------


def _order(question: Question, answer: str, functions: Functions, language: str) -> Graded:
    """The numbers (or letters) of the steps, one after the other."""
    count = len(question.steps)
    parts = re.findall(r"[0-9]+|[a-z]", answer.casefold())
    if len(parts) == 1 and len(parts[0]) == count < 10:
        parts = list(parts[0])
    places = [int(part) if part.isdecimal() else ord(part) - ord("a") + 1 for part in parts]
    if re.search(r"[^0-9a-zA-Z\s,;.>)-]", answer) or sorted(places) != list(range(1, count + 1)):
        return Graded(Grade.INVALID, f"name each step once, in order, as in {' '.join(map(str, range(1, count + 1)))}")
    done: set[int] = set()
    for place in places:
        if missing := [need for need in question.steps[place - 1].needs if need not in done]:
            return Graded(Grade.WRONG, f"Step {place} rests on step {missing[0]}, which comes only after it here.")
        done.add(place)
    return Graded(Grade.RIGHT)


# ---- a derivation -----------------------------------------------------------------------------------


def _derivation(question: Question, answer: str, functions: Functions, language: str) -> Graded:
    """Lines that follow from `start`; right when nothing is left to be worked out, or the form wanted is reached."""
    from dlteach.reasoning.explaining.check import check

    start, *found = check(f"{question.start}\n{answer}", functions, question.given, PROVING)
    known = symbols(start.expr) if start.expr is not None else frozenset()
    for line in found:
        if line.verdict is Standing.INVALID:
            return Graded(Grade.INVALID, line.problem)
        if line.expr is not None:
            try:
                no_strangers(line.expr, line.text, known, "derivation")
            except NotationError as problem:
                return Graded(Grade.INVALID, str(problem))
        if line.verdict is Standing.WRONG and line.found is not None:
            says = counterexample(line.found, "yours gives {1}, the line before {0}")
            says = in_words(line.mistakes) or f"This does not follow: {says}"
            slips = slips_of(line.mistakes)
            return Graded(Grade.WRONG, says, "", line.found.witness, line.found.values, slips=slips)
        if line.verdict is Standing.NARROWER:
            return Graded(Grade.FORM, f"This is equal, but {line.note}.")
        if line.verdict is Standing.UNDECIDED and line.found is not None:
            return undecided(line.found)
    last = next((line.expr for line in reversed(found) if line.expr is not None), None)
    if last is None:
        return Graded(Grade.INVALID, "there is no line to look at: write the next one")
    left = _still_to_do(question, last, functions)
    return Graded(Grade.FORM, f"{_capital(left)}.", line=show(last)) if left else Graded(Grade.RIGHT)


def _capital(words: str) -> str:
    """A clause as the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def _still_to_do(question: Question, last: Expr, functions: Functions) -> str:
    from dlteach.reasoning.algebra.forms import form_fault, same_form

    if (left := unfinished(last)) is not None:
        return f"there is still `{show(left)}` to work out"
    if question.form and (fault := form_fault(last, question.form, functions)):
        return fault
    if question.answer and not same_form(last, read(question.answer, functions.names)):
        return f"it is to end in the form `{question.answer}`"
    return ""


Grader = Callable[[Question, str, Functions, str], Graded]
GRADERS: Mapping[Kind, Grader] = {
    Kind.CHOICE: _choice,
    Kind.NUMBER: _number,
    Kind.EXPRESSION: _expression,
    Kind.TRUTH: _truth,
    Kind.ORDER: _order,
    Kind.DERIVATION: _derivation,
}

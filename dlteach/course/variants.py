"""Variants of a question: its parameters take values, and formulas and texts follow.

A parameter is a symbol in the question's formulas; in its texts `{{a}}` stands for the value, and any formula of
parameters, `{{2a + 1}}`, for what it comes to. Nothing that depends on a parameter is ever typed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import islice, product
from math import prod
from typing import Any, TypeVar

from dlteach.course import limits
from dlteach.course.files import ContentError, Text, printable
from dlteach.course.questions import Answer, Claim, Conditions, Formula, Question
from dlteach.errors import DlteachError
from dlteach.notation.floats import HOLDS
from dlteach.notation.names import Names
from dlteach.notation.reader import read, read_conditions, read_statement
from dlteach.notation.show import show
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Condition, Expr, Relation, literal, number, substitute
from dlteach.values import replace

MOST = 200  # variants of one question
PLACE = re.compile(r"\{\{(.+?)\}\}")
WORDS = ("", "true", "false")  # answers that are no formulas
# The types of fields that are the same in every variant.
FIXED = ("str", "int", "bool", "Kind", "tuple[int, ...]", "Mapping[str, str]", "Mapping[str, tuple[str, ...]]")
Part = TypeVar("Part")


def variants(question: Question, names: Names) -> tuple[Question, ...]:
    """Every variant in a fixed order, the question itself where nothing varies; raises DlteachError."""
    return tuple(variant(question, row, names) for row in rows(question, names))


def rows(question: Question, names: Names) -> list[dict[str, str]]:
    """The values of each variant in a fixed order, a single empty row where nothing varies; raises DlteachError."""
    chosen = list(islice(_rows(question, names), MOST + 1))
    if len(chosen) > MOST:
        raise _fault(question, f"there are more than {MOST} variants")
    return chosen


def first_variant(question: Question, names: Names) -> Question:
    """The question in its first variant; raises DlteachError."""
    return variant(question, next(_rows(question, names)), names)


def _fault(question: Question, problem: object) -> DlteachError:
    words = problem.line() if isinstance(problem, NotationError) else str(problem)
    if not question.where:
        return DlteachError(words)
    return ContentError(printable(f"{question.where}: question `{question.id}`: {words}: correct the question"))


def _rows(question: Question, names: Names) -> Iterator[dict[str, str]]:
    """The values that fit, row by row, one at least; raises DlteachError with the place of the question."""
    found = False
    try:
        for row in _fitting(question, names):
            found = True
            yield row
    except DlteachError as problem:
        raise _fault(question, problem) from None
    if not found:
        raise _fault(question, "no values fit `vary.where`")


def _fitting(question: Question, names: Names) -> Iterator[dict[str, str]]:
    """The values that fit; where there are conditions, so many rows are held against them and no more."""
    if sum(said.count("{{") for text in question.texts for said in text.values()) > limits.PLACES:
        raise DlteachError(f"its texts have more than {limits.PLACES} places `{{{{…}}}}`")
    grid = [_values(name, spec) for name, spec in question.vary.items()]
    conditions = read_conditions(question.vary_where, names) if question.vary_where else ()
    if conditions and prod(map(len, grid)) > limits.TRIED:
        raise DlteachError(f"`vary` has more than {limits.TRIED:,} combinations for `vary.where` to choose from")
    known = {text: read(text) for texts in grid for text in texts}
    for texts in product(*grid):
        row = dict(zip(question.vary, texts, strict=True))
        env = {name: known[text] for name, text in row.items()}
        if all(_holds(condition, env) for condition in conditions):
            yield row


def variant(question: Question, values: Mapping[str, str], names: Names) -> Question:
    """The question with its parameters replaced by values; raises DlteachError with its place."""
    try:
        return _filled(question, values, names) if values else question
    except DlteachError as problem:
        raise _fault(question, problem) from None


def _filled(question: Question, values: Mapping[str, str], names: Names) -> Question:
    env = {name: read(text) for name, text in values.items()}

    def text(words: Text) -> Text:
        return {code: PLACE.sub(lambda place: _shown(place.group(1), env), said) for code, said in words.items()}

    def formula(source: Formula) -> Formula:
        return source if source in WORDS else show(substitute(read(source, names), env))

    def conditions(source: Conditions) -> Conditions:
        return ", ".join(show(substitute(c, env)) for c in read_conditions(source, names)) if source else ""

    def claim(source: Claim) -> Claim:
        return show(substitute(read_statement(source, names), env)) if source else ""

    def answer(source: Answer) -> Answer:  # of a true-or-counterexample question: a word, or a point `x = 1, y = 2`
        return formula(source) if source in WORDS or not question.states else conditions(source)

    def varied(part: Part) -> Part:
        """Each field as its declared type asks for."""
        return replace(part, **{name: how[kind](getattr(part, name)) for name, kind in declared(part).items()})

    def each(what: Callable[[Any], Any]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
        return lambda items: tuple(map(what, items))

    how: dict[str, Callable[[Any], Any]] = {
        "Text": text,
        "Formula": formula,
        "Conditions": conditions,
        "Claim": claim,
        "Answer": answer,
        "tuple[Text, ...]": each(text),
        **{f"tuple[{part}, ...]": each(varied) for part in ("Choice", "Step", "Mistake")},
        **dict.fromkeys(FIXED, lambda value: value),
    }
    return replace(varied(question), variant=dict(values))


def declared(part: object) -> Mapping[str, str]:
    """The fields of a question or of a part of one, each with its type as it is written there."""
    types: Mapping[str, str] = type(part).__annotations__
    return types


def named_variant(question: Question, name: str, names: Names) -> Question:
    """The variant called `a = 0.1, n = 3`, the first one where no name is given; raises DlteachError."""
    every = rows(question, names)
    wanted = name.replace(" ", "")
    for row in every:
        if not wanted or _named(row).replace(" ", "") == wanted:
            return variant(question, row, names)
    raise DlteachError(f"{question.full_id} has no variant `{name}`: there is {_named(every[0]) or 'only one'}")


def variant_name(question: Question) -> str:
    """`a = 0.1, n = 3`; empty for a question that does not vary."""
    return _named(question.variant)


def _named(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def places(question: Question) -> Iterator[str]:
    """The formulas in double braces of a question's texts."""
    return (place for text in question.texts for said in text.values() for place in PLACE.findall(said))


def _shown(source: str, env: Mapping[str, Expr]) -> str:
    """What a formula in a text comes to: a value as the author wrote it, anything else worked out."""
    if source.strip() in env:
        return show(env[source.strip()])
    whole = substitute(read(source), env)
    worked = literal(whole)
    if worked is None:
        return show(whole)
    decimal = "." in source or any("." in show(value) for value in env.values())
    return show(read(f"{Decimal(worked.numerator) / worked.denominator:f}") if decimal else number(worked))


def _values(name: str, spec: Sequence[str]) -> list[str]:
    """A list as it stands; `2..6` counts in ones, `1/4..3/4 by 1/4` in steps."""
    if len(spec) != 1 or ".." not in spec[0]:
        return list(spec)
    bounds, _, step = spec[0].partition(" by ")
    low, high = (_exact(read(part)) for part in bounds.split("..", 1))
    width = _exact(read(step)) if step else Fraction(1)
    if width <= 0 or low > high or (high - low) / width > 10 * MOST:
        raise DlteachError(f"`vary.{name}` is empty or too long; write `2..6` or `1/4..3/4 by 1/4`")
    return [show(number(low + i * width)) for i in range(int((high - low) / width) + 1)]


def _exact(expr: Expr) -> Fraction:
    value = literal(expr)
    if value is None:
        raise DlteachError(f"`{show(expr)}` is no number; parameters take numbers")
    return value


def _holds(condition: Condition, env: Mapping[str, Expr]) -> bool:
    if not isinstance(condition, Relation):
        raise DlteachError(f'`{show(condition)}` compares no numbers; write `vary.where = "a < b"`')
    sides = [_exact(substitute(side, env)) for side in condition.sides]
    return all(HOLDS[sign](a, b) for a, sign, b in condition.links_of(sides))

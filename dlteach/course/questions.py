"""What a question is: data that a grader reads and a screen asks."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import isfinite
from types import MappingProxyType

from dlteach.course import limits
from dlteach.course.files import Source, Table, Text
from dlteach.values import frozen

NOTHING: Mapping[str, str] = MappingProxyType({})

# What a text in a question is; how a variant puts its values in follows from that (`course.variants`).
Formula = str  # an expression, or nothing
Conditions = str  # as after `for`
Claim = str  # a statement
Answer = str  # a formula, a point, or a word


class Kind(StrEnum):
    """The kinds of question; each has a row in KINDS, a grader in `study.grading`, a prompt in `study.asking`."""

    CHOICE = "choice"
    NUMBER = "number"
    EXPRESSION = "expression"
    TRUTH = "truth"
    ORDER = "order"
    DERIVATION = "derivation"


@frozen
class Shape:
    """What a question of a kind must have and may have, and how many seconds an answer usually takes."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    seconds: int


KINDS: Mapping[Kind, Shape] = {
    Kind.CHOICE: Shape(("choices",), (), 25),
    Kind.NUMBER: Shape(("answer",), ("tolerance", "digits", "mistakes"), 60),
    Kind.EXPRESSION: Shape(("answer",), ("for", "form", "mistakes"), 75),
    Kind.TRUTH: Shape(("states", "answer"), ("mistakes",), 60),
    Kind.ORDER: Shape(("steps",), (), 60),
    Kind.DERIVATION: Shape(("start",), ("for", "form", "answer"), 180),
}
SPECIAL = sorted({key for shape in KINDS.values() for key in (*shape.required, *shape.optional)})


@frozen
class Choice:
    """An option, and why it is wrong (or what makes it right)."""

    says: Text
    right: bool
    because: Text


@frozen
class Step:
    """A step to be put in order; `needs` are the steps that must come before it, counted from 1."""

    says: Text
    needs: tuple[int, ...]


@frozen
class Mistake:
    """A wrong answer that learners really give, and what to say then."""

    answer: Answer
    says: Text


@frozen
class Question:
    """One question; formulas are in the notation, and what its kind does not need is empty."""

    id: str
    lesson: str
    where: str
    kind: Kind
    ask: Text
    answer: Answer = ""
    given: Conditions = ""  # conditions under which expressions are compared, as after `for`
    tolerance: Formula = ""
    digits: int = 0  # significant digits that a number must have right
    form: str = ""  # what an expression may be made of: "in sigmoid", "without max"
    states: Claim = ""  # the statement of a true-or-counterexample question
    start: Formula = ""  # the first line of a derivation
    choices: tuple[Choice, ...] = ()
    steps: tuple[Step, ...] = ()  # in a right order
    mistakes: tuple[Mistake, ...] = ()
    hints: tuple[Text, ...] = ()
    after: Text = NOTHING  # one sentence for after the right answer: what it was good for
    vary: Mapping[str, tuple[str, ...]] = MappingProxyType({})  # the values of each parameter
    vary_where: str = ""  # conditions on the parameters
    variant: Mapping[str, str] = NOTHING  # the values that were put in

    @property
    def full_id(self) -> str:
        """`LESSON/ID`."""
        return f"{self.lesson}/{self.id}"

    @property
    def texts(self) -> list[Text]:
        """Every text that a learner may read."""
        texts = [self.ask, self.after, *self.hints, *(step.says for step in self.steps)]
        texts += [text for choice in self.choices for text in (choice.says, choice.because)]
        return texts + [mistake.says for mistake in self.mistakes]


def read_questions(source: Source, lesson: str) -> tuple[Question, ...]:
    """The questions of a `quiz.toml`; raises ContentError with every fault."""
    top = source.top()
    questions = tuple(_question(table, lesson) for table in top.tables("question", "id"))
    top.finish()
    seen: set[str] = set()
    for question in questions:
        if question.id and question.id in seen:
            source.fault(int(question.where.rpartition(":")[2]), f"the id `{question.id}` is used twice", "rename one")
        seen.add(question.id)
    source.finish()
    return questions


def _question(table: Table, lesson: str) -> Question:
    kind = _kind(table)
    vary, where = _varied(table)
    question = Question(
        id=table.name("id"),
        lesson=lesson,
        where=f"{table.source.shown}:{table.start}",
        kind=kind,
        ask=table.text("ask"),
        answer=table.string("answer", ""),
        given=table.string("for", ""),
        tolerance=table.string("tolerance", ""),
        digits=table.whole("digits", 0, "3", 1, 100),
        form=table.string("form", ""),
        states=table.string("states", ""),
        start=table.string("start", ""),
        choices=tuple(_choice(row) for row in table.tables("choices")),
        steps=tuple(_step(row, number) for number, row in enumerate(table.tables("steps"), start=1)),
        mistakes=tuple(_mistake(row) for row in table.tables("mistakes")),
        hints=_hints(table),
        after=table.text("after", {}),
        vary=vary,
        vary_where=where,
    )
    shape = KINDS[kind]
    for key in SPECIAL:
        if key in shape.required and key not in table.data:
            table.fault(key, f"`{key}` is missing", f"a question of kind {kind} needs it")
        elif key in table.data and key not in shape.required + shape.optional:
            table.fault(key, f"a question of kind {kind} has no `{key}`", "remove it or change the kind")
    _check_parts(question, table)
    table.finish()
    return question


def _check_parts(question: Question, table: Table) -> None:
    """What can be seen without reading a formula."""
    choices, steps = question.choices, question.steps
    if question.kind is Kind.CHOICE:
        if sum(choice.right for choice in choices) != 1 or len(choices) < 2:
            table.fault("choices", "a choice needs two or more options, one of them right", "mark it `right = true`")
        if any(not choice.right and not choice.because for choice in choices):
            table.fault("choices", "a wrong option has no reason", 'add `because.en = "…"`')
    if question.kind is Kind.ORDER and len(steps) < 3:
        table.fault("steps", "putting in order needs three or more steps", 'add { says.en = "…" }')
    if question.digits and question.tolerance:
        table.fault("digits", "it has both `digits` and `tolerance`", "keep one of them")


def _kind(table: Table) -> Kind:
    word = table.string("kind", ..., '"expression"')
    if word and word not in list(Kind):
        table.fault("kind", f"`{word}` is no kind of question", f"use one of {', '.join(Kind)}")
    return Kind(word) if word in list(Kind) else Kind.EXPRESSION


def _choice(row: Table) -> Choice:
    choice = Choice(row.text("says"), bool(row.get("right", bool, False, "true")), row.text("because", {}))
    row.finish()
    return choice


def _step(row: Table, number: int) -> Step:
    """A step needs the one before it, unless it says what it needs."""
    before = [number - 1] if number > 1 else []
    needs = row.get("needs", list, before, "[1]") or []
    if not all(isinstance(item, int) and 0 < item < number for item in needs) or len(needs) > limits.TABLES["steps"]:
        row.fault("needs", "`needs` names steps that come before, counted from 1", "write `needs = [1, 2]`")
        needs = []
    step = Step(row.text("says"), tuple(needs))
    row.finish()
    return step


def _mistake(row: Table) -> Mistake:
    mistake = Mistake(row.string("answer"), row.text("says"))
    row.finish()
    return mistake


def _varied(table: Table) -> tuple[dict[str, tuple[str, ...]], str]:
    """`vary.a = [0.1, 0.25]` or `vary.n = "2..6"`, with `vary.where` for conditions; ranges stay as written."""
    raw = table.get("vary", dict, {}, "{ a = [0.1, 0.25] }") or {}
    values: dict[str, tuple[str, ...]] = {}
    for name, spec in raw.items():
        if name == "where":
            continue
        if isinstance(spec, list) and 0 < len(spec) <= limits.VALUES and all(_value(v) for v in spec):
            values[name] = tuple(str(v) for v in spec)
        elif isinstance(spec, str) and ".." in spec and len(spec) <= limits.LINE:
            values[name] = (spec,)
        else:
            table.fault("vary", f"`vary.{name}` is neither a list nor a range", f'write `vary.{name} = "2..6"`')
        if not name.isidentifier():
            table.fault("vary", f"`vary.{name}` is no name of a parameter", 'write `vary.a = "2..6"`')
    if len(values) > limits.VARIED:
        table.fault("vary", f"more than {limits.VARIED} parameters vary", "keep some of them fixed")
    where = raw.get("where", "")
    return values, where if isinstance(where, str) and len(where) <= limits.TEXT else ""


def _value(value: object) -> bool:
    """Whether it can stand for a parameter: a number, or one that is written as a text."""
    if isinstance(value, str):
        return len(value) <= limits.NAME
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= limits.NUMBER


def _hints(table: Table) -> tuple[Text, ...]:
    """`hints.en = ["…", "…"]`: the stages, each in the languages that have it."""
    value = table.get("hints", dict, {}, '{ en = ["…"] }') or {}
    if not all(isinstance(stage, list) and all(isinstance(hint, str) for hint in stage) for stage in value.values()):
        table.fault("hints", "`hints` has the wrong type", 'write `hints.en = ["…", "…"]`')
        return ()
    stages = len(value.get("en", []))
    if stages > limits.HINTS or any(len(hint) > limits.TEXT for stage in value.values() for hint in stage):
        table.fault("hints", f"it has more than {limits.HINTS} hints, or a very long one", "leave some out")
        return ()
    return tuple({code: hints[i] for code, hints in value.items() if i < len(hints)} for i in range(stages))

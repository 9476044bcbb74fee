"""What a question is: data that a grader reads and a screen asks."""

from __future__ import annotations

from enum import StrEnum

from dlteach.course.files import Source, Table, Text
from dlteach.values import value


class Kind(StrEnum):
    """The kinds of question; each has a grader in `study.grading`."""

    CHOICE = "choice"
    NUMBER = "number"
    EXPRESSION = "expression"


@value
class Choice:
    """An option, and why it is wrong (or what makes it right)."""

    says: Text
    right: bool
    because: Text


@value
class Mistake:
    """A wrong answer that learners really give, and what to say then."""

    answer: str
    says: Text


@value
class Question:
    """One question; `answer` is in the notation, and empty for a choice."""

    id: str
    lesson: str
    where: str
    kind: Kind
    ask: Text
    answer: str
    given: str  # conditions under which an expression is compared, as after `for`
    tolerance: str
    choices: tuple[Choice, ...]
    mistakes: tuple[Mistake, ...]
    hints: tuple[Text, ...]
    after: Text  # one sentence for after the right answer

    @property
    def full_id(self) -> str:
        """`LESSON/ID`."""
        return f"{self.lesson}/{self.id}"


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
    choices = tuple(_choice(row) for row in table.tables("choices"))
    question = Question(
        id=table.string("id"),
        lesson=lesson,
        where=f"{table.source.shown}:{table.start}",
        kind=kind,
        ask=table.text("ask"),
        answer=table.string("answer", "" if kind is Kind.CHOICE else ...),
        given=table.string("for", ""),
        tolerance=table.string("tolerance", ""),
        choices=choices,
        mistakes=tuple(_mistake(row) for row in table.tables("mistakes")),
        hints=_hints(table),
        after=table.text("after", {}),
    )
    if kind is Kind.CHOICE:
        if sum(choice.right for choice in choices) != 1 or len(choices) < 2:
            table.fault("choices", "a choice needs two or more options, one of them right", "mark it `right = true`")
        for choice in choices:
            if not choice.right and not choice.because:
                table.fault("choices", "a wrong option has no reason", 'add `because.en = "…"`')
    elif choices:
        table.fault("choices", f"a question of kind {kind} has no options", "remove them or make it a choice")
    table.finish()
    return question


def _kind(table: Table) -> Kind:
    word = table.string("kind", ..., '"expression"')
    if word and word not in list(Kind):
        table.fault("kind", f"`{word}` is no kind of question", f"use one of {', '.join(Kind)}")
    return Kind(word) if word in list(Kind) else Kind.EXPRESSION


def _choice(row: Table) -> Choice:
    choice = Choice(row.text("says"), bool(row.get("right", bool, False, "true")), row.text("because", {}))
    row.finish()
    return choice


def _mistake(row: Table) -> Mistake:
    mistake = Mistake(row.string("answer"), row.text("says"))
    row.finish()
    return mistake


def _hints(table: Table) -> tuple[Text, ...]:
    """`hints.en = ["…", "…"]`: the stages, each in the languages that have it."""
    value = table.get("hints", dict, {}, '{ en = ["…"] }') or {}
    if not all(isinstance(stage, list) and all(isinstance(hint, str) for hint in stage) for stage in value.values()):
        table.fault("hints", "`hints` has the wrong type", 'write `hints.en = ["…", "…"]`')
        return ()
    stages = len(value.get("en", []))
    return tuple({code: hints[i] for code, hints in value.items() if i < len(hints)} for i in range(stages))

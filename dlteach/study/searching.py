"""Search: lessons, claims, derivations, questions and functions, by words, names and formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from dlteach.course.files import ContentError, text_in
from dlteach.course.functions import Functions
from dlteach.course.lessons import Course, Lesson
from dlteach.course.questions import Question
from dlteach.course.variants import first_variant
from dlteach.errors import DlteachError
from dlteach.notation.names import Names
from dlteach.notation.nodes import collect
from dlteach.notation.patience import Overrun, within
from dlteach.notation.reader import read, read_statement
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Call, Expr, Node, walk
from dlteach.values import frozen

WORD = re.compile(r"[^\W_]+(?:_\w+)*", re.UNICODE)
FORMULA = re.compile(r"[()^*/+=|]|\d")
WEIGHTS = {"name": 8.0, "title": 5.0, "formula": 4.0, "text": 1.0}
KINDS = ("lesson", "function", "claim", "derivation", "question", "erratum")  # in this order, if all else is equal
MOST_WORDS = 50
SMALL = {"a", "an", "and", "at", "by", "for", "how", "in", "is", "of", "on", "the", "to", "what", "why", "with"}
SECONDS = 0.5  # for the formula that is looked for
NAMESAKE = 20.0  # what is called just that


@frozen
class Item:
    """Something that can be found: what kind it is, how it is opened, and its texts by weight."""

    kind: str
    name: str
    title: str
    command: str
    texts: tuple[tuple[str, str], ...]  # (a key of WEIGHTS, text)
    formulas: tuple[str, ...] = ()


@frozen
class Hit:
    """An item with its rank."""

    item: Item
    score: float


def search(query: str, course: Course, language: str = "en") -> list[Hit]:
    """The items that have every word, or the formula, the best first; raises DlteachError for no words or too many."""
    every_word = list(dict.fromkeys(word.casefold() for word in WORD.findall(query)))
    words = [word for word in every_word if word not in SMALL] or every_word
    if not words:
        raise DlteachError("there is nothing to search for: dlteach search tanh")
    if len(words) > MOST_WORDS:
        raise DlteachError(f"these are {len(words):,} words where {MOST_WORDS} are allowed: take the rarest of them")
    every = list(items(course, language))
    wanted = _formula(query, course.functions)
    if wanted is not None and (exact := _containing(every, wanted, course.functions)):
        every, words = exact, []  # the formula itself is there: that is what was meant
    hits = [Hit(item, _score(item, words, course.functions)) for item in every if _has(item, words)]
    return sorted(hits, key=lambda hit: (-hit.score, KINDS.index(hit.item.kind), hit.item.name))


def items(course: Course, language: str) -> Iterator[Item]:
    """Everything that can be found."""
    for name in course.functions:
        try:
            row = course.functions[name]
        except ContentError:
            continue  # of a pack from outside; `dlteach lint` says what is wrong with it
        texts = (("name", name), *(("name", other) for other in row.also), ("text", text_in(row.what, language)))
        formula = course.functions.formula(name)
        yield Item("function", name, text_in(row.what, language), f"dlteach derive {name}", texts, (formula,))
    for lesson in course.lessons():
        yield from _of_lesson(lesson, course, language)


def _of_lesson(lesson: Lesson, course: Course, language: str) -> Iterator[Item]:
    names = course.functions.inside(lesson.name).names
    title = text_in(lesson.title, language)
    summary, prose = text_in(lesson.summary, language), course.prose_of(lesson, language)
    texts = (("name", lesson.name), ("title", title), ("title", summary), ("text", prose))
    yield Item("lesson", lesson.name, title, f"dlteach lesson {lesson.name}", texts)
    for claim in lesson.claims:
        said = text_in(claim.says, language) or claim.statement
        yield _item("claim", lesson, claim.id, said, "verify", (said, claim.cites), (claim.states,))
    for derivation in lesson.derivations:
        said = text_in(derivation.title, language) or derivation.of or derivation.id
        reasons = tuple(text_in(line.because, language) for line in derivation.lines)
        formulas = (derivation.of, *(line.is_ or line.states or line.value for line in derivation.lines))
        yield _item("derivation", lesson, derivation.id, said, "derive", (said, *reasons), formulas)
    for erratum in lesson.errata:
        said = text_in(erratum.noted, language)
        texts_ = (said, text_in(erratum.correct, language))
        yield _item(
            "erratum", lesson, erratum.id, said, "errata", texts_, tuple(erratum.statements.values()), whole=False
        )
    for question in course.questions_of(lesson):
        yield _question(_filled(question, names), lesson, language)


def _filled(question: Question, names: Names) -> Question:
    """The question with values for its parameters; as it is written where they cannot be put in."""
    try:
        return first_variant(question, names)
    except DlteachError:
        return question


def _question(question: Question, lesson: Lesson, language: str) -> Item:
    ask = text_in(question.ask, language)
    return _item("question", lesson, question.id, ask, "quiz", (ask,), (question.states, question.start))


def _item(
    kind: str, lesson: Lesson, identity: str, title: str, command: str, texts: Sequence[str],
    formulas: Sequence[str], whole: bool = True,
) -> Item:  # fmt: skip
    full = f"{lesson.name}/{identity}"
    opened = f"dlteach {command} {full if whole else lesson.name}"
    found = (("name", identity), *(("text", text) for text in texts if text))
    return Item(kind, full, title, opened, found, tuple(filter(None, formulas)))


def _every(item: Item) -> list[tuple[str, str]]:
    return [*item.texts, *(("formula", formula) for formula in item.formulas)]


def _has(item: Item, words: Sequence[str]) -> bool:
    return all(any(word in text.casefold() for _, text in _every(item)) for word in words)


def _score(item: Item, words: Sequence[str], functions: Functions) -> float:
    """Each word counts where it counts most: as the name, in a title, in a formula, in the text; whole or in part."""
    score = 0.0
    for word in words:
        best = max(
            WEIGHTS[weight] * (1.0 if word in WORD.findall(text.casefold()) else 0.4)
            for weight, text in _every(item)
            if word in text.casefold()
        )
        name = functions.names.proper(word)
        called = item.name.rpartition("/")[2].casefold() in (word, name)
        score += best + (NAMESAKE if called else 0) + (_uses(item, name, functions) if name else 0)
    return score


def _formula(query: str, functions: Functions) -> Node | None:
    """The query as a formula, where it looks like one."""
    if not FORMULA.search(query):
        return None
    for reading in (read, read_statement):
        try:
            return reading(query, functions.names)
        except NotationError:
            continue
    return None


def _trees(formulas: Sequence[str], functions: Functions) -> Iterator[Node]:
    for formula in formulas:
        for reading in (read_statement, read):
            try:
                yield reading(formula, functions.names)
                break
            except NotationError:
                continue


def _uses(item: Item, name: str, functions: Functions) -> float:
    """Whether a function occurs in the formulas, under any of its names."""
    return WEIGHTS["formula"] * any(
        isinstance(node, Call) and node.name == name for tree in _trees(item.formulas, functions) for node in walk(tree)
    )


def _containing(every: Sequence[Item], wanted: Node, functions: Functions) -> list[Item]:
    """The items of which a formula is one of theirs, or a part of one, up to the order of terms."""
    from dlteach.reasoning.algebra.forms import canonical, canonical_parts

    if not isinstance(wanted, Expr):
        return [item for item in every if any(tree == wanted for tree in _trees(item.formulas, functions))]
    try:
        with within(SECONDS):
            form = canonical(wanted)
    except Overrun:
        return []  # the course has no formula that takes so long to sort
    parts = canonical_parts
    return [item for item in every if any(_is_part(form, tree, parts) for tree in _trees(item.formulas, functions))]


def _is_part(form: Expr, tree: Node, parts: Callable[[Expr], set[Expr]]) -> bool:
    sides: list[Expr] = []
    collect(tree, sides)
    return any(form in parts(side) for side in sides)

"""All faults of a pack at once, each with file, line and what to do."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from dlteach.checking.verify import findings
from dlteach.course import limits
from dlteach.course.files import ContentError, Text, printable, read_toml, text_in
from dlteach.course.ledger import Outcome, ledger_of
from dlteach.course.lessons import Course, Lesson, Pack
from dlteach.course.plots import read_plot
from dlteach.course.prose import parsed
from dlteach.course.questions import Question
from dlteach.course.reading import read_lesson
from dlteach.course.variants import places, variant_name, variants
from dlteach.errors import DlteachError, TooLong, did_you_mean
from dlteach.notation.tokens import NotationError
from dlteach.notation.typeset import display, inline
from dlteach.reasoning.worker.asked import asked
from dlteach.simulations import names as simulation_names

LIVING = ("claim", "derivation", "plot", "sim", "question", "erratum")
SIMPLER = "simplify it"
CODE = ("", "python", "sh", "toml", "text", "console")


def faults(course: Course, proofs: bool = True) -> Iterator[str]:
    """Every fault of a course, or of the packs beside it where there are any; of very many only the first.

    With `proofs` off, only what can be seen without proving anything.
    """
    for number, fault in enumerate(_faults(course, course.packs[1:] or course.packs, proofs)):
        if number == limits.SHOWN_FAULTS:
            yield f"and more than {limits.SHOWN_FAULTS} others: correct these first"
            return
        yield printable(fault)


def _faults(course: Course, packs: Sequence[Pack], proofs: bool) -> Iterator[str]:
    names = set(course.folders)
    for pack in packs:
        broken = False
        for fault in _function_faults(pack, proofs):
            broken = True
            yield fault
        yield from (fault for fault in pack.faults if not fault.startswith(f"{pack.shown}/functions.toml"))
        yield from _notes_faults(pack)
        notes = _notes(pack)
        for name in course.folders:
            if course.pack_of(name) is pack:
                yield from _of_lesson(name, course.inside(name), names, notes, proofs and not broken, broken)


def _of_lesson(
    name: str, course: Course, names: set[str], notes: set[str], proofs: bool, broken: bool
) -> Iterator[str]:
    """The faults of a lesson; what rests on the table of functions is looked at when that is in order."""
    try:
        lesson = read_lesson(course.folders[name], course.pack_of(name).root)
    except ContentError as problem:
        yield from problem.faults
        return
    yield from _lesson_faults(lesson, names, notes)
    yield from _ledger_faults(lesson)
    if broken:
        return
    yield from _prose_faults(lesson, course)
    try:
        questions = lesson.questions
    except ContentError as problem:
        yield from problem.faults
        return
    for question in questions:
        yield from _question_faults(question, course)
    if proofs:
        yield from _proof_faults(lesson, course)


def _ledger_faults(lesson: Lesson) -> Iterator[str]:
    try:
        ledger_of(lesson.folder / "verdicts.json")
    except ContentError as problem:
        yield f"{lesson.shown}/{problem}"


def _notes(pack: Pack) -> set[str]:
    path = pack.root / "notes.toml"
    try:
        return set(read_toml(path, pack.root).data)
    except ContentError:
        return set()


def _notes_faults(pack: Pack) -> Iterator[str]:
    if os.path.lexists(pack.root / "notes.toml"):
        try:
            read_toml(pack.root / "notes.toml", pack.root)
        except ContentError as problem:
            yield from problem.faults


def _function_faults(pack: Pack, proofs: bool) -> Iterator[str]:
    try:
        functions = pack.functions
    except ContentError as problem:
        yield from problem.faults
        return
    yield from (fault for fault in pack.faults if fault.startswith(f"{pack.shown}/functions.toml"))
    for name in functions.rows if pack.base is None or functions is not pack.base() else ():
        try:
            functions[name]  # it is read and validated when it is asked for
        except ContentError as problem:
            yield from problem.faults
            continue
        if not proofs:
            continue
        where = functions.where(name)
        try:
            found: Sequence[str] = asked("checking.trying:row_faults", name, functions, advice=SIMPLER)
        except TooLong as problem:
            found = [f"the derivative of {name} could not be checked ({problem})"]
        yield from (f"{where}: {fault}" for fault in found)


def _lesson_faults(lesson: Lesson, names: set[str], notes: set[str]) -> Iterator[str]:
    toml = f"{lesson.shown}/lesson.toml"
    for name in lesson.after:
        if name not in names:
            yield f"{toml}:1: `after` names `{name}`, which is no lesson: correct the name"
    for erratum in lesson.errata:
        if notes and erratum.source not in notes:
            yield f"{erratum.where}: erratum `{erratum.id}`: `{erratum.source}` is not in notes.toml: correct the name"
        for text in (erratum.noted, erratum.correct):
            yield from _text_faults(text, erratum.where)
    for claim in lesson.claims:
        yield from _text_faults(claim.says, claim.where)
    for derivation in lesson.derivations:
        for text in (derivation.title, *(line.because for line in derivation.lines)):
            yield from _text_faults(text, derivation.where)


def _prose_faults(lesson: Lesson, course: Course) -> Iterator[str]:
    """Formulas that cannot be typeset, and living blocks that name nothing."""
    try:
        text = lesson.prose()
    except ContentError as problem:
        yield from problem.faults
        return
    path = f"{lesson.shown}/lesson.en.md"
    tokens = parsed(text)
    if sum(token.type == "fence" and token.info.split()[:1] != [] for token in tokens) > limits.LIVING:
        yield f"{path}: it has more than {limits.LIVING} living blocks: take it apart"
    for token in tokens:
        line = (token.map or [0])[0] + 1
        for formula in [token, *(token.children or [])]:
            if formula.type.startswith("math_"):
                yield from _latex_faults(formula.content, f"{path}:{line}")
        if token.type == "fence":
            yield from (
                f"{path}:{line}: {fault}" for fault in _living_faults(token.info, token.content, lesson, course)
            )


def _living_faults(info: str, body: str, lesson: Lesson, course: Course) -> Iterator[str]:
    word, _, rest = info.strip().partition(" ")
    try:
        match word:
            case "claim":
                lesson.claim(rest.strip())
            case "derivation":
                lesson.derivation(rest.strip())
            case "question":
                lesson.question(rest.strip())
            case "erratum":
                lesson.erratum(rest.strip())
            case "plot":
                read_plot(rest, body, course.functions.names)
            case _ if word not in LIVING + CODE:
                hint = did_you_mean(word, LIVING, f"use one of {', '.join(LIVING)}")
                yield f"`{word}` is no living block: {hint}"
            case "sim" if rest.split()[:1] and rest.split()[0] not in simulation_names():
                yield f"there is no simulation `{rest.split()[0]}`: correct the name"
    except NotationError as problem:
        yield problem.line()
    except (DlteachError, ValueError) as problem:
        yield str(problem)


def _text_faults(text: Text, where: str) -> Iterator[str]:
    for version in text.values():
        for formula in version.split("$")[1::2]:
            yield from _latex_faults(formula, where)


def _latex_faults(formula: str, where: str) -> Iterator[str]:
    try:
        inline(formula)
        display(formula)
    except NotationError as problem:
        yield f"{where}: {problem.line()}"


def _question_faults(question: Question, course: Course) -> Iterator[str]:
    """As judged by the grader that learners meet, in every variant."""
    what = f"{question.where}: question `{question.id}`"
    try:
        turns = variants(question, course.functions.names)
        stray = [place for turn in turns[:1] for place in places(turn)]
    except DlteachError as problem:
        yield str(problem).splitlines()[0]
        return
    if stray:
        yield f"{what}: nothing varies `{{{{{stray[0]}}}}}`: add `vary` or correct the text"
    for turn in turns:
        here = f"{what}, variant {variant_name(turn)}" if turn.variant else what
        try:
            graded: Sequence[str] = asked("checking.trying:question_faults", turn, course.functions, advice=SIMPLER)
        except TooLong as problem:
            graded = [f"it could not be graded ({problem})"]
        found = [*_wording_faults(turn, here), *(f"{here}: {fault}" for fault in graded)]
        yield from found
        if found:
            return  # the other variants have the same text


def _wording_faults(question: Question, what: str) -> Iterator[str]:
    for text in question.texts:
        yield from _text_faults(text, question.where)
    says = [text_in(item) for item in (*(c.says for c in question.choices), *(s.says for s in question.steps))]
    if len(set(says)) < len(says):
        yield f"{what}: two options read the same: reword one"


def _proof_faults(lesson: Lesson, course: Course) -> Iterator[str]:
    for finding in findings(lesson, course):
        job, outcome, evidence = finding.job, finding.kept.verdict, finding.kept.evidence
        what = f"{job.where}: {job.kind} `{job.id}`"
        if not finding.as_wanted:
            wanted = f", where {job.wanted} is wanted" if job.wanted else ""
            yield f"{what} is {outcome}{wanted} ({evidence}): correct the statement"
        elif outcome is Outcome.UNDECIDED:
            yield f"{what} cannot be decided ({evidence}): state it otherwise"

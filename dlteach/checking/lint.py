"""All faults of a pack at once, each with file, line and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from dlteach.checking.verify import findings
from dlteach.course.files import ContentError, Text, read_toml, text_in
from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.course.lessons import Course, Lesson
from dlteach.course.plots import read_plot
from dlteach.course.prose import parsed
from dlteach.course.questions import Kind, Question
from dlteach.course.variants import places, variant_name, variants
from dlteach.errors import DlteachError, did_you_mean
from dlteach.notation.reader import read_statement
from dlteach.notation.tokens import NotationError
from dlteach.notation.typeset import display, inline
from dlteach.reasoning.deciding.judge import judge
from dlteach.reasoning.deriving.cross_checks import checks
from dlteach.reasoning.deriving.derive import CannotDerive, derive, lemma_holds
from dlteach.simulations import names as simulation_names
from dlteach.study.asking import right_answer
from dlteach.study.grading import Grade, echoed, grade

LIVING = ("claim", "derivation", "plot", "sim", "question", "erratum")
CODE = ("", "python", "sh", "toml", "text", "console")


def faults(course: Course, proofs: bool = True) -> Iterator[str]:
    """Every fault of a pack; with `proofs` off, only what can be seen without proving anything."""
    broken = False
    for fault in _function_faults(course, proofs):
        broken = True
        yield fault
    names = set(course.folders)
    notes = _notes(course)
    for name in course.folders:
        try:
            lesson = course.lesson(name)
        except ContentError as problem:
            yield from problem.faults
            continue
        yield from _lesson_faults(lesson, names, notes)
        if broken:
            continue  # what rests on the table is looked at when the table is in order
        yield from _prose_faults(lesson, course)
        try:
            questions = lesson.questions
        except ContentError as problem:
            yield from problem.faults
            continue
        for question in questions:
            yield from _question_faults(question, course)
        if proofs:
            yield from _proof_faults(lesson, course)


def _notes(course: Course) -> set[str]:
    path = course.root / "notes.toml"
    return set(read_toml(path, course.root).data) if path.is_file() else set()


def _function_faults(course: Course, proofs: bool) -> Iterator[str]:
    try:
        functions = course.functions
    except ContentError as problem:
        yield from problem.faults
        return
    for name in functions:
        try:
            row = functions[name]
        except ContentError as problem:
            yield from problem.faults
            continue
        if not proofs:
            continue
        where = f"{functions.source.shown}:{functions.source.line_of(f'[{name}]', 1, len(functions.source.lines))}"
        try:
            whole = row.applied()
            made = derive(whole, row.definition.parameters[0], functions)
            failed = [check.says for check in checks(made, functions) if not check.holds]
        except (CannotDerive, RecursionError) as problem:
            yield f"{where}: {name} cannot be differentiated ({problem}): correct its definition"
            continue
        if failed:
            yield f"{where}: the derivative of {name} is in doubt ({failed[0]}): correct its definition"
        if row.lemma is not None and not lemma_holds(name, functions):
            yield f"{where}: the lemma `derivative` of {name} is not proved: correct it or leave it out"


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
    for token in parsed(text):
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
        yield f"{what}: {str(problem).splitlines()[0]}: correct the question"
        return
    if stray:
        yield f"{what}: nothing varies `{{{{{stray[0]}}}}}`: add `vary` or correct the text"
    for turn in turns:
        here = f"{what}, variant {variant_name(turn)}" if turn.variant else what
        found = [*_wording_faults(turn, here), *_grading_faults(turn, here, course.functions)]
        yield from found
        if found:
            return  # the other variants have the same text


def _wording_faults(question: Question, what: str) -> Iterator[str]:
    for text in question.texts:
        yield from _text_faults(text, question.where)
    says = [text_in(item) for item in (*(c.says for c in question.choices), *(s.says for s in question.steps))]
    if len(set(says)) < len(says):
        yield f"{what}: two options read the same: reword one"


def _grading_faults(question: Question, what: str, functions: Functions) -> Iterator[str]:
    """The model answer is right, every mistake is wrong and named, and the question is not its own answer."""
    try:
        right = right_answer(question, functions)
        own = grade(question, right, functions)
        if own.grade is not Grade.RIGHT:
            reason = own.says.partition("\n")[0]
            yield f"{what}: the model answer `{right}` is graded {own.grade} ({reason}): correct it"
            return
        for mistake in question.mistakes:
            result = grade(question, mistake.answer, functions)
            if result.grade is not Grade.WRONG:
                yield f"{what}: the mistake `{mistake.answer}` is graded {result.grade}: correct it or leave it out"
            elif result.mistake != mistake.answer:
                yield f"{what}: the mistake `{mistake.answer}` is taken for another one: leave one of them out"
        if question.kind is Kind.TRUTH:
            yield from _truth_faults(question, what, functions)
        if question.kind is Kind.EXPRESSION and (echo := echoed(question, functions)):
            yield f"{what}: its own formula `{echo}` is taken as the answer: add a `form`"
    except DlteachError as problem:
        yield f"{what}: {str(problem).splitlines()[0]}: correct the question"


def _truth_faults(question: Question, what: str, functions: Functions) -> Iterator[str]:
    """A statement that is to be true must be proved; one that is to fail has failed at its point already."""
    verdict = judge(read_statement(question.states, functions.names), functions, 10.0)
    if question.answer == "true" and not verdict.holds:
        yield f"{what}: the statement is {verdict.outcome}, not proved: correct it or its answer"


def _proof_faults(lesson: Lesson, course: Course) -> Iterator[str]:
    for finding in findings(lesson, course):
        job, outcome, evidence = finding.job, finding.kept.verdict, finding.kept.evidence
        what = f"{job.where}: {job.kind} `{job.id}`"
        if not finding.as_wanted:
            wanted = f", where {job.wanted} is wanted" if job.wanted else ""
            yield f"{what} is {outcome}{wanted} ({evidence}): correct the statement"
        elif outcome is Outcome.UNDECIDED:
            yield f"{what} cannot be decided ({evidence}): state it otherwise"

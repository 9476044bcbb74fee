"""The shipped course, and what an author is told about a broken one."""

import shutil
from pathlib import Path

import pytest

from dlteach.checking.lint import faults
from dlteach.checking.verify import findings
from dlteach.course.files import ContentError, text_in
from dlteach.course.ledger import Outcome
from dlteach.course.lessons import Course
from dlteach.course.questions import Kind
from dlteach.errors import DlteachError
from dlteach.notation.reader import read_statement
from dlteach.notation.tree import Relation

LESSONS = tuple(Course().folders)


@pytest.fixture
def pack(course: Course, tmp_path: Path) -> Path:
    """A copy of the course that a test may break."""
    return Path(shutil.copytree(course.root, tmp_path / "content"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_first_lesson_is_there() -> None:
    assert "gelu" in LESSONS


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_what_a_lesson_needs(course: Course, name: str) -> None:
    lesson = course.lesson(name)
    assert 600 <= len([w for w in lesson.prose().split() if any(c.isalpha() for c in w)]) <= 1500
    assert len(lesson.claims) >= (10 if name == "gelu" else 6)
    assert lesson.derivations and lesson.errata and lesson.references
    typed = [q for q in lesson.questions if q.kind is Kind.EXPRESSION]
    assert len(lesson.questions) >= 6 and len(typed) >= 2
    assert all(len(question.mistakes) >= 2 for question in typed)
    assert all(question.hints for question in lesson.questions)
    assert ", derivative\n" in lesson.prose()


@pytest.mark.parametrize("name", LESSONS)
def test_every_equation_of_a_lesson_is_proved(course: Course, name: str) -> None:
    for finding in findings(course.lesson(name), course):
        assert finding.as_wanted, finding
        if (
            finding.job.kind == "claim"
            and finding.job.statement
            and finding.kept.verdict not in (Outcome.CITED, Outcome.OBSERVED)
        ):
            body = read_statement(finding.job.statement, course.functions.names).body
            if isinstance(body, Relation) and set(body.signs) == {"="}:
                assert finding.kept.verdict is Outcome.PROVED, finding


@pytest.mark.parametrize("name", LESSONS)
def test_the_ledger_holds_what_is_found_today(course: Course, name: str) -> None:
    lesson = course.lesson(name)
    for finding in findings(lesson, course):
        assert lesson.ledger.verdict(finding.job.id, finding.job.statement, course.functions.digest) == finding.kept


def test_the_course_has_no_faults_that_show_without_proofs(course: Course) -> None:
    assert list(faults(course, proofs=False)) == []


def test_a_record_of_another_statement_or_table_does_not_count(course: Course) -> None:
    lesson = course.lesson("gelu")
    digest = course.functions.digest
    statement = lesson.claim("derivative").states
    assert lesson.ledger.verdict("derivative", statement, digest)
    assert lesson.ledger.verdict("derivative", statement + " ", digest) is None
    assert lesson.ledger.verdict("derivative", statement, "0") is None


def test_only_what_is_asked_for_is_read(pack: Path) -> None:
    """A broken neighbour does not keep a lesson from opening."""
    (pack / "activations/maxout/lesson.toml").write_text("this is not TOML", encoding="utf-8")
    assert Course(pack).lesson("gelu").claims


def test_a_new_lesson_is_a_copied_folder(pack: Path) -> None:
    shutil.copytree(pack / "activations/gelu", pack / "activations/silu")
    edit(pack / "activations/silu/lesson.toml", "GELU: a switch that is thrown by chance", "SiLU")
    lesson = Course(pack).lesson("silu")
    assert text_in(lesson.title) == "SiLU"
    assert list(faults(Course(pack), proofs=False)) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        pytest.param(
            "activations/gelu/lesson.toml",
            'states = "gelu\'(x) = Phi(x) + x*phi(x)"\n',
            "",
            ["lesson.toml:", "claim `derivative`", "it has no statement", "add `states"],
            id="a claim without a statement",
        ),
        pytest.param(
            "activations/gelu/lesson.toml", "summary.en", "sumary.en", ["`summary` is missing"], id="a misspelt key"
        ),
        pytest.param("activations/gelu/lesson.toml", "format = 1", "format = 9", ["format 1"], id="a newer format"),
        pytest.param(
            "activations/gelu/lesson.toml",
            'id = "curvature"',
            'id = "derivative"',
            ["used twice"],
            id="an id used twice",
        ),
        pytest.param(
            "activations/gelu/lesson.toml", "minutes = 20", 'minutes = "long"', ["wrong type"], id="a wrong type"
        ),
        pytest.param("activations/gelu/lesson.toml", "covers = [", "covers = [[", ["not valid TOML"], id="broken TOML"),
        pytest.param(
            "activations/gelu/quiz.toml",
            'kind = "number"',
            'kind = "essay"',
            ["no kind of question"],
            id="an unknown kind",
        ),
        pytest.param("activations/gelu/quiz.toml", "right = true, ", "", ["one of them right"], id="no right option"),
    ],
)
def test_a_fault_names_file_line_and_fix(pack: Path, file: str, old: str, new: str, words: list[str]) -> None:
    edit(pack / file, old, new)
    with pytest.raises(ContentError) as caught:
        _ = Course(pack).lesson("gelu").questions
    fault = str(caught.value)
    assert all(word in fault for word in words), fault
    where, line = fault.split(":")[:2]
    assert where.endswith(file) and line.isdigit()


def test_the_line_is_the_line_of_the_fault(pack: Path) -> None:
    path = pack / "activations/gelu/lesson.toml"
    edit(path, "minutes = 20", 'minutes = "long"')
    line = path.read_text(encoding="utf-8").splitlines().index('minutes = "long"') + 1
    with pytest.raises(ContentError, match=f"lesson.toml:{line}: "):
        Course(pack).lesson("gelu")


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("activations/gelu/lesson.toml", "Phi(x) + x*phi(x)", "Phi(x) - x*phi(x)", "claim `derivative` is refuted"),
        ("activations/gelu/lesson.toml", 'c = 1.702"', 'c = sqrt(8/pi)"', "where refuted is wanted"),
        ("activations/gelu/quiz.toml", 'answer = "phi(x)"', 'answer = "Phi(x) + phi(x)*x"', "is graded right"),
        ("activations/gelu/lesson.en.md", r"$\Phi$ is", r"$\nonsense$ is", "is not known here"),
        ("activations/gelu/lesson.en.md", "```claim curvature", "```claim curvture", "did you mean curvature?"),
        ("activations/gelu/lesson.en.md", "```claim curvature", "```clam curvature", "did you mean claim?"),
        (
            "activations/gelu/lesson.en.md",
            "plot x = -4..4\ngelu(x)\nrelu(x)",
            "plot x = 4..-4\ngelu(x)\nrelu(x)",
            "is empty",
        ),
        (
            "functions.toml",
            'derivative = "Phi(x) + x*phi(x)"',
            'derivative = "Phi(x)"',
            "lemma `derivative` of gelu is not proved",
        ),
        ("functions.toml", 'is = "x*Phi(x)"', 'is = "x*Phi(y)"', "`y` is not a parameter"),
        ("functions.toml", 'is = "x*Phi(x)"', 'is = "x*Phi(x"', "expected"),
    ],
)
def test_lint_finds_what_is_wrong(pack: Path, file: str, old: str, new: str, words: str) -> None:
    edit(pack / file, old, new)
    found = next((fault for fault in faults(Course(pack)) if words in fault), "")
    assert Path(file).name in found, "lint goes on until it is found"


def test_lint_reports_all_faults_at_once(pack: Path) -> None:
    edit(pack / "activations/gelu/lesson.toml", "minutes = 20", 'minutes = "long"')
    edit(pack / "activations/maxout/quiz.toml", 'kind = "number"', 'kind = "essay"')
    found = list(faults(Course(pack), proofs=False))
    assert any("gelu/lesson.toml" in fault for fault in found) and any("maxout/quiz.toml" in fault for fault in found)


def test_a_misspelt_lesson_gets_a_suggestion(course: Course) -> None:
    with pytest.raises(DlteachError, match="did you mean maxout"):
        course.lesson("maxuot")

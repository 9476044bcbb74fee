"""Packs beside the course: what they add, what they cannot change, and what of them is believed."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from dlteach.course.files import ContentError
from dlteach.course.functions import Functions
from dlteach.course.lessons import Course
from dlteach.course.reading import read_lesson
from tests.conftest import Result
from tests.hostile.packs import FUNCTIONS, HEAD, lesson_files

Cli = Callable[..., Result]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack with one lesson and one function."""
    root = tmp_path / "mine"
    lesson_files(root / "odd/good", "good")
    (root / "functions.toml").write_text(FUNCTIONS)
    return root


@pytest.fixture
def beside(cli: Cli, pack: Path) -> Cli:
    """The command line with the pack beside the course."""
    return lambda *args, **more: cli("--content", str(pack), *args, **more)


def told(result: Result) -> list[str]:
    return result.err.splitlines()


@pytest.mark.parametrize("command", [("lessons",), (), ("progress",), ("lessons", "--json")])
def test_lessons_of_both_are_there(beside: Cli, command: tuple[str, ...]) -> None:
    result = beside(*command)
    assert result.code == 0 and "good" in result.out and "gelu" in result.out and not result.err


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("lesson", "good"), "bump(x)"),
        (("quiz", "good"), "Question 1 of 1"),
        (("search", "bump"), "good/worked"),
        (("errata", "good"), "good/wrong"),
        (("derive", "good/worked", "--plain"), "e^(-x^2)"),
        (("practice", "good/lines"), "opened"),
        (("review", "good", "--dry-run"), "good/slope"),
        (("value", "bump(1)"), "0.3678"),
        (("derive", "bump", "--plain"), "-2*e^(-x^2)*x"),
        (("grade", "good/slope[a = 2]", "-4x*bump(x)"), "correct"),
        (("study", "good"), "Part"),
        (("lint", "--no-proofs"), "no faults"),
    ],
)
def test_a_lesson_of_a_pack_works_like_any_other(beside: Cli, command: tuple[str, ...], words: str) -> None:
    result = beside(*command)
    assert words in result.out and result.code == 0 and not result.err, result


@pytest.mark.parametrize("place", ["option", "option behind the command", "option with =", "environment"])
def test_ways_to_name_a_pack(cli: Cli, pack: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ways = {
        "option": ("--content", str(pack), "lessons"),
        "option behind the command": ("lessons", "--content", str(pack)),
        "option with =": ("lessons", f"--content={pack}", "--plain"),
        "environment": ("lessons",),
    }
    if place == "environment":
        monkeypatch.setenv("DLTEACH_CONTENT", str(pack))
    assert "good" in cli(*ways[place]).out


def test_several_packs_and_the_option_before_the_environment(
    cli: Cli, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson_files(tmp_path / "second/odd/other", "other")
    both = os.pathsep.join([str(pack), str(tmp_path / "second")])
    monkeypatch.setenv("DLTEACH_CONTENT", both)
    assert {"good", "other"} <= set(cli("lessons").out.split())
    assert "other" not in cli("lessons", "--content", str(pack)).out.split()


@pytest.mark.parametrize("name", ["/nowhere/at/all", "a\0b", "x" * 5_000, __file__])
def test_a_pack_that_is_not_there_is_told(cli: Cli, name: str) -> None:
    result = cli("lessons", "--content", name)
    assert result.code == 2 and len(told(result)) == 1 and "is no folder" in result.err and len(result.err) < 300


def test_the_courses_own_names_count(beside: Cli, pack: Path) -> None:
    lesson_files(pack / "odd/gelu", "other")
    (pack / "functions.toml").write_text(FUNCTIONS + '\n[gelu]\nof = "x"\nis = "x"\nwhat.en = "no"\n')
    result = beside("lesson", "gelu")
    assert "GELU" in result.out and len(told(result)) == 2
    assert beside("value", "gelu(1)").out == "0.841344746068543\n"
    assert any("odd/gelu: there is a lesson `gelu` already" in line for line in told(result))
    assert any("functions.toml:7: there is a function `gelu` already" in line for line in told(result))


def test_no_other_lesson_sees_the_functions_of_a_pack(pack: Path, tmp_path: Path, beside: Cli, cli: Cli) -> None:
    lesson_files(tmp_path / "second/odd/other", "other")
    course = Course(beside=[pack, tmp_path / "second"])
    assert "bump" in course.functions and "bump" in course.functions.inside("good")
    assert "bump" not in course.functions.inside("gelu") and "bump" not in course.functions.inside("other")
    assert course.functions.inside("gelu").digest == Course().functions.digest
    assert "not checked yet" not in beside("lesson", "gelu").out
    assert beside("grade", "gelu/derivative", "bump(x)") == cli("grade", "gelu/derivative", "bump(x)")


def test_functions_go_to_another_process_as_they_are(pack: Path, functions: Functions) -> None:
    joined = Course(beside=[pack]).functions
    for table in (functions, joined, joined.inside("good")):
        there = pickle.loads(pickle.dumps(table))
        assert list(there) == list(table) and there.digest == table.digest
        assert ("bump" in there.inside("good")) is ("bump" in table) and list(there.inside("gelu")) == list(
            table.inside("gelu")
        )


def test_a_table_with_strange_ends_of_lines_goes_to_another_process(pack: Path) -> None:
    (pack / "functions.toml").write_text(FUNCTIONS.replace("A bump.", "A \u2028 \x85 bump."))
    table = Course(beside=[pack]).functions
    assert pickle.loads(pickle.dumps(table))["bump"].what == table["bump"].what


def test_a_strangers_verdicts_are_not_believed(beside: Cli, pack: Path) -> None:
    claim = '[[claim]]\nid = "false"\nstates = "bump(x) = 0"\n'
    (pack / "odd/good/lesson.toml").write_text(HEAD.format(name="Good") + claim)
    (pack / "odd/good/lesson.en.md").write_text("# Good\n\n```claim false\n```\n")
    record = '{"statement": "bump(x) = 0", "verdict": "proved", "how": "normal form", "evidence": ""}'
    digest = Course(beside=[pack]).functions.inside("good").digest
    text = f'{{"format": 1, "functions": "{digest}", "records": {{"false": {record}}}}}'
    (pack / "odd/good/verdicts.json").write_text(text)
    assert "not checked yet" in beside("lesson", "good").out
    assert beside("verify", "good").code == 1
    assert "✗ refuted" in beside("lesson", "good").out


def test_an_author_sees_what_was_recorded(beside: Cli) -> None:
    assert beside("verify", "good", "--record").code == 0
    assert "not checked yet" not in beside("lesson", "good").out


@pytest.mark.parametrize("link", ["the ledger", "the lesson"])
def test_a_ledger_is_never_written_through_a_link(beside: Cli, pack: Path, tmp_path: Path, link: str) -> None:
    """A pack may say that its ledger is the reader's own start-up file."""
    mine = tmp_path / "mine-alone"
    if link == "the ledger":
        mine.write_text("precious")
        (pack / "odd/good/verdicts.json").symlink_to(mine)
    else:
        (pack / "odd/good").rename(mine)
        (pack / "odd/good").symlink_to(mine)
    result = beside("verify", "good", "--record")
    assert result.code == 2 and "leads out of the pack" in result.err
    assert (mine.read_text() == "precious") if mine.is_file() else not (mine / "verdicts.json").exists()


def test_verdicts_of_lessons_with_one_name_are_kept_apart(cli: Cli, pack: Path, tmp_path: Path) -> None:
    lesson_files(tmp_path / "second/odd/good", "good")
    (tmp_path / "second/functions.toml").write_text(FUNCTIONS)
    assert cli("verify", "good", "--content", str(pack)).code == 0
    assert "not checked yet" in cli("lesson", "good", "--content", str(tmp_path / "second")).out
    assert "not checked yet" not in cli("lesson", "good", "--content", str(pack)).out


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param('{ value = "1" }, { value = "2" }', '{ is = "1" }, { is = "2" }', id="values become a chain"),
        pytest.param(
            '{ is = "1" }, { because.en = "." }, { is = "2" }', '{ is = "1" }, { is = "2" }', id="words fall away"
        ),
        pytest.param(
            '{ states = "x = x" }, { value = "1", digits = 3 }',
            '{ states = "x = x" }, { value = "1", digits = 9 }',
            id="more digits",
        ),
    ],
)
def test_a_verdict_does_not_pass_to_other_lines(beside: Cli, pack: Path, first: str, then: str) -> None:
    """What was verified yesterday is not shown as proved when the pack says something else today."""
    head = HEAD.format(name="Good") + '[[derivation]]\nid = "worked"\nlines = [{}]\n'
    (pack / "odd/good/lesson.en.md").write_text("# Good\n\n```derivation worked\n```\n")
    (pack / "odd/good/lesson.toml").write_text(head.format(first))
    assert beside("verify", "good").code == 0
    (pack / "odd/good/lesson.toml").write_text(head.format(then))
    assert "not checked yet" in beside("lesson", "good").out


def test_one_broken_lesson_is_told_in_a_line_and_the_others_go_on(beside: Cli, pack: Path) -> None:
    lesson_files(pack / "odd/bad", "bad")
    (pack / "odd/bad/lesson.toml").write_text("a = " + "[" * 100_000)
    for command in ((), ("lessons",), ("search", "bump"), ("errata",), ("progress",), ("quiz",), ("review", "good")):
        result = beside(*command)
        assert result.code == 0 and len(told(result)) == 1 and "odd/bad/lesson.toml" in result.err, (command, result)
    assert beside("lesson", "bad").code == 2 and beside("lesson", "good").code == 0


def test_what_is_left_out_of_a_pack_is_told_in_few_lines(beside: Cli, pack: Path) -> None:
    for number in range(20):
        lesson_files(pack / f"odd/bad{number}", "bad")
        (pack / f"odd/bad{number}/lesson.toml").write_text("x")
    lines = told(beside("lessons"))
    assert len(lines) == 4 and "dlteach lint" in lines[-1]
    assert len(beside("lint", "--no-proofs").out.splitlines()) == 20


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a" + ".a" * 30 + " = 1", "lesson.toml:1: a key has more than"),
        ("\n\na = " + "9" * 5_000, "lesson.toml:3: the number has too many digits"),
        ("a = " + "[" * 5_000, "lesson.toml: lists or tables are nested too deeply"),
        (HEAD.format(name="x") + "#" * 300_000, "lesson.toml: it cannot be read (more than 250,000 bytes)"),
        (HEAD.format(name="x" * 400), "lesson.toml:2: `title` has more than 300 characters"),
        (HEAD.format(name="$" * 290), "lesson.toml:2: `title`: a paragraph has more than 200 of `$`"),
        (
            HEAD.format(name="x") + '[[claim]]\nid = "a/b"\nstates = "x = x"',
            "lesson.toml:6: claim `a/b`: `id` is no name",
        ),
    ],
)
def test_limits_are_faults_with_their_place(tmp_path: Path, text: str, words: str) -> None:
    folder = tmp_path / "pack/odd/bad"
    folder.mkdir(parents=True)
    (folder / "lesson.toml").write_text(text)
    with pytest.raises(ContentError) as caught:
        read_lesson(folder, tmp_path / "pack")
    assert words in str(caught.value) and len(str(caught.value)) < 600


def test_reading_order_of_chains_and_circles(tmp_path: Path) -> None:
    after = {"a": ["b"], "b": ["c"], "c": ["a"], "d": ["d", "nowhere", "e"], "e": [], "f": ["e", "e", "a"]}
    for name, before in after.items():
        (tmp_path / "pack/odd" / name).mkdir(parents=True)
        (tmp_path / "pack/odd" / name / "lesson.toml").write_text(HEAD.format(name=name) + f"after = {before}\n")
    order = [lesson.name for lesson in Course(beside=[tmp_path / "pack"]).reading_order() if lesson.outside]
    assert order == ["c", "b", "a", "e", "d", "f"]

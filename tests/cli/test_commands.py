"""Commands, as scripts and people use them: words, JSON, exit codes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dlteach import __version__
from dlteach.commands import COMMANDS
from dlteach.course.lessons import Course
from tests.conftest import INHERITED, Result

Cli = Callable[..., Result]
LESSONS = tuple(Course().folders)


def test_the_version(cli: Cli) -> None:
    assert cli("--version") == Result(0, f"dlteach {__version__}\n", "")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, cli: Cli) -> None:
    result = cli(command, "--help")
    assert result.code == 0 and len(result.out.splitlines()) > 4


def test_the_help_lists_every_command_with_a_sentence(cli: Cli) -> None:
    out = cli("--help").out
    assert all(command in out for command in COMMANDS)


def test_the_dashboard_says_where_to_begin(cli: Cli) -> None:
    result = cli()
    assert result.code == 0 and "dlteach study gelu" in result.out


def test_lessons_are_listed_by_chapter(cli: Cli) -> None:
    assert "Activations" in cli("lessons").out
    document = json.loads(cli("lessons", "--json").out)
    assert {"gelu", "maxout"} <= {lesson["name"] for lesson in document["lessons"]}
    assert "gelu" not in cli("lessons", "--chapter", "gradients").out


@pytest.mark.parametrize("name", LESSONS)
@pytest.mark.parametrize("columns", ["20", "80", "200"])
@pytest.mark.parametrize("plain", [True, False])
def test_a_lesson_fits_every_width_and_shows_no_latex(
    name: str, columns: str, plain: bool, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dlteach.notation.blocks import cells

    monkeypatch.setenv("COLUMNS", columns)
    out = cli("lesson", name, *(["--plain"] if plain else [])).out
    assert max(map(cells, out.splitlines())) <= int(columns)
    assert "\\" not in out and "$" not in out and "\x1b" not in out and "not checked yet" not in out
    assert not plain or not any(0x2500 <= ord(c) < 0x2580 for c in out)


@pytest.mark.parametrize("columns", [24, 44, 60, 74, 80, 200])
@pytest.mark.parametrize("command", ["progress", "verify", "lessons", ""])
def test_a_table_breaks_no_word(command: str, columns: int, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    rows = cli(*command.split()).out.splitlines()
    assert max(map(len, rows)) <= columns
    for lesson in LESSONS:
        assert any(lesson in row.split() for row in rows)
    if command == "progress":
        assert ("known 0/12" in "\n".join(rows)) == (columns < 72), "a row is a paragraph where there is no room"


def test_claims_show_their_verdicts_in_words(cli: Cli) -> None:
    out = cli("lesson", "gelu").out
    assert "✓ proved" in out and "✓ enclosed" in out and "§ cited" in out and "✗ refuted" in out


def test_a_changed_table_of_functions_makes_verdicts_lapse(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from dlteach.course.functions import Functions

    monkeypatch.setattr(Functions, "digest", "another")
    assert "not checked yet" in cli("lesson", "gelu").out


def test_derive_shows_rules_and_witnesses(cli: Cli) -> None:
    result = cli("derive", "x*tanh(softplus(x))")
    assert result.code == 0
    for words in ("product rule", "chain rule: hyperbolic tangent", "✓ SymPy", "✓ central differences", "softplus'(x)"):
        assert words in result.out


def test_derive_json(cli: Cli) -> None:
    document = json.loads(cli("derive", "relu", "--json").out)
    assert document["variable"] == "x" and document["kinks"] == [{"at": "0", "left": "0", "right": "1", "takes": "0"}]
    assert {"rule", "before", "after", "why"} <= document["steps"][0].keys()
    assert all(check["holds"] for check in document["checks"])


def test_derive_a_worked_derivation_of_a_lesson(cli: Cli) -> None:
    result = cli("derive", "gelu/tanh-to-sigmoid")
    assert result.code == 0 and "every line holds" in result.out


@pytest.mark.parametrize(
    ("args", "code", "verdict"),
    [
        (("(x + 1)^2", "x^2 + 2x + 1"), 0, "equal"),
        (("-x", "x"), 1, "different"),
        (("sqrt(x^2)", "x", "--given", "x > 0"), 0, "equal"),
        (("x +", "x"), 2, "invalid"),
        (("f(x)", "g(x)"), 1, "different"),
    ],
)
def test_equal_and_its_exit_codes(args: tuple[str, ...], code: int, verdict: str, cli: Cli) -> None:
    result = cli("equal", *args, "--json")
    assert (result.code, json.loads(result.out)["verdict"]) == (code, verdict)
    assert cli("equal", *args).code == code


def test_equal_says_where_only_one_side_has_a_value(cli: Cli) -> None:
    lacks = json.loads(cli("equal", "sqrt(x^2)", "sqrt(x)^2", "--json").out)["lacks"]
    assert list(lacks) == ["right"] and lacks["right"]["point"] == {"x": "-1"} and not lacks["right"]["isolated"]
    lacks = json.loads(cli("equal", "x^2/x", "x + 0/(x - 2)", "--json").out)["lacks"]
    assert lacks["left"]["point"] == {"x": "0"} and lacks["right"]["point"] == {"x": "2"}
    assert all(lack["isolated"] for lack in lacks.values())
    said = cli("equal", "x^2/x", "x").out
    assert "the left side has no value at x = 0" in said


def test_a_batch_answers_each_line_in_order(cli: Cli) -> None:
    lines = '["x + x", "2x"]\nx^2\tx\n["sqrt(x^2)", "x", "x > 0"]\n["x +", "x"]\nnot enough\n[1, 2]\n'
    result = cli("equal", "--file", "-", "--json", stdin=lines)
    verdicts = [json.loads(line)["verdict"] for line in result.out.splitlines()]
    assert verdicts == ["equal", "different", "equal", "invalid", "invalid", "invalid"] and result.code == 0


def test_values_in_a_batch_are_read_as_they_are_written(cli: Cli) -> None:
    result = cli(
        "value",
        "--file",
        "-",
        "--json",
        "--digits",
        "25",
        stdin='["x", {"x": 0.1}]\n["gelu(x)", {"x": "1/2"}]\n["x", {"x": true}]\n',
    )
    documents = [json.loads(line) for line in result.out.splitlines()]
    assert documents[0] == {"value": "0.1", "digits": 25}
    assert documents[1]["value"].startswith("0.345731230")
    assert documents[2]["verdict"] == "invalid"


def test_value_is_exact_to_the_digits_asked(cli: Cli) -> None:
    assert cli("value", "gelu(1.5)", "--digits", "30").out.strip() == "1.39978919809671290099325893853"
    assert cli("value", "x^2", "--set", "x=-1/3", "--digits", "5").out.strip() == "0.11111"
    assert cli("value", "-3 + 1").out.strip() == "-2"


def test_verify_shows_words_and_writes_this_machines_ledger(cli: Cli) -> None:
    result = cli("verify", "maxout")
    assert result.code == 0 and "✓ proved" in result.out and "statements" in result.out
    document = json.loads(cli("verify", "maxout/convex", "--json").out)
    assert [claim["id"] for claim in document["claims"]] == ["maxout/convex"]
    assert document["claims"][0]["verdict"] == "proved"


def test_plot_draws_and_saves(cli: Cli, tmp_path) -> None:  # type: ignore[no-untyped-def]
    result = cli("plot", "gelu", "silu", "relu(x)")
    assert result.code == 0 and "swish(x)" in result.out and any(0x2801 <= ord(c) <= 0x28FF for c in result.out)
    target = tmp_path / "curves.svg"
    assert cli("plot", "gelu", "--derivative", "--save", str(target)).code == 0
    assert target.read_text(encoding="utf-8").count("<polyline") == 2
    assert cli("plot", "gelu", "--save", str(tmp_path / "no" / "such" / "folder.svg")).code == 2


def test_each_curve_has_its_own_pattern_without_colour(cli: Cli) -> None:
    rows = cli("plot", "gelu", "relu", "tanh").out.splitlines()
    swatches = {row.rstrip().rsplit(" ", 1)[0].rsplit(" ", 1)[-1] for row in rows if "(x)" in row}
    assert len(swatches) == 3


def test_errata_show_what_is_wrong_and_what_is_right(cli: Cli) -> None:
    out = cli("errata", "maxout").out
    assert "The note:" in out and "Right is:" in out and "✗ refuted" in out and "✓ proved" in out
    document = json.loads(cli("errata", "--json").out)
    assert all(e["verdicts"].get("refutes", "refuted") == "refuted" for e in document["errata"])


@pytest.mark.parametrize(
    ("answer", "code", "verdict"),
    [("Phi(x) + x*phi(x)", 0, "right"), ("phi(x)", 1, "wrong"), ("Phi(x", 2, "invalid"), ("-x", 1, "wrong")],
)
def test_grade_and_its_exit_codes(answer: str, code: int, verdict: str, cli: Cli) -> None:
    result = cli("grade", "gelu/derivative", answer, "--json")
    assert (result.code, json.loads(result.out)["verdict"]) == (code, verdict)
    assert cli("grade", "gelu/derivative", answer).code == code


def test_a_quiz_from_a_pipe(cli: Cli) -> None:
    result = cli("quiz", "gelu/derivative", stdin="phi(x)\n?\nPhi(x) + x*phi(x)\n")
    assert result.code == 0
    assert "product of the two derivatives" in result.out and "Hint 1 of 3" in result.out and "✓ correct" in result.out


def test_a_simulation_without_input_shows_its_result(cli: Cli) -> None:
    result = cli("sim", "maxout")
    assert result.code == 0 and "holds" in result.out and "FAILS" not in result.out


def test_lint_of_the_course_finds_no_fault(cli: Cli) -> None:
    assert cli("lint", "--no-proofs").code == 0


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("lesson", "gleu"), "did you mean gelu?"),
        (("lesosn", "gelu"), "did you mean lesson?"),
        (("sim", "bakprop"), "did you mean backprop?"),
        (("quiz", "maxuot"), "did you mean maxout?"),
        (("grade", "gelu/derivatve", "x"), "did you mean derivative?"),
        (("derive", "gleu(x)"), "did you mean gelu?"),
        (("lessons", "--chapter", "gradient"), "did you mean gradients?"),
        (("lesson",), "Missing argument"),
        (("value", "1/0"), "not a real number"),
        (("value", "x"), "has no value"),
        (("sim", "maxout", "--set", "k"), "write --set k=8"),
        (("plot", "a*x"), "has no value"),
        (("plot", "x", "--over", "1..2"), "is no range"),
        (("verify", "gelu/nothing"), "no claim"),
        (("lint", "/tmp"), "is no pack"),
        (("value", "--file", "/no/such/file"), "cannot be read"),
    ],
)
def test_an_error_is_one_line_with_advice(args: tuple[str, ...], words: str, cli: Cli) -> None:
    result = cli(*args)
    assert result.code == 2 and result.out == "" and words in result.err
    assert "Traceback" not in result.err and len(result.err.splitlines()) in (1, 3)


def test_an_unforeseen_exception_is_one_line_and_a_log(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    import dlteach.cli.value as module

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(module, "_evaluated", broken)
    result = cli("value", "1")
    assert result.code == 70 and len(result.err.splitlines()) == 1 and "crash.log" in result.err
    log = Path(result.err.rsplit(" ", 1)[1].strip())
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "args", [("derive", "x +"), ("sim", "nowhere"), ("value", "1/0"), ("verify", "gleu"), ("grade", "a/b", "x")]
)
def test_with_json_an_error_is_an_object_as_well(args: tuple[str, ...], cli: Cli) -> None:
    result = cli(*args, "--json")
    document = json.loads(result.out)
    assert result.code == 2 and document["verdict"] == "invalid" and document["error"] in result.err


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("lesson ma", ["maxout"]),
        ("sim ba", ["backprop", "batchnorm"]),
        ("derive gelu_", ["gelu_sigmoid", "gelu_tanh"]),
        ("--content {pack} lesson ot", ["other"]),
        ("--content /nowhere lesson ma", []),
    ],
)
def test_completion_offers_lessons_functions_and_simulations(
    typed: str, offered: list[str], process: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "pack/chapter/other").mkdir(parents=True)
    (tmp_path / "pack/chapter/other/lesson.toml").touch()
    words = f"dlteach {typed.format(pack=tmp_path / 'pack')}"
    number = len(words.split()) - 1
    env = {"_DLTEACH_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(number)}
    assert sorted(process(env=env).out.split()) == offered


def test_a_line_that_is_no_text_leaves_the_others_their_answers(cli: Cli, tmp_path: Path) -> None:
    requests = tmp_path / "requests"
    requests.write_bytes(b'["x", "x"]\n["x\xff", "x"]\n["x", "y"]\n')
    result = cli("equal", "--file", str(requests), "--json")
    assert [json.loads(line)["verdict"] for line in result.out.splitlines()] == ["equal", "invalid", "different"]


@INHERITED
def test_a_fault_of_ours_in_one_line_leaves_the_others_their_answers(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from dlteach.reasoning.deciding import judge

    honest = judge.judge

    def faulty(statement: object, *rest: object) -> object:
        if "2" in str(statement):
            raise ZeroDivisionError("an unforeseen thing")
        return honest(statement, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(judge, "judge", faulty)
    result = cli("prove", "--file", "-", "--json", stdin='["1 = 1"]\n["2 = 2"]\n["3 = 3"]\n')
    rows = [json.loads(line) for line in result.out.splitlines()]
    assert result.code == 0
    assert [row["verdict"] for row in rows] == ["proved", "undecided", "proved"]
    assert "ZeroDivisionError" in rows[1]["error"] and "crash.log" in rows[1]["error"]


def test_what_typer_keeps_to_itself_is_still_where_arguments_as_typed_expect_it() -> None:
    """Else every command would pay for pydantic, without a word."""
    import typer
    from typer.main import get_command

    from dlteach.cli.equal import app

    command = get_command(app)
    parameter = next(p for p in command.get_params(typer.Context(command)) if p.name == "left")
    assert parameter.type_descriptor.annotation is str
    assert callable(parameter.get_runtime_param().coerce)
    assert hasattr(parameter, "_runtime_param")


@INHERITED
def test_a_fault_of_ours_in_one_claim_leaves_the_others_their_verdicts(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dlteach.checking import trials

    honest = trials.judge

    def faulty(statement: object, *rest: object) -> object:
        if "Derivative" in str(statement):
            raise ZeroDivisionError("an unforeseen thing")
        return honest(statement, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(trials, "judge", faulty)
    rows = json.loads(cli("verify", "gelu", "--fresh", "--json").out.splitlines()[0])["claims"]
    faults = [row for row in rows if "ZeroDivisionError" in row["evidence"]]
    assert faults and all(row["verdict"] == "undecided" and "crash.log" in row["evidence"] for row in faults)
    assert any(row["verdict"] == "proved" for row in rows)


def test_what_was_found_lapses_with_any_file_of_the_prover(monkeypatch: pytest.MonkeyPatch) -> None:
    """The version of the prover is that of all its files, on every floor."""
    from dlteach.checking.verify import engine

    before, read_bytes = engine.__wrapped__(), Path.read_bytes
    for place in ("reasoning/deciding/judge.py", "notation/tree.py", "checking/trials.py"):
        changed = lambda path, place=place: read_bytes(path) + b"#" * path.as_posix().endswith(place)  # noqa: E731
        monkeypatch.setattr(Path, "read_bytes", changed)
        assert engine.__wrapped__() != before

"""What reaches the terminal: sources of text × characters that must not be printed as they are × commands."""

import ast
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dlteach.visible import escaped, visible
from tests.cli.terminal import Learner
from tests.conftest import ROOT, Result
from tests.hostile.characters import CHARACTERS, EVERYTHING, IN_A_NAME, SGR, raw
from tests.hostile.packs import lesson_files

Cli = Callable[..., Result]
Start = Callable[..., Learner]
X = "@"  # stands for what is hostile

ARGUMENTS = [
    "lessons --chapter @", "lesson @", "study @", "practice @", "derive @", "derive x^2 --wrt @", "check @",
    "check - --given @", "check - --goal @", "equal @ x", "equal x x --given @", "prove @", "value @",
    "value x --set x=@", "value x --set @=1", "value @ --json", "verify @", "verify gelu/@", "errata @", "plot @",
    "plot x --over @", "plot x --save nowhere/@", "plot x --save @.svg", "sim @", "sim maxout --set @",
    "sim maxout --set @=1", "quiz @", "quiz gelu/@", "quiz --count @", "grade @ 1", "grade gelu/derivative @",
    "grade gelu/derivative @ --json", "review @", "search @", "search @ --json", "export @ f", "export progress @",
    "export progress nowhere/@", "import @", "config @", "config new_per_day @", "lint @", "doctor @", "@", "--@",
    "--content @", "value 1 --@", "value 1 @", "equal --json --file @",
]  # fmt: skip
ONE_BY_ONE = ["lesson @", "value @", "grade gelu/derivative @ --json", "search @", "plot x --save @.svg"]


def clean(result: Result) -> None:
    """Nothing raw in either stream, one line of trouble at most (three with a caret), and never a fault of ours."""
    assert not raw(result.out), result.out
    assert not raw(result.err), result.err
    assert result.code in (0, 1, 2, 3) and "our fault" not in result.err
    assert len(result.err.splitlines()) in (0, 1, 3), result.err


@pytest.mark.parametrize("line", ARGUMENTS)
def test_an_argument_is_shown_as_signs(line: str, cli: Cli, in_folder: Path) -> None:
    result = cli(*(word.replace(X, "x" + EVERYTHING) for word in line.split()))
    clean(result)
    if "--json" in line and result.out:
        json.loads(result.out)


@pytest.mark.parametrize("line", ONE_BY_ONE)
@pytest.mark.parametrize("name", CHARACTERS)
def test_each_character_of_an_argument_is_shown_as_signs(name: str, line: str, cli: Cli, in_folder: Path) -> None:
    clean(cli(*(word.replace(X, "a" + CHARACTERS[name]) for word in line.split())))


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_signs_are_those_that_are_promised(cli: Cli) -> None:
    assert visible("a\x1b\x07\x7fb") == "a␛␇␡b"
    assert visible("\u202e\x9b\u2028\U000e0041\udc9b") == "⟨U+202E⟩⟨U+009B⟩⟨U+2028⟩⟨U+E0041⟩⟨U+DC9B⟩"
    text = "Zażółć γεωμετρία שלום مرحبا 数学 한국어 ∑∫≤ 👍🏽 ★\tnaïve\n"
    assert visible(text) == text == escaped(text)
    assert "there is no lesson `a␛[2Jb⟨U+202E⟩`" in cli("lesson", "a\x1b[2Jb\u202e").err


@pytest.mark.parametrize("name", CHARACTERS)
def test_lines_of_a_derivation_are_shown_as_signs(name: str, cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "derivation"
    file.write_text(f"x{CHARACTERS[name]}\n= x\n".replace("\udc9b", "?"), encoding="utf-8")
    for result in (cli("check", str(file)), cli("check", "-", stdin=file.read_text(encoding="utf-8"))):
        clean(result)
    read = cli("check", str(file), "--json")
    clean(read)
    assert json.loads(read.out)["lines"][0]["text"] in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["equal", "prove", "value", "grade"])
def test_requests_of_a_batch_are_answered_in_sound_json(command: str, cli: Cli) -> None:
    requests = "".join(f"x{text}\t1\n" for text in CHARACTERS.values() if text.isascii() and "\r" not in text)
    requests += "".join(f"{json.dumps([text, '1'])}\n" for text in CHARACTERS.values())
    result = cli(command, "--file", "-", "--json", stdin=requests)
    clean(result)
    for line in result.out.splitlines():
        json.loads(line)


@pytest.mark.parametrize("name", CHARACTERS)
@pytest.mark.parametrize("args", ["quiz gelu/derivative", "practice x*sigmoid(x)", "sim maxout", "review gelu/shape"])
def test_piped_answers_are_echoed_as_signs(args: str, name: str, cli: Cli) -> None:
    typed = CHARACTERS[name]
    clean(cli(*args.split(), stdin=f"x{typed}\n:what {typed}\n:pad\nvalue {typed}\nplot {typed}\n\n{typed}\n:quit\n"))


@pytest.mark.parametrize("name", CHARACTERS)
def test_an_imported_record_is_shown_as_signs_and_exported_unchanged(name: str, cli: Cli, tmp_path: Path) -> None:
    text = CHARACTERS[name].replace("\udc9b", "?")
    cli("quiz", "gelu/derivative", stdin="phi(x)\n:quit\n")
    entries = [json.loads(line) for line in cli("export", "progress", "-").out.splitlines()]
    entry = {**entries[0], "id": "another", "card": f"gelu/{text}", "sitting": text}
    entry["data"] = {**entry["data"], "answer": text, "slips": [text], "variant": text}
    file = tmp_path / f"taken{text.replace('/', '')}in"
    file.write_text(json.dumps(entry) + "\n{" + text.replace("\r", "") + "\n", encoding="utf-8")
    clean(cli("import", str(file)))
    for args in ("progress", "progress --json", "review --dry-run", "review --json", "doctor", "lessons", ""):
        clean(cli(*args.split()))
    out = cli("export", "progress", "-")
    clean(out)
    if len(out.out.splitlines()) > 1:
        assert json.loads(out.out.splitlines()[-1])["data"]["answer"] == text
    kept = tmp_path / "exported"
    clean(cli("export", "progress", str(kept)))
    assert not raw(kept.read_text(encoding="utf-8"))


def test_a_home_of_any_name_is_shown_as_signs(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / f"h{IN_A_NAME}"
    home.mkdir()
    monkeypatch.setenv("DLTEACH_HOME", str(home))
    (home / "config.toml").write_text(f'"{visible(EVERYTHING)}" = 3\nnew_per_day = "\u202e"\n', encoding="utf-8")
    clean(cli("config"))
    (home / "config.toml").unlink()
    (home / "record.sqlite").write_bytes(b"no database" * 100)
    for args in ("quiz gelu/derivative", "progress", "doctor", "doctor --json"):
        clean(cli(*args.split()))


@pytest.fixture
def strange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack whose every text holds everything that must not be printed."""
    pack = tmp_path / f"pack{IN_A_NAME}"
    for name in ("good", "bad"):
        lesson_files(pack / "odd" / name, name)
    said = EVERYTHING.translate(dict.fromkeys(map(ord, '\udc9b\\$"\r')))
    inside = "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in said)
    lesson, prose = pack / "odd/bad/lesson.toml", pack / "odd/bad/lesson.en.md"
    text = lesson.read_text(encoding="utf-8")
    for old in ("A lesson.", "A. Author", "A title", "It is *even*.", "opened", "a note", "It is $x$.", "It is $x^2$."):
        text = text.replace(old, f"{old}{inside}")
    lesson.write_text(text.replace('title.en = "Bad', f'title.en = "Bad{inside}'), encoding="utf-8")
    entities = "".join(f"&#{ord(c)};" for c in said if ord(c))
    body = prose.read_text(encoding="utf-8")
    body += f"\n{entities} `{said}` **{entities}** [{entities}](http://e/{entities})\n\n| {entities} | b |\n|-|-|\n"
    body += f"| `{said}` | {entities} |\n\n- {entities}\n\n> {entities}\n\n    {said}\n\n```text\n{said}\n```\n\n"
    prose.write_text(body, encoding="utf-8")
    quiz = (
        f'[[question]]\nid = "slope"\nkind = "choice"\nask.en = "Which{inside}?"\nhints.en = ["h{inside}"]\n'
        f'choices = [{{ says.en = "a{inside}", right = true }}, {{ says.en = "b{inside}", because.en = "c" }}]\n'
    )
    (pack / "odd/bad/quiz.toml").write_text(quiz, encoding="utf-8")
    record = {"statement": "bump(-x) = bump(x)", "verdict": "proved", "how": said, "evidence": said}
    ledger = {"format": 1, "functions": "0", "records": {"even": record, said: record}}
    (pack / "odd/bad/verdicts.json").write_text(json.dumps(ledger), encoding="utf-8")
    with (pack / "functions.toml").open("w", encoding="utf-8") as functions:
        functions.write(f'[bump]\nof = "x"\nis = "e^(-x^2)"\nwhat.en = "A bump{inside}."\n')
    lesson_files(pack / "odd" / f"n{IN_A_NAME}", "named")
    monkeypatch.setenv("DLTEACH_CONTENT", str(pack))
    return pack


OF_A_PACK = [
    "", "lessons", "lesson bad", "lesson good", "errata bad", "search a", "search bump", "search bump --json",
    "derive bad/lines", "derive bad/worked", "verify bad --details", "verify bad --json", "plot bump", "progress",
    "lint --no-proofs", "quiz bad/slope --seed 1", "study bad", "practice bad/lines", "review bad --dry-run", "doctor",
    "review bad --json",
]  # fmt: skip


@pytest.mark.parametrize("line", OF_A_PACK)
def test_the_texts_of_a_pack_are_shown_as_signs(line: str, strange: Path, cli: Cli) -> None:
    args = line.split()
    if args[:1] == ["lint"]:
        args.append(str(strange))
    result = cli(*args, stdin="1\n?\n2\n!\n\n\n\n:quit\n")
    assert not raw(result.out) and not raw(result.err) and result.code in (0, 1, 2, 3), result
    if "--json" in line:
        json.loads(result.out)


def test_a_pack_is_really_shown(strange: Path, cli: Cli) -> None:
    """Else the test above would see nothing raw because it sees nothing."""
    page = cli("lesson", "bad").out
    assert "␛]0;OWNED␇" in page and "⟨U+202E⟩" in page and "⟨U+009B⟩2J" in page
    asked = cli("quiz", "bad/slope", "--seed", "1", stdin="?\n!\n").out
    assert asked.count("␛]0;OWNED␇") >= 4
    rows = [row for row in page.splitlines() if "␛" in row]
    assert max(map(len, rows)) <= 88  # signs were there when lines were broken


def test_a_chart_that_is_saved_holds_no_raw_name(cli: Cli, tmp_path: Path) -> None:
    from dlteach.course.dialogue import Chart, Curve
    from dlteach.screen.svg import svg

    assert not raw(svg(Chart("", (Curve(EVERYTHING, (0.0, 1.0), (0.0, 1.0)),))))


# ---- at a terminal -----------------------------------------------------------------------------


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Start]:
    learners = []

    def start(*args: str, columns: int = 80, rows: int = 200, **env: str) -> Learner:
        learners.append(Learner(tmp_path / "home", *args, columns=columns, rows=rows, **env))
        return learners[-1]

    yield start
    for one in learners:
        one.close()


DRAWN = ("\x1b]0;OWNED", "\x1b]8", "\x1b]52", "\x1bP", "\x1b[2J", "\x1b[8;31m")


def owned(text: str) -> list[str]:
    """What of the hostile texts stands raw in what a terminal was sent."""
    found = [sequence for sequence in DRAWN if sequence in text]
    return found + [c for c in raw(text) if c not in "\x1b\r\b"]


@pytest.mark.slow
@pytest.mark.parametrize("line", ["lesson bad", "lessons", "search bump", "errata bad"])
def test_on_a_terminal_only_our_own_colours_pass(line: str, strange: Path, learner: Start) -> None:
    one = learner(*line.split(), DLTEACH_CONTENT=str(strange))
    assert one.ends() in (0, 1)
    assert "\x1b[" in one.raw and not raw(SGR.sub("", one.raw).replace("\r\n", "\n"))


@pytest.mark.slow
def test_the_pager_is_given_only_our_own_colours(strange: Path, learner: Start, tmp_path: Path) -> None:
    one = learner("lesson", "bad", PAGER=f"tee {tmp_path}/page", rows=20, DLTEACH_CONTENT=str(strange))
    assert one.ends() == 0
    page = (tmp_path / "page").read_text(encoding="utf-8")
    assert "␛]0;OWNED␇" in page and not raw(SGR.sub("", page))


@pytest.mark.slow
def test_what_is_typed_pasted_and_chosen_at_a_prompt_is_shown_as_signs(strange: Path, learner: Start) -> None:
    one = learner("quiz", "bad/slope", "gelu/derivative", "--seed", "1", DLTEACH_CONTENT=str(strange))
    one.prompted()
    one.keys("\x1b[B").sees("␛]0;OWNED")  # the option that is chosen stands below the line
    one.types("\x15:skip").sees("GELU")
    one.prompted()
    one.child.send("\x1b[200~x\x1b]0;OWNED\x07\x9b2J\u202e\u200b\x1b[201~")  # a paste in brackets
    one.settle()
    one.sees("␛]0;OWNED␇⟨U+009B⟩2J⟨U+202E⟩⟨U+200B⟩")
    one.enters()
    one.sees("does not count")
    assert not owned(one.raw)
    assert one.interrupts() == 130
    kept = one.home / "history"
    assert not kept.exists() or not raw(kept.read_text(encoding="utf-8"))


# ---- the one way out ----------------------------------------------------------------------------


def test_nobody_goes_round_the_streams() -> None:
    """Everything else is written to `sys.stdout` and `sys.stderr`, which are outlets while a command runs."""
    ways = {"__stdout__", "__stderr__", "from_ansi", "from_markup", "Segment", "Control", "secho"}
    for file in (ROOT / "dlteach").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            where = f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            assert name not in ways, f"{where} uses {name}"
            if isinstance(node, ast.Attribute) and node.attr == "buffer":
                assert file.name == "inputs.py", f"{where} goes below the text"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "print", f"{where} prints by itself"
            if isinstance(node, ast.Attribute) and node.attr == "echo":
                assert not (isinstance(node.value, ast.Name) and node.value.id == "typer"), f"{where} prints by itself"
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert "/dev/tty" not in node.value, where
            if name == "Console" and isinstance(node, ast.Name):
                assert file.name == "terminal.py", f"{where} opens a console of its own"


def test_rich_still_asks_for_the_text_that_it_lays_out() -> None:
    """The place where control characters become signs before a line is broken is not documented by Rich."""
    from rich.cells import cell_len
    from rich.text import Text

    import dlteach.screen.terminal

    assert dlteach.screen.terminal.Text is Text
    made = Text("a\x1b[2J") + Text.assemble("b\r", ("c\x07", "bold"))
    made.append("d\u202e")
    made.plain = made.plain + "e\x9b"
    assert made.plain == "a␛[2Jb␍c␇d⟨U+202E⟩e⟨U+009B⟩" and cell_len(made.plain) == made.cell_len

"""Packs that nobody should have to trust: a table of causes, each of which makes one beside a lesson that is in order.

A pack has a chapter `odd` with two lessons: `good`, which has to go on whatever the other one holds, and `bad`.
`PACKS` says for each cause what it does to the pack.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

HEAD = 'format = 1\ntitle.en = "{name}"\nsummary.en = "A lesson."\nminutes = 5\n'
LESSON = (
    HEAD
    + """
[[reference]]
authors = "A. Author"
title = "A title"
year = 2016

[[claim]]
id = "even"
states = "bump(-x) = bump(x)"
says.en = "It is *even*."

[[derivation]]
id = "worked"
of = "bump"

[[derivation]]
id = "lines"
lines = [{{ is = "(x + 1)^2" }}, {{ is = "x^2 + 2x + 1", because.en = "opened" }}]

[[erratum]]
id = "wrong"
source = "a note"
noted.en = "It is $x$."
correct.en = "It is $x^2$."
refutes = "bump(x) = x"
"""
)
PROSE = """# {name}

The bump $e^{{-x^2}}$ is *smooth*.

```claim even
```

```derivation worked
```

```plot x = -2..2
bump(x)
```

```question slope
```

```erratum wrong
```
"""
QUIZ = """
[[question]]
id = "slope"
kind = "expression"
ask.en = "Differentiate the bump for {{{{a}}}}."
answer = "-2a*x*bump(x)"
vary.a = [1, 2]
"""
FUNCTIONS = """
[bump]
of = "x"
is = "e^(-x^2)"
what.en = "A bump."
"""
MANY, DEEP = 10_000, 100_000
QUESTION = '[[question]]\nid = "q"\nkind = "number"\nask.en = "What is {{a}}?"\nanswer = "a"\n'
ESCAPE = "\\u001b]0;owned\\u0007"  # as TOML and JSON write it: a terminal's title

Make = Callable[[Path], object]


def lesson_files(folder: Path, name: str) -> None:
    """A lesson that is in order."""
    folder.mkdir(parents=True)
    (folder / "lesson.toml").write_text(LESSON.format(name=name.capitalize()))
    (folder / "lesson.en.md").write_text(PROSE.format(name=name.capitalize()))
    (folder / "quiz.toml").write_text(QUIZ.format())


def make(root: Path, cause: str) -> Path:
    """The pack of a cause, in a new folder."""
    pack = root / "strange"
    for name in ("good", "bad"):
        lesson_files(pack / "odd" / name, name)
    (pack / "functions.toml").write_text(FUNCTIONS)
    PACKS[cause](pack)
    return pack


def written(text: str | bytes, file: str = "odd/bad/lesson.toml") -> Make:
    """A file with this in it and nothing else."""
    return lambda pack: (pack / file).write_bytes(text.encode() if isinstance(text, str) else text)


def added(text: str, file: str = "odd/bad/lesson.toml") -> Make:
    """A file with this behind what it has."""
    return lambda pack: (pack / file).write_text((pack / file).read_text() + text)


def lesson(text: str) -> Make:
    """A lesson with nothing but this in its head."""
    return written(HEAD.format(name="Bad") + text)


quiz = partial(written, file="odd/bad/quiz.toml")
prose = partial(written, file="odd/bad/lesson.en.md")
functions = partial(added, file="functions.toml")
verdicts = partial(written, file="odd/bad/verdicts.json")


def pipe(file: str) -> Make:
    """A pipe without a writer, on which a reader would wait for ever."""
    return lambda pack: ((pack / file).unlink(missing_ok=True), os.mkfifo(pack / file))


def folder(file: str) -> Make:
    """A folder where a file is wanted."""
    return lambda pack: ((pack / file).unlink(missing_ok=True), (pack / file).mkdir())


def link(file: str, target: str) -> Make:
    """A link in the place of a file."""
    return lambda pack: ((pack / file).unlink(missing_ok=True), (pack / file).symlink_to(target))


def many_folders(pack: Path, chapter: str, count: int) -> None:
    """So many lessons in a chapter, all of them empty."""
    for number in range(count):
        made = pack / chapter.format(number) / f"l{number}"
        made.mkdir(parents=True)
        (made / "lesson.toml").touch()


def heavy_lessons(pack: Path) -> None:
    """Two hundred lessons, each as long as one may be."""
    text = HEAD.format(name="Heavy") + '[[claim]]\nid = "c"\nstates = "x = x"\n' + "# a comment\n" * 19_000
    for number in range(200):
        made = pack / "odd" / f"heavy{number}"
        made.mkdir()
        (made / "lesson.toml").write_text(text)
        (made / "lesson.en.md").write_text("# Heavy\n\n" + "word " * 20_000)


def named_folders(pack: Path) -> None:
    """Folders whose names are no names."""
    for name in ("a\nb", "\x1b]0;owned\x07", "...", "~", "--json", "ü" * 100, "a b", "\u202egpj", "-rf", "%s", "$(id)"):
        lesson_files(pack / "odd" / name, "odd")
        lesson_files(pack / name / "inner", "inner")
    bytes_only = Path(os.fsdecode(os.fsencode(pack / "odd") + b"/\xff\xfe"))
    bytes_only.mkdir()
    (bytes_only / "lesson.toml").touch()


def chain(pack: Path) -> None:
    """Each lesson after the next one."""
    for number in range(150):
        made = pack / "odd" / f"c{number}"
        made.mkdir()
        (made / "lesson.toml").write_text(HEAD.format(name="Chain") + f'after = ["c{number + 1}"]\n')


def circle(pack: Path) -> None:
    """Each of three lessons before the others."""
    for name, other in (("one", "two"), ("two", "three"), ("three", "one")):
        made = pack / "odd" / name
        made.mkdir()
        (made / "lesson.toml").write_text(HEAD.format(name=name) + f'after = ["{other}", "{name}", "bad"]\n')


def forged(pack: Path) -> None:
    """A false claim beside a ledger that says it is proved."""
    claim = '[[claim]]\nid = "false"\nstates = "bump(x) = 0"\n'
    (pack / "odd/bad/lesson.toml").write_text(HEAD.format(name="Bad") + claim)
    (pack / "odd/bad/lesson.en.md").write_text("# Bad\n\n```claim false\n```\n")
    record = '{"statement": "bump(x) = 0", "verdict": "proved", "how": "normal form", "evidence": ""}'
    (pack / "odd/bad/verdicts.json").write_text(f'{{"format": 1, "functions": "0", "records": {{"false": {record}}}}}')


def rows(template: str, count: int = MANY) -> str:
    """A text so many times, each with its number."""
    return "".join(template.format(number) for number in range(count))


def named(names: list[str]) -> str:
    """Functions with these names."""
    return "".join(f'\n["{name}"]\nof = "x"\nis = "x"\nwhat.en = "."\n' for name in names)


def doubling(count: int) -> str:
    """Functions each of which calls the one before it twice."""
    first = '\n[twice0]\nof = "x"\nis = "x + 1"\nwhat.en = "."\n'
    row = '\n[twice{0}]\nof = "x"\nis = "twice{1}(x) + twice{1}(2x)"\nwhat.en = "."\n'
    return first + "".join(row.format(number, number - 1) for number in range(1, count))


WRONG_TYPES = (
    'format = "1"\ntitle = 3\nsummary = []\nminutes = {}\nafter = "x"\ncovers = [1]\nclaim = "x"\nderivation = 3\n'
)
TAKEN = ("gelu", "sin", "x", "e", "pi", "d", "dx", "for", "if", "lim", "E", "oo", "sup", "odd", "σ", "beta")
WORKED = '[[derivation]]\nid = "worked"\nlines = '
CHOICE = '[[question]]\nid = "q"\nkind = "choice"\nask.en = "?"\n'
TABLE = "|" + " a |" * 3_000 + "\n|" + "---|" * 3_000 + "\n|" + " b |" * 3_000 + "\n"
HANGS = '[[claim]]\nid = "c"\nstates = "{}"\n'
NESTED_FRACTION = "\\frac{1}{1 + " * MANY + "x" + "}" * MANY
HUGE_SUM = "sum(sum(sin(j*k*x), j=1..9000), k=1..9000)"
MAXES = "max(" + ", ".join(f"x - {number}" for number in range(30)) + ")"

PACKS: dict[str, Make] = {
    # lesson.toml as a file
    "lists nested 100,000 deep": written("a = " + "[" * DEEP),
    "tables nested 50,000 deep": written("a = " + "{a = " * (DEEP // 2)),
    "a key of 100,000 parts": written(".".join("a" * DEEP) + " = 1"),
    "a header of 100,000 parts": written("[" + ".".join("a" * DEEP) + "]\n"),
    "a quoted key of many parts": written(".".join(['"a"'] * 20_000) + " = 1"),
    "a long header and many keys": written("[" + ".".join("a" * 2_000) + "]\n" + rows("b{0} = 1\n", 5_000)),
    "a number of 100,000 digits": lesson("covers = " + "9" * DEEP),
    "minutes in 100,000 hexadecimal digits": written(HEAD.format(name="Bad").replace("5", "0x" + "f" * DEEP)),
    "minutes without an end": written(HEAD.format(name="Bad").replace("5", "inf")),
    "a billion minutes": written(HEAD.format(name="Bad").replace("5", "1_000_000_000")),
    "less than no minutes": written(HEAD.format(name="Bad").replace("5", "-3")),
    "bytes that are no text": written(b"title.en = '\xff\xfe\x80'"),
    "a NUL in the TOML": written(HEAD.format(name="Bad") + "\0"),
    "UTF-16": written(LESSON.format(name="Bad").encode("utf-16")),
    "20 MB of TOML": written("# a comment\n" * 1_700_000),
    "an empty head": written(""),
    "lines that end in CR": written(LESSON.format(name="Bad").replace("\n", "\r")),
    "something else altogether": written(bytes(range(256)) * 100),
    "a key twice": lesson("minutes = 6\n"),
    "a pipe as lesson.toml": pipe("odd/bad/lesson.toml"),
    "a folder as lesson.toml": folder("odd/bad/lesson.toml"),
    "a device as lesson.toml": link("odd/bad/lesson.toml", "/dev/zero"),
    "this process's input as lesson.toml": link("odd/bad/lesson.toml", "/dev/stdin"),
    "a link to itself as lesson.toml": link("odd/bad/lesson.toml", "lesson.toml"),
    "a link to nothing as lesson.toml": link("odd/bad/lesson.toml", "nowhere"),
    # what stands in it
    "wrong types everywhere": written(WRONG_TYPES),
    "claims that are no tables": written(HEAD.format(name="Bad") + "claim = [1, [2], 'x']\n"),
    "dates where texts are wanted": written('title.en = 1979-05-27\nsummary = 07:32:00\nminutes = 1979-05-27\n'),
    "10,000 claims": lesson(rows('[[claim]]\nid = "c{0}"\nstates = "x = x"\n', 5_000)),
    "10,000 unknown keys": lesson(rows("k{0} = 1\n")),
    "ids with slashes": lesson('[[claim]]\nid = "../../../etc/passwd"\nstates = "x = x"\n'),
    "ids with line breaks": lesson('[[claim]]\nid = "a\\nb"\nstates = "x = x"\n'),
    "ids that set the title": lesson(f'[[claim]]\nid = "{ESCAPE}"\nstates = "x = x"\n'),
    "a title that sets the title": written(HEAD.format(name=ESCAPE)),
    "an id twice": lesson('[[claim]]\nid = "a"\nstates = "x = x"\n' * 2),
    "an id of 100,000 letters": lesson(f'[[claim]]\nid = "{"a" * DEEP}"\nstates = "x = x"\n'),
    "a title of 100,000 letters": written(HEAD.format(name="a" * DEEP)),
    "a title of 100 lines": written(HEAD.format(name="a\\n" * 100)),
    "a title of accents": written(HEAD.format(name="a" + "\u0301" * 299)),
    "10,000 languages": lesson("covers = []\n[title]\n".replace("[title]", "") + rows('x{0}.en = "a"\n', 8_000)),
    "10,000 prerequisites": lesson("after = [" + rows('"l{0}",') + "]\n"),
    "itself as a prerequisite": lesson('after = ["bad", "good", "nowhere"]\n'),
    "prerequisites in a circle": circle,
    "a chain of prerequisites": chain,
    "a billion digits in a worked line": lesson(WORKED + '[{ value = "pi", digits = 1000000000 }]\n'),
    "100 digits of what is hard": lesson(WORKED + '[{ value = "sup(|sin(x)/x|)", digits = 100 }]\n'),
    "10,000 lines of a derivation": lesson(WORKED + "[" + '{ is = "x" },' * MANY + "]\n"),
    "a derivation that nests": lesson(f'[[derivation]]\nid = "worked"\nof = "{"tanh(" * 190}x{")" * 190}"\n'),
    "a derivation of powers": lesson(f'[[derivation]]\nid = "worked"\nof = "{"x^" * 60}x"\n'),
    "a derivation of many choices": lesson(f'[[derivation]]\nid = "worked"\nof = "{MAXES}"\n'),
    "a derivation that cannot be read": lesson(WORKED + '[{ is = "((((" }, { is = "x" }]\n'),
    "brackets 10,000 deep": lesson('[[claim]]\nid = "even"\nstates = "' + "(" * MANY + "x" + ")" * MANY + ' = x"\n'),
    "a statement of 100,000 letters": lesson(f'[[claim]]\nid = "even"\nstates = "{"x + " * 25_000}x = x"\n'),
    "a sum of a hundred million terms": lesson(HANGS.format(f"{HUGE_SUM} > 0")),
    "a simulation that does not exist": lesson('[[claim]]\nid = "even"\nobserved_by = "../x/y"\nsays.en = "."\n'),
    "an erratum that takes long to draw": lesson(
        f'[[erratum]]\nid = "wrong"\nsource = "x"\nnoted.en = "."\ncorrect.en = "."\nrefutes = "{HUGE_SUM} = x"\n'
    ),
    "a year of 10^9": lesson('[[reference]]\nauthors = "a"\ntitle = "b"\nyear = 1000000000\n'),
    # quiz.toml
    "5,000 questions": quiz(rows('[[question]]\nid = "q{0}"\nkind = "number"\nask.en = "?"\nanswer = "1"\n', 5_000)),
    "10^9 variants behind a where": quiz(
        QUESTION + "".join(f'vary.{name} = "1..1000"\n' for name in "abc") + 'vary.where = "a < b, b < c, c < a"\n'
    ),
    "10^9 variants": quiz(QUESTION + "".join(f'vary.{name} = "1..1000"\n' for name in "abc")),
    "a range of 10^400": quiz(QUESTION + 'vary.a = "1e400..2e400"\n'),
    "a range that never ends": quiz(QUESTION + 'vary.a = "1..oo"\n'),
    "parameters that are no numbers": quiz(QUESTION + "vary.a = [nan, inf, 1e400]\n"),
    "a parameter of 100,000 hexadecimal digits": quiz(QUESTION + f"vary.a = [0x{'f' * DEEP}]\n"),
    "parameters that are no names": quiz(QUESTION + 'vary."a) + (" = [1, 2]\nvary."{{" = [1]\n'),
    "a where that grows": quiz(QUESTION + 'vary.a = "2..40"\nvary.where = "a^(a^(a^a)) > 3"\n'),
    "places that nest": quiz(QUESTION.replace("{{a}}", "{{" + "(" * 4_000 + "a}}") + "vary.a = [1, 2]\n"),
    "2,000 places": quiz(QUESTION.replace("{{a}}", "{{a + 1}} " * 900) + 'vary.a = "1..190"\n'),
    "10,000 choices": quiz(CHOICE + "choices = [" + '{ says.en = "a" },' * 9_000 + "]\n"),
    "steps that need each other": quiz(
        '[[question]]\nid = "q"\nkind = "order"\nask.en = "?"\nsteps = [{ says.en = "a", needs = [2] }, '
        '{ says.en = "b", needs = [3, -1, 10000000] }, { says.en = "c", needs = [3] }]\n'
    ),
    "10,000 hints": quiz(QUESTION + "hints.en = [" + '"a",' * MANY + "]\n"),
    "10,000 mistakes": quiz(QUESTION + "mistakes = [" + '{ answer = "1", says.en = "a" },' * 5_000 + "]\n"),
    "a billion digits of a number": quiz(QUESTION + "digits = 1000000000\n"),
    "an answer that takes for ever": quiz(QUESTION.replace('"a"\n', f'"{HUGE_SUM.replace("x", "1")}"\n')),
    "an answer of many choices": quiz(
        f'[[question]]\nid = "q"\nkind = "expression"\nask.en = "?"\nanswer = "{MAXES}"\nform = "without max"\n'
    ),
    "a pipe as quiz.toml": pipe("odd/bad/quiz.toml"),
    "a folder as quiz.toml": folder("odd/bad/quiz.toml"),
    "a quiz that is no TOML": quiz("[[question"),
    # functions.toml
    "functions named like what there is": functions(named(list(TAKEN))),
    "functions whose names are no names": functions(named(["x)", "", "a b", "(", "1", "../x", ESCAPE])),
    "other names that are taken": functions('\n[hump]\nof = "x"\nis = "x"\nwhat.en = "."\nalso = ["gelu", "x", 3]\n'),
    "10,000 functions": functions(rows('\n[fun{0}]\nof = "x"\nis = "x"\nwhat.en = "."\n', 4_000)),
    "a function that calls itself": functions('\n[again]\nof = "x"\nis = "again(x) + 1"\nwhat.en = "."\n'),
    "functions that call each other": functions(
        '\n[ping]\nof = "x"\nis = "pong(x)"\nwhat.en = "."\n[pong]\nof = "x"\nis = "ping(x)"\nwhat.en = "."\n'
    ),
    "functions that double themselves": functions(doubling(40)),
    "1,000 parameters": functions(f'\n[wide]\nof = "{rows("p{}, ", 999)}p999"\nis = "p1"\nwhat.en = "."\n'),
    "a definition 10,000 deep": functions('\n[deep]\nof = "x"\nis = "' + "(" * 9_000 + 'x"\nwhat.en = "."\n'),
    "a table of functions that nests": functions("\n[deep]\nis = " + "[" * DEEP),
    "functions that are no tables": written('bump = 3\n[mump]\nof = 3\nalso = "x"\nwhat = 1\n', "functions.toml"),
    "a pipe as functions.toml": pipe("functions.toml"),
    "a folder as functions.toml": folder("functions.toml"),
    # the prose
    "20 MB of prose": prose("# Bad\n\n" + "word " * 4_000_000),
    "100 KB of prose": prose("# Bad\n\n" + ("word *soft* $x^2$ `code` " * 40 + "\n\n") * 100),
    "one word of 100,000 letters": prose("a" * DEEP),
    "one formula of 100,000 letters": prose("$" + "x+" * 50_000 + "x$"),
    "quotes 10,000 deep": prose(">" * MANY + " deep"),
    "lists 10,000 deep": prose("- " * MANY + "deep"),
    "lists that step in": prose("".join(" " * (2 * n) + "- deep\n" for n in range(300))),
    "100,000 stars": prose("*a " * 30_000 + "**" * 20_000),
    "100,000 brackets": prose("[" * 50_000 + "]" * 50_000),
    "brackets and brackets": prose("[a](" * 25_000),
    "pictures in pictures": prose("![" * 30_000),
    "ticks of every length": prose(" ".join("`" * n + "a" for n in range(1, 440))),
    "100,000 dollars": prose("$" * DEEP),
    "dollars that do not close": prose("$x " * 30_000),
    "100,000 backslashes": prose("\\" * DEEP),
    "10,000 link definitions": prose("".join(f"[{n}]: /x\n" for n in range(MANY))),
    "100,000 headings": prose("# a\n" * 25_000),
    "100,000 empty lines": prose("\n" * DEEP),
    "100,000 rules": prose("---\n\n" * 20_000),
    "100,000 accents": prose("a" + "\u0301" * 50_000),
    "wide letters": prose("\u5b57" * 30_000),
    "fractions 10,000 deep": prose(f"$${NESTED_FRACTION}$$"),
    "fractions 150 deep": prose("$$" + "\\frac{1}{1 + " * 150 + "x" + "}" * 150 + "$$"),
    "a hundred tall fractions": prose(("$$" + "\\frac{1}{1 + " * 60 + "x" + "}" * 60 + "$$\n\n") * 100),
    "powers of powers": prose("$" + "x^{" * 190 + "x" + "}" * 190 + "$"),
    "a matrix of 10,000 places": prose("$$\\begin{matrix}" + "a & " * 9_000 + "\\end{matrix}$$"),
    "a table of 3,000 columns": prose(TABLE),
    "a table of 10,000 rows": prose("| a | b |\n|---|---|\n" + "| c | d |\n" * 9_000),
    "a table of long words": prose("| a | b |\n|---|---|\n| " + "c" * 40_000 + " | d |\n"),
    "5,000 living blocks": prose("```claim even\n```\n\n" * 5_000),
    "5,000 plots": prose("```plot x = -2..2\nbump(x)\n```\n\n" * 3_000),
    "5,000 derivations": prose("```derivation worked\n```\n\n" * 4_000),
    "blocks that name nothing": prose("```claim nothing\n```\n\n```question\n```\n\n```sim\n```\n"),
    "a plot to 10^400": prose("```plot x = -1e400..1e400\nx\n```\n"),
    "a plot to infinity": prose("```plot x = -oo..oo\nx\n```\n"),
    "a plot from nothing": prose("```plot x = nan..nan\nx\n```\n"),
    "an empty plot": prose("```plot x = 1..1\nx\n```\n"),
    "a plot of a point": prose("```plot x = 0..1e-300\nx\n```\n"),
    "a plot of large numbers": prose("```plot x = -1e99..1e99, derivative\nx^3\ne^x\n1/x\n```\n"),
    "a plot of no number": prose("```plot x = -1..1\nln(-x^2 - 1)\n```\n"),
    "a plot of another variable": prose("```plot x = -1..1\ny\n```\n"),
    "a plot of 10,000 curves": prose("```plot x = -1..1\n" + "x\n" * MANY + "```\n"),
    "a plot that takes for ever": prose(f"```plot x = -1..1\n{HUGE_SUM}\n```\n"),
    "fifty plots of much": prose(("```plot x = -1..1\n" + "sin(x*" * 150 + "x" + ")" * 150 + "\n```\n\n") * 50),
    "a plot whose name is long": prose("```plot x = -1..1\n" + "x + " * 2_000 + "x\n```\n"),
    "a simulation that is none": prose("```sim ../../etc/passwd k=1\n```\n"),
    "a simulation of 10^9 examples": prose("```sim batchnorm batch=1000000000\n```\n"),
    "a simulation set to nothing": prose("```sim batchnorm batch\n```\n\n```sim batchnorm =\n```\n"),
    "HTML": prose("<script>alert(1)</script>\n\n<div>" * 500 + "\n\n<!--" * 1_000),
    "links that run something": prose("[a](javascript:alert(1)) <javascript:x> [b](file:///etc/passwd)\n" * 200),
    "escape codes as entities": prose("&#27;]0;owned&#7; &#x1b;[2J &#0; &#xd800; &#x202e; &#1114112;\n"),
    "escape codes as they are": prose("\x1b]0;owned\x07 \x9b2J \u202e \u2066 \x00 \x08\n"),
    "prose that is no text": prose(b"# Bad\n\n\xff\xfe\n"),
    "a pipe as lesson.en.md": pipe("odd/bad/lesson.en.md"),
    "a folder as lesson.en.md": folder("odd/bad/lesson.en.md"),
    "a device as lesson.en.md": link("odd/bad/lesson.en.md", "/dev/urandom"),
    "no prose": lambda pack: (pack / "odd/bad/lesson.en.md").unlink(),
    # verdicts.json
    "a forged ledger": forged,
    "a ledger 100,000 deep": verdicts("[" * DEEP),
    "a ledger of 20 MB": verdicts("[" + "1," * 10_000_000 + "1]"),
    "a ledger with a number of 100,000 digits": verdicts("9" * DEEP),
    "a ledger of wrong types": verdicts('{"functions": [], "records": {"even": {"statement": 1, "verdict": []}}}'),
    "a pipe as verdicts.json": pipe("odd/bad/verdicts.json"),
    "a folder as verdicts.json": folder("odd/bad/verdicts.json"),
    # folders
    "10,000 lessons": lambda pack: many_folders(pack, "many", MANY),
    "10,000 chapters": lambda pack: many_folders(pack, "chapter{}", MANY),
    "600 lessons in three chapters": lambda pack: [many_folders(pack, f"some{n}", 200) for n in range(3)],
    "200 lessons of 250 KB": heavy_lessons,
    "folders that link in a circle": lambda pack: [
        link("odd/loop", "..")(pack), link("odd/self", "self")(pack), link("round", ".")(pack),
    ],
    "a lesson that links to the whole disk": lambda pack: [link("disk", "/")(pack), link("odd/disk", "/")(pack)],
    "names that are no names": named_folders,
    "a lesson that there is already": lambda pack: lesson_files(pack / "odd/gelu", "gelu"),
    "a lesson twice": lambda pack: lesson_files(pack / "other/good", "good"),
    "a pipe as notes.toml": pipe("notes.toml"),
    "nothing at all": lambda pack: [path.unlink() for path in pack.rglob("*") if path.is_file()],
}  # fmt: skip


COMMANDS: tuple[tuple[str, ...], ...] = (  # every command that reads a pack; `{pack}` is its folder
    ("lessons",), (), ("lesson", "bad"), ("lesson", "good"), ("study", "bad"), ("study",), ("quiz", "bad"), ("quiz",),
    ("practice", "bad"), ("practice", "bad/worked"), ("errata",), ("errata", "bad"), ("search", "bump"),
    ("search", "e^(-x^2)"), ("verify", "bad"), ("verify", "bad", "--json"), ("lint", "--no-proofs"),
    ("lint", "{pack}", "--no-proofs"), ("progress",), ("review", "bad"), ("derive", "bad/worked"), ("derive", "bump"),
    ("sim",), ("grade", "bad/slope", "x"), ("value", "bump(1)"), ("plot", "bump"), ("lessons", "--json"),
)  # fmt: skip
PROVING = ("verify", "lint")  # a statement may take the prover's whole budget, which is said beforehand


def every() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each cause with each command."""
    return ((cause, command) for cause in PACKS for command in COMMANDS)

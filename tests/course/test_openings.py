"""A definition that has no end, or comes to millions of signs, is a fault of the table, found when it is read."""

import pytest

from dlteach.course.files import ContentError
from dlteach.course.functions import Functions, of_texts
from dlteach.course.lessons import Course

SHIPPED = Course().functions.texts()


def row(name: str, formula: str, of: str = "x") -> str:
    return f'[{name}]\nof = "{of}"\nis = "{formula}"\nwhat.en = "."\n'


def table(*rows: str) -> Functions:
    return of_texts((*SHIPPED, ("pack/functions.toml", "".join(rows))))


def doubling(count: int) -> list[str]:
    first = row("double0", "x + 1")
    return [first, *(row(f"double{i}", f"double{i - 1}(x) + double{i - 1}(2x)") for i in range(1, count))]


@pytest.mark.parametrize(
    ("rows", "name", "line", "says"),
    [
        ([row("again", "again(x) + 1")], "again", 3, "calls itself: again → again"),
        ([row("ping", "pong(x)"), row("pong", "1 + ping(2x)")], "pong", 7, "calls itself: pong → ping → pong"),
        ([row("ping", "pong(x)"), row("pong", "1 + ping(2x)")], "ping", 3, "calls itself: ping → pong → ping"),
        ([row("aaa", "bbb(x)"), row("bbb", "ccc(x)"), row("ccc", "aaa(2x)")], "ccc", 11, "ccc → aaa → bbb → ccc"),
        ([row("ping", "pong(x)"), row("pong", "ping(x)"), row("out", "ping(x)")], "out", 11, "calls `ping`, which"),
        ([row("open", "x + a", "x, a = open(1)")], "open", 3, "calls itself: open → open"),
        ([row("slopes", "slopes'(x)")], "slopes", 3, "calls itself"),
        ([row("bound", "int(bound(t), t = 0..x)")], "bound", 3, "calls itself"),
        ([row("branch", "{x if x > 0; branch(-x) otherwise}")], "branch", 3, "calls itself"),
        (doubling(24), "double23", 95, "calls `double22`, which cannot be used"),
        (doubling(24), "double9", 39, "calls `double8`, which cannot be used"),
        (doubling(24), "double8", 35, "comes to more than 5,000 signs with all that it calls written out"),
        ([row("cube", "x^3"), row("uses", "cube(cubed(x)"), row("user", "uses(x)")], "user", 11, "calls `uses`, which"),
    ],
)  # fmt: skip
def test_what_has_no_end_is_a_fault_with_its_line(rows: list[str], name: str, line: int, says: str) -> None:
    with pytest.raises(ContentError) as caught:
        table(*rows)[name]
    assert str(caught.value).startswith(f"pack/functions.toml:{line}: `{name}` ") and says in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([row("twice", "gelu(gelu(x))"), row("often", "twice(twice(x)) + twice(-x)")], "often"),
        ([row("own", "x^2"), row("lemma", "own(x)*own(2x)*own(3x)*own(4x)")], "lemma"),
        ([row("wide", "a*b*c*d", "a, b = 1, c = gelu(1), d = 2")], "wide"),
        (doubling(7), "double6"),
    ],
)
def test_functions_that_call_others_are_no_fault(rows: list[str], name: str) -> None:
    assert table(*rows)[name].name == name


def test_every_function_of_the_course_comes_to_an_end() -> None:
    functions = Course().functions
    assert [functions[name].name for name in functions] == list(functions)

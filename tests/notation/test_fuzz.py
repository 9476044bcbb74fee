"""Random strings and random expressions: an answer or one clear error, never a crash, a hang or an `eval`."""

import builtins
import random
import time

import pytest

from dlteach.course.functions import Functions
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import evaluate
from dlteach.notation.latex import latex
from dlteach.notation.reader import read, read_conditions, read_statement
from dlteach.notation.show import show
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import symbols
from tests.laws import FACTOR

STRINGS = 10_000 if FACTOR == 1 else 1_000_000
EXPRESSIONS = 1_000 if FACTOR == 1 else 100_000
PIECES = [
    *"xyabzεσΦ0123456789+-*/^()[]{}|,;.'=<>!~_ \t\\$%&@#\"?:`\0\n",
    "d/dx", "lim(", "int(", "sum(", "sup(", "E[", "Var[", "oo", "pi", "e^", "tanh(", "gelu", "relu(", "max(",
    "for ", "integer", " in ", "if ", "otherwise", "->", "..", "\\frac", "\\sqrt{", "\\left(", "\\right)",
    "\\begin{cases}", "²", "½", "√", "∂", "≤", "≈", "±", "а", "х", "ｘ", "𝑥", "\u202e", "\ue000", "1e9", "0.5",
    "__import__", "{0}", "%s", "''", "**",
]  # fmt: skip
BINARY = ("{} + {}", "{} - {}", "({})*({})", "({})/({})", "({})^({})", "max({}, {})", "{{{} if x > 0; {} otherwise}}")
UNARY = (
    "-({})", "tanh({})", "gelu({})", "relu({})", "ln({})", "sqrt({})", "abs({})", "e^(-({}))", "Phi({})", "d/dx ({})",
    "lim({}, x -> 0+)", "int({}, x = 0..1)", "sum({}, i = 1..3)", "sup({}, x in [0, 1])", "E[{}]", "({})^2",
)  # fmt: skip
LEAVES = ("x", "y", "a", "z", "1", "2", "0.5", "pi", "e", "1/3", "beta", "x_1")


@pytest.fixture(autouse=True)
def no_eval(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is read may reach Python's own evaluator."""

    def refuse(*_: object) -> None:
        raise AssertionError("text reached eval or exec")

    monkeypatch.setattr(builtins, "eval", refuse)


def test_random_strings_leave_through_one_door(functions: Functions) -> None:
    dice = random.Random(1)
    doors = (read, read_statement, read_conditions)
    slowest = 0.0
    for _ in range(STRINGS):
        text = "".join(dice.choices(PIECES, k=dice.randint(1, 24)))
        start = time.perf_counter()
        try:
            dice.choice(doors)(text, functions.names)
        except NotationError as problem:
            assert problem.problem and "\n" not in problem.line() and 0 <= problem.at <= len(text)
        slowest = max(slowest, time.perf_counter() - start)
    assert slowest < 2


def grown(dice: random.Random, leaves: int) -> str:
    if leaves <= 1:
        return dice.choice(LEAVES)
    if dice.random() < 0.5:
        return dice.choice(UNARY).format(grown(dice, leaves - 1))
    left = dice.randint(1, leaves - 1)
    return dice.choice(BINARY).format(grown(dice, left), grown(dice, leaves - left))


def test_random_expressions_are_read_shown_and_evaluated(functions: Functions) -> None:
    dice = random.Random(2)
    for _ in range(EXPRESSIONS):
        text = grown(dice, dice.randint(1, 9))
        tree = read(text, functions.names)
        assert read(show(tree), functions.names) == tree
        assert latex(tree)
        try:
            evaluate(tree, {name: dice.randint(-3, 3) for name in symbols(tree)}, functions.definitions)
        except (NotEvaluable, OverflowError):
            continue

"""The scratch pad: value, derive, plot and equal, without leaving a question."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping

from dlteach.course.dialogue import Ask, Equation, Feedback, Graph, Mark, Shown
from dlteach.course.functions import Functions
from dlteach.course.plots import read_plot
from dlteach.errors import DlteachError
from dlteach.notation.reader import read, read_conditions, read_variable
from dlteach.notation.tree import literal, symbols
from dlteach.reasoning.worker.asked import asked

COMMANDS = {"value": "gelu(1.5)", "derive": "x^2", "plot": "gelu(x)", "equal": "A = B"}
SECONDS = 1.5
DONE = (":quit", ":done", "")
EXAMPLES = ", ".join(f"`{word} {example}`" for word, example in COMMANDS.items())


def pad(functions: Functions, line: str = "") -> Generator[Shown | Ask, str | None, bool]:
    """Work out one line, or ask for lines until an empty one; returns whether `derive` was used, which is help."""
    if line:
        yield from worked(line, functions)
        return line.split()[0] == "derive"
    helped, text = False, f"Scratch pad: {EXAMPLES}"
    while True:
        answer = yield Ask(text, (), "pad", {"Enter": "back to the question"})
        text, word = "", (answer or "").strip()
        if answer is None or word in DONE:
            return helped
        yield from worked(word, functions)
        helped = helped or word.split()[0] == "derive"


def worked(line: str, functions: Functions) -> Iterator[Shown]:
    """What a line of the pad comes to; an error is shown, never raised."""
    word, _, rest = line.strip().partition(" ")
    if word not in COMMANDS or not rest.strip():
        yield Feedback(Mark.NOTE, f"The pad knows {EXAMPLES}.")
        return
    try:
        if word == "plot":
            yield _plot(rest.strip(), functions)
        else:
            yield from asked("study.pad:used", word, rest.strip(), functions)
    except DlteachError as problem:
        head, _, source = str(problem).partition("\n")
        yield Feedback(Mark.NOTE, f"{head}\n\n```\n{source}\n```" if source else head)


def used(tool: str, text: str, functions: Functions) -> tuple[Shown, ...]:
    """What a tool that reasons shows; raises DlteachError."""
    return tuple(TOOLS[tool](text, functions))


def _value(text: str, functions: Functions) -> Iterator[Shown]:
    """`gelu(x) for x = 1.5`, or a number."""
    from dlteach.reasoning.deciding.judge import value_of

    formula, _, given = text.partition(" for ")
    point = {}
    for part in filter(None, given.split(",")):
        name, _, number = part.partition("=")
        exact = literal(read(number, functions.names))
        if exact is None:
            raise DlteachError(f"`{number.strip()}` is no number: write x = 1.5")
        point[read_variable(name, functions.names)] = exact
    expr = read(formula, functions.names)
    if missing := sorted(symbols(expr) - set(point)):
        raise DlteachError(f"`{missing[0]}` has no value: write `{formula} for {missing[0]} = 1`")
    yield Feedback(Mark.NOTE, f"`{formula}` is {value_of(expr, point, functions, 12)}")


def _derive(text: str, functions: Functions) -> Iterator[Shown]:
    from dlteach.reasoning.deriving.derive import derive, subject
    from dlteach.reasoning.deriving.steps import drawable, rule_names

    expr, variable = subject(text, functions)
    made = drawable(derive(expr, variable, functions, trust=True))
    yield Equation("", made.whole)
    for line, steps in made.lines():
        yield Equation("=", line, rule_names(steps))


def _plot(text: str, functions: Functions) -> Graph:
    """Expressions in one variable, separated by semicolons, from -4 to 4."""
    names = sorted({name for part in text.split(";") for name in symbols(read(part, functions.names))})
    if len(names) > 1:
        raise DlteachError(f"a plot has one variable, and this has {', '.join(names)}: give the others a value")
    variable = (names or ["x"])[0]
    try:
        return Graph(read_plot(f"{variable} = -4..4", text.replace(";", "\n"), functions.names), functions)
    except ValueError as problem:
        raise DlteachError(str(problem)) from None


def _equal(text: str, functions: Functions) -> Iterator[Shown]:
    """`A = B`, with conditions after `for`."""
    from dlteach.reasoning.deciding.judge import equal

    sides, _, given = text.partition(" for ")
    left, equals, right = sides.partition("=")
    if not equals:
        raise DlteachError("two sides are compared: write `equal A = B`")
    conditions = read_conditions(given, functions.names) if given else ()
    verdict = equal(read(left, functions.names), read(right, functions.names), conditions, functions, SECONDS)
    words = "equal" if verdict.holds else verdict.outcome.value
    yield Feedback(Mark.NOTE, f"{words}: {verdict.evidence or verdict.how}")


TOOLS: Mapping[str, Callable[[str, Functions], Iterator[Shown]]] = {
    "value": _value,
    "derive": _derive,
    "equal": _equal,
}

"""Backpropagation by hand: a computational graph, values forward, gradients backward.

Every node holds a value v, and for each input u its local gradient dv/du; walking from the output to the inputs,
the gradient of an input is the sum over its consumers of upstream times local.
Source: Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors", 1986.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlteach.course.dialogue import Drawing, Figures, Prose, Shown
from dlteach.course.functions import Functions
from dlteach.course.questions import Question
from dlteach.errors import DlteachError
from dlteach.notation.backend import Definitions, NotEvaluable, reachable
from dlteach.notation.floats import evaluate
from dlteach.notation.patience import Overrun, within
from dlteach.notation.reader import read, read_variable
from dlteach.notation.show import show
from dlteach.notation.tree import BINDERS, Expr, Moment, Piecewise, Symbol, literal, rebuilt, substitute, symbols
from dlteach.reasoning.deriving.derive import derive, opened
from dlteach.reasoning.worker.process import WORKER
from dlteach.simulations._model import Check, Simulation, number, parameter

DEFAULT = {"x": -2.0, "y": 5.0, "z": -4.0}
MOST_PREDICTIONS = 5
MOST_NODES = 100  # a graph is drawn with a line for each
SECONDS = 1.0  # for the graph, and for SymPy's word on it
STEP = 1e-6


@dataclass(frozen=True)
class Parameters:
    """What can be set; any other name sets the value of a symbol in the expression."""

    expr: str = parameter("(x + y)*z", "the expression, in the notation")
    values: str = parameter("", "values of its symbols, as x=-2, y=5 (1 where nothing is said)")


@dataclass(frozen=True)
class Node:
    """A value in the graph: `operation` in terms of the names of its inputs, local gradients as formulas."""

    name: str
    operation: str
    inputs: tuple[int, ...]
    value: float
    locals: tuple[float, ...]
    local_formulas: tuple[str, ...]
    gradient: float = 0.0


@dataclass(frozen=True)
class Result:
    """The nodes, inputs first, the output last; gradients by name from two witnesses."""

    expression: Expr
    nodes: tuple[Node, ...]
    by_sympy: Mapping[str, float]
    by_differences: Mapping[str, float]
    asked_sympy: str  # empty, or why SymPy did not answer


def run(parameters: Parameters, seed: int, functions: Functions) -> Result:
    """Nothing is random here: the graph is built, run forward and backward, and checked twice."""
    try:
        with within(SECONDS):
            expr = opened(read(parameters.expr, functions.names), functions)
            values = _values(parameters, expr, functions)
            nodes = _backward(_graph(expr, values, functions))
            differences = {name: _difference(expr, values, name, functions.definitions) for name in values}
    except Overrun:
        raise DlteachError(f"the graph takes more than {SECONDS:g} s to work out: simplify the expression") from None
    witness, why = _sympy(expr, values, functions)
    return Result(expr, nodes, witness, differences, why)


def _values(parameters: Parameters, expr: Expr, functions: Functions) -> dict[str, float]:
    found = {
        name: DEFAULT.get(name, 1.0) if parameters.expr == Parameters().expr else 1.0 for name in sorted(symbols(expr))
    }
    for setting in filter(None, (part.strip() for part in parameters.values.split(","))):
        word, _, text = (piece.strip() for piece in setting.partition("="))
        name = read_variable(word, functions.names)
        value = literal(read(text, functions.names))
        if name not in found:
            raise DlteachError(f"`{name}` does not occur in `{parameters.expr}`: set {', '.join(found) or 'nothing'}")
        if value is None:
            raise DlteachError(f"`{setting}` sets nothing: write {name}=2")
        try:
            found[name] = float(value)
        except OverflowError:
            raise DlteachError(f"`{name}` is too large for a floating-point number: set a smaller one") from None
    if not found:
        raise DlteachError(f"`{parameters.expr}` has no symbol: there is nothing to differentiate")
    return found


def _graph(expr: Expr, values: Mapping[str, float], functions: Functions) -> list[Node]:
    """The nodes in the order of computation; a symbol is one node, however often it is used."""
    nodes: list[Node] = []
    leaves: dict[str, int] = {}

    def leaf(name: str) -> int:
        if name not in leaves:
            leaves[name] = len(nodes)
            nodes.append(Node(name, "", (), values[name], (), ()))
        return leaves[name]

    def visit(node: Expr) -> int:
        if isinstance(node, Symbol):
            return leaf(node.name)
        if isinstance(node, (Piecewise, Moment, *BINDERS)):
            raise DlteachError(f"`{show(node)}` is no single operation: use a named function or max instead")
        inputs: list[int] = []

        def slot(child: Expr) -> Expr:
            if not symbols(child):
                return child
            inputs.append(visit(child))
            return Symbol(f"v_{len(inputs)}")

        whole = rebuilt(node, slot)
        unique = list(dict.fromkeys(inputs))
        rename = {f"v_{i + 1}": Symbol(nodes[index].name) for i, index in enumerate(inputs)}
        local = substitute(whole, rename)
        env = {nodes[index].name: nodes[index].value for index in unique}
        formulas = [derive(local, nodes[index].name, functions, opening=False).result for index in unique]
        value, slopes = _number(local, env, functions), [_number(formula, env, functions) for formula in formulas]
        text = show(local, pretty=True)
        if len(nodes) >= MOST_NODES:
            raise DlteachError(f"the graph has more than {MOST_NODES} nodes: simplify the expression")
        nodes.append(
            Node(
                f"q{_inner(nodes) + 1}",
                text,
                tuple(unique),
                value,
                tuple(slopes),
                tuple(show(f, pretty=True) for f in formulas),
            )
        )
        return len(nodes) - 1

    visit(expr)
    if not nodes[-1].inputs:
        raise DlteachError(f"`{show(expr)}` is a symbol by itself: there is nothing to compute, so no graph")
    nodes[-1] = replace(nodes[-1], name="f")
    return nodes


def _inner(nodes: list[Node]) -> int:
    return sum(bool(node.inputs) for node in nodes)


def _number(expr: Expr, env: Mapping[str, float], functions: Functions) -> float:
    value = evaluate(expr, env, functions.definitions)
    if not np.isfinite(value):
        where = ", ".join(f"{name} = {v:g}" for name, v in env.items())
        raise DlteachError(f"`{show(expr)}` has no finite value at {where}: choose other values with --set")
    return value


def _backward(nodes: list[Node]) -> tuple[Node, ...]:
    """Gradients from the output to the inputs: each consumer adds upstream times local."""
    gradients = np.zeros(len(nodes))
    gradients[-1] = 1.0
    for i in reversed(range(len(nodes))):
        for index, local in zip(nodes[i].inputs, nodes[i].locals, strict=True):
            gradients[index] += gradients[i] * local
    return tuple(replace(node, gradient=float(g)) for node, g in zip(nodes, gradients, strict=True))


def _sympy(expr: Expr, values: Mapping[str, float], functions: Functions) -> tuple[dict[str, float], str]:
    found = {}
    definitions = reachable(expr, functions.definitions)
    try:
        with within(SECONDS):
            for name in values:
                slope = WORKER.ask("algebra.sympy_tasks:differentiate", expr, name, definitions, seconds=SECONDS)
                found[name] = evaluate(slope, values, functions.definitions)
    except (Overrun, NotEvaluable) as problem:
        return {}, str(problem)
    return found, ""


def _difference(expr: Expr, values: Mapping[str, float], name: str, definitions: Definitions) -> float:
    """A central difference in one symbol."""
    step = STEP * max(1.0, abs(values[name]))
    up = evaluate(expr, {**values, name: values[name] + step}, definitions)
    down = evaluate(expr, {**values, name: values[name] - step}, definitions)
    return (up - down) / (2 * step)


def setting(parameters: Parameters, result: Result) -> Iterator[Shown]:
    """The graph with its values: what a forward pass leaves behind."""
    yield Prose(
        f"The graph of $f$ = `{show(result.expression, pretty=True)}` after the forward pass. "
        "Every line is a node and what it was computed from."
    )
    yield Drawing("", tuple(_drawn(result.nodes, gradients=False)))
    yield Prose(
        "Now backward: start with $\\partial f/\\partial f = 1$ at the output. At each node, gradient = "
        "upstream × local; where a value is used twice, add."
    )


def predictions(parameters: Parameters, result: Result) -> tuple[Question, ...]:
    """The gradient of each node, from the output to the inputs (at most five)."""
    nodes = result.nodes
    asked = _outwards(nodes)[1:]
    if len(asked) > MOST_PREDICTIONS:
        inputs = [i for i in asked if not nodes[i].inputs]
        asked = ([i for i in asked if nodes[i].inputs] + inputs)[:1] + inputs[: MOST_PREDICTIONS - 1]
    return tuple(_prediction(nodes, i) for i in asked)


def _outwards(nodes: tuple[Node, ...]) -> list[int]:
    """The nodes from the output to the inputs, each after all of its consumers."""
    order = [len(nodes) - 1]
    for index in order:
        for inner in nodes[index].inputs:
            ready = all(i in order for i, node in enumerate(nodes) if inner in node.inputs)
            if ready and inner not in order:
                order.append(inner)
    return order


def _prediction(nodes: tuple[Node, ...], index: int) -> Question:
    node = nodes[index]
    uses = [(consumer, consumer.inputs.index(index)) for consumer in nodes if index in consumer.inputs]
    wrong: list[tuple[float | str, str]] = []
    if len(uses) > 1:
        consumer, place = uses[0]
        wrong.append(
            (
                consumer.gradient * consumer.locals[place],
                f"`{node.name}` is used {len(uses)} times: add the contributions.",
            )
        )
    for consumer, place in uses:
        upstream, local = consumer.gradient, consumer.locals[place]
        wrong.append((local, f"That is the local gradient at `{consumer.name}`; the upstream one is {upstream:.6g}."))
        wrong.append((upstream, f"That is what arrives at `{consumer.name}`; multiply it by the local {local:.6g}."))
    wrong.append((-node.gradient, "The sign is the wrong way round."))
    wrong.append((node.value, f"That is the value of `{node.name}`, not the gradient."))
    tolerance = f"{max(1e-3, 1e-3 * abs(node.gradient)):.6f}"
    ask = f"What is $\\partial f/\\partial {node.name}$?"
    return number(f"gradient-{node.name}", ask, node.gradient, tolerance, *wrong, after=_explained(nodes, index))


def _explained(nodes: tuple[Node, ...], index: int) -> str:
    """`upstream × local`, one term for each consumer, in numbers."""
    terms = []
    for consumer in nodes:
        if index in consumer.inputs:
            place = consumer.inputs.index(index)
            terms.append(f"({consumer.gradient:.6g}) × ({consumer.locals[place]:.6g})")
    return f"{' + '.join(terms)} = {nodes[index].gradient:.6g}, upstream × local."


def view(parameters: Parameters, result: Result) -> Iterator[Shown]:
    """The graph with gradients, and how each came about."""
    if result.asked_sympy:
        yield Prose(f"SymPy could not be asked as a witness: {result.asked_sympy}.")
    yield Drawing("", tuple(_drawn(result.nodes, gradients=True)))
    rows = []
    for consumer in reversed(result.nodes):
        for place, index in enumerate(consumer.inputs):
            local = consumer.locals[place]
            edge = f"{consumer.name} → {result.nodes[index].name}"
            rows.append(
                (
                    edge,
                    f"{consumer.gradient:.6g}",
                    consumer.local_formulas[place],
                    f"{local:.6g}",
                    f"{consumer.gradient * local:.6g}",
                )
            )
    yield Figures(
        "Along each edge, from the output to the inputs",
        ("edge", "upstream", "local", "its value", "passed on"),
        tuple(rows),
    )


def _drawn(nodes: tuple[Node, ...], gradients: bool) -> list[str]:
    """The graph as a tree from the output; a value that is used again is marked."""
    lines: list[tuple[str, Node | None]] = []
    seen: set[int] = set()

    def visit(index: int, lead: str, tail: str) -> None:
        node = nodes[index]
        again = index in seen
        seen.add(index)
        label = f"{node.name} = {node.operation}" if node.operation else node.name
        lines.append((lead + label + (" (again)" if again else ""), None if again else node))
        for place, inner in enumerate(node.inputs if not again else ()):
            last = place == len(node.inputs) - 1
            visit(inner, tail + ("└─ " if last else "├─ "), tail + ("   " if last else "│  "))

    visit(len(nodes) - 1, "", "")
    width = max(len(text) for text, _ in lines) + 3
    shown = []
    for text, node in lines:
        numbers = f"value {node.value:<10.6g}" + (f" gradient {node.gradient:.6g}" if gradients else "") if node else ""
        shown.append(f"{text:<{width}}{numbers}".rstrip())
    return shown


def checks(parameters: Parameters, result: Result) -> tuple[Check, ...]:
    """Each input's gradient against SymPy's and against a central difference."""
    found = []
    for node in result.nodes:
        if not node.inputs:
            scale = max(1.0, abs(node.gradient))
            if node.name in result.by_sympy:
                found.append(
                    Check(
                        f"sympy-{node.name}",
                        f"∂f/∂{node.name} is what SymPy finds",
                        result.by_sympy[node.name],
                        node.gradient,
                        1e-9 * scale,
                    )
                )
            found.append(
                Check(
                    f"difference-{node.name}",
                    f"∂f/∂{node.name} agrees with a central difference",
                    result.by_differences[node.name],
                    node.gradient,
                    1e-4 * scale,
                )
            )
    return tuple(found)


def figures(parameters: Parameters, result: Result) -> Mapping[str, Any]:
    """Values and gradients by node."""
    return {
        "expression": show(result.expression),
        "nodes": [
            {"name": n.name, "value": round(n.value, 12), "gradient": round(n.gradient, 12)} for n in result.nodes
        ],
    }


SIMULATION = Simulation(
    name="backprop",
    title="Backpropagation by hand",
    about="The computational graph of any expression; you give the gradients, from the output to the inputs.",
    parameters=Parameters,
    run=run,
    setting=setting,
    predictions=predictions,
    view=view,
    checks=checks,
    figures=figures,
    rest="values",
)

"""Simulations: every check holds on every run, predictions are right about it, and runs repeat."""

import json
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlteach.course.dialogue import Ask, Feedback, Figures, Mark
from dlteach.course.functions import Functions
from dlteach.course.questions import Kind
from dlteach.errors import DlteachError
from dlteach.simulations import load, names
from dlteach.simulations._model import read_parameters
from dlteach.simulations.batchnorm import backward, forward
from dlteach.simulations.maxout import maxout, tangents
from dlteach.study.grades import Grade
from dlteach.study.grading import grade
from dlteach.study.predicting import play
from tests.laws import law

SETTINGS = {
    "backprop": [
        {},
        {"x": "3", "z": "0.5"},
        {"expr": "sigmoid(w*x + b)", "w": "2"},
        {"expr": "x*x + tanh(x)*y"},
        {"expr": "max(a, b)*a", "b": "3"},
    ],
    "batchnorm": [{}, {"batch": "2"}, {"batch": "256", "gamma": "2", "beta": "1"}, {"epsilon": "0.1", "steps": "3"}],
    "maxout": [{}, {"k": "1"}, {"k": "64", "a": "2"}, {"a": "-1"}],
}
RUNS = [(name, setting, seed) for name, settings_ in SETTINGS.items() for setting in settings_ for seed in (0, 1, 7)]


def test_every_file_is_a_simulation_with_a_test() -> None:
    assert set(names()) == set(SETTINGS)


@pytest.mark.parametrize(("name", "setting", "seed"), RUNS)
def test_every_check_holds_on_every_run(name: str, setting: dict[str, str], seed: int, functions: Functions) -> None:
    simulation = load(name)
    parameters = read_parameters(simulation, setting)
    found = simulation.checks(parameters, simulation.run(parameters, seed, functions))
    assert found and [check for check in found if not check.holds] == []


@pytest.mark.parametrize("name", names())
def test_parameters_have_help_and_ranges(name: str) -> None:
    for field in fields(load(name).parameters):
        assert field.metadata["help"]
        assert isinstance(field.default, str) or field.metadata["low"] is not None


@pytest.mark.parametrize("name", names())
def test_predictions_are_two_to_five_and_graded_rightly(name: str, functions: Functions) -> None:
    simulation = load(name)
    parameters = simulation.parameters()
    questions = simulation.predictions(parameters, simulation.run(parameters, 0, functions))
    assert 2 <= len(questions) <= 5
    for question in questions:
        if question.kind is Kind.CHOICE:
            assert sum(choice.right for choice in question.choices) == 1
            assert all(choice.because for choice in question.choices)
        else:
            assert grade(question, question.answer, functions).grade is Grade.RIGHT
            for mistake in question.mistakes:
                result = grade(question, mistake.answer, functions)
                assert result.grade is Grade.WRONG and result.says == mistake.says["en"], mistake.answer


@pytest.mark.parametrize("name", names())
def test_a_played_simulation_asks_before_it_shows(name: str, functions: Functions) -> None:
    simulation = load(name)
    dialogue = play(simulation, simulation.parameters(), 0, functions, auto=False)
    event, seen = next(dialogue), []
    while True:
        seen.append(event)
        try:
            event = dialogue.send("1" if isinstance(event, Ask) else None)
        except StopIteration:
            break
    asked = [i for i, e in enumerate(seen) if isinstance(e, Ask)]
    checked = [i for i, e in enumerate(seen) if isinstance(e, Figures) and e.title == "Checked on this run"]
    marks = [e.mark for e in seen if isinstance(e, Feedback) and e.mark in (Mark.RIGHT, Mark.WRONG)]
    assert asked and max(asked) < checked[0] and len(marks) == len(asked)
    assert all(row[-1] == "holds" for row in seen[checked[0]].rows)


def test_gradients_of_the_textbook_example(functions: Functions) -> None:
    simulation = load("backprop")
    parameters = simulation.parameters()
    nodes = {n.name: n for n in simulation.run(parameters, 0, functions).nodes}
    assert (nodes["f"].value, nodes["q1"].value) == (-12, 3)
    assert (nodes["x"].gradient, nodes["y"].gradient, nodes["z"].gradient) == (-4, -4, 3)


def test_a_value_used_twice_collects_both_contributions(functions: Functions) -> None:
    simulation = load("backprop")
    parameters = read_parameters(simulation, {"expr": "x*x*y + x", "x": "3", "y": "2"})
    nodes = {n.name: n for n in simulation.run(parameters, 0, functions).nodes}
    assert nodes["x"].gradient == pytest.approx(2 * 3 * 2 + 1)


@given(st.integers(1, 64), st.floats(-1, 1))
@law(60)
def test_tangents_lie_below_the_parabola_and_miss_by_at_most_one_over_k_squared(k: int, x: float) -> None:
    gap = x**2 - float(maxout(np.array([x]), *tangents(k))[0])
    assert -1e-12 <= gap <= 1 / k**2 + 1e-12


@given(st.integers(0, 10_000), st.floats(0.1, 100), st.floats(-50, 50))
@law(60)
def test_batch_normalisation_ignores_scale_and_shift(seed: int, scale: float, shift: float) -> None:
    x = np.random.default_rng(seed).normal(size=(8, 3))
    before, after = forward(x, 1.0, 0.0, 0.0)[0], forward(scale * x + shift, 1.0, 0.0, 0.0)[0]
    assert np.allclose(before, after, atol=1e-6)


@given(st.integers(0, 10_000), st.floats(0.1, 5))
@law(60)
def test_gradients_of_a_batch_cancel(seed: int, gamma: float) -> None:
    rng = np.random.default_rng(seed)
    x, g = rng.normal(size=(6, 2)), rng.normal(size=(6, 2))
    _, xhat, _, var = forward(x, gamma, 0.0, 0.0)
    dx = backward(g, xhat, var, gamma, 0.0)
    assert np.allclose(dx.sum(axis=0), 0, atol=1e-9) and np.allclose((xhat * dx).sum(axis=0), 0, atol=1e-9)


@pytest.mark.parametrize("name", names())
def test_json_repeats_byte_for_byte(name: str, cli) -> None:  # type: ignore[no-untyped-def]
    first, second = cli("sim", name, "--json", "--seed", "3"), cli("sim", name, "--json", "--seed", "3")
    assert first == second and first.code == 0
    document = json.loads(first.out)
    assert document["seed"] == 3 and all(check["holds"] for check in document["checks"])


@pytest.mark.parametrize(
    ("name", "setting", "words"),
    [
        ("maxout", {"k": "0"}, "between 1 and 64"),
        ("maxout", {"k": "many"}, "whole number"),
        ("maxout", {"pieces": "3"}, "it has k, a"),
        ("batchnorm", {"epsilon": "nan"}, "between"),
    ],
)
def test_bad_settings_say_what_is_allowed(name: str, setting: dict[str, str], words: str) -> None:
    with pytest.raises(DlteachError, match=words):
        read_parameters(load(name), setting)


@pytest.mark.parametrize("expr", ["3 + 4", "1/(x - 1)", "tahn(x)", "{x if x > 0; 0 otherwise}"])
def test_expressions_that_have_no_graph_are_refused_in_one_line(expr: str, functions: Functions) -> None:
    simulation = load("backprop")
    with pytest.raises(DlteachError):
        simulation.run(read_parameters(simulation, {"expr": expr}), 0, functions)

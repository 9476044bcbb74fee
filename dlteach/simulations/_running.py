"""A run of a simulation from its parameters to what is shown of it, in one go: plain values, without NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dlteach.course.dialogue import Shown
from dlteach.course.functions import Functions
from dlteach.course.questions import Question
from dlteach.simulations import load
from dlteach.simulations._model import Check


@dataclass(frozen=True)
class Run:
    """What a simulation shows of a run: before the predictions, these, and after them."""

    setting: tuple[Shown, ...]
    predictions: tuple[Question, ...]
    view: tuple[Shown, ...]
    checks: tuple[Check, ...]
    figures: Mapping[str, Any]


def ran(name: str, parameters: Any, seed: int, functions: Functions) -> Run:
    """A run of the simulation `name`; raises DlteachError for parameters that it cannot run with."""
    simulation = load(name)
    result = simulation.run(parameters, seed, functions)
    return Run(
        tuple(simulation.setting(parameters, result)),
        simulation.predictions(parameters, result),
        tuple(simulation.view(parameters, result)),
        simulation.checks(parameters, result),
        simulation.figures(parameters, result),
    )

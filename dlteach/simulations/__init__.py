"""Small NumPy experiments that the learner predicts first; one file each, registered by being here.

A module whose name does not begin with an underscore is a simulation: it has a `SIMULATION`.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from dlteach.errors import DlteachError, did_you_mean

if TYPE_CHECKING:
    from dlteach.simulations._model import Simulation


def names() -> tuple[str, ...]:
    """The simulations there are, without importing any."""
    return tuple(sorted(p.stem for p in Path(__file__).parent.glob("*.py") if not p.stem.startswith("_")))


def load(name: str) -> Simulation:
    """The simulation called `name`; raises DlteachError with a suggestion."""
    if name not in names():
        hint = did_you_mean(name, names(), f"there are {', '.join(names())}")
        raise DlteachError(f"there is no simulation `{name}`: {hint}")
    found: Simulation = import_module(f"dlteach.simulations.{name}").SIMULATION
    return found

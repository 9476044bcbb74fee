"""What a simulation consists of, and reading its parameters from `--set name=value`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from dlteach.course.dialogue import Shown
from dlteach.course.functions import Functions
from dlteach.course.questions import Choice, Kind, Mistake, Question
from dlteach.errors import DlteachError, did_you_mean


@dataclass(frozen=True)
class Check:
    """Something that must hold on every run: an analytic result beside the simulated one."""

    id: str
    says: str
    expected: float
    found: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether the two agree."""
        return abs(self.expected - self.found) <= self.tolerance


@dataclass(frozen=True)
class Simulation:
    """`run` is pure: parameters, seed and the course's functions in, a frozen result out."""

    name: str
    title: str
    about: str  # one sentence
    parameters: type
    run: Callable[[Any, int, Functions], Any]
    setting: Callable[[Any, Any], Iterable[Shown]]  # what is given before the predictions
    predictions: Callable[[Any, Any], tuple[Question, ...]]  # two to five
    view: Callable[[Any, Any], Iterable[Shown]]
    checks: Callable[[Any, Any], tuple[Check, ...]]
    figures: Callable[[Any, Any], Mapping[str, Any]]  # the numbers for `--json`
    rest: str = ""  # the parameter that collects settings with other names


def parameter(default: Any, help: str, unit: str = "", low: float | None = None, high: float | None = None) -> Any:
    """A field of a parameters dataclass with what a person must know of it."""
    return field(default=default, metadata={"help": help, "unit": unit, "low": low, "high": high})


def read_parameters(simulation: Simulation, settings: Mapping[str, str]) -> Any:
    """The parameters with settings applied; raises DlteachError that says what is allowed."""
    known = {f.name: f for f in fields(simulation.parameters)}
    values: dict[str, Any] = {}
    rest: list[str] = []
    for name, text in settings.items():
        if name in known:
            values[name] = _converted(name, text, known[name].default, known[name].metadata)
        elif simulation.rest:
            rest.append(f"{name}={text}")
        else:
            hint = did_you_mean(name, known, f"it has {', '.join(known)}")
            raise DlteachError(f"{simulation.name} has no parameter `{name}`: {hint}")
    if rest:
        values[simulation.rest] = ", ".join(rest)
    return simulation.parameters(**values)


def _converted(name: str, text: str, default: Any, facts: Mapping[str, Any]) -> Any:
    kind = str if default is MISSING else type(default)
    try:
        value = kind(text) if kind is not str else text
    except ValueError:
        noun = "a whole number" if kind is int else "a number"
        raise DlteachError(f"`{name}` is {noun}, not `{text}`: write --set {name}={default}") from None
    low, high = facts["low"], facts["high"]
    if kind is not str and (value != value or (low is not None and value < low) or (high is not None and value > high)):
        raise DlteachError(f"`{name}` lies between {low:g} and {high:g}, and {text} does not: choose another value")
    return value


def latex_number(value: float) -> str:
    """A number for a formula: 0.5, 10^{-5}, 2.5·10^{-7}."""
    mantissa, mark, exponent = f"{value:g}".partition("e")
    power = f"10^{{{int(exponent)}}}" if mark else ""
    return power if mark and mantissa == "1" else f"{mantissa} \\cdot {power}" if mark else mantissa


def choice(identity: str, ask: str, *options: tuple[str, bool, str]) -> Question:
    """A prediction with options: what it says, whether it is right, and why."""
    choices = tuple(Choice({"en": says}, right, {"en": because}) for says, right, because in options)
    return Question(identity, "", "", Kind.CHOICE, {"en": ask}, choices=choices)


def number(
    identity: str, ask: str, answer: float | str, tolerance: str, *wrong: tuple[float | str, str], after: str = ""
) -> Question:
    """A prediction of a number; wrong ones that are likely have their reason."""
    right = _text(answer)
    mistakes = tuple(Mistake(_text(value), {"en": says}) for value, says in wrong if _text(value) != right)
    said = {"en": after} if after else {}
    return Question(
        identity, "", "", Kind.NUMBER, {"en": ask}, right, tolerance=tolerance, mistakes=mistakes, after=said
    )


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.12g}"

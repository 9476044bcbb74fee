"""Maxout with k affine pieces: what it contains, and how k tangents approach a parabola.

h(x) = max_j (w_j x + b_j). With tangents of x^2 at k evenly spaced points of [-1, 1] the largest error is 1/k^2,
because a tangent misses the parabola by the square of the distance to where it touches.
Source: Goodfellow, Warde-Farley, Mirza, Courville, Bengio, "Maxout Networks", 2013.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlteach.course.dialogue import Chart, Curve, Figures, Prose, Shown
from dlteach.course.functions import Functions
from dlteach.course.questions import Question
from dlteach.simulations._model import Check, Simulation, choice, number, parameter

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Parameters:
    """What can be set."""

    k: int = parameter(4, "affine pieces for the parabola", low=1, high=64)
    a: float = parameter(0.1, "slope of the first piece in the pair (a, 1)", low=-5, high=5)


@dataclass(frozen=True)
class Result:
    """Inputs x (n,), the three pairs of pieces, and the largest error for each number of tangents."""

    x: Array
    relu: Array
    leaky: Array
    absolute: Array
    fit: Array
    errors: tuple[tuple[int, float], ...]


def maxout(x: Array, slopes: Array, offsets: Array) -> Array:
    """max_j (slopes_j x + offsets_j) for each input: (n,), (k,), (k,) to (n,)."""
    values: Array = np.max(np.outer(x, slopes) + offsets, axis=1)
    return values


def tangents(k: int) -> tuple[Array, Array]:
    """Slopes and offsets of k tangents of x^2, touching at -1 + (2j + 1)/k."""
    touch = -1 + (2 * np.arange(k) + 1) / k
    return 2 * touch, -(touch**2)


def run(parameters: Parameters, seed: int, functions: Functions) -> Result:
    """Nothing is random here; inputs are 2001 points of [-1, 1], and ten random ones more."""
    x = np.sort(np.concatenate([np.linspace(-1, 1, 2001), np.random.default_rng(seed).uniform(-1, 1, 10)]))
    counts = sorted({1, 2, 4, 8, 16, 32, parameters.k, min(64, 2 * parameters.k)})
    errors = tuple((k, float(np.max(np.abs(x**2 - maxout(x, *tangents(k)))))) for k in counts)
    return Result(
        x,
        relu=maxout(x, np.array([0.0, 1.0]), np.zeros(2)),
        leaky=maxout(x, np.array([parameters.a, 1.0]), np.zeros(2)),
        absolute=maxout(x, np.array([-1.0, 1.0]), np.zeros(2)),
        fit=maxout(x, *tangents(parameters.k)),
        errors=errors,
    )


def setting(parameters: Parameters, result: Result) -> Iterator[Shown]:
    """What the learner is told before predicting."""
    yield Prose(
        "A maxout unit takes the largest of $k$ affine functions of its input, $h(x) = \\max_j (w_j x + b_j)$. "
        f"You will see it with two pieces, and with $k = {parameters.k}$ tangents of $x^2$ on $[-1, 1]$."
    )


def predictions(parameters: Parameters, result: Result) -> tuple[Question, ...]:
    """What to predict before the pictures."""
    a = parameters.a
    return (
        choice(
            "absolute",
            "Two pieces without offsets. Which slopes give $|x|$?",
            ("$(-1, 1)$", True, "The larger of $-x$ and $x$ is $|x|$."),
            ("$(0, 1)$", False, "The larger of $0$ and $x$ is ReLU: it forgets how negative $x$ was."),
            ("$(1, 1)$", False, "Two equal pieces are one piece, the line $x$."),
        ),
        number(
            "left-of-zero",
            f"Slopes $({a:g}, 1)$, no offsets. What is $h(-1)$?",
            max(-a, -1.0),
            "1e-6",
            (-a if a > 1 else -1.0, "You took the smaller of the two values; maxout takes the larger."),
            after="For $a > 1$ the two pieces change places, and this is no Leaky ReLU.",
        ),
        choice(
            "twice-as-many",
            "Twice as many tangents: what happens to the largest error against $x^2$?",
            ("it becomes a quarter", True, "A tangent misses by the square of the distance, and distances are halved."),
            ("it is halved", False, "The distance to the nearest tangent is halved, but the miss is its square."),
            ("it stays the same at the ends", False, "The outermost tangents move outwards as well."),
        ),
        number(
            "error",
            f"What is the largest error with $k = {parameters.k}$?",
            f"1/{parameters.k}^2",
            "1e-3",
            (f"1/{parameters.k}", "That is the largest distance to a point of contact; the error is its square."),
            (
                f"2/{parameters.k}^2",
                "The points of contact are $2/k$ apart, so no input is further than $1/k$ from one.",
            ),
        ),
    )


def view(parameters: Parameters, result: Result) -> Iterator[Shown]:
    """The pieces, the fit, and the errors."""
    curves = [
        ("slopes (0, 1): ReLU", result.relu),
        (f"slopes ({parameters.a:g}, 1)", result.leaky),
        ("slopes (−1, 1): |x|", result.absolute),
    ]
    yield Chart("Maxout with two pieces", tuple(_curve(name, result.x, y) for name, y in curves))
    fit = (_curve("x²", result.x, result.x**2), _curve(f"{parameters.k} tangents", result.x, result.fit))
    yield Chart(f"A parabola from {parameters.k} tangents", fit)
    rows = tuple((str(k), f"{error:.6f}", f"{1 / k**2:.6f}") for k, error in result.errors)
    yield Figures("The largest error", ("k", "simulated", "1/k²"), rows)


def _curve(name: str, x: Array, y: Array) -> Curve:
    return Curve(name, tuple(map(float, x[::10])), tuple(map(float, y[::10])))


def checks(parameters: Parameters, result: Result) -> tuple[Check, ...]:
    """Analytic results beside simulated ones."""
    x, a = result.x, parameters.a
    leaky = np.where(x > 0, max(a, 1.0) * x, min(a, 1.0) * x)
    found = [
        Check("relu", "W₁ = 0, b₁ = 0 is ReLU", 0.0, float(np.max(np.abs(result.relu - np.maximum(0, x)))), 0.0),
        Check(
            "leaky",
            "slopes (a, 1) are Leaky ReLU for a ≤ 1, with slopes exchanged for a > 1",
            0.0,
            float(np.max(np.abs(result.leaky - leaky))),
            1e-15,
        ),
        Check("absolute", "slopes (−1, 1) are |x|", 0.0, float(np.max(np.abs(result.absolute - np.abs(x)))), 0.0),
    ]
    found += [
        Check(f"error-{k}", f"{k} tangents miss x² by 1/k²", 1 / k**2, error, 1e-3 / k) for k, error in result.errors
    ]
    return tuple(found)


def figures(parameters: Parameters, result: Result) -> Mapping[str, Any]:
    """The numbers for scripts."""
    return {"errors": [{"k": k, "error": round(error, 12)} for k, error in result.errors]}


SIMULATION = Simulation(
    name="maxout",
    title="Maxout: the largest of k lines",
    about="ReLU, Leaky ReLU and |x| as two-piece maxouts; a parabola from k tangents.",
    parameters=Parameters,
    run=run,
    setting=setting,
    predictions=predictions,
    view=view,
    checks=checks,
    figures=figures,
)

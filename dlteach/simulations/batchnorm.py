"""Batch normalisation of three features, forward and backward, in training and at inference.

B samples, D = 3 features: x (B, D); mean, var (D,); xhat = (x - mean)/sqrt(var + eps); y = gamma*xhat + beta.
The features are N(3, 2^2), Exp(1) and the constant 5: a shifted bell, a skewed one, and one without variance.
Source: Ioffe and Szegedy, "Batch Normalization", 2015, algorithms 1 and 2 and section 3; the running variance is
the unbiased one, as in PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import erfc, exp, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlteach.course.dialogue import Chart, Curve, Figures, Prose, Shown
from dlteach.course.functions import Functions
from dlteach.course.questions import Question
from dlteach.simulations._model import Check, Simulation, choice, latex_number, number, parameter

Array = NDArray[np.float64]
FEATURES = ("N(3, 2²)", "Exp(1)", "constant 5")
SIZES = (2, 4, 8, 16, 32, 64, 128, 256)
MANY = 20_000  # samples for shares and moments


@dataclass(frozen=True)
class Parameters:
    """What can be set."""

    batch: int = parameter(32, "samples in a mini-batch", low=2, high=256)
    momentum: float = parameter(0.1, "weight of the new batch in the running statistics", low=0.001, high=1)
    epsilon: float = parameter(1e-5, "what is added to the variance", low=1e-12, high=1)
    steps: int = parameter(200, "mini-batches seen in training", low=1, high=5000)
    gamma: float = parameter(1.0, "learned scale", low=0.01, high=100)
    beta: float = parameter(0.0, "learned shift", low=-100, high=100)


@dataclass(frozen=True)
class Backward:
    """The backward formula on trial, relative to gamma/s*g: two sums over the batch, the gap to a numeric gradient.

    sum xhat*dx is gamma/s * sum(xhat*g) * eps/(var + eps); the gap to that is kept.
    """

    sum_dx: float
    sum_xhat_dx: float
    numeric_gap: float


@dataclass(frozen=True)
class Result:
    """Everything that the views and checks need; arrays are (steps, 3), (3,) or indexed by batch size."""

    running_mean: Array
    running_var: Array
    training_output: Array
    inference_output: Array
    batch_mean: Array
    batch_var: Array
    without_epsilon: float
    constant_output: float
    undone_gap: float
    invariance_gap: float
    gradient_ratio: float
    backward: Backward
    mean_noise: tuple[tuple[int, float], ...]
    dead_before: Array
    dead_after: Array
    skewness: tuple[float, float]


def draw(rng: np.random.Generator, count: int) -> Array:
    """`count` samples of the three features, (count, 3)."""
    return np.column_stack([rng.normal(3, 2, count), rng.exponential(1, count), np.full(count, 5.0)])


def forward(x: Array, gamma: float | Array, beta: float | Array, epsilon: float) -> tuple[Array, Array, Array, Array]:
    """(y, xhat, mean, var) of a batch (B, D), with the batch's own biased variance."""
    mean, var = x.mean(axis=0), x.var(axis=0)
    xhat = (x - mean) / np.sqrt(var + epsilon)
    return gamma * xhat + beta, xhat, mean, var


def backward(g: Array, xhat: Array, var: Array, gamma: float, epsilon: float) -> Array:
    """dL/dx from g = dL/dy: gamma/s*(g - mean(g) - xhat*mean(g*xhat)), s = sqrt(var + eps)."""
    gradient: Array = gamma / np.sqrt(var + epsilon) * (g - g.mean(axis=0) - xhat * (g * xhat).mean(axis=0))
    return gradient


def run(parameters: Parameters, seed: int, functions: Functions) -> Result:
    """Train on `steps` batches, then look at the layer from all sides."""
    rng = np.random.default_rng(seed)
    running_mean, running_var = _train(parameters, rng)
    x = draw(rng, parameters.batch)
    y, _, mean, var = forward(x, parameters.gamma, parameters.beta, parameters.epsilon)
    at_inference = (
        parameters.gamma * (x - running_mean[-1]) / np.sqrt(running_var[-1] + parameters.epsilon) + parameters.beta
    )
    with np.errstate(invalid="ignore"):
        without = forward(x, 1.0, 0.0, 0.0)[0][0, 2]
    undone = forward(x, np.sqrt(var + parameters.epsilon), mean, parameters.epsilon)[0]
    many = draw(rng, MANY)
    normalised = forward(many, parameters.gamma, parameters.beta, parameters.epsilon)[0]
    gap, ratio = _scaled_weights(rng)
    return Result(
        running_mean=running_mean,
        running_var=running_var,
        training_output=y,
        inference_output=at_inference,
        batch_mean=mean,
        batch_var=var,
        without_epsilon=float(without),
        constant_output=float(np.max(np.abs(y[:, 2] - parameters.beta))),
        undone_gap=float(np.max(np.abs(undone - x))),
        invariance_gap=gap,
        gradient_ratio=ratio,
        backward=_backward_on_trial(x[:, :2], parameters, rng),
        mean_noise=tuple((size, _noise(rng, size)) for size in SIZES),
        dead_before=(many < 0).mean(axis=0),
        dead_after=(normalised[:, :2] < 0).mean(axis=0),
        skewness=(_skewness(many[:, 1]), _skewness(normalised[:, 1])),
    )


def _train(parameters: Parameters, rng: np.random.Generator) -> tuple[Array, Array]:
    """Running mean and variance after each step, starting at 0 and 1."""
    mean, var = np.zeros(3), np.ones(3)
    means, variances = [], []
    for _ in range(parameters.steps):
        x = draw(rng, parameters.batch)
        mean = (1 - parameters.momentum) * mean + parameters.momentum * x.mean(axis=0)
        var = (1 - parameters.momentum) * var + parameters.momentum * x.var(axis=0, ddof=1)
        means.append(mean)
        variances.append(var)
    return np.array(means), np.array(variances)


def _scaled_weights(rng: np.random.Generator) -> tuple[float, float]:
    """Weights times 10 before the layer, eps = 0: the change of the output, and of the gradient's length."""
    inputs, weights, target = rng.normal(size=(64, 4)), rng.normal(size=(4, 2)), rng.normal(size=(64, 2))

    def gradient(w: Array) -> tuple[Array, Array]:
        y, xhat, _, var = forward(inputs @ w, 1.0, 0.0, 0.0)
        return y, inputs.T @ backward(y - target, xhat, var, 1.0, 0.0)

    (before, slow), (after, fast) = gradient(weights), gradient(10 * weights)
    return float(np.max(np.abs(before - after))), float(np.linalg.norm(fast) / np.linalg.norm(slow))


def _backward_on_trial(x: Array, parameters: Parameters, rng: np.random.Generator) -> Backward:
    """The formula against central differences of L = sum(target * y)."""
    target = rng.normal(size=x.shape)
    _, xhat, _, var = forward(x, parameters.gamma, parameters.beta, parameters.epsilon)
    dx = backward(target, xhat, var, parameters.gamma, parameters.epsilon)

    def loss(z: Array) -> float:
        return float(np.sum(target * forward(z, parameters.gamma, parameters.beta, parameters.epsilon)[0]))

    numeric = _central_differences(loss, x)
    slope = parameters.gamma / np.sqrt(var + parameters.epsilon)
    left_over = slope * (xhat * target).sum(axis=0) * parameters.epsilon / (var + parameters.epsilon)
    size = float(np.max(np.abs(slope * target)))
    return Backward(
        float(np.max(np.abs(dx.sum(axis=0)))) / size,
        float(np.max(np.abs((xhat * dx).sum(axis=0) - left_over))) / size,
        float(np.max(np.abs(dx - numeric))) / size,
    )


def _central_differences(loss: Callable[[Array], float], x: Array, step: float = 1e-5) -> Array:
    """The gradient of a scalar function, one coordinate after the other."""
    gradient = np.zeros_like(x)
    for index in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (loss(up) - loss(down)) / (2 * step)
    return gradient


def _noise(rng: np.random.Generator, size: int) -> float:
    """The standard deviation of the mean of `size` samples of the first feature, over 4000 batches."""
    return float(rng.normal(3, 2, (4000, size)).mean(axis=1).std())


def _skewness(x: Array) -> float:
    return float((((x - x.mean()) / x.std()) ** 3).mean())


def setting(parameters: Parameters, result: Result) -> Iterator[Shown]:
    """What the learner is told before predicting."""
    yield Prose(
        "A batch-normalisation layer sees three features: a bell curve $N(3, 2^2)$, the skewed $\\mathrm{Exp}(1)$, and "
        f"the constant 5. Batches have {parameters.batch} samples, "
        f"$\\varepsilon = {latex_number(parameters.epsilon)}$, $\\gamma = {parameters.gamma:g}$ and "
        f"$\\beta = {parameters.beta:g}$."
    )


def predictions(parameters: Parameters, result: Result) -> tuple[Question, ...]:
    """What to predict before the numbers."""
    return (
        choice(
            "constant",
            "The third feature is 5 in every sample. What leaves the layer for it?",
            (
                "exactly $\\beta$",
                True,
                "$x - \\mu = 0$, and $\\varepsilon$ keeps the quotient $0/\\sqrt{\\varepsilon}$ from being $0/0$.",
            ),
            (
                "not a number",
                False,
                "That happens with $\\varepsilon = 0$; this layer adds $\\varepsilon$ under the root.",
            ),
            ("5", False, "The mean is subtracted, and the mean is 5."),
        ),
        choice(
            "skewed-share",
            "After the layer, with $\\beta = 0$, what share of the $\\mathrm{Exp}(1)$ feature is negative?",
            ("about 63 %", True, "Normalising moves and stretches, no more: $P(x < 1) = 1 - 1/e$ stays what it was."),
            (
                "about 50 %",
                False,
                "Only a symmetric feature is cut in half at its mean; this one is skewed, and stays so.",
            ),
            ("0 %", False, "Its values were positive before; after the mean is subtracted many are not."),
        ),
        number(
            "sum-of-gradients",
            "Add up $\\partial L/\\partial x_i$ over the samples of a batch, for one feature. What is the sum?",
            0.0,
            "1e-6",
            (1.0, "A common shift of all samples changes nothing, so the gradients cannot all pull one way."),
            after="Shifting every sample by the same amount does not change the output, so the gradients cancel.",
        ),
        choice(
            "ten-times",
            "The weights before the layer are multiplied by 10. What happens to their gradient?",
            (
                "it becomes a tenth",
                True,
                "The output stays the same, so a step of ten times the size must have the same effect.",
            ),
            (
                "it becomes ten times as large",
                False,
                "The output does not change at all; large weights are moved less, not more.",
            ),
            ("it stays the same", False, "The output stays the same; the gradient is what answers for the scale."),
        ),
    )


def view(parameters: Parameters, result: Result) -> Iterator[Shown]:
    """Running statistics, the two modes, batch sizes, and ReLU's dead half."""
    rows = tuple(
        (
            name,
            f"{result.batch_mean[i]:.3f}",
            f"{result.batch_var[i]:.3f}",
            f"{result.running_mean[-1, i]:.3f}",
            f"{result.running_var[-1, i]:.3f}",
            f"{result.training_output[0, i]:+.3f}",
            f"{result.inference_output[0, i]:+.3f}",
        )
        for i, name in enumerate(FEATURES)
    )
    heads = ("feature", "batch mean", "batch var", "run. mean", "run. var", "y train", "y infer")
    yield Figures(
        "One batch, in training and at inference",
        heads,
        rows,
        "Training uses the batch's own statistics, inference the running ones.",
    )
    steps = tuple(float(i + 1) for i in range(parameters.steps))
    if parameters.steps > 1:
        yield Chart(
            f"The running mean of N(3, 2²), momentum {parameters.momentum:g}",
            (
                Curve("running mean", steps, tuple(map(float, result.running_mean[:, 0]))),
                Curve("true mean", steps, (3.0,) * len(steps)),
            ),
        )
    yield Figures(
        "The batch mean is noisy: its standard deviation falls as 1/√B",
        ("batch size", "simulated", "2/√B"),
        tuple((str(size), f"{noise:.4f}", f"{2 / sqrt(size):.4f}") for size, noise in result.mean_noise),
    )
    dead = tuple(
        (name, f"{100 * b:.1f} %", f"{100 * a:.1f} %")
        for name, b, a in zip(FEATURES, result.dead_before[:2], result.dead_after, strict=False)
    )
    yield Figures("Share of inputs in ReLU's dead half", ("feature", "before the layer", "after it"), dead)
    yield Prose(
        "Backward, with $g_i = \\partial L/\\partial y_i$. The output depends on $x_i$ along three paths: directly, "
        "through the mean, and through the variance. Their gradients, $\\gamma/s$ times $g_i$, $-\\bar g$ and "
        "$-\\hat x_i\\,\\overline{g \\hat x}$ with $s = \\sqrt{v + \\varepsilon}$, add up to"
        "\n\n$$\n\\frac{\\partial L}{\\partial x_i} = \\frac{\\gamma}{s} \\left( g_i - \\bar g - "
        "\\hat x_i\\,\\overline{g \\hat x} \\right)\n$$"
    )


def checks(parameters: Parameters, result: Result) -> tuple[Check, ...]:
    """Analytic results beside simulated ones."""
    weight = (1 - parameters.momentum) ** parameters.steps
    spread = sqrt(parameters.momentum / (2 - parameters.momentum) / parameters.batch)
    cut = -parameters.beta / parameters.gamma
    share = 6 * sqrt(0.25 / MANY) + 0.01
    found = [
        Check(
            "running-mean",
            "the running mean tends to the true mean",
            (1 - weight) * 3,
            float(result.running_mean[-1, 0]),
            6 * 2 * spread + 1e-9,
        ),
        Check("constant", "a constant feature leaves as β", 0.0, result.constant_output, 1e-9),
        Check("no-epsilon", "without ε a constant feature is 0/0", 1.0, float(np.isnan(result.without_epsilon)), 0.0),
        Check("undo", "γ = √(var + ε), β = mean undo the layer", 0.0, result.undone_gap, 1e-9),
        Check("scale-invariance", "weights times 10 give the same output", 0.0, result.invariance_gap, 1e-9),
        Check("gradient-scale", "weights times 10 have a tenth of the gradient", 0.1, result.gradient_ratio, 1e-6),
        Check("sum-dx", "∑ dL/dx = 0", 0.0, result.backward.sum_dx, 1e-9),
        Check(
            "sum-xhat-dx", "∑ x̂·dL/dx is 0 but for a rest of size ε/(var + ε)", 0.0, result.backward.sum_xhat_dx, 1e-9
        ),
        Check(
            "backward", "the backward formula agrees with central differences", 0.0, result.backward.numeric_gap, 1e-5
        ),
        Check(
            "dead-half",
            "after the layer the share of N(3, 2²) below 0 is Φ(−β/γ)",
            erfc(-cut / sqrt(2)) / 2,
            float(result.dead_after[0]),
            share,
        ),
        Check(
            "dead-skewed",
            "and that of Exp(1) is 1 − 1/e for β = 0",
            1 - exp(-max(0.0, 1 + cut)),
            float(result.dead_after[1]),
            share,
        ),
        Check("skewness", "the layer keeps the skewness", result.skewness[0], result.skewness[1], 1e-6),
    ]
    found += [
        Check(
            f"noise-{size}",
            f"the mean of {size} samples has deviation 2/√B",
            2 / sqrt(size),
            noise,
            0.1 * 2 / sqrt(size),
        )
        for size, noise in result.mean_noise
    ]
    return tuple(found)


def figures(parameters: Parameters, result: Result) -> Mapping[str, Any]:
    """The numbers for scripts, rounded so that they repeat."""
    return {
        "running_mean": _rounded(result.running_mean[-1]),
        "running_var": _rounded(result.running_var[-1]),
        "batch_mean": _rounded(result.batch_mean),
        "batch_var": _rounded(result.batch_var),
        "dead_before": _rounded(result.dead_before),
        "dead_after": _rounded(result.dead_after),
        "mean_noise": [{"batch": size, "deviation": round(noise, 9)} for size, noise in result.mean_noise],
    }


def _rounded(values: Array) -> list[float]:
    return [round(float(value), 9) for value in values]


SIMULATION = Simulation(
    name="batchnorm",
    title="Batch normalisation from all sides",
    about="Training against inference, a constant feature, scale invariance, the backward formula, batch sizes.",
    parameters=Parameters,
    run=run,
    setting=setting,
    predictions=predictions,
    view=view,
    checks=checks,
    figures=figures,
)

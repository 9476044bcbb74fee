"""Functions, derivatives and batch normalisation against PyTorch, where it is installed."""

import numpy as np
import pytest

from dlteach.course.functions import Functions
from dlteach.notation.floats import evaluate
from dlteach.notation.reader import read
from dlteach.reasoning.deriving.derive import derive, subject
from dlteach.simulations.batchnorm import backward, forward

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch==2.13.0 runs these tests")

POINTS = (-4.7, -2.2, -0.9, -0.3, 0.2, 0.8, 1.9, 4.4)
NAMES = {
    "relu": "relu",
    "relu6": "relu6",
    "leaky_relu": "leaky_relu",
    "elu": "elu",
    "selu": "selu",
    "celu": "celu",
    "gelu": "gelu",
    "swish": "silu",
    "mish": "mish",
    "softplus": "softplus",
    "softsign": "softsign",
    "hardtanh": "hardtanh",
    "hardsigmoid6": "hardsigmoid",
    "hardswish": "hardswish",
    "logsigmoid": "logsigmoid",
}


def theirs(name: str, x: float):  # type: ignore[no-untyped-def]
    value = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    if name == "gelu_tanh":
        return value, torch.nn.functional.gelu(value, approximate="tanh")
    return value, getattr(torch.nn.functional, NAMES[name])(value)


@pytest.mark.parametrize("name", [*NAMES, "gelu_tanh"])
def test_values_and_derivatives(name: str, functions: Functions) -> None:
    expr = read(f"{name}(x)", functions.names)
    slope = derive(expr, "x", functions).result
    for x in POINTS:
        value, result = theirs(name, x)
        result.backward()
        assert evaluate(expr, {"x": x}, functions.definitions) == pytest.approx(result.item(), rel=1e-9, abs=1e-12)
        assert evaluate(slope, {"x": x}, functions.definitions) == pytest.approx(value.grad.item(), rel=1e-7, abs=1e-9)


def test_batch_normalisation_forward_and_backward() -> None:
    rng = np.random.default_rng(0)
    x, g = rng.normal(size=(16, 3)), rng.normal(size=(16, 3))
    y, xhat, _, var = forward(x, 1.5, -0.5, 1e-5)
    inputs = torch.tensor(x, requires_grad=True)
    weight, bias = torch.full((3,), 1.5, dtype=torch.float64), torch.full((3,), -0.5, dtype=torch.float64)
    output = torch.nn.functional.batch_norm(inputs, None, None, weight, bias, training=True, eps=1e-5)
    output.backward(torch.tensor(g))
    assert np.allclose(y, output.detach().numpy(), atol=1e-12)
    assert np.allclose(backward(g, xhat, var, 1.5, 1e-5), inputs.grad.numpy(), atol=1e-12)


def test_backpropagation_through_an_expression(functions: Functions) -> None:
    from dlteach.simulations import load
    from dlteach.simulations._model import read_parameters

    simulation = load("backprop")
    settings = {"expr": "sigmoid(w*x + b)*w", "w": "2", "x": "0.5", "b": "-1"}
    nodes = simulation.run(read_parameters(simulation, settings), 0, functions).nodes
    w, x, b = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (2.0, 0.5, -1.0))
    (torch.sigmoid(w * x + b) * w).backward()
    gradients = {node.name: node.gradient for node in nodes}
    assert [gradients[n] for n in "wxb"] == pytest.approx([t.grad.item() for t in (w, x, b)])


def test_subjects_by_name_are_the_functions_themselves(functions: Functions) -> None:
    expr, variable = subject("silu", functions)
    assert variable == "x" and evaluate(expr, {"x": 1.0, "beta": 1.0}, functions.definitions) == pytest.approx(
        0.7310585786
    )

"""What is read, as the table and the rules of the notation say; what is refused, where, and with which advice."""

from pathlib import Path

import pytest

from dlteach.course.functions import Functions
from dlteach.notation.reader import read, read_statement
from dlteach.notation.show import show
from dlteach.notation.tokens import NotationError
from dlteach.notation.tree import Derivative, Product, Symbol

REFUSED = sorted((Path(__file__).parent / "refused").glob("*.txt"))
assert REFUSED, "the corpus of refused formulas is missing"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("2(x + 1)", "2(x + 1)", id="a product stays as it is written"),
        pytest.param("x tanh(x)", "x*tanh(x)", id="juxtaposition is a product"),
        pytest.param("xσ(x)", "x*sigmoid(x)", id="a Greek letter is a name by itself"),
        pytest.param("2πx", "2*pi*x", id="pi splits from its neighbours"),
        pytest.param("βx", "beta*x", id="so does beta"),
        pytest.param("sigma(x)", "sigmoid(x)", id="sigma before a bracket is the sigmoid"),
        pytest.param("σ_B + 1", "sigma_B + 1", id="sigma with a subscript is a symbol"),
        pytest.param("-x^2", "-(x^2)", id="a power binds tighter than the sign before it"),
        pytest.param("e^-x^2", "e^(-x^2)", id="a sign may stand in an exponent"),
        pytest.param("x^2y", "x^2*y", id="an exponent ends before the next factor"),
        pytest.param("2^3^2", "2^(3^2)", id="powers associate to the right"),
        pytest.param("x² + y⁻¹", "x^2 + y^-1", id="superscripts"),
        pytest.param("x₁ + x_2", "x_1 + x_2", id="subscripts"),
        pytest.param("½x", "1/2*x", id="ready-made fractions"),
        pytest.param("√2 − √x", "sqrt(2) - sqrt(x)", id="the root sign"),
        pytest.param("tanh^2(x)", "tanh(x)^2", id="a power of a function"),
        pytest.param("tanh²(x)", "tanh(x)^2", id="the same with a superscript"),
        pytest.param("|x| + 2|y|", "abs(x) + 2*abs(y)", id="bars"),
        pytest.param("|(|x|)|", "abs((abs(x)))", id="bars inside a bracket inside bars"),
        pytest.param("x(1-x)", "x*(1 - x)", id="a symbol before a bracket multiplies"),
        pytest.param("a·b×c÷d", "a*b*c/d", id="other signs for products and quotients"),
        pytest.param("ｘ＋１", "x + 1", id="full-width forms"),
        pytest.param("𝑥 + 𝛽", "x + beta", id="mathematical letters"),
        pytest.param("arctan(x)", "atan(x)", id="long names of inverse functions"),
        pytest.param("d^2/dx^2 (x^3)", "d^2/dx^2 (x^3)", id="second derivatives"),
        pytest.param("d/2", "d/2", id="elsewhere d is a symbol"),
        pytest.param("lim(1/x, x → 0+)", "lim(1/x, x -> 0+)", id="one-sided limits"),
        pytest.param("int(e^-t, t = 0..∞)", "int(e^-t, t = 0..oo)", id="integrals"),
        pytest.param("E + E[z]", "E + E[z]", id="E is an expectation only before a bracket"),
    ],
)
def test_reading(typed: str, meant: str) -> None:
    assert read(typed) == read(meant)


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_a_formula_is_refused_at_the_marked_place_with_advice(path: Path, functions: Functions) -> None:
    source, marker, words = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    with pytest.raises(NotationError) as caught:
        read(source, functions.names)
    assert caught.value.at == marker.index("^")
    assert words in caught.value.line()


def test_the_caret_stands_below_the_fault() -> None:
    with pytest.raises(NotationError) as caught:
        read("tanh x + 1")
    first, source, caret = str(caught.value).split("\n")
    assert "tanh(x)" in first and source[caret.index("^")] == "t"


def test_numbers_are_exact() -> None:
    assert read("0.1") == read("1e-1")
    assert read("0.333333333333333") != read("1/3")


def test_a_derivative_takes_just_the_bracket_that_follows() -> None:
    product = read("d/dx (x) x")
    assert isinstance(product, Product) and isinstance(product.factors[0], Derivative)
    assert product.factors[1] == Symbol("x")


def test_names_of_the_course_are_known_with_their_other_names(functions: Functions) -> None:
    assert read("silu(x)", functions.names) == read("swish(x)", functions.names)


def test_a_known_function_checks_its_arguments(functions: Functions) -> None:
    assert read("elu(x, 2)", functions.names)
    with pytest.raises(NotationError, match="takes 1 to 2 arguments, not 3"):
        read("elu(x, 1, 2)", functions.names)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x + " * 5000 + "x", "too long"),
        ("(" * 400 + "x" + ")" * 400, "nested more than 200"),
        ("x^" * 300 + "x", "nested more than 200"),
        ("x/" * 300 + "x", "nested more than 200"),
        ("-" * 500 + "x", "too many signs"),
        ("9^9^9^9", "binary digits"),
        ("2^-99999", "binary digits"),
        ("1" * 401, "more than 400 digits"),
        ("1e999", "more than 400 digits"),
    ],
)
def test_limits_hold_before_any_work(text: str, problem: str) -> None:
    with pytest.raises(NotationError, match=problem):
        read(text)


def test_depth_two_hundred_is_still_read() -> None:
    deep = "(" * 190 + "x" + ")" * 190
    assert read(deep) == Symbol("x")


def test_a_statement_needs_a_relation() -> None:
    with pytest.raises(NotationError, match="a relation"):
        read_statement("x + 1")


def test_bound_symbols_survive_a_round_trip() -> None:
    assert show(read("sum(1/i, i = 1..n)")) == "sum(1/i, i = 1..n)"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (r"\frac{1}{2}x\left(1+\tanh(x)\right)", "1/2*x*(1 + tanh(x))"),
        (r"\frac12 x", "1/2*x"),
        (r"\dfrac{\pi}{\sqrt{2}}", "pi/sqrt(2)"),
        ("e^{-x^2/2}", "e^(-x^2/2)"),
        (r"\mathrm{GELU}(x)", "gelu(x)"),
        (r"\operatorname{leaky\_relu}(x)", "leaky_relu(x)"),
        (r"\sigma_B^2 + \sigma(x)", "sigma_B^2 + sigmoid(x)"),
        (r"\frac{d}{dx} \tanh(x)", "d/dx (tanh(x))"),
        (r"\frac{d^{2}}{dx^{2}}\left(x^3\right)", "d^2/dx^2 (x^3)"),
        (r"\frac{\partial}{\partial \beta}\left(x \beta\right)", "∂/∂beta (x*beta)"),
        (r"\int_{0}^{1} x^2 + 1 \, dx", "int(x^2 + 1, x = 0..1)"),
        (r"\int_0^1 \int_0^y x \, dx \, dy", "int(int(x, x = 0..y), y = 0..1)"),
        (r"\sum_{i=1}^{n} i^2", "sum(i^2, i = 1..n)"),
        (r"\lim_{x \to 0^+} \frac{\sin(x)}{x}", "lim(sin(x)/x, x -> 0+)"),
        (r"\lim_{x \to -\infty} \Phi(x)", "lim(Phi(x), x -> -oo)"),
        (r"\sup_{x \in [0,1)} x(1-x)", "sup(x*(1 - x), x in [0, 1))"),
        (r"\mathbb{E}\left[z^2\right]", "E[z^2]"),
        (r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}", "{x if x > 0; 0 otherwise}"),
        (r"\begin{cases} x, & x > 0 \\ 0, & x \le 0 \end{cases}", "{x if x > 0; 0 if x <= 0}"),
        (r"\left|\left|x\right| - 1\right|", "abs(abs(x) - 1)"),
        (r"\max\{0, x\}", "max(0, x)"),
        (r"\tanh^{2}\left(x\right)", "tanh(x)^2"),
        (r"\log_2(x) + \lfloor x \rfloor", "log2(x) + floor(x)"),
        (r"\sqrt[3]{x} \cdot \Phi'(x)", "cbrt(x)*Phi'(x)"),
    ],
)
def test_latex_is_read_by_the_same_grammar(typed: str, meant: str, functions: Functions) -> None:
    assert read(typed, functions.names) == read(meant, functions.names)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (
            r"\operatorname{swish}(x) \le x \quad \text{for } x > 0, n \in \mathbb{Z}",
            "swish(x) <= x for x > 0, n integer",
        ),
        (r"\tanh(x) \text{ is odd}", "odd(tanh(x))"),
        (r"\operatorname{elu}(x, a) \in C^{1} \quad \text{for } a = 1", "smooth(elu(x, a), 1) for a = 1"),
        (r"\sin(x) \text{ is periodic with period } 2 \pi", "periodic(sin(x), 2pi)"),
        (r"\pi \approx 3.14 \pm 0.01", "pi ~= 3.14 +- 0.01"),
        (r"x \ne 0 \quad \text{for } x \in \left[1, \infty\right)", "x != 0 for x in [1, oo)"),
    ],
)
def test_statements_in_latex(typed: str, meant: str, functions: Functions) -> None:
    assert read_statement(typed, functions.names) == read_statement(meant, functions.names)


@pytest.mark.parametrize(
    "typed", ["\\", r"\frac{1}{", r"\tanh x", r"\text{abc", r"\int_0^1 x", r"\begin{matrix}", r"x_{i}^", r"\left("]
)
def test_faults_in_latex_have_a_place(typed: str, functions: Functions) -> None:
    with pytest.raises(NotationError) as caught:
        read(typed, functions.names)
    assert 0 <= caught.value.at <= len(typed)

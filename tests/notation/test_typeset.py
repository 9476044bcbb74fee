"""LaTeX as text: pictures that a reviewer can check by eye."""

import pytest

from dlteach.notation.blocks import cells
from dlteach.notation.latex import latex
from dlteach.notation.reader import read
from dlteach.notation.tokens import NotationError
from dlteach.notation.typeset import display, inline


def picture(source: str, width: int = 200) -> list[str]:
    return [row.rstrip() for block in display(source, width) for row in block.rows]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (r"\frac{1}{2}x", "½x"),
        (r"\frac{x}{2}\left(1 + \tanh u\right)", "(x/2)(1 + tanh u)"),
        (r"x^2 + x_1", "x² + x₁"),
        (r"e^{-x^2/2}", "e^(−x²/2)"),
        (r"\sqrt{2\pi} + \sqrt 2", "√(2π) + √2"),
        (r"\hat x_i", "x̂ᵢ"),
        (r"-1 \le x \le 1", "−1 ≤ x ≤ 1"),
        (r"\sigma'(x)", "σ′(x)"),
        (r"\mathbb{E}[z] = 0", "𝔼[z] = 0"),
        (r"W^T", "Wᵀ"),
        (r"\operatorname{erf}(x)", "erf(x)"),
        (r"a \cdot b \times c", "a · b × c"),
        (r"\boldsymbol{x} \odot \mathbf{y}", "x ⊙ y"),
        (r"\lVert x \rVert", "‖x‖"),
        (r"f\colon x \mapsto |x|", "f:x ↦ |x|"),
    ],
)
def test_inline(source: str, line: str) -> None:
    assert inline(source) == line


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        pytest.param(r"\frac{a + b}{2}", ["a + b", "─────", "  2"], id="a fraction"),
        pytest.param(r"\sqrt{x + 1}", [" ┌─────", "√│x + 1"], id="a root"),
        pytest.param(r"\sum_{i=1}^n x_i", ["  n", "  ∑   xᵢ", "i = 1"], id="a sum with its limits"),
        pytest.param(
            r"f = \begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
            ["    ⎧ x  if x > 0", "f = ⎨", "    ⎩ 0  otherwise"],
            id="cases",
        ),
        pytest.param(r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", ["⎛a  b⎞", "⎝c  d⎠"], id="a matrix"),
        pytest.param(r"\lim_{x \to 0} x", [" lim  x", "x → 0"], id="a limit"),
        pytest.param(r"e^{-x^2/2}", [" −x²/2", "e"], id="an exponent that has no small letters"),
        pytest.param(r"\left(\frac{x}{2}\right)", ["⎛x⎞", "⎜─⎟", "⎝2⎠"], id="tall brackets"),
        pytest.param(r"\begin{aligned} y &= a \\ &= b \end{aligned}", ["y = a", "  = b"], id="aligned lines"),
    ],
)
def test_display(source: str, rows: list[str]) -> None:
    assert picture(source) == rows


def test_a_wide_formula_breaks_before_relations_and_signs() -> None:
    rows = picture("y = " + " + ".join(f"a_{i} x_{i}" for i in range(12)), 40)
    assert all(cells(row) <= 40 for row in rows)
    assert len(rows) > 1 and all(row.startswith("    +") for row in rows[1:])


@pytest.mark.parametrize("source", [r"\nonsense", r"\frac{1}", r"{x", r"\begin{cases} x", r"\left( x", "}"])
def test_what_cannot_be_laid_out_is_an_error_with_a_place(source: str) -> None:
    with pytest.raises(NotationError, match="LaTeX"):
        display(source)


@pytest.mark.parametrize(
    "text", ["d/dx (x*Phi(x))", "{x if x > 0; a*x otherwise}", "lim(gelu_(x), x -> -oo)", "4.74e-4"]
)
def test_our_own_latex_can_always_be_laid_out(text: str) -> None:
    assert picture(latex(read(text.replace("gelu_", "tanh"))))


def test_wide_characters_count_twice_and_combining_marks_not_at_all() -> None:
    assert cells("批") == 2 and cells("x̂") == 1

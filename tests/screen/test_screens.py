"""Screens as plain text at stated widths, small enough to be checked by eye."""

import pytest

from dlteach.course.dialogue import Chart, Curve
from dlteach.course.entries import Claim
from dlteach.course.functions import Functions
from dlteach.course.ledger import KeptVerdict, Outcome
from dlteach.reasoning.deriving.derive import derive, subject
from dlteach.screen.derivations import derivation_rows
from dlteach.screen.markdown import columns, markdown
from dlteach.screen.plot import plot, sampled
from dlteach.screen.verdicts import LOOKS, claim_panel
from tests.screen.shown import shown, terminal

ROWS = [["relu", "0 or 1", "a kink"], ["gelu", "1/2", "smooth everywhere"]]


def picture(text: str) -> str:
    """A picture in this file: without the line breaks and the margin around it."""
    return "\n".join(row[8:] for row in text.strip("\n").rstrip().split("\n"))


@pytest.mark.parametrize(
    ("width", "plain", "rows"),
    [
        pytest.param(
            40,
            False,
            """
        name   slope at 0   what
        ─────────────────────────────────────
        relu       0 or 1   a kink
        gelu          1/2   smooth everywhere
            """,
            id="a rule below the heads",
        ),
        pytest.param(
            40,
            True,
            """
        name  slope at 0  what
        relu      0 or 1  a kink
        gelu         1/2  smooth everywhere
            """,
            id="plain: no rule",
        ),
        pytest.param(
            24,
            False,
            """
        relu
          slope at 0 0 or 1
          what a kink
        gelu
          slope at 0 1/2
          what smooth everywhere
            """,
            id="too narrow: each row is a paragraph",
        ),
    ],
)
def test_tables(width: int, plain: bool, rows: str) -> None:
    view = terminal(width, plain)
    assert shown([columns(["name", "slope at 0", "what"], ROWS, view, ["left", "right"])], view) == picture(rows)


@pytest.mark.parametrize(
    ("width", "plain", "rows"),
    [
        pytest.param(
            34,
            False,
            """
        The mean square of x over n
        points:

            1   n
            ─   ∑   xᵢ²
            n i = 1

        • one
        • two, which is longer than the
          first
            """,
            id="two dimensions",
        ),
        pytest.param(
            34,
            True,
            """
        The mean square of x over n
        points:

            1/n ∑ᵢ₌₁ⁿ xᵢ²

        - one
        - two, which is longer than the
          first
            """,
            id="one line",
        ),
    ],
)
def test_prose_with_a_formula(width: int, plain: bool, rows: str) -> None:
    source = (
        "The mean *square* of $x$ over $n$ points:\n\n$$\\frac{1}{n}\\sum_{i=1}^n x_i^2$$\n\n"
        "- one\n- two, which is longer than the first"
    )
    view = terminal(width, plain)
    assert shown(markdown(source, view), view) == picture(rows)


CLAIM = Claim("half", "lesson.toml:1", "gelu(x) = x/2*(1 + erf(x/sqrt(2)))", "", "", {"en": "By the error function."})


@pytest.mark.parametrize(
    ("width", "plain", "rows"),
    [
        pytest.param(
            50,
            False,
            """
        ▎ claim gelu/half  ✗ refuted
        ▎             x⎛       ⎛x ⎞⎞
        ▎   gelu(x) = ─⎜1 + erf⎜──⎟⎟
        ▎             2⎝       ⎝√2⎠⎠
        ▎ By the error function.
        ▎ at x = 1: 0.84 against 0.5
            """,
            id="behind a bar",
        ),
        pytest.param(
            50,
            True,
            """
          claim gelu/half  ✗ refuted
            gelu(x) = x/2·(1 + erf(x/sqrt(2)))
          By the error function.
          at x = 1: 0.84 against 0.5
            """,
            id="plain: indented",
        ),
        pytest.param(
            26,
            False,
            """
        ▎ claim gelu/half  ✗
        ▎ refuted
        ▎   gelu(x) = x/2·(1 +
        ▎   erf(x/sqrt(2)))
        ▎ By the error function.
        ▎ at x = 1: 0.84 against
        ▎ 0.5
            """,
            id="narrow: a long line is broken behind the bar",
        ),
    ],
)
def test_a_claim_with_its_verdict(width: int, plain: bool, rows: str, functions: Functions) -> None:
    kept = KeptVerdict(CLAIM.states, Outcome.REFUTED, "counterexample", "at x = 1: 0.84 against 0.5")
    view = terminal(width, plain)
    assert shown(claim_panel(CLAIM, "gelu/half", kept, functions, view), view) == picture(rows)


def test_every_outcome_has_a_word_and_a_sign_that_stand_without_colour() -> None:
    assert LOOKS.keys() == set(Outcome)
    words = [word for word, _ in LOOKS.values()]
    assert len(set(words)) == len(words) and all(outcome in word for outcome, (word, _) in LOOKS.items())


@pytest.mark.parametrize(
    ("width", "plain", "rows"),
    [
        pytest.param(
            70,
            False,
            """
            d
            ──(x tanh(x))
            dx

                              ⎛d         ⎞
          = 1 · tanh(x) + x · ⎜── tanh(x)⎟            product rule, identity
                              ⎝dx        ⎠

          = 1 · tanh(x) + x(1 − tanh²(x))             hyperbolic tangent
          = tanh(x) + x(1 − tanh²(x))                 simplify
            """,
            id="rules in the margin",
        ),
        pytest.param(
            34,
            False,
            """
            d
            ──(x tanh(x))
            dx

            product rule, identity
                              ⎛d         ⎞
          = 1 · tanh(x) + x · ⎜── tanh(x)⎟
                              ⎝dx        ⎠

            hyperbolic tangent
          = 1 · tanh(x) + x(1 − tanh²(x))

            simplify
          = tanh(x) + x(1 − tanh²(x))
            """,
            id="rules above their lines",
        ),
        pytest.param(
            70,
            True,
            """
            d/dx (x·tanh(x))
          = 1·tanh(x) + x·(d/dx (tanh(x)))   [product rule, identity]
          = 1·tanh(x) + x·(1 − tanh(x)^2)   [hyperbolic tangent]
          = tanh(x) + x·(1 − tanh(x)^2)   [simplify]
            """,
            id="plain: one line a step",
        ),
    ],
)
def test_a_derivation(width: int, plain: bool, rows: str, functions: Functions) -> None:
    expr, variable = subject("x*tanh(x)", functions)
    view = terminal(width, plain)
    assert shown(derivation_rows(derive(expr, variable, functions), view), view).rstrip() == picture(rows)


LINES = Chart("two lines", (sampled("x", lambda x: x, -1, 1), sampled("-x/2", lambda x: -x / 2, -1, 1)))


@pytest.mark.parametrize(
    ("width", "plain", "rows"),
    [
        pytest.param(
            60,
            False,
            """
        two lines
         1 │                       ⠁               ⢀⣀⡠⠤⠤⠒⠚⠉ ⠒⠒⠒ x
           │⠤⠤⠄ ⣀⣀⡀                ⠁       ⢀⣀⣠⠤⠴⠒⠊⠉⠁
           │        ⠉⠉⠁⠐⠒⠒ ⠠⠤⠤ ⢀⣀⣀ ⢁⣀⡠⠤⠔⠒⠊⠉⠁
           │⠁ ⠁ ⠁ ⠁ ⠁ ⠁ ⠁ ⠁⢀⣁⡠⠥⠔⠓⠊⠉⠉⠉⠁⠁⠑⠓⠂⠁⠢⠥⠄⠁⢤⣁ ⢁⡀⠁ ⠁ ⠁ ⠁
           │       ⢀⣀⡠⠤⠖⠒⠋⠉⠁       ⠁               ⠈⠉ ⠈⠉⠒ ⠐ ⠒⠒⠂ -x/2
        -1 │⣀⡤⠤⠒⠒⠊⠉⠁               ⠁
            -1                                            1
            """,
            id="names at the ends of the curves",
        ),
        pytest.param(
            24,
            True,
            """
        two lines
         1       ⠁   ⢠⠞
                 ⠁  ⡰⠋
            ⠙⠆⢀  ⠁⢀⡼⠁
              ⠈⠓⢀⣡⠎
            ⠁ ⠁ ⡱⠋⠁⢤⡁ ⠁
              ⢀⡞⠁⠁  ⠁⠰⣄
             ⣠⠎  ⠁
        -1  ⡴⠃   ⠁
            -1        1
          ⠒⠒⠒ x
          ⠒⠒⠂ -x/2
            """,
            id="names below, where there is no room",
        ),
    ],
)
def test_a_plot(width: int, plain: bool, rows: str) -> None:
    view = terminal(width, plain)
    assert shown(plot(LINES, view, height=6), view) == picture(rows)


def test_a_plot_without_values_says_so() -> None:
    view = terminal(60)
    nothing = Chart("", (Curve("sqrt(-1 - x^2)", (0.0, 1.0), (float("nan"), float("nan"))),))
    assert shown(plot(nothing, view), view) == "(nothing to plot: no value is real)"

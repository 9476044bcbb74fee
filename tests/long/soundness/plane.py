"""Inequalities of two and three variables with a constant just enough or just not, and forms by discriminant."""

from __future__ import annotations

import re
from fractions import Fraction
from random import Random

from mpmath import mp, mpf

from tests.long.soundness.cases import Case, Truth, row
from tests.long.soundness.terms import Number

# a text with {c}, the conditions, whether more of c makes it truer, and the best c, with which it is true
SHARP: list[tuple[str, str, bool, Number]] = [
    ("|tanh(a) - tanh(b)| <= {c}*|a - b|", "", True, 1),
    ("|sigmoid(a) - sigmoid(b)| <= {c}*|a - b|", "", True, Fraction(1, 4)),
    ("|sin(a) - sin(b)| <= {c}*|a - b|", "", True, 1),
    ("|atan(a) - atan(b)| <= {c}*|a - b|", "", True, 1),
    ("|softplus(a) - softplus(b)| <= {c}*|a - b|", "", True, 1),
    ("|relu(a) - relu(b)| <= {c}*|a - b|", "", True, 1),
    ("|a^2 - b^2| <= {c}*|a - b|", "-1 <= a <= 1, -1 <= b <= 1", True, 2),
    ("|sqrt(a) - sqrt(b)| <= {c}*|a - b|", "a >= 1, b >= 1", True, Fraction(1, 2)),
    ("|ln(a) - ln(b)| <= {c}*|a - b|", "a >= 2, b >= 2", True, Fraction(1, 2)),
    ("|e^a - e^b| <= {c}*|a - b|", "a <= 0, b <= 0", True, 1),
    ("a*b <= {c}*(a^2 + b^2)", "", True, Fraction(1, 2)),
    ("(a + b)^2 <= {c}*(a^2 + b^2)", "", True, 2),
    ("(a + b + d)^2 <= {c}*(a^2 + b^2 + d^2)", "", True, 3),
    ("a^2 + b^2 >= {c}*a*b", "", False, 2),
    ("a^2 + a*b + b^2 >= {c}*(a^2 + b^2)", "", False, Fraction(1, 2)),
    ("a^2 - a*b + b^2 >= {c}*(a + b)^2", "", False, Fraction(1, 4)),
    ("a^4 + b^4 >= {c}*(a + b)^4", "", False, Fraction(1, 8)),
    ("(a + b)*(1/a + 1/b) >= {c}", "a > 0, b > 0", False, 4),
    ("a/b + b/a >= {c}", "a > 0, b > 0", False, 2),
    ("a/b + b/a >= {c}", "a*b > 0", False, 2),
    ("sqrt(a*b) <= {c}*(a + b)", "a >= 0, b >= 0", True, Fraction(1, 2)),
    ("sqrt(a) + sqrt(b) <= {c}*sqrt(2*(a + b))", "a >= 0, b >= 0", True, 1),
    ("sqrt(a + b) <= {c}*(sqrt(a) + sqrt(b))", "a > 0, b > 0", True, 1),
    ("ln(e^a + e^b) <= max(a, b) + {c}*ln(2)", "", True, 1),
    ("ln(e^a + e^b) >= max(a, b) + {c}", "", False, 0),
    ("ln(e^a + e^b) >= (a + b)/2 + {c}*ln(2)", "", False, 1),
    ("a*ln(a/b) + (1 - a)*ln((1 - a)/(1 - b)) >= {c}*(a - b)^2", "0 < a < 1, 0 < b < 1", False, 2),
    ("a*ln(a/b) - a + b >= {c}", "a > 0, b > 0", False, 0),
    ("a*b <= {c}*a^2 + b^2/4", "", True, 1),
    ("a*b <= {c}", "a >= 0, b >= 0, a + b <= 1", True, Fraction(1, 4)),
    ("a*b <= {c}", "a^2 + b^2 = 1", True, Fraction(1, 2)),
    ("a + b >= {c}", "a*b = 1, a > 0", False, 2),
    ("a^2 + b^2 >= {c}", "a + b = 1", False, Fraction(1, 2)),
    ("a + b <= {c}", "a^2 + b^2 <= 2", True, 2),
    ("a - b <= {c}", "0 <= a <= 1, 0 <= b <= 1", True, 1),
    ("a - b <= {c}", "0 <= a < 1, 0 <= b <= 1", True, 1),
    ("a*b*d <= {c}*(a + b + d)^3", "a > 0, b > 0, d > 0", True, Fraction(1, 27)),
    ("max(a, b) <= {c}*(a + b)", "a >= 0, b >= 0", True, 1),
    ("max(a, b) >= {c}*(a + b)", "a >= 0, b >= 0", False, Fraction(1, 2)),
    ("|a + b| + |a - b| >= {c}*|a|", "", False, 2),
    ("|a + b| <= {c}*(|a| + |b|)", "", True, 1),
    ("|a*b| <= {c}*(a^2 + b^2)", "", True, Fraction(1, 2)),
    ("relu(a + b) <= {c}*(relu(a) + relu(b))", "", True, 1),
    ("softplus(a + b) <= softplus(a) + {c}*softplus(b)", "", True, 1),
    ("cosh(a)*cosh(b) >= {c}*cosh(a + b)", "", False, Fraction(1, 2)),
    ("(1 + a)*(1 + b) >= {c} + a + b", "a*b >= 0", False, 1),
    ("e^(a + b) >= {c} + a + b", "", False, 1),
    ("(e^a + e^b)/2 >= {c}*e^((a + b)/2)", "", False, 1),
    ("sqrt(a^2 + b^2) >= {c}*(|a| + |b|)", "", False, Fraction(7, 10)),
    ("a^2*b^2*(a^2 + b^2) + 1 >= {c}*a^2*b^2", "", False, 3),
    ("t*a^2 + (1 - t)*b^2 >= {c}*(t*a + (1 - t)*b)^2", "0 <= t <= 1", False, 1),
    ("(1 + x)^n >= {c} + n*x", "x >= -1, n integer, n >= 1", False, 1),
    ("x^y + y^x > {c}", "0 < x < 1, 0 < y < 1", False, 1),
    ("sin(x)^2 + sin(y)^2 <= {c}", "", True, 2),
    ("cos(x - y) >= {c}*(1 - (x - y)^2/2)", "-1 < x < 1, -1 < y < 1", False, 1),
    ("x^2*e^(-x*y) <= {c}/y^2*4*e^-2", "x > 0, y > 0", True, 1),
    ("x/(x + y) <= {c}", "x > 0, y > 0", True, 1),
    ("x/(x^2 + y^2) <= {c}/(2*|y|)", "y != 0", True, 1),
    ("|x*y|/(x^2 + y^2) <= {c}", "", True, Fraction(1, 2)),
    ("Phi(x)*Phi(y) <= {c}*Phi(max(x, y))", "", True, 1),
    ("floor(x) + floor(y) <= {c}*floor(x + y)", "x >= 0, y >= 0", True, 1),
    ("floor(x + y) <= floor(x) + floor(y) + {c}", "", True, 1),
    ("|x - y| >= {c}*(|x| - |y|)", "", False, 1),
]


@row("plane", share=8)
def with_a_sharp_constant(chance: Random) -> Case | None:
    text, where, more, best = chance.choice(SHARP)
    tiny = Fraction(1, 10 ** chance.choice((1, 2, 3, 5, 8)))
    match chance.randrange(4):
        case 0:
            c, truth = Fraction(best), Truth.TRUE
        case 1:
            c, truth = Fraction(best) + (tiny if more else -tiny), Truth.TRUE
        case _:
            c, truth = Fraction(best) - (tiny if more else -tiny), Truth.FALSE
    if "7/10" in str(best) and truth is Truth.FALSE:
        return None  # 7/10 is not the best: sqrt(1/2) is
    if c < 0 and best != 0:
        return None
    return Case(text.format(c=f"({c})") + (f" for {where}" if where else ""), truth, f"the best constant is {best}")


@row("plane", share=3)
def with_equality_somewhere(chance: Random) -> Case | None:
    """Strict where both sides meet: false."""
    text, where, _, best = chance.choice(SHARP)
    meets_nowhere = ("0 <= a < 1", "Phi(x)*Phi", "softplus(a + b)", "sqrt(a + b)", "x^y", "x/(x + y)", "max(a, b) +")
    if best in (0, Fraction(7, 10)) or any(word in text or word in where for word in meets_nowhere) or " > " in text:
        return None
    if any(text.startswith(word) for word in ("ln(e^a + e^b) >= max", "cosh(a)*cosh", "|ln", "|sqrt(a) -", "|e^a")):
        return None  # approached only, or met only where a = b
    strict = text.replace(" <= ", " < ").replace(" >= ", " > ").format(c=f"({best})")
    return Case(strict + (f" for {where}" if where else ""), Truth.FALSE, "the sides are equal somewhere")


@row("plane", share=5)
def quadratic_forms(chance: Random) -> Case | None:
    """p*x^2 + q*x*y + r*y^2 + s (⋚) 0: by its discriminant, on the plane or a quadrant."""
    p, q, r = chance.randint(-3, 6), chance.randint(-8, 8), chance.randint(-3, 6)
    s = chance.choice((0, 0, 1, -1))
    form = f"({p})*x^2 + ({q})*x*y + ({r})*y^2 + ({s})"
    disc = 4 * p * r - q * q
    never = p >= 0 and r >= 0 and disc >= 0
    definite = p > 0 and disc > 0
    quadrant = p >= 0 and r >= 0 and (q >= 0 or disc >= 0)
    text, holds = chance.choice(
        (
            (f"{form} >= 0", never and s >= 0),
            (f"{form} >= {s}", never),
            (f"{form} > 0", never and s > 0),
            (f"{form} > 0 for x != 0", s == 0 and (definite or (p > 0 and q == r == 0))),
            (f"{form} >= 0 for x >= 0, y >= 0", quadrant and s >= 0),
            (f"{form} >= 0 for x*y >= 0", quadrant and s >= 0),
            (f"{form} >= 0 for |x| = |y|", s >= 0 and p + r - abs(q) >= 0),
            (f"{form} >= 0 for x = y", s >= 0 and p + q + r >= 0),
            (f"max({form}, 0) = {form}", never and s >= 0),
            (f"sqrt(({form})^2) = {form}", never and s >= 0),
        )
    )
    if " > 0 for x != 0" in text and s > 0:
        return None
    return Case(text, Truth.TRUE if holds else Truth.FALSE, f"the discriminant is {disc}")


@row("plane", share=3)
def on_a_curve(chance: Random) -> Case | None:
    """An equation of one symbol or two, under conditions that tie them together."""
    text, truth = chance.choice(
        (
            ("x = y for x^3 = y^3", Truth.TRUE),
            ("x = y for x^2 = y^2", Truth.FALSE),
            ("x = y for x^2 = y^2, x > 0, y > 0", Truth.TRUE),
            ("x = y for e^x = e^y", Truth.TRUE),
            ("x = y for tanh(x) = tanh(y)", Truth.TRUE),
            ("x = y for sin(x) = sin(y)", Truth.FALSE),
            ("x = y for |x| = |y|", Truth.FALSE),
            ("x = y for cosh(x) = cosh(y)", Truth.FALSE),
            ("x = y for relu(x) = relu(y)", Truth.FALSE),
            ("x = y for floor(x) = floor(y)", Truth.FALSE),
            ("x = 0 for x^2 + y^2 = 0", Truth.TRUE),
            ("x = 0 for x*y = 0", Truth.FALSE),
            ("x*y = 0 for x = 0", Truth.TRUE),
            ("x = 1 for x^2 = 1", Truth.FALSE),
            ("x = 1 for x^2 = 1, x > 0", Truth.TRUE),
            ("|x| = 1 for x^2 = 1", Truth.TRUE),
            ("x^4 = 4 for x^2 = 2", Truth.TRUE),
            ("x^3 = 2*sqrt(2) for x^2 = 2", Truth.FALSE),
            ("x^2 + y^2 = 1 for y = sqrt(1 - x^2)", Truth.TRUE),
            ("x^2 + y^2 = 1 for y = sqrt(1 - x^2), x > 2", Truth.EMPTY),
            ("y >= 0 for y = sqrt(1 - x^2)", Truth.TRUE),
            ("y > 0 for y = sqrt(1 - x^2)", Truth.FALSE),
            ("y = x for y = |x|", Truth.FALSE),
            ("y >= x for y = |x|", Truth.TRUE),
            ("y = 1 for y = x/x", Truth.TRUE),
            ("y = 1 for y = x/x, x = 0", Truth.EMPTY),
            ("y = 0 for y = 0*ln(x), x < 0", Truth.EMPTY),
            ("1 = 1 for y = ln(x), x < 0", Truth.EMPTY),
            ("x = x for y = sqrt(-1 - x^2)", Truth.EMPTY),
            ("x > 0 for y = ln(x)", Truth.TRUE),
            ("x > 1 for y = ln(x), y > 0", Truth.TRUE),
            ("x > 1 for ln(x) > 0", Truth.TRUE),
            ("x > 1 for ln(x) >= 0", Truth.FALSE),
            ("x >= 1 for ln(x) >= 0", Truth.TRUE),
            ("x > 0 for 1/x > 0", Truth.TRUE),
            ("x < 1 for 1/x > 1", Truth.TRUE),
            ("x > 1 for 1/x < 1", Truth.FALSE),
            ("x >= 0 for sqrt(x) >= 0", Truth.TRUE),
            ("x >= 4 for sqrt(x) > 2", Truth.TRUE),
            ("x > 4 for sqrt(x) >= 2", Truth.FALSE),
            ("a + b = 2 for a = 1, b = a", Truth.TRUE),
            ("a = b for a = b + c, c = 0", Truth.TRUE),
            ("a = b for a = b + c, c = 1", Truth.FALSE),
            ("a = b for a <= b, b <= a", Truth.TRUE),
            ("a = b for a <= b", Truth.FALSE),
            ("a < d for a < b, b < d", Truth.TRUE),
            ("a < d for a <= b, b < d", Truth.TRUE),
            ("a < d for a <= b, b <= d", Truth.FALSE),
            ("a = d for a < b, b < d, d < a", Truth.EMPTY),
            ("x = 3 for x > y, y > x", Truth.EMPTY),
            ("x = 3 for x > y, y > t, t > x", Truth.EMPTY),
            ("x^2 = 2 for x integer", Truth.FALSE),
            ("x = 0 for x integer, x^2 < 1", Truth.TRUE),
            ("x = 0 for x integer, |x| < 1/2", Truth.TRUE),
            ("x = 1 for x integer, 0 < x < 2", Truth.TRUE),
            ("x = 1 for 0 < x < 2", Truth.FALSE),
            ("x*(x - 1) = 0 for x integer, 0 <= x <= 1", Truth.TRUE),
            ("x*(x - 1)*(x - 2) = 0 for x integer, 0 <= x < 3", Truth.TRUE),
            ("x*(x - 1) = 0 for x integer, 0 <= x < 3", Truth.FALSE),
            ("max(x, y) = x for x >= y", Truth.TRUE),
            ("max(x, y) = x for x >= y - 1e-9", Truth.FALSE),
            ("|x - y| = x - y for x > y", Truth.TRUE),
            ("sqrt((x - y)^2) = x - y for x >= y", Truth.TRUE),
            ("relu(x - y) = 0 for x <= y", Truth.TRUE),
            ("relu(x - y) = 0 for x < y + 1e-12", Truth.FALSE),
            ("sign(x*y) = sign(x)*sign(y)", Truth.TRUE),
            ("sign(x + y) = sign(x) + sign(y)", Truth.FALSE),
            ("|x + y| = |x| + |y| for x*y >= 0", Truth.TRUE),
            ("|x + y| = |x| + |y|", Truth.FALSE),
            ("floor(x + y) = floor(x) + y for y integer", Truth.TRUE),
            ("floor(x + y) = floor(x) + floor(y)", Truth.FALSE),
            ("(x*y)^t = x^t*y^t for x > 0, y > 0", Truth.TRUE),
            ("(x*y)^(1/2) = x^(1/2)*y^(1/2) for x < 0, y < 0", Truth.EMPTY),
            ("(x^y)^t = x^(y*t) for x > 0", Truth.TRUE),
            ("(x^2)^(1/2) = x for x < 0", Truth.FALSE),
            ("x^y = y^x for x = 2, y = 4", Truth.TRUE),
            ("x^y*x^t = x^(y + t) for x > 0", Truth.TRUE),
            ("x^y = x^y for x = -1, y = 1/2", Truth.EMPTY),
            ("{1 if x = y; 0 otherwise} = 0 for x != y", Truth.TRUE),
            ("{1 if x > y; 0 otherwise} + {1 if x < y; 0 otherwise} = 1", Truth.FALSE),
            ("{1 if x > y; 0 otherwise} + {1 if x <= y; 0 otherwise} = 1", Truth.TRUE),
            ("{x if x > y; y otherwise} = max(x, y)", Truth.TRUE),
            ("{x if x < y; y otherwise} = max(x, y)", Truth.FALSE),
            ("{x/y if y != 0; 0 otherwise}*y = x", Truth.FALSE),
            ("{x/y if y != 0; 0 otherwise}*y = x for y > 0", Truth.TRUE),
            ("x/y*(y/x) = 1", Truth.TRUE),
            ("x/y*(y/x) = 1 for x = 0", Truth.EMPTY),
            ("atan(x/y) + atan(y/x) = pi/2", Truth.FALSE),
            ("atan(x/y) + atan(y/x) = pi/2 for x*y > 0", Truth.TRUE),
            ("ln(x/y) = ln(x) - ln(y) for x < 0, y < 0", Truth.EMPTY),
            ("ln(x/y) = ln(|x|) - ln(|y|) for x < 0, y < 0", Truth.TRUE),
        )
    )
    if chance.random() < 0.4:
        swap = {"x": "y", "y": "x", "a": "b", "b": "a"}
        text = re.sub(r"(?<![A-Za-z_0-9])[xyab](?![A-Za-z_0-9(])", lambda m: swap[m.group(0)], text)
    return Case(text, truth, "by its conditions")


def _checked() -> None:
    """Two constants that are in no textbook, once, on a grid."""
    grid = [mpf(n) / 20 for n in range(1, 20)]
    least = min(x**y + y**x for x in grid for y in grid)
    assert least > 1
    best = min(
        (a * mp.log(a / b) + (1 - a) * mp.log((1 - a) / (1 - b))) / (a - b) ** 2 for a in grid for b in grid if a != b
    )
    assert best >= 2


_checked()

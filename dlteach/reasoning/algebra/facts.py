"""What is known of each built-in function: one row a function, and no function without a row.

u is the argument of the function and v its value. A function has derivatives of every order where `smooth` says so and
no derivative anywhere else; it jumps where it is real but not continuous. Sources: Abramowitz and Stegun 1964,
sections 4.1 to 4.6 and 7.1; Corless et al. 1996 for Lambert's W. A function is added in `notation.names`, and here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from functools import cache
from typing import Any

from dlteach.notation.reader import read, read_conditions
from dlteach.notation.tree import Expr, Relation
from dlteach.values import frozen


class Growth(IntEnum):
    """A bound of |f(u)| for all u where f is real; each holds with some factor, and implies those after it."""

    BOUNDED = 0
    LOGARITHMIC = 1  # by 1 + ln(1 + |u|)
    LINEAR = 2  # by 1 + |u|
    EXPONENTIAL = 3  # by e^|u|
    NONE = 4  # it has a pole, or a logarithmic end, at a finite u


@frozen
class Facts:
    """What is known of a function f; an empty text stands for "for all u".

    `slope` is f'(u), `rule` what a textbook calls that; without a name no derivation uses it. `real`, `continuous`
    (within `real`) and `smooth` say where; `values` bounds the range, as a relation in v. `direction` is 1 where
    f rises on each interval of its domain, -1 where it falls, 0 where it does neither. `ends` are the limits at the
    ends of the domain: `0+: -oo, oo: oo`.
    """

    name: str
    slope: str
    rule: str = ""
    real: str = ""
    continuous: str = ""
    smooth: str = ""
    values: str = ""
    growth: Growth = Growth.NONE
    direction: int = 0
    ends: str = ""

    @property
    def total(self) -> bool:
        """Whether f has a value for every u."""
        return not self.real

    @property
    def on_an_interval(self) -> bool:
        """Whether the domain is in one part."""
        return not any("!=" in relation.signs or "|" in self.real for relation in relations(self.real))

    def limits(self) -> Mapping[str, Expr]:
        """The limits at the ends of the domain, by the end: `0+`, `oo`, …"""
        pairs = (pair.split(":") for pair in self.ends.split(",") if pair)
        return {end.strip(): read(value.strip()) for end, value in pairs}


def _row(name: str, rule: str, slope: str, growth: Growth, direction: int = 0, **more: Any) -> Facts:
    return Facts(name, slope, rule, growth=growth, direction=direction, **more)


BOUNDED, LOGARITHMIC, LINEAR, EXPONENTIAL, NONE = Growth
OFF_ZERO: Mapping[str, Any] = {"real": "u != 0", "smooth": "u != 0"}
OFF_STEPS: Mapping[str, Any] = {"continuous": "sin(pi*u) != 0", "smooth": "sin(pi*u) != 0"}
UNIT: Mapping[str, Any] = {"real": "-1 <= u <= 1", "smooth": "-1 < u < 1"}
OUTSIDE: Mapping[str, Any] = {"real": "|u| >= 1", "smooth": "|u| > 1"}
POSITIVE: Mapping[str, Any] = {"real": "u > 0", "smooth": "u > 0", "ends": "0+: -oo, oo: oo"}
OFF_ROOTS_OF_COS: Mapping[str, Any] = {"real": "cos(u) != 0", "smooth": "cos(u) != 0"}
OFF_ROOTS_OF_SIN: Mapping[str, Any] = {"real": "sin(u) != 0", "smooth": "sin(u) != 0"}
WHOLE_LINE: Mapping[str, Any] = {"ends": "-oo: -oo, oo: oo"}

FACTS: Mapping[str, Facts] = {
    row.name: row
    for row in (
        _row("exp", "exponential", "exp(u)", EXPONENTIAL, 1, values="v > 0", ends="-oo: 0, oo: oo"),
        _row("ln", "logarithm", "1/u", NONE, 1, **POSITIVE),
        _row("log", "logarithm", "1/u", NONE, 1, **POSITIVE),
        _row("log2", "logarithm", "1/(u*ln(2))", NONE, 1, **POSITIVE),
        _row("log10", "logarithm", "1/(u*ln(10))", NONE, 1, **POSITIVE),
        _row("sqrt", "square root", "1/(2*sqrt(u))", LINEAR, 1,
             real="u >= 0", smooth="u > 0", values="v >= 0", ends="0+: 0, oo: oo"),
        _row("cbrt", "cube root", "1/(3*cbrt(u)^2)", LINEAR, 1, smooth="u != 0", **WHOLE_LINE),
        _row("abs", "absolute value", "sign(u)", LINEAR, smooth="u != 0", values="v >= 0", ends="-oo: oo, oo: oo"),
        _row("sign", "sign", "0", BOUNDED, 1,
             continuous="u != 0", smooth="u != 0", values="-1 <= v <= 1", ends="-oo: -1, oo: 1"),
        _row("min", "", "", LINEAR, 1, **WHOLE_LINE),
        _row("max", "", "", LINEAR, 1, **WHOLE_LINE),
        _row("floor", "floor", "0", LINEAR, 1, **OFF_STEPS, **WHOLE_LINE),
        _row("ceil", "ceiling", "0", LINEAR, 1, **OFF_STEPS, **WHOLE_LINE),
        _row("erf", "error function", "2/sqrt(pi)*e^(-u^2)", BOUNDED, 1, values="-1 < v < 1", ends="-oo: -1, oo: 1"),
        _row("erfc", "complementary error function", "-2/sqrt(pi)*e^(-u^2)", BOUNDED, -1,
             values="0 < v < 2", ends="-oo: 2, oo: 0"),
        _row("lambertw", "Lambert's W", "1/(u + e^lambertw(u))", LOGARITHMIC, 1,
             real="u >= -1/e", smooth="u > -1/e", values="v >= -1", ends="-1/e+: -1, oo: oo"),
        _row("sin", "sine", "cos(u)", BOUNDED, values="-1 <= v <= 1"),
        _row("cos", "cosine", "-sin(u)", BOUNDED, values="-1 <= v <= 1"),
        _row("tan", "tangent", "1 + tan(u)^2", NONE, 1, **OFF_ROOTS_OF_COS, ends="-pi/2+: -oo, pi/2-: oo"),
        _row("sec", "secant", "sec(u)*tan(u)", NONE, values="|v| >= 1", **OFF_ROOTS_OF_COS,
             ends="-pi/2+: oo, pi/2-: oo"),
        _row("csc", "cosecant", "-csc(u)*cot(u)", NONE, values="|v| >= 1", **OFF_ROOTS_OF_SIN, ends="0+: oo, pi-: oo"),
        _row("cot", "cotangent", "-(1 + cot(u)^2)", NONE, -1, **OFF_ROOTS_OF_SIN, ends="0+: oo, pi-: -oo"),
        _row("sinh", "hyperbolic sine", "cosh(u)", EXPONENTIAL, 1, **WHOLE_LINE),
        _row("cosh", "hyperbolic cosine", "sinh(u)", EXPONENTIAL, values="v >= 1", ends="-oo: oo, oo: oo"),
        _row("tanh", "hyperbolic tangent", "1 - tanh(u)^2", BOUNDED, 1, values="-1 < v < 1", ends="-oo: -1, oo: 1"),
        _row("sech", "hyperbolic secant", "-sech(u)*tanh(u)", BOUNDED, values="0 < v <= 1", ends="-oo: 0, oo: 0"),
        _row("csch", "hyperbolic cosecant", "-csch(u)*coth(u)", NONE, -1, values="v != 0", **OFF_ZERO,
             ends="-oo: 0, 0-: -oo, 0+: oo, oo: 0"),
        _row("coth", "hyperbolic cotangent", "1 - coth(u)^2", NONE, -1, values="|v| > 1", **OFF_ZERO,
             ends="-oo: -1, 0-: -oo, 0+: oo, oo: 1"),
        _row("asin", "inverse sine", "1/sqrt(1 - u^2)", BOUNDED, 1, values="-pi/2 <= v <= pi/2", **UNIT,
             ends="-1+: -pi/2, 1-: pi/2"),
        _row("acos", "inverse cosine", "-1/sqrt(1 - u^2)", BOUNDED, -1, values="0 <= v <= pi", **UNIT,
             ends="-1+: pi, 1-: 0"),
        _row("atan", "inverse tangent", "1/(1 + u^2)", BOUNDED, 1,
             values="-pi/2 < v < pi/2", ends="-oo: -pi/2, oo: pi/2"),
        _row("asec", "inverse secant", "1/(|u|*sqrt(u^2 - 1))", BOUNDED, 1, values="0 <= v <= pi", **OUTSIDE,
             ends="-oo: pi/2, -1-: pi, 1+: 0, oo: pi/2"),
        _row("acsc", "inverse cosecant", "-1/(|u|*sqrt(u^2 - 1))", BOUNDED, -1, values="-pi/2 <= v <= pi/2", **OUTSIDE,
             ends="-oo: 0, -1-: -pi/2, 1+: pi/2, oo: 0"),
        _row("acot", "inverse cotangent", "-1/(1 + u^2)", BOUNDED, values="-pi/2 < v <= pi/2",
             continuous="u != 0", smooth="u != 0", ends="-oo: 0, 0-: -pi/2, 0+: pi/2, oo: 0"),
        _row("asinh", "inverse hyperbolic sine", "1/sqrt(u^2 + 1)", LOGARITHMIC, 1, **WHOLE_LINE),
        _row("acosh", "inverse hyperbolic cosine", "1/sqrt(u^2 - 1)", LOGARITHMIC, 1,
             real="u >= 1", smooth="u > 1", values="v >= 0", ends="1+: 0, oo: oo"),
        _row("atanh", "inverse hyperbolic tangent", "1/(1 - u^2)", NONE, 1, real="-1 < u < 1", smooth="-1 < u < 1",
             ends="-1+: -oo, 1-: oo"),
        _row("asech", "inverse hyperbolic secant", "-1/(u*sqrt(1 - u^2))", NONE, -1,
             real="0 < u <= 1", smooth="0 < u < 1", values="v >= 0", ends="0+: oo, 1-: 0"),
        _row("acsch", "inverse hyperbolic cosecant", "-1/(|u|*sqrt(1 + u^2))", NONE, -1, values="v != 0", **OFF_ZERO,
             ends="-oo: 0, 0-: -oo, 0+: oo, oo: 0"),
        _row("acoth", "inverse hyperbolic cotangent", "1/(1 - u^2)", NONE, -1,
             real="|u| > 1", smooth="|u| > 1", values="v != 0", ends="-oo: 0, -1-: -oo, 1+: oo, oo: 0"),
        _row("Phi", "", "phi(u)", BOUNDED, 1, values="0 < v < 1", ends="-oo: 0, oo: 1"),
        _row("phi", "", "-u*phi(u)", BOUNDED, values="0 < v <= 1/sqrt(2*pi)", ends="-oo: 0, oo: 0"),
        _row("sigmoid", "", "sigmoid(u)*(1 - sigmoid(u))", BOUNDED, 1, values="0 < v < 1", ends="-oo: 0, oo: 1"),
    )
}  # fmt: skip


@cache
def relations(text: str) -> tuple[Relation, ...]:
    """What a row says in a text, as relations in u or v; none for an empty text."""
    return tuple(found for found in read_conditions(text) if isinstance(found, Relation)) if text else ()

"""The differentiation rules: what the walker of `derive` looks up.

OUTER gives f' as a formula in u for every built-in function f of one argument; the walker multiplies by the
derivative of u (chain rule). Functions of the course that state a lemma are looked up in their own table.
Source of the table: Abramowitz and Stegun 1964, sections 4.1 to 4.6 and 7.1.
"""

from __future__ import annotations

from collections.abc import Mapping

from dlteach.values import value


@value
class Rule:
    """A name for the margin, and the sentence that states the rule."""

    name: str
    says: str


@value
class Outer:
    """The derivative of a built-in function, as a formula in u; `kink` marks the u where it has none."""

    name: str
    slope: str
    kink: str = ""

    def rule(self, function: str) -> Rule:
        """The rule as it is shown."""
        return Rule(self.name, f"{function}'(u) = {self.slope}")


CONSTANT = Rule("constant", "the derivative of a constant is 0")
IDENTITY = Rule("identity", "d/dx x = 1")
SUM = Rule("sum rule", "differentiate term by term")
CONSTANT_FACTOR = Rule("constant factor", "(c*f)' = c*f'")
PRODUCT = Rule("product rule", "(f*g)' = f'*g + f*g'")
QUOTIENT = Rule("quotient rule", "(f/g)' = (f'*g - f*g')/g^2")
POWER = Rule("power rule", "(u^n)' = n*u^(n - 1)*u'")
EXPONENTIAL = Rule("exponential", "(e^u)' = e^u*u'")
GENERAL_EXPONENTIAL = Rule("exponential", "(c^u)' = c^u*ln(c)*u'")
GENERAL_POWER = Rule("logarithmic differentiation", "(f^g)' = f^g*(g'*ln(f) + g*f'/f)")
PIECEWISE = Rule("piecewise", "differentiate each piece; the joints are looked at on their own")
DEFINITION = Rule("definition", "write out what the function is")
CHAIN = Rule("chain rule", "(f(u))' = f'(u)*u'")
TIDY = Rule("tidy up", "carry out products with 0, 1 and numbers")

OUTER: Mapping[str, Outer] = {
    "exp": Outer("exponential", "exp(u)"),
    "ln": Outer("logarithm", "1/u"),
    "log": Outer("logarithm", "1/u"),
    "log2": Outer("logarithm", "1/(u*ln(2))"),
    "log10": Outer("logarithm", "1/(u*ln(10))"),
    "sqrt": Outer("square root", "1/(2*sqrt(u))"),
    "cbrt": Outer("cube root", "1/(3*cbrt(u)^2)"),
    "abs": Outer("absolute value", "sign(u)", kink="0"),
    "sign": Outer("sign", "0", kink="0"),
    "floor": Outer("floor", "0"),
    "ceil": Outer("ceiling", "0"),
    "erf": Outer("error function", "2/sqrt(pi)*e^(-u^2)"),
    "erfc": Outer("complementary error function", "-2/sqrt(pi)*e^(-u^2)"),
    "lambertw": Outer("Lambert's W", "lambertw(u)/(u*(1 + lambertw(u)))"),
    "sin": Outer("sine", "cos(u)"),
    "cos": Outer("cosine", "-sin(u)"),
    "tan": Outer("tangent", "1 + tan(u)^2"),
    "sec": Outer("secant", "sec(u)*tan(u)"),
    "csc": Outer("cosecant", "-csc(u)*cot(u)"),
    "cot": Outer("cotangent", "-(1 + cot(u)^2)"),
    "sinh": Outer("hyperbolic sine", "cosh(u)"),
    "cosh": Outer("hyperbolic cosine", "sinh(u)"),
    "tanh": Outer("hyperbolic tangent", "1 - tanh(u)^2"),
    "sech": Outer("hyperbolic secant", "-sech(u)*tanh(u)"),
    "csch": Outer("hyperbolic cosecant", "-csch(u)*coth(u)"),
    "coth": Outer("hyperbolic cotangent", "1 - coth(u)^2"),
    "asin": Outer("inverse sine", "1/sqrt(1 - u^2)"),
    "acos": Outer("inverse cosine", "-1/sqrt(1 - u^2)"),
    "atan": Outer("inverse tangent", "1/(1 + u^2)"),
    "asec": Outer("inverse secant", "1/(|u|*sqrt(u^2 - 1))"),
    "acsc": Outer("inverse cosecant", "-1/(|u|*sqrt(u^2 - 1))"),
    "acot": Outer("inverse cotangent", "-1/(1 + u^2)"),
    "asinh": Outer("inverse hyperbolic sine", "1/sqrt(u^2 + 1)"),
    "acosh": Outer("inverse hyperbolic cosine", "1/sqrt(u^2 - 1)"),
    "atanh": Outer("inverse hyperbolic tangent", "1/(1 - u^2)"),
    "asech": Outer("inverse hyperbolic secant", "-1/(u*sqrt(1 - u^2))"),
    "acsch": Outer("inverse hyperbolic cosecant", "-1/(|u|*sqrt(1 + u^2))"),
    "acoth": Outer("inverse hyperbolic cotangent", "1/(1 - u^2)"),
}

"""The differentiation rules: what the walker of `derive` looks up.

OUTER gives f' as a formula in u for the built-in functions, from the table of facts; the walker multiplies by the
derivative of u (chain rule). Functions of the course that state a lemma are looked up in their own table.
"""

from __future__ import annotations

from collections.abc import Mapping

from dlteach.reasoning.algebra.facts import FACTS
from dlteach.reasoning.deriving.steps import OPENING, Rule
from dlteach.values import frozen


@frozen
class Outer:
    """The derivative of a built-in function, as a formula in u."""

    name: str
    slope: str

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
DEFINITION = Rule(OPENING, "write out what the function is")
CHAIN = Rule("chain rule", "(f(u))' = f'(u)*u'")
SIMPLIFY = Rule("simplify", "carry out products with 0, 1 and numbers")

OUTER: Mapping[str, Outer] = {name: Outer(row.rule, row.slope) for name, row in FACTS.items() if row.rule}

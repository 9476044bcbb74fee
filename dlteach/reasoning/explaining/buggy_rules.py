"""The mistakes that learners make, as broken rules: each turns a step of a derivation into a wrong one.

A buggy rule (Brown and Burton 1978) looks at d/dx of an expression and at what the right rule makes of it, and says
what a learner who breaks that rule would write instead, or None where it does not apply. A new one is a function and
a row.
"""

from __future__ import annotations

from collections.abc import Callable

from dlteach.notation.reader import read
from dlteach.notation.tree import (
    ONE,
    ZERO,
    Call,
    Constant,
    Derivative,
    Expr,
    Negative,
    Piecewise,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    exchanged,
    literal,
    number,
    substitute,
)
from dlteach.reasoning.deriving.derive import Walker
from dlteach.values import frozen

Broken = Callable[[Walker, Expr, Expr], Expr | None]  # (walker, the expression, its right derivative)


@frozen
class BuggyRule:
    """A broken rule: its id, the sentence that names it, and what it makes of a step."""

    id: str
    says: str
    breaks: Broken


def _moving(walker: Walker, expr: Expr) -> list[Expr]:
    """The factors of a product that contain the variable."""
    return [f for f in expr.factors if not walker.constant(f)] if isinstance(expr, Product) else []


def _product_of_slopes(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
    if not isinstance(expr, Product) or len(_moving(walker, expr)) < 2:
        return None
    return Product(tuple(f if walker.constant(f) else walker.d(f) for f in expr.factors))


def _product_term(which: int) -> Broken:
    def breaks(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
        moving = _moving(walker, expr)
        if not isinstance(expr, Product) or len(moving) < 2 or len(moving) < len(expr.factors):
            return None
        return Product(tuple(walker.d(f) if i == which % len(moving) else f for i, f in enumerate(expr.factors)))

    return breaks


def _product_with_bare(*bare: int) -> Broken:
    """Two terms, in some of which (counted from 0) the derivative stands without the other factor."""

    def breaks(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
        if not isinstance(expr, Product) or len(expr.factors) != 2 or len(_moving(walker, expr)) < 2:
            return None
        f, g = expr.factors
        whole = (Product((walker.d(f), g)), Product((f, walker.d(g))))
        return Sum(tuple(walker.d(expr.factors[i]) if i in bare else term for i, term in enumerate(whole)))

    return breaks


def _product_difference(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
    if not isinstance(expr, Product) or len(expr.factors) != 2 or len(_moving(walker, expr)) < 2:
        return None
    f, g = expr.factors
    return Sum((Product((walker.d(f), g)), Negative(Product((f, walker.d(g))))))


def _inner(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
    """The inner function of a chain, where there is one."""
    if isinstance(right, Product) and isinstance(right.factors[-1], Derivative):
        inner = right.factors[-1].of
        outer = isinstance(expr, Call | Power)
        return inner if outer and not isinstance(inner, Symbol) else None
    return None


def _inner_forgotten(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
    if _inner(walker, expr, right) is None or not isinstance(right, Product):
        return None
    rest = right.factors[:-1]
    return rest[0] if len(rest) == 1 else Product(rest)


def _outer_at(walker: Walker, expr: Expr, right: Expr, place: Callable[[Expr], Expr]) -> Expr | None:
    """The outer derivative, taken at another place than inside."""
    inner = _inner(walker, expr, right)
    if inner is None or not isinstance(right, Product):
        return None
    rest = [exchanged(factor, inner, place(inner)) for factor in right.factors[:-1]]
    return Product((*rest, right.factors[-1]))


def _outer_at_variable(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
    return _outer_at(walker, expr, right, lambda inner: Symbol(walker.variable))


def _outer_at_slope(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
    inner = _inner(walker, expr, right)
    if inner is None or not isinstance(right, Product):
        return None
    rest = [exchanged(factor, inner, walker.d(inner)) for factor in right.factors[:-1]]
    return rest[0] if len(rest) == 1 else Product(tuple(rest))


def _quotient(make: Callable[[Expr, Expr, Expr, Expr], Expr]) -> Broken:
    def breaks(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
        if not isinstance(expr, Quotient) or walker.constant(expr.under):
            return None
        return make(expr.over, expr.under, walker.d(expr.over), walker.d(expr.under))

    return breaks


def _minus(a: Expr, b: Expr) -> Expr:
    return Sum((a, Negative(b)))


def _square(u: Expr) -> Expr:
    return Power(u, number(2))


def _times(*factors: Expr) -> Expr:
    return Product(factors)


def _power_kept(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
    n = literal(expr.exponent) if isinstance(expr, Power) else None
    if not isinstance(expr, Power) or n is None or walker.constant(expr.base):
        return None
    return Product((expr.exponent, expr, walker.d(expr.base)))


def _power_not_in_front(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
    n = literal(expr.exponent) if isinstance(expr, Power) else None
    if not isinstance(expr, Power) or n is None or walker.constant(expr.base):
        return None
    return Product((Power(expr.base, number(n - 1)), walker.d(expr.base)))


def _exponential_as_power(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
    if not isinstance(expr, Power) or not walker.constant(expr.base) or walker.constant(expr.exponent):
        return None
    return Product((expr.exponent, Power(expr.base, Sum((expr.exponent, Negative(ONE))))))


def _factor_lost(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
    moving = _moving(walker, expr)
    if isinstance(expr, Product) and moving and len(moving) < len(expr.factors):
        return walker.d(moving[0] if len(moving) == 1 else Product(tuple(moving)))
    if isinstance(expr, Quotient) and walker.constant(expr.under):
        return walker.d(expr.over)
    return None


def _factor_as_product(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
    """(c*f)' = 0*f', the derivative of the constant as a factor."""
    moving = _moving(walker, expr)
    return ZERO if isinstance(expr, Product) and moving and len(moving) < len(expr.factors) else None


def _term_kept(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
    if not isinstance(expr, Sum) or not any(walker.constant(t) for t in expr.terms):
        return None
    kept = [t if walker.constant(t) else _slope_of_term(walker, t) for t in expr.terms]
    return Sum(tuple(kept))


def _slope_of_term(walker: Walker, term: Expr) -> Expr:
    return Negative(walker.d(term.of)) if isinstance(term, Negative) else walker.d(term)


def _minus_lost(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
    return walker.d(expr.of) if isinstance(expr, Negative) else None


def _only_branch(which: int) -> Broken:
    def breaks(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
        if not isinstance(expr, Piecewise) or len(expr.branches) <= which:
            return None
        return walker.d(expr.branches[which].value)

    return breaks


def _false_slope(name: str, slope: str) -> Broken:
    formula = read(slope)

    def breaks(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
        named = isinstance(expr, Call) and expr.name == name and len(expr.args) == 1 and not expr.primes
        if name == "exp" and isinstance(expr, Power) and expr.base == Constant("e"):
            named, u = True, expr.exponent
        elif isinstance(expr, Call):
            u = expr.args[0]
        if not named:
            return None
        outer = substitute(formula, {"u": u})
        return outer if u == Symbol(walker.variable) else Product((outer, walker.d(u)))

    return breaks


def _opposite_slope(walker: Walker, expr: Expr, right: Expr) -> Expr | None:
    return Negative(right) if isinstance(expr, Call) and expr.name in walker.functions else None


BUGGY_RULES: tuple[BuggyRule, ...] = (
    BuggyRule(
        "product-of-derivatives",
        "The derivative of a product is not the product of the derivatives: (f·g)' = f'·g + f·g'.",
        _product_of_slopes,
    ),
    BuggyRule(
        "half-a-product", "The product rule has two terms, f'·g + f·g'; one of them is missing.", _product_term(0)
    ),
    BuggyRule(
        "half-a-product", "The product rule has two terms, f'·g + f·g'; one of them is missing.", _product_term(1)
    ),
    BuggyRule(
        "product-factor", "In the product rule each term keeps the other factor: f'·g + f·g'.", _product_with_bare(1)
    ),
    BuggyRule(
        "product-factor", "In the product rule each term keeps the other factor: f'·g + f·g'.", _product_with_bare(0)
    ),
    BuggyRule(
        "product-factor", "In the product rule each term keeps the other factor: f'·g + f·g'.", _product_with_bare(0, 1)
    ),
    BuggyRule("product-minus", "The product rule adds its terms: f'·g + f·g'.", _product_difference),
    BuggyRule(
        "inner-derivative",
        "The inner derivative was forgotten: (f(u))' = f'(u)·u'.",
        _inner_forgotten,
    ),
    BuggyRule(
        "outer-at-x",
        "The outer derivative must be taken at the inner function: f'(u)·u', not f'(x)·u'.",
        _outer_at_variable,
    ),
    BuggyRule(
        "outer-at-derivative",
        "The inner derivative is a factor, not the new argument: f'(u)·u', not f'(u').",
        _outer_at_slope,
    ),
    BuggyRule(
        "quotient-sign",
        "The terms of the quotient rule were swapped: (f/g)' = (f'·g - f·g')/g^2.",
        _quotient(lambda f, g, df, dg: Quotient(_minus(_times(f, dg), _times(df, g)), _square(g))),
    ),
    BuggyRule(
        "quotient-plus",
        "The quotient rule has a minus: (f/g)' = (f'·g - f·g')/g^2.",
        _quotient(lambda f, g, df, dg: Quotient(Sum((_times(df, g), _times(f, dg))), _square(g))),
    ),
    BuggyRule(
        "quotient-square",
        "The denominator of the quotient rule is squared: (f/g)' = (f'·g - f·g')/g^2.",
        _quotient(lambda f, g, df, dg: Quotient(_minus(_times(df, g), _times(f, dg)), g)),
    ),
    BuggyRule(
        "quotient-of-derivatives",
        "The derivative of a quotient is not the quotient of the derivatives: (f/g)' = (f'·g - f·g')/g^2.",
        _quotient(lambda f, g, df, dg: Quotient(df, dg)),
    ),
    BuggyRule("power-not-lowered", "The power was not lowered: (u^n)' = n·u^(n - 1)·u'.", _power_kept),
    BuggyRule(
        "power-not-in-front", "The exponent comes down as a factor: (u^n)' = n·u^(n - 1)·u'.", _power_not_in_front
    ),
    BuggyRule(
        "exponential-as-power",
        "The power rule does not hold for an exponential: (e^u)' = e^u·u', not u·e^(u - 1).",
        _exponential_as_power,
    ),
    BuggyRule("constant-factor-lost", "A constant factor stays: (c·f)' = c·f'.", _factor_lost),
    BuggyRule(
        "constant-factor-differentiated",
        "A constant factor stays, it does not turn the product into 0: (c·f)' = c·f'.",
        _factor_as_product,
    ),
    BuggyRule("constant-kept", "The derivative of a constant term is 0.", _term_kept),
    BuggyRule("sign-lost", "A minus sign was lost: (-f)' = -f', so (e^-x)' = -e^-x.", _minus_lost),
    BuggyRule(
        "first-branch-only", "Only the first piece was differentiated; each piece has its own slope.", _only_branch(0)
    ),
    BuggyRule("last-branch-only", "Only one piece was differentiated; each piece has its own slope.", _only_branch(1)),
    BuggyRule("tanh", "The square is missing: tanh'(u) = 1 - tanh(u)^2.", _false_slope("tanh", "1 - tanh(u)")),
    BuggyRule("tanh-plus", "The sign is wrong: tanh'(u) = 1 - tanh(u)^2.", _false_slope("tanh", "1 + tanh(u)^2")),
    BuggyRule(
        "sigmoid-itself", "sigmoid is not its own derivative: s' = s·(1 - s).", _false_slope("sigmoid", "sigmoid(u)")
    ),
    BuggyRule(
        "sigmoid-factor", "A factor is missing: sigmoid' = s·(1 - s).", _false_slope("sigmoid", "1 - sigmoid(u)")
    ),
    BuggyRule(
        "sigmoid-sign",
        "The sign is wrong: sigmoid' = s·(1 - s).",
        _false_slope("sigmoid", "sigmoid(u)*(1 + sigmoid(u))"),
    ),
    BuggyRule("phi-capital", "Phi' is the density phi, not Phi.", _false_slope("Phi", "Phi(u)")),
    BuggyRule("density-sign", "The sign is wrong: phi'(u) = -u·phi(u).", _false_slope("phi", "u*phi(u)")),
    BuggyRule("density-itself", "phi is not its own derivative: phi'(u) = -u·phi(u).", _false_slope("phi", "phi(u)")),
    BuggyRule(
        "erf-factor",
        "The factor 2/sqrt(pi) is missing: erf'(u) = 2/sqrt(pi)·e^(-u^2).",
        _false_slope("erf", "e^(-u^2)"),
    ),
    BuggyRule("cosine-sign", "cos' = -sin; the sign is missing.", _false_slope("cos", "sin(u)")),
    BuggyRule("sine-sign", "sin' = cos, without a minus.", _false_slope("sin", "-cos(u)")),
    BuggyRule("root-factor", "The factor 1/2 is missing: sqrt'(u) = 1/(2·sqrt(u)).", _false_slope("sqrt", "1/sqrt(u)")),
    BuggyRule("logarithm-itself", "ln'(u) = 1/u, not ln(u).", _false_slope("ln", "ln(u)")),
)

LAST_BUGGY_RULES: tuple[BuggyRule, ...] = (  # what explains a line where none of the others does
    BuggyRule("slope-sign", "The sign is wrong: the derivative came out as its opposite.", _opposite_slope),
)

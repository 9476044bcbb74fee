"""Broken rules, made by a differentiator of the tests' own, are named; right answers in any form are not blamed."""

import itertools
from collections.abc import Iterator

import pytest

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.floats import evaluate
from dlteach.notation.reader import read
from dlteach.notation.show import show
from dlteach.notation.tree import (
    Branch,
    Call,
    Derivative,
    Expr,
    Negative,
    Piecewise,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    call,
    literal,
    number,
    rebuilt,
    substitute,
    symbols,
)
from dlteach.reasoning.deciding.judge import equal
from dlteach.reasoning.deriving.derive import derive
from dlteach.reasoning.explaining.diagnose import diagnose
from dlteach.reasoning.worker.process import WORKER

X = Symbol("x")


def slope(expr: Expr) -> Expr:
    """What a learner is asked to work out."""
    return Derivative(expr, X)


ACTIVATIONS = [
    "sigmoid", "tanh", "relu", "leaky_relu", "prelu", "elu", "selu", "celu", "gelu", "gelu_tanh",
    "gelu_sigmoid", "swish", "su", "mish", "softplus", "softsign", "hardtanh", "hardsigmoid", "hardsigmoid6",
    "hardswish", "penalized_tanh", "sinc", "logsigmoid", "relu6", "clip", "glu", "swiglu",
]  # fmt: skip
SLOPES = {  # f': right, and the mistakes of the catalogue
    "tanh": ("1 - tanh(u)^2", {"tanh": "1 - tanh(u)"}),
    "sigmoid": ("sigmoid(u)*(1 - sigmoid(u))", {"sigmoid-itself": "sigmoid(u)"}),
    "Phi": ("phi(u)", {"phi-capital": "Phi(u)"}),
    "phi": ("-u*phi(u)", {"density-sign": "u*phi(u)"}),
    "erf": ("2/sqrt(pi)*e^(-u^2)", {"erf-factor": "e^(-u^2)"}),
    "erfc": ("-2/sqrt(pi)*e^(-u^2)", {}),
    "ln": ("1/u", {"logarithm-itself": "ln(u)"}),
    "sin": ("cos(u)", {"sine-sign": "-cos(u)"}),
    "sqrt": ("1/(2*sqrt(u))", {"root-factor": "1/sqrt(u)"}),
    "abs": ("sign(u)", {}),
}
BROKEN = [
    "product-of-derivatives", "inner-derivative", "quotient-sign", "quotient-square", "power-not-lowered",
    "exponential-as-power", "constant-factor-lost", "constant-kept", "sign-lost", "first-branch-only", "tanh",
    "sigmoid-itself", "phi-capital", "density-sign", "erf-factor", "logarithm-itself", "sine-sign",
]  # fmt: skip


class Mistaken:
    """Differentiate with one rule broken wherever it applies. It shares nothing with the walker of `derive`."""

    def __init__(self, broken: str, functions: Functions) -> None:
        self.broken, self.functions, self.used = broken, functions, False

    def slip(self, name: str) -> bool:
        self.used = self.used or name == self.broken
        return name == self.broken

    def __call__(self, e: Expr) -> Expr:
        if "x" not in symbols(e):
            return number(0)
        match e:
            case Symbol():
                return number(1)
            case Negative(of):
                return self(of) if self.slip("sign-lost") else Negative(self(of))
            case Sum(terms):
                keep = any("x" not in symbols(t) for t in terms) and self.slip("constant-kept")
                return Sum(tuple(t if keep and "x" not in symbols(t) else self(t) for t in terms))
            case Product(factors):
                return self.product(list(factors))
            case Quotient(over, under):
                if "x" not in symbols(under):
                    return self(over) if self.slip("constant-factor-lost") else Quotient(self(over), under)
                a, b = Product((self(over), under)), Product((over, self(under)))
                a, b = (b, a) if self.slip("quotient-sign") else (a, b)
                below = under if self.slip("quotient-square") else Power(under, number(2))
                return Quotient(Sum((a, Negative(b))), below)
            case Power(base, exponent):
                return self.power(base, exponent)
            case Piecewise(branches):
                if self.slip("first-branch-only"):
                    return self(branches[0].value)
                return Piecewise(tuple(Branch(self(b.value), b.condition) for b in branches))
            case Call("max" | "min" as name, (a, b)):
                sign = ">" if name == "max" else "<"
                return self(read_piecewise(a, b, sign))
            case Call(name, (u, *_)) if name in SLOPES:
                right, wrong = SLOPES[name]
                text = next((slope for slip, slope in wrong.items() if self.slip(slip)), right)
                return self.chained(substitute(read(text), {"u": u}), u)
            case Call(name, args) if name in self.functions:
                definition = self.functions[name].definition
                return self(substitute(definition.body, definition.environment(args, lambda default: default)))
        raise NotEvaluable(show(e))

    def product(self, factors: list[Expr]) -> Expr:
        moving = [f for f in factors if "x" in symbols(f)]
        fixed = [f for f in factors if "x" not in symbols(f)]
        if fixed and self.slip("constant-factor-lost"):
            fixed = []
        if len(moving) > 1 and self.slip("product-of-derivatives"):
            return Product((*fixed, *map(self, moving)))
        terms = [
            Product((*fixed, *(self(f) if i == j else f for j, f in enumerate(moving)))) for i in range(len(moving))
        ]
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def power(self, base: Expr, exponent: Expr) -> Expr:
        if "x" in symbols(exponent):
            if self.slip("exponential-as-power"):
                return Product((exponent, Power(base, Sum((exponent, number(-1))))))
            return self.chained(Product((Power(base, exponent), call("ln", base))), exponent)
        n = literal(exponent)
        assert n is not None
        lower = exponent if self.slip("power-not-lowered") else number(n - 1)
        return self.chained(Product((exponent, Power(base, lower))), base)

    def chained(self, outer: Expr, u: Expr) -> Expr:
        if u == X:
            return outer
        return outer if self.slip("inner-derivative") else Product((outer, self(u)))


def read_piecewise(a: Expr, b: Expr, sign: str) -> Expr:
    from dlteach.notation.tree import Relation

    return Piecewise((Branch(b, Relation((b, a), (sign,))), Branch(a, None)))


def value(expr: Expr, functions: Functions) -> list[float]:
    places = [0.37, -0.81, 1.9, -2.6]
    others = {name: 0.3 + i for i, name in enumerate(sorted(symbols(expr) - {"x"}))}
    return [evaluate(expr, {"x": x, **others}, functions.definitions) for x in places]


def problem(name: str, functions: Functions) -> Expr:
    """The definition with its parameters at ordinary numbers; the first parameter is called x."""
    definition = functions[name].definition
    args: list[Expr] = [X]
    for i, other in enumerate(definition.parameters[1:]):
        args.append(definition.defaults.get(other, number(i + 2)))
    return substitute(definition.body, dict(zip(definition.parameters, args, strict=True)))


def mistakes(functions: Functions) -> Iterator[tuple[str, str, Expr, Expr]]:
    for name in ACTIVATIONS:
        plain = problem(name, functions)
        scaled = substitute(plain, {"x": read("2x")})
        for start, broken in itertools.product((plain, scaled, Product((X, plain))), BROKEN):
            walker, right = Mistaken(broken, functions), Mistaken("", functions)
            try:
                wrong, true = walker(start), right(start)
                pairs = zip(value(wrong, functions), value(true, functions), strict=True)
                same = all(abs(a - b) < 1e-9 for a, b in pairs)
            except (NotEvaluable, OverflowError):
                continue
            if walker.used and not same:
                yield name, broken, start, wrong


@pytest.mark.slow
def test_nine_in_ten_single_mistakes_are_named(functions: Functions) -> None:
    named = total = 0
    missed = []
    for name, broken, start, wrong in mistakes(functions):
        found = {diagnosis.id for diagnosis in diagnose(slope(start), wrong, functions)}
        total += 1
        named += broken in found
        if broken not in found:
            missed.append((name, broken, sorted(found)))
    assert total > 150
    assert named >= 0.9 * total, (named, total, missed)


def forms(right: Expr, functions: Functions) -> Iterator[Expr]:
    """The same function of x in other words."""
    two, one = number(2), number(1)
    yield right
    yield Sum((right, number(0)))
    yield Quotient(Product((two, right)), two)
    yield Negative(Negative(right))
    yield Sum((Sum((right, X)), Negative(X)))
    yield Product((right, Sum((Power(call("sin", X), two), Power(call("cos", X), two)))))
    yield turned(right)
    yield inlined(right, functions)
    yield Quotient(one, Quotient(one, Sum((right, number(0))))) if literal(right) != 0 else right
    yield Sum((Product((right, Sum((one, call("tanh", X))))), Negative(Product((right, call("tanh", X))))))


def turned(expr: Expr) -> Expr:
    """Sums and products from right to left."""
    expr = rebuilt(expr, turned)
    match expr:
        case Sum(terms):
            return Sum(tuple(reversed(terms)))
        case Product(factors):
            return Product(tuple(reversed(factors)))
    return expr


def inlined(expr: Expr, functions: Functions) -> Expr:
    expr = rebuilt(expr, lambda child: inlined(child, functions))
    if isinstance(expr, Call) and expr.name in functions and not expr.primes:
        definition = functions[expr.name].definition
        return substitute(definition.body, definition.environment(expr.args, lambda default: default))
    return expr


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_no_right_answer_is_called_wrong(name: str, functions: Functions) -> None:
    start = problem(name, functions)
    right = derive(start, "x", functions).result
    for form in forms(right, functions):
        assert equal(form, right, (), functions).outcome is not Outcome.REFUTED, show(form)
        assert diagnose(slope(start), form, functions) == (), show(form)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_derives_with_named_steps(name: str, functions: Functions) -> None:
    start = problem(name, functions)
    made = derive(start, "x", functions)
    assert all(step.rule.name and step.rule.says for step in made.steps)
    theirs = Mistaken("", functions)(start)
    assert value(made.result, functions) == pytest.approx(value(theirs, functions), nan_ok=True)


@pytest.mark.parametrize(
    ("start", "answer", "slip"),
    [
        ("sin(2x)", "2*cos(x)", "outer-at-x"),
        ("sin(x^2)", "cos(2x)", "outer-at-derivative"),
        ("x*Phi(x)", "Phi(x)", "half-a-product"),
        ("x/(1 + x^2)", "1/(2x)", "quotient-of-derivatives"),
        ("x^5", "x^4", "power-not-in-front"),
        ("5x^2", "0", "constant-factor-differentiated"),
        ("x^2", "x^3/3", "integrated"),
        ("a*x^2", "x^2", "wrong-variable"),
        ("x^3 + x", "x^3 + x", "not-differentiated"),
    ],
)
def test_other_slips_are_named_too(start: str, answer: str, slip: str, functions: Functions) -> None:
    found = diagnose(slope(read(start)), read(answer), functions)
    assert slip in [diagnosis.id for diagnosis in found]


def test_nothing_is_said_of_an_answer_that_no_rule_explains(functions: Functions) -> None:
    for answer in ("x", "17", "cos(x)^3", "gelu(x) + 1", "Phi(x) + 2*x*phi(x)"):
        assert diagnose(slope(read("gelu(x)", functions.names)), read(answer, functions.names), functions) == ()


def test_a_diagnosis_says_where(functions: Functions) -> None:
    (found,) = diagnose(slope(read("gelu(x)", functions.names)), read("phi(x)"), functions)
    assert found.before == "d/dx (x*Phi(x))" and found.wrong == "d/dx (x)*(d/dx (Phi(x)))"


def teardown_module() -> None:
    WORKER.stop()

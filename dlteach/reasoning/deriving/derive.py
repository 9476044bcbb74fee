"""Differentiate rule by rule, on the tree as it was written.

Every step rewrites one `d/dx (…)` by one rule of `rules` or by a proved lemma, so the list of steps is the
computation itself, not a story told afterwards. The result is then made a second time by SymPy and compared
with a numeric derivative (`cross_checks`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import islice

from dlteach.course.functions import Functions
from dlteach.errors import did_you_mean
from dlteach.notation.backend import Definition, reachable
from dlteach.notation.names import BUILTINS
from dlteach.notation.patience import look, within
from dlteach.notation.reader import read, read_variable
from dlteach.notation.show import show
from dlteach.notation.signs import GREEK_LETTER
from dlteach.notation.tree import (
    ONE,
    ZERO,
    BigSum,
    Branch,
    Call,
    Constant,
    Derivative,
    Expr,
    Integral,
    Negative,
    Piecewise,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    literal,
    number,
    rebuilt,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.forms import same_form
from dlteach.reasoning.algebra.simplify import simplified
from dlteach.reasoning.deriving.rewriting import Lines
from dlteach.reasoning.deriving.rules import (
    CHAIN,
    CONSTANT,
    CONSTANT_FACTOR,
    DEFINITION,
    EXPONENTIAL,
    GENERAL_EXPONENTIAL,
    GENERAL_POWER,
    IDENTITY,
    OUTER,
    PIECEWISE,
    POWER,
    PRODUCT,
    QUOTIENT,
    SIMPLIFY,
    SUM,
)
from dlteach.reasoning.deriving.steps import CannotDerive, Derivation, Rule, Step
from dlteach.reasoning.worker.process import WORKER, Overrun
from dlteach.values import replace

MOST_STEPS = 400
MOST_WRITTEN = 200_000  # nodes in all lines together, about a second; lines of a deep expression grow with every step


MOST_RULES = 5_000
SECONDS = 1.5  # for a derivation, without what is proved of its lemmas

Lemma = Callable[[Expr], bool]


def subject(text: str, functions: Functions, variable: str = "") -> tuple[Expr, str]:
    """What to differentiate, and in which variable: a function's name or an expression.

    Raises NotationError, and CannotDerive where the variable is not clear.
    """
    variable = read_variable(variable, functions.names) if variable.strip() else ""
    word = functions.names.also.get(text.strip(), text.strip())
    if word in functions:
        parameters = functions[word].definition.parameters
        return Call(word, tuple(map(Symbol, parameters))), variable or parameters[0]
    if word in OUTER:
        return Call(word, (Symbol("x"),)), variable or "x"
    expr = read(text, functions.names)
    if isinstance(expr, Symbol) and len(expr.name) > 1 and expr.name.isalpha() and expr.name not in GREEK_LETTER:
        advice = did_you_mean(expr.name, (*functions, *OUTER), "`dlteach search` knows the functions")
        raise CannotDerive(f"there is no function `{expr.name}`: {advice}")
    names = sorted(symbols(expr))
    if variable or not names or "x" in names:
        return expr, variable or "x"
    if len(names) > 1:
        raise CannotDerive(f"which variable? `{text}` contains {', '.join(names)}: say it with --wrt {names[0]}")
    return expr, names[0]


def derive(
    expression: Expr, variable: str, functions: Functions, order: int = 1, trust: bool = False, opening: bool = True
) -> Derivation:
    """The derivation of d^order/dvariable^order `expression`.

    A bare call of one of the course's functions on its own parameters (`gelu(x)`) is opened first, and its own
    lemma is never used (with `opening` off it is a rule like any other). Other functions' lemmas become rules
    once they are proved; with `trust` they count as proved, for a caller that holds a verdict. Raises
    CannotDerive, also where it takes too long.
    """
    try:
        with within(SECONDS):
            return _derived(expression, variable, functions, order, trust, opening)
    except Overrun:
        look()  # where the time is up for more than this derivation, it is not for this one to say
        raise CannotDerive(f"the derivation takes more than {SECONDS:g} s: simplify the expression") from None


def _derived(
    expression: Expr, variable: str, functions: Functions, order: int, trust: bool, opening: bool
) -> Derivation:
    walker = Walker(functions, variable, trust)
    steps: list[Step] = []
    start = definition_of(expression, functions) if opening else None
    if start is not None:
        walker.closed = (expression.name,) if isinstance(expression, Call) else ()
        steps.append(Step(DEFINITION, expression, start, start))
    line = start or expression
    for _ in range(order):
        line = walker.run(opened(line, functions), steps)
    return Derivation(expression, variable, order, tuple(steps), line, tuple(sorted(walker.lemmas)))


def derived(text: str, functions: Functions, wrt: str = "", order: int = 1, trust: bool = False) -> Derivation:
    """The derivation of what a person calls by name or types, as a textbook ends it; raises what `derive` raises."""
    expr, variable = subject(text, functions, wrt)
    return textbook(derive(expr, variable, functions, order, trust), functions, trust)


def textbook(made: Derivation, functions: Functions, trust: bool = False) -> Derivation:
    """With a last step to the form that a textbook prints, where the function's lemma is shorter or names itself.

    The lemma is no rule here: it is proved, by normal form, to be equal to the result.
    """
    name = _named(made.expression, made.variable, functions)
    if name is None or made.order > 1:
        return made
    row = functions[name]
    if row.lemma is None or row.definition.parameters[0] != made.variable:
        return made
    own = made.expression.args if isinstance(made.expression, Call) else tuple(map(Symbol, row.definition.parameters))
    end = _applied(row.lemma, row.definition, own)
    itself = any(isinstance(node, Call) and node.name == name for node in walk(end))
    shorter = len(show(end)) < 0.7 * len(show(made.result))
    if not (itself or shorter) or same_form(end, made.result) or not (trust or lemma_holds(name, functions)):
        return made
    rule = Rule(f"written with {name}" if itself else "written shorter", "an identity, proved by normal form")
    return replace(made, steps=(*made.steps, Step(rule, made.result, end, end)), result=end)


def _named(expression: Expr, variable: str, functions: Functions) -> str | None:
    """The function of the course that an expression is, by its name or by its definition."""
    if isinstance(expression, Call):
        return expression.name if definition_of(expression, functions) is not None else None
    for name in functions:
        definition = functions[name].definition
        if definition.body == expression and not definition.defaults and definition.parameters[0] == variable:
            return name
    return None


def definition_of(expression: Expr, functions: Functions) -> Expr | None:
    """The definition, where the expression is a function applied to plain symbols."""
    if not isinstance(expression, Call) or expression.primes or expression.name not in functions:
        return None
    if not all(isinstance(arg, Symbol) for arg in expression.args):
        return None
    definition = functions[expression.name].definition
    return _applied(definition.body, definition, expression.args)


def opened(expr: Expr, functions: Functions) -> Expr:
    """`expr` with every derivative in it, primes included, replaced by what it is (undefined functions stay)."""
    expr = rebuilt(expr, lambda child: opened(child, functions))
    match expr:
        case Derivative(of, variable, order):
            return derive(of, variable.name, functions, order).result
        case Call(name, args, primes) if primes and (name in BUILTINS or name in functions):
            inner = Symbol("u_")
            parameters = [Symbol(f"u_{i}") for i in range(1, len(args))]
            slope = derive(Call(name, (inner, *parameters)), "u_", functions, primes).result
            return substitute(slope, dict(zip(("u_", *(p.name for p in parameters)), args, strict=True)))
    return expr


def finishing(line: Expr, variable: str, functions: Functions) -> tuple[Step, ...]:
    """The steps that are left from a line with derivatives in it; raises CannotDerive."""
    steps: list[Step] = []
    Walker(functions, variable, trust=True).finish(line, steps)
    return tuple(steps)


class Walker:
    """Rewrites the derivatives of a line one by one; `step` is the rule that applies to one of them."""

    def __init__(self, functions: Functions, variable: str, trust: bool, usable: Lemma | None = None) -> None:
        self.functions, self.variable, self.trust = functions, variable, trust
        self.usable = usable or (lambda lemma: True)
        self.closed: tuple[str, ...] = ()  # functions whose lemma may not be used
        self.lemmas: set[str] = set()
        self.written = 0

    def run(self, expr: Expr, steps: list[Step]) -> Expr:
        """Rewrite d/dx of `expr` until no derivative is left, noting each step."""
        return self.finish(Derivative(expr, Symbol(self.variable)), steps)

    def finish(self, line: Expr, steps: list[Step]) -> Expr:
        """Rewrite the derivatives in a line until none is left."""
        lines, size = Lines(), _size(line)

        def next_step(target: Derivative) -> Expr:
            nonlocal size
            self.written += size
            if len(steps) >= MOST_STEPS or self.written > MOST_WRITTEN:
                most = f"{MOST_STEPS} steps or {MOST_WRITTEN:,} signs"
                raise CannotDerive(f"the derivation takes more than {most}: simplify the expression")
            rule, after = self.step(target.of)
            size += _size(after) - _size(target)
            steps.append(Step(rule, target, after, after))
            return after

        while (found := lines.next(line, next_step)) is not None:
            line = found
            steps[-1] = replace(steps[-1], line=line)
        neat = simplified(line)
        if neat != line:
            steps.append(Step(SIMPLIFY, line, neat, neat))
        return neat

    def worked_out(self, expr: Expr) -> Expr:
        """The derivative of `expr` without a story: each part is looked at once."""
        return simplified(self.without_derivatives(self.step(expr)[1]))

    def without_derivatives(self, expr: Expr) -> Expr:
        """What a rule makes of an expression, with the derivatives in it worked out; conditions are left alone."""
        match expr:
            case Derivative(of):
                self.written += 1
                if self.written > MOST_RULES:
                    raise CannotDerive(f"the derivative takes more than {MOST_RULES:,} rules: simplify the expression")
                return self.without_derivatives(self.step(of)[1])
            case Piecewise(branches):
                return Piecewise(tuple(Branch(self.without_derivatives(b.value), b.condition) for b in branches))
        if not any(isinstance(node, Derivative) for node in walk(expr)):
            return expr
        return rebuilt(expr, self.without_derivatives)

    def d(self, expr: Expr) -> Expr:
        """The derivative of a part, written down; constants are seen at once."""
        return Derivative(expr, Symbol(self.variable))

    def constant(self, expr: Expr) -> bool:
        return self.variable not in symbols(expr)

    def step(self, expr: Expr) -> tuple[Rule, Expr]:
        """The rule for d/dx of `expr`, and what it makes of it."""
        if self.constant(expr):
            return CONSTANT, ZERO
        match expr:
            case Symbol():
                return IDENTITY, ONE
            case Negative(of):
                return CONSTANT_FACTOR, Negative(self.d(of))
            case Sum(terms):
                return SUM, Sum(tuple(Negative(self.d(t.of)) if isinstance(t, Negative) else self.d(t) for t in terms))
            case Product(factors):
                return self.product(factors)
            case Quotient(over, under):
                return self.quotient(over, under)
            case Power(base, exponent):
                return self.power(base, exponent)
            case Piecewise(branches):
                return PIECEWISE, Piecewise(tuple(Branch(self.d(b.value), b.condition) for b in branches))
            case Call():
                return self.call(expr)
            case Integral(of, bound, lower, upper) if self.variable not in symbols(of) - {bound.name}:
                return self.integral(of, bound, lower, upper)
            case BigSum(of, bound, lower, upper) if self.constant(lower) and self.constant(upper):
                return SUM, BigSum(self.d(of), bound, lower, upper)
        raise CannotDerive(f"there is no rule to differentiate `{show(expr)}`")

    def product(self, factors: Sequence[Expr]) -> tuple[Rule, Expr]:
        fixed = [f for f in factors if self.constant(f)]
        moving = [f for f in factors if not self.constant(f)]
        if fixed:
            inside = moving[0] if len(moving) == 1 else Product(tuple(moving))
            return CONSTANT_FACTOR, Product((*fixed, self.d(inside)))
        if len(factors) ** 2 > MOST_WRITTEN:
            raise CannotDerive(f"a product of {len(factors):,} factors is too long to differentiate: simplify it")
        terms = [Product(tuple(self.d(f) if i == j else f for j, f in enumerate(factors))) for i in range(len(factors))]
        return PRODUCT, Sum(tuple(terms))

    def quotient(self, over: Expr, under: Expr) -> tuple[Rule, Expr]:
        if self.constant(under):
            return CONSTANT_FACTOR, Quotient(self.d(over), under)
        top = Sum((Product((self.d(over), under)), Negative(Product((over, self.d(under))))))
        return QUOTIENT, Quotient(top, Power(under, number(2)))

    def power(self, base: Expr, exponent: Expr) -> tuple[Rule, Expr]:
        if self.constant(exponent):
            n = literal(exponent)
            lower = number(n - 1) if n is not None else Sum((exponent, Negative(ONE)))
            outer = base if n == 2 else Power(base, lower)
            factors = (exponent, outer) if isinstance(base, Symbol) else (exponent, outer, self.d(base))
            return POWER, Product(factors)
        if base == Constant("e"):
            whole = Power(base, exponent)
            return EXPONENTIAL, whole if isinstance(exponent, Symbol) else Product((whole, self.d(exponent)))
        if self.constant(base):
            return GENERAL_EXPONENTIAL, Product((Power(base, exponent), Call("ln", (base,)), self.d(exponent)))
        log_part = Product((self.d(exponent), Call("ln", (base,))))
        base_part = Quotient(Product((exponent, self.d(base))), base)
        return GENERAL_POWER, Product((Power(base, exponent), Sum((log_part, base_part))))

    def call(self, expr: Call) -> tuple[Rule, Expr]:
        name, args = expr.name, expr.args
        if name in ("max", "min"):
            return DEFINITION, self.d(_as_piecewise(name, args))
        others_fixed = all(self.constant(arg) for arg in args[1:])
        row = self.functions[name] if name in self.functions and name not in self.closed else None
        lemma = row.lemma if row is not None and others_fixed and name not in OUTER else None
        usable = lemma is not None and self.usable(lemma)
        if usable and (self.trust or lemma_holds(name, self.functions)):
            assert row is not None and row.lemma is not None
            self.lemmas.add(name)
            slope = _applied(row.lemma, row.definition, args)
            left = Derivative(row.applied(), Symbol(row.definition.parameters[0]))
            rule = Rule(f"derivative of {name}", f"{show(left)} = {show(row.lemma)}")
            return self.chained(rule, slope, args[0])
        if name in OUTER:
            rule = OUTER[name].rule(name)
            return self.chained(rule, substitute(_formula(OUTER[name].slope), {"u": args[0]}), args[0])
        if name in self.functions:
            definition = self.functions[name].definition
            whole = Call(name, tuple(Symbol(p) for p in definition.parameters))
            rule = Rule(f"definition of {name}", f"{show(whole)} = {show(definition.body)}")
            return rule, self.d(_applied(definition.body, definition, args))
        if len(args) == 1:
            return self.chained(CHAIN, replace(expr, primes=expr.primes + 1), args[0])
        raise CannotDerive(f"`{name}` is not a function that I know the derivative of")

    def chained(self, rule: Rule, slope: Expr, inner: Expr) -> tuple[Rule, Expr]:
        """f'(u) times the derivative of u, which is left out where u is the variable itself."""
        if inner == Symbol(self.variable):
            return rule, slope
        named = rule if rule is CHAIN else Rule(f"chain rule: {rule.name}", rule.says)
        factors = slope.factors if isinstance(slope, Product) else (slope,)
        return named, Product((*factors, self.d(inner)))

    def integral(self, of: Expr, bound: Symbol, lower: Expr, upper: Expr) -> tuple[Rule, Expr]:
        """The fundamental theorem, with bounds that may move."""
        rule = Rule("fundamental theorem", "d/dx int(f(t), t = a..x) = f(x)")
        above = Product((substitute(of, {bound.name: upper}), self.d(upper)))
        below = Product((substitute(of, {bound.name: lower}), self.d(lower)))
        return rule, above if self.constant(lower) else Sum((above, Negative(below)))


def _size(expr: Expr) -> int:
    """How many nodes an expression has, as far as that matters."""
    return sum(1 for _ in islice(walk(expr), MOST_WRITTEN + 1))


@cache
def lemma_holds(name: str, functions: Functions) -> bool:
    """Whether a row's lemma is proved, off the kinks, to be the derivative of its definition."""
    row = functions[name]
    assert row.lemma is not None
    parameters = tuple(Symbol(parameter) for parameter in row.definition.parameters)
    try:
        own = derive(Call(name, parameters), row.definition.parameters[0], functions).result
    except CannotDerive:
        return False
    difference = Sum((own, Negative(row.lemma)))
    needed = reachable(difference, functions.definitions)
    try:
        shown = WORKER.ask("algebra.normal:vanishes", difference, row.conditions, needed, False, seconds=2.0)
    except Overrun:
        look()  # what was not tried for want of time is not to be remembered
        return False
    return shown is not None and bool(shown.cases)


def _applied(body: Expr, definition: Definition, args: Sequence[Expr]) -> Expr:
    """A definition's or lemma's formula with the arguments put in; defaults leave no `1*x` behind."""
    whole = substitute(body, definition.environment(args, lambda default: default))
    return whole if len(args) == len(definition.parameters) else simplified(whole)


@cache
def _formula(text: str) -> Expr:
    return read(text)


def _as_piecewise(name: str, args: Sequence[Expr]) -> Expr:
    """max(a, b, c) = {c if c > max(a, b); b if b > a; a otherwise}, so that at a tie the first argument counts."""
    sign = ">" if name == "max" else "<"
    branches = [Branch(args[0], None)]
    for i, other in enumerate(args[1:], 1):
        best = args[0] if i == 1 else Call(name, tuple(args[:i]))
        branches.insert(0, Branch(other, Relation((other, best), (sign,))))
    return Piecewise(tuple(branches)) if len(args) > 1 else args[0]

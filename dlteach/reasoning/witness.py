"""A derivation on trial: SymPy's own derivative, a numeric one, the lemmas that were used, and the kinks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from dlteach.course.functions import Functions
from dlteach.notation.backend import NotEvaluable, reachable
from dlteach.notation.balls import Balls, ball, precision, truth
from dlteach.notation.show import show
from dlteach.notation.tree import (
    Branch,
    Call,
    Condition,
    Expr,
    Negative,
    Piecewise,
    Sum,
    Symbol,
    literal,
    number,
    rebuilt,
    substitute,
    symbols,
)
from dlteach.reasoning.derive import Derivation, derive, lemma_holds, opened
from dlteach.reasoning.points import boundaries, joints, points
from dlteach.reasoning.tidy import tidied
from dlteach.reasoning.worker import WORKER, Overrun

BITS = 640
STEP = Fraction(1, 2**160)
TOLERANCE = arb("1e-20")
JOINT = arb("1e-10")


@dataclass(frozen=True)
class Check:
    """One witness: what it is, whether it agrees (None: it could not say), and its words."""

    name: str
    holds: bool | None
    says: str


@dataclass(frozen=True)
class Kink:
    """A place where the one-sided derivatives differ: both, as formulas or decimals."""

    at: str
    left: str
    right: str


def checks(derivation: Derivation, functions: Functions, seconds: float = 2.0) -> tuple[Check, ...]:
    """The three witnesses, and one for each lemma that was used."""
    found = [by_sympy(derivation, functions, seconds), by_numbers(derivation, functions)]
    found += [lemma_check(name, functions) for name in derivation.lemmas]
    return tuple(found)


def by_sympy(derivation: Derivation, functions: Functions, seconds: float) -> Check:
    """SymPy differentiates the expression by itself; the two results are proved equal off the kinks."""
    base = opened(derivation.expression, functions)
    definitions = functions.definitions
    needed = reachable(Sum((base, derivation.result)), definitions)
    try:
        theirs: Expr = base
        for _ in range(derivation.order):
            theirs = WORKER.ask("sympy_tasks:differentiate", theirs, derivation.variable, needed, seconds=seconds)
        difference = Sum((derivation.result, Negative(theirs)))
        conditions = _domain(derivation.expression, functions)
        if WORKER.ask("normal:vanishes", difference, conditions, needed, False, seconds=seconds) is not None:
            return Check("SymPy", True, "SymPy's own derivative is proved equal to this one")
        if WORKER.ask("sympy_tasks:is_zero", difference, conditions, needed, seconds=seconds):
            return Check("SymPy", True, "SymPy's own derivative simplifies to this one")
        return Check("SymPy", None, "SymPy's own derivative could not be proved equal to this one")
    except (Overrun, NotEvaluable) as problem:
        return Check("SymPy", None, f"SymPy could not be asked: {problem}")


def by_numbers(derivation: Derivation, functions: Functions) -> Check:
    """Central differences in balls of 640 bits, with a step of 2^-160, at points off the joints."""
    definitions = functions.definitions
    before = derivation.expression
    if derivation.order > 1:
        before = derive(before, derivation.variable, functions, derivation.order - 1).result
    before = opened(before, functions)
    back = Balls(definitions)
    names = symbols(before) | symbols(derivation.result)
    corners = list(boundaries([before], definitions))
    agreed = 0
    with precision(BITS):
        for at in points([before], names, _domain(derivation.expression, functions), definitions, 40):
            x = at.get(derivation.variable, Fraction(0))
            if _at_a_joint(corners, at, back):
                continue
            up = {name: ball(value) for name, value in at.items()}
            down = dict(up)
            up[derivation.variable], down[derivation.variable] = ball(x + STEP), ball(x - STEP)
            try:
                quotient = (back(before, up) - back(before, down)) / ball(2 * STEP)
                slope = back(derivation.result, {name: ball(value) for name, value in at.items()})
            except NotEvaluable:
                continue
            if not (quotient.is_finite() and slope.is_finite()):
                continue
            gap = abs(quotient - slope)
            if bool(gap > TOLERANCE * (1 + abs(slope))):
                where = ", ".join(f"{name} = {show(number(value))}" for name, value in sorted(at.items()))
                return Check("numeric", False, f"a numeric derivative differs at {where}")
            agreed += 1
    if not agreed:
        return Check("numeric", None, "no point was found for a numeric derivative")
    return Check("numeric", True, f"central differences agree at {agreed} points to 20 digits")


def _at_a_joint(corners: Iterable[tuple[Expr, Expr]], at: Mapping[str, Fraction], back: Balls) -> bool:
    """Whether a piece begins so near that a difference quotient would straddle it."""
    env = {name: ball(value) for name, value in at.items()}
    for left, right in corners:
        try:
            if not bool(abs(back(left, env) - back(right, env)) > JOINT):
                return True
        except NotEvaluable:
            return True
    return False


def lemma_check(name: str, functions: Functions) -> Check:
    """What was found out about a row's lemma before it became a rule."""
    row = functions[name]
    assert row.lemma is not None
    holds = lemma_holds(name, functions)
    words = "proved from the definition" if holds else "not proved, so not used"
    return Check("lemma", holds or None, f"{name}'({row.definition.parameters[0]}) = {show(row.lemma, True)}: {words}")


def kinks(derivation: Derivation, functions: Functions) -> tuple[Kink, ...]:
    """The joints at which the one-sided limits of the derivative differ, for parameters of no special value."""
    definitions = functions.definitions
    expr = opened(derivation.expression, functions)
    found = []
    for joint in sorted(joints([expr], derivation.variable, definitions)):
        sides = []
        for sign in (-1, 1):
            try:
                sides.append(_one_sided(derivation.result, derivation.variable, joint, sign, functions))
            except NotEvaluable:
                break
        if len(sides) == 2:
            (left, a), (right, b) = sides
            if a is not None and b is not None and not a.overlaps(b) and bool(abs(a - b) > arb("1e-15")):
                found.append(Kink(show(number(joint)), left, right))
    return tuple(found)


def _one_sided(expr: Expr, variable: str, at: Fraction, sign: int, functions: Functions) -> tuple[str, arb | None]:
    """The one-sided limit of an expression: as a formula where that is short, and as a ball near the place."""
    back = Balls(functions.definitions)
    names = symbols(expr) - {variable}
    with precision(BITS):
        env = {name: ball(Fraction(7, 10) + i) for i, name in enumerate(sorted(names))}
        env[variable] = ball(at + sign * STEP)
        near = back(expr, env)
        chosen = _chosen(expr, env, back)
    if not near.is_finite():
        return "", None
    exact = tidied(substitute(chosen, {variable: number(at)}))
    value = literal(exact)
    text = show(number(value)) if value is not None else show(exact)
    try:
        with precision(BITS):
            env[variable] = ball(at)
            here = back(exact, env)
            good = here.is_finite() and bool(abs(here - near) < arb("1e-15"))
    except NotEvaluable:
        good = False
    if not good or len(text) > 24:
        text = near.str(6, radius=False)
    return text, near


def _chosen(expr: Expr, env: Mapping[str, arb], back: Balls) -> Expr:
    """`expr` with the branches that count near a point put in the place of piecewise functions."""
    match expr:
        case Piecewise(branches):
            return _chosen(_branch(branches, env, back), env, back)
        case Call("abs" | "sign", (inner,), 0):
            value = back(inner, env)
            side = 1 if truth(">", value, arb(0)) else -1
            if expr.name == "sign":
                return number(side)
            return _chosen(inner, env, back) if side > 0 else Negative(_chosen(inner, env, back))
        case Call("max" | "min", args, 0):
            pick = max if expr.name == "max" else min
            return _chosen(pick(args, key=lambda arg: float(back(arg, env))), env, back)
        case Call(name, args, 0) if name in back.definitions and next(boundaries([expr], back.definitions), None):
            definition = back.definitions[name]
            body = substitute(definition.body, definition.environment(args, lambda default: default))
            return _chosen(body, env, back)
    return rebuilt(expr, lambda child: _chosen(child, env, back))


def _branch(branches: tuple[Branch, ...], env: Mapping[str, arb], back: Balls) -> Expr:
    for branch in branches:
        if branch.condition is None or back.holds(branch.condition, env):
            return branch.value
    raise NotEvaluable("no branch counts here")


def _domain(expression: Expr, functions: Functions) -> tuple[Condition, ...]:
    """The conditions on the parameters of a bare call of one of the course's functions."""
    if isinstance(expression, Call) and expression.name in functions:
        row = functions[expression.name]
        if expression.args == tuple(map(Symbol, row.definition.parameters)):
            return row.conditions
    return ()

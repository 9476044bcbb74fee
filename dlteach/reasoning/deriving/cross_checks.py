"""A derivation on trial: SymPy's own derivative, a numeric one, the lemmas that were used, and the kinks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import partial

from flint import arb

from dlteach.course.functions import Functions
from dlteach.notation.backend import NotEvaluable, reachable
from dlteach.notation.balls import Balls, ball, precision, truth
from dlteach.notation.patience import NEVER, within
from dlteach.notation.patience import left as time_left
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
from dlteach.reasoning.algebra.crossings import boundaries
from dlteach.reasoning.algebra.sample_points import points
from dlteach.reasoning.algebra.simplify import simplified
from dlteach.reasoning.algebra.solve import Line
from dlteach.reasoning.deriving.derive import derive, lemma_holds, opened
from dlteach.reasoning.deriving.steps import Check, Derivation, Kink
from dlteach.reasoning.worker.process import WORKER, Overrun

BITS = 640
SECONDS = 0.8  # for a witness
KINKS = 0.5  # for the kinks
STEP = Fraction(1, 2**160)
TOLERANCE = arb("1e-20")
JOINT = arb("1e-10")


def witnesses(derivation: Derivation, functions: Functions) -> tuple[tuple[Check, ...], tuple[Kink, ...]]:
    """All that is looked at beside a derivation: its checks and its kinks."""
    found = kinks(derivation, functions)
    return checks(derivation, functions), found


def checks(derivation: Derivation, functions: Functions, seconds: float = SECONDS) -> tuple[Check, ...]:
    """The three witnesses, and one for each lemma that was used; each has so many seconds, SymPy all that is left."""
    others: list[tuple[str, Callable[[], Check]]] = [
        ("numeric", lambda: by_numbers(derivation, functions)),
        *(("lemma", partial(lemma_check, name, functions)) for name in derivation.lemmas),
    ]
    found = [_heard(name, witness, seconds) for name, witness in others]
    rest = seconds if time_left() == NEVER else max(seconds, time_left())
    return (_heard("SymPy", lambda: by_sympy(derivation, functions, rest), rest), *found)


def _heard(name: str, witness: Callable[[], Check], seconds: float) -> Check:
    try:
        with within(seconds):
            return witness()
    except Overrun:
        return Check(name, None, f"{name}: there is no answer within {round(seconds, 1):g} s")


def by_sympy(derivation: Derivation, functions: Functions, seconds: float) -> Check:
    """SymPy differentiates the expression by itself; the two results are proved equal off the kinks."""
    base = opened(derivation.expression, functions)
    definitions = functions.definitions
    needed = reachable(Sum((base, derivation.result)), definitions)
    try:
        theirs: Expr = base
        for _ in range(derivation.order):
            theirs = WORKER.ask(
                "algebra.sympy_tasks:differentiate", theirs, derivation.variable, needed, seconds=seconds
            )
        difference = Sum((derivation.result, Negative(theirs)))
        conditions = _domain(derivation.expression, functions)
        shown = WORKER.ask("algebra.normal:vanishes", difference, conditions, needed, False, seconds=seconds)
        if shown is not None and shown.cases:
            return Check("SymPy", True, "SymPy's own derivative is proved equal to this one")
        if WORKER.ask("algebra.sympy_tasks:is_zero", difference, conditions, needed, seconds=seconds):
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
    """The joints at which the one-sided limits of the derivative differ, for parameters of no special value.

    Where there are too many to look at in time, those that were.
    """
    found: list[Kink] = []
    with suppress(Overrun), within(KINKS):
        for kink in _kinks(derivation, functions):
            found.append(kink)  # one by one: what was found before the time ran out is kept
    return tuple(found)


def _kinks(derivation: Derivation, functions: Functions) -> Iterator[Kink]:
    expr = opened(derivation.expression, functions)
    conditions = _domain(derivation.expression, functions)
    names = (symbols(expr) | symbols(derivation.result)) - {derivation.variable}
    others = _ordinary(expr, names, conditions, functions)
    for place in _places(expr, derivation.variable, others, functions):
        try:
            sides = [
                _one_sided(derivation.result, derivation.variable, place, sign, others, functions) for sign in (-1, 1)
            ]
        except NotEvaluable:
            continue
        (left, a), (right, b) = sides
        if a.is_finite() and b.is_finite() and not a.overlaps(b) and bool(abs(a - b) > arb("1e-15")):
            yield Kink(show(place), left, right, _taken(derivation, place, others, sides, functions))


def _ordinary(
    expr: Expr, names: frozenset[str], conditions: tuple[Condition, ...], functions: Functions
) -> dict[str, Fraction]:
    """Values of the parameters that are nothing special and meet the conditions."""
    plain = {name: Fraction(7, 10) + i for i, name in enumerate(sorted(names))}
    bound = [c for c in conditions if symbols(c) <= names]
    if not names or not bound:
        return plain
    rows = points([expr], names, (*bound,), functions.definitions, 12)
    return dict(next((row for row in rows if len(set(row.values())) == len(names) and 0 not in row.values()), plain))


def _places(expr: Expr, variable: str, others: Mapping[str, Fraction], functions: Functions) -> list[Expr]:
    """Joints, from left to right, as far as they can be solved for; a parameter may say where."""
    line = Line(variable, {}, functions.definitions, seconds=0)
    back = Balls(functions.definitions)
    env = {name: ball(value) for name, value in others.items()}
    found: dict[Expr, float] = {}
    for left, right in boundaries([expr], functions.definitions):
        try:
            places = line.zeros(simplified(Sum((left, Negative(right)))), None, None)
            found.update((place, float(value)) for place in places if (value := back(place, env)).is_finite())
        except NotEvaluable:
            continue
    return sorted(found, key=lambda place: found[place])


def _taken(
    derivation: Derivation,
    place: Expr,
    others: Mapping[str, Fraction],
    sides: Sequence[tuple[str, arb]],
    functions: Functions,
) -> str:
    """What the formula gives at the kink itself, where that is one of the two slopes or between them."""
    env = {name: ball(value) for name, value in others.items()}
    back = Balls(functions.definitions)
    try:
        with precision(BITS):
            env[derivation.variable] = back(place, env)
            here = back(derivation.result, env)
    except NotEvaluable:
        return ""
    for text, value in sides:
        if here.overlaps(value):
            return text
    return here.str(6, radius=False) if here.is_finite() else ""


def _one_sided(
    expr: Expr, variable: str, at: Expr, sign: int, others: Mapping[str, Fraction], functions: Functions
) -> tuple[str, arb]:
    """The one-sided limit of an expression: as a formula where that is short, and as a ball near the place."""
    back = Balls(functions.definitions)
    with precision(BITS):
        env = {name: ball(value) for name, value in others.items()}
        here = back(at, env)
        env[variable] = here + sign * ball(STEP)
        near = back(expr, env)
        chosen = _chosen(expr, env, back)
        exact = simplified(substitute(chosen, {variable: at}))
        value = literal(exact)
        text = show(number(value)) if value is not None else show(exact)
        try:
            env[variable] = here
            there = back(exact, env)
            good = there.is_finite() and bool(abs(there - near) < arb("1e-15"))
        except NotEvaluable:
            good = False
    return (text if good and len(text) <= 24 else near.str(6, radius=False)), near


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
            body = definition.applied(args)
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

"""Methods for expectations: Gaussian integrals, symmetry and Stein's identity.

E[f] has a value when E|f| is finite. Nothing is said by symmetry or by Stein's identity before each part of f
is shown to be integrable; a Gaussian integral is there because its exponent is shown to fall.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from dlteach.course.ledger import Outcome
from dlteach.notation.backend import NotEvaluable
from dlteach.notation.balls import NotReal
from dlteach.notation.show import show
from dlteach.notation.tree import (
    ZERO,
    Expr,
    Moment,
    MomentKind,
    Negative,
    Product,
    Relation,
    Statement,
    Sum,
    Symbol,
    is_noise,
    substitute,
    symbols,
    walk,
)
from dlteach.reasoning.algebra.gaussian_integrals import without_moments
from dlteach.reasoning.algebra.moments import noise_in
from dlteach.reasoning.algebra.simplify import simplified
from dlteach.reasoning.deciding.equations import by_normal_form
from dlteach.reasoning.deciding.existence import continuous_on, integrable
from dlteach.reasoning.deciding.proofs import How, Proof, Question
from dlteach.reasoning.deciding.verdicts import Verdict
from dlteach.reasoning.deriving.derive import derive
from dlteach.reasoning.enclosing.evaluate import Evaluator


def by_moments(question: Question) -> Proof | None:
    """Expectations in closed form, by Gaussian integrals that are shown to exist."""
    if not any(isinstance(node, Moment) for node in walk(question.relation)):
        return None
    left, right = (
        without_moments(side, question.conditions, question.definitions) for side in (question.left, question.right)
    )
    found = by_normal_form(question.about(left, right))
    return Proof(How.GAUSSIAN, "the closed form is the stated one") if isinstance(found, Proof) else None


def by_closed_moments(question: Question) -> Proof | Verdict | None:
    """An inequality between expectations, as one between their closed forms."""
    if not any(isinstance(node, Moment) for node in walk(question.relation)):
        return None
    left, right = (
        without_moments(side, question.conditions, question.definitions) for side in (question.left, question.right)
    )
    found = question.ask(Statement(Relation((left, right), (question.sign,)), question.conditions))
    if found.holds:
        return Proof(How.GAUSSIAN, f"of the closed forms: {found.evidence}", found.outcome)
    return found if found.outcome is Outcome.REFUTED and not question.names else None


def by_symmetry(question: Question) -> Proof | None:
    """E[f] = v, for a sum f of expectations: f and its image under a symmetry of the noise have the sum 2*v.

    The noise is symmetric under z -> -z for each variable, and under the exchange of two. Each part of f must be
    integrable: E[1/z] is not 0, it is nothing.
    """
    linear = _as_one_mean(question.difference)
    if linear is None:
        return None
    whole, parts = linear
    names = sorted(noise_in(whole))
    images: list[dict[str, Expr]] = [{name: Negative(Symbol(name))} for name in names]
    images += [{a: Symbol(b), b: Symbol(a)} for a, b in combinations(names, 2)]
    if len(names) > 1:
        images.append({name: Negative(Symbol(name)) for name in names})
    for image in images:
        both = Sum((whole, substitute(whole, image)))
        if _is_zero(question, both) and all(has_mean(question, part) for part in parts):
            return Proof(How.SYMMETRY, f"f + f = 0 with {_in_words(image)}, where f is `{show(simplified(whole))}`")
    return None


def by_stein(question: Question) -> Proof | None:
    """E[z*g(z)] = E[g'(z)] for a continuous g that is smooth on its pieces, with E|g'| finite (Stein 1981)."""
    linear = _as_one_mean(question.difference)
    if linear is None:
        return None
    whole, parts = linear
    if noise_in(whole) != {"z"}:
        return None
    for part in parts:
        for g in _without_z(part):
            for sign in (1, -1):
                slope = derive(g, "z", question.functions, opening=False).result
                step = Sum((Product((Symbol("z"), g)), Negative(slope)))
                rest = Sum((whole, Negative(step) if sign > 0 else step))
                odd = Sum((rest, substitute(rest, {"z": Negative(Symbol("z"))})))
                if not (_is_zero(question, rest) or _is_zero(question, odd)):
                    continue
                smooth = continuous_on(g, "z", None, None, question.conditions, question.ask, question.definitions)
                if smooth.holds and all(
                    has_mean(question, each) for each in (*parts, slope, Product((Symbol("z"), g)))
                ):
                    return Proof(How.STEIN, f"E[z*g(z)] = E[g'(z)] with g(z) = {show(g)}")
    return None


def has_mean(question: Question, of: Expr) -> bool:
    """Whether E|of| is finite: by enclosing it where there are no parameters, else by its growth."""
    if not symbols(of) - noise_in(of):
        try:
            if Evaluator(question.definitions, question.deadline)(Moment(MomentKind.MEAN, of), {}).is_finite():
                return True
        except NotReal:
            return False
        except NotEvaluable:
            pass
    return integrable(of, noise_in(of), question.conditions, question.ask, question.definitions).holds


def _is_zero(question: Question, expr: Expr) -> bool:
    free = {name: Symbol(f"{name}_noise") for name in noise_in(expr)}
    return isinstance(by_normal_form(question.about(substitute(expr, free), ZERO)), Proof)


def _as_one_mean(difference: Expr) -> tuple[Expr, list[Expr]] | None:
    """f and its parts, with E[f] = difference; each expectation must be a term or have a factor free of noise."""
    if any(is_noise(name) for name in symbols(difference)):
        return None  # a free symbol of the same name
    parts: list[Expr] = []
    terms_of = [(1, difference)]
    while terms_of:
        sign, term = terms_of.pop()
        match term:
            case Negative(of):
                terms_of.append((-sign, of))
            case Sum(terms=inner):
                terms_of += [(sign, each) for each in inner]
            case Moment(MomentKind.MEAN, of):
                parts.append(of if sign > 0 else Negative(of))
            case Product(factors) if sum(isinstance(factor, Moment) for factor in factors) == 1:
                inside = tuple(f.of if isinstance(f, Moment) and f.kind == "E" else f for f in factors)
                parts.append(Product(inside) if sign > 0 else Negative(Product(inside)))
            case _:
                parts.append(term if sign > 0 else Negative(term))
    if not any(noise_in(part) for part in parts) or any(isinstance(e, Moment) for part in parts for e in walk(part)):
        return None
    return (parts[0] if len(parts) == 1 else Sum(tuple(parts))), [part for part in parts if noise_in(part)]


def _without_z(part: Expr) -> list[Expr]:
    """g, for a part z*g(z)."""
    part = part.of if isinstance(part, Negative) else part
    if not isinstance(part, Product) or Symbol("z") not in part.factors:
        return []
    rest = list(part.factors)
    rest.remove(Symbol("z"))
    return [rest[0] if len(rest) == 1 else Product(tuple(rest))]


def _in_words(image: Mapping[str, Expr]) -> str:
    return ", ".join(f"{show(new)} for {name}" for name, new in image.items())

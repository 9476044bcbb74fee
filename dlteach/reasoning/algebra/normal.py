"""A normal form that proves: quotients of polynomials over kernels, piece by piece.

An expression becomes f/g over kernels (`kernels`), by the laws of the elementary functions (`elementary`), under
assumptions on signs (`assumptions`, `sign_rules`), in each case that there is (`cases`). Two expressions are equal
where the numerator of their difference reduces to zero: that is a proof, and nothing is claimed when it does not.
"""

from __future__ import annotations

from collections.abc import Iterable

from dlteach.notation.backend import Definitions, NotEvaluable
from dlteach.notation.tree import Condition, Expr, links
from dlteach.reasoning.algebra.answers import Shown, Signs
from dlteach.reasoning.algebra.cases import Finding, findings
from dlteach.reasoning.algebra.field import ALLOWED

__all__ = ["ALLOWED", "Shown", "Signs", "links", "signs", "vanishes"]


def vanishes(
    difference: Expr, conditions: Iterable[Condition], definitions: Definitions, joints: bool = True
) -> Shown | None:
    """Whether `difference` is zero for all real values under the conditions; None where this method cannot tell.

    With `joints` off, points where the sign of something changes are left out: two derivatives are compared
    off the kinks. Where no case is shown, the difference is real nowhere, and nothing has been proved of it.
    """
    try:
        found = findings(difference, conditions, definitions, lambda field, value: field.vanishes(value), joints)
    except NotEvaluable:
        return None
    if any(finding.answer is False for finding in found):
        return None
    vacuous = sum(finding.answer is None for finding in found)
    return Shown(len(found) - vacuous, vacuous, _all_certain(found))


def signs(difference: Expr, conditions: Iterable[Condition], definitions: Definitions) -> Signs | None:
    """The signs that `difference` takes, as far as they follow from its form; None where that is too hard."""
    try:
        found = findings(difference, conditions, definitions, lambda field, value: field.sign(value), True)
    except NotEvaluable:
        return None
    answers = [finding.answer for finding in found if finding.answer is not None]
    return Signs(frozenset(answers), len(found) - len(answers), _all_certain(found))


def _all_certain(found: list[Finding]) -> bool:
    return bool(found) and all(finding.certain for finding in found)

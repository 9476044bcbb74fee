"""What is assumed of kernels, and what follows from it: contradictions, zeros, and whether all is real."""

from __future__ import annotations

from collections.abc import Mapping

from dlteach.reasoning.algebra.kernels import Assumption, NeedSign, Quotient, Vacuous
from dlteach.reasoning.algebra.polynomials import ONE, Poly, normed
from dlteach.reasoning.algebra.sign_rules import SignRules


class Assuming(SignRules):
    """Kernels under assumptions on signs."""

    def absolute(self, value: Quotient) -> Quotient:
        """|value|."""
        return value if self.at_least_zero(value) else -value

    def absolute_factor(self, factor: Poly) -> Poly:
        """|factor| as a polynomial."""
        known = self.known_sign(factor)
        if known <= {0, 1}:
            return factor
        if known <= {0, -1}:
            return -factor
        raise NeedSign(normed(factor)[0], weakly=True)

    def assume(self, factor: Poly, signs: frozenset[int]) -> None:
        """Go on only where an irreducible factor has one of the signs that make a side real."""
        monic, flip = normed(factor)
        needed = self.known_sign(monic) & frozenset(-s if flip else s for s in signs)
        if not needed:
            raise Vacuous
        self.assumed[str(monic)] = Assumption(monic, needed)

    def is_null(self, poly: Poly) -> bool:
        """Whether a polynomial vanishes, identically or because of what is assumed to be 0."""
        nulls = [a.poly for a in self.assumed.values() if a.signs == {0}]
        for null in nulls:
            _, poly = divmod(poly, null)
        return bool(poly.is_zero()) or (bool(nulls) and self.possible(poly) == {0})

    def is_certain(self, assumed: Mapping[str, Assumption], given: int) -> bool:
        """Whether all that is needed follows from the conditions, whose kernels are `given`, and the case.

        A case says nothing at a point where the polynomial that it is about has no value. So each need rests on those
        assumptions only whose kernels had a value before the need arose.
        """
        seen: set[tuple[str, frozenset[int]]] = set()
        for i, kernel in enumerate(self.kernels):
            given |= (kernel.kind in ("symbol", "pi")) << i
        for need in tuple(self.needs):
            if need.poly is None:
                return False
            if (place := (str(need.poly), need.signs)) not in seen:
                seen.add(place)
                known = need.before | given
                self.assumed = {key: a for key, a in assumed.items() if not self.mask(a.poly) & ~known}
                if not self.possible(need.poly) <= need.signs:
                    return False
        return True

    def consistent(self) -> bool:
        """Whether no assumption contradicts what its own terms, or two others, say."""
        for key, assumption in list(self.assumed.items()):
            if not assumption.signs:
                return False
            if len(assumption.poly) < 2:
                continue
            del self.assumed[key]
            known = assumption.signs & self.sign_by_terms(assumption.poly) & self.sign_by_pairs(assumption.poly)
            if known:
                known &= self.sign_by_bounds(assumption.poly)
            self.assumed[key] = assumption
            if not known:
                return False
        return len(self.assumed) < 2 or 1 in self.sign_by_pairs(ONE)

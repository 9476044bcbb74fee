"""What a prover says: an outcome, the method, and the point that refutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flint import arb

from dlteach.course.ledger import Outcome
from dlteach.notation.show import show
from dlteach.notation.tree import number
from dlteach.reasoning.points import Point

DIGITS = 15
ORDER = (Outcome.REFUTED, Outcome.INVALID, Outcome.UNDECIDED, Outcome.SAMPLED, Outcome.ENCLOSED, Outcome.PROVED)


@dataclass(frozen=True)
class Verdict:
    """What was found out, how, and the point that refutes it if one does.

    `witness` maps symbols to exact values in the notation, `values` are both sides there, or what was computed.
    """

    outcome: Outcome
    how: str
    evidence: str = ""
    witness: Mapping[str, str] = field(default_factory=dict)
    values: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the statement is shown to be true."""
        return self.outcome in (Outcome.PROVED, Outcome.ENCLOSED)


def weakest(parts: Iterable[Verdict]) -> Verdict:
    """The verdict on a conjunction."""
    return min(parts, key=lambda verdict: ORDER.index(verdict.outcome))


def refuted(point: Point, a: arb, b: arb, how: str = "counterexample") -> Verdict:
    """The verdict at a point where the two sides differ."""
    witness = {name: show(number(value)) for name, value in point.items()}
    left, right = decimal(a), decimal(b)
    if left == right:
        left, right = decimal(a, 40), decimal(b, 40)
    where = ", ".join(f"{name} = {value}" for name, value in witness.items())
    evidence = f"at {where}: {left} against {right}" if where else f"{left} against {right}"
    return Verdict(Outcome.REFUTED, how, evidence, witness, (left, right))


def decimal(value: arb, digits: int = DIGITS, exact: bool = True) -> str:
    """A ball's midpoint; trailing zeros go where the value is exact or they are many, else they are digits."""
    if not value.is_finite():
        return "oo" if value > 0 else "-oo" if value < 0 else "not real"
    text: str = value.str(digits, radius=False)
    mantissa, mark, exponent = text.partition("e")
    short = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return short + mark + exponent if exact or len(mantissa) - len(short) >= 4 else text


def enclosed(value: arb, digits: int = 12) -> str:
    """A ball as the decimals that are sure: `0.000473235520687`."""
    if not value.is_finite():
        return decimal(value)
    sure = max(1, min(digits, int(value.rel_accuracy_bits() * 0.301)))
    return str(value.str(sure, radius=False))

"""What a prover says: an outcome, the method, and the point that refutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dlteach.course.ledger import Outcome
from dlteach.notation.show import show
from dlteach.notation.tree import number

if TYPE_CHECKING:  # a verdict is shown by processes that have no need of Arb
    from flint import arb

    from dlteach.reasoning.algebra.sample_points import Point

DIGITS = 15
ORDER = (Outcome.REFUTED, Outcome.INVALID, Outcome.UNDECIDED, Outcome.SAMPLED, Outcome.ENCLOSED, Outcome.PROVED)


@dataclass(frozen=True)
class Gap:
    """A point at which only one of two sides has a value: which side lacks it, "left" or "right", and why."""

    side: str
    point: Mapping[str, str]
    why: str

    @property
    def says(self) -> str:
        """The finding as a sentence without its full stop."""
        other = "right" if self.side == "left" else "left"
        return f"{placed(self.point)} only the {other} side has a value"


@dataclass(frozen=True)
class Lack:
    """A place where only the question has a value, and why; `isolated` where all neighbours have one on both sides."""

    point: Mapping[str, str]
    why: str
    isolated: bool

    @property
    def where(self) -> str:
        """`at x = -1`."""
        return placed(self.point)


@dataclass(frozen=True)
class Verdict:
    """What was found out, how, and the point that refutes it if one does.

    `witness` maps symbols to exact values in the notation, `values` are both sides there, or what was computed.
    `gaps` are points, of those that were looked at, where only one side has a value.
    """

    outcome: Outcome
    how: str
    evidence: str = ""
    witness: Mapping[str, str] = field(default_factory=dict)
    values: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the statement is shown to be true."""
        return self.outcome in (Outcome.PROVED, Outcome.ENCLOSED)

    @property
    def remark(self) -> str:
        """Where only one side has a value, of the points that were looked at; empty where both have one at all."""
        return self.gaps[0].says if self.holds and self.gaps else ""

    def document(self, word: str, how: str, seconds: float) -> dict[str, Any]:
        """What scripts get: `word` is the command's own for the outcome, `how` its own for the method."""
        document: dict[str, Any] = {
            "verdict": word,
            "how": how,
            "method": str(self.how),
            "evidence": self.evidence,
            "counterexample": dict(self.witness),
            "values": list(self.values),
            "remark": self.remark,
            "seconds": seconds,
        }
        return {**document, "error": self.evidence} if self.outcome is Outcome.INVALID else document


def out_of_time(problem: Exception) -> Verdict:
    """The verdict where no answer came."""
    return Verdict(Outcome.UNDECIDED, "time", str(problem))


def weakest(parts: Iterable[Verdict]) -> Verdict:
    """The verdict on a conjunction."""
    return min(parts, key=lambda verdict: ORDER.index(verdict.outcome))


def refuted(point: Point, a: arb, b: arb, how: str = "counterexample") -> Verdict:
    """The verdict at a point where the two sides differ."""
    witness = named(point)
    left, right = decimal(a), decimal(b)
    if left == right:
        left, right = decimal(a, 40), decimal(b, 40)
    evidence = f"{placed(witness)}: {left} against {right}" if witness else f"{left} against {right}"
    return Verdict(Outcome.REFUTED, how, evidence, witness, (left, right))


def named(point: Point) -> dict[str, str]:
    """A point as it can be typed."""
    return {name: show(number(value)) for name, value in point.items()}


def placed(point: Mapping[str, str]) -> str:
    """`at x = 1, y = 2`."""
    return "at " + ", ".join(f"{name} = {value}" for name, value in point.items())


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

"""What an answer is graded, and the words for it; plain values, made in `grading`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dlteach.reasoning.deciding.verdicts import Verdict
from dlteach.reasoning.explaining.lines import Diagnosis

NOT_COUNTED = "this could not be decided, so it does not count: {}"


class Grade(StrEnum):
    """What an answer is; `form` is right in value, but not what was asked for."""

    RIGHT = "right"
    WRONG = "wrong"
    FORM = "form"
    INVALID = "invalid"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Graded:
    """A grade and what to say: the named mistake, or the counterexample with both values."""

    grade: Grade
    says: str = ""
    mistake: str = ""  # the wrong answer that it was recognised as
    counterexample: Mapping[str, str] = field(default_factory=dict)
    values: tuple[str, ...] = ()
    line: str = ""  # the last line of a derivation, where all its lines follow
    slips: Mapping[str, str] = field(default_factory=dict)  # the broken rules that explain it: id, sentence


def slips_of(found: Iterable[Diagnosis]) -> dict[str, str]:
    """The broken rules by id, each with its sentence."""
    return {diagnosis.id: diagnosis.says for diagnosis in found}


def in_words(found: Iterable[Diagnosis]) -> str:
    """The broken rules that explain an answer equally well."""
    return " Or: ".join(diagnosis.says for diagnosis in found)


def undecided(verdict: Verdict) -> Graded:
    """The grade where the verdict is none."""
    return Graded(Grade.UNDECIDED, NOT_COUNTED.format(verdict.evidence))


def counterexample(verdict: Verdict, words: str) -> str:
    """`at x = 1 yours gives 0.841345, the answer 0.875`; six digits are enough to see a difference."""
    where = ", ".join(f"{name} = {value}" for name, value in verdict.witness.items())
    says = words.format(*(f"{float(number):.6g}" for number in verdict.values)) if verdict.values else verdict.evidence
    return f"at {where} {says}" if where else says

"""What the normal form answers: small values that come from the worker without the modules that made them."""

from __future__ import annotations

from dlteach.values import frozen


@frozen
class Shown:
    """That an expression vanishes, case by case.

    `cases` were shown; in `vacuous` more something is not real throughout, and they say nothing. `certain`: all
    that was divided by, rooted, logged, … was shown to allow it: it is real wherever the conditions hold.
    """

    cases: int
    vacuous: int
    certain: bool


@frozen
class Signs:
    """The signs that an expression may have where it is real; `certain` and `vacuous` as of `Shown`."""

    signs: frozenset[int]
    vacuous: int
    certain: bool

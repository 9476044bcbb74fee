"""An independent checker of the prover: statements whose truth is known by construction, by the thousand.

`python -m tests.long.soundness --count 50000 --jobs 2` prints a table by kind and every false verdict with the row,
seed and index that make the statement again: `--again ROW SEED INDEX`.
"""

from __future__ import annotations

from tests.long.soundness import (  # noqa: F401  each enters its makers in the table
    classics,
    derivatives,
    dressing,
    equalities,
    extrema,
    forms,
    inequalities,
    integrals,
    joints,
    limits,
    moments,
    numeric,
    plane,
    polynomials,
    properties,
    scales,
    sums,
    vacuous,
    wild,
)

"""Statements of known truth, of every kind of the notation: nothing false is shown, nothing true refuted."""

import pytest

from tests.long.soundness.prover import verdicts
from tests.long.soundness.report import judged, line, trials

COUNT, SEED, SECONDS = 2000, 9, 0.3


@pytest.mark.slow
def test_no_verdict_is_false() -> None:
    """The checker of `tests/long`, which shares no code with the prover, on a short run."""
    asked = ((trial, trial.case.text) for trial in trials(COUNT, SEED, light=True))
    answers = list(verdicts(asked, jobs=1, seconds=SECONDS))
    false = [line(trial, answer) for trial, answer in answers if judged(trial.case, answer) == "FALSE"]
    assert len(answers) == COUNT
    assert not false, f"{len(false)} false verdicts:\n" + "\n".join(false)

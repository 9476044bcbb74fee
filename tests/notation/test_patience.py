"""One limit: whatever walks over a tree stops at it, the nearest of several counts, and nothing is left of it after."""

import time
from collections.abc import Callable

import pytest

from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.floats import evaluate
from dlteach.notation.patience import Overrun, clock, left, look, until, wait, within
from dlteach.notation.reader import read, read_statement
from dlteach.notation.show import show
from dlteach.notation.tree import Expr, rebuilt, substitute, walk
from dlteach.reasoning.deciding.judge import equal, judge
from dlteach.reasoning.deriving.derive import derive, lemma_holds
from dlteach.reasoning.worker.process import WORKER

LONG = read("+".join(f"sin({i}x)" for i in range(200)))


def rewritten(expr: Expr) -> Expr:
    return rebuilt(expr, rewritten)


@pytest.mark.parametrize(
    "walker",
    [
        lambda: list(walk(LONG)),
        lambda: rewritten(LONG),
        lambda: substitute(LONG, {"x": read("y")}),
        lambda: evaluate(LONG, {"x": 1.0}, {}),
    ],
)
def test_every_walk_over_a_tree_looks_at_the_limit(walker: Callable[[], object]) -> None:
    walker()
    with pytest.raises(Overrun), within(0.0):
        time.sleep(0.001)
        walker()
    walker()


def test_the_nearest_of_several_limits_counts_and_each_ends_with_its_block() -> None:
    assert left() == float("inf")
    with within(60.0):
        with within(1000.0):
            assert left() <= 60
        with until(clock() + 5):
            assert left() <= 5
        assert 5 < left() <= 60
    assert left() == float("inf")


def test_time_that_no_budget_pays_for_moves_the_limit() -> None:
    with within(1000.0):
        before = left()
        wait(500.0)
        assert left() > before + 499
        wait(-500.0)
        look()


def test_a_worker_is_not_asked_beyond_the_limit() -> None:
    with pytest.raises(Overrun, match="no time"), within(-1.0):
        WORKER.ask("algebra.sympy_tasks:is_zero", read("x - x"), (), {}, seconds=5)


def test_what_was_not_tried_for_want_of_time_is_not_remembered(functions: Functions) -> None:
    lemma_holds.cache_clear()
    with pytest.raises(Overrun), within(-1.0):
        lemma_holds("Phi", functions)
    assert lemma_holds("Phi", functions)


def test_out_of_time_is_undecided_and_says_so(functions: Functions) -> None:
    with within(-1.0):
        verdict = judge(read_statement("x + 1 = 1 + x"), functions, 1.0)
    assert verdict.outcome is Outcome.UNDECIDED and "takes more than" in verdict.evidence


def test_values_that_are_exact_agree_to_no_more_digits_than_were_computed(functions: Functions) -> None:
    """It once said: no counterexample at 1 points to 300000 digits."""
    verdict = equal(read("floor(floor(x)/2)"), read("floor(x/2)"), (), functions, 1.0)
    assert verdict.outcome is Outcome.SAMPLED and "to 38 digits" in verdict.evidence


@pytest.mark.parametrize("factor", ["9" * 400, "9" * 398 + ".5"])
def test_a_number_of_thousands_of_digits_is_written(factor: str, functions: Functions) -> None:
    """Python writes 4,300 of them, and raises an error at more."""
    made = derive(read("*".join([factor] * 12) + "*x"), "x", functions)
    assert len(show(made.result)) > 4_700


def test_the_largest_of_many_is_differentiated_in_proportion_to_their_number(functions: Functions) -> None:
    """Written as nested choices, 24 of them came to sixteen million signs."""
    made = derive(read("max(" + ", ".join(f"{i}x" for i in range(24)) + ")"), "x", functions)
    assert sum(1 for _ in walk(made.result)) < 5_000
    assert evaluate(made.result, {"x": 1.0}, functions.definitions) == 23
    assert evaluate(made.result, {"x": -1.0}, functions.definitions) == 0

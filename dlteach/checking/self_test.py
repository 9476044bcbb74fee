"""A few questions with known answers, put to the reasoner where it runs: what `dlteach doctor` asks of it."""

from __future__ import annotations

from pathlib import Path

from dlteach.course.files import Source
from dlteach.course.functions import Functions
from dlteach.course.ledger import Outcome
from dlteach.notation.nodes import Symbol
from dlteach.notation.reader import read, read_statement
from dlteach.reasoning.worker.process import WORKER, Overrun
from dlteach.values import frozen

KNOWN = (
    ("tanh(x)^2 + 1/cosh(x)^2 = 1", Outcome.PROVED),
    ("exp(x) >= 1 + x + x^2", Outcome.REFUTED),
    ("x*exp(-x) <= 0.37 for 0 < x < 9", Outcome.ENCLOSED),
)
SECONDS = 5.0  # for each of them


@frozen
class Report:
    """What the reasoner says of itself: the answers that were not as they should be, and its limits in bytes and s."""

    wrong: tuple[str, ...]
    memory: int = 0  # 0: no limit
    cpu: int = 0


def report() -> Report:
    """Ask all of them; FLINT answers here, SymPy in the reasoner's own worker."""
    from dlteach.reasoning.deciding.judge import judge

    no_functions = Functions(Source(Path(), "", {}, []))  # the course may be what is broken
    wrong = []
    for text, expected in KNOWN:
        found = judge(read_statement(text), no_functions, SECONDS).outcome
        if found is not expected:
            wrong.append(f"`{text}` is {expected}, and it finds {found}")
    try:
        slope = WORKER.ask("algebra.sympy_tasks:differentiate", read("x^2/2"), "x", {}, seconds=SECONDS)
        if slope != Symbol("x"):
            wrong.append("SymPy's derivative of x^2/2 is not x")
    except Overrun as problem:
        wrong.append(f"SymPy gives no answer: {problem}")
    return Report(tuple(wrong), *_limits())


def _limits() -> tuple[int, int]:
    try:
        import resource
    except ImportError:
        return 0, 0
    found = (resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU))
    memory, cpu = (0 if most == resource.RLIM_INFINITY else most for most in found)
    return memory, cpu

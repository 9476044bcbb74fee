"""The commands, in the order in which `--help` lists them: the one table of their names.

It imports nothing, so that the process can prepare for a command before the command line is loaded.
"""

from __future__ import annotations

SYMPY = "reasoning.worker.process:start_sympy"  # next door to the reasoner, which would have to wait for it

COMMANDS: dict[str, tuple[str, ...]] = {  # what the reasoner does while the command line loads; () where it can wait
    "lessons": (),
    "lesson": (),
    "derive": (SYMPY, "reasoning.deriving.cross_checks"),
    "check": (SYMPY, "reasoning.explaining.check"),
    "equal": ("reasoning.explaining.lacking",),
    "prove": (SYMPY, "reasoning.deciding.judge"),
    "value": ("reasoning.deciding.judge",),
    "verify": (),
    "errata": (),
    "plot": (),
    "sim": (),
    "quiz": (SYMPY, "reasoning.explaining.check"),
    "study": (SYMPY, "reasoning.explaining.check"),
    "practice": (SYMPY, "study.moves"),
    "review": (SYMPY, "reasoning.explaining.check"),
    "progress": (),
    "search": (),
    "grade": (),
    "export": (),
    "import": (),
    "config": (),
    "doctor": (),
    "lint": (SYMPY, "checking.trying"),
}

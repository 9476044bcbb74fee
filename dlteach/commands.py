"""The commands, in the order in which `--help` lists them: the one table of their names.

It imports nothing, so that the process can prepare for a command before the command line is loaded.
"""

from __future__ import annotations

COMMANDS = {  # whether SymPy's worker starts before anything else is loaded, since the command will ask for it
    "lessons": False,
    "lesson": False,
    "derive": True,
    "check": True,
    "equal": False,
    "prove": True,
    "value": False,
    "verify": False,
    "errata": False,
    "plot": False,
    "sim": False,
    "quiz": True,
    "study": True,
    "practice": True,
    "review": True,
    "progress": False,
    "search": False,
    "grade": False,
    "export": False,
    "import": False,
    "config": False,
    "lint": True,
}

"""What dlteach stands on: the one table of the libraries it needs, by the names that are imported."""

from __future__ import annotations

OLDEST = (3, 11)  # Python
LIBRARIES = {
    "typer": "typer",
    "rich": "rich",
    "numpy": "numpy",
    "sympy": "sympy",
    "flint": "python-flint",
    "markdown_it": "markdown-it-py",
    "mdit_py_plugins": "mdit-py-plugins",
    "platformdirs": "platformdirs",
    "prompt_toolkit": "prompt_toolkit",
    "fsrs": "fsrs",
}

"""Standing still of the clock for budgets, while a library is imported here or in a child that is waited for.

An import takes a tenth of a second or, on a cold and busy machine, ten; no verdict may hang on that.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from types import ModuleType

from dlteach.notation import patience


class Pause:
    """Standing still, as a context; `told` hears when that begins (True) and when it ends."""

    def __init__(self) -> None:
        self.restart()

    def restart(self, told: Callable[[bool], None] | None = None) -> None:
        """What a child that was forked while the clock stood still does first."""
        self.told = told
        self._depth = 0

    def __enter__(self) -> None:
        self._depth += 1
        if self._depth == 1:
            self._begun = time.monotonic()
            if self.told:
                self.told(True)

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        if self._depth == 0:
            patience.wait(time.monotonic() - self._begun)
            if self.told:
                self.told(False)


pause = Pause()


def load(module: str) -> ModuleType:
    """Import a module while the clock stands still."""
    with pause:
        return import_module(module)

"""Functions that are imported when they are first called: a proof by normal form need not load branch and bound."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from dlteach.reasoning.worker.clock import load


class Later:
    """The function `module:name` of `dlteach.reasoning`; the clock stands still while it is imported."""

    def __init__(self, task: str) -> None:
        self.module, _, self.name = task.partition(":")

    @cached_property
    def function(self) -> Callable[..., Any]:
        """The function itself."""
        found: Callable[..., Any] = getattr(load(f"dlteach.reasoning.{self.module}"), self.name)
        return found

    def __call__(self, *args: Any) -> Any:
        return self.function(*args)

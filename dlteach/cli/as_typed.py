"""Arguments passed on as they were typed, where Typer would make nothing else of them.

Typer imports pydantic to turn a string into a string: 65 ms of a lesson's start-up. What is replaced is private to
Typer, so its version is bounded in pyproject.toml and a test looks at the names used here.
"""

from __future__ import annotations

from typing import Any

AS_TYPED = (str, bool, list[str], list[str] | None)


class AsTyped:
    """The coercion of what needs none: texts, flags, and options that were not given."""

    def __init__(self, parameter: Any) -> None:
        self.parameter = parameter

    @classmethod
    def spare(cls, command: Any, ctx: Any) -> None:
        """Let what a command is given pass as it is, where that is what Typer would do."""
        for parameter in command.get_params(ctx):
            if hasattr(parameter, "type_descriptor"):
                parameter._runtime_param = cls(parameter)

    def coerce(self, value: Any, **where: Any) -> Any:
        """The value as it was typed; a number that was typed is Typer's."""
        typed = isinstance(value, str | list | tuple)
        if not typed or self.parameter.type_descriptor.annotation in AS_TYPED:
            return value
        self.parameter._runtime_param = None
        return self.parameter.get_runtime_param().coerce(value, **where)

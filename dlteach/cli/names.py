"""Shell completion of the names that the course knows; a fault completes to nothing."""

from __future__ import annotations

import typer

from dlteach.errors import DlteachError


def complete_lesson(ctx: typer.Context, incomplete: str) -> list[str]:
    """Lessons that begin with what was typed."""
    from dlteach.course.lessons import open_course

    try:
        return [name for name in open_course(_named(ctx)).folders if name.startswith(incomplete)]
    except DlteachError:
        return []


def complete_function(ctx: typer.Context, incomplete: str) -> list[str]:
    """Named functions that begin with what was typed."""
    from dlteach.course.lessons import open_course

    try:
        return [name for name in open_course(_named(ctx)).functions if name.startswith(incomplete)]
    except DlteachError:
        return []


def complete_simulation(incomplete: str) -> list[str]:
    """Simulations that begin with what was typed."""
    from dlteach.simulations import names

    return [name for name in names() if name.startswith(incomplete)]


def _named(ctx: typer.Context) -> str:
    """What `--content` says on the line that is being typed."""
    return str(ctx.find_root().params.get("content") or "")

"""Shell completion of the names that the course knows; nothing but folders is read."""

from __future__ import annotations


def complete_lesson(incomplete: str) -> list[str]:
    """Lessons that begin with what was typed."""
    from dlteach.course.lessons import Course

    return [name for name in Course().folders if name.startswith(incomplete)]


def complete_function(incomplete: str) -> list[str]:
    """Named functions that begin with what was typed."""
    from dlteach.course.lessons import Course

    return [name for name in Course().functions if name.startswith(incomplete)]


def complete_simulation(incomplete: str) -> list[str]:
    """Simulations that begin with what was typed."""
    from dlteach.simulations import names

    return [name for name in names() if name.startswith(incomplete)]

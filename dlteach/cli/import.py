"""`dlteach import FILE`: join another machine's record to this one's."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from dlteach.cli.desk import Desk, counting, tell
from dlteach.cli.exits import ExitCode
from dlteach.errors import DlteachError
from dlteach.study.entries import Entry
from dlteach.study.exchange import LONGEST, NO_EXPORT, read
from dlteach.study.opening import tell_of_days_ahead
from dlteach.system.inputs import lines

app = typer.Typer(add_completion=False)

TOLD = 5  # faults that are told in full


@app.command(
    epilog="Exit code 0: every entry is here now; 1: some lines or entries were left out; 2: nothing was read."
)
def import_(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FILE", help="An export, or - for standard input.")],
) -> int:
    """Take in the answers of an export; those that are here already stay, and lines that are no entries are told."""
    record = Desk(ctx).record()
    refused, others, taken = Faults(), Faults(), Counted()
    with counting("cards") as step:
        entries = taken.of(read(lines(source, LONGEST, "surrogateescape"), source, refused))
        fresh = record.merge(entries, step, lambda name: others(f"{source}: {name} is here with something else in it"))
    refused.tell_the_rest(source, "more lines are no entries")
    others.tell_the_rest(source, "more entries are here with something else in them")
    if refused.count and not taken.count:
        raise DlteachError(f"{source}: {NO_EXPORT}")
    tell_of_days_ahead(record)
    sys.stdout.write(f"{fresh} of {taken.count} entries are new\n")
    return ExitCode.NO if refused.count or others.count else ExitCode.YES


class Faults:
    """Tells the first faults as they are found, and counts the rest."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, fault: str) -> None:
        self.count += 1
        if self.count <= TOLD:
            tell(fault)

    def tell_the_rest(self, source: str, words: str) -> None:
        """A line for those that were only counted."""
        if self.count > TOLD:
            tell(f"{source}: {self.count - TOLD:,} {words}")


class Counted:
    """How many entries went by."""

    def __init__(self) -> None:
        self.count = 0

    def of(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The entries, each counted."""
        for entry in entries:
            self.count += 1
            yield entry

"""`python -m tests.long [NAME …] [--count N] [--seed S]`: what is repeated before a version goes out, hours of it.

Each campaign is a module beside this one with `campaign(count, seed)`, which returns rows: what was tried, how often,
and what came of it, which begins with FAILED where a law was broken. All of them are printed as one table at the end.
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib import import_module

from tests.long import Row, failed

CAMPAIGNS = {
    "laws": "the laws of the notation, the prover and the simulations on forty times the examples of CI",
    "statements": "50,000 statements of known truth: no false verdict",
    "kills": "500 sessions killed alone, 50 times two at once: no answer lost that was shown",
    "damages": "500 bits flipped in records, 100 of them truncated: nothing lost that was readable",
    "expressions": "156 hostile expressions with every command: no crash, no hang, in time",
    "packs": "77 hostile packs with every command that reads one: a line for each fault, the rest goes on",
    "orphans": "200 processes killed while their children are busy, 80 commands: no process is left of them",
    "interrupts": "84 interrupts and closed or full streams: the right exit code, no traceback",
    "without": "all tests without fork, fcntl, resource and what else Windows does not have",
}


def main() -> int:
    """Run the campaigns that are named, all without a name; 1 where a law was broken."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.long", description="Campaigns that try harder than CI.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:12} {what}" for name, what in CAMPAIGNS.items()),
    )  # fmt: skip
    parser.add_argument("names", nargs="*", metavar="NAME", help="a campaign; all of them without one")
    parser.add_argument("--count", type=int, help="how much of each is tried; all of it without")
    parser.add_argument("--seed", type=int, default=0, help="another draw")
    given = parser.parse_args()
    for name in given.names:
        if name not in CAMPAIGNS:
            parser.error(f"there is no campaign `{name}`: one of {', '.join(CAMPAIGNS)}")
    tables: dict[str, list[Row]] = {}
    for name in given.names or CAMPAIGNS:
        begun = time.monotonic()
        print(f"{name}: {CAMPAIGNS[name]}", flush=True)
        tables[name] = import_module(f"tests.long.{name}").campaign(given.count, given.seed)
        print(f"{name}: {(time.monotonic() - begun) / 60:.1f} minutes\n", flush=True)
    print(as_table(tables))
    return int(any(failed(row) for rows in tables.values() for row in rows))


def as_table(tables: dict[str, list[Row]]) -> str:
    """All rows as Markdown, the sums of each campaign first."""
    lines = ["| campaign | tried | failed |", "| --- | ---: | ---: |"]
    for name, rows in tables.items():
        lines.append(f"| {name} | {sum(row[1] for row in rows):,} | {sum(map(failed, rows))} of {len(rows)} rows |")
    lines += ["", "| campaign | what | tried | found |", "| --- | --- | ---: | --- |"]
    for name, rows in tables.items():
        lines += [f"| {name} | {_cell(what)} | {tried:,} | {_cell(found)} |" for what, tried, found in rows if tried]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|") or "ok"


if __name__ == "__main__":
    sys.exit(main())

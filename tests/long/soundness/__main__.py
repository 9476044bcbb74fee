"""`python -m tests.long.soundness`: thousands of statements of known truth, and what the prover says of them."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import tests.long.soundness  # noqa: F401  the table of makers
from tests.long.soundness.cases import made
from tests.long.soundness.prover import SECONDS, Answer, verdicts
from tests.long.soundness.report import Trial, judged, line, table, trials

SLACK = 3.0  # seconds beyond a statement's budget that are worth a line


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.long.soundness", description=__doc__)
    parser.add_argument("--count", type=int, default=50_000, help="how many statements")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="a kind or a row")
    parser.add_argument("--jobs", type=int, default=2, help="processes; 0: in this one")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for a statement")
    parser.add_argument("--rows", action="store_true", help="the table by rows instead of kinds")
    parser.add_argument("--log", default="", help="a file for every statement with its answer, as JSON lines")
    parser.add_argument("--again", nargs=3, metavar=("ROW", "SEED", "INDEX"), help="one statement once more")
    parser.add_argument("--list", action="store_true", help="only make the statements, and print them")
    return parser.parse_args()


def main() -> int:
    asked = arguments()
    mistakes: list[str] = []
    if asked.again:
        row, seed, index = asked.again[0], int(asked.again[1]), int(asked.again[2])
        chosen = iter([Trial(row, seed, index, made(row, seed, index))])
    else:
        chosen = trials(asked.count, asked.seed, asked.only, mistakes=mistakes)
    if asked.list:
        for trial in chosen:
            print(f"{trial.row}\t{trial.case.truth}\t{trial.case.text}")
        return 0
    results: list[tuple[Trial, Answer]] = []
    start = time.monotonic()
    log: list[str] = []
    for trial, answer in verdicts(((trial, trial.case.text) for trial in chosen), asked.jobs, asked.seconds):
        results.append((trial, answer))
        if asked.log:
            words = [trial.row, trial.index, trial.case.text, trial.case.truth, trial.case.because]
            said = [answer.verdict, answer.how, answer.evidence, round(answer.seconds, 3), judged(trial.case, answer)]
            log.append(json.dumps(words + said) + "\n")
            if len(log) % 100 == 0:
                Path(asked.log).write_text("".join(log), encoding="utf-8")
        if sys.stderr.isatty() and len(results) % 100 == 0:
            print(f"\r{len(results)}", end="", file=sys.stderr)
    if asked.log:
        Path(asked.log).write_text("".join(log), encoding="utf-8")
    late = [one for one in results if one[1].seconds > asked.seconds + SLACK]
    if late:
        print("\nover their time:")
    for trial, answer in sorted(late, key=lambda one: -one[1].seconds)[:20]:
        print(f"{answer.seconds:.1f} s  {trial.row} {trial.seed} {trial.index}: {trial.case.text}")
    for column in ("amiss", "invalid", "FALSE"):
        found = [line(trial, answer) for trial, answer in results if judged(trial.case, answer) == column]
        if found:
            print(f"\n{column}:\n" + "\n".join(found))
    if mistakes:
        print("\nmistakes of the checker itself:\n" + "\n".join(mistakes))
    print(f"\n{len(results)} statements, seed {asked.seed}, {time.monotonic() - start:.0f} s\n")
    print(table(results, asked.rows))
    false = any(judged(trial.case, answer) == "FALSE" for trial, answer in results)
    return 1 if false or mistakes else 0


if __name__ == "__main__":
    sys.exit(main())

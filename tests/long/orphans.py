"""Processes that are killed while their children are busy: 200 families, 80 commands. Nothing is left of them."""

from __future__ import annotations

import os
import random
import signal
import time

from tests.hostile.test_wall import CASES, COMMANDS, PARENT, Family
from tests.long import Row, row

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
SYSTEMS = {
    "with": "a system that tells them of their parent's death",
    "without": "a system that does not",
    "timerless": "a system that has no timers either",
}
FAMILIES, KILLED = 200, 80
PATIENCE = 2.0  # seconds for a process to be gone; where only an alarm can end it, after the time for its request


def campaign(count: int | None = None, seed: int = 0) -> list[Row]:
    """A row for each way to have children, and for each command; `count` is the number of families."""
    dice = random.Random(seed)
    families = FAMILIES if count is None else count
    found: dict[str, list[list[str]]] = {}
    for number in range(families):
        way, system, task, seconds = CASES[number % len(CASES)]
        sent = dice.choice(SIGNALS[:3])
        fault = _family((way, system, task, str(seconds)), sent, dice.uniform(0.0, 1.0))
        found.setdefault(f"{way} children, {SYSTEMS[system]}", []).append([f"{task}: {fault}"] if fault else [])
    for number in range(max(1, families * KILLED // FAMILIES)):
        command = COMMANDS[number % len(COMMANDS)]
        fault = _command(command, dice.choice(SIGNALS), dice.uniform(0.05, 3.0))
        found.setdefault(f"dlteach {command[0]}", []).append([fault] if fault else [])
    return [row(name, len(runs), [fault for run in runs for fault in run], "gone") for name, runs in found.items()]


def _family(case: tuple[str, str, str, str], sent: signal.Signals, seconds: float) -> str:
    family = Family("-c", PARENT, *case)
    try:
        assert family.head.stdout is not None
        if family.head.stdout.readline() != "ready\n" or not family.grown_to(5):
            return "it did not start"
        time.sleep(seconds)
        os.kill(family.head.pid, sent)
        family.head.wait()
        until = PATIENCE if float(case[3]) > 2 else float(case[3]) + PATIENCE + 1
        return "" if family.gone_within(until) else f"{len(family.living)} processes were left after {sent.name}"
    finally:
        family.end()


def _command(command: tuple[str, ...], sent: signal.Signals, seconds: float) -> str:
    family = Family("-m", "dlteach", *command)
    try:
        time.sleep(seconds)
        family.head.send_signal(sent)
        family.head.wait()
        return "" if family.gone_within(PATIENCE) else f"{len(family.living)} processes were left after {sent.name}"
    finally:
        family.end()

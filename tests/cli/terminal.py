"""A learner at a real pseudo-terminal: types lines, and sees what a screen would show."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

import pexpect
import pyte

PATIENCE = 30.0  # seconds; a loaded machine is slow


class Learner:
    """A command at a terminal of so many columns, whose screen is tall enough to hold everything."""

    def __init__(self, home: Path, *args: str, columns: int = 80, rows: int = 200, **env: str) -> None:
        surroundings = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR")}
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "dlteach", *args],
            env={**surroundings, "TERM": "xterm", "PAGER": "cat", "DLTEACH_HOME": str(home), **env},
            dimensions=(rows, columns),
            encoding="utf-8",
            timeout=PATIENCE,
        )
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.Stream(self.screen)
        self.raw = ""
        self.home = home
        self.seen = 0  # the row below which the next thing is looked for

    @property
    def rows(self) -> list[str]:
        return [row.rstrip() for row in self.screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.rows).rstrip()

    def pump(self, seconds: float = 0.05) -> bool:
        """Read what has arrived, and answer where the cursor is; returns False at the end of the program."""
        try:
            data = self.child.read_nonblocking(65536, seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        self.stream.feed(data)
        for _ in re.findall(r"\x1b\[6n", data):
            self.child.send(f"\x1b[{self.screen.cursor.y + 1};{self.screen.cursor.x + 1}R")
        return True

    def sees(self, *words: str) -> str:
        """Wait until each of the words stands on the screen, below what was seen before; returns the last row."""
        row = ""
        for word in words:
            deadline = time.monotonic() + PATIENCE
            while True:
                found = [i for i, line in enumerate(self.rows) if i >= self.seen and word in line]
                if found:
                    self.seen, row = found[0], self.rows[found[0]]
                    break
                assert self.pump() or word in self.text, f"the program ended without `{word}`:\n{self.text}"
                assert time.monotonic() < deadline, f"`{word}` does not come:\n{self.text}"
        return row

    def prompted(self) -> Learner:
        """Wait until the cursor stands behind a prompt, below what was seen before."""
        deadline = time.monotonic() + PATIENCE
        while True:
            here = self.screen.cursor
            if here.y >= self.seen and "> " in self.screen.display[here.y][: here.x]:
                return self
            assert self.pump(), f"the program ended:\n{self.text}"
            assert time.monotonic() < deadline, f"no prompt comes:\n{self.text}"

    def types(self, *lines: str) -> Learner:
        """Each line at a prompt of its own."""
        for line in lines:
            self.prompted()
            self.child.send(line)
            self.child.send("\r")
            self.seen = self.screen.cursor.y + 1
            self.settle()
        return self

    def keys(self, text: str) -> Learner:
        """Keys at the prompt, without Enter."""
        self.seen = min(self.seen, self.screen.cursor.y)
        self.prompted()
        self.child.send(text)
        self.settle()
        return self

    def enters(self) -> Learner:
        """Enter, after `keys`."""
        self.child.send("\r")
        self.settle()
        return self

    def settle(self) -> None:
        for _ in range(4):
            self.pump()

    def ends(self) -> int:
        """Wait for the end; returns the exit code."""
        deadline = time.monotonic() + PATIENCE
        while self.pump():
            assert time.monotonic() < deadline, f"it does not end:\n{self.text}"
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -(self.child.signalstatus or 0))

    def interrupts(self) -> int:
        """Ctrl-C at a prompt; returns the exit code."""
        self.prompted().settle()
        self.child.send("\x03")
        return self.ends()

    def close(self) -> None:
        self.child.close(force=True)

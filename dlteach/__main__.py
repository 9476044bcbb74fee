"""The console script: prepare what takes long, then hand over to `dlteach.cli`."""

import gc
import sys

from dlteach.commands import COMMANDS


def main() -> None:
    """Run dlteach with the process's arguments and leave with its exit code."""
    gc.set_threshold(100_000)  # imports make many objects and no garbage
    if len(sys.argv) > 1 and COMMANDS.get(sys.argv[1]) and "--help" not in sys.argv:
        from dlteach.reasoning.worker.process import WORKER

        WORKER.start("algebra.sympy_tasks")  # SymPy loads in the child while the parent loads everything else
    from dlteach.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()

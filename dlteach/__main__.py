"""The console script: prepare what takes long, then hand over to `dlteach.cli`."""

import gc
import sys

NEEDS_SYMPY = ("derive", "prove", "lint", "check", "quiz", "review", "study", "practice")


def main() -> None:
    """Run dlteach with the process's arguments and leave with its exit code."""
    gc.set_threshold(100_000)  # imports make many objects and no garbage
    if len(sys.argv) > 1 and sys.argv[1] in NEEDS_SYMPY and "--help" not in sys.argv:
        from dlteach.reasoning.worker import WORKER

        WORKER.start("sympy_tasks")  # SymPy loads in the child while the parent loads everything else
    from dlteach.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()

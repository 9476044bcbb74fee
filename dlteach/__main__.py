"""The console script: prepare what takes long, then hand over to `dlteach.cli`."""

import _signal  # type: ignore[import-not-found]  # `signal` adds enums, which take as long to load as the interpreter
import os
import sys

if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:  # before anything of ours is loaded
    _signal.signal(_signal.SIGINT, lambda number, _: os._exit(128 + number))


def main() -> None:
    """Run dlteach with the process's arguments and leave with its exit code."""
    from dlteach.system.endings import FAULT, INTERRUPTED, REFUSED, Ended

    try:
        code = _run()
    except KeyboardInterrupt:  # between two of the places that expect one
        code = INTERRUPTED
    except Ended as end:
        code = end.code
    except Exception as problem:  # in what is loaded before the command line, where such things are told in a line
        if os.environ.get("DLTEACH_DEBUG") == "1":
            raise
        from dlteach.system.faults import is_beyond, logged

        sys.stderr.write(f"{logged(problem)}\n")
        code = REFUSED if is_beyond(problem) else FAULT
    sys.exit(code)


def _run() -> int:
    import gc

    from dlteach.commands import COMMANDS
    from dlteach.system.endings import Orderly
    from dlteach.system.streams import occupy

    gc.set_threshold(100_000)  # imports make many objects and no garbage
    occupy()
    if len(sys.argv) > 1 and (early := COMMANDS.get(sys.argv[1])) and "--help" not in sys.argv:
        from dlteach.reasoning.worker.process import REASONER

        REASONER.start(*early)  # it, and SymPy's worker, load while this process loads everything else
    from dlteach.cli import run

    with Orderly():
        return run()


if __name__ == "__main__":
    main()

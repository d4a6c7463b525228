"""`python -m checker` and the `checker` command."""

from __future__ import annotations

import os
import sys

ENDED = 128 + 15
"""Exit code of a run that was told to end (SIGTERM), as shells have it."""


def main() -> None:
    """Run the command line; user-caused faults become one line and an exit code, never a traceback.

    A fault of the program itself is one line too, and exit code 5; CHECKER_TRACEBACK=1 shows where it happened.
    """
    import gc
    import signal

    from checker.errors import INTERRUPTED

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ENDED))  # a pipeline that is called off: what is half made is cleared away

    # Nearly all that a start makes stays: looking through it again and again takes a tenth of the time of a short run.
    gc.set_threshold(200_000, 20, 20)

    try:
        from checker.cli import cli

        code = cli()
    except KeyboardInterrupt:  # before anything was begun
        code = INTERRUPTED
    except Exception as error:
        from checker.cli import language
        from checker.cli.output import abandon, say_fault
        from checker.errors import INTERNAL

        if os.environ.get("CHECKER_TRACEBACK"):
            raise
        abandon()
        told = f"{type(error).__name__}: {error}".replace("\n", " ")
        say_fault(f"internal fault: {told}, CHECKER_TRACEBACK=1 shows where", language(sys.argv[1:]))
        code = INTERNAL
    if code == INTERRUPTED:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the processes at work are ended now, and a second Ctrl-C would break that off
    # What is left at the end goes with the process: it need not be looked through either.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()

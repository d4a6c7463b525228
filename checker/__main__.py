"""`python -m checker` and the `checker` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; user-caused faults become one line and an exit code, never a traceback."""
    from checker.cli import cli

    sys.exit(cli())


if __name__ == "__main__":
    main()

"""Faults a user can cause. Each message is one line: what @ where, what to do."""

INTERNAL = 5
"""Exit code of a fault of the program itself: never 1, which would look like findings."""

INTERRUPTED = 130
"""Exit code of a run that Ctrl-C ended, as shells have it."""


class CheckerError(Exception):
    """A fault that ends the run with one line and an exit code, never a traceback."""

    exit_code = 2


class UsageError(CheckerError):
    """The command line or an option value is wrong (exit 2)."""

    exit_code = 2


class ReadError(CheckerError):
    """A file cannot be opened, is not what it claims, or exceeds a limit (exit 3)."""

    exit_code = 3


class NotText(ReadError):
    """A file's bytes are no text that can be read (exit 3)."""


class LayoutError(CheckerError):
    """A readable file holds no self-evaluation form that can be recognised (exit 3)."""

    exit_code = 3


class RuleError(CheckerError):
    """Rule, profile, waiver or configuration files are invalid (exit 4).

    `faults` holds every fault found, one line each, `file:line ID.key: what is wrong`.
    """

    exit_code = 4

    def __init__(self, faults: list[str] | tuple[str, ...] | str) -> None:
        self.faults = (faults,) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(self.faults))

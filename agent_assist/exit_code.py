"""The exit codes of the program, for the command line, the terminal interface and the errors that end a command."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a script learns from the end of a command; listed in docs/command-line.md."""

    DONE = 0
    """Everything was done."""
    FAILED = 1
    """It was refused or failed; the reason is on stderr."""
    USAGE = 2
    """The command was not typed as it has to be; nothing was tried."""
    MISSING = 3
    """The reply has fields that are not filled."""
    PENDING = 4
    """The offer waits for approval."""
    DAMAGED = 5
    """A check of integrity failed: the log or the database is not as it was."""
    INTERRUPTED = 130
    """Ctrl+C ended it (128 and the number of the signal)."""

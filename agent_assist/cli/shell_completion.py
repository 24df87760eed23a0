"""Completion of commands and options in bash, zsh and fish, by click's protocol.

The shell calls the program with `_AGENT_ASSIST_COMPLETE` set: to `zsh_source` for the script that a person puts into
the shell's start-up file, to `zsh_complete` for what may follow the words typed so far.
"""

import os

from agent_assist.cli.root import root
from agent_assist.cli.session import Session

VARIABLE = "_AGENT_ASSIST_COMPLETE"


def is_asked() -> bool:
    """Return whether a shell calls, not a person."""
    return bool(os.environ.get(VARIABLE))


def answer(session: Session) -> int:
    """Write the script or the completions to standard output; exit code 1 for a shell that click does not know."""
    from click.shell_completion import shell_complete  # only a shell needs it

    session.settle_language()
    return shell_complete(root, {"obj": session}, "agent-assist", VARIABLE, os.environ[VARIABLE])

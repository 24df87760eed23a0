"""The terminal interface. `run` is all that others need; nothing here is imported before it is called."""

import os
import sys
from typing import TYPE_CHECKING

from agent_assist.exit_code import ExitCode

if TYPE_CHECKING:
    from agent_assist.settings import Settings


def run(settings: "Settings", demo: bool = False) -> int:
    """Open the desk and return the exit code when it was left; 2 when no person sits at this terminal."""
    from agent_assist import files  # only when a desk is opened
    from agent_assist.locale import _
    from agent_assist.settings import is_interactive
    from agent_assist.tui.background import deferred_gc

    if not is_interactive():
        message = _(
            "The desk needs a terminal. Scripts use commands: agent-assist search, reply, incident; see --help."
        )
        sys.stderr.write(message + "\n")
        return ExitCode.USAGE
    if os.environ.get("TERM", "").lower() in ("dumb", "unknown"):  # nothing can be painted, or Textual paints for ever
        message = _(
            "The desk cannot be painted on this terminal (TERM={term}). Set TERM to its kind, such as {name}.",
            term=os.environ["TERM"],
            name="xterm-256color",
        )
        sys.stderr.write(message + "\n")
        return ExitCode.USAGE
    painted_on = sys.__stdout__ if files.ON_WINDOWS else sys.__stderr__  # where Textual paints
    if painted_on is None or not painted_on.isatty():
        sys.stderr.write(_("The desk is painted on the error output, so that must be the terminal too.") + "\n")
        return ExitCode.USAGE
    with deferred_gc():
        from agent_assist.tui.startup import open_desk  # after garbage collection was put off

        return open_desk(settings, demo=demo)

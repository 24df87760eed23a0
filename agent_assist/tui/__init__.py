"""The terminal interface. `run` is all that others need; nothing here is imported before it is called."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent_assist.settings import Settings

PATIENCE = 3.0
"""Seconds that storing drafts may take after the screen is gone."""


def run(settings: "Settings", demo: bool = False) -> int:
    """Open the desk and return the exit code when it was left; 2 when no person sits at this terminal."""
    from agent_assist.locale import _
    from agent_assist.settings import is_interactive

    if not is_interactive():
        sys.stderr.write(
            _("The desk needs a terminal. For scripts there are commands: agent-assist search, reply, incident; see --help.")
            + "\n"
        )
        return 2
    from agent_assist.tui.starting import open_desk

    return open_desk(settings, demo=demo)

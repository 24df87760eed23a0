"""What works on this machine and what does not, for `agent-assist doctor`. It only looks: it changes nothing."""

from agent_assist.errors import Refused
from agent_assist.services.doctor.database_findings import database_findings
from agent_assist.services.doctor.finding import Finding
from agent_assist.services.doctor.machine_findings import (
    clipboard_finding,
    home_finding,
    language_finding,
    phrasebook_finding,
    settings_finding,
    terminal_finding,
    time_zone_finding,
)
from agent_assist.settings import Settings

__all__ = ["Finding", "examine"]


def examine(settings: Settings, refused: Refused | None = None) -> tuple[Finding, ...]:
    """Return every finding, in the order in which one thing depends on another.

    `refused` says why the settings file could not be used; `settings` are the defaults then.
    """
    return (
        home_finding(settings),
        settings_finding(settings, refused),
        terminal_finding(),
        language_finding(settings),
        time_zone_finding(settings),
        clipboard_finding(),
        *database_findings(settings),
        phrasebook_finding(settings),
    )

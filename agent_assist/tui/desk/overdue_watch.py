"""Noticing that a step of the communication clock became overdue: once for each, and never for what was so before."""

import datetime as dt
from collections.abc import Iterable

from agent_assist.incidents import Incident, Step

StepKey = tuple[str, str, dt.datetime]
"""Incident, step, and when it was due: a later update is another one."""


class OverdueWatch:
    """The overdue steps that were heard of. The first look only remembers: nobody is rung for what is long known."""

    def __init__(self) -> None:
        self._known: set[StepKey] | None = None

    def is_ringing(self, late: Iterable[tuple[Incident, Step]], *, is_known: bool) -> bool:
        """Return whether one of these was not overdue before. `is_known`: the facts were read."""
        if not is_known:
            return False
        now = {(incident.id, step.name, step.due_at) for incident, step in late}
        is_new = self._known is not None and bool(now - self._known)
        self._known = now | (self._known or set())
        return is_new

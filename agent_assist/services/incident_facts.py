"""Recording the facts of incidents: open, update, reopen, and read a file of them. Everything here asks the store.

Rules: only a lead publishes facts, whatever the database; a version that would say the same as the one before is not
made.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from agent_assist.errors import Refused
from agent_assist.incidents import Incident, parse_status, status_word
from agent_assist.incidents.apply import FactChanges, apply_facts, is_same, new_incident, parse_facts
from agent_assist.incidents.catalogue import Catalogue, load_catalogue
from agent_assist.incidents.clock_rules import parse_clock_rules
from agent_assist.locale import _
from agent_assist.services.service_context import ServiceContext

if TYPE_CHECKING:
    from agent_assist.incidents.facts_file import FactsFile

TypedFacts = Mapping[str, str] | FactChanges
"""Typed texts (names in `incidents.FACT_NAMES`), or facts that were checked."""


class Published(NamedTuple):
    """An incident as it is now, and as it was before: the same when nothing changed and no version was made, None when
    it is new."""

    incident: Incident
    before: Incident | None

    @property
    def is_new(self) -> bool:
        """Whether a version was made."""
        return self.incident != self.before


class IncidentFacts:
    """The facts of all incidents, for one person."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context

    def open(self, facts: TypedFacts) -> Incident:
        """Record a new incident, version 1."""
        self.check_may_publish()
        context = self._context
        now = context.clock()
        catalogue, author = self.catalogue(), context.settings.agent
        changes = self._changes(facts, now, catalogue)
        incident = new_incident(changes, now=now, author=author, catalogue=catalogue)
        if "rhythm_minutes" not in changes.values:
            rhythm = parse_clock_rules(context.settings.clock).of(incident.severity).rhythm
            usual = FactChanges({"rhythm_minutes": rhythm, **changes.values}, changes.source)
            incident = new_incident(usual, now=now, author=author, catalogue=catalogue)
        return context.store.open_incident(incident)

    def update(self, incident_id: str, facts: TypedFacts, *, expected: int | None = None) -> Published:
        """Record a new version, unless nothing changes. With `expected`, Refused when somebody else published a version
        in between."""
        self.check_may_publish()
        context = self._context
        now, before, catalogue = context.clock(), context.store.incident(incident_id), self.catalogue()
        changes = self._changes(facts, now, catalogue)
        after = apply_facts(before, changes, now=now, author=context.settings.agent, catalogue=catalogue)
        if is_same(before, after):
            return Published(before, before)
        version = expected if expected is not None else before.version
        return Published(context.store.add_version(after, expected=version), before)

    def reopen(self, incident_id: str, facts: Mapping[str, str], *, expected: int | None = None) -> Published:
        """Record that a resolved incident goes on, as investigating unless the facts say otherwise."""
        before = self._context.store.incident(incident_id)
        if before.status != "resolved":
            raise Refused(
                _("{id} is not resolved: {status}.", id=before.id, status=status_word(before.status)),
                hint=_("Change its facts: agent-assist incident update"),
            )
        status = parse_status(facts.get("status", "investigating"))
        if status == "resolved":
            raise Refused(
                _("An incident that goes on is not resolved."),
                hint=_("Its status may be investigating, identified or monitoring."),
            )
        version = expected if expected is not None else before.version
        return self.update(before.id, {**facts, "status": status}, expected=version)

    def read_file(self, path: Path, incident_id: str = "") -> "FactsFile":
        """Read a file of facts, for a new incident or for this one.

        Times in a file from which this incident was updated before mean what they meant then: reading the same file
        again changes nothing. In a file that was changed they count from now, but a start stays where it was.
        """
        from agent_assist.incidents.facts_file import read_incident  # its patterns compile slowly

        context, catalogue = self._context, self.catalogue()
        if not incident_id:
            return read_incident(path, context.clock(), context.tz, (), catalogue)
        history = context.store.versions(incident_id)
        file = read_incident(path, context.clock(), context.tz, history, catalogue)
        source = file.changes.source
        first = next((version for version in history if source and version.source == source), None)
        return read_incident(path, first.updated_at, context.tz, history, catalogue) if first else file

    def catalogue(self) -> Catalogue:
        """The services that can be chosen: those shipped and those of the phrasebook folders, read again each time."""
        return load_catalogue(self._context.settings.phrasebooks)

    def _changes(self, facts: TypedFacts, now: dt.datetime, catalogue: Catalogue) -> FactChanges:
        return facts if isinstance(facts, FactChanges) else parse_facts(facts, now, self._context.tz, catalogue)

    def check_may_publish(self) -> None:
        """Raise Refused for somebody who is no lead."""
        if self._context.store.role() != "lead":
            raise Refused(_("Only a lead publishes facts."), hint=_("Tell your lead what you know."))

"""What customers were told about incidents, and the communication clock that counts it."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from agent_assist.chats import Sent
from agent_assist.cleaning import clean_line
from agent_assist.incidents import Incident, Publication, Step, steps
from agent_assist.incidents.clock_rules import ClockRules, parse_clock_rules
from agent_assist.incidents.publication import OTHER_CHANNEL, known_steps, told_steps
from agent_assist.services.service_context import ServiceContext

if TYPE_CHECKING:
    from agent_assist.services.make_reply import Reply


class Communication:
    """What went out to customers about each incident, for one person."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context

    @cached_property
    def rules(self) -> ClockRules:
        """Within which times customers should hear of an incident, by severity."""
        return parse_clock_rules(self._context.settings.clock)

    def clock(self, versions: Sequence[Incident], published: Sequence[Publication]) -> tuple[Step, ...]:
        """Return the steps of an incident as they stand now, from its versions oldest first. Reads nothing."""
        if not versions:
            return ()
        return steps(versions, self._context.clock(), published, self.rules.of(versions[-1].severity))

    def read_clock(self, incident_id: str) -> tuple[Step, ...]:
        """Read the steps of an incident. May block. Raises NotFound."""
        store = self._context.store
        return self.clock(store.versions(incident_id), store.publications([incident_id]))

    def announced(
        self, incident_id: str, *, channel: str = OTHER_CHANNEL, texts: Mapping[str, str], version: int = 0
    ) -> Publication:
        """Record that customers were told by an announcement; see `Services.announcement_published`."""
        context = self._context
        history = context.store.versions(incident_id)
        facts = next((each for each in history if each.version == version), history[-1])
        told = {step for lang, text in texts.items() for step in told_steps(facts, text, lang, context.tz)}
        publication = Publication(
            incident=facts.id,
            version=facts.version,
            at=context.clock(),
            agent=context.settings.agent,
            channel=clean_line(channel) or OTHER_CHANNEL,
            tells=tuple(step for step in known_steps(facts) if step in told or not texts),
        )
        context.store.record_publication(publication)
        return publication

    def last_by_channel(self, incident_id: str) -> Mapping[str, Publication]:
        """Read the last publication of each channel about an incident. May block."""
        return {each.channel: each for each in self._context.store.publications([incident_id])}

    def told_by(self, reply: "Reply", sent: Sent) -> Publication | None:
        """Return what a sent reply tells of its incident; None for other words than the reply's, which put it off."""
        if not reply.tells or sent.text not in ("", reply.text):
            return None
        agent = self._context.settings.agent
        return Publication(
            incident=reply.incident_id, version=reply.facts_version, at=sent.at, agent=agent, tells=reply.tells
        )

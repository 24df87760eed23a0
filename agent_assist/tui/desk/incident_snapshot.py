"""The incidents a desk may speak of, with all their versions, as they were read at one moment."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from agent_assist.chats import Chat
from agent_assist.incidents import Incident, Publication

if TYPE_CHECKING:
    from agent_assist.store import Store

RECENT_PERIOD = dt.timedelta(hours=24)
"""How long a resolved incident can still be chosen for a chat: customers ask "is it back?" on the day after."""


class IncidentSnapshot(msgspec.Struct, frozen=True):
    """`open` newest first, then `recent`: resolved within `RECENT`, the latest first. `histories` has every version of
    each of them and of every incident that a chat is about, oldest first."""

    open: tuple[Incident, ...] = ()
    histories: Mapping[str, tuple[Incident, ...]] = {}
    recent: tuple[Incident, ...] = ()
    published: Mapping[str, tuple[Publication, ...]] = {}
    """What customers were told, by incident, oldest first."""

    def incident_of(self, chat: Chat) -> Incident | None:
        """Return the incident a chat is bound to; a chat without one has no facts."""
        history = self.histories.get(chat.incident_id, ())
        return history[-1] if history else None

    def history(self, incident: Incident | None) -> tuple[Incident, ...]:
        """Return all versions of an incident, oldest first."""
        return self.histories.get(incident.id, ()) if incident else ()

    def latest(self, incident: Incident | None) -> Incident | None:
        """Return the newest version known of this incident."""
        history = self.history(incident)
        return history[-1] if history else incident

    def is_open(self, incident_id: str) -> bool:
        """Whether this incident is one of those that are not resolved."""
        return any(incident.id == incident_id for incident in self.open)

    def others(self, incident: Incident | None) -> tuple[Incident, ...]:
        """Return what a chat about this incident could be about instead: open ones, then those resolved lately."""
        return tuple(other for other in (*self.open, *self.recent) if incident is None or other.id != incident.id)

    def next_after(self, incident: Incident | None) -> Incident | None:
        """Return the next of all that can be chosen, cyclically; the same one when there is no other."""
        turn = (*self.open, *self.recent)
        places = [place for place, other in enumerate(turn) if incident and other.id == incident.id]
        if not turn:
            return incident
        return turn[(places[0] + 1) % len(turn)] if places else turn[0]


def read_incidents(store: "Store", now: dt.datetime, chats: Iterable[Chat] = ()) -> IncidentSnapshot:
    """Read everything the desk shows of the facts. Blocks; raises what the store raises."""
    since = now - RECENT_PERIOD
    of_chats = {chat.incident_id for chat in chats if chat.incident_id}
    read = store.incident_histories(resolved_since=since, also=of_chats)
    histories = {history.versions[0].id: history.versions for history in read}
    published = {history.versions[0].id: history.published for history in read}
    latest = [versions[-1] for versions in histories.values()]
    still_open = tuple(incident for incident in latest if incident.status != "resolved")
    resolved = (incident for incident in latest if incident.status == "resolved" and incident.updated_at >= since)
    recent = sorted(resolved, key=lambda incident: incident.updated_at, reverse=True)
    return IncidentSnapshot(still_open, histories, tuple(recent), published)

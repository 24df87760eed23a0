"""What the team knows at this moment: open incidents with all their versions, read from the store in one go."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from agent_assist.chats import Chat
from agent_assist.errors import NotFound
from agent_assist.incidents import Incident

if TYPE_CHECKING:
    from agent_assist.store import Store


class Board(msgspec.Struct, frozen=True):
    """`open` newest first; `histories` has every version of an incident, oldest first, also of resolved ones in use."""

    open: tuple[Incident, ...] = ()
    histories: Mapping[str, tuple[Incident, ...]] = {}

    def incident_of(self, chat: Chat) -> Incident | None:
        """The incident a chat is about: its own, else the newest open one, else None."""
        history = self.histories.get(chat.incident_id, ())
        return history[-1] if history else next(iter(self.open), None)

    def history(self, incident: Incident | None) -> tuple[Incident, ...]:
        """All versions of an incident, oldest first."""
        return self.histories.get(incident.id, ()) if incident else ()

    def latest(self, incident: Incident | None) -> Incident | None:
        """The newest version known of this incident."""
        history = self.history(incident)
        return history[-1] if history else incident

    def after(self, incident: Incident | None) -> Incident | None:
        """The next open incident in turn; the same one when there is no other."""
        places = [i for i, other in enumerate(self.open) if incident and other.id == incident.id]
        return self.open[(places[0] + 1) % len(self.open)] if places else next(iter(self.open), None)


def read_board(store: "Store", chats: Iterable[Chat] = ()) -> Board:
    """Everything the desk shows of the facts. Blocks; raises what the store raises."""
    found = store.incidents(open_only=True)
    wanted = {incident.id: None for incident in found} | {chat.incident_id: None for chat in chats if chat.incident_id}
    histories: dict[str, tuple[Incident, ...]] = {}
    for incident_id in wanted:
        with suppress(NotFound):  # a chat may name one that is not on record or cannot be read
            histories[incident_id] = store.versions(incident_id)
    return Board(found, histories)

"""What every use case works with, as one value: it lets a part of the services be used without the whole."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent_assist.settings import Settings

if TYPE_CHECKING:
    from agent_assist.store import Recorded, Store


@dataclass(frozen=True)
class ServiceContext:
    """One agent's settings, the clock (aware UTC), the time zone of what is shown, and the way to the open store."""

    settings: Settings
    clock: Callable[[], dt.datetime]
    tz: dt.tzinfo
    open_store: "Callable[[], Store]"
    waiting_offers: set[str] = field(default_factory=set)
    """Ids of offers made here that waited for a lead; whoever watches for decisions takes them out."""

    @property
    def store(self) -> "Store":
        """The database, opened on first use. Raises Refused, NotSaved or Damaged when it cannot be."""
        return self.open_store()

    def note_waiting(self, recorded: "Recorded") -> None:
        """Remember an offer that was put on the log here, if a lead has to decide about it."""
        if recorded.offer.state == "pending":
            self.waiting_offers.add(recorded.offer.id)

"""What every use case works with, as one value: it lets a part of the services be used without the whole."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent_assist.settings import Settings

if TYPE_CHECKING:
    from agent_assist.store import Store


@dataclass(frozen=True)
class ServiceContext:
    """One agent's settings, the clock (aware UTC), the time zone of what is shown, and the way to the open store."""

    settings: Settings
    clock: Callable[[], dt.datetime]
    tz: dt.tzinfo
    open_store: "Callable[[], Store]"

    @property
    def store(self) -> "Store":
        """The database, opened on first use. Raises Refused, NotSaved or Damaged when it cannot be."""
        return self.open_store()

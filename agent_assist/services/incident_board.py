"""Every incident that is open or was resolved lately, with what belongs to it: clock, chats, offers."""

import datetime as dt
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from agent_assist.incidents import Incident, Step, overdue
from agent_assist.offers import OfferFilter, Sum

if TYPE_CHECKING:
    from agent_assist.services.facade import Services

BOARD_PERIOD = dt.timedelta(days=7)
"""How long a resolved incident stays on the board."""


class BoardRow(msgspec.Struct, frozen=True, kw_only=True):
    """One incident of the board."""

    incident: Incident
    versions: tuple[Incident, ...]
    clock: tuple[Step, ...] = ()
    chats: int = 0
    """Open chats about it that this account may see: in a team an agent sees only their own."""
    offers: tuple[Sum, ...] = ()
    """What counts against its budget, by currency."""
    waiting: int = 0
    """Offers that wait for approval."""

    @property
    def is_open(self) -> bool:
        """Whether it is not resolved."""
        return self.incident.status != "resolved"

    @property
    def overdue(self) -> tuple[Step, ...]:
        """The steps of the communication clock that customers wait for."""
        return overdue(self.clock)


def read_board(services: "Services", period: dt.timedelta | None = BOARD_PERIOD) -> tuple[BoardRow, ...]:
    """Read what is open, newest first, then what was resolved within `period` (None: nothing), the latest first.

    May block.
    """
    store, since = services.store, services.clock() - (period or dt.timedelta())
    chats = store.chats_by_incident()
    rows = [
        BoardRow(
            incident=history.versions[-1],
            versions=history.versions,
            clock=services.communication.clock(history.versions, history.published),
            chats=chats.get(history.versions[-1].id, 0),
        )
        for history in store.incident_histories(resolved_since=since)
    ]
    still_open = [row for row in rows if row.is_open]
    resolved = [row for row in rows if not row.is_open and period is not None]
    over = sorted(resolved, key=lambda row: row.incident.updated_at, reverse=True)
    return tuple(_with_offers(services, row) for row in (*still_open, *over))


def _with_offers(services: "Services", row: BoardRow) -> BoardRow:
    of_incident = OfferFilter(incident=row.incident.id)
    sums = services.store.sums(replace(of_incident, state="given"), "incident", services.tz)
    return replace(row, offers=sums, waiting=services.store.count(replace(of_incident, state="pending")))

"""What a lead decided about this agent's offers, noticed by reading what no longer waits.

The first call only remembers: what was decided while the desk was closed is on the log, and no news. An offer made at
this desk is known to wait from the moment it was made: it may be decided before the next look.
"""

from contextlib import suppress

import msgspec

from agent_assist.errors import Damaged
from agent_assist.locale import _
from agent_assist.offers import Offer, OfferFilter, State
from agent_assist.store import Store

MAX_WATCHED_OFFERS = 200
"""Offers of one agent that are watched; nobody has so many waiting."""

DECISION_MARKS: dict[State, str] = {"approved": "✓", "declined": "✗"}
"""What a chat carries on the strip once its offer was decided, until the agent turns to it."""


class Decided(msgspec.Struct, frozen=True):
    """An offer that waited and does not any more, and who decided."""

    offer: Offer
    by: str


class ApprovalWatch:
    """The offers of one agent that wait for a lead."""

    def __init__(self, agent: str, made: set[str]) -> None:
        """`made`: the ids of offers that were put on the log here and waited then; each is taken out once looked at."""
        self._agent = agent
        self._made = made
        self._waiting: frozenset[str] = frozenset()

    @property
    def waiting(self) -> frozenset[str]:
        """The ids of the offers whose decision is to be told."""
        return self._waiting | self._made

    def poll(self, store: Store) -> tuple[Decided, ...]:
        """Return what was decided since the last call that did not fail. May block."""
        with store.together():
            return self._poll(store)

    def _poll(self, store: Store) -> tuple[Decided, ...]:
        made = frozenset(self._made)
        now = frozenset(
            offer.id for offer in store.page(OfferFilter(agent=self._agent, state="pending"), limit=MAX_WATCHED_OFFERS)
        )
        decided_now = []
        for offer_id in sorted((self._waiting | made) - now):
            with suppress(Damaged):  # an entry of it cannot be read any more; the store names it
                decided_now.append(_decided(store, offer_id))
        self._made -= made
        self._waiting = now
        return tuple(decided_now)


def _decided(store: Store, offer_id: str) -> Decided:
    return Decided(store.offer(offer_id), store.entries(offer_id)[-1].agent)


def message_for(decided: Decided) -> str:
    """Return what the agent is told: what became of which promise, by whom, and what was noted."""
    offer, names = decided.offer, {"offer": decided.offer.id, "by": decided.by}
    name = offer.customer or _("(no name)")
    if offer.state == "approved":
        message = _("{by} approved {offer} for {name}: it may be promised now.", name=name, **names)
    elif offer.state == "declined":
        message = _("{by} declined {offer} for {name}.", name=name, **names)
    else:
        message = _("{by} changed {offer} for {name}; it does not wait any more.", name=name, **names)
    return f"{message} “{offer.note}”" if offer.note else message

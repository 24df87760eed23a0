"""What a lead looks at on the review screen, without any screen: conditions, rows read so far, marks, sums.

Everything here is in memory and immediate. What waits for approval stands first, then the rest, newest first; a row
that a heading takes is never chosen. Answers of the database carry the number of their request: one to an older
request is dropped.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from agent_assist.errors import Refused
from agent_assist.locale import _
from agent_assist.offers import Entry, GroupBy, Median, Offer, OfferFilter, Sum
from agent_assist.offers.decisions import is_same_person
from agent_assist.tui.review.filter_input import PERIODS, FilterInput

if TYPE_CHECKING:
    from agent_assist.roles import Role
    from agent_assist.services.current_policy import InForce
    from agent_assist.tui.review.render.offer_detail_text import Detail
    from agent_assist.tui.widgets.layout import Layout

PAGE_SIZE = 100
"""Offers read at once."""

GROUPINGS: tuple[GroupBy, ...] = ("incident", "kind", "agent", "day", "tier")


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted and added up of everything that meets the conditions. `by` says which sums these are."""

    by: GroupBy = "incident"
    count: int = 0
    everything: int = 0
    """Offers on the log, whatever the conditions."""
    sums: tuple[Sum, ...] = ()
    days: tuple[Sum, ...] = ()
    kinds: tuple[Sum, ...] = ()
    incidents: tuple[Sum, ...] = ()
    """What counts against the budget of each incident, whatever the other conditions."""
    medians: tuple[Median, ...] = ()
    """Middle amounts of the whole team in this period and incident."""


class ReviewState:
    """The review as it stands now."""

    def __init__(self, agent: str) -> None:
        self.agent = agent
        self.layout: Layout = "wide"
        self.role: Role = "agent"
        self.filter_input = FilterInput()
        self.offer_filter = OfferFilter()
        self.request = 0
        """Number of the latest request to the database."""
        self.is_loading = True
        self.store_error = ""
        """Why the database cannot be used; "" while it can."""
        self.waiting: tuple[Offer, ...] = ()
        self.others: tuple[Offer, ...] = ()
        self.has_more = False
        self.waiting_total = 0
        self.totals: Totals | None = None
        self.by: GroupBy = "incident"
        self.policy: InForce | None = None
        self.titles: Mapping[str, str] = {}
        """Incident titles by id."""
        self.detail: Detail | None = None
        """What is known about the chosen offer, once it was read."""
        self.place = 0
        self.marked: frozenset[str] = frozenset()
        self.export_done: tuple[int, int] | None = None
        """Offers written and offers to write while an export runs."""
        self._flat: list[Offer] = []

    # The rows

    @property
    def offers(self) -> Sequence[Offer]:
        """All rows in their order on the screen."""
        return self._flat

    @property
    def chosen(self) -> Offer | None:
        """The offer the pointer is on."""
        return self._flat[self.place] if self.place < len(self._flat) else None

    def choose(self, place: int) -> None:
        """Move the pointer; places outside are the nearest inside."""
        self.place = min(max(0, place), max(0, len(self._flat) - 1))

    @property
    def needs_more(self) -> bool:
        """Whether the pointer comes near the end of what was read while there is more."""
        return self.has_more and not self.is_loading and self.place > len(self._flat) - PAGE_SIZE // 4

    def set_filter(self, filter_input: FilterInput, offer_filter: OfferFilter) -> int:
        """List something else from now on; returns the number of the request whose answers count."""
        if filter_input != self.filter_input:
            self.place, self.marked = 0, frozenset()
        self.filter_input, self.offer_filter = filter_input, offer_filter
        return self.begin_request()

    def begin_request(self) -> int:
        """Begin another request for the same; returns its number."""
        self.request += 1
        self.is_loading = True
        return self.request

    def show(self, waiting: tuple[Offer, ...], others: tuple[Offer, ...], *, has_more: bool) -> None:
        """Take the first rows. The pointer stays on its offer where that is still shown."""
        before = self.chosen
        self.waiting, self.others, self.has_more = waiting, others, has_more
        self.is_loading, self.store_error = False, ""
        self._flat = [*waiting, *others]
        ids = {offer.id: place for place, offer in enumerate(self._flat)}
        self.marked &= ids.keys()
        self.choose(ids.get(before.id, self.place) if before else self.place)

    def show_more(self, others: tuple[Offer, ...], *, has_more: bool) -> None:
        """Take further rows."""
        self.others += others
        self.has_more, self.is_loading = has_more, False
        self._flat += others

    def fail(self, reason: str) -> None:
        """Note that the database does not answer; what was read stays."""
        self.store_error, self.is_loading = reason, False

    def next_by(self) -> None:
        """Add up by the next thing."""
        self.by = GROUPINGS[(GROUPINGS.index(self.by) + 1) % len(GROUPINGS)]

    # What may be done

    @property
    def targets(self) -> tuple[Offer, ...]:
        """What a decision is about: the marked offers, else the chosen one."""
        if self.marked:
            return tuple(offer for offer in self._flat if offer.id in self.marked)
        return (self.chosen,) if self.chosen else ()

    def is_own(self, offer: Offer) -> bool:
        """Whether this person promised it."""
        return is_same_person(offer.agent, self.agent)

    def mark(self) -> None:
        """Mark the chosen offer, or take its mark away."""
        if self.chosen:
            self.marked ^= {self.chosen.id}

    def mark_waiting(self) -> int:
        """Mark all that wait and are not one's own, or none if they are marked already; how many that are."""
        offer_filter = frozenset(offer.id for offer in self.waiting if not self.is_own(offer))
        self.marked = frozenset() if offer_filter and offer_filter == self.marked else offer_filter
        return len(self.marked)


def next_period(filter_input: FilterInput) -> FilterInput:
    """Return the same conditions in the next of the usual periods."""
    order = [name for name in PERIODS if name != "range"]
    place = order.index(filter_input.period) if filter_input.period in order else -1
    return replace(filter_input, period=order[(place + 1) % len(order)], since="", until="")


def incident_of(filter_input: FilterInput, offer: Offer | None) -> FilterInput:
    """Return the conditions with only the incident of this offer, or all again when there was one."""
    return replace(filter_input, incident="" if filter_input.incident or offer is None else offer.incident)


def agent_of(filter_input: FilterInput, offer: Offer | None) -> FilterInput:
    """Return the conditions with only the author of this offer, or everybody again when there was one."""
    return replace(filter_input, agent="" if filter_input.agent or offer is None else offer.agent)


def refused_reason(refused: Refused, decision: Entry | None, agent: str) -> str:
    """Return why a decision was refused; when somebody else's `decision` was faster, whose and what they noted."""
    if decision is None or is_same_person(decision.agent, agent):
        return str(refused)
    note = decision.text("note")
    said = f" “{note}”" if note else ""
    if decision.event == "approved":
        return _("{who} was faster: {offer} is approved.", who=decision.agent, offer=decision.offer_id) + said
    return _("{who} was faster: {offer} is declined.", who=decision.agent, offer=decision.offer_id) + said

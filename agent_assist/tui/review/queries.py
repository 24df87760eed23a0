"""What the review asks the database, away from the screen's thread, and the messages its answers come back in.

Each carries the number of its request. One that is no longer current when it could start is not read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from msgspec.structs import replace
from textual.message import Message

from agent_assist.errors import AgentAssistError, Refused
from agent_assist.incidents.fact_words import shown_wording
from agent_assist.offers import Entry, GroupBy, Offer, OfferFilter
from agent_assist.offers.outliers import outlier
from agent_assist.roles import Role
from agent_assist.services import Services
from agent_assist.services.current_policy import InForce
from agent_assist.tui.review.render.offer_detail_text import Detail
from agent_assist.tui.review.state import PAGE_SIZE, Totals

MAX_WAITING = 500
"""Offers that wait and are shown above the others."""


@dataclass
class PageRead(Message, bubble=False):
    """The first rows are known."""

    request: int
    waiting: tuple[Offer, ...]
    others: tuple[Offer, ...]
    has_more: bool
    waiting_total: int
    role: Role


@dataclass
class MoreRead(Message, bubble=False):
    """Further rows are known."""

    request: int
    others: tuple[Offer, ...]
    has_more: bool


@dataclass
class TotalsRead(Message, bubble=False):
    """Sums and counts are known."""

    request: int
    totals: Totals
    policy: InForce | None
    titles: Mapping[str, str]


class Wanted(NamedTuple):
    """What the review shows: conditions, grouping, how many rows, the chosen offer, and the number of the request."""

    offer_filter: OfferFilter
    by: GroupBy
    rows: int
    chosen: Offer | None
    request: int

    @property
    def current(self) -> tuple[int, GroupBy]:
        """What must not have changed meanwhile."""
        return self.request, self.by


@dataclass
class EverythingRead(Message, bubble=False):
    """The rows that are shown, their sums and the chosen offer are known, all of one moment."""

    page: PageRead
    totals: TotalsRead
    detail: Detail | None


@dataclass
class DetailRead(Message, bubble=False):
    """Everything about one offer is known."""

    detail: Detail


@dataclass
class ReviewFailed(Message, bubble=False):
    """The database does not answer; `reason` is a sentence that says what to do."""

    reason: str


def read_page(services: Services, offer_filter: OfferFilter, request: int, rows: int) -> PageRead:
    """Read what waits, and the newest `rows` of the rest."""
    store = services.store
    waits = offer_filter.state in ("", "pending")
    waiting = store.page(replace(offer_filter, state="pending"), limit=MAX_WAITING) if waits else ()
    others, has_more = _others(services, offer_filter, 0, rows) if offer_filter.state != "pending" else ((), False)
    return PageRead(request, waiting, others, has_more, store.count(OfferFilter(state="pending")), store.role())


def read_more(services: Services, offer_filter: OfferFilter, request: int, before_seq: int) -> MoreRead:
    """Read the rows after the last one that is shown."""
    return MoreRead(request, *_others(services, offer_filter, before_seq, PAGE_SIZE))


def _others(
    services: Services, offer_filter: OfferFilter, before_seq: int, rows: int
) -> tuple[tuple[Offer, ...], bool]:
    """Read a page without what waits, which stands above; and whether there is more."""
    found = services.store.page(offer_filter, before_seq=before_seq, limit=rows)
    return tuple(offer for offer in found if offer.state != "pending"), len(found) == rows


def read_totals(
    services: Services, offer_filter: OfferFilter, by: GroupBy, request: int, is_current: Callable[[], bool]
) -> TotalsRead | None:
    """Read all counts and sums; None when, between two of them, the request is no longer current."""
    store = services.store
    counted = offer_filter if offer_filter.state else replace(offer_filter, state="given")
    team = replace(offer_filter, state="given", agent="", text="", least=None, most=None, currency="", kind="")
    totals = Totals(by=by)
    steps: tuple[Callable[[Totals], Totals], ...] = (
        lambda found: replace(found, count=store.count(offer_filter), everything=store.count(OfferFilter())),
        lambda found: replace(found, sums=store.sums(counted, by, services.tz)),
        lambda found: replace(found, days=found.sums if by == "day" else store.sums(counted, "day", services.tz)),
        lambda found: replace(found, kinds=found.sums if by == "kind" else store.sums(counted, "kind", services.tz)),
        lambda found: replace(
            found,
            incidents=store.sums(OfferFilter(state="given", incident=offer_filter.incident), "incident", services.tz),
        ),
        lambda found: replace(found, medians=store.medians(team)),
    )
    for step in steps:
        if not is_current():
            return None
        totals = step(totals)
    titles = {one.id: shown_wording(one, "title") for one in store.incidents()}
    return TotalsRead(request, totals, _policy(services), titles)


def read_everything(services: Services, wanted: Wanted, is_current: Callable[[], bool]) -> EverythingRead | None:
    """Read in one transaction what the review shows; None when the request is no longer current."""
    with services.store.together():
        page = read_page(services, wanted.offer_filter, wanted.request, wanted.rows)
        totals = read_totals(services, wanted.offer_filter, wanted.by, wanted.request, is_current)
        if totals is None:
            return None
        offers = (*page.waiting, *page.others)
        chosen = [offer for offer in offers if wanted.chosen and offer.id == wanted.chosen.id] or offers[:1]
        detail = None
        if chosen:
            title = totals.titles.get(chosen[0].incident, "")
            detail = read_detail(services, chosen[0], totals.totals, title)
    return EverythingRead(page, totals, detail)


def read_detail(services: Services, offer: Offer, totals: Totals | None, title: str) -> Detail:
    """Read the history of an offer, what the policy says to it now, and whether it is an outlier."""
    entries = services.store.entries(offer.id)
    preview = None
    try:
        preview = services.compensation.preview(offer.scope, offer.tier)
    except Refused:  # its incident is not on record, or the policy is broken: the history is shown all the same
        preview = None
    found = outlier(offer, totals.medians) if totals else None
    return Detail(offer=offer, entries=entries, preview=preview, outlier=found, title=title)


def decision_of(services: Services, offer_id: str) -> Entry | None:
    """Read the entry that approved or declined an offer last, if one did."""
    found = [entry for entry in services.store.entries(offer_id) if entry.event in ("approved", "declined")]
    return found[-1] if found else None


def _policy(services: Services) -> InForce | None:
    try:
        return services.compensation.policy()
    except AgentAssistError:
        return None

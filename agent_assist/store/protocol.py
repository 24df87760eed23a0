"""What every store can do, whichever engine keeps it, and the small values that only a store knows.

Every write ends in one of three ways: it returns (saved), raises NotSaved (nothing was written) or raises MaybeSaved
(the database did not answer; the same `op_id` settles it). Refused and NotFound are rules, nothing was written. A read
that cannot reach the database raises Unreachable. Each call may come from any thread and may block for seconds.
"""

import datetime as dt
from typing import Literal, Protocol

import msgspec

from agent_assist.chats import Chat, Sent
from agent_assist.incidents import Incident
from agent_assist.offers import (
    CustomerHistory,
    Entry,
    GroupBy,
    Head,
    Median,
    NewEvent,
    NewOffer,
    Offer,
    OfferFilter,
    State,
    Sum,
    Terms,
    VerifyResult,
)
from agent_assist.roles import Role
from agent_assist.store.rows import LeftOut

USES_LIMIT = 2000


class Recorded(msgspec.Struct, frozen=True):
    """An offer on record; `already` when this `op_id` had put it there before."""

    offer: Offer
    already: bool = False
    reasons: tuple[str, ...] = ()
    """Why it waits for approval, in words; empty when it does not, and when it was there before."""


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """How much of one customer was removed, and whether its bytes are gone from the database's files too."""

    offers: int = 0
    chats: int = 0
    open_chats: int = 0
    """Chats that stood on somebody's desk: a desk that still shows one may write it again."""
    replies: int = 0
    searches: int = 0
    mentions: int = 0
    """Offers to others that still name this customer in a text: somebody has to look."""
    is_scrubbed: bool = True


class PolicyVersion(msgspec.Struct, frozen=True, kw_only=True):
    """The text of a policy file as a lead published it for everybody."""

    version: int
    at: dt.datetime
    author: str
    text: str


class PhraseUse(msgspec.Struct, frozen=True, kw_only=True):
    """A phrase that was sent, and the search that found it."""

    phrase_id: str
    query: str = ""
    lang: str
    stage: str = ""
    edited: bool = False
    agent: str
    at: dt.datetime


class MissedSearch(msgspec.Struct, frozen=True, kw_only=True):
    """A search that found nothing, for the lead."""

    agent: str
    query: str
    at: dt.datetime


class Store(Protocol):
    """Where a desk keeps everything of one user or one team."""

    def open_incident(self, incident: Incident) -> Incident:
        """Put a new incident on record as version 1; an empty id becomes the next `INC-n`."""

    def add_version(self, incident: Incident, *, expected: int | None) -> Incident:
        """Record changed facts as the next version; Refused when `expected` is given and is not the latest."""

    def incident(self, id: str) -> Incident:  # noqa: A002 - the name the callers know
        """The latest version. Raises NotFound."""

    def versions(self, id: str) -> tuple[Incident, ...]:  # noqa: A002
        """All versions, oldest first. Raises NotFound."""

    def incidents(self, open_only: bool = False, *, resolved_since: dt.datetime | None = None) -> tuple[Incident, ...]:
        """The latest version of each incident, newest incident first. With `open_only` also those whose latest version
        is resolved and not older than `resolved_since`."""

    def save_chat(self, agent: str, chat: Chat) -> None:
        """Keep the whole state of an agent's chat; its `sent` is ignored, `record_sent` keeps that."""

    def open_chats(self, agent: str) -> tuple[Chat, ...]:
        """The agent's chats that are not closed, by position, each with what was sent."""

    def close_chat(self, agent: str, id: str, at: dt.datetime) -> None:  # noqa: A002
        """Take a chat off the desk; it stays on record. Raises NotFound."""

    def record_sent(
        self,
        agent: str,
        chat_id: str,
        sent: Sent,
        *,
        op_id: str,
        use: PhraseUse | None = None,
        offer: NewOffer | None = None,
        terms: Terms | None = None,
    ) -> Recorded | None:
        """Record a sent reply with its use and its promise, all or nothing; repeating the `op_id` changes nothing."""

    def add_offer(self, new: NewOffer, *, terms: Terms | None = None) -> Recorded:
        """Put a promise on the log. The same `op_id` again answers `already`; with other content it is Refused.

        The terms decide in the same transaction whether it is offered or waits; without terms nothing is limited.
        """

    def decide(self, new: NewEvent, *, terms: Terms | None = None) -> Recorded:
        """Put a decision about an offer on the log; an adjustment is judged by the terms anew. As repeatable as
        `add_offer`. Refused when the rules of `offers.decisions` forbid it, NotFound when there is no such offer."""

    def limit_usage(self, new: NewOffer, terms: Terms) -> CustomerHistory:
        """What counts against this offer's limits now, and what the customer already has. Nothing is reserved."""

    def page(self, wanted: OfferFilter, *, before_seq: int = 0, limit: int = 100) -> tuple[Offer, ...]:
        """The newest offers that are wanted, newest first; with `before_seq` only older ones."""

    def histories(self, wanted: OfferFilter, *, after_seq: int = 0, limit: int = 500) -> tuple[Entry, ...]:
        """Every entry of the next `limit` offers that are wanted, made after `after_seq`: by offer, then by `seq`."""

    def count(self, wanted: OfferFilter) -> int:
        """How many offers are wanted."""

    def sums(self, wanted: OfferFilter, by: GroupBy, tz: dt.tzinfo = dt.UTC) -> tuple[Sum, ...]:
        """Their sums, by key and then currency; `tz` says which day a moment belongs to."""

    def medians(self, wanted: OfferFilter) -> tuple[Median, ...]:
        """Their middle amounts: the team's first (agent empty), then by agent; by currency."""

    def erase(self, customer: str, *, order: str = "", agent: str, role: Role, reason: str, at: dt.datetime) -> Erased:
        """Remove one customer's personal texts from the log and their traces everywhere else; sums and chain stay.

        With an order number only what bears it. Doing it again is harmless. Refused when the reason repeats the name.
        """

    def publish_policy(self, text: str, *, author: str, at: dt.datetime) -> PolicyVersion:
        """Put a policy into force for everybody at this store."""

    def policy(self) -> PolicyVersion | None:
        """The policy that was published last, if any."""

    def offers(
        self, incident: str = "", agent: str = "", customer: str = "", state: State | Literal[""] = "", limit: int = 0
    ) -> tuple[Offer, ...]:
        """Offers by `seq`; with a limit, the newest ones. Empty conditions are none."""

    def offer(self, id: str) -> Offer:  # noqa: A002
        """One offer by `OFF-12`, `#12` or `12`. Raises NotFound."""

    def entries(self, offer_id: str = "") -> tuple[Entry, ...]:
        """The log by `seq`, whole or of one offer."""

    def head(self) -> Head:
        """The last entry now."""

    def verify(self, head: Head | None = None) -> VerifyResult:
        """Check the whole log, against the given head and the one kept outside the database."""

    def uses(self, agent: str = "") -> tuple[PhraseUse, ...]:
        """What was sent, newest first, at most `USES_LIMIT`."""

    def missed_search(self, agent: str, query: str, at: dt.datetime) -> None:
        """Remember a search that found nothing."""

    def missed_searches(self) -> tuple[MissedSearch, ...]:
        """Searches that found nothing, newest first, at most `USES_LIMIT`."""

    def left_out(self) -> tuple[LeftOut, ...]:
        """The rows that could not be used since the store was opened, each once; reading goes on without them."""

    def change_token(self) -> int:
        """A number that is another one after anybody wrote, in this process or another; cheap enough to poll."""

    def wait_for_change(self, seconds: float) -> bool:
        """Whether anybody wrote since the last call; waits for it at most so long. The first call says yes.

        Raises Unreachable while the database is away; calling again tries to come back, with pauses that grow.
        """

    def role(self) -> Role:
        """What the person signed in may do: by the database's word where it knows, else as the store was opened."""

    def is_team(self) -> bool:
        """Whether accounts of a team work here, so that nothing on one desk alone may decide for the others."""

    def close(self) -> None:
        """Give back connections; no call may follow."""

"""`Store`: what every store offers, whichever engine is behind it, and the values that only a store knows.

Outcomes. A write returns (saved), raises NotSaved (nothing was written) or MaybeSaved (the database did not answer;
repeating the call with the same `op_id` finds out). Refused and NotFound are rules; nothing was written. A read that
cannot reach the database raises Unreachable. Calls are safe from any thread and may block for seconds.

Locks. On PostgreSQL a write takes one of three:

    the log's lock      open_incident, add_version, add_offer, decide, erase, publish_policy;
                        record_sent with an offer
    its `op_id`'s lock  record_sent without an offer
    no lock of its own  save_chat (that of its row), close_chat, missed_search, record_publication

The log's lock is one advisory lock for the whole database, held until the commit, so all writes of the first line run
one after another; the others wait for nobody. SQLite locks the whole file for every write; the memory store has one.

Changes. What the others may see counts as one change and wakes `wait_for_change` of every open store on this database,
the writer's own included, with the news of it (see `news`): the writes with the log's lock, and what customers were
told first of a version of the facts, since the clock of an incident counts it. Of offers and decisions only those hear
who ask for them, within a second. Any other sent reply, its use, a draft and a search without results are private: they
count as no change. Of a chat and the replies sent in it only the stores that wait in the name of the same agent hear;
where there is none, nobody is notified. A write that is refused, fails or repeats an `op_id` does not count. On SQLite
every write to the file counts, as the file itself is what is watched.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Literal, NamedTuple, Protocol

import msgspec

from agent_assist.chats import Chat, Sent
from agent_assist.incidents import Incident, Publication
from agent_assist.offers import (
    CustomerHistory,
    Entry,
    GroupBy,
    Head,
    LimitScope,
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
from agent_assist.store.news import News
from agent_assist.store.rows import LeftOut

SaveOutcome = Literal["saved", "changed", "erased"]
"""What became of a chat that was to be saved, see `Store.save_chat`."""

USES_LIMIT = 2000
"""Rows that `uses` and `missed_searches` return at most."""


Progress = Callable[[int, int], None]
"""Called now and then with how much is done and how much there is in all. What it raises ends the work."""


def no_progress(_done: int, _all: int) -> None:
    """Show no progress."""


class Recorded(msgspec.Struct, frozen=True):
    """An offer on the log. `already` means that an earlier call with this `op_id` put it there."""

    offer: Offer
    already: bool = False
    reasons: tuple[str, ...] = ()
    """Sentences saying why it waits for approval; empty when it does not wait, or `already` holds."""


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows of one customer were erased. `is_scrubbed`: no bytes of them are left in the database's files."""

    offers: int = 0
    chats: int = 0
    open_chats: int = 0
    """Erased chats that were not closed: a desk that shows one takes it away when it hears of it."""
    replies: int = 0
    searches: int = 0
    mentions: int = 0
    """Offers to other customers whose texts still name this one; they are not erased."""
    is_scrubbed: bool = True


class PolicyVersion(msgspec.Struct, frozen=True, kw_only=True):
    """The text of a policy file that a lead published for the team."""

    version: int
    at: dt.datetime
    author: str
    text: str


class IncidentHistory(NamedTuple):
    """All versions of an incident and what customers were told about it, both oldest first."""

    versions: tuple[Incident, ...]
    published: tuple[Publication, ...] = ()


class PhraseUse(msgspec.Struct, frozen=True, kw_only=True):
    """One sent reply as ranking needs it: the phrase, and the query that found it."""

    phrase_id: str
    query: str = ""
    lang: str
    stage: str = ""
    edited: bool = False
    agent: str
    at: dt.datetime


class MissedSearch(msgspec.Struct, frozen=True, kw_only=True):
    """A query that found no phrase."""

    agent: str
    query: str
    at: dt.datetime


class Store(Protocol):
    """Everything that one user or one team has saved."""

    def open_incident(self, incident: Incident) -> Incident:
        """Record a new incident as version 1; an empty id becomes the next `INC-n`. Refused when the id exists."""

    def add_version(self, incident: Incident, *, expected: int | None) -> Incident:
        """Record changed facts as the next version; Refused when `expected` is given and is not the latest."""

    def incident(self, id: str) -> Incident:  # noqa: A002 - the name the callers know
        """Return the latest version. Raises NotFound."""

    def versions(self, id: str) -> tuple[Incident, ...]:  # noqa: A002
        """Return all versions, oldest first. Raises NotFound."""

    def incidents(self, open_only: bool = False) -> tuple[Incident, ...]:
        """Return the latest version of each incident, or of each that is open, newest incident first."""

    def incident_histories(
        self, *, resolved_since: dt.datetime, also: Collection[str] = ()
    ) -> tuple[IncidentHistory, ...]:
        """Return the history of each incident that is open, was resolved at `resolved_since` or later, or is named in
        `also`; newest incident first. One transaction, however many there are."""

    def record_publication(self, publication: Publication) -> None:
        """Record that customers were told about an incident."""

    def publications(self, incidents: Collection[str]) -> tuple[Publication, ...]:
        """Return what customers were told about these incidents, oldest first."""

    def chats_by_incident(self) -> Mapping[str, int]:
        """Return how many open chats are about each incident: everybody's for a lead, an agent's own in a team."""

    def save_chat(self, agent: str, chat: Chat, *, seen: Chat | None = None) -> SaveOutcome:
        """Save the state of an agent's chat, new or known. Its `sent` is ignored: `record_sent` saves that.

        `seen` is the stored version that `chat` was made from. When another terminal has stored another one since,
        nothing is written: "changed". A chat whose customer was erased is never written again: "erased".
        """

    def open_chats(self, agent: str, *, also: Collection[str] = ()) -> tuple[Chat, ...]:
        """Return the agent's chats that are not closed, by position, each with its sent replies; and those with an id
        in `also`, closed and erased ones too."""

    def close_chat(self, agent: str, id: str, at: dt.datetime) -> None:  # noqa: A002
        """Close a chat; it stays on record. Raises NotFound."""

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
        publication: Publication | None = None,
    ) -> Recorded | None:
        """Record a sent reply with its use and its offer in one transaction. Repeating the `op_id` changes nothing.

        `publication`: what it tells about an incident; recorded unless another reply from the same facts told it.
        Returns the offer, if there is one. Refused when the `op_id` stands for another reply.
        """

    def add_offer(self, new: NewOffer, *, terms: Terms | None = None) -> Recorded:
        """Append an offer to the log. Repeating the `op_id` returns it with `already`; other content is Refused.

        The policy in `terms` decides in the same transaction whether it waits for approval; without terms it does not.
        """

    def decide(self, new: NewEvent, *, terms: Terms | None = None) -> Recorded:
        """Append a decision about an offer to the log; the policy in `terms` is applied again to an adjustment.

        Repeatable like `add_offer`. Refused when `offers.decisions` forbids the event. Raises NotFound.
        """

    def limit_usage(self, scope: LimitScope, terms: Terms) -> CustomerHistory:
        """Return what counts against these limits now, and the customer's earlier offers. Reserves nothing."""

    def page(self, offer_filter: OfferFilter, *, before_seq: int = 0, limit: int = 100) -> tuple[Offer, ...]:
        """Return the newest matching offers, newest first; with `before_seq` only older ones."""

    def histories(self, offer_filter: OfferFilter, *, after_seq: int = 0, limit: int = 500) -> tuple[Entry, ...]:
        """Return all entries of the next `limit` matching offers made after `after_seq`, by offer, then by `seq`."""

    def count(self, offer_filter: OfferFilter) -> int:
        """Return the number of matching offers."""

    def sums(self, offer_filter: OfferFilter, by: GroupBy, tz: dt.tzinfo = dt.UTC) -> tuple[Sum, ...]:
        """Return their sums, by key and then currency; `tz` decides which day a time belongs to."""

    def medians(self, offer_filter: OfferFilter) -> tuple[Median, ...]:
        """Return their median amounts: of the team (agent empty), then by agent; by currency."""

    def erase(self, customer: str, *, order: str = "", agent: str, role: Role, reason: str, at: dt.datetime) -> Erased:
        """Erase one customer's personal texts from the log and every other table; sums and the hash chain stay.

        With an order number only what carries it. May be repeated. Refused when the reason names the customer.
        """

    def publish_policy(self, text: str, *, author: str, at: dt.datetime) -> PolicyVersion:
        """Publish a policy: it applies to everybody at this store from now on."""

    def policy(self) -> PolicyVersion | None:
        """Return the policy that was published last, if any."""

    def offers(
        self, incident: str = "", agent: str = "", customer: str = "", state: State | Literal[""] = "", limit: int = 0
    ) -> tuple[Offer, ...]:
        """Return offers by `seq`; with a limit, the newest ones. An empty condition matches everything."""

    def offer(self, id: str) -> Offer:  # noqa: A002
        """Return one offer by `OFF-12`, `#12` or `12`. Raises NotFound."""

    def entries(self, offer_id: str = "") -> tuple[Entry, ...]:
        """Return the entries of the log by `seq`, all or of one offer."""

    def numbered_entries(self, seqs: Sequence[int]) -> tuple[Entry, ...]:
        """Return those of these entries that are on the log."""

    def head(self) -> Head:
        """Return the last entry of the log."""

    def verify(
        self, head: Head | None = None, *, go_on: bool = False, progress: Progress = no_progress
    ) -> VerifyResult:
        """Check the whole log, also against the given head and the one saved outside the database (`head_file`).

        With `go_on` only the entries after the checkpoint of the last check, if there is one; see `VerifyResult.after`.
        A check that `progress` ended leaves a checkpoint too, one that found something leaves none.
        """

    def uses(self, agent: str = "") -> tuple[PhraseUse, ...]:
        """Return the newest uses, newest first, of one agent or of all."""

    def missed_search(self, agent: str, query: str, at: dt.datetime) -> None:
        """Record a search that found nothing."""

    def missed_searches(self) -> tuple[MissedSearch, ...]:
        """Return the newest searches that found nothing, newest first."""

    def together(self) -> AbstractContextManager[None]:
        """Let what this thread reads in the block share one transaction, where the database is on a server."""

    def left_out(self) -> tuple[LeftOut, ...]:
        """Return the rows that could not be read since the store was opened, each once; reads skip them."""

    def change_token(self) -> int:
        """Return a number that differs after any write that counts as a change; cheap enough to poll."""

    def wait_for_change(
        self, seconds: float, *, agent: str = "", offers: Collection[str] | None = None
    ) -> tuple[News, ...]:
        """Return the news since the last call, none if there is none in these seconds. The first call returns some.

        With `agent`, of that agent's chats too, as other terminals change them; give the same with each call. Of
        decisions only about these `offers`, by id; None stands for all offers, new ones too.

        Raises Unreachable while the database is away; each further call reconnects, with growing delays.
        """

    def role(self) -> Role:
        """Return the role of the person signed in: from the database where it knows accounts, else as it was opened."""

    def is_team(self) -> bool:
        """Return whether the database has accounts of a team: then its roles and policy apply, not a desk's own."""

    def close(self) -> None:
        """Close all connections; no call may follow."""

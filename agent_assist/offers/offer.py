"""Offers and the entries they are made of.

Rule: the log only grows. An `Offer` is never stored; it is what its entries add up to, in the order of their `seq`.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from typing import Literal, get_args

import msgspec

from agent_assist.offers.duration import Duration
from agent_assist.offers.money import Money

OfferKind = Literal["coupon", "refund", "credit", "extension", "gift", "other"]
OFFER_KINDS: tuple[OfferKind, ...] = get_args(OfferKind)

Event = Literal["offered", "approved", "declined", "voided", "adjusted", "delivered", "erased"]
"""`erased` is the tombstone: it says who removed the personal texts of this offer's earlier entries, when and why."""
EVENTS: tuple[Event, ...] = get_args(Event)

State = Literal["offered", "pending", "approved", "declined", "voided", "delivered"]

PERSONAL_TEXTS = ("customer", "order", "thing", "sentence", "reason", "note")
"""Texts that may name a person. They enter the hash only as salted digests, so that they can be erased."""

MAX_LINE_LENGTH = 500
"""Characters of a text of one line, such as a name."""


class LimitScope(msgspec.Struct, frozen=True, kw_only=True):
    """Whose limits an offer counts against: those of its agent, of its customer for an incident, of the incident."""

    agent: str
    customer: str = ""
    order: str = ""
    incident: str = ""


class NewOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A promise to put on record. `op_id` is made before the first try; repeating it never makes a second offer."""

    op_id: str
    agent: str
    kind: OfferKind
    sentence: str
    reason: str = ""
    money: Money | None = None
    duration: Duration | None = None
    thing: str = ""
    incident_id: str = ""
    chat_id: str = ""
    customer: str = ""
    order: str = ""
    tier: str = ""
    at: dt.datetime

    @property
    def scope(self) -> LimitScope:
        return LimitScope(agent=self.agent, customer=self.customer, order=self.order, incident=self.incident_id)


class SaltedText(msgspec.Struct, frozen=True):
    """A personal text with its salt and digest. Without salt the text was erased and only the digest is left."""

    digest: str
    salt: str = ""
    text: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log. `offer_seq` is the `seq` of the entry that made the offer, its own for `offered`.

    `offered` and `adjusted` state the whole promise; the other events leave kind, money and duration empty.
    """

    seq: int
    format: int = 1
    op_id: str
    event: Event
    offer_seq: int
    at: dt.datetime
    agent: str
    role: str = ""
    tier: str = ""
    incident: str = ""
    chat: str = ""
    kind: OfferKind | Literal[""] = ""
    money: Money | None = None
    duration: Duration | None = None
    pending: bool = False
    rule: str = ""
    """The limit that made it wait for approval."""
    texts: Mapping[str, SaltedText] = {}
    prev: str = ""
    hash: str = ""

    @property
    def offer_id(self) -> str:
        return offer_id(self.offer_seq)

    def text(self, name: str) -> str:
        """A personal text, empty when it was not given or was erased."""
        sealed = self.texts.get(name)
        return sealed.text if sealed else ""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """Where an offer stands now. `seq`, `at`, `agent` and `hash` are those of the entry that made it."""

    id: str
    seq: int
    at: dt.datetime
    agent: str
    incident: str = ""
    chat: str = ""
    customer: str = ""
    order: str = ""
    tier: str = ""
    kind: OfferKind
    money: Money | None = None
    duration: Duration | None = None
    thing: str = ""
    reason: str = ""
    sentence: str = ""
    state: State = "offered"
    approved_by: str = ""
    rule: str = ""
    """The limit that made it wait for approval, if it waits or waited."""
    note: str = ""
    """What was last noted by whoever approved, declined, voided, adjusted or delivered it."""
    changed_at: dt.datetime
    erased: bool = False
    hash: str

    @property
    def scope(self) -> LimitScope:
        return LimitScope(agent=self.agent, customer=self.customer, order=self.order, incident=self.incident)


def offer_id(seq: int) -> str:
    """The name of the offer made by entry `seq`."""
    return f"OFF-{seq}"


def offer_seq(id: str) -> int:  # noqa: A002 - it is an id
    """The entry an offer's name means; also accepts `12` and `#12`. Zero when it is no such name."""
    digits = id.strip().upper().removeprefix("OFF-").removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0


def new_salt() -> str:
    """Return a random salt for the digest of a personal text."""
    return secrets.token_hex(16)


def replay(entries: Iterable[Entry]) -> tuple[Offer, ...]:
    """What the entries (oldest first) add up to, by `seq`. An entry whose offer is not among them is left out."""
    offers: dict[int, Offer] = {}
    for entry in entries:
        if entry.event == "offered":
            offers[entry.offer_seq] = _made(entry)
        elif entry.offer_seq in offers:
            offers[entry.offer_seq] = _changed(offers[entry.offer_seq], entry)
    return tuple(offers[seq] for seq in sorted(offers))


def _made(entry: Entry) -> Offer:
    return Offer(
        id=entry.offer_id,
        seq=entry.seq,
        at=entry.at,
        agent=entry.agent,
        incident=entry.incident,
        chat=entry.chat,
        customer=entry.text("customer"),
        order=entry.text("order"),
        tier=entry.tier,
        kind=entry.kind or "other",
        money=entry.money,
        duration=entry.duration,
        thing=entry.text("thing"),
        reason=entry.text("reason"),
        sentence=entry.text("sentence"),
        state="pending" if entry.pending else "offered",
        rule=entry.rule,
        changed_at=entry.at,
        hash=entry.hash,
    )


def _changed(offer: Offer, entry: Entry) -> Offer:
    if entry.event == "erased":
        return msgspec.structs.replace(offer, erased=True)
    changes: dict[str, object] = {"changed_at": entry.at, "note": entry.text("note")}
    if entry.event == "adjusted":
        changes |= {
            "kind": entry.kind or offer.kind,
            "money": entry.money,
            "duration": entry.duration,
            "thing": entry.text("thing"),
            "sentence": entry.text("sentence") or offer.sentence,
            "state": "pending" if entry.pending else "offered",
            "rule": entry.rule,
            "approved_by": "",
        }
    else:
        changes["state"] = entry.event
        if entry.event == "approved":
            changes["approved_by"] = entry.agent
    return msgspec.structs.replace(offer, **changes)

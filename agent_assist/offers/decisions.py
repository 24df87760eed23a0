"""What may happen to an offer after it was made, and by whom; and the entries that put it on record.

Nobody approves or declines what they offered or adjusted themselves, only what waits can be decided, and what was
declined or voided stays so: a new promise is a new offer. Pure: the store reads the history and writes the entry in one
exclusive transaction, so that of two decisions at once exactly one is made.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from agent_assist.cleaning import clean, clean_line, identity
from agent_assist.errors import Refused
from agent_assist.locale import N_, _
from agent_assist.offers.chain import Head, chain_entry, commit_texts
from agent_assist.offers.customer_history import CustomerHistory
from agent_assist.offers.duration import Duration
from agent_assist.offers.money import Money
from agent_assist.offers.offer import MAX_LINE_LENGTH, Entry, Event, NewOffer, Offer, OfferKind, State
from agent_assist.offers.parse import checked_offer
from agent_assist.offers.policy import Decision, Terms, decide
from agent_assist.roles import Role

OfferAction = Literal["approved", "declined", "voided", "adjusted", "delivered"]


class NewEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something to put on record about an offer. `adjusted` states the whole promise as it shall be from now on."""

    op_id: str
    event: OfferAction
    offer: str
    """`OFF-12`, `#12` or `12`."""
    agent: str
    role: Role = "agent"
    note: str = ""
    at: dt.datetime
    kind: OfferKind | Literal[""] = ""
    money: Money | None = None
    duration: Duration | None = None
    thing: str = ""
    sentence: str = ""


_FROM: Mapping[OfferAction, tuple[State, ...]] = {
    "approved": ("pending",),
    "declined": ("pending",),
    "voided": ("offered", "pending", "approved", "delivered"),
    "adjusted": ("offered", "pending", "approved"),
    "delivered": ("offered", "approved"),
}

EVENT_NAMES: Mapping[Event, str] = {
    "offered": N_("offered"),
    "approved": N_("approved"),
    "declined": N_("declined"),
    "voided": N_("voided"),
    "adjusted": N_("adjusted"),
    "delivered": N_("delivered"),
    "erased": N_("customer's data erased"),
}

STATE_NAMES: Mapping[State, str] = {
    "offered": N_("offered"),
    "pending": N_("waiting for approval"),
    "approved": N_("approved"),
    "declined": N_("declined"),
    "voided": N_("voided"),
    "delivered": N_("delivered"),
}

_TEXTS = ("thing", "sentence", "note")


def checked_event(new: NewEvent) -> NewEvent:
    """The event with clean texts. Refused when it has no author or no op_id, or is adjusted to nothing."""
    kept = msgspec.structs.replace(
        new,
        op_id=clean_line(new.op_id),
        agent=clean_line(new.agent),
        note=clean(new.note).strip(),
        thing=clean_line(new.thing),
        sentence=clean(new.sentence).strip(),
    )
    if not kept.op_id or not kept.agent or max(len(kept.op_id), len(kept.agent), len(kept.thing)) > MAX_LINE_LENGTH:
        raise Refused(_("A decision needs its author and its op_id."))
    if kept.event == "adjusted":
        checked_offer(_promise(kept, None))
    elif kept.kind or kept.money or kept.duration or kept.thing or kept.sentence:
        raise Refused(_("Only an adjustment says what is promised."))
    return kept


def check_transition(new: NewEvent, offer: Offer, history: Sequence[Entry]) -> None:
    """Raise Refused when the event is not allowed now; `history` is every entry of the offer."""
    if new.event in ("approved", "declined"):
        if new.role != "lead":
            raise Refused(_("Only a lead decides about {offer}.", offer=offer.id), hint=_("Ask your lead."))
        promised = [entry.agent for entry in history if entry.event in ("offered", "adjusted")]
        if any(is_same_person(new.agent, agent) for agent in promised):
            raise Refused(
                _("{offer} is your own: nobody decides about what they promised themselves.", offer=offer.id),
                hint=_("Ask another lead."),
            )
    elif new.event in ("voided", "adjusted") and new.role != "lead" and not is_same_person(new.agent, offer.agent):
        raise Refused(
            _("{offer} is by {agent}; only {agent} or a lead changes it.", offer=offer.id, agent=offer.agent),
            hint=_("Ask your lead."),
        )
    if offer.state not in _FROM[new.event]:
        raise Refused(
            _("{offer} is {state} and stays so.", offer=offer.id, state=_(STATE_NAMES[offer.state]))
            if offer.state in ("declined", "voided")
            else _("{offer} is {state}; this cannot be done to it.", offer=offer.id, state=_(STATE_NAMES[offer.state])),
            hint=_("See its history: agent-assist offer show {offer}", offer=offer.id),
        )
    if new.event == "voided" and offer.state == "delivered" and new.role != "lead":
        raise Refused(
            _("{offer} was delivered already; only a lead voids it.", offer=offer.id), hint=_("Ask your lead.")
        )


def apply_policy(new: NewOffer, terms: Terms, history: CustomerHistory) -> Decision:
    """Return what the policy says to an offer. Raises Refused when nobody may make it."""
    decision = decide(terms.policy, new, terms.conditions, history.usage)
    if decision.outcome == "refused":
        raise Refused(" ".join(decision.reasons), hint=_("See what is allowed: agent-assist policy check"))
    return decision


def adjusted_offer(new: NewEvent, offer: Offer) -> NewOffer:
    """An adjustment as an offer of the same author to the same customer, for the policy to judge."""
    return _promise(new, offer)


def decision_entry(
    new: NewEvent, offer: Offer, head: Head, new_salt: Callable[[], str], decision: Decision | None = None
) -> Entry:
    """Return the entry that records a checked event after `head`; incident, chat and tier stay those of the offer."""
    return chain_entry(
        Entry(
            seq=0,
            op_id=new.op_id,
            event=new.event,
            offer_seq=offer.seq,
            at=new.at,
            agent=new.agent,
            role=new.role,
            tier=offer.tier,
            incident=offer.incident,
            chat=offer.chat,
            kind=new.kind,
            money=new.money,
            duration=new.duration,
            pending=decision is not None and decision.outcome == "pending",
            rule=decision.rule if decision else "",
            texts=commit_texts({name: getattr(new, name) for name in _TEXTS}, new_salt),
        ),
        head,
    )


class Erasable(NamedTuple):
    """What the tombstone of an offer repeats of it."""

    seq: int
    tier: str
    incident: str
    chat: str


def erasure_entry(
    offer: Offer | Erasable,
    *,
    op_id: str,
    agent: str,
    role: Role,
    reason: str,
    at: dt.datetime,
    head: Head,
    new_salt: Callable[[], str],
) -> Entry:
    """Return the tombstone that says who removed the personal texts of an offer, when and why."""
    return chain_entry(
        Entry(
            seq=0,
            op_id=op_id,
            event="erased",
            offer_seq=offer.seq,
            at=at,
            agent=agent,
            role=role,
            tier=offer.tier,
            incident=offer.incident,
            chat=offer.chat,
            texts=commit_texts({"note": reason}, new_salt),
        ),
        head,
    )


def is_the_same_event(entry: Entry, new: NewEvent, offer_seq: int) -> bool:
    """Whether a checked event is the one this entry recorded; its time is not compared, nor texts erased since."""
    if (entry.event, entry.offer_seq, entry.agent, entry.kind, entry.money, entry.duration) != (
        new.event,
        offer_seq,
        new.agent,
        new.kind,
        new.money,
        new.duration,
    ):
        return False
    for name in _TEXTS:
        sealed, text = entry.texts.get(name), getattr(new, name)
        if (sealed is None or sealed.salt) and text != (sealed.text if sealed else ""):
            return False
    return True


def is_same_person(one: str, other: str) -> bool:
    """Whether people would read two names as the same: width, case, spaces and marks that nobody sees do not count."""
    return identity(one) == identity(other)


def _promise(new: NewEvent, offer: Offer | None) -> NewOffer:
    return NewOffer(
        op_id=new.op_id,
        agent=offer.agent if offer else new.agent,
        kind=new.kind or "other",
        sentence=new.sentence,
        money=new.money,
        duration=new.duration,
        thing=new.thing,
        at=new.at,
        incident_id=offer.incident if offer else "",
        chat_id=offer.chat if offer else "",
        customer=offer.customer if offer else "",
        order=offer.order if offer else "",
        tier=offer.tier if offer else "",
    )

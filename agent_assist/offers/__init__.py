"""What was promised to customers: exact money and durations, offers, the entries of the log and their hash chain.

Values and pure functions only; the store keeps them.
"""

from agent_assist.offers.chain import START, Head, Verdict, verify_chain
from agent_assist.offers.duration import Duration, parse_duration
from agent_assist.offers.money import Money, parse_money
from agent_assist.offers.offer import (
    EVENTS,
    OFFER_KINDS,
    Entry,
    Event,
    NewOffer,
    Offer,
    OfferKind,
    Sealed,
    State,
    fold,
    new_op_id,
)

__all__ = [
    "EVENTS",
    "OFFER_KINDS",
    "START",
    "Duration",
    "Entry",
    "Event",
    "Head",
    "Money",
    "NewOffer",
    "Offer",
    "OfferKind",
    "Sealed",
    "State",
    "Verdict",
    "fold",
    "new_op_id",
    "parse_duration",
    "parse_money",
    "verify_chain",
]

"""What was promised to customers: exact money and durations, offers, the entries of the log and their hash chain.

With these values stand what reads them (`parse` typed texts, `policy_file` TOML, `export_json` an export) and what
writes them for others (`export`, `export_xlsx`, `export_json`, `policy_words`). Only `policy_file` reads a file, that
of the shipped policy; the log itself is in the store.
"""

from agent_assist.offers.chain import GENESIS_HASH, Head
from agent_assist.offers.customer_history import CustomerHistory
from agent_assist.offers.decisions import EVENT_NAMES, STATE_NAMES, NewEvent, OfferAction
from agent_assist.offers.duration import Duration, parse_duration
from agent_assist.offers.money import Money, display_sum, parse_money
from agent_assist.offers.offer import (
    EVENTS,
    OFFER_KINDS,
    Entry,
    Event,
    LimitScope,
    NewOffer,
    Offer,
    OfferKind,
    SaltedText,
    State,
    replay,
)
from agent_assist.offers.offer_filter import GroupBy, Median, OfferFilter, Sum
from agent_assist.offers.policy import (
    LIMITS,
    Decision,
    Limit,
    LimitUsage,
    Policy,
    PolicyConditions,
    Rule,
    Terms,
    decide,
    remaining_limits,
)
from agent_assist.offers.verification import Checkpoint, VerifyResult, verify_chain

__all__ = [
    "EVENTS",
    "EVENT_NAMES",
    "GENESIS_HASH",
    "LIMITS",
    "OFFER_KINDS",
    "STATE_NAMES",
    "Checkpoint",
    "CustomerHistory",
    "Decision",
    "Duration",
    "Entry",
    "Event",
    "GroupBy",
    "Head",
    "Limit",
    "LimitScope",
    "LimitUsage",
    "Median",
    "Money",
    "NewEvent",
    "NewOffer",
    "Offer",
    "OfferAction",
    "OfferFilter",
    "OfferKind",
    "Policy",
    "PolicyConditions",
    "Rule",
    "SaltedText",
    "State",
    "Sum",
    "Terms",
    "VerifyResult",
    "decide",
    "display_sum",
    "parse_duration",
    "parse_money",
    "remaining_limits",
    "replay",
    "verify_chain",
]

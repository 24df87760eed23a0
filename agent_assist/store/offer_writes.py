"""Appends offers and decisions to the log, in SQL: check, apply the policy and append in one transaction.

Rule: the transaction is exclusive, so that limits hold and only one of two simultaneous decisions is made.
"""

from typing import NamedTuple

from sqlalchemy.engine import Connection

from agent_assist.offers import Decision, Head, NewEvent, NewOffer, Terms, replay
from agent_assist.offers.chain import offer_entry, says_the_same
from agent_assist.offers.decisions import (
    adjusted_offer,
    apply_policy,
    check_transition,
    decision_entry,
    is_the_same_event,
)
from agent_assist.offers.offer import new_salt, offer_seq
from agent_assist.store import ledger, limit_queries, refusals
from agent_assist.store.kept_answers import KeptAnswers
from agent_assist.store.protocol import Recorded
from agent_assist.store.rows import LeftOutRows


class LogWrite(NamedTuple):
    """The result of a write: the offer, the head before it, and the head after it if an entry was appended."""

    recorded: Recorded
    before: Head
    after: Head | None = None


def add(
    connection: Connection, new: NewOffer, terms: Terms | None, left_out: LeftOutRows, kept: KeptAnswers
) -> LogWrite:
    """Append a checked offer, pending if the terms say so. Refused when its `op_id` stands for something else."""
    before, is_known = ledger.head_and_known(connection, new.op_id)
    if is_known and (existing := existing_offer(connection, new)):
        return LogWrite(existing, before)
    decision = Decision("offered")
    if terms:
        decision = apply_policy(new, terms, limit_queries.limit_usage(connection, new.scope, terms, left_out, kept))
    entry = offer_entry(
        new,
        before,
        new_salt,
        role=terms.conditions.role if terms else "",
        pending=decision.outcome == "pending",
        rule=decision.rule,
    )
    ledger.append(connection, entry)
    return LogWrite(Recorded(replay([entry])[0], reasons=decision.reasons), before, Head(entry.seq, entry.hash))


def decide(
    connection: Connection, new: NewEvent, terms: Terms | None, left_out: LeftOutRows, kept: KeptAnswers
) -> LogWrite:
    """Append a checked event, if the state of its offer allows it. Refused, NotFound."""
    before, is_known = ledger.head_and_known(connection, new.op_id)
    if is_known and (existing := existing_event(connection, new)):
        return LogWrite(existing, before)
    history = ledger.entries_of(connection, new.offer)
    if not history:
        raise refusals.no_offer(new.offer)
    offer = replay(history)[0]
    check_transition(new, offer, history)
    decision = None
    if new.event == "adjusted" and terms is not None:
        adjusted = adjusted_offer(new, offer)
        usage = limit_queries.limit_usage(connection, adjusted.scope, terms, left_out, kept, except_seq=offer.seq)
        decision = apply_policy(adjusted, terms, usage)
    entry = decision_entry(new, offer, before, new_salt, decision)
    ledger.append(connection, entry)
    after = replay([*history, entry])[0]
    return LogWrite(Recorded(after, reasons=decision.reasons if decision else ()), before, Head(entry.seq, entry.hash))


def existing_event(connection: Connection, new: NewEvent) -> Recorded | None:
    """Return what this `op_id` wrote before, if anything. Refused when its content differs."""
    entry = ledger.by_op_id(connection, new.op_id)
    if entry is None:
        return None
    if not is_the_same_event(entry, new, offer_seq(new.offer)):
        raise refusals.other_offer(new.op_id, entry.seq)
    return Recorded(ledger.get(connection, entry.offer_id), already=True)


def existing_offer(connection: Connection, new: NewOffer) -> Recorded | None:
    """Return what this `op_id` wrote before, if anything. Refused when its content differs."""
    entry = ledger.by_op_id(connection, new.op_id)
    if entry is None:
        return None
    if not says_the_same(entry, new):
        raise refusals.other_offer(new.op_id, entry.seq)
    return Recorded(ledger.get(connection, entry.offer_id), already=True)

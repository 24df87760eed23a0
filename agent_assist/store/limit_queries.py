"""Usage of the limits of a policy, in SQL, as `offers.customer_history` defines it.

Rule: run inside the exclusive transaction that writes the offer, so that no other offer comes between sum and entry.
The sum of an incident is that of its offers as they were made, read from an index alone, corrected by the few that have
later entries.
"""

import datetime as dt

import msgspec
from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.engine import Connection

from agent_assist.epoch_micros import to_micros
from agent_assist.offers import CustomerHistory, LimitScope, LimitUsage, Offer, OfferFilter, Terms
from agent_assist.offers.customer_history import is_same_customer, worth
from agent_assist.offers.offer_filter import CANCELLED_STATES
from agent_assist.store import ledger, review_sums
from agent_assist.store.kept_answers import KeptAnswers
from agent_assist.store.review_queries import CORRECTIONS, IS_OFFER, WITH_PROMISE, has_state, is_event, made, promise
from agent_assist.store.rows import LeftOutRows
from agent_assist.store.schema import offer_entries

_E = offer_entries.c


def limit_usage(
    connection: Connection,
    scope: LimitScope,
    terms: Terms,
    left_out: LeftOutRows,
    kept: KeptAnswers,
    *,
    except_seq: int = 0,
) -> CustomerHistory:
    """Return what counts against these limits now, without the offer `except_seq`."""
    currency, since = terms.policy.currency, terms.day_begins
    others = [made.c.seq != except_seq] if except_seq else []
    earlier = _earlier_offers(connection, scope, since, except_seq, left_out)
    today = (made.c.agent == scope.agent, made.c.at >= to_micros(since))
    incident = scope.incident
    return CustomerHistory(
        LimitUsage(
            per_customer_and_incident=worth(earlier, currency),
            per_agent_and_day=_total(connection, currency, *today, *others),
            per_incident=_incident_total(connection, incident, currency, kept, except_seq) if incident else 0,
            to_customer=len(earlier),
        ),
        earlier,
    )


def _earlier_offers(
    connection: Connection, scope: LimitScope, since: dt.datetime, except_seq: int, left_out: LeftOutRows
) -> tuple[Offer, ...]:
    """Return the customer's other offers for the same incident, or those of today without one."""
    by_seq: dict[int, Offer] = {}
    here = OfferFilter(incident=scope.incident, since=None if scope.incident else since)
    for name, value in (("customer", scope.customer), ("order", scope.order)):
        if value:
            offer_filter = msgspec.structs.replace(here, **{name: value})
            by_seq |= {offer.seq: offer for offer in ledger.offers(connection, offer_filter, left_out)}
    return tuple(
        by_seq[seq]
        for seq in sorted(by_seq)
        if seq != except_seq
        and by_seq[seq].state not in CANCELLED_STATES
        and by_seq[seq].incident == scope.incident
        and is_same_customer(by_seq[seq], scope.customer, scope.order)
    )


def _incident_total(connection: Connection, incident: str, currency: str, kept: KeptAnswers, except_seq: int) -> int:
    """Return what was promised for an incident; of a large one only what came since it was last asked is read."""
    offer_filter = OfferFilter(incident=incident, currency=currency, state="given")
    total = kept.total(connection, offer_filter, lambda: _add_up_incident(connection, incident, currency))
    if except_seq:
        total -= _total(connection, currency, made.c.seq == except_seq, made.c.incident == incident)
    return total


def _add_up_incident(connection: Connection, incident: str, currency: str) -> int:
    here = made.c.incident == incident
    as_made = select(*review_sums.parts_of_sum(made.c.minor)).where(
        IS_OFFER, here, made.c.pending == literal_column("0"), made.c.currency == currency
    )
    later = select(_E.offer_seq).where(is_event(CORRECTIONS), _E.incident == incident)
    corrected = made.c.seq.in_(later)
    return (
        review_sums.whole_sum(connection.execute(as_made).one())
        - review_sums.whole_sum(connection.execute(as_made.where(corrected)).one())
        + _total(connection, currency, corrected, here)
    )


def _total(connection: Connection, currency: str, *conditions: ColumnElement[bool]) -> int:
    """Return the sum of the newest amounts of the matching offers that count."""
    rows = connection.execute(
        select(*review_sums.parts_of_sum(promise.c.minor))
        .select_from(WITH_PROMISE)
        .where(IS_OFFER, has_state("given"), promise.c.currency == currency, *conditions)
    )
    return review_sums.whole_sum(rows.one())

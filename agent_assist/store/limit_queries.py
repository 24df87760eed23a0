"""What counts against the limits, in SQL, as `offers.customer_history` defines it.

Read inside the exclusive transaction that writes the offer, so that no other offer comes between sum and entry. The sum
of an incident is read from an index alone, as it was made; the few offers that were corrected since are set right.
"""

import datetime as dt

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.engine import Connection

from agent_assist.epoch_micros import to_micros
from agent_assist.offers import CustomerHistory, LimitUsage, NewOffer, Offer, OfferFilter, Terms
from agent_assist.offers.customer_history import is_same_customer, worth
from agent_assist.offers.offer_filter import NOTHING
from agent_assist.store import ledger, review_queries
from agent_assist.store.review_queries import CORRECTED, IS_OFFER, WITH_PROMISE, currency_now, made, minor_now
from agent_assist.store.rows import LeftOutRows
from agent_assist.store.schema import offer_entries

_E = offer_entries.c


def limit_usage(
    connection: Connection, new: NewOffer, terms: Terms, left_out: LeftOutRows, *, but: int = 0
) -> CustomerHistory:
    """What counts against this offer's limits now; `but` leaves out the offer of that `seq`."""
    currency, since = terms.policy.currency, terms.day_begins
    others = [made.c.seq != but] if but else []
    earlier = _earlier(connection, new, since, but, left_out)
    today = (made.c.agent == new.agent, made.c.at >= to_micros(since))
    incident = new.incident_id
    return CustomerHistory(
        LimitUsage(
            per_customer_and_incident=worth(earlier, currency),
            per_agent_and_day=_sum(connection, currency, *today, *others),
            per_incident=_of_incident(connection, incident, currency, others) if incident else 0,
            to_customer=len(earlier),
        ),
        earlier,
    )


def _earlier(
    connection: Connection, new: NewOffer, since: dt.datetime, but: int, left_out: LeftOutRows
) -> tuple[Offer, ...]:
    """What this customer has for this incident, or today without one."""
    found: dict[int, Offer] = {}
    here = OfferFilter(incident=new.incident_id, since=None if new.incident_id else since)
    for name, value in (("customer", new.customer), ("order", new.order)):
        if value:
            wanted = msgspec.structs.replace(here, **{name: value})
            found |= {offer.seq: offer for offer in ledger.offers(connection, wanted, left_out)}
    return tuple(
        found[seq]
        for seq in sorted(found)
        if seq != but
        and found[seq].state not in NOTHING
        and found[seq].incident == new.incident_id
        and is_same_customer(found[seq], new.customer, new.order)
    )


def _of_incident(connection: Connection, incident: str, currency: str, others: list[ColumnElement[bool]]) -> int:
    here = made.c.incident == incident
    as_made = select(*review_queries.parts_of_sum(made.c.minor)).where(
        IS_OFFER, here, made.c.pending == 0, made.c.currency == currency, *others
    )
    corrected = made.c.seq.in_(select(_E.offer_seq).where(CORRECTED, _E.incident == incident))
    undone = as_made.where(corrected)
    return (
        review_queries.whole_sum(connection.execute(as_made).one())
        - review_queries.whole_sum(connection.execute(undone).one())
        + _sum(connection, currency, corrected, here, *others)
    )


def _sum(connection: Connection, currency: str, *conditions: ColumnElement[bool]) -> int:
    """The newest amounts of the offers that count."""
    rows = connection.execute(
        select(*review_queries.parts_of_sum(minor_now))
        .select_from(WITH_PROMISE)
        .where(IS_OFFER, review_queries.is_promised(), currency_now == currency, *conditions)
    )
    return review_queries.whole_sum(rows.one())

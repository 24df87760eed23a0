"""What already counts against the limits at some moment, and what a customer already has.

The same customer: the same order number, or the same name unless both orders are known and differ. A name alone is
weak in an outage (there is more than one 王女士), so an order number decides where there is one.
"""

import datetime as dt
from collections.abc import Iterable

import msgspec

from agent_assist.offers.offer import LimitScope, Offer
from agent_assist.offers.offer_filter import CANCELLED_STATES, UNCOUNTED_STATES
from agent_assist.offers.policy import LimitUsage


class CustomerHistory(msgspec.Struct, frozen=True):
    """`usage` is what counts against the limits, `earlier` what this customer already has for this incident, by
    anybody, oldest first."""

    usage: LimitUsage
    earlier: tuple[Offer, ...] = ()


def is_same_customer(offer: Offer, customer: str, order: str) -> bool:
    """Whether the offer went to this customer."""
    if order and offer.order:
        return order == offer.order
    return bool(customer) and offer.customer == customer


def worth(offers: Iterable[Offer], currency: str) -> int:
    """The sum of those that are promised, in minor units: neither waiting nor come to nothing."""
    return sum(
        offer.money.minor
        for offer in offers
        if offer.state not in UNCOUNTED_STATES and offer.money is not None and offer.money.currency == currency
    )


def limit_usage(
    offers: Iterable[Offer], scope: LimitScope, *, currency: str, day_begins: dt.datetime
) -> CustomerHistory:
    """Add up what counts among these offers; without an incident a customer's offers of the day do."""
    log = [offer for offer in offers if offer.state not in CANCELLED_STATES]
    here = [offer for offer in log if offer.incident == scope.incident and (scope.incident or offer.at >= day_begins)]
    earlier = tuple(offer for offer in here if is_same_customer(offer, scope.customer, scope.order))
    today = (offer for offer in log if offer.agent == scope.agent and offer.at >= day_begins)
    return CustomerHistory(
        LimitUsage(
            per_customer_and_incident=worth(earlier, currency),
            per_agent_and_day=worth(today, currency),
            per_incident=worth(here, currency) if scope.incident else 0,
            to_customer=len(earlier),
        ),
        earlier,
    )

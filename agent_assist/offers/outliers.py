"""Offers that stand out: worth several times what the team, or their own author, usually gives.

Medians, not averages: one generous refund must not make the next one look ordinary. A median of few offers says little,
so it takes a number of them before anything stands out.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from agent_assist.offers.offer import Offer
from agent_assist.offers.offer_filter import Median

OUTLIER_FACTOR = 3
"""How many times the median an offer must be worth to stand out."""

MIN_MEDIAN_COUNT = 5
"""Offers a median must come from."""


class Outlier(msgspec.Struct, frozen=True):
    """Compared with whom an offer stands out, and by how much; `tenths` is 32 for 3.2 times the median."""

    against: Literal["team", "agent"]
    tenths: int
    median: Median


def outlier(offer: Offer, medians: Iterable[Median]) -> Outlier | None:
    """How the offer stands out, the team's median first; None when it does not. Only amounts in money are compared."""
    money = offer.money
    if money is None:
        return None
    for median in sorted((one for one in medians if one.agent in ("", offer.agent)), key=lambda one: one.agent):
        usual = median.currency == money.currency and median.count >= MIN_MEDIAN_COUNT and median.minor > 0
        if usual and money.minor > OUTLIER_FACTOR * median.minor:
            return Outlier("agent" if median.agent else "team", money.minor * 10 // median.minor, median)
    return None

"""Looking through many offers: what is wanted, sums of it, medians of it. Values, and what they mean in Python.

The databases answer the same questions in SQL; the functions here are what their answers are held against.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import msgspec

from agent_assist.offers.offer import Offer, OfferKind, State

GroupBy = Literal["incident", "kind", "agent", "day", "tier", "state"]

CANCELLED_STATES: tuple[State, ...] = ("declined", "voided")
"""Offers that came to nothing."""

UNCOUNTED_STATES: tuple[State, ...] = ("pending", *CANCELLED_STATES)
"""Offers that count against no limit and in no sum: nobody was promised anything."""


class OfferFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Conditions that must all hold; an empty one is none. Times and amounts are inclusive, `until` is not.

    `state` "given" means every offer that counts: it neither waits nor came to nothing. `customer` is the whole name,
    `text` a part of any personal text of the offer or its history, upper or lower case alike in ASCII letters. `least`
    and `most` are minor units of the newest amount; offers without an amount never meet them.
    """

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    incident: str = ""
    agent: str = ""
    kind: OfferKind | Literal[""] = ""
    state: State | Literal["", "given"] = ""
    tier: str = ""
    customer: str = ""
    order: str = ""
    text: str = ""
    currency: str = ""
    least: int | None = None
    most: int | None = None


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a table of sums: `count` offers of one key, worth `minor` together.

    Offers without an amount stand in a line of their own without currency: durations and things are counted, not added.
    `key` of a day is its date, 2026-11-20.
    """

    key: str
    currency: str
    count: int
    minor: int


class Median(msgspec.Struct, frozen=True, kw_only=True):
    """The middle amount of an agent's offers, or of the team's (`agent` empty); of an even number the lower half's."""

    agent: str
    currency: str
    count: int
    minor: int


def matches(offer: Offer, offer_filter: OfferFilter, texts: Iterable[str]) -> bool:
    """Whether the offer is wanted; `texts` are all personal texts of its entries."""
    amount = offer.money.minor if offer.money else None
    return (
        (offer_filter.since is None or offer.at >= offer_filter.since)
        and (offer_filter.until is None or offer.at < offer_filter.until)
        and all(
            not getattr(offer_filter, name) or getattr(offer, name) == getattr(offer_filter, name)
            for name in ("incident", "agent", "kind", "tier", "customer", "order")
        )
        and _is_state(offer.state, offer_filter.state)
        and (not offer_filter.currency or (offer.money is not None and offer.money.currency == offer_filter.currency))
        and (offer_filter.least is None or (amount is not None and amount >= offer_filter.least))
        and (offer_filter.most is None or (amount is not None and amount <= offer_filter.most))
        and (not offer_filter.text or any(ascii_lower(offer_filter.text) in ascii_lower(text) for text in texts))
    )


def totals(offers: Iterable[Offer], by: GroupBy, tz: dt.tzinfo) -> tuple[Sum, ...]:
    """The sums of the offers, by key and then currency."""
    totals: dict[tuple[str, str], tuple[int, int]] = {}
    for offer in offers:
        key = day(offer.at, tz) if by == "day" else str(getattr(offer, by))
        place = (key, offer.money.currency if offer.money else "")
        count, minor = totals.get(place, (0, 0))
        totals[place] = (count + 1, minor + (offer.money.minor if offer.money else 0))
    return tuple(
        Sum(key=key, currency=currency, count=count, minor=minor)
        for (key, currency), (count, minor) in sorted(totals.items())
    )


def medians(offers: Iterable[Offer]) -> tuple[Median, ...]:
    """The medians of the offers that have an amount, the team's first, then by agent."""
    amounts: dict[tuple[str, str], list[int]] = {}
    for offer in offers:
        if offer.money is not None:
            for agent in {"", offer.agent}:
                amounts.setdefault((agent, offer.money.currency), []).append(offer.money.minor)
    return tuple(
        Median(agent=agent, currency=currency, count=len(all_of), minor=sorted(all_of)[(len(all_of) - 1) // 2])
        for (agent, currency), all_of in sorted(amounts.items())
    )


def day(at: dt.datetime, tz: dt.tzinfo) -> str:
    """The date of the moment in that zone."""
    return at.astimezone(tz).date().isoformat()


def _is_state(state: State, offer_filter: str) -> bool:
    return not offer_filter or state == offer_filter or (offer_filter == "given" and state not in UNCOUNTED_STATES)


def ascii_lower(text: str) -> str:
    """The text with A to Z in lower case and everything else as it is: what both databases can do alike."""
    return "".join(character.lower() if character.isascii() else character for character in text)

"""What was typed about a compensation becomes an offer, or a refusal that names what is missing."""

import datetime as dt

import pytest

from agent_assist.chats import Chat, Customer
from agent_assist.errors import Refused
from agent_assist.offers import Money, NewOffer
from agent_assist.services.parse_offer import offer_from

SENTENCE = {"sentence": "为您补偿 20 元优惠券"}


def _offer(now: dt.datetime, chat: Chat | None = None, **typed: str) -> NewOffer:
    return offer_from(typed, op_id="op", agent="小李", at=now, currency="CNY", chat=chat)


def test_customer_order_and_incident_come_from_the_chat(now: dt.datetime) -> None:
    chat = Chat(id="c1", customer=Customer(name="王女士", order="A1"), incident_id="INC-1", opened_at=now)
    offer = _offer(now, chat, kind="coupon", amount="20", **SENTENCE)
    assert (offer.customer, offer.order, offer.incident_id, offer.chat_id) == ("王女士", "A1", "INC-1", "c1")
    assert offer.money == Money(2000, "CNY")


@pytest.mark.parametrize(
    ("typed", "named", "why"),
    [
        ({"kind": "cash", "amount": "20", **SENTENCE}, "coupon", "an unknown kind lists the known ones"),
        ({"kind": "coupon", **SENTENCE}, "amount", "an offer of nothing"),
        ({"kind": "coupon", "amount": "20"}, "sentence", "the promise itself must be on record"),
        ({"kind": "coupon", "amount": "20", **SENTENCE}, "customer", "a promise to nobody"),
        ({"kind": "coupon", "amont": "20", **SENTENCE}, "amont", "a misspelt name is not ignored"),
        ({"kind": "coupon", "amount": "1.000,00", **SENTENCE}, "two ways", "an amount that can be read in two ways"),
    ],
)
def test_what_is_missing_is_named(typed: dict[str, str], named: str, why: str, now: dt.datetime) -> None:
    with pytest.raises(Refused, match=named):
        _offer(now, None, **typed)

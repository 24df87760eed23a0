"""What was typed about a compensation becomes an offer, or a refusal that names what is missing."""

import datetime as dt

import pytest

from agent_assist.errors import Refused
from agent_assist.offers import Duration, Head, Money, NewOffer, replay
from agent_assist.offers.chain import offer_entry
from agent_assist.offers.parse import OfferContext, parse_adjustment, parse_offer
from tests.offers.samples import SALT, an_offer

SENTENCE = {"sentence": "为您补偿 20 元优惠券"}


def _offer(now: dt.datetime, typed: dict[str, str], **known: str) -> NewOffer:
    return parse_offer(typed, OfferContext(op_id="op", agent="小李", at=now, currency="CNY", **known))


def test_customer_order_and_incident_come_from_the_chat(now: dt.datetime) -> None:
    typed = {"kind": "coupon", "amount": "20", **SENTENCE}
    offer = _offer(now, typed, chat_id="c1", customer="王女士", order="A1", incident_id="INC-1")
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
        _offer(now, typed)


OFFER = replay([offer_entry(an_offer(thing="礼盒"), Head(), lambda: SALT)])[0]


@pytest.mark.parametrize(
    ("typed", "changed"),
    [
        ({"amount": "30"}, {"money": Money(3000, "CNY")}),
        ({"amount": "30", "thing": "", "sentence": ""}, {"money": Money(3000, "CNY")}),
        ({"duration": "7d"}, {"duration": Duration(7, "day")}),
        ({"thing": "茶", "sentence": "送您一份茶。", "note": "x"}, {"thing": "茶", "sentence": "送您一份茶。"}),
    ],
)
def test_an_adjustment_states_the_whole_promise(typed: dict[str, str], changed: dict[str, object]) -> None:
    as_it_was = {name: getattr(OFFER, name) for name in ("kind", "money", "duration", "thing", "sentence")}
    assert parse_adjustment(typed, OFFER, "USD") == as_it_was | changed


def test_an_offer_is_not_adjusted_to_an_amount_of_nothing() -> None:
    with pytest.raises(Refused, match="more than zero"):
        parse_adjustment({"amount": "0"}, OFFER, "CNY")

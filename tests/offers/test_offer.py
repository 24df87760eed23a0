"""What may go on the log, and what its entries add up to."""

from typing import Any

import pytest

from agent_assist.errors import Refused
from agent_assist.offers import Money, replay
from agent_assist.offers.chain import commit_texts
from agent_assist.offers.decisions import is_same_person
from agent_assist.offers.offer import offer_seq
from agent_assist.offers.parse import checked_offer
from tests.offers.samples import SALT, a_log, an_event, an_offer


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"agent": " "}, "author"),
        ({"op_id": ""}, "op_id"),
        ({"kind": "bribe"}, "kind"),
        ({"money": None, "sentence": ""}, "Say what is offered"),
        ({"money": Money(0, "CNY")}, "zero"),
        ({"money": Money(-1, "CNY")}, "zero"),
        ({"customer": "王" * 501}, "500"),
    ],
)
def test_an_offer_that_says_nothing_or_nobody_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        checked_offer(an_offer(**changes))


def test_texts_of_an_offer_are_cleaned_before_they_are_recorded() -> None:
    offer = checked_offer(an_offer(customer=" 王\x1b]52;c;x\x07女士\n", sentence="一张\r\n券\x00 "))
    assert offer.customer == "王␛]52;c;x␇女士"
    assert offer.sentence == "一张\n券␀"


def test_the_entries_of_an_offer_add_up_to_where_it_stands_now() -> None:
    less = an_event(
        "adjusted",
        kind="coupon",
        money=Money(1000, "CNY"),
        texts=commit_texts({"note": "打错了", "thing": "券"}, lambda: SALT),
    )
    log = a_log(less, an_event("approved", note="可以"), an_event("delivered", note="已发"))
    first, second = replay(log)
    assert (first.state, first.approved_by, first.note) == ("delivered", "老周", "已发")
    assert (first.money, first.thing, first.sentence) == (Money(1000, "CNY"), "券", "我们为您准备了一张 20 元优惠券。")
    assert (first.agent, first.hash, first.id) == ("小李", log[0].hash, "OFF-1")
    assert (second.state, second.id) == ("offered", "OFF-2")


def test_an_offer_above_a_limit_is_pending_until_somebody_decides() -> None:
    log = a_log(an_event("offered", agent="小李", kind="refund", money=Money(90_000, "CNY"), pending=True, rule="每单"))
    assert replay(log)[2].state == "pending"
    log = a_log(an_event("adjusted", kind="coupon", money=Money(90_000, "CNY"), pending=True))
    assert replay(log)[0].state == "pending"
    log = a_log(an_event("declined", note="太多"))
    assert (replay(log)[0].state, replay(log)[0].approved_by) == ("declined", "")


def test_an_erasure_leaves_the_amount_and_the_state() -> None:
    offer = replay(a_log(an_event("voided"), an_event("erased", note="客户要求")))[0]
    assert (offer.erased, offer.state, offer.money) == (True, "voided", Money(2000, "CNY"))


def test_an_event_of_an_unknown_offer_changes_nothing() -> None:
    assert [offer.state for offer in replay(a_log(an_event("voided", offer_seq=9)))] == ["offered", "offered"]


@pytest.mark.parametrize(
    ("typed", "seq"),
    [("OFF-12", 12), ("off-12", 12), ("#12", 12), (" 12 ", 12), ("", 0), ("INC-1", 0), ("OFF-", 0), ("９", 0)],
)
def test_an_offer_is_named_by_its_number(typed: str, seq: int) -> None:
    assert offer_seq(typed) == seq


def test_a_mark_that_nobody_sees_makes_no_other_person_of_an_author() -> None:
    """Else an offer could be approved by its author under a name that looks the same."""
    assert is_same_person("小陈", "小陈\u200b")
    assert is_same_person("José", "Jose\u0301")
    assert not is_same_person("小陈", "小程")

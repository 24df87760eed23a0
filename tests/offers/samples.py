"""Offers for tests, always the same."""

import datetime as dt
from typing import Any

from agent_assist.offers import Duration, Entry, Head, Money, NewOffer
from agent_assist.offers.chain import chain_entry, commit_texts, offer_entry

AT = dt.datetime(2026, 11, 20, 6, 10, 30, 123456, tzinfo=dt.UTC)
SALT = "00112233445566778899aabbccddeeff"


def an_offer(op_id: str = "op-1", **changes: Any) -> NewOffer:
    """A coupon for 王女士."""
    given: dict[str, Any] = {
        "op_id": op_id,
        "agent": "小李",
        "kind": "coupon",
        "sentence": "我们为您准备了一张 20 元优惠券。",
        "reason": "登录失败 40 分钟",
        "money": Money(2000, "CNY"),
        "incident_id": "INC-1",
        "chat_id": "c1",
        "customer": "王女士",
        "order": "A123",
        "tier": "gold",
        "at": AT,
    }
    return NewOffer(**given | changes)


def a_log(*extra: Entry) -> list[Entry]:
    """Two offers, then what is given, all linked."""
    log: list[Entry] = []
    head = Head()
    extension = an_offer("op-2", kind="extension", money=None, duration=Duration(1, "month"), customer="", order="")
    for new in (an_offer(), extension):
        log.append(offer_entry(new, head, lambda: SALT))
        head = Head(log[-1].seq, log[-1].hash)
    for entry in extra:
        log.append(chain_entry(entry, head))
        head = Head(log[-1].seq, log[-1].hash)
    return log


def an_event(event: Any, offer_seq: int = 1, note: str = "", **changes: Any) -> Entry:
    """Something that happened to an offer, not linked yet."""
    given: dict[str, Any] = {
        "seq": 0,
        "op_id": f"{event}-{offer_seq}-{len(changes)}",
        "event": event,
        "offer_seq": offer_seq,
        "at": AT,
        "agent": "老周",
        "role": "lead",
        "texts": commit_texts({"note": note}, lambda: SALT),
    }
    return Entry(**given | changes)

"""What the sample team has promised so far: enough for the review to show what it can show."""

import datetime as dt
from contextlib import closing
from functools import partial

from msgspec.structs import replace

from agent_assist.chats import Chat, Customer
from agent_assist.op_id import new_op_id
from agent_assist.services.facade import Services
from agent_assist.store import open_store

_DAY = 24 * 60

_OFFERS: tuple[tuple[int, str, str, str, dict[str, str]], ...] = (
    (3 * _DAY, "小陈", "周先生", "", {"kind": "coupon", "amount": "20", "sentence": "送您一张 20 元优惠券。"}),
    (
        2 * _DAY + 90,
        "阿杰",
        "郑女士",
        "",
        {"kind": "refund", "amount": "18.50", "sentence": "多收的今天退还。"},
    ),
    (2 * _DAY, "小陈", "Ms Carter", "", {"kind": "coupon", "amount": "15", "sentence": "A ¥15 coupon is yours."}),
    (_DAY + 40, "小李", "吴先生", "VIP", {"kind": "coupon", "amount": "20", "sentence": "送您一张 20 元优惠券。"}),
    (44, "小陈", "孙女士", "VIP", {"kind": "coupon", "amount": "50", "sentence": "送您一张 50 元优惠券，已放入账户。"}),
    (38, "阿杰", "Mr Jones", "", {"kind": "extension", "duration": "7d", "sentence": "We add 7 days to your plan."}),
    (31, "小李", "赵先生", "", {"kind": "coupon", "amount": "20", "sentence": "送您一张 20 元优惠券。"}),
    (22, "小陈", "Li Wei", "", {"kind": "coupon", "amount": "20", "sentence": "A ¥20 coupon is in your account."}),
    (15, "阿杰", "钱女士", "VIP", {"kind": "refund", "amount": "680", "sentence": "这笔 680 元的订单全额退还。"}),
    (9, "小陈", "冯先生", "", {"kind": "credit", "amount": "260", "sentence": "为您的余额补上 260 元。"}),
    (4, "阿杰", "Ms Novak", "", {"kind": "gift", "thing": "gift box", "sentence": "We send you a gift box."}),
)
"""Minutes ago, by whom, to whom, tier, what. Those of the last hour belong to the incident."""


def fill_offers(services: Services, incident_id: str) -> None:
    """Put the sample offers on the log, each at its time and under what the policy allows an agent."""
    now, settings = services.clock(), replace(services.settings, role="agent")
    with closing(open_store(settings.database, home=settings.home, role=settings.role)) as store:
        for minutes_ago, agent, customer, tier, typed in _OFFERS:
            at = now - dt.timedelta(minutes=minutes_ago)
            author = Services(replace(settings, agent=agent), store=store, clock=partial(_at, at), tz=services.tz)
            chat = Chat(id="", customer=Customer(name=customer, tier=tier), opened_at=at)
            incident = incident_id if minutes_ago < 60 else ""
            author.compensation.add(
                author.compensation.new_offer(typed, op_id=new_op_id(), chat=chat, incident_id=incident)
            )


def _at(moment: dt.datetime) -> dt.datetime:
    return moment

"""A desk with something in every table, as work leaves it: for moving, backing up and restoring."""

from msgspec.structs import replace

from agent_assist.offers.decisions import NewEvent
from agent_assist.store import Store
from tests.offers.samples import an_offer
from tests.store.test_contract import AN_ANNOUNCEMENT, NOW, SENT, USE, a_chat, an_incident


def fill_desk(store: Store, offers: int = 5) -> None:
    """Facts in two versions, chats with replies, a policy, and a log with a decision and an erasure in it."""
    opened = store.open_incident(an_incident())
    store.add_version(replace(opened, status="identified"), expected=1)
    store.save_chat("小李", a_chat())
    store.save_chat("小陈", a_chat("Ärger", query="denglu"))
    store.record_sent("小李", "c1", SENT, op_id="sent-1", use=USE, offer=an_offer("promised", customer="赵先生"))
    store.record_sent("小李", "c1", SENT, op_id="sent-2", use=USE)
    store.record_publication(AN_ANNOUNCEMENT)
    store.missed_search("小李", "发票抬头", NOW)
    store.publish_policy("# 规则", author="老周", at=NOW)
    for number in range(offers):
        store.add_offer(an_offer(f"op-{number}", customer=f"顾客{number}", order=f"B{number}", chat_id=f"x{number}"))
    store.decide(NewEvent(op_id="void", event="voided", offer="#2", agent="老周", role="lead", note="写错了", at=NOW))
    store.erase("顾客3", agent="老周", role="lead", reason="客户要求", at=NOW)

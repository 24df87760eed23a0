"""A promise on the desk: what may be given is seen before, and above it nothing is promised until a lead agrees."""

from pathlib import Path

from agent_assist.errors import Unreachable
from agent_assist.offers import CustomerHistory, LimitScope, NewEvent, Terms
from agent_assist.store import MemoryStore
from tests.conftest import NOW
from tests.tui.standing import INCIDENT, LI, NARROW, WANG, Standing, desk


def open_store(store: MemoryStore | None = None) -> MemoryStore:
    """An agent's store in the first hour of an outage: the shipped policy allows a coupon of 20."""
    store = store or MemoryStore(role="agent")
    store.open_incident(INCIDENT)
    for one in (WANG, LI):
        store.save_chat("小李", one)
    return store


async def compensate(at: Standing, amount: str) -> None:
    """Fill the coupon phrase with this amount and go on to its offer."""
    await at.type("coupon")
    await at.press("enter", *amount, "enter")
    await at.press("enter")
    await at.until("Log an offer to 王女士")


async def log(at: Standing) -> None:
    await at.press("ctrl+s")
    await at.settle()


async def test_the_form_says_what_may_be_given_and_what_is_left(tmp_path: Path) -> None:
    async with desk(tmp_path, open_store()) as at:
        await at.press("ctrl+o")
        await at.until("Without asking: Coupon up to ¥20")
        assert "Left: this customer ¥200 · you today" in at.seen


async def test_a_second_offer_to_the_same_customer_is_seen_before_it_is_made(tmp_path: Path) -> None:
    store = open_store()
    async with desk(tmp_path, store) as at:
        await compensate(at, "20")
        await log(at)
        await at.press("ctrl+o")
        await at.until("! Already has: Coupon ¥20 by 小李, 14:10")


async def test_above_the_allowance_holding_words_are_copied_and_the_offer_waits(tmp_path: Path) -> None:
    store = open_store()
    async with desk(tmp_path, store, size=NARROW) as at:
        await compensate(at, "80")
        assert "above ¥20: waits for a lead" in at.seen
        await log(at)
        await at.until("needs a lead's approval")
        assert at.app.clipboard == ""
        await at.press("enter")
        assert "80" not in at.app.clipboard
        assert "您的补偿我已经提交申请" in at.app.clipboard
        (offer,) = store.offers()
        assert (offer.state, offer.money and offer.money.minor) == ("pending", 8000)
        assert "waits for a lead" in at.said
        (sent,) = store.open_chats("小李")[0].sent
        assert sent.text == at.app.clipboard


async def test_going_back_promises_and_records_nothing(tmp_path: Path) -> None:
    store = open_store()
    async with desk(tmp_path, store) as at:
        await compensate(at, "80")
        await log(at)
        await at.until("needs a lead's approval")
        await at.press("escape")
        assert at.app.clipboard == ""
        assert store.offers() == ()
        assert "送您一张 80 元" in at.reply


class Counting(MemoryStore):
    """Counts how often it is asked about limits."""

    asked = 0

    def limit_usage(self, scope: LimitScope, terms: Terms) -> CustomerHistory:
        self.asked += 1
        return super().limit_usage(scope, terms)


async def test_the_limits_are_asked_once_for_the_form(tmp_path: Path) -> None:
    """What is logged is judged once more, inside the transaction."""
    store = Counting(role="agent")
    async with desk(tmp_path, open_store(store)) as at:
        await compensate(at, "15")
        await log(at)
        await at.until("is on record")
    assert store.asked == 1


class Away(MemoryStore):
    """Cannot be asked about standings."""

    def limit_usage(self, scope: object, terms: object) -> CustomerHistory:
        raise Unreachable("away")


async def test_while_the_policy_cannot_be_asked_the_record_decides(tmp_path: Path) -> None:
    store = open_store(Away(role="agent"))
    async with desk(tmp_path, store) as at:
        await compensate(at, "80")
        await log(at)
        await at.until("needs a lead's approval")
        assert at.app.clipboard == ""
        (offer,) = store.offers()
        assert offer.state == "pending"
        await at.press("enter")
        assert "80" not in at.app.clipboard
        assert "waits for a lead" in at.said


async def test_what_waits_stays_a_draft_and_is_copied_once_a_lead_agreed(tmp_path: Path) -> None:
    """Until then the same promise is neither logged again nor copied."""
    store = open_store()
    async with desk(tmp_path, store) as at:
        await compensate(at, "80")
        await log(at)
        await at.until("needs a lead's approval")
        await at.press("enter")
        assert "words until a lead decides" in " ".join(one.message for one in at.app._notifications)
        await at.press("alt+2", "alt+1", "enter")
        await at.until("Log an offer to 王女士")
        await log(at)
        assert "OFF-1 to 王女士 waits for a lead already; nothing was copied." in at.said
        event = NewEvent(op_id="x", event="approved", offer="OFF-1", agent="老周", role="lead", at=NOW)
        store.decide(event)
        await at.press("enter")
        await at.until("Log an offer to 王女士")
        await log(at)
        await at.until("OFF-1 to 王女士 is on the log already.")
        await at.press("enter")
        assert "送您一张 80" in at.app.clipboard
        assert [offer.id for offer in store.offers()] == ["OFF-1"]

"""Every way out of a reply that promises a compensation: what is copied, what is logged, and what is still there."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_assist.errors import MaybeSaved, NotSaved, Refused, Unreachable
from agent_assist.incidents import Eta
from agent_assist.offers import Money, NewOffer, Terms
from agent_assist.offers.customer_history import CustomerHistory as Known
from agent_assist.store import MemoryStore, Recorded
from tests.conftest import NOW
from tests.tui.standing import NARROW, Standing, desk
from tests.tui.test_promising import compensate, log, open_store

HOLDING = "您的补偿我已经提交申请，一有结果马上告诉您。"
PROMISE = "王女士，您好。送您一张 {} 元优惠券，请收下。"


class Silent(MemoryStore):
    """Cannot be asked about limits, and takes no offer."""

    def limit_usage(self, scope: object, terms: object) -> Known:
        raise Unreachable("away")

    def add_offer(self, *given: object, **more: object) -> None:  # type: ignore[override]
        raise NotSaved("away")


class InDoubt(Silent):
    def add_offer(self, *given: object, **more: object) -> None:  # type: ignore[override]
        raise MaybeSaved("no answer", op_id="x")


class Used(MemoryStore):
    """Others use up the limits between the look and the log."""

    def add_offer(self, new: NewOffer, *, terms: Terms | None = None) -> Recorded:
        if not self.offers():
            super().add_offer(replace(new, op_id="theirs", agent="阿杰", money=Money(20000, "CNY"), chat_id=""))
        return super().add_offer(new, terms=terms)


class Denied(MemoryStore):
    def add_offer(self, *given: object, **more: object) -> None:  # type: ignore[override]
        raise Refused("The database does not let you do this.")


async def back(at: Standing) -> None:
    await at.press("escape")


async def typed_and_back(at: Standing) -> None:
    await at.press("x", "escape")


async def accept(at: Standing) -> None:
    await log(at)


async def accept_and_go_back(at: Standing) -> None:
    await log(at)
    await at.until("needs a lead's approval")
    await at.press("escape")


async def accept_and_take_the_words(at: Standing) -> None:
    await log(at)
    await at.until("needs a lead's approval")
    await at.press("enter")


async def facts_move(at: Standing) -> None:
    store = at.screen.services.store
    store.add_version(replace(store.incidents()[0], eta=Eta(at=NOW)), expected=1)
    await at.until("Log an offer")
    for _turn in range(300):
        if at.screen.state.incident.version == 2:  # type: ignore[union-attr]
            break
        await at.pilot.pause(0.01)
    await log(at)


Way = Callable[[Standing], Awaitable[None]]


@pytest.mark.parametrize(
    ("kind", "amount", "way", "copied", "states"),
    [
        (MemoryStore, "20", back, "", []),
        pytest.param(MemoryStore, "500", back, "", [], marks=pytest.mark.slow),
        (MemoryStore, "500", typed_and_back, "", []),
        (MemoryStore, "20", accept, PROMISE, ["offered"]),
        (MemoryStore, "500", accept_and_go_back, "", []),
        (MemoryStore, "500", accept_and_take_the_words, HOLDING, ["pending"]),
        (MemoryStore, "20", facts_move, "", []),
        pytest.param(Used, "20", accept_and_go_back, "", ["offered", "pending"], marks=pytest.mark.slow),
        (Used, "20", accept_and_take_the_words, HOLDING, ["offered", "pending"]),
        pytest.param(Silent, "500", back, "", [], marks=pytest.mark.slow),
        (Silent, "500", accept_and_go_back, "", []),
        pytest.param(Silent, "500", accept_and_take_the_words, HOLDING, [], marks=pytest.mark.slow),
        (Silent, "20", accept_and_take_the_words, HOLDING, []),
        pytest.param(InDoubt, "500", accept_and_go_back, "", [], marks=pytest.mark.slow),
        (InDoubt, "500", accept_and_take_the_words, HOLDING, []),
        (Denied, "20", accept, "", []),
    ],
)
async def test_what_each_way_out_copies_and_logs(
    tmp_path: Path, kind: type[MemoryStore], amount: str, way: Way, copied: str, states: list[str]
) -> None:
    """The promise is copied only where the log has it as one that holds; what goes back loses nothing."""
    store = open_store(kind(role="agent"))
    async with desk(tmp_path, store) as at:
        await compensate(at, amount)
        await way(at)
        await at.settle()
        assert at.app.clipboard == copied.format(amount)
        assert [offer.state for offer in store.offers()] == states
        sent = store.open_chats("小李")[0].sent
        on_record = copied and not isinstance(store, Silent)
        assert [one.text for one in sent] == ([copied.format(amount)] if on_record else [])
        if not copied:
            assert PROMISE.format(amount) == at.reply
            assert at.said, "it is said that nothing was copied"


async def test_what_was_typed_in_the_form_is_there_again_also_after_a_crash(tmp_path: Path) -> None:
    store = open_store()
    async with desk(tmp_path, store) as at:
        await compensate(at, "500")
        await at.press(*"waited", "escape")
        assert "Nothing was copied or logged" in at.said
        await at.press("enter")
        await at.until("waited")
        at.screen.sync.save_now()
        await at.settle()
    async with desk(tmp_path, store, size=NARROW) as at:
        await at.press("enter")
        await at.until("Log an offer to 王女士")
        assert at.app.screen.field("reason").text == "waited"  # type: ignore[attr-defined]


async def test_what_was_typed_for_one_reply_is_not_proposed_for_another(tmp_path: Path) -> None:
    """The sentence of the form follows the reply as long as nobody changed it."""
    async with desk(tmp_path, open_store()) as at:
        await compensate(at, "20")
        await at.press("escape")
        await at.press("ctrl+e")
        await at.press("!", "ctrl+s")
        await at.press("enter")
        await at.until("Log an offer to 王女士")
        assert at.app.screen.field("sentence").text.endswith("!")  # type: ignore[attr-defined]


async def test_a_small_offer_cannot_be_logged_for_a_reply_that_promises_a_large_one(tmp_path: Path) -> None:
    store = open_store()
    async with desk(tmp_path, store) as at:
        await compensate(at, "500")

        await at.press("up", "end", *["backspace"] * 6, "2", "0", "ctrl+s")
        await at.settle()
        await at.until("The reply names ¥500, this form ¥20.")
        assert at.app.clipboard == ""
        assert store.offers() == ()


@pytest.mark.parametrize("promised", ["500 元", "五百元", "人民币500"])
async def test_a_reply_edited_to_promise_more_is_not_copied_with_the_small_offer(tmp_path: Path, promised: str) -> None:
    store = open_store()
    async with desk(tmp_path, store) as at:
        await at.type("coupon")
        await at.press("enter", "2", "0", "enter")
        await at.press("ctrl+e")
        await at.press("end", *"500", "ctrl+s")
        edited = at.screen.state.chat
        at.screen.state.put(replace(edited, edited=f"送您一张{promised}优惠券。"))
        at.screen.show_all()
        await at.press("enter")
        await at.until("Log an offer to 王女士")
        await log(at)
        await at.until("The reply names ¥500, this form ¥20.")
        assert (at.app.clipboard, store.offers()) == ("", ())


async def test_a_promise_on_the_log_is_told_again_without_a_second_offer(tmp_path: Path) -> None:
    """Logged by ^O first, or approved by a lead: Enter copies what holds, and logs nothing twice."""
    store = open_store()
    async with desk(tmp_path, store) as at:
        await at.type("coupon")
        await at.press("enter", "2", "0", "enter")
        await at.press("ctrl+o")
        await at.until("Log an offer to 王女士")
        await log(at)
        assert (at.app.clipboard, len(store.offers())) == ("", 1)
        await at.press("enter")
        await at.until("Log an offer to 王女士")
        await log(at)
        await at.until("OFF-1 to 王女士 is on the log already.")
        await at.press("enter")
        assert at.app.clipboard == PROMISE.format("20")
        assert len(store.offers()) == 1


REFUSING = """
[[phrase]]
id = "later"
kind = "compensation"
promises = false
lang = "zh"
title = "先登记"
text = "补偿方案还没有定，我先登记。"
"""


async def test_a_phrase_that_only_postpones_opens_no_form(tmp_path: Path) -> None:
    store = open_store()
    async with desk(tmp_path, store, book=REFUSING) as at:
        await at.type("登记")
        await at.press("enter")
        assert at.app.clipboard == "补偿方案还没有定，我先登记。"
        assert store.offers() == ()

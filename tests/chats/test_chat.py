"""A chat slot keeps what belongs to its customer and its incident, and lets go of what was sent."""

import datetime as dt

import pytest
from msgspec.structs import replace

from agent_assist.chats import Chat, Customer, Sent
from agent_assist.chats.chat import free_position, numbered

NOW = dt.datetime(2026, 11, 20, 6, 10, tzinfo=dt.UTC)
WANG, LI = Customer(name="王女士"), Customer(name="Ms Li", language="en")
CHAT = Chat(id="c1", customer=WANG, opened_at=NOW, incident_id="INC-1")
SENT = Sent(at=NOW, phrase_id="apology", lang="zh", text="抱歉。", incident_id="INC-2")


def test_sending_the_drafted_phrase_leaves_no_draft() -> None:
    drafting = replace(
        CHAT, phrase_id="apology", edited="抱歉！", drafted_version=3, drafted_for=(WANG,), query="baoqian"
    )
    after = drafting.answered(SENT, "apology")
    assert (after.edited, after.phrase_id, after.drafted_version, after.drafted_for) == ("", "", 0, ())
    assert (after.query, after.waiting_since, after.sent) == ("", None, (SENT,))


def test_sending_another_phrase_keeps_what_was_written_by_hand() -> None:
    drafting = replace(CHAT, phrase_id="refund", edited="退款说明", drafted_version=3, drafted_for=(WANG,))
    after = drafting.answered(SENT, "apology")
    assert (after.edited, after.phrase_id, after.drafted_for) == ("退款说明", "refund", (WANG,))


def test_values_that_another_phrase_needs_stay_with_it() -> None:
    filling = replace(CHAT, values={"券额": "20", "分钟": "5"}, filled=("coupon", "apology"), drafted_for=(WANG,))
    after = filling.answered(SENT, "apology", {"券额": "20"})
    assert (after.values, after.filled, after.draft_id) == ({"券额": "20"}, ("coupon",), "coupon")
    assert after.drafted_for == (WANG,)


@pytest.mark.parametrize(("offered", "kept"), [("apology", {}), ("coupon", {"phrase": "coupon", "amount": "20"})])
def test_an_offer_draft_ends_with_its_phrase(offered: str, kept: dict[str, str]) -> None:
    chat = replace(CHAT, offer_draft={"phrase": offered, "amount": "20"})
    assert chat.answered(SENT, "apology").offer_draft == kept


@pytest.mark.parametrize(("bound", "after"), [("INC-1", "INC-1"), ("", "INC-2")])
def test_a_chat_without_an_incident_takes_that_of_its_reply(bound: str, after: str) -> None:
    assert replace(CHAT, incident_id=bound, is_guessed=True).answered(SENT, "apology").incident_id == after


def test_a_draft_remembers_whom_and_which_incident_it_was_written_for() -> None:
    drafting = replace(CHAT, edited="抱歉！").with_customer(LI).with_incident("INC-2")
    assert (drafting.drafted_for, drafting.drafted_incident) == ((WANG,), "INC-1")
    assert drafting.with_incident("INC-1").drafted_incident == ""
    assert CHAT.with_customer(LI).with_incident("INC-2").drafted_incident == ""
    assert CHAT.with_customer(LI).drafted_for == ()


def test_an_empty_slot_is_not_used_and_one_with_a_query_is() -> None:
    empty = replace(CHAT, customer=Customer())
    assert not empty.is_used
    assert replace(empty, query="denglu").is_used


def test_a_number_that_is_taken_or_impossible_becomes_the_lowest_free_one() -> None:
    chats = [replace(CHAT, id=name, position=place) for name, place in (("a", 2), ("b", 2), ("c", -1), ("d", 5))]
    assert [(chat.id, chat.position) for chat in numbered(chats)] == [("b", 0), ("c", 1), ("a", 2), ("d", 5)]
    assert free_position({0, 1, 3}) == 2

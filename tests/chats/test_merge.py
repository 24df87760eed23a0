"""Two versions of one chat become one, and nothing that was typed is lost."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from agent_assist.chats import Chat, Customer, Sent
from agent_assist.chats.merge import apart, merge

NOW = dt.datetime(2026, 11, 20, 6, 10, tzinfo=dt.UTC)
WANG, LI = Customer(name="王女士"), Customer(name="李女士")
BASE = Chat(id="c1", customer=WANG, opened_at=NOW, query="den", position=1, waiting_since=NOW)
REPLY = Sent(at=NOW, phrase_id="p", lang="zh", text="您好。")


CHANGES: list[dict[str, Any]] = [
    {"query": "denglu"},
    {"edited": "您好", "phrase_id": "p", "drafted_version": 2, "drafted_for": (LI,), "drafted_incident": "INC-7"},
    {"values": {"券额": "20"}, "filled": ("p",)},
    {"offer_draft": {"amount": "20"}},
    {"customer": LI},
    {"incident_id": "INC-2", "is_guessed": True},
    {"position": 3},
    {"waiting_since": None},
    {"is_short": True},
]


def test_every_field_of_a_chat_is_merged_on_purpose() -> None:
    otherwise = {"id", "opened_at", "sent", "shown_at", "closed_at", "redactions", "is_erased"}
    assert {name for change in CHANGES for name in change} | otherwise == {*Chat.__struct_fields__}


@pytest.mark.parametrize("change", CHANGES)
def test_what_one_side_changed_is_taken_whichever_side_it_was(change: dict[str, Any]) -> None:
    changed = replace(BASE, **change)
    assert merge(BASE, BASE, changed) == (changed, None)
    assert merge(BASE, changed, BASE) == (changed, None)
    assert merge(BASE, changed, changed) == (changed, None)


def test_changes_of_different_things_are_put_together() -> None:
    merged = merge(BASE, replace(BASE, query="denglu"), replace(BASE, position=4, incident_id="INC-2"))
    assert merged == (replace(BASE, query="denglu", position=4, incident_id="INC-2"), None)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"query": "denglu"}, {"query": "zhifu"}),
        ({"query": "denglu"}, {"edited": "您好", "phrase_id": "p"}),
        ({"edited": "您好"}, {"edited": "抱歉"}),
        ({"values": {"券额": "20"}}, {"values": {"券额": "30"}}),
        ({"offer_draft": {"amount": "20"}}, {"offer_draft": {"amount": "30"}}),
        ({"customer": LI}, {"customer": Customer(name="陈先生")}),
    ],
)
def test_what_both_changed_stands_here_and_the_other_version_is_returned(
    mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    here, there = replace(BASE, **mine), replace(BASE, sent=(REPLY,), **theirs)
    merged = merge(BASE, here, there)
    assert {name: getattr(merged.chat, name) for name in mine} == mine
    assert merged.chat.sent == (REPLY,)
    assert merged.left_out == there
    other = apart(there, [merged.chat])
    assert {name: getattr(other, name) for name in theirs} == theirs
    assert (other.id != there.id, other.position, other.sent) == (True, 0, ())


def test_a_version_that_holds_the_other_stands_alone() -> None:
    assert merge(BASE, replace(BASE, query="denglu"), replace(BASE, query="deng")).left_out is None
    assert merge(BASE, replace(BASE, query="denglu"), replace(BASE, query="", sent=(REPLY,))).left_out is None


def test_where_the_pointer_was_is_no_draft() -> None:
    merged = merge(BASE, replace(BASE, phrase_id="p"), replace(BASE, query="zhifu"))
    assert (merged.chat.query, merged.left_out) == ("zhifu", None)


def test_a_draft_that_meets_another_customer_remembers_whom_it_was_made_for() -> None:
    for mine, theirs in (
        (replace(BASE, edited="王女士，您好"), replace(BASE, customer=LI)),
        (replace(BASE, customer=LI), replace(BASE, edited="王女士，您好")),
    ):
        merged = merge(BASE, mine, theirs).chat
        assert (merged.customer, merged.edited, merged.drafted_for) == (LI, "王女士，您好", (WANG,))


def test_a_draft_that_meets_another_incident_remembers_which_one_it_speaks_of() -> None:
    base = replace(BASE, incident_id="INC-1")
    merged = merge(base, replace(base, edited="您好"), replace(base, incident_id="INC-2")).chat
    assert (merged.incident_id, merged.drafted_incident) == ("INC-2", "INC-1")


def test_a_reply_that_is_not_recorded_yet_stays_beside_those_of_the_other_terminal() -> None:
    later = replace(REPLY, at=NOW + dt.timedelta(seconds=5), text="又一条")
    assert merge(BASE, replace(BASE, sent=(later,)), replace(BASE, sent=(REPLY,))).chat.sent == (REPLY, later)


def test_what_an_erasure_took_out_stays_out_and_nothing_else_does() -> None:
    base = replace(BASE, query="金丝雀", values={"a": "像金丝雀那样", "b": "券"}, drafted_for=(LI, WANG))
    redacted = replace(base, query="", values={"a": "", "b": "券"}, drafted_for=(WANG,), redactions=1)
    mine = replace(base, query="金丝雀 denglu", values={"a": "像金丝雀那样的", "b": "券", "c": "新"}, edited="您好")
    merged = merge(base, mine, redacted)
    assert (merged.chat.query, merged.chat.values) == ("", {"a": "", "b": "券", "c": "新"})
    assert (merged.chat.edited, merged.chat.drafted_for) == ("您好", (WANG,))
    assert (merged.chat.redactions, merged.left_out) == (1, None)

"""Each chat is answered from its own incident: bound when it begins, never moved by what others open or resolve."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from agent_assist import locale
from agent_assist.incidents import Eta, Incident
from agent_assist.store import MemoryStore
from agent_assist.tui.desk.incident_snapshot import read_incidents
from tests.conftest import NOW
from tests.tui.standing import INCIDENT, NARROW, WIDE, Standing, chat, desk, filled

PAYMENT = Incident(
    title="支付故障",
    severity="SEV1",
    status="investigating",
    services=("支付",),
    scope="部分用户支付失败",
    eta=Eta(at=NOW + dt.timedelta(minutes=50)),
    started_at=NOW - dt.timedelta(minutes=5),
    updated_at=NOW,
    author="老周",
    translations={"en": {"title": "Payment outage", "scope": "some payments fail"}},
)

BOOK = """
[[phrase]]
id = "what"
kind = "status"
stages = ["investigating", "identified", "monitoring"]
title = { zh = "现状", en = "What is known" }
[phrase.text]
zh = "{{ incident.title }}：{{ incident.scope }}，{{ incident.eta }}。"
en = "{{ incident.title }}: {{ incident.scope }}; {{ incident.eta }}."

[[phrase]]
id = "back"
kind = "status"
stages = ["resolved"]
title = { zh = "现状：已恢复", en = "What is known: back" }
[phrase.text]
zh = "{{ incident.title }}已恢复，从 {{ incident.started | clock }} 开始。"
en = "{{ incident.title }} is over; it began at {{ incident.started | clock }}."
"""


def change(store: MemoryStore, incident_id: str, **facts: Any) -> Incident:
    known = store.incident(incident_id)
    return store.add_version(replace(known, updated_at=NOW, author="老周", **facts), expected=None)


def stored(store: MemoryStore) -> dict[str, str]:
    return {one.customer.name: one.incident_id for one in store.open_chats("小李")}


async def named(at: Standing, name: str) -> None:
    await at.press("ctrl+t")
    await at.type(name)
    await at.press("ctrl+s")


async def keep(at: Standing) -> None:
    at.screen.sync.save_now()
    await at.settle()


async def heard(at: Standing, words: str) -> None:
    """Wait until the message was shown."""
    for _turn in range(300):
        if any(words in one.message for one in at.app._notifications):
            return
        await at.pilot.pause(0.01)
    raise AssertionError([one.message for one in at.app._notifications])


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_second_incident_is_announced_and_changes_nothing(
    tmp_path: Path, lang: locale.Language, size: tuple[int, int]
) -> None:
    locale.use(lang)
    store = filled([])
    async with desk(tmp_path, store, book=BOOK, size=size) as at:
        await at.press("f2")
        await at.type("王女士")
        await at.press("ctrl+s")
        await at.type("现状")
        before = at.reply
        assert before.startswith("登录故障")
        store.open_incident(PAYMENT)
        await heard(
            at, "另有新故障：支付故障，F8 切换。" if lang == "zh" else "Another incident is open: Payment outage."
        )
        assert at.reply == before
        await keep(at)
        assert stored(store) == {"王女士": "INC-1"}


async def test_a_resolved_incident_stays_with_its_chats_and_is_heard(tmp_path: Path) -> None:
    store = filled([chat("王女士", 0)])
    store.open_incident(PAYMENT)
    async with desk(tmp_path, store, book=BOOK) as at:
        await at.press("f8")
        assert at.screen.state.chat.incident_id == "INC-1"
        change(store, "INC-1", status="resolved")
        await heard(at, "Sign-in outage is resolved.")
        assert at.screen.state.rows[0].phrase.id == "back", "the list is ranked for the new status"
        assert at.reply.startswith("登录故障已恢复，从 13:30 开始")
        await at.press("f6")
        await at.until("v2")
        await at.press("escape")
        await at.press("f3")
        await at.until("Facts of Sign-in outage")
        await at.press("escape")
    async with desk(tmp_path, store, book=BOOK) as at:
        assert "登录故障已恢复" in at.reply


async def test_what_was_chosen_stays_chosen_when_the_status_changes(tmp_path: Path) -> None:
    store = filled([chat("王女士", 0)])
    async with desk(tmp_path, store, book=BOOK) as at:
        await at.type("现状")
        await at.press("down", "up")
        change(store, "INC-1", status="resolved")
        await heard(at, "is resolved")
        assert at.screen.state.phrase is not None
        assert at.screen.state.phrase.id == "what"
        assert at.screen.state.chat.query == "现状"


async def test_f8_reaches_every_open_and_lately_resolved_incident_and_leaves_a_resolved_one(tmp_path: Path) -> None:
    store = filled([chat("王女士", 0)])
    for title in ("支付故障", "短信故障", "很久以前"):
        store.open_incident(replace(PAYMENT, title=title, translations={}))
    change(store, "INC-2", status="resolved")
    known = store.incident("INC-4")
    long_ago = NOW - dt.timedelta(hours=25)
    store.add_version(replace(known, status="resolved", updated_at=long_ago), expected=None)
    async with desk(tmp_path, store, book=BOOK) as at:
        seen = []
        for _turn in range(3):
            seen.append(at.screen.state.chat.incident_id)
            await at.press("f8")
        assert seen == ["INC-3", "INC-1", "INC-2"]
        assert at.screen.state.chat.incident_id == "INC-3"
        assert "is answered from 短信故障" in at.said


async def test_a_resolved_incident_can_be_left_when_one_other_is_open(tmp_path: Path) -> None:
    store = filled([chat("王女士", 0, incident_id="INC-1")])
    change(store, "INC-1", status="resolved")
    store.open_incident(PAYMENT)
    async with desk(tmp_path, store, book=BOOK) as at:
        assert "1 more open F8" in at.seen
        await at.press("f8")
        assert "Payment outage" in at.seen.splitlines()[1]


async def test_with_nothing_open_a_new_chat_can_be_answered_from_what_was_resolved(tmp_path: Path) -> None:
    """ "Is it back?" from a customer who writes after the end."""
    store = filled([])
    change(store, "INC-1", status="resolved")
    async with desk(tmp_path, store, book=BOOK) as at:
        await named(at, "钱先生")
        assert "Sign-in outage was resolved" in at.seen
        await at.press("f6")
        assert "F8 takes one that was resolved lately" in at.said
        await at.press("f8")
        await at.type("已恢复")
        assert "登录故障已恢复" in at.reply
        await at.press("enter")
        assert "登录故障已恢复" in at.app.clipboard
        await keep(at)
        assert stored(store) == {"钱先生": "INC-1"}


async def test_with_several_open_the_guess_is_shown_and_does_not_move(tmp_path: Path) -> None:
    store = filled([])
    store.open_incident(PAYMENT)
    async with desk(tmp_path, store, book=BOOK) as at:
        await named(at, "王女士")
        assert "Several incidents are open; this chat is answered from Payment outage." in at.said
        assert "! one of 2? F8" in at.seen
        store.open_incident(replace(PAYMENT, title="短信故障", translations={}))
        await heard(at, "短信故障")
        await at.type("现状")
        assert at.reply.startswith("支付故障")
        await at.press("enter")
        assert not at.screen.state.chat.is_guessed, "a reply settles it"
        assert "! one of" not in at.seen


async def test_an_empty_slot_begins_with_what_is_open_when_it_is_used(tmp_path: Path) -> None:
    store = filled([])
    async with desk(tmp_path, store, book=BOOK) as at:
        change(store, "INC-1", status="resolved")
        store.open_incident(PAYMENT)
        await heard(at, "支付故障" if locale.current() == "zh" else "Payment outage")
        assert at.screen.state.chat.incident_id == "INC-1", "what is on the screen does not change by itself"
        await at.type("现状")
        assert at.reply.startswith("支付故障")


async def test_an_incident_that_opens_again_is_heard_and_ranks_anew(tmp_path: Path) -> None:
    store = filled([chat("王女士", 0, incident_id="INC-1")])
    change(store, "INC-1", status="resolved")
    async with desk(tmp_path, store, book=BOOK) as at:
        assert at.screen.state.rows[0].phrase.id == "back"
        change(store, "INC-1", status="investigating")
        await heard(at, "Sign-in outage is open again")
        assert at.screen.state.rows[0].phrase.id == "what"


async def test_enter_meant_for_the_facts_before_copies_nothing(tmp_path: Path) -> None:
    store = filled([chat("王女士", 0)])
    async with desk(tmp_path, store, book=BOOK) as at:
        at.by_its_clock()
        await at.type("现状")
        change(store, "INC-1", scope="约 30% 的用户无法登录")
        await heard(at, "The facts changed")
        await at.press("enter")
        assert at.app.clipboard == ""
        assert "moved on a moment ago" in at.said
        at.clock.wait(seconds=1.1)
        await at.press("enter")
        assert "约 30%" in at.app.clipboard


async def test_a_text_changed_by_hand_is_not_copied_as_being_about_another_incident(tmp_path: Path) -> None:
    store = filled([chat("王女士", 0)])
    store.open_incident(PAYMENT)
    async with desk(tmp_path, store, book=BOOK) as at:
        await at.type("现状")
        await at.press("ctrl+e", "!", "ctrl+s")
        await at.press("f8", "enter")
        await at.until("while the chat was about another incident: Payment outage")
        await at.press("escape", "f8", "enter")
        await at.settle()
        assert at.app.clipboard.endswith("!")


async def test_an_incident_that_the_database_does_not_know_stops_nothing(tmp_path: Path) -> None:
    store = filled([chat("王女士", 0, incident_id="INC-9"), chat("陈先生", 1)])
    async with desk(tmp_path, store, book=BOOK) as at:
        assert "database not reachable" not in at.seen
        await at.press("f8")
        assert at.screen.state.chat.incident_id == "INC-1"


def test_the_board_holds_what_is_open_or_lately_resolved_and_what_chats_are_about() -> None:
    store = filled([])
    for days in (0, 2, 3):
        store.open_incident(replace(PAYMENT, title=f"{days}", status="resolved", updated_at=NOW - dt.timedelta(days)))
    mine = chat("王女士", 0, incident_id="INC-3")
    incidents = read_incidents(store, NOW, [mine])
    assert [one.id for one in incidents.open] == ["INC-1"]
    assert [one.id for one in incidents.recent] == ["INC-2"]
    assert set(incidents.histories) == {"INC-1", "INC-2", "INC-3"}
    assert incidents.incident_of(mine) == store.incident("INC-3")
    assert INCIDENT.title == incidents.open[0].title


@pytest.mark.parametrize(("lang", "said"), [("zh", "预计 14:30 → 15:00"), ("en", "ETA 14:30 → 15:00")])
async def test_what_changed_is_said(tmp_path: Path, lang: locale.Language, said: str) -> None:
    locale.use(lang)
    store = filled([chat("王女士", 0)])
    async with desk(tmp_path, store, book=BOOK) as at:
        change(store, "INC-1", eta=Eta(at=NOW + dt.timedelta(minutes=50)))
        await heard(at, said)


async def test_what_changed_about_the_incident_of_another_chat_is_said_with_its_name(tmp_path: Path) -> None:
    store = filled([chat("王女士", 0, incident_id="INC-1"), chat("陈先生", 1, incident_id="INC-2")])
    for title in ("支付故障", "短信故障"):
        store.open_incident(replace(PAYMENT, title=title, translations={}))
    async with desk(tmp_path, store, book=BOOK) as at:
        change(store, "INC-3", status="identified")
        change(store, "INC-2", status="identified")
        await heard(at, "The facts of 支付故障 changed: v2 by 老周. Status investigating → identified")
        assert not any("短信故障" in one.message for one in at.app._notifications)


async def test_an_incident_reopened_long_after_its_end_is_no_new_one(tmp_path: Path) -> None:
    store = filled([])
    long_ago = NOW - dt.timedelta(days=3)
    store.add_version(replace(store.incident("INC-1"), status="resolved", updated_at=long_ago), expected=None)
    async with desk(tmp_path, store, book=BOOK) as at:
        change(store, "INC-1", status="investigating")
        await heard(at, "Sign-in outage is open again: investigating. By 老周.")


async def test_publishing_what_is_known_already_says_so(tmp_path: Path) -> None:
    store = filled([chat("王女士", 0)])
    change(store, "INC-1", next_update_due=NOW + dt.timedelta(minutes=30))
    async with desk(tmp_path, store, book=BOOK) as at:
        await at.press("f3")
        await at.until("Facts of")
        await at.press("right", "left", "ctrl+s")
        await heard(at, "Nothing was changed, so nothing was published.")
        assert len(store.versions("INC-1")) == 2

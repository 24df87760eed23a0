"""One agent at two terminals: both show the same chats, and what is typed at one never goes over what is typed at the
other."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_assist.chats import Customer
from agent_assist.services import Services
from agent_assist.services.draft_journal import FOLDER, UnsavedChat
from agent_assist.store import Store, open_store
from agent_assist.store.protocol import Erased
from agent_assist.tui.desk import store_watch, sync
from agent_assist.tui.desk.messages import ChatsRead
from tests.conftest import NOW
from tests.tui.standing import INCIDENT, LI, WANG, Standing, desk, settings


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "SERVER_SAVE_DELAY", 0.2)
    monkeypatch.setattr(sync, "JOURNAL_DELAY", 0.05)
    monkeypatch.setattr(store_watch, "NEWS_SPREAD", 0.01)


@pytest.fixture
def table(url: str) -> Store:
    """What the agent finds: an incident and two customers."""
    store = open_store(url)
    store.open_incident(INCIDENT)
    for chat in (WANG, LI):
        store.save_chat("小李", chat)
    return store


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what no screen shows, or what several do."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


@asynccontextmanager
async def terminals(home: Path, url: str) -> AsyncIterator[tuple[Standing, Standing]]:
    """Two desks of 小李, each with a connection of its own."""
    here, there = open_store(url), open_store(url)
    async with desk(home, here, database=url) as one, desk(home, there, database=url) as other:
        await until(lambda: one.screen.state.has_store and other.screen.state.has_store)
        yield one, other
    here.close()
    there.close()


def query(at: Standing, chat_id: str = WANG.id) -> str:
    chat = at.screen.state.chat_tabs.get(chat_id)
    return chat.query if chat else "-"


def queries(at: Standing) -> list[str]:
    return sorted(chat.query for chat in at.screen.state.chat_tabs.chats)


async def test_what_is_typed_sent_opened_and_closed_at_one_is_seen_at_the_other(
    tmp_path: Path, url: str, table: Store
) -> None:
    async with terminals(tmp_path, url) as (one, other):
        await one.type("denglu")
        await until(lambda: query(other) == "denglu")
        assert other.screen.finder.box.value == "denglu"
        await one.press("enter")
        await until(lambda: query(other) == "" and len(other.screen.state.chat.sent) == 1)
        assert other.screen.state.chat.sent[0].text == one.app.clipboard
        await other.press("ctrl+t")
        await other.type("Amy")
        await other.press("ctrl+s")
        await until(lambda: "Amy" in [chat.customer.name for chat in one.screen.state.chat_tabs.chats])
        assert one.screen.state.chat.id == WANG.id
        await one.press("f4")
        await until(lambda: query(other) == "-")
        await other.until_said("The chat with 王女士 was closed at your other terminal.")
        assert [chat.customer.name for chat in other.screen.state.chat_tabs.chats] == ["Li Wei", "Amy"]
    assert [chat.customer.name for chat in table.open_chats("小李")] == ["Li Wei", "Amy"]


async def test_an_unsaved_draft_is_never_overwritten_by_the_other_terminals_older_text(
    tmp_path: Path, url: str, table: Store
) -> None:
    async with terminals(tmp_path, url) as (one, other):
        other.screen.sync._save_delay = 3600  # it types on and on
        await other.type("zhifu")
        await one.type("denglu")
        await other.until_said("at two terminals")
        assert (query(other), other.screen.finder.box.value) == ("zhifu", "zhifu")
        other.screen.sync.save_now()
        await until(lambda: queries(one) == queries(other) == ["", "denglu", "zhifu"])
    assert sorted(chat.query for chat in table.open_chats("小李")) == ["", "denglu", "zhifu"]
    assert [chat.customer.name for chat in table.open_chats("小李")].count("王女士") == 2


async def test_what_was_read_before_a_save_is_no_news_after_it(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The save waits for the journal while an older version is read, which arrives when the save is done."""
    store = open_store(sqlite_url)
    store.save_chat("小李", WANG)
    async with desk(tmp_path, store, database=sqlite_url) as at:
        syncing, journal = at.screen.sync, asyncio.Event()

        async def slow(_chats: object) -> None:
            await journal.wait()

        await at.type("denglu")
        syncing._in_journal = True
        monkeypatch.setattr(syncing, "_journal", slow)
        syncing.save_now()
        await until(lambda: bool(syncing._being_saved))
        older = ChatsRead(store.open_chats("小李"), syncing._saves)
        taken: list[object] = []
        monkeypatch.setattr(at.screen, "_take_chats", taken.append)
        journal.set()
        await until(lambda: not syncing._being_saved)
        at.screen._chats_read(older)
        assert taken == []
        await at.settle()
        assert query(at) == "denglu"
        assert [chat.query for chat in store.open_chats("小李")] == ["denglu"]


async def test_two_saves_at_once_lose_nothing(tmp_path: Path, url: str, table: Store) -> None:
    async with terminals(tmp_path, url) as (one, other):
        for at in (one, other):
            at.screen.sync._save_delay = 3600
        await one.type("denglu")
        await other.type("zhifu")
        for at in (one, other):
            at.screen.sync._save_delay = 0.1  # the one that comes second merges and saves again
        one.screen.sync.save_now()
        other.screen.sync.save_now()
        await until(lambda: sorted(chat.query for chat in table.open_chats("小李")) == ["", "denglu", "zhifu"])


async def test_a_dialog_works_on_the_chat_as_it_was_and_the_rest_comes_when_it_closes(
    tmp_path: Path, url: str, table: Store
) -> None:
    async with terminals(tmp_path, url) as (one, other):
        await other.type("denglu")
        await until(lambda: query(one) == "denglu")
        await other.press("ctrl+e")
        await one.type("x")
        await until(lambda: other.screen._has_chat_news)
        await other.press("!", "ctrl+s")
        await until(lambda: query(other) == "denglux" or len(other.screen.state.chat_tabs.chats) == 3)
        await until(lambda: {query(one), query(other)} <= {"denglu", "denglux"})
        other.screen.sync.save_now()
        await until(lambda: any(chat.edited.endswith("!") for chat in table.open_chats("小李")))
        await until(lambda: any(chat.query == "denglux" for chat in table.open_chats("小李")))


def erase(store: Store) -> Erased:
    return store.erase("王女士", agent="老周", role="lead", reason="客户来信要求", at=NOW)


async def test_an_erased_customer_goes_from_every_desk_and_comes_back_with_no_draft(
    tmp_path: Path, url: str, table: Store
) -> None:
    async with terminals(tmp_path, url) as (one, other):
        for at in (one, other):
            at.screen.sync._save_delay = 3600
        await one.type("denglu")
        journals = list((one.screen.services.settings.home / FOLDER).glob("*.json"))
        await until(lambda: any("denglu" in file.read_text("utf-8") for file in journals or [])) if journals else None
        assert erase(table).open_chats == 1
        for at in (one, other):
            await at.until_said("The data of a customer was erased")
            assert [chat.customer.name for chat in at.screen.state.chat_tabs.chats] == ["Li Wei"]
            assert "王女士" not in at.seen.splitlines()[0]
        one.screen.sync.save_now()
        await one.settle()
        assert [chat.customer.name for chat in table.open_chats("小李")] == ["Li Wei"]
        await until(lambda: not list((one.screen.services.settings.home / FOLDER).glob("*.json")))


def test_a_journal_brings_back_no_erased_customer(tmp_path: Path, url: str, table: Store) -> None:
    """The desk was killed with unsaved drafts; the customer was erased from another machine before its next start."""
    given = settings(tmp_path, database=url)
    killed = Services(given, store=table)
    unknown = replace(WANG, id="never stored", query="tuikuan")
    other = replace(LI, query="like 王女士")
    killed.draft_journal.write(
        [UnsavedChat(replace(WANG, query="denglu"), (WANG,)), UnsavedChat(unknown), UnsavedChat(other, (LI,))]
    )
    killed.draft_journal.close(is_saved=False)
    erase(table)
    Services(given, store=table).save_abandoned_drafts()
    assert [(chat.id, chat.query) for chat in table.open_chats("小李")] == [(LI.id, "")]
    assert not list((given.home / FOLDER).glob("*.json"))


def test_a_journal_is_merged_with_what_another_terminal_saved_meanwhile(tmp_path: Path, url: str, table: Store) -> None:
    given = settings(tmp_path, database=url)
    killed = Services(given, store=table)
    in_flight = replace(LI, query="den")
    killed.draft_journal.write(
        [UnsavedChat(replace(WANG, edited="您好"), (WANG,)), UnsavedChat(replace(LI, query="dun"), (LI, in_flight))]
    )
    killed.draft_journal.close(is_saved=False)
    table.save_chat("小李", replace(WANG, edited="抱歉", customer=Customer(name="王女士", order="A1")))
    table.save_chat("小李", in_flight)  # the save that was under way: nobody else's
    Services(given, store=table).save_abandoned_drafts()
    chats = table.open_chats("小李")
    assert sorted(chat.edited for chat in chats) == ["", "您好", "抱歉"]
    assert {chat.customer.order for chat in chats if chat.edited} == {"A1"}
    assert sorted(chat.query for chat in chats) == ["", "", "dun"]

"""Typing on while the database is away, and what is there after the desk was killed."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent_assist.chats import Chat
from agent_assist.errors import NotSaved
from agent_assist.services import Services
from agent_assist.services.draft_journal import FOLDER, UnsavedChat
from agent_assist.store import MemoryStore, SaveOutcome
from agent_assist.tui.desk import sync
from agent_assist.tui.shutdown import save_and_close
from tests.tui.standing import desk, filled, settings


class TakesNothing(MemoryStore):
    """A database that lets itself be read and saves no chat."""

    is_away = True

    def save_chat(self, agent: str, chat: Chat, **more: Any) -> SaveOutcome:
        if self.is_away:
            raise NotSaved("The server is away.")
        return super().save_chat(agent, chat, **more)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that no screen shows."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def test_every_letter_is_on_this_machine_while_the_server_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "JOURNAL_DELAY", 0.05)
    store = TakesNothing()
    async with desk(tmp_path, store) as at:
        folder = at.app.services.settings.home / FOLDER
        await at.type("denglu")
        await until(lambda: any("denglu" in file.read_text("utf-8") for file in folder.glob("*.json")))
        store.is_away = False
        at.screen.sync.save_now()
        await until(lambda: not list(folder.glob("*.json")))
        assert store.open_chats("小李")[0].query == "denglu"
        await at.type("x")
        await until(lambda: bool(list(folder.glob("*.json*"))))
    save_and_close(at.app, at.app.services)
    assert not list(folder.iterdir())


async def test_what_a_killed_desk_could_not_save_stands_on_the_desk_again(tmp_path: Path) -> None:
    store = filled()
    killed = Services(settings(tmp_path), store=store)
    shown, *_others = store.open_chats(killed.settings.agent)
    killed.draft_journal.write((UnsavedChat(msgspec.structs.replace(shown, query="zhifu")),))
    killed.draft_journal.close(is_saved=False)
    async with desk(tmp_path, store) as at:
        await at.until("zhifu")


async def test_where_neither_database_nor_disk_take_them_nothing_is_promised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sync, "JOURNAL_DELAY", 0.05)
    monkeypatch.setattr("agent_assist.services.draft_journal.write_whole", full)
    async with desk(tmp_path, TakesNothing()) as at:
        await at.type("denglu")
        await at.until_said("Drafts could not be saved: No space left on device")
        assert at.screen.state.chat.query == "denglu"


async def test_the_file_never_holds_less_than_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed right after the database took the newest letters, a desk must not come back with older ones."""
    monkeypatch.setattr(sync, "JOURNAL_DELAY", 0.05)
    store = TakesNothing()
    async with desk(tmp_path, store) as at:
        folder = at.app.services.settings.home / FOLDER
        await at.type("den")
        await until(lambda: any("den" in file.read_text("utf-8") for file in folder.glob("*.json")))
        monkeypatch.setattr(sync, "JOURNAL_DELAY", 3600)  # nothing clears it before the kill
        at.screen.sync._journal_timer = None
        await at.type("glu")
        store.is_away = False
        at.screen.sync.save_now()
        await until(lambda: [chat.query for chat in store.open_chats("小李")] == ["denglu"])
        (file,) = folder.glob("*.json")
        assert "denglu" in file.read_text("utf-8")


def saved(store: MemoryStore) -> list[str]:
    return [chat.query for chat in store.open_chats("小李")]


async def test_a_server_gets_a_draft_when_the_agent_turns_away_and_the_journal_has_it_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "SERVER_SAVE_DELAY", 3600)
    monkeypatch.setattr(sync, "JOURNAL_DELAY", 0.05)
    store = filled()
    async with desk(tmp_path, store, database="postgresql://nowhere/desk") as at:
        folder = at.app.services.settings.home / FOLDER
        await at.type("denglu")
        await until(lambda: any("denglu" in file.read_text("utf-8") for file in folder.glob("*.json")))
        assert saved(store) == ["", ""]
        await at.press("alt+2")
        await until(lambda: saved(store) == ["denglu", ""])
        await at.type("coupon")
        await at.press("alt+1")
        await until(lambda: saved(store) == ["denglu", "coupon"])
        await at.press("enter")
        await until(lambda: saved(store) == ["", "coupon"])
        await at.type("zhifu")
        await at.press("f4")
        await until(lambda: saved(store) == ["coupon"])
        (closed, _open) = store.open_chats("小李", also=["chat0"])
        assert (closed.query, closed.closed_at is not None) == ("zhifu", True)
        await at.type("x")
    assert saved(store) == ["coupon"]
    save_and_close(at.app, at.app.services)
    assert saved(store) == ["couponx"]


async def test_news_of_others_saves_no_draft_that_is_still_being_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "FILE_SAVE_DELAY", 3600)
    store = filled()
    async with desk(tmp_path, store) as at:
        await at.type("denglu")
        store.add_version(msgspec.structs.replace(store.incident("INC-1"), scope="约 3% 的用户"), expected=1)
        await at.until("约 3% 的用户")
        await at.settle()
        assert saved(store) == ["", ""]

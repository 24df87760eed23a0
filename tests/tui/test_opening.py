"""While the database still opens the desk is used already, and nothing done meanwhile is lost."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from agent_assist.chats import Chat
from agent_assist.store import MemoryStore
from agent_assist.tui.desk.widgets.result_list import ResultList
from tests.tui.standing import LI, WANG, WIDE, Clock, Standing, app_of


class Late(MemoryStore):
    """Answers when it is told to."""

    def __init__(self, *chats: Chat) -> None:
        super().__init__()
        self.opened = threading.Event()
        for one in chats:
            self.save_chat("小李", one)

    def open_chats(self, agent: str, **more: Any) -> tuple[Chat, ...]:
        self.opened.wait(20)
        return super().open_chats(agent, **more)


@asynccontextmanager
async def opening(home: Path, store: Late) -> AsyncIterator[Standing]:
    """A desk whose database is still being opened."""
    clock = Clock()
    app = app_of(home, store, clock=clock)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        try:
            at = Standing(app, pilot, clock)
            await at.until("Opening the database")
            yield at
        finally:
            store.opened.set()


async def names_after(at: Standing, store: Late) -> list[str]:
    """The customers on the desk once the database has answered."""
    store.opened.set()
    await at.ready()
    return [one.customer.name for one in at.screen.state.chat_tabs.chats]


async def test_nothing_is_passed_off_as_found_while_the_phrases_are_read(tmp_path: Path) -> None:
    store = Late(WANG)
    async with opening(tmp_path, store) as at:
        at.screen.state.is_ready = False
        at.screen.typed("denglu")
        (line,) = [line.plain for line in at.screen.query_one(ResultList).lines]
        assert line.startswith("The phrases are being read.")


async def test_a_customer_named_meanwhile_gets_a_chat_beside_the_stored_ones(tmp_path: Path) -> None:
    store = Late(WANG, LI)
    async with opening(tmp_path, store) as at:
        await at.pilot.press("f2", *"Amy", "ctrl+s")
        assert await names_after(at, store) == ["王女士", "Li Wei", "Amy"]
        assert "▸3 Amy" in at.seen


async def test_a_name_still_being_typed_when_it_answers_is_not_dropped(tmp_path: Path) -> None:
    store = Late(WANG)
    async with opening(tmp_path, store) as at:
        await at.pilot.press("f2", *"Am")
        await names_after(at, store)
        await at.press("y", "ctrl+s")
        assert "▸2 Amy" in at.seen
        at.screen.sync.save_now()
        await at.settle()
        assert [one.customer.name for one in store.open_chats("小李")] == ["王女士", "Amy"]


async def test_every_chat_opened_meanwhile_stays(tmp_path: Path) -> None:
    store = Late(WANG)
    async with opening(tmp_path, store) as at:
        await at.pilot.press(*"den", "ctrl+t", *"Amy", "ctrl+s", *"coupon")
        assert await names_after(at, store) == ["王女士", "", "Amy"]
        assert [one.query for one in at.screen.state.chat_tabs.chats] == ["", "den", "coupon"]
        assert "▸3 Amy" in at.seen

"""The screen never waits for the database: no call comes from its thread, and a frozen server does not slow a key."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from agent_assist.store import Store
from agent_assist.store.engines.postgres import PostgresDatabase
from agent_assist.store.head_file import HeadFile
from agent_assist.store.sql import SqlStore
from tests.store.test_only_grows import by_hand
from tests.tui.standing import INCIDENT, LI, WANG, desk, filled

DEADLINE = 2.0
"""Seconds the desk waits for the server; a screen that waited too would stand still for as long."""


class Overheard:
    """A store that notes which calls came from the thread of the screen."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.called: set[str] = set()
        self.from_the_screen: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        def call(*arguments: Any, **options: Any) -> Any:
            self.called.add(name)
            if threading.current_thread() is threading.main_thread():
                self.from_the_screen.add(name)
            return method(*arguments, **options)

        return call


async def test_no_call_to_the_database_comes_from_the_thread_of_the_screen(tmp_path: Path) -> None:
    store = Overheard(filled())
    async with desk(tmp_path, store) as at:
        await at.type("denglu")
        await at.press("enter")
        await at.press("ctrl+t")
        await at.type("nichts")
        await at.press("ctrl+w")
        await at.settle()
    assert {"open_chats", "incident_histories", "record_sent", "save_chat", "wait_for_change", "uses"} <= store.called
    assert store.from_the_screen <= {"close", "left_out"}  # the second asks memory only


@pytest.fixture
def frozen_at_will(postgres_url: str) -> Iterator[tuple[SqlStore, list[int]]]:
    """A team's desk, and the server processes that were stopped."""
    store = SqlStore(PostgresDatabase(sa.make_url(postgres_url), deadline=DEADLINE), HeadFile(None))
    store.open_incident(INCIDENT)
    for chat in (WANG, LI):
        store.save_chat("小李", chat)
    stopped: list[int] = []
    yield store, stopped
    for process in stopped:
        os.kill(process, signal.SIGCONT)
    store.close()


def freeze(url: str, stopped: list[int]) -> None:
    with by_hand(url) as other:
        found = other.exec_driver_sql(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        stopped.extend(found.scalars())
    for process in stopped:
        os.kill(process, signal.SIGSTOP)


@asynccontextmanager
async def longest_gap() -> AsyncIterator[list[float]]:
    """The longest time in which the screen's thread did nothing else, in seconds."""
    longest = [0.0]

    async def beat() -> None:
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            await asyncio.sleep(0.005)
            now = loop.time()
            longest[0] = max(longest[0], now - last)
            last = now

    beating = asyncio.create_task(beat())
    yield longest
    beating.cancel()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="signals")
async def test_with_the_server_frozen_one_finds_fills_and_copies_as_before(
    tmp_path: Path, postgres_url: str, frozen_at_will: tuple[SqlStore, list[int]]
) -> None:
    store, stopped = frozen_at_will
    async with desk(tmp_path, store) as at:
        async with longest_gap() as calm:
            await at.type("denglu")
            await at.press("escape")
        freeze(postgres_url, stopped)
        async with longest_gap() as frozen:
            for key in "感谢":
                await at.pilot.press(key)
            await at.pilot.press("enter")
            await at.until("! ", seconds=20)
        print(f"longest gap calm {calm[0]:.3f} s, frozen {frozen[0]:.3f} s")
        assert at.app.clipboard == "感谢您的理解。"
        assert frozen[0] < DEADLINE / 2
        while stopped:
            os.kill(stopped.pop(), signal.SIGCONT)
        for _turn in range(300):
            await at.pilot.pause(0.05)
            if not at.screen.state.store_error and store.open_chats("小李")[0].sent:
                break
        assert not at.screen.state.store_error
        assert [sent.text for sent in store.open_chats("小李")[0].sent] == ["感谢您的理解。"]

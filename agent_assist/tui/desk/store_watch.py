"""Watching the database for what others write: facts, decisions about this agent's offers, and what the team sends.

Rule: one round that fails is a notice, whatever failed in it; the next round comes all the same, and no desk ends over
what somebody else wrote.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from agent_assist.errors import AgentAssistError
from agent_assist.store.news import ANYTHING, UNANNOUNCED
from agent_assist.tui.background import place_of, run_daemon
from agent_assist.tui.desk.approval_watch import ApprovalWatch
from agent_assist.tui.desk.incident_snapshot import read_incidents
from agent_assist.tui.desk.messages import (
    DeskOpened,
    FactsChanged,
    NewsHeard,
    OfferDecided,
    RowsLeftOut,
    StoreLost,
    UsesRead,
    WatchFailed,
)

if TYPE_CHECKING:
    from agent_assist.services import Services
    from agent_assist.store.news import News
    from agent_assist.tui.background import SerialWorker
    from agent_assist.tui.desk.state import DeskState
    from agent_assist.tui.desk.sync_host import SyncHost

CHANGE_TIMEOUT = 1.0
"""Seconds to wait for news of other desks before looking round again."""

NEWS_SPREAD = 0.25
"""Seconds over which the desks of a team spread their reads of the same news; what arrives meanwhile is one read."""

DRAFT_RETRY_INTERVAL = 10.0
"""Seconds between two tries to save drafts that the database did not take, while nothing else happens."""

STORE_RETRY_DELAY = 3.0
"""Seconds before a database that was lost is tried again, on average."""


class StoreWatch:
    """Posts to the screen what it finds, and never touches a widget."""

    def __init__(
        self,
        services: "Services",
        worker: "SerialWorker",
        state: "DeskState",
        host: "SyncHost",
        *,
        save_drafts: Callable[[], None],
        read_chats: Callable[[], None],
        uses_interval: float,
    ) -> None:
        """`uses_interval`: seconds between reads of what the team sends."""
        self._services = services
        self._worker = worker
        self._state = state
        self._host = host
        self._save_drafts = save_drafts
        self._read_chats = read_chats
        self._uses_interval = uses_interval
        self._approvals = ApprovalWatch(services.settings.agent, services.context.waiting_offers)
        self._next_uses_at = 0.0
        self._next_drafts_at = 0.0
        self._left_out = 0
        self._reported: set[str] = set()

    async def run(self) -> None:
        """Open the database, then read changes until the desk is left."""
        self._next_uses_at = asyncio.get_running_loop().time() + self._uses_interval
        while not await self._succeeds(self._open):
            await asyncio.sleep(retry_delay())
        await self._succeeds(partial(self._guarded, self._read_decisions))
        await self._succeeds(self._report_left_out)
        while True:
            if not await self._succeeds(self._poll):
                await asyncio.sleep(retry_delay())

    async def _succeeds(self, step: Callable[[], Awaitable[None]]) -> bool:
        """Whether the step got through. If not, the desk goes on without the database for now."""
        try:
            await step()
        except AgentAssistError as error:
            self._host.post_message(StoreLost(str(error)))
        except Exception as error:
            self._host.post_message(StoreLost(place_of(error)))
        else:
            return True
        return False

    async def _open(self) -> None:
        self._host.post_message(await self._worker.do(lambda: first_look(self._services)))

    async def _poll(self) -> None:
        news = await self._wait(CHANGE_TIMEOUT)
        is_back = bool(self._state.store_error)
        if is_back or any(each.topic not in UNANNOUNCED for each in news):
            # Spread over the desks of a team: hundreds hear the same news in the same millisecond.
            await asyncio.sleep(random.uniform(0, NEWS_SPREAD))  # noqa: S311
            news += await self._wait(0)
        if news or is_back:
            self._host.post_message(NewsHeard((ANYTHING,) if is_back else news))
        if is_back or any(each.topic in ("incident", "anything") for each in news):
            await self._guarded(self._read_facts)
        if is_back or any(each.topic in ("chat", "erased", "anything") for each in news):
            self._read_chats()
        if is_back or any(self._concerns_my_offers(each) for each in news):
            await self._guarded(self._read_decisions)
        now = asyncio.get_running_loop().time()
        if is_back or now > self._next_drafts_at:
            self._next_drafts_at = now + DRAFT_RETRY_INTERVAL
            self._save_drafts()
        await self._guarded(self._read_uses)
        if news or is_back:
            await self._report_left_out()

    async def _wait(self, seconds: float) -> "tuple[News, ...]":
        store, agent = self._services.store, self._services.settings.agent
        offers = None if self._state.shows_log else self._approvals.waiting
        return await run_daemon(partial(store.wait_for_change, seconds, agent=agent, offers=offers))

    def _concerns_my_offers(self, news: "News") -> bool:
        """Whether an offer of this agent may have been decided."""
        is_mine = news.topic in ("offer", "decision") and news.agent == self._services.settings.agent
        return is_mine or news.topic == "anything"

    async def _guarded(self, part: Callable[[], Awaitable[None]]) -> None:
        """Do one part of a round so that the others come whatever happens in it; the same mishap is told once."""
        try:
            await part()
        except AgentAssistError:
            raise
        except Exception as error:
            if (reason := place_of(error)) not in self._reported:
                self._reported.add(reason)
                self._host.post_message(WatchFailed(reason))

    async def _read_facts(self) -> None:
        state, services = self._state, self._services
        was_lost, chats = bool(state.store_error), state.chat_tabs.chats
        incidents = await self._worker.do(partial(read_incidents, services.store, services.clock(), chats))
        if was_lost or incidents != state.incidents:
            self._host.post_message(FactsChanged(incidents))

    async def _read_decisions(self) -> None:
        for decided in await self._worker.do(lambda: self._approvals.poll(self._services.store)):
            self._host.post_message(OfferDecided(decided))

    async def _read_uses(self) -> None:
        now = asyncio.get_running_loop().time()
        if now > self._next_uses_at:
            self._next_uses_at = now + self._uses_interval * random.uniform(0.8, 1.2)  # noqa: S311 - not all at once
            self._host.post_message(UsesRead(await self._worker.do(self._services.store.uses)))

    async def _report_left_out(self) -> None:
        left_out = await self._worker.do(self._services.store.left_out)
        if len(left_out) > self._left_out:
            self._left_out = len(left_out)
            self._host.post_message(RowsLeftOut(left_out))


def retry_delay() -> float:
    """Return after how many seconds to try a lost database again: all desks of a team lose it in the same moment."""
    return STORE_RETRY_DELAY * random.uniform(0.6, 1.4)  # noqa: S311


def first_look(services: "Services") -> DeskOpened:
    """Open the database and read everything the desk shows; in the demo, tell its story first."""
    if services.settings.demo:
        from agent_assist.services.demo import fill_demo  # loaded for the demo only

        fill_demo(services)
    services.save_abandoned_drafts()
    chats = services.chats()
    return DeskOpened(
        chats,
        read_incidents(services.store, services.clock(), chats),
        services.habits(services.store.uses()),
        services.store.role(),
    )

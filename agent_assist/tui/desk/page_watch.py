"""Reading the team's status page now and then, on a lead's desk. What it says goes into the database, where every desk
hears of it. A page that is slow or broken holds nothing up: the facts stay, and the desk says since when."""

import asyncio
import random
from typing import TYPE_CHECKING

from agent_assist.errors import AgentAssistError
from agent_assist.services.status_page import PageUnreadable
from agent_assist.tui.background import place_of, run_daemon
from agent_assist.tui.desk.messages import StatusPageFailed, StatusPageRead

if TYPE_CHECKING:
    from agent_assist.roles import Role
    from agent_assist.services import Services
    from agent_assist.services.follow_page import PageReading
    from agent_assist.tui.background import SerialWorker
    from agent_assist.tui.desk.sync_host import SyncHost

MAX_PAGE_DELAY = 900.0
"""Seconds between two tries at a page that keeps failing, at most."""


class PageWatch:
    """Posts to the screen what it read, and never touches a widget."""

    def __init__(self, services: "Services", worker: "SerialWorker", host: "SyncHost", *, interval: float) -> None:
        """`interval`: seconds between two readings."""
        self._services = services
        self._worker = worker
        self._host = host
        self._interval = interval
        self._etag = ""
        self._failures = 0

    async def run(self) -> None:
        """Read the page until the desk is left. Only leads publish facts, so that an agent's desk reads nothing."""
        if not self._services.settings.status_page:
            return
        while (role := await self._role()) is None:
            await asyncio.sleep(self._interval)
        while role == "lead":
            await asyncio.sleep(await self._read() * random.uniform(0.8, 1.2))  # noqa: S311 - not all desks at once

    async def _role(self) -> "Role | None":
        """Return the role of the person at this desk; None while the database cannot say."""
        try:
            return await self._worker.do(lambda: self._services.store.role())
        except AgentAssistError:  # the watch of the database says what is wrong with it
            return None

    async def _read(self) -> float:
        """Read the page once, and return the seconds until the next time."""
        try:
            reading = await self._reading()
        except Exception as error:
            self._failures += 1
            reason = str(error) if isinstance(error, AgentAssistError) else place_of(error)
            self._host.post_message(StatusPageFailed(reason))
            asked = error.retry_after if isinstance(error, PageUnreadable) else 0.0
            return max(min(self._interval * 2.0**self._failures, MAX_PAGE_DELAY), asked)
        self._failures = 0
        self._host.post_message(StatusPageRead(reading))
        return self._interval

    async def _reading(self) -> "PageReading | None":
        page = self._services.followed_page
        address, etag = self._services.settings.status_page, self._etag
        fetched = await run_daemon(lambda: page.fetch(address, etag))
        self._etag = fetched.etag
        text = fetched.text
        if text is None:
            return None
        try:
            return await self._worker.do(lambda: page.record_text(text))
        except Exception:
            self._etag = ""  # what was not recorded is read again
            raise

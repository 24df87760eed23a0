"""Opening the database, watching the facts, and storing what changed on the desk, all away from the screen's thread."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from agent_assist.chats import Chat
from agent_assist.errors import AgentAssistError
from agent_assist.tui.background import place_of, resume_gc
from agent_assist.tui.desk.messages import BooksChanged, BooksRead, DeskReady, DraftsNotKept, StoreLost, WatchFailed

if TYPE_CHECKING:
    from textual.timer import Timer

    from agent_assist.tui.desk.screen import DeskScreen

SOON = 0.3
"""Seconds of quiet before a draft is stored; a crash loses at most this."""

REREADING = 2.0
"""Seconds between looks at the files of the phrasebooks."""

LEARNING = 30.0
"""Seconds between looks at what the team sends; it moves slowly and is read whole."""

PAUSE = 3.0
"""Seconds before files that could not be looked at are tried again."""

MISSED = 2.0
"""Seconds that a search without results must stand before the lead hears of it."""


class Pace(NamedTuple):
    """Seconds between looks at what others change; tests need not wait for them."""

    rereading: float = REREADING
    learning: float = LEARNING


class DeskSync:
    """The desk's memory. It posts messages to its screen and never touches a widget."""

    def __init__(self, screen: "DeskScreen", pace: "Pace | None" = None) -> None:
        self._screen = screen
        self._pace = pace or Pace()
        self._soon: Timer | None = None
        self._missed: Timer | None = None
        self._told = False

    def start(self) -> None:
        """Begin, once the first paint is done."""
        self._screen.run_worker(self._watch(), group="watch", exclusive=True)
        self._screen.run_worker(self._watch_books(), group="watch")

    def soon(self) -> None:
        """Store what changed as soon as the person pauses."""
        if self._soon is not None:
            self._soon.stop()
        self._soon = self._screen.set_timer(SOON, self.now)

    def note(self, query: str) -> None:
        """Something was typed: store it soon, and remember a search that keeps finding nothing."""
        self.soon()
        if self._missed is not None:
            self._missed.stop()
            self._missed = None
        state = self._screen.state
        if query.strip() and state.is_ready and state.has_store and not state.rows:
            self._missed = self._screen.set_timer(MISSED, lambda: self._remember_missed(query))

    def now(self) -> None:
        """Store what changed."""
        screen = self._screen
        if screen.is_running and screen.state.has_store and screen.state.unkept:
            screen.run_worker(self._store(), group="keep")

    async def _store(self) -> None:
        state = self._screen.state
        chats, state.unkept = state.unkept, {}
        try:
            await self._screen.worker.do(lambda: keep_all(self._screen.services.keep, chats))
            self._told = False
        except Exception as error:  # whatever it was, the drafts are on the desk and are tried again
            state.unkept = {**chats, **state.unkept}
            if not self._told:
                self._told = True
                reason = str(error) if isinstance(error, AgentAssistError) else place_of(error)
                self._screen.post_message(DraftsNotKept(reason))

    def _remember_missed(self, query: str) -> None:
        services = self._screen.services
        at = services.clock()

        async def remember() -> None:
            await self._quietly(lambda: services.store.missed_search(services.settings.agent, query.strip(), at))

        self._screen.run_worker(remember(), group="keep")

    async def _quietly(self, work: Callable[[], object]) -> None:
        try:
            await self._screen.worker.do(work)
        except AgentAssistError as error:
            self._screen.post_message(StoreLost(str(error)))
        except Exception as error:
            self._screen.post_message(WatchFailed(place_of(error)))

    async def _watch(self) -> None:
        screen = self._screen
        screen.post_message(await screen.worker.do(lambda: read_books(screen)))
        await screen.worker.do(lambda: prepare(screen))
        screen.post_message(DeskReady())
        from agent_assist.tui.desk.watch import StoreWatch

        await StoreWatch(screen, self.now, learning=self._pace.learning).run()

    async def _watch_books(self) -> None:
        screen = self._screen
        while True:
            await asyncio.sleep(self._pace.rereading)
            if screen.state.is_ready:
                try:
                    new = await screen.worker.do(screen.services.live_library.restock)
                except Exception as error:  # the books as they were read stay in use
                    screen.post_message(WatchFailed(place_of(error)))
                    await asyncio.sleep(PAUSE)
                    continue
                if new is not None:
                    screen.post_message(BooksChanged(new))


def read_books(screen: "DeskScreen") -> BooksRead:
    """Read the phrases, and import what orders them."""
    import agent_assist.search.signals  # noqa: F401

    return BooksRead(screen.services.library, screen.services.habits())


def prepare(screen: "DeskScreen") -> None:
    """Import and build what finding, filling and the first key need. What the books hold cannot make it fail."""
    try:
        import agent_assist.services.make_reply
        import agent_assist.tui.desk.commands  # noqa: F401
        from agent_assist.replies import warm_up
        from agent_assist.search.words import one_slip

        screen.services.search("a")
        one_slip("serach", "search")
        warm_up()
    finally:
        resume_gc()


def keep_all(keep: Callable[[Chat], None], chats: dict[str, Chat]) -> None:
    """Store these chats one by one."""
    for chat in chats.values():
        keep(chat)

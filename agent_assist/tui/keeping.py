"""Opening the database, watching the facts, and storing what changed on the desk, all away from the screen's thread."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from agent_assist.chats import Chat
from agent_assist.errors import AgentAssistError
from agent_assist.tui.background import resume_gc
from agent_assist.tui.backroom import aside
from agent_assist.tui.board import read_board
from agent_assist.tui.messages import (
    BooksChanged,
    BooksRead,
    DeskOpened,
    DeskReady,
    DraftsNotKept,
    FactsChanged,
    HabitsChanged,
    OfferDecided,
    StoreLost,
)

if TYPE_CHECKING:
    from textual.timer import Timer

    from agent_assist.tui.screens.desk_screen import DeskScreen

SOON = 0.3
"""Seconds of quiet before a draft is stored; a crash loses at most this."""

PATIENCE = 1.0
"""Seconds to wait for news of other desks before looking round again."""

GLANCE = 0.25
"""Seconds between two looks at the facts: a busy team keeps drafts several times a second."""

REREADING = 2.0
"""Seconds between looks at the files of the phrasebooks."""

LEARNING = 30.0
"""Seconds between looks at what the team sends; it moves slowly and is read whole."""

PAUSE = 3.0
"""Seconds before a database that was lost is tried again."""

MISSED = 2.0
"""Seconds that a search without results must stand before the lead hears of it."""


class Keeping:
    """The desk's memory. It posts messages to its screen and never touches a widget."""

    def __init__(self, screen: "DeskScreen") -> None:
        self._screen = screen
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
        sitting = self._screen.sitting
        if query.strip() and sitting.is_ready and sitting.has_store and not sitting.rows:
            self._missed = self._screen.set_timer(MISSED, lambda: self._remember_missed(query))

    def now(self) -> None:
        """Store what changed."""
        screen = self._screen
        if screen.is_running and screen.sitting.has_store and screen.sitting.unkept:
            screen.run_worker(self._store(), group="keep")

    async def _store(self) -> None:
        sitting = self._screen.sitting
        chats, sitting.unkept = sitting.unkept, {}
        try:
            await self._screen.backroom.do(lambda: keep_all(self._screen.desk.keep, chats))
            self._told = False
        except AgentAssistError as error:
            sitting.unkept = {**chats, **sitting.unkept}
            if not self._told:
                self._told = True
                self._screen.post_message(DraftsNotKept(str(error)))

    def _remember_missed(self, query: str) -> None:
        desk = self._screen.desk
        at = desk.clock()

        async def remember() -> None:
            await self._quietly(lambda: desk.store.missed_search(desk.settings.agent, query.strip(), at))

        self._screen.run_worker(remember(), group="keep")

    async def _quietly(self, work: Callable[[], object]) -> None:
        try:
            await self._screen.backroom.do(work)
        except AgentAssistError as error:
            self._screen.post_message(StoreLost(str(error)))

    async def _watch(self) -> None:
        screen = self._screen
        screen.post_message(await screen.backroom.do(lambda: read_books(screen)))
        await screen.backroom.do(lambda: prepare(screen))
        screen.post_message(DeskReady())
        is_open, learnt = False, asyncio.get_running_loop().time()
        from agent_assist.tui.decided import Awaiting

        awaiting = Awaiting(screen.desk.settings.agent)
        while True:
            try:
                if not is_open:
                    opened = await screen.backroom.do(lambda: first_look(screen))
                    is_open = True
                    screen.post_message(opened)
                    await screen.backroom.do(lambda: awaiting.look(screen.desk.store))
                else:
                    told = await aside(partial(screen.desk.store.wait_for_change, PATIENCE))
                    lost = bool(screen.trouble)
                    if told or lost:
                        chats = screen.sitting.slots.chats
                        board = await screen.backroom.do(partial(read_board, screen.desk.store, chats))
                        if lost or board != screen.sitting.board:
                            screen.post_message(FactsChanged(board))
                        for decided in await screen.backroom.do(lambda: awaiting.look(screen.desk.store)):
                            screen.post_message(OfferDecided(decided))
                        if (now := asyncio.get_running_loop().time()) - learnt > LEARNING:
                            learnt = now
                            screen.post_message(HabitsChanged(await screen.backroom.do(screen.desk.store.uses)))
                        self.now()
                        await asyncio.sleep(GLANCE)
            except AgentAssistError as error:
                screen.post_message(StoreLost(str(error)))
                await asyncio.sleep(PAUSE)

    async def _watch_books(self) -> None:
        screen = self._screen
        while True:
            await asyncio.sleep(REREADING)
            if screen.sitting.is_ready:
                new = await screen.backroom.do(screen.desk.shelf.restock)
                if new is not None:
                    screen.post_message(BooksChanged(new))


def read_books(screen: "DeskScreen") -> BooksRead:
    """Read the phrases, and import what orders them."""
    import agent_assist.search.signals  # noqa: F401

    return BooksRead(screen.desk.library, screen.desk.habits())


def prepare(screen: "DeskScreen") -> None:
    """Import and build what finding, filling and the first key need. What the books hold cannot make it fail."""
    try:
        import agent_assist.desk.reply
        import agent_assist.tui.flows  # noqa: F401
        from agent_assist.replies import warm_up

        screen.desk.search("a")
        warm_up()
    finally:
        resume_gc()


def first_look(screen: "DeskScreen") -> DeskOpened:
    """Open the database and read everything the desk shows; in the demo, tell its story first."""
    desk = screen.desk
    if desk.settings.demo:
        from agent_assist.desk.demo import fill_demo

        fill_demo(desk)
    chats = desk.chats()
    return DeskOpened(chats, read_board(desk.store, chats), desk.habits(desk.store.uses()))


def keep_all(keep: Callable[[Chat], None], chats: dict[str, Chat]) -> None:
    """Store these chats one by one."""
    for chat in chats.values():
        keep(chat)

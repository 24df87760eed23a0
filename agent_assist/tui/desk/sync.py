"""Opening the database, watching phrasebooks and database, and saving what changed, all off the screen's thread."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from agent_assist.chats import Chat
from agent_assist.errors import AgentAssistError
from agent_assist.files import reason
from agent_assist.services.draft_journal import unsaved_chats
from agent_assist.tui.background import SerialWorker, place_of
from agent_assist.tui.desk.messages import (
    BooksChanged,
    BooksRead,
    ChatsRead,
    DeskReady,
    DraftsNotSaved,
    StoreLost,
    WatchFailed,
)

if TYPE_CHECKING:
    from textual.timer import Timer

    from agent_assist.services import Services
    from agent_assist.services.draft_journal import UnsavedChat
    from agent_assist.tui.desk.state import DeskState
    from agent_assist.tui.desk.sync_host import SyncHost

JOURNAL_DELAY = 0.25
"""Seconds until what the database does not have yet is in the journal, also while somebody types on and on: a crash
loses at most this, and the time to write it."""

FILE_SAVE_DELAY = 0.3
"""Seconds of quiet before drafts are saved in a file: it is on this machine, as the journal is."""

SERVER_SAVE_DELAY = 3.0
"""Seconds of quiet before drafts are saved on a server, which the whole team shares."""

BOOKS_POLL_INTERVAL = 2.0
"""Seconds between looks at the files of the phrasebooks."""

USES_POLL_INTERVAL = 60.0
"""Seconds between looks at what the team sends; it moves slowly and is read whole."""

BOOKS_RETRY_DELAY = 3.0
"""Seconds before files that could not be looked at are tried again."""

MISSED_SEARCH_DELAY = 2.0
"""Seconds that a search without results must stay before it is recorded for the lead."""


PAGE_WAIT = 0.1
"""Seconds between two looks whether the database is open, before the status page is read."""


class PollIntervals(NamedTuple):
    """Seconds between looks at what others change; tests need not wait for them."""

    books: float = BOOKS_POLL_INTERVAL
    uses: float = USES_POLL_INTERVAL
    page: float = 0.0
    """0: as the settings say."""


class DeskSync:
    """Keeps a `DeskState` and the database in step. It posts messages to its host and never touches a widget."""

    def __init__(
        self,
        services: "Services",
        worker: "SerialWorker",
        state: "DeskState",
        host: "SyncHost",
        *,
        warm_up: Callable[[], None],
        intervals: PollIntervals | None = None,
    ) -> None:
        """`warm_up` runs in the worker once the phrases are read; after it they can be searched and filled."""
        self._services = services
        self._worker = worker
        self._state = state
        self._host = host
        self._warm_up = warm_up
        self._intervals = intervals or PollIntervals()
        self._save_timer: Timer | None = None
        self._save_delay = SERVER_SAVE_DELAY if services.is_on_server else FILE_SAVE_DELAY
        self._saves = 0
        self._journal_timer: Timer | None = None
        self._journal_worker = SerialWorker()
        self._in_journal = False
        self._has_journal = True
        self._being_saved: dict[str, Chat] = {}
        self._missed_timer: Timer | None = None
        self._has_notified = False

    def start(self) -> None:
        """Begin, once the first paint is done."""
        self._host.run_worker(self._open_and_watch(), group="watch", exclusive=True)
        self._host.run_worker(self._watch_books(), group="watch")
        if self._services.settings.status_page:
            self._host.run_worker(self._watch_page(), group="watch")

    async def _watch_page(self) -> None:
        from agent_assist.tui.desk.page_watch import PageWatch  # only where a page is set

        while not self._state.has_store:  # what the page says is news only beside what was there
            await asyncio.sleep(PAGE_WAIT)
        seconds = self._intervals.page or float(self._services.settings.status_page_seconds)
        await PageWatch(self._services, self._worker, self._host, interval=seconds).run()

    def save_soon(self) -> None:
        """Save what changed as soon as the person pauses; until then it is in the journal."""
        if self._save_timer is not None:
            self._save_timer.stop()
        self._save_timer = self._host.set_timer(self._save_delay, self.save_now)
        self.journal_soon()

    def journal_soon(self) -> None:
        """Write the journal again, with what the database does not have by then."""
        if self._journal_timer is None and self._host.is_running:
            self._journal_timer = self._host.set_timer(JOURNAL_DELAY, self._write_journal)

    def _write_journal(self) -> None:
        """Write what the database does not have yet to the journal, in a thread of its own: a server may be silent."""
        self._journal_timer = None
        chats = self.unsaved
        if self._host.is_running and (chats or self._in_journal):
            self._in_journal = bool(chats)
            self._host.run_worker(self._journal(self.for_journal(chats)), group="journal")

    def for_journal(self, chats: Mapping[str, Chat]) -> "tuple[UnsavedChat, ...]":
        """Return chats with what the database may have of them."""
        return unsaved_chats(chats.values(), self._state.stored, self._state.attempted)

    async def _journal(self, chats: "tuple[UnsavedChat, ...]") -> None:
        try:
            await self._journal_worker.do(lambda: self._services.draft_journal.write(chats))
            self._has_journal = True
        except OSError as error:
            nothing_has_them = self._has_notified or not self._state.has_store or bool(self._state.store_error)
            if self._has_journal and nothing_has_them:
                self._has_journal = self._has_notified = False
                self._notify_not_saved(reason(error))

    @property
    def unsaved(self) -> dict[str, Chat]:
        """The chats that the database does not have yet, those on their way to it too."""
        return {**self._being_saved, **self._state.unsaved}

    def note_query(self, query: str) -> None:
        """Remember a search that keeps finding nothing."""
        if self._missed_timer is not None:
            self._missed_timer.stop()
            self._missed_timer = None
        state = self._state
        if query.strip() and state.is_ready and state.has_store and not state.rows:
            self._missed_timer = self._host.set_timer(MISSED_SEARCH_DELAY, lambda: self._record_missed(query))

    def save_now(self) -> None:
        """Save what changed: the agent paused, or turned to something else."""
        if self._save_timer is not None:
            self._save_timer.stop()
            self._save_timer = None
        if self._host.is_running and self._state.has_store and self._state.unsaved:
            self._host.run_worker(self._save(), group="keep")

    def _save_again(self) -> None:
        """Try drafts again that the database did not take; those still being typed wait for their pause."""
        if self._save_timer is None:
            self.save_now()

    async def _save(self) -> None:
        state = self._state
        chats, state.unsaved = state.unsaved, {}
        self._being_saved = {**self._being_saved, **chats}
        self._saves += 1
        state.attempted |= chats
        if self._in_journal:  # it must never hold less than the database, or a start after a kill would go back
            await self._journal(self.for_journal(self.unsaved))
        try:
            refused = await self._worker.do(lambda: self._save_all(chats))
            state.unsaved = {**refused, **state.unsaved}
            self._has_notified = False
            if refused:
                self.read_chats()
        except Exception as error:  # whatever it was, the drafts are on the desk and are tried again
            state.unsaved = {**chats, **state.unsaved}
            self._notify_not_saved(str(error) if isinstance(error, AgentAssistError) else place_of(error))
        finally:
            self._saves += 1
            self._being_saved = {id: chat for id, chat in self._being_saved.items() if chats.get(id) is not chat}  # noqa: A001
            self.journal_soon()

    def _save_all(self, chats: Mapping[str, Chat]) -> dict[str, Chat]:
        """Save chats one by one; return those that another terminal or an erasure changed since they were read."""
        refused = {}
        for chat in chats.values():
            if self._services.keep(chat, self._state.stored.get(chat.id)) == "saved":
                self._state.stored[chat.id] = chat
            else:
                refused[chat.id] = chat
        return refused

    def read_chats(self) -> None:
        """Read this agent's chats: another terminal changed some, or an erasure did."""
        if self._host.is_running and self._state.has_store:
            self._host.run_worker(self._read_chats(), group="keep")

    async def _read_chats(self) -> None:
        state, services, saves = self._state, self._services, self._saves
        also = {chat.id for chat in (*state.chat_tabs.chats, *state.unsaved.values(), *state.closed)}
        agent = services.settings.agent
        chats: list[Chat] = []

        def read() -> None:
            chats.extend(services.store.open_chats(agent, also=also))

        await self._try_in_worker(read)
        if chats:
            self._host.post_message(ChatsRead(tuple(chats), saves))

    def is_current(self, event: ChatsRead) -> bool:
        """Whether no save began or ended since they were to be read; else they may be older than the desk."""
        return event.saves == self._saves and not self._being_saved

    def _notify_not_saved(self, why: str) -> None:
        """Say once why drafts are not saved, until they are again."""
        if not self._has_notified:
            self._has_notified = True
            self._host.post_message(DraftsNotSaved(why, in_journal=self._has_journal))

    def _record_missed(self, query: str) -> None:
        services = self._services
        at = services.clock()

        async def record() -> None:
            await self._try_in_worker(lambda: services.record_missed_search(query.strip(), at))

        self._host.run_worker(record(), group="keep")

    async def _try_in_worker(self, work: Callable[[], object]) -> None:
        try:
            await self._worker.do(work)
        except AgentAssistError as error:
            self._host.post_message(StoreLost(str(error)))
        except Exception as error:
            self._host.post_message(WatchFailed(place_of(error)))

    async def _open_and_watch(self) -> None:
        self._host.post_message(await self._worker.do(lambda: read_books(self._services)))
        await self._worker.do(self._warm_up)
        self._host.post_message(DeskReady())
        from agent_assist.tui.desk.store_watch import StoreWatch  # loaded after the first paint

        watch = StoreWatch(
            self._services,
            self._worker,
            self._state,
            self._host,
            save_drafts=self._save_again,
            read_chats=self.read_chats,
            uses_interval=self._intervals.uses,
        )
        await watch.run()

    async def _watch_books(self) -> None:
        while True:
            await asyncio.sleep(self._intervals.books)
            if self._state.is_ready:
                try:
                    new = await self._worker.do(self._services.live_library.reload)
                except Exception as error:  # the books as they were read stay in use
                    self._host.post_message(WatchFailed(place_of(error)))
                    await asyncio.sleep(BOOKS_RETRY_DELAY)
                    continue
                if new is not None:
                    self._host.post_message(BooksChanged(new))


def read_books(services: "Services") -> BooksRead:
    """Read the phrases, and import what orders them."""
    import agent_assist.search.signals  # noqa: F401 - loaded after the first paint

    return BooksRead(services.library, services.habits())

"""One agent's desk without its screen: the state, the synchronisation and the watch of the real one.

What the screen does with a message is done here to the state alone. Searching is left out: it asks no server.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import make_url

from agent_assist.services import Services
from agent_assist.settings import Settings
from agent_assist.store import Store, open_store
from agent_assist.tui.background import SerialWorker
from agent_assist.tui.desk import messages
from agent_assist.tui.desk.render.results_text import Row
from agent_assist.tui.desk.state import DeskState
from agent_assist.tui.desk.sync import DeskSync
from tests.benchmarks.outage.plan import Fault, Plan
from tests.benchmarks.outage.record import Record, RecordingStore

if TYPE_CHECKING:
    from textual.message import Message
    from textual.timer import Timer
    from textual.worker import Worker

    from agent_assist.store.sql import SqlStore

NOTHING_FOUND = "？"
"""What a query begins with that finds nothing."""


class AgentServices(Services):
    """The services of one agent on a store that writes down what is asked."""

    def __init__(self, settings: Settings, record: Record, fault: Fault) -> None:
        super().__init__(settings, tz=dt.UTC)
        self._record = record
        self._fault = fault
        if fault == "lost-draft":
            self.draft_journal.finish(())  # it writes nothing from now on

    @cached_property
    def store(self) -> Store:
        """The open database. Raises what the store raises."""
        opened = open_store(self.settings.database, home=self.settings.home, role=self.settings.role)
        return cast("Store", RecordingStore(cast("SqlStore", opened), self._record, self._fault))


class FoundState(DeskState):
    """A desk on which every query finds the phrase that was asked for, or nothing."""

    def find(self, *, phrase_id: str = "") -> None:
        """Put the one phrase into the list; see `DeskState.find`."""
        phrase = self.library.get(phrase_id or self.chat.phrase_id or "status")
        is_found = phrase is not None and not self.chat.query.startswith(NOTHING_FOUND)
        self.rows = (Row(phrase, phrase.title["zh"]),) if phrase is not None and is_found else ()
        self.chosen = 0


class _LoopTimer:
    """A timer of the event loop, with the one method of Textual's that is used."""

    def __init__(self, handle: asyncio.TimerHandle) -> None:
        self._handle = handle

    def stop(self) -> None:
        self._handle.cancel()


class HeadlessDesk:
    """A `SyncHost` that is no screen."""

    def __init__(self, plan: Plan, number: int, record: Record, library: Services, fault: Fault = "") -> None:
        """`library` is a desk whose phrases are shared: a real desk has its own."""
        self.name = plan.name(number)
        self.services = AgentServices(desk_settings(plan, number), record, fault)
        self.services.live_library = library.live_library
        self.worker = SerialWorker()
        self.state = FoundState(self.services)
        self.sync = DeskSync(self.services, self.worker, self.state, self, warm_up=lambda: None)
        self.opened = asyncio.Event()
        self.log_changed = asyncio.Event()
        self.is_running = True
        self._record = record
        self._is_deaf = fault == "lost-news"
        self._tasks: dict[asyncio.Task[None], str] = {}

    def show_chats(self) -> None:
        """Do nothing: there is no strip of chats."""

    def notify_user(self, *_message: object, **_options: object) -> None:
        """Do nothing: nobody reads it."""

    # SyncHost

    def post_message(self, message: "Message") -> bool:
        """Handle it later, in its order."""
        asyncio.get_running_loop().call_soon(self._handle, message)
        return True

    def run_worker(self, work: Coroutine[Any, Any, None], /, *, group: str, exclusive: bool = False) -> "Worker[None]":
        """Run it as a task; what it raises is a mishap, as it would end a real desk."""
        if exclusive:
            for task in [task for task, its_group in self._tasks.items() if its_group == group]:
                task.cancel()
        task = asyncio.ensure_future(self._guarded(work))
        self._tasks[task] = group
        task.add_done_callback(lambda done: self._tasks.pop(done, None))
        return cast("Worker[None]", task)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            self._record.mishaps.append(f"{self.name}: {type(error).__name__} {error}")

    def set_timer(self, delay: float, callback: Callable[[], object], /) -> "Timer":
        """Call back once."""
        return cast("Timer", _LoopTimer(asyncio.get_running_loop().call_later(delay, callback)))

    # What the screen does

    def go(self, change: Callable[[], object]) -> None:
        """Change to another chat, as `DeskScreen.go` does."""
        left = self.state.chat.id
        change()
        if self.state.chat.id != left:
            self.sync.save_now()
        else:
            self.sync.save_soon()

    def _handle(self, message: "Message") -> None:
        state, record, now = self.state, self._record, time.monotonic()
        if isinstance(message, messages.BooksRead):
            state.habits = message.habits
            state.read(message.library)
        elif isinstance(message, messages.DeskReady):
            state.is_ready = True
        elif isinstance(message, messages.DeskOpened):
            state.habits = message.habits
            self.go(lambda: state.restore(message.chats, message.incidents))
            self._note_facts(now)
            self.opened.set()
        elif isinstance(message, messages.FactsChanged):
            self._take_facts(message, now)
        elif isinstance(message, messages.ChatsRead):
            if self.sync.is_current(message) and not state.has_all_of(message.chats):
                state.take_chats(message.chats)
        elif isinstance(message, messages.NewsHeard):
            if any(each.topic not in ("incident", "chat") for each in message.news):
                self.log_changed.set()
        elif isinstance(message, messages.OfferDecided):
            record.seen.append((("decision", message.decided.offer.id, 0), self.name, now))
        elif isinstance(message, messages.StoreLost):
            if not state.store_error:
                record.lost.append((self.name, now))
            state.lose_store(message.reason)
        elif isinstance(message, messages.WatchFailed | messages.RowsLeftOut):
            record.mishaps.append(f"{self.name}: {message}")

    def _take_facts(self, message: messages.FactsChanged, now: float) -> None:
        state = self.state
        if self._is_deaf and state.incidents.histories:
            return
        if state.store_error:
            self._record.back.append((self.name, now))
        state.store_error = ""
        state.has_store = True
        state.update_incidents(message.incidents)
        self._note_facts(now)
        if state.unsaved:
            self.sync.save_soon()

    def _note_facts(self, now: float) -> None:
        for history in self.state.incidents.histories.values():
            self._record.seen.append((("facts", history[-1].id, history[-1].version), self.name, now))

    @property
    def versions(self) -> dict[str, int]:
        """The version of each incident that the desk shows."""
        return {id_: history[-1].version for id_, history in self.state.incidents.histories.items()}


def desk_settings(plan: Plan, number: int) -> Settings:
    """Return the settings of an agent's desk."""
    name = plan.name(number)
    return Settings(
        home=plan.folder / "homes" / f"{number}",
        database=desk_url(plan, name),
        agent=name,
        language="zh",
        phrasebooks=(plan.folder / "book",),
        role="lead" if plan.is_lead(number) else "agent",
    )


def desk_url(plan: Plan, name: str) -> str:
    """Return the URL by which an agent connects."""
    url = make_url(plan.url).set(username=name, password=plan.password or None)
    return url.render_as_string(hide_password=False)

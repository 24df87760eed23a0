"""The desk: facts, chats, one search box that keeps the focus, results, the reply and its check.

This screen turns what the person does and what happened elsewhere into changes of its `DeskState`, and shows them. What
takes several steps is in `flows`, what blocks is in the `SerialWorker`.
"""

from collections.abc import Callable, Coroutine
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.screen import Screen

from agent_assist.cleaning import clean
from agent_assist.locale import _
from agent_assist.services import Services
from agent_assist.tui.background import SerialWorker
from agent_assist.tui.desk.actions import CHAT_KEYS, bindings, by_id, by_key
from agent_assist.tui.desk.incident_news import incident_news
from agent_assist.tui.desk.messages import (
    BooksChanged,
    BooksRead,
    DeskOpened,
    DeskReady,
    DraftsNotKept,
    FactsChanged,
    HabitsChanged,
    OfferDecided,
    RowsLeftOut,
    StoreLost,
    WatchFailed,
)
from agent_assist.tui.desk.render.books_text import said_of_change, said_of_mistakes
from agent_assist.tui.desk.sync import DeskSync, Pace
from agent_assist.tui.desk.view import DeskView
from agent_assist.tui.desk.widgets.chat_strip import ChatStrip
from agent_assist.tui.desk.widgets.preview import Preview
from agent_assist.tui.desk.widgets.result_list import ResultList
from agent_assist.tui.desk.widgets.search_box import SearchBox
from agent_assist.tui.ordered_input import LineEnds
from agent_assist.tui.running_command import KEY_HOLD_SECONDS, RunningCommand
from agent_assist.tui.widgets.foot_line import FootLine
from agent_assist.tui.widgets.layout import LAYOUTS, layout_for

if TYPE_CHECKING:
    from agent_assist.tui.desk.commands.send_reply import LastEnter

T = TypeVar("T")

READING = 1.0
"""Seconds after a change of the facts in which Enter copies nothing: it was meant for the reply before."""

TICK = 1.0
"""Seconds between looks at the clock; what is shown changes by the minute."""


class DeskScreen(DeskView):
    """One agent's desk."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    line_ends: LineEnds = "always"  # Enter copies

    def __init__(self, services: Services, worker: SerialWorker, pace: Pace | None = None) -> None:
        super().__init__(services)
        self.worker = worker
        self.sync = DeskSync(self, pace)
        self._minute = -1
        self.ticks: Callable[[], float] = monotonic
        """Seconds that only go forward, for what happens shortly after something else."""
        self._moved_at = -READING
        self.last_enter: LastEnter | None = None
        self.running_command = RunningCommand()

    def compose(self) -> ComposeResult:
        self._arrange(self.app.size)  # before there are widgets whose styles would have to be worked out twice
        yield from super().compose()

    def on_mount(self) -> None:
        self.show_fixed()
        self.show_all()
        self.set_interval(TICK, self._tick)
        self.call_after_refresh(self.sync.start)

    def _tick(self) -> None:
        minute = int(self.services.clock().timestamp() // 60)
        if minute != self._minute:
            self._minute = minute
            self.show_chats()
            self.show_facts()
            self.show_reply()
        if not self.state.is_ready:
            self.show_list()  # how far the index is

    def on_resize(self, event: events.Resize) -> None:
        self._arrange(event.size)
        self.call_after_refresh(self.show_all)
        self.call_after_refresh(self.query_one(SearchBox).focus)

    def _arrange(self, size: Size) -> None:
        self.layout_now = layout_for(size.width, size.height)
        for name in LAYOUTS:
            self.set_class(name == self.layout_now, f"-{name}")

    # What the person does

    def on_key(self, event: events.Key) -> None:
        """Whatever took the focus away, what is typed goes into the search box."""
        box = self.query_one(SearchBox)
        if self.focused is None and event.is_printable and event.character is not None:
            event.stop()
            box.focus()
            box.insert_text_at_cursor(event.character)

    def typed(self, query: str) -> None:
        self.last_enter = None
        self.state.type(query)
        self.remove_class("-facts-open", "-reply-open")
        self.show_list()
        self.call_after_refresh(self._follow, query)

    async def pressed(self, event: events.Key) -> None:
        key = event.key
        if key in CHAT_KEYS:
            self.action_chat(CHAT_KEYS.index(key) + 1)
        elif key in by_id("send").keys and self.running_command.was_running_at(event.time):  # that reply is gone
            self.notify_user(_("One moment, the last step is not finished yet."), "warning")
        else:
            await self.action_do(by_key(key).id)

    def _follow(self, query: str) -> None:
        """The list is painted; now the reply, unless the next key was faster."""
        if query == self.state.chat.query:
            self.show_reply()
            self.sync.note(query)

    @on(SearchBox.PasteCut)
    def _paste_cut(self, event: SearchBox.PasteCut) -> None:
        pasted, kept = event.pasted, event.kept
        said = _("The pasted text has {pasted} characters; the first {kept} are searched.", pasted=pasted, kept=kept)
        self.notify_user(said, "warning")

    @on(SearchBox.HelpAsked)
    async def _help_asked(self) -> None:
        await self.action_do("help")

    @on(ResultList.Picked)
    def _row_picked(self, event: ResultList.Picked) -> None:
        self.choose(event.place)

    @on(ChatStrip.Picked)
    async def _chat_picked(self, event: ChatStrip.Picked) -> None:
        if event.place < 0:
            await self.action_do("new_chat")
        else:
            self.go(lambda: self.state.go(self.state.chat_tabs.chosen(event.place)))

    @on(FootLine.Picked)
    async def _action_picked(self, event: FootLine.Picked) -> None:
        await self.action_do(event.action_id)

    @on(Preview.Scrolled)
    def _scrolled(self) -> None:
        self.show_verdict()

    async def action_do(self, action_id: str) -> None:
        """Do what an action of the registry says, or say why it does not work now."""
        reason = by_id(action_id).disabled_reason(self.state.conditions(self.layout_now))
        if reason:
            self.notify_user(reason, "warning")
            return
        from agent_assist.tui.desk.commands import COMMANDS  # after the first paint

        await COMMANDS[action_id](self)

    def action_chat(self, number: int) -> None:
        """Go straight to the chat with this number."""
        chat_tabs = self.state.chat_tabs
        chat = chat_tabs.numbered(number)
        if chat is None:
            self.notify_user(_("There is no chat {number}.", number=number), "warning")
            return
        self.go(lambda: self.state.go(chat_tabs.turned_to(chat.id)))

    def go(self, change: Callable[[], object]) -> None:
        """Change to another chat and show it as it was left."""
        self.last_enter = None
        change()
        self.query_one(SearchBox).set_quietly(self.state.chat.query)
        self.remove_class("-facts-open", "-reply-open")
        self.show_all()
        self.sync.soon()

    def choose(self, place: int) -> None:
        """Choose the phrase at this place."""
        self.last_enter = None
        self.state.choose(place)
        self.show_results()
        self.sync.soon()

    # For the flows

    def shows_reply(self) -> bool:
        """Whether the reply is on the screen; else show it, so that the next Enter knows what it copies."""
        if self.layout_now == "tiny":
            self.notify_user(_("The window is too small to read the reply."), "warning")
            return False
        if not self.hides_reply:
            return True
        self.remove_class("-facts-open")
        self.set_class(self.layout_now == "small", "-reply-open")
        self.call_after_refresh(self.show_results)
        return False

    @property
    def has_just_moved(self) -> bool:
        """Whether others changed the reply on the screen so short a time ago that nobody can have read it."""
        return self.ticks() - self._moved_at < READING

    def notify_user(self, message: str, severity: str = "information", seconds: float = 5.0) -> None:
        """A short message that goes by itself; cleaned, and never markup."""
        level = severity if severity in ("warning", "error") else "information"
        self.notify(clean(message), severity=level, timeout=seconds, markup=False)  # type: ignore[arg-type]

    def run_command(self, flow: Coroutine[None, None, None]) -> None:
        """Run something that asks or waits; while one is under way another is not begun."""
        if any(worker.group == "command" and worker.is_running for worker in self.workers):
            flow.close()
            self.notify_user(_("One moment, the last step is not finished yet."), "warning")
            return
        self.running_command.start()
        self.run_worker(self._take_step(flow), group="command")

    async def _take_step(self, flow: Coroutine[None, None, None]) -> None:
        try:
            await flow
        finally:
            self.running_command.finish()

    @property
    def is_running_command(self) -> bool:
        """Whether what is typed waits for what the step under way asks."""
        return self.running_command.holds_keys(KEY_HOLD_SECONDS)

    async def ask(self, question: Screen[T]) -> T | None:
        """Ask with a dialog and wait for its answer."""
        answer = await self.app.push_screen_wait(question)
        self.running_command.start()
        return answer

    # What happened in the background

    @on(BooksRead)
    def _books_read(self, event: BooksRead) -> None:
        self.state.habits = event.habits
        self.state.read(event.library)
        self.show_chats()
        self.show_results()
        if said := said_of_mistakes(event.library):
            self.notify_user(said, "warning", 12)

    @on(BooksChanged)
    def _books_changed(self, event: BooksChanged) -> None:
        state, new = self.state, event.new
        said, is_wrong = said_of_change(state.library, new.library, new.changed)
        state.restock(new)
        self.show_chats()
        self.show_results()
        if said:
            self.notify_user(said, "warning" if is_wrong else "information", 12 if is_wrong else 5)

    @on(DeskReady)
    def _ready(self) -> None:
        self.state.is_ready = True
        self.state.library = self.services.library
        self.state.find(phrase_id=self.state.chat.phrase_id)
        self.show_all()

    @on(DeskOpened)
    def _desk_opened(self, event: DeskOpened) -> None:
        self.store_error = ""
        self.state.habits = event.habits
        self.go(lambda: self.state.restore(event.chats, event.incidents))

    @on(FactsChanged)
    def _facts_changed(self, event: FactsChanged) -> None:
        before, self.store_error = self.state.incidents, ""
        shown = self.reply_shown
        self.state.has_store = True
        self.state.learn(event.incidents)
        self.show_all()
        if shown and (now := self.reply_shown) and shown.text != now.text:
            self._moved_at = self.ticks()
        for said in incident_news(before, event.incidents, self.state.incident):
            self.notify_user(said, "warning", 10)
        if self.state.unkept:
            self.sync.soon()

    @on(OfferDecided)
    def _offer_decided(self, event: OfferDecided) -> None:
        from agent_assist.tui.desk.approval_watch import MARKS, sentence

        offer = event.decided.offer
        if offer.chat and offer.chat != self.state.chat.id:
            self.state.news[offer.chat] = MARKS.get(offer.state, "!")
        self.show_chats()
        self.notify_user(sentence(event.decided), "information" if offer.state == "approved" else "warning", 15)

    @on(HabitsChanged)
    def _habits_changed(self, event: HabitsChanged) -> None:
        self.state.habits = self.state.habits.of(event.uses)

    @on(StoreLost)
    def _store_lost(self, event: StoreLost) -> None:
        first, self.store_error = not self.store_error, event.reason
        self.state.lose_store()
        self.show_all()
        if first:
            self.notify_user(_("{reason} Finding, filling and copying go on.", reason=event.reason), "error", 10)

    @on(WatchFailed)
    def _watch_failed(self, event: WatchFailed) -> None:
        said = _("Something that changed cannot be shown ({reason}); the desk goes on without it.", reason=event.reason)
        self.notify_user(said + " " + _("Please report it."), "warning", 15)

    @on(RowsLeftOut)
    def _rows_left_out(self, event: RowsLeftOut) -> None:
        said = _("Rows of the database that cannot be used and are left out: {count}.", count=len(event.rows))
        self.notify_user(said + " " + _("Which, and why: agent-assist doctor"), "warning", 8)

    @on(DraftsNotKept)
    def _not_kept(self, event: DraftsNotKept) -> None:
        self.notify_user(_("Drafts could not be saved: {reason}", reason=event.reason), "error", 10)

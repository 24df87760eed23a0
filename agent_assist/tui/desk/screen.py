"""The desk: facts, chats, one search box that keeps the focus, results, the reply and its check.

This screen turns what the person does and what happened elsewhere into changes of its `DeskState`, and lets the regions
show it. What takes several steps is a command, what blocks runs in the `SerialWorker`.
"""

from collections.abc import Callable, Iterable
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.widget import Widget

from agent_assist.chats import Chat
from agent_assist.locale import _
from agent_assist.services import Services
from agent_assist.tui.background import SerialWorker
from agent_assist.tui.command import Action, CommandLoader
from agent_assist.tui.command_screen import AlertChanged, CommandScreen
from agent_assist.tui.desk.actions import ACTIONS, CHAT_KEYS, DeskConditions, chat_bindings, footer_actions
from agent_assist.tui.desk.exchange_news import exchange_news
from agent_assist.tui.desk.incident_news import NewsReader, incident_news
from agent_assist.tui.desk.messages import (
    BooksChanged,
    BooksRead,
    ChatsRead,
    DeskOpened,
    DeskReady,
    DraftsNotSaved,
    FactsChanged,
    OfferDecided,
    RowsLeftOut,
    StatusPageFailed,
    StatusPageRead,
    StoreLost,
    UsesRead,
    WatchFailed,
)
from agent_assist.tui.desk.overdue_watch import OverdueWatch
from agent_assist.tui.desk.page_state import StatusPageState
from agent_assist.tui.desk.render.alert_text import alert_line, overdue_message
from agent_assist.tui.desk.render.books_text import books_news, mistakes_message
from agent_assist.tui.desk.render.page_text import page_differences
from agent_assist.tui.desk.state import DeskState
from agent_assist.tui.desk.sync import DeskSync, PollIntervals
from agent_assist.tui.desk.widgets.chat_strip import ChatStrip
from agent_assist.tui.desk.widgets.facts_panel import FactsBrief, FactsPanel
from agent_assist.tui.desk.widgets.finder import Finder
from agent_assist.tui.desk.widgets.reply_panel import ReplyPanel
from agent_assist.tui.desk.widgets.result_list import ResultList
from agent_assist.tui.desk.widgets.search_box import SearchBox
from agent_assist.tui.ordered_input import LineEnds

if TYPE_CHECKING:
    from agent_assist.tui.desk.last_enter import LastEnter

READING_SECONDS = 1.0
"""Seconds after a change of the facts in which Enter copies nothing: it was meant for the reply before."""

CLOCK_INTERVAL = 1.0
"""Seconds between looks at the clock; what is shown changes by the minute."""


class DeskScreen(CommandScreen[DeskConditions, None]):
    """One agent's desk."""

    ACTIONS = ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*chat_bindings()]
    AUTO_FOCUS = "SearchBox"
    line_ends: LineEnds = "always"  # Enter copies

    def __init__(
        self,
        services: Services,
        worker: SerialWorker,
        *,
        commands: CommandLoader,
        warm_up: Callable[[], None],
        intervals: PollIntervals | None = None,
    ) -> None:
        """`warm_up` prepares in the worker what searching, filling and the first key need."""
        super().__init__(commands)
        self.services = services
        self.worker = worker
        self.state = DeskState(services)
        self.sync = DeskSync(services, worker, self.state, self, warm_up=warm_up, intervals=intervals)
        self._minute = -1
        self.ticks: Callable[[], float] = monotonic
        """Seconds that only go forward, for what happens shortly after something else."""
        self._moved_at = -READING_SECONDS
        self._has_chat_news = False
        self.last_enter: LastEnter | None = None
        self.overdue_watch = OverdueWatch()
        self.finder = Finder(self.state, self.typed, self.pressed)
        self.reply_panel = ReplyPanel(self.state)

    def body(self) -> Iterable[Widget]:
        yield ChatStrip(self.state, id="chats")
        yield FactsBrief(self.state, id="brief")
        work = Vertical(self.finder, self.reply_panel, id="work")
        yield Horizontal(FactsPanel(self.state, id="facts"), work, id="room")

    def on_mount(self) -> None:
        self.set_interval(CLOCK_INTERVAL, self._tick)
        self.call_after_refresh(self.sync.start)
        if problem := self.services.local_zone.problem:
            self.notify_user(problem, "warning", 15)

    def _tick(self) -> None:
        minute = int(self.services.clock().timestamp() // 60)
        if minute != self._minute:
            self._minute = minute
            self.show_chats()
            self.show_facts()
            self.show_reply()
        self.show_alerts()
        if not self.state.is_ready:
            self.show_list()  # how far the index is

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - Textual calls that of the base too
        self.call_after_refresh(self.finder.box.focus)

    def choose_layout(self, size: Size) -> None:
        super().choose_layout(size)
        self.state.layout = self.layout_now

    # What is shown

    def conditions(self) -> DeskConditions:
        return self.state.conditions(is_hidden=self.hides_reply)

    def footer_actions(self) -> list[Action[DeskConditions]]:
        return footer_actions(self.conditions())

    def show_all(self) -> None:
        self.show_chats()
        self.show_facts()
        self.show_results()

    def show_chats(self) -> None:
        """Show the strip of chats and who is at the desk."""
        self.query_one(ChatStrip).draw()

    def show_facts(self) -> None:
        """Show the facts of this chat's incident in both forms; one of them is visible."""
        self.query_one(FactsPanel).draw()
        self.query_one(FactsBrief).draw()

    def show_alerts(self) -> None:
        """Show on every screen what customers wait for and what is new; ring once for what became overdue."""
        state = self.state
        late = state.overdue
        if self.overdue_watch.is_ringing(late, is_known=state.has_store):
            if self.services.settings.clock_bell == "on":
                self.app.bell()
            self.notify_user(overdue_message(late), "warning", 10)
        alert = alert_line(len(late), state.incident_marks, state.incidents)
        if not alert.is_same(self.alert):
            self.post_message(AlertChanged(alert))

    def show_results(self) -> None:
        """Show the list and the reply of the chosen phrase."""
        self.show_list()
        self.show_reply()

    def show_list(self) -> None:
        """Show the list, and how many phrases there are."""
        self.finder.show_list()

    def show_reply(self) -> None:
        """Fill the reply again, show it with its check, and what can be done now."""
        self.state.update_reply()
        self.paint_reply()

    def paint_reply(self) -> None:
        """Show the reply of the state as it is."""
        self.reply_panel.show_reply()
        self.show_footer()

    @property
    def hides_reply(self) -> bool:
        """Whether the results or the facts stand where the reply would be."""
        covered = self.has_class("-facts-open") and self.layout_now != "wide"
        return covered or (self.layout_now == "small" and not self.has_class("-reply-open"))

    def uncover_reply(self) -> bool:
        """Return whether the reply was in sight; else show it, so that the next Enter knows what it copies."""
        if self.layout_now == "tiny":
            self.notify_user(_("The window is too small to read the reply."), "warning")
            return False
        if not self.hides_reply:
            return True
        self.remove_class("-facts-open")
        self.set_class(self.layout_now == "small", "-reply-open")
        self.call_after_refresh(self.show_results)
        return False

    def notify_moved(self) -> None:
        """Say that the reply is not the one that was read."""
        self.notify_user(_("The facts moved on a moment ago. Read the reply again, then press Enter."), "warning")

    @property
    def has_just_moved(self) -> bool:
        """Whether others changed the reply on the screen so short a time ago that nobody can have read it."""
        return self.ticks() - self._moved_at < READING_SECONDS

    # What the person does

    def on_key(self, event: events.Key) -> None:
        """Put what is typed into the search box, whatever took the focus away."""
        if self.focused is None and event.is_printable and event.character is not None:
            event.stop()
            self.finder.box.focus()
            self.finder.box.insert_text_at_cursor(event.character)

    def typed(self, query: str) -> None:
        """Search for what the box holds now."""
        self.last_enter = None
        self.state.type(query)
        self.sync.save_soon()  # now: a person may type on faster than the screen follows
        self.remove_class("-facts-open", "-reply-open")
        self.show_list()
        self.call_after_refresh(self._show_reply_to, query)

    def _show_reply_to(self, query: str) -> None:
        """Show the reply after the list is painted, unless the next key was faster."""
        if query == self.state.chat.query:
            self.show_reply()
            self.sync.note_query(query)

    async def pressed(self, event: events.Key) -> None:
        """Do the action of a key that was pressed in the search box."""
        key = event.key
        if key in CHAT_KEYS:
            self.action_chat(CHAT_KEYS.index(key) + 1)
        elif key in ACTIONS["send"].keys and self.running_command.was_running_at(event.time):  # that reply is gone
            self.notify_user(_("One moment, the last step is not finished yet."), "warning")
        else:
            await self.action_do(ACTIONS.by_key(key).id)

    @on(SearchBox.PasteCut)
    def _paste_cut(self, event: SearchBox.PasteCut) -> None:
        self.notify_user(
            _(
                "The pasted text has {pasted} characters; the first {kept} are searched.",
                pasted=event.pasted,
                kept=event.kept,
            ),
            "warning",
        )

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
            self.go(lambda: self.state.go(self.state.chat_tabs.select_at(event.place)))

    def action_chat(self, number: int) -> None:
        """Go straight to the chat with this number."""
        chat_tabs = self.state.chat_tabs
        chat = chat_tabs.numbered(number)
        if chat is None:
            self.notify_user(_("There is no chat {number}.", number=number), "warning")
            return
        self.go(lambda: self.state.go(chat_tabs.select(chat.id)))

    def go(self, change: Callable[[], object]) -> None:
        """Change to another chat and show it as it was left."""
        self.last_enter = None
        left = self.state.chat.id
        change()
        self.finder.box.set_quietly(self.state.chat.query)
        self.remove_class("-facts-open", "-reply-open")
        self.show_all()
        if self.state.chat.id != left:
            self.sync.save_now()
        else:
            self.sync.save_soon()

    def choose(self, place: int) -> None:
        """Choose the phrase at this place."""
        self.last_enter = None
        self.state.choose(place)
        self.show_results()
        self.sync.save_soon()

    # What happened in the background

    @on(BooksRead)
    def _books_read(self, event: BooksRead) -> None:
        self.state.habits = event.habits
        self.state.read(event.library)
        self.show_chats()
        self.show_results()
        if mistakes := mistakes_message(event.library):
            self.notify_user(mistakes, "warning", 12)

    @on(BooksChanged)
    def _books_changed(self, event: BooksChanged) -> None:
        news, is_wrong = books_news(self.state.library, event.new.library, event.new.changed)
        self.state.reload(event.new)
        self.show_chats()
        self.show_results()
        if news:
            self.notify_user(news, "warning" if is_wrong else "information", 12 if is_wrong else 5)

    @on(DeskReady)
    def _ready(self) -> None:
        self.state.is_ready = True
        self.state.library = self.services.library
        self.state.find(phrase_id=self.state.chat.phrase_id)
        self.show_all()

    @on(DeskOpened)
    def _desk_opened(self, event: DeskOpened) -> None:
        self.state.habits = event.habits
        self.state.role = event.role
        self.go(lambda: self.state.restore(event.chats, event.incidents))

    @on(ChatsRead)
    def _chats_read(self, event: ChatsRead) -> None:
        """Take what other terminals did, once no dialog works on a chat as it was and nothing is being saved."""
        if self.app.screen is not self:
            self._has_chat_news = True
        elif not self.sync.is_current(event):
            self.sync.read_chats()
        elif not self.state.has_all_of(event.chats):
            self._take_chats(event.chats)

    def on_screen_resume(self) -> None:
        self.state.shows_log = False
        if self._has_chat_news:
            self._has_chat_news = False
            self.sync.read_chats()

    def _take_chats(self, chats: tuple[Chat, ...]) -> None:
        state = self.state
        before, was_read = state.chat, state.reply
        exchanged = state.take_chats(chats)
        if state.chat.query != before.query or state.chat.id != before.id:
            self.last_enter = None
            self.finder.box.set_quietly(state.chat.query)
        self.show_all()
        if was_read and state.reply and (state.chat.id, state.reply.text) != (before.id, was_read.text):
            self._moved_at = self.ticks()
        for message in exchange_news(exchanged, state.name_of):
            self.notify_user(message, "warning", 10)
        if state.unsaved:
            self.sync.save_soon()
        else:
            self.sync.journal_soon()  # what was erased must not stay in it

    @on(FactsChanged)
    def _facts_changed(self, event: FactsChanged) -> None:
        before, was_read = self.state.incidents, self.state.reply
        self.state.store_error = ""
        self.state.has_store = True
        self.state.update_incidents(event.incidents)
        self.show_all()
        if was_read and self.state.reply and was_read.text != self.state.reply.text:
            self._moved_at = self.ticks()
        for news in incident_news(before, event.incidents, self._news_reader()):
            self.notify_user(news.message, "warning", 10)
            if news.kind != "changed":
                self.state.incident_marks[news.incident.id] = news.kind
        self.show_alerts()
        if self.state.unsaved:
            self.sync.save_soon()

    def _news_reader(self) -> NewsReader:
        state, services = self.state, self.services
        about = {chat.incident_id for chat in state.chat_tabs.chats}
        return NewsReader(state.incident, about, services.clock(), services.tz)

    @on(OfferDecided)
    def _offer_decided(self, event: OfferDecided) -> None:
        from agent_assist.tui.desk.approval_watch import DECISION_MARKS, message_for  # loaded with the database

        offer = event.decided.offer
        if offer.chat and offer.chat != self.state.chat.id:
            self.state.news[offer.chat] = DECISION_MARKS.get(offer.state, "!")
        self.show_chats()
        self.notify_user(message_for(event.decided), "information" if offer.state == "approved" else "warning", 15)

    @on(UsesRead)
    def _uses_read(self, event: UsesRead) -> None:
        self.state.habits = self.state.habits.with_uses(event.uses)

    @on(StoreLost)
    def _store_lost(self, event: StoreLost) -> None:
        is_first = not self.state.store_error
        self.state.lose_store(event.reason)
        self.show_all()
        if is_first:
            self.notify_user(_("{reason} Finding, filling and copying go on.", reason=event.reason), "error", 10)

    @on(WatchFailed)
    def _watch_failed(self, event: WatchFailed) -> None:
        what = _("Something that changed cannot be shown ({reason}); the desk goes on without it.", reason=event.reason)
        self.notify_user(what + " " + _("Please report it."), "warning", 15)

    @on(StatusPageRead)
    def _page_read(self, event: StatusPageRead) -> None:
        before = self.state.status_page
        if before.error:
            self.notify_user(_("The status page is read again."))
        told = page_differences(event.reading, self.services) if event.reading else before.differences
        if told and told != before.differences:
            self.notify_user(told, "warning", 15)
        self.state.status_page = StatusPageState(read_at=self.services.clock(), differences=told)
        self.show_chats()

    @on(StatusPageFailed)
    def _page_failed(self, event: StatusPageFailed) -> None:
        before = self.state.status_page
        self.state.status_page = replace(before, error=event.reason)
        self.show_chats()
        if not before.error:
            self.notify_user(event.reason, "warning", 10)

    @on(RowsLeftOut)
    def _rows_left_out(self, event: RowsLeftOut) -> None:
        what = _("Rows of the database that cannot be used and are left out: {count}.", count=len(event.rows))
        self.notify_user(what + " " + _("Which, and why: agent-assist doctor"), "warning", 8)

    @on(DraftsNotSaved)
    def _drafts_not_saved(self, event: DraftsNotSaved) -> None:
        if event.in_journal:
            kept = _("Drafts are kept on this machine until the database takes them: {reason}", reason=event.reason)
            self.notify_user(kept, "warning", 10)
        else:
            self.notify_user(_("Drafts could not be saved: {reason}", reason=event.reason), "error", 10)

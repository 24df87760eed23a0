"""The desk: facts, chats, one search box that keeps the focus, results, the reply and its check.

This screen shows a `Sitting` and passes on what the person does. What takes several steps is in `flows`, what blocks is
in the `Backroom`.
"""

from collections.abc import Callable, Coroutine
from typing import ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input

from agent_assist.desk import Desk, Reply
from agent_assist.errors import Refused
from agent_assist.locale import _
from agent_assist.tui import flows
from agent_assist.tui.actions import bindings, by_id, in_footer
from agent_assist.tui.backroom import Backroom
from agent_assist.tui.content import content
from agent_assist.tui.flows.keeping import Keeping
from agent_assist.tui.layout import LAYOUTS, NEEDED, Layout, layout_for
from agent_assist.tui.messages import BooksRead, DeskOpened, DraftsNotKept, FactsChanged, StoreLost
from agent_assist.tui.sitting import Sitting
from agent_assist.tui.text.chats import chat_name
from agent_assist.tui.text.line import MARKS, joined
from agent_assist.tui.text.reply import about, heading, paragraphs, verdict
from agent_assist.tui.text.results import nothing_lines
from agent_assist.tui.widgets.chat_strip import ChatStrip
from agent_assist.tui.widgets.facts_panel import FactsBrief, FactsPanel, Known
from agent_assist.tui.widgets.foot_line import FootLine
from agent_assist.tui.widgets.lines import Lines, set_title
from agent_assist.tui.widgets.preview import Preview
from agent_assist.tui.widgets.result_list import ResultList
from agent_assist.tui.widgets.search_box import SearchBox

T = TypeVar("T")

TICK = 1.0
"""Seconds between looks at the clock; what is shown changes by the minute."""


class DeskScreen(Screen[None]):
    """One agent's desk."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(MARKS)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    AUTO_FOCUS = "SearchBox"

    def __init__(self, desk: Desk, backroom: Backroom) -> None:
        super().__init__()
        self.desk = desk
        self.sitting = Sitting(desk)
        self.backroom = backroom
        self.keeping = Keeping(self)
        self.layout_now: Layout = "wide"
        self.trouble = ""
        """Why the database cannot be used; "" while it can."""
        self._reply: Reply | None = None
        self._minute = -1

    def compose(self) -> ComposeResult:
        yield ChatStrip(id="chats")
        yield FactsBrief(id="brief")
        with Horizontal(id="room"):
            yield FactsPanel(id="facts")
            with Vertical(id="work"):
                with Vertical(id="finder"):
                    with Horizontal(id="ask"):
                        yield Lines(id="prompt")
                        yield SearchBox(placeholder=_("customer's words, pinyin, keywords"), compact=True, id="search")
                        yield Lines(id="count")
                    yield ResultList(id="results")
                with Vertical(id="answer"):
                    yield Preview(id="preview")
                    yield Lines(id="verdict")
        yield FootLine(id="foot")
        yield Lines(id="too-small")

    def on_mount(self) -> None:
        self.sitting.library = self.desk.library
        self.sitting.find()
        self.query_one("#prompt", Lines).show([content("▸", ".accent")])
        needed = _("This window is too small. The desk needs at least {columns} × {rows}.", columns=NEEDED[0], rows=NEEDED[1])
        self.query_one("#too-small", Lines).show(paragraphs([needed], 30))
        self.show_all()
        self.set_interval(TICK, self._tick)
        self.call_after_refresh(self.keeping.start)

    # What is on the screen

    def show_all(self) -> None:
        """Show everything anew."""
        self.show_chats()
        self.show_facts()
        self.show_results()

    def show_chats(self) -> None:
        """Show the strip of chats and who is at the desk."""
        agent = self.desk.settings.agent
        right = content(_("! database not reachable"), ".danger") if self.trouble else content(agent, ".dim")
        if self.desk.settings.demo and not self.trouble:
            right = joined([(_("demo"), ".accent"), (agent, ".dim")])
        self.query_one(ChatStrip).show_chats(self.sitting.slots, self.desk.clock(), right)

    def show_facts(self) -> None:
        """Show the facts of this chat's incident in both forms; one of them is visible."""
        sitting = self.sitting
        history = sitting.board.history(sitting.incident)
        known = Known(
            history=history, now=self.desk.clock(), tz=self.desk.tz, others=max(0, len(sitting.board.open) - 1),
            instead=self._no_facts(),
        )  # fmt: skip
        self.query_one(FactsPanel).show_facts(known)
        self.query_one(FactsBrief).show_facts(known)

    def _no_facts(self) -> list[str]:
        if self.trouble:
            return [_("The database cannot be reached."), self.trouble, _("Finding, filling and copying go on.")]
        if not self.sitting.has_store:
            return [_("Opening the database…")]
        return [_("No incident is open."), _("Something is down? F5 records it; replies then fill themselves.")]

    def show_results(self) -> None:
        """Show the list and, with it, the reply."""
        sitting = self.sitting
        hits = len(sitting.rows) if sitting.chat.query else len(sitting.library.active)
        self.query_one("#count", Lines).show([content(f"{hits} / {len(sitting.library.active)}", ".dim")])
        draft = sitting.chat.phrase_id if sitting.chat.edited else ""
        results = self.query_one(ResultList)
        instead = [] if sitting.rows else paragraphs(self._why_empty(), max(10, results.size.width))
        results.show_rows(sitting.rows, sitting.chosen, draft, instead)
        self.show_reply()

    def _why_empty(self) -> list[str]:
        sitting = self.sitting
        return nothing_lines(
            sitting.chat.query, is_ready=sitting.is_ready, has_phrases=bool(sitting.library.phrases),
            problems=len(sitting.library.problems),
        )  # fmt: skip

    def show_reply(self) -> None:
        """Show the reply of the chosen phrase with its check, and what can be done now."""
        sitting = self.sitting
        instead: list[str] = []
        try:
            self._reply = sitting.reply()
        except Refused as refused:
            self._reply, instead = None, [refused.message, refused.way_out]
        if self._reply is None and not instead and sitting.rows:
            instead = [_("The reply appears here in a moment.")]
        self.query_one(Preview).show_reply(self._reply, instead)
        self._show_verdict()
        self.query_one(FootLine).show_actions(in_footer(sitting.situation(self.layout_now, self._reply)))

    def _show_verdict(self) -> None:
        reply, sitting = self._reply, self.sitting
        lights, answer = self.query_one("#verdict", Lines), self.query_one("#answer")
        if reply is None:
            lights.show([])
            set_title(answer, content(_("Reply"), ".title"), content(""))
            return
        cells = lights.size.width or 60
        lights.show(verdict(reply, cells, lights.size.height or 2))
        foot = joined([about(reply), self.query_one(Preview).place])
        set_title(answer, heading(reply, chat_name(sitting.chat), cells), foot)

    @property
    def reply_shown(self) -> Reply | None:
        """The reply on the screen now."""
        return self._reply

    def _tick(self) -> None:
        minute = int(self.desk.clock().timestamp() // 60)
        if minute != self._minute:
            self._minute = minute
            self.show_chats()
            self.show_facts()
            self.show_reply()

    def on_resize(self, event: events.Resize) -> None:
        self.layout_now = layout_for(event.size.width, event.size.height)
        for name in LAYOUTS:
            self.set_class(name == self.layout_now, f"-{name}")
        self.call_after_refresh(self.show_all)

    # What the person does

    @on(Input.Changed, "#search")
    def _typed(self, event: Input.Changed) -> None:
        self.sitting.type(event.value)
        self.remove_class("-facts-open", "-reply-open")
        self.show_results()
        self.keeping.note(event.value)

    @on(SearchBox.PasteCut)
    def _paste_cut(self, event: SearchBox.PasteCut) -> None:
        self.tell(
            _("The pasted text has {pasted} characters; the first {kept} are searched.", pasted=event.pasted, kept=event.kept),
            "warning",
        )  # fmt: skip

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
            self.action_chat(event.place)

    @on(FootLine.Picked)
    async def _action_picked(self, event: FootLine.Picked) -> None:
        await self.action_do(event.action_id)

    @on(Preview.Scrolled)
    def _scrolled(self) -> None:
        self._show_verdict()

    async def action_do(self, action_id: str) -> None:
        """Do what an action of the registry says, or say why it does not work now."""
        reason = by_id(action_id).off(self.sitting.situation(self.layout_now))
        if reason:
            self.tell(reason, "warning")
            return
        await flows.STEPS[action_id](self)

    def action_chat(self, place: int) -> None:
        """Go straight to a chat."""
        if place >= len(self.sitting.slots.chats):
            self.tell(_("There is no chat {number}.", number=place + 1), "warning")
            return
        self.go(lambda: self.sitting.go(self.sitting.slots.chosen(place)))

    def go(self, change: Callable[[], object]) -> None:
        """Change to another chat and show it as it was left."""
        change()
        self.query_one(SearchBox).set_quietly(self.sitting.chat.query)
        self.remove_class("-facts-open", "-reply-open")
        self.show_all()
        self.keeping.soon()

    def choose(self, place: int) -> None:
        """Choose the phrase at this place."""
        self.sitting.choose(place)
        self.show_results()
        self.keeping.soon()

    # For the flows

    def tell(self, message: str, severity: str = "information", seconds: float = 5.0) -> None:
        """A short message that goes by itself; never markup."""
        level = severity if severity in ("warning", "error") else "information"
        self.notify(message, severity=level, timeout=seconds, markup=False)  # type: ignore[arg-type]

    def run_flow(self, flow: Coroutine[None, None, None]) -> None:
        """Run something that asks or waits; while one is under way another is not begun."""
        if any(worker.group == "flow" and worker.is_running for worker in self.workers):
            flow.close()
            self.tell(_("One moment, the last step is not finished yet."), "warning")
            return
        self.run_worker(flow, group="flow")

    async def ask(self, question: Screen[T]) -> T | None:
        """Ask with a dialog and wait for its answer."""
        return await self.app.push_screen_wait(question)

    # What happened in the background

    @on(BooksRead)
    def _books_read(self) -> None:
        self.sitting.is_ready = True
        self.sitting.find(phrase_id=self.sitting.chat.phrase_id)
        self.show_all()

    @on(DeskOpened)
    def _desk_opened(self, event: DeskOpened) -> None:
        self.trouble = ""
        self.go(lambda: self.sitting.restore(event.chats, event.board))

    @on(FactsChanged)
    def _facts_changed(self, event: FactsChanged) -> None:
        before, self.trouble = self.sitting.incident, ""
        self.sitting.board = event.board
        self.sitting.has_store = True
        self.show_all()
        after = self.sitting.incident
        if before and after and before.id == after.id and after.version > before.version:
            self.tell(_("The facts changed: v{version} by {author}.", version=after.version, author=after.author), "warning")

    @on(StoreLost)
    def _store_lost(self, event: StoreLost) -> None:
        first, self.trouble = not self.trouble, event.reason
        self.sitting.has_store = False
        self.show_all()
        if first:
            self.tell(_("{reason} Finding, filling and copying go on.", reason=event.reason), "error", 10)

    @on(DraftsNotKept)
    def _not_kept(self, event: DraftsNotKept) -> None:
        self.tell(_("Drafts could not be saved: {reason}", reason=event.reason), "error", 10)

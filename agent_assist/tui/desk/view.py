"""What the desk shows: compose once, then show the sitting's values in the widgets; no event is handled here."""

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from agent_assist.errors import Refused
from agent_assist.locale import _
from agent_assist.services import Services
from agent_assist.tui.desk.actions import in_footer
from agent_assist.tui.desk.incident_news import title_of
from agent_assist.tui.desk.render.books_text import books_mark
from agent_assist.tui.desk.render.reply_text import about, heading, paragraphs, verdict
from agent_assist.tui.desk.render.results_text import marks, nothing_lines
from agent_assist.tui.desk.state import DeskState
from agent_assist.tui.desk.widgets.chat_strip import ChatStrip
from agent_assist.tui.desk.widgets.facts_panel import FactsBrief, FactsPanel, Known
from agent_assist.tui.desk.widgets.preview import Preview
from agent_assist.tui.desk.widgets.result_list import ResultList
from agent_assist.tui.desk.widgets.search_box import SearchBox
from agent_assist.tui.text.content import content
from agent_assist.tui.text.labels import ago
from agent_assist.tui.text.line import MARKS, joined
from agent_assist.tui.textual_private import IgnoresStaleResizes
from agent_assist.tui.widgets.foot_line import FootLine
from agent_assist.tui.widgets.lines import Lines, set_title
from agent_assist.tui.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from agent_assist.services import Reply
    from agent_assist.tui.widgets.layout import Layout


class DeskView(IgnoresStaleResizes[None]):
    """The desk as it looks; `DeskScreen` adds what it does."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(MARKS)
    AUTO_FOCUS = "SearchBox"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.state = DeskState(services)
        self.layout_now: Layout = "wide"
        self.store_error = ""
        """Why the database cannot be used; "" while it can."""
        self._reply: Reply | None = None

    def compose(self) -> ComposeResult:
        yield ChatStrip(id="chats")
        yield FactsBrief(id="brief")
        with Horizontal(id="room"):
            yield FactsPanel(id="facts")
            with Vertical(id="work"):
                with Vertical(id="finder"):
                    with Horizontal(id="ask"):
                        yield Lines(id="prompt")
                        asked = _("Search: the customer's words, pinyin, keywords")
                        yield SearchBox(self.typed, self.pressed, placeholder=asked, id="search")
                        yield Lines(id="count")
                    yield ResultList(id="results")
                with Vertical(id="answer"):
                    yield Preview(id="preview")
                    yield Lines(id="verdict")
        yield FootLine(id="foot")
        yield TooSmall(id="too-small")

    def typed(self, query: str) -> None:
        """The search box holds something else."""
        raise NotImplementedError

    async def pressed(self, event: events.Key) -> None:
        """A key of the desk was pressed in the search box."""
        raise NotImplementedError

    def show_fixed(self) -> None:
        """Show what never changes."""
        self.query_one("#prompt", Lines).show([content("▸", ".accent")])

    def show_all(self) -> None:
        """Show everything anew."""
        self.show_chats()
        self.show_facts()
        self.show_results()

    def show_chats(self) -> None:
        """Show the strip of chats and who is at the desk."""
        agent = self.services.settings.agent
        right = content(_("! database not reachable"), ".danger") if self.store_error else content(agent, ".dim")
        if self.services.settings.demo and not self.store_error:
            right = joined([(_("demo"), ".accent"), (agent, ".dim")])
        if mark := books_mark(self.state.library, is_wide=self.layout_now == "wide"):
            right = joined([(mark, ".danger"), right])
        if self.state.unrecorded:
            count = len(self.state.unrecorded)
            right = joined([(_("! not on record yet: {count}", count=count), ".danger"), right])
        self.query_one(ChatStrip).show_chats(self.state.chat_tabs, self.services.clock(), right, self.state.news)

    def show_facts(self) -> None:
        """Show the facts of this chat's incident in both forms; one of them is visible."""
        state = self.state
        incident = state.incident
        others = state.incidents.others(incident)
        open_ones = sum(state.incidents.is_open(other.id) for other in others)
        known = Known(
            history=state.incidents.history(incident),
            now=self.services.clock(),
            tz=self.services.tz,
            others=open_ones,
            resolved=len(others) - open_ones,
            is_guessed=state.chat.is_guessed,
            instead=self._no_facts(),
        )
        self.query_one(FactsPanel).show_facts(known)
        self.query_one(FactsBrief).show_facts(known)

    def _no_facts(self) -> list[str]:
        if self.store_error:
            return [_("The database cannot be reached."), self.store_error, _("Finding, filling and copying go on.")]
        if not self.state.has_store:
            return [_("Opening the database…")]
        told = [_("No incident is open.")]
        if recent := self.state.incidents.recent:
            since = ago(self.services.clock() - recent[0].updated_at)
            told.append(_("{title} was resolved {ago}. F8 answers from it.", title=title_of(recent[0]), ago=since))
        return [*told, _("Something is down? F5 records it; replies then fill themselves.")]

    def show_results(self) -> None:
        """Show the list and the reply of the chosen phrase."""
        self.show_list()
        self.show_reply()

    def show_list(self) -> None:
        """Show the list, and how many there are."""
        state = self.state
        hits = len(state.rows) if state.chat.query else len(state.library.active)
        count = self.query_one("#count", Lines)
        figure = f"{hits} / {len(state.library.active)}"
        if state.has_books and not state.is_ready and (percent := state.services.live_library.indexed):
            figure = f"{percent}%"
        count.show([content(figure.rjust(count.size.width), ".dim")])
        count.refresh()  # also when the number stays: it belongs to what was typed
        draft = state.chat.draft_id
        results = self.query_one(ResultList)
        instead = [] if state.rows else paragraphs(self._why_empty(), max(10, results.size.width))
        habits = state.habits
        ends = marks(habits.favourites, habits.pinned)
        results.show_rows(state.rows, state.chosen, draft, ends, instead)

    def _why_empty(self) -> list[str]:
        state = self.state
        has_phrases = bool(state.library.phrases) or not state.has_books
        problems = len(state.library.problems)
        return nothing_lines(state.chat.query, is_ready=state.is_ready, has_phrases=has_phrases, problems=problems)

    def show_reply(self) -> None:
        """Show the reply of the chosen phrase with its check, and what can be done now."""
        state = self.state
        instead: list[str] = []
        try:
            self._reply = state.reply()
        except Refused as refused:
            self._reply, instead = None, [refused.message, refused.hint]
        if self._reply is None and not instead and state.rows:
            instead = [_("The reply appears here in a moment.")]
        self.query_one(Preview).show_reply(self._reply, instead)
        self.show_verdict()
        conditions = state.conditions(self.layout_now, self._reply, is_hidden=self.hides_reply)
        self.query_one(FootLine).show_actions(in_footer(conditions))

    @property
    def hides_reply(self) -> bool:
        """Whether the results or the facts stand where the reply would be."""
        covered = self.has_class("-facts-open") and self.layout_now != "wide"
        return covered or (self.layout_now == "small" and not self.has_class("-reply-open"))

    def show_verdict(self) -> None:
        """Show the check beside the reply, and what is known about it."""
        reply, state = self._reply, self.state
        lights, answer = self.query_one("#verdict", Lines), self.query_one("#answer")
        if reply is None:
            lights.show([])
            set_title(answer, content(_("Reply"), ".title"))
            return
        cells = lights.size.width or 60
        place = self.query_one(Preview).place
        known = joined([place, about(reply, state.chat.drafted_version)])
        lights.show(verdict(reply, known, cells, lights.size.height or 2))
        set_title(answer, heading(reply, state.name_of(state.chat), cells))

    @property
    def reply_shown(self) -> "Reply | None":
        """The reply on the screen now."""
        return self._reply

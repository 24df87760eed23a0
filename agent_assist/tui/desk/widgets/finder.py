"""The finder: the search box, how many phrases there are, and the list of those that match."""

from collections.abc import Awaitable, Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from agent_assist.locale import _
from agent_assist.tui.desk.render.results_text import marks, nothing_lines
from agent_assist.tui.desk.state import DeskState
from agent_assist.tui.desk.widgets.result_list import ResultList
from agent_assist.tui.desk.widgets.search_box import SearchBox
from agent_assist.tui.text.content import content
from agent_assist.tui.text.paragraphs import paragraphs
from agent_assist.tui.widgets.lines import Lines


class Finder(Vertical):
    """Shows the query of the current chat and its results; keys of the desk are handed to the screen."""

    def __init__(
        self,
        state: DeskState,
        typed: Callable[[str], object],
        pressed: Callable[[events.Key], Awaitable[None]],
    ) -> None:
        """`typed` and `pressed` are those of the `SearchBox`."""
        super().__init__(id="finder")
        self._state = state
        hint = _("Search: the customer's words, pinyin, keywords")
        self.box = SearchBox(typed, pressed, placeholder=hint, id="search")
        self.results = ResultList(id="results")
        self._prompt = Lines(id="prompt")
        self._count = Lines(id="count")

    def compose(self) -> ComposeResult:
        yield Horizontal(self._prompt, self.box, self._count, id="ask")
        yield self.results

    def on_mount(self) -> None:
        self._prompt.show([content("▸", ".accent")])

    def show_list(self) -> None:
        """Show the list with the chosen phrase, and how many phrases there are."""
        state = self._state
        self._count.show([content(_figure(state).rjust(self._count.size.width), ".dim")])
        self._count.refresh()  # also when the number stays: it belongs to what was typed
        instead = [] if state.rows else paragraphs(_why_empty(state), max(10, self.results.size.width))
        row_marks = marks(state.habits.favourites, state.habits.pinned)
        self.results.show_rows(state.rows, state.chosen, state.chat.draft_id, row_marks, instead)


def _figure(state: DeskState) -> str:
    """Return matches and phrases in all, or how much of the index is built."""
    if state.has_books and not state.is_ready and (percent := state.services.live_library.indexed):
        return f"{percent}%"
    total = len(state.library.active)
    return f"{len(state.rows) if state.chat.query else total} / {total}"


def _why_empty(state: DeskState) -> list[str]:
    has_phrases = bool(state.library.phrases) or not state.has_books
    problems = len(state.library.problems)
    return nothing_lines(state.chat.query, is_ready=state.is_ready, has_phrases=has_phrases, problems=problems)

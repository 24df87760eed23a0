"""The two lines on top of the review: what waits and who looks, then the conditions and how many offers meet them."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from agent_assist.locale import _
from agent_assist.tui.review.filter_input import describe
from agent_assist.tui.review.state import ReviewState
from agent_assist.tui.text.content import content
from agent_assist.tui.text.line import ends, joined, line
from agent_assist.tui.widgets.lines import Lines


class ReviewHead(Vertical):
    """Shows the filter of a review's state and what it found."""

    def __init__(self, state: ReviewState) -> None:
        super().__init__(id="review-head")
        self._state = state
        self._title = Lines(id="review-title")
        self._filter = Lines(id="review-filter")

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._filter

    def show_head(self) -> None:
        """Show both lines."""
        state = self._state
        waiting = _("{count} wait for approval", count=state.waiting_total) if state.waiting_total else ""
        status = (_("! database not reachable"), ".danger") if state.store_error else (waiting, ".warn")
        role = _("lead") if state.role == "lead" else _("read only")
        right = joined([status, (f"{state.agent} ({role})", ".dim")])
        self._title.show([ends(line((_("Compensation review"), ".title")), right, self._title.size.width)])
        words = describe(state.filter_input, state.titles)
        conditions: Content = joined([(part, ".accent") for part in words] if words else [(_("all offers"), ".dim")])
        left = line((_("Filter"), ".dim"), " ▸ ", conditions)
        self._filter.show([ends(left, _count(state), self._filter.size.width)])


def _count(state: ReviewState) -> Content:
    """Return how many offers there are and are marked, or how far an export is."""
    if state.export_done is not None:
        done, total = state.export_done
        return content(_("exporting {done} of {total}, Esc stops", done=f"{done:,}", total=f"{total:,}"), ".warn")
    marked = _("{count} marked", count=len(state.marked)) if state.marked else ""
    count = _("reading…") if state.is_loading and not state.offers else ""
    if not count and state.totals is not None:
        count = _("{count} of {total}", count=f"{state.totals.count:,}", total=f"{state.totals.everything:,}")
    return joined([(marked, ".warn"), (count, ".dim")])

"""Sums, bars and the chart of everything that meets the conditions of the review."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from agent_assist.locale import _
from agent_assist.services.current_policy import short_source
from agent_assist.tui.review.render.sums_text import BY_NAMES, budget_bars, kind_bars, sums_lines
from agent_assist.tui.review.state import ReviewState
from agent_assist.tui.text.content import content
from agent_assist.tui.text.line import cut, line
from agent_assist.tui.widgets.lines import Lines, set_title

if TYPE_CHECKING:
    from agent_assist.tui.review.widgets.day_chart import DayChart


class Figures(Vertical):
    """Shows the totals of a review's state."""

    def __init__(self, state: ReviewState) -> None:
        super().__init__(id="review-figures")
        self._state = state
        self._sums = Lines(id="review-sums")
        self._kinds = Lines(id="review-kinds")
        self._budget = Lines(id="review-budget")
        self._days = Vertical(id="review-days")
        self._chart: DayChart | None = None

    def compose(self) -> ComposeResult:
        yield self._sums
        yield Vertical(self._days, self._kinds, self._budget, id="review-charts")

    @property
    def has_chart(self) -> bool:
        """Whether the chart is there: its library is imported once the first sums are known."""
        return self._chart is not None

    async def add_chart(self, chart: "DayChart") -> None:
        """Put the chart in its place."""
        self._chart = chart
        await self._days.mount(chart)
        self._show_days()

    def show_figures(self) -> None:
        """Show everything that is known."""
        self._show_titles()
        state, totals = self._state, self._state.totals
        if totals is None or not self._sums.size.width:
            for each in (self._sums, self._kinds, self._budget):
                words = "" if state.store_error else _("Adding up…")
                each.show([cut(content(words, ".dim"), max(0, each.size.width))])
            return
        if totals.by == state.by:
            size = self._sums.size
            self._sums.show(sums_lines(totals.sums, state.by, state.titles, size.width, size.height))
        else:
            self._sums.show([content(_("Adding up…"), ".dim")])
        self._kinds.show(kind_bars(totals.kinds, self._kinds.size.width, self._kinds.size.height))
        policy, size = state.policy.policy if state.policy else None, self._budget.size
        self._budget.show(budget_bars(totals.incidents, policy, state.titles, size.width, size.height))
        self._show_days()

    def _show_titles(self) -> None:
        state, policy = self._state, self._state.policy
        by = line((_("Sums {by}", by=_(BY_NAMES[state.by])), ".title"))
        set_title(self._sums, by, content(_("S: by …"), ".dim"))
        set_title(self._kinds, line((_("By kind"), ".title")))
        is_shared = policy is not None and (policy.is_missing or policy.source == "published")
        source = short_source(policy) if policy and is_shared else ""
        style = ".warn" if policy and policy.is_missing else ".dim"
        set_title(self._budget, line((_("Share of each incident's budget"), ".title")), content(source, style))

    def _show_days(self) -> None:
        totals = self._state.totals
        if self._chart is not None:
            self._chart.show_days(totals.days if totals else (), _("By day"))

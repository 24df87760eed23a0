"""What was given on each day, as a chart. Imported only when the review opens: drawing brings a library of its own."""

from collections.abc import Sequence

from textual.app import RenderResult
from textual.geometry import Size
from textual_plotext import PlotextPlot

from agent_assist.offers import Sum
from agent_assist.offers.currencies import exponent
from agent_assist.tui.text.content import content

AXIS = 9
"""Cells that the axis and the frame take."""


class DayChart(PlotextPlot):
    """Bars by day; of several currencies the one that most offers are in. Axes carry digits only, so nothing shifts."""

    can_focus = False
    _days: tuple[Sum, ...] = ()
    _drawn: tuple[tuple[Sum, ...], Size] | None = None

    def show_days(self, days: tuple[Sum, ...], title: str) -> None:
        """Show these sums; their keys are dates."""
        counts: dict[str, int] = {}
        for one in days:
            counts[one.currency] = counts.get(one.currency, 0) + one.count
        currency = max(counts, key=lambda name: (bool(name), counts[name]), default="")
        self.border_title = content(title + (f" ({currency})" if currency else ""))
        self._days = tuple(one for one in days if one.currency == currency)
        self.refresh()

    def render(self) -> RenderResult:
        if self._drawn != (self._days, self.size):
            self._drawn = (self._days, self.size)
            self._draw(self._days[-max(3, (self.size.width - AXIS) // 2) :])
        return super().render()

    def _draw(self, days: Sequence[Sum]) -> None:
        """Draw as many of the newest days as have room, two cells a day at least."""
        self.plt.clear_data()
        self.plt.clear_figure()
        if not days:
            return
        places = 10 ** exponent(days[0].currency) if days[0].currency else 0
        worth = [one.minor / places if places else one.count for one in days]
        at = [float(place) for place in range(len(days))]
        top = max(worth) or 1
        self.plt.bar(at, worth, width=0.6)
        step = 1 + len(days) * 8 // max(8, self.size.width - AXIS)
        self.plt.xticks(at[::-1][::step], [one.key[5:] for one in days][::-1][::step])
        self.plt.ylim(0, top)
        self.plt.yticks([0, top / 2, top], ["0", _short(top / 2), _short(top)])


def _short(value: float) -> str:
    """Return a figure for the axis, of at most five characters."""
    for size, sign in ((1_000_000, "M"), (1_000, "k")):
        if value >= 10 * size:
            return f"{value / size:.0f}{sign}"
    return f"{value:.0f}"

"""What was given on each day, as a chart. Imported only when the review opens: drawing brings a library of its own."""

from collections.abc import Sequence

from textual import events
from textual_plotext import PlotextPlot

from agent_assist.offers import Sum
from agent_assist.offers.currencies import exponent
from agent_assist.tui.content import content


class DayChart(PlotextPlot):
    """Bars by day; of several currencies the one that most offers are in. Axes carry digits only, so nothing shifts."""

    can_focus = False
    _days: tuple[Sum, ...] | None = None

    def show_days(self, days: tuple[Sum, ...], title: str) -> None:
        """Show these sums; their keys are dates."""
        counts: dict[str, int] = {}
        for one in days:
            counts[one.currency] = counts.get(one.currency, 0) + one.count
        currency = max(counts, key=lambda name: (bool(name), counts[name]), default="")
        self.border_title = content(title + (f" ({currency})" if currency else ""))
        shown = tuple(one for one in days if one.currency == currency)
        if shown != self._days:
            self._days = shown
            self._draw(shown, currency)

    def _draw(self, days: Sequence[Sum], currency: str) -> None:
        self.plt.clear_data()
        self.plt.clear_figure()
        if days:
            recent = list(days)[-max(3, (self.size.width - 9) // 2) :]
            worth = [one.minor / 10 ** exponent(currency) if currency else one.count for one in recent]
            places = [float(place) for place in range(len(recent))]
            self.plt.bar(places, worth, width=0.6)
            step = max(1, len(recent) * 7 // max(7, self.size.width - 9))
            self.plt.xticks(places[::-1][::step], [one.key[5:] for one in recent][::-1][::step])
            top = max(worth) or 1
            self.plt.ylim(0, top)
            self.plt.yticks([0, top / 2, top], ["0", _short(top / 2), _short(top)])
        self.refresh()

    def on_resize(self, _event: events.Resize) -> None:
        days, self._days = self._days, None
        if days:
            self.show_days(days, str(self.border_title).split(" (")[0])


def _short(value: float) -> str:
    """A figure for the axis, of at most five characters."""
    for size, sign in ((1_000_000, "M"), (1_000, "k")):
        if value >= 10 * size:
            return f"{value / size:.0f}{sign}"
    return f"{value:.0f}"

"""What the review shows: compose once, then show the state's values in the widgets; no event is handled here."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from agent_assist.locale import _
from agent_assist.offers.outliers import outlier
from agent_assist.services.current_policy import short_source
from agent_assist.tui.desk.render.reply_text import paragraphs
from agent_assist.tui.forms.ends_once import EndsOnce
from agent_assist.tui.review.actions import REVIEW_ACTIONS
from agent_assist.tui.review.filter_input import describe
from agent_assist.tui.review.render.offer_detail_text import Detail, detail_lines
from agent_assist.tui.review.render.sums_text import BY_NAMES, budget_bars, kind_bars, sums_lines
from agent_assist.tui.review.state import Review
from agent_assist.tui.review.widgets.offer_list import OfferList, Part
from agent_assist.tui.text.content import content
from agent_assist.tui.text.line import MARKS, cut, ends, joined, line
from agent_assist.tui.widgets.foot_line import FootLine
from agent_assist.tui.widgets.lines import Lines, set_title
from agent_assist.tui.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from agent_assist.services import Services
    from agent_assist.tui.widgets.layout import Layout


class ReviewView(EndsOnce[None]):
    """The review as it looks; `ReviewScreen` adds what it does."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(MARKS)

    def __init__(self, services: "Services") -> None:
        super().__init__()
        self.services = services
        self.review = Review(services.settings.agent)
        self.layout_now: Layout = "wide"
        self.detail: Detail | None = None

    def compose(self) -> ComposeResult:
        yield Lines(id="review-title")
        yield Lines(id="review-filter")
        with Horizontal(id="review-room"):
            with Vertical(id="review-offers"):
                yield OfferList(id="review-list")
                yield Lines(id="review-detail")
            with Vertical(id="review-figures"):
                yield Lines(id="review-sums")
                with Vertical(id="review-charts"):
                    yield Vertical(id="review-days")
                    yield Lines(id="review-kinds")
                    yield Lines(id="review-budget")
        yield FootLine(id="review-foot")
        yield TooSmall(id="too-small")

    def show_all(self) -> None:
        """Show everything anew."""
        self.show_head()
        self.show_offers()
        self.show_figures()

    def show_head(self) -> None:
        """Who looks at what, and what waits in all."""
        review, settings = self.review, self.services.settings
        title = self.query_one("#review-title", Lines)
        waits = _("{count} wait for approval", count=review.waiting_in_all) if review.waiting_in_all else ""
        role = _("lead") if review.role == "lead" else _("read only")
        right = joined(
            [
                (_("! database not reachable"), ".danger") if review.store_error else (waits, ".warn"),
                (f"{settings.agent} ({role})", ".dim"),
            ]
        )
        title.show([ends(line((_("Compensation review"), ".title")), right, title.size.width)])
        words = describe(review.asked, review.titles)
        conditions: Content = joined([(part, ".accent") for part in words] if words else [(_("all offers"), ".dim")])
        row = self.query_one("#review-filter", Lines)
        row.show([ends(line((_("Filter"), ".dim"), " ▸ ", conditions), self._count(), row.size.width)])

    def _count(self) -> Content:
        review = self.review
        if review.export_done is not None:
            done, total = review.export_done
            return content(_("exporting {done} of {total}, Esc stops", done=f"{done:,}", total=f"{total:,}"), ".warn")
        marked = _("{count} marked", count=len(review.marked)) if review.marked else ""
        found = _("reading…") if review.is_loading and not review.offers else ""
        if not found and review.totals is not None:
            found = _("{count} of {total}", count=f"{review.totals.count:,}", total=f"{review.totals.everything:,}")
        return joined([(marked, ".warn"), (found, ".dim")])

    def show_offers(self) -> None:
        """The rows, the chosen offer below them, and what can be done now."""
        review = self.review
        parts = [
            Part(_("Waits for approval: {count}", count=len(review.waiting)), review.waiting),
            Part(_("All others, newest first"), review.others),
        ]
        found = self.query_one("#review-list", OfferList)
        medians = review.totals.medians if review.totals else ()
        top = max(0, review.at - found.page - 5)
        near = review.offers[top : review.at + found.page + 5]
        outliers = {offer.id for offer in near if outlier(offer, medians)}
        instead = paragraphs(self._why_empty(), max(10, found.size.width))
        found.show_offers(parts, review.at, review.marked, outliers, self.services.tz, instead)
        self.show_detail()
        self.show_foot()

    def _why_empty(self) -> list[str]:
        review = self.review
        if review.store_error:
            return [_("The database cannot be reached."), review.store_error, _("It is tried again by itself.")]
        if review.is_loading:
            return [_("Reading the log…")]
        if review.asked.is_open:
            return [_("Nothing was offered yet."), _("What agents offer on their desks appears here at once.")]
        return [_("No offer meets these conditions."), _("F changes them, R takes them all away.")]

    def show_detail(self) -> None:
        """The chosen offer, as much of it as has room."""
        panel = self.query_one("#review-detail", Lines)
        chosen = self.review.chosen
        if chosen is None or not panel.size.width:
            set_title(panel, content(""), content(""))
            panel.show([])
            return
        known = self.detail if self.detail and self.detail.offer == chosen else Detail(offer=chosen)
        lines = detail_lines(known, self.services.clock(), self.services.tz, panel.size.width)
        rows = panel.size.height
        more = content(_("Enter: all of it") if len(lines) > rows else "", ".dim")
        set_title(panel, line((chosen.id, ".title")), more)
        panel.show(lines[:rows])

    def show_figures(self) -> None:
        """Sums, bars and the chart."""
        review = self.review
        panel = self.query_one("#review-sums", Lines)
        totals = review.totals
        set_title(panel, line((_("Sums {by}", by=_(BY_NAMES[review.by])), ".title")), content(_("S: by …"), ".dim"))
        kinds, budget = self.query_one("#review-kinds", Lines), self.query_one("#review-budget", Lines)
        set_title(kinds, line((_("By kind"), ".title")))
        found = review.policy
        shared = found is not None and (found.is_missing or found.source == "published")
        source = content(
            short_source(found) if found and shared else "", ".warn" if found and found.is_missing else ".dim"
        )
        set_title(budget, line((_("Share of each incident's budget"), ".title")), source)
        if totals is None or not panel.size.width:
            for each in (panel, kinds, budget):
                each.show(
                    [cut(content("" if review.store_error else _("Adding up…"), ".dim"), max(0, each.size.width))]
                )
            return
        sums = totals.sums if totals.by == review.by else ()
        panel.show(
            sums_lines(sums, review.by, review.titles, panel.size.width, panel.size.height)
            if totals.by == review.by
            else [content(_("Adding up…"), ".dim")]
        )
        kinds.show(kind_bars(totals.kinds, kinds.size.width, kinds.size.height))
        policy = found.policy if found else None
        budget.show(budget_bars(totals.incidents, policy, review.titles, budget.size.width, budget.size.height))
        self.show_days()

    def show_days(self) -> None:
        """The chart, once its library is there."""

    def show_foot(self) -> None:
        """What works now, with its key."""
        works = [
            action
            for action in REVIEW_ACTIONS
            if action.footer
            and not self.review.disabled_reason(action.id)
            and (action.id != "turn" or self.layout_now != "wide")
        ]
        self.query_one(FootLine).show_actions(sorted(works, key=lambda action: action.footer))

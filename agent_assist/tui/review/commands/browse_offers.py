"""Moving among the offers, marking them, choosing what is listed and summed, leaving the review."""

from typing import TYPE_CHECKING

from agent_assist.locale import _
from agent_assist.tui.review.filter_input import PERIODS, FilterInput
from agent_assist.tui.review.state import agent_of, incident_of, next_period

if TYPE_CHECKING:
    from agent_assist.tui.review.screen import ReviewScreen


async def next_offer(screen: "ReviewScreen") -> None:
    """Choose the next offer."""
    screen.go_to(screen.state.place + 1)


async def previous_offer(screen: "ReviewScreen") -> None:
    """Choose the offer before."""
    screen.go_to(screen.state.place - 1)


async def page_down(screen: "ReviewScreen") -> None:
    """Go one page down."""
    screen.go_to(screen.state.place + screen.offer_list.page - 1)


async def page_up(screen: "ReviewScreen") -> None:
    """Go one page up."""
    screen.go_to(screen.state.place - screen.offer_list.page + 1)


async def first_offer(screen: "ReviewScreen") -> None:
    """Choose the first offer."""
    screen.go_to(0)


async def last_offer(screen: "ReviewScreen") -> None:
    """Choose the last offer that was read."""
    screen.go_to(len(screen.state.offers) - 1)


async def mark_offer(screen: "ReviewScreen") -> None:
    """Mark the chosen offer, or take its mark away, and go on to the next."""
    screen.state.mark()
    screen.show_head()
    screen.go_to(screen.state.place + 1)


async def mark_waiting(screen: "ReviewScreen") -> None:
    """Mark everything that waits and can be decided here, or take the marks away."""
    count = screen.state.mark_waiting()
    screen.show_head()
    screen.show_offers()
    if not count:
        screen.notify_user(_("No marks are left.") if screen.state.waiting else _("Nothing waits for approval here."))


async def edit_filter(screen: "ReviewScreen") -> None:
    """Ask for the conditions."""
    screen.run_command(_edit_filter(screen))


async def _edit_filter(screen: "ReviewScreen") -> None:
    from agent_assist.tui.review.dialogs.filter_form import FilterScreen  # loaded when it is first opened

    state, services = screen.state, screen.services
    agents = sorted({offer.agent for offer in state.offers})
    conditions = await screen.ask(
        FilterScreen(state.filter_input, state.titles, agents, services.settings.currency, services.tz, services.clock)
    )
    if conditions is not None:
        screen.apply_filter(conditions)


async def filter_by_incident(screen: "ReviewScreen") -> None:
    """List only offers for the incident of the chosen one, or all again."""
    screen.apply_filter(incident_of(screen.state.filter_input, screen.state.chosen))


async def filter_by_agent(screen: "ReviewScreen") -> None:
    """List only offers by the author of the chosen one, or all again."""
    screen.apply_filter(agent_of(screen.state.filter_input, screen.state.chosen))


async def filter_by_next_period(screen: "ReviewScreen") -> None:
    """List the next of the usual periods."""
    filter_input = next_period(screen.state.filter_input)
    screen.apply_filter(filter_input)
    screen.notify_user(_("Period: {period}", period=_(PERIODS[filter_input.period])), seconds=2)


async def clear_filter(screen: "ReviewScreen") -> None:
    """List everything again."""
    screen.apply_filter(FilterInput())


async def sum_by_next(screen: "ReviewScreen") -> None:
    """Show the sums; when they are in sight, sum by the next thing."""
    if screen.layout_now != "wide" and not screen.has_class("-figures-open"):
        screen.add_class("-figures-open")
        screen.call_after_refresh(screen.show_all)
        return
    screen.state.next_by()
    screen.show_figures()
    screen.load_totals()


async def toggle_figures(screen: "ReviewScreen") -> None:
    """Change between the offers and their sums and charts, where there is room for one of them."""
    is_open = screen.has_class("-figures-open")
    has_charts = screen.layout_now == "narrow" or screen.has_class("-charts-open")
    screen.set_class(not is_open or not has_charts, "-figures-open")
    screen.set_class(is_open and not has_charts, "-charts-open")
    screen.call_after_refresh(screen.show_all)


async def show_details(screen: "ReviewScreen") -> None:
    """Show everything about the chosen offer."""
    from agent_assist.tui.review.dialogs.offer_details import OfferDetailsScreen  # loaded when it is first opened

    chosen = screen.state.chosen
    if chosen is None:
        return
    detail = await screen.detail_of(chosen)
    if detail is not None:
        screen.app.push_screen(OfferDetailsScreen(detail, screen.services.clock(), screen.services.tz))


async def step_back(screen: "ReviewScreen") -> None:
    """Stop an export, fold figures, take marks away; then the desk."""
    if screen.state.export_done is not None:
        screen.stop_export = True
    elif screen.has_class("-figures-open"):
        screen.remove_class("-figures-open", "-charts-open")
        screen.call_after_refresh(screen.show_all)
    elif screen.state.marked:
        screen.state.marked = frozenset()
        screen.show_head()
        screen.show_offers()
    else:
        screen.dismiss(None)


async def leave_review(screen: "ReviewScreen") -> None:
    """Go back to the desk."""
    screen.dismiss(None)

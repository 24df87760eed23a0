"""The review: opening it from the desk, moving in it, choosing what to look at, leaving it. `REVIEW_STEPS` maps the ids
of `review_keys.REVIEW_ACTIONS` to functions, as `STEPS` does for the desk; deciding and exporting have modules of
their own.
"""

from typing import TYPE_CHECKING

from agent_assist.locale import _
from agent_assist.tui.desk.actions import key_name
from agent_assist.tui.review.actions import REVIEW_ACTIONS
from agent_assist.tui.review.commands import decide_offer, export_offers
from agent_assist.tui.review.filter_input import PERIODS, FilterInput
from agent_assist.tui.review.state import agent_of, incident_of, next_period
from agent_assist.tui.review.widgets.offer_list import OfferList

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from textual.command import CommandListItem

    from agent_assist.tui.desk.screen import DeskScreen
    from agent_assist.tui.review.screen import ReviewScreen


async def review(screen: "DeskScreen") -> None:
    """Lay the review over the desk."""
    from agent_assist.tui.review.screen import ReviewScreen

    await screen.app.push_screen(ReviewScreen(screen.services, screen.worker))


async def _next(screen: "ReviewScreen") -> None:
    screen.go_to(screen.review.at + 1)


async def _previous(screen: "ReviewScreen") -> None:
    screen.go_to(screen.review.at - 1)


async def _page_down(screen: "ReviewScreen") -> None:
    screen.go_to(screen.review.at + screen.query_one(OfferList).page - 1)


async def _page_up(screen: "ReviewScreen") -> None:
    screen.go_to(screen.review.at - screen.query_one(OfferList).page + 1)


async def _first(screen: "ReviewScreen") -> None:
    screen.go_to(0)


async def _last(screen: "ReviewScreen") -> None:
    screen.go_to(len(screen.review.offers) - 1)


async def _mark(screen: "ReviewScreen") -> None:
    screen.review.mark()
    screen.show_head()
    screen.go_to(screen.review.at + 1)


async def _mark_waiting(screen: "ReviewScreen") -> None:
    count = screen.review.mark_waiting()
    screen.show_head()
    screen.show_offers()
    if not count:
        screen.notify_user(_("No marks are left.") if screen.review.waiting else _("Nothing waits for approval here."))


async def _filter(screen: "ReviewScreen") -> None:
    async def ask() -> None:
        from agent_assist.tui.review.dialogs.filter_form import FilterScreen

        review, services = screen.review, screen.services
        agents = sorted({offer.agent for offer in review.offers})
        asked = await screen.ask(
            FilterScreen(review.asked, review.titles, agents, services.settings.currency, services.tz, services.clock)
        )
        if asked is not None:
            screen.look(asked)

    screen.run_command(ask())


async def _filter_incident(screen: "ReviewScreen") -> None:
    screen.look(incident_of(screen.review.asked, screen.review.chosen))


async def _filter_agent(screen: "ReviewScreen") -> None:
    screen.look(agent_of(screen.review.asked, screen.review.chosen))


async def _filter_time(screen: "ReviewScreen") -> None:
    asked = next_period(screen.review.asked)
    screen.look(asked)
    screen.notify_user(_("Period: {period}", period=_(PERIODS[asked.period])), seconds=2)


async def _filter_none(screen: "ReviewScreen") -> None:
    screen.look(FilterInput())


async def _next_by(screen: "ReviewScreen") -> None:
    if screen.layout_now != "wide" and not screen.has_class("-figures-open"):
        screen.add_class("-figures-open")
        screen.call_after_refresh(screen.show_all)
        return
    screen.review.next_by()
    screen.show_figures()
    screen.add_up()


async def _turn(screen: "ReviewScreen") -> None:
    if screen.layout_now == "wide":
        screen.notify_user(_("Offers, sums and charts are on the screen already."))
        return
    is_open = screen.has_class("-figures-open")
    has_charts = screen.layout_now == "narrow" or screen.has_class("-charts-open")
    screen.set_class(not is_open or not has_charts, "-figures-open")
    screen.set_class(is_open and not has_charts, "-charts-open")
    screen.call_after_refresh(screen.show_all)


async def _details(screen: "ReviewScreen") -> None:
    from agent_assist.tui.review.dialogs.offer_details import OfferDetailsScreen

    chosen = screen.review.chosen
    if chosen is None:
        return
    known = await screen.detail_of(chosen)
    if known is not None:
        screen.app.push_screen(OfferDetailsScreen(known, screen.services.clock(), screen.services.tz))


async def _back(screen: "ReviewScreen") -> None:
    """Stop an export, fold figures, take marks away; then the desk."""
    if screen.review.export_done is not None:
        screen.stop_export = True
    elif screen.has_class("-figures-open"):
        screen.remove_class("-figures-open", "-charts-open")
        screen.call_after_refresh(screen.show_all)
    elif screen.review.marked:
        screen.review.marked = frozenset()
        screen.show_head()
        screen.show_offers()
    else:
        screen.dismiss(None)


async def _leave(screen: "ReviewScreen") -> None:
    screen.dismiss(None)


async def _palette(screen: "ReviewScreen") -> None:
    from agent_assist.tui.widgets.palette import palette

    commands: list[CommandListItem] = []
    for action in REVIEW_ACTIONS:
        if action.id != "command_palette":
            reason = screen.review.disabled_reason(action.id)
            name = _(action.label) + (f"  {action.key}" if action.key else "")
            commands.append((name, _Doing(screen, action.id), f"✗ {reason}" if reason else _(action.help)))
    screen.app.push_screen(palette(screen, commands, _("Find a command…")))


class _Doing:
    """One action, ready to be called by the palette."""

    def __init__(self, screen: "ReviewScreen", action_id: str) -> None:
        self._screen = screen
        self._action_id = action_id

    async def __call__(self) -> None:
        await self._screen.action_do(self._action_id)


async def _help(screen: "ReviewScreen") -> None:
    from agent_assist.tui.forms.key_help import HelpScreen

    groups = []
    titles = {"reply": _("Offers"), "find": _("Looking"), "program": _("Program")}
    for group, title in titles.items():
        rows = [
            (" ".join(dict.fromkeys(key_name(key) for key in action.keys)), _(action.label), _(action.help))
            for action in REVIEW_ACTIONS
            if action.group == group
        ]
        groups.append((title, rows))
    screen.app.push_screen(HelpScreen(groups))


async def _quit(screen: "ReviewScreen") -> None:
    screen.app.exit()


COMMANDS: "Mapping[str, Callable[[ReviewScreen], Awaitable[None]]]" = {
    "approve": decide_offer.approve,
    "decline": decide_offer.decline,
    "void": decide_offer.void,
    "deliver": decide_offer.deliver,
    "adjust": decide_offer.adjust,
    "mark": _mark,
    "mark_waiting": _mark_waiting,
    "details": _details,
    "filter": _filter,
    "filter_incident": _filter_incident,
    "filter_agent": _filter_agent,
    "filter_time": _filter_time,
    "filter_none": _filter_none,
    "next_by": _next_by,
    "turn": _turn,
    "export": export_offers.export,
    "next": _next,
    "previous": _previous,
    "page_down": _page_down,
    "page_up": _page_up,
    "first": _first,
    "last": _last,
    "back": _back,
    "leave": _leave,
    "command_palette": _palette,
    "help": _help,
    "quit": _quit,
}

"""What a lead can do on the review, one function an action: `COMMANDS` maps the ids of `actions.ACTIONS` to them."""

from typing import TYPE_CHECKING

from agent_assist.tui.review.commands import browse_offers, decide_offer, export_offers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from agent_assist.tui.review.screen import ReviewScreen

COMMANDS: "Mapping[str, Callable[[ReviewScreen], Awaitable[None]]]" = {
    "approve": decide_offer.approve,
    "decline": decide_offer.decline,
    "void": decide_offer.void,
    "deliver": decide_offer.deliver,
    "adjust": decide_offer.adjust,
    "mark": browse_offers.mark_offer,
    "mark_waiting": browse_offers.mark_waiting,
    "details": browse_offers.show_details,
    "filter": browse_offers.edit_filter,
    "filter_incident": browse_offers.filter_by_incident,
    "filter_agent": browse_offers.filter_by_agent,
    "filter_time": browse_offers.filter_by_next_period,
    "filter_none": browse_offers.clear_filter,
    "next_by": browse_offers.sum_by_next,
    "turn": browse_offers.toggle_figures,
    "export": export_offers.export,
    "next": browse_offers.next_offer,
    "previous": browse_offers.previous_offer,
    "page_down": browse_offers.page_down,
    "page_up": browse_offers.page_up,
    "first": browse_offers.first_offer,
    "last": browse_offers.last_offer,
    "back": browse_offers.step_back,
    "leave": browse_offers.leave_review,
}

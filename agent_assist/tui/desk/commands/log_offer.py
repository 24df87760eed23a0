"""Logging an offer that was made to a customer, whatever way it was told to them."""

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from agent_assist.errors import AgentAssistError
from agent_assist.locale import _
from agent_assist.tui.desk.commands.promise import ask_promise
from agent_assist.tui.desk.offer_prefill import OfferPrefill, prefill_for

if TYPE_CHECKING:
    from agent_assist.offers import Offer
    from agent_assist.tui.desk.screen import DeskScreen


async def log_offer(screen: "DeskScreen") -> None:
    """Record what was promised to this customer, whatever way it was told to them."""
    screen.run_command(_ask_and_log(screen))


async def _ask_and_log(screen: "DeskScreen") -> None:
    state, services, reply = screen.state, screen.services, screen.state.reply
    chat, incident = state.chat, state.incident
    if reply is not None and (reply.gaps or not reply.phrase.makes_offer):
        reply = None  # the offer is made in another way
    prefill = prefill_for(reply, chat) if reply else OfferPrefill(sentence=chat.sent[-1].text if chat.sent else "")
    promise = await ask_promise(screen, chat, incident, reply, prefill)
    if promise is None:
        screen.notify_user(_("Nothing was logged. ^O asks again, with what you typed."))
        return
    try:
        recorded = await screen.worker.do(partial(services.compensation.add, promise.new))
    except AgentAssistError as error:
        screen.notify_user(_("Not logged: {reason}", reason=error), "error", 15)
        return
    now = state.chat_tabs.get(chat.id)
    if now is not None:
        state.put(replace(now, offer_draft={}))
        screen.sync.save_soon()
    notify_offered(screen, recorded.offer, state.name_of(chat))


def notify_offered(screen: "DeskScreen", offer: "Offer", to: str) -> None:
    """Say what became of an offer: on record, or waiting for a lead."""
    name = offer.customer or to
    if offer.state == "pending":
        waiting = _(
            "Offer {id} to {name} waits for a lead. Do not promise it yet; you will see the decision here.",
            id=offer.id,
            name=name,
        )
        screen.notify_user(waiting, "warning", 12)
    else:
        screen.notify_user(_("Offer {id} to {name} is on record.", id=offer.id, name=name), seconds=6)

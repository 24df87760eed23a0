"""A reply that promises a compensation: the log has the promise before the customer does.

What the person leaves goes back to the reply: nothing is copied, nothing is logged, and what was typed is kept. The
promise itself is copied only once it is on the log within the limits, or approved; else words that promise nothing.
"""

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from agent_assist.errors import AgentAssistError, MaybeSaved, Refused
from agent_assist.locale import _
from agent_assist.tui.desk.commands.log_offer import Promise, ask_promise, holding_reply
from agent_assist.tui.desk.offer_prefill import proposed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent_assist.chats import Chat
    from agent_assist.offers import NewOffer, Offer
    from agent_assist.services import Reply
    from agent_assist.tui.desk.screen import DeskScreen


class OutgoingReply(msgspec.Struct, frozen=True):
    """What goes out. `to_log` is an offer that the log does not have yet, `logged` one that it took a moment ago."""

    text: str
    to_log: "NewOffer | None" = None
    logged: "Offer | None" = None
    is_holding: bool = False
    """It promises nothing yet: the reply that does stays a draft until a lead has decided."""


async def settle_promise(screen: "DeskScreen", reply: "Reply", chat: "Chat") -> OutgoingReply | None:
    """What may leave the desk for a reply that promises a compensation; None when the person goes back to it."""
    chat = screen.state.chat_tabs.get(chat.id) or chat
    incident = screen.state.incidents.incident_of(chat)
    promise = await ask_promise(screen, chat, incident, reply, proposed(reply, chat))
    if promise is None:
        screen.notify_user(_("Nothing was copied or logged. Enter asks again, with what you typed."))
        return None
    if screen.state.has_moved(reply, chat):
        screen.notify_moved()
        return None
    if promise.given is not None and promise.given.state == "pending":
        said = _(
            "{offer} to {name} waits for a lead already; nothing was copied.",
            offer=promise.given.id,
            name=screen.state.name_of(chat),
        )
        screen.notify_user(said, "warning", 8)
        return None
    if promise.given is not None:
        return OutgoingReply(reply.text) if await _is_repeated(screen, promise.given, chat) else None
    if promise.waits:
        return await _instead(screen, reply, chat, promise.new, promise.decision.reasons if promise.decision else ())
    return await _log_first(screen, reply, chat, promise)


async def _log_first(screen: "DeskScreen", reply: "Reply", chat: "Chat", promise: Promise) -> OutgoingReply | None:
    """Log it, and let the promise go only when the log took it as one that holds."""
    try:
        recorded = await screen.worker.do(partial(screen.services.compensation.add, promise.new))
    except Refused as refused:
        screen.notify_user(_("Not logged, and nothing was copied: {reason}", reason=refused), "error", 15)
        return None
    except AgentAssistError as error:
        outgoing = await _instead(screen, reply, chat, promise.new, (str(error),))
        if outgoing is None and isinstance(error, MaybeSaved):
            screen.notify_user(
                _("It is not certain whether the offer is on the log. Look there before you log it again."),
                "warning",
                15,
            )
        return outgoing
    if recorded.offer.state != "pending":
        return OutgoingReply(reply.text, logged=recorded.offer)
    outgoing = await _instead(screen, reply, chat, None, recorded.reasons)
    if outgoing is None:
        said = _("Offer {id} waits for a lead all the same; nothing was copied.", id=recorded.offer.id)
        screen.notify_user(said, "warning", 12)
        return None
    return msgspec.structs.replace(outgoing, logged=recorded.offer)


async def _instead(
    screen: "DeskScreen", reply: "Reply", chat: "Chat", to_log: "NewOffer | None", reasons: "Sequence[str]"
) -> OutgoingReply | None:
    """What goes out while nothing may be promised yet; None when the person goes back."""
    from agent_assist.tui.forms.confirm import ConfirmScreen

    words = await holding_reply(screen, reply.lang)
    told = [*reasons, "", _("Until a lead has decided, this is copied instead of the promise:"), words]
    question = _("This offer to {name} needs a lead's approval.", name=screen.state.name_of(chat))
    yes = _("Log it and copy that") if to_log is not None else _("Copy that")
    if await screen.ask(ConfirmScreen(question, "\n".join(told), yes, _("Go back"), yes_first=True)):
        return OutgoingReply(words, to_log, is_holding=True)
    if to_log is not None:
        screen.notify_user(_("Nothing was copied or logged. Enter asks again, with what you typed."))
    return None


async def _is_repeated(screen: "DeskScreen", given: "Offer", chat: "Chat") -> bool:
    """Whether the person wants to tell a promise that is on the log already."""
    from agent_assist.tui.forms.confirm import ConfirmScreen

    sure = await screen.ask(
        ConfirmScreen(
            _("{offer} to {name} is on the log already.", offer=given.id, name=screen.state.name_of(chat)),
            _("The reply promises the same once more. It is copied, and no second offer is logged."),
            _("Copy it"),
            _("Go back"),
            yes_first=True,
        )
    )
    return sure is True

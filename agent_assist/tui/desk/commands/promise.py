"""A reply that promises a compensation: the log has the promise before the customer does.

What the person leaves goes back to the reply: nothing is copied, nothing is logged, and what was typed is kept. The
promise itself is copied only once it is on the log within the limits, or approved; else words that promise nothing.
"""

from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from agent_assist.errors import AgentAssistError, MaybeSaved, Refused
from agent_assist.locale import _
from agent_assist.services import new_op_id
from agent_assist.tui.desk.offer_prefill import contradiction, prefill_for
from agent_assist.tui.forms.confirm import ConfirmScreen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agent_assist.chats import Chat, Customer
    from agent_assist.incidents import Incident
    from agent_assist.offers import Decision, LimitScope, NewOffer, Offer
    from agent_assist.services import Reply
    from agent_assist.services.compensation import PolicyPreview
    from agent_assist.tui.desk.dialogs.offer_form import OfferScreen
    from agent_assist.tui.desk.offer_prefill import OfferPrefill
    from agent_assist.tui.desk.screen import DeskScreen


class Promise(msgspec.Struct, frozen=True):
    """What an agent wants to promise. `decision` is None when the policy could not be asked; the log decides then."""

    new: "NewOffer"
    decision: "Decision | None" = None
    earlier: "tuple[Offer, ...]" = ()
    """What the customer already has for this incident."""

    @property
    def waits(self) -> bool:
        """Whether a lead has to approve it first, as far as is known."""
        return self.decision is not None and self.decision.outcome == "pending"

    @property
    def logged_before(self) -> "Offer | None":
        """The same promise on the log from this chat already, made, waiting or approved: it is not logged again."""
        new = self.new
        worth = (new.kind, new.money, new.duration, new.thing)
        return next(
            (
                offer
                for offer in self.earlier
                if offer.chat == new.chat_id
                and offer.state in ("offered", "pending", "approved", "delivered")
                and (offer.kind, offer.money, offer.duration, offer.thing) == worth
            ),
            None,
        )


class OutgoingReply(msgspec.Struct, frozen=True):
    """What goes out. `to_log` is an offer that the log does not have yet, `logged` one that it took a moment ago."""

    text: str
    to_log: "NewOffer | None" = None
    logged: "Offer | None" = None
    is_holding: bool = False
    """It promises nothing yet: the reply that does stays a draft until a lead has decided."""


async def settle_promise(screen: "DeskScreen", reply: "Reply", chat: "Chat") -> OutgoingReply | None:
    """Return what may go out for a reply that promises a compensation; None when the person goes back to it."""
    chat = screen.state.chat_tabs.get(chat.id) or chat
    incident = screen.state.incidents.incident_of(chat)
    promise = await ask_promise(screen, chat, incident, reply, prefill_for(reply, chat))
    if promise is None:
        screen.notify_user(_("Nothing was copied or logged. Enter asks again, with what you typed."))
        return None
    if screen.state.has_moved(reply, chat):
        screen.notify_moved()
        return None
    if promise.logged_before is not None and promise.logged_before.state == "pending":
        message = _(
            "{offer} to {name} waits for a lead already; nothing was copied.",
            offer=promise.logged_before.id,
            name=screen.state.name_of(chat),
        )
        screen.notify_user(message, "warning", 8)
        return None
    if promise.logged_before is not None:
        return OutgoingReply(reply.text) if await _may_repeat(screen, promise.logged_before, chat) else None
    if promise.waits:
        return await _holding_instead(
            screen, reply, chat, promise.new, promise.decision.reasons if promise.decision else ()
        )
    return await _log_first(screen, reply, chat, promise)


async def _log_first(screen: "DeskScreen", reply: "Reply", chat: "Chat", promise: Promise) -> OutgoingReply | None:
    """Log it, and let the promise go only when the log took it as one that holds."""
    try:
        recorded = await screen.worker.do(partial(screen.services.compensation.add, promise.new))
    except Refused as refused:
        screen.notify_user(_("Not logged, and nothing was copied: {reason}", reason=refused), "error", 15)
        return None
    except AgentAssistError as error:
        outgoing = await _holding_instead(screen, reply, chat, promise.new, (str(error),))
        if outgoing is None and isinstance(error, MaybeSaved):
            screen.notify_user(
                _("It is not certain whether the offer is on the log. Look there before you log it again."),
                "warning",
                15,
            )
        return outgoing
    if recorded.offer.state != "pending":
        return OutgoingReply(reply.text, logged=recorded.offer)
    outgoing = await _holding_instead(screen, reply, chat, None, recorded.reasons)
    if outgoing is None:
        message = _("Offer {id} waits for a lead all the same; nothing was copied.", id=recorded.offer.id)
        screen.notify_user(message, "warning", 12)
        return None
    return replace(outgoing, logged=recorded.offer)


async def _holding_instead(
    screen: "DeskScreen", reply: "Reply", chat: "Chat", to_log: "NewOffer | None", reasons: "Sequence[str]"
) -> OutgoingReply | None:
    """Ask whether other words go out while nothing may be promised yet; None when the person goes back."""
    words = await screen.worker.do(lambda: screen.services.compensation.holding_reply(reply.lang))
    explanation = [*reasons, "", _("Until a lead has decided, this is copied instead of the promise:"), words]
    question = _("This offer to {name} needs a lead's approval.", name=screen.state.name_of(chat))
    yes = _("Log it and copy that") if to_log is not None else _("Copy that")
    if await screen.ask(ConfirmScreen(question, "\n".join(explanation), yes, _("Go back"), yes_first=True)):
        return OutgoingReply(words, to_log, is_holding=True)
    if to_log is not None:
        screen.notify_user(_("Nothing was copied or logged. Enter asks again, with what you typed."))
    return None


async def _may_repeat(screen: "DeskScreen", logged_before: "Offer", chat: "Chat") -> bool:
    """Whether the person wants to tell a promise that is on the log already."""
    sure = await screen.ask(
        ConfirmScreen(
            _("{offer} to {name} is on the log already.", offer=logged_before.id, name=screen.state.name_of(chat)),
            _("The reply promises the same once more. It is copied, and no second offer is logged."),
            _("Copy it"),
            _("Go back"),
            yes_first=True,
        )
    )
    return sure is True


async def ask_promise(
    screen: "DeskScreen", chat: "Chat", incident: "Incident | None", reply: "Reply | None", prefill: "OfferPrefill"
) -> Promise | None:
    """Ask until it can be promised or is left out (None); what nobody may promise is said in the form.

    `reply` is what goes out with it. What was typed for it and not logged stays with the chat.
    """
    from agent_assist.tui.desk.dialogs.offer_form import OfferScreen  # loaded when it is first opened

    services, op_id, phrase_id = screen.services, new_op_id(), reply.phrase.id if reply else ""
    incident_id = incident.id if incident else chat.incident_id
    customer = _scope(services.settings.agent, chat.customer, incident_id), chat.customer.tier

    def keep(typed: "Mapping[str, str]") -> None:
        now = screen.state.chat_tabs.get(chat.id)
        if now is not None:
            draft = {**typed, "phrase": phrase_id} if typed else {}
            screen.state.put(replace(now, offer_draft=draft))
            screen.sync.save_soon()

    kept = {name: text for name, text in chat.offer_draft.items() if name != "phrase"}
    typed: Mapping[str, str] | None = kept if chat.offer_draft.get("phrase") == phrase_id else None
    problem = ""
    while True:
        form = OfferScreen(
            chat=chat,
            incident=incident,
            prefill=prefill,
            currency=services.settings.currency,
            typed=typed,
            problem=problem,
            keep=keep,
        )
        preview_worker = screen.run_worker(_show_policy(screen, form, *customer), group="policy", exclusive=True)
        typed = await screen.ask(form)
        if typed is None:
            return None
        try:
            new = services.compensation.new_offer(typed, op_id=op_id, chat=chat, incident_id=incident_id)
        except Refused as refused:
            problem = str(refused)
            continue
        if reply is not None and (problem := contradiction(reply, chat, new, services.settings.currency)):
            continue
        is_as_shown = (new.scope, new.tier) == customer  # not when the form asked for the customer's name
        preview = await (preview_worker.wait() if is_as_shown else _preview(screen, new.scope, new.tier))
        decision = preview.decide(new) if preview is not None else None
        if decision is None or decision.outcome != "refused":
            return Promise(new, decision, preview.earlier if preview is not None else ())
        problem = " ".join(decision.reasons)


def _scope(agent: str, customer: "Customer", incident_id: str) -> "LimitScope":
    from agent_assist.offers import LimitScope  # loaded with the first offer

    return LimitScope(agent=agent, customer=customer.name, order=customer.order, incident=incident_id)


async def _preview(screen: "DeskScreen", scope: "LimitScope", tier: str) -> "PolicyPreview | None":
    try:
        return await screen.worker.do(lambda: screen.services.compensation.preview(scope, tier))
    except AgentAssistError:
        return None


async def _show_policy(
    screen: "DeskScreen", form: "OfferScreen", scope: "LimitScope", tier: str
) -> "PolicyPreview | None":
    preview = await _preview(screen, scope, tier)
    if preview is not None:
        form.show_policy(preview, screen.services.clock(), screen.services.tz)
    return preview

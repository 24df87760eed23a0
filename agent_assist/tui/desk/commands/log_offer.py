"""Asking what is promised: the form with what the policy allows, and the policy's word before anything is sent."""

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from agent_assist.errors import AgentAssistError, Refused
from agent_assist.locale import _
from agent_assist.services import new_op_id
from agent_assist.tui.desk.offer_prefill import contradiction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent_assist.chats import Chat, Customer
    from agent_assist.incidents import Incident
    from agent_assist.offers import Decision, LimitScope, NewOffer, Offer
    from agent_assist.services import Reply
    from agent_assist.services.compensation import PolicyPreview
    from agent_assist.tui.desk.dialogs.offer_form import OfferScreen
    from agent_assist.tui.desk.offer_prefill import Proposed
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
    def given(self) -> "Offer | None":
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


async def ask_promise(
    screen: "DeskScreen", chat: "Chat", incident: "Incident | None", reply: "Reply | None", proposed: "Proposed"
) -> Promise | None:
    """Ask until it can be promised or is left out (None); what nobody may promise is said in the form.

    `reply` is what goes out with it. What was typed for it and not logged stays with the chat.
    """
    from agent_assist.tui.desk.dialogs.offer_form import OfferScreen

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
            kind=proposed.kind,
            sentence=proposed.sentence,
            amount=proposed.amount,
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
    from agent_assist.offers import LimitScope

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


async def holding_reply(screen: "DeskScreen", lang: str) -> str:
    """What may be said to the customer while the offer waits."""
    return await screen.worker.do(lambda: screen.services.compensation.holding_reply(lang))


def say_offered(screen: "DeskScreen", offer: "Offer", to: str) -> None:
    """What became of an offer: on record, or waiting for a lead."""
    name = offer.customer or to
    if offer.state == "pending":
        said = _(
            "Offer {id} to {name} waits for a lead. Do not promise it yet; you will see the decision here.",
            id=offer.id,
            name=name,
        )
        screen.notify_user(said, "warning", 12)
    else:
        screen.notify_user(_("Offer {id} to {name} is on record.", id=offer.id, name=name), seconds=6)

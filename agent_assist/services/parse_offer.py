"""From what a person typed about a compensation to a `NewOffer`: one way in for the form and the flags."""

import datetime as dt
from collections.abc import Mapping
from typing import get_args

from agent_assist.chats import Chat
from agent_assist.cleaning import clean, clean_line
from agent_assist.errors import Refused
from agent_assist.locale import _
from agent_assist.offers import NewOffer, OfferKind, parse_duration, parse_money

INPUTS = ("kind", "amount", "currency", "duration", "thing", "reason", "sentence", "customer", "order", "tier")


def offer_from(
    typed: Mapping[str, str],
    *,
    op_id: str,
    agent: str,
    at: dt.datetime,
    currency: str,
    chat: Chat | None = None,
    incident_id: str = "",
) -> NewOffer:
    """Check what was typed. Customer and order come from the chat unless typed.

    Raises Refused naming the field: an offer needs a kind, the promised sentence, and an amount, duration or thing.
    """
    text = {name: clean_line(value) for name, value in typed.items()}
    if unknown := [name for name in text if name not in INPUTS]:
        raise Refused(_("An offer has no “{name}”.", name=clean_line(unknown[0])), hint=", ".join(INPUTS))
    kinds: tuple[OfferKind, ...] = get_args(OfferKind)
    kind = next((kind for kind in kinds if kind == text.get("kind")), None)
    if kind is None:
        raise Refused(_("The kind of the offer is one of: {kinds}.", kinds=", ".join(kinds)))
    money = parse_money(text["amount"], text.get("currency") or currency) if text.get("amount") else None
    duration = parse_duration(text["duration"]) if text.get("duration") else None
    if money is None and duration is None and not text.get("thing"):
        raise Refused(_("Say what is offered: an amount, a duration or a thing."))
    sentence = clean(typed.get("sentence", "")).strip()
    if not sentence:
        raise Refused(_("The promised sentence is missing."), hint=_("Copy it from the reply as it was sent."))
    customer = text.get("customer") or (chat.customer.name if chat else "")
    if not customer:
        raise Refused(_("An offer needs the customer's name."), hint=_("Name the chat first, or use --customer."))
    return NewOffer(
        op_id=op_id,
        agent=agent,
        at=at,
        kind=kind,
        money=money,
        duration=duration,
        thing=text.get("thing", ""),
        reason=text.get("reason", ""),
        sentence=sentence,
        customer=customer,
        order=text.get("order") or (chat.customer.order if chat else ""),
        chat_id=chat.id if chat else "",
        tier=text.get("tier") or (chat.customer.tier if chat else ""),
        incident_id=incident_id or (chat.incident_id if chat else ""),
    )

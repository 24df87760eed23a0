"""From what a person typed about a compensation to a `NewOffer`, and the check of each of its fields.

The form, the form for adjusting and the command line call the same functions; the store calls `checked_offer` on
whatever it is given.
"""

import datetime as dt
from collections.abc import Mapping

import msgspec

from agent_assist.cleaning import clean, clean_line
from agent_assist.errors import Refused
from agent_assist.locale import _
from agent_assist.offers.duration import Duration, parse_duration
from agent_assist.offers.money import Money, parse_money
from agent_assist.offers.offer import MAX_LINE_LENGTH, OFFER_KINDS, NewOffer, Offer, OfferKind

OFFER_INPUTS = ("kind", "amount", "currency", "duration", "thing", "reason", "sentence", "customer", "order", "tier")

_LINES = ("op_id", "agent", "thing", "incident_id", "chat_id", "customer", "order", "tier")


class OfferContext(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about an offer before anything is typed. `currency` is that of an amount typed without one;
    `customer`, `order` and `tier` hold unless others are typed."""

    op_id: str
    agent: str
    at: dt.datetime
    currency: str
    chat_id: str = ""
    incident_id: str = ""
    customer: str = ""
    order: str = ""
    tier: str = ""


def parse_offer(typed: Mapping[str, str], context: OfferContext) -> NewOffer:
    """Check typed texts, named as in `OFFER_INPUTS`. Raises Refused naming the first wrong or missing field."""
    if unknown := [name for name in typed if name not in OFFER_INPUTS]:
        raise Refused(_("An offer has no “{name}”.", name=clean_line(unknown[0])), hint=", ".join(OFFER_INPUTS))
    text = {name: clean_line(typed.get(name, "")) for name in OFFER_INPUTS}
    kind = parse_kind(text["kind"])
    money = parse_amount(text["amount"], text["currency"] or context.currency) if text["amount"] else None
    duration = parse_duration(text["duration"]) if text["duration"] else None
    check_given(money, duration, text["thing"])
    return NewOffer(
        op_id=context.op_id,
        agent=context.agent,
        at=context.at,
        kind=kind,
        money=money,
        duration=duration,
        thing=text["thing"],
        reason=text["reason"],
        sentence=parse_sentence(typed.get("sentence", "")),
        customer=parse_customer(text["customer"] or context.customer),
        order=text["order"] or context.order,
        tier=text["tier"] or context.tier,
        chat_id=context.chat_id,
        incident_id=context.incident_id,
    )


def parse_adjustment(typed: Mapping[str, str], before: Offer, currency: str) -> dict[str, object]:
    """Return the fields of `NewEvent` that state the whole promise: what is typed, and else what the offer gives.

    `typed` holds amount, duration, thing and sentence; an amount without a currency is in that of the offer.
    """
    money, duration = before.money, before.duration
    if typed.get("amount"):
        money = parse_amount(typed["amount"], money.currency if money else currency)
    if typed.get("duration"):
        duration = parse_duration(typed["duration"])
    return {
        "kind": before.kind,
        "money": money,
        "duration": duration,
        "thing": typed.get("thing") or before.thing,
        "sentence": typed.get("sentence") or before.sentence,
    }


def parse_kind(text: str) -> OfferKind:
    """Read a kind of offer by its name. Raises Refused with all of them."""
    for kind in OFFER_KINDS:
        if kind == text:
            return kind
    raise Refused(
        _("{kind} is not a kind of offer.", kind=repr(text)),
        hint=_("Use one of {kinds}.", kinds=", ".join(OFFER_KINDS)),
    )


def parse_amount(text: str, currency: str) -> Money:
    """Read an amount that may be offered. Raises Refused for zero too."""
    money = parse_money(text, currency)
    check_amount(money)
    return money


def check_amount(money: Money) -> None:
    """Raise Refused for an offer of nothing."""
    if money.minor <= 0:
        raise Refused(_("An offer must be worth more than zero."), hint=_("For example 20."))


def parse_thing(text: str) -> str:
    """Read what else is given. Raises Refused for nothing."""
    if not (thing := clean_line(text)):
        raise Refused(_("Say what is given."), hint=_("For example: a gift box."))
    return thing


def check_given(*given: Money | Duration | str | None) -> None:
    """Raise Refused when an offer gives nothing at all: no amount, no duration and no thing."""
    if not any(given):
        raise Refused(_("Say what is offered: an amount, a duration or a thing."))


def parse_sentence(text: str) -> str:
    """Read the promised sentence, which may have several lines. Raises Refused for nothing."""
    if not (sentence := clean(text).strip()):
        raise Refused(_("The promised sentence is missing."), hint=_("Copy it from the reply as it was sent."))
    return sentence


def parse_customer(text: str) -> str:
    """Read the customer's name. Raises Refused for nothing."""
    if not (name := clean_line(text)):
        raise Refused(
            _("An offer needs the customer's name."),
            hint=_("Name the customer, here or in the chat."),
        )
    return name


def checked_offer(new: NewOffer) -> NewOffer:
    """The offer with clean texts. Raises Refused when it has no author or gives nothing.

    Unlike `parse_offer` it takes an offer that gives only a sentence.
    """
    lines = {name: clean_line(getattr(new, name)) for name in _LINES}
    texts = {name: clean(getattr(new, name)).strip() for name in ("sentence", "reason")}
    offer = msgspec.structs.replace(new, **lines, **texts)
    for name, line in lines.items():
        if len(line) > MAX_LINE_LENGTH:
            raise Refused(_("{name} may have at most {limit} characters.", name=name, limit=MAX_LINE_LENGTH))
    if not offer.op_id or not offer.agent:
        raise Refused(_("An offer needs its author and its op_id."))
    parse_kind(offer.kind)
    check_given(offer.money, offer.duration, offer.thing or offer.sentence)
    if offer.money is not None:
        check_amount(offer.money)
    return offer

"""What a compensation reply promises, as a first guess for the form that logs it; the person corrects it there."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

import msgspec

from agent_assist.chats import Chat
from agent_assist.errors import Refused
from agent_assist.locale import _, current

if TYPE_CHECKING:
    from agent_assist.offers import NewOffer
    from agent_assist.services import Reply

T = TypeVar("T")

PREFILL_KINDS = ("coupon", "refund", "credit", "extension", "gift")

_NUMBER = r"[0-9０-９][0-9０-９,，]*(?:[.．][0-9０-９]+)?"
_FRESH = r"(?<![0-9０-９])(?<![0-9０-９][,，])"
"""Not in the middle of a number: to try again at each of its digits takes minutes for thousands of them."""
_WORDS = {"yuan": "CNY", "dollar": "$", "dollars": "$", "euro": "€", "euros": "€", "pounds": "£"}
_MONEY = re.compile(
    rf"(?:[¥￥$€£₹₩]|HK\$|NT\$|US\$|\b[A-Z]{{3}}\b)\s*{_NUMBER}"
    rf"|{_FRESH}{_NUMBER}\s*(?:元|块|美元|美金|欧元|英镑|日元|円|韩元|港元|港币|新台币|人民币|[A-Z]{{3}}\b|(?:{'|'.join(_WORDS)})\b)"
)
_SPAN = re.compile(
    r"(?<![0-9０-９])[0-9０-９]+\s*(?:天|日|周|个?星期|个?月|年|days?\b|weeks?\b|months?\b|years?\b)", re.IGNORECASE
)

_SENTENCE = re.compile(r"[^。！？!?\n]*?(?:[。！？!?\n]+|\.(?=\s|$)|$)", re.DOTALL)


class OfferPrefill(msgspec.Struct, frozen=True):
    """What the form starts with."""

    kind: str = ""
    sentence: str = ""
    amount: str = ""


def prefill_for(reply: "Reply", chat: Chat) -> OfferPrefill:
    """Return the form's first guess for a reply that promises a compensation."""
    return OfferPrefill(promised_kind(reply, chat), promised_sentence(reply, chat), promised_amount(reply, chat))


def contradiction(reply: "Reply", chat: Chat, new: "NewOffer", currency: str) -> str:
    """Return why this offer cannot be the one that the reply promises (another sum or time); "" when it can.

    Else a small offer would be logged, and a large one promised.
    """
    from agent_assist.offers import parse_duration, parse_money  # loaded with the first offer

    typed = "" if reply.is_edited else promised_amount(reply, chat)
    sums = [*_read([typed] if typed else _sums_in(reply.text), lambda text: parse_money(text, currency))]
    spans = [] if new.kind != "extension" else [*_read(_SPAN.findall(reply.text), parse_duration)]
    for named, logged in ((sums, new.money), (spans, new.duration)):
        if named and logged not in named:
            said = _(", ").join(dict.fromkeys(value.display(current()) for value in named))
            here = logged.display(current()) if logged is not None else "—"
            return _(
                "The reply names {said}, this form {here}. Log what the customer reads, or change the reply.",
                said=said,
                here=here,
            )
    return ""


def _sums_in(text: str) -> list[str]:
    """Return what looks like an amount with its currency, as `parse_money` reads it."""
    from agent_assist.offers.said_money import in_digits  # loaded with the first offer

    amounts = _MONEY.findall(in_digits(text))
    for word, sign in _WORDS.items():
        amounts = [re.sub(rf"\s*{word}$", f" {sign}", amount) for amount in amounts]
    return amounts


def _read(texts: list[str], parse: Callable[[str], T]) -> Iterator[T]:
    for text in texts:
        try:
            yield parse(text)
        except Refused:
            continue  # a number that only looks like one


def promised_kind(reply: "Reply", chat: Chat) -> str:
    """Return the kind that the values or the phrase's own name mention; "" without one."""
    said = chat.values.get("offer.kind", "").lower()
    named = (said, reply.phrase.id, *reply.phrase.tags)
    return next((kind for kind in PREFILL_KINDS if any(kind in name for name in named)), "")


def promised_amount(reply: "Reply", chat: Chat) -> str:
    """Return the sum that was typed for this reply; "" when none was asked for."""
    names = ["offer.amount", *(name for name, field in reply.phrase.fields.items() if field.control == "money")]
    return next((chat.values[name] for name in names if chat.values.get(name)), "")


def promised_sentence(reply: "Reply", chat: Chat) -> str:
    """Return the text from the first to the last sentence with a value besides the customer's name; else all of it."""
    spans = []
    for match in _SENTENCE.finditer(reply.text):
        inside = [mark for mark in reply.marks if match.start() <= mark.start < match.end()]
        values = {reply.text[mark.start : mark.end] for mark in inside} - {chat.customer.name}
        if match.group().strip() and values:
            spans.append(match.span())
    return reply.text[spans[0][0] : spans[-1][1]].strip() if spans else reply.text

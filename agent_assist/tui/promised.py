"""What a compensation reply promises, as a first guess for the form that logs it; the person corrects it there."""

import re
from typing import TYPE_CHECKING

from agent_assist.chats import Chat

if TYPE_CHECKING:
    from agent_assist.desk import Reply

KINDS = ("coupon", "refund", "credit", "extension", "gift")

_SENTENCE = re.compile(r"[^。！？!?\n]*?(?:[。！？!?\n]+|\.(?=\s|$)|$)", re.DOTALL)


def promised_kind(reply: "Reply", chat: Chat) -> str:
    """The kind that the values or the phrase's own name speak of; "" when they do not."""
    said = chat.values.get("offer.kind", "").lower()
    named = (said, reply.phrase.id, *reply.phrase.tags)
    return next((kind for kind in KINDS if any(kind in name for name in named)), "")


def promised_amount(reply: "Reply", chat: Chat) -> str:
    """The sum that was typed for this reply; "" when none was asked for."""
    names = ["offer.amount", *(name for name, field in reply.phrase.fields.items() if field.control == "money")]
    return next((chat.values[name] for name in names if chat.values.get(name)), "")


def promised_sentence(reply: "Reply", chat: Chat) -> str:
    """From the first to the last sentence that carries a value besides the customer's name; else the whole reply."""
    found = []
    for match in _SENTENCE.finditer(reply.text):
        inside = [mark for mark in reply.marks if match.start() <= mark.start < match.end()]
        values = {reply.text[mark.start : mark.end] for mark in inside} - {chat.customer.name}
        if match.group().strip() and values:
            found.append(match.span())
    return reply.text[found[0][0] : found[-1][1]].strip() if found else reply.text

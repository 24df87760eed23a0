"""Whose data an erasure is about, and where it is found outside the log; the same for every engine."""

from typing import NamedTuple

import msgspec

from agent_assist.chats import Chat, Customer
from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.locale import _


class ErasureSubject(NamedTuple):
    """Whose data goes: by name, and by order where that is known."""

    customer: str
    order: str

    @property
    def identifier(self) -> str:
        """What names this person in a text: the order if there is one, since names are shared."""
        return self.order or self.customer

    def redact(self, chat: Chat) -> Chat:
        """Another customer's chat without the drafts that name this person."""
        return msgspec.structs.replace(
            chat,
            query=self._blank_if_named(chat.query),
            edited=self._blank_if_named(chat.edited),
            values={name: self._blank_if_named(value) for name, value in chat.values.items()},
            drafted_for=tuple(former for former in chat.drafted_for if not self.is_former_customer(former)),
        )

    def is_named_in(self, text: str) -> bool:
        """Whether the text names this person, in upper or lower case."""
        return self.identifier.lower() in text.lower()

    def _blank_if_named(self, text: str) -> str:
        return "" if self.is_named_in(text) else text

    def is_customer_of(self, chat: Chat) -> bool:
        """Whether the chat is with this person."""
        return chat.customer.name == self.customer and (not self.order or chat.customer.order == self.order)

    def is_former_customer(self, former: Customer) -> bool:
        """Whether what a draft remembers of a former customer names this person."""
        return former.name == self.customer or (bool(self.order) and former.order == self.order)


def erasure_subject(customer: str, order: str, reason: str) -> ErasureSubject:
    """Who is meant. Refused without a name, without a reason, and when the reason itself names the person."""
    who = ErasureSubject(clean_line(customer), clean_line(order))
    if not who.customer:
        raise Refused(_("Say whose data shall be erased."))
    if not reason.strip():
        raise Refused(_("An erasure needs a reason; it stays on the log."), hint=_("For example: request by mail."))
    if any(mark and mark in reason for mark in who):
        raise Refused(
            _("The reason stays on the log, so it must not name the customer."),
            hint=_("For example: request by mail."),
        )
    return who

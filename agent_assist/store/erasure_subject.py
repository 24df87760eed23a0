"""Whose data an erasure removes, and what its entry on the log says; the same for every store."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from agent_assist.chats import Chat, Customer
from agent_assist.cleaning import clean, clean_line
from agent_assist.errors import Refused
from agent_assist.locale import _
from agent_assist.offers import Entry, Head, Offer
from agent_assist.offers.decisions import Erasable, erasure_entry
from agent_assist.offers.offer import new_salt
from agent_assist.op_id import new_op_id
from agent_assist.roles import Role


class ErasureSubject(NamedTuple):
    """The customer whose data is erased: by name, and by order number where one is given."""

    customer: str
    order: str

    @property
    def identifier(self) -> str:
        """What identifies this person in a text: the order if there is one, since people share names."""
        return self.order or self.customer

    def redact(self, chat: Chat) -> Chat:
        """Return another customer's chat without the drafts that name this person."""
        redacted = msgspec.structs.replace(
            chat,
            query=self._blank_if_named(chat.query),
            edited=self._blank_if_named(chat.edited),
            values={name: self._blank_if_named(value) for name, value in chat.values.items()},
            drafted_for=tuple(former for former in chat.drafted_for if not self.is_former_customer(former)),
        )
        return msgspec.structs.replace(redacted, redactions=chat.redactions + 1) if redacted != chat else chat

    def is_named_in(self, text: str) -> bool:
        """Return whether the text names this person, in any case."""
        return self.identifier.lower() in text.lower()

    def _blank_if_named(self, text: str) -> str:
        return "" if self.is_named_in(text) else text

    def is_customer_of(self, chat: Chat) -> bool:
        """Return whether the chat is with this person."""
        return chat.customer.name == self.customer and (not self.order or chat.customer.order == self.order)

    def is_former_customer(self, former: Customer) -> bool:
        """Return whether a former customer of a draft is this person."""
        return former.name == self.customer or (bool(self.order) and former.order == self.order)


def subjects_of(erased: Iterable[Chat]) -> tuple[ErasureSubject, ...]:
    """Return whose data was erased, from old copies of the erased chats."""
    customers = {(chat.customer.name, chat.customer.order) for chat in erased if chat.customer.name}
    return tuple(ErasureSubject(*customer) for customer in sorted(customers))


def after_erasure(chat: Chat, subjects: Iterable[ErasureSubject], *, is_stored: bool) -> Chat | None:
    """Return another chat without what the erasure took, as no database could do it; None when it goes as a whole.

    Of a chat that is stored the erasure has decided; one that is not, with the same name and order, goes.
    """
    for subject in subjects:
        if not is_stored and (chat.customer.name, chat.customer.order) == subject:
            return None
        chat = subject.redact(chat)
    return chat


class Erasure(NamedTuple):
    """Who erases, in which role, why and when."""

    agent: str
    role: Role
    reason: str
    at: dt.datetime

    def entry(self, offer: Offer | Erasable, head: Head) -> Entry:
        """Return the tombstone of an offer, the next entry after `head`."""
        return erasure_entry(
            offer,
            op_id=new_op_id(),
            agent=self.agent,
            role=self.role,
            reason=clean(self.reason).strip(),
            at=self.at,
            head=head,
            new_salt=new_salt,
        )


def erasure_subject(customer: str, order: str, reason: str) -> ErasureSubject:
    """Return whose data to erase. Refused without a name or a reason, and when the reason names the person."""
    subject = ErasureSubject(clean_line(customer), clean_line(order))
    if not subject.customer:
        raise Refused(_("Say whose data shall be erased."))
    if not reason.strip():
        raise Refused(_("An erasure needs a reason; it stays on the log."), hint=_("For example: request by mail."))
    if any(name and name in reason for name in subject):
        raise Refused(
            _("The reason stays on the log, so it must not name the customer."),
            hint=_("For example: request by mail."),
        )
    return subject

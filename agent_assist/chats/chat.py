"""One chat slot as a value: the customer, the unfinished reply, and what was already sent.

A chat is changed by replacing it (`msgspec.structs.replace`), so a reply drafted for one customer cannot be
altered by what happens in another slot.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from itertools import count

import msgspec
from msgspec.structs import replace


class Customer(msgspec.Struct, frozen=True):
    """Whom the reply is for. `name` is how one addresses them (王女士, Ms Li); `language` is that of the replies."""

    name: str = ""
    title: str = ""
    order: str = ""
    tier: str = ""
    language: str = "zh"


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that left the program, with the version of the facts it quoted."""

    at: dt.datetime
    phrase_id: str
    lang: str
    text: str
    incident_id: str = ""
    facts_version: int = 0
    route: str = ""
    """How it left: `native`, `osc52` (unconfirmed), `shown` or `cli`."""


class Chat(msgspec.Struct, frozen=True, kw_only=True):
    """A slot on the desk, open until `closed_at`; its reply in progress is `query`, `phrase_id`, `values`, `edited`."""

    id: str
    customer: Customer
    opened_at: dt.datetime
    incident_id: str = ""
    """The incident it is answered from; once there it changes only when the agent chooses another."""
    is_guessed: bool = False
    """Several incidents were open when the chat began, and nobody has said yet that this is the one."""
    query: str = ""
    phrase_id: str = ""
    edited: str = ""
    """The reply as changed by hand; empty while the phrase stands as filled."""
    is_short: bool = False
    """Replies go out in their short form, where a phrase has one."""
    drafted_version: int = 0
    """Version of the facts that `edited` was written from; 0 while nothing was changed by hand."""
    values: Mapping[str, str] = {}
    filled: tuple[str, ...] = ()
    """Ids of the phrases that `values` were typed for and that were not sent yet, the latest last."""
    drafted_for: tuple[Customer, ...] = ()
    """Whom the chat was with while `edited` was written or `values` were typed; none while there is no draft."""
    drafted_incident: str = ""
    """The incident that `edited` was written about when the chat is about another one now; else empty."""
    offer_draft: Mapping[str, str] = {}
    """What was typed in the offer form of a reply that was not sent yet, with the id of its phrase as `phrase`."""
    sent: tuple[Sent, ...] = ()
    position: int = 0
    waiting_since: dt.datetime | None = None
    """Since when the customer has been waiting for an answer; None after one was sent."""
    closed_at: dt.datetime | None = None
    shown_at: dt.datetime | None = None
    """When the agent last turned to it: the desk opens again where it was left."""
    redactions: int = 0
    """How often texts of its draft were emptied because another customer, whom they named, was erased."""
    is_erased: bool = False
    """Its customer's data was erased. Only id and times are left, so that no desk saves an old copy of it."""

    def with_customer(self, customer: Customer) -> "Chat":
        """Return the slot with this customer; a draft remembers whom it was made for."""
        drafted_for = self.drafted_for or (self.customer,) if self.edited or self.values else ()
        return replace(self, customer=customer, drafted_for=drafted_for)

    def with_incident(self, incident_id: str, *, is_guessed: bool = False) -> "Chat":
        """Return the slot answered from this incident; a text changed by hand remembers which one it speaks of."""
        spoken_of = self.drafted_incident or self.incident_id if self.edited else ""
        return replace(
            self,
            incident_id=incident_id,
            is_guessed=is_guessed,
            drafted_incident="" if spoken_of == incident_id else spoken_of,
        )

    def has_state_of(self, other: "Chat") -> bool:
        """Whether two versions differ in nothing but what was sent and when they were closed."""
        if (self.closed_at is None) != (other.closed_at is None):
            return False
        return replace(self, sent=(), closed_at=other.closed_at) == replace(other, sent=())

    @property
    def is_drafting(self) -> bool:
        """Whether something unfinished would be missed if the chat were closed."""
        return bool(self.edited or self.values or self.query)

    @property
    def is_used(self) -> bool:
        """Whether it has a name, a draft or a history."""
        return bool(self.customer.name or self.is_drafting or self.sent)

    @property
    def draft_id(self) -> str:
        """The phrase of the unfinished reply; "" when nothing was typed for one."""
        return self.phrase_id if self.edited else self.filled[-1] if self.filled and self.values else ""

    def answered(self, sent: Sent, done: str, values: Mapping[str, str] | None = None) -> "Chat":
        """Return the slot after this reply went out: nobody waits.

        What was typed for another phrase than the one that is `done` stays, with those of the `values` it needs.
        """
        after = replace(
            self,
            sent=(*self.sent, sent),
            query="",
            waiting_since=None,
            values=values or {},
            filled=tuple(phrase_id for phrase_id in self.filled if phrase_id != done),
            incident_id=self.incident_id or sent.incident_id,
            is_guessed=False,
            offer_draft={} if self.offer_draft.get("phrase") == done else self.offer_draft,
        )
        if not self.edited or self.phrase_id == done:
            after = replace(after, phrase_id="", edited="", drafted_version=0, drafted_incident="")
        return after if after.edited or after.values else replace(after, drafted_for=(), filled=())


def new_chat_id() -> str:
    """Return an id for a slot that no other slot of any agent has."""
    return uuid.uuid4().hex[:12]


def erased_chat(id: str, at: dt.datetime) -> Chat:  # noqa: A002 - the name of the field
    """Return what stays of a slot after its customer's data was erased."""
    return Chat(id=id, customer=Customer(), opened_at=at, closed_at=at, is_erased=True)


def numbered(chats: Iterable[Chat]) -> tuple[Chat, ...]:
    """Return chats by their numbers, which are `position` + 1: each keeps its own unless an earlier chat has it."""
    taken: dict[int, Chat] = {}
    for chat in chats:
        position = chat.position if chat.position >= 0 and chat.position not in taken else free_position(taken)
        taken[position] = chat if chat.position == position else replace(chat, position=position)
    return tuple(taken[position] for position in sorted(taken))


def free_position(taken: Collection[int]) -> int:
    """Return the lowest place on the desk that no chat has."""
    return next(position for position in count() if position not in taken)

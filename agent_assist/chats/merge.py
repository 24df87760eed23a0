"""Two versions of one chat, changed at two terminals of its agent, become one.

Rule: what was changed here stands, what was changed only there is taken over, and nothing that was typed is lost: a
draft that both changed is returned twice, unless one holds the other. What an erasure took out of a draft stays out.
"""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec.structs import replace

from agent_assist.chats.chat import Chat, Sent, free_position, new_chat_id

_DRAFT = (
    "query",
    "edited",
    "drafted_version",
    "values",
    "filled",
    "drafted_for",
    "drafted_incident",
    "offer_draft",
)
"""What is typed. The phrase goes with it; alone it is only where the pointer was."""


_ALONE = ("position", "waiting_since", "is_short")
"""What is changed by itself."""


class MergedChat(NamedTuple):
    """The chat as it is now, and the other version where it holds something that `chat` does not."""

    chat: Chat
    left_out: Chat | None = None


def merge(base: Chat | None, mine: Chat, theirs: Chat) -> MergedChat:
    """Return `mine` with what `theirs` changed since `base`, the last version that both knew; None: there is none."""
    if base is not None and theirs.redactions > base.redactions:
        mine = _redacted_as(base, mine, theirs)
    is_mine = _differ(base, mine, *_DRAFT)
    drafted = mine if is_mine or not _differ(base, theirs, *_DRAFT) else theirs
    customer = mine.customer if _differ(base, mine, "customer") else theirs.customer
    of_incident = mine if _differ(base, mine, "incident_id", "is_guessed") else theirs
    merged = drafted if drafted.customer == customer else drafted.with_customer(customer)
    if merged.incident_id != of_incident.incident_id:
        merged = merged.with_incident(of_incident.incident_id)
    merged = replace(
        merged,
        is_guessed=of_incident.is_guessed,
        **{name: getattr(mine if _differ(base, mine, name) else theirs, name) for name in _ALONE},
        sent=_all_sent(mine, theirs),
        shown_at=max(filter(None, (mine.shown_at, theirs.shown_at)), default=None),
        closed_at=mine.closed_at,
        redactions=max(mine.redactions, theirs.redactions),
    )
    is_lost = _differ(base, theirs, *_DRAFT) and not _holds(merged, theirs)
    is_renamed = _differ(base, theirs, "customer") and theirs.customer.name not in ("", merged.customer.name)
    return MergedChat(merged, theirs if is_lost or is_renamed else None)


def apart(left_out: Chat, others: Iterable[Chat]) -> Chat:
    """Return a version that was left out as a chat of its own beside the `others`; what was sent is not in it."""
    position = free_position([chat.position for chat in others])
    return replace(left_out, id=new_chat_id(), position=position, sent=(), shown_at=None, closed_at=None)


def _differ(base: Chat | None, chat: Chat, *names: str) -> bool:
    return base is None or any(getattr(base, name) != getattr(chat, name) for name in names)


def _holds(chat: Chat, other: Chat) -> bool:
    """Whether everything that was typed in `other` stands in `chat` too."""
    return (
        chat.query.startswith(other.query)
        and chat.edited.startswith(other.edited)
        and other.values.items() <= chat.values.items()
        and other.offer_draft.items() <= chat.offer_draft.items()
    )


def _redacted_as(base: Chat, mine: Chat, theirs: Chat) -> Chat:
    """Return `mine` without the texts that an erasure emptied in `theirs`."""
    emptied = {name for name, text in base.values.items() if text and theirs.values.get(name) == ""}
    gone = {former for former in base.drafted_for if former not in theirs.drafted_for}
    return replace(
        mine,
        query="" if base.query and not theirs.query else mine.query,
        edited="" if base.edited and not theirs.edited else mine.edited,
        values={name: "" if name in emptied else text for name, text in mine.values.items()},
        drafted_for=tuple(former for former in mine.drafted_for if former not in gone),
    )


def _all_sent(mine: Chat, theirs: Chat) -> tuple[Sent, ...]:
    """Return the replies on record, and those of this terminal that are not recorded yet."""
    recorded = {(sent.at, sent.phrase_id) for sent in theirs.sent}
    pending = [sent for sent in mine.sent if (sent.at, sent.phrase_id) not in recorded]
    return tuple(sorted((*theirs.sent, *pending), key=lambda sent: sent.at)) if pending else theirs.sent

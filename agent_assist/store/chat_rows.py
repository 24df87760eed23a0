"""Chats and the replies sent in them, in SQL. Closed chats and sent replies are never deleted here."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from agent_assist.chats import Chat, Sent
from agent_assist.epoch_micros import from_micros, to_micros
from agent_assist.locale import REPLY_LANGUAGES
from agent_assist.store import refusals
from agent_assist.store.protocol import SaveOutcome
from agent_assist.store.rows import ROW_ERRORS, LeftOutRows, from_json
from agent_assist.store.schema import chats, sent_replies

_INCIDENT_IN_JSON = '"incident_id":"([^"]*)"'
"""The incident in the state of a chat; quotes within a text are escaped there, so no text contains this."""


class SentReply(NamedTuple):
    """A reply as it is recorded: who sent it in which chat, under which `op_id`."""

    agent: str
    chat_id: str
    sent: Sent
    op_id: str

    @property
    def content(self) -> tuple[str, str, str, str]:
        """What must be equal when an `op_id` is repeated."""
        return self.agent, self.chat_id, self.sent.phrase_id, self.sent.text


def save(connection: Connection, agent: str, chat: Chat, seen: Chat | None = None) -> SaveOutcome:
    """Insert or update the state of a chat, also while another terminal of the same agent saves it.

    See `protocol.Store.save_chat`.
    """
    stored = _stored(connection, agent, chat.id)
    if stored is not None and stored.is_erased:
        return "erased"
    if stored is not None and seen is not None and not stored.has_state_of(seen):
        return "changed"
    row = {
        "position": chat.position,
        "opened_at": to_micros(chat.opened_at),
        "closed_at": to_micros(chat.closed_at) if chat.closed_at else None,
        "state": msgspec.json.encode(msgspec.structs.replace(chat, sent=())).decode(),
    }
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = insert(chats).values({"agent": agent, "id": chat.id, **row})
    connection.execute(new.on_conflict_do_update(index_elements=[chats.c.agent, chats.c.id], set_=row))
    return "saved"


def _stored(connection: Connection, agent: str, id: str) -> Chat | None:  # noqa: A002 - it is an id
    """Lock the row of a chat and return the chat; None without one, and when it cannot be read."""
    this = (chats.c.agent == agent) & (chats.c.id == id)
    row = connection.execute(select(chats).where(this).with_for_update()).first()
    try:
        return _of_row(row) if row is not None else None
    except ROW_ERRORS:
        return None


def open_chats(
    connection: Connection, agent: str, left_out: LeftOutRows, also: Collection[str] = ()
) -> tuple[Chat, ...]:
    """Return the agent's chats that are not closed or are named in `also`, by position, with their sent replies."""
    mine = select(chats).where(chats.c.agent == agent, or_(chats.c.closed_at.is_(None), chats.c.id.in_(also)))
    rows = connection.execute(mine.order_by(chats.c.position, chats.c.opened_at, chats.c.id)).all()
    sent: dict[str, list[Sent]] = {}
    if rows:
        replies = select(sent_replies).where(
            sent_replies.c.agent == agent, sent_replies.c.chat_id.in_([row.id for row in rows])
        )
        reply_rows = connection.execute(replies.order_by(sent_replies.c.id)).all()
        for chat_id, reply in left_out.readable("sent_replies", reply_rows, reply_key, read_reply):
            sent.setdefault(chat_id, []).append(reply)
    return tuple(
        msgspec.structs.replace(chat, sent=tuple(sent.get(chat.id, ())))
        for chat in left_out.readable("chats", rows, chat_key, _of_row)
    )


def count_by_incident(connection: Connection) -> Mapping[str, int]:
    """Return how many open chats are about each incident, of those that this account may see."""
    incident: ColumnElement[Any] = chats.c.state
    if connection.dialect.name == "postgresql":  # read where it is: a team has thousands of chats with long drafts
        incident = func.substring(chats.c.state, _INCIDENT_IN_JSON)
    rows = connection.execute(select(incident).where(chats.c.closed_at.is_(None))).scalars()
    if connection.dialect.name == "postgresql":
        return Counter(found or "" for found in rows)
    return Counter(match[1] for state in rows if (match := re.search(_INCIDENT_IN_JSON, str(state))))


def chat_key(row: Row[Any]) -> str:
    """Return what identifies the row of a chat in messages."""
    return f"{row.id}, {row.agent}"


def reply_key(row: Row[Any]) -> str:
    """Return what identifies the row of a reply in messages."""
    return f"#{row.id}, {row.agent}"


def read_chat(row: Row[Any]) -> Chat:
    """Return the chat of a row. Raises one of `rows.ROW_ERRORS`."""
    chat = from_json(row.state, Chat)
    if chat.id != row.id:
        raise ValueError(f"it is the state of {chat.id}")
    if chat.customer.language not in REPLY_LANGUAGES:
        chat = msgspec.structs.replace(
            chat, customer=msgspec.structs.replace(chat.customer, language=REPLY_LANGUAGES[0])
        )
    return chat


def _of_row(row: Row[Any]) -> Chat:
    """As `read_chat`, closed or open as its column says: closing leaves the state as it was."""
    closed_at = from_micros(row.closed_at) if row.closed_at is not None else None
    return msgspec.structs.replace(read_chat(row), closed_at=closed_at)


def read_reply(row: Row[Any]) -> tuple[str, Sent]:
    """Return the chat id and the reply of a row. Raises one of `rows.ROW_ERRORS`."""
    return row.chat_id, from_json(row.reply, Sent)


def close(connection: Connection, agent: str, id: str, at: dt.datetime) -> None:  # noqa: A002 - it is an id
    """Close a chat. Raises NotFound."""
    this = (chats.c.agent == agent) & (chats.c.id == id)
    if connection.execute(chats.update().where(this).values(closed_at=to_micros(at))).rowcount == 0:
        raise refusals.no_chat(id)


def is_recorded(connection: Connection, reply: SentReply) -> bool:
    """Return whether its `op_id` has recorded this reply. Refused when it recorded another one."""
    row = connection.execute(select(sent_replies).where(sent_replies.c.op_id == reply.op_id)).first()
    if row is None:
        return False
    try:
        _chat_id, recorded = read_reply(row)
    except ROW_ERRORS as error:
        raise refusals.other_reply(reply.op_id) from error
    if SentReply(row.agent, row.chat_id, recorded, reply.op_id).content != reply.content:
        raise refusals.other_reply(reply.op_id)
    return True


def add_sent(connection: Connection, reply: SentReply) -> None:
    """Insert a sent reply."""
    row = {
        "op_id": reply.op_id,
        "agent": reply.agent,
        "chat_id": reply.chat_id,
        "at": to_micros(reply.sent.at),
        "reply": msgspec.json.encode(reply.sent).decode(),
    }
    connection.execute(sent_replies.insert(), row)

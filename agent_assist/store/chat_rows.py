"""Chats and what was sent in them, in SQL. A closed chat and a sent reply stay on record."""

import datetime as dt
from typing import Any

import msgspec
from sqlalchemy import Row, select
from sqlalchemy.engine import Connection

from agent_assist.chats import Chat, Sent
from agent_assist.epoch_micros import to_micros
from agent_assist.locale import LANGUAGES
from agent_assist.store import refusals
from agent_assist.store.rows import ROW_ERRORS, LeftOutRows, from_json
from agent_assist.store.schema import chats, sent_replies


def save(connection: Connection, agent: str, chat: Chat) -> None:
    """Keep the whole state of a chat, new or known; needs an exclusive transaction."""
    row = {
        "position": chat.position,
        "opened_at": to_micros(chat.opened_at),
        "closed_at": to_micros(chat.closed_at) if chat.closed_at else None,
        "state": msgspec.json.encode(msgspec.structs.replace(chat, sent=())).decode(),
    }
    this = (chats.c.agent == agent) & (chats.c.id == chat.id)
    if connection.execute(chats.update().where(this).values(row)).rowcount == 0:
        connection.execute(chats.insert(), {"agent": agent, "id": chat.id, **row})


def open_chats(connection: Connection, agent: str, left_out: LeftOutRows) -> tuple[Chat, ...]:
    """The agent's chats that are not closed, by position, each with what was sent."""
    mine = select(chats).where(chats.c.agent == agent, chats.c.closed_at.is_(None))
    rows = connection.execute(mine.order_by(chats.c.position, chats.c.opened_at, chats.c.id)).all()
    sent: dict[str, list[Sent]] = {}
    if rows:
        replies = select(sent_replies).where(
            sent_replies.c.agent == agent, sent_replies.c.chat_id.in_([row.id for row in rows])
        )
        found = connection.execute(replies.order_by(sent_replies.c.id)).all()
        for chat_id, reply in left_out.readable("sent_replies", found, reply_key, read_reply):
            sent.setdefault(chat_id, []).append(reply)
    return tuple(
        msgspec.structs.replace(chat, closed_at=None, sent=tuple(sent.get(chat.id, ())))
        for chat in left_out.readable("chats", rows, chat_key, read_chat)
    )


def chat_key(row: Row[Any]) -> str:
    """What names the row of a chat."""
    return f"{row.id}, {row.agent}"


def reply_key(row: Row[Any]) -> str:
    """What names the row of a reply."""
    return f"#{row.id}, {row.agent}"


def read_chat(row: Row[Any]) -> Chat:
    """The chat of a row. Raises one of `rows.ROW_ERRORS`."""
    chat = from_json(row.state, Chat)
    if chat.id != row.id:
        raise ValueError(f"it is the state of {chat.id}")
    if chat.customer.language not in LANGUAGES:
        chat = msgspec.structs.replace(chat, customer=msgspec.structs.replace(chat.customer, language=LANGUAGES[0]))
    return chat


def read_reply(row: Row[Any]) -> tuple[str, Sent]:
    """The chat and the reply of a row. Raises one of `rows.ROW_ERRORS`."""
    return row.chat_id, from_json(row.reply, Sent)


def close(connection: Connection, agent: str, id: str, at: dt.datetime) -> None:  # noqa: A002 - it is an id
    """Take a chat off the desk. Raises NotFound."""
    this = (chats.c.agent == agent) & (chats.c.id == id)
    if connection.execute(chats.update().where(this).values(closed_at=to_micros(at))).rowcount == 0:
        raise refusals.no_chat(id)


def is_recorded(connection: Connection, agent: str, chat_id: str, sent: Sent, op_id: str) -> bool:
    """Whether this `op_id` has recorded this reply. Refused when it recorded another."""
    row = connection.execute(select(sent_replies).where(sent_replies.c.op_id == op_id)).first()
    if row is None:
        return False
    try:
        _chat, known = read_reply(row)
    except ROW_ERRORS as error:
        raise refusals.other_reply(op_id) from error
    if (row.agent, row.chat_id, known.phrase_id, known.text) != (agent, chat_id, sent.phrase_id, sent.text):
        raise refusals.other_reply(op_id)
    return True


def add_sent(connection: Connection, agent: str, chat_id: str, sent: Sent, op_id: str) -> None:
    """Record a sent reply."""
    reply = msgspec.json.encode(sent).decode()
    row = {"op_id": op_id, "agent": agent, "chat_id": chat_id, "at": to_micros(sent.at), "reply": reply}
    connection.execute(sent_replies.insert(), row)

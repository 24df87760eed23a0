"""Chats and what was sent in them, in SQL. A closed chat and a sent reply stay on record."""

import datetime as dt

import msgspec
from sqlalchemy import select
from sqlalchemy.engine import Connection

from agent_assist.chats import Chat, Sent
from agent_assist.offers.chain import micros
from agent_assist.store import refusals
from agent_assist.store.schema import chats, sent_replies


def save(connection: Connection, agent: str, chat: Chat) -> None:
    """Keep the whole state of a chat, new or known; needs a transaction that is alone."""
    row = {
        "position": chat.position,
        "opened_at": micros(chat.opened_at),
        "closed_at": micros(chat.closed_at) if chat.closed_at else None,
        "state": msgspec.json.encode(msgspec.structs.replace(chat, sent=())).decode(),
    }
    this = (chats.c.agent == agent) & (chats.c.id == chat.id)
    if connection.execute(chats.update().where(this).values(row)).rowcount == 0:
        connection.execute(chats.insert(), {"agent": agent, "id": chat.id, **row})


def still_open(connection: Connection, agent: str) -> tuple[Chat, ...]:
    """The agent's chats that are not closed, by position, each with what was sent."""
    mine = select(chats).where(chats.c.agent == agent, chats.c.closed_at.is_(None))
    rows = connection.execute(mine.order_by(chats.c.position, chats.c.opened_at, chats.c.id)).all()
    sent: dict[str, list[Sent]] = {}
    if rows:
        replies = select(sent_replies.c.chat_id, sent_replies.c.reply).where(
            sent_replies.c.agent == agent, sent_replies.c.chat_id.in_([row.id for row in rows])
        )
        for reply in connection.execute(replies.order_by(sent_replies.c.id)):
            sent.setdefault(reply.chat_id, []).append(msgspec.json.decode(reply.reply, type=Sent))
    return tuple(
        msgspec.structs.replace(
            msgspec.json.decode(row.state, type=Chat), closed_at=None, sent=tuple(sent.get(row.id, ()))
        )
        for row in rows
    )


def close(connection: Connection, agent: str, id: str, at: dt.datetime) -> None:  # noqa: A002 - it is an id
    """Take a chat off the desk. Raises NotFound."""
    this = (chats.c.agent == agent) & (chats.c.id == id)
    if connection.execute(chats.update().where(this).values(closed_at=micros(at))).rowcount == 0:
        raise refusals.no_chat(id)


def find_sent(connection: Connection, agent: str, chat_id: str, sent: Sent, op_id: str) -> bool:
    """Whether this `op_id` has recorded this reply. Refused when it recorded another."""
    row = connection.execute(select(sent_replies).where(sent_replies.c.op_id == op_id)).first()
    if row is None:
        return False
    known = msgspec.json.decode(row.reply, type=Sent)
    if (row.agent, row.chat_id, known.phrase_id, known.text) != (agent, chat_id, sent.phrase_id, sent.text):
        raise refusals.other_reply(op_id)
    return True


def add_sent(connection: Connection, agent: str, chat_id: str, sent: Sent, op_id: str) -> None:
    """Record a sent reply."""
    reply = msgspec.json.encode(sent).decode()
    row = {"op_id": op_id, "agent": agent, "chat_id": chat_id, "at": micros(sent.at), "reply": reply}
    connection.execute(sent_replies.insert(), row)

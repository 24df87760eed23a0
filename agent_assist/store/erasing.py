"""Erases one customer's personal data, in SQL. Amounts, numbers and the hash chain stay.

Of each offer the texts and their salts are deleted, so that the digests in the chain reveal nothing; a tombstone entry
says who erased it, when and why. Outside the log: of the chats with the customer only id and times stay, so that a desk
with an old copy cannot save it again; their sent replies are deleted, and so is every reply that names the customer
(with an order number: the order, since people share names); queries and drafts that do are emptied. Offers to other
customers are not changed; how many of them mention the customer is counted.
"""

import datetime as dt
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Table, func, or_, select
from sqlalchemy.engine import Connection

from agent_assist.chats import Chat, erased_chat
from agent_assist.epoch_micros import to_micros
from agent_assist.offers import OfferFilter
from agent_assist.offers.decisions import Erasable
from agent_assist.store import ledger, review_queries, review_sums
from agent_assist.store.chat_rows import read_chat
from agent_assist.store.erasure_subject import Erasure, ErasureSubject
from agent_assist.store.protocol import Erased
from agent_assist.store.rows import ROW_ERRORS
from agent_assist.store.schema import chats, missed_searches, offer_entries, offer_texts, sent_replies, uses

_E = offer_entries.c


def erase(connection: Connection, subject: ErasureSubject, erasure: Erasure) -> Erased:
    """Erase everything of this person; needs an exclusive transaction."""
    offers = _offers(connection, subject)
    for offer in offers:
        _erase_offer(connection, offer, erasure)
    chat_keys, open_chats = _erase_chats(connection, subject, {offer.chat for offer in offers} - {""})
    replies = sum(_empty_chat(connection, agent, chat_id, erasure.at) for agent, chat_id in chat_keys)
    replies += _delete_mentions(connection, sent_replies, sent_replies.c.reply, _in_json(subject.identifier))
    searches = _delete_mentions(connection, missed_searches, missed_searches.c.query, subject.identifier)
    in_query = _mentions(uses.c.query, subject.identifier)
    searches += connection.execute(uses.update().where(in_query).values(query="")).rowcount
    return Erased(
        offers=len(offers),
        chats=len(chat_keys),
        open_chats=open_chats,
        replies=replies,
        searches=searches,
        mentions=review_sums.count(connection, OfferFilter(text=subject.identifier)),
    )


def _offers(connection: Connection, subject: ErasureSubject) -> list[Erasable]:
    """Return every offer to this person, readable or not."""
    seqs = review_queries.offer_walk(OfferFilter(customer=subject.customer, order=subject.order)).seqs()
    made = select(_E.seq, _E.tier, _E.incident, _E.chat).where(_E.seq.in_(seqs)).order_by(_E.seq)
    return [Erasable(row.seq, str(row.tier), str(row.incident), str(row.chat)) for row in connection.execute(made)]


def _erase_offer(connection: Connection, offer: Erasable, erasure: Erasure) -> None:
    """Append the tombstone first: the database lets texts go only after it."""
    ledger.append(connection, erasure.entry(offer, ledger.head(connection)))
    of_it = select(_E.seq).where(_E.offer_seq == offer.seq, _E.event != "erased")
    connection.execute(offer_texts.delete().where(offer_texts.c.seq.in_(of_it)))


def _erase_chats(connection: Connection, subject: ErasureSubject, ids: set[str]) -> tuple[list[tuple[str, str]], int]:
    """Return the chats to empty, as agent and id, and how many of them are open.

    Those are the chats with this person and those with one of the `ids`. Chats that only mention the person are
    redacted, and emptied where that is not possible.
    """
    to_empty, open_chats = [], 0
    mentioning = [_mentions(chats.c.state, _in_json(name)) for name in {subject.customer, subject.identifier}]
    for row in connection.execute(select(chats).where(or_(chats.c.id.in_(ids), *mentioning))).all():
        chat = _read_or_none(row)
        if chat is not None and chat.is_erased:
            continue
        if chat is None or row.id in ids or subject.is_customer_of(chat):
            to_empty.append((row.agent, row.id))
            open_chats += row.closed_at is None
            continue
        state = msgspec.json.encode(subject.redact(chat)).decode()
        connection.execute(chats.update().where(_is_chat(row.agent, row.id)).values(state=state))
    return to_empty, open_chats


def _empty_chat(connection: Connection, agent: str, chat_id: str, at: dt.datetime) -> int:
    """Leave of a chat that it was erased, and delete its sent replies; return how many those were."""
    in_chat = (sent_replies.c.agent == agent) & (sent_replies.c.chat_id == chat_id)
    replies = connection.execute(sent_replies.delete().where(in_chat)).rowcount
    micros, state = to_micros(at), msgspec.json.encode(erased_chat(chat_id, at)).decode()
    emptied = chats.update().where(_is_chat(agent, chat_id))
    connection.execute(emptied.values(position=0, opened_at=micros, closed_at=micros, state=state))
    return replies


def _is_chat(agent: str, chat_id: str) -> ColumnElement[bool]:
    return (chats.c.agent == agent) & (chats.c.id == chat_id)


def _read_or_none(row: Row[Any]) -> Chat | None:
    try:
        return read_chat(row)
    except ROW_ERRORS:
        return None


def _delete_mentions(connection: Connection, table: Table, column: ColumnElement[Any], identifier: str) -> int:
    return connection.execute(table.delete().where(_mentions(column, identifier))).rowcount


def _mentions(column: ColumnElement[Any], identifier: str) -> ColumnElement[bool]:
    return func.lower(column).contains(identifier.lower(), autoescape=True)


def _in_json(text: str) -> str:
    return msgspec.json.encode(text).decode()[1:-1]

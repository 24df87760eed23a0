"""Removes one customer's personal texts and traces, in SQL. What is summed, numbered and hashed stays.

A tombstone on the log says for each offer who erased it, when and why; then its texts go with their salts, so that the
digests left in the chain tell nothing. Outside the log go the chats with the customer and what was sent in them, every
reply that names the customer (with an order number: the order, since names are shared), and the words of such searches
and drafts. Other customers' offers are left alone; how many of them mention the customer is told.
"""

import datetime as dt
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Table, func, or_, select
from sqlalchemy.engine import Connection

from agent_assist.chats import Chat
from agent_assist.offers import OfferFilter
from agent_assist.offers.decisions import Erasable, erasure_entry
from agent_assist.offers.offer import new_op_id
from agent_assist.roles import Role
from agent_assist.store import ledger, review_queries
from agent_assist.store.chat_rows import read_chat
from agent_assist.store.erasure_subject import ErasureSubject
from agent_assist.store.protocol import Erased
from agent_assist.store.rows import ROW_ERRORS
from agent_assist.store.schema import chats, missed_searches, offer_entries, offer_texts, sent_replies, uses

_E = offer_entries.c


def erase(
    connection: Connection, subject: ErasureSubject, *, agent: str, role: Role, reason: str, at: dt.datetime
) -> Erased:
    """Everything of this person; needs an exclusive transaction."""
    with_chats: set[str] = set()
    offers = 0
    for offer in _offers(connection, subject):
        head = ledger.head(connection)
        op_id = new_op_id()
        ledger.append(
            connection,
            erasure_entry(
                offer, op_id=op_id, agent=agent, role=role, reason=reason, at=at, head=head, new_salt=ledger.new_salt
            ),
        )
        of_it = select(offer_entries.c.seq).where(
            offer_entries.c.offer_seq == offer.seq, offer_entries.c.event != "erased"
        )
        connection.execute(offer_texts.delete().where(offer_texts.c.seq.in_(of_it)))
        offers += 1
        with_chats |= {offer.chat} - {""}
    found, open_ones = _chats(connection, subject, with_chats)
    replies = 0
    for agent_name, chat_id in found:
        there = (sent_replies.c.agent == agent_name) & (sent_replies.c.chat_id == chat_id)
        replies += connection.execute(sent_replies.delete().where(there)).rowcount
        connection.execute(chats.delete().where((chats.c.agent == agent_name) & (chats.c.id == chat_id)))
    replies += _delete_mentions(connection, sent_replies, sent_replies.c.reply, _in_json(subject.identifier))
    searches = _delete_mentions(connection, missed_searches, missed_searches.c.query, subject.identifier)
    searches += connection.execute(
        uses.update().where(_mentions(uses.c.query, subject.identifier)).values(query="")
    ).rowcount
    return Erased(
        offers=offers,
        chats=len(found),
        open_chats=open_ones,
        replies=replies,
        searches=searches,
        mentions=review_queries.count(connection, OfferFilter(text=subject.identifier)),
    )


def _offers(connection: Connection, subject: ErasureSubject) -> list[Erasable]:
    """Every offer to this person, also one that cannot be read: its texts go like those of the others."""
    seqs = review_queries.matching_seqs(connection, OfferFilter(customer=subject.customer, order=subject.order))
    made = select(_E.seq, _E.tier, _E.incident, _E.chat).where(_E.seq.in_(seqs)).order_by(_E.seq)
    return [Erasable(row.seq, str(row.tier), str(row.incident), str(row.chat)) for row in connection.execute(made)]


def _chats(connection: Connection, subject: ErasureSubject, ids: set[str]) -> tuple[list[tuple[str, str]], int]:
    """The chats with this person as agent and id, and how many are open; drafts that only name them are emptied."""
    found, open_ones = [], 0
    by_name = [_mentions(chats.c.state, _in_json(mark)) for mark in {subject.customer, subject.identifier}]
    naming = or_(chats.c.id.in_(ids), *by_name)
    for row in connection.execute(select(chats).where(naming)).all():
        chat = _read_or_none(row)
        if (
            chat is None or row.id in ids or subject.is_customer_of(chat)
        ):  # what names the person and cannot be emptied goes whole
            found.append((row.agent, row.id))
            open_ones += row.closed_at is None
            continue
        kept = subject.redact(chat)
        this = (chats.c.agent == row.agent) & (chats.c.id == row.id)
        connection.execute(chats.update().where(this).values(state=msgspec.json.encode(kept).decode()))
    return found, open_ones


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

"""Looks through the newest rows of every table for such as cannot be used, for `doctor`; changes nothing."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row, Table, select
from sqlalchemy.engine import Connection

from agent_assist.store import chats, incidents, ledger, policies, usage
from agent_assist.store.rows import LeftOut, LeftOutRows
from agent_assist.store.schema import metadata, offer_entries

MOST_ROWS = 5_000
"""Of each table; what is read at work is among the newest."""

_READERS: dict[str, tuple[Callable[[Row[Any]], object], Callable[[Row[Any]], object]]] = {
    "uses": (usage.row_key, usage.read_use),
    "missed_searches": (usage.row_key, usage.read_missed),
    "chats": (chats.chat_key, chats.read_chat),
    "sent_replies": (chats.reply_key, chats.read_reply),
    "incident_versions": (incidents.row_key, incidents.read_facts),
    "policy_versions": (policies.row_key, policies.read_policy),
}


def unusable_rows(connection: Connection) -> tuple[LeftOut, ...]:
    """What is left out whenever it is read, as far as the person signed in may see it."""
    found = LeftOutRows()
    for name, (key, read) in _READERS.items():
        for _value in found.usable(name, _newest(connection, metadata.tables[name]), key, read):
            pass
    ledger.sound(connection, _newest(connection, offer_entries), found)
    return found.all()


def _newest(connection: Connection, table: Table) -> list[Row[Any]]:
    order = [column.desc() for column in table.primary_key.columns]
    return list(connection.execute(select(table).order_by(*order).limit(MOST_ROWS)))

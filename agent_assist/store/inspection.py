"""Finds rows that cannot be read, among the newest of every table, for `doctor`; changes nothing."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row, Table, select
from sqlalchemy.engine import Connection

from agent_assist.store import chat_rows, incident_rows, ledger, policy_rows, publication_rows, usage_rows
from agent_assist.store.rows import LeftOut, LeftOutRows
from agent_assist.store.schema import metadata, offer_entries

MAX_ROWS = 5_000
"""Rows of each table that are checked; desks read the newest ones."""

_READERS: dict[str, tuple[Callable[[Row[Any]], object], Callable[[Row[Any]], object]]] = {
    "uses": (usage_rows.row_key, usage_rows.read_use),
    "missed_searches": (usage_rows.row_key, usage_rows.read_missed),
    "publications": (publication_rows.row_key, publication_rows.read_publication),
    "chats": (chat_rows.chat_key, chat_rows.read_chat),
    "sent_replies": (chat_rows.reply_key, chat_rows.read_reply),
    "incident_versions": (incident_rows.row_key, incident_rows.read_facts),
    "policy_versions": (policy_rows.row_key, policy_rows.read_policy),
}


def unusable_rows(connection: Connection) -> tuple[LeftOut, ...]:
    """Return the unreadable rows, as far as the person signed in may see them."""
    left_out = LeftOutRows()
    for name, (key, read) in _READERS.items():
        for _value in left_out.readable(name, _newest(connection, metadata.tables[name]), key, read):
            pass
    ledger.readable_entries(connection, _newest(connection, offer_entries), left_out)
    return left_out.all()


def _newest(connection: Connection, table: Table) -> list[Row[Any]]:
    order = [column.desc() for column in table.primary_key.columns]
    return list(connection.execute(select(table).order_by(*order).limit(MAX_ROWS)))

"""Everything the program saves: incidents, chats, sent replies, offers, usage. The only package that knows SQL.

Importing it is cheap; `open_store` imports the database libraries. `Store` (protocol.py) is what other packages see.

Layers, from the top; a module imports only from lower ones (an import contract in pyproject.toml checks it):

    team_accounts, transfer/, database_info   work on a whole database: accounts, backup and move, `doctor`
    opening                                   from a URL to a store that is ready
    sql, migrate                              the store on a database; its schema brought up to date
    offer_writes, erasing, inspection, …      what needs several tables; `server_info` about the server
    limit_queries, log_check                  what limits count, and the check of the whole log
    kept_answers                              sums that a store keeps and brings up to date
    ledger, *_rows                            one module per thing stored: functions on an open connection
    review_sums                               counts, sums and medians over offers
    review_queries                            which offers meet a filter
    engines/                                  memory, sqlite, postgres: transactions, locks, change notification
    team/, migrations/                        rules of a team's database, and the steps of the schema
    protocol                                  `Store` and its values
    database, rows, schema, failures, …       what all of them share

`database.Database` is the interface between the two halves: engines implement it, modules above them use it.
"""

from pathlib import Path

from agent_assist.roles import Role
from agent_assist.store.engines.memory import MemoryStore
from agent_assist.store.protocol import (
    USES_LIMIT,
    Erased,
    MissedSearch,
    PhraseUse,
    PolicyVersion,
    Recorded,
    SaveOutcome,
    Store,
)

__all__ = [
    "USES_LIMIT",
    "Erased",
    "MemoryStore",
    "MissedSearch",
    "PhraseUse",
    "PolicyVersion",
    "Recorded",
    "SaveOutcome",
    "Store",
    "open_store",
]


def open_store(url: str, *, read_only: bool = False, home: Path | None = None, role: Role = "lead") -> Store:
    """Open the store at a database URL, `sqlite:///FILE` or `postgresql://…`, and migrate it to this version.

    The head of the offer log is saved in `home`, for SQLite by default in the folder of the file. `role` is that of the
    person where the database has no accounts. Raises Refused for a URL it cannot use, Damaged for a file that must not
    be changed, Unreachable when the database is away.
    """
    # the database libraries: loaded when a store is opened
    from agent_assist.store.opening import open_sql_store

    return open_sql_store(url, read_only=read_only, home=home, role=role)

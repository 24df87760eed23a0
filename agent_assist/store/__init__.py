"""Everything the desk remembers: incidents, chats, sent replies, offers, usage. The only room that knows SQL.

Importing it is cheap; the database libraries are imported by `open_store`.
"""

from pathlib import Path

from agent_assist.offers.policy import Role
from agent_assist.store.engines.memory import MemoryStore
from agent_assist.store.protocol import USES_LIMIT, Erased, MissedSearch, PolicyVersion, Recorded, Store, Use

__all__ = [
    "USES_LIMIT",
    "Erased",
    "MemoryStore",
    "MissedSearch",
    "PolicyVersion",
    "Recorded",
    "Role",
    "Store",
    "Use",
    "open_store",
]


def open_store(url: str, *, read_only: bool = False, home: Path | None = None, role: Role = "lead") -> Store:
    """The store at a database URL: `sqlite:///FILE` or `postgresql://…`; an empty or older one is brought up to date.

    The head of the offer log is kept in `home` (for SQLite by default beside the file). `role` is that of the person
    where the database knows no accounts. Raises Refused for a URL it cannot use, Damaged for a file that must not be
    touched, Unreachable when the database is away.
    """
    from agent_assist.store.opening import opened

    return opened(url, read_only=read_only, home=home, role=role)

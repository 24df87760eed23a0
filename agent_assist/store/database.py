"""`Database`: what a SQL engine offers to the modules above it, transactions and a change token.

`engines.sqlite` and `engines.postgres` implement it; `sql.SqlStore` is the store on top. The memory store has none.
"""

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from typing import Protocol

import msgspec
from sqlalchemy.engine import Connection

from agent_assist.roles import Role
from agent_assist.store.news import ANYTHING, News

UNBOUNDED = "agent-assist-unbounded"
"""Execution option of a connection whose statements have no deadline: those of a migration, which indexes all rows."""


class Member(msgspec.Struct, frozen=True):
    """The account that is signed in, as the server knows it. Rules of the team do not bind an owner."""

    name: str
    role: Role
    is_owner: bool = False


class Database(Protocol):
    """A reachable database with the schema of this version (`migrate.prepare`). Safe to use from several threads."""

    def read(self) -> AbstractContextManager[Connection]:
        """Begin a transaction for reading. Failures arrive as Unreachable or Damaged.

        On SQLite all its statements see one state; on PostgreSQL each sees what was committed before it.
        """

    def together(self) -> AbstractContextManager[None]:
        """Let what this thread reads in the block share one transaction of a server; a file is locked no longer by it.

        When one read fails the others in the block fail too.
        """

    def snapshot(self) -> AbstractContextManager[Connection]:
        """Begin a long read whose statements all see one state, without blocking writers of a server."""

    def write(
        self, *, exclusive: bool = False, op_id: str = "", news: Iterable[News] = (ANYTHING,)
    ) -> AbstractContextManager[Connection]:
        """Begin a transaction that is committed at the end. With `exclusive` no other exclusive one runs meanwhile,
        with an `op_id` no other one of the same `op_id`.

        SQLite: BEGIN IMMEDIATE, so every write excludes every other. PostgreSQL: an exclusive write first takes the
        advisory lock of the log, one with an `op_id` a lock of that id alone. `news` is read at the commit, so the
        block may fill a list that it gave; if there is any, the commit counts a change and notifies all listeners. News
        of chats counts as no change and goes only to listeners of its agent in other processes, as that of new offers
        does; decisions and offers are found by those who wait for them. A write without news is private: no other desk
        hears of it.

        Failures arrive as NotSaved, or MaybeSaved when the commit was sent and not answered.
        """

    def change_token(self) -> int:
        """Return a number that differs after any commit by any process."""

    def wait_for_change(
        self, seconds: float, *, agent: str = "", offers: Collection[str] | None = None
    ) -> tuple[News, ...]:
        """See `protocol.Store.wait_for_change`."""

    def member(self) -> Member | None:
        """Return who is signed in; None where the engine knows no accounts or no team was set up."""

    def scrub(self) -> bool:
        """Remove the bytes of deleted rows from the files; False when that was not possible now."""

    def close(self) -> None:
        """Close all connections."""

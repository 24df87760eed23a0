"""`Database`: what a SQL engine offers to the modules above it, transactions and a change token.

`engines.sqlite` and `engines.postgres` implement it; `sql.SqlStore` is the store on top. The memory store has none.
"""

from contextlib import AbstractContextManager
from typing import Protocol

import msgspec
from sqlalchemy.engine import Connection

from agent_assist.roles import Role


class Member(msgspec.Struct, frozen=True):
    """Who is signed in, by the server's word. An owner is bound by no rule of the team."""

    name: str
    role: Role
    is_owner: bool = False


class Database(Protocol):
    """An engine that is ready: reachable, ours and of this version's schema."""

    def read(self) -> AbstractContextManager[Connection]:
        """A transaction that sees one state of the database. Failures arrive as AgentAssistError."""

    def snapshot(self) -> AbstractContextManager[Connection]:
        """A long read that sees one moment and holds nobody up."""

    def write(self, *, exclusive: bool = False) -> AbstractContextManager[Connection]:
        """A transaction that is committed at the end; `exclusive`: no other such transaction runs at the same time.

        Failures arrive as NotSaved, or MaybeSaved when the commit was sent and not answered.
        """

    def change_token(self) -> int:
        """Another number after any commit by anybody."""

    def wait_for_change(self, seconds: float) -> bool:
        """See `protocol.Store.wait_for_change`."""

    def member(self) -> Member | None:
        """Who is signed in; None where the engine knows no accounts or no team was set up."""

    def scrub(self) -> bool:
        """Leave no bytes of deleted rows in the files; False when that was not possible now."""

    def close(self) -> None:
        """Close all connections."""

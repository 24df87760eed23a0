"""What the modules for one thing stored need from an engine: transactions to read and write in, a change token."""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy.engine import Connection


class Database(Protocol):
    """An engine that is ready: reachable, ours and of this version's schema."""

    def read(self) -> AbstractContextManager[Connection]:
        """A transaction that sees one state of the database. Failures arrive as AgentAssistError."""

    def write(self, *, alone: bool = False) -> AbstractContextManager[Connection]:
        """A transaction that is committed at the end; `alone`: no other such transaction runs at the same time.

        Failures arrive as NotSaved, or MaybeSaved when the commit was sent and not answered.
        """

    def change_token(self) -> int:
        """Another number after any commit by anybody."""

    def close(self) -> None:
        """Close all connections."""

"""Every store and every engine offers exactly what its protocol says: names, order, kinds, defaults and types."""

import inspect
from collections.abc import Mapping
from typing import Any

import pytest

from agent_assist.store import MemoryStore, Store
from agent_assist.store.database import Database
from agent_assist.store.engines.postgres import PostgresDatabase
from agent_assist.store.engines.sqlite import SqliteDatabase
from agent_assist.store.sql import SqlStore

OWN: Mapping[type, set[str]] = {SqliteDatabase: {"create", "set_journal_mode"}}
"""What an engine has beyond its protocol: a server has no file to make."""


def methods(of: type) -> dict[str, inspect.Signature]:
    """The public methods as callers see them; a context manager counts as what its function declares."""
    return {
        name: _without_generator(inspect.signature(inspect.unwrap(method)))
        for name, method in inspect.getmembers(of, inspect.isfunction)
        if not name.startswith("_")
    }


def _without_generator(signature: inspect.Signature) -> inspect.Signature:
    """`@contextmanager` makes of an iterator what the protocol calls a context manager; mypy compares the two."""
    returned: Any = signature.return_annotation
    if getattr(returned, "__origin__", None) is not None and returned.__origin__.__name__ in (
        "Iterator",
        "AbstractContextManager",
    ):
        return signature.replace(return_annotation=returned.__args__)
    return signature


@pytest.mark.parametrize(
    ("protocol", "implementation"),
    [(Store, SqlStore), (Store, MemoryStore), (Database, SqliteDatabase), (Database, PostgresDatabase)],
)
def test_an_implementation_has_the_signatures_of_its_protocol(protocol: type, implementation: type) -> None:
    """A type checker lets defaults differ, so a caller would get another page size from another store."""
    promised, offered = methods(protocol), methods(implementation)
    for name in OWN.get(implementation, set()):
        del offered[name]
    assert offered == promised

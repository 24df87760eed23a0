"""The offer log in SQL: appending in the one exclusive transaction, and reading entries back exactly as written.

Rule: `append` runs in a transaction that is alone, since the entry is numbered and linked after the last one.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, select
from sqlalchemy.engine import Connection

from agent_assist.errors import Refused
from agent_assist.locale import _
from agent_assist.offers import Entry, Head, Offer, Wanted, fold
from agent_assist.offers.chain import moment, values
from agent_assist.offers.offer import PERSONAL, offer_seq
from agent_assist.store import failures, refusals, review
from agent_assist.store.schema import offer_entries, offer_texts

_BATCH = 1000
_E = offer_entries.c

# Built once: putting a statement together costs as much as a commit.
_LAST = select(_E.seq, _E.hash).order_by(_E.seq.desc()).limit(1)
_HASH = select(_E.hash).where(_E.seq == bindparam("seq"))
_BY_OP_ID = select(offer_entries).where(_E.op_id == bindparam("op_id"))
_OF_OFFER = select(offer_entries).where(_E.offer_seq == bindparam("offer_seq")).order_by(_E.seq)
_NEXT = select(offer_entries).order_by(_E.seq).limit(_BATCH)
_ADD_ENTRY = offer_entries.insert()
_ADD_TEXT = offer_texts.insert()


def head(connection: Connection) -> Head:
    """The last entry."""
    row = connection.execute(_LAST).first()
    return Head(row.seq, row.hash) if row else Head()


def contains(connection: Connection, known: Head) -> bool:
    """Whether the log still has this entry."""
    return known == Head() or connection.scalar(_HASH, {"seq": known.seq}) == known.hash


def append(connection: Connection, entry: Entry) -> None:
    """Write an entry that is linked to the last one."""
    row: dict[str, Any] = {**values(entry), "format": entry.format, "hash": entry.hash}
    connection.execute(_ADD_ENTRY, row)
    texts = [
        {"seq": entry.seq, "name": name, "salt": sealed.salt, "text": sealed.text}
        for name, sealed in entry.texts.items()
    ]
    if texts:
        connection.execute(_ADD_TEXT, texts)


def by_op_id(connection: Connection, op_id: str) -> Entry | None:
    """What this `op_id` has put on record."""
    rows = connection.execute(_BY_OP_ID, {"op_id": op_id}).all()
    return next(_entries(connection, rows), None)


def one(connection: Connection, id: str) -> Offer:  # noqa: A002 - it is an id
    """The offer of that name. Raises NotFound."""
    found = fold(of_offer(connection, id))
    if not found:
        raise refusals.no_offer(id)
    return found[0]


def of_offer(connection: Connection, id: str) -> tuple[Entry, ...]:  # noqa: A002
    """The entries of one offer by `seq`. Raises Damaged when one cannot be read."""
    rows = connection.execute(_OF_OFFER, {"offer_seq": offer_seq(id)}).all()
    return tuple(_entries(connection, rows))


def offers(
    connection: Connection, wanted: Wanted, *, limit: int = 0, before_seq: int = 0, newest_first: bool = False
) -> tuple[Offer, ...]:
    """The wanted offers by `seq`; with a limit, the newest ones."""
    chosen = review.wanted_seqs(connection, wanted).order_by(review.made.c.seq.desc())
    if before_seq:
        chosen = chosen.where(review.made.c.seq < before_seq)
    if limit:
        chosen = chosen.limit(limit)
    of_them = select(offer_entries).where(_E.offer_seq.in_(chosen if limit else chosen.order_by(None)))
    found = fold(_entries(connection, connection.execute(of_them.order_by(_E.seq)).all()))
    return found[::-1] if newest_first else found


def batch(connection: Connection, after: int | None, *, tolerant: bool = False) -> tuple[Entry, ...]:
    """The next entries after a `seq`, from the start when it is None. Raises Damaged when one cannot be read.

    Tolerant, it gives an empty entry in its place, which no check of the chain will pass.
    """
    query = _NEXT if after is None else _NEXT.where(_E.seq > after)
    return tuple(_entries(connection, connection.execute(query).all(), tolerant=tolerant))


def read(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[Entry]:
    """Rows of `offer_entries` as entries with their texts. Raises Damaged when one cannot be read."""
    return _entries(connection, rows)


def _entries(connection: Connection, rows: Sequence[Row[Any]], *, tolerant: bool = False) -> Iterator[Entry]:
    texts: dict[int, list[Row[Any]]] = {}
    seqs = [row.seq for row in rows]
    for start in range(0, len(seqs), _BATCH // 2):
        chosen = offer_texts.c.seq.in_(seqs[start : start + _BATCH // 2])
        for text in connection.execute(select(offer_texts).where(chosen)):
            texts.setdefault(text.seq, []).append(text)
    for row in rows:
        try:
            yield _entry(row, texts.get(row.seq, ()))
        except (ValueError, TypeError, KeyError, OverflowError, Refused) as error:  # msgspec's errors are ValueErrors
            if not tolerant:
                raise failures.damaged(_("entry #{seq} of the offer log cannot be read", seq=row.seq)) from error
            yield Entry(
                seq=row.seq, op_id="", event="offered", offer_seq=0, at=moment(0), agent="",
                prev=str(row.prev), hash=str(row.hash),
            )  # fmt: skip


def _entry(row: Row[Any], texts: Iterable[Row[Any]]) -> Entry:
    sealed: dict[str, dict[str, Any]] = {
        name: {"digest": getattr(row, name)} for name in PERSONAL if getattr(row, name) is not None
    }
    for text in texts:
        sealed.setdefault(text.name, {"digest": ""}).update(salt=text.salt, text=text.text)
    columns = {
        "seq": row.seq, "format": row.format, "op_id": row.op_id, "event": row.event, "offer_seq": row.offer_seq,
        "at": moment(row.at), "agent": row.agent, "role": row.role, "tier": row.tier, "incident": row.incident,
        "chat": row.chat, "kind": row.kind, "money": _pair(row.minor, row.currency, "minor", "currency"),
        "duration": _pair(row.duration_count, row.duration_unit, "count", "unit"),
        "pending": {0: False, 1: True}[row.pending], "rule": row.rule, "texts": sealed, "prev": row.prev,
        "hash": row.hash,
    }  # fmt: skip
    return msgspec.convert(columns, Entry)


def _pair(first: Any, second: Any, one: str, two: str) -> dict[str, Any] | None:
    return None if first is None and second is None else {one: first, two: second}


def new_salt() -> str:
    """A salt that nobody can guess."""
    return secrets.token_hex(16)

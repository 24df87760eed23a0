"""The offer log in SQL: appending in the one exclusive transaction, and reading entries back exactly as written.

Rule: `append` runs in an exclusive transaction, since the entry is numbered and linked after the last one.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, literal_column, select
from sqlalchemy.engine import Connection

from agent_assist.epoch_micros import from_micros
from agent_assist.locale import _
from agent_assist.offers import (
    EVENTS,
    OFFER_KINDS,
    Duration,
    Entry,
    Head,
    Money,
    Offer,
    OfferFilter,
    SaltedText,
    replay,
)
from agent_assist.offers.chain import values
from agent_assist.offers.duration import UNITS
from agent_assist.offers.offer import PERSONAL, offer_seq
from agent_assist.store import failures, refusals, review_queries
from agent_assist.store.rows import ROW_ERRORS, LeftOutRows, timestamp
from agent_assist.store.schema import offer_entries, offer_texts

_BATCH = 1000
_SaltedTexts = dict[str, tuple[str, str]]
"""Salts and texts of an entry, by name."""
_FLAGS = {0: False, 1: True}
_E = offer_entries.c

# Built once: putting a statement together costs as much as a commit.
_LAST = select(_E.seq, _E.hash).order_by(_E.seq.desc()).limit(1)
_SAME = offer_entries.alias("same")
_LAST_AND_KNOWN = (
    select(_E.seq, _E.hash, select(_SAME.c.seq).where(_SAME.c.op_id == bindparam("op_id")).scalar_subquery())
    .order_by(_E.seq.desc())
    .limit(literal_column("1"))
)
_HASH = select(_E.hash).where(_E.seq == bindparam("seq"))
_BY_OP_ID = select(offer_entries).where(_E.op_id == bindparam("op_id"))
_OF_OFFER = select(offer_entries).where(_E.offer_seq == bindparam("offer_seq")).order_by(_E.seq)
_NEXT = select(offer_entries).order_by(_E.seq).limit(_BATCH)
_ADD_ENTRY = offer_entries.insert()
_ADD_TEXT = offer_texts.insert()
_ADD_TEXTS = (
    b"INSERT INTO offer_texts (seq, name, salt, text)"
    b" SELECT %s::bigint, * FROM unnest(%s::text[], %s::text[], %s::text[])"
)


def head(connection: Connection) -> Head:
    """The last entry."""
    row = connection.execute(_LAST).first()
    return Head(row.seq, row.hash) if row else Head()


def head_and_known(connection: Connection, op_id: str) -> tuple[Head, bool]:
    """The last entry, and whether this `op_id` is on the log: in one question, since others wait for the answer."""
    row: Sequence[Any] | None
    if connection.dialect.name == "postgresql":
        from agent_assist.store.engines import pipeline  # psycopg, which a file does without

        row = pipeline.first_row(connection, _LAST_AND_KNOWN, {"op_id": op_id})
    else:
        row = connection.execute(_LAST_AND_KNOWN, {"op_id": op_id}).first()
    return (Head(row[0], row[1]), row[2] is not None) if row else (Head(), False)


def contains(connection: Connection, known: Head) -> bool:
    """Whether the log still has this entry."""
    return known == Head() or connection.scalar(_HASH, {"seq": known.seq}) == known.hash


def append(connection: Connection, entry: Entry) -> None:
    """Write an entry that is linked to the last one."""
    row: dict[str, Any] = {**values(entry), "format": entry.format, "hash": entry.hash}
    if connection.dialect.name == "postgresql":
        _append_pipelined(connection, row, entry.texts)
        return
    connection.execute(_ADD_ENTRY, row)
    texts = [
        {"seq": entry.seq, "name": name, "salt": sealed.salt, "text": sealed.text}
        for name, sealed in entry.texts.items()
    ]
    if texts:
        connection.execute(_ADD_TEXT, texts)


def _append_pipelined(connection: Connection, row: Mapping[str, Any], texts: Mapping[str, SaltedText]) -> None:
    from agent_assist.store.engines import pipeline  # psycopg, which a file does without

    with pipeline.pipelined(connection) as pipe:
        pipe.execute(pipeline.compiled_sql(_ADD_ENTRY), row)
        if texts:
            salts, said = [text.salt for text in texts.values()], [text.text for text in texts.values()]
            pipe.execute(_ADD_TEXTS, (row["seq"], list(texts), salts, said))


def by_op_id(connection: Connection, op_id: str) -> Entry | None:
    """What this `op_id` has put on record."""
    rows = connection.execute(_BY_OP_ID, {"op_id": op_id}).all()
    return next(_entries(connection, rows), None)


def get(connection: Connection, id: str) -> Offer:  # noqa: A002 - it is an id
    """The offer of that name. Raises NotFound."""
    found = replay(entries_of(connection, id))
    if not found:
        raise refusals.no_offer(id)
    return found[0]


def entries_of(connection: Connection, id: str) -> tuple[Entry, ...]:  # noqa: A002
    """The entries of one offer by `seq`. Raises Damaged when one cannot be read."""
    rows = connection.execute(_OF_OFFER, {"offer_seq": offer_seq(id)}).all()
    return tuple(_entries(connection, rows))


def offers(
    connection: Connection, wanted: OfferFilter, left_out: LeftOutRows, *, limit: int = 0, before_seq: int = 0
) -> tuple[Offer, ...]:
    """The wanted offers by `seq`; with a limit, the newest ones. One with an entry that cannot be read is left out:
    nobody knows where it stands."""
    found: tuple[Offer, ...] = ()
    while True:
        seqs = review_queries.wanted_seqs(connection, wanted).order_by(review_queries.made.c.seq.desc())
        if before_seq:
            seqs = seqs.where(review_queries.made.c.seq < before_seq)
        if limit:
            seqs = seqs.limit(limit - len(found))
        of_them = select(offer_entries).where(_E.offer_seq.in_(seqs if limit else seqs.order_by(None)))
        rows = connection.execute(of_them.order_by(_E.seq)).all()
        entries = readable_entries(connection, rows, left_out)
        found = replay(entries) + found
        if not limit or len(entries) == len(rows) or len(found) >= limit:
            return found
        before_seq = min(row.offer_seq for row in rows)  # older ones stand in for those that were left out


def next_batch(connection: Connection, after: int | None, *, tolerant: bool = False) -> tuple[Entry, ...]:
    """The next entries after a `seq`, from the start when it is None. Raises Damaged when one cannot be read.

    Tolerant, it gives an empty entry in its place, which no check of the chain will pass.
    """
    query = _NEXT if after is None else _NEXT.where(_E.seq > after)
    return tuple(_entries(connection, connection.execute(query).all(), tolerant=tolerant))


def histories(connection: Connection, wanted: OfferFilter, after_seq: int, limit: int) -> tuple[Entry, ...]:
    """Return every entry of the next `limit` wanted offers made after `after_seq`, by offer and then by `seq`.

    Raises Damaged when one cannot be read.
    """
    made = review_queries.made.c.seq
    seqs = connection.scalars(
        review_queries.wanted_seqs(connection, wanted).where(made > after_seq).order_by(made).limit(limit)
    ).all()
    if not seqs:
        return ()
    of_them = select(offer_entries).where(_E.offer_seq.in_(seqs)).order_by(_E.offer_seq, _E.seq)
    return tuple(_entries(connection, connection.execute(of_them).all()))


def readable_entries(connection: Connection, rows: Sequence[Row[Any]], left_out: LeftOutRows) -> list[Entry]:
    """The entries of the offers that can be read whole."""
    texts = _texts(connection, rows)
    entries, broken = [], set()
    for row in rows:
        try:
            entries.append(_entry(row, texts.get(row[0], {})))
        except ROW_ERRORS as error:
            left_out.add("offer_entries", f"#{row.seq}", error)
            broken.add(row.offer_seq)
    return [entry for entry in entries if entry.offer_seq not in broken] if broken else entries


def _texts(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, _SaltedTexts]:
    texts: dict[int, _SaltedTexts] = {}
    seqs = [row[0] for row in rows]
    for start in range(0, len(seqs), _BATCH // 2):
        chosen = offer_texts.c.seq.in_(seqs[start : start + _BATCH // 2])
        for seq, name, salt, text in connection.execute(select(offer_texts).where(chosen)).all():
            if seq not in texts:
                texts[seq] = {}
            texts[seq][name] = (salt, text)
    return texts


def _entries(connection: Connection, rows: Sequence[Row[Any]], *, tolerant: bool = False) -> Iterator[Entry]:
    texts = _texts(connection, rows)
    for row in rows:
        try:
            yield _entry(row, texts.get(row[0], {}))
        except ROW_ERRORS as error:
            if not tolerant:
                raise failures.damaged(_("entry #{seq} of the offer log cannot be read", seq=row.seq)) from error
            yield Entry(
                seq=row.seq,
                op_id="",
                event="offered",
                offer_seq=0,
                at=from_micros(0),
                agent="",
                prev=str(row.prev),
                hash=str(row.hash),
            )


def _entry(row: Row[Any], opened: _SaltedTexts) -> Entry:
    """Column by column, in the order of the table; a page of the review waits for this."""
    (
        seq,
        format_,
        op_id,
        event,
        offer_seq_,
        at,
        agent,
        role,
        tier,
        incident,
        chat,
        kind,
        minor,
        currency,
        count,
        unit,
        pending,
        rule,
        *digests,
        prev,
        hash_,
    ) = tuple[Any, ...](row)
    sealed = {
        name: SaltedText(known, *opened.get(name, ()))
        for name, known in zip(PERSONAL, digests, strict=True)
        if known is not None
    }
    for name in opened.keys() - sealed.keys():  # a text that the entry does not speak of
        sealed[name] = SaltedText("", *opened[name])
    if event not in EVENTS or (kind and kind not in OFFER_KINDS) or (unit is not None and unit not in UNITS):
        raise ValueError(event, kind, unit)
    for number in (format_, offer_seq_):
        if type(number) is not int:
            raise TypeError(number)
    for part, whole in ((minor, currency), (count, unit)):
        if (part is None) != (whole is None) or (part is not None and type(part) is not int):
            raise ValueError(part, whole)
    for word in (op_id, agent, role, tier, incident, chat, kind, rule, prev, hash_):
        if type(word) is not str:
            raise TypeError(word)
    return Entry(
        seq=seq,
        format=format_,
        op_id=op_id,
        event=event,
        offer_seq=offer_seq_,
        at=timestamp(at),
        agent=agent,
        role=role,
        tier=tier,
        incident=incident,
        chat=chat,
        kind=kind,
        money=None if minor is None and currency is None else Money(minor, currency),
        duration=None if count is None and unit is None else Duration(count, unit),
        pending=_FLAGS[pending],
        rule=rule,
        texts=sealed,
        prev=prev,
        hash=hash_,
    )


def new_salt() -> str:
    """A salt that nobody can guess."""
    return secrets.token_hex(16)

"""The offer log in SQL: appends entries, and reads them back exactly as written.

Rule: `append` needs an exclusive transaction, since an entry continues the number and the hash of the last one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
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
from agent_assist.offers.offer import PERSONAL_TEXTS, offer_seq
from agent_assist.store import failures, refusals, review_queries
from agent_assist.store.rows import ROW_ERRORS, LeftOutRows, timestamp
from agent_assist.store.schema import offer_entries, offer_texts

_BATCH = 1000
"""Entries that one statement reads."""
_EVERYTHING = 2**62
"""A limit that no log reaches."""
_SaltedTexts = dict[str, tuple[str, str]]
"""Salt and text by name, for one entry."""
_FLAGS = {0: False, 1: True}
_E = offer_entries.c

# Built once: SQLAlchemy takes as long to build a statement as SQLite to commit.
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
    """Return the last entry."""
    row = connection.execute(_LAST).first()
    return Head(row.seq, row.hash) if row else Head()


def head_and_known(connection: Connection, op_id: str) -> tuple[Head, bool]:
    """Return the last entry, and whether this `op_id` is on the log: one statement, since others wait for the lock."""
    row: Sequence[Any] | None
    if connection.dialect.name == "postgresql":
        from agent_assist.store.engines import pipeline  # psycopg, which a file does without

        row = pipeline.first_row(connection, _LAST_AND_KNOWN, {"op_id": op_id})
    else:
        row = connection.execute(_LAST_AND_KNOWN, {"op_id": op_id}).first()
    return (Head(row[0], row[1]), row[2] is not None) if row else (Head(), False)


def contains(connection: Connection, head: Head) -> bool:
    """Return whether the log still has this entry."""
    return head == Head() or connection.scalar(_HASH, {"seq": head.seq}) == head.hash


def append(connection: Connection, entry: Entry) -> None:
    """Insert an entry that continues the last one, with its texts."""
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
            salts, clear = [text.salt for text in texts.values()], [text.text for text in texts.values()]
            pipe.execute(_ADD_TEXTS, (row["seq"], list(texts), salts, clear))


def by_op_id(connection: Connection, op_id: str) -> Entry | None:
    """Return the entry that this `op_id` wrote, if any."""
    rows = connection.execute(_BY_OP_ID, {"op_id": op_id}).all()
    return next(_entries(connection, rows), None)


def get(connection: Connection, id: str) -> Offer:  # noqa: A002 - it is an id
    """Return an offer by `OFF-12`, `#12` or `12`. Raises NotFound."""
    offers = replay(entries_of(connection, id))
    if not offers:
        raise refusals.no_offer(id)
    return offers[0]


def entries_of(connection: Connection, id: str) -> tuple[Entry, ...]:  # noqa: A002
    """Return the entries of one offer by `seq`. Raises Damaged when one cannot be read."""
    rows = connection.execute(_OF_OFFER, {"offer_seq": offer_seq(id)}).all()
    return tuple(_entries(connection, rows))


def offers(
    connection: Connection,
    offer_filter: OfferFilter,
    left_out: LeftOutRows,
    *,
    limit: int = 0,
    before_seq: int = 0,
    among: Collection[int] | None = None,
) -> tuple[Offer, ...]:
    """Return the matching offers by `seq`; with a limit, the newest ones. `among`: if given, no other ones match.

    An offer with an unreadable entry is left out, since its state is unknown; an older one takes its place.
    """
    offers: tuple[Offer, ...] = ()
    limit = limit or _EVERYTHING
    while len(offers) < limit:
        newest = limit - len(offers)
        seqs = review_queries.newest_seqs(connection, offer_filter, limit=newest, before_seq=before_seq, among=among)
        offers = replay(entries_of_offers(connection, seqs, left_out)) + offers
        if len(seqs) < newest:
            break
        before_seq = seqs[-1]
    return offers


def _rows_of(connection: Connection, seqs: Sequence[int]) -> list[Row[Any]]:
    """Return the entries of these offers by `seq`."""
    rows: list[Row[Any]] = []
    for start in range(0, len(seqs), _BATCH):
        rows += connection.execute(select(offer_entries).where(_E.offer_seq.in_(seqs[start : start + _BATCH])))
    return sorted(rows, key=lambda row: row.seq)


def next_batch(connection: Connection, after: int | None, *, tolerant: bool = False) -> tuple[Entry, ...]:
    """Return the next entries after a `seq`, from the start when it is None. Raises Damaged when one cannot be read.

    With `tolerant` an unreadable entry becomes an empty one, which fails every check of the chain.
    """
    query = _NEXT if after is None else _NEXT.where(_E.seq > after)
    return tuple(_entries(connection, connection.execute(query).all(), tolerant=tolerant))


def entries_of_offers(connection: Connection, seqs: Sequence[int], left_out: LeftOutRows) -> list[Entry]:
    """Return the entries of these offers by `seq`, without offers that have an unreadable one."""
    return readable_entries(connection, _rows_of(connection, seqs), left_out)


def numbered(connection: Connection, seqs: Sequence[int]) -> tuple[Entry, ...]:
    """Return those of these entries that are on the log. Raises Damaged when one cannot be read."""
    entries: list[Entry] = []
    possible = [seq for seq in seqs if 0 < seq < 2**63]
    for start in range(0, len(possible), _BATCH):
        chosen = select(offer_entries).where(_E.seq.in_(possible[start : start + _BATCH]))
        entries += _entries(connection, connection.execute(chosen).all())
    return tuple(entries)


def histories(connection: Connection, offer_filter: OfferFilter, after_seq: int, limit: int) -> tuple[Entry, ...]:
    """Return all entries of the next `limit` matching offers made after `after_seq`, by offer, then by `seq`.

    Raises Damaged when one cannot be read.
    """
    seqs = review_queries.next_seqs(connection, offer_filter, after_seq=after_seq, limit=limit)
    rows = _rows_of(connection, seqs)
    return tuple(_entries(connection, sorted(rows, key=lambda row: (row.offer_seq, row.seq))))


def readable_entries(connection: Connection, rows: Sequence[Row[Any]], left_out: LeftOutRows) -> list[Entry]:
    """Return the entries of those offers of which all entries in `rows` can be read."""
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
        opened = texts.get(row[0], {})
        if tolerant:
            yield entry_or_empty(row, opened)
            continue
        try:
            yield _entry(row, opened)
        except ROW_ERRORS as error:
            raise failures.damaged(_("entry #{seq} of the offer log cannot be read", seq=row.seq)) from error


def entry_or_empty(row: Sequence[Any], opened: _SaltedTexts) -> Entry:
    """Return the entry of a row with its texts; for an unreadable one an empty one, which fails every check."""
    try:
        return _entry(row, opened)
    except ROW_ERRORS:
        return Entry(
            seq=row[0],
            op_id="",
            event="offered",
            offer_seq=0,
            at=from_micros(0),
            agent="",
            prev=str(row[-2]),
            hash=str(row[-1]),
        )


def _entry(row: Sequence[Any], opened: _SaltedTexts) -> Entry:
    """Build an entry from a row of `offer_entries`: by position, since a page of the review waits for it."""
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
        name: SaltedText(digest, *opened.get(name, ()))
        for name, digest in zip(PERSONAL_TEXTS, digests, strict=True)
        if digest is not None
    }
    for name in opened.keys() - sealed.keys():  # a text without a digest in its entry: `verify` must see it
        sealed[name] = SaltedText("", *opened[name])
    if event not in EVENTS or (kind and kind not in OFFER_KINDS) or (unit is not None and unit not in UNITS):
        raise ValueError(event, kind, unit)
    _check_types(
        numbers=(format_, offer_seq_),
        texts=(op_id, agent, role, tier, incident, chat, kind, rule, prev, hash_),
        amounts=((minor, currency), (count, unit)),
    )
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


def _check_types(numbers: Sequence[Any], texts: Sequence[Any], amounts: Sequence[tuple[Any, Any]]) -> None:
    """Raise TypeError or ValueError: SQLite stores any type in any column. An amount has both parts or none."""
    for number in numbers:
        if type(number) is not int:
            raise TypeError(number)
    for text in texts:
        if type(text) is not str:
            raise TypeError(text)
    for amount, unit in amounts:
        if (amount is None) != (unit is None) or (amount is not None and type(amount) is not int):
            raise ValueError(amount, unit)

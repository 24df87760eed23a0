"""Queries over the offer log in SQL: which offers meet a filter, as `offers.offer_filter` defines it.

Nothing derived is stored. An offer's state is that of its newest entry other than erasures; its promise (kind, amount)
is its newest entry `offered` or `adjusted`; declined and voided are final.

Rule: no question reads more of the log than its answer needs. A page is a walk along an index that has the order of the
offers, so that it ends when the page is full, and looks up each offer's later entries on the way: see `offer_walk`.
Conditions of partial indexes are written as literals: with a bound value SQLite would not use the index.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy.engine import Connection

from agent_assist.epoch_micros import to_micros
from agent_assist.offers.offer_filter import UNCOUNTED_STATES, OfferFilter, ascii_lower
from agent_assist.store.schema import offer_entries, offer_texts

_Query = TypeVar("_Query", bound=Select[Any])
_E = offer_entries.c
made = offer_entries.alias("made")
"""The entry that made an offer."""
promise = offer_entries.alias("promise")
"""Its newest entry that states what is promised."""
_deed = offer_entries.alias("deed")
"""Its newest entry, where that decides which offers are meant."""
_later = offer_entries.alias("later")
_newest = offer_entries.alias("newest")
_named = offer_texts.alias("named")

FEW = 1_000
"""Offers of a period that are sorted; of more, a page walks the log from its end."""

FIRST_WINDOW = 4_000
"""Entries of which a page first reads the texts; each further window is four times as long."""

_WIDEST_WINDOW = 128_000

BY_TIME = "INDEXED BY ix_offer_entries_review"
"""What SQLite is told where it would read each entry whole: without statistics all partial indexes look alike to it."""


def literal(text: str) -> ColumnElement[Any]:
    """Return a word of our own as a literal of the statement."""
    return literal_column(f"'{text}'")


def is_event(events: Sequence[str], entry: Any = offer_entries) -> ColumnElement[bool]:
    """Return the condition that an entry is one of these events."""
    condition: ColumnElement[bool] = entry.c.event.in_([literal(event) for event in events])
    return condition


IS_OFFER = made.c.event == literal("offered")
PROMISES = ("offered", "adjusted")
CORRECTIONS = ("approved", "declined", "voided", "adjusted")
"""Entries after which an offer may no longer count as it was made."""

_no_later_adjustment = ~exists(
    select(_later.c.seq).where(
        _later.c.offer_seq == promise.c.offer_seq,
        _later.c.seq > promise.c.seq,
        _later.c.event == literal("adjusted"),
    )
)
IS_PROMISE = and_(is_event(PROMISES, promise), _no_later_adjustment)
WITH_PROMISE: FromClause = made.join(promise, and_(promise.c.offer_seq == made.c.seq, IS_PROMISE))

state_now = (
    select(
        case(
            (is_event(PROMISES, _newest), case((_newest.c.pending == literal_column("1"), "pending"), else_="offered")),
            else_=_newest.c.event,
        )
    )
    .where(_newest.c.offer_seq == made.c.seq, _newest.c.event != literal("erased"))
    .order_by(_newest.c.seq.desc())
    .limit(1)
    .correlate(made)
    .scalar_subquery()
)
"""The state of the offer `made`."""


class Walk(NamedTuple):
    """Matching offers, each once: where from, on which conditions, and the column that has their order.

    `hint` is for SQLite, about the index of `made`.
    """

    source: FromClause
    conditions: list[ColumnElement[bool]]
    order: ColumnElement[int]
    hint: str = ""

    def seqs(self) -> Select[tuple[int]]:
        """Return a query for the `seq` of every offer, unordered."""
        return self.hinted(select(made.c.seq).select_from(self.source).where(*self.conditions))

    def hinted(self, query: _Query) -> _Query:
        """Return the query with the hint."""
        return query.with_hint(made, self.hint, "sqlite") if self.hint else query


def offer_walk(
    offer_filter: OfferFilter,
    *,
    is_short: bool = False,
    with_promise: bool = False,
    among: Collection[int] | None = None,
) -> Walk:
    """Return the walk whose first condition is an index: a name, an author or incident, a state, a promise.

    The text of the filter is not among the conditions: see `text_windows`. With `is_short` the offers are those of a
    short period, found by their time; they have to be sorted.
    """
    wanted, order = offer_filter, made.c.seq
    source: FromClause = WITH_PROMISE if with_promise or has_promise_conditions(wanted) else made
    met = [IS_OFFER, *made_conditions(wanted), *promise_conditions(wanted, promise)]
    if among is not None:
        met.append(made.c.seq.in_(among))
    is_found = is_short or among is not None or bool(wanted.incident or wanted.agent)
    if wanted.customer or wanted.order:
        source, is_found, order = source.join(_named, _named.c.seq == made.c.seq), True, _named.c.seq
        met += _is_named(wanted)
    if wanted.state and (is_found or wanted.state in ("offered", "given")):
        met.append(has_state(wanted.state))
    elif wanted.state:
        source, is_found, order = source.join(_deed, _deed.c.offer_seq == made.c.seq), True, _deed.c.offer_seq
        met += [*_is_deed(wanted.state), ~_has_later(_deed)]
    if has_promise_conditions(wanted) and not is_found:
        order = promise.c.offer_seq
    if is_short:
        return Walk(source, met, order + literal_column("0"), BY_TIME)
    return Walk(source, met, order)


def _is_named(wanted: OfferFilter) -> list[ColumnElement[bool]]:
    name, text = ("order", wanted.order) if wanted.order else ("customer", wanted.customer)
    met = [_named.c.name == literal(name), _named.c.text == text]
    if wanted.order and wanted.customer:
        also = select(offer_texts.c.seq).where(
            offer_texts.c.seq == made.c.seq,
            offer_texts.c.name == literal("customer"),
            offer_texts.c.text == wanted.customer,
        )
        met.append(exists(also))
    return met


def _is_deed(state: str) -> list[ColumnElement[bool]]:
    if state == "pending":
        return [_deed.c.pending == literal_column("1")]
    return [_deed.c.event == state, _deed.c.event != literal("offered")]


def _has_later(entry: Any) -> ColumnElement[bool]:
    """Return the condition that the offer has an entry after this one that changes its state."""
    return exists(
        select(_later.c.seq).where(
            _later.c.offer_seq == entry.c.offer_seq, _later.c.seq > entry.c.seq, _later.c.event != literal("erased")
        )
    )


def newest_seqs(
    connection: Connection,
    offer_filter: OfferFilter,
    *,
    limit: int,
    before_seq: int = 0,
    among: Collection[int] | None = None,
) -> list[int]:
    """Return the newest matching offers, newest first; with `before_seq` only older ones.

    `among`: if given, no other offers match. They are looked up one by one where they are few.
    """
    if among is not None and len(among) <= FEW:
        walk = offer_walk(offer_filter, among=among)
    else:
        walk = offer_walk(offer_filter, is_short=is_short_period(connection, offer_filter))
    query = walk.seqs().order_by(walk.order.desc())
    if offer_filter.text:
        windows = text_windows(connection, offer_filter.text, before_seq)
        return _in_windows(connection, query, windows, limit)
    return list(connection.scalars((query.where(walk.order < before_seq) if before_seq else query).limit(limit)))


def next_seqs(connection: Connection, offer_filter: OfferFilter, *, after_seq: int, limit: int) -> list[int]:
    """Return the oldest matching offers made after `after_seq`, oldest first."""
    walk = offer_walk(offer_filter)
    query = walk.seqs().order_by(walk.order)
    if offer_filter.text:
        windows = _windows_up(connection, offer_filter.text, after_seq + 1)
        return _in_windows(connection, query, windows, limit)
    return list(connection.scalars(query.where(walk.order > after_seq).limit(limit)))


def _in_windows(
    connection: Connection, query: Select[tuple[int]], windows: Iterable[ColumnElement[bool]], limit: int
) -> list[int]:
    """Return the offers that meet one of these conditions after the other, until there are enough."""
    seqs: list[int] = []
    for window in windows:
        seqs += connection.scalars(query.where(window).limit(limit - len(seqs)))
        if len(seqs) >= limit:
            break
    return seqs


def text_windows(connection: Connection, part: str, before_seq: int = 0) -> Iterator[ColumnElement[bool]]:
    """Yield the condition that an offer has this part in a text, for one part of the log after the other, newest first.

    No index answers for a part of a text: a page of a common word reads few texts, that of a rare one all of them. On a
    server no statement reads so much that it would end at its time limit; in a file a scan of all is faster.
    """
    last = before_seq - 1 if before_seq else _last_seq(connection)
    width, is_file = FIRST_WINDOW, connection.dialect.name == "sqlite"
    while last > 0:
        is_rest = is_file and width > max(FIRST_WINDOW, last // 8)
        first = 1 if is_rest else max(1, last - width + 1)
        yield _has_text_between(connection, part, first, last, is_rest=is_rest)
        last, width = first - 1, min(width * 4, _WIDEST_WINDOW)


def _windows_up(connection: Connection, part: str, first: int) -> Iterator[ColumnElement[bool]]:
    end = _last_seq(connection)
    while first <= end:
        yield _has_text_between(connection, part, first, first + 4 * FIRST_WINDOW - 1)
        first += 4 * FIRST_WINDOW


def _last_seq(connection: Connection) -> int:
    return connection.scalar(select(func.max(_E.seq))) or 0


def is_short_period(connection: Connection, offer_filter: OfferFilter) -> bool:
    """Return whether the offers are found by their time: there are few in the period, or it ended long ago."""
    if offer_filter.since is None and offer_filter.until is None:
        return False
    if offer_filter.customer or offer_filter.order:
        return False
    if has_few(connection, offer_filter, FEW):
        return True
    return offer_filter.until is not None and not (offer_filter.incident or offer_filter.agent)


def has_few(connection: Connection, offer_filter: OfferFilter, number: int) -> bool:
    """Return whether at most so many offers were made in the period of the filter; counts no further than that."""
    if offer_filter.since is None and offer_filter.until is None:
        return False
    period = OfferFilter(since=offer_filter.since, until=offer_filter.until)
    counted = select(made.c.seq).where(IS_OFFER, *made_conditions(period)).limit(number + 1)
    counted = counted.with_hint(made, BY_TIME, "sqlite")
    return (connection.scalar(select(func.count()).select_from(counted.subquery())) or 0) <= number


def made_conditions(offer_filter: OfferFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on what an offer keeps for good: time, incident, author and tier."""
    met: list[ColumnElement[bool]] = []
    if offer_filter.since is not None:
        met.append(made.c.at >= to_micros(offer_filter.since))
    if offer_filter.until is not None:
        met.append(made.c.at < to_micros(offer_filter.until))
    return met + [
        made.c[name] == value for name in ("incident", "agent", "tier") if (value := getattr(offer_filter, name))
    ]


def has_promise_conditions(offer_filter: OfferFilter) -> bool:
    """Return whether the filter has a condition on what is promised."""
    return bool(promise_conditions(offer_filter, promise))


def promise_conditions(offer_filter: OfferFilter, entry: Any) -> list[ColumnElement[bool]]:
    """Return the conditions on what is promised, as this entry states it."""
    met: list[ColumnElement[bool]] = []
    if offer_filter.kind:
        met.append(entry.c.kind == offer_filter.kind)
    if offer_filter.currency:
        met.append(entry.c.currency == offer_filter.currency)
    if offer_filter.least is not None:
        met.append(entry.c.minor >= offer_filter.least)
    if offer_filter.most is not None:
        met.append(entry.c.minor <= offer_filter.most)
    return met


def has_state(state: str) -> ColumnElement[bool]:
    """Return the condition that the offer is in this state; "given" means that it counts against limits."""
    if state == "given":
        return state_now.not_in([literal(uncounted) for uncounted in UNCOUNTED_STATES])
    condition: ColumnElement[bool] = state_now == state
    return condition


def _has_text_between(
    connection: Connection, part: str, first: int, last: int, *, is_rest: bool = False
) -> ColumnElement[bool]:
    """Return the condition that an offer made between two entries has this part in a text of its entries.

    Only ASCII letters match in either case. With `is_rest` all texts are scanned, in half the time of a range of them.
    """
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    text: ColumnElement[Any] = offer_texts.c.text
    if connection.dialect.name == "postgresql":
        text = text.collate("C")
    offers = (
        select(_E.offer_seq)
        .join(offer_texts, offer_texts.c.seq == _E.seq)
        .where(func.lower(text).like(ascii_lower(f"%{escaped}%"), escape="\\"))
    )
    here = made.c.seq.between(first, last)
    if is_rest:
        return and_(here, made.c.seq.in_(offers))
    became_later = offers.where(_E.offer_seq.between(first, last), _E.seq > last)
    return and_(here, made.c.seq.in_(offers.where(offer_texts.c.seq.between(first, last)).union_all(became_later)))

"""Queries over the offer log in SQL: filter, count, sums and medians, as `offers.offer_filter` defines them.

Nothing derived is stored. An offer's state is that of its newest entry other than erasures, its amount that of its
newest adjustment; declined and voided are final. Few offers have later entries, so those are looked up first, and all
others have the state of the entry that made them.

Conditions of partial indexes are written as literals: with a bound value SQLite would not use the index.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, case, func, literal_column, or_, select
from sqlalchemy.engine import Connection

from agent_assist.epoch_micros import from_micros, to_micros
from agent_assist.offers.currencies import CURRENCIES
from agent_assist.offers.offer_filter import CANCELLED_STATES, GroupBy, Median, OfferFilter, Sum, ascii_lower, day
from agent_assist.store.rows import EARLIEST_MICROS, LATEST_MICROS, LeftOutRows
from agent_assist.store.schema import offer_entries, offer_texts

_E = offer_entries.c
made = offer_entries.alias("made")
"""The entry that made an offer; every query here selects from it."""
_A = offer_entries.alias("adjusted")
_S = offer_entries.alias("newest")

_QUARTER_HOUR = 900_000_000
_LOW = 0xFFFFFFFF


def _word(text: str) -> ColumnElement[Any]:
    return literal_column(f"'{text}'")


def _has_entry(*events: str) -> ColumnElement[bool]:
    """Return the condition that the offer has an entry of one of these events."""
    seqs = select(_E.offer_seq).where(_E.event != _word("offered"), _E.event.in_([_word(event) for event in events]))
    return made.c.seq.in_(seqs)


IS_OFFER = made.c.event == _word("offered")
CORRECTED = _E.event.in_([_word("approved"), _word("declined"), _word("voided"), _word("adjusted")])
"""Entries after which an offer may no longer count as it was made."""

_newest = (
    select(
        case(
            (_S.c.event.in_(["offered", "adjusted"]), case((_S.c.pending == 1, "pending"), else_="offered")),
            else_=_S.c.event,
        )
    )
    .where(_S.c.offer_seq == made.c.seq, _S.c.event != "erased")
    .order_by(_S.c.seq.desc())
    .limit(1)
    .correlate(made)
    .scalar_subquery()
)

_decisions = (
    select(_E.offer_seq, func.max(_E.seq).label("seq"))
    .where(_E.event != _word("offered"), _E.event != _word("erased"))
    .group_by(_E.offer_seq)
    .subquery("decisions")
)
_STATE = case(
    (_S.c.event.is_(None), case((made.c.pending == 1, "pending"), else_="offered")),
    (_S.c.event == "adjusted", case((_S.c.pending == 1, "pending"), else_="offered")),
    else_=_S.c.event,
)

_adjustments = (
    select(_E.offer_seq, func.max(_E.seq).label("seq"))
    .where(_E.event != _word("offered"), _E.event == _word("adjusted"))
    .group_by(_E.offer_seq)
    .subquery("adjustments")
)
WITH_PROMISE: FromClause = made.outerjoin(_adjustments, _adjustments.c.offer_seq == made.c.seq).outerjoin(
    _A, _A.c.seq == _adjustments.c.seq
)
"""An offer with its newest adjustment, if it has one."""


def _newest_value(name: str) -> ColumnElement[Any]:
    return case((_A.c.seq.is_(None), made.c[name]), else_=_A.c[name])


minor_now, currency_now, kind_now = _newest_value("minor"), _newest_value("currency"), _newest_value("kind")


def matching_seqs(connection: Connection, offer_filter: OfferFilter) -> Select[tuple[int]]:
    """Return a query for the `seq` of every matching offer, unordered."""
    by_amount = offer_filter.currency or offer_filter.least is not None or offer_filter.most is not None
    source = WITH_PROMISE if offer_filter.kind or by_amount else made
    return select(made.c.seq).select_from(source).where(*_conditions(connection, offer_filter))


def count(connection: Connection, offer_filter: OfferFilter) -> int:
    """Return the number of matching offers."""
    matching = matching_seqs(connection, offer_filter).subquery()
    return int(connection.scalar(select(func.count()).select_from(matching)) or 0)


def sums(
    connection: Connection, offer_filter: OfferFilter, by: GroupBy, tz: dt.tzinfo, left_out: LeftOutRows
) -> tuple[Sum, ...]:
    """Return sums as `offers.offer_filter.totals` does."""
    counts: Counter[tuple[str, str]] = Counter()
    amounts: Counter[tuple[str, str]] = Counter()
    for row in _grouped(connection, offer_filter, by):
        if row.currency and row.currency not in CURRENCIES:
            left_out.add("offer_entries", row.currency, "an unknown currency")
            continue
        if by == "day" and not EARLIEST_MICROS <= int(row.key) * _QUARTER_HOUR <= LATEST_MICROS:
            left_out.add("offer_entries", row.key, "a day out of range")
            continue
        name = day(from_micros(int(row.key) * _QUARTER_HOUR), tz) if by == "day" else str(row.key)
        group = name, row.currency or ""
        counts[group] += row.number
        amounts[group] += whole_sum(row)
    return tuple(
        Sum(key=name, currency=currency, count=number, minor=amounts[name, currency])
        for (name, currency), number in sorted(counts.items())
    )


def _grouped(connection: Connection, offer_filter: OfferFilter, by: GroupBy) -> Iterable[Row[Any]]:
    """Return number and sum of the matching offers by key and currency; days as quarters of an hour.

    All zones of today differ from UTC by whole quarters of an hour, so those add up to the days of any zone.
    """
    keys: dict[GroupBy, ColumnElement[Any]] = {
        "incident": made.c.incident,
        "agent": made.c.agent,
        "tier": made.c.tier,
        "kind": kind_now,
        "state": _STATE,
        "day": made.c.at.op("/")(literal_column(str(_QUARTER_HOUR))),
    }
    source = WITH_PROMISE
    if by == "state":
        source = source.outerjoin(_decisions, _decisions.c.offer_seq == made.c.seq)
        source = source.outerjoin(_S, _S.c.seq == _decisions.c.seq)
    key = keys[by].label("key")
    return connection.execute(
        select(key, currency_now.label("currency"), func.count().label("number"), *parts_of_sum(minor_now))
        .select_from(source)
        .where(*_conditions(connection, offer_filter))
        .group_by(key, currency_now)
    )


def medians(connection: Connection, offer_filter: OfferFilter, left_out: LeftOutRows) -> tuple[Median, ...]:
    """Return medians as `offers.offer_filter.medians` does; sorted in Python, which is faster than both engines."""
    rows = connection.execute(
        select(made.c.agent, currency_now, minor_now)
        .select_from(WITH_PROMISE)
        .where(*_conditions(connection, offer_filter), minor_now.is_not(None))
    )
    amounts: dict[str, dict[str, list[int]]] = {}
    for agent, currency, minor in rows:
        if currency not in CURRENCIES or type(minor) is not int:
            left_out.add("offer_entries", f"{currency} {minor}", "no amount")
            continue
        amounts.setdefault(currency, {}).setdefault(agent, []).append(minor)
    by_group = []
    for currency, by_agent in amounts.items():
        team = [minor for of_agent in by_agent.values() for minor in of_agent]
        for agent, minors in [("", team), *by_agent.items()]:
            minors.sort()
            median = minors[(len(minors) - 1) // 2]
            by_group.append(Median(agent=agent, currency=currency, count=len(minors), minor=median))
    return tuple(sorted(by_group, key=lambda median: (median.agent, median.currency)))


def parts_of_sum(minor: ColumnElement[Any]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Return a sum in two halves: SQLite raises an error when a sum exceeds 64 bits."""
    high, low = minor.op(">>")(literal_column("32")), minor.op("&")(literal_column(str(_LOW)))
    return func.coalesce(func.sum(high), 0).label("high"), func.coalesce(func.sum(low), 0).label("low")


def whole_sum(row: Any) -> int:
    """Return the exact sum of the two halves of `parts_of_sum`."""
    return (int(row.high) << 32) + int(row.low)


def _conditions(connection: Connection, offer_filter: OfferFilter) -> list[ColumnElement[bool]]:
    """Return conditions on `made`, and on `WITH_PROMISE` where the filter has a kind, currency or amount."""
    met: list[ColumnElement[bool]] = [IS_OFFER]
    if offer_filter.since is not None:
        met.append(made.c.at >= to_micros(offer_filter.since))
    if offer_filter.until is not None:
        met.append(made.c.at < to_micros(offer_filter.until))
    met += [made.c[name] == value for name in ("incident", "agent", "tier") if (value := getattr(offer_filter, name))]
    for name in ("customer", "order"):
        if value := getattr(offer_filter, name):
            named = select(offer_texts.c.seq).where(offer_texts.c.name == _word(name), offer_texts.c.text == value)
            met.append(made.c.seq.in_(named))
    if offer_filter.text:
        met.append(made.c.seq.in_(_containing(connection, offer_filter.text)))
    if offer_filter.kind:
        met.append(kind_now == offer_filter.kind)
    if offer_filter.currency:
        met.append(currency_now == offer_filter.currency)
    if offer_filter.least is not None:
        met.append(minor_now >= offer_filter.least)
    if offer_filter.most is not None:
        met.append(minor_now <= offer_filter.most)
    if offer_filter.state:
        met.append(_has_state(offer_filter.state))
    return met


def counts_against_limits() -> ColumnElement[bool]:
    """Return the condition that an offer counts against limits: neither pending, declined nor voided."""
    return and_(~_has_entry(*CANCELLED_STATES), ~_has_state("pending"))


def _has_state(state: str) -> ColumnElement[bool]:
    if state == "given":
        return counts_against_limits()
    if state in CANCELLED_STATES:  # final: no later entry changes it
        return _has_entry(state)
    if state == "pending":
        waiting = select(_E.offer_seq).where(_E.pending == literal_column("1"))
        return and_(made.c.seq.in_(waiting), _newest == "pending")
    if state == "offered":
        untouched = and_(made.c.pending == 0, ~_has_entry("approved", "declined", "voided", "adjusted", "delivered"))
        return or_(untouched, and_(_has_entry("adjusted"), _newest == "offered"))
    return and_(_has_entry(state), _newest == state)


def _containing(connection: Connection, part: str) -> Select[tuple[int]]:
    """Return the offers with this part in one of their texts; only ASCII letters match in either case."""
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    text: ColumnElement[Any] = offer_texts.c.text
    if connection.dialect.name == "postgresql":
        text = text.collate("C")
    return (
        select(_E.offer_seq)
        .join(offer_texts, offer_texts.c.seq == _E.seq)
        .where(func.lower(text).like(ascii_lower(f"%{escaped}%"), escape="\\"))
    )

"""Counts, sums and medians over the offer log in SQL, as `offers.offer_filter` defines them.

Few offers have later entries. So a sum over many offers is that of all as they were made, read from an index alone,
less those that have later entries as they were made, plus the same ones as they stand now. Where a filter leaves few
offers (one incident, author or customer, a short period), each is looked at as it stands.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, case, func, literal_column, select
from sqlalchemy.engine import Connection

from agent_assist.offers.currencies import CURRENCIES
from agent_assist.offers.offer_filter import GroupBy, Median, OfferFilter, Sum
from agent_assist.store import review_queries
from agent_assist.store.local_days import LocalDays, local_days
from agent_assist.store.review_queries import (
    CORRECTIONS,
    IS_OFFER,
    WITH_PROMISE,
    is_event,
    literal,
    made,
    promise,
    state_now,
)
from agent_assist.store.rows import LeftOutRows
from agent_assist.store.schema import offer_entries

_E = offer_entries.c
_LOW = 0xFFFFFFFF
_ROWS_AT_ONCE = 2_000
_FEW = 50_000
"""Offers of a period that are looked at one by one."""
_STATE_AS_MADE = case((made.c.pending == literal_column("1"), "pending"), else_="offered")
_NUMBER = func.count().label("number")


Amounts = dict[tuple[str, str], Counter[int]]
"""How often each amount was given, by agent (empty for all) and currency."""


class _Part(NamedTuple):
    """Offers whose values are added, or subtracted when `sign` is -1: as they were made, or as they stand."""

    sign: int
    source: FromClause
    conditions: tuple[ColumnElement[bool], ...]
    entry: Any
    """The alias of the entry that says what is promised."""
    hint: str = ""

    def select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """Return a query for these columns of its offers."""
        query = select(*columns).select_from(self.source).where(*self.conditions)
        return query.with_hint(made, self.hint, "sqlite") if self.hint else query

    def column(self, name: str) -> ColumnElement[Any]:
        """Return a column: one of `offers.GroupBy`, or of the promise."""
        if name == "state":
            return _STATE_AS_MADE if self.entry is made else state_now
        column: ColumnElement[Any] = (self.entry if name in ("kind", "currency", "minor") else made).c[name]
        return column


def count(connection: Connection, offer_filter: OfferFilter) -> int:
    """Return the number of matching offers."""
    return sum(
        part.sign * (connection.scalar(part.select(_NUMBER)) or 0) for part in _parts(connection, offer_filter, "")
    )


def sums(
    connection: Connection, offer_filter: OfferFilter, by: GroupBy, tz: dt.tzinfo, left_out: LeftOutRows
) -> tuple[Sum, ...]:
    """Return sums as `offers.offer_filter.totals` does."""
    counts: Counter[tuple[str, str]] = Counter()
    amounts: Counter[tuple[str, str]] = Counter()
    days = local_days(connection, tz) if by == "day" else None
    for sign, row in _grouped(connection, offer_filter, by, days):
        name = days.name(row.key) if days else str(row.key)
        if row.currency and row.currency not in CURRENCIES:
            left_out.add("offer_entries", row.currency, "an unknown currency")
        elif days and not name:
            left_out.add("offer_entries", row.key, "a day out of range")
        else:
            group = name, row.currency or ""
            counts[group] += sign * row.number
            amounts[group] += sign * whole_sum(row)
    return tuple(
        Sum(key=name, currency=currency, count=number, minor=amounts[name, currency])
        for (name, currency), number in sorted(counts.items())
        if number
    )


def _grouped(
    connection: Connection, offer_filter: OfferFilter, by: GroupBy, days: LocalDays | None
) -> Iterator[tuple[int, Any]]:
    """Yield sign, number and sum of matching offers, by key and currency."""
    for part in _parts(connection, offer_filter, by):
        key = (days.number(made.c.at) if days else part.column(by)).label("key")
        currency = part.column("currency").label("currency")
        statement = part.select(key, currency, _NUMBER, *parts_of_sum(part.column("minor")))
        for row in connection.execute(statement.group_by(key, currency)):
            yield part.sign, row


def amounts(connection: Connection, offer_filter: OfferFilter, left_out: LeftOutRows) -> Amounts:
    """Return how often each amount was given, by agent and by the team."""
    # A server sends fewer rows when it counts; SQLite would sort everything first.
    is_file = connection.dialect.name == "sqlite"
    number = literal_column("1").label("number") if is_file else _NUMBER
    found: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for part in _parts(connection, offer_filter, "agent"):
        currency, minor = part.column("currency").label("currency"), part.column("minor").label("minor")
        statement = part.select(made.c.agent, currency, minor, number).where(minor.is_not(None))
        if not is_file:
            statement = statement.group_by(made.c.agent, currency, minor)
        for row in connection.execute(statement, execution_options={"yield_per": _ROWS_AT_ONCE}):
            if row.currency not in CURRENCIES or type(row.minor) is not int:
                left_out.add("offer_entries", f"{row.currency} {row.minor}", "no amount")
            else:
                found[row.agent, row.currency][row.minor] += part.sign * row.number
    for (agent, of_currency), numbers in [*found.items()]:
        if agent:
            found["", of_currency].update(numbers)
    return found


def medians_of(amounts: Amounts) -> tuple[Median, ...]:
    """Return medians as `offers.offer_filter.medians` does."""
    return tuple(
        Median(agent=agent, currency=of_currency, count=total, minor=_median(numbers, total))
        for (agent, of_currency), numbers in sorted(amounts.items(), key=lambda item: item[0])
        if (total := numbers.total())
    )


def _median(numbers: Counter[int], total: int) -> int:
    """Return the middle amount; of an even number the lower half's."""
    before = 0
    for minor in sorted(numbers):
        before += numbers[minor]
        if before > (total - 1) // 2:
            return minor
    raise ValueError(total)


def parts_of_sum(minor: ColumnElement[Any]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Return a sum in two halves: SQLite raises an error when a sum exceeds 64 bits."""
    high, low = minor.op(">>")(literal_column("32")), minor.op("&")(literal_column(str(_LOW)))
    return func.coalesce(func.sum(high), 0).label("high"), func.coalesce(func.sum(low), 0).label("low")


def whole_sum(row: Any) -> int:
    """Return the exact sum of the two halves of `parts_of_sum`."""
    return (int(row.high) << 32) + int(row.low)


def _parts(connection: Connection, offer_filter: OfferFilter, by: str) -> Iterator[_Part]:
    """Yield the parts to add up; `by` is empty when only the number of offers is asked for."""
    if _leaves_few(connection, offer_filter):
        yield from _each_as_it_stands(connection, offer_filter, with_promise=bool(by))
        return
    fixed = (IS_OFFER, *review_queries.made_conditions(offer_filter))
    as_made = (*fixed, *review_queries.promise_conditions(offer_filter, made))
    now = (*fixed, *review_queries.promise_conditions(offer_filter, promise))
    if offer_filter.state:
        as_made += (made.c.pending == literal_column("0"),)
        now += (review_queries.has_state(offer_filter.state),)
    yield _Part(1, made, as_made, made, review_queries.BY_TIME)
    if events := _events_that_change(offer_filter, by):
        later = select(_E.offer_seq).where(_E.event != literal("offered"), is_event(events))
        yield _Part(-1, made, (*as_made, made.c.seq.in_(later)), made)
        yield _Part(1, WITH_PROMISE, (*now, made.c.seq.in_(later)), promise)


def _leaves_few(connection: Connection, offer_filter: OfferFilter) -> bool:
    """Return whether the filter leaves so few offers that each is looked at; states after a decision are few."""
    if offer_filter.state not in ("", "offered", "given"):
        return True
    if any(getattr(offer_filter, name) for name in ("incident", "agent", "customer", "order", "text")):
        return True
    return review_queries.has_few(connection, offer_filter, _FEW)


def _each_as_it_stands(connection: Connection, offer_filter: OfferFilter, *, with_promise: bool) -> Iterator[_Part]:
    is_short = review_queries.is_short_period(connection, offer_filter)
    walk = review_queries.offer_walk(offer_filter, is_short=is_short, with_promise=with_promise)
    whole = _Part(1, walk.source, tuple(walk.conditions), promise, walk.hint)
    if not offer_filter.text:
        yield whole
        return
    for window in review_queries.text_windows(connection, offer_filter.text):
        yield whole._replace(conditions=(*walk.conditions, window))


def _events_that_change(offer_filter: OfferFilter, by: str) -> tuple[str, ...]:
    """Return the events after which an offer may count otherwise in this sum."""
    if offer_filter.state == "offered" or by == "state":
        return (*CORRECTIONS, "delivered")
    if offer_filter.state == "given":
        return CORRECTIONS
    return ("adjusted",) if by or review_queries.has_promise_conditions(offer_filter) else ()

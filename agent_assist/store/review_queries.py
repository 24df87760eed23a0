"""Looking through the offer log in SQL: pages, counts, sums and medians, as `offers.review` defines them.

Nothing derived is stored. An offer's state is that of its newest entry but erasures, its promise that of its newest
adjustment; declined and voided are final. Few offers have later entries, so those are looked up first and the rest
follow from the entry that made them.

Literals stand where a partial index asks for them: with a bound value SQLite would not use it.
"""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, literal_column, or_, select
from sqlalchemy.engine import Connection

from agent_assist.epoch_micros import from_micros, to_micros
from agent_assist.offers.currencies import CURRENCIES
from agent_assist.offers.offer_filter import NOTHING, GroupBy, Median, OfferFilter, Sum, ascii_lower, day
from agent_assist.store.rows import EARLIEST_MICROS, LATEST_MICROS, LeftOutRows
from agent_assist.store.schema import offer_entries, offer_texts

_E = offer_entries.c
made = offer_entries.alias("made")
"""The entry that made an offer; everything here is said about it."""
_A = offer_entries.alias("adjusted")
_S = offer_entries.alias("stood")

_QUARTER_HOUR = 900_000_000
_LOW = 0xFFFFFFFF


def _word(text: str) -> ColumnElement[Any]:
    return literal_column(f"'{text}'")


def _had(*events: str) -> ColumnElement[bool]:
    """Whether the offer has an entry of one of these kinds."""
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


def _promised(name: str) -> ColumnElement[Any]:
    return case((_A.c.seq.is_(None), made.c[name]), else_=_A.c[name])


minor_now, currency_now, kind_now = _promised("minor"), _promised("currency"), _promised("kind")


def wanted_seqs(connection: Connection, wanted: OfferFilter) -> Select[tuple[int]]:
    """The `seq` of every offer that meets all conditions, unordered."""
    promise = bool(wanted.kind or wanted.currency) or wanted.least is not None or wanted.most is not None
    place = WITH_PROMISE if promise else made
    return select(made.c.seq).select_from(place).where(*_conditions(connection, wanted))


def count(connection: Connection, wanted: OfferFilter) -> int:
    """How many offers are wanted."""
    return int(connection.scalar(select(func.count()).select_from(wanted_seqs(connection, wanted).subquery())) or 0)


def sums(
    connection: Connection, wanted: OfferFilter, by: GroupBy, tz: dt.tzinfo, left_out: LeftOutRows
) -> tuple[Sum, ...]:
    """See `offers.review.summed`."""
    keys: dict[GroupBy, ColumnElement[Any]] = {
        "incident": made.c.incident,
        "agent": made.c.agent,
        "tier": made.c.tier,
        "kind": kind_now,
        "state": _STATE,
        # All zones of today differ from UTC by whole quarters of an hour, so days are put together from those.
        "day": made.c.at.op("/")(literal_column(str(_QUARTER_HOUR))),
    }
    source = WITH_PROMISE
    if by == "state":
        source = source.outerjoin(_decisions, _decisions.c.offer_seq == made.c.seq).outerjoin(
            _S, _S.c.seq == _decisions.c.seq
        )
    key = keys[by].label("key")
    rows = connection.execute(
        select(key, currency_now.label("currency"), func.count().label("number"), *parts_of_sum(minor_now))
        .select_from(source)
        .where(*_conditions(connection, wanted))
        .group_by(key, currency_now)
    )
    totals: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        if row.currency and row.currency not in CURRENCIES:
            left_out.add("offer_entries", row.currency, "a currency that is not known")
            continue
        if by == "day" and not EARLIEST_MICROS <= int(row.key) * _QUARTER_HOUR <= LATEST_MICROS:
            left_out.add("offer_entries", row.key, "a day that is none")
            continue
        name = day(from_micros(int(row.key) * _QUARTER_HOUR), tz) if by == "day" else str(row.key)
        known = totals.get((name, row.currency or ""), (0, 0))
        totals[name, row.currency or ""] = (known[0] + row.number, known[1] + whole_sum(row))
    return tuple(
        Sum(key=name, currency=currency, count=number, minor=minor)
        for (name, currency), (number, minor) in sorted(totals.items())
    )


def medians(connection: Connection, wanted: OfferFilter, left_out: LeftOutRows) -> tuple[Median, ...]:
    """See `offers.review.middles`. Sorted here: both engines rank far slower than they hand over amounts."""
    rows = connection.execute(
        select(made.c.agent, currency_now, minor_now)
        .select_from(WITH_PROMISE)
        .where(*_conditions(connection, wanted), minor_now.is_not(None))
    )
    amounts: dict[str, dict[str, list[int]]] = {}
    for agent, currency, minor in rows:
        if currency not in CURRENCIES or type(minor) is not int:
            left_out.add("offer_entries", f"{currency} {minor}", "no amount")
            continue
        amounts.setdefault(currency, {}).setdefault(agent, []).append(minor)
    found = []
    for currency, by_agent in amounts.items():
        everybody = [minor for of_one in by_agent.values() for minor in of_one]
        for agent, all_of in [("", everybody), *by_agent.items()]:
            all_of.sort()
            middle = all_of[(len(all_of) - 1) // 2]
            found.append(Median(agent=agent, currency=currency, count=len(all_of), minor=middle))
    return tuple(sorted(found, key=lambda median: (median.agent, median.currency)))


def parts_of_sum(minor: ColumnElement[Any]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The sum in two parts: SQLite gives up when a sum of 64-bit numbers passes 64 bits."""
    high, low = minor.op(">>")(literal_column("32")), minor.op("&")(literal_column(str(_LOW)))
    return func.coalesce(func.sum(high), 0).label("high"), func.coalesce(func.sum(low), 0).label("low")


def whole_sum(row: Any) -> int:
    """The exact sum that `parts_of_sum` took apart."""
    return (int(row.high) << 32) + int(row.low)


def _conditions(connection: Connection, wanted: OfferFilter) -> list[ColumnElement[bool]]:
    """What must hold of `made`, and of `WITH_PROMISE` where kind or amount are asked for."""
    met: list[ColumnElement[bool]] = [IS_OFFER]
    if wanted.since is not None:
        met.append(made.c.at >= to_micros(wanted.since))
    if wanted.until is not None:
        met.append(made.c.at < to_micros(wanted.until))
    met += [made.c[name] == value for name in ("incident", "agent", "tier") if (value := getattr(wanted, name))]
    for name in ("customer", "order"):
        if value := getattr(wanted, name):
            named = select(offer_texts.c.seq).where(offer_texts.c.name == _word(name), offer_texts.c.text == value)
            met.append(made.c.seq.in_(named))
    if wanted.text:
        met.append(made.c.seq.in_(_saying(connection, wanted.text)))
    if wanted.kind:
        met.append(kind_now == wanted.kind)
    if wanted.currency:
        met.append(currency_now == wanted.currency)
    if wanted.least is not None:
        met.append(minor_now >= wanted.least)
    if wanted.most is not None:
        met.append(minor_now <= wanted.most)
    if wanted.state:
        met.append(_stands(wanted.state))
    return met


def is_promised() -> ColumnElement[bool]:
    """Whether the offer counts against limits: it neither waits nor came to nothing."""
    return and_(~_had(*NOTHING), ~_stands("pending"))


def _stands(state: str) -> ColumnElement[bool]:
    if state == "given":
        return is_promised()
    if state in NOTHING:  # final: no later entry changes it
        return _had(state)
    if state == "pending":
        waiting = select(_E.offer_seq).where(_E.pending == literal_column("1"))
        return and_(made.c.seq.in_(waiting), _newest == "pending")
    if state == "offered":
        untouched = and_(made.c.pending == 0, ~_had("approved", "declined", "voided", "adjusted", "delivered"))
        return or_(untouched, and_(_had("adjusted"), _newest == "offered"))
    return and_(_had(state), _newest == state)


def _saying(connection: Connection, part: str) -> Select[tuple[int]]:
    """Offers with this part in one of their texts; only ASCII letters have no case, on both engines alike."""
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    said: ColumnElement[Any] = offer_texts.c.text
    if connection.dialect.name == "postgresql":
        said = said.collate("C")
    return (
        select(_E.offer_seq)
        .join(offer_texts, offer_texts.c.seq == _E.seq)
        .where(func.lower(said).like(ascii_lower(f"%{escaped}%"), escape="\\"))
    )

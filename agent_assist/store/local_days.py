"""The day of a time zone to which a time in the log belongs, as an expression in SQL: one row a day comes back, not one
for each moment at which something happened.

All zones of today differ from UTC by whole quarters of an hour, so an offset is a number of quarters, added to the
quarter since 1970 before it is divided into days.
"""

import datetime as dt
from bisect import bisect_left
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, literal_column, select
from sqlalchemy.engine import Connection

from agent_assist.epoch_micros import from_micros
from agent_assist.store.rows import EARLIEST_MICROS, LATEST_MICROS
from agent_assist.store.schema import offer_entries

_QUARTER_HOUR = 900_000_000
_DAY = 96
"""Quarters of an hour in a day."""
_FURTHEST = 100 * 366 * _DAY
"""Quarters from the first time in the log over which changes of the offset are looked for."""
_EPOCH = dt.date(1970, 1, 1)
_E = offer_entries.c


class LocalDays(NamedTuple):
    """The offsets of a zone, in quarters, and the quarters since 1970 in UTC at which each of them begins to hold."""

    begins: tuple[int, ...]
    offsets: tuple[int, ...]

    def number(self, at: ColumnElement[int]) -> ColumnElement[int]:
        """Return the number of the day since 1970."""
        quarter = at.op("/")(literal_column(str(_QUARTER_HOUR)))
        offset: ColumnElement[int] = literal_column(str(self.offsets[-1]))
        if len(self.offsets) > 1:
            until = zip(self.begins[1:], self.offsets, strict=False)
            offset = case(
                *((quarter < literal_column(str(end)), literal_column(str(before))) for end, before in until),
                else_=offset,
            )
        return (quarter + offset).op("/", precedence=8)(literal_column(str(_DAY)))

    @staticmethod
    def name(number: int) -> str:
        """Return the date of a day, 2026-11-20; empty when it is out of range."""
        if not EARLIEST_MICROS <= number * _DAY * _QUARTER_HOUR <= LATEST_MICROS:
            return ""
        return (_EPOCH + dt.timedelta(days=number)).isoformat()


def local_days(connection: Connection, tz: dt.tzinfo) -> LocalDays:
    """Return the days of a zone over the time of the log."""
    is_offer = _E.event == literal_column("'offered'")
    ends = [connection.scalar(select(end(_E.at)).where(is_offer)) for end in (func.min, func.max)]
    first, last = (min(max(end or 0, EARLIEST_MICROS), LATEST_MICROS) // _QUARTER_HOUR for end in ends)
    begins, offsets = [first], [_offset(first, tz)]
    for quarter in range(first, min(last, first + _FURTHEST) + _DAY, _DAY):
        if (offset := _offset(quarter, tz)) != offsets[-1]:
            day = range(quarter - _DAY, quarter + 1)
            before = offsets[-1]
            begins.append(day[bisect_left(day, True, key=lambda each, before=before: _offset(each, tz) != before)])  # type: ignore[misc]
            offsets.append(offset)
    return LocalDays(tuple(begins), tuple(offsets))


def _offset(quarter: int, tz: dt.tzinfo) -> int:
    at = from_micros(min(quarter * _QUARTER_HOUR, LATEST_MICROS))
    return int((at.astimezone(tz).utcoffset() or dt.timedelta()) // dt.timedelta(minutes=15))

"""Times as whole microseconds since 1970-01-01T00:00:00Z: as every table stores them and as log entries are hashed."""

import datetime as dt

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def to_micros(at: dt.datetime) -> int:
    """Return the microseconds from 1970 to an aware time; exact."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(microseconds: int) -> dt.datetime:
    """Return the time so many microseconds after 1970, in UTC."""
    return _EPOCH + microseconds * _MICROSECOND
